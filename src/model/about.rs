//! What is to be known of a case before something is done to it together with others.

use super::{Case, ThreadId, Timestamp};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct About {
    /// As it is shown, without its messages.
    pub case: Case,
    pub thread: ThreadId,
    /// When the customer last wrote.
    pub wrote: Option<Timestamp>,
    /// A text of the agent's own stands there.
    pub draft: bool,
}
