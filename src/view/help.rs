//! The key help: the rows of the table that work where it was opened, or all that fit what is searched; and the signs.

use super::{Canvas, Framed, Part};
use crate::app::keymap::{KEYS, Key};
use crate::app::lines::wrap::wrap;
use crate::app::{Focus, state::Help};
use crate::model::Untrusted;
use ratatui::layout::Rect;

/// The signs of the list, which no key explains.
const SIGNS: [(&str, &str); 7] = [
    ("x", "marked: x takes the mark away, Esc all of them"),
    ("●", "unread: the customer wrote since you last looked"),
    ("~", "unsent: something of yours is on its way"),
    ("!", "something of yours needs you, or failed"),
    ("✎", "a draft of yours"),
    ("due, late", "until, since the next reply is due"),
    ("waits", "answered: waits for the customer"),
];

pub fn draw(canvas: &mut Canvas, body: Rect) {
    let Some(help) = &canvas.state.help else { return };
    let width = if body.width < 90 { body.width } else { 78 };
    let area = Rect { x: body.x + (body.width - width) / 2, width, ..body };
    canvas.clear(area);
    let column = if width < 50 { 12 } else { 18 };
    let rows = rows(help, column, usize::from(width).saturating_sub(column + 4));
    let search = Untrusted::from(help.search.as_str()).brief(40);
    let title = if search.is_empty() { format!(" Keys · {} · type to search ", help.from.title()) } else { format!(" Keys · search: {search} ") };
    let height = usize::from(area.height.saturating_sub(2));
    let scroll = help.scroll.min(rows.len().saturating_sub(height));
    let more = if scroll + height < rows.len() { " ↓ more " } else { "" };
    let inner = canvas.framed(area, &Framed { title: &title, bottom: " Esc closes ", bottom_right: more, focus: true, ..Framed::default() });
    if rows.is_empty() {
        canvas.hollow(inner, "No key does that.");
    }
    for (at, (keys, does)) in rows.iter().skip(scroll).take(height).enumerate() {
        let (key, plain) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain));
        canvas.row(inner, at).skip(1).column(keys, column, key).put(" ", plain).put(does, plain);
    }
}

/// The lines of the table: what does not fit beside its key goes on below.
fn rows(help: &Help, column: usize, room: usize) -> Vec<(String, String)> {
    let sought = help.search.to_lowercase();
    let fits = |row: &(String, String)| sought.is_empty() || row.1.to_lowercase().contains(&sought) || row.0.to_lowercase().contains(&sought);
    let keys = KEYS.iter().filter(|key| !sought.is_empty() || key.places.contains(&help.from));
    let mut keys: Vec<_> = keys.collect();
    // What belongs to this place alone comes first.
    keys.sort_by_key(|key| key.places.len() > 1);
    let written = |key: &Key| if key.keys.is_empty() { format!(":{}", key.action.name()) } else { key.keys.join(" ") };
    let keys = keys.into_iter().map(|key| (written(key), key.help.to_owned()));
    let signs = SIGNS.iter().filter(|_| !sought.is_empty() || help.from == Focus::List);
    let all = keys.chain(signs.map(|(sign, means)| ((*sign).to_owned(), (*means).to_owned()))).filter(fits);
    all.flat_map(|(key, does)| {
        let (mut keys, mut words) = (wrap(&key, column).into_iter(), wrap(&does, room).into_iter());
        std::iter::from_fn(move || match (keys.next(), words.next()) {
            (None, None) => None,
            (key, word) => Some((key.unwrap_or_default(), word.unwrap_or_default())),
        })
    })
    .collect()
}
