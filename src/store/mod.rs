//! SECOND FLOOR: disk. Two files: the outbox, precious, every commit of it survives a power cut; and the cache, a mirror of the
//! server that may be thrown away at any time. What is shown is projected from both by one function. Synchronous; no network,
//! no terminal, no clock: the time is handed in. One [`Store`] per process; a pull writes through its own [`Sink`].

mod backup;
mod cache;
mod damage;
mod downloads;
mod drafts;
mod error;
mod file;
mod follow;
mod gate;
mod habits;
mod index;
mod journal;
mod lists;
mod many;
mod outbox;
mod pages;
mod project;
mod record;
mod recover;
mod rows;
mod salvage;
mod search;
mod seek;
mod sender;
mod settle;
mod sink;
mod tend;

pub use backup::Keeper;
pub use cache::budget::Stop;
pub use damage::Damage;
pub use downloads::{Downloads, Part};
pub use error::{Cause, StoreError, met_damage};
pub use many::Told;
pub use outbox::Move;
pub use recover::{Recovered, recover};
pub use seek::Seeker;
pub use sender::Holder;
pub use sink::{Report, Sink};

use crate::fault;
use crate::model::{Actor, Case, CaseId, Conversation, Draft, Message, Op, OpId, OpState, Person, Timestamp, View};
use cache::Cache;
use error::Doing;
use gate::Gate;
use outbox::Outbox;
use std::fs::File;
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
    cache: Box<Cache>,
    outbox: Box<Outbox>,
    gate: Arc<Gate>,
    opening: Opening,
    sender: Option<File>,
    versions: (i64, i64),
    /// The cache was made anew, and the loop does not know yet.
    rebuilt: bool,
    /// The outbox is gone or damaged, and the loop knows.
    lost: bool,
    damage: Option<Box<Damage>>,
    /// When the backup was last looked for.
    kept: Option<Timestamp>,
}

impl Store {
    /// A cache that shows itself damaged is put aside by the second attempt.
    pub fn open(opening: &Opening) -> Result<Self> {
        Self::attempt(opening).or_else(|error| if error.source.is_damage() { Self::attempt(opening) } else { Err(error) })
    }

    fn attempt(opening: &Opening) -> Result<Self> {
        let outbox = Box::new(Outbox::open(opening).doing("opening the outbox")?);
        let cache = Box::new(Cache::open(opening).doing("opening the cache")?);
        let opening = opening.clone();
        let mut store =
            Self { cache, outbox, gate: Arc::default(), opening, sender: None, versions: (0, 0), rebuilt: false, lost: false, damage: None, kept: None };
        store.settle_in()?;
        store.changed_elsewhere()?;
        Ok(store)
    }

