//! What can still be read of a damaged outbox, row by row, around what can't. The damaged files are copied first and only the
//! copy is opened. What a page no longer in order said may be old: such an operation waits for the agent, it is never sent.

use super::error::Cause;
use super::file;
use super::outbox;
use super::pages::{Pages, Value};
use crate::model::{Draft, Op, OpId, OpState, Review};
use rusqlite::{Connection, Row};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How many numbers are tried one by one between two rows, or behind the last one, that can be read.
const PROBES: i64 = 20_000;
const DOUBT: &str = "the outbox was damaged: it may have been sent since, look before it is sent again";

/// An operation, its account, and whether the row is surely the newest one.
#[derive(Debug, Clone)]
pub(super) struct Saved {
    pub account: String,
    pub op: Op,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Salvage {
    pub ops: BTreeMap<OpId, Saved>,
    /// By account and case.
    pub drafts: BTreeMap<(String, i64), Draft>,
    pub versions: Vec<(String, Draft)>,
}

/// Writes what can be read of an outbox into a file beside it, unless that has as much already. Gives operations and drafts.
pub(super) fn beside(path: &Path, copy: &Path) -> Result<(usize, usize), Cause> {
    let found = of(path)?;
    let known = if copy.exists() { read(copy).unwrap_or_default() } else { Salvage::default() };
    if known.ops.len() + known.drafts.len() < found.ops.len() + found.drafts.len() {
        found.write(copy)?;
        return Ok((found.ops.len(), found.drafts.len()));
    }
    Ok((known.ops.len(), known.drafts.len()))
}

/// Reads the copy of a damaged outbox: what `SQLite` still finds, then what the bytes hold.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
pub(super) fn of(path: &Path) -> Result<Salvage, Cause> {
    let bytes = |tail| fs::read(file::beside(path, tail)).unwrap_or_default();
    let (base, log) = (bytes(""), bytes("-wal"));
    let copy = path.with_extension(format!("salvage-{}", std::process::id()));
    let put = |tail: &str, bytes: &[u8]| -> Result<PathBuf, Cause> {
        let name = file::beside(&copy, tail);
        std::io::Write::write_all(&mut file::private_options().write(true).create(true).truncate(true).open(&name)?, bytes)?;
        Ok(name)
    };
    let mut salvage =
        if base.is_empty() { Salvage::default() } else { put("", &base).and_then(|_| put("-wal", &log)).map(|_| read(&copy).unwrap_or_default())? };
    for tail in ["", "-wal", "-shm"] {
        fs::remove_file(file::beside(&copy, tail)).unwrap_or_default();
    }
    salvage.take_bytes(&base, &log);
    Ok(salvage)
}

/// What `SQLite` finds in a file that nobody else has open.
pub(super) fn read(path: &Path) -> Result<Salvage, Cause> {
    Ok(from(&file::reader(path)?))
}

/// The same through a handle.
pub(super) fn from(db: &Connection) -> Salvage {
    let mut salvage = Salvage::default();
    walk(db, "op", "account, doc", |row| {
        let Ok(op) = serde_json::from_str::<Op>(row.get_ref(2)?.as_str()?) else { return Ok(()) };
        salvage.ops.insert(op.id(), Saved { account: row.get(1)?, op });
        Ok(())
    });
    walk(db, "draft_version", "account, doc", |row| {
        let Ok(draft) = serde_json::from_str(row.get_ref(2)?.as_str()?) else { return Ok(()) };
        salvage.versions.push((row.get(1)?, draft));
        Ok(())
    });
    for order in ["", "DESC"] {
        each(db, &format!("SELECT account, doc FROM draft ORDER BY account {order}, case_id {order}"), |row| {
            let Ok(draft) = serde_json::from_str::<Draft>(row.get_ref(1)?.as_str()?) else { return Ok(()) };
            salvage.drafts.insert((row.get(0)?, draft.slot().0), draft);
            Ok(())
        });
    }
    salvage
}

/// Every row of a table that can be reached: from the front, from the back, and what lies between by its number.
fn walk(db: &Connection, table: &str, columns: &str, mut take: impl FnMut(&Row) -> rusqlite::Result<()>) {
    let (mut first, mut last) = (0, i64::MAX);
    let select = format!("SELECT rowid, {columns} FROM {table} NOT INDEXED WHERE rowid");
    let whole = each(db, &format!("{select} > 0 ORDER BY rowid"), |row| {
        first = row.get(0)?;
        take(row)
    });
    if whole {
        return;
    }
    each(db, &format!("{select} > {first} ORDER BY rowid DESC"), |row| {
        last = row.get(0)?;
        take(row)
    });
    for number in (first + 1..last).take(usize::try_from(PROBES).unwrap_or(0)) {
        each(db, &format!("{select} = {number}"), &mut take);
    }
}

/// Rows until the end or the first fault of the file; a row that can't be read is left out. `false`: there was a fault.
fn each(db: &Connection, sql: &str, mut take: impl FnMut(&Row) -> rusqlite::Result<()>) -> bool {
    let Ok(mut select) = db.prepare(sql) else { return false };
    let Ok(mut rows) = select.query([]) else { return false };
    loop {
        match rows.next() {
            Ok(Some(row)) => drop(take(row)),
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

impl Salvage {
    /// Adds what only the bytes hold. A state that `SQLite` does not vouch for sends nothing.
    fn take_bytes(&mut self, base: &[u8], log: &[u8]) {
        let mut loose: BTreeMap<OpId, Saved> = BTreeMap::new();
        let mut drafts: BTreeMap<(String, i64), Draft> = BTreeMap::new();
        Pages::new(base, log).rows(|row| match row {
            [Value::Text(id), Value::Text(account), .., Value::Text(doc)] if row.len() == 10 => {
                let Ok(op) = serde_json::from_str::<Op>(doc) else { return };
                let age = |op: &Op| (op.state == OpState::Sent, op.changed, op.tries);
                if op.id().to_string() == *id && loose.get(&op.id()).is_none_or(|known| age(&known.op) <= age(&op)) {
                    loose.insert(op.id(), Saved { account: account.clone(), op });
                }
            }
            [Value::Text(account), Value::Other, Value::Other, Value::Text(doc)] => {
                let Ok(draft) = serde_json::from_str::<Draft>(doc) else { return };
                let place = (account.clone(), draft.slot().0);
                if drafts.get(&place).is_none_or(|known| known.updated <= draft.updated) {
                    drafts.insert(place, draft);
                }
            }
            _ => {}
        });
        for (id, saved) in loose {
            let newer = |known: &Saved| known.op.changed < saved.op.changed || known.op.tries < saved.op.tries;
            if self.ops.get(&id).is_none_or(newer) {
                self.ops.insert(id, Saved { op: doubted(saved.op), ..saved });
            }
        }
        if self.drafts.is_empty() {
            self.drafts = drafts;
        }
    }

    /// Adds what was the truth until now.
    pub fn add(&mut self, newer: Self) {
        self.ops.extend(newer.ops);
        self.drafts.extend(newer.drafts);
        self.versions.extend(newer.versions);
    }

    /// Adds what another copy has and this one lacks; gives how many operations and drafts.
    pub fn merge(&mut self, older: Self) -> u64 {
        let mut added = 0;
        for (id, saved) in older.ops {
            self.ops.entry(id).or_insert_with(|| {
                added += 1;
                Saved { op: doubted(saved.op), ..saved }
            });
        }
        for ((account, case), draft) in older.drafts {
            added += u64::from(self.add_draft(account, case, draft));
        }
        for (account, draft) in older.versions {
            if !self.versions.iter().any(|(known, version)| *known == account && *version == draft) {
                self.versions.push((account, draft));
            }
        }
        added
    }

    /// A text that stands nowhere yet: as the draft of its case, or below what stands there.
    pub fn add_draft(&mut self, account: String, case: i64, draft: Draft) -> bool {
        let said = |saved: &Saved| saved.op.case().0 == case && saved.op.mutation.change.text().is_some_and(|text| text.contains(&draft.text));
        if draft.text.trim().is_empty() || self.ops.values().any(said) {
            return false;
        }
        match self.drafts.get_mut(&(account.clone(), case)) {
            Some(known) if known.text.contains(&draft.text) => return false,
            Some(known) => known.text = format!("{}\n\n{}", known.text.trim_end(), draft.text),
            None => drop(self.drafts.insert((account, case), draft)),
        }
        true
    }

    /// A whole outbox of it, in the place of `path` when it is finished.
    #[expect(clippy::disallowed_methods, reason = "the store owns its files")]
    pub fn write(&self, path: &Path) -> Result<(), Cause> {
        let begun = path.with_extension(format!("begun-{}", std::process::id()));
        fs::remove_file(&begun).unwrap_or_default();
        file::private_options().write(true).create_new(true).open(&begun)?;
        let written = self.fill(&begun).and_then(|()| Ok(fs::rename(&begun, path)?));
        fs::remove_file(&begun).unwrap_or_default();
        written
    }

    fn fill(&self, path: &Path) -> Result<(), Cause> {
        let db = Connection::open(path)?;
        db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;")?;
        let work = db.unchecked_transaction()?;
        outbox::create(&db)?;
        let mut ops: Vec<&Saved> = self.ops.values().collect();
        ops.sort_by_key(|saved| (saved.op.seq, saved.op.id()));
        for (saved, seq) in ops.into_iter().zip(1..) {
            // What was being sent when it ended, has an unknown end.
            let sending = saved.op.state == OpState::Sending;
            let state = if sending { OpState::Unknown } else { saved.op.state };
            outbox::insert(&db, &saved.account, &Op { state, seq, ..saved.op.clone() })?;
        }
        for ((account, _), draft) in &self.drafts {
            outbox::put_draft(&db, "REPLACE INTO draft", account, draft)?;
        }
        for (account, draft) in &self.versions {
            outbox::put_draft(&db, "INSERT INTO draft_version", account, draft)?;
        }
        work.commit()?;
        Ok(db.close().map_err(|(_, error)| error)?)
    }
}

/// Sent stays sent. Anything else may have been sent since, so the agent decides.
fn doubted(op: Op) -> Op {
    match op.state {
        OpState::Sent | OpState::Cancelled | OpState::Failed => op,
        _ => Op { state: OpState::NeedsReview, not_before: None, cause: Some(DOUBT.to_owned()), review: Some(Review::Restored), ..op },
    }
}
