//! Plans a thread: which blocks stand under each other, what shares a head, where the rules between days and cases go.
//! Nothing is wrapped in here, and no message is read to its end: a plan of thousands of messages costs a millisecond.

use super::shown::Entry;
use super::time::{date, local, stamp};
use super::{Layout, Role, body, page};
use crate::model::{Case, CaseId, Conversation, Feedback, Message, MessageKind, Op, SenderType, Status, Timestamp, Untrusted};
use chrono::{Duration, NaiveDate};
use std::collections::HashMap;

/// Messages of one sender that follow each other this quickly share a head.
const TOGETHER: Duration = Duration::minutes(5);
/// So many events after each other are one line until they are opened.
const MANY: usize = 3;
/// No more of them are one block: a block is laid out whole.
const MOST: usize = 100;

/// What is laid out at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// A blank line stands above it.
    pub gap: bool,
    pub kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `── text ──`
    Rule(Role, String),
    /// Lines as they are.
    Text(Role, String),
    /// Shown messages `from..to`, which tell of events.
    Events { from: usize, to: usize },
    /// A shown message, or a part of it.
    Message { at: usize, part: Part },
}

/// Which part of a message: a huge one is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Who, when: stands above the first part of the first message of a run.
    pub head: bool,
    pub first: bool,
    pub last: bool,
    /// Bytes of its text; the whole of it where it was not cut.
    pub bytes: Option<(usize, usize)>,
}

impl Kind {
    /// The shown message that it belongs to; the first one of several.
    pub fn message(&self) -> Option<usize> {
        match self {
            Self::Events { from, .. } => Some(*from),
            Self::Message { at, .. } => Some(*at),
            Self::Rule(..) | Self::Text(..) => None,
        }
    }
}

struct Planner<'a> {
    conversation: &'a Conversation,
    how: &'a Layout,
    blocks: Vec<Block>,
    places: HashMap<CaseId, usize>,
    /// The place in the chain of the case that is being written.
    at: usize,
    feedbacks: Vec<&'a Feedback>,
    /// Who wrote the message above, for messages that share a head.
    above: Option<(SenderType, Option<i64>, MessageKind, Timestamp)>,
    /// Is everything up to here what the agent had seen?
    seen: bool,
    day: Option<NaiveDate>,
}

/// The blocks of a thread, top to bottom.
pub fn plan(conversation: &Conversation, entries: &[Entry], rest: &[&Op], how: &Layout) -> Vec<Block> {
    let places = conversation.cases.iter().enumerate().map(|(at, case)| (case.id, at)).collect();
    let feedbacks = conversation.cases.first().map_or_else(Vec::new, feedbacks);
    let seen = conversation.seen_until.is_some();
    // What is of today needs no rule that says so, unless something older stands above it.
    let day = Some(local(how.now, how.utc_offset).date());
    let blocks = Vec::with_capacity(entries.len() + 8);
    let mut planner = Planner { conversation, how, blocks, places, at: 0, feedbacks, above: None, seen, day };
    for (at, entry) in entries.iter().enumerate() {
        planner.message(at, entry);
    }
    planner.end(rest);
    planner.blocks
}

