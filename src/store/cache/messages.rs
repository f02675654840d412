//! Messages, each once under the number its source gave it: chat and mail count for themselves.
//! An older reading never replaces a newer one, and what we deleted does not come back with a pull that began before.

use super::Cache;
use super::talk::{Who, moment};
use crate::model::{Case, CaseId, Message, MessageId, OpId, ThreadId};
use crate::store::error::Cause;
use crate::store::search;
use rusqlite::{OptionalExtension, Row, params};

pub(in crate::store) const OF_THREAD: &str = "SELECT doc FROM message WHERE thread_id = ?1 ORDER BY date, key";

/// The newest first, and how long their documents are.
pub(in crate::store) const NEWEST: &str = "SELECT key, octet_length(doc) FROM message WHERE thread_id = ?1 ORDER BY date DESC, key DESC LIMIT ?2";

/// So many messages of a thread, and so many bytes of them, are read before a frame.
const PART: i64 = 80;
const PART_BYTES: i64 = 256 * 1024;

/// What became of a message that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Heard {
    New,
    Changed,
    Kept,
}

/// Where a message belongs, and who is writing it down.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Place {
    pub thread: ThreadId,
    /// Our operation that made it, when it is not written in it.
    pub op: Option<OpId>,
    /// The generation of the pull that read it, when something of its case was settled since.
    pub guarded: Option<i64>,
}

/// One number for both number spaces.
pub(in crate::store) fn key(message: &Message) -> i64 {
    message.id.0 * 4 + i64::from(message.mail.is_some())
}

pub(in crate::store) fn chat_key(id: MessageId) -> i64 {
    id.0 * 4
}

pub(in crate::store) fn is_mail(key: i64) -> bool {
    key & 3 == 1
}

pub(in crate::store) fn number(key: i64) -> MessageId {
    MessageId(key >> 2)
}

impl Cache {
    /// Writes a message down.
    pub(in crate::store) fn put_message(&self, message: &Message, place: Place) -> Result<Heard, Cause> {
        let key = key(message);
        if let Some(generation) = place.guarded
            && self.is_gone(key, generation)?
        {
            return Ok(Heard::Kept);
        }
        let doc = serde_json::to_string(message)?;
        let op = message.op_id().or(place.op).map(|op| op.to_string());
        let sql = "INSERT OR IGNORE INTO message (key, thread_id, case_id, date, who, op_id, doc) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let who = Who::of(message) as i64;
        if self.db.prepare_cached(sql)?.execute(params![key, place.thread.0, message.case_id.0, moment(message), who, op, doc])? == 1 {
            self.index(search::message_key(key, message.date_created), search::message_text(message));
            return Ok(Heard::New);
        }
        if place.guarded.is_some() { Ok(Heard::Kept) } else { self.replace_message(message, place.thread, op.as_deref(), &doc) }
    }

    fn replace_message(&self, message: &Message, thread: ThreadId, op: Option<&str>, doc: &str) -> Result<Heard, Cause> {
        let key = key(message);
        let Some((old, old_doc)) = self.stored(key)? else { return Ok(Heard::Kept) };
        if old_doc == doc || (message.date_updated.is_some() && message.date_updated < old.date_updated) {
            return Ok(Heard::Kept);
        }
        let sql = "UPDATE message SET thread_id = ?2, case_id = ?3, date = ?4, who = ?5, op_id = coalesce(?6, op_id), doc = ?7 WHERE key = ?1";
        self.db.prepare_cached(sql)?.execute(params![key, thread.0, message.case_id.0, moment(message), Who::of(message) as i64, op, doc])?;
        let was = (search::message_key(key, old.date_created), search::message_text(&old));
        let is = (search::message_key(key, message.date_created), search::message_text(message));
        if was != is {
            self.unindex(was.0, was.1);
            self.index(is.0, is.1);
        }
        Ok(Heard::Changed)
    }

