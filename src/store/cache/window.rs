//! A piece of a list, read from where it lies: a key of the listing index, so that it costs the same whatever stands before it.
//! A filter or another order goes through the sieve.

use super::line::Line;
use super::sieve::Sieve;
use super::{Cache, date};
use crate::model::query::Anchor;
use crate::model::{Row, Timestamp, UserId, View, Window, WindowAsk};
use crate::store::error::Cause;
use crate::store::rows::Marks;
use rusqlite::{OptionalExtension, params};

pub(in crate::store) const AFTER: &str = "SELECT line.*, thread.seen FROM listing JOIN line ON line.case_id = listing.case_id LEFT JOIN thread ON thread.thread_id = line.thread_id \
     WHERE listing.view = ?1 AND (listing.sort, listing.case_id) >= (?2, ?3) ORDER BY listing.sort, listing.case_id";
pub(in crate::store) const BEFORE: &str = "SELECT line.*, thread.seen FROM listing JOIN line ON line.case_id = listing.case_id LEFT JOIN thread ON thread.thread_id = line.thread_id \
     WHERE listing.view = ?1 AND (listing.sort, listing.case_id) < (?2, ?3) ORDER BY listing.sort DESC, listing.case_id DESC";
pub(in crate::store) const ONE: &str = "SELECT line.*, thread.seen FROM line LEFT JOIN thread ON thread.thread_id = line.thread_id WHERE line.case_id = ?1";
pub(in crate::store) const FIRST_DUE: &str = "SELECT sort FROM listing WHERE view = ?1 ORDER BY sort LIMIT 1";
const SEEN: usize = 36;

pub(super) const FIRST: (i64, i64) = (i64::MIN, i64::MIN);
pub(super) const LAST: (i64, i64) = (i64::MAX, i64::MAX);

/// What only the outbox knows: the cases with drafts, and those with something unsent, as JSON arrays; and the present.
pub(in crate::store) struct Beside {
    pub drafts: String,
    pub unsent: String,
    /// Threads that the agent marked as unread.
    pub marked: Marks,
    pub now: Timestamp,
}

impl Cache {
    /// The window without what the outbox knows of its rows.
    pub(in crate::store) fn window(&self, ask: &WindowAsk, beside: &Beside) -> Result<Window, Cause> {
        let _still = self.still()?;
        let whole = ask.before + ask.after;
        let sieve = Sieve::new(self, ask, beside)?;
        let (from, before, after) = match ask.anchor {
            Anchor::Top => (FIRST, 0, whole),
            Anchor::Bottom => (LAST, whole, 0),
            Anchor::At(case) => match sieve.place(case)? {
                Some(sort) => ((sort, case.0), ask.before, ask.after + 1),
                None => (FIRST, 0, whole),
            },
        };
        let reading = Reading { cache: self, view: ask.view, sieve: &sieve, marked: &beside.marked, baseline: self.meta("baseline")?, me: self.my_id() };
        let (mut rows, more_before) = reading.rows(false, from, before)?;
        rows.reverse();
        let standing = rows.len();
        let (behind, more_after) = reading.rows(true, from, after)?;
        rows.extend(behind);
        let (counts, news) = self.counts()?;
        let at = if matches!(ask.anchor, Anchor::Bottom) { rows.len() } else { standing };
        let at = at.min(rows.len().saturating_sub(1));
        let due = self.next_due(ask.view)?;
        Ok(Window { view: ask.view, filter: ask.filter.clone(), sort: ask.sort, rows, more_before, more_after, at, counts, due, news })
    }

    /// The first lines of a list, from a place on; and whether there are more.
    pub(super) fn lines(&self, ask: &WindowAsk, beside: &Beside, from: Option<(i64, i64)>, limit: usize) -> Result<(Vec<Line>, bool), Cause> {
        let _still = self.still()?;
        let mut ids = Sieve::new(self, ask, beside)?.ids(true, from.unwrap_or(FIRST), limit + 1)?;
        let more = ids.len() > limit;
        ids.truncate(limit);
        let lines = ids.into_iter().map(|id| self.line(id)).collect::<Result<Vec<_>, _>>()?;
        Ok((lines.into_iter().flatten().collect(), more))
    }

