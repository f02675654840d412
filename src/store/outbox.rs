//! The durable outbox: every operation from the key that made it to the proof of its end. A commit here survives a power cut.
//! An operation moves by compare-and-set only, and every move leaves an event behind. A file of a newer version is not touched.

use super::error::{Cause, Doing, StoreError};
use super::file::{self, APPLICATION, Place, Settings};
use super::{Opening, Store, damage, journal, salvage};
use crate::fault;
use crate::model::{CaseId, Draft, Op, OpId, OpState, Timestamp, Unsent};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, TransactionBehavior, params};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

pub(super) const VERSION: i64 = 1;
const SCHEMA: &str = include_str!("../../assets/outbox.sql");
const SETTINGS: Settings = Settings { synchronous: "FULL", page: 4096, mmap: 0, cache_kib: 512, checkpoint: 1000 };
/// So many of the newest operations are compared with the mirror after a start.
const RECALLED: i64 = 300;
/// How long final operations are listed, in milliseconds: 30 days.
const REMEMBERED: i64 = 30 * 24 * 3600 * 1000;

pub(super) const LIVE: &str = "SELECT doc FROM op WHERE account = ?1 AND case_id = ?2 AND state NOT IN ('sent', 'cancelled') ORDER BY seq";
pub(super) const UNSENT: &str =
    "SELECT case_id, state FROM op WHERE account = ?1 AND state NOT IN ('sent', 'cancelled') AND case_id IN (SELECT value FROM json_each(?2))";

pub(super) struct Outbox {
    pub db: Connection,
    pub account: String,
    pub path: PathBuf,
    /// Which outbox this is; another file has another name.
    pub id: String,
    /// Why it can't be written to.
    pub read_only: Option<String>,
    place: Place,
    /// A write failed in a way that makes this handle unfit for another one.
    broken: Cell<bool>,
}

impl Drop for Outbox {
    fn drop(&mut self) {
        if self.holds().is_err() {
            file::let_go(&self.db);
        }
    }
}

/// One move of an operation, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// `None`: it was composed.
    pub from: Option<OpState>,
    pub to: OpState,
    pub cause: Option<String>,
    pub at: Timestamp,
}

impl Store {
    /// What became of an operation, oldest first.
    pub fn events(&self, id: OpId) -> Result<Vec<Move>, StoreError> {
        self.outbox.events(id).doing("reading the outbox")
    }
}

impl Outbox {
    pub fn open(opening: &Opening) -> Result<Self, Cause> {
        damage::look(&opening.outbox).or_else(|cause| if cause.is_disk() && opening.outbox.exists() { Ok(()) } else { Err(cause) })?;
        Self::attach(&opening.outbox, &opening.account)
    }

    fn attach(path: &Path, account: &str) -> Result<Self, Cause> {
        let (db, read_only) = file::connect_or_read(path, &SETTINGS)?;
        if read_only.is_none() && file::number(&db, "PRAGMA user_version")? == 0 {
            migrate(&db, path)?;
            fault::point("outbox: has its tables");
        }
        let id = db.query_row("SELECT value FROM meta WHERE key = 'id'", [], |row| row.get(0)).optional()?;
        let id = match (id, &read_only) {
            (None, None) => name(&db)?,
            (id, _) => id.unwrap_or_default(),
        };
        Ok(Self { db, account: account.to_owned(), path: path.to_owned(), id, read_only, place: Place::of(path), broken: Cell::default() })
    }

    /// A second connection for a pull; it only reads.
    pub fn beside(&self) -> Result<Self, Cause> {
        self.holds()?;
        let (db, read_only) = file::connect_or_read(&self.path, &SETTINGS)?;
        Ok(Self { db, account: self.account.clone(), path: self.path.clone(), id: self.id.clone(), read_only, place: self.place, broken: Cell::default() })
    }

    /// The same file behind a new handle. The old one is closed first: what it knows of the disk may be wrong.
    pub fn renew(&mut self) -> Result<(), Cause> {
        self.holds()?;
        self.broken.set(true);
        drop(std::mem::replace(&mut self.db, Connection::open_in_memory()?));
        *self = Self::attach(&self.path, &self.account)?;
        Ok(())
    }

    /// What is written into a file that no longer stands at its path is lost.
    pub fn holds(&self) -> Result<(), Cause> {
        if self.place.holds(&self.path) { Ok(()) } else { Err(Cause::Replaced { file: self.path.clone(), kept: None }) }
    }

