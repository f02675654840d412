//! Reading messages and mails. They share one space of numbers; mails are never among the messages of a page.

use super::{DbError, MESSAGES, Reader, row};
use crate::model::{CaseId, ContactId, Message, MessageId, Person, SenderType, ThreadId};
use crate::server::filter::ListAsk;
use rusqlite::{OptionalExtension, params};
use std::collections::HashMap;

impl Reader<'_> {
    pub fn messages(&self, ask: &ListAsk) -> Result<Vec<Message>, DbError> {
        self.with_senders(self.page(&MESSAGES, row::MESSAGE, ask, row::message)?)
    }

    /// A message that is no mail.
    pub fn message(&self, id: MessageId) -> Result<Option<Message>, DbError> {
        Ok(self.any_message(id)?.filter(|message| message.mail.is_none()))
    }

    pub fn any_message(&self, id: MessageId) -> Result<Option<Message>, DbError> {
        let sql = format!("SELECT {} FROM messages WHERE id = ?", row::MESSAGE);
        let message = self.conn.prepare_cached(&sql)?.query_row([id.0], row::message).optional()?;
        Ok(self.with_senders(message.into_iter().collect())?.pop())
    }

    /// Mails of a thread after (or before) one, oldest first, at most `limit`.
    pub fn mails(&self, thread: ThreadId, after: bool, than: MessageId, limit: i64) -> Result<Vec<Message>, DbError> {
        let (sign, way) = if after { (">", "ASC") } else { ("<", "DESC") };
        let sql = format!("SELECT {} FROM messages WHERE thread_id = ? AND mailed = 1 AND id {sign} ? ORDER BY id {way} LIMIT ?", row::MESSAGE);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params![thread.0, than.0, limit], row::message)?;
        let mut mails = rows.collect::<Result<Vec<_>, _>>()?;
        if !after {
            mails.reverse();
        }
        self.with_senders(mails)
    }

    pub fn newest_mail(&self, thread: ThreadId) -> Result<Option<Message>, DbError> {
        Ok(self.mails(thread, false, MessageId(i64::MAX), 1)?.pop())
    }

    /// The newest of a case that is no event.
    pub(super) fn newest_message(&self, case: CaseId) -> Result<Option<Message>, DbError> {
        let sql = format!("SELECT {} FROM messages WHERE case_id = ? AND type != 'event' ORDER BY id DESC LIMIT 1", row::MESSAGE);
        Ok(self.conn.prepare_cached(&sql)?.query_row([case.0], row::message).optional()?)
    }

    /// Gives each its sender's name.
    pub(super) fn with_senders(&self, mut messages: Vec<Message>) -> Result<Vec<Message>, DbError> {
        let of = |kind: SenderType| row::array(messages.iter().filter(|message| message.sender_type == kind).filter_map(|message| message.sender_id));
        let (users, contacts) = (of(SenderType::User), of(SenderType::Contact));
        let users = self.names("SELECT id, name, email FROM users WHERE id IN (SELECT value FROM json_each(?))", &users)?;
        let contacts = self.names("SELECT id, name, email FROM contacts WHERE id IN (SELECT value FROM json_each(?))", &contacts)?;
        for message in &mut messages {
            let people = if message.sender_type == SenderType::User { &users } else { &contacts };
            let person = message.sender_id.and_then(|id| people.get(&id)).cloned();
            message.sender = person.map(|person| Person { kind: Some(message.sender_type.clone()), ..person });
        }
        Ok(messages)
    }

    fn names(&self, sql: &str, ids: &str) -> Result<HashMap<i64, Person>, DbError> {
        let people = self.rows(sql, ids, |row| {
            let email: Option<String> = row.get(2)?;
            Ok(Person { id: row.get(0)?, name: row.get::<_, String>(1)?.into(), email: email.map(Into::into), kind: None })
        })?;
        Ok(people.into_iter().map(|person| (person.id, person)).collect())
    }

    pub fn contact_of(&self, case: CaseId) -> Result<Option<ContactId>, DbError> {
        Ok(self.bare(case)?.and_then(|case| case.contact_id))
    }
}
