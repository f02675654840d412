//! Writing a case: the difference between the document as it was and as a decision left it, in the transaction that decided.
//! What is new has the number 0 and gets its own here.

use super::{DbError, Writer, row};
use crate::model::{Case, CaseId, CaseUser, Message, MessageId, MessageKind, Snooze, TimelineEntry};
use rusqlite::params;
use serde_json::Value;

impl Writer<'_> {
    /// Keeps what became of `before`. A case without a number is new.
    pub fn persist(&mut self, before: &Case, after: &mut Case) -> Result<(), DbError> {
        if after.id.0 == 0 {
            self.insert_case(after)?;
        }
        for user in after.users.iter_mut().filter(|user| user.id == 0 || !before.users.contains(user)) {
            self.save_case_user(after.id, user)?;
        }
        for entry in after.timeline.iter_mut().filter(|entry| entry.id == 0) {
            self.insert_timeline(after.id, after.thread_id.0, entry)?;
        }
        self.persist_messages(before, after)?;
        if before.tags != after.tags {
            self.save_tags(after)?;
        }
        if before.follow_up != after.follow_up {
            self.save_follow_up(after.id, after.follow_up.as_mut())?;
        }
        self.update_case(after)
    }

    fn persist_messages(&mut self, before: &Case, after: &mut Case) -> Result<(), DbError> {
        let mut touched = false;
        for message in &mut after.messages {
            if message.id.0 == 0 {
                message.case_id = after.id;
                message.thread_id = after.thread_id;
                self.insert_message(message)?;
                touched = true;
            } else if let Some(old) = before.messages.iter().find(|old| old.id == message.id && *old != message) {
                self.update_message(message, old)?;
                touched = true;
            }
        }
        for gone in before.messages.iter().filter(|old| after.messages.iter().all(|message| message.id != old.id)) {
            self.conn.prepare_cached("DELETE FROM messages WHERE id = ?")?.execute([gone.id.0])?;
            touched = true;
        }
        if touched {
            after.last_message = self.newest_message(after.id)?.map(Box::new);
            if let Some(last) = &after.last_message {
                after.description = last.message.clone();
            }
        }
        Ok(())
    }

    /// Keeps the columns of a case that is not there yet; without a number it gets one, and without a thread its own.
    pub(super) fn insert_case(&mut self, case: &mut Case) -> Result<(), DbError> {
        self.save_case(
            "INSERT INTO cases (id, thread_id, parent_id, contact_id, title, description, channel, status, closing_state, date_queue, date_pending, date_active, date_closed, user_id, \
             wait_time, closed_by, queue_id, queue_order, visit_id, meta, fields, date_created, date_updated, last_message) \
             VALUES (nullif(?1, 0), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)",
            case,
        )?;
        case.id = CaseId(self.conn.last_insert_rowid());
        if case.thread_id.0 == 0 {
            case.thread_id.0 = case.id.0;
            self.conn.prepare_cached("UPDATE cases SET thread_id = id WHERE id = ?")?.execute([case.id.0])?;
        }
        Ok(())
    }

    pub(super) fn update_case(&mut self, case: &Case) -> Result<(), DbError> {
        self.save_case(
            "UPDATE cases SET thread_id = ?2, parent_id = ?3, contact_id = ?4, title = ?5, description = ?6, channel = ?7, status = ?8, closing_state = ?9, date_queue = ?10, \
             date_pending = ?11, date_active = ?12, date_closed = ?13, user_id = ?14, wait_time = ?15, closed_by = ?16, queue_id = ?17, queue_order = ?18, visit_id = ?19, meta = ?20, \
             fields = ?21, date_created = ?22, date_updated = ?23, last_message = ?24 WHERE id = ?1",
            case,
        )
    }

    fn save_case(&mut self, sql: &str, case: &Case) -> Result<(), DbError> {
        let now = self.now.timestamp_millis();
        self.conn.prepare_cached(sql)?.execute(params![
            case.id.0,
            case.thread_id.0,
            case.parent_id.map(|id| id.0),
            case.contact_id().map(|id| id.0),
            case.title.raw(),
            case.description.raw(),
            case.channel.as_str(),
            case.status.as_str(),
            case.closing_state.as_ref().map(crate::model::Untrusted::raw),
            row::ms(case.date_queue),
            row::ms(case.date_pending),
            row::ms(case.date_active),
            row::ms(case.date_closed),
            case.user_id.map(|id| id.0),
            case.wait_time,
            case.closed_by.map(|id| id.0),
            case.queue_id,
            case.extra.get("queueOrder").and_then(Value::as_i64),
            case.visit_id,
            case.extra.get("meta").and_then(Value::as_object).map_or_else(|| "{}".to_owned(), row::text),
            row::text(&case.fields),
            row::ms(case.date_created).unwrap_or(now),
            row::ms(case.date_updated).unwrap_or(now),
            case.last_message.as_ref().map(|message| message.id.0).filter(|id| *id != 0),
        ])?;
        Ok(())
    }

    pub(super) fn save_case_user(&mut self, case: CaseId, user: &mut CaseUser) -> Result<(), DbError> {
        user.case_id = case;
        let mut save = self.conn.prepare_cached(
            "INSERT INTO case_users (id, case_id, type, user_id, role, status, date_created, date_last_assigned, closed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) \
             ON CONFLICT DO UPDATE SET role = excluded.role, status = excluded.status, date_last_assigned = excluded.date_last_assigned, closed = excluded.closed",
        )?;
        let id = (user.id != 0).then_some(user.id);
        save.execute(params![
            id,
            case.0,
            user.kind.as_str(),
            user.user_id,
            user.role,
            user.status,
            row::ms(user.date_created),
            row::ms(user.date_last_assigned),
            user.closed
        ])?;
        if user.id == 0 {
            user.id = self.conn.last_insert_rowid();
        }
        Ok(())
    }

    pub(super) fn insert_timeline(&mut self, case: CaseId, thread: i64, entry: &mut TimelineEntry) -> Result<(), DbError> {
        let mut insert =
            self.conn.prepare_cached("INSERT INTO timeline (id, case_id, thread_id, event, detail, date_created, user_id) VALUES (?, ?, ?, ?, ?, ?, ?)")?;
        let raw = |text: &Option<crate::model::Untrusted>| text.as_ref().map(|text| text.raw().to_owned());
        let id = (entry.id != 0).then_some(entry.id);
        insert.execute(params![id, case.0, thread, raw(&entry.event), raw(&entry.detail), row::ms(entry.date_created), entry.user_id.map(|id| id.0)])?;
        entry.id = self.conn.last_insert_rowid();
        Ok(())
    }

    /// Gives the message its number. It does not touch the case.
    pub(super) fn insert_message(&mut self, message: &mut Message) -> Result<(), DbError> {
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO messages (id, case_id, thread_id, contact_id, channel, sender_type, sender_id, type, message, meta, seen, date_created, date_updated, mailed, mail) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )?;
        let mail = message.mail.as_ref().map(serde_json::to_string).transpose()?;
        insert.execute(params![
            (message.id.0 != 0).then_some(message.id.0),
            message.case_id.0,
            message.thread_id.0,
            message.contact_id.map(|id| id.0),
            message.channel.as_ref().map(crate::model::Channel::as_str),
            message.sender_type.as_str(),
            message.sender_id,
            message.kind.as_str(),
            message.message.raw(),
            row::text(&message.meta),
            message.seen,
            row::ms(message.date_created).unwrap_or(self.now.timestamp_millis()),
            row::ms(message.date_updated),
            mail.is_some(),
            mail,
        ])?;
        message.id = MessageId(self.conn.last_insert_rowid());
        Ok(())
    }

    fn update_message(&mut self, message: &Message, old: &Message) -> Result<(), DbError> {
        debug_assert_eq!(message.id, old.id, "a message keeps its number");
        let mut update = self.conn.prepare_cached("UPDATE messages SET message = ?2, meta = ?3, seen = ?4, date_updated = ?5 WHERE id = ?1")?;
        update.execute(params![message.id.0, message.message.raw(), row::text(&message.meta), message.seen, row::ms(message.date_updated)])?;
        Ok(())
    }

    fn save_tags(&mut self, case: &Case) -> Result<(), DbError> {
        self.conn.prepare_cached("DELETE FROM case_tags WHERE case_id = ?")?.execute([case.id.0])?;
        for tag in &case.tags {
            self.conn.prepare_cached("INSERT OR IGNORE INTO case_tags (case_id, tag_id) VALUES (?, ?)")?.execute([case.id.0, tag.id])?;
        }
        Ok(())
    }

    pub(super) fn save_follow_up(&mut self, case: CaseId, follow_up: Option<&mut Snooze>) -> Result<(), DbError> {
        let Some(snooze) = follow_up else {
            self.conn.prepare_cached("DELETE FROM follow_ups WHERE case_id = ?")?.execute([case.0])?;
            return Ok(());
        };
        let mut save = self.conn.prepare_cached(
            "INSERT INTO follow_ups (id, case_id, until, user_id, message) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (case_id) DO UPDATE SET until = excluded.until, user_id = excluded.user_id, message = excluded.message RETURNING id",
        )?;
        let message = snooze.message.as_ref().map(crate::model::Untrusted::raw);
        let id = save.query_row(params![snooze.id, case.0, snooze.until.timestamp_millis(), snooze.user_id.map(|id| id.0), message], |row| row.get(0))?;
        snooze.id = Some(id);
        Ok(())
    }
}

impl Writer<'_> {
    /// Adds a message that no agent's mutation made: a customer's, or an event such as a call.
    pub fn add_message(&mut self, case: &mut Case, mut message: Message) -> Result<Message, DbError> {
        message.case_id = case.id;
        message.thread_id = case.thread_id;
        message.contact_id = case.contact_id();
        message.channel = message.channel.or_else(|| Some(case.channel.clone()));
        message.date_created = Some(self.now);
        self.insert_message(&mut message)?;
        if message.kind != MessageKind::Event {
            case.description = message.message.clone();
            case.last_message = Some(Box::new(message.clone()));
        }
        case.date_updated = case.date_updated.max(Some(self.now));
        self.update_case(case)?;
        Ok(message)
    }
}
