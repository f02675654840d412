//! Leaving: drafts are saved, what is held is released, the outbox gets a moment; without a screen, the loop ends when
//! what was asked for is settled.

use super::{Effect, Link, State, compose};
use crate::model::{Op, OpState, Timestamp};
use chrono::Duration;

/// What the outbox gets after `q`.
const PATIENCE: Duration = Duration::milliseconds(1500);
/// What a command gives the process that sends, before it says that the change waits.
const OTHERS: Duration = Duration::seconds(10);

/// Ends the program: at once when it is told to from outside, else after the outbox had its moment.
pub fn leave(state: &mut State, at_once: bool) -> Vec<Effect> {
    let mut effects = compose::autosave_now(state);
    if at_once {
        effects.push(Effect::Quit);
    }
    state.closing = state.closing.or(Some(state.now + PATIENCE));
    effects
}

/// Ends the loop when nothing is left to wait for.
pub fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    let over = match state.closing {
        Some(until) => state.now >= until || nothing_moves(state),
        None => !state.settings.interactive && state.deadline.is_some_and(|until| state.now >= until) || reached(state),
    };
    if over && !effects.contains(&Effect::Quit) {
        effects.push(Effect::Quit);
    }
}

/// Nothing in the outbox can get further in a moment.
fn nothing_moves(state: &State) -> bool {
    let ops = &state.outbox.ops;
    let sending = ops.iter().any(|op| in_flight(state, op));
    let away = matches!(state.sync.link, Link::Offline | Link::Unauthorized) || !state.sender;
    !sending
        && (away || !ops.iter().any(|op| op.state == OpState::Queued && op.scheduled(state.wall()).is_none() && op.not_before.is_none_or(|at| at <= state.now)))
}

/// On the wire, or being looked at before it goes there.
fn in_flight(state: &State, op: &Op) -> bool {
    op.state == OpState::Sending || state.watch.looking.contains(&op.id())
}

/// Nothing is left to do, and nothing we began is without its answer.
fn reached(state: &State) -> bool {
    is_over(state) && !(state.sender && state.outbox.ops.iter().any(|op| in_flight(state, op)))
}

/// Without a screen: is every operation that was asked for settled, or surely waiting, and the pull that was asked for
/// over? Then nothing new is begun.
pub fn is_over(state: &State) -> bool {
    if state.settings.interactive || state.sync.asked.is_some() || state.sync.pulling.is_some() || state.goal.is_empty() && !state.sync.ended {
        return false;
    }
    state.goal.iter().all(|id| {
        let Some(op) = state.outbox.ops.iter().find(|op| op.id() == *id) else { return true };
        match op.state {
            OpState::Queued if op.seq != 0 && op.scheduled(state.wall()).is_some() => true,
            OpState::Queued | OpState::Unknown if !state.sender => left_to_itself(state, op),
            OpState::Held | OpState::Sending => false,
            OpState::Queued => op.seq != 0 && state.sender && (state.sync.link == Link::Unauthorized || waits(state, id)),
            OpState::Unknown => state.watch.reads.get(id).is_some_and(|reads| *reads >= 2) || matches!(state.sync.link, Link::Offline | Link::Unauthorized),
            OpState::NeedsReview | OpState::Failed | OpState::Sent | OpState::Cancelled => true,
        }
    })
}

/// Another process sends, and does not get on with it: it waits after a failure, or is stopped.
fn left_to_itself(state: &State, op: &Op) -> bool {
    op.seq != 0 && (op.not_before.is_some_and(|at| at > state.wall()) || patience(state, op) <= state.wall())
}

fn patience(state: &State, op: &Op) -> Timestamp {
    op.changed + state.settings.scaled(OTHERS)
}

/// When to look again at what another process is to send.
pub fn look_again(state: &State) -> Option<Timestamp> {
    let ops = state.outbox.ops.iter().filter(|op| !state.sender && state.goal.contains(&op.id()));
    ops.map(|op| patience(state, op) - state.ahead).filter(|at| *at > state.turned).min()
}

/// Behind an operation of its case that will not be settled now, behind a server that is away, or after a failure of its own.
fn waits(state: &State, id: &crate::model::OpId) -> bool {
    let ops = &state.outbox.ops;
    let Some(at) = ops.iter().position(|op| op.id() == *id) else { return false };
    let moving = ops.iter().any(|op| op.case() == ops[at].case() && in_flight(state, op));
    let later = |until: Option<crate::model::Timestamp>| until.is_some_and(|until| until > state.now);
    !moving && (super::lane::blocked(ops, at, state.wall()) || later(state.sync.hold_pushes) || later(ops[at].not_before))
}
