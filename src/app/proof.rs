//! What became of an attempt that nobody answered: looked up at the server by the operation's marker, or by the state of
//! the case. A message that was not found may still arrive, so it is never sent again without the agent's word or an
//! idempotency key.

use super::update::say;
use super::{Ask, Effect, Failure, FailureKind, Level, Link, Seen, State, outbox, sync};
use crate::model::{Change, Op, OpId, OpState};
use chrono::Duration;
use std::collections::BTreeSet;

/// When an unknown outcome is looked up, in seconds after the attempt; after the last one the agent decides.
const READ_BACKS: [i64; 6] = [2, 10, 30, 60, 120, 300];

/// Nothing proves what became of it. A server with idempotency keys may be asked again under the same one.
pub fn unknown(state: &mut State, op: &mut Op, cause: &str) {
    op.cause = Some(cause.to_owned());
    op.state = OpState::Unknown;
    if state.sync.idempotency && op.mutation.change != Change::Reopen {
        let wait = sync::failed_push(state, cause, None);
        (op.state, op.not_before) = (OpState::Queued, Some(state.now + wait));
        return;
    }
    state.reads.insert(op.id(), 0);
    op.not_before = Some(state.now + state.settings.scaled(Duration::seconds(READ_BACKS[0])));
    let _notice = say(state, Level::Warning, format!("{} #{}: no answer proves what became of it; looking", op.mutation.change.kind(), op.case()));
}

/// After a start, what is unknown is looked up soon.
pub fn schedule(state: &mut State) {
    let soon = state.now + state.settings.scaled(Duration::seconds(READ_BACKS[0]));
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Unknown) {
        if let std::collections::btree_map::Entry::Vacant(place) = state.reads.entry(op.id()) {
            place.insert(0);
            op.not_before = Some(soon);
        }
    }
}

/// The thread was read to find out.
pub fn read_back(state: &mut State, id: OpId, result: Result<Seen, Failure>) -> Vec<Effect> {
    // An answer that was overtaken says nothing about what happens now.
    let Some(op) = state.outbox.ops.iter().find(|op| op.id() == id && op.state == OpState::Unknown).cloned() else { return Vec::new() };
    match result {
        Ok(seen) if seen.copies > 0 || seen.reached => prove(state, op, seen),
        Ok(_) => absent(state, op),
        Err(failure) => {
            if failure.kind == FailureKind::Unauthorized {
                sync::unauthorized(state, &failure.text);
            }
            later(state, op, &format!("can't be looked up: {}", failure.text))
        }
    }
}

/// It is there.
fn prove(state: &mut State, mut op: Op, seen: Seen) -> Vec<Effect> {
    let from = vec![op.state];
    let proof = if seen.copies > 0 { "marker" } else { "state" };
    (op.state, op.cause, op.not_before, op.changed) = (OpState::Sent, None, None, state.now);
    (op.server_id, op.proof) = (seen.server_id.or(op.server_id), Some(proof.to_owned()));
    op.twins = seen.copies.saturating_sub(1);
    state.reads.remove(&op.id());
    if op.twins > 0 {
        let _notice = tell_twins(state, &op);
    }
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// A complete reading did not show it. What changes a state can be asked for again; a message may still arrive.
fn absent(state: &mut State, mut op: Op) -> Vec<Effect> {
    let wanted = state.resend.remove(&op.id());
    let repeatable = wanted || !op.mutation.change.adds_message() && !matches!(op.mutation.change, Change::Reopen | Change::Snooze { .. });
    if !(repeatable || state.sync.idempotency && op.mutation.change != Change::Reopen) {
        return later(state, op, "not found at the server so far; it may still arrive");
    }
    let from = vec![op.state];
    state.reads.remove(&op.id());
    (op.state, op.not_before, op.changed) = (OpState::Queued, None, state.now);
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// Looks again, at last hands it to the agent.
fn later(state: &mut State, mut op: Op, cause: &str) -> Vec<Effect> {
    let from = vec![op.state];
    let count = state.reads.entry(op.id()).or_default();
    *count += 1;
    op.cause = Some(cause.to_owned());
    op.changed = state.now;
    if let Some(pair) = READ_BACKS.get(*count - 1..=*count) {
        op.not_before = Some(state.now + state.settings.scaled(Duration::seconds(pair[1] - pair[0])));
    } else {
        (op.state, op.not_before) = (OpState::NeedsReview, None);
        let _notice = say(state, Level::Error, format!("{} #{} needs you: {cause} (g x)", op.mutation.change.kind(), op.case()));
    }
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// Markers of ours in what a pull brought: proof, from whatever state; a second name for one operation is a second copy.
pub fn sighted(state: &mut State, seen: &[(OpId, i64)]) -> Vec<Effect> {
    let mut fresh = BTreeSet::new();
    for (id, name) in seen {
        if state.markers.entry(*id).or_default().insert(*name) {
            fresh.insert(*id);
        }
    }
    let mut effects = Vec::new();
    for id in fresh {
        match state.outbox.ops.iter().find(|op| op.id() == id).cloned() {
            // What is being sent is proven by its own answer.
            Some(op) if op.state == OpState::Sending => {}
            Some(op) => {
                let names = state.markers.get(&id).cloned().unwrap_or_default();
                let copies = u32::try_from(names.len()).unwrap_or(u32::MAX);
                effects.extend(prove(state, op, Seen { server_id: names.first().copied(), copies, reached: true }));
            }
            // Sent long ago, perhaps: the disk knows under which name.
            None => effects.push(Effect::Load(Ask::Op(id))),
        }
    }
    effects
}

/// How many copies the server has beyond the one that was answered for.
pub fn twins(state: &State, id: OpId, server_id: Option<i64>) -> u32 {
    let names: BTreeSet<i64> = state.markers.get(&id).into_iter().flatten().copied().chain(server_id).collect();
    u32::try_from(names.len().saturating_sub(1)).unwrap_or(u32::MAX)
}

/// An operation that is sent, and was seen under another name as well: that is said once.
pub fn doubled(state: &mut State, mut op: Op) -> Vec<Effect> {
    let twins = twins(state, op.id(), op.server_id);
    if twins <= op.twins {
        return Vec::new();
    }
    op.twins = twins;
    let _notice = tell_twins(state, &op);
    vec![Effect::Advance { op: Box::new(op), from: vec![OpState::Sent] }]
}

/// Two of one reply at the server is a thing the agent must know.
pub fn tell_twins(state: &mut State, op: &Op) -> Vec<Effect> {
    say(state, Level::Error, format!("the server has the {} of #{} {} times", op.mutation.change.kind(), op.case(), op.twins + 1))
}

/// Asks for what is due to be looked up.
pub fn look_up(state: &mut State, effects: &mut Vec<Effect>) {
    let now = state.now;
    if state.sync.link == Link::Unauthorized {
        return;
    }
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Unknown && op.not_before.is_some_and(|at| at <= now)) {
        // Asked: the answer sets the next time.
        op.not_before = None;
        effects.push(Effect::ReadBack(Box::new(op.clone())));
    }
}
