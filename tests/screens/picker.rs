//! The picker of canned replies: over the list, over a thread, over the compose box; wide, normal and narrow.

use super::screen;
use super::world::{composing, listed, now, reading};
use caseload::app::{Event, State, update};
use caseload::model::{Canned, CaseId, DraftKind};
use insta::assert_snapshot;
use tui_textarea::{Input, Key};

/// With a shelf, after these keys.
fn picking(mut state: State, keys: &str) -> State {
    let canned = |name: &str, key: Option<u8>, text: &str| Canned { name: name.into(), key, text: text.into(), ..Canned::default() };
    let replies = vec![
        Canned {
            state: Some("handled".into()),
            ..canned(
                "Thanks, all done",
                Some(1),
                "Hi {{contact.first|there}},\n\nthank you for writing to us. Everything is settled on our side now; if anything is still open, just answer here.\n\nKind regards\n{{agent.first}}",
            )
        },
        Canned { snooze: Some("tomorrow 9".into()), ..canned("Parcel is on its way", Some(2), "Your order {{case.order}} has left us, {{contact.first}}.") },
        Canned { note: true, ..canned("Asked the courier", Some(3), "asked the courier") },
        canned("荷物はこちらです", None, "{{contact.fax}} へ送りました。ありがとうございます。"),
        Canned { state: Some("spam".into()), ..canned("Spam, no answer", Some(9), "") },
        canned("Evil \u{1b}[2J\u{202e}", None, "\u{1b}]0;x\u{7}"),
    ];
    update(&mut state, now(), Event::Stocked { replies, flaws: Vec::new() });
    for key in keys.chars() {
        update(&mut state, now(), Event::Pressed(Input { key: Key::Char(key), ..Input::default() }));
    }
    assert!(state.prompt.is_some());
    state
}

#[test]
fn a_macro_shows_what_it_would_say_and_do() {
    assert_snapshot!("macro_120", screen(&picking(listed(120, 40), "m")));
    assert_snapshot!("macro_80", screen(&picking(reading(80, 24), "mpar")));
    assert_snapshot!("macro_40", screen(&picking(reading(40, 12), "m")));
}

#[test]
fn a_canned_reply_is_picked_over_the_box() {
    assert_snapshot!("canned_120", screen(&picking(composing(120, 40, DraftKind::Reply, ""), "/物")));
    assert_snapshot!("canned_80", screen(&picking(composing(80, 24, DraftKind::Note, ""), "/as")));
    assert_snapshot!("canned_40", screen(&picking(composing(40, 12, DraftKind::Reply, ""), "/zzz")));
}

#[test]
fn any_size_and_any_text_can_be_painted() {
    for (width, height) in [(1, 1), (2, 3), (10, 4), (20, 8), (39, 11), (69, 13), (90, 14), (91, 6), (300, 80)] {
        for keys in ["m", "mev", "mzzz"] {
            let painted = screen(&picking(reading(width, height), keys));
            assert!(!painted.contains('\u{1b}') && !painted.contains('\u{7}') && !painted.contains('\u{202e}'));
        }
    }
    let mut state = picking(listed(80, 24), "m");
    state.list.selected = Some(CaseId(1));
    let _painted = screen(&state);
}
