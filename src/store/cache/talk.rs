//! Who spoke last in a case and since when the customer waits, kept up as messages arrive.
//! Only what reaches the customer or comes from them counts; notes and events do not. The order of arrival does not matter:
//! where it would, [`Talk::hear`] says so and the messages are read again.

use super::Cache;
use crate::model::{CaseId, Message, MessageKind, SenderType, ThreadId, Untrusted};
use crate::store::error::Cause;
use rusqlite::params;

/// How much of a message the list can show.
const BEGINNING: usize = 240;

/// Moments are milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::store) struct Talk {
    pub agent_at: Option<i64>,
    pub contact_at: Option<i64>,
    /// The oldest customer message that no later agent message answers.
    pub waiting: Option<i64>,
    /// The beginning of the customer's last message.
    pub said: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Who {
    Nobody = 0,
    Agent = 1,
    Contact = 2,
}

impl Who {
    pub fn of(message: &Message) -> Self {
        match (&message.sender_type, &message.kind) {
            (SenderType::User, MessageKind::Message) => Self::Agent,
            _ if message.from_contact() => Self::Contact,
            _ => Self::Nobody,
        }
    }
}

impl Talk {
    /// Takes in one more message. `false`: an agent answered a part of what waits, and only the messages tell which.
    pub fn hear(&mut self, who: Who, at: i64, text: &str) -> bool {
        match who {
            Who::Nobody => true,
            Who::Contact => {
                if self.contact_at <= Some(at) {
                    self.said = Some(beginning(text));
                    self.contact_at = Some(at);
                }
                if self.agent_at < Some(at) {
                    self.waiting = Some(self.waiting.map_or(at, |since| since.min(at)));
                }
                true
            }
            Who::Agent => self.answer(at),
        }
    }

    fn answer(&mut self, at: i64) -> bool {
        if self.agent_at >= Some(at) {
            return true;
        }
        self.agent_at = Some(at);
        if self.contact_at <= Some(at) {
            self.waiting = None;
        }
        self.waiting.is_none_or(|since| since > at)
    }

    pub fn message(&mut self, message: &Message) -> bool {
        self.hear(Who::of(message), moment(message), spoken(message))
    }

    pub fn is_silent(&self) -> bool {
        self.agent_at.is_none() && self.contact_at.is_none()
    }

    /// Did the customer speak last?
    pub fn contact_last(&self) -> bool {
        self.contact_at.is_some() && self.contact_at > self.agent_at
    }
}

pub(in crate::store) fn moment(message: &Message) -> i64 {
    message.date_created.map_or(0, |date| date.timestamp_millis())
}

/// The words of a message: its text, else the text or the subject of the mail.
pub(in crate::store) fn spoken(message: &Message) -> &str {
    let mail = message.mail.as_deref();
    let body = mail.and_then(|mail| mail.text_body.as_ref());
    let subject = mail.map(|mail| &mail.subject);
    [Some(&message.message), body, subject].into_iter().flatten().map(Untrusted::raw).find(|text| !text.is_empty()).unwrap_or_default()
}

pub(in crate::store) fn beginning(text: &str) -> String {
    text.chars().take(BEGINNING).collect()
}

impl Cache {
    /// The talk of a case from its messages.
    pub(in crate::store) fn talk(&self, thread: ThreadId, case: CaseId) -> Result<Talk, Cause> {
        let mut talk = Talk::default();
        let mut last = None;
        let mut unanswered = Vec::new();
        let mut found = self.db.prepare_cached("SELECT date, who, key FROM message WHERE thread_id = ?1 AND case_id = ?2 AND who > 0 ORDER BY date, key")?;
        let mut rows = found.query(params![thread.0, case.0])?;
        while let Some(row) = rows.next()? {
            let (at, who, key): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if who == Who::Agent as i64 {
                talk.agent_at = Some(at);
            } else {
                talk.contact_at = Some(at);
                unanswered.push(at);
                last = Some(key);
            }
        }
        talk.waiting = unanswered.into_iter().find(|at| Some(*at) > talk.agent_at);
        if let Some(key) = last {
            talk.said = self.message(key)?.map(|message| beginning(spoken(&message)));
        }
        Ok(talk)
    }

    /// Since when the customer waits, given that an agent answered at `at`.
    pub(in crate::store) fn waiting_after(&self, thread: ThreadId, case: CaseId, at: i64) -> Result<Option<i64>, Cause> {
        let sql = "SELECT min(date) FROM message WHERE thread_id = ?1 AND date > ?3 AND case_id = ?2 AND who = 2";
        Ok(self.db.prepare_cached(sql)?.query_row(params![thread.0, case.0, at], |row| row.get(0))?)
    }
}
