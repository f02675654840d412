//! What may be slow, beside the loop: full text in the whole cache, and how many cases the agent's own views hold. It has a
//! connection of its own and what the outbox knew when it began, and changes nothing.

use super::cache::Cache;
use super::cache::window::Beside;
use super::error::{Cause, Doing};
use super::outbox::Outbox;
use super::{Result, Store};
use crate::model::{Filter, Found, Saved, Timestamp, WindowAsk};

/// A reader of the cache for one question.
pub struct Seeker {
    cache: Cache,
    beside: Beside,
}

impl Store {
    pub fn seeker(&self, now: Timestamp) -> Result<Seeker> {
        let cache = self.cache.beside(&self.opening).noted(&self.gate, "opening the cache")?;
        Ok(Seeker { cache, beside: self.all_beside(now)? })
    }

    /// Full text over messages, titles and contacts, newest first; the rest of the filter narrows it.
    pub fn find(&self, filter: &Filter, limit: usize, now: Timestamp) -> Result<Found> {
        self.cache.find(filter, limit, &self.all_beside(now)?).noted(&self.gate, "searching")
    }

    fn all_beside(&self, now: Timestamp) -> Result<Beside> {
        beside(&self.outbox, now).noted(&self.gate, "reading the outbox")
    }
}

/// All that a filter can ask of the outbox.
pub(super) fn beside(outbox: &Outbox, now: Timestamp) -> Result<Beside, Cause> {
    let unsent: Vec<_> = outbox.live_cases()?.into_iter().collect();
    Ok(Beside { drafts: serde_json::to_string(&outbox.all_drafted()?)?, unsent: serde_json::to_string(&unsent)?, marked: outbox.marks()?, now })
}

impl Seeker {
    pub fn find(&self, filter: &Filter, limit: usize) -> Result<Found> {
        self.cache.find(filter, limit, &self.beside).doing("searching")
    }

    /// How many cases each of these views holds, as far as counting goes.
    pub fn count(&self, views: &[Saved]) -> Result<Vec<(String, u64)>> {
        let ask = |saved: &Saved| WindowAsk { view: saved.within, filter: saved.filter.clone(), ..WindowAsk::default() };
        views.iter().map(|saved| Ok((saved.name.clone(), self.cache.count(&ask(saved), &self.beside).doing("reading the list")?))).collect()
    }
}
