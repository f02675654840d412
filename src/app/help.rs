//! The key help: opened over any place, searched by typing, closed by Esc. First what works in that place, then the rest;
//! of each key where it comes from.

use super::bindings::Origin;
use super::keymap::{KEYS, Key as Row};
use super::line::Edit;
use super::state::Help;
use super::{Effect, Focus, State, own};
use tui_textarea::{Input, Key};

/// A line of the help before it is laid out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub keys: String,
    pub words: String,
    /// Where the keys come from: `default`, a preset, `config.toml:7`; empty without keys.
    pub origin: String,
}

/// The signs of the list, which no key explains.
const SIGNS: [(&str, &str); 7] = [
    ("x", "marked: x takes the mark away, Esc all of them"),
    ("●", "unread: the customer wrote since you last looked"),
    ("~", "unsent: something of yours is on its way"),
    ("!", "something of yours needs you, or failed"),
    ("✎", "a draft of yours"),
    ("due, late", "until, since the next reply is due"),
    ("waits", "answered: waits for the customer"),
];

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
        (Key::Down, _) => help.scroll = help.scroll.saturating_add(1).min(KEYS.len() * 2),
        (Key::Up, _) => help.scroll = help.scroll.saturating_sub(1),
        (Key::PageDown, _) => help.scroll = help.scroll.saturating_add(10).min(KEYS.len() * 2),
        (Key::Char('d'), true) if help.search.is_empty() => help.scroll = help.scroll.saturating_add(10).min(KEYS.len() * 2),
        (Key::PageUp, _) => help.scroll = help.scroll.saturating_sub(10),
        (Key::Char('u'), true) if help.search.is_empty() => help.scroll = help.scroll.saturating_sub(10),
        _ if help.search.pressed(input) == Edit::Changed => help.scroll = 0,
        _ => {}
    }
    Vec::new()
}

/// All that fits what is searched.
pub fn entries(state: &State, help: &Help) -> Vec<Entry> {
    let sought = help.search.to_lowercase();
    let here = |row: &&Row| row.places.contains(&help.from);
    let mut rows: Vec<&Row> = KEYS.iter().filter(here).collect();
    // What the bottom line names comes first, then what belongs to this place alone.
    rows.sort_by_key(|row| (row.hint.is_empty(), row.places.len() > 1));
    let first = rows.into_iter().flat_map(|row| of(state, row, help.from, ""));
    let signs = SIGNS.iter().filter(|_| !sought.is_empty() || help.from == Focus::List);
    let signs = signs.map(|(sign, means)| Entry { keys: (*sign).to_owned(), words: (*means).to_owned(), origin: String::new() });
    let rest = KEYS.iter().filter(|row| !here(row)).flat_map(|row| {
        let place = row.places.first().copied().unwrap_or_default();
        of(state, row, place, place.title())
    });
    let fits = |entry: &Entry| {
        let holds = |text: &str| text.to_lowercase().contains(&sought);
        sought.is_empty() || holds(&entry.keys) || holds(&entry.words) || holds(&entry.origin)
    };
    let own = state.settings.own.iter().map(|own| Entry {
        keys: own::written(own),
        words: format!("{}: a command of yours", own.name),
        origin: "your config".to_owned(),
    });
    first.chain(own).chain(signs).chain(rest).filter(fits).collect()
}

/// The keys of a row, one entry for those that come from the same place.
fn of(state: &State, row: &Row, place: Focus, elsewhere: &str) -> Vec<Entry> {
    let words = if elsewhere.is_empty() { row.words(&state.settings) } else { format!("{elsewhere}: {}", row.words(&state.settings)) };
    let mut found: Vec<(Option<&Origin>, Entry)> = Vec::new();
    for (key, origin) in state.settings.keys.keys(place, row.action) {
        match found.last_mut().filter(|(known, _)| *known == Some(origin)) {
            Some((_, entry)) => entry.keys = format!("{} {key}", entry.keys),
            None => found.push((Some(origin), Entry { keys: key.clone(), words: words.clone(), origin: origin.words().to_owned() })),
        }
    }
    if found.is_empty() {
        return vec![Entry { keys: format!(":{}", row.action.name()), words, origin: String::new() }];
    }
    found.into_iter().map(|(_, entry)| entry).collect()
}
