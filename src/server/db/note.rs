//! Notes on contacts, and what was said under them. A note is not a message of a case.

use super::{DbError, Reader, Writer, row};
use crate::model::{ContactId, Object, Person, SenderType, Timestamp, UserId};
use rusqlite::{OptionalExtension, Row, params};

/// A note on a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    pub id: i64,
    pub contact: ContactId,
    pub by: Person,
    pub title: String,
    pub description: String,
    /// Who is mentioned.
    pub users: Vec<String>,
    pub created: Option<Timestamp>,
}

/// Something said under a note.
#[derive(Debug, Clone, PartialEq)]
pub struct NoteMessage {
    pub id: i64,
    pub note: i64,
    pub contact: ContactId,
    pub by: Person,
    pub message: String,
    pub parent: Option<i64>,
    pub users: Vec<String>,
    pub created: Option<Timestamp>,
}

const NOTE: &str =
    "SELECT n.id, n.contact_id, n.user_id, u.name, u.email, n.title, n.description, n.users, n.date_created FROM notes n LEFT JOIN users u ON u.id = n.user_id";
const MESSAGE: &str = "SELECT m.id, m.note_id, m.user_id, u.name, u.email, n.contact_id, m.message, m.parent_id, m.users, m.date_created \
     FROM note_messages m JOIN notes n ON n.id = m.note_id LEFT JOIN users u ON u.id = m.user_id";

fn person(row: &Row) -> rusqlite::Result<Person> {
    let (name, email): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
    Ok(Person { id: row.get(2)?, name: name.unwrap_or_default().into(), email: email.map(Into::into), kind: Some(SenderType::User) })
}

fn words(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

fn note(row: &Row) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get(0)?,
        contact: ContactId(row.get(1)?),
        by: person(row)?,
        title: row.get(5)?,
        description: row.get(6)?,
        users: words(row.get_ref(7)?.as_str()?),
        created: row::at(row.get(8)?),
    })
}

fn message(row: &Row) -> rusqlite::Result<NoteMessage> {
    Ok(NoteMessage {
        id: row.get(0)?,
        note: row.get(1)?,
        by: person(row)?,
        contact: ContactId(row.get(5)?),
        message: row.get(6)?,
        parent: row.get(7)?,
        users: words(row.get_ref(8)?.as_str()?),
        created: row::at(row.get(9)?),
    })
}

impl Reader<'_> {
    /// A page of a contact's notes, oldest first, and how many there are.
    pub fn notes(&self, contact: ContactId, page: i64, limit: i64) -> Result<(i64, Vec<Note>), DbError> {
        let count = self.conn.prepare_cached("SELECT count(*) FROM notes WHERE contact_id = ?")?.query_row([contact.0], |row| row.get(0))?;
        let mut statement = self.conn.prepare_cached(&format!("{NOTE} WHERE n.contact_id = ? ORDER BY n.id LIMIT ? OFFSET ?"))?;
        let notes = statement.query_map(params![contact.0, limit, page.saturating_mul(limit)], note)?.collect::<Result<_, _>>()?;
        Ok((count, notes))
    }

    pub fn note(&self, id: i64) -> Result<Option<Note>, DbError> {
        Ok(self.conn.prepare_cached(&format!("{NOTE} WHERE n.id = ?"))?.query_row([id], note).optional()?)
    }

    /// What was said under a note, oldest first.
    pub fn note_messages(&self, note: i64) -> Result<Vec<NoteMessage>, DbError> {
        let mut statement = self.conn.prepare_cached(&format!("{MESSAGE} WHERE m.note_id = ? ORDER BY m.id"))?;
        let messages = statement.query_map([note], message)?.collect::<Result<_, _>>()?;
        Ok(messages)
    }
}

impl Writer<'_> {
    /// A note from `title`, `description` and `message` of a request; the message, when there is one, is the first under it.
    pub fn create_note(&mut self, contact: ContactId, by: UserId, body: &Object, users: &[String]) -> Result<i64, DbError> {
        let text = |key: &str| body.get(key).and_then(serde_json::Value::as_str).unwrap_or_default();
        let mut insert =
            self.conn.prepare_cached("INSERT INTO notes (contact_id, user_id, title, description, users, date_created) VALUES (?, ?, ?, ?, ?, ?)")?;
        insert.execute(params![contact.0, by.0, text("title"), text("description"), serde_json::to_string(users)?, self.now.timestamp_millis()])?;
        let id = self.conn.last_insert_rowid();
        if !text("message").is_empty() {
            self.add_to_note(id, by, text("message"), None, &[])?;
        }
        Ok(id)
    }

    pub fn add_to_note(&mut self, note: i64, by: UserId, message: &str, parent: Option<i64>, users: &[String]) -> Result<i64, DbError> {
        let mut insert =
            self.conn.prepare_cached("INSERT INTO note_messages (note_id, user_id, message, parent_id, users, date_created) VALUES (?, ?, ?, ?, ?, ?)")?;
        insert.execute(params![note, by.0, message, parent, serde_json::to_string(users)?, self.now.timestamp_millis()])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// With all that was said under it. False when it is not there.
    pub fn delete_note(&mut self, id: i64) -> Result<bool, DbError> {
        Ok(self.conn.prepare_cached("DELETE FROM notes WHERE id = ?")?.execute([id])? == 1)
    }
}
