//! The contact card: the lines the core laid out, in their own pane or over the thread.

use super::{Canvas, Framed, Part};
use crate::app::lines::card;
use ratatui::layout::Rect;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let state = canvas.state;
    let covers = state.card;
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    let height = usize::from(area.height.saturating_sub(2));
    let conversation = state.reader.as_ref().map(|reader| &reader.conversation);
    let lines = conversation.map_or_else(Vec::new, |conversation| card::lines(conversation, &state.outbox.ops, state.wall(), state.settings.utc_offset, room));
    let first = if covers { state.card_scroll.min(lines.len().saturating_sub(height)) } else { 0 };
    let more = if first + height < lines.len() { " ↓ more " } else { "" };
    let closes = if covers { " v closes " } else { "" };
    let inner = canvas.framed(area, &Framed { title: " Contact ", bottom: closes, bottom_right: more, focus: covers, ..Framed::default() });
    for (at, line) in lines.iter().skip(first).take(height).enumerate() {
        let part = match (at + first, line.heading) {
            (0, _) => Part::Name,
            (_, true) => Part::Strong,
            _ => Part::Plain,
        };
        let style = canvas.look.part(part);
        canvas.row(inner, at).put(&line.text, style);
    }
}
