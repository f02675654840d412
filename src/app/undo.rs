//! What `z` takes back: the last changes of the agent, as operations.

use crate::model::{CaseId, OpId};

/// One key's work: its operations, and the words for the bar: `closed #4409`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub words: String,
    pub case: CaseId,
    pub ops: Vec<OpId>,
}
