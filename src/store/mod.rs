//! SECOND FLOOR: disk. Two files: the outbox, precious, every commit of it survives a power cut; and the cache, a mirror of the
//! server that may be thrown away at any time. What is shown is projected from both by one function. Synchronous; no network,
//! no terminal, no clock: the time is handed in. One [`Store`] per process; a pull writes through its own [`Sink`].

mod cache;
mod drafts;
mod error;
mod file;
mod gate;
mod index;
mod journal;
mod outbox;
mod project;
mod search;
mod settle;
mod sink;

pub use error::{Cause, StoreError, met_damage};
pub use search::Hit;
pub use sink::{Report, Sink};

use crate::fault;
use crate::model::{Actor, Case, CaseId, Conversation, Counts, Draft, Message, Op, OpId, OpState, Person, Row, ThreadId, Timestamp, View, Window, WindowAsk};
use cache::Cache;
use error::Doing;
use gate::Gate;
use outbox::Outbox;
use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::sync::Arc;

type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What a store is opened with.
#[derive(Debug, Clone)]
pub struct Opening {
    pub outbox: PathBuf,
    pub cache: PathBuf,
    pub account: String,
    /// Who we are, when it is known; else it is learned and kept.
    pub me: Option<Actor>,
    pub targets: Targets,
    pub now: Timestamp,
}

/// Within how many seconds a customer is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Targets {
    pub chat: i64,
    pub email: i64,
    pub voip: i64,
    pub other: i64,
}

impl Default for Targets {
    fn default() -> Self {
        Self { chat: 300, email: 14_400, voip: 3_600, other: 3_600 }
    }
}

impl Targets {
    fn of(&self, channel: &str) -> i64 {
        match channel {
            "chat" => self.chat,
            "email" => self.email,
            "voip" => self.voip,
            _ => self.other,
        }
    }

    fn seconds(&self) -> [i64; 4] {
        [self.chat, self.email, self.voip, self.other]
    }
}

/// Both files, for the loop.
pub struct Store {
    cache: Cache,
    outbox: Outbox,
    gate: Arc<Gate>,
    opening: Opening,
    sender: Option<File>,
    versions: (i64, i64),
}

impl Store {
    /// A cache that shows itself damaged is put aside by the second attempt.
    pub fn open(opening: &Opening) -> Result<Self> {
        Self::attempt(opening).or_else(|error| if error.source.is_damage() { Self::attempt(opening) } else { Err(error) })
    }

    fn attempt(opening: &Opening) -> Result<Self> {
        let outbox = Outbox::open(opening).doing("opening the outbox")?;
        let cache = Cache::open(opening).doing("opening the cache")?;
        let mut store = Self { cache, outbox, gate: Arc::default(), opening: opening.clone(), sender: None, versions: (0, 0) };
        store.heal(opening.now).doing("opening the cache")?;
        if let Some(me) = opening.me.as_ref().filter(|me| Some(*me) != store.cache.me.as_ref()) {
            store.set_me(me, opening.now)?;
        }
        store.changed_elsewhere()?;
        Ok(store)
    }

    /// Projects again what a crash between the two files may have left behind, and what another setting orders differently.
    fn heal(&mut self, now: Timestamp) -> Result<(), Cause> {
        let mut cases: Vec<CaseId> = self.outbox.live_cases()?.into_iter().collect();
        cases.extend(self.cache.ids("SELECT case_id FROM line WHERE overlay = 1", [])?);
        self.project(&cases, now)?;
        let targets = self.opening.targets.seconds();
        if self.cache.meta("targets")? != Some(targets) {
            let open = self.cache.ids("SELECT case_id FROM listing WHERE view IN (?1, ?2)", [View::Active as u8, View::Pending as u8])?;
            self.project(&open, now)?;
            self.cache.change(|| self.cache.set_meta("targets", &targets))?;
        }
        Ok(())
    }

    /// Our own acts, and time, move the lists at once.
    fn project(&self, cases: &[CaseId], now: Timestamp) -> Result<(), Cause> {
        if cases.is_empty() {
            return Ok(());
        }
        let _turn = self.gate.first();
        self.cache.change(|| self.project_all(cases, now))
    }

    fn project_all(&self, cases: &[CaseId], now: Timestamp) -> Result<(), Cause> {
        for case in cases {
            project::project(&self.cache, &self.outbox, *case, now, true)?;
        }
        Ok(())
    }

    pub fn me(&self) -> Option<Actor> {
        self.cache.me.clone()
    }

    /// Says who we are; what is ours and what we snoozed is projected again.
    pub fn set_me(&mut self, me: &Actor, now: Timestamp) -> Result<()> {
        let known = self.cache.me.as_ref().map(|me| me.id);
        self.cache.me = Some(me.clone());
        let sql = "SELECT case_id FROM listing WHERE view = ?1 UNION SELECT case_id FROM line WHERE snoozed IS NOT NULL UNION SELECT case_id FROM news";
        let write = || {
            self.cache.set_meta("me", me)?;
            let cases = if known == Some(me.id) { Vec::new() } else { self.cache.ids(sql, [View::Active as u8])? };
            self.project_all(&cases, now)
        };
        let _turn = self.gate.first();
        self.cache.change(write).doing("writing the cache")
    }

