//! Replies that wait for a time of the agent's: what they hold back, what holds them back, and what clocks do to them.

use super::*;
use crate::app::later::{self, wake};
use crate::app::review::wait::Moment;
use crate::model::{Due, Newer, Op, Review};

const HOUR: i64 = 3600;

/// A reply that goes out in two hours.
fn planned(keys: &str) -> State {
    let mut state = desk();
    press(&mut state, 1, "r h i");
    press(&mut state, 1, keys);
    assert_eq!(state.focus, Focus::Prompt);
    let effects = press(&mut state, 1, "2 h Enter");
    assert!(matches!(&effects[..], [Effect::Queue(_)]), "{effects:?}");
    assert_eq!(state.focus, Focus::Reader);
    state
}

fn looks(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Look(_))).count()
}

fn woken(state: &mut State, seconds: i64) -> Vec<Effect> {
    super::super::update(state, at(seconds), Event::Woke)
}

fn wrote() -> Seen {
    let newer = vec![Newer { id: MessageId(9), by: "Mina".into(), at: Some(at(60)), text: "it came".into() }];
    Seen { newer, ..clear() }
}

#[test]
fn it_is_queued_for_its_time_and_goes_out_then() {
    let mut state = planned("^x l");
    let op = state.outbox.ops[0].clone();
    assert_eq!((op.state, op.due), (OpState::Queued, Some(Due { at: at(1 + 2 * HOUR), unless: false })));
    assert!(state.notice.as_ref().unwrap().text.contains("goes out 11:00"), "{:?}", state.notice);
    assert_eq!(looks(&woken(&mut state, 2 * HOUR)), 0);
    assert_eq!(wake(&state), Some(at(1 + 2 * HOUR)));
    assert!(state.wake_at().is_some_and(|wakes| wakes <= at(1 + 2 * HOUR)));
    assert_eq!(Moment::of(&state).waits_for(&op), "goes out 11:00");
    assert_eq!(looks(&woken(&mut state, 1 + 2 * HOUR)), 1);
    // It goes whatever the customer wrote: the agent said so.
    let effects = super::super::update(&mut state, at(2 + 2 * HOUR), Event::Looked { op: op.id(), result: Box::new(Ok(wrote())) });
    assert_eq!(pushes(&effects), [op.id()]);
}

#[test]
fn unless_they_write_first() {
    for (seen, goes) in [(clear(), true), (wrote(), false)] {
        let mut state = planned("^x w");
        let id = state.outbox.ops[0].id();
        assert!(Moment::of(&state).waits_for(&state.outbox.ops[0]).contains("unless they write first"));
        woken(&mut state, 1 + 2 * HOUR);
        let effects = super::super::update(&mut state, at(2 + 2 * HOUR), Event::Looked { op: id, result: Box::new(Ok(seen)) });
        assert_eq!(pushes(&effects).len(), usize::from(goes));
        if !goes {
            let op = &state.outbox.ops[0];
            assert_eq!(op.state, OpState::NeedsReview);
            assert!(matches!(&op.review, Some(Review::Stale { newer, .. }) if newer[0].text.raw() == "it came"));
            assert!(op.cause.as_ref().unwrap().contains("only if they did not"));
        }
    }
}

#[test]
fn it_holds_a_close_back_and_nothing_else() {
    let mut state = planned("^x l");
    let first = state.outbox.ops[0].id();
    press(&mut state, 10, "r m o r e ^s");
    let effects = update(&mut state, at(30), Event::Woke);
    let second = pushes(&effects);
    assert_eq!((second.len(), second.contains(&first)), (1, false), "a later reply goes at once");
    update(&mut state, at(31), Event::Pushed { op: second[0], outcome: Box::new(accepted()) });
    press(&mut state, 40, "e");
    assert_eq!(pushes(&update(&mut state, at(60), Event::Woke)), [], "a close waits for what is to be said");
    let close = state.outbox.ops.iter().find(|op| op.id() != first).unwrap();
    assert!(Moment::of(&state).waits_for(close).contains("that is scheduled 11:00"), "{}", Moment::of(&state).waits_for(close));
    assert_eq!(pushes(&update(&mut state, at(1 + 2 * HOUR), Event::Woke)), [first]);
    let effects = update(&mut state, at(3 + 2 * HOUR), Event::Pushed { op: first, outcome: Box::new(accepted()) });
    assert_eq!(pushes(&effects).len(), 1, "then the close");
}

#[test]
fn when_due_it_waits_for_what_is_on_its_way() {
    let mut state = planned("^x l");
    let first = state.outbox.ops[0].id();
    press(&mut state, 2 * HOUR - 12, "r m o r e ^s");
    let second = pushes(&update(&mut state, at(2 * HOUR), Event::Woke))[0];
    assert_eq!(pushes(&update(&mut state, at(9 + 2 * HOUR), Event::Woke)), [], "the other one is being sent");
    let effects = update(&mut state, at(10 + 2 * HOUR), Event::Pushed { op: second, outcome: Box::new(accepted()) });
    assert_eq!(pushes(&effects), [first]);
}

