//! Putting a damaged outbox together again, when the agent asks for it: what can be read of it, what only the newest backup
//! has, and texts that stand in the journal alone. The damaged files get another name and are kept.

use super::error::{Cause, Doing};
use super::salvage::{self, Salvage};
use super::{Result, backup, damage, file, journal, sender};
use crate::model::Timestamp;
use std::fs;
use std::path::{Path, PathBuf};

/// What became of a damaged outbox.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Recovered {
    pub ops: u64,
    pub drafts: u64,
    /// How many of them stood only in the backup, and texts only in the journal.
    pub from_backup: u64,
    pub from_journal: u64,
    /// Where the damaged file is now; `None`: there was none left.
    pub damaged: Option<PathBuf>,
}

/// Repairs the outbox at a path. `account`: whose the texts are of which the journal does not say it.
pub fn recover(outbox: &Path, account: &str, now: Timestamp) -> Result<Recovered> {
    recovered(outbox, account, now).doing("recovering the outbox")
}

fn recovered(outbox: &Path, account: &str, now: Timestamp) -> Result<Recovered, Cause> {
    let Some(_alone) = sender::lock(outbox)? else {
        return Err(Cause::Busy(sender::holder(outbox).map_or_else(|| "another process".to_owned(), |holder| holder.to_string())));
    };
    if damage::inspect(outbox)?.is_none() {
        return Err(Cause::Sound(outbox.display().to_string()));
    }
    let copy = outbox.with_extension("recovered.db");
    let mut found = salvage::of(outbox)?;
    // A copy from when more of it could be read, or from an attempt that was broken off.
    let _counted_as_read = found.merge(salvage::read(&copy).unwrap_or_default());
    let from_backup = newest(outbox).map_or(0, |older| found.merge(older));
    let mut from_journal = 0;
    for (account, draft) in journal::lost(outbox, account, |op| found.ops.contains_key(&op))? {
        from_journal += u64::from(found.add_draft(account, draft.case.0, draft));
    }
    found.write(&copy)?;
    let damaged = set_aside(outbox, now)?;
    put(&copy, outbox)?;
    Ok(Recovered { ops: found.ops.len() as u64, drafts: found.drafts.len() as u64, from_backup, from_journal, damaged })
}

/// The newest backup that is sound.
fn newest(outbox: &Path) -> Option<Salvage> {
    backup::all(outbox).into_iter().find(|path| matches!(damage::inspect(path), Ok(None))).and_then(|path| salvage::read(&path).ok())
}

/// Gives the damaged files another name.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
fn set_aside(outbox: &Path, now: Timestamp) -> Result<Option<PathBuf>, Cause> {
    let name = |count: u32| {
        let more = if count == 0 { String::new() } else { format!("-{count}") };
        outbox.with_extension(format!("damaged-{}{more}.db", now.format("%Y%m%dT%H%M%SZ")))
    };
    let aside = (0..1000).map(name).find(|path| !path.exists()).unwrap_or_else(|| name(0));
    for tail in ["-wal", "-shm", ""] {
        let from = file::beside(outbox, tail);
        if from.exists() {
            fs::rename(from, file::beside(&aside, tail))?;
        }
    }
    Ok(aside.exists().then_some(aside))
}

/// The finished copy takes the place, and the folder knows it.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
fn put(copy: &Path, outbox: &Path) -> Result<(), Cause> {
    fs::rename(copy, outbox)?;
    if let Some(folder) = outbox.parent() {
        // Not every file system can do this; the rename is done all the same.
        drop(fs::File::open(folder).and_then(|folder| folder.sync_all()));
    }
    Ok(())
}
