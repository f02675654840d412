//! What the agent's screen was drawn from: kept with an operation, so that what others changed since is noticed.

use super::Cache;
use super::messages::chat_key;
use crate::model::{Change, Message, MessageKind, Op, Saw, ThreadId, UserId};
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
        Ok(Some(Saw { status: Some(case.status.clone()), owners: case.owners().map(|row| UserId(row.user_id)).collect(), text, heard }))
    }

    fn newest_of_contact(&self, thread: ThreadId) -> Result<Option<Message>, Cause> {
        let sql = "SELECT doc FROM message WHERE thread_id = ?1 AND who = 2 ORDER BY date DESC LIMIT 1";
        let doc: Option<String> = self.db.prepare_cached(sql)?.query_row([thread.0], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
    }
}