#[test]
fn the_wall_clock_decides_and_a_day_too_late_is_asked_about() {
    let moved = |hours: i64| {
        let mut state = planned("^x l");
        super::super::update(&mut state, at(60), Event::ClockMoved(Duration::hours(hours)));
        let effects = woken(&mut state, 61);
        (state, effects)
    };
    let looking = |state: &State| state.watch.looking.len();
    let (state, _) = moved(1);
    assert_eq!((looking(&state), wake(&state)), (0, Some(at(1 + HOUR))), "an hour nearer");
    let (state, _) = moved(3);
    assert_eq!(looking(&state), 1, "the wall says it is time");
    let (state, _) = moved(-24 * 365);
    assert_eq!((looking(&state), state.outbox.ops[0].state), (0, OpState::Queued), "it waits longer");
    for hours in [27, 24 * 3650] {
        let (state, effects) = moved(hours);
        let op = &state.outbox.ops[0];
        assert_eq!((looking(&state), op.state), (0, OpState::NeedsReview), "nothing is sent, nothing is given up");
        assert!(op.cause.as_ref().unwrap().contains("more than a day ago") && matches!(op.review, Some(Review::Overdue { .. })));
        assert!(effects.is_empty() || pushes(&effects).is_empty());
    }
    // An hour late, after a night without a program, it goes.
    let mut state = planned("^x l");
    assert_eq!(looks(&woken(&mut state, 12 * HOUR)), 1);
}

#[test]
fn the_pane_sends_it_now_or_takes_it_back() {
    let mut state = planned("^x l");
    press(&mut state, 2, "g x");
    let effects = press(&mut state, 3, "a");
    assert!(matches!(&effects[0], Effect::Advance { op, .. } if op.due.is_none() && !op.allowed), "{effects:?}");
    assert_eq!(pushes(&effects).len(), 1);
    let mut state = planned("^x w");
    press(&mut state, 2, "g x");
    press(&mut state, 3, "e");
    assert_eq!((state.focus, state.compose.as_ref().unwrap().text().as_str(), state.outbox.ops.len()), (Focus::Compose, "hi", 0));
    let mut state = planned("^x l");
    press(&mut state, 2, "z");
    assert!(state.outbox.ops.is_empty());
}

#[test]
fn only_a_reply_can_wait_and_a_time_is_needed() {
    let mut state = desk();
    press(&mut state, 1, "i h i ^x l");
    assert!(state.prompt.is_none() && state.notice.as_ref().unwrap().text.contains("a note goes"));
    let mut state = desk();
    press(&mut state, 1, "r ^x l");
    assert!(state.prompt.is_none() && state.notice.as_ref().unwrap().text.contains("nothing to send"));
    press(&mut state, 1, "h i ^x l s o o n Enter");
    assert!(state.prompt.as_ref().unwrap().error.is_some() && state.outbox.ops.is_empty());
    press(&mut state, 1, "Esc");
    assert_eq!((state.focus, state.compose.as_ref().unwrap().text().as_str()), (Focus::Compose, "hi"), "no text is lost");
}

#[test]
fn leaving_does_not_wait_for_it_nor_release_it() {
    let mut state = planned("^x l");
    press(&mut state, 2, "Esc");
    let effects = press(&mut state, 2, "q");
    assert!(effects.contains(&Effect::Quit), "{effects:?}");
    assert_eq!(state.outbox.ops[0].state, OpState::Queued);
    // A command that schedules one ends at once, too.
    let mut state = State::new(Settings { interactive: false, ..Settings::default() }, Size::default(), at(0), 7);
    state.sender = true;
    let due = Due { at: at(HOUR), unless: true };
    let effects = update(&mut state, at(0), Event::Planned { case: CaseId(1), thread: ThreadId(1), change: Change::reply("hi"), due });
    assert!(!effects.contains(&Effect::Quit), "not before it is on the disk");
    store(&mut state, 0, &effects);
    assert!(update(&mut state, at(1), Event::Woke).contains(&Effect::Quit));
}

#[test]
fn an_old_outbox_has_no_times_and_a_new_one_keeps_them() {
    let state = planned("^x w");
    let op = &state.outbox.ops[0];
    let kept: Op = serde_json::from_str(&serde_json::to_string(op).unwrap()).unwrap();
    assert_eq!(&kept, op);
    let mut old = serde_json::to_value(op).unwrap();
    old.as_object_mut().unwrap().remove("due");
    assert_eq!(serde_json::from_value::<Op>(old).unwrap().due, None);
    assert!(later::is_planned(op));
}

#[test]
fn the_time_to_send_at_is_said_while_it_is_typed() {
    let state = desk();
    assert_eq!(later::meaning(&state, "tomorrow 14:30"), ["Tue 24 Nov 14:30, tomorrow", "Tue 24 Nov 14:30", "Tue 14:30"]);
    assert!(later::meaning(&state, "some day").is_empty());
}
