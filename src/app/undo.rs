//! What `z` takes back: the last changes of the agent. What has not left yet is cancelled; what the server has needs a
//! compensating step, which is named first and done by a second `z`.

use super::update::say;
use super::{Effect, Level, State, outbox, triage};
use crate::model::{CaseId, Change, Op, OpId, OpState};

/// One key's work: its operations, and the words for the bar: `closed #4409`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub words: String,
    pub case: CaseId,
    pub ops: Vec<OpId>,
    /// The compensating step was named; the next `z` takes it.
    pub named: bool,
}

/// At most this many are remembered.
const DEPTH: usize = 100;

pub fn remember(state: &mut State, words: String, case: CaseId, ops: Vec<OpId>) {
    state.redo.clear();
    state.undo.push(Undone { words, case, ops, named: false });
    if state.undo.len() > DEPTH {
        state.undo.remove(0);
    }
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    let Some(last) = state.undo.last().cloned() else {
        return say(state, Level::Warning, "there is nothing to undo".to_owned());
    };
    let waiting: Vec<Op> =
        state.outbox.ops.iter().filter(|op| last.ops.contains(&op.id()) && matches!(op.state, OpState::Held | OpState::Queued)).cloned().collect();
    if waiting.len() == last.ops.len() {
        return take_back(state, waiting);
    }
    if state.outbox.ops.iter().any(|op| last.ops.contains(&op.id()) && matches!(op.state, OpState::Sending | OpState::Unknown)) {
        return say(state, Level::Warning, format!("\"{}\" is on its way to the server; try again in a moment", last.words));
    }
    compensate(state, &last, waiting)
}

/// Nothing of it left the machine: it never happened.
fn take_back(state: &mut State, waiting: Vec<Op>) -> Vec<Effect> {
    let Some(done) = state.undo.pop() else { return Vec::new() };
    state.list.selected = Some(done.case);
    let _notice = say(state, Level::Done, format!("undone: {}", done.words));
    state.redo.push(done);
    let opened = triage::follow(state);
    waiting.into_iter().rev().flat_map(|op| outbox::cancel(state, op)).chain(opened).collect()
}

/// The server has it, or a part of it: the opposite is named, then done.
fn compensate(state: &mut State, last: &Undone, waiting: Vec<Op>) -> Vec<Effect> {
    let sent: Vec<Change> = last.ops.iter().filter_map(|id| state.done.iter().rev().find(|(op, _)| op == id)).map(|(_, change)| change.clone()).collect();
    let opposite = sent.iter().rev().find_map(opposite);
    let Some((change, words)) = opposite else {
        state.undo.pop();
        let mut effects: Vec<Effect> = waiting.into_iter().rev().flat_map(|op| outbox::cancel(state, op)).collect();
        effects.extend(say(state, Level::Warning, format!("\"{}\" is at the server and can't be taken back", last.words)));
        return effects;
    };
    if !last.named {
        if let Some(top) = state.undo.last_mut() {
            top.named = true;
        }
        return say(state, Level::Warning, format!("the server has it: z again {words}"));
    }
    state.undo.pop();
    let mut effects: Vec<Effect> = waiting.into_iter().rev().flat_map(|op| outbox::cancel(state, op)).collect();
    effects.extend(outbox::act(state, last.case, vec![change], None));
    effects
}

/// What undoes a change that the server has, and the words for it.
fn opposite(change: &Change) -> Option<(Change, &'static str)> {
    match change {
        Change::Close { .. } => Some((Change::Reopen, "reopens it as a new case of the thread")),
        Change::Snooze { .. } => Some((Change::Unsnooze, "ends the snooze")),
        _ => None,
    }
}

/// Does again what was undone before anything else was done.
pub fn redo(state: &mut State) -> Vec<Effect> {
    let Some(undone) = state.redo.pop() else {
        return say(state, Level::Warning, "there is nothing to redo".to_owned());
    };
    let changes: Vec<Change> = undone.ops.iter().filter_map(|id| state.done.iter().rev().find(|(op, _)| op == id)).map(|(_, change)| change.clone()).collect();
    let rest = std::mem::take(&mut state.redo);
    let effects = outbox::act(state, undone.case, changes, None);
    state.redo = rest;
    effects
}
