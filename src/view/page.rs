//! A page over the panes: a title, its lines from where it is scrolled to, and how it is closed.

use super::{Canvas, Framed, Part};
use crate::app::page;
use ratatui::layout::Rect;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let Some(shown) = &canvas.state.log.page else { return };
    canvas.clear(area);
    let lines = page::lines(canvas.state, shown, usize::from(area.width).saturating_sub(2));
    let height = usize::from(area.height).saturating_sub(2);
    let first = shown.scroll.min(lines.len().saturating_sub(height));
    let more = if first + height < lines.len() { " ↓ more " } else { "" };
    let title = format!(" {} ", shown.title);
    let inner = canvas.framed(area, &Framed { title: &title, bottom: " Esc closes ", bottom_right: more, focus: true, ..Framed::default() });
    let plain = canvas.look.part(Part::Plain);
    for (at, line) in lines.iter().skip(first).take(height).enumerate() {
        canvas.row(inner, at).put(line, plain);
    }
}
