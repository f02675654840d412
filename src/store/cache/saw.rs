//! What the agent's screen was drawn from: kept with an operation, so that what others changed since is noticed.

use super::Cache;
use super::messages::chat_key;
use crate::model::{Case, Change, Message, MessageId, MessageKind, Op, Saw, ThreadId, UserId};
use crate::store::error::Cause;
use rusqlite::OptionalExtension;

impl Cache {
    /// `None` where the case was never read.
    pub(in crate::store) fn saw(&self, op: &Op) -> Result<Option<Saw>, Cause> {
        let Some(case) = self.case(op.case())? else { return Ok(None) };
        let text = match &op.mutation.change {
            Change::Edit { message, .. } | Change::Delete { message } => self.message(chat_key(*message))?.map(|message| message.message),
            _ => None,
        };
        let heard = match &op.mutation.change {
            Change::Reply { .. } | Change::Close { .. } if op.answers.is_none() => {
                let said = self.newest_of_contact(super::threading(&case))?;
                let last = case.last_message.as_deref().filter(|message| message.from_contact() && message.mail.is_none());
                let newest = said.iter().chain(last).filter(|message| message.kind != MessageKind::Event);
                newest.max_by_key(|message| message.date_created).map(|message| message.id)
            }
            _ => None,
        };
        let said = if matches!(op.mutation.change, Change::Reply { .. }) { self.said_by_colleagues(&case, op.mutation.by.id)? } else { None };
        Ok(Some(Saw { status: Some(case.status.clone()), owners: case.owners().map(|row| UserId(row.user_id)).collect(), text, heard, said }))
    }

    /// What was read of the case is whole, or nothing is known of who answered.
    fn said_by_colleagues(&self, case: &Case, me: UserId) -> Result<Option<MessageId>, Cause> {
        let thread = super::threading(case);
        let read = self.db.prepare_cached("SELECT 1 FROM thread WHERE thread_id = ?1 AND fetched IS NOT NULL")?.exists([thread.0])?;
        if !read || me.0 == 0 {
            return Ok(None);
        }
        let mut select = self.db.prepare_cached("SELECT doc FROM message WHERE thread_id = ?1 AND who = 1 ORDER BY date DESC")?;
        let mut rows = select.query([thread.0])?;
        while let Some(row) = rows.next()? {
            let message: Message = serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
            if message.case_id == case.id && message.sender_id.is_some_and(|sender| sender != me.0) {
                return Ok(Some(message.id));
            }
        }
        Ok(Some(MessageId(0)))
    }

    fn newest_of_contact(&self, thread: ThreadId) -> Result<Option<Message>, Cause> {
        let sql = "SELECT doc FROM message WHERE thread_id = ?1 AND who = 2 ORDER BY date DESC LIMIT 1";
        let doc: Option<String> = self.db.prepare_cached(sql)?.query_row([thread.0], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
    }
}
