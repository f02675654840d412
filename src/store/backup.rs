//! One copy of the outbox a day, and an end to what ended long ago. Both run beside the loop on a connection of their own, and
//! failing here stops nothing. What leaves the outbox stands in a backup first, whatever the clock says.

use super::error::Cause;
use super::{damage, file, journal};
use crate::model::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// By count, not by age: a clock that is wrong for a day costs one of them.
const KEPT: usize = 7;
const DAY: i64 = 24 * 3600 * 1000;
/// In milliseconds after the last change: what was sent; what was dropped, and may hold the only copy of a text.
const SENT: i64 = 30 * DAY;
const CANCELLED: i64 = 90 * DAY;
/// Operations of one transaction, so that nobody waits.
const CHUNK: i64 = 500;

/// What is to be done for the outbox once a day.
#[derive(Debug)]
pub struct Keeper {
    pub(super) outbox: PathBuf,
    pub(super) now: Timestamp,
}

impl Keeper {
    /// Takes the backup of the day, when it is not there, and prunes.
    pub fn keep(&self) {
        if let Err(cause) = self.work() {
            tracing::warn!("the daily backup of the outbox: {cause}");
        }
    }

    fn work(&self) -> Result<(), Cause> {
        let today = folder(&self.outbox).join(format!("outbox-{}.db", self.now.format("%Y-%m-%d")));
        if today.exists() {
            return Ok(());
        }
        take(&self.outbox, &today)?;
        thin_out(&self.outbox)?;
        prune(&self.outbox, &today)
    }
}

fn folder(outbox: &Path) -> PathBuf {
    outbox.with_file_name("backups")
}

/// The copy gets its name when it is whole.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
fn take(outbox: &Path, to: &Path) -> Result<(), Cause> {
    file::private_folder(&folder(outbox))?;
    for left in files(outbox, "begun") {
        fs::remove_file(left)?;
    }
    let db = file::reader(outbox)?;
    let begun = to.with_extension("begun");
    file::private_options().write(true).create_new(true).open(&begun)?;
    let name = begun.to_str().ok_or_else(|| io::Error::other("the path is not UTF-8 text"))?;
    let copied = db.execute("VACUUM INTO ?1", [name]).map_err(Cause::Sqlite).and_then(|_| {
        fs::OpenOptions::new().write(true).open(&begun)?.sync_all()?;
        Ok(fs::rename(&begun, to)?)
    });
    if copied.is_err() {
        fs::remove_file(&begun)?;
    }
    copied
}

#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
fn thin_out(outbox: &Path) -> io::Result<()> {
    all(outbox).into_iter().skip(KEPT).try_for_each(fs::remove_file)
}

/// The backups, the newest first.
pub(super) fn all(outbox: &Path) -> Vec<PathBuf> {
    let mut all = files(outbox, "db");
    all.sort_unstable_by(|a, b| b.cmp(a));
    all
}

pub(super) fn newest(outbox: &Path) -> Option<PathBuf> {
    all(outbox).into_iter().next()
}

fn files(outbox: &Path, kind: &str) -> Vec<PathBuf> {
    let ours = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == kind) && path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"outbox-"))
    };
    fs::read_dir(folder(outbox)).into_iter().flatten().flatten().map(|entry| entry.path()).filter(ours).collect()
}

/// Removes what ended long before the newest change, as far as the backup has it. The newest event stays: its number is counted on.
fn prune(outbox: &Path, backup: &Path) -> Result<(), Cause> {
    if damage::inspect(backup)?.is_some() {
        return Ok(());
    }
    let kept = file::reader(backup)?;
    let db = Connection::open_with_flags(outbox, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(Duration::from_secs(5))?;
    db.execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")?;
    loop {
        let mut over = over(&db)?;
        let found = over.len();
        over.retain(|(op, doc)| has(&kept, op, doc));
        let ops: Vec<String> = over.into_iter().map(|(op, _)| op).collect();
        remove(&db, outbox, &ops)?;
        if ops.is_empty() || found < usize::try_from(CHUNK).unwrap_or(0) {
            return Ok(());
        }
    }
}

/// What ended long before the newest change.
fn over(db: &Connection) -> rusqlite::Result<Vec<(String, String)>> {
    let sql = "SELECT op_id, doc FROM op WHERE (state = 'sent' AND changed < (SELECT max(changed) FROM op) - ?1 \
               OR state = 'cancelled' AND changed < (SELECT max(changed) FROM op) - ?2) AND op_id <> (SELECT op_id FROM event ORDER BY n DESC LIMIT 1) \
               ORDER BY seq LIMIT ?3";
    db.prepare(sql)?.query_map([SENT, CANCELLED, CHUNK], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Does the backup have it as it is?
fn has(kept: &Connection, op: &str, doc: &str) -> bool {
    kept.prepare_cached("SELECT 1 FROM op WHERE op_id = ?1 AND doc = ?2").and_then(|mut select| select.exists([op, doc])).unwrap_or(false)
}

fn remove(db: &Connection, outbox: &Path, ops: &[String]) -> Result<(), Cause> {
    if ops.is_empty() {
        return Ok(());
    }
    journal::forget(outbox, ops)?;
    let work = Transaction::new_unchecked(db, TransactionBehavior::Immediate)?;
    for op in ops {
        work.prepare_cached("DELETE FROM event WHERE op_id = ?1")?.execute([op])?;
        work.prepare_cached("DELETE FROM op WHERE op_id = ?1 AND state IN ('sent', 'cancelled')")?.execute([op])?;
    }
    Ok(work.commit()?)
}
