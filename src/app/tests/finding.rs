//! Finding keys: prefixes, the palette, the command line and its history, and keys of one's own.

use super::*;
use crate::app::bindings::{Bindings, Wanted};
use crate::app::prompt::PromptKind;

fn prompt_text(state: &State) -> &str {
    state.prompt.as_ref().map_or("", |prompt| prompt.text.as_str())
}

fn error(state: &State) -> &str {
    state.prompt.as_ref().and_then(|prompt| prompt.error.as_deref()).unwrap_or_default()
}

#[test]
fn what_may_follow_is_shown_after_a_pause_and_gone_with_the_next_key() {
    let mut state = desk();
    press(&mut state, 1, "g");
    assert!(which::following(&state).is_empty());
    assert_eq!(state.wake_at(), Some(at(1) + Duration::milliseconds(300)));
    update(&mut state, at(1) + Duration::milliseconds(300), Event::Woke);
    let rows = which::following(&state);
    assert!(rows.iter().any(|(key, words)| key == "i" && words.contains("Queue")), "{rows:?}");
    assert_ne!(state.wake_at(), Some(at(1) + Duration::milliseconds(300)), "it is not waited for twice");
    press(&mut state, 2, "Esc");
    assert!(state.keys.is_empty() && which::following(&state).is_empty() && state.notice.is_none());
    press(&mut state, 2, "r ^x Esc");
    assert!(state.focus == Focus::Compose && state.keys.is_empty(), "Esc ends the sequence, not the text");
}

#[test]
fn every_action_is_in_the_palette_of_its_places_and_runs_by_its_name() {
    for row in keymap::KEYS.iter().filter(|row| row.action != Action::Palette) {
        for place in row.places {
            let mut state = desk();
            state.focus = *place;
            palette::open(&mut state);
            let entries = &state.finding.palette.as_ref().unwrap().entries;
            assert!(entries.iter().any(|entry| entry.name == row.action.name()), "{} in {place:?}", row.action.name());
            assert!(keymap::names(*place).contains(&row.action.name()));
        }
    }
}

#[test]
fn the_palette_acts_on_the_case_it_was_opened_on_and_on_no_other() {
    let mut state = desk();
    let effects = press(&mut state, 1, "j ^k c l o s e Enter");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops[0].case() == CaseId(2)));
    press(&mut state, 2, "^k c l o s e");
    state.list.selected = Some(CaseId(7));
    let effects = press(&mut state, 2, "Enter");
    assert!(effects.is_empty() && state.notice.as_ref().unwrap().text.contains("another case"));
}

#[test]
fn what_was_used_comes_first_and_what_does_nothing_says_why() {
    let mut state = desk();
    press(&mut state, 1, "^p h e l p Enter");
    assert_eq!(state.focus, Focus::Help);
    press(&mut state, 1, "Esc ^p");
    assert_eq!(state.prompt.as_ref().unwrap().choices[0], "help");
    press(&mut state, 1, "r e d o Enter");
    assert_eq!(error(&state), "there is nothing to redo");
    press(&mut state, 1, "Esc");
    state.list.window.rows[0].status = Status::Closed;
    press(&mut state, 1, "^p c l a i m Enter");
    assert_eq!(error(&state), "#1: it is closed");
    let effects = press(&mut state, 1, "^u # 5 Enter");
    assert!(state.focus == Focus::Reader && state.list.selected == Some(CaseId(5)), "{effects:?}");
}

#[test]
fn a_sentence_is_found_by_how_its_words_begin_and_a_name_by_its_letters() {
    let mut state = desk();
    state.list.window.rows[0].snippet = "where is my parcel? 荷物はどこですか".into();
    press(&mut state, 1, "^p");
    let found = |typed: &str| palette::choices(&state, typed);
    for (typed, wanted) in [("parcel", true), ("mina par", true), ("荷物", true), ("どこ", true), ("arcel", false), ("wmp", false), ("mina zoo", false)] {
        assert_eq!(found(typed).contains(&"#1".to_owned()), wanted, "{typed}");
    }
    assert_eq!((found("cls").first().map(String::as_str), found("#1").first().map(String::as_str)), (Some("close"), Some("#1")));
}

