//! Many cases at once: which of a view they are, and which of them the view still has.

use super::error::Doing;
use super::{Sink, Store, StoreError, seek};
use crate::model::pick::{Pick, Picked};
use crate::model::{CaseId, Timestamp, View};

impl Sink {
    /// The cases a rule picks.
    pub fn pick(&self, pick: &Pick, now: Timestamp) -> Result<Picked, StoreError> {
        let beside = seek::beside(&self.outbox, now).doing("reading the outbox")?;
        self.cache.pick(pick, &beside).doing("reading the list")
    }
}

impl Store {
    /// Those of these cases that the view lists.
    pub fn kept_in(&self, view: View, cases: &[CaseId]) -> Result<Vec<CaseId>, StoreError> {
        self.cache.kept_in(view, cases).noted(&self.gate, "reading the list")
    }
}
