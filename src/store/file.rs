//! Files of the store: made private before anything is written into them, opened with the settings both databases share,
//! put aside when they are beyond use. Only paths and pragmas; no table is named here.

use super::error::{Cause, of_content};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};
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
    outlive_limits();
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
    // The first look makes the log and its index, or says that the disk does not take them.
    number(&db, "PRAGMA schema_version")?;
    Ok(db)
}

/// The same; where the disk takes no writing, a connection that reads, and why.
pub(super) fn connect_or_read(path: &Path, settings: &Settings) -> Result<(Connection, Option<String>), Cause> {
    let refused = match connect(path, settings) {
        Ok(db) if db.is_readonly(rusqlite::MAIN_DB)? => "the disk is read-only, or closed to us: the file can only be read".to_owned(),
        Ok(db) => return Ok((db, None)),
        Err(cause) if cause.is_disk() => cause.words(),
        Err(cause) => return Err(cause),
    };
    let db = reader(path)?;
    db.set_prepared_statement_cache_capacity(96);
    Ok((db, Some(refused)))
}

/// A connection that reads and leaves the file as it is. Where not even the index of the log can be made, what the log holds
/// is left out.
pub(super) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    outlive_limits();
    let open = |name: &Path, flags| {
        let db = Connection::open_with_flags(name, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | flags)?;
        db.busy_timeout(PATIENCE)?;
        db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
        db.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;")?;
        number(&db, "PRAGMA schema_version")?;
        Ok::<_, rusqlite::Error>(db)
    };
    open(path, OpenFlags::empty()).or_else(|error| if of_content(&error) { Err(error) } else { open(&immutable(path), OpenFlags::SQLITE_OPEN_URI) })
}

/// A handle whose files no longer stand at their path must not clean up there when it is closed.
pub(super) fn let_go(db: &Connection) {
    if let Err(error) = db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true) {
        tracing::warn!("a database that was replaced: {error}");
    }
}

/// The file as a name that says that nobody changes it.
fn immutable(path: &Path) -> PathBuf {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let name = path.as_os_str().as_encoded_bytes().iter().map(|byte| if plain(*byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") });
    PathBuf::from(format!("file:{}?immutable=1", name.collect::<String>()))
}

/// A write beyond the largest size of a file is an error like any other, and not the end of the program.
fn outlive_limits() {
    static ONCE: Once = Once::new();
    #[cfg(unix)]
    ONCE.call_once(|| {
        if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default()) {
            tracing::warn!("a file that grows too large will end the program: {error}");
        }
    });
}

/// Which files stand at a path: the database and its log. A name can be given to another file, this can't.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    file: Option<(u64, u64)>,
    log: Option<(u64, u64)>,
}

impl Place {
    pub fn of(path: &Path) -> Self {
        Self { file: inode(path), log: inode(&beside(path, "-wal")) }
    }

    pub fn has_file(&self, path: &Path) -> bool {
        inode(path) == self.file
    }

    /// Does the log stand there that belongs to the file that was opened?
    pub fn has_log(&self, path: &Path) -> bool {
        self.log.is_some() && inode(&beside(path, "-wal")) == self.log
    }

    /// Only the log was taken away, and nobody made another one yet.
    pub fn lacks_log(&self, path: &Path) -> bool {
        self.has_file(path) && self.log.is_some() && inode(&beside(path, "-wal")).is_none()
    }

    /// Do the files that were opened still stand there?
    pub fn holds(&self, path: &Path) -> bool {
        self.has_file(path) && (self.log.is_none() || self.has_log(path))
    }
}

#[cfg(unix)]
fn inode(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn inode(path: &Path) -> Option<(u64, u64)> {
    path.exists().then_some((0, 0))
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
pub(super) fn mark(path: &Path, unreadable: bool) {
    let note = || -> io::Result<()> {
        let mut note = private_options().append(true).create(true).open(beside(path, SUSPECT))?;
        if unreadable { note.write_all(b"unreadable\n") } else { Ok(()) }
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
pub(super) fn beside(path: &Path, tail: &str) -> PathBuf {
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
pub(super) fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
pub(super) fn private_folder(folder: &Path) -> io::Result<()> {
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
