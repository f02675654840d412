//! The one way to change a case. The client predicts with [`Mutation::apply`], the embedded server decides with it;
//! applied twice it is applied once. A new kind of change is a variant of [`Change`] and its arm here.

use super::{
    Case, CaseId, CaseUser, Head, Lang, Message, MessageId, MessageKind, Object, OpId, SenderType, Snooze, Status, ThreadId, Timestamp, Untrusted, UserId,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

mod labels;
pub use labels::{FieldChange, FieldsOf};

/// Who changes it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Actor {
    pub id: UserId,
    pub name: Untrusted,
}

/// One change of one case by one agent. Serialised into the outbox: forms may only grow.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mutation {
    pub op: OpId,
    pub case: CaseId,
    pub thread: ThreadId,
    pub at: Timestamp,
    pub by: Actor,
    pub change: Change,
}

/// What is changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    Reply {
        text: String,
        /// Whom it goes to, where it is a mail; `None`: the customer, from what came before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head: Option<Box<Head>>,
        /// The language the server is to put it into for the customer; `None`: it goes out as it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        translate: Option<Lang>,
    },
    Note {
        text: String,
    },
    Close {
        state: String,
    },
    /// Makes a new case in the same thread at the server; predicted on the closed one until its answer comes.
    Reopen,
    /// Join: the case becomes active and the actor's.
    Claim,
    Assign {
        users: Vec<UserId>,
        departments: Vec<i64>,
    },
    Snooze {
        until: Timestamp,
        message: Option<String>,
    },
    Unsnooze,
    Edit {
        message: MessageId,
        text: String,
    },
    Delete {
        message: MessageId,
    },
    /// Labels by their names; what others added or took away meanwhile stays as they left it.
    Tag {
        add: Vec<String>,
        remove: Vec<String>,
    },
    /// Fields of the case or of its contact, each with what it was: somebody else's change is not overwritten.
    Fields {
        of: FieldsOf,
        set: Vec<FieldChange>,
    },
}

impl Change {
    /// A reply that goes the usual way.
    pub fn reply(text: impl Into<String>) -> Self {
        Self::Reply { text: text.into(), head: None, translate: None }
    }

    /// The word of the command line, the outbox and the notices.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Reply { .. } => "reply",
            Self::Note { .. } => "note",
            Self::Close { .. } => "close",
            Self::Reopen => "reopen",
            Self::Claim => "claim",
            Self::Assign { .. } => "assign",
            Self::Snooze { .. } => "snooze",
            Self::Unsnooze => "unsnooze",
            Self::Edit { .. } => "edit",
            Self::Delete { .. } => "delete",
            Self::Tag { .. } => "tag",
            Self::Fields { .. } => "fields",
        }
    }

    /// The words the agent wrote, when there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Reply { text, .. } | Self::Note { text } | Self::Edit { text, .. } => Some(text),
            Self::Snooze { message, .. } => message.as_deref(),
            _ => None,
        }
    }

    /// The language the customer reads it in, where the server is to translate it: then it comes back in other words.
    pub fn translate(&self) -> Option<&Lang> {
        if let Self::Reply { translate, .. } = self { translate.as_ref() } else { None }
    }

    /// Does it add a message, so that doing it twice at the server would be seen twice?
    pub fn adds_message(&self) -> bool {
        matches!(self, Self::Reply { .. } | Self::Note { .. })
    }
}

/// Why a case does not take a change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("case {0} is {1}: only active cases accept messages")]
    NotActive(CaseId, String),
    #[error("case {0} is closed")]
    Closed(CaseId),
    #[error("message {0} is not there")]
    NoMessage(MessageId),
    #[error("message {0} was written by somebody else")]
    NotYours(MessageId),
    #[error("field '{1}' of case {0} was changed by somebody else since")]
    FieldChanged(CaseId, String),
    #[error("case {0} has no contact")]
    NoContact(CaseId),
}

impl Mutation {
    /// Changes the case, or says why it does not take the change and leaves it as it was.
    pub fn apply(&self, case: &mut Case) -> Result<(), Refused> {
        match &self.change {
            Change::Reply { text, .. } => self.add(case, MessageKind::Message, text)?,
            Change::Note { text } => self.add(case, MessageKind::Note, text)?,
            Change::Close { state } => self.close(case, state),
            Change::Reopen => self.reopen(case),
            Change::Claim => self.claim(case)?,
            Change::Assign { users, .. } => users.iter().for_each(|user| self.seat(case, *user, "assigned")),
            Change::Snooze { until, message } => self.snooze(case, *until, message.as_deref()),
            Change::Unsnooze => case.follow_up = None,
            Change::Edit { message, text } => self.own(case, *message)?.rewrite(text, self.at),
            Change::Delete { message } => self.delete(case, *message)?,
            Change::Tag { add, remove } => labels::tag(case, add, remove),
            Change::Fields { of, set } => labels::set(case, *of, set)?,
        }
        case.date_updated = case.date_updated.max(Some(self.at));
        Ok(())
    }

