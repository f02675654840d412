//! The compose box: what keys do to a text, and that none is lost.

use super::*;
use crate::model::{Draft, DraftKind, Version};

fn millis(count: i64) -> Timestamp {
    at(1) + Duration::milliseconds(count)
}

fn typed(state: &mut State, text: &str) {
    for c in text.chars() {
        let key = if c == '\n' { Key::Enter } else { Key::Char(c) };
        update(state, at(1), Event::Pressed(Input { key, ctrl: false, alt: false, shift: false }));
    }
}

fn text(state: &State) -> String {
    state.compose.as_ref().unwrap().text()
}

fn saved(effects: &[Effect]) -> Vec<&str> {
    effects.iter().filter_map(|effect| if let Effect::SaveDraft(draft) = effect { Some(draft.text.as_str()) } else { None }).collect()
}

#[test]
fn who_types_without_a_pause_is_saved_before_a_second_is_over() {
    let mut state = desk();
    press(&mut state, 1, "r");
    let mut last = 0;
    let mut gap = 0;
    for count in 0..60 {
        let now = count * 100;
        let effects = update(&mut state, millis(now), Event::Pressed(input("a")));
        if !saved(&effects).is_empty() {
            (gap, last) = (gap.max(now - last), now);
        }
    }
    assert!((300..=800).contains(&gap), "{gap}");
    // And a pause saves at once.
    let effects = update(&mut state, millis(5_900 + 250), Event::Woke);
    assert_eq!(saved(&effects), ["a".repeat(60)]);
}

#[test]
fn an_earlier_text_comes_back_and_the_one_that_stood_there_is_kept() {
    let mut state = desk();
    press(&mut state, 1, "r");
    typed(&mut state, "now");
    let effects = press(&mut state, 1, "^x h");
    assert_eq!(saved(&effects), ["now"], "what stands there is on the disk first");
    assert!(effects.contains(&Effect::Load(Ask::Versions(CaseId(1)))));
    let version = |text: &str, state| Version { kind: DraftKind::Reply, text: text.into(), at: at(0), state, head: None };
    let versions = vec![version("long ago", None), version("sent once", Some(OpState::Sent))];
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Versions { case: CaseId(1), versions })));
    assert_eq!(state.focus, Focus::Prompt);
    let effects = press(&mut state, 1, "s e n t Enter");
    assert_eq!((saved(&effects), text(&state).as_str(), state.focus), (vec!["sent once"], "sent once", Focus::Compose));
    press(&mut state, 1, "^_");
    assert_eq!(text(&state), "now");
    press(&mut state, 1, "^r");
    assert_eq!(text(&state), "sent once");
}

#[test]
fn undo_takes_words_and_a_text_from_the_editor_is_one_step() {
    let mut state = desk();
    press(&mut state, 1, "r");
    typed(&mut state, "one two three");
    let _asked = press(&mut state, 1, "^o");
    update(&mut state, at(2), Event::Edited(Edited::Text { text: "another\ntext\n".into(), trouble: None }));
    assert_eq!(text(&state), "another\ntext");
    for (key, wanted) in [
        ("^_", "one two three"),
        ("^_", "one two"),
        ("^_", "one"),
        ("^7", ""),
        ("^r", "one "),
        ("^r", "one two "),
        ("^r", "one two three"),
        ("^r", "another\ntext"),
    ] {
        press(&mut state, 3, key);
        assert_eq!(text(&state), wanted, "{key}");
    }
    press(&mut state, 3, "^_ x ^r");
    assert_eq!(text(&state), "one two threex", "what was typed since ends what could be redone");
}

#[test]
fn an_editor_that_fails_or_leaves_nothing_loses_nothing() {
    let mut state = desk();
    press(&mut state, 1, "r");
    typed(&mut state, "words\nand more");
    press(&mut state, 1, "^a");
    let text_of = |text: &str, trouble: Option<&str>| Edited::Text { text: text.into(), trouble: trouble.map(str::to_owned) };
    for left in [Edited::Same, text_of("", None), text_of(" \n\n", Some("it failed")), Edited::Failed("no vi: set EDITOR".into())] {
        update(&mut state, at(2), Event::Edited(left));
        assert_eq!(text(&state), "words\nand more");
        let cursor = state.compose.as_ref().unwrap().area.cursor();
        assert_eq!((cursor.0, cursor.1), (1, 0));
    }
}

#[test]
fn what_an_editor_saved_before_it_failed_is_in_the_box_and_said() {
    let mut state = desk();
    press(&mut state, 1, "r");
    typed(&mut state, "one\ntwo\nthree");
    press(&mut state, 1, "^p");
    let left = Edited::Text { text: "one\ntwo and\r\nthree\u{1b}\nfour\n".into(), trouble: Some("the editor \"vi\" ended with code 1".into()) };
    let effects = update(&mut state, at(2), Event::Edited(left));
    assert_eq!((text(&state).as_str(), saved(&effects)), ("one\ntwo and\nthree\nfour", vec!["one\ntwo and\nthree\nfour"]));
    let notice = state.notice.clone().unwrap().text;
    assert!(notice.contains("ended with code 1: what it saved is in the box"), "{notice}");
    let cursor = state.compose.as_ref().unwrap().area.cursor();
    assert_eq!((cursor.0, cursor.1), (1, 3), "where it stood");
    press(&mut state, 3, "^_");
    assert_eq!(text(&state), "one\ntwo\nthree", "one step");
    update(&mut state, at(4), Event::Edited(Edited::Failed("no vi: set EDITOR".into())));
    assert_eq!((text(&state).as_str(), state.notice.unwrap().text.as_str()), ("one\ntwo\nthree", "no vi: set EDITOR"));
}

#[test]
fn the_keys_of_a_shells_line_do_what_they_do_there() {
    let mut state = desk();
    press(&mut state, 1, "r");
    typed(&mut state, "one two three");
    for (keys, wanted) in [
        ("^w", "one two "),
        ("^u", ""),
        ("^y", "one two "),
        ("^a ^k", ""),
        ("^y ^a ^d", "ne two "),
        ("^e x", "ne two x"),
        ("^b ^h", "ne twox"),
        ("^j y", "ne two\nyx"),
    ] {
        press(&mut state, 1, keys);
        assert_eq!(text(&state), wanted, "{keys}");
    }
    let alt = |key: &str| Event::Pressed(Input { alt: true, ..input(key) });
    for key in ["b", "b", "b", "d"] {
        update(&mut state, at(1), alt(key));
    }
    assert_eq!(text(&state), "ne \nyx");
}

#[test]
fn a_text_has_a_limit_and_says_so() {
    let mut state = desk();
    press(&mut state, 1, "r");
    update(&mut state, at(1), Event::Pasted("x".repeat(2 * 1024 * 1024)));
    assert_eq!(text(&state).len(), 1024 * 1024);
    assert!(state.notice.as_ref().unwrap().text.contains("1 MiB"));
    press(&mut state, 1, "y");
    assert_eq!(text(&state).len(), 1024 * 1024);
}

#[test]
fn a_draft_of_another_kind_says_what_it_is() {
    let mut state = desk();
    press(&mut state, 1, "r");
    let draft = Draft { case: CaseId(1), kind: DraftKind::Note, text: "for us".into(), answers: None, updated: at(0), ..Draft::default() };
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(draft) })));
    assert_eq!((state.compose.as_ref().unwrap().kind, text(&state).as_str()), (DraftKind::Note, "for us"));
}
