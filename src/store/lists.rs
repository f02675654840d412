//! How many cases a list has, and what the outbox knows that a filter asks for.

use super::cache::window::Beside;
use super::error::{Cause, Doing};
use super::{Result, Store};
use crate::model::query::Term;
use crate::model::{CaseId, Counts, Filter, Timestamp, WindowAsk};

impl Store {
    /// How many rows the list has, as far as counting goes.
    pub fn count(&self, ask: &WindowAsk, now: Timestamp) -> Result<u64> {
        let beside = self.beside(&ask.filter, now).noted(&self.gate, "reading the outbox")?;
        self.cache.count(ask, &beside).noted(&self.gate, "reading the list")
    }

    /// What the outbox knows and a filter asks for.
    pub(super) fn beside(&self, filter: &Filter, now: Timestamp) -> Result<Beside, Cause> {
        let list =
            |wanted: bool, cases: &dyn Fn() -> Result<Vec<CaseId>, Cause>| Ok::<_, Cause>(serde_json::to_string(&if wanted { cases()? } else { Vec::new() })?);
        let drafts = list(filter.names(|term| *term == Term::Draft), &|| self.outbox.all_drafted())?;
        let unsent = list(filter.names(|term| *term == Term::Unsent), &|| Ok(self.outbox.live_cases()?.into_iter().collect()))?;
        Ok(Beside { drafts, unsent, marked: self.outbox.marks()?, now })
    }

    pub fn counts(&self) -> Result<Counts> {
        Ok(self.cache.counts().noted(&self.gate, "reading the list")?.0)
    }
}
