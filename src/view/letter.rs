//! The head of the mail in the making, above its text: one line, or a line for each field while it is open. And what is
//! offered for the word at the cursor.

use super::{Canvas, Framed, Part};
use crate::app::compose::Compose;
use crate::app::compose::letter::{FIELDS, Fields, folded};
use crate::app::compose::offer::Offer;
use crate::app::lines::wrap::cells;
use crate::model::Untrusted;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::Widget;

/// The names of the fields take so many cells.
const NAMES: u16 = 8;
/// How the head is opened, where there is room to say it.
const KEY: &str = "Ctrl-x m";

/// Gives where the cursor stands while the head is open.
pub fn draw(canvas: &mut Canvas, area: Rect, compose: &Compose) -> Option<Position> {
    if let Some(fields) = &compose.fields {
        return open(canvas, area, fields);
    }
    let head = compose.letter()?;
    let (dim, plain) = (canvas.look.part(Part::Dim), canvas.look.part(Part::Name));
    let room = usize::from(area.width);
    let people = compose.mail.as_ref().map_or(&[][..], |known| &known.people);
    let words = folded(head, people, room);
    let mut row = canvas.row(area, 0);
    if cells(&words) + KEY.len() + 2 <= room {
        row.right(KEY, 0, dim);
    }
    row.put(&words, plain);
    None
}

/// As many fields as there is room for, the one that is written in among them.
fn open(canvas: &mut Canvas, area: Rect, fields: &Fields) -> Option<Position> {
    let room = usize::from(area.height);
    let first = (fields.at + 1).saturating_sub(room);
    let mut cursor = None;
    for (at, name) in FIELDS.iter().enumerate().skip(first).take(room) {
        let row = Rect { y: area.y + u16::try_from(at - first).unwrap_or(0), height: 1, ..area };
        let part = if at == fields.at { Part::Key } else { Part::Dim };
        let style = canvas.look.part(part);
        canvas.row(row, 0).put(name, style);
        let names = NAMES.min(row.width);
        let inner = Rect { x: row.x + names, width: row.width - names, ..row };
        if inner.is_empty() {
            continue;
        }
        let line = &fields.lines[at];
        line.render(inner, canvas.buffer);
        let place = super::compose::cursor(canvas, inner, line);
        cursor = cursor.or((at == fields.at).then_some(place));
    }
    cursor
}

/// Below the cursor where there is room for it, else above.
pub fn offered(canvas: &mut Canvas, body: Rect, cursor: Position, offer: &Offer) {
    let rows: Vec<(String, String)> = offer.rows.iter().map(|row| (harmless(&row.name), harmless(&row.aside))).collect();
    let widest = |pick: fn(&(String, String)) -> &String| rows.iter().map(|row| cells(pick(row))).max().unwrap_or(0);
    let (names, asides) = (widest(|row| &row.0), widest(|row| &row.1));
    let width = u16::try_from(names + asides + 7).unwrap_or(u16::MAX).min(body.width);
    let below = body.bottom().saturating_sub(cursor.y.saturating_add(1));
    let above = cursor.y.saturating_sub(body.y);
    let wanted = u16::try_from(rows.len()).unwrap_or(u16::MAX).saturating_add(2);
    let under = below >= wanted || below >= above;
    let height = wanted.min(if under { below } else { above });
    if height < 3 {
        return;
    }
    let over = u16::try_from(offer.over).unwrap_or(0);
    let x = cursor.x.saturating_sub(over.saturating_add(2)).min(body.right().saturating_sub(width)).max(body.x);
    let area = Rect { x, y: if under { cursor.y + 1 } else { cursor.y - height }, width, height };
    canvas.clear(area);
    let inner = canvas.framed(area, &Framed { focus: true, ..Framed::default() });
    let room = usize::from(inner.height);
    let first = (offer.chosen + 1).saturating_sub(room);
    for (line, (at, (name, aside))) in rows.iter().enumerate().skip(first).take(room).enumerate() {
        let (key, plain, dim, look) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Dim), canvas.look.part(Part::Chosen));
        let lit = at == offer.chosen;
        canvas.row(inner, line).put(if lit { "▌" } else { " " }, key).column(name, names, plain).put("  ", dim).put(aside, dim);
        if lit {
            let row = Rect { y: inner.y + u16::try_from(line).unwrap_or(0), height: 1, ..inner };
            canvas.buffer.set_style(row.intersection(canvas.buffer.area), look);
        }
    }
}

fn harmless(text: &str) -> String {
    Untrusted::from(text).brief(40)
}
