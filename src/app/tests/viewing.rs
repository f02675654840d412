//! Views of the agent's own, and the search in everything.

use super::*;
use crate::model::query::{Sort, SortBy};
use crate::model::{Filter, Found, Habit, Hit, Saved};

fn saved(name: &str, filter: &str, key: Option<char>) -> Saved {
    Saved { name: name.into(), filter: Filter::parse(filter).unwrap(), key, within: View::Mine, ..Saved::default() }
}

fn own() -> State {
    let mut state = desk();
    let newest = Sort { by: SortBy::Updated, reversed: false };
    state.settings.views = vec![saved("VIP", "tag:vip", Some('8')), Saved { sort: newest, ..saved("Old ones", "-unread", Some('o')) }];
    state
}

fn asked(state: &mut State, seconds: i64) -> Option<WindowAsk> {
    let effects = update(state, at(seconds), Event::Drained);
    effects.into_iter().find_map(|effect| if let Effect::Load(Ask::Window(ask)) = effect { Some(ask) } else { None })
}

fn typed(state: &mut State, seconds: i64, text: &str) {
    for c in text.chars() {
        update(state, at(seconds), Event::Pressed(Input { key: Key::Char(c), ctrl: false, alt: false, shift: false }));
    }
}

fn searches(effects: &[Effect]) -> Vec<(u64, usize)> {
    effects.iter().filter_map(|effect| if let Effect::Search { number, limit, .. } = effect { Some((*number, *limit)) } else { None }).collect()
}

fn hits(count: i64) -> Found {
    let hit = |id| Hit {
        case: CaseId(id),
        thread: ThreadId(id),
        message: Some(MessageId(id)),
        contact: "Mina".into(),
        snippet: "a refund".into(),
        date: Some(at(0)),
    };
    Found { hits: (1..=count).map(hit).collect(), words: vec!["refund".into()], more: true, partial: true }
}

/// With an answer to what was typed.
fn searching(count: i64) -> State {
    let mut state = desk();
    press(&mut state, 1, "g /");
    typed(&mut state, 1, "refund");
    let effects = update(&mut state, at(2), Event::Woke);
    let [(number, 50)] = searches(&effects)[..] else { panic!("{effects:?}") };
    update(&mut state, at(2), Event::Found { number, text: "refund".into(), result: Box::new(Ok(hits(count))) });
    state
}

#[test]
fn a_view_of_ones_own_has_a_key_a_name_and_a_place_behind_the_others() {
    let mut state = own();
    press(&mut state, 1, "8");
    let ask = asked(&mut state, 1).unwrap();
    assert_eq!((ask.view, &ask.filter, state.list.title()), (View::Mine, &state.settings.views[0].filter, "VIP"));
    press(&mut state, 2, "g o");
    let ask = asked(&mut state, 2).unwrap();
    assert_eq!((state.list.title(), ask.sort.by), ("Old ones", SortBy::Updated));
    press(&mut state, 3, "Tab");
    assert_eq!(state.list.title(), "Drafts");
    press(&mut state, 3, "Tab");
    assert_eq!((state.list.title(), state.list.saved.is_none()), ("Queue", true));
    press(&mut state, 4, ":");
    typed(&mut state, 4, "view old ones");
    press(&mut state, 4, "Enter");
    assert_eq!(state.list.title(), "Old ones");
    press(&mut state, 5, "g d");
    let ask = asked(&mut state, 5).unwrap();
    assert_eq!((state.list.title(), ask.filter), ("Drafts", Saved::drafts().filter));
    press(&mut state, 6, "9");
    assert!(state.notice.is_some() && state.list.title() == "Drafts", "no view has that key");
}

#[test]
fn a_filter_that_is_typed_narrows_the_view_and_a_window_of_another_question_is_dropped() {
    let mut state = own();
    press(&mut state, 1, "8 /");
    typed(&mut state, 1, "mine");
    let ask = asked(&mut state, 1).unwrap();
    assert_eq!(ask.filter, Filter::parse("tag:vip mine").unwrap());
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Window(Window { view: View::Mine, rows: vec![row(3)], ..Window::default() }))));
    assert!(state.list.window.rows.is_empty(), "that was asked before");
    let answer = Window { view: ask.view, filter: ask.filter, rows: vec![row(4)], ..Window::default() };
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Window(answer))));
    assert_eq!(state.list.selected, Some(CaseId(4)));
    press(&mut state, 2, "Esc");
    assert_eq!(asked(&mut state, 2).unwrap().filter, state.settings.views[0].filter, "the view's own filter stays");
}

