//! What `z` takes back: the last steps of the agent, each of one case or of many. What has not left yet is cancelled; what the
//! server has needs a compensating step, which is named first and done by a second `z` that follows at once. `Z` does it again.
//! What a start finds in the outbox is remembered as if it had been done a moment ago.

mod opposite;
pub mod restore;

pub use opposite::{back, opposite};

use super::step::{self, Purpose, Why, Work};
use super::update::say;
use super::{Action, Effect, Focus, Level, State, bulk, outbox, reader, words};
use crate::model::{CaseId, Change, Channel, MessageId, Op, OpId, OpState, ThreadId, View};
use std::collections::BTreeSet;

/// One key's work: its operations, and the words for the bar: `closed #4409`, `closed 12 cases`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Undone {
    /// The name of its first operation.
    pub step: OpId,
    pub words: String,
    /// Where the cursor goes back to, if the agent still is where it was.
    pub case: CaseId,
    pub view: View,
    pub ops: Vec<OpId>,
    /// The compensating step was named; a `z` that follows takes it.
    pub named: bool,
    /// What takes it back at the server: the operation, and the one it takes back.
    pub by: Vec<(OpId, OpId)>,
}

/// What an operation changed and what the server called its result, for as long as it may be undone.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    pub case: CaseId,
    pub thread: ThreadId,
    pub channel: Option<Channel>,
    pub change: Change,
    pub back: Option<Change>,
    pub answers: Option<MessageId>,
    pub server_id: Option<i64>,
}

impl Done {
    pub fn of(op: &Op) -> Self {
        let step = op.step.as_ref();
        Self {
            case: op.case(),
            thread: op.mutation.thread,
            channel: step.and_then(|step| step.channel.clone()),
            change: op.mutation.change.clone(),
            back: step.and_then(|step| step.back.as_deref().cloned()),
            answers: op.answers,
            server_id: op.server_id,
        }
    }
}

/// At most this many are remembered.
const DEPTH: usize = 100;

pub fn remember(state: &mut State, undone: Undone) {
    state.redo.clear();
    push(&mut state.undo, undone);
}

fn push(onto: &mut Vec<Undone>, undone: Undone) {
    onto.push(undone);
    if onto.len() > DEPTH {
        onto.remove(0);
    }
}

/// An operation came to its end: what is gone can't be undone, what was sent has a name at the server.
pub fn ended(state: &mut State, op: &Op) {
    if let Some(done) = state.done.get_mut(&op.id()) {
        done.server_id = op.server_id.or(done.server_id);
    }
    if op.state == OpState::Cancelled {
        gone(state, &BTreeSet::from([op.id()]));
    }
}

/// These never happened. A step whose taking back was dropped stands again.
pub fn gone(state: &mut State, ids: &BTreeSet<OpId>) {
    state.undo.iter_mut().for_each(|undone| undone.ops.retain(|id| !ids.contains(id)));
    state.undo.retain(|undone| !undone.ops.is_empty());
    let (mut kept, mut back) = (Vec::new(), Vec::new());
    for mut undone in std::mem::take(&mut state.redo) {
        let had = !undone.by.is_empty();
        undone.by.retain(|(id, _)| !ids.contains(id));
        if had && undone.by.is_empty() { back.push(undone) } else { kept.push(undone) }
    }
    state.redo = kept;
    for undone in back {
        push(&mut state.undo, undone);
    }
}

/// A key in between: the next `z` names the step again before it takes it.
pub fn distracted(state: &mut State) {
    state.undo.iter_mut().for_each(|undone| undone.named = false);
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    bulk::stop(state);
    match state.undo.last().cloned() {
        Some(last) => take(state, &last),
        None => say(state, Level::Warning, "there is nothing to undo".to_owned()),
    }
}

