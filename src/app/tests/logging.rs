//! The log: what it says of each step, what `z` in it takes back, how it is narrowed, and how much of it is read.

use super::*;
use crate::app::log::{self, Fate, LONGEST, PIECE};
use crate::model::Untrusted;
use crate::model::step::Step;
use std::collections::BTreeMap;

fn made(count: u16, case: i64, change: Change, state: OpState) -> Op {
    let id = OpId::new(at(i64::from(count)), 7, count);
    let by = Actor::default();
    let mutation = crate::model::Mutation { op: id, case: CaseId(case), thread: ThreadId(case), at: at(i64::from(count)), by, change };
    let step = Step { id, view: View::Queue, channel: None, back: None, undoes: None, redoes: None, taken: false };
    Op { state, seq: i64::from(count), step: Some(Box::new(step)), ..Op::new(mutation, None) }
}

fn step(op: &mut Op) -> &mut Step {
    op.step.as_deref_mut().unwrap()
}

fn closed() -> Change {
    Change::Close { state: "solved".into() }
}

/// The pane with these.
fn opened(ops: Vec<Op>) -> State {
    let mut state = desk();
    state.now = at(600);
    press(&mut state, 600, "g z");
    let names = BTreeMap::from([(CaseId(4), Untrusted::from("Mina Sato"))]);
    update(&mut state, at(600), Event::Loaded(Box::new(Loaded::Record { ops, names })));
    state
}

fn told(state: &State) -> Vec<(String, String)> {
    state.log.shown.iter().map(|at| &state.log.entries[*at]).map(|entry| (entry.words.clone(), entry.fate_words())).collect()
}

fn fate(ops: Vec<Op>) -> String {
    told(&opened(ops)).remove(0).1
}

#[test]
fn each_step_is_told_with_what_became_of_it() {
    let now = |state| made(1, 4, closed(), state);
    assert_eq!(fate(vec![now(OpState::Held)]), "held · z takes it back");
    assert_eq!(fate(vec![now(OpState::Sending)]), "on its way to the server");
    assert_eq!(fate(vec![now(OpState::NeedsReview)]), "needs you: it waits in the outbox");
    assert_eq!(fate(vec![now(OpState::Sent)]), "sent · z reopens it as a new case of the thread");
    assert_eq!(fate(vec![made(1, 4, Change::reply("hi"), OpState::Sent)]), "sent · a mail that left can't be taken back");
    assert_eq!(fate(vec![now(OpState::Cancelled)]), "dropped");
    let mut taken = now(OpState::Cancelled);
    step(&mut taken).taken = true;
    assert_eq!(fate(vec![taken]), "undone before it left");
    let (done, mut back) = (now(OpState::Sent), made(2, 4, Change::Reopen, OpState::Queued));
    step(&mut back).undoes = Some(done.id());
    let state = opened(vec![done, back]);
    assert_eq!(told(&state), [("closed #4 as solved".to_owned(), "undone: reopened it · queued".to_owned())]);
    assert_eq!(log::chosen(&state).unwrap().about, "Mina Sato");
}

#[test]
fn a_step_of_many_cases_is_one_entry_with_its_size() {
    let first = made(1, 1, closed(), OpState::Sent);
    let mut ops = vec![first.clone()];
    for count in 2..13 {
        let mut op = made(count, i64::from(count), closed(), OpState::Sent);
        step(&mut op).id = first.id();
        ops.push(op);
    }
    let state = opened(ops.clone());
    assert_eq!(told(&state)[0].0, "closed 12 cases as solved: #1, #2, #3 and 9 more");
    // Without its beginning nobody knows what else belongs to it.
    assert_eq!(told(&opened(ops.split_off(6)))[0].1, "sent · only the newest part of it is listed");
}