#[test]
fn views_are_counted_once_at_a_time_and_not_at_every_key() {
    let mut state = own();
    let counts = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Count(_))).count();
    let mut seen = 0;
    for second in 1..60 {
        press(&mut state, second, "j");
        seen += counts(&update(&mut state, at(second), Event::Drained));
    }
    assert!(seen <= 1, "{seen} counts for steps in a list");
    update(&mut state, at(60), Event::Counted(vec![("VIP".into(), 3)]));
    assert_eq!((state.tallies.of("VIP"), state.tallies.of("Old ones")), (Some(3), None));
}

#[test]
fn words_are_looked_up_after_a_pause_and_an_answer_to_older_ones_is_dropped() {
    let mut state = desk();
    press(&mut state, 1, "^f");
    assert_eq!(state.focus, Focus::Search);
    typed(&mut state, 1, "ref");
    let due = state.search.as_ref().unwrap().due.unwrap();
    assert!(state.wake_at().unwrap() <= due && due > at(1), "it wakes for it");
    let first = searches(&update(&mut state, at(2), Event::Woke));
    typed(&mut state, 2, "und");
    let second = searches(&update(&mut state, at(3), Event::Woke));
    assert_eq!((first.len(), second.len()), (1, 1));
    update(&mut state, at(3), Event::Found { number: first[0].0, text: "ref".into(), result: Box::new(Ok(hits(9))) });
    assert!(state.search.as_ref().unwrap().found.hits.is_empty());
    update(&mut state, at(3), Event::Found { number: second[0].0, text: "refund".into(), result: Box::new(Ok(hits(2))) });
    assert_eq!(state.search.as_ref().unwrap().found.hits.len(), 2);
    press(&mut state, 4, "Esc");
    assert_eq!((state.focus, state.list.selected), (Focus::List, Some(CaseId(1))));
    press(&mut state, 5, "g /");
    assert_eq!(state.search.as_ref().unwrap().text, "refund", "it is there again");
}

#[test]
fn a_hit_opens_at_its_message_with_the_words_set_and_esc_goes_back_to_the_hits() {
    let mut state = searching(3);
    press(&mut state, 3, "^n");
    let effects = press(&mut state, 3, "Enter");
    assert!(effects.contains(&Effect::Load(Ask::Conversation(CaseId(2)))), "{effects:?}");
    let said = |id: i64| Message {
        id: MessageId(id),
        case_id: CaseId(2),
        message: format!("line {id} refund").as_str().into(),
        date_created: Some(at(id)),
        ..Message::default()
    };
    let conversation = Conversation {
        cases: vec![crate::model::Case { id: CaseId(2), ..crate::model::Case::default() }],
        messages: (1..9).map(said).collect(),
        ..Conversation::default()
    };
    update(&mut state, at(3), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(2), conversation: Some(conversation) })));
    let reader = state.reader.as_ref().unwrap();
    assert_eq!((reader.find.as_str(), reader.message, reader.found.is_some()), ("refund", Some(1), true));
    press(&mut state, 4, "]");
    assert_eq!(state.reader.as_ref().unwrap().case, CaseId(3), "the next hit");
    press(&mut state, 4, "Esc");
    assert_eq!((state.focus, state.search.as_ref().unwrap().chosen), (Focus::Search, 2));
    press(&mut state, 4, "Esc");
    assert_eq!((state.focus, state.list.selected), (Focus::List, Some(CaseId(1))), "where one was");
}

#[test]
fn behind_the_last_hit_are_more_and_a_wrong_term_is_said() {
    let mut state = searching(50);
    let mut effects = Vec::new();
    for _ in 0..50 {
        effects.extend(press(&mut state, 3, "^n"));
    }
    assert_eq!(searches(&effects).iter().map(|(_, limit)| *limit).collect::<Vec<_>>(), [100]);
    typed(&mut state, 4, " due:x");
    assert!(state.search.as_ref().unwrap().error.as_ref().unwrap().contains("column 8: due: needs a time like <30m"));
    assert_eq!(searches(&update(&mut state, at(9), Event::Woke)), []);
    update(&mut state, at(9), Event::Pasted(" a\u{1b}b\n".into()));
    assert!(!state.search.as_ref().unwrap().text.contains('\u{1b}'));
}

