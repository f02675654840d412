//! Operations on their way: composed, held for undo, queued, sent in the order of their case, and what each answer
//! proves. An outcome that nobody knows is never sent again blindly: it is looked up first.
//! `held → queued → sending → sent`, or back to `queued` when surely nothing left, or `unknown`, `failed`, `needs_review`.

use super::undo::{Done, Undone};
use super::update::say;
use super::{Ask, Effect, Level, Link, State, pending, proof, reader, reopen, sync, triage, undo, words};
use crate::model::{Actor, CaseId, Change, MessageId, Mutation, Op, OpId, OpState, Outcome, Status, ThreadId};
use chrono::Duration;

/// Lanes that send at the same time.
const LANES: usize = 4;
/// How many changes `z` can name the opposite of.
const REMEMBERED: usize = 200;

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
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
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
        (Change::Close { .. }, Status::Closed) => Some(format!("#{case} is closed already: o reopens it")),
        (Change::Claim | Change::Snooze { .. } | Change::Assign { .. }, Status::Closed) => Some(words::closed(state, case)),
        (Change::Reopen, Status::Pending | Status::Active) => Some(format!("#{case} is not closed")),
        (Change::Claim, Status::Active) if mine(state, case) => Some(format!("#{case} is yours already")),
        _ => None,
    }
}

/// Composes operations on a case, as one step of undo: durable before the next frame shows them.
pub fn act(state: &mut State, case: CaseId, changes: Vec<Change>, answers: Option<MessageId>) -> Vec<Effect> {
    let thread = thread_of(state, case);
    act_in(state, case, thread, changes, answers)
}

/// The same on a case that may be on no screen.
pub fn act_in(state: &mut State, case: CaseId, thread: ThreadId, changes: Vec<Change>, answers: Option<MessageId>) -> Vec<Effect> {
    let text = undo::words_of(&changes, case);
    let more = words::more(state, &changes);
    let ops = compose(state, case, thread, changes, answers);
    let held = ops.iter().any(|op| op.state == OpState::Held);
    remember(state, text.clone(), &ops);
    let _notice = say(state, Level::Done, format!("{text}{more}{}", if held { " · z takes it back" } else { "" }));
    vec![Effect::Queue(ops)]
}

fn remember(state: &mut State, words: String, ops: &[Op]) {
    let Some(first) = ops.first() else { return };
    let (case, thread) = (first.case(), first.mutation.thread);
    let row = state.list.window.rows.iter().find(|row| row.id == case).map(|row| row.channel.clone());
    let reader = || state.reader.as_ref().and_then(|reader| reader.conversation.case(case)).map(|case| case.channel.clone());
    let undone = Undone { words, case, thread, view: state.list.view, channel: row.or_else(reader), ops: ops.iter().map(Op::id).collect(), named: false };
    undo::remember(state, undone);
}

/// The same without a screen: nothing is held.
pub fn commanded(state: &mut State, case: CaseId, thread: ThreadId, change: Change) -> Vec<Effect> {
    let ops = compose(state, case, thread, vec![change], None);
    if !state.settings.interactive {
        sync::at_once(state);
    }
    state.goal.extend(ops.iter().map(Op::id));
    vec![Effect::Queue(ops)]
}

fn compose(state: &mut State, case: CaseId, thread: ThreadId, changes: Vec<Change>, answers: Option<MessageId>) -> Vec<Op> {
    let by = state.me.clone().unwrap_or_else(|| Actor { name: "you".into(), ..Actor::default() });
    let ops: Vec<Op> = changes
        .into_iter()
        .map(|change| {
            state.op_count = state.op_count.wrapping_add(1);
            let op = OpId::new(state.now, state.session, state.op_count);
            let held = state.settings.interactive && is_held(&change) && state.settings.undo > Duration::zero();
            let not_before = held.then(|| state.now + state.settings.undo);
            state.done.push(Done { op, change: change.clone(), server_id: None });
            let mutation = Mutation { op, case, thread, at: state.now, by: by.clone(), change };
            Op { answers, ..Op::new(mutation, not_before) }
        })
        .collect();
    let over = state.done.len().saturating_sub(REMEMBERED);
    state.done.drain(..over);
    state.outbox.ops.extend(ops.iter().cloned());
    touched(state);
    ops
}

