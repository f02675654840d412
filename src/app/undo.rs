//! What `z` takes back: the last changes of the agent. What has not left yet is cancelled; what the server has needs a
//! compensating step, which is named first and done by a second `z` that follows at once.

use super::update::say;
use super::{Effect, Focus, Level, State, habits, outbox, reader, words};
use crate::model::{CaseId, Change, Channel, FieldChange, MessageId, Op, OpId, OpState, ThreadId, View};

/// One key's work: its operations, and the words for the bar: `closed #4409`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub words: String,
    pub case: CaseId,
    pub thread: ThreadId,
    /// Where the agent was: the cursor goes back to the case only there.
    pub view: View,
    /// A mail that was sent can't be deleted, a chat message can.
    pub channel: Option<Channel>,
    pub ops: Vec<OpId>,
    /// The compensating step was named; a `z` that follows takes it.
    pub named: bool,
}

/// What an operation changed and what the server called its result, for as long as it may be undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    pub op: OpId,
    pub change: Change,
    pub server_id: Option<i64>,
    /// Of an edit: the words before it.
    pub was: Option<String>,
}

/// The words that an edit changes, as the server has them.
pub fn was(state: &State, change: &Change) -> Option<String> {
    let Change::Edit { message, .. } = change else { return None };
    let messages = state.reader.as_ref().map(|reader| reader.conversation.messages.iter())?;
    messages.filter(|held| held.mail.is_none()).find(|held| held.id == *message).map(|held| held.message.raw().to_owned())
}

/// At most this many are remembered.
const DEPTH: usize = 100;

pub fn remember(state: &mut State, undone: Undone) {
    state.redo.clear();
    state.undo.push(undone);
    if state.undo.len() > DEPTH {
        state.undo.remove(0);
    }
}

/// An operation came to its end: what is gone can't be undone, what was sent has a name at the server.
pub fn ended(state: &mut State, op: &Op) {
    if let Some(done) = state.done.iter_mut().find(|done| done.op == op.id()) {
        done.server_id = op.server_id.or(done.server_id);
    }
    if op.state == OpState::Cancelled {
        state.undo.iter_mut().for_each(|undone| undone.ops.retain(|id| *id != op.id()));
        state.undo.retain(|undone| !undone.ops.is_empty());
    }
}

/// A key in between: the next `z` names the step again before it takes it.
pub fn distracted(state: &mut State) {
    if let Some(last) = state.undo.last_mut() {
        last.named = false;
    }
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    let Some(last) = state.undo.last().cloned() else {
        return say(state, Level::Warning, "there is nothing to undo".to_owned());
    };
    let ours: Vec<Op> = state.outbox.ops.iter().filter(|op| last.ops.contains(&op.id())).cloned().collect();
    let waiting: Vec<Op> = ours.iter().filter(|op| matches!(op.state, OpState::Held | OpState::Queued | OpState::Failed)).cloned().collect();
    if !waiting.is_empty() {
        return take_back(state, &last, waiting);
    }
    if ours.iter().any(|op| matches!(op.state, OpState::Sending | OpState::Unknown)) {
        return say(state, Level::Warning, format!("\"{}\" is on its way to the server; try again in a moment", last.words));
    }
    if ours.iter().any(|op| op.state == OpState::NeedsReview) {
        return say(state, Level::Warning, format!("\"{}\" waits for your decision in the outbox: g x", last.words));
    }
    compensate(state, &last)
}

/// Nothing of this left the machine: it never happened. What had left before it is named.
fn take_back(state: &mut State, last: &Undone, waiting: Vec<Op>) -> Vec<Effect> {
    state.undo.pop();
    let taken: Vec<OpId> = waiting.iter().map(Op::id).collect();
    let stays: Vec<&str> = changes(state, &last.ops).filter(|done| !taken.contains(&done.op)).map(|done| done.change.kind()).collect();
    let stays = if stays.is_empty() { String::new() } else { format!(" (the {} stays: the server has it)", stays.join(" and ")) };
    let text = if waiting.iter().any(|op| op.mutation.change.adds_message()) { " · its text is the draft again, r opens it" } else { "" };
    let _notice = say(state, Level::Done, format!("undone: {}{stays}{text}", last.words));
    let mut effects: Vec<Effect> = waiting.into_iter().rev().flat_map(|op| outbox::cancel(state, op)).collect();
    state.redo.push(Undone { ops: taken, named: false, ..last.clone() });
    effects.extend(go_back(state, last));
    effects
}

