//! Many cases at once: which of a view they are, and which of them the view still has.

use super::error::Doing;
use super::{Sink, Store, StoreError};
use crate::model::pick::{Pick, Picked};
use crate::model::{CaseId, View};

impl Sink {
    /// The cases a rule picks.
    pub fn pick(&self, pick: &Pick) -> Result<Picked, StoreError> {
        self.outbox.marks().and_then(|marks| self.cache.pick(pick, &marks)).doing("reading the list")
    }
}

impl Store {
    /// Those of these cases that the view lists.
    pub fn kept_in(&self, view: View, cases: &[CaseId]) -> Result<Vec<CaseId>, StoreError> {
        self.cache.kept_in(view, cases).noted(&self.gate, "reading the list")
    }
}
