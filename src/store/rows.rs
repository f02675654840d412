//! The rows of a list with what the mirror does not know of them: what is on its way, what was begun, what the agent marked as
//! unread, and who else is at it. The marks are the agent's own and stand beside the outbox: a cache that is made anew keeps them.

use super::cache::{Cache, date};
use super::error::{Cause, Doing};
use super::outbox::Outbox;
use super::{Result, Sink, Stop, Store, seek};
use crate::model::{CaseId, Row, Sort, ThreadId, Timestamp, Window, WindowAsk, company};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// So many cases of a list are looked into for company; only what changed within the last minutes can have any.
const LOOKED_INTO: usize = 40;
/// So many threads can be marked; the mark that was made first makes room.
const MARKED: usize = 1_000;

/// Threads that the agent marked as unread, and when, in milliseconds.
pub(super) type Marks = BTreeMap<i64, i64>;

impl Store {
    pub fn window(&self, ask: &WindowAsk, now: Timestamp) -> Result<Window> {
        let beside = self.beside(&ask.filter, now).noted(&self.gate, "reading the outbox")?;
        let window = self.cache.window(ask, &beside).noted(&self.gate, "reading the list")?;
        self.marked(window, now)
    }

    /// The same; `None` when a filter, or another order, needs more steps than these.
    pub fn window_within(&self, ask: &WindowAsk, now: Timestamp, steps: u32) -> Result<Option<Window>> {
        if ask.filter.is_empty() && ask.sort == Sort::default() {
            return self.window(ask, now).map(Some);
        }
        let beside = self.beside(&ask.filter, now).noted(&self.gate, "reading the outbox")?;
        let window = self.cache.budget.within(steps, || self.cache.window(ask, &beside)).noted(&self.gate, "reading the list")?;
        window.map(|window| self.marked(window, now)).transpose()
    }

    fn marked(&self, mut window: Window, now: Timestamp) -> Result<Window> {
        mark(&self.cache, &self.outbox, &mut window.rows, now).noted(&self.gate, "reading the outbox")?;
        Ok(window)
    }

    /// The agent had the thread on the screen up to this message; what was marked as unread is not any more.
    pub fn seen(&mut self, thread: ThreadId, until: Timestamp) -> Result<()> {
        // Nearly always there is no mark, and the outbox is left alone.
        let marked = self.outbox.marks().is_ok_and(|marks| marks.contains_key(&thread.0));
        if marked && self.writable().is_ok() {
            self.mirrored(self.outbox.unmark(thread))?;
        }
        let _turn = self.gate.first();
        self.mirrored(self.cache.change(|| self.cache.see(thread, until)))
    }

    /// To be looked at once more.
    pub fn mark_unread(&mut self, thread: ThreadId, now: Timestamp) -> Result<()> {
        self.writable()?;
        self.outbox.put_mark(thread, now).noted(&self.gate, "saving the outbox")
    }

    /// Since when the thread is marked as unread.
    pub fn unread_since(&self, thread: ThreadId) -> Result<Option<Timestamp>> {
        let marks = self.outbox.marks().noted(&self.gate, "reading the outbox")?;
        Ok(marks.get(&thread.0).copied().and_then(date))
    }

    /// The thread of a case in the mirror.
    pub fn thread_of(&self, case: CaseId) -> Result<Option<ThreadId>> {
        self.cache.thread_of(case).noted(&self.gate, "reading the case")
    }
}

impl Sink {
    /// The same window, beside the loop.
    pub fn window(&self, ask: &WindowAsk, now: Timestamp) -> Result<Window> {
        let beside = seek::beside(&self.outbox, now).doing("reading the outbox")?;
        let mut window = self.cache.window(ask, &beside).doing("reading the list")?;
        mark(&self.cache, &self.outbox, &mut window.rows, now).doing("reading the outbox")?;
        Ok(window)
    }

    /// For whoever may lose interest in what it reads.
    pub fn stop(&self) -> Stop {
        self.cache.budget.stop()
    }
}

/// What only the outbox and the clock know of the rows.
fn mark(cache: &Cache, outbox: &Outbox, rows: &mut [Row], now: Timestamp) -> Result<(), Cause> {
    let cases = serde_json::to_string(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
    let unsent = outbox.unsent(&cases)?;
    let drafted = outbox.drafted(&cases)?;
    let mut looked = 0;
    for row in rows {
        row.unsent = unsent.get(&row.id).copied().unwrap_or_default();
        row.draft = drafted.contains(&row.id);
        row.snoozed_until = row.snoozed_until.filter(|until| *until > now);
        if looked < LOOKED_INTO && row.updated.is_some_and(|at| at > now - company::LATELY) {
            looked += 1;
            row.company = cache.case(row.id)?.and_then(|case| company::company(&case, [], cache.my_id(), now));
        }
    }
    Ok(())
}

impl Outbox {
    pub(super) fn marks(&self) -> Result<Marks, Cause> {
        let mut select = self.db.prepare_cached("SELECT value FROM meta WHERE key = 'unread ' || ?1")?;
        let known: Option<String> = select.query_row([&self.account], |row| row.get(0)).optional()?;
        Ok(known.and_then(|known| serde_json::from_str(&known).ok()).unwrap_or_default())
    }

    fn put_mark(&self, thread: ThreadId, now: Timestamp) -> Result<(), Cause> {
        self.change(|| {
            let mut marks = self.marks()?;
            marks.insert(thread.0, now.timestamp_millis());
            while marks.len() > MARKED {
                let Some(oldest) = marks.iter().min_by_key(|(_, at)| **at).map(|(thread, _)| *thread) else { break };
                marks.remove(&oldest);
            }
            self.set_marks(&marks)
        })
    }

    fn unmark(&self, thread: ThreadId) -> Result<(), Cause> {
        self.change(|| {
            let mut marks = self.marks()?;
            marks.remove(&thread.0);
            self.set_marks(&marks)
        })
    }

    fn set_marks(&self, marks: &Marks) -> Result<(), Cause> {
        self.db.execute("REPLACE INTO meta (key, value) VALUES ('unread ' || ?1, ?2)", params![self.account, serde_json::to_string(marks)?])?;
        Ok(())
    }
}
