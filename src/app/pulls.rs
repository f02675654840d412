//! What is asked of a pull, what it brought, and why it did not: plain values between the loop and the core.

use crate::model::{CaseId, Spoke};

/// How much a pull reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullPlan {
    /// Every case and, with `messages`, the messages of all of them; else what changed.
    pub full: bool,
    /// Fold what comes into the listings at once (first pull, command line) or keep it as news.
    pub fold: bool,
    /// Messages of every case, not only of open and recent ones.
    pub all_messages: bool,
}

/// What a pull brought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PullReport {
    pub changed: Vec<CaseId>,
    /// Why it could not reach everything, in words.
    pub incomplete: Option<String>,
    /// Customers who wrote since the last one; the first of many.
    pub spoke: Vec<Spoke>,
}

/// Why something did not work, in words, and whether the key or the network is to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    Offline,
    Unauthorized,
    NotFound,
    /// The key may not.
    Forbidden,
    Other,
}
