//! Operations on their way: composed, held for undo, queued, sent in the order of their case, and what each answer
//! proves. `held → queued → (looked at) → sending → sent`, or back to `queued` when surely nothing left, or `unknown`, `failed`,
//! `needs_review`. Who goes next is `lane`'s, the last look before an attempt `check`'s, what became of one `proof`'s.

use super::update::say;
use super::{Action, Ask, Effect, Level, State, bulk, pending, proof, reopen, sync, triage, undo, words};
use crate::model::{CaseId, Change, Op, OpId, OpState, Outcome, Review, Status, Timestamp};
use chrono::Duration;
use std::collections::{BTreeSet, HashMap};

pub(super) use super::step::thread_of;
pub use super::step::{act, act_in, act_instead, commanded, compose, remember};

/// After a failure of the disk.
const AGAIN: Duration = Duration::seconds(5);
/// How many accepted messages are remembered, to learn from whether they come back with their marker.
const ACCEPTED: usize = 256;

/// The status of a case as the screen shows it.
pub fn status(state: &State, case: CaseId) -> Option<Status> {
    let reader = state.reader.as_ref().filter(|reader| reader.case == case);
    if let Some(confirmed) = reader.and_then(|reader| reader.conversation.case(case)) {
        return Some(pending::replay(confirmed, &state.outbox.ops).status.clone());
    }
    state.list.window.rows.iter().find(|row| row.id == case).map(|row| row.status.clone())
}

/// One change of the painted case; what takes it out of the way moves on to the next row.
pub fn act_on_target(state: &mut State, change: Change) -> Vec<Effect> {
    if bulk::wanted(state) {
        return bulk::open(state, bulk::Job::Do(change));
    }
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    if let Some(effects) = undo::cancels_out(state, case, &change) {
        return effects;
    }
    if let Some(why) = pointless(state, case, &change) {
        return say(state, Level::Warning, why);
    }
    let leaves = matches!(change, Change::Close { .. } | Change::Snooze { .. });
    let mut effects = act(state, case, vec![change], None);
    if leaves {
        effects.extend(triage::step_over(state, case));
    }
    effects
}

/// Is the case, as the screen shows it, the agent's own?
pub fn mine(state: &State, case: CaseId) -> bool {
    let confirmed = state.reader.as_ref().and_then(|reader| reader.conversation.case(case));
    let shown = confirmed.map(|case| pending::replay(case, &state.outbox.ops));
    let row = || state.list.window.rows.iter().any(|row| row.id == case && row.mine);
    shown.map_or_else(row, |shown| state.me_id().is_some_and(|me| shown.owned_by(me)))
}

/// Why a change would change nothing, or is not taken.
fn pointless(state: &State, case: CaseId, change: &Change) -> Option<String> {
    let status = status(state, case)?;
    match (change, status) {
        (Change::Close { .. }, Status::Closed) => Some(format!("#{case} is closed already: {} reopens it", state.key(Action::Open))),
        (Change::Claim | Change::Snooze { .. } | Change::Assign { .. }, Status::Closed) => Some(words::closed(state, case)),
        (Change::Reopen, Status::Pending | Status::Active) => Some(format!("#{case} is not closed")),
        (Change::Claim, Status::Active) if mine(state, case) => Some(format!("#{case} is yours already")),
        (Change::Unsnooze, _) => super::snooze::of_another(state, case),
        _ => None,
    }
}

/// What is painted depends on the operations.
pub fn touched(state: &mut State) {
    state.stale_list = true;
    state.stale_reader = true;
    state.log.stale = true;
    state.log.receipt.stale = true;
}

/// Rows came back from the disk with their place in the order, and with what the agent saw.
pub fn stored(state: &mut State, ops: Vec<Op>) {
    for op in ops {
        if let Some(held) = state.outbox.ops.iter_mut().find(|held| held.id() == op.id()) {
            (held.seq, held.saw) = (op.seq, op.saw);
        }
    }
}

/// The outbox as the disk has it: at the start, and when another process wrote to it.
pub fn loaded(state: &mut State, ops: Vec<Op>) -> Vec<Effect> {
    let first = !std::mem::replace(&mut state.outbox.read, true);
    let ours = std::mem::replace(&mut state.outbox.ops, ops);
    let known: HashMap<OpId, Wait> = ours.iter().map(|op| (op.id(), (op.changed, op.not_before))).collect();
    // Somebody asks for it, now: a wait after earlier failures is over.
    let asked = |op: &Op| op.state == OpState::Queued && known.get(&op.id()).is_none_or(|(changed, _)| *changed != op.changed);
    if !first && state.outbox.ops.iter().any(asked) {
        state.sync.hold_pushes = None;
    }
    arrived(state, &known, first);
    // What is on its way to the disk is not there yet.
    state.outbox.ops.extend(ours.iter().filter(|op| op.seq == 0).cloned());
    // What this process is sending or looking up it knows better than the disk; of what another one does it knows less.
    if state.sender {
        keep_ours(state, ours);
    }
    if first {
        let held: Vec<Op> = state.outbox.ops.iter().filter(|op| op.state == OpState::Held).cloned().collect();
        undo::restore::restore(state, &held);
    }
    proof::schedule(state);
    touched(state);
    proof::ended_elsewhere(state)
}