impl Planner<'_> {
    fn message(&mut self, at: usize, entry: &Entry) {
        let message = entry.message(self.conversation);
        let message = message.as_ref();
        self.reach(message);
        self.feedback_until(message.date_created);
        self.new_day(message.date_created);
        self.new_rule(message);
        match &message.kind {
            MessageKind::Event if !message.meta.contains_key("call") => self.event(at),
            MessageKind::Event => self.block(false, Kind::Message { at, part: Part { head: false, first: true, last: true, bytes: None } }),
            _ => self.words(at, message),
        }
        if entry.op.is_some() {
            self.above = None;
        }
    }

    fn words(&mut self, at: usize, message: &Message) {
        let shares = self.shares_head(message);
        self.above =
            message.date_created.filter(|_| message.mail.is_none()).map(|date| (message.sender_type.clone(), message.sender_id, message.kind.clone(), date));
        let cuts = body::cuts(message);
        let whole = Part { head: !shares, first: true, last: true, bytes: None };
        if cuts.len() < 2 {
            self.block(!shares, Kind::Message { at, part: whole });
            return;
        }
        for (count, bytes) in cuts.iter().enumerate() {
            let first = count == 0;
            let part = Part { head: first && !shares, first, last: count + 1 == cuts.len(), bytes: Some(*bytes) };
            self.block(first && !shares, Kind::Message { at, part });
        }
    }

    fn shares_head(&self, message: &Message) -> bool {
        message.mail.is_none()
            && message.edited().is_none()
            && self.above.as_ref().zip(message.date_created).is_some_and(|((sender, id, kind, date), now)| {
                *sender == message.sender_type && *id == message.sender_id && *kind == message.kind && now - *date <= TOGETHER && now >= *date
            })
    }

    /// Joins the events above it.
    fn event(&mut self, at: usize) {
        self.above = None;
        if let Some(Block { kind: Kind::Events { from, to }, .. }) = self.blocks.last_mut()
            && *to - *from < MOST
        {
            *to = at + 1;
        } else {
            self.block(false, Kind::Events { from: at, to: at + 1 });
        }
    }

    /// What stands below the last message: the cases that have none yet, snoozes, and what else is pending.
    fn end(&mut self, rest: &[&Op]) {
        self.go_to(self.conversation.cases.len().saturating_sub(1));
        self.feedback_until(None);
        let latest = self.conversation.latest();
        let snoozed = latest.and_then(|case| case.follow_up.as_ref()).filter(|snooze| snooze.until > self.how.now);
        if let Some(snooze) = snoozed {
            let until = stamp(snooze.until, self.how.now, self.how.utc_offset);
            let why = snooze.message.as_ref().map_or(String::new(), |why| format!(" · {}", why.brief(80)));
            self.block(true, Kind::Rule(Role::Event, format!("snoozed until {until}{why}")));
        }
        for (at, op) in rest.iter().enumerate() {
            self.block(at == 0, Kind::Text(Role::Unsent, page::pending(op, self.how)));
        }
    }

    /// Rules until the case of the message is reached; cases the message does not name are told by the time.
    fn reach(&mut self, message: &Message) {
        let named = self.places.get(&message.case_id).copied();
        let cases = &self.conversation.cases;
        let at = named.unwrap_or_else(|| {
            let begun = |case: &Case| case.date_created.is_some_and(|begun| message.date_created.is_some_and(|date| begun <= date));
            self.at + cases.get(self.at + 1..).map_or(0, |later| later.iter().take_while(|case| begun(case)).count())
        });
        self.go_to(at);
    }

    fn go_to(&mut self, at: usize) {
        while self.at < at {
            self.feedback_until(None);
            let (Some(old), Some(new)) = (self.conversation.cases.get(self.at), self.conversation.cases.get(self.at + 1)) else { return };
            let begun = if new.parent_id.is_some() { "reopened" } else { "opened" };
            let rule = format!("{} · #{} {begun}", self.ended(old), new.id);
            self.block(true, Kind::Rule(Role::CaseRule, rule));
            self.feedbacks = feedbacks(new);
            self.at += 1;
        }
    }

    /// `#4391 closed as handled by Ada, 12 Nov 10:00`
    fn ended(&self, case: &Case) -> String {
        let Some(at) = case.date_closed.filter(|_| matches!(case.status, Status::Closed) || case.date_closed.is_some()) else {
            return format!("#{} {}", case.id, Untrusted::from(case.status.as_str()).brief(20));
        };
        let state =
            case.closing_state.as_ref().map(|state| state.brief(40)).filter(|state| !state.is_empty()).map_or(String::new(), |state| format!(" as {state}"));
        let by = case.closed_by.map_or(String::new(), |id| {
            let person = case.users.iter().find(|row| row.user_id == id.0).and_then(|row| row.user.as_ref());
            let name = if self.how.me == Some(id) { "you".to_owned() } else { person.map_or(String::new(), |person| person.name.brief(40)) };
            if name.is_empty() { name } else { format!(" by {name}") }
        });
        format!("#{} closed{state}{by}, {}", case.id, stamp(at, self.how.now, self.how.utc_offset))
    }

    fn new_day(&mut self, at: Option<Timestamp>) {
        let Some(at) = at else { return };
        let day = local(at, self.how.utc_offset).date();
        if self.day.replace(day) != Some(day) {
            self.block(true, Kind::Rule(Role::Day, date(at, self.how.now, self.how.utc_offset)));
        }
    }

    fn new_rule(&mut self, message: &Message) {
        let newer = message.from_contact() && message.date_created > self.conversation.seen_until;
        if self.seen && newer {
            self.block(true, Kind::Rule(Role::New, "new since you last looked".to_owned()));
            self.seen = false;
        }
    }

    /// The customer's scores up to a moment, or all that are left of the case.
    fn feedback_until(&mut self, until: Option<Timestamp>) {
        let due = |feedback: &&Feedback| until.is_none_or(|until| feedback.date_created.is_some_and(|date| date <= until));
        let count = self.feedbacks.iter().take_while(|feedback| due(feedback)).count();
        for feedback in self.feedbacks.drain(..count).collect::<Vec<_>>() {
            let when = feedback.date_created.map_or(String::new(), |at| format!(" · {}", stamp(at, self.how.now, self.how.utc_offset)));
            self.block(true, Kind::Text(Role::Feedback, page::stars(feedback, &when)));
        }
    }

    /// Rules stand close to what they are about; everything else has air above it.
    fn block(&mut self, gap: bool, kind: Kind) {
        if matches!(kind, Kind::Rule(..) | Kind::Text(..)) {
            self.above = None;
        }
        let after_rule = |block: &Block| matches!(block.kind, Kind::Rule(..) | Kind::Events { .. });
        let gap = gap && self.blocks.last().is_some_and(|last| !after_rule(last) || matches!(kind, Kind::Text(..)));
        self.blocks.push(Block { gap, kind });
    }
}

fn feedbacks(case: &Case) -> Vec<&Feedback> {
    let mut feedbacks: Vec<&Feedback> = case.feedbacks.iter().collect();
    // Undated ones come last: at the end of their case.
    feedbacks.sort_by_key(|feedback| feedback.date_created.unwrap_or(Timestamp::MAX_UTC));
    feedbacks
}

/// Are so many events told one by one?
pub fn few(events: usize) -> bool {
    events < MANY
}
