//! A thread: the chain of cases that were reopened from one another, read as one conversation.

use super::{Case, CaseId, Message, ThreadId, Timestamp};

/// What the reader shows: all cases of a thread, oldest first, and all their messages and mails in time order, each once.
/// Confirmed only: pending operations are laid over it by the core.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conversation {
    pub thread: ThreadId,
    pub cases: Vec<Case>,
    pub messages: Vec<Message>,
    /// When the messages were last read from the server; `None` when they never were.
    pub fetched: Option<Timestamp>,
    /// The newest message the agent had on the screen before this reading, for "new since you last looked".
    pub seen_until: Option<Timestamp>,
    /// Only the newest messages are here: the thread is long, and the others are still being read.
    pub partial: bool,
    /// Cases whose timeline was never read, or not since their last change; and when that was.
    pub untold: Vec<(CaseId, Option<Timestamp>)>,
}

impl Conversation {
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// The newest case: the one a reply goes to.
    pub fn latest(&self) -> Option<&Case> {
        self.cases.last()
    }
}
