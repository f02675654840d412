//! An operation of ours on its way to the server: the durable row of the send ledger, and what an answer proves.

use super::step::Step;
use super::{Before, Case, CaseId, Message, MessageId, Mutation, OpId, Review, Saw, Timestamp};
use serde::{Deserialize, Serialize};

/// Where an operation stands. The words are the agent's, the command line's and the disk's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpState {
    /// In its undo window: not sent before it ends.
    Held,
    Queued,
    Sending,
    /// A request went out and nothing proves what became of it.
    Unknown,
    /// Waits for the agent's decision.
    NeedsReview,
    /// The server surely did not apply it.
    Failed,
    Sent,
    Cancelled,
}

impl OpState {
    pub const ALL: [Self; 8] = [Self::Held, Self::Queued, Self::Sending, Self::Unknown, Self::NeedsReview, Self::Failed, Self::Sent, Self::Cancelled];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Unknown => "unknown",
            Self::NeedsReview => "needs_review",
            Self::Failed => "failed",
            Self::Sent => "sent",
            Self::Cancelled => "cancelled",
        }
    }

    /// The same for people.
    pub fn words(self) -> &'static str {
        if self == Self::NeedsReview { "needs you" } else { self.as_str() }
    }

    /// Nothing more will happen to it.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Cancelled)
    }

    /// Is its effect shown over what the server said? What failed is not: its text is back in the draft.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Held | Self::Queued | Self::Sending | Self::Unknown | Self::NeedsReview)
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// When the agent wants it sent, on the clock on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub at: Timestamp,
    /// Not if the customer writes before.
    #[serde(default)]
    pub unless: bool,
}

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Op {
    pub mutation: Mutation,
    pub state: OpState,
    /// Order of composing; operations of one case reach the server in it.
    pub seq: i64,
    pub tries: u32,
    /// Not before this: end of the undo window, or of a wait after a failure.
    pub not_before: Option<Timestamp>,
    /// Why it stands where it stands, in words.
    pub cause: Option<String>,
    /// The newest message the agent had seen when it was composed.
    pub answers: Option<MessageId>,
    /// What the server calls its result: a message id, the id of a reopened case, a follow-up id.
    pub server_id: Option<i64>,
    /// response, marker, state, heuristic (the same words by us, not there before), human: what makes `Sent` true.
    pub proof: Option<String>,
    /// How many more copies of it the server was seen to have.
    pub twins: u32,
    pub changed: Timestamp,
    /// What the agent saw when it was composed: what others changed since is not overwritten.
    #[serde(default)]
    pub saw: Option<Saw>,
    /// What the server had before the first attempt.
    #[serde(default)]
    pub before: Option<Before>,
    /// Readings since the last attempt that did not show it, and readings that could not have shown it.
    #[serde(default)]
    pub absent: u32,
    #[serde(default)]
    pub blind: u32,
    /// How often it was sent again without the agent's word.
    #[serde(default)]
    pub resends: u32,
    /// The agent wants it sent again if it is not there.
    #[serde(default)]
    pub wanted: bool,
    /// The agent knows what happened since, and wants it sent all the same.
    #[serde(default)]
    pub allowed: bool,
    /// Its text shall not come back as a draft.
    #[serde(default)]
    pub discarded: bool,
    /// Why it waits for the agent.
    #[serde(default)]
    pub review: Option<Review>,
    /// The agent's own time for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
    /// The step of the agent's work it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Box<Step>>,
}

impl Op {
    /// A new operation, held until `not_before` or queued at once.
    pub fn new(mutation: Mutation, not_before: Option<Timestamp>) -> Self {
        let state = if not_before.is_some() { OpState::Held } else { OpState::Queued };
        let changed = mutation.at;
        Self {
            mutation,
            state,
            seq: 0,
            tries: 0,
            not_before,
            cause: None,
            answers: None,
            server_id: None,
            proof: None,
            twins: 0,
            changed,
            saw: None,
            before: None,
            absent: 0,
            blind: 0,
            resends: 0,
            wanted: false,
            allowed: false,
            discarded: false,
            review: None,
            due: None,
            step: None,
        }
    }

    pub fn id(&self) -> OpId {
        self.mutation.op
    }

    pub fn case(&self) -> CaseId {
        self.mutation.case
    }

    /// The time it waits for, while that is to come. Once it was tried it is an operation like others.
    pub fn scheduled(&self, wall: Timestamp) -> Option<Due> {
        self.due.filter(|due| self.state == OpState::Queued && self.tries == 0 && due.at > wall)
    }

    /// Is its effect laid over what the server said? What waits for the agent is not done: only its words are shown, where they stand.
    pub fn is_laid_over(&self) -> bool {
        self.state.is_shown() && (self.state != OpState::NeedsReview || self.mutation.change.adds_message())
    }

    /// The customer's newest message that the agent knew of when it was composed.
    pub fn heard(&self) -> Option<MessageId> {
        self.answers.or_else(|| self.saw.as_ref().and_then(|saw| saw.heard))
    }

    /// Could the server have it? What never left can't have arrived.
    pub fn may_be_there(&self) -> bool {
        match self.state {
            OpState::Sending | OpState::Unknown => true,
            OpState::NeedsReview => self.review.as_ref().is_none_or(Review::may_be_there),
            _ => false,
        }
    }
}

/// What an attempt proved. Evidence decides, not status codes: `Failed` means surely not applied, never "we do not know".
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A complete answer that names our case; what it said of the case or the message, when it did.
    Accepted { server_id: Option<i64>, case: Option<Box<Case>>, message: Option<Box<Message>> },
    /// No byte of it can have had an effect. `retry_after` is in seconds.
    NotSent { cause: String, retry_after: Option<u64> },
    /// The key was not taken: the queue waits for another one.
    Unauthorized { cause: String },
    /// The server said no for good.
    Refused { cause: String },
    /// The server said no because of the state of the case, or because the key may not: the agent decides.
    RefusedState { cause: String },
    /// Everything else.
    Unknown { cause: String },
}
