//! The palette: everything that can be done here, by name and words, with its key; macros and the cases of the list too.
//! What was used last comes first. It acts on the case it was opened on and on no other.

use super::prompt::{self, Prompt, PromptKind};
use super::update::say;
use super::{Action, Effect, Focus, Level, State, can, chord, fuzzy, keymap, macros, own, reader, views};
use crate::model::CaseId;

/// What it offers since it was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Palette {
    /// The case that was painted as chosen.
    pub about: Option<CaseId>,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// No two have the same.
    pub name: String,
    pub words: String,
    /// As it is pressed; empty when it has no key.
    pub key: String,
    /// Why it does nothing now.
    pub why: Option<String>,
    what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Action(Action),
    Macro(String),
    Case(CaseId),
    View(String),
    Own(String),
}

/// For a moment's list nobody scrolls further.
const RECENT: usize = 20;
/// What was used lately goes before what fits a little better; what does nothing now, behind it.
const USED: i32 = 300;
const IDLE: i32 = -400;

pub fn open(state: &mut State) -> Vec<Effect> {
    let place = state.focus;
    let mut entries: Vec<Entry> =
        keymap::KEYS.iter().filter(|row| row.places.contains(&place) && row.action != Action::Palette).map(|row| entry(state, row)).collect();
    let macros = macros::offered(state, "", PromptKind::Macro).into_iter().filter(|_| !matches!(place, Focus::Compose | Focus::Outbox | Focus::Log));
    entries.extend(macros.map(|reply| Entry {
        name: format!("macro {}", reply.name),
        words: reply.deeds(),
        key: reply.key.map_or_else(String::new, |digit| format!("{}{digit}", state.settings.keys.shown(place, Action::Macro))),
        why: can::why_not(state, Action::Macro),
        what: What::Macro(reply.name.clone()),
    }));
    if place != Focus::Compose {
        entries.extend(state.settings.views.iter().map(|view| Entry {
            name: format!("view {}", view.name),
            words: "a view of your own".to_owned(),
            key: view.key.map_or_else(String::new, |key| chord::written(&views::sequence(key))),
            why: None,
            what: What::View(view.name.clone()),
        }));
        entries.extend(state.settings.own.iter().map(|own| Entry {
            name: own.name.clone(),
            words: "a command of your own".to_owned(),
            key: own::written(own),
            why: None,
            what: What::Own(own.name.clone()),
        }));
        entries.extend(state.list.window.rows.iter().map(|row| Entry {
            name: format!("#{}", row.id),
            words: format!("{} · {}", row.contact.brief(40), row.snippet.brief(80)),
            key: String::new(),
            why: None,
            what: What::Case(row.id),
        }));
    }
    state.finding.palette = Some(Palette { about: state.target(), entries });
    prompt::open(state, PromptKind::Palette)
}

fn entry(state: &State, row: &keymap::Key) -> Entry {
    let key = state.settings.keys.keys(state.focus, row.action).first().map_or_else(String::new, |(key, _)| key.clone());
    Entry { name: row.action.name().to_owned(), words: row.words(&state.settings), key, why: can::why_not(state, row.action), what: What::Action(row.action) }
}

/// The names of what fits, best first.
pub fn choices(state: &State, typed: &str) -> Vec<String> {
    let Some(palette) = &state.finding.palette else { return Vec::new() };
    let nothing = typed.trim().is_empty();
    let used = |entry: &Entry| state.finding.recent.iter().rev().position(|name| *name == entry.name);
    // Cases are looked for, never leafed through.
    let entries = palette.entries.iter().filter(|entry| !nothing || !matches!(entry.what, What::Case(_)));
    let mut found: Vec<(i32, usize, &Entry)> = entries
        .enumerate()
        .filter_map(|(at, entry)| {
            let by_name = fuzzy::score(typed, &entry.name).map(|score| score + 100);
            // Somewhere in a sentence stand all letters of nearly everything.
            let by_words = fuzzy::score(typed, &entry.words).filter(|_| holds(&entry.words, typed));
            let fits = if nothing { Some(0) } else { by_name.max(by_words) }?;
            let used = used(entry).map_or(0, |back| USED - i32::try_from(back).unwrap_or(USED));
            let idle = if entry.why.is_some() { IDLE } else { 0 };
            Some((-(fits + used + idle), at, entry))
        })
        .collect();
    found.sort_by_key(|(score, at, _)| (*score, *at));
    found.into_iter().map(|(_, _, entry)| entry.name.clone()).collect()
}

/// Does a word begin with each that was typed, without case? Scripts without spaces have no beginnings.
fn holds(words: &str, typed: &str) -> bool {
    let words = words.to_lowercase();
    let parts: Vec<&str> = words.split_whitespace().chain(words.split(|c: char| !c.is_alphanumeric())).collect();
    typed.to_lowercase().split_whitespace().all(|part| if part.is_ascii() { parts.iter().any(|word| word.starts_with(part)) } else { words.contains(part) })
}

pub fn accept(state: &mut State, prompt: Prompt, picked: Option<&str>) -> Vec<Effect> {
    let entry = picked.and_then(|name| state.finding.palette.as_ref()?.entries.iter().find(|entry| entry.name == name).cloned());
    let Some(entry) = entry else { return prompt::again(state, prompt, "nothing is called that".to_owned()) };
    if let Some(why) = entry.why {
        return prompt::again(state, prompt, why);
    }
    let about = state.finding.palette.take().and_then(|palette| palette.about);
    if state.target() != about {
        return say(state, Level::Warning, "another case is chosen now: nothing was done".to_owned());
    }
    used(state, &entry.name);
    match entry.what {
        What::Action(action) => super::act::act(state, action),
        What::Macro(name) => macros::open_at(state, &name),
        What::Own(name) => own::by_name(state, &name).unwrap_or_default(),
        What::View(name) => views::by_name(state, &name).unwrap_or_default(),
        What::Case(case) => show(state, case),
    }
}

fn used(state: &mut State, name: &str) {
    state.finding.recent.retain(|known| known != name);
    state.finding.recent.push(name.to_owned());
    let over = state.finding.recent.len().saturating_sub(RECENT);
    state.finding.recent.drain(..over);
}

fn show(state: &mut State, case: CaseId) -> Vec<Effect> {
    super::review::hide(state);
    state.list.selected = Some(case);
    super::triage::keep_in_view(state);
    state.focus = Focus::List;
    reader::open(state)
}
