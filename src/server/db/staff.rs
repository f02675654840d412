//! The people and the words of an account: agents, departments, tags, feedback questions.

use super::{Db, DbError, Reader, Writer, row};
use crate::model::{Person, SenderType, Tag, UserId};
use crate::server::seed::Staff;
use rusqlite::params;

impl Db {
    /// Adds these people and words; who has the same number is renamed.
    pub fn staff(&self, staff: &Staff) -> Result<(), DbError> {
        self.write_now(|writer| {
            for agent in &staff.agents {
                let sql = "INSERT INTO users (id, name, email) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email";
                writer.conn.prepare_cached(sql)?.execute(params![agent.id, agent.name.raw(), agent.email.as_ref().map(crate::model::Untrusted::raw)])?;
            }
            for (id, name) in &staff.departments {
                writer.conn.prepare_cached("INSERT INTO departments VALUES (?, ?) ON CONFLICT DO UPDATE SET name = excluded.name")?.execute(params![id, name])?;
            }
            for (id, question) in &staff.questions {
                writer.conn.prepare_cached("INSERT INTO questions VALUES (?, ?) ON CONFLICT DO UPDATE SET question = excluded.question")?.execute(params![id, question])?;
            }
            for tag in &staff.tags {
                let sql = "INSERT INTO tags (id, name, color, type) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET name = excluded.name, color = excluded.color, type = excluded.type";
                writer.conn.prepare_cached(sql)?.execute(params![tag.id, tag.name.raw(), tag.color, tag.kind])?;
            }
            Ok(())
        })
    }
}

impl Writer<'_> {
    /// The tag of this name, made when it is new.
    pub fn tag(&mut self, name: &str) -> Result<Tag, DbError> {
        let wanted = name.trim().to_lowercase();
        if let Some(known) = self.tags()?.into_iter().find(|tag| tag.name.raw().trim().to_lowercase() == wanted) {
            return Ok(known);
        }
        self.conn.prepare_cached("INSERT INTO tags (name) VALUES (?)")?.execute([name.trim()])?;
        Ok(Tag { id: self.conn.last_insert_rowid(), name: name.trim().into(), ..Tag::default() })
    }
}

impl Reader<'_> {
    pub fn users(&self) -> Result<Vec<Person>, DbError> {
        self.all("SELECT id, name, email FROM users ORDER BY id", |row| {
            let email: Option<String> = row.get(2)?;
            Ok(Person { id: row.get(0)?, name: row.get::<_, String>(1)?.into(), email: email.map(Into::into), kind: Some(SenderType::User) })
        })
    }

    /// The first of these that is no agent of the account.
    pub fn stranger(&self, users: &[UserId]) -> Result<Option<UserId>, DbError> {
        let known =
            self.rows("SELECT id FROM users WHERE id IN (SELECT value FROM json_each(?))", &row::array(users.iter().map(|user| user.0)), |row| row.get(0))?;
        Ok(users.iter().find(|user| !known.contains(&user.0)).copied())
    }

    pub fn departments(&self) -> Result<Vec<(i64, String)>, DbError> {
        self.all("SELECT id, name FROM departments ORDER BY id", |row| Ok((row.get(0)?, row.get(1)?)))
    }

    pub fn tags(&self) -> Result<Vec<Tag>, DbError> {
        self.all("SELECT id, name, color, type FROM tags ORDER BY id", row::tag)
    }

    pub fn questions(&self) -> Result<Vec<(i64, String)>, DbError> {
        self.all("SELECT id, question FROM questions ORDER BY id", |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn all<T>(&self, sql: &str, read: impl FnMut(&rusqlite::Row) -> rusqlite::Result<T>) -> Result<Vec<T>, DbError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([], read)?;
        rows.collect::<Result<_, _>>().map_err(DbError::from)
    }
}
