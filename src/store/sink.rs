//! Where a pull pours in what it read, beside the loop: connections of its own, bulk transactions between which the loop may write.
//! It never turns time back: what we settled after the pull began is left alone.

use super::cache::Cache;
use super::cache::documents::Put;
use super::cache::line::Line;
use super::cache::messages::{Heard, Place, key};
use super::error::{Cause, Doing};
use super::gate::Gate;
use super::outbox::Outbox;
use super::project::{project, project_put};
use super::{Result, StoreError};
use crate::fault;
use crate::model::{Actor, Case, CaseId, Channel, Message, MessageId, OpId, OpState, Spoke, Tag, ThreadId, Timestamp};
use rusqlite::{OptionalExtension, params};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Rows of a transaction while the cache is filled for the first time, and later, when the loop writes too.
const FILLING: usize = 4000;
const FOLLOWING: usize = 400;
const DOING: &str = "writing the cache";

/// The cases among which those to read are: open as they are shown, changed since, or with operations of ours over them.
pub(super) const RECENT: &str = "SELECT case_id FROM line WHERE needs = 1 AND status < 'closed' UNION ALL SELECT case_id FROM line WHERE needs = 1 AND status > 'closed' \
     UNION ALL SELECT case_id FROM line WHERE needs = 1 AND status = 'closed' AND updated >= ?1 UNION ALL SELECT case_id FROM line WHERE overlay = 1";

/// A pull's door to the cache.
pub struct Sink {
    pub(super) cache: Cache,
    pub(super) outbox: Outbox,
    pub(super) gate: Arc<Gate>,
    generation: i64,
    /// May the lists move at once? As the last call of [`Sink::cases`] said; before it, while there is nothing to disturb.
    fold: bool,
    filling: bool,
    /// Are words held back from the index?
    holding: bool,
    sighted: RefCell<Vec<(OpId, MessageId)>>,
    /// The tags that cases were seen to have.
    tags: RefCell<BTreeMap<String, Tag>>,
}

/// What a bulk write changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub changed: Vec<CaseId>,
    /// How many of them were not known.
    pub new: u64,
}

/// What one transaction looks at again and again.
struct Run {
    generation: i64,
    fold: bool,
    now: Timestamp,
    /// Cases with operations of ours.
    live: HashSet<CaseId>,
    /// Was anything settled since the pull began?
    settled: bool,
}

impl Sink {
    pub(super) fn new(cache: Cache, outbox: Outbox, gate: Arc<Gate>) -> Self {
        Self { cache, outbox, gate, generation: 0, fold: false, filling: false, holding: false, sighted: RefCell::default(), tags: RefCell::default() }
    }

    /// Notes when this pull began.
    pub fn begin(&mut self) -> Result<()> {
        let turn = self.gate.after_you();
        let begun = self.cache.change(|| {
            let generation = self.cache.generation()? + 1;
            self.cache.set_meta("generation", &generation)?;
            Ok((generation, self.cache.meta::<Timestamp>("snapshot")?.is_none()))
        });
        drop(turn);
        (self.generation, self.filling) = begun.noted(&self.gate, DOING)?;
        self.fold = self.filling;
        if self.filling && !self.holding && !self.gate.holding.swap(true, Ordering::SeqCst) {
            self.holding = true;
            self.hold().noted(&self.gate, DOING)?;
        }
        Ok(())
    }

    /// A process that died after it wrote down what it read took its sightings with it: once in each process, what the outbox does
    /// not know of is sighted again.
    pub fn recall(&self) -> Result<()> {
        if self.gate.recalled.swap(true, Ordering::SeqCst) { Ok(()) } else { self.compare().doing("reading the outbox") }
    }

    fn compare(&self) -> Result<(), Cause> {
        for op in self.outbox.provable()? {
            let seen = self.cache.ids_of("SELECT DISTINCT key >> 2 FROM message WHERE op_id = ?1", [op.id().to_string()])?;
            let known = if op.state == OpState::Sent { op.twins as usize + 1 } else { 0 };
            if seen.len() > known {
                self.sighted.borrow_mut().extend(seen.into_iter().map(|message| (op.id(), MessageId(message))));
            }
        }
        Ok(())
    }

