//! The log of what was done, as a pane: newest first, each step with what became of it. `z` takes the chosen one back,
//! whatever was done since on other cases; what was done later on the same case goes first, so that all of them taken
//! back, in any order, give the start. So many operations are read at a time.

pub mod entry;

use super::page::Page;
use super::receipt::Receipt;
use super::undo::{self, Done, Undone};
use super::update::say;
use super::{Ask, Effect, Focus, Level, State, reader, screen};
use crate::model::{CaseId, Op, OpId, Untrusted};
pub use entry::{Entry, Fate};
use ratatui::layout::Rect;
use std::collections::{BTreeMap, BTreeSet};

/// How many operations are read at first, and how many more at a time; the longest log that is shown here.
pub const PIECE: usize = 300;
pub const LONGEST: usize = 3_000;
/// With fewer steps than this more is read at once: a step of many cases can be all that is there.
const FEW: usize = 40;
/// From this width a step has one line, else two.
const WIDE: u16 = 100;

/// The pane; and the figures of the day, which are told from the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Those that fit the filter, by their place.
    pub shown: Vec<usize>,
    /// The place of the chosen one among them, and its name.
    pub at: usize,
    pub selected: Option<OpId>,
    pub filter: String,
    /// There is more than was read.
    pub more: bool,
    pub from: Focus,
    /// As they were read, oldest first.
    ops: Vec<Op>,
    limit: usize,
    /// The disk has something else than what is shown.
    pub stale: bool,
    asked: bool,
    pub receipt: Receipt,
    /// Figures that are read and closed.
    pub page: Option<Page>,
}

pub fn show(state: &mut State) -> Vec<Effect> {
    if state.focus == Focus::Log {
        return Vec::new();
    }
    state.log.from = state.focus;
    state.focus = Focus::Log;
    state.log.filter.clear();
    (state.log.at, state.log.selected, state.log.limit) = (0, None, PIECE);
    ask(state)
}

fn ask(state: &mut State) -> Vec<Effect> {
    (state.log.asked, state.log.stale) = (true, false);
    state.log.limit = state.log.limit.max(PIECE);
    vec![Effect::Load(Ask::Record(state.log.limit))]
}

/// What the next frame needs.
pub fn missing(state: &mut State) -> Vec<Effect> {
    if screen::place(state) == Focus::Log && state.log.stale && !state.log.asked { ask(state) } else { Vec::new() }
}

pub fn loaded(state: &mut State, ops: Vec<Op>, names: &BTreeMap<CaseId, Untrusted>) -> Vec<Effect> {
    let entries = entry::list(state, &ops, names);
    let log = &mut state.log;
    log.asked = false;
    log.more = ops.len() >= log.limit.max(PIECE);
    let few = entries.len() < FEW && log.more && log.limit < LONGEST;
    (log.entries, log.ops) = (entries, ops);
    narrow(state);
    if few { deeper(state) } else { Vec::new() }
}

/// Reads further back.
fn deeper(state: &mut State) -> Vec<Effect> {
    state.log.limit = (state.log.limit * 4).min(LONGEST);
    ask(state)
}

/// What is typed narrows at once; the cursor stays on its step while that fits.
pub fn filter(state: &mut State, text: &str) {
    text.clone_into(&mut state.log.filter);
    narrow(state);
}

fn narrow(state: &mut State) {
    let log = &mut state.log;
    let sought: Vec<String> = log.filter.split_whitespace().map(str::to_lowercase).collect();
    let fits = |entry: &Entry| {
        let whole = [&entry.words, &entry.about, &entry.fate_words()].map(|text| text.to_lowercase()).join(" ");
        sought.iter().all(|word| whole.contains(word.as_str()) || entry.cases.iter().any(|case| format!("#{case}") == *word))
    };
    log.shown = (0..log.entries.len()).filter(|at| sought.is_empty() || fits(&log.entries[*at])).collect();
    let known = log.shown.iter().position(|at| Some(log.entries[*at].step) == log.selected);
    log.at = known.unwrap_or(log.at).min(log.shown.len().saturating_sub(1));
    state.log.selected = chosen(state).map(|entry| entry.step);
}

