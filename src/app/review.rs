//! The agent's decisions on what waits in the outbox, from its pane or from the command line. The pane itself is next
//! door in `pane`, what an operation waits for in `wait`, what is known of it in `detail`.

pub mod detail;
pub mod pane;
pub mod wait;

use super::update::say;
use super::{Decision, Effect, Level, State, compose, later, outbox};
use crate::model::{Change, DraftKind, Op, OpId, OpState, Review, Untrusted};
pub use pane::{chosen, hide, show};

/// What the agent can decide about an operation now, most useful first.
pub fn choices(op: &Op) -> Vec<Decision> {
    let says = op.mutation.change.adds_message();
    let reply = matches!(op.mutation.change, Change::Reply { .. });
    let waits = op.state == OpState::NeedsReview;
    let asks = |fits: fn(&Review) -> bool| waits && op.review.as_ref().is_some_and(fits);
    let stale = asks(|review| matches!(review, Review::Stale { .. } | Review::Answered { .. } | Review::Conflict { .. } | Review::Overdue { .. }));
    let closed = says && asks(|review| matches!(review, Review::NotActive { .. } | Review::Refused));
    let planned = later::is_planned(op);
    let offers = [
        (stale || planned, Decision::Anyway),
        (closed, Decision::Reopen),
        (!stale && !planned && op.state != OpState::Sending, Decision::Retry),
        (op.may_be_there() && op.state != OpState::Sending, Decision::Sent),
        (reply && op.state != OpState::Sending, Decision::Note),
        (op.state != OpState::Sending, Decision::Draft),
        (says && op.state != OpState::Sending, Decision::Discard),
    ];
    offers.into_iter().filter(|(offered, _)| *offered).map(|(_, decision)| decision).collect()
}

/// A key of the pane.
pub fn choose(state: &mut State, decision: Decision) -> Vec<Effect> {
    let Some(op) = chosen(state).cloned() else { return say(state, Level::Warning, "nothing is chosen".to_owned()) };
    if !choices(&op).contains(&decision) {
        return say(state, Level::Warning, pointless(&op, decision));
    }
    let effects = decided(state, op.id(), decision);
    let _notice = say(state, Level::Done, told(&op, decision));
    pane::arrange(&mut state.outbox);
    effects
}

/// What a decision does with it, in a few words.
pub fn label(op: &Op, decision: Decision) -> &'static str {
    let says = op.mutation.change.adds_message();
    match decision {
        Decision::Anyway if later::is_planned(op) => "send it now",
        Decision::Anyway if says => "send anyway",
        Decision::Anyway => "do it anyway",
        Decision::Reopen => "reopen the case and say it there",
        Decision::Retry if op.may_be_there() => "look again, send it if it is not there",
        Decision::Retry if op.state == OpState::Held => "send it now",
        Decision::Retry if op.state == OpState::NeedsReview => "look again, send it if the case takes it",
        Decision::Retry => "try now",
        Decision::Sent => "it is there: take it as sent",
        Decision::Note => "as a note",
        Decision::Draft if says => "to the draft",
        Decision::Draft => "drop",
        Decision::Discard => "throw away",
    }
}

/// Can its words go back into the box they were written in?
pub fn editable(op: &Op) -> bool {
    op.mutation.change.adds_message() && op.state != OpState::Sending && !op.state.is_final()
}

/// Takes it out of the outbox into the box of its case. What may have arrived is asked about once.
pub fn edit(state: &mut State) -> Vec<Effect> {
    match chosen(state).cloned() {
        Some(op) => take_into_box(state, &op),
        None => say(state, Level::Warning, "nothing is chosen".to_owned()),
    }
}

pub fn take_into_box(state: &mut State, op: &Op) -> Vec<Effect> {
    let kind = if matches!(op.mutation.change, Change::Note { .. }) { DraftKind::Note } else { DraftKind::Reply };
    let text = match op.mutation.change.text() {
        _ if op.state == OpState::Sending => return say(state, Level::Warning, "it is being sent; wait for the answer".to_owned()),
        Some(text) if editable(op) => text.to_owned(),
        _ => return say(state, Level::Warning, format!("a {} has no words to edit", op.mutation.change.kind())),
    };
    if op.may_be_there() && state.outbox.warned != Some(op.id()) {
        state.outbox.warned = Some(op.id());
        return say(state, Level::Warning, "the old text may still arrive: e again edits it all the same, s takes it as sent".to_owned());
    }
    let mut effects = end(state, Op { cause: Some("taken back to be edited".to_owned()), ..op.clone() }, OpState::Cancelled);
    pane::arrange(&mut state.outbox);
    (state.list.selected, state.stale_list) = (Some(op.case()), true);
    effects.extend(compose::take_back(state, op, kind, &text));
    effects
}