    /// The message this operation adds; its id is 0 until the server gave one.
    pub fn message(&self, case: &Case, kind: MessageKind, text: &str) -> Message {
        Message {
            case_id: case.id,
            thread_id: case.thread_id,
            contact_id: case.contact_id(),
            channel: Some(case.channel.clone()),
            sender_type: SenderType::User,
            sender_id: Some(self.by.id.0),
            kind,
            message: text.into(),
            meta: Object::from_iter([("op_id".to_owned(), json!(self.op))]),
            date_created: Some(self.at),
            sender: Some(super::Person { id: self.by.id.0, name: self.by.name.clone(), email: None, kind: Some(SenderType::User) }),
            mail: self.head().map(|head| Box::new(head.mail(text))),
            ..Message::default()
        }
    }

    /// Whom a mail goes to, where its author said so.
    pub fn head(&self) -> Option<&Head> {
        if let Change::Reply { head, .. } = &self.change { head.as_deref() } else { None }
    }

    fn add(&self, case: &mut Case, kind: MessageKind, text: &str) -> Result<(), Refused> {
        if has(case, self.op) {
            return Ok(());
        }
        if case.status != Status::Active {
            return Err(Refused::NotActive(case.id, case.status.as_str().to_owned()));
        }
        let message = self.message(case, kind, text);
        case.description = message.message.clone();
        case.last_message = Some(Box::new(message.clone()));
        case.messages.push(message);
        Ok(())
    }

    fn close(&self, case: &mut Case, state: &str) {
        if case.status == Status::Closed {
            return;
        }
        case.status = Status::Closed;
        case.closing_state = Some(state.into());
        case.date_closed = Some(self.at);
        case.closed_by = Some(self.by.id);
        case.users.iter_mut().for_each(|user| user.closed = true);
    }

    fn reopen(&self, case: &mut Case) {
        if case.status != Status::Closed {
            return;
        }
        case.status = Status::Active;
        case.closing_state = None;
        case.date_closed = None;
        case.closed_by = None;
        self.seat(case, self.by.id, "joined");
    }

    fn claim(&self, case: &mut Case) -> Result<(), Refused> {
        if case.status == Status::Closed {
            return Err(Refused::Closed(case.id));
        }
        if case.status == Status::Pending {
            case.status = Status::Active;
            case.wait_time = case.date_queue.map(|queued| (self.at - queued).num_seconds().max(0)).or(case.wait_time);
        }
        case.date_active = case.date_active.or(Some(self.at));
        self.seat(case, self.by.id, "joined");
        Ok(())
    }

    /// Gives a user a row with this part in the case, or changes the row there is.
    fn seat(&self, case: &mut Case, user: UserId, status: &str) {
        let row = case.users.iter_mut().find(|row| row.kind == SenderType::User && row.user_id == user.0);
        if let Some(row) = row {
            if row.status != status || row.closed {
                row.date_last_assigned = Some(self.at);
            }
            row.closed = false;
            // Being assigned to what one joined already changes nothing.
            if !(row.status == "joined" && status == "assigned") {
                status.clone_into(&mut row.status);
            }
            return;
        }
        let person = (user == self.by.id).then(|| super::Person { id: user.0, name: self.by.name.clone(), email: None, kind: None });
        case.users.push(CaseUser {
            case_id: case.id,
            user_id: user.0,
            status: status.to_owned(),
            date_created: Some(self.at),
            date_last_assigned: Some(self.at),
            user: person,
            ..CaseUser::default()
        });
    }

    fn snooze(&self, case: &mut Case, until: Timestamp, message: Option<&str>) {
        let id = case.follow_up.as_ref().and_then(|snooze| snooze.id);
        case.follow_up = Some(Snooze { id, until, user_id: Some(self.by.id), message: message.map(Untrusted::from) });
    }

    /// The message, if it is the actor's own.
    fn own<'c>(&self, case: &'c mut Case, id: MessageId) -> Result<&'c mut Message, Refused> {
        let message = case.messages.iter_mut().find(|message| message.id == id).ok_or(Refused::NoMessage(id))?;
        if message.sender_type == SenderType::User && message.sender_id == Some(self.by.id.0) { Ok(message) } else { Err(Refused::NotYours(id)) }
    }

    fn delete(&self, case: &mut Case, id: MessageId) -> Result<(), Refused> {
        if case.messages.iter().all(|message| message.id != id) {
            return Ok(());
        }
        self.own(case, id)?;
        case.messages.retain(|message| message.id != id);
        Ok(())
    }
}

impl Message {
    fn rewrite(&mut self, text: &str, at: Timestamp) {
        if self.message.raw() != text {
            self.message = text.into();
            self.date_updated = Some(at);
        }
    }
}

fn has(case: &Case, op: OpId) -> bool {
    case.messages.iter().any(|message| message.op_id() == Some(op)) || case.last_message.as_ref().is_some_and(|message| message.op_id() == Some(op))
}

#[cfg(test)]
mod tests;
