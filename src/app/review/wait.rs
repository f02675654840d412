//! What an operation waits for, in one sentence: for the pane, and for the command line. Pure: the moment is handed in,
//! and nothing in here decides anything.

use crate::app::bindings::Bindings;
use crate::app::lines::time::span;
use crate::app::{Action, Focus, Link, State, lane, later};
use crate::model::{Op, OpId, OpState, Review, Timestamp, Untrusted};
use chrono::Duration;
use std::collections::BTreeSet;

/// Who sends for the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    Here,
    Elsewhere,
    Nobody,
}

/// What the sentence depends on besides the operation.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// All that are not final, in their order.
    pub ops: &'a [Op],
    pub now: Timestamp,
    /// What the clock on the wall shows, and the agent's zone.
    pub wall: Timestamp,
    pub utc_offset: i32,
    pub link: Link,
    /// Nothing is sent before this.
    pub hold: Option<Timestamp>,
    pub sender: Sender,
    pub looking: Option<&'a BTreeSet<OpId>>,
    /// What undo would take back, and the keys; `None` where there are none.
    pub undo: Option<(&'a [OpId], &'a Bindings)>,
}

impl<'a> Moment<'a> {
    pub fn of(state: &'a State) -> Self {
        Self {
            ops: &state.outbox.ops,
            now: state.now,
            wall: state.wall(),
            utc_offset: state.settings.utc_offset,
            link: state.sync.link,
            hold: state.sync.hold_pushes,
            sender: if state.sender { Sender::Here } else { Sender::Elsewhere },
            looking: Some(&state.watch.looking),
            undo: Some((state.undo.last().map_or(&[], |undone| &undone.ops), &state.settings.keys)),
        }
    }

    /// `goes out in 7s, z takes it back`; empty when there is nothing to wait for.
    pub fn waits_for(&self, op: &Op) -> String {
        match op.state {
            OpState::Held => self.held(op),
            OpState::Queued => self.queued(op),
            OpState::Sending if self.sender == Sender::Here => "the request is on its way".to_owned(),
            OpState::Sending => "another caseload is sending it".to_owned(),
            OpState::Unknown => self.unknown(op),
            OpState::NeedsReview => reason(op),
            OpState::Failed => op.cause.as_deref().map_or_else(|| "the server did not take it".to_owned(), harmless),
            OpState::Sent => proven(op),
            OpState::Cancelled if op.discarded => "not sent, thrown away".to_owned(),
            OpState::Cancelled => "not sent".to_owned(),
        }
    }

    fn held(&self, op: &Op) -> String {
        let back = match self.undo {
            Some((newest, keys)) if newest.contains(&op.id()) => format!(", {} takes it back", keys.shown(Focus::List, Action::Undo)),
            Some((_, keys)) => format!(", {} takes it back", keys.shown(Focus::Outbox, Action::ToDraft)),
            None => String::new(),
        };
        match (self.sender, op.not_before.and_then(|at| left(self.now, at))) {
            (Sender::Nobody, _) => "goes out when caseload runs again".to_owned(),
            (_, Some(left)) => format!("goes out in {left}{back}"),
            (_, None) => format!("goes out now{back}"),
        }
    }

    fn queued(&self, op: &Op) -> String {
        if let Some(due) = op.scheduled(self.wall) {
            let when = later::words(due, self.wall, self.utc_offset);
            return match self.sender {
                Sender::Here => format!("goes out {when}"),
                Sender::Elsewhere => format!("another caseload sends it {when}"),
                Sender::Nobody => format!("goes out {when}, if caseload runs then, else when it runs again"),
            };
        }
        if let Some(before) = self.before(op) {
            let how = before.scheduled(self.wall).map(|due| format!("is scheduled {}", later::words(due, self.wall, self.utc_offset)));
            return format!("behind the {} that {}", what(before), how.unwrap_or_else(|| how_it_stands(before.state).to_owned()));
        }
        let later = [self.hold, op.not_before].into_iter().flatten().max().and_then(|at| left(self.now, at));
        match (self.sender, self.link, later) {
            (_, Link::Unauthorized, _) => "the key is not taken: it needs another one".to_owned(),
            (Sender::Elsewhere, ..) => "another caseload sends it".to_owned(),
            (Sender::Nobody, ..) => "no caseload is running: `caseload sync` sends it".to_owned(),
            _ if self.looks(op) => "looking at the server before it goes out".to_owned(),
            (_, Link::Offline, Some(left)) => format!("the server is away, next try in {left}"),
            (_, Link::Offline, None) => "the server is away".to_owned(),
            (_, _, Some(left)) => format!("next try in {left}"),
            (_, Link::Connecting, _) => "waits for the server".to_owned(),
            (_, Link::Live, None) => "goes out next".to_owned(),
        }
    }

