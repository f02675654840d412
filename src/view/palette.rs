//! The palette above the bottom line: key, name and words of what fits; what does nothing now is dim and says why.

use super::{Canvas, Framed, Part};
use crate::app::lines::wrap::cells;
use crate::app::palette::Entry;
use crate::app::prompt::Prompt;
use crate::model::Untrusted;
use ratatui::layout::Rect;

/// So wide and so many rows at most.
const WIDTH: u16 = 100;
const ROWS: usize = 14;

pub fn draw(canvas: &mut Canvas, prompt: &Prompt, body: Rect) {
    let Some(palette) = &canvas.state.finding.palette else { return };
    let find = |name: &String| palette.entries.iter().find(|entry| entry.name == *name);
    let most = usize::from(body.height.saturating_sub(2)).min(ROWS);
    let first = (prompt.chosen.saturating_add(1)).saturating_sub(most).min(prompt.choices.len().saturating_sub(most));
    let shown: Vec<&Entry> = prompt.choices.iter().skip(first).take(most).filter_map(find).collect();
    let about = palette.about.map_or_else(String::new, |case| format!(" on #{case}"));
    let height = u16::try_from(shown.len().max(1) + 2).unwrap_or(u16::MAX).min(body.height);
    let area = Rect { y: body.bottom().saturating_sub(height), height, width: body.width.min(WIDTH), ..body };
    canvas.clear(area);
    let rest = prompt.choices.len().saturating_sub(most);
    let more = if rest > 0 { format!(" {rest} more ") } else { String::new() };
    let title = format!(" What to do{about} ");
    let inner = canvas.framed(area, &Framed { title: &title, bottom: " Enter does it · Esc ", bottom_right: &more, focus: true, ..Framed::default() });
    if shown.is_empty() {
        canvas.hollow(inner, "Nothing is called that.");
    }
    let narrow = inner.width < 60;
    let keys = shown.iter().map(|entry| cells(&entry.key)).max().unwrap_or(0).clamp(2, 10);
    let names = shown.iter().map(|entry| cells(&entry.name)).max().unwrap_or(0).clamp(8, if narrow { 16 } else { 26 });
    for (at, entry) in shown.into_iter().enumerate() {
        let lit = first + at == prompt.chosen;
        let (key, plain, dim, look) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Dim), canvas.look.part(Part::Chosen));
        let (name_look, key_look) = if entry.why.is_some() { (dim, dim) } else { (plain, key) };
        let words = Untrusted::from(entry.why.as_deref().unwrap_or(&entry.words)).brief(100);
        let name = Untrusted::from(entry.name.as_str()).brief(40);
        let mut row = canvas.row(inner, at);
        row.put(if lit { "▌" } else { " " }, key).column(&entry.key, keys, key_look).put(" ", plain).column(&name, names, name_look).put(" ", plain);
        row.put(&words, dim);
        if lit {
            let line = Rect { y: inner.y + u16::try_from(at).unwrap_or(0), height: 1, ..inner };
            canvas.buffer.set_style(line.intersection(canvas.buffer.area), look);
        }
    }
}
