//! Why an operation waits for the agent, with all that is known, so that a decision needs no network; and what was seen
//! of a case before an operation was composed and before it was sent. Serialised into the outbox: forms may only grow.

use super::{MessageId, Status, Timestamp, Untrusted, UserId};
use serde::{Deserialize, Serialize};

/// How many of the newer messages an operation keeps, and how much of each, in characters.
pub const NEWER: usize = 8;
pub const EXCERPT: usize = 600;

/// Why the agent has to decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Review {
    /// Complete readings did not show it. It may still arrive.
    Absent,
    /// The server could not be asked, or its readings were incomplete.
    Unreadable,
    /// The server drops our marker, and several messages say the same words.
    Several { ids: Vec<i64> },
    /// The customer wrote after what this answers.
    Stale { newer: Vec<Newer>, more: u32 },
    /// A colleague answered the same customer since.
    Answered { newer: Vec<Newer> },
    /// The case takes no messages any more.
    NotActive { status: String, by: Option<Untrusted> },
    /// Somebody else changed the same thing since.
    Conflict { yours: Untrusted, theirs: Untrusted },
    /// The moment it speaks of is over.
    Overdue { until: Timestamp },
    /// The case is not there, or this key may not see it.
    Gone,
    /// The server said no.
    Refused,
    /// It comes from a backup: it may have been sent since.
    Restored,
}

/// A message that came after the one a reply answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Newer {
    pub id: MessageId,
    pub by: Untrusted,
    pub at: Option<Timestamp>,
    /// At most [`EXCERPT`] characters of it.
    pub text: Untrusted,
}

/// What the agent's screen was drawn from when the operation was composed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Saw {
    pub status: Option<Status>,
    pub owners: Vec<UserId>,
    /// Of an edit or a delete: the text of the message.
    pub text: Option<Untrusted>,
    /// The customer's newest message.
    pub heard: Option<MessageId>,
    /// The newest answer of a colleague, 0 where the thread was read and had none; `None` where that is not known.
    pub said: Option<MessageId>,
}

/// What the server had right before the first attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Before {
    /// The newest message of the kind the operation makes. A reading that does not show it is older, or not whole.
    pub anchor: Option<i64>,
    /// Messages that say the same already.
    pub alike: Vec<i64>,
}

impl Review {
    /// Could the server have the operation all the same?
    pub fn may_be_there(&self) -> bool {
        matches!(self, Self::Absent | Self::Unreadable | Self::Several { .. } | Self::Restored)
    }
}
