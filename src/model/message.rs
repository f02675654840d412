//! Messages of a conversation: chat, notes, events, mails and calls.

use super::{CaseId, ContactId, MessageId, Object, OpId, Person, ThreadId, Timestamp, Untrusted};
use crate::model::case::Channel;
use serde::{Deserialize, Serialize};

/// Who wrote: an agent (`user`) or the customer (`contact`). Unknown words are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum SenderType {
    #[default]
    User,
    Contact,
    Other(String),
}

impl From<String> for SenderType {
    fn from(word: String) -> Self {
        match word.as_str() {
            "user" => Self::User,
            "contact" => Self::Contact,
            _ => Self::Other(word),
        }
    }
}

impl From<SenderType> for String {
    fn from(kind: SenderType) -> Self {
        kind.as_str().to_owned()
    }
}

impl SenderType {
    pub fn as_str(&self) -> &str {
        match self {
            Self::User => "user",
            Self::Contact => "contact",
            Self::Other(word) => word,
        }
    }
}

/// What a message is. Unknown words are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum MessageKind {
    #[default]
    Message,
    /// Seen by agents only.
    Note,
    /// Something that happened: joined, closed, a call.
    Event,
    Other(String),
}

impl From<String> for MessageKind {
    fn from(word: String) -> Self {
        match word.as_str() {
            "message" => Self::Message,
            "note" => Self::Note,
            "event" => Self::Event,
            _ => Self::Other(word),
        }
    }
}

impl From<MessageKind> for String {
    fn from(kind: MessageKind) -> Self {
        kind.as_str().to_owned()
    }
}

impl MessageKind {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Message => "message",
            Self::Note => "note",
            Self::Event => "event",
            Self::Other(word) => word,
        }
    }
}

/// One message of a conversation. A mail has `mail` set, and its `message` is the text body.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Message {
    pub id: MessageId,
    pub case_id: CaseId,
    pub thread_id: ThreadId,
    pub contact_id: Option<ContactId>,
    pub channel: Option<Channel>,
    pub sender_type: SenderType,
    pub sender_id: Option<i64>,
    #[serde(rename = "type")]
    pub kind: MessageKind,
    pub message: Untrusted,
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub meta: Object,
    pub seen: bool,
    pub date_created: Option<Timestamp>,
    pub date_updated: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sender: Option<Person>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<Box<Mail>>,
    /// Members of the wire that this version does not know, kept as they came.
    #[serde(flatten)]
    pub extra: Object,
}

impl Message {
    /// The name of the operation that made it, when one of ours did: `meta.op_id`.
    pub fn op_id(&self) -> Option<OpId> {
        self.meta.get("op_id")?.as_str()?.parse().ok()
    }

    /// Does the customer see it and does it come from the customer?
    pub fn from_contact(&self) -> bool {
        self.sender_type == SenderType::Contact && matches!(self.kind, MessageKind::Message | MessageKind::Other(_))
    }

    /// When the words of an agent were changed, where the server says so. What it touches in the second of sending is no edit.
    pub fn edited(&self) -> Option<Timestamp> {
        let says = matches!(self.kind, MessageKind::Message | MessageKind::Note) && self.sender_type == SenderType::User && self.mail.is_none();
        self.date_updated.filter(|at| says && self.date_created.is_some_and(|sent| (*at - sent).num_seconds() >= 2))
    }

    /// The call this event tells of: `meta.call`.
    pub fn call(&self) -> Option<Call> {
        serde_json::from_value(self.meta.get("call")?.clone()).ok()
    }
}

/// What a mail has beyond a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Mail {
    pub from: MailAddress,
    pub to: Vec<MailAddress>,
    pub cc: Vec<MailAddress>,
    pub bcc: Vec<MailAddress>,
    pub subject: Untrusted,
    pub text_body: Option<Untrusted>,
    pub html_body: Option<Untrusted>,
    pub attachments: Vec<serde_json::Value>,
    pub message_id: Option<String>,
    pub mailbox_in_reply_to: Option<String>,
    pub inbox_id: Option<i64>,
}

/// `{Name,Email,MailboxHash}` of the wire.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MailAddress {
    pub name: Untrusted,
    pub email: Untrusted,
    pub mailbox_hash: String,
}

/// A telephone call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Call {
    pub call_id: String,
    /// incoming, outgoing
    pub direction: String,
    /// busy, no-answer, canceled, failed, completed
    pub status: String,
    pub duration_seconds: i64,
    pub recording_url: Option<Untrusted>,
}