/// Takes one step back, the last or another.
pub fn take(state: &mut State, entry: &Undone) -> Vec<Effect> {
    let ids: BTreeSet<OpId> = entry.ops.iter().copied().collect();
    let ours: Vec<&Op> = state.outbox.ops.iter().filter(|op| ids.contains(&op.id())).collect();
    let waiting: Vec<Op> = ours.iter().filter(|op| may_be_taken(op)).map(|op| (*op).clone()).collect();
    if !waiting.is_empty() {
        return take_back(state, entry, waiting);
    }
    if ours.iter().any(|op| matches!(op.state, OpState::Sending | OpState::Unknown)) {
        return say(state, Level::Warning, format!("\"{}\" is on its way to the server; try again in a moment", entry.words));
    }
    if ours.iter().any(|op| op.state == OpState::NeedsReview) {
        return say(state, Level::Warning, format!("\"{}\" waits for your decision in the outbox: {}", entry.words, state.key(Action::Outbox)));
    }
    compensate(state, entry)
}

fn may_be_taken(op: &Op) -> bool {
    matches!(op.state, OpState::Held | OpState::Queued | OpState::Failed)
}

/// Is anything of it left to be taken back?
pub fn can(state: &State, entry: &Undone) -> bool {
    let open = |op: &Op| !op.state.is_final() && entry.ops.contains(&op.id());
    !opposite::compensations(state, entry).is_empty() || state.outbox.ops.iter().any(open)
}

fn forget(state: &mut State, entry: &Undone) {
    state.undo.retain(|undone| undone.step != entry.step);
}

/// Nothing of this left the machine: it never happened. What had left before it is named, and stays to be taken back if it can be.
fn take_back(state: &mut State, entry: &Undone, waiting: Vec<Op>) -> Vec<Effect> {
    forget(state, entry);
    let taken: BTreeSet<OpId> = waiting.iter().map(Op::id).collect();
    let stays: Vec<OpId> = entry.ops.iter().copied().filter(|id| !taken.contains(id)).collect();
    let said = stay(state, &stays);
    let text = if waiting.iter().any(|op| op.mutation.change.adds_message()) { " · its text is the draft of that case again" } else { "" };
    let text = if several(state, &entry.ops) && !text.is_empty() { " · the texts are drafts again" } else { text };
    let _notice = say(state, Level::Done, format!("undone: {}{said}{text}", entry.words));
    let mut effects = cancel_all(state, waiting);
    let compensable = stays.iter().any(|id| state.done.get(id).is_some_and(|done| opposite(state, done).is_some()));
    if compensable {
        push(&mut state.undo, Undone { ops: stays, named: false, ..entry.clone() });
    }
    let ops = entry.ops.iter().copied().filter(|id| taken.contains(id)).collect();
    state.redo.push(Undone { ops, named: false, by: Vec::new(), ..entry.clone() });
    effects.extend(go_back(state, entry));
    effects
}

/// What the server has already, in words.
fn stay(state: &State, stays: &[OpId]) -> String {
    let done: Vec<&Done> = stays.iter().filter_map(|id| state.done.get(id)).collect();
    let cases: BTreeSet<CaseId> = done.iter().map(|done| done.case).collect();
    let kinds: BTreeSet<&str> = done.iter().map(|done| done.change.kind()).collect();
    let kinds = kinds.into_iter().collect::<Vec<_>>().join(" and ");
    match cases.len() {
        0 => String::new(),
        1 if kinds.contains(' ') => format!(" (the {kinds} stay: the server has them)"),
        1 => format!(" (the {kinds} stays: the server has it)"),
        count => format!(" (the {kinds} of {} stays: the server has it{})", listed(cases.iter()), if count > 3 { "; :log lists them" } else { "" }),
    }
}

/// `#4, #5 and 9 more`
pub fn listed<'c>(cases: impl ExactSizeIterator<Item = &'c CaseId>) -> String {
    let more = cases.len().saturating_sub(3);
    let named: Vec<String> = cases.take(3).map(|case| format!("#{case}")).collect();
    if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
}

fn several(state: &State, ops: &[OpId]) -> bool {
    let mut cases = ops.iter().filter_map(|id| state.done.get(id)).map(|done| done.case);
    cases.next().is_some_and(|first| cases.any(|case| case != first))
}

