//! Replies that wait for a time of the agent's own: `send later`, and `send unless they write first`. They are queued like any
//! other, durably, and whichever process sends at that time sends them; but they hold nothing of their case back, only a close.
//!
//! The time is one on the wall, because the agent named it so. A clock that is set moves it with it: set back, the reply waits
//! longer; set forward past the time, it goes. What is found overdue by more than a day is neither sent nor given up: it waits for
//! the agent, who is told. So a program that was not run for a week, and a clock that jumps ten years ahead, send nothing;
//! they ask. After its first attempt a reply is one like others, and no clock on the wall means anything to it.

use super::lines::time::{forms, stamp};
use super::prompt::{self, Prompt, PromptKind};
use super::update::say;
use super::{Action, Effect, Level, State, compose, outbox, proof, sync, undo};
use crate::model::{CaseId, Change, Due, MessageId, Op, OpState, Review, ThreadId, Timestamp, when};
use chrono::Duration;

/// What is offered.
pub const OFFERED: [&str; 4] = ["2h", "tomorrow 9", "mon 9", "1 week"];
/// So much overdue it is asked about.
const ASKED: Duration = Duration::days(1);

/// Ctrl-x l, Ctrl-x w: asks when, unless something stands in the way of sending at all.
pub fn ask(state: &mut State, unless: bool) -> Vec<Effect> {
    if let Some(why) = compose::unplannable(state) {
        return say(state, Level::Warning, why);
    }
    compose::stopped(state).unwrap_or_else(|| prompt::open(state, PromptKind::Later { unless }))
}

/// The time was named.
pub fn named(state: &mut State, prompt: Prompt, picked: Option<String>, unless: bool) -> Vec<Effect> {
    let words = picked.unwrap_or_else(|| prompt.text.as_str().to_owned());
    match when::parse(&words, state.wall(), &state.settings.zone) {
        Ok(at) => compose::send_at(state, Due { at, unless }),
        Err(error) => prompt::again(state, prompt, error),
    }
}

/// What the words mean, the longest way of saying it first; nothing where they mean none.
pub fn meaning(state: &State, words: &str) -> Vec<String> {
    let (wall, zone) = (state.wall(), &state.settings.zone);
    when::parse(words, wall, zone).map_or_else(|_| Vec::new(), |at| forms(at, wall, zone))
}

/// Composes the changes of one key, of which what is said waits for its time.
pub fn act(state: &mut State, case: CaseId, thread: ThreadId, changes: Vec<Change>, answers: Option<MessageId>, due: Due) -> Vec<Effect> {
    let words = undo::words_of(&changes, case);
    let mut ops = outbox::compose(state, case, thread, changes, answers);
    plan(state, &mut ops, due);
    outbox::remember(state, format!("scheduled: {words}"), &ops);
    let when = self::words(due, state.wall(), state.settings.utc_offset);
    let _notice = say(state, Level::Done, format!("#{case}: goes out {when}, if caseload runs then · {} takes it back", state.key(Action::Undo)));
    vec![Effect::Queue(ops)]
}

/// The same without a screen.
pub fn commanded(state: &mut State, case: CaseId, thread: ThreadId, change: Change, due: Due) -> Vec<Effect> {
    let mut ops = outbox::compose(state, case, thread, vec![change], None);
    plan(state, &mut ops, due);
    if !state.settings.interactive {
        sync::at_once(state);
    }
    state.goal.extend(ops.iter().map(Op::id));
    vec![Effect::Queue(ops)]
}

fn plan(state: &mut State, ops: &mut [Op], due: Due) {
    for op in ops.iter_mut().filter(|op| matches!(op.mutation.change, Change::Reply { .. })) {
        (op.state, op.not_before, op.due) = (OpState::Queued, None, Some(due));
        outbox::replace(state, op);
    }
}

/// What is overdue by more than a day is the agent's to decide.
pub fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    let wall = state.wall();
    let over = |op: &&Op| is_planned(op) && op.seq != 0 && op.due.is_some_and(|due| wall - due.at > ASKED);
    let over: Vec<Op> = state.outbox.ops.iter().filter(over).filter(|op| !state.watch.looking.contains(&op.id())).cloned().collect();
    for op in over {
        let Some(due) = op.due else { continue };
        let cause = format!("it was to go out {}, more than a day ago, and nothing could send it then", stamp(due.at, wall, state.settings.utc_offset));
        effects.extend(proof::hand_over(state, op, Review::Overdue { until: due.at }, cause));
    }
}

/// Does it go by a time of the agent's, and has it never been tried?
pub fn is_planned(op: &Op) -> bool {
    op.due.is_some() && op.state == OpState::Queued && op.tries == 0
}

/// When the next one is due, on the clock that counts.
pub fn wake(state: &State) -> Option<Timestamp> {
    let wall = state.wall();
    state.outbox.ops.iter().filter_map(|op| op.scheduled(wall)).map(|due| due.at - state.ahead).min()
}

/// `Mon 09:00, unless they write first`
pub fn words(due: Due, wall: Timestamp, utc_offset: i32) -> String {
    format!("{}{}", stamp(due.at, wall, utc_offset), if due.unless { ", unless they write first" } else { "" })
}

/// `scheduled Mon 09:00`, else the word of its state.
pub fn state_words(op: &Op, wall: Timestamp, utc_offset: i32) -> String {
    match op.scheduled(wall) {
        Some(due) => format!("scheduled {}", words(due, wall, utc_offset)),
        None => op.state.words().to_owned(),
    }
}
