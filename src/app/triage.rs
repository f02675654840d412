//! The list: which view, which row, which window of rows. The order is the store's and frozen until news is folded in;
//! the choice is an id, so nothing can move under the cursor. The window is renewed before its end is reached, so a
//! step costs the same in a list of any length.

use super::{Advance, Ask, Effect, State, screen};
use crate::model::query::Anchor;
use crate::model::{CaseId, Filter, View, Window, WindowAsk};
use chrono::Duration;

/// Two steps within this time belong to one walk through the list: the thread is previewed where it ends, not at every row.
const STRIDE: Duration = Duration::milliseconds(80);
/// After keys that came all at once, this is rest enough.
const REST: Duration = Duration::milliseconds(4);

/// Steps in the list; asks for the next piece of it in time.
pub fn select(state: &mut State, by: isize) -> Vec<Effect> {
    let last = state.list.window.rows.len().saturating_sub(1);
    let Some(at) = state.list.at() else { return Vec::new() };
    let wanted = at.saturating_add_signed(by).min(last);
    state.list.selected = state.list.window.rows.get(wanted).map(|row| row.id);
    state.list.near = wanted;
    state.list.upwards = if by == 0 { state.list.upwards } else { by < 0 };
    stride(state);
    let page = page(state).max(1);
    scroll_to(state, wanted, page);
    let window = &state.list.window;
    let margin = page;
    let short = by > 0 && window.more_after && last - wanted < margin || by < 0 && window.more_before && wanted < margin;
    if short && !state.list.asked { ask(state, None) } else { Vec::new() }
}

/// A first step is previewed at once; those that follow quickly, when the cursor has not moved for twice the time between two of them.
fn stride(state: &mut State) {
    let list = &mut state.list;
    let walked = list.moved.map(|at| state.now - at).filter(|since| *since < STRIDE);
    list.moved = Some(state.now);
    list.rests_at = walked.map(|since| state.now + (since * 2).clamp(REST, STRIDE));
}

/// Steps beyond an edge of the pane turn half a page: a row more would paint all rows anew at every step.
fn scroll_to(state: &mut State, at: usize, page: usize) {
    let list = &mut state.list;
    let half = page / 2;
    if at < list.top {
        list.top = (at + half + 1).saturating_sub(page);
    } else if at >= list.top + page {
        list.top = at - half.min(at);
    }
    let end = list.window.rows.len().saturating_sub(page);
    list.top = list.top.min(end);
}

pub fn half(state: &mut State, direction: isize) -> Vec<Effect> {
    let half = isize::try_from((page(state) / 2).max(1)).unwrap_or(1);
    select(state, half * direction)
}

pub fn edge(state: &mut State, end: bool) -> Vec<Effect> {
    let window = &state.list.window;
    if end && window.more_after || !end && window.more_before {
        state.list.selected = None;
        state.list.asked = false;
        state.list.unseen = true;
        return ask(state, Some(if end { Anchor::Bottom } else { Anchor::Top }));
    }
    select(state, if end { isize::MAX } else { isize::MIN })
}

/// The next case of the view; while reading it is opened. Where the open case has left the list, the cursor stands on the next one already.
pub fn walk(state: &mut State, by: isize) -> Vec<Effect> {
    if state.reading_hit && state.focus == super::Focus::Reader {
        return super::search::walk(state, by);
    }
    let before = state.list.selected;
    let reading = state.focus == super::Focus::Reader;
    let gone = reading && state.reader.as_ref().is_some_and(|reader| before.is_some() && before != Some(reader.case));
    let mut effects = if gone && by > 0 { Vec::new() } else { select(state, by) };
    if state.list.selected == before && !(gone && by > 0) {
        return super::update::say(state, super::Level::Warning, format!("this is the {} case of the view", if by > 0 { "last" } else { "first" }));
    }
    effects.extend(follow(state));
    effects
}

/// A reader goes along with the cursor.
pub fn follow(state: &mut State) -> Vec<Effect> {
    match state.list.selected {
        Some(case) if state.focus == super::Focus::Reader && !state.reading_hit => super::reader::open_case(state, case),
        _ => Vec::new(),
    }
}

pub fn view(state: &mut State, view: View) -> Vec<Effect> {
    super::review::hide(state);
    state.reading_hit = false;
    state.focus = super::Focus::List;
    state.list = super::List { view, window: Window { counts: state.list.window.counts, ..Window::default() }, ..super::List::default() };
    state.stale_list = true;
    Vec::new()
}

pub fn filter(state: &mut State, filter: Filter, text: String) {
    state.list.filter = filter;
    state.list.filter_text = text;
    state.list.asked = false;
    state.stale_list = true;
}