/// Takes operations that have not left back, all in one breath.
pub fn cancel_all(state: &mut State, mut ops: Vec<Op>) -> Vec<Effect> {
    let from = vec![OpState::Held, OpState::Queued, OpState::Failed];
    for op in &mut ops {
        (op.state, op.not_before, op.changed) = (OpState::Cancelled, None, state.wall());
        op.step.iter_mut().for_each(|step| step.taken = true);
        state.composed.remove(&op.id());
    }
    let ids: BTreeSet<OpId> = ops.iter().map(Op::id).collect();
    state.outbox.ops.retain(|op| !ids.contains(&op.id()));
    gone(state, &ids);
    outbox::touched(state);
    ops.reverse();
    outbox::advance(ops, from)
}

/// The cursor, and a reader, go back to the case.
fn go_back(state: &mut State, entry: &Undone) -> Vec<Effect> {
    if state.list.view == entry.view && matches!(state.focus, Focus::List | Focus::Reader) {
        state.list.selected = Some(entry.case);
    }
    if state.focus == Focus::Reader { reader::open_case(state, entry.case) } else { Vec::new() }
}

/// The server has all of it: the opposite is named, then done.
fn compensate(state: &mut State, entry: &Undone) -> Vec<Effect> {
    let steps = opposite::compensations(state, entry);
    let Some((_, first)) = steps.first() else {
        forget(state, entry);
        let gone = entry.ops.iter().filter_map(|id| state.done.get(id)).any(|done| matches!(done.change, Change::Delete { .. }));
        let why = if gone { "is done: what was deleted can't come back" } else { "is at the server and can't be taken back" };
        return say(state, Level::Warning, format!("\"{}\" {why}", entry.words));
    };
    if !entry.named {
        let step = if steps.len() == 1 { first.clone() } else { format!("does this for {} cases: it {first}", steps.len()) };
        state.undo.iter_mut().filter(|undone| undone.step == entry.step).for_each(|undone| undone.named = true);
        return say(state, Level::Warning, format!("\"{}\" is at the server: {} again {step}", entry.words, state.key(Action::Undo)));
    }
    forget(state, entry);
    let works: Vec<Work> = steps.into_iter().map(|(work, _)| work).collect();
    let told = words_for(&works);
    let taken: Vec<OpId> = works.iter().flat_map(|work| work.of.iter().copied()).collect();
    let kept: Vec<OpId> = entry.ops.iter().copied().filter(|id| !taken.contains(id)).collect();
    let said = stay(state, &kept);
    let ops = step::compose_all(state, works, Purpose { why: Why::Undoes, ..Purpose::default() });
    let by = ops.iter().map(Op::id).zip(taken).collect();
    push(&mut state.redo, Undone { named: false, by, ..entry.clone() });
    let _notice = say(state, Level::Done, format!("undone: {}: {told}{said} · {} takes that back", entry.words, state.key(Action::Redo)));
    vec![Effect::Queue(ops)]
}

/// Does again what was undone before anything else was done.
pub fn redo(state: &mut State) -> Vec<Effect> {
    let Some(undone) = state.redo.last().cloned() else {
        return say(state, Level::Warning, "there is nothing to redo".to_owned());
    };
    let by: BTreeSet<OpId> = undone.by.iter().map(|(id, _)| *id).collect();
    let ours: Vec<&Op> = state.outbox.ops.iter().filter(|op| by.contains(&op.id())).collect();
    if ours.iter().any(|op| !may_be_taken(op)) {
        return say(state, Level::Warning, format!("what undid \"{}\" is on its way to the server; try again in a moment", undone.words));
    }
    let waiting: Vec<Op> = ours.into_iter().cloned().collect();
    state.redo.pop();
    let stopped: BTreeSet<OpId> = waiting.iter().map(Op::id).collect();
    let mut effects = if waiting.is_empty() { Vec::new() } else { cancel_all(state, waiting) };
    let works = again(state, &undone, &stopped);
    if works.is_empty() {
        let _notice = say(state, Level::Done, format!("{} stands again: nothing of the undoing was sent", undone.words));
        push(&mut state.undo, Undone { by: Vec::new(), named: false, ..undone });
        return effects;
    }
    let told = words_for(&works);
    let more = if let [work] = &works[..] { words::more(state, &work.changes) } else { String::new() };
    let ops = step::compose_all(state, works, Purpose { why: Why::Redoes, ..Purpose::default() });
    let back = step::back(state, &ops);
    let _notice = say(state, Level::Done, format!("{told}{more}{back}"));
    let stand = undone.by.iter().filter(|(id, _)| stopped.contains(id)).map(|(_, of)| *of);
    let (first, ids) = (ops.first().map(Op::id).unwrap_or_default(), stand.chain(ops.iter().map(Op::id)).collect());
    push(&mut state.undo, Undone { step: first, words: told, ops: ids, by: Vec::new(), named: false, ..undone });
    effects.push(Effect::Queue(ops));
    effects
}