pub fn chosen(state: &State) -> Option<&Entry> {
    let log = &state.log;
    log.shown.get(log.at).and_then(|at| log.entries.get(*at))
}

pub fn select(state: &mut State, by: isize) -> Vec<Effect> {
    let log = &mut state.log;
    let last = log.shown.len().saturating_sub(1);
    let at_end = by > 0 && log.at == last;
    log.at = log.at.saturating_add_signed(by).min(last);
    state.log.selected = chosen(state).map(|entry| entry.step);
    let log = &state.log;
    if at_end && log.more && !log.asked && log.limit < LONGEST { deeper(state) } else { Vec::new() }
}

pub fn half(state: &mut State, direction: isize) -> Vec<Effect> {
    let rows = (window(state, area(state)).0 / 2).max(1);
    select(state, isize::try_from(rows).unwrap_or(1).saturating_mul(direction))
}

/// Where it is painted, its frame included.
fn area(state: &State) -> Rect {
    Rect::new(0, 1.min(state.size.height), state.size.width, state.size.height.saturating_sub(2))
}

/// The lines of one step.
pub fn item_height(width: u16) -> u16 {
    if width < WIDE { 2 } else { 1 }
}

/// How many steps are painted, and the place of the first one.
pub fn window(state: &State, area: Rect) -> (usize, usize) {
    let fit = usize::from(area.height.saturating_sub(2) / item_height(area.width)).max(1);
    (fit, (state.log.at + 1).saturating_sub(fit))
}

/// One level back: from what was narrowed to all of it, from there to where it was opened.
pub fn back(state: &mut State) {
    if state.log.filter.is_empty() {
        state.focus = state.log.from;
    } else {
        filter(state, "");
    }
}

/// Opens the case of the chosen step, of many the first.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(case) = chosen(state).map(Entry::case) else { return say(state, Level::Warning, "nothing is chosen".to_owned()) };
    reader::go_to(state, case)
}

/// Takes the chosen step back, or says why not.
pub fn undo(state: &mut State) -> Vec<Effect> {
    let Some(entry) = chosen(state).cloned() else { return say(state, Level::Warning, "nothing is chosen".to_owned()) };
    super::bulk::stop(state);
    match (&entry.fate, &entry.first) {
        (Fate::Can(_), None) => {}
        (Fate::Can(_), Some(later)) => {
            let text = format!("\"{later}\" came after \"{}\" on the same case: take that back first", entry.words);
            return say(state, Level::Warning, text);
        }
        (fate, _) => return say(state, Level::Warning, format!("\"{}\": {}", entry.words, fate.words())),
    }
    let undone = remembered(state, &entry);
    let mut effects = undo::take(state, &undone);
    if !effects.is_empty() {
        effects.extend(ask(state));
    }
    effects
}

pub fn redo(state: &mut State) -> Vec<Effect> {
    let mut effects = undo::redo(state);
    if !effects.is_empty() {
        effects.extend(ask(state));
    }
    effects
}

/// As `z` knows it; what it knows no more is told to it again.
fn remembered(state: &mut State, entry: &Entry) -> Undone {
    let ids: BTreeSet<OpId> = entry.stands.iter().copied().collect();
    if let Some(undone) = state.undo.iter().find(|undone| undone.ops.iter().any(|id| ids.contains(id))) {
        return undone.clone();
    }
    let threads: BTreeSet<_> = entry.threads.iter().copied().collect();
    let of_them = state.log.ops.iter().filter(|op| ids.contains(&op.id()) || threads.contains(&op.mutation.thread));
    let known: Vec<(OpId, Done)> = of_them.map(|op| (op.id(), Done::of(op))).collect();
    for (id, done) in known {
        state.done.entry(id).or_insert(done);
    }
    let view = state.list.view;
    let undone = Undone { step: entry.step, words: entry.words.clone(), case: entry.case(), view, ops: entry.stands.clone(), ..Undone::default() };
    let at = state.undo.partition_point(|other| other.step < undone.step);
    state.undo.insert(at, undone.clone());
    undone
}