#[test]
fn a_command_takes_words_completes_them_and_comes_back() {
    let mut state = desk();
    state.settings.closing_states = vec!["handled".to_owned(), "refunded".to_owned(), "resold".to_owned()];
    press(&mut state, 1, ": c l o s e Space r e Tab");
    assert_eq!(prompt_text(&state), "close refunded");
    press(&mut state, 1, "Tab");
    assert_eq!(prompt_text(&state), "close resold");
    press(&mut state, 1, "Tab");
    assert_eq!(prompt_text(&state), "close refunded", "it goes around");
    let effects = press(&mut state, 1, "Enter");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops[0].mutation.change == Change::Close { state: "refunded".into() }));
    let effects = press(&mut state, 2, ": c l o s e Space r e f Enter");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops[0].mutation.change == Change::Close { state: "ref".into() }), "own words count as typed");
    let up = Input { key: Key::Up, ctrl: false, alt: false, shift: false };
    press(&mut state, 3, ":");
    update(&mut state, at(3), Event::Pressed(up.clone()));
    update(&mut state, at(3), Event::Pressed(up));
    assert_eq!(prompt_text(&state), "close refunded");
    press(&mut state, 3, "Esc : c l a i m Space x Enter");
    assert_eq!(error(&state), "'claim' takes nothing behind it");
    press(&mut state, 3, "Esc : c l o z e Enter");
    assert_eq!(error(&state), "no command is called 'cloze': did you mean 'close'?");
    press(&mut state, 3, "Esc : v i e w Space m i Enter");
    assert_eq!(state.list.view, View::Mine);
}

#[test]
fn the_cursor_of_a_question_moves_and_text_goes_where_it_is() {
    let mut state = desk();
    press(&mut state, 1, "/ c d Home a b ^e e");
    assert_eq!(prompt_text(&state), "abcde");
    press(&mut state, 1, "^a ^k x");
    assert_eq!((prompt_text(&state), state.prompt.as_ref().map(|prompt| prompt.kind)), ("x", Some(PromptKind::Filter)));
}

#[test]
fn a_key_of_ones_own_does_what_it_says_and_the_bar_shows_it() {
    let mut state = desk();
    let own = |place: Focus, key: &str, action: &str| Wanted { place: Some(place), key: key.into(), action: action.into(), place_in_file: String::new() };
    let wanted = [own(Focus::List, "!", "close"), own(Focus::List, "e", "none"), own(Focus::Compose, "Enter", "send"), own(Focus::List, "U", "undo")];
    state.settings.keys = Bindings::default().with(&wanted).unwrap();
    assert!(hints::hints(&state).contains(&("!".to_owned(), "close".to_owned())));
    assert!(press(&mut state, 1, "e").is_empty());
    assert!(matches!(&press(&mut state, 1, "!")[0], Effect::Queue(ops) if ops[0].case() == CaseId(1)));
    assert!(state.notice.as_ref().unwrap().text.ends_with("· U takes it back"), "{:?}", state.notice);
    press(&mut state, 2, "r h i Enter");
    assert!(state.compose.is_none() && state.outbox.ops.iter().any(|op| op.mutation.change.text() == Some("hi")), "Enter sends");
}

#[test]
fn a_view_of_ones_own_has_its_key_behind_the_prefix_and_its_name_everywhere() {
    let mut state = desk();
    state.settings.views = vec![Saved { name: "Urgent".into(), key: Some('u'), within: View::All, ..Saved::default() }];
    let shown = |state: &State| state.list.saved.as_ref().map(|saved| saved.name.clone());
    press(&mut state, 1, "g");
    update(&mut state, at(1) + Duration::milliseconds(300), Event::Woke);
    assert!(which::following(&state).contains(&("u".to_owned(), "view: Urgent".to_owned())));
    press(&mut state, 2, "u");
    assert_eq!(shown(&state).as_deref(), Some("Urgent"));
    for keys in ["1 : v i e w Space u r Enter", "1 ^k u r g e n t Enter"] {
        press(&mut state, 3, keys);
        assert_eq!(shown(&state).as_deref(), Some("Urgent"), "{keys}");
    }
}

#[test]
fn a_case_is_given_by_the_whole_name_of_one_colleague_or_by_none() {
    let mut state = desk();
    state.agents =
        [(21, "Ola Nordmann"), (22, "Kari"), (23, "kari")].map(|(id, name)| crate::model::Person { id, name: name.into(), email: None, kind: None }).to_vec();
    let effects = press(&mut state, 1, ": a s s i g n Space o l a Enter");
    let to = |op: &Op| matches!(&op.mutation.change, Change::Assign { users, .. } if users == &[crate::model::UserId(21)]);
    assert!(matches!(&effects[0], Effect::Queue(ops) if to(&ops[0])), "{effects:?}");
    assert!(press(&mut state, 2, ": a s s i g n Space k a r i Enter").is_empty());
    assert_eq!(error(&state), "several are called 'kari': assign without a name shows them");
    assert!(press(&mut state, 2, "^u a s s i g n Space x y Enter").is_empty());
    assert_eq!(error(&state), "nobody is called 'xy'");
}