/// Why a choice is none.
fn pointless(op: &Op, decision: Decision) -> String {
    let kind = op.mutation.change.kind();
    match decision {
        _ if op.state == OpState::Sending => "it is being sent; wait for the answer".to_owned(),
        Decision::Sent => "it has not left this machine, so it was not sent; r sends it, d drops it".to_owned(),
        Decision::Note => format!("a {kind} has no words to note"),
        Decision::Reopen => "the case is not what stops it".to_owned(),
        Decision::Anyway | Decision::Retry => format!("nothing happened since that would stop this {kind}"),
        Decision::Draft | Decision::Discard => format!("a {kind} has no words to throw away; d drops it"),
    }
}

/// What became of it, in words.
fn told(op: &Op, decision: Decision) -> String {
    let what = format!("{} #{}", op.mutation.change.kind(), op.case());
    match decision {
        Decision::Retry if op.may_be_there() => format!("{what}: looking at the server; it goes again if it is not there"),
        Decision::Retry => format!("{what}: trying again"),
        Decision::Anyway if later::is_planned(op) => format!("{what}: goes out now"),
        Decision::Anyway => format!("{what}: goes out as it is"),
        Decision::Reopen => format!("{what}: opens the case again and says it there"),
        Decision::Sent => format!("{what}: taken as sent"),
        Decision::Draft if op.mutation.change.adds_message() => format!("{what} is not sent; its text is the draft of #{}", op.case()),
        Decision::Draft | Decision::Discard => format!("{what} dropped"),
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
    let text = op.mutation.change.text().filter(|_| op.mutation.change.adds_message()).map(str::to_owned);
    match (decision, text) {
        (Decision::Retry, _) => retry(state, op),
        // Its time is another one now, and nothing more: what came since is still looked at.
        (Decision::Anyway, _) if later::is_planned(&op) => retry(state, op),
        (Decision::Anyway, _) => retry(state, Op { allowed: true, ..op }),
        (Decision::Sent, _) => end(state, op, OpState::Sent),
        (Decision::Draft, _) => end(state, op, OpState::Cancelled),
        (Decision::Discard, _) => end(state, Op { discarded: true, ..op }, OpState::Cancelled),
        (Decision::Note, Some(text)) => instead(state, op, vec![Change::Note { text }]),
        (Decision::Reopen, Some(_)) => {
            let said = op.mutation.change.clone();
            instead(state, op, vec![Change::Reopen, said])
        }
        (Decision::Note | Decision::Reopen, None) => say(state, Level::Warning, "it has no words that could be said otherwise".to_owned()),
    }
}

/// Looks at the server first where something may have arrived; sends again what surely has not.
fn retry(state: &mut State, mut op: Op) -> Vec<Effect> {
    let from = vec![op.state];
    (op.changed, op.due) = (state.wall(), None);
    if op.may_be_there() {
        (op.state, op.not_before, op.wanted) = (OpState::Unknown, Some(state.now), true);
        state.watch.attempts.entry(op.id()).or_insert(state.now);
    } else {
        (op.state, op.not_before) = (OpState::Queued, None);
    }
    (op.review, op.absent, op.blind) = (None, 0, 0);
    // Whoever says it again has seen what stands there now.
    op.allowed |= op.state == OpState::Unknown;
    state.sync.hold_pushes = None;
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

fn end(state: &mut State, mut op: Op, to: OpState) -> Vec<Effect> {
    let from = vec![op.state];
    (op.state, op.not_before, op.changed) = (to, None, state.wall());
    op.proof = Some("human".to_owned());
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}

/// Something else is done with its words; the old one goes in the same breath, so that no crash leaves both.
fn instead(state: &mut State, mut op: Op, changes: Vec<Change>) -> Vec<Effect> {
    let from = vec![op.state];
    let (case, thread, heard) = (op.case(), op.mutation.thread, op.heard());
    (op.state, op.not_before, op.changed, op.discarded) = (OpState::Cancelled, None, state.wall(), true);
    op.proof = Some("human".to_owned());
    outbox::replace(state, &op);
    let mut into = outbox::compose(state, case, thread, changes, heard);
    for new in &mut into {
        (new.state, new.not_before, new.allowed) = (OpState::Queued, None, true);
    }
    for new in &into {
        outbox::replace(state, new);
    }
    if !state.settings.interactive {
        state.goal.extend(into.iter().map(Op::id));
    }
    vec![Effect::Swap { op: Box::new(op), from, into }]
}

/// What an operation wants, as one side of a conflict.
pub fn yours(op: &Op) -> Untrusted {
    match &op.mutation.change {
        Change::Edit { text, .. } => text.as_str().into(),
        change => super::words::detail(change).unwrap_or_else(|| change.kind().to_owned()).into(),
    }
}
