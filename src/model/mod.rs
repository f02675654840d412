//! GROUND FLOOR: the nouns of the field and the one verb that changes them.
//! Plain data with `std`, `serde` and `chrono`; no clock, no disk, no network, no terminal.
//! Everything that came from outside is [`text::Untrusted`] until `display()` made it harmless.

pub mod about;
pub mod account;
pub mod alike;
pub mod attachment;
pub mod base64;
pub mod canned;
pub mod case;
pub mod company;
pub mod contact;
pub mod date;
pub mod draft;
pub mod field;
pub mod found;
pub mod habits;
pub mod head;
pub mod lang;
pub mod message;
pub mod mutation;
pub mod op;
pub mod pick;
pub mod query;
pub mod review;
pub mod step;
pub mod text;
pub mod thread;
pub mod user;
pub mod when;
pub mod workload;
pub mod zone;

pub use account::{Account, Department};
pub use attachment::{Attachment, Bytes};
pub use canned::{Canned, Flaw};
pub use case::{Case, Channel, Feedback, Status, Tag, TimelineEntry};
pub use company::{Company, Did, company};
pub use contact::{Contact, Spoke};
pub use draft::{Draft, DraftKind, Version};
pub use found::{Found, Hit};
pub use habits::{Habit, Habits};
pub use head::Head;
pub use lang::Lang;
pub use message::{Call, Mail, MailAddress, Message, MessageKind, SenderType};
pub use mutation::{Actor, Change, FieldChange, FieldsOf, Mutation, Refused};
pub use op::{Due, Op, OpState, Outcome};
pub use query::{Counts, Filter, Row, Saved, Sort, Unsent, View, Window, WindowAsk};
pub use review::{Before, Newer, Review, Saw};
pub use text::Untrusted;
pub use thread::Conversation;
pub use user::{CaseUser, Person, Snooze};
pub use zone::Zone;

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A moment in UTC. Every time in the program is one of these; only the view turns it into words.
pub type Timestamp = chrono::DateTime<chrono::Utc>;

/// A JSON object whose order is kept.
pub type Object = serde_json::Map<String, serde_json::Value>;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(s: &str) -> Result<Self, Self::Err> { s.trim_start_matches('#').parse().map(Self) }
        }
    )*};
}

ids! {
    /// A case: one episode of a conversation.
    CaseId,
    /// A conversation: the chain of cases that were reopened from one another.
    ThreadId,
    /// A message; mails have a number space of their own, see [`Message::mail`].
    MessageId,
    /// A customer.
    ContactId,
    /// An agent, or the third-party app that acts as one.
    UserId,
}

/// The name of one operation of ours, made when it is composed and never changed. A version 7 UUID, so names sort by time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OpId(pub uuid::Uuid);

impl OpId {
    /// The name for the `count`th operation of a session at `now`. Pure: the randomness is `session`, given at the start.
    pub fn new(now: Timestamp, session: u64, count: u16) -> Self {
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let mut rest = [0_u8; 10];
        rest[..2].copy_from_slice(&count.to_be_bytes());
        rest[2..].copy_from_slice(&session.to_be_bytes());
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid())
    }
}

impl fmt::Display for OpId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OpId {
    type Err = uuid::Error;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        s.parse().map(Self)
    }
}
