//! Views of the agent's own in the bar, a filter that is wrong, and the search in everything; wide, normal and narrow.

use super::screen;
use super::world::{at, listed, now, reading};
use caseload::app::{Event, Focus, State, update};
use caseload::model::{CaseId, Filter, Found, Hit, MessageId, Saved, ThreadId, View};
use chrono::Duration;
use insta::assert_snapshot;
use tui_textarea::{Input, Key};

fn typed(state: &mut State, keys: &str) {
    for key in keys.chars() {
        update(state, now(), Event::Pressed(Input { key: Key::Char(key), ..Input::default() }));
    }
}

fn own(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    let view = |name: &str, key| Saved { name: name.into(), filter: Filter::parse("tag:vip").unwrap(), key: Some(key), within: View::Mine, ..Saved::default() };
    state.settings.views = vec![view("VIP \u{1b}[2J", '8'), view("急ぎ", 'o')];
    state.list.saved = state.settings.views.first().cloned();
    state.list.window.filter = state.list.whole();
    let counts = state.settings.views.iter().zip([3, 1000]).map(|(view, count)| (view.name.clone(), count)).collect();
    update(&mut state, now(), Event::Counted(counts));
    state
}

fn due(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    state.list.window.due = Some(now() + Duration::minutes(12));
    state
}

fn searching(mut state: State, words: &str, found: Found) -> State {
    typed(&mut state, "g/");
    typed(&mut state, words);
    if let Some(search) = &mut state.search {
        (search.due, search.answered, search.found) = (None, words.to_owned(), found);
        search.chosen = 1;
    }
    state
}

fn found() -> Found {
    let hit = |id: i64, message: Option<i64>, contact: &str, snippet: &str, time: &str| Hit {
        case: CaseId(id),
        thread: ThreadId(id),
        message: message.map(MessageId),
        contact: contact.into(),
        snippet: snippet.into(),
        date: Some(at(time)),
    };
    Found {
        hits: vec![
            hit(4410, Some(1), "Mina Sato", "I want a refund, now", "09:12"),
            hit(
                4399,
                Some(2),
                "Zoë \u{1b}]0;x\u{7}",
                "…and when I asked about the money that I paid for all of the parcels in spring you said a Refund comes within a week, but",
                "2026-11-11T16:00",
            ),
            hit(4391, None, "山田 太郎", "返金 refund 2291", "2026-10-01T08:00"),
            hit(12, Some(4), "A name that goes on and on and never ends", "refund\nrefund\u{202e}", "2025-01-01T08:00"),
        ],
        more: true,
        partial: true,
        words: vec!["refund".into()],
    }
}

#[test]
fn views_of_ones_own_stand_in_the_bar() {
    assert_snapshot!("views_120", screen(&own(120, 40)));
    assert_snapshot!("views_80", screen(&own(80, 24)));
    assert_snapshot!("views_40", screen(&own(40, 12)));
}

#[test]
fn the_bar_says_when_the_next_reply_of_the_view_is_due() {
    let bar = |width, height| screen(&due(width, height)).lines().next().unwrap_or_default().to_owned();
    assert_snapshot!("views_due", [bar(160, 40), bar(120, 40), bar(80, 24), bar(40, 12)].join("\n"));
}

/// Everything of the bar but the clocks: no minute that passes takes away or brings anything else.
#[test]
fn nothing_in_the_bar_comes_and_goes_with_a_clock() {
    for width in 20..170 {
        let without = |minutes: i64, age: i64| {
            let mut state = due(width, 24);
            state.list.window.due = Some(state.wall() - Duration::minutes(minutes));
            state.sync.last_ok = Some(state.now - Duration::seconds(age));
            let bar = screen(&state).lines().next().unwrap_or_default().to_owned();
            let begin = bar.split(" · late ").next().unwrap_or_default();
            let rest = bar.split(" · late ").nth(1).and_then(|rest| rest.split_once(']')).map_or(String::new(), |(_, rest)| format!("]{rest}"));
            format!("{begin}{rest}").split('●').next().unwrap_or_default().trim_end().to_owned() + if bar.contains(" · late ") { " with a clock" } else { "" }
        };
        let wanted = without(1, 60);
        for (minutes, age) in [(9, 61), (10, 120), (59, 600), (60, 45), (600, 3000), (5_000, 15), (2_000_000, 15)] {
            assert_eq!(without(minutes, age), wanted, "{width} cells, {minutes} minutes late, read {age} s ago");
        }
    }
}

#[test]
fn a_case_that_the_list_has_not_leaves_no_row_lit() {
    let mut state = reading(120, 40);
    let lit = |state: &State| screen(state).lines().filter(|line| line.chars().nth(1) == Some('▌')).count();
    assert_eq!(lit(&state), 2, "the row of the open case");
    state.reader.as_mut().unwrap().case = CaseId(9);
    assert_eq!(lit(&state), 0);
    state.focus = Focus::List;
    assert_eq!(lit(&state), 2, "in the list the chosen one is lit, whatever is read");
}

#[test]
fn what_is_wrong_with_a_filter_is_said_where_it_is_typed() {
    for (name, width, height) in [("filter_error_120", 120, 40), ("filter_error_80", 80, 24), ("filter_error_40", 40, 12)] {
        let mut state = listed(width, height);
        typed(&mut state, "/mine due:soon");
        assert_snapshot!(name, screen(&state).lines().rev().take(3).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>().join("\n"));
    }
}

#[test]
fn the_search_at_three_sizes() {
    assert_snapshot!("search_120", screen(&searching(listed(120, 40), "refund closed:<30d", found())));
    assert_snapshot!("search_80", screen(&searching(reading(80, 24), "refund", found())));
    assert_snapshot!("search_40", screen(&searching(listed(40, 12), "refund", found())));
    assert_snapshot!("search_empty_80", screen(&searching(listed(80, 24), "", Found::default())));
    assert_snapshot!("search_nothing_40", screen(&searching(listed(40, 12), "channel:mail", Found::default())));
}

#[test]
fn a_search_of_any_size_and_any_text_can_be_painted() {
    for (width, height) in [(1, 1), (2, 3), (10, 4), (20, 8), (39, 11), (69, 13), (300, 80)] {
        for words in ["refund", "due:", "返金 \""] {
            let painted = screen(&searching(listed(width, height), words, found()));
            assert!(!painted.contains('\u{1b}') && !painted.contains('\u{7}') && !painted.contains('\u{202e}'));
        }
    }
}