    /// What a cache needs that was just opened.
    fn settle_in(&mut self) -> Result<()> {
        if self.cache.read_only.is_some() {
            return Ok(());
        }
        let opening = self.opening.clone();
        self.mirrored(self.heal(opening.now))?;
        if let Some(me) = opening.me.as_ref().filter(|me| Some(*me) != self.cache.me.as_ref()) {
            self.set_me(me, opening.now)?;
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
        self.mirrored(self.cache.change(write))
    }

    /// Lets the lists follow the news; gives how many there were.
    pub fn fold(&mut self, now: Timestamp) -> Result<u64> {
        self.due_snoozes(now)?;
        let _turn = self.gate.first();
        self.mirrored(self.cache.change(|| self.cache.fold()))
    }

    /// Brings back the cases whose snooze ended; gives when the next one ends.
    pub fn due_snoozes(&mut self, now: Timestamp) -> Result<Option<Timestamp>> {
        let due = self.cache.ids("SELECT case_id FROM line WHERE snoozed <= ?1", [now.timestamp_millis()]).noted(&self.gate, "reading the list")?;
        if !due.is_empty() {
            self.mirrored(self.project(&due, now))?;
        }
        let next = self
            .cache
            .ids_of("SELECT snoozed FROM line WHERE snoozed > ?1 ORDER BY snoozed LIMIT 1", [now.timestamp_millis()])
            .noted(&self.gate, "reading the list")?;
        Ok(next.first().copied().and_then(cache::date))
    }

    /// The whole chain of the case, confirmed only.
    pub fn conversation(&self, case: CaseId) -> Result<Option<Conversation>> {
        self.cache.conversation(case, true).noted(&self.gate, "reading the case")
    }

    /// The same, of a long one only the newest messages: as much as can be read before a frame.
    pub fn newest(&self, case: CaseId) -> Result<Option<Conversation>> {
        self.cache.conversation(case, false).noted(&self.gate, "reading the case")
    }

    /// The confirmed document.
    pub fn case(&self, id: CaseId) -> Result<Option<Case>> {
        self.cache.case(id).noted(&self.gate, "reading the case")
    }

    /// Confirmed and pending, replayed.
    pub fn shown(&self, id: CaseId) -> Result<Option<Case>> {
        project::shown(&self.cache, &self.outbox, id).noted(&self.gate, "reading the case")
    }

    pub fn agents(&self) -> Result<Vec<Person>> {
        self.cache.agents().noted(&self.gate, "reading the cache")
    }

    /// The names of agents; active cases that show only a number get the name.
    pub fn set_agents(&mut self, agents: &[Person]) -> Result<()> {
        let _turn = self.gate.first();
        self.mirrored(self.cache.change(|| self.cache.set_agents(agents)))
    }

    /// One durable transaction; each operation gets its place in the order. Then the projection.
    pub fn queue(&mut self, ops: &mut [Op], now: Timestamp) -> Result<()> {
        self.writable()?;
        self.look_at(ops);
        self.outbox.queue(ops).noted(&self.gate, "saving the outbox")?;
        fault::point("outbox: queued");
        let cases: Vec<CaseId> = ops.iter().map(Op::case).collect();
        self.reproject(&cases, now);
        Ok(())
    }

    /// Ends one operation and takes others in, in one transaction; `false` when it stood in none of `from`, and nothing happened.
    pub fn swap(&mut self, op: &Op, from: &[OpState], into: &mut [Op], now: Timestamp) -> Result<bool> {
        self.writable()?;
        self.look_at(into);
        let swapped = self.outbox.swap(op, from, into).noted(&self.gate, "saving the outbox")?;
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
        self.outbox.learned().noted(&self.gate, "reading the outbox")
    }

    pub fn learn_marker(&mut self, marker: bool) -> Result<()> {
        self.writable()?;
        self.outbox.learn(marker).noted(&self.gate, "saving the outbox")
    }

    /// Moves an operation, if it stands in one of `from`; the whole row is replaced.
    pub fn advance(&mut self, op: &Op, from: &[OpState]) -> Result<bool> {
        self.writable()?;
        let moved = self.outbox.change(|| self.outbox.step(op, from)).noted(&self.gate, "saving the outbox")?;
        fault::point_at("outbox: now", op.state.as_str());
        if moved {
            self.reproject(&[op.case()], op.changed);
        }
        Ok(moved)
    }

    /// Moves an operation and writes down what the server said. The cache commits first: what it holds then is true in any case,
    /// and an operation whose message is confirmed is shown once.
    pub fn settle(&mut self, op: &Op, from: &[OpState], case: Option<&Case>, message: Option<&Message>) -> Result<bool> {
        self.writable()?;
        let _turn = self.gate.first();
        let work = || {
            let before = self.outbox.last_event()?;
            let moved = self.outbox.step(op, from)?;
            if moved {
                // The move itself is not committed yet: it is followed again, should it be undone by a crash.
                let told = self.cache.change(|| self.follow(before, settle::settle(&self.cache, op, case, message)?, op.changed));
                self.complain(told);
                fault::point("outcome: in the cache, not in the outbox");
            }
            Ok(moved)
        };
        let moved = self.outbox.change(work).noted(&self.gate, "saving the outbox");
        fault::point_at("outcome: now", op.state.as_str());
        moved
    }

    /// The outbox has it already, so a failing mirror must not look like a lost reply.
    fn reproject(&self, cases: &[CaseId], now: Timestamp) {
        self.complain(self.project(cases, now));
        fault::point("cache: follows the outbox");
    }

    pub fn ops(&self, all: bool) -> Result<Vec<Op>> {
        self.outbox.ops(all).noted(&self.gate, "reading the outbox")
    }

    pub fn op(&self, id: OpId) -> Result<Option<Op>> {
        self.outbox.op(id).noted(&self.gate, "reading the outbox")
    }

    /// What a dead process was sending has an unknown end; gives how many.
    pub fn recover_sending(&mut self, now: Timestamp) -> Result<u64> {
        self.writable()?;
        let cases = self.outbox.recover(now).noted(&self.gate, "saving the outbox")?;
        fault::point("recovery: done");
        self.reproject(&cases, now);
        Ok(cases.len() as u64)
    }

    pub fn save_draft(&mut self, draft: &Draft) -> Result<()> {
        self.writable()?;
        let saved = self.outbox.save_draft(draft).noted(&self.gate, "saving the draft");
        fault::point("draft: saved");
        saved
    }

    pub fn draft(&self, case: CaseId) -> Result<Option<Draft>> {
        self.outbox.draft(case).noted(&self.gate, "reading the draft")
    }

    pub fn drop_draft(&mut self, case: CaseId) -> Result<()> {
        self.writable()?;
        self.outbox.drop_draft(case).noted(&self.gate, "dropping the draft")
    }

    pub fn drafts(&self) -> Result<Vec<Draft>> {
        self.outbox.drafts().noted(&self.gate, "reading the drafts")
    }

    /// Becomes the one process that sends, until the store is dropped. `false`: another one is.
    pub fn try_sender(&mut self) -> Result<bool> {
        // Whoever can't write down what is being sent does not send.
        if self.sender.is_none() && self.writable().is_ok() {
            self.sender = sender::lock(&self.outbox.path).doing("locking the outbox")?;
        }
        Ok(self.sender())
    }

    /// Which process sends from this outbox, when it is another one.
    pub fn sender_elsewhere(&self) -> Option<Holder> {
        if self.sender() { None } else { sender::holder(&self.outbox.path) }
    }

    pub fn sender(&self) -> bool {
        self.sender.is_some()
    }

    /// A disk that takes nothing more, or takes it again.
    #[cfg(test)]
    pub fn refuse_writes(&self, refuse: bool) -> bool {
        self.outbox.db.pragma_update(None, "query_only", refuse).is_ok()
    }

    /// When a pull last reached everything.
    pub fn snapshot_age(&self) -> Result<Option<Timestamp>> {
        self.cache.meta("snapshot").noted(&self.gate, "reading the cache")
    }

    /// For a pull that runs beside the loop.
    pub fn sink(&self) -> Result<Sink> {
        let cache = self.cache.beside(&self.opening).noted(&self.gate, "opening the cache")?;
        let outbox = self.outbox.beside().doing("opening the outbox")?;
        Ok(Sink::new(cache, outbox, Arc::clone(&self.gate)))
    }
}

impl Drop for Store {
    /// The next one to open it looks closer.
    fn drop(&mut self) {
        if self.gate.is_suspect() {
            file::mark(&self.opening.cache, self.gate.met_unreadable());
        }
    }
}
