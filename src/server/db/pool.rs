//! Connections: one that writes, a few that read, each set up the same way. Opening brings the file to the newest version.
//! Invariant: at most one transaction writes at a time, whoever asks.

use super::DbError;
use rusqlite::Connection;
use rusqlite::backup::Backup;
use rusqlite::config::DbConfig;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const SCHEMA: i64 = 1;
const READERS: usize = 4;

pub struct Pool {
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    /// `None` for a database in memory: it has one connection.
    path: Option<PathBuf>,
}

impl Pool {
    pub fn open(path: &Path) -> Result<Self, DbError> {
        let doing = |source| DbError::new("opening the server's database", source);
        let writer = Connection::open(path).map_err(doing)?;
        writer.pragma_update(None, "journal_mode", "WAL").map_err(doing)?;
        Ok(Self { writer: Mutex::new(prepare(writer)?), readers: Mutex::default(), path: Some(path.to_owned()) })
    }

    pub fn memory() -> Result<Self, DbError> {
        let writer = Connection::open_in_memory()?;
        Ok(Self { writer: Mutex::new(prepare(writer)?), readers: Mutex::default(), path: None })
    }

    /// A database in memory with the content of another.
    pub fn copy_of(other: &Connection) -> Result<Self, DbError> {
        let mut writer = Connection::open_in_memory()?;
        Backup::new(other, &mut writer)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
        Ok(Self { writer: Mutex::new(prepare(writer)?), readers: Mutex::default(), path: None })
    }

    /// How many may read at once.
    pub fn readers(&self) -> usize {
        if self.path.is_some() { READERS } else { 1 }
    }

    pub fn writing<T, E: From<DbError>>(&self, work: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E> {
        work(&mut self.writer.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn reading<T, E: From<DbError>>(&self, work: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        let Some(path) = &self.path else {
            return work(&self.writer.lock().unwrap_or_else(PoisonError::into_inner));
        };
        let idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match idle {
            Some(conn) => conn,
            None => reader(path)?,
        };
        let answer = work(&conn);
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(conn);
        }
        answer
    }
}

fn reader(path: &Path) -> Result<Connection, DbError> {
    let conn = Connection::open(path)?;
    settle(&conn)?;
    conn.pragma_update(None, "query_only", true)?;
    Ok(conn)
}

fn prepare(mut conn: Connection) -> Result<Connection, DbError> {
    settle(&conn)?;
    migrate(&mut conn)?;
    Ok(conn)
}

fn settle(conn: &Connection) -> Result<(), DbError> {
    conn.busy_timeout(Duration::from_secs(10))?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    conn.pragma_update(None, "trusted_schema", false)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    conn.pragma_update(None, "cache_size", -65_536)?;
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(())
}

fn migrate(conn: &mut Connection) -> Result<(), DbError> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        SCHEMA => Ok(()),
        0 => {
            let transaction = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            transaction.execute_batch(include_str!("../../../assets/server.sql"))?;
            transaction.pragma_update(None, "user_version", SCHEMA)?;
            transaction.commit().map_err(DbError::from)
        }
        other => {
            Err(DbError::new("opening the server's database", format!("version {other} of the schema is not known to this program, which knows {SCHEMA}")))
        }
    }
}
