//! A case: one episode of a conversation, from the queue to its closing.

use super::{CaseId, CaseUser, Contact, ContactId, Message, Object, Snooze, ThreadId, Timestamp, Untrusted, UserId};
use serde::{Deserialize, Serialize};

/// Where a case stands. Words this version does not know are kept as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Status {
    #[default]
    Pending,
    Active,
    Closed,
    Other(String),
}

impl From<String> for Status {
    fn from(word: String) -> Self {
        match word.as_str() {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "closed" => Self::Closed,
            _ => Self::Other(word),
        }
    }
}

impl From<Status> for String {
    fn from(status: Status) -> Self {
        status.as_str().to_owned()
    }
}

impl Status {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Closed => "closed",
            Self::Other(word) => word,
        }
    }
}

/// How the customer talks to us. Words this version does not know are kept as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Channel {
    #[default]
    Chat,
    Email,
    Voip,
    Other(String),
}

impl From<String> for Channel {
    fn from(word: String) -> Self {
        match word.as_str() {
            "chat" => Self::Chat,
            "email" | "mail" => Self::Email,
            "voip" => Self::Voip,
            _ => Self::Other(word),
        }
    }
}

impl From<Channel> for String {
    fn from(channel: Channel) -> Self {
        channel.as_str().to_owned()
    }
}

impl Channel {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Voip => "voip",
            Self::Other(word) => word,
        }
    }
}

/// One case. Every member of the wire but `id` may be missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Case {
    pub id: CaseId,
    pub thread_id: ThreadId,
    pub parent_id: Option<CaseId>,
    pub title: Untrusted,
    /// Mirrors the newest message's text.
    pub description: Untrusted,
    pub channel: Channel,
    pub status: Status,
    pub closing_state: Option<Untrusted>,
    pub date_queue: Option<Timestamp>,
    pub date_pending: Option<Timestamp>,
    pub date_active: Option<Timestamp>,
    pub date_closed: Option<Timestamp>,
    pub date_created: Option<Timestamp>,
    pub date_updated: Option<Timestamp>,
    /// The third-party app that started the case.
    pub user_id: Option<UserId>,
    /// Seconds from queue to active, as the server counted them.
    pub wait_time: Option<i64>,
    pub contact_id: Option<ContactId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    pub closed_by: Option<UserId>,
    pub queue_id: Option<i64>,
    pub visit_id: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<CaseUser>,
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub fields: Object,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Tag>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub feedbacks: Vec<Feedback>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<TimelineEntry>,
    /// Filled where a whole case is handled (server, mutation); the cache keeps messages in a table of their own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<Message>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_message: Option<Box<Message>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<Snooze>,
    /// Members of the wire that this version does not know, kept as they came.
    #[serde(flatten)]
    pub extra: Object,
}

impl Case {
    /// Among `extra`: the server said that there is no follow-up, where others only do not say whether there is one.
    pub const AWAKE: &str = "noFollowUp";

    pub fn is_closed(&self) -> bool {
        self.status == Status::Closed
    }

    /// The agents who have it: joined, active or assigned.
    pub fn owners(&self) -> impl Iterator<Item = &CaseUser> {
        self.users.iter().filter(|user| user.owns())
    }

    pub fn owned_by(&self, user: UserId) -> bool {
        self.owners().any(|row| row.user_id == user.0)
    }

    /// The contact's id, also where the relation took the column's place.
    pub fn contact_id(&self) -> Option<ContactId> {
        self.contact_id.or_else(|| self.contact.as_ref().map(|contact| contact.id))
    }

    /// The customer's name for a list, `#<contact id>` where there is none.
    pub fn contact_name(&self) -> Untrusted {
        match (&self.contact, self.contact_id) {
            (Some(contact), _) => contact.name(),
            (None, Some(id)) => format!("#{id}").into(),
            (None, None) => "unknown contact".into(),
        }
    }
}

/// A coloured label.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Tag {
    pub id: i64,
    pub name: Untrusted,
    /// `#rrggbb`
    pub color: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// A customer's score for a case, 1 to 5.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Feedback {
    pub id: i64,
    pub case_id: Option<CaseId>,
    pub contact_id: Option<ContactId>,
    pub question_id: Option<i64>,
    pub question: Untrusted,
    pub rating: Option<i64>,
    pub comment: Option<Untrusted>,
    pub date_created: Option<Timestamp>,
}

/// Something that happened to a case: queued, joined, closed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TimelineEntry {
    pub id: i64,
    pub object_type: Option<String>,
    pub case_id: Option<CaseId>,
    pub thread_id: Option<ThreadId>,
    pub event: Option<Untrusted>,
    pub detail: Option<Untrusted>,
    pub date_created: Option<Timestamp>,
    pub user_id: Option<UserId>,
}
