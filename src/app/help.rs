//! The key help: opened over any place, searched by typing, closed by Esc.

use super::state::Help;
use super::{Effect, Focus, State, keymap};
use tui_textarea::{Input, Key};

pub fn open(state: &mut State) -> Vec<Effect> {
    state.help = Some(Help { from: state.focus, ..Help::default() });
    state.focus = Focus::Help;
    Vec::new()
}

pub fn close(state: &mut State) {
    if let Some(help) = state.help.take() {
        state.focus = help.from;
    }
}

/// Letters search, arrows scroll, Esc closes.
pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    let Some(help) = &mut state.help else {
        state.focus = Focus::List;
        return Vec::new();
    };
    match (input.key, input.ctrl) {
        (Key::Esc | Key::Enter, _) => close(state),
        (Key::Char('q' | '?'), false) if help.search.is_empty() => close(state),
        (Key::Down, _) => help.scroll = help.scroll.saturating_add(1).min(keymap::KEYS.len()),
        (Key::Up, _) => help.scroll = help.scroll.saturating_sub(1),
        (Key::PageDown, _) | (Key::Char('d'), true) => help.scroll = help.scroll.saturating_add(10).min(keymap::KEYS.len()),
        (Key::PageUp, _) | (Key::Char('u'), true) => help.scroll = help.scroll.saturating_sub(10),
        (Key::Backspace, _) => {
            help.search.pop();
        }
        (Key::Char(c), false) => {
            help.search.push(c);
            help.scroll = 0;
        }
        _ => {}
    }
    Vec::new()
}
