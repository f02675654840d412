//! The outbox pane: everything that is not proven sent, each with the word of its state, its cause and its text.

use super::{Canvas, Framed, Part};
use crate::model::{Change, Op, OpState, Untrusted};
use ratatui::layout::Rect;

/// Rows of the terminal an operation takes: state, text.
const HEIGHT: usize = 2;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let pane = &canvas.state.outbox;
    let waiting = pane.unsent();
    let title = format!(" Outbox · {waiting} not proven sent ");
    let fit = usize::from(area.height.saturating_sub(2)) / HEIGHT;
    let at = pane.ops.iter().position(|op| Some(op.id()) == pane.selected).unwrap_or(0);
    let first = (at + 1).saturating_sub(fit.max(1));
    let below = if first + fit < pane.ops.len() { " ↓ more " } else { "" };
    let inner = canvas.framed(area, &Framed { title: &title, bottom_right: below, focus: true, ..Framed::default() });
    if pane.ops.is_empty() {
        canvas.hollow(inner, "Nothing waits: everything you sent is proven at the server. Esc goes back.");
    }
    for (row, op) in pane.ops.iter().skip(first).take(fit).enumerate() {
        let y = inner.y.saturating_add(u16::try_from(row * HEIGHT).unwrap_or(u16::MAX));
        let place = Rect { y, height: 2, ..inner };
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
    let mut row = canvas.row(area, 0);
    row.right(&age, 30, look.part(Part::Dim)).put(bar, look.part(Part::Focus)).put(sign, look.part(part));
    row.column(op.state.words(), 10, look.part(part)).column(op.mutation.change.kind(), 9, look.part(Part::Strong));
    row.column(&format!("#{}", op.case()), 8, look.part(Part::Plain)).skip(1).put(&format!("{twins}{cause}"), look.part(Part::Dim));
    let words = words(canvas.state, op, usize::from(area.width));
    canvas.row(area, 1).put(bar, look.part(Part::Focus)).skip(2).put(&words, look.part(Part::Plain));
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), look.part(Part::Chosen));
    }
}

/// The beginning of the text, or what it does.
fn words(state: &crate::app::State, op: &Op, room: usize) -> String {
    let stamp = |at| crate::app::lines::time::stamp(at, state.now, state.settings.utc_offset);
    match &op.mutation.change {
        Change::Close { state } => format!("as {}", Untrusted::from(state.as_str()).brief(room)),
        Change::Snooze { until, .. } => format!("until {}", stamp(*until)),
        change => change.text().map_or(String::new(), |text| Untrusted::from(text).brief(room)),
    }
}
