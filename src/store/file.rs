//! Files of the store: made private before anything is written into them, opened with the settings both databases share,
//! put aside when they are beyond use. Only paths and pragmas; no table is named here.

use super::error::{Cause, met_unreadable};
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Marks both files as ours: "csld".
pub(super) const APPLICATION: i64 = 0x6373_6c64;
/// The first `SQLite` without the WAL reset bug, which can lose committed data.
const OLDEST_SQLITE: i32 = 3_051_003;
/// The name of a note beside a database.
const SUSPECT: &str = ".suspect";
const PATIENCE: Duration = Duration::from_secs(5);

/// How a database file is opened.
pub(super) struct Settings {
    /// `FULL`: a commit survives a power cut. `NORMAL`: it survives a crash of the process.
    pub synchronous: &'static str,
    pub page: i64,
    pub mmap: i64,
    pub cache_kib: i64,
    /// Pages of the log before it is written back.
    pub checkpoint: i64,
}

/// A connection for reading and writing; the file is made, private, when it is not there.
pub(super) fn connect(path: &Path, settings: &Settings) -> Result<Connection, Cause> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Cause::Library(rusqlite::version()));
    }
    private(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(96);
    let Settings { synchronous, page, mmap, cache_kib, checkpoint } = settings;
    db.execute_batch(&format!(
        "PRAGMA page_size = {page}; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON; PRAGMA mmap_size = {mmap}; PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = {checkpoint};"
    ))?;
    Ok(db)
}

/// Application and version of a database file, without changing it. An empty or missing file has neither.
pub(super) fn versions(path: &Path) -> Result<(i64, i64), Cause> {
    if fs::metadata(path).map_or(0, |meta| meta.len()) == 0 {
        return Ok((0, 0));
    }
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(PATIENCE)?;
    Ok((number(&db, "PRAGMA application_id")?, number(&db, "PRAGMA user_version")?))
}

pub(super) fn number(db: &Connection, sql: &str) -> rusqlite::Result<i64> {
    db.query_row(sql, [], |row| row.get(0))
}

/// Moves a database and its log out of the way; an older one that was put aside goes.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
pub(super) fn put_aside(path: &Path) -> io::Result<()> {
    for tail in ["", "-wal", "-shm"] {
        let from = beside(path, tail);
        match fs::rename(&from, beside(path, &format!(".aside{tail}"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Leaves a note that a database may be damaged. Where nothing can be written there is nothing to mend either.
pub(super) fn mark(path: &Path) {
    let note = || -> io::Result<()> {
        let mut note = private_options().append(true).create(true).open(beside(path, SUSPECT))?;
        if met_unreadable() { note.write_all(b"unreadable\n") } else { Ok(()) }
    };
    if let Err(error) = note() {
        tracing::warn!("{} may be damaged: {error}", path.display());
    }
}

/// Takes the note away; is the database damaged indeed? This reads all of it.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
pub(super) fn is_damaged(path: &Path) -> bool {
    let note = beside(path, SUSPECT);
    if !note.exists() {
        return false;
    }
    let look = || {
        let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        db.query_row("PRAGMA integrity_check(1)", [], |row| row.get::<_, String>(0))
    };
    let unreadable = fs::metadata(&note).is_ok_and(|note| note.len() > 0);
    let damaged = unreadable || look().map_or(true, |said| said != "ok");
    // Without the note taken away it is only looked at again.
    fs::remove_file(&note).unwrap_or_default();
    damaged
}

/// `outbox.db` -> `outbox.db-wal`
fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(tail);
    name.into()
}

/// The folder (0700 when it is made here) and the file (0600 in any case). A file that is there is not opened:
/// closing it again would drop the locks that `SQLite` holds on it in this process.
fn private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        private_folder(folder)?;
    }
    match private_options().write(true).create_new(true).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => close_to_others(path),
    }
}

/// A file that is made, is made readable by its owner only.
pub(super) fn private_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).create(folder)
}

#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    if fs::metadata(path)?.permissions().mode() & 0o777 == 0o600 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}
