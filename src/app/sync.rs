//! When to pull, when to wait, and how it stands with the server. The adaptive poll: quick while the agent is active,
//! slow when idle or when the server pushes events, backing off with jitter while it is away.

use super::update::say;
use super::{Ask, Effect, Failure, FailureKind, Level, Link, PullPlan, PullReport, State, notify, workload};
use crate::model::{Actor, Habit, OpState};
use chrono::Duration;

/// With a server that pushes events, polls are only a safety net: this many times rarer.
const WITH_EVENTS: i32 = 6;

/// The server said who it is and who we are.
pub fn greeted(state: &mut State, me: Option<Actor>, [idempotency, events, updates]: [bool; 3], translates: Option<bool>) -> Vec<Effect> {
    if me.is_some() && state.me != me {
        state.me = me;
        super::outbox::touched(state);
    }
    state.sync.idempotency = idempotency;
    state.sync.events = events;
    let learned = [Some(Habit::CaseUpdate(updates)), translates.map(Habit::Translates)];
    learned.into_iter().flatten().flat_map(|habit| super::habits::learn(state, habit)).collect()
}

/// A pull is due, or was asked for.
pub fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    if state.sync.pulling.is_some() || state.closing.is_some() {
        return;
    }
    let asked = state.sync.asked.take();
    let due = state.sync.next_pull.is_some_and(|at| at <= state.now);
    if asked.is_none() && !due {
        return;
    }
    let first = !state.sync.complete;
    let plan = asked.unwrap_or(PullPlan { full: first, fold: first, all_messages: false });
    state.sync.pulling = Some(state.now);
    state.sync.again = false;
    state.sync.progress = None;
    effects.push(Effect::Pull(plan));
}

/// A pull without a screen.
pub fn asked(state: &mut State, plan: PullPlan) -> Vec<Effect> {
    state.sync.asked = Some(plan);
    state.sync.ended = false;
    at_once(state);
    state.goal = state.outbox.ops.iter().map(crate::model::Op::id).collect();
    if state.sender { Vec::new() } else { nudge(state) }
}

/// The process that sends learns from the files that somebody wants it now.
fn nudge(state: &mut State) -> Vec<Effect> {
    let now = state.wall();
    let queued = state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Queued);
    queued
        .map(|op| {
            op.changed = now;
            Effect::Advance { op: Box::new(op.clone()), from: vec![OpState::Queued] }
        })
        .collect()
}

/// Whoever asks without a screen wants it now: waits after earlier failures are over.
pub fn at_once(state: &mut State) {
    state.sync.hold_pushes = None;
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Queued) {
        op.not_before = None;
    }
}

/// `R`: folds the news in; when there is none, pulls now.
pub fn refresh(state: &mut State) -> Vec<Effect> {
    if state.list.window.news > 0 {
        state.stale_list = true;
        return vec![Effect::Fold];
    }
    state.sync.next_pull = Some(state.now);
    state.sync.hold_pushes = None;
    state.sync.again = state.sync.pulling.is_some();
    say(state, Level::Done, "syncing".to_owned())
}

/// The server says something happened.
pub fn pinged(state: &mut State) -> Vec<Effect> {
    state.sync.again = state.sync.pulling.is_some();
    if !state.sync.again {
        state.sync.next_pull = Some(state.now);
    }
    Vec::new()
}

pub fn advanced(state: &mut State, done: u64, total: Option<u64>) -> Vec<Effect> {
    state.sync.progress = Some((done, total));
    state.stale_list = true;
    Vec::new()
}

/// A pull ended.
pub fn pulled(state: &mut State, result: Result<PullReport, Failure>) -> Vec<Effect> {
    state.sync.pulling = None;
    state.sync.progress = None;
    state.sync.ended = true;
    match result {
        Ok(report) => arrived(state, report),
        Err(failure) => away(state, &failure),
    }
}

fn arrived(state: &mut State, report: PullReport) -> Vec<Effect> {
    reached(state);
    state.sync.incomplete.clone_from(&report.incomplete);
    state.sync.last_ok = Some(state.now);
    let first = !state.sync.complete;
    let told = if first { Vec::new() } else { notify::spoke(state, &report.spoke) };
    state.sync.complete = true;
    state.stale_list |= first || !report.changed.is_empty();
    let shown = state.reader.as_ref().is_some_and(|reader| reader.conversation.cases.iter().any(|case| report.changed.contains(&case.id)));
    state.stale_reader |= shown;
    state.sync.next_pull = state.settings.interactive.then(|| state.now + if state.sync.again { Duration::zero() } else { pause(state) });
    let mut effects = match report.incomplete {
        Some(why) if first => say(state, Level::Warning, format!("the server can't list everything: {why}")),
        _ => told,
    };
    // A snooze may be among it that ends before the others.
    if state.settings.interactive && (first || !report.changed.is_empty()) {
        effects.push(Effect::Load(Ask::Snoozes));
    }
    if first || !report.changed.is_empty() {
        effects.extend(workload::again(state));
    }
    effects
}

/// Between two pulls that go well.
fn pause(state: &State) -> Duration {
    let active = state.sync.last_key.is_some_and(|at| state.now - at < state.settings.idle_after);
    let pause = if active { state.settings.poll_active } else { state.settings.poll_idle };
    if state.sync.events { pause * WITH_EVENTS } else { pause }
}

/// The server answered: it is there, and waits are over.
pub fn reached(state: &mut State) {
    state.sync.link = Link::Live;
    state.sync.failures = 0;
    state.sync.cause = None;
    state.sync.hold_pushes = None;
}

fn away(state: &mut State, failure: &Failure) -> Vec<Effect> {
    if failure.kind == FailureKind::Unauthorized {
        unauthorized(state, &failure.text);
    } else {
        state.sync.link = Link::Offline;
        state.sync.cause = Some(failure.text.clone());
    }
    let wait = backoff(state);
    state.sync.next_pull = state.settings.interactive.then(|| state.now + wait);
    Vec::new()
}

/// The key is not taken: nothing is sent until another one is; one notice, not one for each message.
pub fn unauthorized(state: &mut State, cause: &str) {
    if state.sync.link != Link::Unauthorized {
        let _notice = say(state, Level::Error, format!("the server does not take the key: {cause}; replies wait in the outbox (caseload doctor)"));
    }
    state.sync.link = Link::Unauthorized;
    state.sync.cause = Some(cause.to_owned());
}

/// A send could not be made; how long everything waits now.
pub fn failed_push(state: &mut State, cause: &str, retry_after: Option<u64>) -> Duration {
    if retry_after.is_none() {
        state.sync.link = Link::Offline;
    }
    state.sync.cause = Some(cause.to_owned());
    let asked = retry_after.map(|seconds| state.settings.scaled(Duration::seconds(i64::try_from(seconds.min(900)).unwrap_or(900))));
    let wait = asked.unwrap_or_else(|| backoff(state));
    state.sync.hold_pushes = Some(state.now + wait);
    wait
}

/// Doubles with every failure up to a cap; a part of it is spread by the session's randomness, so that clients that
/// lost one server do not come back in step.
fn backoff(state: &mut State) -> Duration {
    state.sync.failures = state.sync.failures.saturating_add(1);
    let full = state.settings.backoff * 2_i32.pow((state.sync.failures - 1).min(12));
    let full = full.min(state.settings.backoff_max);
    let spread = state.session.rotate_left(state.sync.failures * 7) % 256;
    full * 3 / 4 + full * i32::try_from(spread).unwrap_or(0) / 1024
}