    /// The file is gone from its path: what this handle still reads of it is kept beside it.
    pub fn gone(&self) -> Cause {
        let copy = self.path.with_extension("recovered.db");
        let write = || Ok::<_, Cause>(if copy.exists() { salvage::read(&copy)? } else { salvage::Salvage::default() });
        let kept = write().and_then(|mut kept| {
            kept.add(salvage::from(&self.db));
            kept.write(&copy)
        });
        Cause::Replaced { file: self.path.clone(), kept: kept.is_ok().then_some(copy) }
    }

    /// Somebody took the log away: what it holds is written into the file before anybody makes another one.
    pub fn with_new_log(&self) -> Result<Option<Self>, Cause> {
        if !self.place.lacks_log(&self.path) {
            return Ok(None);
        }
        self.db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        file::let_go(&self.db);
        Self::attach(&self.path, &self.account).map(Some)
    }

    /// Does a write need another handle first?
    pub fn is_shut(&self) -> bool {
        self.broken.get() || self.read_only.is_some()
    }

    /// One durable transaction.
    pub fn change<T>(&self, work: impl FnOnce() -> Result<T, Cause>) -> Result<T, Cause> {
        self.holds()?;
        if let Some(why) = &self.read_only {
            return Err(Cause::Closed(why.clone()));
        }
        let commit = || {
            let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
            let done = work()?;
            fault::point("outbox: before a commit");
            transaction.commit()?;
            Ok(done)
        };
        let done = commit().inspect_err(|cause: &Cause| self.broken.set(self.broken.get() || cause.breaks()))?;
        self.holds()?;
        Ok(done)
    }

    /// The number of the newest move.
    pub fn last_event(&self) -> Result<i64, Cause> {
        Ok(self.db.prepare_cached("SELECT coalesce(max(n), 0) FROM event")?.query_row([], |row| row.get(0))?)
    }

