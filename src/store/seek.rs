//! What may be slow, beside the loop: full text in the whole cache, and how many cases the agent's own views hold. It has a
//! connection of its own and what the outbox knew when it began, and changes nothing.

use super::cache::window::Beside;
use super::cache::{Cache, date, mask};
use super::error::{Cause, Doing};
use super::outbox::Outbox;
use super::{Result, Store};
use crate::model::workload::{self, Counted, Workload};
use crate::model::{CaseId, Filter, Found, Saved, Timestamp, View, WindowAsk};
use chrono::Duration;

/// Who sleeps waits for nothing: ?2 is the bit of that view. The server's wait is in the document alone, which is opened for what came
/// lately; 0 is what old rows hold, and says nothing.
const WORKLOAD: &str = "SELECT case_id, created, CASE WHEN status = 'closed' THEN closed END, CASE WHEN views & ?2 = 0 THEN since END, ratings, \
     CASE WHEN created >= ?1 THEN (SELECT nullif(json_extract(doc, '$.waitTime'), 0) FROM confirmed WHERE confirmed.case_id = line.case_id) END \
     FROM line INDEXED BY line_scan WHERE created >= ?1 OR closed >= ?1 OR since IS NOT NULL";

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

    /// What came and went in the last hours, and who waits now: one walk through an index that has all of it.
    pub fn workload(&self, hours: u16) -> Result<Workload> {
        self.cache.workload(self.beside.now, hours).doing("reading the list")
    }
}

impl Cache {
    fn workload(&self, now: Timestamp, hours: u16) -> Result<Workload, Cause> {
        let _still = self.still()?;
        let mut select = self.db.prepare_cached(WORKLOAD)?;
        let rows = select.query_map([workload::since(now, hours).timestamp_millis(), mask(View::Snoozed).into()], |row| {
            Ok(Counted {
                case: CaseId(row.get(0)?),
                created: row.get::<_, Option<i64>>(1)?.and_then(date),
                closed: row.get::<_, Option<i64>>(2)?.and_then(date),
                since: row.get::<_, Option<i64>>(3)?.and_then(date),
                ratings: row.get(4)?,
                taken: row.get::<_, Option<i64>>(5)?.and_then(Duration::try_seconds),
            })
        })?;
        let cases = rows.collect::<Result<Vec<_>, _>>()?;
        let read = self.meta::<Timestamp>("snapshot")?;
        Ok(Workload { counts: self.counts()?.0, read, ..Workload::of(cases, now, hours) })
    }
}
