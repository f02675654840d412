//! The outbox pane: which operations it lists in which order, where the cursor is, and what is known of the chosen one.
//! The order is kept and only checked again, so that a long outbox costs little per frame.

use super::detail::{self, About};
use super::wait::{Moment, needs_you, next_step};
use crate::app::lines::Line;
use crate::app::{Effect, Focus, OutboxPane, State, reader, screen};
use crate::model::{Op, OpState, Timestamp};
use ratatui::layout::Rect;

/// Below this width an item of the list takes three lines instead of two.
const NARROW: u16 = 70;
/// With fewer lines than this there is room for one of list and detail.
const LOW: u16 = 16;

/// Where the list and the detail are painted, borders included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Places {
    pub list: Option<Rect>,
    pub detail: Option<Rect>,
}

/// What is known of one operation, laid out for a width.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Detail {
    pub op: Option<Op>,
    pub waits: String,
    pub width: u16,
    pub lines: Vec<Line>,
    pub scroll: usize,
}

/// Beside each other where it is wide, one over the other where it is high, else one of them.
pub fn places(state: &State) -> Places {
    let size = state.size;
    let body = Rect::new(0, 1.min(size.height), size.width, size.height.saturating_sub(2));
    let count = state.outbox.ops.len();
    if count == 0 {
        return Places { list: Some(body), detail: None };
    }
    if size.width >= screen::WIDE {
        let width = size.width * 45 / 100;
        let rest = Rect { x: width, width: size.width - width, ..body };
        return Places { list: Some(Rect { width, ..body }), detail: Some(rest) };
    }
    if body.height < LOW {
        return if state.outbox.opened { Places { list: None, detail: Some(body) } } else { Places { list: Some(body), detail: None } };
    }
    let wanted = u16::try_from(count).unwrap_or(u16::MAX).saturating_mul(item_height(body.width)).saturating_add(2);
    let height = wanted.min(body.height * 2 / 5).max(item_height(body.width) + 2);
    let rest = Rect { y: body.y + height, height: body.height - height, ..body };
    Places { list: Some(Rect { height, ..body }), detail: Some(rest) }
}

/// The lines of one item in a list of this outer width.
pub fn item_height(width: u16) -> u16 {
    if width < NARROW { 3 } else { 2 }
}

/// How many items the list paints, and the place in the order of the first one.
pub fn window(state: &State) -> (usize, usize) {
    let Some(list) = places(state).list else { return (0, 0) };
    let fit = usize::from(list.height.saturating_sub(2) / item_height(list.width)).max(1);
    (fit, (state.outbox.at + 1).saturating_sub(fit))
}

/// What is painted of the list, in its order.
pub fn listed(state: &State) -> impl Iterator<Item = &Op> {
    let (fit, first) = window(state);
    let pane = &state.outbox;
    pane.order.iter().skip(first).take(fit).filter_map(|at| pane.ops.get(*at as usize))
}

pub fn show(state: &mut State) -> Vec<Effect> {
    if state.focus != Focus::Outbox {
        state.outbox.from = state.focus;
        state.outbox.opened = false;
    }
    state.focus = Focus::Outbox;
    arrange(&mut state.outbox);
    // What needs the agent is on top, and most likely what the pane was opened for.
    let top = state.outbox.order.first().and_then(|at| state.outbox.ops.get(*at as usize));
    if top.is_some_and(needs_you) && !chosen(state).is_some_and(needs_you) {
        choose_at(state, 0);
    }
    Vec::new()
}

/// One level back: from what was opened to the list, from the list to where it came from.
pub fn back(state: &mut State) {
    let was = alone(state);
    state.outbox.opened = false;
    if !was {
        hide(state);
    }
}

pub fn hide(state: &mut State) {
    if state.focus == Focus::Outbox {
        state.focus = state.outbox.from;
    }
}

/// Is the detail alone on the screen?
fn alone(state: &State) -> bool {
    places(state).list.is_none()
}

pub fn select(state: &mut State, by: isize) -> Vec<Effect> {
    if alone(state) {
        return scroll(state, by);
    }
    arrange(&mut state.outbox);
    choose_at(state, state.outbox.at.saturating_add_signed(by));
    Vec::new()
}

/// Half a page of what has the keys.
pub fn half(state: &mut State, direction: isize) -> Vec<Effect> {
    let rows = if alone(state) { usize::from(state.size.height / 2) } else { (window(state).0 / 2).max(1) };
    select(state, isize::try_from(rows).unwrap_or(1).saturating_mul(direction))
}

/// Scrolls what is known of the chosen one; opens it where it has no place.
pub fn scroll_page(state: &mut State, direction: isize) -> Vec<Effect> {
    let Some(area) = places(state).detail else {
        state.outbox.opened = direction > 0;
        return Vec::new();
    };
    let page = isize::try_from(area.height.saturating_sub(3).max(1)).unwrap_or(1);
    scroll(state, page.saturating_mul(direction))
}

fn scroll(state: &mut State, by: isize) -> Vec<Effect> {
    let height = places(state).detail.map_or(0, |area| usize::from(area.height.saturating_sub(2)));
    let end = state.outbox.detail.lines.len().saturating_sub(height);
    state.outbox.detail.scroll = state.outbox.detail.scroll.saturating_add_signed(by).min(end);
    Vec::new()
}

