//! The bottom line: what is asked, else what just happened, else what the keys do; and the choices of a picker above it.

use super::{Canvas, Framed, Part};
use crate::app::chord::written;
use crate::app::hints::hints;
use crate::app::lines::wrap::{cells, tail, wrap};
use crate::app::prompt::{Prompt, PromptKind};
use crate::app::{Action, Level, Notice};
use crate::model::Untrusted;
use ratatui::layout::{Position, Rect};

/// A picker shows this many choices at a time.
const CHOICES: usize = 10;

/// Gives where the cursor stands when something is asked.
pub fn draw(canvas: &mut Canvas, area: Rect, body: Rect) -> Option<Position> {
    if let Some(prompt) = &canvas.state.prompt {
        let above = u16::from(above(canvas, prompt, area).is_some());
        let room = Rect { height: body.height.saturating_sub(above), ..body };
        if prompt.picks_reply() {
            super::picker::draw(canvas, prompt, room);
        } else if prompt.kind == PromptKind::Lead {
            super::lead::draw(canvas, room);
        } else if prompt.kind == PromptKind::Palette {
            super::palette::draw(canvas, prompt, room);
        } else {
            choices(canvas, prompt, room);
        }
        return Some(ask(canvas, prompt, area));
    }
    let (key, dim) = (canvas.look.part(Part::Key), canvas.look.part(Part::Dim));
    let state = canvas.state;
    let typed = if state.keys.is_empty() { String::new() } else { format!("{} … ", Untrusted::from(written(&state.keys)).brief(20)) };
    if state.closing.is_some() {
        canvas.row(area, 0).put(" Leaving: what is queued gets a moment to be sent…", dim);
        return None;
    }
    if let Some(notice) = &state.notice {
        tell(canvas, notice, &typed, area, body);
        return None;
    }
    let hints = hints(state);
    let help = state.settings.keys.shown(state.focus, Action::Help);
    let mut row = canvas.row(area, 0);
    row.right(&typed, 4, key);
    row.put(" ", dim);
    // The last one, the key help, keeps its place; half a hint says nothing: what does not fit is left out.
    let size = |(name, word): &(String, String)| cells(name) + 1 + cells(word);
    let kept = hints.last().filter(|(name, _)| *name == help).map_or(0, |hint| size(hint) + 3);
    for (at, hint) in hints.iter().enumerate() {
        let (between, kept) = (if at == 0 { "" } else { " · " }, if at + 1 == hints.len() { 0 } else { kept });
        if cells(between) + size(hint) + kept <= row.room() {
            row.put(between, dim).put(&hint.0, key).put(" ", dim).put(&hint.1, dim);
        }
    }
    None
}

/// What just happened; words that need more than the bottom line take what is above it.
fn tell(canvas: &mut Canvas, notice: &Notice, typed: &str, area: Rect, body: Rect) {
    let part = match notice.level {
        Level::Done => Part::Good,
        Level::Warning => Part::Warning,
        Level::Error => Part::Bad,
    };
    let (style, key) = (canvas.look.part(part), canvas.look.part(Part::Key));
    let sign = if notice.level == Level::Error { " ! " } else { " " };
    let room = usize::from(area.width).saturating_sub(cells(sign) + cells(typed) + 1).max(10);
    let words = Untrusted::from(notice.text.as_str()).one_line();
    let lines: Vec<String> = wrap(&words, room).into_iter().take(usize::from(body.height / 3).clamp(1, 4)).collect();
    let above = u16::try_from(lines.len().saturating_sub(1)).unwrap_or(0);
    let place = Rect { y: area.y.saturating_sub(above), height: area.height + above, ..area };
    if above > 0 {
        canvas.clear(place);
    }
    for (at, line) in lines.iter().enumerate() {
        let mut row = canvas.row(place, at);
        if at + 1 == lines.len() {
            row.right(typed, 10, key);
        }
        row.put(if at == 0 { sign } else { &"   "[..sign.len()] }, style).put(line, style);
    }
}

fn ask(canvas: &mut Canvas, prompt: &Prompt, area: Rect) -> Position {
    let (strong, bad, dim) = (canvas.look.part(Part::Strong), canvas.look.part(Part::Bad), canvas.look.part(Part::Dim));
    let (before, after) = prompt.text.halves();
    let (before, after) = (plain(before), plain(after));
    let (error, beside) = (wrong(prompt), beside(prompt, area));
    let y = area.y;
    if let Some((words, part)) = above(canvas, prompt, area).filter(|_| y > 0) {
        let (line, style) = (Rect { y: y - 1, height: 1, ..area }, canvas.look.part(part));
        canvas.clear(line);
        canvas.row(line, 0).put(" ", style).put(&words, style);
    }
    let meaning = meaning(canvas, prompt, room(prompt, area));
    let mut row = canvas.row(area, 0);
    if beside {
        row.right(&error, 16, bad);
    }
    row.right(&meaning, 8, dim).put(" ", strong).put(prompt.label(), strong).put(" ", strong);
    // One cell stays for the cursor.
    let room = row.room().saturating_sub(1);
    let style = ratatui::style::Style::new();
    row.put(tail(&before, room.saturating_sub(cells(&after).min(room / 4))), style);
    let x = row.x();
    row.put(&after, style);
    Position { x, y }
}