/// When an operation last moved, and until when it waits.
type Wait = (Timestamp, Option<Timestamp>);

/// Only the process that sends knows what it sends. A disk that does not take everything yet may still call an operation
/// `sending` whose attempt is over: taken for its word, nobody would ever end it.
fn keep_ours(state: &mut State, ours: Vec<Op>) {
    let mut ours: HashMap<OpId, Op> = ours.into_iter().map(|op| (op.id(), op)).collect();
    state.outbox.ops.retain(|op| op.state != OpState::Sending || ours.contains_key(&op.id()));
    for held in &mut state.outbox.ops {
        let Some(op) = ours.remove(&held.id()) else { continue };
        match (op.state, held.state) {
            (OpState::Sending, _) | (_, OpState::Sending) => *held = op,
            (OpState::Unknown, OpState::Unknown) => held.not_before = op.not_before,
            _ => {}
        }
    }
}

/// Waits that another process measured, perhaps on another clock, are measured here: a held operation that was left behind
/// gets its whole time again, none waits longer than it could have been told to.
fn arrived(state: &mut State, known: &HashMap<OpId, Wait>, first: bool) {
    let (now, undo, longest) = (state.now, state.settings.undo, state.settings.backoff_max);
    for op in &mut state.outbox.ops {
        if let Some((changed, not_before)) = known.get(&op.id()) {
            // Nobody moved it: its wait is the one that was measured here.
            op.not_before = if *changed == op.changed { *not_before } else { op.not_before };
            continue;
        }
        match op.state {
            OpState::Held if first && state.settings.interactive => op.not_before = Some(now + undo),
            OpState::Held => op.not_before = op.not_before.map(|at| at.min(now + undo)),
            OpState::Queued if first => op.not_before = None,
            OpState::Queued => op.not_before = op.not_before.map(|at| at.min(now + longest)),
            _ => {}
        }
        // Another process composed it since the last reading. What was tried already is older than that: it was left out of what
        // is known here while another one was sending it.
        if !first && op.tries == 0 {
            state.composed.entry(op.id()).or_insert(now);
        }
    }
}

/// An operation that another process may have finished, or that was seen at the server after it was sent.
pub fn op_loaded(state: &mut State, op: Option<Box<Op>>) -> Vec<Effect> {
    let Some(op) = op else { return Vec::new() };
    if let Some(effects) = proof::there_all_the_same(state, &op) {
        return effects;
    }
    // What is being sent by us is known here only; the disk may be behind.
    if state.sender && op.state == OpState::Sending {
        return Vec::new();
    }
    // What nobody moved is known here, and how long it waits stands only here.
    let same = |held: &Op| held.state == op.state && (held.changed == op.changed || op.state == OpState::Unknown);
    if state.outbox.ops.iter().any(|held| held.id() == op.id() && same(held)) {
        return Vec::new();
    }
    state.outbox.ops.retain(|held| held.id() != op.id());
    touched(state);
    if op.state == OpState::Sent {
        return proof::doubled(state, *op);
    }
    if !op.state.is_final() {
        state.outbox.ops.push(*op);
        state.outbox.ops.sort_by_key(|op| op.seq);
    }
    proof::schedule(state);
    Vec::new()
}

/// This process sends from now on, or no longer: what a dead sender left was made unknown on the disk first.
pub fn sender(state: &mut State, sender: bool) -> Vec<Effect> {
    if !state.sender {
        // What was seen in flight until now was the other one's.
        state.outbox.ops.retain(|op| op.state != OpState::Sending);
    }
    state.sender = sender;
    vec![Effect::Load(Ask::Ops)]
}