/// The cursor, and a reader, go back to the case.
fn go_back(state: &mut State, last: &Undone) -> Vec<Effect> {
    if state.list.view == last.view {
        state.list.selected = Some(last.case);
    }
    if state.focus == Focus::Reader { reader::open_case(state, last.case) } else { Vec::new() }
}

/// The server has all of it: the opposite is named, then done.
fn compensate(state: &mut State, last: &Undone) -> Vec<Effect> {
    let sent: Vec<Done> = changes(state, &last.ops).cloned().collect();
    let Some((case, change, step)) = sent.iter().rev().find_map(|done| opposite(state, last, done)) else {
        state.undo.pop();
        let gone = sent.iter().any(|done| matches!(done.change, Change::Delete { .. }));
        let why = if gone { "is done: what was deleted can't come back" } else { "is at the server and can't be taken back" };
        return say(state, Level::Warning, format!("\"{}\" {why}", last.words));
    };
    if !last.named {
        if let Some(top) = state.undo.last_mut() {
            top.named = true;
        }
        return say(state, Level::Warning, format!("\"{}\" is at the server: z again {step}", last.words));
    }
    state.undo.pop();
    outbox::act_in(state, case, last.thread, vec![change], None)
}

fn changes<'s>(state: &'s State, ops: &'s [OpId]) -> impl Iterator<Item = &'s Done> {
    ops.iter().filter_map(|id| state.done.iter().rev().find(|done| done.op == *id))
}

/// What undoes a change that the server has, on which case, and the words for it.
fn opposite(state: &State, last: &Undone, done: &Done) -> Option<(CaseId, Change, String)> {
    let deleted = |words: &str| {
        let message = MessageId(done.server_id?);
        Some((last.case, Change::Delete { message }, words.to_owned()))
    };
    match &done.change {
        Change::Close { .. } => Some((last.case, Change::Reopen, "reopens it as a new case of the thread".to_owned())),
        Change::Snooze { .. } => Some((last.case, Change::Unsnooze, "ends the snooze".to_owned())),
        Change::Reopen => {
            let case = CaseId(done.server_id?);
            let word = habits::closing(state, Some(case));
            Some((case, Change::Close { state: word.clone() }, format!("closes #{case} as {word}")))
        }
        Change::Tag { add, remove } => {
            let back = Change::Tag { add: remove.clone(), remove: add.clone() };
            let step = format!("sets {}", words::detail(&back).unwrap_or_default());
            Some((last.case, back, step))
        }
        Change::Fields { of, set } => {
            let set = set.iter().map(|change| FieldChange { key: change.key.clone(), old: change.new.clone(), new: change.old.clone() }).collect();
            let back = Change::Fields { of: *of, set };
            let step = format!("sets {}", words::detail(&back).unwrap_or_default());
            Some((last.case, back, step))
        }
        Change::Edit { message, .. } => {
            let change = Change::Edit { message: *message, text: done.was.clone()? };
            Some((last.case, change, "writes the old words back".to_owned()))
        }
        Change::Note { .. } => deleted("deletes the note"),
        Change::Reply { .. } if last.channel == Some(Channel::Chat) => deleted("deletes the message, which the customer may have read"),
        _ => None,
    }
}

/// Does again what was undone before anything else was done.
pub fn redo(state: &mut State) -> Vec<Effect> {
    let Some(undone) = state.redo.pop() else {
        return say(state, Level::Warning, "there is nothing to redo".to_owned());
    };
    let changes: Vec<Change> = changes(state, &undone.ops).map(|done| done.change.clone()).collect();
    let rest = std::mem::take(&mut state.redo);
    let effects = outbox::act_in(state, undone.case, undone.thread, changes, None);
    state.redo = rest;
    effects
}

/// `replied to and closed #4410`: what the key did, without what needs no word.
pub fn words_of(changes: &[Change], case: CaseId) -> String {
    let told = changes.iter().filter(|change| !matches!(change, Change::Claim) || changes.len() == 1);
    format!("{} #{case}", told.map(words::done).collect::<Vec<_>>().join(" and "))
}
