//! The receipt of the day in a list that was worked empty: a few figures below each other, as many as there is room for.

use super::{Canvas, Part};
use crate::app::lines::wrap::{cells, wrap};
use crate::app::receipt;
use ratatui::layout::Rect;

/// Blanks between a name and its figures.
const GAP: usize = 2;

/// Below what the list says of itself.
pub fn draw(canvas: &mut Canvas, area: Rect, words: &str) {
    let lines = receipt::lines(canvas.state);
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    let names = lines.iter().map(|(name, _)| cells(name)).max().unwrap_or(0) + GAP;
    let wide = names + lines.iter().map(|(_, figures)| cells(figures)).max().unwrap_or(0);
    let height = usize::from(area.height);
    // Where there is little room the figures go before what else could be done.
    let wrapped = wrap(words, room);
    let low = wrapped.len() + lines.len() > height;
    let words = if low { wrap(words.split_inclusive(". ").next().unwrap_or_default().trim_end(), room) } else { wrapped };
    let spare = height.saturating_sub(words.len() + lines.len());
    let blank = usize::from(spare > 0);
    let top = spare.saturating_sub(blank) / 3;
    let dim = canvas.look.part(Part::Dim);
    let middle = |cells: usize| u16::try_from(usize::from(area.width).saturating_sub(cells) / 2).unwrap_or(0);
    for (at, line) in words.iter().enumerate() {
        canvas.row(area, top + at).skip(middle(cells(line))).put(line, dim);
    }
    let (dim, plain) = (canvas.look.part(Part::Dim), canvas.look.part(Part::Plain));
    for (at, (name, figures)) in lines.iter().enumerate() {
        canvas.row(area, top + words.len() + blank + at).skip(middle(wide)).column(name, names, dim).put(figures, plain);
    }
}