/// Opens what is chosen where its detail has no place yet, else its case.
pub fn enter(state: &mut State) -> Vec<Effect> {
    if places(state).detail.is_none() && chosen(state).is_some() {
        state.outbox.opened = true;
        return Vec::new();
    }
    open_case(state)
}

/// Opens the case of the chosen operation.
fn open_case(state: &mut State) -> Vec<Effect> {
    let Some(case) = chosen(state).map(Op::case) else { return Vec::new() };
    state.focus = Focus::Reader;
    state.list.selected = Some(case);
    state.stale_list = true;
    reader::open_case(state, case)
}

/// The operation the cursor is on.
pub fn chosen(state: &State) -> Option<&Op> {
    let pane = &state.outbox;
    let wanted = pane.selected?;
    let near = pane.order.get(pane.at).and_then(|at| pane.ops.get(*at as usize));
    near.filter(|op| op.id() == wanted).or_else(|| pane.ops.iter().find(|op| op.id() == wanted))
}

pub(super) fn choose_at(state: &mut State, at: usize) {
    let pane = &mut state.outbox;
    pane.at = at.min(pane.order.len().saturating_sub(1));
    let before = pane.selected;
    pane.selected = pane.order.get(pane.at).and_then(|at| pane.ops.get(*at as usize)).map(Op::id);
    if pane.selected != before {
        pane.warned = None;
        pane.detail.scroll = 0;
    }
}

/// What needs the agent first, then what moves by itself, nearest to its end first; what was composed earlier first.
pub fn rank(state: OpState) -> u8 {
    match state {
        OpState::NeedsReview => 0,
        OpState::Failed => 1,
        OpState::Unknown => 2,
        OpState::Sending => 3,
        OpState::Queued => 4,
        OpState::Held => 5,
        OpState::Sent | OpState::Cancelled => 6,
    }
}

/// Puts the order right where it is not any more, and the cursor on its operation; where that is gone, on what came after it.
pub fn arrange(pane: &mut OutboxPane) {
    let ops = &pane.ops;
    let key = |at: &u32| (ops.get(*at as usize).map_or(u8::MAX, |op| rank(op.state)), *at);
    if pane.order.len() != ops.len() || !pane.order.is_sorted_by_key(key) {
        pane.order.clear();
        pane.order.extend((0..).zip(ops).map(|(at, _)| at));
        pane.order.sort_unstable_by_key(key);
    }
    let holds = |at: &u32| ops.get(*at as usize).is_some_and(|op| Some(op.id()) == pane.selected);
    if !pane.order.get(pane.at).is_some_and(holds) {
        if let Some(at) = pane.order.iter().position(holds) {
            pane.at = at;
            return;
        }
        pane.at = pane.at.min(ops.len().saturating_sub(1));
        pane.selected = pane.order.get(pane.at).and_then(|at| ops.get(*at as usize)).map(Op::id);
        (pane.warned, pane.detail.scroll, pane.opened) = (None, 0, false);
    }
}

/// What the next frame paints: the order, the detail, and when a count-down goes on.
pub fn prepare(state: &mut State) {
    let open = screen::place(state) == Focus::Outbox;
    if open {
        arrange(&mut state.outbox);
        lay_out(state);
    }
    state.outbox.tick = tick(state, open);
}

/// Lays the detail out again when what it says changed.
fn lay_out(state: &mut State) {
    let width = places(state).detail.map_or(0, |area| area.width.saturating_sub(3));
    let Some(op) = chosen(state).filter(|_| width > 0) else {
        state.outbox.detail = Detail::default();
        return;
    };
    let waits = Moment::of(state).waits_for(op);
    let old = &state.outbox.detail;
    if old.width == width && old.waits == waits && old.op.as_ref() == Some(op) {
        return;
    }
    let reader = state.reader.as_ref().and_then(|reader| reader.conversation.case(op.case()));
    let closed = reader.and_then(|case| case.date_closed);
    let about = About { op, waits: &waits, closed, wall: state.wall(), utc_offset: state.settings.utc_offset, width, keys: true };
    let lines = detail::lines(&about);
    let scroll = if old.op.as_ref().map(Op::id) == Some(op.id()) { old.scroll.min(lines.len().saturating_sub(1)) } else { 0 };
    state.outbox.detail = Detail { op: Some(op.clone()), waits, width, lines, scroll };
}

/// When the bar's `held 7s`, or a count-down of the pane, says something else.
fn tick(state: &State, open: bool) -> Option<Timestamp> {
    let painted = open.then(|| listed(state).chain(chosen(state)).filter_map(|op| op.not_before).chain(state.sync.hold_pushes));
    soonest_held(state).into_iter().chain(painted.into_iter().flatten()).filter_map(|at| next_step(state.now, at)).min()
}

/// When the first of what is held goes out.
pub fn soonest_held(state: &State) -> Option<Timestamp> {
    state.outbox.ops.iter().filter(|op| op.state == OpState::Held).filter_map(|op| op.not_before).min()
}