    /// Whom the server says we are: whose cases are mine depends on it from now on.
    pub fn acts_as(&mut self, me: &Actor) {
        self.cache.me = Some(me.clone());
    }

    fn hold(&self) -> Result<(), Cause> {
        if self.cache.has_lost_words()? {
            self.cache.reindex()?;
        }
        let _turn = self.gate.after_you();
        self.cache.change(|| self.cache.hold_words())
    }

    /// Documents of a list. Without `fold`, cases that are new or would move in a list become news.
    pub fn cases(&mut self, cases: &[Case], fold: bool, now: Timestamp) -> Result<Report> {
        self.fold = fold;
        let mut report = Report::default();
        for some in cases.chunks(self.chunk()) {
            self.write(now, |run| {
                self.cache.see_tags(some.iter(), &mut self.tags.borrow_mut())?;
                some.iter().try_for_each(|case| self.take_case(case, run, &mut report))
            })?;
        }
        Ok(report)
    }

    /// Did the server ever tell the words of the account?
    pub fn knows_account(&self) -> Result<bool> {
        self.cache.knows_account().doing("reading the cache")
    }

    fn take_case(&self, case: &Case, run: &Run, report: &mut Report) -> Result<(), Cause> {
        let put = self.cache.put_case(case, Some(self.generation))?;
        report.new += u64::from(matches!(put, Put::New(_)));
        let projected = match put {
            Put::Kept => false,
            _ if run.live.contains(&case.id) => project(&self.cache, &self.outbox, case.id, run.now, run.fold)?,
            _ => project_put(&self.cache, &self.outbox, &put, run.now, run.fold)?,
        };
        let heard = self.hear(&case.messages, run)?;
        if projected || !heard.is_empty() || !matches!(put, Put::Kept) {
            report.changed.push(case.id);
        }
        Ok(())
    }

    /// Messages of any cases; gives the cases where something was new.
    pub fn messages(&mut self, messages: &[Message], now: Timestamp) -> Result<Vec<CaseId>> {
        let mut changed = Vec::new();
        for some in messages.chunks(self.chunk()) {
            changed.extend(self.write(now, |run| self.hear(some, run))?);
        }
        changed.sort_unstable();
        changed.dedup();
        Ok(changed)
    }

    /// The complete transcript of a case, without its mails: what the server no longer has goes. With it the case counts as read:
    /// its mails are to be written before, or a crash between the two hides them until the case changes once more.
    pub fn whole_case(&mut self, case: CaseId, messages: &[Message], now: Timestamp) -> Result<()> {
        self.write(now, |run| {
            self.hear(messages, run)?;
            if run.guards(&self.cache, case)? {
                return Ok(());
            }
            let thread = self.cache.thread_of(case)?.unwrap_or(ThreadId(case.0));
            let known = self.cache.keys_of(thread, case, Some(false))?;
            if self.remove_all_but(known, messages)? {
                project(&self.cache, &self.outbox, case, now, run.fold)?;
            }
            self.cache.db.prepare_cached("UPDATE line SET needs = 0 WHERE case_id = ?1 AND needs = 1")?.execute([case.0])?;
            Ok(())
        })
    }

    /// The complete list of a thread's mails.
    pub fn mails(&mut self, thread: ThreadId, mails: &[Message], now: Timestamp) -> Result<()> {
        self.write(now, |run| {
            let cases = self.cache.ids("SELECT case_id FROM confirmed WHERE thread_id = ?1 ORDER BY case_id", [thread.0])?;
            let last = cases.last().copied().unwrap_or(CaseId(thread.0));
            let mails: Vec<Message> = mails.iter().map(|mail| at_home(mail, thread, last)).collect();
            self.hear(&mails, run)?;
            let mut guarded = false;
            for case in &cases {
                guarded |= run.guards(&self.cache, *case)?;
            }
            if !guarded && self.remove_all_but(self.cache.mails_of(thread)?, &mails)? {
                for case in cases {
                    project(&self.cache, &self.outbox, case, now, run.fold)?;
                }
            }
            Ok(())
        })
    }

