//! The receipt of an emptied view: each figure, and when it is shown.

use super::*;
use crate::app::receipt;
use crate::app::step::Work;
use crate::model::step::Step;
use crate::model::{Counts, Filter, Mutation};

fn made(count: u16, case: i64, change: Change, state: OpState) -> Op {
    let id = OpId::new(at(1), 7, count);
    let mutation = Mutation { op: id, case: CaseId(case), thread: ThreadId(case), at: at(i64::from(count)), by: Actor::default(), change };
    Op { state, ..Op::new(mutation, None) }
}

fn close() -> Change {
    Change::Close { state: "handled".into() }
}

/// A desk that has its session since 09:00, with an emptied queue.
fn emptied() -> State {
    let mut state = desk();
    update(&mut state, at(0), Event::Started { last_pull: Some(at(0)) });
    let counts = Counts([0, 3, 3, 0, 2, 9, 14]);
    update(&mut state, at(0), Event::Loaded(Box::new(Loaded::Window(Window { view: View::Queue, counts, ..Window::default() }))));
    state
}

/// The last two lines.
fn pace(state: &State) -> String {
    let figures = figures(state);
    figures[figures.len() - 2..].join(" ")
}

fn figures(state: &State) -> Vec<String> {
    receipt::lines(state).into_iter().map(|(name, figures)| format!("{name}: {figures}")).collect()
}

#[test]
fn what_was_done_today_stands_in_the_outbox() {
    let taken_back = made(3, 3, close(), OpState::Sent);
    let mut reopened = made(4, 3, Change::Reopen, OpState::Queued);
    let id = reopened.id();
    let step = Step { id, view: View::Queue, channel: None, back: None, undoes: Some(taken_back.id()), redoes: None, taken: false };
    reopened.step = Some(Box::new(step));
    let mut early = made(9, 9, close(), OpState::Sent);
    early.mutation.at = at(-10);
    let ops = [
        made(1, 1, close(), OpState::Sent),
        made(2, 2, close(), OpState::Held),
        taken_back,
        reopened,
        made(5, 5, close(), OpState::Cancelled),
        made(6, 1, close(), OpState::Sent),
        made(7, 7, Change::reply("hi"), OpState::Sent),
        made(8, 8, Change::reply("ho"), OpState::Queued),
        early,
    ];
    let today = receipt::today(&ops, at(0));
    assert_eq!((today.closed, today.sent, today.more), (2, 1, false), "two cases stay closed, one reply is at the server");
}

#[test]
fn it_is_asked_for_once_and_again_when_the_outbox_moved() {
    let mut state = emptied();
    let asks = |state: &mut State, seconds: i64| {
        let effects = update(state, at(seconds), Event::Drained);
        effects.into_iter().find_map(|effect| if let Effect::Load(Ask::Day(since)) = effect { Some(since) } else { None })
    };
    let midnight = at(-9 * 3600);
    assert_eq!(asks(&mut state, 1), Some(midnight));
    assert_eq!(asks(&mut state, 1), None, "while it is on its way");
    let ops = vec![made(1, 1, close(), OpState::Sent), made(2, 2, Change::reply("hi"), OpState::Sent)];
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Day { since: midnight, ops })));
    assert_eq!(asks(&mut state, 2), None);
    assert_eq!(figures(&state), ["done: 1 closed today", "sent: 1 reply today", "snoozed: 2"]);
    crate::app::outbox::touched(&mut state);
    state.stale_list = false;
    assert_eq!(asks(&mut state, 3), Some(midnight));
    update(&mut state, at(3), Event::Loaded(Box::new(Loaded::Day { since: midnight, ops: Vec::new() })));
    assert_eq!(asks(&mut state, 86_400), Some(at(15 * 3600)), "another day");
}

#[test]
fn what_needs_the_agent_is_first_and_what_sleeps_says_when() {
    let mut state = emptied();
    state.outbox.ops = vec![made(1, 1, close(), OpState::NeedsReview), made(2, 2, close(), OpState::Held), made(3, 3, close(), OpState::Queued)];
    state.next_snooze = Some(at(5 * 3600));
    assert_eq!(figures(&state), ["needs you: 1 · gx", "held: 2 · gx", "snoozed: 2 · next 14:00"]);
}

#[test]
fn keys_and_time_are_counted_per_case_and_a_text_is_not_typing() {
    let mut state = emptied();
    update(&mut state, at(0), Event::Loaded(Box::new(Loaded::Window(window(1..10)))));
    state.list.unseen = false;
    press(&mut state, 10, "e");
    assert_eq!(pace(&state), "since 09:00: median 10s a case : 1.0 keys a case");
    // Three presses: r, Ctrl-x e and its text count as two chords.
    press(&mut state, 40, "r w o r d s ^x e");
    assert_eq!(pace(&state), "since 09:00: median 10s a case : 1.5 keys a case");
    press(&mut state, 44, "b");
    press(&mut state, 45, "j j j");
    assert_eq!(pace(&state), "since 09:00: median 10s a case : 1.3 keys a case", "what no case came of yet is not counted");
    // The same case again is no other case.
    press(&mut state, 46, "k k k k z b");
    assert_eq!(pace(&state), "since 09:00: median 10s a case : 1.3 keys a case");
    // Many at once share their time.
    let works: Vec<Work> = (5..9).map(|case| Work { case: CaseId(case), changes: vec![close()], ..Work::default() }).collect();
    state.now = at(60);
    receipt::finished(&mut state, &works, false);
    assert_eq!(pace(&state), "since 09:00: median 4s a case : 1.8 keys a case");
}

#[test]
fn a_filter_that_fits_nothing_and_other_views_have_no_receipt() {
    let mut state = emptied();
    assert!(receipt::shown(&state));
    state.list.filter = Filter::parse("nobody").unwrap();
    assert!(!receipt::shown(&state));
    state.list.filter = Filter::default();
    for (view, shown) in [(View::Mine, true), (View::Closed, false), (View::All, false), (View::Snoozed, false)] {
        state.list.view = view;
        assert_eq!(receipt::shown(&state), shown, "{view:?}");
    }
    state.list.saved = Some(Saved::drafts());
    assert!(!receipt::shown(&state));
    state.list.saved = Some(Saved { name: "parcels".into(), ..Saved::drafts() });
    assert!(receipt::shown(&state));
}
