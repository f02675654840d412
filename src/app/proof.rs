//! What became of an attempt that nobody answered: looked up at the server by the operation's marker, or by the state of
//! the case. A message that was not found may still arrive, so it is never sent again without the agent's word or an
//! idempotency key; only where the account says `resend = "once"`, where the marker is proven to come back and where two
//! complete readings at least two minutes after the attempt did not show it, is it sent a second time, once.

use super::update::say;
use super::{Action, Ask, Effect, Failure, FailureKind, Level, Link, Seen, State, check, lane, outbox, reopen, sync};
use crate::model::{CaseId, Change, Op, OpId, OpState, Review};
use chrono::Duration;
use std::collections::BTreeSet;

/// When an unknown outcome is looked up, in seconds after the attempt; after the last one the agent decides.
const READ_BACKS: [i64; 6] = [2, 10, 30, 60, 120, 300];
/// So many readings that could show nothing are about a quarter of an hour: then the agent decides.
const BLIND: u32 = 11;
/// After so many seconds a message that still travels has arrived, where delays have a bound at all.
const SETTLED: i64 = 120;

/// Nothing proves what became of it. A server with idempotency keys may be asked again under the same one.
pub fn unknown(state: &mut State, op: &mut Op, cause: &str) {
    let seen = by_marker(state, op.id());
    if seen.copies > 0 {
        // A pull brought it while its answer was awaited.
        (op.state, op.cause, op.server_id, op.proof) = (OpState::Sent, None, seen.server_id, Some("marker".to_owned()));
        op.twins = seen.copies - 1;
        if op.twins > 0 {
            let _notice = tell_twins(state, op);
        }
        return;
    }
    op.cause = Some(cause.to_owned());
    op.state = OpState::Unknown;
    (op.absent, op.blind) = (0, 0);
    if state.sync.idempotency && op.mutation.change != Change::Reopen {
        // Once at once: a lost answer is no sign of a server that is away.
        let wait = if op.tries < 2 { Duration::zero() } else { sync::failed_push(state, cause, None) };
        (op.state, op.not_before) = (OpState::Queued, Some(state.now + wait));
        return;
    }
    state.watch.attempts.insert(op.id(), state.now);
    op.not_before = Some(state.now + scaled(state, READ_BACKS[0]));
    let _notice = say(state, Level::Warning, format!("{} #{}: no answer proves what became of it; looking", op.mutation.change.kind(), op.case()));
}

fn scaled(state: &State, seconds: i64) -> Duration {
    state.settings.scaled(Duration::seconds(seconds))
}

/// After a start, what is unknown is looked up soon.
pub fn schedule(state: &mut State) {
    let (now, soon) = (state.now, state.now + scaled(state, READ_BACKS[0]));
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Unknown) {
        // Known from an earlier attempt, perhaps of another process: without a time nobody would ever look.
        let forgotten = op.not_before.is_none() && !state.watch.seeking.contains(&op.id());
        if forgotten || !state.watch.attempts.contains_key(&op.id()) {
            state.watch.attempts.insert(op.id(), now);
            op.not_before = Some(soon);
        }
    }
}

/// The server was read, before an attempt or to find out about one.
pub fn looked(state: &mut State, id: OpId, result: Result<Seen, Failure>) -> Vec<Effect> {
    state.watch.looking.remove(&id);
    let mut effects = Vec::new();
    if let Ok(seen) = &result {
        state.sync.idempotency |= seen.keys;
        effects.extend(learn(state, seen));
    }
    let op = state.outbox.ops.iter().find(|op| op.id() == id).cloned();
    // Asked for before the last attempt: what it shows was so before, and what it does not show may have come since.
    let before = |op: &Op| result.as_ref().is_ok_and(|seen| seen.copies == 0 && seen.tries.is_some_and(|tries| tries != op.tries));
    state.watch.seeking.remove(&id);
    if op.as_ref().is_some_and(before) {
        // The one that took over asked with what it knew: unless it asks again, nobody does.
        schedule(state);
        return effects;
    }
    // An answer that was overtaken says nothing about what happens now.
    let Some(op) = op.filter(|op| matches!(op.state, OpState::Unknown | OpState::Queued)) else { return effects };
    effects.extend(match (op.state, result) {
        (_, Ok(seen)) if seen.copies > 0 || seen.reached => prove(state, op, &seen),
        (OpState::Queued, Ok(seen)) => check::checked(state, op, seen),
        (OpState::Queued, Err(failure)) => check::unchecked(state, op, &failure),
        (_, Ok(seen)) => not_marked(state, op, &seen),
        (_, Err(failure)) => unreadable(state, op, &failure),
    });
    effects
}