    /// The cases of the moves after one and up to another.
    pub fn moved(&self, after: i64, until: i64) -> Result<Vec<CaseId>, Cause> {
        let sql = "SELECT DISTINCT op.case_id FROM event JOIN op USING (op_id) WHERE event.n > ?1 AND event.n <= ?2 AND op.account = ?3";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_map(params![after, until, self.account], |row| row.get(0).map(CaseId))?.collect::<Result<_, _>>()?)
    }

    /// Takes new operations in, in their order, and the drafts they were written in out. The journal has the words first.
    pub fn queue(&self, ops: &mut [Op]) -> Result<(), Cause> {
        self.change(|| {
            journal::append(&self.path, &self.account, ops);
            self.take_in(ops)
        })
    }

    /// The same in the place of an operation that ends. `false`: it stood in none of `from`, and nothing happened.
    pub fn swap(&self, op: &Op, from: &[OpState], into: &mut [Op]) -> Result<bool, Cause> {
        self.change(|| {
            let moved = self.step(op, from)?;
            if moved {
                journal::append(&self.path, &self.account, into);
                self.take_in(into)?;
            }
            Ok(moved)
        })
    }

    fn take_in(&self, ops: &mut [Op]) -> Result<(), Cause> {
        let last = file::number(&self.db, "SELECT coalesce(max(seq), 0) FROM op")?;
        for (op, seq) in ops.iter_mut().zip(last + 1..) {
            op.seq = seq;
            insert(&self.db, &self.account, op)?;
            self.use_draft(op)?;
        }
        Ok(())
    }

    /// What was learned of this account's server.
    pub fn learned(&self) -> Result<Option<bool>, Cause> {
        let mut select = self.db.prepare_cached("SELECT value FROM meta WHERE key = 'marker ' || ?1")?;
        let known: Option<String> = select.query_row([&self.account], |row| row.get(0)).optional()?;
        Ok(known.map(|known| known == "yes"))
    }

    pub fn learn(&self, marker: bool) -> Result<(), Cause> {
        let known = if marker { "yes" } else { "no" };
        self.change(|| {
            self.db.execute("REPLACE INTO meta (key, value) VALUES ('marker ' || ?1, ?2)", params![self.account, known])?;
            Ok(())
        })
    }

    /// Moves an operation if it stands in one of `from`; belongs into a [`Outbox::change`].
    pub fn step(&self, op: &Op, from: &[OpState]) -> Result<bool, Cause> {
        let Some(old) = self.op(op.id())?.filter(|old| from.contains(&old.state)) else { return Ok(false) };
        let sql = "UPDATE op SET state = ?3, not_before = ?4, changed = ?5, server_id = ?6, doc = ?7 WHERE op_id = ?1 AND state = ?2";
        let op = &Op { seq: old.seq, ..op.clone() };
        let moved = self.db.prepare_cached(sql)?.execute(params![
            op.id().to_string(),
            old.state.as_str(),
            op.state.as_str(),
            op.not_before.map(|at| at.timestamp_millis()),
            op.changed.timestamp_millis(),
            op.server_id,
            serde_json::to_string(op)?,
        ])?;
        record(&self.db, op, Some(old.state))?;
        self.return_text(op, old.state)?;
        Ok(moved == 1)
    }

    /// What a dead process left in flight has an unknown end. Gives the cases.
    pub fn recover(&self, now: Timestamp) -> Result<Vec<CaseId>, Cause> {
        self.change(|| {
            let sql = "SELECT doc FROM op WHERE account = ?1 AND state NOT IN ('sent', 'cancelled') AND state = 'sending' ORDER BY seq";
            let mut cases = Vec::new();
            for op in self.select(sql, [&self.account])? {
                let cause = Some("the program ended while it was being sent".to_owned());
                self.step(&Op { state: OpState::Unknown, changed: now, cause, ..op.clone() }, &[OpState::Sending])?;
                cases.push(op.case());
            }
            Ok(cases)
        })
    }

    pub fn select<P: Params>(&self, sql: &str, with: P) -> Result<Vec<Op>, Cause> {
        let mut select = self.db.prepare_cached(sql)?;
        let docs = select.query_map(with, |row| row.get::<_, String>(0))?;
        docs.map(|doc| Ok(serde_json::from_str(&doc?)?)).collect()
    }

    pub fn op(&self, id: OpId) -> Result<Option<Op>, Cause> {
        let mut select = self.db.prepare_cached("SELECT doc FROM op WHERE op_id = ?1 AND account = ?2")?;
        let doc: Option<String> = select.query_row(params![id.to_string(), self.account], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
    }

    /// What became of an operation: every move from its first row on. Moments that no clock can have shown are left out.
    pub fn events(&self, id: OpId) -> Result<Vec<Move>, Cause> {
        let mut select = self.db.prepare_cached("SELECT from_state, to_state, cause, at FROM event WHERE op_id = ?1 ORDER BY n")?;
        let rows = select.query_map([id.to_string()], |row| {
            let at = Timestamp::from_timestamp_millis(row.get(3)?);
            Ok((row.get::<_, Option<String>>(0)?, row.get::<_, String>(1)?, row.get(2)?, at))
        })?;
        let known = |state: Option<String>| state.as_deref().and_then(OpState::parse);
        let mut moves = Vec::new();
        for row in rows {
            let (from, to, cause, at) = row?;
            if let (Some(to), Some(at)) = (known(Some(to)), at) {
                moves.push(Move { from: known(from), to, cause, at });
            }
        }
        Ok(moves)
    }

    pub fn has(&self, id: OpId) -> Result<bool, Cause> {
        Ok(self.db.prepare_cached("SELECT 1 FROM op WHERE op_id = ?1 AND account = ?2")?.exists(params![id.to_string(), self.account])?)
    }

    /// The operations of a case that are not final, in order.
    pub fn live(&self, case: CaseId) -> Result<Vec<Op>, Cause> {
        self.select(LIVE, params![self.account, case.0])
    }

    /// The newest operations whose marker proves something new when it is seen: those that are sent, or wait for the agent.
    pub fn provable(&self) -> Result<Vec<Op>, Cause> {
        let sql = "SELECT doc FROM op WHERE account = ?1 AND state IN ('sent', 'needs_review', 'failed') ORDER BY seq DESC LIMIT ?2";
        self.select(sql, params![self.account, RECALLED])
    }

    pub fn live_cases(&self) -> Result<HashSet<CaseId>, Cause> {
        let mut select = self.db.prepare_cached("SELECT DISTINCT case_id FROM op WHERE account = ?1 AND state NOT IN ('sent', 'cancelled')")?;
        Ok(select.query_map([&self.account], |row| row.get(0).map(CaseId))?.collect::<Result<_, _>>()?)
    }

    pub fn ops(&self, all: bool) -> Result<Vec<Op>, Cause> {
        if !all {
            return self.select("SELECT doc FROM op WHERE account = ?1 AND state NOT IN ('sent', 'cancelled') ORDER BY seq", [&self.account]);
        }
        let sql = "SELECT doc FROM op WHERE account = ?1 AND (changed >= (SELECT max(changed) FROM op WHERE account = ?1) - ?2 OR state NOT IN ('sent', 'cancelled')) ORDER BY seq";
        self.select(sql, params![self.account, REMEMBERED])
    }

    /// What the lists mark: the most pressing state of each of these cases (a JSON array of numbers).
    pub fn unsent(&self, cases: &str) -> Result<HashMap<CaseId, Unsent>, Cause> {
        let mut found = HashMap::new();
        let mut select = self.db.prepare_cached(UNSENT)?;
        let mut rows = select.query(params![self.account, cases])?;
        while let Some(row) = rows.next()? {
            let unsent = pressing(&row.get::<_, String>(1)?);
            let entry = found.entry(CaseId(row.get(0)?)).or_default();
            *entry = unsent.max(*entry);
        }
        Ok(found)
    }
}

