//! The one door to what the server keeps. SQL stands in this folder and nowhere else, so that another database is another
//! folder: outside there are only [`Db::read`], [`Db::write`] and the verbs of [`Reader`] and [`Writer`].
//! Reads are snapshots and never wait for a write; a write is one transaction, and what it announces is told after it is committed.

mod call;
mod case;
mod columns;
mod contact;
mod count;
mod customer;
mod follow_up;
mod key;
mod message;
mod note;
mod once;
mod persist;
mod pool;
mod query;
mod row;
mod seed;
mod staff;
mod thread;
mod webhook;

pub use case::{Found, Relation};
pub use columns::{CASES, CONTACTS, Column, Kind, MESSAGES, Table};
pub use note::{Note, NoteMessage};
pub use once::Said;
pub use query::Value;

use crate::model::Timestamp;
use crate::server::clock;
use crate::server::events::Event;
use pool::Pool;
use rusqlite::Connection;
use std::ops::Deref;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, broadcast};

/// What the database could not do, and why.
#[derive(Debug, thiserror::Error)]
#[error("{doing}: {source}")]
pub struct DbError {
    doing: &'static str,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl DbError {
    pub fn new(doing: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { doing, source: source.into() }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(source: rusqlite::Error) -> Self {
        Self::new("asking the database", source)
    }
}

impl From<serde_json::Error> for DbError {
    fn from(source: serde_json::Error) -> Self {
        Self::new("reading a stored document", source)
    }
}

/// The database of one account. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    pool: Pool,
    /// Turns for the asynchronous door: no thread is held by one who waits.
    reads: Semaphore,
    writes: Semaphore,
    generation: AtomicU64,
    counts: Mutex<count::Counts>,
    newest: Mutex<Timestamp>,
    events: broadcast::Sender<Event>,
}

/// A snapshot to read from.
pub struct Reader<'c> {
    conn: &'c Connection,
    inner: &'c Inner,
    /// Of the last write before the snapshot was taken.
    generation: u64,
}

/// A transaction. What it did is kept when the closure that got it answers `Ok`, and only then.
pub struct Writer<'c> {
    reader: Reader<'c>,
    now: Timestamp,
    events: Vec<Event>,
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

impl Writer<'_> {
    /// When this happens. Never before what this process committed last, so that `dateUpdated|gte|T` misses nothing.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Tells everybody who listens, once this is committed.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }
}

impl Db {
    pub fn open(path: &Path) -> Result<Self, DbError> {
        Self::over(Pool::open(path)?)
    }

    /// A database that is gone with its last clone.
    pub fn memory() -> Result<Self, DbError> {
        Self::over(Pool::memory()?)
    }

    /// The same content in a database of its own, in memory.
    pub fn copied(&self) -> Result<Self, DbError> {
        Self::over(self.0.pool.reading(Pool::copy_of)?)
    }

    fn over(pool: Pool) -> Result<Self, DbError> {
        let readers = pool.readers();
        let inner = Inner {
            pool,
            reads: Semaphore::new(readers),
            writes: Semaphore::new(1),
            generation: AtomicU64::new(0),
            counts: Mutex::default(),
            newest: Mutex::new(Timestamp::default()),
            events: broadcast::channel(1024).0,
        };
        let db = Self(Arc::new(inner));
        db.forget_old_answers()?;
        Ok(db)
    }

    /// What happens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// Reads without stopping the tasks of this thread.
    #[expect(clippy::disallowed_methods, reason = "the server's disk work runs beside its tasks")]
    pub async fn read<T, E>(&self, work: impl FnOnce(&Reader) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let _turn = self.0.reads.acquire().await.map_err(|gone| DbError::new("waiting for a turn", gone))?;
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.read_now(work)).await.map_err(|died| DbError::new("reading", died))?
    }

    /// One transaction without stopping the tasks of this thread. It runs to its end even if nobody waits for it any more.
    #[expect(clippy::disallowed_methods, reason = "the server's disk work runs beside its tasks")]
    pub async fn write<T, E>(&self, work: impl FnOnce(&mut Writer) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let _turn = self.0.writes.acquire().await.map_err(|gone| DbError::new("waiting for a turn", gone))?;
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.write_now(work)).await.map_err(|died| DbError::new("writing", died))?
    }

    /// Reads on this thread.
    pub fn read_now<T, E: From<DbError>>(&self, work: impl FnOnce(&Reader) -> Result<T, E>) -> Result<T, E> {
        self.0.pool.reading(|conn| {
            let generation = self.0.generation.load(Ordering::Acquire);
            let snapshot = conn.unchecked_transaction().map_err(DbError::from)?;
            let answer = work(&Reader { conn, inner: &self.0, generation });
            snapshot.finish().map_err(DbError::from)?;
            answer
        })
    }

    /// One transaction on this thread.
    pub fn write_now<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Writer) -> Result<T, E>) -> Result<T, E> {
        self.0.pool.writing(|conn| {
            let generation = self.0.generation.load(Ordering::Acquire);
            let transaction = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(DbError::from)?;
            let reader = Reader { conn: &transaction, inner: &self.0, generation };
            let mut writer = Writer { reader, now: self.0.tick(), events: Vec::new() };
            let answer = work(&mut writer)?;
            let events = std::mem::take(&mut writer.events);
            drop(writer);
            transaction.commit().map_err(|source| DbError::new("committing", source))?;
            self.0.generation.fetch_add(1, Ordering::AcqRel);
            for event in events {
                // Nobody listening is no failure.
                let _unheard = self.0.events.send(event);
            }
            Ok(answer)
        })
    }
}

impl Inner {
    fn tick(&self) -> Timestamp {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = clock::now().max(*newest);
        *newest
    }
}
