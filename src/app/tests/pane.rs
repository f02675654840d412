//! The outbox pane: its order, its cursor, and the words that go back into the box.

use super::*;
use crate::app::review::pane::{self, prepare};
use crate::model::{Draft, DraftKind, Mutation, Op, Review};

fn op(count: u16, state: OpState) -> Op {
    let change = Change::reply(format!("text {count}"));
    let mutation = Mutation { op: OpId::new(at(0), 7, count), case: CaseId(1), thread: ThreadId(1), at: at(0), by: Actor::default(), change };
    Op { state, seq: count.into(), ..Op::new(mutation, Some(at(900))) }
}

/// A desk with the pane open on these.
fn open(ops: Vec<Op>) -> State {
    let mut state = desk();
    state.sync.hold_pushes = Some(at(900));
    state.outbox.ops = ops;
    press(&mut state, 1, "g x");
    prepare(&mut state);
    state
}

fn cursor(state: &State) -> u16 {
    let text = pane::chosen(state).and_then(|op| op.mutation.change.text()).unwrap_or("text 0");
    text.trim_start_matches("text ").parse().unwrap()
}

fn cancelled(effects: &[Effect]) -> Vec<OpId> {
    effects.iter().filter_map(|effect| if let Effect::Advance { op, .. } = effect { (op.state == OpState::Cancelled).then(|| op.id()) } else { None }).collect()
}

#[test]
fn what_needs_the_agent_is_on_top_and_the_cursor_stays_on_its_operation() {
    let mut state = open(vec![op(1, OpState::Held), op(2, OpState::Queued), op(3, OpState::Unknown), op(4, OpState::NeedsReview), op(5, OpState::Failed)]);
    let order: Vec<u32> = state.outbox.order.iter().map(|at| at + 1).collect();
    assert_eq!((order, cursor(&state)), (vec![4, 5, 3, 2, 1], 4));
    press(&mut state, 2, "j j j");
    assert_eq!(cursor(&state), 2);
    state.outbox.ops[0].state = OpState::NeedsReview;
    prepare(&mut state);
    assert_eq!((cursor(&state), state.outbox.at), (2, 4), "it moved down, the cursor with it");
    // What ends under the cursor leaves it where it was.
    state.outbox.ops.remove(1);
    prepare(&mut state);
    assert_eq!((cursor(&state), state.outbox.at), (3, 3));
    press(&mut state, 3, "G k");
    assert_eq!(cursor(&state), 5);
    press(&mut state, 3, "g g");
    assert_eq!(cursor(&state), 1);
}

#[test]
fn what_needs_the_agent_is_chosen_when_the_pane_is_opened_for_it() {
    let mut state = open(vec![op(1, OpState::Queued), op(2, OpState::Queued)]);
    press(&mut state, 2, "j Esc");
    state.outbox.ops.push(op(3, OpState::NeedsReview));
    press(&mut state, 3, "g x");
    assert_eq!(cursor(&state), 3);
}

#[test]
fn editing_takes_the_text_into_the_box_of_its_case_and_the_draft_has_it() {
    for held in [OpState::Held, OpState::Queued, OpState::Failed] {
        let mut state = open(vec![op(1, held)]);
        let effects = press(&mut state, 2, "e");
        assert_eq!(cancelled(&effects), [OpId::new(at(0), 7, 1)], "{held:?}");
        assert!(effects.iter().any(|effect| *effect == Effect::Load(Ask::Draft(CaseId(1)))));
        assert_eq!((state.focus, state.compose.as_ref().unwrap().text()), (Focus::Compose, "text 1".to_owned()));
        let draft = Draft { case: CaseId(1), kind: DraftKind::Reply, text: "text 1".into(), answers: None, updated: at(2), ..Draft::default() };
        let effects = update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(draft) })));
        assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(draft) if draft.text == "text 1")));
        press(&mut state, 3, "!");
        assert_eq!(state.compose.as_ref().unwrap().text(), "text 1!");
    }
}

#[test]
fn a_draft_that_stood_there_stays_above_the_text_that_comes_back() {
    let mut state = open(vec![op(1, OpState::Queued)]);
    press(&mut state, 2, "e");
    let draft = Draft { case: CaseId(1), kind: DraftKind::Note, text: "for Ada".into(), answers: None, updated: at(2), ..Draft::default() };
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(draft) })));
    let compose = state.compose.as_ref().unwrap();
    assert_eq!((compose.text().as_str(), compose.kind), ("for Ada\n\ntext 1", DraftKind::Note), "nothing for colleagues goes to a customer");
}

#[test]
fn what_went_out_a_moment_before_is_not_taken_back() {
    let mut state = open(vec![op(1, OpState::Queued)]);
    press(&mut state, 2, "e");
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: None })));
    assert!(state.compose.is_none() && state.notice.as_ref().unwrap().text.contains("on its way"));
}

#[test]
fn what_may_have_arrived_is_edited_only_when_asked_twice() {
    let mut state = open(vec![op(1, OpState::Unknown), op(2, OpState::Unknown)]);
    assert_eq!(cancelled(&press(&mut state, 2, "e")), []);
    assert!(state.notice.as_ref().unwrap().text.contains("may still arrive"));
    assert_eq!(cancelled(&press(&mut state, 3, "j e")), [], "it was asked about the other one");
    assert_eq!(cancelled(&press(&mut state, 4, "e")).len(), 1);
    let mut state = open(vec![op(1, OpState::Sending)]);
    assert_eq!(cancelled(&press(&mut state, 2, "e e")), []);
}

#[test]
fn a_small_screen_opens_what_is_known_and_comes_back() {
    let mut state = open(vec![Op { review: Some(Review::Absent), ..op(1, OpState::NeedsReview) }, op(2, OpState::Queued)]);
    update(&mut state, at(2), Event::Resized { width: 40, height: 12 });
    press(&mut state, 2, "Enter");
    update(&mut state, at(2), Event::Drained);
    assert!(state.outbox.opened && !state.outbox.detail.lines.is_empty());
    press(&mut state, 3, "j");
    assert_eq!((cursor(&state), state.outbox.detail.scroll), (1, 1), "it scrolls what is read");
    press(&mut state, 3, "Esc");
    assert!(!state.outbox.opened && state.focus == Focus::Outbox);
    press(&mut state, 4, "Enter");
    update(&mut state, at(4), Event::Drained);
    press(&mut state, 4, "D");
    assert_eq!((state.outbox.opened, cursor(&state)), (false, 2), "the next key does not decide about the next one");
    press(&mut state, 5, "Esc");
    assert_eq!(state.focus, Focus::List);
}

#[test]
fn a_countdown_wakes_the_loop_once_a_second_and_only_while_it_is_painted() {
    let mut state = desk();
    press(&mut state, 1, "e");
    update(&mut state, at(1), Event::Drained);
    assert_eq!(state.wake_at(), Some(at(2)));
    let mut wakes = 0;
    while let Some(wake) = state.wake_at().filter(|wake| *wake < at(30)) {
        wakes += 1;
        update(&mut state, wake, Event::Woke);
        update(&mut state, wake, Event::Drained);
    }
    assert!(wakes <= 20, "{wakes}");
    assert_eq!(state.outbox.tick, None);
}
