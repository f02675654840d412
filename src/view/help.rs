//! The key help as the core lists it: keys, what they do, and where they come from as soon as any is not the default.

use super::{Canvas, Framed, Part};
use crate::app::help::{Entry, entries};
use crate::app::lines::wrap::{cells, tail, wrap};
use crate::model::Untrusted;
use ratatui::layout::{Position, Rect};

/// The column of where keys come from.
const ORIGIN: usize = 16;

/// A line of it: keys, words, and where they come from.
type Line = (String, String, String);

/// Gives where the cursor stands: behind what is searched.
pub fn draw(canvas: &mut Canvas, body: Rect) -> Option<Position> {
    let help = canvas.state.help.as_ref()?;
    let width = if body.width < 90 { body.width } else { 78 };
    let area = Rect { x: body.x + (body.width - width) / 2, width, ..body };
    canvas.clear(area);
    let entries = entries(canvas.state, help);
    let own = entries.iter().any(|entry| !matches!(entry.origin.as_str(), "" | "default"));
    let origins = own && width >= 60;
    let column = if width < 50 { 12 } else { 18 };
    let room = usize::from(width).saturating_sub(column + 4 + if origins { ORIGIN + 1 } else { 0 });
    let rows = lines(entries, column, room, origins);
    let (before, after) = help.search.halves();
    let (before, after) = (Untrusted::from(before).brief(80), Untrusted::from(after).brief(80));
    let begin = " Keys · search: ";
    let shown = tail(&before, usize::from(width).saturating_sub(cells(begin) + 6));
    let title = if help.search.is_empty() { format!(" Keys · {} · type to search ", help.from.title()) } else { format!("{begin}{shown}{after} ") };
    let height = usize::from(area.height.saturating_sub(2));
    let scroll = help.scroll.min(rows.len().saturating_sub(height));
    let more = if scroll + height < rows.len() { " ↓ more " } else { "" };
    let cursor = (!help.search.is_empty()).then(|| Position { x: area.x + u16::try_from(cells(begin) + cells(shown)).unwrap_or(0) + 1, y: area.y });
    let inner = canvas.framed(area, &Framed { title: &title, bottom: " Esc closes ", bottom_right: more, focus: true, ..Framed::default() });
    if rows.is_empty() {
        canvas.hollow(inner, "No key does that.");
    }
    for (at, (keys, does, origin)) in rows.iter().skip(scroll).take(height).enumerate() {
        let (key, plain, dim) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Dim));
        canvas.row(inner, at).right(origin, column, dim).skip(1).column(keys, column, key).put(" ", plain).put(does, plain);
    }
    cursor
}

/// What does not fit beside its key goes on below.
fn lines(entries: Vec<Entry>, column: usize, room: usize, origins: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    for entry in entries {
        let words = match (origins, entry.origin.as_str()) {
            (true, _) | (false, "" | "default") => entry.words,
            (false, origin) => format!("{} ({origin})", entry.words),
        };
        let mut origin = if origins { Untrusted::from(entry.origin).brief(ORIGIN) } else { String::new() };
        let (mut keys, mut words) = (wrap(&entry.keys, column).into_iter(), wrap(&words, room).into_iter());
        while let (key, word) = (keys.next(), words.next())
            && (key.is_some() || word.is_some())
        {
            lines.push((key.unwrap_or_default(), word.unwrap_or_default(), std::mem::take(&mut origin)));
        }
    }
    lines
}