fn plain(text: &str) -> String {
    Untrusted::from(text).display().replace('\n', " ")
}

fn wrong(prompt: &Prompt) -> String {
    prompt.error.as_ref().map_or(String::new(), |error| format!("{} ", Untrusted::from(error.as_str()).brief(200)))
}

/// Is there a place for what is wrong beside what was typed?
fn beside(prompt: &Prompt, area: Rect) -> bool {
    let error = wrong(prompt);
    error.is_empty() || cells(&error) + cells(prompt.label()) + 16 <= usize::from(area.width)
}

/// What is wrong, or what the words mean, where it has no place beside what was typed.
fn above(canvas: &Canvas, prompt: &Prompt, area: Rect) -> Option<(String, Part)> {
    if !beside(prompt, area) {
        return Some((wrong(prompt), Part::Bad));
    }
    let fits = !meaning(canvas, prompt, room(prompt, area)).is_empty();
    let words = meaning(canvas, prompt, usize::from(area.width).saturating_sub(1));
    (!fits && !words.is_empty()).then_some((words, Part::Dim))
}

/// Cells beside what was typed.
fn room(prompt: &Prompt, area: Rect) -> usize {
    usize::from(area.width).saturating_sub(cells(prompt.label()) + cells(&prompt.text) + 4)
}

/// What the words of a snooze, or of a time to send at, mean, while they are typed; as many words as there is room for beside
/// them. And that the rows of a filter are still looked for.
fn meaning(canvas: &Canvas, prompt: &Prompt, room: usize) -> String {
    if prompt.kind == PromptKind::Fields && prompt.error.is_none() {
        return format!("{} ", crate::app::form::hint(canvas.state, prompt.chosen));
    }
    if prompt.kind == PromptKind::Filter && prompt.error.is_none() && canvas.state.list.asked {
        return "… ".to_owned();
    }
    if prompt.error.is_some() {
        return String::new();
    }
    let words = prompt.choices.get(prompt.chosen).map_or(prompt.text.as_str(), String::as_str);
    let meant = match prompt.kind {
        PromptKind::Snooze => crate::app::snooze::meaning(canvas.state, words),
        PromptKind::Later { .. } => crate::app::later::meaning(canvas.state, words),
        _ => Vec::new(),
    };
    let meant = meant.into_iter().map(|words| format!("= {words} "));
    meant.into_iter().find(|words| cells(words) <= room).unwrap_or_default()
}

fn choices(canvas: &mut Canvas, prompt: &Prompt, body: Rect) {
    if prompt.choices.is_empty() {
        return;
    }
    let count = prompt.choices.len().min(CHOICES).min(usize::from(body.height.saturating_sub(2)));
    let lit = prompt.choices.get(prompt.chosen).map(|_| prompt.chosen);
    let first = lit.map_or(0, |lit| (lit + 1).saturating_sub(count));
    let shown: Vec<String> = prompt.choices.iter().skip(first).take(count).map(|choice| Untrusted::from(choice.as_str()).brief(80)).collect();
    let title = crate::app::tags::title(canvas.state, prompt).unwrap_or_else(|| prompt.title().to_owned());
    let widest = shown.iter().map(|choice| cells(choice)).max().unwrap_or(0).max(cells(&title).saturating_sub(3));
    let width = u16::try_from(widest + 8).unwrap_or(u16::MAX).min(body.width);
    let height = u16::try_from(count + 2).unwrap_or(u16::MAX).min(body.height);
    let area = Rect { x: body.x, y: body.bottom().saturating_sub(height), width, height };
    canvas.clear(area);
    let rest = prompt.choices.len() - count;
    let more = if rest > 0 { format!(" {rest} more ") } else { String::new() };
    let inner = canvas.framed(area, &Framed { title: &format!(" {title} "), bottom_right: &more, focus: true, ..Framed::default() });
    for (at, choice) in shown.iter().enumerate() {
        let chosen = first + at == prompt.chosen;
        let (key, plain, look) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Chosen));
        // Only the first nine have a key of their own.
        let number = if first + at < 9 && prompt.numbered() { (first + at + 1).to_string() } else { String::new() };
        canvas.row(inner, at).put(if chosen { "▌" } else { " " }, key).column(&number, 2, key).put(choice, plain);
        if chosen {
            let line = Rect { y: inner.y + u16::try_from(at).unwrap_or(0), height: 1, ..inner };
            canvas.buffer.set_style(line.intersection(canvas.buffer.area), look);
        }
    }
}
