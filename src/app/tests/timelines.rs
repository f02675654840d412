//! What happened to a case is asked for once it is read, and not again before there is something new.

use super::*;

const FIRST: CaseId = CaseId(1);

fn loaded(untold: &[(i64, i64)]) -> Event {
    let untold = untold.iter().map(|(id, changed)| (CaseId(*id), Some(at(*changed)))).collect();
    let conversation = Conversation { thread: ThreadId(1), fetched: Some(at(0)), untold, ..Conversation::default() };
    Event::Loaded(Box::new(Loaded::Conversation { case: FIRST, conversation: Some(conversation) }))
}

/// What is asked for after an event, with the frame that follows it.
fn after(state: &mut State, seconds: i64, event: Event) -> Vec<Vec<CaseId>> {
    let mut effects = update(state, at(seconds), event);
    effects.extend(update(state, at(seconds), Event::Drained));
    effects.into_iter().filter_map(|effect| if let Effect::Timeline { of, .. } = effect { Some(of) } else { None }).collect()
}

fn reading() -> State {
    let mut state = desk();
    state.sync.link = Link::Live;
    press(&mut state, 1, "Enter");
    state
}

fn failed(kind: FailureKind) -> Event {
    Event::Told { case: FIRST, result: Err(Failure { kind, text: "no".into() }) }
}

#[test]
fn one_request_asks_for_all_cases_of_a_thread_once_for_each_change() {
    let mut state = reading();
    assert_eq!(after(&mut state, 1, loaded(&[(1, 5), (2, 6)])), [vec![CaseId(1), CaseId(2)]]);
    for key in ["J", "K", "j", "k", "G"] {
        assert!(after(&mut state, 2, Event::Pressed(input(key))).is_empty(), "{key}");
    }
    assert!(after(&mut state, 3, Event::Told { case: FIRST, result: Ok(true) }).is_empty());
    assert!(after(&mut state, 3, loaded(&[])).is_empty());
    assert_eq!(after(&mut state, 4, loaded(&[(2, 9)])), [vec![CaseId(2)]], "it changed once more");
}

#[test]
fn new_rows_are_shown_and_nothing_new_paints_nothing() {
    let mut state = reading();
    after(&mut state, 1, loaded(&[(1, 5)]));
    update(&mut state, at(2), Event::Told { case: FIRST, result: Ok(false) });
    assert!(!state.stale_reader);
    update(&mut state, at(2), Event::Told { case: FIRST, result: Ok(true) });
    assert!(state.stale_reader);
}

#[test]
fn what_fails_says_nothing_and_is_not_asked_again_before_it_may_work() {
    let mut state = reading();
    after(&mut state, 1, loaded(&[(1, 5)]));
    assert!(after(&mut state, 2, failed(FailureKind::Other)).is_empty() && state.notice.is_none());
    assert!(after(&mut state, 3, loaded(&[(1, 5)])).is_empty());
    assert!(after(&mut state, 4, failed(FailureKind::Offline)).is_empty() && state.notice.is_none());
    assert_eq!(state.sync.link, Link::Offline);
    state.sync.link = Link::Live;
    assert_eq!(after(&mut state, 9, Event::Woke), [vec![FIRST]], "the line is there again");
}

#[test]
fn nothing_is_asked_without_a_line_or_before_the_thread_was_read() {
    let mut state = reading();
    state.sync.link = Link::Offline;
    assert!(after(&mut state, 1, loaded(&[(1, 5)])).is_empty());
    state.sync.link = Link::Live;
    state.reader.as_mut().unwrap().conversation.fetched = None;
    assert!(after(&mut state, 2, Event::Woke).is_empty(), "it is read whole first");
}

#[test]
fn a_preview_asks_when_the_cursor_stays() {
    let mut state = desk();
    state.sync.link = Link::Live;
    press(&mut state, 10, "j k");
    state.reader = None;
    update(&mut state, at(11), Event::Woke);
    update(&mut state, at(11), Event::Drained);
    press(&mut state, 20, "j");
    let mut asked = after(&mut state, 20, Event::Drained);
    let case = state.reader.as_ref().unwrap().case;
    let conversation = Conversation { thread: ThreadId(case.0), untold: vec![(case, None)], ..Conversation::default() };
    asked.extend(after(&mut state, 20, Event::Loaded(Box::new(Loaded::Conversation { case, conversation: Some(conversation) }))));
    assert!(asked.is_empty(), "the cursor came this moment");
    let wakes = state.wake_at().unwrap();
    assert!(wakes <= at(21), "{wakes}");
    assert_eq!(after(&mut state, 21, Event::Woke), [vec![case]]);
}