    pub fn window(&self, ask: &WindowAsk, now: Timestamp) -> Result<Window> {
        let mut window = self.cache.window(ask).doing("reading the list")?;
        self.mark(&mut window.rows, now).doing("reading the outbox")?;
        Ok(window)
    }

    /// What only the outbox and the clock know of the rows.
    fn mark(&self, rows: &mut [Row], now: Timestamp) -> Result<(), Cause> {
        let cases = serde_json::to_string(&rows.iter().map(|row| row.id).collect::<Vec<_>>())?;
        let unsent = self.outbox.unsent(&cases)?;
        let drafted = self.outbox.drafted(&cases)?;
        for row in rows {
            row.unsent = unsent.get(&row.id).copied().unwrap_or_default();
            row.draft = drafted.contains(&row.id);
            row.snoozed_until = row.snoozed_until.filter(|until| *until > now);
        }
        Ok(())
    }

    pub fn counts(&self) -> Result<Counts> {
        Ok(self.cache.counts().doing("reading the list")?.0)
    }

    /// Lets the lists follow the news; gives how many there were.
    pub fn fold(&mut self, now: Timestamp) -> Result<u64> {
        self.due_snoozes(now)?;
        let _turn = self.gate.first();
        self.cache.change(|| self.cache.fold()).doing("writing the cache")
    }

    /// Brings back the cases whose snooze ended; gives when the next one ends.
    pub fn due_snoozes(&mut self, now: Timestamp) -> Result<Option<Timestamp>> {
        let due = self.cache.ids("SELECT case_id FROM line WHERE snoozed <= ?1", [now.timestamp_millis()]).doing("reading the list")?;
        self.project(&due, now).doing("writing the cache")?;
        let next =
            self.cache.ids_of("SELECT snoozed FROM line WHERE snoozed > ?1 ORDER BY snoozed LIMIT 1", [now.timestamp_millis()]).doing("reading the list")?;
        Ok(next.first().copied().and_then(cache::date))
    }

    /// The whole chain of the case, confirmed only.
    pub fn conversation(&self, case: CaseId) -> Result<Option<Conversation>> {
        self.cache.conversation(case).doing("reading the case")
    }

    /// The confirmed document.
    pub fn case(&self, id: CaseId) -> Result<Option<Case>> {
        self.cache.case(id).doing("reading the case")
    }

    /// Confirmed and pending, replayed.
    pub fn shown(&self, id: CaseId) -> Result<Option<Case>> {
        project::shown(&self.cache, &self.outbox, id).doing("reading the case")
    }

    /// The agent had the thread on the screen up to this message.
    pub fn seen(&mut self, thread: ThreadId, until: Timestamp) -> Result<()> {
        let _turn = self.gate.first();
        self.cache.change(|| self.cache.see(thread, until)).doing("writing the cache")
    }

    pub fn agents(&self) -> Result<Vec<Person>> {
        self.cache.agents().doing("reading the cache")
    }

    /// The names of agents; active cases that show only a number get the name.
    pub fn set_agents(&mut self, agents: &[Person]) -> Result<()> {
        let _turn = self.gate.first();
        self.cache.change(|| self.cache.set_agents(agents)).doing("writing the cache")
    }

    /// One durable transaction; each operation gets its place in the order. Then the projection.
    pub fn queue(&mut self, ops: &mut [Op], now: Timestamp) -> Result<()> {
        self.look_at(ops);
        self.outbox.queue(ops).doing("saving the outbox")?;
        fault::point("outbox: queued");
        let cases: Vec<CaseId> = ops.iter().map(Op::case).collect();
        self.reproject(&cases, now);
        Ok(())
    }

    /// Ends one operation and takes others in, in one transaction; `false` when it stood in none of `from`, and nothing happened.
    pub fn swap(&mut self, op: &Op, from: &[OpState], into: &mut [Op], now: Timestamp) -> Result<bool> {
        self.look_at(into);
        let swapped = self.outbox.swap(op, from, into).doing("saving the outbox")?;
        fault::point("outbox: swapped");
        if swapped {
            let cases: Vec<CaseId> = into.iter().map(Op::case).chain([op.case()]).collect();
            self.reproject(&cases, now);
        }
        Ok(swapped)
    }

    /// What the screen was drawn from goes with the operation: others may change it before it is sent.
    fn look_at(&self, ops: &mut [Op]) {
        for op in ops.iter_mut().filter(|op| op.saw.is_none()) {
            match self.cache.saw(op) {
                Ok(saw) => op.saw = saw,
                Err(cause) => tracing::warn!("the cache did not say what the agent saw: {cause}"),
            }
        }
    }

    /// Does the server give our marker back, as far as it was learned?
    pub fn marker(&self) -> Result<Option<bool>> {
        self.outbox.learned().doing("reading the outbox")
    }

