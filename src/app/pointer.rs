//! The mouse, for those who want one: a click chooses and opens, the wheel scrolls. It never changes a case, so a slip of
//! the hand costs nothing, and it can be switched off while the inbox runs: then the terminal selects text as ever.

use super::update::say;
use super::{Effect, Focus, Level, State, log, reader, review, screen, triage};
use ratatui::layout::{Position, Rect};

/// What the mouse did, and where: cells from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pointer {
    Clicked(Position),
    /// So many notches down; up when it is negative.
    Turned(Position, i16),
}

/// Lines of a thread that one notch turns.
const NOTCH: isize = 3;

pub fn pointed(state: &mut State, pointer: Pointer) -> Vec<Effect> {
    state.sync.last_key = Some(state.now);
    // What asks wants keys: a click beside it is no answer. After leaving nothing is one.
    if state.closing.is_some() || !state.settings.mouse || !matches!(state.focus, Focus::List | Focus::Reader | Focus::Compose | Focus::Outbox | Focus::Log) {
        return Vec::new();
    }
    state.keys.clear();
    let panes = screen::panes(state);
    let within = |area: Option<Rect>, at: Position| area.filter(|area| area.contains(at));
    match pointer {
        Pointer::Turned(_, by) if state.focus == Focus::Outbox => review::pane::select(state, isize::from(by)),
        Pointer::Turned(_, by) if state.focus == Focus::Log => log::select(state, isize::from(by)),
        Pointer::Clicked(_) if matches!(state.focus, Focus::Outbox | Focus::Log) => Vec::new(),
        Pointer::Turned(at, by) if within(panes.list, at).is_some() => triage::select(state, isize::from(by)),
        Pointer::Turned(at, by) if within(panes.contact, at).is_some() && screen::card_covers(state) => reader::scroll_card(state, isize::from(by) * NOTCH),
        Pointer::Turned(_, by) => reader::scroll(state, isize::from(by) * NOTCH),
        Pointer::Clicked(at) => match (within(panes.list, at), within(panes.thread, at), within(panes.compose, at)) {
            (Some(list), ..) => row(state, list, at),
            (_, Some(_), _) if state.reader.is_some() && state.compose.is_none() => reader::open(state),
            _ => Vec::new(),
        },
    }
}

/// A row is chosen; the chosen one is opened. What is being written keeps its case and its keys.
fn row(state: &mut State, list: Rect, at: Position) -> Vec<Effect> {
    if state.compose.is_some() {
        return Vec::new();
    }
    let Some(down) = at.y.checked_sub(list.y + 1) else { return Vec::new() };
    let index = state.list.top + usize::from(down / screen::ROW_HEIGHT);
    let painted = usize::from(down / screen::ROW_HEIGHT) < panes_rows(list);
    let Some(case) = state.list.window.rows.get(index).filter(|_| painted).map(|row| row.id) else { return Vec::new() };
    if state.list.selected == Some(case) {
        return reader::open(state);
    }
    state.focus = Focus::List;
    let from = state.list.at().unwrap_or(0);
    triage::select(state, isize::try_from(index).unwrap_or(0) - isize::try_from(from).unwrap_or(0))
}

fn panes_rows(list: Rect) -> usize {
    usize::from(list.height.saturating_sub(2) / screen::ROW_HEIGHT)
}

/// Takes the mouse, or gives it back to the terminal.
pub fn switch(state: &mut State) -> Vec<Effect> {
    state.settings.mouse = !state.settings.mouse;
    let words = if state.settings.mouse {
        "mouse on: a click chooses, a second one opens, the wheel scrolls; with Shift the terminal selects text"
    } else {
        "mouse off: the terminal selects text"
    };
    let _notice = say(state, Level::Done, words);
    vec![Effect::Mouse(state.settings.mouse)]
}