    fn unknown(&self, op: &Op) -> String {
        let then = if op.wanted { "; it goes again if it is not there" } else { "" };
        let seen = readings(op).map_or_else(String::new, |readings| format!(": {readings}"));
        let next = op.not_before.and_then(|at| left(self.now, at));
        let words = match (self.sender, self.link, next) {
            (_, Link::Unauthorized, _) => "can't be looked up: the key is not taken".to_owned(),
            (Sender::Elsewhere, ..) => format!("another caseload looks at the server{seen}"),
            (Sender::Nobody, ..) => format!("`caseload sync` looks at the server{seen}"),
            (_, Link::Offline, Some(left)) => format!("the server is away, next look in {left}{seen}"),
            (_, _, Some(left)) => format!("looking at the server{seen}, next look in {left}"),
            (_, _, None) => format!("looking at the server now{seen}"),
        };
        words + then
    }

    fn looks(&self, op: &Op) -> bool {
        self.looking.is_some_and(|looking| looking.contains(&op.id()))
    }

    /// What holds it back; what needs the agent before what moves by itself.
    fn before(&self, op: &Op) -> Option<&'a Op> {
        let (id, case) = (op.id(), op.case());
        let earlier = self.ops.iter().take_while(|other| other.id() != id).filter(|other| other.case() == case && lane::holds_back(other, op, self.wall));
        earlier.max_by_key(|other| needs_you(other))
    }
}

/// Does it stand still until the agent comes?
pub fn needs_you(op: &Op) -> bool {
    matches!(op.state, OpState::NeedsReview | OpState::Failed)
}

fn harmless(cause: &str) -> String {
    Untrusted::from(cause).one_line()
}

/// `reply to #4410`
pub fn what(op: &Op) -> String {
    use crate::model::Change;
    let words = match &op.mutation.change {
        Change::Reply { .. } => "reply to",
        Change::Note { .. } => "note on",
        Change::Close { .. } => "close of",
        Change::Reopen => "reopening of",
        Change::Claim => "claim of",
        Change::Assign { .. } => "assignment of",
        Change::Snooze { .. } => "snooze of",
        Change::Unsnooze => "waking of",
        Change::Edit { .. } => "edit in",
        Change::Delete { .. } => "deletion in",
        Change::Tag { .. } => "tags of",
        Change::Fields { .. } => "fields of",
    };
    format!("{words} #{}", op.case())
}

fn how_it_stands(state: OpState) -> &'static str {
    match state {
        OpState::NeedsReview => "needs you",
        OpState::Failed => "failed",
        OpState::Held => "is held",
        OpState::Sending => "is being sent",
        OpState::Unknown => "nobody answered for",
        _ => "is queued",
    }
}

/// Why the agent has to decide.
pub fn reason(op: &Op) -> String {
    if let Some(cause) = &op.cause {
        return harmless(cause);
    }
    let words = match &op.review {
        Some(Review::Absent) => "complete readings did not show it; it may still arrive",
        Some(Review::Unreadable) => "the server could not show whether it is there",
        Some(Review::Several { .. }) => "several messages at the server could be it",
        Some(Review::Stale { .. }) => "the customer wrote since you composed it",
        Some(Review::Answered { .. }) => "a colleague answered since you composed it",
        Some(Review::NotActive { .. }) => "the case takes no messages any more",
        Some(Review::Conflict { .. }) => "somebody else changed the same since",
        Some(Review::Overdue { .. }) => "its time is over",
        Some(Review::Gone) => "the case is not there, or this key may not see it",
        Some(Review::Refused) => "the server said no",
        Some(Review::Restored) => "it comes from a backup and may have been sent since",
        None => "it waits for your decision",
    };
    words.to_owned()
}

/// What makes it sent, where that is not the plain answer of the server.
fn proven(op: &Op) -> String {
    match op.proof.as_deref() {
        Some("heuristic") => "sent ~ (the same words by you are there; the server keeps no marker)".to_owned(),
        Some("human") => "taken as sent by you".to_owned(),
        _ => String::new(),
    }
}

/// `2 readings did not show it`
pub fn readings(op: &Op) -> Option<String> {
    let count = |n: u32| if n == 1 { "1 reading".to_owned() } else { format!("{n} readings") };
    match (op.absent, op.blind) {
        (0, 0) => None,
        (absent, 0) => Some(format!("{} did not show it", count(absent))),
        (0, blind) => Some(format!("{} could show nothing", count(blind))),
        (absent, blind) => Some(format!("{} did not show it, {blind} could show nothing", count(absent))),
    }
}

/// How long until then, in steps: each one wakes the loop, so they are rare while it is long.
pub fn left(now: Timestamp, at: Timestamp) -> Option<String> {
    shown(now, at).map(|seconds| span(Duration::seconds(seconds)))
}

/// When [`left`] says something else.
pub fn next_step(now: Timestamp, at: Timestamp) -> Option<Timestamp> {
    let shown = shown(now, at)?;
    let less = match shown {
        ..=10 => shown - 1,
        11..=60 => shown - 5,
        _ => shown - 60,
    };
    Some(at - Duration::seconds(less))
}

/// Seconds, rounded up: to one, to five, to a minute.
fn shown(now: Timestamp, at: Timestamp) -> Option<i64> {
    let seconds = (at - now).num_milliseconds().checked_add(999)? / 1000;
    let up = |to: i64| (seconds + to - 1) / to * to;
    match seconds {
        ..=0 => None,
        1..=10 => Some(seconds),
        11..=60 => Some(up(5)),
        _ => Some(up(60)),
    }
}

#[cfg(test)]
mod tests;
