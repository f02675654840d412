//! What a search finds.

use super::{CaseId, MessageId, ThreadId, Timestamp, Untrusted};

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub case: CaseId,
    pub thread: ThreadId,
    /// `None`: the title or the contact of the case has the words.
    pub message: Option<MessageId>,
    pub contact: Untrusted,
    pub snippet: Untrusted,
    pub date: Option<Timestamp>,
}

/// The answer to a search.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Newest first.
    pub hits: Vec<Hit>,
    /// Older ones were not looked at.
    pub more: bool,
    /// There are cases whose messages were not read from the server, or not lately: it may know more.
    pub partial: bool,
    /// The words that were looked for, as they can be marked in a text.
    pub words: Vec<String>,
}
