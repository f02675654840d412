//! The log file: what happened, never what customers or agents wrote, never a key. Nothing is logged to the terminal.

use super::desk::Desk;
use super::fault::Fault;
use super::setup::private_folder;
use crate::config::LogLevel;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Mutex;
use tracing_subscriber::EnvFilter;

/// A larger one is put aside at the next start.
const LARGEST: u64 = 4 << 20;

/// Starts logging into the state folder; a disk that does not take a log does not stop the program.
pub fn start(desk: &Desk) -> Result<(), Fault> {
    let level = desk.config.log;
    if level == LogLevel::Off {
        return Ok(());
    }
    let path = &desk.places.log;
    let file = open(path).map_err(|error| Fault::failed(format!("{}: {error}", path.display())))?;
    // What the network crates say of headers is not ours to keep.
    let filter = EnvFilter::new(format!("warn,caseload={}", level.as_str()));
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Mutex::new(file)).try_init();
    started.map_err(|error| Fault::failed(error.to_string()))
}

#[expect(clippy::disallowed_methods, reason = "the log file is put aside here")]
fn open(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        private_folder(folder)?;
    }
    if std::fs::metadata(path).is_ok_and(|about| about.len() > LARGEST) {
        std::fs::rename(path, path.with_extension("log.old"))?;
    }
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.create(true).append(true).open(path)
}