/// The tables in an empty file, in one transaction with whoever else makes them.
fn migrate(db: &Connection, path: &Path) -> Result<(), Cause> {
    let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    if file::number(db, "PRAGMA user_version")? != 0 {
        return Ok(());
    }
    if file::number(db, "SELECT count(*) FROM sqlite_schema")? != 0 {
        return Err(Cause::Foreign(path.display().to_string()));
    }
    create(db)?;
    Ok(work.commit()?)
}

/// Belongs into a transaction.
pub(super) fn create(db: &Connection) -> Result<(), Cause> {
    db.execute_batch(SCHEMA)?;
    db.pragma_update(None, "application_id", APPLICATION)?;
    db.pragma_update(None, "user_version", VERSION)?;
    name(db).map(drop)
}

/// Gives an outbox its name.
fn name(db: &Connection) -> Result<String, Cause> {
    db.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('id', lower(hex(randomblob(16))))", [])?;
    Ok(db.query_row("SELECT value FROM meta WHERE key = 'id'", [], |row| row.get(0))?)
}

/// A new row, with the event that made it.
pub(super) fn insert(db: &Connection, account: &str, op: &Op) -> Result<(), Cause> {
    let sql =
        "INSERT INTO op (op_id, account, case_id, seq, kind, state, not_before, changed, server_id, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    db.prepare_cached(sql)?.execute(params![
        op.id().to_string(),
        account,
        op.case().0,
        op.seq,
        op.mutation.change.kind(),
        op.state.as_str(),
        op.not_before.map(|at| at.timestamp_millis()),
        op.changed.timestamp_millis(),
        op.server_id,
        serde_json::to_string(op)?,
    ])?;
    record(db, op, None)
}

fn record(db: &Connection, op: &Op, from: Option<OpState>) -> Result<(), Cause> {
    let sql = "INSERT INTO event (op_id, from_state, to_state, cause, at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let from = from.map(OpState::as_str);
    db.prepare_cached(sql)?.execute(params![op.id().to_string(), from, op.state.as_str(), op.cause, op.changed.timestamp_millis()])?;
    Ok(())
}

/// `into`: the verb and the table.
pub(super) fn put_draft(db: &Connection, into: &str, account: &str, draft: &Draft) -> Result<(), Cause> {
    let sql = format!("{into} (account, case_id, updated, doc) VALUES (?1, ?2, ?3, ?4)");
    db.prepare_cached(&sql)?.execute(params![account, draft.slot().0, draft.updated.timestamp_millis(), serde_json::to_string(draft)?])?;
    Ok(())
}

fn pressing(state: &str) -> Unsent {
    match OpState::parse(state) {
        Some(OpState::Failed) => Unsent::Failed,
        Some(OpState::NeedsReview) => Unsent::NeedsYou,
        Some(OpState::Unknown) => Unsent::Unknown,
        Some(OpState::Sent | OpState::Cancelled) => Unsent::None,
        _ => Unsent::Waiting,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_on_the_disk_before_it_is_believed() {
        let home = tempfile::tempdir().unwrap();
        let (outbox, cache) = (home.path().join("outbox.db"), home.path().join("cache.db"));
        let opening = Opening { outbox, cache, account: "a".into(), me: None, targets: crate::store::Targets::default(), now: Timestamp::default() };
        let outbox = Outbox::open(&opening).unwrap();
        for connection in [&outbox, &outbox.beside().unwrap()] {
            let full = 2;
            assert_eq!(file::number(&connection.db, "PRAGMA synchronous").unwrap(), full, "a power cut would forget that a reply is on its way");
        }
    }
}
