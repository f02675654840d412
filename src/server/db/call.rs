//! Telephone calls: which message tells of which call.

use super::{DbError, Reader, Writer};
use crate::model::{CaseId, Channel, ContactId, Message, MessageId};
use rusqlite::{OptionalExtension, params};

impl Reader<'_> {
    /// The event that tells of this call.
    pub fn call(&self, call: &str) -> Result<Option<Message>, DbError> {
        let found: Option<i64> = self.conn.prepare_cached("SELECT message_id FROM calls WHERE call_id = ?")?.query_row([call], |row| row.get(0)).optional()?;
        found.map_or(Ok(None), |id| self.any_message(MessageId(id)))
    }

    /// The newest case of this contact and channel that is not closed.
    pub fn open_case_of(&self, contact: ContactId, channel: &Channel) -> Result<Option<CaseId>, DbError> {
        let sql = "SELECT max(id) FROM cases WHERE contact_id = ? AND channel = ? AND status != 'closed'";
        let found: Option<i64> = self.conn.prepare_cached(sql)?.query_row(params![contact.0, channel.as_str()], |row| row.get(0))?;
        Ok(found.map(CaseId))
    }
}

impl Writer<'_> {
    pub fn remember_call(&mut self, call: &str, case: CaseId, message: MessageId) -> Result<(), DbError> {
        self.conn.prepare_cached("INSERT INTO calls (call_id, case_id, message_id) VALUES (?, ?, ?)")?.execute(params![call, case.0, message.0])?;
        Ok(())
    }
}