    fn stored(&self, key: i64) -> Result<Option<(Message, String)>, Cause> {
        let doc: Option<String> = self.db.prepare_cached("SELECT doc FROM message WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()?;
        let Some(doc) = doc else { return Ok(None) };
        Ok(Some((serde_json::from_str(&doc)?, doc)))
    }

    /// The newest messages of a thread, where all of them are too much to be read before a frame; not even one where that one is.
    pub(in crate::store) fn newest(&self, thread: ThreadId) -> Result<Option<Vec<Message>>, Cause> {
        let mut select = self.db.prepare_cached(NEWEST)?;
        let sizes = select.query_map([thread.0, PART + 1], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<(i64, i64)>, _>>()?;
        let mut room = (PART, PART_BYTES);
        let fit = sizes.iter().take_while(|(_, bytes)| {
            room = (room.0 - 1, room.1 - bytes);
            room.0 >= 0 && room.1 >= 0
        });
        let fit: Vec<i64> = fit.map(|(key, _)| *key).collect();
        if fit.len() == sizes.len() {
            return Ok(None);
        }
        Ok(Some(fit.into_iter().rev().map(|key| self.message(key)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()))
    }

    pub(in crate::store) fn message(&self, key: i64) -> Result<Option<Message>, Cause> {
        Ok(self.stored(key)?.map(|(message, _)| message))
    }

    pub(in crate::store) fn remove_message(&self, key: i64) -> Result<(), Cause> {
        let Some((old, _)) = self.stored(key)? else { return Ok(()) };
        self.unindex(search::message_key(key, old.date_created), search::message_text(&old));
        self.db.prepare_cached("DELETE FROM message WHERE key = ?1")?.execute([key])?;
        Ok(())
    }

    /// Removes what we deleted at the server, for good: running pulls may still bring it.
    pub(in crate::store) fn bury_message(&self, key: i64) -> Result<(), Cause> {
        self.remove_message(key)?;
        let generation = self.generation()?;
        self.db.prepare_cached("REPLACE INTO gone (key, gen) VALUES (?1, ?2)")?.execute([key, generation])?;
        Ok(())
    }

    fn is_gone(&self, key: i64, generation: i64) -> Result<bool, Cause> {
        Ok(self.db.prepare_cached("SELECT 1 FROM gone WHERE key = ?1 AND gen >= ?2")?.exists([key, generation])?)
    }

    /// The keys of a case's messages; `mail`: only those of this source.
    pub(in crate::store) fn keys_of(&self, thread: ThreadId, case: CaseId, mail: Option<bool>) -> Result<Vec<i64>, Cause> {
        let keys = self.ids_of("SELECT key FROM message WHERE thread_id = ?1 AND case_id = ?2", [thread.0, case.0])?;
        Ok(keys.into_iter().filter(|key| mail.is_none_or(|mail| is_mail(*key) == mail)).collect())
    }

    pub(in crate::store) fn mails_of(&self, thread: ThreadId) -> Result<Vec<i64>, Cause> {
        let keys = self.ids_of("SELECT key FROM message WHERE thread_id = ?1", [thread.0])?;
        Ok(keys.into_iter().filter(|key| is_mail(*key)).collect())
    }

    /// Is there a confirmed message that this operation made?
    pub(in crate::store) fn has_op(&self, op: OpId) -> Result<bool, Cause> {
        Ok(self.db.prepare_cached("SELECT 1 FROM message WHERE op_id = ?1")?.exists([op.to_string()])?)
    }

    /// Messages that came before their case are given to its thread. Gives whether there are any.
    pub(in crate::store) fn adopt(&self, case: &Case, thread: ThreadId) -> Result<bool, Cause> {
        if thread.0 != case.id.0 {
            let sql = "UPDATE message SET thread_id = ?1 WHERE thread_id = ?2 AND case_id = ?2";
            self.db.prepare_cached(sql)?.execute([thread.0, case.id.0])?;
        }
        Ok(self.db.prepare_cached("SELECT 1 FROM message WHERE thread_id = ?1")?.exists([thread.0])?)
    }

    /// All messages of a thread, oldest first.
    pub(in crate::store) fn messages(&self, thread: ThreadId) -> Result<Vec<Message>, Cause> {
        let mut select = self.db.prepare_cached(OF_THREAD)?;
        let docs = select.query_map([thread.0], |row: &Row| row.get::<_, String>(0))?;
        docs.map(|doc| Ok(serde_json::from_str(&doc?)?)).collect()
    }
}