    /// Everything of this thread was read at `at`.
    pub fn fetched(&mut self, thread: ThreadId, at: Timestamp) -> Result<()> {
        self.write(at, |_| {
            let sql = "INSERT INTO thread (thread_id, fetched) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET fetched = excluded.fetched";
            self.cache.db.prepare_cached(sql)?.execute([thread.0, at.timestamp_millis()])?;
            self.cache.read(thread)
        })
    }

    /// Marks of our own operations that were seen in messages since the last call, every sighting.
    pub fn sighted(&mut self) -> Vec<(OpId, MessageId)> {
        self.sighted.take()
    }

    /// Customers who wrote since the last call, one entry for each case.
    pub fn spoke(&mut self) -> Vec<Spoke> {
        let spoke = self.cache.spoke.take();
        let last = |at: usize, spoke: &[Spoke]| spoke[at + 1..].iter().all(|other| other.case != spoke[at].case);
        (0..spoke.len()).filter(|at| last(*at, &spoke)).map(|at| spoke[at].clone()).collect()
    }

    pub fn cursor(&self, name: &str) -> Result<Option<String>> {
        let mut select = self.cache.db.prepare_cached("SELECT value FROM cursor WHERE name = ?1").noted(&self.gate, "reading the cache")?;
        select.query_row([name], |row| row.get(0)).optional().noted(&self.gate, "reading the cache")
    }

    pub fn set_cursor(&mut self, name: &str, value: &str) -> Result<()> {
        let _turn = self.gate.after_you();
        let set = || Ok(self.cache.db.prepare_cached("REPLACE INTO cursor (name, value) VALUES (?1, ?2)")?.execute([name, value])?);
        self.cache.change(set).map(drop).noted(&self.gate, DOING)
    }

    /// Confirmed and not closed.
    pub fn open_cases(&self) -> Result<Vec<CaseId>> {
        self.cache.ids("SELECT case_id FROM confirmed WHERE status <> 'closed' ORDER BY case_id", []).noted(&self.gate, "reading the cache")
    }