#[test]
fn while_what_fits_a_filter_is_looked_for_the_old_rows_stay_and_keys_act_on_them() {
    let mut state = desk();
    update(&mut state, at(0), Event::Drained);
    let rows = state.list.window.clone();
    press(&mut state, 1, "/ r e");
    let first = asked(&mut state, 1).unwrap();
    assert_eq!((asked(&mut state, 1), asked(&mut state, 2)), (None, None), "asked once");
    press(&mut state, 3, "f");
    let second = asked(&mut state, 3).unwrap();
    assert!(second.filter != first.filter && asked(&mut state, 3).is_none());
    let answer = |ask: WindowAsk, ids: std::ops::Range<i64>| Window { view: ask.view, filter: ask.filter, ..window(ids) };
    update(&mut state, at(4), Event::Loaded(Box::new(Loaded::Window(answer(first, 30..40)))));
    assert!(state.list.asked && state.list.window == rows, "an answer to what is not asked any more");
    press(&mut state, 5, "Enter");
    update(&mut state, at(5), Event::Drained);
    let painted = state.list.selected;
    let closed = press(&mut state, 6, "e");
    let on = closed.iter().find_map(|effect| if let Effect::Queue(ops) = effect { ops.first().map(Op::case) } else { None });
    assert_eq!(on, painted);
    update(&mut state, at(7), Event::Loaded(Box::new(Loaded::Window(answer(second, 30..40)))));
    assert_eq!((state.list.asked, state.list.window.rows[0].id), (false, CaseId(30)));
    assert!(asked(&mut state, 7).is_some(), "it was read before the case was closed");
    let closed = press(&mut state, 7, "e");
    assert!(!closed.iter().any(|effect| matches!(effect, Effect::Queue(_))), "no frame showed them yet");
}

#[test]
fn the_panes_are_as_they_were_left() {
    let mut state = desk();
    state.settings.interactive = true;
    let learned = |effects: &[Effect]| effects.iter().find_map(|effect| if let Effect::Habit(habit) = effect { Some(habit.clone()) } else { None });
    let wide = screen::panes(&state).list.unwrap().width;
    assert_eq!(learned(&press(&mut state, 1, "_")), Some(Habit::Panes { wider: -4, card_hidden: false }));
    assert_eq!(learned(&press(&mut state, 1, "v")), Some(Habit::Panes { wider: -4, card_hidden: true }));
    let habits = state.habits.clone();
    let mut next = desk();
    update(&mut next, at(1), Event::Loaded(Box::new(Loaded::Habits(Box::new(habits.clone())))));
    let panes = screen::panes(&next);
    assert_eq!((panes.list.unwrap().width, panes.contact), (wide - 4, None));
    // Where the card has no place of its own it is shown by the key, which is no wish for later; and a wide screen is as it was left.
    next.settings.interactive = true;
    update(&mut next, at(2), Event::Resized { width: 80, height: 24 });
    assert!(!next.card);
    assert_eq!(learned(&press(&mut next, 3, "v")), None);
    assert!(next.card && screen::panes(&next).contact.is_some());
    update(&mut next, at(4), Event::Resized { width: 120, height: 40 });
    assert_eq!(screen::panes(&next).contact, None);
}

#[test]
fn a_list_that_could_not_be_read_is_asked_for_again() {
    let mut state = desk();
    let asks = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Load(Ask::Window(_)))).count();
    state.stale_list = true;
    assert_eq!(asks(&update(&mut state, at(1), Event::Drained)), 1);
    let effects = update(&mut state, at(1), Event::DiskFailed("reading the list: disk I/O error".into()));
    assert_eq!(asks(&effects) + asks(&update(&mut state, at(2), Event::Drained)), 0, "not at once: it would fail as fast as it is asked");
    assert!(state.wake_at() <= Some(at(6)));
    assert_eq!(asks(&update(&mut state, at(6), Event::Drained)), 1);
    assert_eq!(asks(&update(&mut state, at(30), Event::Drained)), 0, "it is on its way");
}

#[test]
fn a_case_that_is_opened_by_its_number_leaves_the_cursor_where_the_list_has_it() {
    let mut state = desk();
    press(&mut state, 1, "j j : 4 4 1 0 Enter");
    assert_eq!((state.focus, state.target(), state.list.selected), (Focus::Reader, Some(CaseId(4410)), Some(CaseId(3))));
    press(&mut state, 1, "Esc");
    assert_eq!((state.focus, state.target()), (Focus::List, Some(CaseId(3))));
    press(&mut state, 1, ": 7 Enter");
    assert_eq!((state.target(), state.list.selected), (Some(CaseId(7)), Some(CaseId(7))), "a row that is there is gone to");
}
