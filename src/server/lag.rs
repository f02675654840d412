//! A replica that lags behind, for the vendor's double: questions see the database as it was some time ago, whole and in
//! itself consistent, while changes and their answers see it as it is. Kept are copies of what it was before each change.

use crate::model::Timestamp;
use crate::server::clock;
use crate::server::db::{Db, DbError};
use chrono::TimeDelta;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

pub struct Replica {
    behind: TimeDelta,
    /// Until when the database was so, oldest first.
    past: Mutex<VecDeque<(Timestamp, Db)>>,
}

impl Replica {
    pub fn new(behind: Duration) -> Self {
        Self { behind: TimeDelta::from_std(behind).unwrap_or_default(), past: Mutex::default() }
    }

    /// Belongs before every change.
    pub fn keep(&self, db: &Db) -> Result<(), DbError> {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let copy = db.copied()?;
        past.push_back((clock::now(), copy));
        Ok(())
    }

    /// The database as a question sees it.
    pub fn seen(&self, db: &Db) -> Db {
        let shown = clock::now() - self.behind;
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        while past.front().is_some_and(|(until, _)| *until <= shown) {
            past.pop_front();
        }
        past.front().map_or(db, |(_, copy)| copy).clone()
    }
}
