//! Agents, their part in a case, and their snoozes.

use super::{CaseId, SenderType, Timestamp, Untrusted, UserId};
use serde::{Deserialize, Serialize};

/// Somebody with a name: an agent, or the sender of a message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Person {
    pub id: i64,
    pub name: Untrusted,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Untrusted>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<SenderType>,
}

/// A row of a case's `users`: who takes part, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CaseUser {
    pub id: i64,
    pub case_id: CaseId,
    /// On a row of type contact `user_id` is the contact's id.
    #[serde(rename = "type")]
    pub kind: SenderType,
    pub user_id: i64,
    pub role: Option<String>,
    /// active, assigned, rejected, ignored, joined; other words are kept.
    pub status: String,
    pub date_created: Option<Timestamp>,
    pub date_last_assigned: Option<Timestamp>,
    pub closed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Person>,
}

impl CaseUser {
    /// Does this row make its user the agent of the case: joined, active or assigned?
    pub fn owns(&self) -> bool {
        self.kind == SenderType::User && matches!(self.status.as_str(), "joined" | "active" | "assigned")
    }
}

/// A follow-up date on a case: it comes back then.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Snooze {
    pub id: Option<i64>,
    pub until: Timestamp,
    pub user_id: Option<UserId>,
    pub message: Option<Untrusted>,
}
