//! The receipt of the day, for a view that was worked empty: what was done and sent today, from the outbox, so that a
//! restart forgets none of it; and how long and how many keys a case took, counted since this session began.

use super::lines::time::{span, stamp_in};
use super::review::wait::needs_you;
use super::step::Work;
use super::{Action, Ask, Effect, Focus, State};
use crate::model::{CaseId, Change, Op, OpId, OpState, Saved, Timestamp, View};
use chrono::{Duration, NaiveTime};
use std::collections::BTreeSet;
use tui_textarea::{Input, Key};

/// So many operations of a day are looked at, and so many times kept.
pub const MOST: usize = 2_000;
const TIMES: usize = 1_000;

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Receipt {
    /// When the session began, and when a case was finished last, on the clock that nobody sets.
    began: Option<Timestamp>,
    last: Option<Timestamp>,
    presses: u32,
    /// The presses that were made when a case was finished last.
    counted: u32,
    finished: BTreeSet<CaseId>,
    /// Milliseconds from one finished case to the next.
    times: Vec<i64>,
    today: Option<Today>,
    /// The outbox has something else than what was counted.
    pub stale: bool,
    asked: bool,
}

/// What the outbox has of a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Today {
    pub since: Timestamp,
    /// Cases that were closed and stay so.
    pub closed: usize,
    /// Replies that the server has.
    pub sent: usize,
    /// There were more operations than were looked at.
    pub more: bool,
}

/// The session begins.
pub fn began(state: &mut State) {
    let receipt = &mut state.log.receipt;
    (receipt.began, receipt.last, receipt.stale) = (Some(state.now), Some(state.now), true);
}

/// A key. What is written is no work of the keyboard: of the compose box only what commands it counts.
pub fn pressed(state: &mut State, input: &Input) {
    let text = state.focus == Focus::Compose && !input.ctrl && input.key != Key::Esc;
    state.log.receipt.presses = state.log.receipt.presses.saturating_add(u32::from(!text));
}

/// The agent is through with these: closed, answered, put off, or given to somebody.
pub fn finished(state: &mut State, works: &[Work], goes_on: bool) {
    let through = |change: &Change| matches!(change, Change::Close { .. } | Change::Reply { .. } | Change::Snooze { .. } | Change::Assign { .. });
    let cases: Vec<CaseId> = works.iter().filter(|work| work.changes.iter().any(through)).map(|work| work.case).collect();
    let receipt = &mut state.log.receipt;
    let new = cases.into_iter().filter(|case| receipt.finished.insert(*case)).count();
    let Some(each) = receipt.last.and_then(|last| (state.now - last).num_milliseconds().checked_div(i64::try_from(new).ok()?)) else { return };
    (receipt.last, receipt.counted) = (Some(state.now), receipt.presses);
    // The later pieces of one step take no time of the agent's.
    if !goes_on {
        receipt.times.extend(std::iter::repeat_n(each, new));
        let over = receipt.times.len().saturating_sub(TIMES);
        receipt.times.drain(..over);
    }
}

/// What the operations that moved today say of it.
pub fn today(ops: &[Op], since: Timestamp) -> Today {
    let lives = |op: &&Op| !matches!(op.state, OpState::Cancelled | OpState::Failed | OpState::NeedsReview);
    let back: BTreeSet<OpId> = ops.iter().filter(lives).filter_map(|op| op.step.as_ref()?.undoes).collect();
    let stand = || ops.iter().filter(lives).filter(|op| !back.contains(&op.id()));
    let done = stand().filter(|op| matches!(op.mutation.change, Change::Close { .. }) && op.mutation.at >= since);
    let closed: BTreeSet<CaseId> = done.map(Op::case).collect();
    let reply = |op: &&Op| matches!(op.mutation.change, Change::Reply { .. }) && op.state == OpState::Sent && op.changed >= since;
    Today { since, closed: closed.len(), sent: stand().filter(reply).count(), more: ops.len() >= MOST }
}

pub fn loaded(state: &mut State, since: Timestamp, ops: &[Op]) {
    state.log.receipt.asked = false;
    state.log.receipt.today = Some(today(ops, since));
}

/// When the agent's day began.
fn midnight(state: &State) -> Timestamp {
    let zone = &state.settings.zone;
    zone.moment(zone.local(state.wall()).date().and_time(NaiveTime::MIN)).unwrap_or(state.now)
}

/// Is there a view that was worked empty? What a filter leaves empty is not.
pub fn shown(state: &State) -> bool {
    let list = &state.list;
    let work = list.saved.as_ref().map_or(matches!(list.view, View::Queue | View::Mine), |saved| *saved != Saved::drafts());
    work && list.window.rows.is_empty() && list.filter.is_empty() && !list.asked && state.sync.complete && state.log.receipt.began.is_some()
}

/// What the next frame needs.
pub fn missing(state: &mut State) -> Vec<Effect> {
    if !shown(state) || state.log.receipt.asked {
        return Vec::new();
    }
    let since = midnight(state);
    let known = state.log.receipt.today.is_some_and(|today| today.since == since);
    if known && !state.log.receipt.stale {
        return Vec::new();
    }
    (state.log.receipt.asked, state.log.receipt.stale) = (true, false);
    // A snooze that was taken back is not the next to end.
    vec![Effect::Load(Ask::Day(since)), Effect::Load(Ask::Snoozes)]
}

/// A name and its figures, most important first.
pub fn lines(state: &State) -> Vec<(String, String)> {
    let key = state.settings.keys.shown(Focus::List, Action::Outbox);
    let needs = state.outbox.ops.iter().filter(|op| needs_you(op)).count();
    let waits = state.outbox.unsent().saturating_sub(needs);
    let mut lines: Vec<(&str, String)> = Vec::new();
    if needs > 0 {
        lines.push(("needs you", format!("{needs} · {key}")));
    }
    if let Some(today) = state.log.receipt.today {
        let least = if today.more { "at least " } else { "" };
        lines.push(("done", format!("{least}{} closed today", today.closed)));
        lines.push(("sent", format!("{least}{} {} today", today.sent, if today.sent == 1 { "reply" } else { "replies" })));
    }
    if waits > 0 {
        lines.push(("held", format!("{waits} · {key}")));
    }
    let snoozed = state.list.window.counts.of(View::Snoozed);
    let next = state.next_snooze.filter(|_| snoozed > 0).map(|at| format!(" · next {}", stamp_in(at, state.wall(), &state.settings.zone)));
    lines.push(("snoozed", format!("{snoozed}{}", next.unwrap_or_default())));
    let session = pace(state).map(|[time, keys]| [(format!("since {}", began_at(state)), time), (String::new(), keys)]);
    lines.into_iter().map(|(name, figures)| (name.to_owned(), figures)).chain(session.into_iter().flatten()).collect()
}

fn began_at(state: &State) -> String {
    state.log.receipt.began.map_or_else(String::new, |began| stamp_in(began + state.ahead, state.wall(), &state.settings.zone))
}

/// `median 24s a case`, `2.1 keys a case`: what a break does not spoil, and the mean of the presses.
fn pace(state: &State) -> Option<[String; 2]> {
    let receipt = &state.log.receipt;
    let mut times = receipt.times.clone();
    times.sort_unstable();
    let median = times.get(times.len().checked_sub(1)? / 2)?;
    let tenths = u64::from(receipt.counted) * 10 / u64::try_from(receipt.finished.len()).ok()?.max(1);
    let median = format!("median {} a case", span(Duration::milliseconds(*median)));
    Some([median, format!("{}.{} keys a case", tenths / 10, tenths % 10)])
}
