//! The bottom line: what is asked, else what just happened, else what the keys do; and the choices of a picker above it.

use super::{Canvas, Framed, Part};
use crate::app::lines::wrap::{cells, tail};
use crate::app::prompt::Prompt;
use crate::app::{Level, keymap};
use crate::model::Untrusted;
use ratatui::layout::{Position, Rect};

/// A picker shows this many choices at a time.
const CHOICES: usize = 10;

/// Gives where the cursor stands when something is asked.
pub fn draw(canvas: &mut Canvas, area: Rect, body: Rect) -> Option<Position> {
    if let Some(prompt) = &canvas.state.prompt {
        choices(canvas, prompt, body);
        return Some(ask(canvas, prompt, area));
    }
    let (key, dim) = (canvas.look.part(Part::Key), canvas.look.part(Part::Dim));
    let state = canvas.state;
    let typed = if state.keys.is_empty() { String::new() } else { format!("{} … ", Untrusted::from(state.keys.as_str()).brief(20)) };
    if state.closing.is_some() {
        canvas.row(area, 0).put(" Leaving: what is queued gets a moment to be sent…", dim);
        return None;
    }
    if let Some(notice) = &state.notice {
        let part = match notice.level {
            Level::Done => Part::Good,
            Level::Warning => Part::Warning,
            Level::Error => Part::Bad,
        };
        let style = canvas.look.part(part);
        let sign = if notice.level == Level::Error { " ! " } else { " " };
        canvas.row(area, 0).right(&typed, 10, key).put(sign, style).put(&Untrusted::from(notice.text.as_str()).one_line(), style);
        return None;
    }
    let mut row = canvas.row(area, 0);
    row.right(&typed, 4, key).put(" ", dim);
    for (at, (name, word)) in keymap::hints(state).iter().enumerate() {
        // Half a hint says nothing: what does not fit is left out.
        let wanted = cells(name) + 1 + cells(word) + if at == 0 { 0 } else { 3 };
        if wanted <= row.room() {
            row.put(if at == 0 { "" } else { " · " }, dim).put(name, key).put(" ", dim).put(word, dim);
        }
    }
    None
}

fn ask(canvas: &mut Canvas, prompt: &Prompt, area: Rect) -> Position {
    let (strong, bad) = (canvas.look.part(Part::Strong), canvas.look.part(Part::Bad));
    let text = Untrusted::from(prompt.text.as_str()).display().replace('\n', " ");
    let error = prompt.error.as_ref().map_or(String::new(), |error| format!("{} ", Untrusted::from(error.as_str()).brief(80)));
    let y = area.y;
    let mut row = canvas.row(area, 0);
    row.right(&error, 16, bad).put(" ", strong).put(prompt.label(), strong).put(" ", strong);
    // One cell stays for the cursor.
    let room = row.room().saturating_sub(1);
    row.put(tail(&text, room), ratatui::style::Style::new());
    Position { x: row.x(), y }
}

fn choices(canvas: &mut Canvas, prompt: &Prompt, body: Rect) {
    if prompt.choices.is_empty() {
        return;
    }
    let count = prompt.choices.len().min(CHOICES).min(usize::from(body.height.saturating_sub(2)));
    let first = (prompt.chosen + 1).saturating_sub(count);
    let shown: Vec<String> = prompt.choices.iter().skip(first).take(count).map(|choice| Untrusted::from(choice.as_str()).brief(80)).collect();
    let widest = shown.iter().map(|choice| cells(choice)).max().unwrap_or(0).max(cells(prompt.label()));
    let width = u16::try_from(widest + 8).unwrap_or(u16::MAX).min(body.width);
    let height = u16::try_from(count + 2).unwrap_or(u16::MAX).min(body.height);
    let area = Rect { x: body.x, y: body.bottom().saturating_sub(height), width, height };
    canvas.clear(area);
    let rest = prompt.choices.len() - count;
    let more = if rest > 0 { format!(" {rest} more ") } else { String::new() };
    let inner = canvas.framed(area, &Framed { title: &format!(" {} ", prompt.label()), bottom_right: &more, focus: true, ..Framed::default() });
    for (at, choice) in shown.iter().enumerate() {
        let chosen = first + at == prompt.chosen;
        let (key, plain, look) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Chosen));
        // Only the first nine have a key of their own.
        let number = if first + at < 9 { (first + at + 1).to_string() } else { String::new() };
        canvas.row(inner, at).put(if chosen { "▌" } else { " " }, key).column(&number, 2, key).put(choice, plain);
        if chosen {
            let line = Rect { y: inner.y + u16::try_from(at).unwrap_or(0), height: 1, ..inner };
            canvas.buffer.set_style(line.intersection(canvas.buffer.area), look);
        }
    }
}
