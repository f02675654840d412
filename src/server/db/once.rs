//! Saying a thing twice: answers to requests with an `Idempotency-Key`, and the names clients give their messages.
//! Both are written in the transaction of what they answer.

use super::{Db, DbError, Reader, Writer};
use crate::model::{CaseId, MessageId};
use rusqlite::{OptionalExtension, params};

/// How long answers are kept. The names of messages are kept for ever.
const KEPT_MILLIS: i64 = 90 * 24 * 3_600_000;

/// What is known of something said before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The same, and what was answered then (nothing, when it came with the seed).
    Same(MessageId, Option<String>),
    /// The name, for something else.
    Other,
}

impl Reader<'_> {
    /// The answer this key's request got under that name; `Err` inside when it was another request.
    pub fn answered(&self, key: &str, name: &str, fingerprint: &[u8]) -> Result<Option<Said>, DbError> {
        let mut find = self.conn.prepare_cached("SELECT fingerprint, answer FROM answers WHERE key_id = ? AND idempotency_key = ?")?;
        let found: Option<(Vec<u8>, String)> = find.query_row([key, name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(found.map(|(before, answer)| if before == fingerprint { Said::Same(MessageId(0), Some(answer)) } else { Said::Other }))
    }

    /// The message a client said in this case under that name.
    pub fn said(&self, case: CaseId, name: &str, fingerprint: &[u8]) -> Result<Option<Said>, DbError> {
        let mut find = self.conn.prepare_cached("SELECT message_id, fingerprint, answer FROM client_ops WHERE case_id = ? AND client_op_id = ?")?;
        let found: Option<(i64, Vec<u8>, Option<String>)> =
            find.query_row(params![case.0, name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
        Ok(found.map(|(id, before, answer)| if before == fingerprint || answer.is_none() { Said::Same(MessageId(id), answer) } else { Said::Other }))
    }
}

impl Writer<'_> {
    pub fn remember_answer(&mut self, key: &str, name: &str, fingerprint: &[u8], answer: &str) -> Result<(), DbError> {
        let mut insert = self.conn.prepare_cached("INSERT INTO answers (key_id, idempotency_key, fingerprint, answer, date_created) VALUES (?, ?, ?, ?, ?)")?;
        insert.execute(params![key, name, fingerprint, answer, self.now.timestamp_millis()])?;
        Ok(())
    }

    pub fn remember_said(&mut self, case: CaseId, name: &str, fingerprint: &[u8], message: MessageId, answer: Option<&str>) -> Result<(), DbError> {
        let mut insert = self.conn.prepare_cached("INSERT INTO client_ops (case_id, client_op_id, message_id, fingerprint, answer) VALUES (?, ?, ?, ?, ?)")?;
        insert.execute(params![case.0, name, message.0, fingerprint, answer])?;
        Ok(())
    }
}

impl Db {
    pub(super) fn forget_old_answers(&self) -> Result<(), DbError> {
        self.write_now(|writer| {
            let before = writer.now.timestamp_millis() - KEPT_MILLIS;
            writer.conn.execute("DELETE FROM answers WHERE date_created < ?", [before])?;
            Ok(())
        })
    }
}
