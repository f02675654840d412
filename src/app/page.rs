//! A page over the panes that is read and closed: lines that scroll.

use super::lines::wrap::wrap;
use super::{Effect, Focus, State, workload};
use crate::model::workload::Workload;
use tui_textarea::{Input, Key};

/// What is on it, and how far it is scrolled.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub title: String,
    pub content: Content,
    pub scroll: usize,
    /// Where it was opened from, and goes back to.
    pub from: Focus,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// The workload, or why it can't be told: `None` until it was read once.
    Workload { load: Option<Result<Workload, String>>, reading: bool },
    /// What a command of the agent's own said; harmless already.
    Text(String),
}

pub fn open(state: &mut State, title: String, content: Content) {
    let from = state.log.page.as_ref().map_or(state.focus, |page| page.from);
    state.log.page = Some(Page { title, content, scroll: 0, from });
    state.focus = Focus::Page;
    // The first key of a sequence meant something where the page is now.
    state.keys.clear();
}

pub fn close(state: &mut State) {
    state.focus = state.log.page.take().map_or(Focus::List, |page| page.from);
}

/// Its lines in so many cells.
pub fn lines(state: &State, page: &Page, width: usize) -> Vec<String> {
    match &page.content {
        Content::Text(text) => wrap(text, width),
        Content::Workload { load: None, .. } => vec!["reading…".to_owned()],
        Content::Workload { load: Some(Err(why)), .. } => vec![why.clone()],
        Content::Workload { load: Some(Ok(load)), .. } => workload::lines(load, width, &state.settings.zone, state.wall()),
    }
}

/// Inside its border.
fn height(state: &State) -> usize {
    usize::from(state.size.height).saturating_sub(4).max(1)
}

pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    let Some(page) = &state.log.page else {
        close(state);
        return Vec::new();
    };
    let half = (height(state) / 2).max(1);
    let last = lines(state, page, usize::from(state.size.width).saturating_sub(2)).len().saturating_sub(height(state));
    let scroll = match (input.key, input.ctrl) {
        (Key::Esc | Key::Enter, _) | (Key::Char('q' | 'h'), false) => {
            close(state);
            return Vec::new();
        }
        (Key::Down, _) | (Key::Char('j'), false) => page.scroll + 1,
        (Key::Up, _) | (Key::Char('k'), false) => page.scroll.saturating_sub(1),
        (Key::PageDown, _) | (Key::Char('d'), true) | (Key::Char(' '), false) => page.scroll + half,
        (Key::PageUp, _) | (Key::Char('u'), true) | (Key::Char('-'), false) => page.scroll.saturating_sub(half),
        (Key::Home, _) | (Key::Char('g'), false) => 0,
        (Key::End, _) | (Key::Char('G'), false) => last,
        _ => page.scroll,
    };
    state.log.page.iter_mut().for_each(|page| page.scroll = scroll.min(last));
    Vec::new()
}
