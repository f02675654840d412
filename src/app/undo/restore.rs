//! What a start finds in the outbox, told again in the order it happened: what was done, what of it was taken back, and what
//! was done once more. From that come the steps that `z` and `Z` know.

use super::{DEPTH, Done, Undone, push, words_of, words_of_many};
use crate::app::State;
use crate::model::{Change, Op, OpId, OpState, Timestamp};
use chrono::Duration;

/// What was done longer ago is the past.
const DAY: Duration = Duration::hours(24);

/// Something that happened to an operation.
enum Told<'o> {
    Composed(&'o Op),
    Taken(&'o Op),
}

/// The steps of earlier sessions; once, and not over what was done since.
pub fn restore(state: &mut State, ops: &[Op]) {
    if !state.settings.interactive || !state.undo.is_empty() || !state.redo.is_empty() {
        return;
    }
    let since = state.wall() - DAY;
    let ours: Vec<&Op> = ops.iter().filter(|op| op.mutation.at >= since || !op.state.is_final()).collect();
    for (_, told) in history(&ours) {
        match told {
            Told::Composed(op) => composed(state, op),
            Told::Taken(op) => taken(state, op),
        }
    }
    // What ended in another way than by `z` is nobody's to take back.
    let dropped = |id: &OpId| ours.iter().any(|op| op.id() == *id && op.state == OpState::Cancelled);
    state.undo.iter_mut().for_each(|undone| undone.ops.retain(|id| !dropped(id)));
    for stack in [&mut state.undo, &mut state.redo] {
        stack.retain(|undone| !undone.ops.is_empty());
    }
    let named: Vec<String> = state.undo.iter().chain(&state.redo).map(|undone| words(state, undone)).collect();
    state.undo.iter_mut().chain(&mut state.redo).zip(named).for_each(|(undone, words)| undone.words = words);
}

fn history<'o>(ops: &[&'o Op]) -> Vec<((Timestamp, i64), Told<'o>)> {
    let was_taken = |op: &&Op| op.state == OpState::Cancelled && op.step.as_ref().is_some_and(|step| step.taken);
    let composed = ops.iter().map(|op| ((op.mutation.at, op.seq), Told::Composed(op)));
    let taken = ops.iter().copied().filter(was_taken).map(|op| ((op.changed, i64::MAX), Told::Taken(op)));
    let mut all: Vec<_> = composed.chain(taken).collect();
    all.sort_by_key(|(at, _)| *at);
    all
}

fn composed(state: &mut State, op: &Op) {
    let id = op.id();
    state.done.insert(id, Done::of(op));
    let step = op.step.as_ref().map_or(id, |step| step.id);
    let entry =
        |op: &Op| Undone { step, case: op.case(), view: op.step.as_ref().map(|step| step.view).unwrap_or_default(), ops: vec![id], ..Undone::default() };
    match op.step.as_ref().map(|step| (step.undoes, step.redoes)) {
        Some((Some(of), _)) => {
            if let Some(at) = state.undo.iter().position(|undone| undone.ops.contains(&of)) {
                let undone = state.undo.remove(at);
                state.redo.push(undone);
            }
            state.redo.iter_mut().filter(|undone| undone.ops.contains(&of)).for_each(|undone| undone.by.push((id, of)));
        }
        Some((_, redoes)) if redoes.is_some() || state.undo.last().is_some_and(|undone| undone.step == step) => {
            let again = |undone: &mut Undone| {
                undone.ops.retain(|known| Some(*known) != redoes);
                !undone.ops.is_empty()
            };
            state.redo.retain_mut(again);
            match state.undo.last_mut().filter(|undone| undone.step == step) {
                Some(undone) => undone.ops.push(id),
                None => push(&mut state.undo, entry(op)),
            }
        }
        _ => {
            state.redo.clear();
            push(&mut state.undo, entry(op));
        }
    }
}

fn taken(state: &mut State, op: &Op) {
    let id = op.id();
    if let Some(at) = state.redo.iter().position(|undone| undone.by.iter().any(|(by, _)| *by == id)) {
        state.redo[at].by.retain(|(by, _)| *by != id);
        if state.redo[at].by.is_empty() {
            let undone = state.redo.remove(at);
            push(&mut state.undo, undone);
        }
        return;
    }
    let Some(at) = state.undo.iter().position(|undone| undone.ops.contains(&id)) else { return };
    state.undo[at].ops.retain(|known| *known != id);
    let step = state.undo[at].step;
    if let Some(undone) = state.redo.last_mut().filter(|undone| undone.step == step && undone.by.is_empty()) {
        undone.ops.push(id);
    } else {
        let undone = Undone { ops: vec![id], ..state.undo[at].clone() };
        state.redo.push(undone);
    }
    if state.undo[at].ops.is_empty() {
        state.undo.remove(at);
    }
    let over = state.redo.len().saturating_sub(DEPTH);
    state.redo.drain(..over);
    state.redo.iter_mut().for_each(|undone| undone.ops.sort_unstable());
}

fn words(state: &State, undone: &Undone) -> String {
    let done: Vec<&Done> = undone.ops.iter().filter_map(|id| state.done.get(id)).collect();
    let cases: std::collections::BTreeSet<_> = done.iter().map(|done| done.case).collect();
    let changes: Vec<Change> = done.iter().filter(|of| of.case == undone.case).map(|done| done.change.clone()).collect();
    if cases.len() > 1 { words_of_many(&changes, cases.len()) } else { words_of(&changes, undone.case) }
}
