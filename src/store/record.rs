//! What was done, read back: the newest operations with the names of their customers, and those of a day. Both bounded.

use super::error::Doing;
use super::{Store, StoreError};
use crate::model::{CaseId, Op, Timestamp, Untrusted};
use rusqlite::params;
use std::collections::BTreeMap;

impl Store {
    /// The customers of these cases, as far as the cache has them.
    pub fn contacts(&self, cases: impl IntoIterator<Item = CaseId>) -> Result<BTreeMap<CaseId, Untrusted>, StoreError> {
        let mut names = BTreeMap::new();
        for case in cases {
            if names.contains_key(&case) {
                continue;
            }
            if let Some(line) = self.cache.line(case).noted(&self.gate, "reading the list")? {
                names.insert(case, line.facts.contact.into());
            }
        }
        Ok(names)
    }

    /// Operations that moved since a moment, newest first.
    pub fn moved_since(&self, since: Timestamp, limit: usize) -> Result<Vec<Op>, StoreError> {
        let sql = "SELECT doc FROM op WHERE account = ?1 AND changed >= ?2 ORDER BY changed DESC LIMIT ?3";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.outbox.select(sql, params![self.outbox.account, since.timestamp_millis(), limit]).noted(&self.gate, "reading the outbox")
    }
}
