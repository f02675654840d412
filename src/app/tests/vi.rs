//! The keys of vi in the compose box, where they are asked for; and nothing of them where they are not.

use super::*;
use crate::app::compose::vi::Mode;

fn with(vi: bool) -> State {
    let mut state = desk();
    state.settings.vi = vi;
    press(&mut state, 1, "r");
    state
}

fn typed(state: &mut State, text: &str) {
    for c in text.chars() {
        let key = if c == '\n' { Key::Enter } else { Key::Char(c) };
        update(state, at(1), Event::Pressed(Input { key, ctrl: false, alt: false, shift: false }));
    }
}

/// The text with the cursor as `|`, after these keys in normal mode; `~` is Esc, `^` begins a key with Ctrl.
fn after(text: &str, keys: &str) -> String {
    let mut state = with(true);
    typed(&mut state, text);
    press(&mut state, 1, "Esc");
    let mut letters = keys.chars();
    while let Some(c) = letters.next() {
        match c {
            '~' => press(&mut state, 1, "Esc"),
            '^' => press(&mut state, 1, &format!("^{}", letters.next().unwrap())),
            c => update(&mut state, at(1), Event::Pressed(Input { key: Key::Char(c), ctrl: false, alt: false, shift: false })),
        };
    }
    shown(&state)
}

fn shown(state: &State) -> String {
    let area = &state.compose.as_ref().unwrap().area;
    let cursor = area.cursor();
    let mut lines: Vec<String> = area.lines().to_vec();
    let at = lines[cursor.0].char_indices().nth(cursor.1).map_or(lines[cursor.0].len(), |(at, _)| at);
    lines[cursor.0].insert(at, '|');
    lines.join("\n")
}

#[test]
fn motions_go_where_they_go_in_vi() {
    let text = "one two, três\n\n  four five";
    for (keys, wanted) in [
        ("", "one two, três\n\n  four fiv|e"),
        ("0", "one two, três\n\n|  four five"),
        ("^^", "one two, três\n\n  |four five"),
        ("gg", "|one two, três\n\n  four five"),
        ("ggw", "one |two, três\n\n  four five"),
        ("gg2w", "one two|, três\n\n  four five"),
        ("gg4w", "one two, três\n|\n  four five"),
        ("gg5w", "one two, três\n\n  |four five"),
        ("gge", "on|e two, três\n\n  four five"),
        ("gg2e", "one tw|o, três\n\n  four five"),
        ("gg$", "one two, trê|s\n\n  four five"),
        ("b", "one two, três\n\n  four |five"),
        ("2b", "one two, três\n\n  |four five"),
        ("3b", "one two, três\n|\n  four five"),
        ("2h", "one two, três\n\n  four f|ive"),
        ("kk", "one two, t|rês\n\n  four five"),
        ("1G", "|one two, três\n\n  four five"),
        ("ggG", "one two, três\n\n|  four five"),
    ] {
        // `^` alone is a motion as well, written twice here.
        let keys = keys.replace("^^", "\u{5e}");
        if keys == "^" {
            let mut state = with(true);
            typed(&mut state, text);
            press(&mut state, 1, "Esc ^");
            assert_eq!(shown(&state), wanted, "^");
            continue;
        }
        assert_eq!(after(text, &keys), wanted, "{keys}");
    }
}

#[test]
fn operators_take_what_motions_cover() {
    for (text, keys, wanted) in [
        ("one two three", "0dw", "|two three"),
        ("one two three", "02dw", "|three"),
        ("one two three", "0d2w", "|three"),
        ("one two\nthree", "ggwdw", "one| \nthree"),
        ("one two three", "0de", "| two three"),
        ("one two three", "db", "one two |e"),
        ("one two three", "bd$", "one two| "),
        ("one two three", "bd0", "|three"),
        ("one two three", "0cwuno~", "un|o two three"),
        ("one two three", "0wciwzwei~", "one zwe|i three"),
        ("one two three", "0wdiw", "one | three"),
        ("one\ntwo\nthree", "ggdd", "|two\nthree"),
        ("one\ntwo\nthree", "dd", "one\n|two"),
        ("one\ntwo\nthree", "gg2dd", "|three"),
        ("one\ntwo\nthree", "ggdj", "|three"),
        ("one\ntwo\nthree", "ggdG", "|"),
        ("one\ntwo\nthree", "ggjccnew~", "one\nne|w\nthree"),
        ("one two", "0x", "|ne two"),
        ("one two", "03x", "| two"),
        ("one two", "X", "one t|o"),
        ("one two", "0wD", "one| "),
        ("one two", "0wCzwei~", "one zwe|i"),
        ("one two", "0rO", "|One two"),
        ("one two", "3rO", "one tw|o"),
    ] {
        assert_eq!(after(text, keys), wanted, "{text:?} {keys}");
    }
}

