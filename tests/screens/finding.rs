//! Finding keys: what may follow a prefix, the palette, what completes a command, and the help with where keys come from.

use super::screen;
use super::world::{composing, listed, now, reading};
use caseload::app::bindings::{Bindings, Wanted};
use caseload::app::presets::Preset;
use caseload::app::{Event, Focus, State, update};
use caseload::model::DraftKind;
use chrono::Duration;
use insta::assert_snapshot;
use tui_textarea::{Input, Key};

/// Presses keys split at blanks, `^x` with Ctrl; then waits so that what comes late is there.
fn after(mut state: State, keys: &str) -> State {
    for key in keys.split(' ') {
        let (ctrl, bare) = key.strip_prefix('^').map_or((false, key), |rest| (true, rest));
        let key = match bare {
            "Tab" => Key::Tab,
            "Left" => Key::Left,
            "Down" => Key::Down,
            "_" => Key::Char(' '),
            _ => Key::Char(bare.chars().next().unwrap_or(' ')),
        };
        update(&mut state, now(), Event::Pressed(Input { key, ctrl, alt: false, shift: false }));
    }
    update(&mut state, now() + Duration::milliseconds(300), Event::Woke);
    state
}

#[test]
fn what_may_follow_is_said() {
    assert_snapshot!("which_120", screen(&after(listed(120, 40), "g")));
    assert_snapshot!("which_80", screen(&after(reading(80, 24), "y")));
    assert_snapshot!("which_40", screen(&after(listed(40, 12), "g")));
    assert_snapshot!("which_compose_80", screen(&after(composing(80, 24, DraftKind::Reply, "Hi"), "^x")));
}

#[test]
fn the_palette() {
    assert_snapshot!("palette_120", screen(&after(listed(120, 40), "^k")));
    assert_snapshot!("palette_80", screen(&after(reading(80, 24), "^p c o p")));
    assert_snapshot!("palette_40", screen(&after(listed(40, 12), "^k m i n a")));
}

#[test]
fn a_command_is_completed_and_its_cursor_stands_where_it_types() {
    let mut state = listed(80, 24);
    state.settings.closing_states = vec!["handled".to_owned(), "refunded".to_owned(), "no reply wanted".to_owned()];
    assert_snapshot!("command_80", screen(&after(state.clone(), ": c l o s e _ Tab Tab")));
    assert_snapshot!("command_120", screen(&after(listed(120, 40), ": s n")));
    assert_snapshot!("command_40", screen(&after(listed(40, 12), ": s n o o z e _ t")));
    let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).unwrap();
    let typed = after(state, ": 我 b Left");
    terminal.draw(|frame| caseload::view::draw(&typed, frame)).unwrap();
    terminal.backend_mut().assert_cursor_position((5, 23));
}

#[test]
fn the_help_says_where_keys_come_from() {
    let own = |place: Option<Focus>, key: &str, action: &str, line: usize| Wanted {
        place,
        key: key.to_owned(),
        action: action.to_owned(),
        place_in_file: format!("config.toml:{line}"),
    };
    let wanted = [own(Some(Focus::List), "F8", "close", 12), own(Some(Focus::List), "i", "none", 13)];
    let keys = Bindings::of(Preset::Vim).with(&wanted).unwrap();
    for (width, height, name) in [(120, 40, "help_origins_120"), (80, 24, "help_origins_80"), (40, 12, "help_origins_40")] {
        let mut state = listed(width, height);
        state.settings.keys = keys.clone();
        assert_snapshot!(name, screen(&after(state, "? c l o s e")));
    }
}