/// What is to be done again: all that was cancelled; of what was taken back at the server only that, where the case is now.
fn again(state: &State, undone: &Undone, stopped: &BTreeSet<OpId>) -> Vec<Work> {
    let at_server: Vec<OpId> = undone.by.iter().filter(|(id, _)| !stopped.contains(id)).map(|(_, of)| *of).collect();
    let wanted = if undone.by.is_empty() { &undone.ops } else { &at_server };
    let mut works: Vec<Work> = Vec::new();
    for (id, done) in wanted.iter().filter_map(|id| Some((*id, state.done.get(id)?))) {
        let case = place(state, undone, id).unwrap_or(done.case);
        if let Some(work) = works.last_mut().filter(|work| work.case == case) {
            work.changes.push(done.change.clone());
            work.of.push(id);
            continue;
        }
        let (thread, channel, answers) = (done.thread, done.channel.clone(), done.answers);
        let slept = done.back.as_ref().and_then(|back| if let Change::Snooze { until, .. } = back { Some(*until) } else { None });
        works.push(Work { case, thread, channel, changes: vec![done.change.clone()], answers, slept, of: vec![id] });
    }
    works
}

/// The case that the undoing of a close made.
fn place(state: &State, undone: &Undone, of: OpId) -> Option<CaseId> {
    let (by, _) = undone.by.iter().find(|(_, original)| *original == of)?;
    let done = state.done.get(by).filter(|done| done.change == Change::Reopen)?;
    done.server_id.map(CaseId)
}

/// An operation that has not left is the opposite of what is wanted now: taking it back is all there is to do.
pub fn cancels_out(state: &mut State, case: CaseId, change: &Change) -> Option<Vec<Effect>> {
    let undoes = |op: &Op| match change {
        Change::Reopen => matches!(op.mutation.change, Change::Close { .. }),
        Change::Unsnooze => Done::of(op).back == Some(Change::Unsnooze),
        _ => false,
    };
    let last = state.outbox.of(case).last().filter(|op| matches!(op.state, OpState::Held | OpState::Queued) && op.tries == 0 && undoes(op))?.clone();
    let entry = state.undo.iter().find(|undone| undone.ops.contains(&last.id())).cloned();
    let words = words_of(std::slice::from_ref(&last.mutation.change), case);
    if let Some(entry) = entry {
        state.redo.push(Undone { words: words.clone(), ops: vec![last.id()], named: false, by: Vec::new(), case, ..entry });
    }
    let _notice = say(state, Level::Done, format!("undone: {words}, nothing of it was sent"));
    Some(cancel_all(state, vec![last]))
}

/// `replied to and closed #4410`: what the key did, without what needs no word.
pub fn words_of(changes: &[Change], case: CaseId) -> String {
    format!("{} #{case}", told(changes))
}

/// `closed 12 cases`
pub fn words_of_many(changes: &[Change], cases: usize) -> String {
    format!("{} {cases} cases", told(changes))
}

fn words_for(works: &[Work]) -> String {
    match works {
        [work] => words_of(&work.changes, work.case),
        works => words_of_many(works.first().map_or(&[], |work| &work.changes), works.len()),
    }
}

fn told(changes: &[Change]) -> String {
    let told = changes.iter().filter(|change| !matches!(change, Change::Claim) || changes.len() == 1);
    told.map(words::done).collect::<Vec<_>>().join(" and ")
}
