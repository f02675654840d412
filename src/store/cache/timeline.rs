//! The timelines of cases: kept in their documents, with the change of the case up to which they are known. They only grow:
//! a server may give no more than the newest row, and lists give none.

use super::{Cache, date};
use crate::model::{Case, CaseId, ThreadId, TimelineEntry, Timestamp};
use crate::store::error::Cause;
use rusqlite::params;
use std::collections::HashSet;

/// The rows that are known, in the order of the server; those that came in replace those of the same number.
pub(super) fn united(old: &[TimelineEntry], new: &[TimelineEntry]) -> Vec<TimelineEntry> {
    let ids: HashSet<i64> = new.iter().map(|entry| entry.id).collect();
    let mut all: Vec<TimelineEntry> = old.iter().filter(|entry| !ids.contains(&entry.id)).chain(new).cloned().collect();
    all.sort_by_key(|entry| entry.id);
    all
}

impl Cache {
    /// A document that came with a timeline.
    pub(super) fn with_timeline(&self, case: &Case) -> Result<(), Cause> {
        if case.timeline.is_empty() { Ok(()) } else { self.told(case.id, case.date_updated) }
    }

    /// What a reading of the timeline brought, as of a change of the case; gives whether anything in it is new.
    pub(in crate::store) fn tell(&self, id: CaseId, entries: &[TimelineEntry], as_of: Option<Timestamp>) -> Result<bool, Cause> {
        let Some(old) = self.case(id)? else { return Ok(false) };
        let timeline = united(&old.timeline, entries);
        let grew = timeline != old.timeline;
        if grew {
            self.overwrite(&old, &Case { timeline, ..old.clone() })?;
        }
        self.told(id, as_of.or(old.date_updated))?;
        Ok(grew)
    }

    fn told(&self, id: CaseId, as_of: Option<Timestamp>) -> Result<(), Cause> {
        let sql = "UPDATE confirmed SET told = ?2 WHERE case_id = ?1 AND coalesce(told, -1) < ?2";
        self.db.prepare_cached(sql)?.execute(params![id.0, as_of.map_or(0, |at| at.timestamp_millis())])?;
        Ok(())
    }

    /// The cases of a thread that changed since their timeline was read, and those that never were asked for it.
    pub(super) fn untold(&self, thread: ThreadId) -> Result<Vec<(CaseId, Option<Timestamp>)>, Cause> {
        let sql = "SELECT case_id, date_updated FROM confirmed WHERE thread_id = ?1 AND coalesce(told, -1) < coalesce(date_updated, 0) ORDER BY case_id";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([thread.0], |row| Ok((CaseId(row.get(0)?), row.get::<_, Option<i64>>(1)?.and_then(date))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
