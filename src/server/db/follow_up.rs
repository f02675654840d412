//! Follow-ups and timeline rows by their own numbers.

use super::{DbError, Reader};
use crate::model::{CaseId, UserId};
use rusqlite::OptionalExtension;

impl Reader<'_> {
    /// The case of a follow-up, and who made it.
    pub fn follow_up(&self, id: i64) -> Result<Option<(CaseId, Option<UserId>)>, DbError> {
        let mut find = self.conn.prepare_cached("SELECT case_id, user_id FROM follow_ups WHERE id = ?")?;
        Ok(find.query_row([id], |row| Ok((CaseId(row.get(0)?), row.get::<_, Option<i64>>(1)?.map(UserId)))).optional()?)
    }

    pub fn newest_timeline(&self, case: CaseId) -> Result<Option<i64>, DbError> {
        Ok(self.conn.prepare_cached("SELECT max(id) FROM timeline WHERE case_id = ?")?.query_row([case.0], |row| row.get(0))?)
    }
}