/// Whether the marker comes back is learned from a message that was accepted: it is there, with it or without.
fn learn(state: &mut State, seen: &Seen) -> Option<Effect> {
    let bare = seen.bare.iter().any(|id| state.accepted.contains(id));
    let marker = if bare {
        false
    } else if seen.copies > 0 {
        true
    } else {
        return None;
    };
    learned(state, marker)
}

fn learned(state: &mut State, marker: bool) -> Option<Effect> {
    (state.marker != Some(marker)).then(|| {
        state.marker = Some(marker);
        Effect::Learn { marker }
    })
}

/// It is there.
fn prove(state: &mut State, mut op: Op, seen: &Seen) -> Vec<Effect> {
    let from = vec![op.state];
    let proof = if seen.copies > 0 { "marker" } else { "state" };
    let cause = seen.by.as_ref().map(|by| format!("{} by {} already", super::words::done(&op.mutation.change), by.brief(40)));
    (op.state, op.cause, op.not_before, op.changed) = (OpState::Sent, cause, None, state.wall());
    (op.server_id, op.proof, op.review) = (seen.server_id.or(op.server_id), Some(proof.to_owned()), None);
    op.twins = seen.copies.saturating_sub(1);
    if op.twins > 0 {
        let _notice = tell_twins(state, &op);
    } else if let Some(cause) = &op.cause {
        let _notice = say(state, Level::Done, format!("#{} was {cause}", op.case()));
    }
    outbox::replace(state, &op);
    let mut effects = match op.server_id.filter(|_| op.mutation.change == Change::Reopen) {
        Some(new) => reopen::became(state, op.case(), CaseId(new)),
        None => Vec::new(),
    };
    effects.insert(0, Effect::Advance { op: Box::new(op), from });
    effects
}

/// No marker and not as wanted. Where the server drops markers, one message of the same words is taken for it. What was
/// translated has no words to be known by: with any message of ours that was not there before, the agent decides.
fn not_marked(state: &mut State, op: Op, seen: &Seen) -> Vec<Effect> {
    let translated = op.mutation.change.translate().is_some();
    if (translated || state.marker != Some(true)) && op.mutation.change.adds_message() {
        // What is known to be another operation's is no proof of this one, however old the picture before the attempt was.
        let alike: Vec<i64> = seen.alike.iter().copied().filter(|id| !state.accepted.contains(id)).collect();
        match alike.as_slice() {
            [] => {}
            ids if translated => {
                let review = Review::Several { ids: ids.to_vec() };
                return hand_over(state, op, review, "translated, so its words don't tell: it could be a message that is there".to_owned());
            }
            [id] => return found(state, op, *id),
            ids => {
                let review = Review::Several { ids: ids.to_vec() };
                return hand_over(state, op, review, "several messages at the server could be it".to_owned());
            }
        }
    }
    if seen.whole { absent(state, op, seen) } else { blind(state, op, "the server showed an older or an incomplete thread") }
}