#[test]
fn what_was_taken_is_put_and_what_was_done_is_undone_and_repeated() {
    for (text, keys, wanted) in [
        ("one two", "0dwP", "one| two"),
        ("one two", "0ywP", "one| one two"),
        ("one\ntwo", "ggyyp", "one\n|one\ntwo"),
        ("one\ntwo", "ggddp", "two\n|one"),
        ("one\ntwo", "yyP", "one\n|two\ntwo"),
        ("one two three", "0dw.", "|three"),
        ("one two three", "0cwx~w.", "x |x three"),
        ("one two three", "0dwu", "one |two three"),
        ("one two three", "0dwu^r", "|two three"),
        ("one", "ofour~kOzero~", "zer|o\none\nfour"),
        ("one", "Azwei~Ieins ~", "eins| onezwei"),
        ("one two three", "0wvey$p", "one two threetw|o"),
        ("one two three", "0vwd", "|wo three"),
        ("one two three", "0vllcdrei~", "dre|i two three"),
        ("one", "5q2~x", "o|n"),
    ] {
        assert_eq!(after(text, keys), wanted, "{text:?} {keys}");
    }
}

#[test]
fn an_esc_too_many_stays_in_the_box_and_q_leaves_it() {
    let mut state = with(true);
    let mode = |state: &State| state.compose.as_ref().and_then(|compose| compose.vi.as_ref()).map(|vi| vi.mode);
    assert_eq!(mode(&state), Some(Mode::Insert));
    typed(&mut state, "text");
    press(&mut state, 1, "Esc");
    assert_eq!((mode(&state), state.focus), (Some(Mode::Normal), Focus::Compose));
    press(&mut state, 1, "2 d Esc");
    assert_eq!((mode(&state), state.focus), (Some(Mode::Normal), Focus::Compose), "a half command is dropped first");
    press(&mut state, 1, "Esc Esc");
    assert_eq!((mode(&state), state.focus), (Some(Mode::Normal), Focus::Compose), "what follows would be keys of the thread");
    assert_eq!(state.notice.as_ref().map(|notice| notice.text.as_str()), Some("q keeps the draft and goes back"));
    let effects = press(&mut state, 1, "q");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(draft) if draft.text == "text")));
    assert_eq!(state.focus, Focus::Reader);
}

#[test]
fn the_other_keys_of_the_box_are_the_same_in_every_mode() {
    for keys in ["h i ^s", "h i Esc ^s", "h i Esc v ^s"] {
        let mut state = with(true);
        let effects = press(&mut state, 1, keys);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Queue(ops) if ops[0].mutation.change == Change::reply("hi"))), "{keys}: {effects:?}");
    }
    let mut state = with(true);
    press(&mut state, 1, "h i Esc ^x l");
    assert!(state.prompt.is_some());
}

#[test]
fn without_the_setting_every_letter_is_text() {
    let mut state = with(false);
    typed(&mut state, "dd0xGggi:wq2dwp.u");
    assert_eq!(state.compose.as_ref().unwrap().text(), "dd0xGggi:wq2dwp.u");
    assert!(state.compose.as_ref().unwrap().vi.is_none());
    press(&mut state, 1, "Esc");
    assert_eq!(state.focus, Focus::Reader);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    /// Whatever is typed, the cursor stands in the text and nothing breaks.
    #[test]
    fn no_keys_break_the_box(keys in proptest::collection::vec("[hjklwbe0^$gGiIaAoOxXDCdcypPuv.r123 ~é]", 1..120)) {
        let mut state = with(true);
        typed(&mut state, "one two\n\n  drei, vier\nfünf");
        for key in keys {
            let key = if key == "~" { Key::Esc } else { Key::Char(key.chars().next().unwrap()) };
            if state.focus != Focus::Compose {
                break;
            }
            update(&mut state, at(1), Event::Pressed(Input { key, ctrl: false, alt: false, shift: false }));
            if let Some(compose) = &state.compose {
                let cursor = compose.area.cursor();
                proptest::prop_assert!(compose.area.lines().get(cursor.0).is_some_and(|line| cursor.1 <= line.chars().count()));
            }
        }
    }
}
