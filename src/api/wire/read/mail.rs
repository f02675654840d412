//! Mails: flat as the vendor's mail end points give them, or with a `mail` member as the canonical form has them.
//! A mail of HTML alone has an empty text: making one of the other is display.

use super::members::{Members, rows};
use super::scalar;
use crate::model::{Mail, MailAddress, Message, ThreadId, Untrusted};
use serde_json::Value;

/// A mail of a thread. The end point names neither channel nor thread.
pub fn mail(value: Value, thread: ThreadId) -> Option<Message> {
    let mut members = Members::of(value)?;
    members.take("channel");
    let known = if members.has("mail") { part(&mut members).unwrap_or_default() } else { flat(&mut members) };
    members.keep("mail", serde_json::to_value(known).ok()?);
    members.keep("threadId", Value::from(thread.0));
    members.keep("channel", Value::from("email"));
    super::message(Value::Object(members.rest()))
}

/// What makes a message a mail, when it is one.
pub(super) fn part(members: &mut Members) -> Option<Mail> {
    if let Some(inner) = members.take("mail") {
        return Some(flat(&mut Members::of(inner)?));
    }
    ["htmlBody", "textBody", "mailboxInReplyTo"].iter().any(|name| members.has(name)).then(|| flat(members))
}

fn flat(members: &mut Members) -> Mail {
    Mail {
        from: members.take("from").and_then(address).unwrap_or_default(),
        to: addresses(members, "to"),
        cc: addresses(members, "cc"),
        bcc: addresses(members, "bcc"),
        subject: members.text("subject").unwrap_or_default(),
        text_body: members.text("textBody"),
        html_body: members.text("htmlBody"),
        attachments: members.take("attachments").map(rows).unwrap_or_default(),
        message_id: members.word("messageId"),
        mailbox_in_reply_to: members.word("mailboxInReplyTo"),
        inbox_id: members.int("inboxId"),
    }
}

fn addresses(members: &mut Members, name: &'static str) -> Vec<MailAddress> {
    match members.take(name) {
        Some(Value::String(list)) => list.split([',', ';']).filter_map(written).collect(),
        Some(value) => rows(value).into_iter().filter_map(address).collect(),
        None => Vec::new(),
    }
}

/// `{Name,Email,MailboxHash}`, also in lower case, or a string.
fn address(value: Value) -> Option<MailAddress> {
    if let Value::String(text) = &value {
        return written(text);
    }
    let mut members = Members::of(value)?;
    let mut one_of = |names: [&str; 3]| names.iter().find_map(|name| members.take(name).as_ref().and_then(scalar::word)).unwrap_or_default();
    let email = one_of(["Email", "email", "address"]);
    let name = one_of(["Name", "name", "fullName"]);
    let mailbox_hash = one_of(["MailboxHash", "mailboxHash", "mailbox_hash"]);
    (!email.is_empty() || !name.is_empty()).then(|| MailAddress { name: name.into(), email: email.into(), mailbox_hash })
}

/// `Ada <ada@example.net>` or the bare address.
fn written(text: &str) -> Option<MailAddress> {
    let text = text.trim();
    let (name, email) = text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).unwrap_or(("", text));
    let email = Untrusted::from(email.trim());
    (!email.is_empty()).then(|| MailAddress { name: name.trim().trim_matches('"').into(), email, ..MailAddress::default() })
}
