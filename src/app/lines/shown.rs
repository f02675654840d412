//! Which messages a thread shows: the confirmed ones in time order, what the timelines of its cases tell among them, and what
//! is pending laid over them.

use super::timeline::{Told, told};
use super::{Layout, events};
use crate::model::{Case, CaseId, Change, Conversation, Message, MessageId, MessageKind, Op, OpId, OpState, Timestamp};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A message that is shown, and what is pending on it. Confirmed ones stay where they are: this names their place.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    source: Source,
    /// The operation that adds, edits or deletes it and is not proven.
    pub op: Option<Box<Op>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Source {
    /// An index into the messages of the conversation.
    Confirmed(usize),
    /// As an operation makes it.
    Own(Box<Message>),
    Told(Box<Told>),
}

/// What a message is called however the others around it change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Mails have a number space of their own.
    Confirmed(bool, MessageId),
    Pending(Option<OpId>),
    /// A row of a case's timeline.
    Told(CaseId, i64, Option<Timestamp>),
}

impl Entry {
    /// The message; of the conversation it was made from.
    pub fn message<'a>(&'a self, conversation: &'a Conversation) -> Cow<'a, Message> {
        match &self.source {
            Source::Own(message) => Cow::Borrowed(message),
            Source::Told(told) => Cow::Borrowed(&told.message),
            Source::Confirmed(at) => conversation.messages.get(*at).map_or_else(|| Cow::Owned(Message::default()), Cow::Borrowed),
        }
    }

    /// Is it of a timeline, and no message?
    pub fn is_told(&self) -> bool {
        matches!(self.source, Source::Told(_))
    }

    /// What kind of event it is.
    pub fn kind(&self, conversation: &Conversation) -> String {
        match &self.source {
            Source::Told(told) => told.kind.clone(),
            _ => events::kind_of(&events::happened(&self.message(conversation))),
        }
    }

    pub fn key(&self, conversation: &Conversation) -> Key {
        if let Source::Told(told) = &self.source {
            return Key::Told(told.message.case_id, told.id, told.message.date_created);
        }
        let message = self.message(conversation);
        if message.id == MessageId::default() { Key::Pending(message.op_id()) } else { Key::Confirmed(message.mail.is_some(), message.id) }
    }
}

/// The messages, and the operations that are none of theirs: closes, snoozes, claims…
pub fn shown<'a>(conversation: &Conversation, ops: &'a [Op], how: &Layout) -> (Vec<Entry>, Vec<&'a Op>) {
    let confirmed: HashSet<OpId> = if ops.is_empty() { HashSet::new() } else { conversation.messages.iter().filter_map(Message::op_id).collect() };
    let mut on_message: HashMap<MessageId, &Op> = HashMap::new();
    let (mut added, mut rest) = (Vec::new(), Vec::new());
    for op in ops.iter().filter(|op| visible(op) && !confirmed.contains(&op.id()) && concerns(conversation, op)) {
        match &op.mutation.change {
            Change::Reply { text, .. } => added.push(addition(conversation, op, MessageKind::Message, text)),
            Change::Note { text } => added.push(addition(conversation, op, MessageKind::Note, text)),
            Change::Edit { message, .. } | Change::Delete { message } => {
                on_message.insert(*message, op);
            }
            _ => rest.push(op),
        }
    }
    let order = in_time(&conversation.messages);
    let said = order.into_iter().map(|(date, at)| (date, overlaid(at, &conversation.messages[at], &mut on_message)));
    let mut messages = merged(said, told(conversation, &rest, how));
    messages.append(&mut added);
    // A change of a message that is not here yet still has to be seen.
    rest.extend(ops.iter().filter(|op| on_message.values().any(|left| left.id() == op.id())));
    (messages, rest)
}

/// What waits is shown, and what failed: the agent has to see why.
fn visible(op: &Op) -> bool {
    op.state.is_shown() || op.state == OpState::Failed
}

fn concerns(conversation: &Conversation, op: &Op) -> bool {
    conversation.cases.is_empty() || op.mutation.thread == conversation.thread || conversation.case(op.case()).is_some()
}

fn addition(conversation: &Conversation, op: &Op, kind: MessageKind, text: &str) -> Entry {
    let unknown = || Cow::Owned(Case { id: op.case(), thread_id: op.mutation.thread, ..Case::default() });
    let case = conversation.case(op.case()).map_or_else(unknown, Cow::Borrowed);
    Entry { source: Source::Own(Box::new(op.mutation.message(&case, kind, text))), op: Some(Box::new(op.clone())) }
}

fn overlaid(at: usize, message: &Message, on_message: &mut HashMap<MessageId, &Op>) -> Entry {
    // Mails have a number space of their own: an edit never means one.
    let op = if message.mail.is_none() && !on_message.is_empty() { on_message.remove(&message.id) } else { None };
    let own = |text: &str| Source::Own(Box::new(Message { message: text.into(), ..message.clone() }));
    let source = match op.map(|op| (op.is_laid_over(), &op.mutation.change)) {
        Some((true, Change::Edit { text, .. })) => own(text),
        Some((true, Change::Delete { .. })) => own("(deleted)"),
        _ => Source::Confirmed(at),
    };
    Entry { source, op: op.map(|op| Box::new(op.clone())) }
}

/// Their places in time order; a message without a date stays behind the one before it.
fn in_time(messages: &[Message]) -> Vec<(Option<Timestamp>, usize)> {
    let mut last: Option<Timestamp> = None;
    let mut dated: Vec<(Option<Timestamp>, usize)> = messages
        .iter()
        .enumerate()
        .map(|(at, message)| {
            last = message.date_created.or(last);
            (last, at)
        })
        .collect();
    dated.sort_by_key(|(date, _)| *date);
    dated
}

/// Two lists in time order as one.
fn merged(said: impl ExactSizeIterator<Item = (Option<Timestamp>, Entry)>, told: Vec<Told>) -> Vec<Entry> {
    let mut all = Vec::with_capacity(said.len() + told.len());
    let mut told = told.into_iter().peekable();
    for (date, entry) in said {
        while let Some(before) = told.next_if(|told| told.is_before(date)) {
            all.push(before.into());
        }
        all.push(entry);
    }
    all.extend(told.map(Entry::from));
    all
}

impl From<Told> for Entry {
    fn from(told: Told) -> Self {
        Self { source: Source::Told(Box::new(told)), op: None }
    }
}
