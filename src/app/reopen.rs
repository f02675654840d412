//! A reopened case is a new one of the same thread: when the server gave it its number, the screen and what waits
//! behind the reopening go on there. The old case takes nothing any more.

use super::undo::Done;
use super::{Effect, State, outbox};
use crate::model::{CaseId, Mutation, Op, OpState, View};

/// The server made `new` of `old`.
pub fn became(state: &mut State, old: CaseId, new: CaseId) -> Vec<Effect> {
    if old == new {
        return Vec::new();
    }
    if let Some(reader) = state.reader.as_mut().filter(|reader| reader.case == old) {
        reader.case = new;
    }
    if state.list.selected == Some(old) && !matches!(state.list.view, View::Closed | View::All) {
        state.list.selected = Some(new);
    }
    let mut effects = move_waiting(state, old, new);
    if let Some(compose) = state.compose.as_mut().filter(|compose| compose.case == old && compose.edits.is_none()) {
        compose.case = new;
        compose.dirty = compose.dirty.or(Some(state.now));
        effects.push(Effect::DropDraft(old));
    }
    effects
}

/// What was composed for the old case while its reopening was on the way is composed for the new one instead.
fn move_waiting(state: &mut State, old: CaseId, new: CaseId) -> Vec<Effect> {
    let waits = |op: &&Op| op.case() == old && matches!(op.state, OpState::Held | OpState::Queued);
    let waiting: Vec<Op> = state.outbox.ops.iter().filter(waits).cloned().collect();
    if waiting.is_empty() {
        return Vec::new();
    }
    let moved: Vec<Op> = waiting.iter().map(|op| again(state, op, new)).collect();
    let mut effects = Vec::new();
    for (op, new) in waiting.into_iter().zip(moved) {
        let from = vec![op.state];
        let op = Op { state: OpState::Cancelled, not_before: None, changed: state.wall(), discarded: true, ..op };
        outbox::replace(state, &op);
        state.outbox.ops.push(new.clone());
        effects.push(Effect::Swap { op: Box::new(op), from, into: vec![new] });
    }
    effects
}

/// The same under a new name, for the new case; `z` knows it by that.
fn again(state: &mut State, op: &Op, case: CaseId) -> Op {
    let id = state.name_op();
    for undone in state.undo.iter_mut().filter(|undone| undone.ops.contains(&op.id())) {
        if undone.case == op.case() {
            undone.words = undone.words.replace(&format!("#{}", undone.case), &format!("#{case}"));
            undone.case = case;
        }
        undone.ops.iter_mut().filter(|known| **known == op.id()).for_each(|known| *known = id);
    }
    let taken_back = state.redo.iter_mut().flat_map(|undone| &mut undone.by);
    taken_back.filter(|(by, _)| *by == op.id()).for_each(|(by, _)| *by = id);
    state.goal.iter_mut().filter(|goal| **goal == op.id()).for_each(|goal| *goal = id);
    if let Some(at) = state.composed.get(&op.id()).copied() {
        state.composed.insert(id, at);
    }
    let mutation = Mutation { op: id, case, ..op.mutation.clone() };
    let op = Op { mutation, seq: 0, ..op.clone() };
    state.done.insert(id, Done::of(&op));
    op
}
