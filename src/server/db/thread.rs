//! Threads: the chain of cases that were reopened from one another.

use super::{DbError, Found, Reader, Relation, row};
use crate::model::ThreadId;

impl Reader<'_> {
    /// The cases of a thread, oldest first.
    pub fn thread(&self, thread: ThreadId, relations: &[Relation]) -> Result<Vec<Found>, DbError> {
        self.around(self.cases_by("thread_id", &row::array([thread.0]))?, relations)
    }
}
