//! What can go wrong on the disk. A [`Cause`] travels inside the room; on the way out it learns what was being done,
//! so that every message reads "saving the outbox: …". Nothing here may carry the text of a customer or an agent.

use std::sync::atomic::{AtomicU8, Ordering};

/// A failure of the disk, and what it interrupted.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
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
    #[error("the SQLite library is {0}, too old to be trusted with an outbox")]
    Library(&'static str),
}

/// Did this process meet a damaged file?
static DAMAGE: AtomicU8 = AtomicU8::new(SOUND);

const SOUND: u8 = 0;
/// `SQLite` found it in one of the files; it can say in which.
const FOUND: u8 = 1;
/// A text or a document in it can't be read, which no check of the file would show.
const UNREADABLE: u8 = 2;

/// Whether a file was found damaged since the program started. A cache that was is looked at when it is opened next.
pub fn met_damage() -> bool {
    DAMAGE.load(Ordering::Relaxed) != SOUND
}

/// Nothing but reading it shows the damage.
pub(super) fn met_unreadable() -> bool {
    DAMAGE.load(Ordering::Relaxed) == UNREADABLE
}

impl From<rusqlite::Error> for Cause {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        let met = match &error {
            FromSqlConversionFailure(..) | IntegralValueOutOfRange(..) | InvalidColumnType(..) | Utf8Error(..) => UNREADABLE,
            error if matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)) => FOUND,
            _ => SOUND,
        };
        DAMAGE.fetch_max(met, Ordering::Relaxed);
        Self::Sqlite(error)
    }
}

impl From<serde_json::Error> for Cause {
    fn from(error: serde_json::Error) -> Self {
        DAMAGE.fetch_max(UNREADABLE, Ordering::Relaxed);
        Self::Json(error)
    }
}

impl Cause {
    /// Does the disk not take or give what it should?
    pub fn is_disk(&self) -> bool {
        use rusqlite::ErrorCode as E;
        matches!(self, Self::Sqlite(error) if matches!(error.sqlite_error_code(), Some(E::SystemIoFailure | E::DiskFull | E::ReadOnly | E::CannotOpen)))
            || matches!(self, Self::Io(error) if matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::ReadOnlyFilesystem))
    }

    /// Does it speak of the file's content, and not of the disk, the rights or another process?
    pub(super) fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode as E;
        match self {
            Self::Sqlite(rusqlite::Error::SqliteFailure(error, _)) => !matches!(
                error.code,
                E::CannotOpen | E::SystemIoFailure | E::DiskFull | E::ReadOnly | E::DatabaseBusy | E::DatabaseLocked | E::PermissionDenied | E::OutOfMemory
            ),
            Self::Sqlite(_) | Self::Json(_) => true,
            _ => false,
        }
    }
}

pub(super) trait Doing<T> {
    /// Names what was being done, for the agent who reads the message.
    fn doing(self, what: &'static str) -> Result<T, StoreError>;
}

impl<T, E: Into<Cause>> Doing<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError { doing: what, source: source.into() })
    }
}
