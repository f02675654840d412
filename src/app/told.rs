//! A conversation as JSON: what `show --json` prints, and what a program that assists is given. Field names are those of the
//! wire; what is pending of ours stands beside it. Texts are exactly the server's.

use super::review::wait::Moment;
use crate::model::{Case, Conversation, Message, Op};
use serde_json::{Value, json};

/// `{"threadId","cases","messages","pending"}`: cases as shown, messages and mails as the server has them.
pub fn conversation(conversation: &Conversation, shown: &[Case], moment: &Moment) -> Value {
    let cases: Vec<_> = shown.iter().map(case).collect();
    let messages: Vec<_> = conversation.messages.iter().map(message).collect();
    let pending: Vec<_> = moment.ops.iter().filter(|held| conversation.case(held.case()).is_some()).map(|held| op(held, &moment.waits_for(held))).collect();
    json!({"threadId": conversation.thread, "cases": cases, "messages": messages, "pending": pending})
}

/// A message: the fields of a mail stand beside those of the message.
pub fn message(message: &Message) -> Value {
    let mut value = json!(message);
    if let Value::Object(fields) = &mut value
        && let Some(Value::Object(mail)) = fields.shift_remove("mail")
    {
        fields.extend(mail);
    }
    value
}

/// A case without its messages, which stand in a list of their own.
pub fn case(case: &Case) -> Value {
    let mut value = json!(case);
    if let Value::Object(fields) = &mut value {
        fields.shift_remove("messages");
    }
    value
}

/// An operation with everything the agent may want to know of it.
pub fn op(op: &Op, waits: &str) -> Value {
    let waits = Some(waits).filter(|waits| !waits.is_empty());
    json!({
        "op_id": op.id(), "caseId": op.case(), "threadId": op.mutation.thread, "kind": op.mutation.change.kind(), "state": op.state.as_str(),
        "text": op.mutation.change.text(), "head": op.mutation.head(), "translate": op.mutation.change.translate(), "cause": op.cause, "twins": op.twins, "tries": op.tries, "created": op.mutation.at,
        "server_id": op.server_id, "proof": op.proof, "review": op.review, "waits_for": waits,
        "due": op.due.map(|due| due.at), "unless_they_write": op.due.map(|due| due.unless),
    })
}
