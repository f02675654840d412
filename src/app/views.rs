//! Which list is shown: a built-in view, one of the agent's own, the drafts. And how many cases the agent's own hold, which is
//! counted beside the loop when a list changed, one count at a time.

use super::{Effect, Focus, State, chord, triage};
use crate::model::{Filter, Saved, Sort, Timestamp, View, Window};
use chrono::Duration;

/// Between two counts.
const REST: Duration = Duration::seconds(2);

/// How many cases the agent's own views hold, as far as that was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies {
    counts: Vec<(String, u64)>,
    /// The lists are not what they were when it was counted.
    pub stale: bool,
    asked: bool,
    at: Option<Timestamp>,
}

impl Tallies {
    pub fn of(&self, name: &str) -> Option<u64> {
        self.counts.iter().find(|(other, _)| other == name).map(|(_, count)| *count)
    }
}

impl super::List {
    /// What is asked for: the filter of the view, and what was typed over it.
    pub fn whole(&self) -> Filter {
        self.saved.as_ref().map_or_else(|| self.filter.clone(), |saved| saved.filter.and(&self.filter))
    }

    pub fn sort(&self) -> Sort {
        self.saved.as_ref().map_or_else(Sort::default, |saved| saved.sort)
    }

    /// The name of the view.
    pub fn title(&self) -> &str {
        self.saved.as_ref().map_or_else(|| self.view.title(), |saved| &saved.name)
    }
}

/// The agent's own, and the drafts.
pub fn own(state: &State) -> impl Iterator<Item = Saved> {
    state.settings.views.iter().cloned().chain([Saved::drafts()])
}

/// Goes to the next or previous view: the built-in ones, then the agent's own.
pub fn turn(state: &mut State, by: isize) -> Vec<Effect> {
    let own: Vec<Saved> = own(state).collect();
    let built = View::ALL.len();
    let at = match &state.list.saved {
        Some(saved) => own.iter().position(|other| other.name == saved.name).map_or(0, |at| built + at),
        None => View::ALL.iter().position(|view| *view == state.list.view).unwrap_or(0),
    };
    let count = built + own.len();
    let next = (at + count).saturating_add_signed(by) % count;
    match View::ALL.get(next) {
        Some(view) => triage::view(state, *view),
        None => show(state, own[next - built].clone()),
    }
}

/// Shows one of the agent's own.
pub fn show(state: &mut State, saved: Saved) -> Vec<Effect> {
    let effects = triage::view(state, saved.within);
    state.list.saved = Some(saved);
    effects
}

pub fn drafts(state: &mut State) -> Vec<Effect> {
    show(state, Saved::drafts())
}

/// The view with this name, of either kind.
pub fn by_name(state: &mut State, name: &str) -> Option<Vec<Effect>> {
    if let Some(view) = View::parse(name) {
        return Some(triage::view(state, view));
    }
    let saved = own(state).find(|saved| saved.is_called(name))?;
    Some(show(state, saved))
}

/// The view that was given this key: `8`, `9`, or a letter after `g`.
pub fn by_key(state: &mut State, typed: &str) -> Option<Vec<Effect>> {
    let saved = keyed(state).find(|(sequence, _)| sequence == typed).map(|(_, saved)| saved.clone())?;
    Some(show(state, saved))
}

/// The agent's own views that have a key in this place, and what is pressed for it.
pub fn keyed(state: &State) -> impl Iterator<Item = (String, &Saved)> {
    let place = matches!(state.focus, Focus::List | Focus::Reader | Focus::Outbox | Focus::Log);
    state.settings.views.iter().filter_map(move |saved| Some((sequence(saved.key.filter(|_| place)?), saved)))
}

/// What is pressed for the key of a view: `8`, `g x`.
pub fn sequence(key: char) -> String {
    if key.is_ascii_digit() { key.to_string() } else { chord::join("g", &key.to_string()) }
}

/// Counts again, when there is something new to count and the last count is over.
pub fn missing(state: &mut State) -> Vec<Effect> {
    let rested = state.tallies.at.is_none_or(|at| state.now - at >= REST);
    if !state.tallies.stale || state.tallies.asked || !rested || state.focus == Focus::Prompt {
        return Vec::new();
    }
    let views = own(state).collect();
    state.tallies = Tallies { stale: false, asked: true, at: Some(state.now), ..std::mem::take(&mut state.tallies) };
    vec![Effect::Count(views)]
}

pub fn counted(state: &mut State, counts: Vec<(String, u64)>) -> Vec<Effect> {
    state.tallies.counts = counts;
    state.tallies.asked = false;
    Vec::new()
}

/// Is this the window the list asked for last?
pub(super) fn fits(state: &State, window: &Window) -> bool {
    let list = &state.list;
    window.view == list.view && window.sort == list.sort() && window.filter == list.whole()
}