/// A claim shall reach the others at once; the rest waits for second thoughts.
fn is_held(change: &Change) -> bool {
    !matches!(change, Change::Claim | Change::Assign { .. } | Change::Unsnooze)
}

fn thread_of(state: &State, case: CaseId) -> ThreadId {
    let row = state.list.window.rows.iter().find(|row| row.id == case).map(|row| row.thread);
    let reader = || state.reader.as_ref().map(|reader| &reader.conversation).and_then(|chain| chain.case(case).map(|_| chain.thread));
    row.or_else(reader).filter(|thread| thread.0 != 0).unwrap_or(ThreadId(case.0))
}

/// What is painted depends on the operations.
pub fn touched(state: &mut State) {
    state.stale_list = true;
    state.stale_reader = true;
}

/// Rows came back from the disk with their place in the order.
pub fn stored(state: &mut State, ops: Vec<Op>) {
    for op in ops {
        if let Some(held) = state.outbox.ops.iter_mut().find(|held| held.id() == op.id()) {
            held.seq = op.seq;
        }
    }
}

/// The outbox as the disk has it: at the start, and when another process wrote to it.
pub fn loaded(state: &mut State, ops: Vec<Op>) {
    let first = state.outbox.ops.is_empty() && state.undo.is_empty();
    let ours = std::mem::replace(&mut state.outbox.ops, ops);
    // Somebody asks for it, now: a wait after earlier failures is over.
    let asked = |op: &Op| op.state == OpState::Queued && !ours.iter().any(|known| known.id() == op.id() && known.changed >= op.changed);
    if state.outbox.ops.iter().any(asked) {
        state.sync.hold_pushes = None;
    }
    // What this process is sending or looking up it knows better than the disk; of what another one does it knows less.
    let sender = state.sender;
    for op in ours.into_iter().filter(|_| sender) {
        match (op.state, state.outbox.ops.iter_mut().find(|held| held.id() == op.id())) {
            (OpState::Sending, Some(held)) => *held = op,
            (OpState::Sending, None) => state.outbox.ops.push(op),
            (OpState::Unknown, Some(held)) if held.state == OpState::Unknown => held.not_before = op.not_before,
            _ => {}
        }
    }
    if first && state.settings.interactive {
        let held: Vec<_> = state.outbox.ops.iter().filter(|op| op.state == OpState::Held).cloned().collect();
        for op in held {
            let change = op.mutation.change.clone();
            let words = undo::words_of(std::slice::from_ref(&change), op.case());
            state.done.push(Done { op: op.id(), change, server_id: None });
            remember(state, words, &[op]);
        }
    }
    proof::schedule(state);
    touched(state);
}

