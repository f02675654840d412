//! Who sends: one process for each outbox, by a lock on a file beside it. The one that holds it writes down who it is, so that
//! the others can name it.

use super::error::Cause;
use super::file;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::UNIX_EPOCH;

/// The process that sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    /// The command it was started with, or `inbox`.
    pub program: String,
    pub host: String,
    /// Seconds since 1970, by the clock of the disk.
    pub since: u64,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = if self.program == "inbox" { "the inbox".to_owned() } else { format!("`caseload {}`", self.program) };
        write!(f, "{program} (process {} on {})", self.pid, self.host)
    }
}

/// Takes the lock. `None`: another process has it.
pub(super) fn lock(outbox: &Path) -> Result<Option<File>, Cause> {
    let mut file = file::private_options().read(true).write(true).create(true).truncate(false).open(outbox.with_extension("lock"))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    if let Err(error) = sign(&mut file) {
        tracing::warn!("the lock does not say who holds it: {error}");
    }
    Ok(Some(file))
}

fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    // The store has no clock: the disk knows when it was emptied.
    let since = file.metadata()?.modified()?.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let program = std::env::args().skip(1).find(|word| !word.starts_with('-')).unwrap_or_else(|| "inbox".to_owned());
    let holder = Holder { pid: std::process::id(), program, host: host(), since };
    writeln!(file, "{}", serde_json::to_string(&holder)?)
}

#[expect(clippy::disallowed_methods, reason = "the name of the machine stands in a file")]
fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "this machine".to_owned() } else { name.trim().to_owned() }
}

/// Who has the lock now; `None`: nobody, or it does not say.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
pub(super) fn holder(outbox: &Path) -> Option<Holder> {
    let file = File::open(outbox.with_extension("lock")).ok()?;
    if file.try_lock_shared().is_ok() {
        return None;
    }
    let mut line = String::new();
    file.take(4096).read_to_string(&mut line).ok()?;
    serde_json::from_str(&line).ok()
}
