//! Webhooks as they were registered. They are kept and listed; nothing is called.

use super::{DbError, Reader, Writer, row};
use crate::model::{Object, date};
use rusqlite::{OptionalExtension, Row, params};
use serde_json::json;

/// The members of the request, with `id` and `dateCreated` before them.
fn webhook(row: &Row) -> rusqlite::Result<Object> {
    let mut out = Object::new();
    out.insert("id".into(), json!(row.get::<_, i64>(0)?));
    out.insert("dateCreated".into(), json!(row::at(row.get(1)?).map(date::iso)));
    out.extend(row::object(row.get_ref(2)?.as_str()?));
    Ok(out)
}

impl Reader<'_> {
    pub fn webhooks(&self) -> Result<Vec<Object>, DbError> {
        let mut statement = self.conn.prepare_cached("SELECT id, date_created, body FROM webhooks ORDER BY id")?;
        let all = statement.query_map([], webhook)?.collect::<Result<_, _>>()?;
        Ok(all)
    }

    pub fn webhook(&self, id: i64) -> Result<Option<Object>, DbError> {
        Ok(self.conn.prepare_cached("SELECT id, date_created, body FROM webhooks WHERE id = ?")?.query_row([id], webhook).optional()?)
    }
}

impl Writer<'_> {
    pub fn create_webhook(&mut self, body: &Object) -> Result<i64, DbError> {
        self.conn.prepare_cached("INSERT INTO webhooks (body, date_created) VALUES (?, ?)")?.execute(params![row::text(body), self.now.timestamp_millis()])?;
        Ok(self.conn.last_insert_rowid())
    }

    pub fn change_webhook(&mut self, id: i64, body: &Object) -> Result<(), DbError> {
        self.conn.prepare_cached("UPDATE webhooks SET body = ?2 WHERE id = ?1")?.execute(params![id, row::text(body)])?;
        Ok(())
    }

    pub fn delete_webhook(&mut self, id: i64) -> Result<bool, DbError> {
        Ok(self.conn.prepare_cached("DELETE FROM webhooks WHERE id = ?")?.execute([id])? == 1)
    }
}
