//! What the agent typed and did not send: one draft per case.

use super::{CaseId, MessageId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftKind {
    #[default]
    Reply,
    Note,
}

/// A text that waits for its author.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub case: CaseId,
    pub kind: DraftKind,
    pub text: String,
    /// The newest message when the agent began to write: what this answers.
    pub answers: Option<MessageId>,
    pub updated: Timestamp,
}
