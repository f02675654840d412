//! The durable outbox: every operation from the key that made it to the proof of its end. A commit here survives a power cut.
//! An operation moves by compare-and-set only, and every move leaves an event behind. A file of a newer version is not touched.

use super::error::Cause;
use super::file::{self, APPLICATION, Settings};
use super::{Opening, journal};
use crate::fault;
use crate::model::{CaseId, Op, OpId, OpState, Timestamp, Unsent};
use rusqlite::{Connection, OptionalExtension, Params, Transaction, TransactionBehavior, params};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

const VERSION: i64 = 1;
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
}

impl Outbox {
    pub fn open(opening: &Opening) -> Result<Self, Cause> {
        let name = || opening.outbox.display().to_string();
        match file::versions(&opening.outbox)? {
            (0, 0) | (APPLICATION, VERSION) => {}
            (APPLICATION, found) if found > VERSION => return Err(Cause::Newer { file: name(), found, known: VERSION }),
            _ => return Err(Cause::Foreign(name())),
        }
        let outbox = Self { db: file::connect(&opening.outbox, &SETTINGS)?, account: opening.account.clone(), path: opening.outbox.clone() };
        if file::number(&outbox.db, "PRAGMA user_version")? == 0 {
            outbox.migrate(name)?;
            fault::point("outbox: has its tables");
        }
        Ok(outbox)
    }

    fn migrate(&self, name: impl Fn() -> String) -> Result<(), Cause> {
        self.change(|| {
            if file::number(&self.db, "PRAGMA user_version")? != 0 {
                return Ok(());
            }
            if file::number(&self.db, "SELECT count(*) FROM sqlite_schema")? != 0 {
                return Err(Cause::Foreign(name()));
            }
            self.db.execute_batch(SCHEMA)?;
            self.db.pragma_update(None, "application_id", APPLICATION)?;
            Ok(self.db.pragma_update(None, "user_version", VERSION)?)
        })
    }

    /// A second connection for a pull; it only reads.
    pub fn beside(&self) -> Result<Self, Cause> {
        Ok(Self { db: file::connect(&self.path, &SETTINGS)?, account: self.account.clone(), path: self.path.clone() })
    }

    /// One durable transaction.
    pub fn change<T>(&self, work: impl FnOnce() -> Result<T, Cause>) -> Result<T, Cause> {
        let transaction = Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?;
        let done = work()?;
        fault::point("outbox: before a commit");
        transaction.commit()?;
        Ok(done)
    }

    /// Takes new operations in, in their order, and the drafts they were written in out. The journal has the words first.
    pub fn queue(&self, ops: &mut [Op]) -> Result<(), Cause> {
        journal::append(&self.path, ops);
        self.change(|| self.take_in(ops))
    }

    /// The same in the place of an operation that ends. `false`: it stood in none of `from`, and nothing happened.
    pub fn swap(&self, op: &Op, from: &[OpState], into: &mut [Op]) -> Result<bool, Cause> {
        journal::append(&self.path, into);
        self.change(|| {
            let moved = self.step(op, from)?;
            if moved {
                self.take_in(into)?;
            }
            Ok(moved)
        })
    }

    fn take_in(&self, ops: &mut [Op]) -> Result<(), Cause> {
        let last = file::number(&self.db, "SELECT coalesce(max(seq), 0) FROM op")?;
        for (op, seq) in ops.iter_mut().zip(last + 1..) {
            op.seq = seq;
            self.insert(op)?;
            if op.mutation.change.adds_message() {
                self.use_draft(op)?;
            }
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

    fn insert(&self, op: &Op) -> Result<(), Cause> {
        let sql =
            "INSERT INTO op (op_id, account, case_id, seq, kind, state, not_before, changed, server_id, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        self.db.prepare_cached(sql)?.execute(params![
            op.id().to_string(),
            self.account,
            op.case().0,
            op.seq,
            op.mutation.change.kind(),
            op.state.as_str(),
            op.not_before.map(|at| at.timestamp_millis()),
            op.changed.timestamp_millis(),
            op.server_id,
            serde_json::to_string(op)?,
        ])?;
        self.record(op, None)
    }

    fn record(&self, op: &Op, from: Option<OpState>) -> Result<(), Cause> {
        let sql = "INSERT INTO event (op_id, from_state, to_state, cause, at) VALUES (?1, ?2, ?3, ?4, ?5)";
        let from = from.map(OpState::as_str);
        self.db.prepare_cached(sql)?.execute(params![op.id().to_string(), from, op.state.as_str(), op.cause, op.changed.timestamp_millis()])?;
        Ok(())
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
        self.record(op, Some(old.state))?;
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

    fn select<P: Params>(&self, sql: &str, with: P) -> Result<Vec<Op>, Cause> {
        let mut select = self.db.prepare_cached(sql)?;
        let docs = select.query_map(with, |row| row.get::<_, String>(0))?;
        docs.map(|doc| Ok(serde_json::from_str(&doc?)?)).collect()
    }

    pub fn op(&self, id: OpId) -> Result<Option<Op>, Cause> {
        let mut select = self.db.prepare_cached("SELECT doc FROM op WHERE op_id = ?1 AND account = ?2")?;
        let doc: Option<String> = select.query_row(params![id.to_string(), self.account], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
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
