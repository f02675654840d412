//! The outbox pane: everything that is not proven sent, each with the word of its state, its cause and its text.

use super::{Canvas, Framed, Part};
use crate::model::{Change, Op, OpState, Untrusted};
use ratatui::layout::Rect;

/// Below this width the cause has a line of its own.
const NARROW: u16 = 70;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let pane = &canvas.state.outbox;
    let waiting = pane.unsent();
    let title = if waiting == 0 { " Outbox ".to_owned() } else { format!(" Outbox · {waiting} not proven sent ") };
    let rows = if area.width < NARROW { 3 } else { 2 };
    let fit = usize::from(area.height.saturating_sub(2) / rows);
    let at = pane.ops.iter().position(|op| Some(op.id()) == pane.selected).unwrap_or(0);
    let first = (at + 1).saturating_sub(fit.max(1));
    let below = if first + fit < pane.ops.len() { " ↓ more " } else { "" };
    let inner = canvas.framed(area, &Framed { title: &title, bottom_right: below, focus: true, ..Framed::default() });
    if pane.ops.is_empty() {
        canvas.hollow(inner, "Nothing waits: everything you sent is proven at the server. Esc goes back.");
    }
    for (row, op) in pane.ops.iter().skip(first).take(fit).enumerate() {
        let y = inner.y.saturating_add(u16::try_from(row).unwrap_or(u16::MAX).saturating_mul(rows));
        let place = Rect { y, height: rows, ..inner };
        draw_op(canvas, place, op, Some(op.id()) == pane.selected);
    }
}

fn draw_op(canvas: &mut Canvas, area: Rect, op: &Op, chosen: bool) {
    let look = canvas.look;
    let bar = if chosen { "▌" } else { " " };
    let part = match op.state {
        OpState::NeedsReview | OpState::Failed => Part::Bad,
        OpState::Sent => Part::Good,
        OpState::Cancelled => Part::Dim,
        _ => Part::Warning,
    };
    let age = canvas.age(op.mutation.at);
    let cause = op.cause.as_ref().map_or(String::new(), |cause| Untrusted::from(cause.as_str()).brief(usize::from(area.width)));
    let twins = if op.twins > 0 { format!("the server has it {} times · ", op.twins.saturating_add(1)) } else { String::new() };
    let sign = if matches!(op.state, OpState::NeedsReview | OpState::Failed) { "!" } else { " " };
    let (cause, words) = (format!("{twins}{cause}"), words(canvas.state, op, usize::from(area.width)));
    let mut row = canvas.row(area, 0);
    row.right(&age, 30, look.part(Part::Dim)).put(bar, look.part(Part::Focus)).put(sign, look.part(part));
    row.column(op.state.words(), 10, look.part(part)).column(op.mutation.change.kind(), 9, look.part(Part::Strong));
    row.column(&format!("#{}", op.case()), 8, look.part(Part::Plain)).skip(1);
    if area.width >= NARROW - 2 {
        row.put(&cause, look.part(Part::Dim));
    } else {
        canvas.row(area, 1).put(bar, look.part(Part::Focus)).skip(2).put(&cause, look.part(Part::Dim));
    }
    let last = usize::from(area.height).saturating_sub(1);
    canvas.row(area, last).put(bar, look.part(Part::Focus)).skip(2).put(&words, look.part(Part::Plain));
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), look.part(Part::Chosen));
    }
}

/// The beginning of the text, or what it does.
fn words(state: &crate::app::State, op: &Op, room: usize) -> String {
    let stamp = |at| crate::app::lines::time::stamp(at, state.wall(), state.settings.utc_offset);
    match &op.mutation.change {
        Change::Close { state } => format!("as {}", Untrusted::from(state.as_str()).brief(room)),
        Change::Snooze { until, .. } => format!("until {}", stamp(*until)),
        change => change.text().map_or(String::new(), |text| Untrusted::from(text).brief(room)),
    }
}
