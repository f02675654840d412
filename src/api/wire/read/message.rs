//! Messages, notes and events of a conversation; a row in the shape of a mail becomes a mail.
//! The literal `|translate` that texts of events end in is stripped here, since no floor above knows of it; the raw text stays in `extra`.

use super::mail;
use super::members::Members;
use super::people::{person, sender_type};
use super::scalar;
use crate::model::{CaseId, Channel, ContactId, Message, MessageId, MessageKind, Object, SenderType, ThreadId, Untrusted};
use serde_json::Value;

/// A message. Its case is `caseId`, else `case.id` (the column vanishes when the relation is loaded), else 0: the caller knows better or drops it.
pub fn message(value: Value) -> Option<Message> {
    let mut members = Members::of(value)?;
    let id = MessageId(members.id("id")?);
    let (case_id, thread_id) = place(&mut members);
    let mail = mail::part(&mut members);
    let sender = members.take("sender").and_then(person);
    let kind = members.word("type").map(kind).unwrap_or_default();
    let mut text = members.text("message").unwrap_or_default();
    if text.is_empty() {
        text = mail.as_ref().and_then(|mail| mail.text_body.clone()).unwrap_or_default();
    }
    if kind == MessageKind::Event {
        text = without_suffix(&mut members, "messageRaw", text);
    }
    Some(Message {
        id,
        case_id,
        thread_id,
        contact_id: members.id("contactId").map(ContactId),
        channel: members.word("channel").map(channel),
        sender_type: members.word("senderType").map(sender_type).or_else(|| sender.as_ref()?.kind.clone()).unwrap_or(SenderType::User),
        sender_id: members.int("senderId").or_else(|| sender.as_ref().map(|sender| sender.id)),
        kind,
        message: text,
        meta: members.read("meta", meta).unwrap_or_default(),
        seen: members.flag("seen"),
        date_created: members.date("dateCreated"),
        date_updated: members.date("dateUpdated"),
        sender,
        mail: mail.map(Box::new),
        extra: members.rest(),
    })
}

/// What an event says, without the literal `|translate` that some end in.
pub fn event_text(raw: &str) -> &str {
    raw.trim_end().strip_suffix("|translate").unwrap_or(raw)
}

/// The text for reading; the raw one is kept under `name` when they differ, since nobody above this floor knows the suffix.
pub(super) fn without_suffix(members: &mut Members, name: &str, raw: Untrusted) -> Untrusted {
    let clean = event_text(raw.raw());
    if clean.len() == raw.raw().len() {
        return raw;
    }
    let clean = clean.into();
    members.keep(name, Value::String(raw.raw().to_owned()));
    clean
}

/// The case and the thread a message belongs to. A loaded `case` is a relation of its own and not kept.
fn place(members: &mut Members) -> (CaseId, ThreadId) {
    let mut case = members.take("case").and_then(Members::of);
    let mut of_case = |name| case.as_mut().and_then(|case| case.id(name));
    let id = members.id("caseId").or_else(|| of_case("id")).unwrap_or(0);
    let thread = members.id("threadId").or_else(|| of_case("threadId")).or_else(|| of_case("parentId")).unwrap_or(id);
    (CaseId(id), ThreadId(thread))
}

fn kind(word: String) -> MessageKind {
    match word.to_ascii_lowercase().as_str() {
        "message" => MessageKind::Message,
        "note" => MessageKind::Note,
        "event" => MessageKind::Event,
        _ => MessageKind::Other(word),
    }
}

/// The known channels in any case; other words as they are.
pub(super) fn channel(word: String) -> Channel {
    match Channel::from(word.to_ascii_lowercase()) {
        Channel::Other(_) => Channel::Other(word),
        known => known,
    }
}

/// An object, or one written into a string.
fn meta(value: &Value) -> Option<Object> {
    match value {
        Value::Object(members) => Some(members.clone()),
        Value::String(text) => serde_json::from_str(text).ok(),
        _ => None,
    }
}

/// Whether an answer names another operation as the maker of its message.
pub(in crate::api) fn marker(members: &Object) -> Option<String> {
    members.get("meta").and_then(meta)?.get("op_id").and_then(scalar::word)
}
