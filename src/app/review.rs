//! The outbox pane and the agent's decisions on what waits in it.

use super::hints::may_be_there;
use super::update::say;
use super::{Decision, Effect, Focus, Level, State, outbox, reader};
use crate::model::{Change, Op, OpId, OpState};

pub fn show(state: &mut State) -> Vec<Effect> {
    if state.focus != Focus::Outbox {
        state.outbox.from = state.focus;
    }
    state.focus = Focus::Outbox;
    state.outbox.selected = state.outbox.selected.or_else(|| state.outbox.ops.first().map(Op::id));
    Vec::new()
}

pub fn hide(state: &mut State) {
    if state.focus == Focus::Outbox {
        state.focus = state.outbox.from;
    }
}

pub fn select(state: &mut State, by: isize) -> Vec<Effect> {
    let ops = &state.outbox.ops;
    let at = ops.iter().position(|op| Some(op.id()) == state.outbox.selected).unwrap_or(0);
    let wanted = at.saturating_add_signed(by).min(ops.len().saturating_sub(1));
    state.outbox.selected = ops.get(wanted).map(Op::id);
    Vec::new()
}

/// Opens the case of the chosen operation.
pub fn open_case(state: &mut State) -> Vec<Effect> {
    let Some(case) = chosen(state).map(|op| op.case()) else { return Vec::new() };
    state.focus = Focus::Reader;
    state.list.selected = Some(case);
    state.stale_list = true;
    reader::open_case(state, case)
}

/// The operation the cursor is on.
pub fn chosen(state: &State) -> Option<Op> {
    state.outbox.ops.iter().find(|op| Some(op.id()) == state.outbox.selected).cloned()
}

/// A key of the pane.
pub fn choose(state: &mut State, decision: Decision) -> Vec<Effect> {
    let Some(op) = chosen(state) else { return say(state, Level::Warning, "nothing is chosen".to_owned()) };
    if decision == Decision::Sent && !may_be_there(op.state) {
        return say(state, Level::Warning, "it has not left this machine, so it was not sent; r sends it, d drops it".to_owned());
    }
    if decision == Decision::Note && !matches!(op.mutation.change, Change::Reply { .. }) {
        return say(state, Level::Warning, format!("a {} has no words to note", op.mutation.change.kind()));
    }
    let id = op.id();
    let (at, sending) = (state.outbox.ops.iter().position(|held| held.id() == id).unwrap_or(0), op.state == OpState::Sending);
    let effects = decided(state, id, decision);
    if !sending {
        let _notice = say(state, Level::Done, told(&op, decision));
    }
    if !state.outbox.ops.iter().any(|op| op.id() == id) {
        let ops = &state.outbox.ops;
        state.outbox.selected = ops.get(at.min(ops.len().saturating_sub(1))).map(Op::id);
    }
    effects
}

/// What became of it, in words.
fn told(op: &Op, decision: Decision) -> String {
    let what = format!("{} #{}", op.mutation.change.kind(), op.case());
    match decision {
        Decision::Retry if matches!(op.state, OpState::Unknown | OpState::NeedsReview) => {
            format!("{what}: looking at the server; it goes again if it is not there")
        }
        Decision::Retry => format!("{what}: trying again"),
        Decision::Sent => format!("{what}: taken as sent"),
        Decision::Draft if op.mutation.change.adds_message() => format!("{what} is not sent; its text is the draft of #{}", op.case()),
        Decision::Draft => format!("{what} dropped"),
        Decision::Note => format!("{what} becomes a note"),
    }
}

/// What the agent decided, here or on the command line.
pub fn decided(state: &mut State, id: OpId, decision: Decision) -> Vec<Effect> {
    if !state.settings.interactive {
        state.goal.push(id);
    }
    let Some(op) = state.outbox.ops.iter().find(|op| op.id() == id).cloned() else { return Vec::new() };
    if op.state == OpState::Sending {
        return say(state, Level::Warning, "it is being sent; wait for the answer".to_owned());
    }
    match decision {
        Decision::Retry => retry(state, op),
        Decision::Sent => end(state, op, OpState::Sent),
        Decision::Draft => end(state, op, OpState::Cancelled),
        Decision::Note if !op.mutation.change.adds_message() => say(state, Level::Warning, "it has no words that a note could say".to_owned()),
        Decision::Note => {
            let text = op.mutation.change.text().unwrap_or_default().to_owned();
            let (case, thread) = (op.case(), op.mutation.thread);
            let mut effects = end(state, op, OpState::Cancelled);
            effects.extend(outbox::commanded(state, case, thread, Change::Note { text }));
            effects
        }
    }
}

/// Looks at the server first where something may have arrived; sends again what surely has not.
fn retry(state: &mut State, mut op: Op) -> Vec<Effect> {
    let from = vec![op.state];
    op.changed = state.now;
    match op.state {
        OpState::Unknown | OpState::NeedsReview => {
            (op.state, op.not_before) = (OpState::Unknown, Some(state.now));
            state.reads.insert(op.id(), 0);
            state.resend.insert(op.id());
        }
        _ => (op.state, op.not_before) = (OpState::Queued, None),
    }
    state.sync.hold_pushes = None;
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

fn end(state: &mut State, mut op: Op, to: OpState) -> Vec<Effect> {
    let from = vec![op.state];
    (op.state, op.not_before, op.changed) = (to, None, state.now);
    op.proof = Some("human".to_owned());
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}
