//! Search in everything the cache holds: a line to type in, and what was found below it, newest first. The words are looked up
//! beside the loop after a pause in the typing; an answer to older words is dropped.

use super::update::say;
use super::{Effect, Focus, Level, State, hunt, reader, screen};
use crate::model::{CaseId, Filter, Found, Hit, MessageId, Timestamp};
use chrono::Duration;
use tui_textarea::{Input, Key};

/// So long a pause in the typing means that the words are meant.
const PAUSE: Duration = Duration::milliseconds(120);
/// What is found at first, and how much more at a time.
pub const PIECE: usize = 50;
/// Lines of the screen that one hit takes.
pub const HIT_HEIGHT: u16 = 2;

/// The search pane. It is kept when something of it is opened, so that Esc comes back to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Search {
    pub text: String,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    pub found: Found,
    /// The words that `found` answers; nothing yet when it is empty.
    pub answered: String,
    pub chosen: usize,
    /// The pane it came from and goes back to.
    pub from: Focus,
    /// When the words are looked up, and the number of the last question.
    pub due: Option<Timestamp>,
    pub asked: u64,
    pub waiting: bool,
    limit: usize,
}

impl Search {
    pub fn hit(&self) -> Option<&Hit> {
        self.found.hits.get(self.chosen)
    }
}

/// Opens the pane with the last words in it.
pub fn open(state: &mut State) -> Vec<Effect> {
    let from = state.focus;
    let search = state.search.get_or_insert_default();
    if from != Focus::Search {
        search.from = from;
    }
    state.reading_hit = false;
    state.focus = Focus::Search;
    Vec::new()
}

/// Letters are the words, arrows choose, Enter opens, Esc goes back to where one was.
pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    let rows = fit(state);
    let Some(search) = &mut state.search else {
        state.focus = Focus::List;
        return Vec::new();
    };
    match (input.key, input.ctrl) {
        (Key::Esc, _) => return close(state),
        (Key::Enter, _) => return enter(state),
        (Key::Down, _) | (Key::Char('n'), true) => return choose(state, 1),
        (Key::Up, _) | (Key::Char('p'), true) => return choose(state, -1),
        (Key::PageDown, _) | (Key::Char('d'), true) => return choose(state, rows),
        (Key::PageUp, _) => return choose(state, -rows),
        (Key::Char('u'), true) => search.text.clear(),
        (Key::Char('w'), true) => {
            let kept = search.text.trim_end().rfind(' ').map_or(0, |at| at + 1);
            search.text.truncate(kept);
        }
        (Key::Backspace, _) | (Key::Char('h'), true) => drop(search.text.pop()),
        (Key::Char(c), false) => search.text.push(c),
        _ => return Vec::new(),
    }
    typed(state)
}

pub fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    if let Some(search) = &mut state.search {
        let line = text.split_whitespace().map(crate::model::text::harmless).collect::<Vec<_>>().join(" ");
        search.text.extend(line.chars().take(500));
    }
    typed(state)
}

fn typed(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    if let Some(search) = &mut state.search {
        search.error = Filter::parse(&search.text).err().map(|error| error.to_string());
        (search.due, search.limit) = (Some(now + PAUSE), PIECE);
    }
    Vec::new()
}

/// The pause is over.
pub fn woke(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    if state.search.as_ref().is_some_and(|search| search.due.is_some_and(|due| due <= now)) { ask(state) } else { Vec::new() }
}

fn ask(state: &mut State) -> Vec<Effect> {
    let Some(search) = &mut state.search else { return Vec::new() };
    search.due = None;
    if search.text.trim().is_empty() {
        (search.found, search.answered, search.chosen, search.waiting) = (Found::default(), String::new(), 0, false);
        search.asked += 1;
        return Vec::new();
    }
    let Ok(filter) = Filter::parse(&search.text) else { return Vec::new() };
    search.asked += 1;
    search.waiting = true;
    vec![Effect::Search { number: search.asked, text: search.text.clone(), filter, limit: search.limit.max(PIECE) }]
}

pub fn found(state: &mut State, number: u64, text: String, result: Result<Found, String>) -> Vec<Effect> {
    let Some(search) = state.search.as_mut().filter(|search| search.asked == number) else { return Vec::new() };
    search.waiting = false;
    match result {
        Ok(found) => {
            // More of the same keeps the place.
            search.chosen = if search.answered == text { search.chosen.min(found.hits.len().saturating_sub(1)) } else { 0 };
            (search.found, search.answered) = (found, text);
            Vec::new()
        }
        Err(why) => {
            search.error = Some(why.clone());
            say(state, Level::Error, why)
        }
    }
}

fn choose(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(search) = &mut state.search else { return Vec::new() };
    let last = search.found.hits.len().saturating_sub(1);
    let at_end = search.chosen == last && by > 0;
    search.chosen = search.chosen.saturating_add_signed(by).min(last);
    if at_end && search.found.more && !search.waiting && search.due.is_none() {
        search.limit = search.found.hits.len() + PIECE;
        return ask(state);
    }
    Vec::new()
}

/// Looks up at once what was just typed; what is found already is opened at its message, with the words to find set.
fn enter(state: &mut State) -> Vec<Effect> {
    let Some(search) = &mut state.search else { return Vec::new() };
    if search.due.is_some() || search.answered != search.text {
        return if search.waiting && search.due.is_none() { Vec::new() } else { ask(state) };
    }
    open_hit(state)
}

/// The case of the chosen hit, at its message.
fn open_hit(state: &mut State) -> Vec<Effect> {
    let Some(search) = &state.search else { return Vec::new() };
    let Some(hit) = search.hit().cloned() else { return Vec::new() };
    let words = search.found.words.first().cloned().unwrap_or_default();
    state.reading_hit = true;
    state.focus = Focus::Reader;
    open_at(state, hit.case, hit.message, &words)
}

fn open_at(state: &mut State, case: CaseId, message: Option<MessageId>, words: &str) -> Vec<Effect> {
    let effects = reader::open_case(state, case);
    if let Some(reader) = &mut state.reader {
        hunt::seek_words(reader, words);
        reader.sought = message;
    }
    hunt::seek(state);
    effects
}

fn close(state: &mut State) -> Vec<Effect> {
    state.reading_hit = false;
    state.focus = state.search.as_ref().map_or(Focus::List, |search| search.from);
    if state.focus == Focus::Search || state.focus == Focus::Reader && state.reader.is_none() {
        state.focus = Focus::List;
    }
    if let Some(search) = &mut state.search {
        search.due = None;
    }
    Vec::new()
}

/// The next hit, or the one before, while one of them is read.
pub fn walk(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(search) = &mut state.search else { return Vec::new() };
    let last = search.found.hits.len().saturating_sub(1);
    let next = search.chosen.saturating_add_signed(by).min(last);
    if next == search.chosen {
        return say(state, Level::Warning, format!("this is the {} of what was found", if by > 0 { "last" } else { "first" }));
    }
    search.chosen = next;
    open_hit(state)
}

/// From the thread back to the hits it was opened from, else to the list.
pub fn back(state: &mut State) {
    let hit = std::mem::take(&mut state.reading_hit) && state.search.is_some();
    state.focus = if hit { Focus::Search } else { Focus::List };
}

/// How many hits are painted.
fn fit(state: &State) -> isize {
    let rows = screen::panes(state).hints.y.saturating_sub(4) / HIT_HEIGHT;
    isize::try_from(rows.max(1)).unwrap_or(1)
}
