//! Bodies of requests, as the contract has them. What is ours is additive: `meta.op_id`, the marker by which a message that
//! reached the server is known again, and a mail's `textBody`.

use crate::model::{CaseId, ContactId, FieldChange, Head, Lang, MessageKind, Object, OpId, ThreadId, Timestamp, UserId, date};
use serde_json::{Value, json};

/// What an answer by mail needs: plain addresses, one line of subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub from: String,
    pub head: Head,
}

/// What a text message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    pub ours: String,
    pub theirs: String,
    /// The timeline entry it hangs on, where one is known.
    pub timeline: Option<i64>,
}

pub fn add_message(case: CaseId, kind: &MessageKind, text: &str, translate: Option<&Lang>, op: OpId) -> Value {
    let mut body = json!({"caseId": case, "message": {"type": kind, "message": text, "meta": {"op_id": op}}});
    if let Some(lang) = translate {
        body["message"]["translateLangKey"] = json!(lang);
    }
    body
}

pub fn mail(case: CaseId, contact: ContactId, letter: &Letter, text: &str, op: OpId) -> Value {
    json!({"data": {
        "caseId": case, "contactId": contact, "type": "message",
        "to": letter.head.to, "from": letter.from, "cc": letter.head.cc, "bcc": letter.head.bcc,
        "subject": letter.head.subject, "textBody": text, "htmlBody": html(text), "meta": {"op_id": op},
    }})
}

/// The vendor's `threadId` here is really the case's id.
pub fn sms(case: CaseId, contact: ContactId, numbers: &Numbers, text: &str, op: OpId) -> Value {
    let mut body = json!({"From": numbers.ours, "To": numbers.theirs, "contactId": contact, "Body": text, "threadId": case, "meta": {"op_id": op}});
    if let Some(timeline) = numbers.timeline {
        body["timelineId"] = json!(timeline);
    }
    body
}

pub fn edit(kind: &MessageKind, text: &str) -> Value {
    json!({"message": {"type": kind, "message": text}})
}

pub fn close(case: CaseId, state: &str, op: OpId) -> Value {
    json!({"caseId": case, "closingState": state, "meta": {"op_id": op}})
}

/// A new case in the thread; the operation's name serves as the session's.
pub fn reopen(thread: ThreadId, op: OpId) -> Value {
    json!({"threadId": thread, "sessionId": op})
}

pub fn join(case: CaseId) -> Value {
    json!({"caseId": case})
}

pub fn invite(case: CaseId, users: &[UserId], departments: &[i64]) -> Value {
    json!({"caseId": case, "agentIds": users, "department": departments})
}

pub fn follow_up(case: CaseId, contact: Option<ContactId>, until: Timestamp, message: Option<&str>, user: UserId) -> Value {
    let mut body = about(case, contact);
    body.insert("scheduleDate".to_owned(), json!(date::plain(until)));
    if let Some(message) = message {
        body.insert("message".to_owned(), json!(message));
    }
    if user.0 > 0 {
        body.insert("users".to_owned(), json!([user]));
    }
    Value::Object(body)
}

/// Which case's follow-up is meant.
pub fn about(case: CaseId, contact: Option<ContactId>) -> Object {
    let mut body = Object::from_iter([("objectType".to_owned(), json!("case")), ("objectId".to_owned(), json!(case))]);
    if let Some(contact) = contact {
        body.insert("contactId".to_owned(), json!(contact));
    }
    body
}

/// Ours: tags by name, merged at the server with what others did meanwhile.
pub fn tags(add: &[String], remove: &[String]) -> Value {
    json!({"tags": {"add": add, "remove": remove}})
}

/// Fields by key, null takes one away. Ours: with `was` the server changes nothing when one of them is another by now.
pub fn fields(set: &[FieldChange], compared: bool) -> Value {
    let values = |of: fn(&FieldChange) -> &Value| set.iter().map(|change| (change.key.clone(), of(change).clone())).collect::<Object>();
    let mut body = json!({"fields": values(|change| &change.new)});
    if compared {
        body["was"] = Value::Object(values(|change| &change.old));
    }
    body
}

/// Plain text as the least HTML that shows it alike.
pub fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    out.push_str("<div>");
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("<br>\n"),
            _ => out.push(c),
        }
    }
    out.push_str("</div>");
    out
}

#[cfg(test)]
mod tests {
    use super::{Numbers, html, sms};
    use crate::model::{CaseId, ContactId, OpId};
    use serde_json::json;

    #[test]
    fn a_mail_shows_what_was_typed() {
        assert_eq!(html("1 < 2 & \"3\"\r\nä"), "<div>1 &lt; 2 &amp; &quot;3&quot;<br>\nä</div>");
    }

    #[test]
    fn a_text_message_is_in_title_case_and_names_the_case_as_thread() {
        let numbers = Numbers { ours: "+1".into(), theirs: "+2".into(), timeline: Some(9) };
        let op = OpId(uuid::Uuid::nil());
        let body = sms(CaseId(5), ContactId(6), &numbers, "hi", op);
        assert_eq!(body, json!({"From": "+1", "To": "+2", "contactId": 6, "Body": "hi", "threadId": 5, "timelineId": 9, "meta": {"op_id": op}}));
    }
}
