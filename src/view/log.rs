//! The log: what was done, newest first, a line each where there is room, else two. What was taken back is told in words
//! and dimmed.

use super::{Canvas, Framed, Part};
use crate::app::lines::time::span;
use crate::app::log::{Entry, Fate, item_height, window};
use crate::model::{OpState, Untrusted};
use ratatui::layout::Rect;

/// Cells of the moment, of its age, and of what was done where both stand in one line.
const WHEN: usize = 13;
const AGE: usize = 5;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let state = canvas.state;
    let log = &state.log;
    let filter = Untrusted::from(log.filter.as_str()).brief(40);
    let title = if filter.is_empty() { " Log ".to_owned() } else { format!(" Log · {filter} ") };
    let (fit, first) = window(state, area);
    let below = log.shown.len().saturating_sub(first + fit);
    let right = match (below, log.more) {
        (0, false) => String::new(),
        (0, true) => " ↓ older: caseload log ".to_owned(),
        (below, more) => format!(" ↓ {below}{} more ", if more { "+" } else { "" }),
    };
    let inner = canvas.framed(area, &Framed { title: &title, bottom_right: &right, focus: true, ..Framed::default() });
    if log.shown.is_empty() {
        let words = if filter.is_empty() { "Nothing was done yet. Esc goes back." } else { "Nothing that was done fits this. / changes it." };
        canvas.hollow(inner, words);
    }
    let height = item_height(area.width);
    for (row, at) in log.shown.iter().enumerate().skip(first).take(fit) {
        let Some(entry) = log.entries.get(*at) else { continue };
        let y = inner.y.saturating_add(u16::try_from(row - first).unwrap_or(u16::MAX).saturating_mul(height));
        draw_entry(canvas, Rect { y, height: height.min(inner.bottom().saturating_sub(y)), ..inner }, entry, row == log.at);
    }
}

fn draw_entry(canvas: &mut Canvas, area: Rect, entry: &Entry, chosen: bool) {
    let look = canvas.look;
    let bar = if chosen { "▌" } else { " " };
    let (focus, dim) = (look.part(Part::Focus), look.part(Part::Dim));
    let words = look.part(if entry.is_undone() { Part::Dim } else { Part::Strong });
    let fate_look = look.part(fate_part(entry));
    let (when, age, fate) = (canvas.stamp(entry.at), age(canvas, entry), entry.fate_words());
    let one = area.height < 2;
    let room = usize::from(area.width);
    let mut row = canvas.row(area, 0);
    if one {
        // The fate has at most half of the line; what is left of it goes to what was done.
        row.right(&crate::app::lines::wrap::clip(&fate, room / 2 - 8), room / 3, fate_look);
    }
    row.put(bar, focus).column(&when, if one || room > 60 { WHEN } else { crate::app::lines::wrap::cells(&when) + 1 }, dim);
    if one || room > 60 {
        row.column(&age, AGE, dim);
    }
    row.put(&entry.words, words);
    if !entry.about.is_empty() {
        row.put(" · ", dim).put(&entry.about, look.part(if entry.is_undone() { Part::Dim } else { Part::Plain }));
    }
    if !one {
        canvas.row(area, 1).put(bar, focus).skip(2).put(&fate, fate_look);
    }
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), look.part(Part::Chosen));
    }
}

fn age(canvas: &Canvas, entry: &Entry) -> String {
    span((canvas.state.wall() - entry.at).max(chrono::TimeDelta::zero()))
}

fn fate_part(entry: &Entry) -> Part {
    match &entry.fate {
        Fate::Undone(_) | Fate::Cannot(_) => Part::Dim,
        Fate::Moving(_) if entry.state == OpState::NeedsReview => Part::Bad,
        Fate::Moving(_) => Part::Warning,
        Fate::Can(_) if entry.first.is_some() => Part::Dim,
        Fate::Can(_) => Part::Plain,
    }
}
