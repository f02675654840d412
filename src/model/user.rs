//! Agents, their part in a case, and their snoozes.

use super::{CaseId, SenderType, Timestamp, Untrusted, UserId, date};
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

impl Snooze {
    /// How the message of a follow-up begins that ends when the customer writes. It stands at the server in plain words, so that
    /// every process and every colleague's caseload ends it alike, and so that it is clear to who reads it elsewhere.
    const UNTIL_THEY_WRITE: &str = "until they write, after ";

    /// The message of such a follow-up. `heard` is the customer's newest message that its author knew of, by the server's clock.
    pub fn until_they_write(heard: Option<Timestamp>) -> String {
        format!("{}{}", Self::UNTIL_THEY_WRITE, heard.map_or_else(|| "nothing".to_owned(), date::iso))
    }

    /// Does the customer's next message end it?
    pub fn waits_for_them(&self) -> bool {
        waits_for_them(self.message.as_ref().map(Untrusted::raw))
    }

    /// Is it over, given when the customer wrote last?
    pub fn is_over(&self, heard: Option<Timestamp>) -> bool {
        let Some(heard) = heard else { return false };
        let after = self.message.as_ref().and_then(|message| message.raw().strip_prefix(Self::UNTIL_THEY_WRITE));
        let since = |after: &str| after.split(' ').next().map(|word| word.trim_end_matches(':')).and_then(date::parse);
        after.is_some_and(|after| since(after).is_none_or(|since| heard > since))
    }
}

/// Do these words of a follow-up mean that the customer's next message ends it?
pub fn waits_for_them(message: Option<&str>) -> bool {
    message.is_some_and(|message| message.starts_with(Snooze::UNTIL_THEY_WRITE))
}

#[cfg(test)]
mod tests {
    use super::Snooze;
    use crate::model::{Timestamp, date};

    #[test]
    fn a_newer_message_ends_what_waits_for_one_and_an_older_one_does_not() {
        let at = |text: &str| date::parse(text);
        let snooze = |message: Option<String>| Snooze { message: message.map(Into::into), ..Snooze::default() };
        let heard = at("2026-11-23T09:28:00.125Z");
        let waits = snooze(Some(Snooze::until_they_write(heard)));
        assert!(waits.waits_for_them() && !waits.is_over(heard) && !waits.is_over(None) && !waits.is_over(at("2026-11-23T09:00:00Z")));
        assert!(waits.is_over(at("2026-11-23T09:28:00.126Z")));
        let first = snooze(Some(Snooze::until_they_write(None)));
        assert!(!first.is_over(None) && first.is_over(Some(Timestamp::UNIX_EPOCH)));
        let worded = snooze(Some(format!("{}: asked for the number", Snooze::until_they_write(heard))));
        assert!(!worded.is_over(heard) && worded.is_over(at("2026-11-23T09:29:00Z")));
        for other in [None, Some("call back".to_owned()), Some("until they write".to_owned())] {
            assert!(!snooze(other.clone()).is_over(heard) && !snooze(other).waits_for_them());
        }
    }
}
