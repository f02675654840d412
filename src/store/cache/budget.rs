//! How much may be read before a frame. It is counted in steps of the database, which are the same on every machine and need
//! no clock; and what nobody waits for any more is stopped the same way.

use super::Cause;
use rusqlite::{Connection, ErrorCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Steps between two looks at what is left.
const EVERY: i32 = 1_000;
const ENDLESS: i64 = i64::MAX;

/// The steps a connection has left.
pub(in crate::store) struct Budget(Arc<AtomicI64>);

impl Budget {
    pub fn of(db: &mut Connection) -> Result<Self, Cause> {
        let left = Arc::new(AtomicI64::new(ENDLESS));
        let counted = Arc::clone(&left);
        db.progress_handler(EVERY, Some(move || counted.fetch_sub(EVERY.into(), Ordering::Relaxed) <= 0))?;
        Ok(Self(left))
    }

    /// What is only read; `None` when it takes more steps than these.
    pub fn within<T>(&self, steps: u32, read: impl FnOnce() -> Result<T, Cause>) -> Result<Option<T>, Cause> {
        self.0.store(steps.into(), Ordering::Relaxed);
        let done = read();
        self.0.store(ENDLESS, Ordering::Relaxed);
        match done {
            Err(Cause::Sqlite(error)) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => Ok(None),
            done => done.map(Some),
        }
    }

    pub fn stop(&self) -> Stop {
        Stop(Arc::clone(&self.0))
    }
}

/// Ends what a connection is reading, from wherever it is held.
pub struct Stop(Arc<AtomicI64>);

impl Stop {
    pub fn stop(&self) {
        self.0.store(0, Ordering::Relaxed);
    }
}
