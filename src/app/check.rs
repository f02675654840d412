//! The last look before an attempt: is it there already, is it still wanted, does the case still take it? What the agent
//! could not know when composing it is shown first. What was composed a moment ago needs no such question, what is older does.

use super::update::say;
use super::{Effect, Failure, FailureKind, Level, Link, Seen, State, lane, outbox, proof, sync};
use crate::model::{Change, Op, OpState, Review, Status};
use chrono::Duration;

/// A gateway may say that nothing is there: the same answer so often is believed.
const BELIEVED: u32 = 3;
/// A reply younger than this is sent although the customer wrote meanwhile: they write on while they are answered.
const FRESH: Duration = Duration::minutes(15);

/// The reading before an attempt came.
pub fn checked(state: &mut State, mut op: Op, seen: Seen) -> Vec<Effect> {
    if matches!(state.sync.link, Link::Connecting | Link::Offline) {
        // Only an accepted write, or a pull, says more: a key may be good for reading alone, and a server may ask to wait.
        state.sync.link = Link::Live;
    }
    if let Some((review, cause)) = objection(state, &op, &seen) {
        return proof::hand_over(state, op, review, cause);
    }
    if let Some(theirs) = seen.theirs.filter(|_| !op.allowed) {
        return proof::conflict(state, op, theirs);
    }
    if !lane::may_go(state, &op) {
        return Vec::new();
    }
    (op.before, op.blind) = (Some(seen.before), 0);
    lane::push(state, op)
}

/// Why the agent should look at it first. Of what was planned for a time the agent has said whether it goes whatever comes.
fn objection(state: &State, op: &Op, seen: &Seen) -> Option<(Review, String)> {
    if let Some(status) = seen.status.as_ref().filter(|status| op.mutation.change.adds_message() && **status != Status::Active) {
        let by = seen.closed_by.clone();
        let who = by.as_ref().map_or_else(String::new, |by| format!(" by {}", by.brief(40)));
        let review = Review::NotActive { status: status.as_str().to_owned(), by };
        return Some((review, format!("the case is {}{who}: it takes no messages", status.as_str())));
    }
    if op.allowed {
        return None;
    }
    if let Some(last) = seen.answered.last() {
        let review = Review::Answered { newer: seen.answered.clone() };
        return Some((review, format!("{} answered since you composed it", last.by.brief(40))));
    }
    let speaks = matches!(op.mutation.change, Change::Reply { .. } | Change::Close { .. });
    let stops = op.due.map_or_else(|| is_old(state, op), |due| due.unless);
    if speaks && !seen.newer.is_empty() && stops {
        let count = seen.newer.len() + usize::try_from(seen.more).unwrap_or(0);
        let wrote = if count == 1 { "once".to_owned() } else { format!("{count} times") };
        let review = Review::Stale { newer: seen.newer.clone(), more: seen.more };
        let was = if op.due.is_some() { ": it was to go out only if they did not" } else { "" };
        return Some((review, format!("the customer wrote {wrote} since you composed it{was}")));
    }
    match op.mutation.change {
        Change::Snooze { until, .. } if until <= state.wall() => Some((Review::Overdue { until }, "its time is over".to_owned())),
        _ => None,
    }
}

/// Composed long ago, or before this process knew of it: how long ago no clock can be trusted to say.
fn is_old(state: &State, op: &Op) -> bool {
    state.composed.get(&op.id()).is_none_or(|at| state.now - *at > state.settings.scaled(FRESH))
}

/// The server could not be read: nothing was sent.
pub fn unchecked(state: &mut State, mut op: Op, failure: &Failure) -> Vec<Effect> {
    let from = vec![op.state];
    op.changed = state.wall();
    op.cause = Some(failure.text.clone());
    match failure.kind {
        FailureKind::Unauthorized => sync::unauthorized(state, &failure.text),
        FailureKind::NotFound | FailureKind::Forbidden if op.blind + 1 < BELIEVED => {
            op.blind += 1;
            op.not_before = Some(state.now + state.settings.scaled(Duration::seconds(2)));
        }
        FailureKind::NotFound | FailureKind::Forbidden if op.mutation.change.adds_message() => {
            return proof::hand_over(state, op, Review::Gone, failure.text.clone());
        }
        FailureKind::NotFound | FailureKind::Forbidden => {
            let _notice = say(state, Level::Error, format!("{} #{} was refused: {}", op.mutation.change.kind(), op.case(), failure.text));
            (op.state, op.not_before) = (OpState::Failed, None);
        }
        FailureKind::Offline | FailureKind::Other => {
            let wait = sync::failed_push(state, &failure.text, None);
            op.not_before = Some(state.now + wait);
        }
    }
    outbox::replace(state, &op);
    vec![Effect::Advance { op: Box::new(op), from }]
}