    pub fn learn_marker(&mut self, marker: bool) -> Result<()> {
        self.outbox.learn(marker).doing("saving the outbox")
    }

    /// Moves an operation, if it stands in one of `from`; the whole row is replaced.
    pub fn advance(&mut self, op: &Op, from: &[OpState]) -> Result<bool> {
        let moved = self.outbox.change(|| self.outbox.step(op, from)).doing("saving the outbox")?;
        fault::point_at("outbox: now", op.state.as_str());
        if moved {
            self.reproject(&[op.case()], op.changed);
        }
        Ok(moved)
    }

    /// Moves an operation and writes down what the server said. The cache commits first: what it holds then is true in any case,
    /// and an operation whose message is confirmed is shown once.
    pub fn settle(&mut self, op: &Op, from: &[OpState], case: Option<&Case>, message: Option<&Message>) -> Result<bool> {
        let _turn = self.gate.first();
        let work = || {
            let moved = self.outbox.step(op, from)?;
            if moved {
                let told = self.cache.change(|| self.project_all(&settle::settle(&self.cache, op, case, message)?, op.changed));
                complain(told);
                fault::point("outcome: in the cache, not in the outbox");
            }
            Ok(moved)
        };
        let moved = self.outbox.change(work).doing("saving the outbox");
        fault::point_at("outcome: now", op.state.as_str());
        moved
    }

    /// The outbox has it already, so a failing mirror must not look like a lost reply.
    fn reproject(&self, cases: &[CaseId], now: Timestamp) {
        complain(self.project(cases, now));
        fault::point("cache: follows the outbox");
    }

    pub fn ops(&self, all: bool) -> Result<Vec<Op>> {
        self.outbox.ops(all).doing("reading the outbox")
    }

    pub fn op(&self, id: OpId) -> Result<Option<Op>> {
        self.outbox.op(id).doing("reading the outbox")
    }

    /// What a dead process was sending has an unknown end; gives how many.
    pub fn recover_sending(&mut self, now: Timestamp) -> Result<u64> {
        let cases = self.outbox.recover(now).doing("saving the outbox")?;
        fault::point("recovery: done");
        self.reproject(&cases, now);
        Ok(cases.len() as u64)
    }

    pub fn save_draft(&mut self, draft: &Draft) -> Result<()> {
        let saved = self.outbox.save_draft(draft).doing("saving the draft");
        fault::point("draft: saved");
        saved
    }

    pub fn draft(&self, case: CaseId) -> Result<Option<Draft>> {
        self.outbox.draft(case).doing("reading the draft")
    }

    pub fn drop_draft(&mut self, case: CaseId) -> Result<()> {
        self.outbox.drop_draft(case).doing("dropping the draft")
    }

    pub fn drafts(&self) -> Result<Vec<Draft>> {
        self.outbox.drafts().doing("reading the drafts")
    }

    /// Did another process, or a pull of ours, write since the last call?
    pub fn changed_elsewhere(&mut self) -> Result<bool> {
        let version = |db| file::number(db, "PRAGMA data_version");
        let read = || Ok::<_, Cause>((version(&self.outbox.db)?, version(&self.cache.db)?));
        let versions = read().doing("looking at the files")?;
        let changed = versions != self.versions;
        self.versions = versions;
        Ok(changed)
    }

    /// Becomes the one process that sends, until the store is dropped. `false`: another one is.
    pub fn try_sender(&mut self) -> Result<bool> {
        if self.sender.is_none() {
            self.sender = self.lock().doing("locking the outbox")?;
        }
        Ok(self.sender())
    }

    fn lock(&self) -> Result<Option<File>, Cause> {
        let file = file::private_options().write(true).create(true).truncate(false).open(self.outbox.path.with_extension("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    pub fn sender(&self) -> bool {
        self.sender.is_some()
    }

    /// A disk that takes nothing more, or takes it again.
    #[cfg(test)]
    pub fn refuse_writes(&self, refuse: bool) {
        self.outbox.db.pragma_update(None, "query_only", refuse).unwrap();
    }

    /// When a pull last reached everything.
    pub fn snapshot_age(&self) -> Result<Option<Timestamp>> {
        self.cache.meta("snapshot").doing("reading the cache")
    }

    /// For a pull that runs beside the loop.
    pub fn sink(&self) -> Result<Sink> {
        let cache = self.cache.beside(&self.opening).doing("opening the cache")?;
        let outbox = self.outbox.beside().doing("opening the outbox")?;
        Ok(Sink::new(cache, outbox, Arc::clone(&self.gate)))
    }

    /// Full text over messages, titles and contacts, newest first.
    pub fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>> {
        self.cache.search(words, limit).doing("searching")
    }
}

impl Drop for Store {
    /// The next one to open it looks closer.
    fn drop(&mut self) {
        if met_damage() {
            file::mark(&self.opening.cache);
        }
    }
}

fn complain(told: Result<(), Cause>) {
    if let Err(cause) = told {
        tracing::warn!("the cache did not follow the outbox: {cause}");
    }
}
