//! One key's work: operations on one case or on many, composed as one step of undo, durable before the next frame shows
//! them. What is sent of a step with many cases is held so that the windows end one after the other.

use super::compose::letter;
use super::undo::{self, Done, Undone};
use super::update::say;
use super::{Action, Effect, Level, State, outbox, pending, receipt, sync, words};
use crate::model::step::Step;
use crate::model::{Actor, CaseId, Change, Channel, MessageId, Mutation, Op, OpId, OpState, ThreadId, Timestamp};
use chrono::Duration;

/// How many changes `z` can name the opposite of: a thousand cases, each claimed, answered and closed.
const REMEMBERED: usize = 4_000;
/// Between the ends of two undo windows of one step.
const STAGGER: Duration = Duration::milliseconds(100);

/// Changes of one case, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Work {
    pub case: CaseId,
    pub thread: ThreadId,
    pub channel: Option<Channel>,
    pub changes: Vec<Change>,
    pub answers: Option<MessageId>,
    /// Until when it slept, as the screen showed it.
    pub slept: Option<Timestamp>,
    /// For each change the operation that it takes back, or does again.
    pub of: Vec<OpId>,
}

/// Which step, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purpose {
    /// It goes on with a step that was begun, of which so many cases are composed.
    pub goes_on: Option<(OpId, usize)>,
    pub why: Why,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Why {
    #[default]
    Does,
    Undoes,
    Redoes,
}

/// Composes operations on a case, as one step of undo.
pub fn act(state: &mut State, case: CaseId, changes: Vec<Change>, answers: Option<MessageId>) -> Vec<Effect> {
    let thread = thread_of(state, case);
    act_in(state, case, thread, changes, answers)
}

/// The same on a case that may be on no screen.
pub fn act_in(state: &mut State, case: CaseId, thread: ThreadId, changes: Vec<Change>, answers: Option<MessageId>) -> Vec<Effect> {
    let text = undo::words_of(&changes, case);
    let mut more = words::more(state, &changes);
    if changes.len() > 1 && changes.contains(&Change::Claim) {
        more += " · it is yours now";
    }
    if matches!(changes[..], [Change::Close { .. }]) && drafted(state, case) {
        more += " · your draft is kept";
    }
    let ops = compose(state, case, thread, changes, answers);
    let back = back(state, &ops);
    remember(state, text.clone(), &ops);
    let _notice = say(state, Level::Done, format!("{text}{more}{back}"));
    vec![Effect::Queue(ops)]
}

/// What takes it back, while that is to be had for a key.
pub(super) fn back(state: &State, ops: &[Op]) -> String {
    let held = ops.iter().any(|op| op.state == OpState::Held);
    if held { format!(" · {} takes it back", state.key(Action::Undo)) } else { String::new() }
}

/// Does a text of the agent's own stand there?
fn drafted(state: &State, case: CaseId) -> bool {
    state.list.window.rows.iter().any(|row| row.id == case && row.draft)
}

/// The same in the place of an operation that has not left: the old one goes in the same breath, so that no crash leaves both.
pub fn act_instead(state: &mut State, mut old: Op, changes: Vec<Change>) -> Vec<Effect> {
    let (from, case, thread) = (vec![old.state], old.case(), old.mutation.thread);
    (old.state, old.not_before, old.changed, old.discarded) = (OpState::Cancelled, None, state.wall(), true);
    outbox::replace(state, &old);
    let mut effects = act_in(state, case, thread, changes, None);
    if let Some(Effect::Queue(into)) = effects.pop() {
        effects.push(Effect::Swap { op: Box::new(old), from, into });
    }
    effects
}

/// A step that `z` can take back.
pub fn remember(state: &mut State, words: String, ops: &[Op]) {
    let Some(first) = ops.first() else { return };
    let step = first.step.as_ref().map_or(first.id(), |step| step.id);
    let undone = Undone { step, words, case: first.case(), view: state.list.view, ops: ops.iter().map(Op::id).collect(), ..Undone::default() };
    undo::remember(state, undone);
}

/// Without a screen: nothing is held.
pub fn commanded(state: &mut State, case: CaseId, thread: ThreadId, change: Change) -> Vec<Effect> {
    let ops = compose(state, case, thread, vec![change], None);
    if !state.settings.interactive {
        sync::at_once(state);
    }
    state.goal.extend(ops.iter().map(Op::id));
    vec![Effect::Queue(ops)]
}

