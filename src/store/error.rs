//! What can go wrong on the disk. A [`Cause`] travels inside the room; on the way out it learns what was being done,
//! so that every message reads "saving the outbox: …". Nothing here may carry the text of a customer or an agent.

use super::damage::Damage;
use super::gate::Gate;
use rusqlite::ErrorCode as E;
use std::io::ErrorKind as Io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU8, Ordering};

/// A failure of the disk, and what it interrupted.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {}{source}", source.of_the_disk())]
pub struct StoreError {
    pub doing: &'static str,
    pub source: Cause,
}

#[derive(Debug, thiserror::Error)]
pub enum Cause {
    #[error(transparent)]
    Sqlite(rusqlite::Error),
    #[error(transparent)]
    Io(#[from] std::io::Error),
    #[error("a stored document is unreadable: {0}")]
    Json(serde_json::Error),
    #[error("{file} was written by a newer caseload (format {found}, this one knows {known}); nothing was changed, start the newer one")]
    Newer { file: String, found: i64, known: i64 },
    #[error("{0} is not a file of caseload; nothing was changed")]
    Foreign(String),
    #[error("{0}")]
    Damaged(Box<Damage>),
    #[error("{0} is sound, there is nothing to recover")]
    Sound(String),
    #[error("{} was moved, deleted or replaced while it was open: nothing was written, nothing is sent{}", file.display(), stands_in(kept.as_deref()))]
    Replaced { file: PathBuf, kept: Option<PathBuf> },
    #[error("the cache was made anew meanwhile")]
    Anew,
    /// Opened for reading only, and why.
    #[error("{0}")]
    Closed(String),
    #[error("{0} sends from this outbox; end it first")]
    Busy(String),
    #[error("the SQLite library is {0}, too old to be trusted with an outbox")]
    Library(&'static str),
}

/// Did this process meet a damaged file?
static DAMAGE: AtomicU8 = AtomicU8::new(SOUND);

pub(super) const SOUND: u8 = 0;
/// `SQLite` found it in one of the files; it can say in which.
const FOUND: u8 = 1;
/// A text or a document in it can't be read, which no check of the file would show.
pub(super) const UNREADABLE: u8 = 2;

/// Whether a file was found damaged since the program started. A cache that was is looked at when it is opened next.
pub fn met_damage() -> bool {
    DAMAGE.load(Ordering::Relaxed) != SOUND
}

impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error).remembered()
    }
}

impl From<serde_json::Error> for Cause {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error).remembered()
    }
}

impl Cause {
    fn remembered(self) -> Self {
        DAMAGE.fetch_max(self.shows(), Ordering::Relaxed);
        self
    }

    /// What kind of damage it shows.
    pub(super) fn shows(&self) -> u8 {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
        match self {
            Self::Json(_) | Self::Sqlite(FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..)) => UNREADABLE,
            Self::Sqlite(error) if matches!(error.sqlite_error_code(), Some(E::DatabaseCorrupt | E::NotADatabase)) => FOUND,
            _ => SOUND,
        }
    }

    /// Does the disk not take or give what it should?
    pub fn is_disk(&self) -> bool {
        matches!(self, Self::Closed(_)) || !self.of_the_disk().is_empty()
    }

    /// Why a file is only read, for whoever wants to write.
    pub(super) fn words(&self) -> String {
        format!("{}{self}", self.of_the_disk())
    }

    /// What it says of the disk, before the words of the library.
    fn of_the_disk(&self) -> &'static str {
        const FULL: &str = "the disk is full: ";
        const CLOSED: &str = "the disk is read-only, or closed to us: ";
        match self {
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(E::DiskFull) => FULL,
                Some(E::ReadOnly | E::CannotOpen | E::PermissionDenied) => CLOSED,
                Some(E::SystemIoFailure) => "the disk is full or fails: ",
                _ => "",
            },
            Self::Io(error) => match error.kind() {
                Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => FULL,
                Io::ReadOnlyFilesystem | Io::PermissionDenied => CLOSED,
                _ => "",
            },
            _ => "",
        }
    }

    /// After this a handle is not to be trusted: what was not written once is not written by asking again.
    pub(super) fn breaks(&self) -> bool {
        matches!(self, Self::Sqlite(error) if matches!(error.sqlite_error_code(), Some(E::SystemIoFailure | E::DiskFull | E::ReadOnly | E::CannotOpen)))
    }

    /// Does it speak of the file's content, and not of the disk, the rights or another process?
    pub(super) fn is_damage(&self) -> bool {
        match self {
            Self::Sqlite(error) => of_content(error),
            Self::Json(_) => true,
            _ => false,
        }
    }
}

fn stands_in(kept: Option<&Path>) -> String {
    kept.map(|kept| format!("; what it held stands in {}", kept.display())).unwrap_or_default()
}

/// Does it speak of what stands in the file?
pub(super) fn of_content(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(error, _) = error else { return true };
    !matches!(
        error.code,
        E::CannotOpen | E::SystemIoFailure | E::DiskFull | E::ReadOnly | E::DatabaseBusy | E::DatabaseLocked | E::PermissionDenied | E::OutOfMemory
    )
}

pub(super) trait Doing<T> {
    /// Names what was being done, for the agent who reads the message.
    fn doing(self, what: &'static str) -> Result<T, StoreError>;

    /// The same; damage that shows is remembered until the files are looked after.
    fn noted(self, gate: &Gate, what: &'static str) -> Result<T, StoreError>
    where
        Self: Sized,
    {
        self.doing(what).inspect_err(|error| gate.met(&error.source))
    }
}

impl<T, E: Into<Cause>> Doing<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError { doing: what, source: source.into() })
    }
}
