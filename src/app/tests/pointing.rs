//! What the mouse may do, and what it may not.

use super::super::pointer::{self, Pointer};
use super::{desk, update};
use crate::app::{Effect, Event, Focus};
use crate::model::CaseId;
use ratatui::layout::Position;

#[test]
fn a_click_chooses_what_was_painted_there_and_a_second_one_opens_it() {
    let mut state = desk();
    let click = |x, y| Event::Pointed(Pointer::Clicked(Position { x, y }));
    let now = state.now;
    assert_eq!(update(&mut state, now, click(3, 5)), [], "the mouse is off");
    assert_eq!(pointer::switch(&mut state), [Effect::Mouse(true)]);
    let second = state.list.window.rows[1].id;
    update(&mut state, now, click(3, 4));
    assert_eq!((state.list.selected, state.focus), (Some(second), Focus::List));
    update(&mut state, now, click(3, 5));
    assert_eq!((state.reader.as_ref().map(|reader| reader.case), state.focus), (Some(second), Focus::Reader));
    for (x, y) in [(3, 0), (3, 1), (3, 39), (3, 38), (119, 39), (300, 300)] {
        update(&mut state, now, click(x, y));
        assert_eq!(state.list.selected, Some(second), "{x} {y}");
    }
}

#[test]
fn the_wheel_scrolls_and_nothing_it_does_changes_a_case() {
    let mut state = desk();
    pointer::switch(&mut state);
    let now = state.now;
    let before = state.list.selected;
    let effects = update(&mut state, now, Event::Pointed(Pointer::Turned(Position { x: 3, y: 5 }, 1)));
    assert!(state.list.selected != before && state.list.selected != Some(CaseId(0)));
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Queue(_))));
    update(&mut state, now, Event::Pointed(Pointer::Turned(Position { x: 3, y: 5 }, -1)));
    assert_eq!(state.list.selected, before);
}

#[test]
fn words_and_clicks_count_as_being_there_and_end_with_leaving() {
    let mut state = desk();
    pointer::switch(&mut state);
    let later = state.now + chrono::Duration::minutes(10);
    for event in [Event::Said("mine".into()), Event::Pointed(Pointer::Turned(Position { x: 3, y: 5 }, 1))] {
        state.sync.last_key = None;
        update(&mut state, later, event);
        assert_eq!(state.sync.last_key, Some(later));
    }
    update(&mut state, later, Event::Said("quit".into()));
    assert!(state.closing.is_some());
    assert!(update(&mut state, later, Event::Said("close".into())).iter().all(|effect| !matches!(effect, Effect::Queue(_))));
}