/// The same words by us, not there before: said with a `~`, since it is likely and not proven.
fn found(state: &mut State, mut op: Op, id: i64) -> Vec<Effect> {
    let from = vec![op.state];
    (op.state, op.cause, op.not_before, op.changed) = (OpState::Sent, None, None, state.wall());
    (op.server_id, op.proof) = (Some(id), Some("heuristic".to_owned()));
    outbox::accepted(state, &op);
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// A complete reading did not show it. What changes a state can be asked for again; a message may still arrive.
fn absent(state: &mut State, mut op: Op, seen: &Seen) -> Vec<Effect> {
    if let Some(theirs) = seen.theirs.clone().filter(|_| !op.allowed) {
        return conflict(state, op, theirs);
    }
    let repeatable = op.wanted || !op.mutation.change.adds_message() && !matches!(op.mutation.change, Change::Reopen | Change::Snooze { .. });
    let keyed = state.sync.idempotency && op.mutation.change != Change::Reopen;
    let once = !repeatable && !keyed && may_go_again(state, &op);
    if !(repeatable || keyed || once) {
        return count(state, op, "not found at the server so far; it may still arrive");
    }
    let from = vec![op.state];
    op.resends += u32::from(once);
    (op.state, op.not_before, op.changed) = (OpState::Queued, None, state.wall());
    (op.wanted, op.absent, op.blind, op.cause) = (false, 0, 0, None);
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// The one automatic second attempt: asked for by the account, or harmless because only colleagues read it.
fn may_go_again(state: &State, op: &Op) -> bool {
    let asked = state.settings.resend_once || matches!(op.mutation.change, Change::Note { .. });
    let settled = state.watch.attempts.get(&op.id()).is_some_and(|at| state.now - *at >= scaled(state, SETTLED));
    // A translation may have lost the marker on its way through the server's translator: that it is not seen proves less.
    let told = op.mutation.change.adds_message() && op.mutation.change.translate().is_none();
    asked && told && state.marker == Some(true) && op.resends == 0 && op.absent >= 1 && settled
}

/// One reading more without it. Short looks of several processes count one each, since nobody measured the time between.
fn count(state: &mut State, mut op: Op, cause: &str) -> Vec<Effect> {
    let at = usize::try_from(op.absent).unwrap_or(READ_BACKS.len());
    let due = READ_BACKS.get(at).copied().unwrap_or_default();
    let waited = state.watch.attempts.get(&op.id()).is_some_and(|ended| state.now - *ended >= scaled(state, due));
    let reads = state.watch.reads.entry(op.id()).or_default();
    *reads += 1;
    op.absent += u32::from(waited || *reads == 1);
    let at = usize::try_from(op.absent).unwrap_or(READ_BACKS.len());
    let Some(next) = READ_BACKS.get(at) else { return hand_over(state, op, Review::Absent, cause.to_owned()) };
    wait(state, op, next - READ_BACKS.get(at.wrapping_sub(1)).copied().unwrap_or_default(), cause)
}

/// The server answered with nothing that could show it.
fn blind(state: &mut State, mut op: Op, cause: &str) -> Vec<Effect> {
    op.blind += 1;
    *state.watch.reads.entry(op.id()).or_default() += 1;
    if op.blind >= BLIND {
        return hand_over(state, op, Review::Unreadable, cause.to_owned());
    }
    let at = usize::try_from(op.blind).unwrap_or(0);
    let gap = READ_BACKS.get(at).map_or(120, |next| next - READ_BACKS[at - 1]);
    wait(state, op, gap.min(120), cause)
}

fn unreadable(state: &mut State, op: Op, failure: &Failure) -> Vec<Effect> {
    let cause = format!("can't be looked up: {}", failure.text);
    match failure.kind {
        FailureKind::Unauthorized => {
            sync::unauthorized(state, &failure.text);
            wait(state, op, READ_BACKS[1], &cause)
        }
        FailureKind::Offline => {
            state.sync.link = Link::Offline;
            *state.watch.reads.entry(op.id()).or_default() += 1;
            wait(state, op, READ_BACKS[2], &cause)
        }
        // A gateway says such things as well: it proves nothing about an attempt.
        FailureKind::NotFound | FailureKind::Forbidden | FailureKind::Other => blind(state, op, &cause),
    }
}

/// Looks again after so many seconds.
fn wait(state: &mut State, mut op: Op, seconds: i64, cause: &str) -> Vec<Effect> {
    let from = vec![op.state];
    op.cause = Some(cause.to_owned());
    op.changed = state.wall();
    op.not_before = Some(state.now + scaled(state, seconds));
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

pub fn conflict(state: &mut State, op: Op, theirs: crate::model::Untrusted) -> Vec<Effect> {
    let yours = super::review::yours(&op);
    let cause = format!("changed by somebody else since: {}", theirs.brief(120));
    hand_over(state, op, Review::Conflict { yours, theirs }, cause)
}

/// The agent decides.
pub fn hand_over(state: &mut State, mut op: Op, review: Review, cause: String) -> Vec<Effect> {
    let from = vec![op.state];
    let _notice = say(state, Level::Error, format!("{} #{} needs you: {cause} ({})", op.mutation.change.kind(), op.case(), state.key(Action::Outbox)));
    (op.state, op.not_before, op.changed) = (OpState::NeedsReview, None, state.wall());
    (op.cause, op.review, op.wanted) = (Some(cause), Some(review), false);
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
        if !state.sender {
            // Another process may be sending it: by its answer it learns of one copy, and what was seen here it does not know.
            state.watch.sighted.insert(id);
        }
        match state.outbox.ops.iter().find(|op| op.id() == id).cloned() {
            // What is being sent is proven by its own answer.
            Some(op) if op.state == OpState::Sending => {}
            Some(op) => {
                let seen = by_marker(state, id);
                effects.extend(prove(state, op, &seen));
            }
            // Sent long ago, perhaps: the disk knows under which name.
            None => effects.push(Effect::Load(Ask::Op(id))),
        }
    }
    if !seen.is_empty() {
        effects.extend(learned(state, true));
    }
    effects
}

/// What markers alone say of an operation.
fn by_marker(state: &State, id: OpId) -> Seen {
    let names = state.markers.get(&id);
    let copies = names.map_or(0, |names| u32::try_from(names.len()).unwrap_or(u32::MAX));
    Seen { server_id: names.and_then(|names| names.first().copied()), copies, reached: true, ..Seen::default() }
}

/// Its marker was seen, and the disk has it as something else than sent: taken back while it was on its way, or moved by another
/// process a moment before. It is at the server, and the agent has to know.
pub fn there_all_the_same(state: &mut State, op: &Op) -> Option<Vec<Effect>> {
    if matches!(op.state, OpState::Sent | OpState::Sending) || !state.markers.contains_key(&op.id()) {
        return None;
    }
    let seen = by_marker(state, op.id());
    let effects = prove(state, op.clone(), &seen);
    if op.state == OpState::Cancelled {
        let _notice = say(state, Level::Error, format!("{} #{} was taken back too late: the server has it", op.mutation.change.kind(), op.case()));
    }
    Some(effects)
}

/// What another process may have been sending when its markers were seen here is over: the disk says how, the markers how often.
pub fn ended_elsewhere(state: &mut State) -> Vec<Effect> {
    let ops = &state.outbox.ops;
    let sending = |id: &OpId| ops.iter().any(|op| op.id() == *id && op.state == OpState::Sending);
    let (on, over): (BTreeSet<OpId>, BTreeSet<OpId>) = std::mem::take(&mut state.watch.sighted).into_iter().partition(sending);
    state.watch.sighted = on;
    over.into_iter().map(|id| Effect::Load(Ask::Op(id))).collect()
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
    let room = lane::LANES.saturating_sub(state.watch.seeking.len());
    let due = |op: &&mut Op| op.state == OpState::Unknown && op.not_before.is_some_and(|at| at <= now);
    for op in state.outbox.ops.iter_mut().filter(due).take(room) {
        // Asked: the answer sets the next time.
        op.not_before = None;
        state.watch.seeking.insert(op.id());
        effects.push(Effect::Look(Box::new(op.clone())));
    }
}
