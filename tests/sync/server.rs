//! The server of the simulation: cases with their messages, changed by `Mutation::apply` only, and what a replica that is
//! behind shows of them.

use super::plan::Kind;
use super::world::ts;
use caseload::model::{Case, CaseId, Change, Message, MessageId, Mutation, Object, OpId, Refused, SenderType, Status, ThreadId, Untrusted, UserId};
use std::borrow::Cow;

/// Cases that are worked on at the same time, and the messages after which a case makes room for a new one.
const SLOTS: usize = 14;
const LONG: usize = 28;
/// No reading is older, in milliseconds.
const OLDEST: i64 = 130_000;

pub struct Server {
    pub kind: Kind,
    pub cases: Vec<Held>,
    pub open: Vec<usize>,
    /// Markers in the order in which they came: when, of which operation, under which name, in which case.
    pub marks: Vec<(i64, OpId, i64, CaseId)>,
    next: i64,
}

pub struct Held {
    pub case: Case,
    pub changed: i64,
    /// Deleted or merged away.
    pub gone: bool,
    log: Vec<(i64, Was)>,
}

/// What something was before it was changed.
enum Was {
    Header(Box<Case>),
    Message(Box<Message>),
}

impl Server {
    pub fn new(kind: Kind) -> Self {
        let mut server = Self { kind, cases: Vec::new(), open: Vec::new(), marks: Vec::new(), next: 0 };
        for _ in 0..SLOTS {
            let case = server.opens(Status::Active, 0);
            server.open.push(case);
        }
        server
    }

    /// A customer begins to talk.
    fn opens(&mut self, status: Status, now: i64) -> usize {
        let id = self.cases.len() as i64 + 1;
        let case = Case { id: CaseId(id), thread_id: ThreadId(id), status, ..Case::default() };
        self.cases.push(Held { case, changed: now, gone: false, log: Vec::new() });
        self.cases.len() - 1
    }

    pub fn held(&mut self, case: CaseId) -> &mut Held {
        &mut self.cases[case.0 as usize - 1]
    }

    /// The case of a slot; what is long, closed or gone makes room now and then.
    pub fn slot(&mut self, slot: usize, roll: u64, now: i64) -> usize {
        let held = &self.cases[self.open[slot]];
        let over = held.case.is_closed() || held.gone;
        if held.case.messages.len() > LONG || over && roll.is_multiple_of(4) {
            let status = if roll.is_multiple_of(7) { Status::Pending } else { Status::Active };
            self.open[slot] = self.opens(status, now);
        }
        self.open[slot]
    }

    pub fn slots(&self) -> u64 {
        self.open.len() as u64
    }

    /// Takes a request; gives what it calls the result. A vendor stores a message again that it has already.
    pub fn take(&mut self, mutation: &Mutation, now: i64) -> Result<Option<i64>, Refused> {
        let kind = self.kind;
        let held = &mut self.cases[mutation.case.0 as usize - 1];
        if held.gone {
            return Err(Refused::Closed(mutation.case));
        }
        if mutation.change.adds_message() {
            self.next += 1;
            let name = MessageId(self.next);
            // Under a name of its own, or `apply` would know it again.
            let again = Mutation { op: OpId(uuid::Uuid::from_u128(self.next.unsigned_abs().into())), ..mutation.clone() };
            again.apply(&mut held.case)?;
            held.case.last_message = None;
            if let Some(message) = held.case.messages.last_mut() {
                message.id = name;
                message.date_created = Some(ts(now));
                message.meta =
                    if kind == Kind::Drops { Object::new() } else { std::iter::once(("op_id".to_owned(), serde_json::json!(mutation.op))).collect() };
            }
            held.changed = now;
            if kind != Kind::Drops {
                self.marks.push((now, mutation.op, name.0, mutation.case));
            }
            return Ok(Some(name.0));
        }
        held.change(now, &mutation.change);
        if mutation.change != Change::Reopen {
            return mutation.apply(&mut held.case).map(|()| None);
        }
        if held.case.status != Status::Closed {
            return Ok(Some(mutation.case.0));
        }
        let mut case = Case { messages: Vec::new(), follow_up: None, ..held.case.clone() };
        mutation.apply(&mut case)?;
        let new = self.opens(Status::Active, now);
        let id = CaseId(new as i64 + 1);
        self.cases[new].case = Case { id, parent_id: Some(mutation.case), ..case };
        let old = mutation.case.0 as usize - 1;
        self.open.iter_mut().filter(|slot| **slot == old).for_each(|slot| *slot = new);
        Ok(Some(id.0))
    }

    /// The customer writes.
    pub fn says(&mut self, at: usize, now: i64) {
        self.next += 1;
        let held = &mut self.cases[at];
        held.changed = now;
        let message = Message {
            id: MessageId(self.next),
            case_id: held.case.id,
            sender_type: SenderType::Contact,
            message: "and now?".into(),
            date_created: Some(ts(now)),
            ..Message::default()
        };
        held.case.messages.push(message);
    }

    /// The newest open case of a thread after this one.
    pub fn reopened(&self, case: CaseId, thread: ThreadId) -> Option<i64> {
        let newer = self.cases[case.0 as usize..].iter().rev();
        newer.map(|held| &held.case).find(|case| case.thread_id == thread && !case.is_closed()).map(|case| case.id.0)
    }
}

impl Held {
    /// Remembers what it was.
    pub fn change(&mut self, now: i64, change: &Change) {
        self.changed = now;
        if self.log.len() > 40 {
            self.log.retain(|(at, _)| now - *at < OLDEST);
        }
        let was = match change {
            Change::Edit { message, .. } | Change::Delete { message } => {
                self.case.messages.iter().find(|held| held.id == *message).map(|held| Was::Message(Box::new(held.clone())))
            }
            _ => {
                let messages = std::mem::take(&mut self.case.messages);
                let header = self.case.clone();
                self.case.messages = messages;
                Some(Was::Header(Box::new(header)))
            }
        };
        self.log.extend(was.map(|was| (now, was)));
    }

    /// As it was then.
    pub fn view(&self, cut: i64) -> Cow<'_, Case> {
        if self.changed <= cut {
            return Cow::Borrowed(&self.case);
        }
        let mut case = self.case.clone();
        let until = ts(cut);
        case.messages.retain(|message| message.date_created.is_none_or(|at| at <= until));
        for (_, was) in self.log.iter().rev().filter(|(at, _)| *at > cut) {
            match was {
                Was::Header(was) => case = Case { messages: case.messages, ..(**was).clone() },
                Was::Message(was) => match case.messages.iter_mut().find(|message| message.id == was.id) {
                    Some(message) => *message = (**was).clone(),
                    None if was.date_created.is_none_or(|at| at <= until) => {
                        let at = case.messages.partition_point(|message| message.id < was.id);
                        case.messages.insert(at, (**was).clone());
                    }
                    None => {}
                },
            }
        }
        Cow::Owned(case)
    }

    pub fn heard(&self) -> Option<MessageId> {
        self.case.messages.iter().rev().find(|message| message.sender_type == SenderType::Contact).map(|message| message.id)
    }

    pub fn owners(&self) -> Vec<UserId> {
        self.case.owners().map(|row| UserId(row.user_id)).collect()
    }

    pub fn text(&self, id: MessageId) -> Option<Untrusted> {
        self.case.messages.iter().find(|message| message.id == id).map(|message| message.message.clone())
    }
}