#[test]
fn what_came_later_on_the_same_case_goes_first_and_other_cases_do_not_matter() {
    let snooze = Change::Snooze { until: at(90_000), message: None };
    let mut ops = vec![made(1, 4, snooze, OpState::Sent), made(2, 4, closed(), OpState::Sent), made(3, 5, closed(), OpState::Sent)];
    step(&mut ops[0]).back = Some(Box::new(Change::Unsnooze));
    let mut state = opened(ops);
    press(&mut state, 601, "G z");
    let notice = state.notice.clone().unwrap().text;
    assert!(notice.contains("\"closed #4 as solved\" came after") && notice.contains("take that back first"), "{notice}");
    press(&mut state, 602, "k z");
    assert!(state.notice.clone().unwrap().text.contains("z again reopens"), "{:?}", state.notice);
    // A key between is a second thought.
    press(&mut state, 603, "k j z");
    let effects = press(&mut state, 604, "z");
    let Effect::Queue(ops) = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((ops[0].case(), &ops[0].mutation.change), (CaseId(4), &Change::Reopen));
    assert!(matches!(effects[1], Effect::Load(Ask::Record(_))), "and the pane is read again before the next key");
    let effects = press(&mut state, 605, "Z");
    let cancels = |effect: &Effect| matches!(effect, Effect::Advance { op, .. } if op.state == OpState::Cancelled);
    assert!(effects.iter().any(cancels), "{effects:?}");
}

#[test]
fn what_z_elsewhere_has_forgotten_is_taken_back_all_the_same() {
    let mut ops = vec![made(1, 4, closed(), OpState::Sent)];
    ops[0].server_id = Some(1);
    let mut state = opened(ops);
    assert!(state.undo.is_empty());
    let effects = press(&mut state, 601, "z z");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Queue(ops) if ops[0].mutation.change == Change::Reopen)), "{effects:?}");
    assert_eq!((state.undo.len(), state.redo.len()), (0, 1));
}

#[test]
fn the_filter_narrows_while_one_types_and_the_way_back_is_the_way_in() {
    let ops = vec![made(1, 4, closed(), OpState::Sent), made(2, 5, Change::Claim, OpState::Sent), made(3, 45, closed(), OpState::Held)];
    let mut state = opened(ops);
    press(&mut state, 601, "/ c l o s e d");
    assert_eq!(told(&state).iter().map(|(words, _)| words.as_str()).collect::<Vec<_>>(), ["closed #45 as solved", "closed #4 as solved"]);
    press(&mut state, 601, "Space m i n a Enter");
    assert_eq!((state.focus, told(&state).len()), (Focus::Log, 1));
    let effects = press(&mut state, 602, "Enter");
    assert_eq!((state.focus, state.reader.as_ref().map(|reader| reader.case)), (Focus::Reader, Some(CaseId(4))), "{effects:?}");
    press(&mut state, 603, "g z");
    let record = Loaded::Record { ops: vec![made(1, 4, closed(), OpState::Sent)], names: BTreeMap::new() };
    update(&mut state, at(603), Event::Loaded(Box::new(record)));
    press(&mut state, 603, "/ x Enter");
    assert!(state.log.shown.is_empty() && log::chosen(&state).is_none());
    press(&mut state, 604, "z Enter");
    assert_eq!(state.focus, Focus::Log);
    press(&mut state, 604, "h");
    assert_eq!((state.focus, state.log.shown.len()), (Focus::Log, 1));
    press(&mut state, 604, "h");
    assert_eq!(state.focus, Focus::Reader);
}

#[test]
fn only_so_much_is_read_and_more_where_the_cursor_is_at_the_end() {
    let many = |count: usize| (1..=count).map(|n| made(u16::try_from(n).unwrap(), i64::try_from(n).unwrap(), closed(), OpState::Sent)).collect::<Vec<_>>();
    let mut state = opened(many(PIECE));
    assert!(state.log.more && state.log.entries.len() == PIECE);
    assert!(press(&mut state, 601, "j").is_empty(), "a key inside of what was read asks nothing");
    press(&mut state, 601, "G");
    let effects = press(&mut state, 601, "j");
    assert!(effects.contains(&Effect::Load(Ask::Record(PIECE * 4))), "{effects:?}");
    update(&mut state, at(602), Event::Loaded(Box::new(Loaded::Record { ops: many(PIECE * 4), names: BTreeMap::new() })));
    assert!(press(&mut state, 602, "G j").contains(&Effect::Load(Ask::Record(LONGEST))));
    update(&mut state, at(603), Event::Loaded(Box::new(Loaded::Record { ops: many(LONGEST), names: BTreeMap::new() })));
    press(&mut state, 603, "G j");
    assert!(state.log.more && press(&mut state, 603, "j").is_empty(), "it ends here, and says where the rest is");
    assert!(matches!(state.log.entries[0].fate, Fate::Can(_)));
}