/// An attempt ended.
pub fn pushed(state: &mut State, id: OpId, outcome: Outcome) -> Vec<Effect> {
    let Some(mut op) = state.outbox.ops.iter().find(|op| op.id() == id).cloned() else { return Vec::new() };
    let from = vec![OpState::Sending, OpState::Unknown];
    op.changed = state.wall();
    op.not_before = None;
    let mut effects = Vec::new();
    match &outcome {
        Outcome::Accepted { server_id, message, .. } => {
            sync::reached(state);
            (op.state, op.cause, op.server_id, op.proof) = (OpState::Sent, None, *server_id, Some("response".to_owned()));
            let now = server_id.filter(|_| op.mutation.change == Change::Reopen).map_or(op.case(), CaseId);
            effects.extend(reopen::became(state, op.case(), now));
            accepted(state, &op);
            op.twins = proof::twins(state, id, *server_id);
            if op.twins > 0 {
                let _notice = proof::tell_twins(state, &op);
            }
            if !op.mutation.change.adds_message() || message.is_none() {
                effects.push(Effect::Fetch(now));
            }
        }
        Outcome::NotSent { cause, retry_after } => {
            let wait = sync::failed_push(state, cause, *retry_after);
            (op.state, op.cause, op.not_before) = (OpState::Queued, Some(cause.clone()), Some(state.now + wait));
        }
        Outcome::Unauthorized { cause } => {
            (op.state, op.cause) = (OpState::Queued, Some(cause.clone()));
            sync::unauthorized(state, cause);
        }
        Outcome::RefusedState { cause } if op.mutation.change.adds_message() => {
            (op.state, op.cause, op.review) = (OpState::NeedsReview, Some(cause.clone()), Some(Review::Refused));
            let _notice = say(state, Level::Error, format!("{} #{} needs you: {cause} ({})", op.mutation.change.kind(), op.case(), state.key(Action::Outbox)));
            effects.push(Effect::Fetch(op.case()));
        }
        // Somebody may have been a moment quicker: the next look tells whether it is as wanted already.
        Outcome::RefusedState { cause } if op.tries < 2 => (op.state, op.cause) = (OpState::Queued, Some(cause.clone())),
        Outcome::Refused { cause } | Outcome::RefusedState { cause } => {
            (op.state, op.cause) = (OpState::Failed, Some(cause.clone()));
            let back = if op.mutation.change.adds_message() { "; the text is back in its draft" } else { "" };
            let _notice = say(state, Level::Error, format!("{} #{} was refused: {cause}{back}", op.mutation.change.kind(), op.case()));
            effects.push(Effect::Fetch(op.case()));
        }
        Outcome::Unknown { cause } => proof::unknown(state, &mut op, cause),
    }
    replace(state, &op);
    effects.insert(0, Effect::Settle { op: Box::new(op), from, outcome: Box::new(outcome) });
    effects
}

/// A message that is there: seen at the server later, it tells whether markers come back, and it is no other operation's.
pub fn accepted(state: &mut State, op: &Op) {
    if let Some(id) = op.server_id.filter(|_| op.mutation.change.adds_message()) {
        state.accepted.insert(id);
        if state.accepted.len() > ACCEPTED {
            state.accepted.pop_first();
        }
    }
}

/// Moves operations as they are now; many in one transaction.
pub fn advance(mut ops: Vec<Op>, from: Vec<OpState>) -> Vec<Effect> {
    match (ops.len(), ops.pop()) {
        (1, Some(op)) => vec![Effect::Advance { op: Box::new(op), from }],
        (_, None) => Vec::new(),
        (_, Some(last)) => {
            ops.push(last);
            vec![Effect::AdvanceAll { ops, from }]
        }
    }
}

/// Puts an operation in its place; final ones leave the list.
pub fn replace(state: &mut State, op: &Op) {
    state.log.stale = true;
    state.log.receipt.stale = true;
    if op.state.is_final() {
        undo::ended(state, op);
        state.composed.remove(&op.id());
        state.watch.attempts.remove(&op.id());
        state.watch.reads.remove(&op.id());
        state.outbox.ops.retain(|held| held.id() != op.id());
    } else if let Some(held) = state.outbox.ops.iter_mut().find(|held| held.id() == op.id()) {
        *held = op.clone();
    }
    touched(state);
}

/// What the disk did not take never happened: a text goes back on the screen.
pub fn disk_failed(state: &mut State, why: &str) -> Vec<Effect> {
    let never: BTreeSet<OpId> = state.outbox.ops.iter().filter(|op| op.seq == 0).map(Op::id).collect();
    state.outbox.ops.retain(|op| op.seq != 0);
    let lost = !never.is_empty() || state.unsent_text.is_some();
    bulk::stop(state);
    undo::gone(state, &never);
    if let Some(text) = state.unsent_text.take() {
        state.focus = super::Focus::Compose;
        state.compose = Some(text);
    }
    if let Some(compose) = &mut state.compose {
        compose.dirty = Some(state.now);
    }
    // What was asked in the same breath was not done.
    state.watch.looking.clear();
    state.watch.seeking.clear();
    let again = state.now + AGAIN;
    // Asked for at once it would fail as fast as it is asked.
    state.list.retry = state.list.asked.then_some(again);
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Unknown && op.not_before.is_none()) {
        op.not_before = Some(again);
    }
    state.sync.hold_pushes = state.sync.hold_pushes.max(Some(again));
    touched(state);
    let what = match (lost, state.settings.interactive) {
        (true, true) => "nothing was queued, the text is still here",
        (true, false) => "nothing was queued",
        (false, _) => "it is tried again until the disk takes it",
    };
    say(state, Level::Error, format!("{why}: {what}"))
}

/// The disk did not take the mark that it is being sent, so it was not sent.
pub fn unmarked(state: &mut State, id: OpId) -> Vec<Effect> {
    let again = state.now + AGAIN;
    if let Some(op) = state.outbox.ops.iter_mut().find(|op| op.id() == id && op.state == OpState::Sending) {
        (op.state, op.not_before) = (OpState::Queued, Some(again));
        op.tries = op.tries.saturating_sub(1);
    }
    touched(state);
    Vec::new()
}