    pub(in crate::store) fn count(&self, ask: &WindowAsk, beside: &Beside) -> Result<u64, Cause> {
        Sieve::new(self, ask, beside)?.count()
    }

    /// When the first case of the view is due.
    fn next_due(&self, view: View) -> Result<Option<Timestamp>, Cause> {
        if matches!(view, View::Closed | View::Snoozed) {
            return Ok(None);
        }
        let first: Option<i64> = self.db.prepare_cached(FIRST_DUE)?.query_row([view as u8], |row| row.get(0)).optional()?;
        Ok(first.filter(|sort| *sort < super::line::WAITS).and_then(date))
    }
}

struct Reading<'r> {
    cache: &'r Cache,
    view: View,
    sieve: &'r Sieve<'r>,
    marked: &'r Marks,
    baseline: Option<i64>,
    me: Option<UserId>,
}

impl Reading<'_> {
    /// Up to `limit` rows in this direction, and whether there are more.
    fn rows(&self, on: bool, from: (i64, i64), limit: usize) -> Result<(Vec<Row>, bool), Cause> {
        if self.sieve.is_plain() {
            return self.plain(if on { AFTER } else { BEFORE }, from, limit);
        }
        let mut ids = self.sieve.ids(on, from, limit + 1)?;
        let more = ids.len() > limit;
        ids.truncate(limit);
        let mut one = self.cache.db.prepare_cached(ONE)?;
        let rows = ids.into_iter().map(|id| Ok(one.query_row([id.0], |row| self.read(row))?)).collect::<Result<_, Cause>>()?;
        Ok((rows, more))
    }

    fn plain(&self, sql: &str, from: (i64, i64), limit: usize) -> Result<(Vec<Row>, bool), Cause> {
        let mut found = Vec::with_capacity(limit.min(1000));
        let mut select = self.cache.db.prepare_cached(sql)?;
        let mut rows = select.query(params![self.view as u8, from.0, from.1])?;
        while let Some(row) = rows.next()? {
            if found.len() == limit {
                return Ok((found, true));
            }
            found.push(self.read(row)?);
        }
        Ok((found, false))
    }

    fn read(&self, row: &rusqlite::Row) -> rusqlite::Result<Row> {
        let line = Line::read(row)?;
        let unread = self.marked.contains_key(&line.facts.thread) || is_unread(&line, row.get(SEEN)?, self.baseline);
        Ok(self.row(line, unread))
    }

    fn row(&self, line: Line, unread: bool) -> Row {
        let due = line.due(&self.cache.targets).and_then(date);
        let mine = self.me.is_some_and(|me| line.facts.owners.contains(&format!(" {me} ")));
        let snippet = line.snippet().into();
        let heard = line.talk.contact_at.and_then(date);
        let facts = line.facts;
        Row {
            id: line.case,
            thread: crate::model::ThreadId(facts.thread),
            status: facts.status.into(),
            channel: facts.channel.into(),
            contact: facts.contact.into(),
            snippet,
            due,
            updated: facts.updated.and_then(date),
            snoozed_until: facts.snoozed.and_then(date),
            owner: facts.owner.map(Into::into),
            mine,
            heard,
            unread,
            ..Row::default()
        }
    }
}

/// Is there something of the customer's that the agent has not seen? What was there before the first pull counts as seen,
/// unless it is open and waits for an answer.
fn is_unread(line: &Line, seen: Option<i64>, baseline: Option<i64>) -> bool {
    let (written, last) = if line.talk.is_silent() { (line.facts.queued, true) } else { (line.talk.contact_at, line.talk.contact_last()) };
    match seen {
        Some(seen) => written > Some(seen),
        None => written.is_some() && (written > baseline || last && line.facts.status != "closed"),
    }
}
