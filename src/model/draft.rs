//! What the agent typed and did not send: one draft per case, and what stood in its place before.

use super::{CaseId, Head, Lang, MessageId, OpState, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftKind {
    #[default]
    Reply,
    Note,
}

/// A text that waits for its author.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub case: CaseId,
    pub kind: DraftKind,
    pub text: String,
    /// The newest message when the agent began to write: what this answers.
    pub answers: Option<MessageId>,
    pub updated: Timestamp,
    /// Whom it goes to, for a mail whose author said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<Box<Head>>,
    /// The message it is to take the place of, when it is no new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edits: Option<MessageId>,
    /// The language the server is to put it into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub translate: Option<Lang>,
}

impl Draft {
    /// What it is kept under: the case, or the message it edits, so that neither takes the other's place.
    pub fn slot(&self) -> CaseId {
        slot(self.case, self.edits)
    }
}

/// No case has a number below 0.
pub fn slot(case: CaseId, edits: Option<MessageId>) -> CaseId {
    edits.map_or(case, |message| CaseId(-message.0))
}

/// An earlier text of a case: a draft that was replaced, or words that were sent off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    pub kind: DraftKind,
    pub text: String,
    pub at: Timestamp,
    /// Where its operation stands; `None`: it was a draft.
    pub state: Option<OpState>,
    pub head: Option<Box<Head>>,
}
