//! Which messages a thread shows: the confirmed ones in time order, with what is pending laid over them.

use crate::model::{Case, Change, Conversation, Message, MessageId, MessageKind, Op, OpId, OpState, Timestamp};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A message and what is pending on it.
pub struct Shown<'a> {
    pub message: Cow<'a, Message>,
    /// The operation that adds, edits or deletes it and is not proven.
    pub op: Option<&'a Op>,
}

/// The messages, and the operations that are none of theirs: closes, snoozes, claims…
pub fn shown<'a>(conversation: &'a Conversation, ops: &'a [Op]) -> (Vec<Shown<'a>>, Vec<&'a Op>) {
    let confirmed: HashSet<OpId> = conversation.messages.iter().filter_map(Message::op_id).collect();
    let mut on_message: HashMap<MessageId, &Op> = HashMap::new();
    let (mut added, mut rest) = (Vec::new(), Vec::new());
    for op in ops.iter().filter(|op| visible(op) && !confirmed.contains(&op.id()) && concerns(conversation, op)) {
        match &op.mutation.change {
            Change::Reply { text } => added.push(addition(conversation, op, MessageKind::Message, text)),
            Change::Note { text } => added.push(addition(conversation, op, MessageKind::Note, text)),
            Change::Edit { message, .. } | Change::Delete { message } => {
                on_message.insert(*message, op);
            }
            _ => rest.push(op),
        }
    }
    let mut messages: Vec<Shown> = in_time(&conversation.messages).into_iter().map(|message| overlaid(message, &mut on_message)).collect();
    messages.append(&mut added);
    // A change of a message that is not here yet still has to be seen.
    rest.extend(ops.iter().filter(|op| on_message.values().any(|left| left.id() == op.id())));
    (messages, rest)
}

/// What waits is shown, and what failed: the agent has to see why.
fn visible(op: &Op) -> bool {
    op.state.is_shown() || op.state == OpState::Failed
}

fn concerns(conversation: &Conversation, op: &Op) -> bool {
    conversation.cases.is_empty() || op.mutation.thread == conversation.thread || conversation.case(op.case()).is_some()
}

fn addition<'a>(conversation: &Conversation, op: &'a Op, kind: MessageKind, text: &str) -> Shown<'a> {
    let unknown = || Cow::Owned(Case { id: op.case(), thread_id: op.mutation.thread, ..Case::default() });
    let case = conversation.case(op.case()).map_or_else(unknown, Cow::Borrowed);
    Shown { message: Cow::Owned(op.mutation.message(&case, kind, text)), op: Some(op) }
}

fn overlaid<'a>(message: &'a Message, on_message: &mut HashMap<MessageId, &'a Op>) -> Shown<'a> {
    // Mails have a number space of their own: an edit never means one.
    let op = if message.mail.is_none() { on_message.remove(&message.id) } else { None };
    match op.map(|op| (op.is_laid_over(), &op.mutation.change)) {
        Some((true, Change::Edit { text, .. })) => Shown { message: Cow::Owned(Message { message: text.as_str().into(), ..message.clone() }), op },
        Some((true, Change::Delete { .. })) => Shown { message: Cow::Owned(Message { message: "(deleted)".into(), ..message.clone() }), op },
        _ => Shown { message: Cow::Borrowed(message), op },
    }
}

/// In time order; a message without a date stays behind the one before it.
fn in_time(messages: &[Message]) -> Vec<&Message> {
    let mut last: Option<Timestamp> = None;
    let mut dated: Vec<(Option<Timestamp>, &Message)> = messages
        .iter()
        .map(|message| {
            last = message.date_created.or(last);
            (last, message)
        })
        .collect();
    dated.sort_by_key(|(date, _)| *date);
    dated.into_iter().map(|(_, message)| message).collect()
}
