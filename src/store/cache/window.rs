//! A piece of a list, read from where it lies: a key of the listing index, so that it costs the same whatever stands before it.
//! A filter reads on in the same order until the piece is full.

use super::line::Line;
use super::{Cache, date, mask};
use crate::model::query::{Anchor, Term};
use crate::model::{CaseId, Filter, Row, UserId, View, Window, WindowAsk};
use crate::store::error::Cause;
use crate::store::rows::Marks;
use rusqlite::{OptionalExtension, params};

pub(in crate::store) const AFTER: &str = "SELECT line.*, thread.seen FROM listing JOIN line ON line.case_id = listing.case_id LEFT JOIN thread ON thread.thread_id = line.thread_id \
     WHERE listing.view = ?1 AND (listing.sort, listing.case_id) >= (?2, ?3) ORDER BY listing.sort, listing.case_id";
pub(in crate::store) const BEFORE: &str = "SELECT line.*, thread.seen FROM listing JOIN line ON line.case_id = listing.case_id LEFT JOIN thread ON thread.thread_id = line.thread_id \
     WHERE listing.view = ?1 AND (listing.sort, listing.case_id) < (?2, ?3) ORDER BY listing.sort DESC, listing.case_id DESC";
const SEEN: usize = 29;

const FIRST: (i64, i64) = (i64::MIN, i64::MIN);
const LAST: (i64, i64) = (i64::MAX, i64::MAX);

impl Cache {
    /// The window without what the outbox knows of its rows.
    pub(in crate::store) fn window(&self, ask: &WindowAsk, marks: &Marks) -> Result<Window, Cause> {
        let _still = self.still()?;
        let whole = ask.before + ask.after;
        let (from, before, after) = match ask.anchor {
            Anchor::Top => (FIRST, 0, whole),
            Anchor::Bottom => (LAST, whole, 0),
            Anchor::At(case) => match self.place(ask.view, case)? {
                Some(place) => (place, ask.before, ask.after + 1),
                None => (FIRST, 0, whole),
            },
        };
        let reading = Reading { cache: self, ask, marks, baseline: self.meta("baseline")?, me: self.my_id() };
        let (mut rows, more_before) = reading.rows(BEFORE, from, before, |line, unread| reading.row(line, unread))?;
        rows.reverse();
        let standing = rows.len();
        let (behind, more_after) = reading.rows(AFTER, from, after, |line, unread| reading.row(line, unread))?;
        rows.extend(behind);
        let (counts, news) = self.counts()?;
        let at = if matches!(ask.anchor, Anchor::Bottom) { rows.len() } else { standing };
        let at = at.min(rows.len().saturating_sub(1));
        Ok(Window { view: ask.view, filter: ask.filter.clone(), rows, more_before, more_after, at, counts, news })
    }

    /// The first lines of a list that meet the filter, from a place on; and whether there are more.
    pub(super) fn lines(&self, view: View, filter: &Filter, from: Option<(i64, i64)>, limit: usize, marks: &Marks) -> Result<(Vec<Line>, bool), Cause> {
        let _still = self.still()?;
        let ask = WindowAsk { view, filter: filter.clone(), ..WindowAsk::default() };
        let reading = Reading { cache: self, ask: &ask, marks, baseline: self.meta("baseline")?, me: self.my_id() };
        reading.rows(AFTER, from.unwrap_or(FIRST), limit, |line, _| line)
    }

    /// Where the list has the case, or had it last.
    pub(super) fn place(&self, view: View, case: CaseId) -> Result<Option<(i64, i64)>, Cause> {
        let line = self.db.prepare_cached("SELECT * FROM line WHERE case_id = ?1")?.query_row([case.0], Line::read).optional()?;
        Ok(line.and_then(|line| line.place.sorts[view as usize]).map(|sort| (sort, case.0)))
    }
}

struct Reading<'r> {
    cache: &'r Cache,
    ask: &'r WindowAsk,
    /// Threads that the agent marked as unread.
    marks: &'r Marks,
    baseline: Option<i64>,
    me: Option<UserId>,
}

impl Reading<'_> {
    /// Up to `limit` rows that meet the filter, and whether there are more.
    fn rows<T>(&self, sql: &str, from: (i64, i64), limit: usize, make: impl Fn(Line, bool) -> T) -> Result<(Vec<T>, bool), Cause> {
        let mut found = Vec::with_capacity(limit.min(1000));
        let mut select = self.cache.db.prepare_cached(sql)?;
        let mut rows = select.query(params![self.ask.view as u8, from.0, from.1])?;
        while let Some(row) = rows.next()? {
            let line = Line::read(row)?;
            let unread = self.marks.contains_key(&line.facts.thread) || is_unread(&line, row.get(SEEN)?, self.baseline);
            if !meets(&line, unread, &self.ask.filter) {
                continue;
            }
            if found.len() == limit {
                return Ok((found, true));
            }
            found.push(make(line, unread));
        }
        Ok((found, false))
    }

    fn row(&self, line: Line, unread: bool) -> Row {
        let due = line.due(&self.cache.targets).and_then(date);
        let mine = self.me.is_some_and(|me| line.facts.owners.contains(&format!(" {me} ")));
        let snippet = snippet(&line).into();
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

fn snippet(line: &Line) -> String {
    let said = line.talk.said.as_ref().or(line.facts.opening.as_ref()).filter(|said| !said.trim().is_empty());
    said.unwrap_or(&line.facts.title).clone()
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

fn meets(line: &Line, unread: bool, filter: &Filter) -> bool {
    filter.terms.iter().all(|term| match term {
        Term::Status(status) => line.facts.status == status.as_str(),
        Term::Channel(channel) => line.facts.channel == channel.as_str(),
        Term::View(view) => line.facts.views & mask(*view) != 0,
        Term::Unread => unread,
        Term::Words(words) => has_words(line, words),
    })
}

fn has_words(line: &Line, words: &str) -> bool {
    let facts = &line.facts;
    let texts = [Some(&facts.contact), Some(&facts.title), line.talk.said.as_ref(), facts.opening.as_ref(), facts.owner.as_ref()];
    texts.into_iter().flatten().any(|text| text.to_lowercase().contains(words)) || words.strip_prefix('#').is_some_and(|id| id == line.case.to_string())
}