/// Chooses the row after this one before the case goes away, or the one before it for whoever walks upwards; the other one
/// where there is none. A reader goes along, or is left for the list.
pub fn step_over(state: &mut State, case: CaseId) -> Vec<Effect> {
    if state.settings.advance == Advance::List && state.focus == super::Focus::Reader {
        state.focus = super::Focus::List;
    }
    let Some(at) = state.list.at().filter(|_| state.list.selected == Some(case)) else { return follow(state) };
    let rows = &state.list.window.rows;
    let (after, before) = (rows.get(at + 1), at.checked_sub(1).and_then(|before| rows.get(before)));
    let upwards = state.list.upwards && state.settings.advance == Advance::Direction;
    let next = if upwards { before.or(after) } else { after.or(before) };
    if let Some(row) = next {
        state.list.selected = Some(row.id);
    }
    keep_in_view(state);
    follow(state)
}

/// Marks the painted case as unread, or an unread one as read. Who reads it goes back to the list: it would be read again at once.
pub fn unread(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    let (thread, wall) = (super::outbox::thread_of(state, case), state.wall());
    if state.focus == super::Focus::Reader {
        state.focus = super::Focus::List;
    }
    let row = state.list.window.rows.iter_mut().find(|row| row.id == case);
    let was = row.as_ref().is_some_and(|row| row.unread);
    let heard = row.as_ref().and_then(|row| row.heard);
    if let Some(row) = row {
        row.unread = !was;
    }
    state.stale_list = true;
    let key = state.key(super::Action::Unread);
    let (words, effect) = if was {
        (format!("is read: {key} marks it unread"), Effect::Seen { thread, until: heard.unwrap_or(wall) })
    } else {
        (format!("is unread: opening it, or {key}, ends that"), Effect::Unread(thread))
    };
    let _notice = super::update::say(state, super::Level::Done, format!("#{case} {words}"));
    vec![effect]
}

/// What the list needs for the next frame.
pub fn missing(state: &mut State) -> Vec<Effect> {
    if state.list.retry.take_if(|at| *at <= state.now).is_some() {
        (state.list.asked, state.stale_list) = (false, true);
    }
    if !state.stale_list || state.list.asked {
        return Vec::new();
    }
    state.tallies.stale = true;
    ask(state, None)
}

fn ask(state: &mut State, anchor: Option<Anchor>) -> Vec<Effect> {
    state.stale_list = false;
    state.list.asked = true;
    let page = page(state).max(10);
    let anchor = anchor.or(state.list.selected.map(Anchor::At)).unwrap_or_default();
    // Whoever walks is not asked to wait at every other page.
    let ahead = if state.list.rests_at.is_some() { 10 } else { 4 };
    let ask = WindowAsk { view: state.list.view, filter: state.list.whole(), sort: state.list.sort(), anchor, before: 2 * page, after: ahead * page };
    vec![Effect::Load(Ask::Window(ask))]
}

/// Takes a window in: the chosen row stays where it is painted.
pub fn loaded(state: &mut State, window: Window) {
    if !super::views::fits(state, &window) {
        return;
    }
    let list = &mut state.list;
    list.retry = None;
    let painted = list.at().map(|at| at.saturating_sub(list.top));
    list.asked = false;
    let bottom = list.selected.is_none() && !window.more_after && window.more_before;
    let at = match list.selected.and_then(|id| window.rows.iter().position(|row| row.id == id)) {
        Some(at) => at,
        None if bottom => window.rows.len().saturating_sub(1),
        None => window.at.min(window.rows.len().saturating_sub(1)),
    };
    let before = list.selected;
    list.selected = window.rows.get(at).map(|row| row.id);
    list.unseen |= before != list.selected;
    list.near = at;
    list.top = at.saturating_sub(painted.unwrap_or(0));
    list.window = window;
    list.marks.doubted = true;
    keep_in_view(state);
}

/// Scrolls no further than needed to have the chosen row painted, and leaves no hole at the end.
pub fn keep_in_view(state: &mut State) {
    let page = page(state).max(1);
    let list = &mut state.list;
    let at = list.at().unwrap_or(0);
    let len = list.window.rows.len();
    list.top = list.top.clamp((at + 1).saturating_sub(page), at).min(len.saturating_sub(page).max((at + 1).saturating_sub(page)));
}

fn page(state: &State) -> usize {
    let panes = screen::panes(state);
    // While a thread fills a narrow screen the list has no pane; it keeps the size it would have.
    if panes.list.is_some() { panes.list_rows() } else { usize::from(state.size.height.saturating_sub(4) / screen::ROW_HEIGHT) }
}