/// The operations of one case.
pub fn compose(state: &mut State, case: CaseId, thread: ThreadId, changes: Vec<Change>, answers: Option<MessageId>) -> Vec<Op> {
    let work = Work { case, thread, channel: channel_of(state, case), changes, answers, slept: slept(state, case), of: Vec::new() };
    compose_all(state, vec![work], Purpose::default())
}

/// The operations of many cases, as one step.
pub fn compose_all(state: &mut State, works: Vec<Work>, purpose: Purpose) -> Vec<Op> {
    let by = state.me.clone().unwrap_or_else(|| Actor { name: "you".into(), ..Actor::default() });
    if purpose.why == Why::Does {
        receipt::finished(state, &works, purpose.goes_on.is_some());
    }
    let (mut step, before) = purpose.goes_on.map_or((None, 0), |(step, before)| (Some(step), before));
    let mut ops = Vec::new();
    for (at, work) in works.into_iter().enumerate() {
        let later = STAGGER * i32::try_from(before + at).unwrap_or(i32::MAX);
        for (change, of) in work.changes.iter().zip(work.of.iter().copied().map(Some).chain(std::iter::repeat(None))) {
            let id = state.name_op();
            let named = *step.get_or_insert(id);
            let (undoes, redoes) = if purpose.why == Why::Undoes { (of, None) } else { (None, of) };
            let change = &letter::addressed(state, work.case, change.clone());
            let back = undo::back(state, change, work.slept).map(Box::new);
            let step = Step { id: named, view: state.list.view, channel: work.channel.clone(), back, undoes, redoes, taken: false };
            let mutation = Mutation { op: id, case: work.case, thread: work.thread, at: state.wall(), by: by.clone(), change: change.clone() };
            let op = Op { answers: work.answers, step: Some(Box::new(step)), ..Op::new(mutation, held_until(state, change, later)) };
            wakes(state, change);
            state.done.insert(id, Done::of(&op));
            state.composed.insert(id, state.now);
            ops.push(op);
        }
    }
    while state.done.len() > REMEMBERED {
        state.done.pop_first();
    }
    state.outbox.ops.extend(ops.iter().cloned());
    outbox::touched(state);
    ops
}

/// A snooze that ends before the others is the next to end.
fn wakes(state: &mut State, change: &Change) {
    if let Change::Snooze { until, .. } = change {
        state.next_snooze = Some(state.next_snooze.map_or(*until, |next| next.min(*until)));
    }
}

/// A claim shall reach the others at once, an invitation given by a slip shall not; the rest waits for second thoughts.
fn held_until(state: &State, change: &Change, later: Duration) -> Option<Timestamp> {
    let is_held = !matches!(change, Change::Claim | Change::Unsnooze);
    let held = state.settings.interactive && is_held && state.settings.undo > Duration::zero();
    held.then(|| state.now + state.settings.undo + state.settings.scaled(later))
}

pub fn thread_of(state: &State, case: CaseId) -> ThreadId {
    let row = state.list.window.rows.iter().find(|row| row.id == case).map(|row| row.thread);
    let reader = || state.reader.as_ref().map(|reader| &reader.conversation).and_then(|chain| chain.case(case).map(|_| chain.thread));
    row.or_else(reader).filter(|thread| thread.0 != 0).unwrap_or(ThreadId(case.0))
}

fn channel_of(state: &State, case: CaseId) -> Option<Channel> {
    let row = state.list.window.rows.iter().find(|row| row.id == case).map(|row| row.channel.clone());
    row.or_else(|| state.reader.as_ref().and_then(|reader| reader.conversation.case(case)).map(|case| case.channel.clone()))
}

/// Until when a case sleeps, as the screen shows it.
pub fn slept(state: &State, case: CaseId) -> Option<Timestamp> {
    let confirmed = state.reader.as_ref().and_then(|reader| reader.conversation.case(case));
    let shown = confirmed.map(|case| pending::replay(case, &state.outbox.ops));
    let row = || state.list.window.rows.iter().find(|row| row.id == case).and_then(|row| row.snoozed_until);
    shown.map_or_else(row, |shown| shown.follow_up.as_ref().map(|snooze| snooze.until)).filter(|until| *until > state.wall())
}

impl State {
    /// A name for another operation.
    pub(super) fn name_op(&mut self) -> OpId {
        self.op_count = self.op_count.wrapping_add(1);
        OpId::new(self.wall(), self.session, self.op_count)
    }
}
