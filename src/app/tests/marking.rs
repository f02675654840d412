//! Marked cases: by their number, visible, said when they leave, and gone with their view.

use super::*;
use crate::model::Filter;
use crate::model::pick::{How, MOST, Pick, Picked};
use std::collections::BTreeSet;

fn marked(state: &State) -> Vec<i64> {
    state.list.marks.cases.iter().map(|case| case.0).collect()
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

/// The store's answer to the pick that was asked for.
fn found(state: &mut State, effects: &[Effect], cases: impl IntoIterator<Item = i64>, more: bool, why: &str) {
    let pick = effects.iter().find_map(|effect| if let Effect::Pick(pick) = effect { Some(pick.clone()) } else { None }).unwrap();
    let picked = Picked { pick, cases: cases.into_iter().map(CaseId).collect(), more, why: why.to_owned() };
    update(state, at(2), Event::Picked(Ok(picked)));
}

#[test]
fn x_marks_and_steps_on_and_takes_the_mark_away() {
    let mut state = desk();
    press(&mut state, 1, "x x j x");
    assert_eq!((marked(&state), state.list.selected), (vec![1, 2, 4], Some(CaseId(5))));
    press(&mut state, 1, "k x");
    assert_eq!(marked(&state), [1, 2]);
    press(&mut state, 1, "Esc");
    assert_eq!((marked(&state), state.list.selected), (vec![], Some(CaseId(5))));
}

#[test]
fn a_stretch_is_marked_either_way_and_asked_for_where_the_list_does_not_reach() {
    let mut state = desk();
    press(&mut state, 1, "j x j j V");
    assert_eq!(marked(&state), [2, 3, 4, 5]);
    assert!(notice(&state).starts_with("4 marked"), "{}", notice(&state));
    press(&mut state, 1, "k k k k V");
    assert_eq!(marked(&state), [1, 2, 3, 4, 5], "from the last one back to here");
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Window(Window { at: 0, ..window(50..60) }))));
    state.list.selected = Some(CaseId(55));
    let effects = press(&mut state, 2, "V");
    assert!(matches!(&effects[..], [Effect::Pick(Pick { how: How::Between(CaseId(1), CaseId(55)), .. })]), "{effects:?}");
    found(&mut state, &effects, 1..=55, false, "");
    assert_eq!((marked(&state).len(), state.list.marks.last), (55, Some(CaseId(55))));
}

#[test]
fn all_of_a_view_is_as_much_as_is_taken_at_once_and_said() {
    let mut state = desk();
    let effects = press(&mut state, 1, "*");
    found(&mut state, &effects, 1..=1000, true, "");
    assert_eq!(marked(&state).len(), MOST);
    assert_eq!(notice(&state), "1000 marked · the view has more, only 1000 are taken at once · Esc takes the marks away");
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(window(2000..2010)))));
    assert_eq!(marked(&state).len(), MOST, "they survive what the list does");
    press(&mut state, 3, "x");
    assert!(marked(&state).len() == MOST && notice(&state).contains("more are not taken"));
}

#[test]
fn look_alikes_are_marked_with_the_reason() {
    let mut state = desk();
    let effects = press(&mut state, 1, "=");
    assert!(matches!(&effects[..], [Effect::Pick(Pick { how: How::Like(CaseId(1)), .. })]));
    found(&mut state, &effects, [1, 4, 7], false, "same subject \"Tracking stuck\"");
    assert_eq!(marked(&state), [1, 4, 7]);
    assert_eq!(notice(&state), "3 like this: same subject \"Tracking stuck\" · Esc takes the marks away");
    press(&mut state, 3, "Esc");
    let effects = press(&mut state, 4, "=");
    found(&mut state, &effects, [1], false, "");
    assert!(marked(&state).is_empty() && notice(&state).contains("no other case"));
}

#[test]
fn an_answer_to_what_was_asked_before_marks_nothing() {
    let mut state = desk();
    let effects = press(&mut state, 1, "*");
    press(&mut state, 1, "2");
    found(&mut state, &effects, 1..=9, false, "");
    assert!(marked(&state).is_empty(), "another view is on the screen");
    let effects = press(&mut state, 2, "1");
    assert!(effects.is_empty());
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(window(1..10)))));
    let effects = press(&mut state, 3, "* Esc");
    found(&mut state, &effects, 1..=9, false, "");
    assert!(marked(&state).is_empty(), "the agent took it back");
}

#[test]
fn marks_go_with_their_view_and_stay_while_a_filter_is_typed() {
    let mut state = desk();
    press(&mut state, 1, "x x / a Enter");
    assert_eq!((marked(&state), state.list.filter.clone()), (vec![1, 2], Filter::parse("a").unwrap()));
    press(&mut state, 2, "Esc");
    assert!(marked(&state).is_empty() && !state.list.filter.is_empty(), "one level at a time");
    press(&mut state, 3, "x 2");
    assert!(marked(&state).is_empty());
}

#[test]
fn what_left_the_view_is_unmarked_and_said() {
    let mut state = desk();
    press(&mut state, 1, "x x x");
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(window(2..10)))));
    let effects = update(&mut state, at(2), Event::Drained);
    let asked = effects.iter().find_map(|effect| if let Effect::Load(Ask::Kept { cases, .. }) = effect { Some(cases.clone()) } else { None });
    let asked: BTreeSet<CaseId> = asked.unwrap().into_iter().collect();
    assert_eq!(asked, [1, 2, 3].map(CaseId).into());
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Kept { asked, kept: [2, 3].map(CaseId).into() })));
    assert_eq!((marked(&state), notice(&state)), (vec![2, 3], "#1 has left the view and is no longer marked · 2 marked"));
    assert!(!update(&mut state, at(3), Event::Drained).iter().any(|effect| matches!(effect, Effect::Load(Ask::Kept { .. }))), "asked once for each list");
}

proptest::proptest! {
    /// Whatever is pressed, what is marked was painted in the view that is on the screen, and no key of marking changes a case.
    #[test]
    fn marks_are_of_the_view(keys in proptest::collection::vec("[xVjkGgEsc=*12]", 1..60)) {
        let mut state = desk();
        for key in keys {
            let view = state.list.view;
            let effects = update(&mut state, at(1), Event::Pressed(input(if key == "E" { "Esc" } else { &key })));
            proptest::prop_assert!(effects.iter().all(|effect| !matches!(effect, Effect::Queue(_))));
            proptest::prop_assert!(state.list.view == view || state.list.marks.is_empty());
            proptest::prop_assert!(state.list.marks.cases.iter().all(|case| (1..10).contains(&case.0)));
        }
    }
}