/// An operation that another process may have finished, or that was seen at the server after it was sent.
pub fn op_loaded(state: &mut State, op: Option<Box<Op>>) -> Vec<Effect> {
    let Some(op) = op else { return Vec::new() };
    // When it is looked up next stands only here.
    if state.outbox.ops.iter().any(|held| held.id() == op.id() && (held.state, op.state) == (OpState::Unknown, OpState::Unknown)) {
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
    op.changed = state.now;
    op.not_before = None;
    let mut effects = Vec::new();
    match &outcome {
        Outcome::Accepted { server_id, message, .. } => {
            sync::reached(state);
            (op.state, op.cause, op.server_id, op.proof) = (OpState::Sent, None, *server_id, Some("response".to_owned()));
            let now = server_id.filter(|_| op.mutation.change == Change::Reopen).map_or(op.case(), CaseId);
            effects.extend(reopen::became(state, op.case(), now));
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
            (op.state, op.cause) = (OpState::NeedsReview, Some(cause.clone()));
            let _notice = say(state, Level::Error, format!("{} #{} needs you: {cause} (g x)", op.mutation.change.kind(), op.case()));
            effects.push(Effect::Fetch(op.case()));
        }
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

/// Takes an operation that has not left back.
pub fn cancel(state: &mut State, mut op: Op) -> Vec<Effect> {
    let from = vec![OpState::Held, OpState::Queued, OpState::Failed];
    (op.state, op.not_before, op.changed) = (OpState::Cancelled, None, state.now);
    replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// Puts an operation in its place; final ones leave the list.
pub fn replace(state: &mut State, op: &Op) {
    if op.state.is_final() {
        undo::ended(state, op);
        state.outbox.ops.retain(|held| held.id() != op.id());
    } else if let Some(held) = state.outbox.ops.iter_mut().find(|held| held.id() == op.id()) {
        *held = op.clone();
    }
    touched(state);
}

/// What the disk did not take never happened: a text goes back on the screen.
pub fn disk_failed(state: &mut State, why: &str) -> Vec<Effect> {
    state.outbox.ops.retain(|op| op.seq != 0);
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Sending && op.not_before.is_none()) {
        op.not_before = Some(state.now + Duration::seconds(5));
    }
    if let Some(text) = state.unsent_text.take() {
        state.focus = super::Focus::Compose;
        state.compose = Some(text);
    }
    if let Some(compose) = &mut state.compose {
        compose.dirty = Some(state.now);
    }
    touched(state);
    let kept = if state.settings.interactive { ", the text is still here" } else { "" };
    say(state, Level::Error, format!("{why}: nothing was queued{kept}"))
}

/// What is next: ended holds, the heads of the lanes, and what has to be looked up.
pub fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    if state.sender && !super::leave::is_over(state) {
        let before = effects.len();
        release(state, effects);
        send(state, effects);
        relabel(state, &effects[before..]);
        proof::look_up(state, effects);
    }
    super::leave::turn(state, effects);
}

/// The open thread says `held`, `queued`, `sending` as it is now.
fn relabel(state: &mut State, effects: &[Effect]) {
    let thread = state.reader.as_ref().map(|reader| reader.conversation.thread);
    let of_it = |effect: &Effect| match effect {
        Effect::Advance { op, .. } | Effect::Push(op) => Some(op.mutation.thread) == thread,
        _ => false,
    };
    if effects.iter().any(of_it) {
        reader::lay_out(state, true);
    }
}

/// The undo window ended, or the agent leaves.
fn release(state: &mut State, effects: &mut Vec<Effect>) {
    let (now, leaving) = (state.now, state.closing.is_some());
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Held && (leaving || op.not_before.is_none_or(|at| at <= now))) {
        (op.state, op.not_before, op.changed) = (OpState::Queued, None, now);
        effects.push(Effect::Advance { op: Box::new(op.clone()), from: vec![OpState::Held] });
    }
}

fn send(state: &mut State, effects: &mut Vec<Effect>) {
    let now = state.now;
    if state.sync.link == Link::Unauthorized || state.sync.hold_pushes.is_some_and(|until| until > now) {
        return;
    }
    let mut busy = state.outbox.ops.iter().filter(|op| op.state == OpState::Sending).count();
    for at in 0..state.outbox.ops.len() {
        let op = &state.outbox.ops[at];
        let due = op.state == OpState::Queued && op.seq != 0 && op.not_before.is_none_or(|at| at <= now);
        if busy >= LANES || !due || blocked(&state.outbox.ops, at) {
            continue;
        }
        let op = &mut state.outbox.ops[at];
        (op.state, op.not_before, op.changed) = (OpState::Sending, None, now);
        op.tries += 1;
        busy += 1;
        effects.push(Effect::Push(Box::new(op.clone())));
    }
}

/// An earlier operation of the same case is not settled. A failed reply holds a close back, never a later reply; what
/// waits for the agent holds back what is said and a close, never the reopening that may be its way out.
pub fn blocked(ops: &[Op], at: usize) -> bool {
    let op = &ops[at];
    let closes = matches!(op.mutation.change, Change::Close { .. });
    ops.iter().filter(|other| other.case() == op.case() && other.seq < op.seq).any(|other| match other.state {
        OpState::Failed => closes && other.mutation.change.adds_message(),
        OpState::NeedsReview => closes || op.mutation.change.adds_message(),
        state => !state.is_final(),
    })
}