    /// Cases whose messages were never read or that changed after they were: open ones and those changed since, or all. Open ones first, newest first.
    pub fn needs_messages(&self, since: Timestamp, all: bool) -> Result<Vec<(CaseId, ThreadId, Channel)>> {
        let those = if all { "SELECT case_id FROM line WHERE needs = 1" } else { RECENT };
        let sql = format!(
            "SELECT line.case_id, line.thread_id, line.channel FROM line JOIN confirmed ON confirmed.case_id = line.case_id WHERE line.case_id IN ({those}) \
             AND line.needs = 1 AND (?2 OR confirmed.status <> 'closed' OR confirmed.date_updated >= ?1) ORDER BY confirmed.status = 'closed', line.updated DESC"
        );
        let read = || -> Result<_, Cause> {
            let mut select = self.cache.db.prepare_cached(&sql)?;
            let rows = select.query_map(params![since.timestamp_millis(), all], |row| {
                Ok((CaseId(row.get(0)?), ThreadId(row.get(1)?), Channel::from(row.get::<_, String>(2)?)))
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        };
        read().noted(&self.gate, "reading the cache")
    }

    /// The server no longer has it.
    pub fn forget(&mut self, case: CaseId) -> Result<()> {
        let _turn = self.gate.after_you();
        self.cache.change(|| self.cache.forget(case)).noted(&self.gate, DOING)
    }

    /// A pull reached everything.
    pub fn complete(&mut self, at: Timestamp) -> Result<()> {
        let _turn = self.gate.after_you();
        self.whole()?;
        let complete = || {
            self.cache.release_words()?;
            self.cache.set_meta("snapshot", &at)
        };
        fault::point("pull: before its end");
        self.cache.change(complete).noted(&self.gate, DOING)?;
        fault::point("pull: ended");
        self.filling = false;
        self.fold = false;
        Ok(())
    }

    /// What is poured into a cache that was put aside is lost.
    fn whole(&self) -> Result<()> {
        if self.gate.is_left() { Err(Cause::Anew).doing(DOING) } else { Ok(()) }
    }

    fn chunk(&self) -> usize {
        if self.filling { FILLING } else { FOLLOWING }
    }

    /// One transaction. What the other side knows is read after the lock is ours: whoever comes later, projects later.
    fn write<T>(&self, now: Timestamp, work: impl FnOnce(&Run) -> Result<T, Cause>) -> Result<T, StoreError> {
        let _turn = self.gate.after_you();
        let write = || {
            let settled = self.cache.meta::<i64>("settled")?.is_some_and(|settled| settled >= self.generation);
            if self.cache.meta::<i64>("baseline")?.is_none() {
                self.cache.set_meta("baseline", &now.timestamp_millis())?;
            }
            work(&Run { generation: self.generation, fold: self.fold, now, live: self.outbox.live_cases()?, settled })
        };
        self.whole()?;
        self.cache.change(write).noted(&self.gate, DOING)
    }

    fn hear(&self, messages: &[Message], run: &Run) -> Result<Vec<CaseId>, Cause> {
        let mut by_case: BTreeMap<CaseId, Vec<&Message>> = BTreeMap::new();
        for message in messages {
            by_case.entry(message.case_id).or_default().push(message);
        }
        let mut changed = Vec::new();
        for (case, messages) in by_case {
            if self.hear_case(case, &messages, run)? {
                changed.push(case);
            }
        }
        Ok(changed)
    }

    fn hear_case(&self, case: CaseId, messages: &[&Message], run: &Run) -> Result<bool, Cause> {
        let old = self.cache.line(case)?;
        let guarded = if run.guards(&self.cache, case)? { Some(run.generation) } else { None };
        let thread = |message: &Message| match &old {
            Some(line) => ThreadId(line.facts.thread),
            None if message.thread_id.0 == 0 => ThreadId(case.0),
            None => message.thread_id,
        };
        let mut talk = old.as_ref().map(|line| line.talk.clone()).unwrap_or_default();
        let (mut changed, mut certain) = (false, true);
        for message in messages {
            self.sight(message)?;
            let heard = self.cache.put_message(message, Place { thread: thread(message), op: None, guarded })?;
            changed |= heard != Heard::Kept;
            certain &= heard == Heard::Kept || heard == Heard::New && talk.message(message);
        }
        let Some(old) = old.filter(|_| changed) else { return Ok(changed) };
        // A word of the customer may end a snooze.
        if !certain || old.facts.overlay || old.facts.snoozed.is_some() || run.live.contains(&case) {
            project(&self.cache, &self.outbox, case, run.now, run.fold)?;
        } else {
            self.cache.lay(Some(&old), Line { talk, ..old.clone() }, run.fold)?;
        }
        Ok(true)
    }

    fn sight(&self, message: &Message) -> Result<(), Cause> {
        if let Some(op) = message.op_id()
            && self.outbox.has(op)?
        {
            self.sighted.borrow_mut().push((op, message.id));
        }
        Ok(())
    }

    fn remove_all_but(&self, known: Vec<i64>, messages: &[Message]) -> Result<bool, Cause> {
        let there: HashSet<i64> = messages.iter().map(key).collect();
        let mut removed = false;
        for key in known.into_iter().filter(|key| !there.contains(key)) {
            self.cache.remove_message(key)?;
            removed = true;
        }
        Ok(removed)
    }
}

impl Drop for Sink {
    /// A pull that was broken off still lets its words be found.
    fn drop(&mut self) {
        if self.holding {
            let _turn = self.gate.after_you();
            if let Err(cause) = self.cache.change(|| self.cache.release_words()) {
                tracing::warn!("the index will be made again: {cause}");
            }
            self.gate.holding.store(false, Ordering::SeqCst);
        }
    }
}

impl Run {
    fn guards(&self, cache: &Cache, case: CaseId) -> Result<bool, Cause> {
        Ok(self.settled && cache.is_settled_since(case, self.generation)?)
    }
}

/// A mail that does not say its case or thread belongs to the newest case of the thread it was read from.
fn at_home(mail: &Message, thread: ThreadId, last: CaseId) -> Message {
    let mut mail = mail.clone();
    mail.mail.get_or_insert_default();
    mail.thread_id = thread;
    if mail.case_id.0 == 0 {
        mail.case_id = last;
    }
    mail
}
