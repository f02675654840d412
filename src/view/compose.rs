//! The compose box. A reply and a note differ in the word of the title, the border and the colour.

use super::{Canvas, Framed, Part, letter};
use crate::app::bulk::MANY;
use crate::app::compose::{Compose, count};
use crate::app::lines::wrap::{cells, clip};
use crate::app::{Action, Focus};
use crate::model::{Channel, DraftKind, Lang, Untrusted};
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::Widget;
use tui_textarea::TextArea;

/// Gives where the cursor stands.
pub fn draw(canvas: &mut Canvas, area: Rect) -> Option<Position> {
    let compose = canvas.state.compose.as_ref()?;
    let note = compose.kind == DraftKind::Note;
    let mode = compose.vi.as_ref().map_or_else(String::new, |vi| format!(" {} ", vi.words()));
    let room = area.width.saturating_sub(u16::try_from(cells(&mode)).unwrap_or(0));
    let saved = foot(canvas, compose, room);
    let frame = Framed { title: &title(canvas, compose, area.width), bottom: &mode, bottom_right: &saved, focus: canvas.is_at(Focus::Compose), double: note };
    let inner = canvas.framed(area, &frame);
    if inner.is_empty() {
        return None;
    }
    let above = compose.head_rows().min(inner.height);
    let (head, inner) = (Rect { height: above, ..inner }, Rect { y: inner.y + above, height: inner.height - above, ..inner });
    let in_head = letter::draw(canvas, head, compose);
    if inner.is_empty() {
        return in_head;
    }
    (&compose.area).render(inner, canvas.buffer);
    if compose.area.is_empty() {
        let placeholder = if note { "Only agents see this." } else { "Write to the customer." };
        let style = canvas.look.part(Part::Dim);
        canvas.row(inner, 0).put(placeholder, style);
    }
    let in_text = cursor(canvas, inner, &compose.area);
    in_head.or(Some(in_text))
}

/// To whom, and what came since the agent began: a text in the wrong place, or past a question, is seen here.
fn title(canvas: &Canvas, compose: &Compose, width: u16) -> String {
    let fresh = match compose.fresh {
        0 => String::new(),
        1 => "! 1 new message above".to_owned(),
        count => format!("! {count} new messages above"),
    };
    let sends = format!("{} sends it", send(canvas));
    if canvas.state.assisting.is_some() {
        return " assist is writing · Esc stops it ".to_owned();
    }
    if compose.case == MANY {
        let what = if compose.kind == DraftKind::Note { "Note on" } else { "Reply to" };
        return format!(" {what} {} marked cases · {} shows each before it is sent ", canvas.state.list.marks.len(), send(canvas));
    }
    if let Some(edits) = &compose.edits {
        let what = if compose.kind == DraftKind::Note { "note" } else { "message" };
        let when = edits.at.map_or_else(String::new, |at| format!(" of {}", canvas.stamp(at)));
        let whole = format!(" Edit your {what}{when} · {} ", if fresh.is_empty() { &sends } else { &fresh });
        return if cells(&whole) + 2 <= usize::from(width) || !fresh.is_empty() { whole } else { format!(" Edit your {what}{when} ") };
    }
    if compose.kind == DraftKind::Note {
        let rest = if fresh.is_empty() { "the customer never sees it" } else { &fresh };
        return format!(" Note on #{} · {rest} ", compose.case);
    }
    let rest = if fresh.is_empty() { &sends } else { &fresh };
    if let Some(lang) = &compose.translate {
        return translated(canvas, compose, width, lang, rest);
    }
    let room = usize::from(width).saturating_sub(cells(rest) + 18).clamp(8, 40);
    format!(" Reply to {} · {rest} ", whom(canvas, compose, room))
}

/// The key that sends.
fn send(canvas: &Canvas) -> String {
    canvas.state.settings.keys.shown(Focus::Compose, Action::Send)
}

fn whom(canvas: &Canvas, compose: &Compose, room: usize) -> String {
    let reader = canvas.state.reader.as_ref().filter(|reader| reader.case == compose.case);
    let case = reader.and_then(|reader| reader.conversation.case(compose.case));
    case.map_or_else(|| format!("#{}", compose.case), |case| clip(&case.contact_name().brief(40), room))
}

/// The customer reads other words than these: said at every width, and what came meanwhile beside it.
fn translated(canvas: &Canvas, compose: &Compose, width: u16, lang: &Lang, rest: &str) -> String {
    let (room, name) = (usize::from(width).saturating_sub(2), lang.name());
    let what = format!("translated to {name} by the server");
    let wordy = [format!(" Reply to {} · {what} · {rest} ", whom(canvas, compose, 24)), format!(" Reply · {what} · {rest} ")];
    let key = Untrusted::from(lang.key()).brief(12);
    let short = [format!(" Reply · translated to {name} · {rest} "), format!(" To {name} · {rest} "), format!(" To {key} · {rest} ")];
    let alone = [format!(" Reply · {what} "), format!(" Reply · translated to {name} "), format!(" Translated to {name} ")];
    // Without news the key is what is left out, with news the words.
    let order: Vec<String> = if compose.fresh > 0 { wordy.into_iter().chain(short).collect() } else { wordy.into_iter().chain(alone).collect() };
    let last = order.last().cloned().unwrap_or_default();
    order.into_iter().find(|title| cells(title) <= room).unwrap_or(last)
}

/// How long it is and whether it is safe, as much of it as there is room for.
fn foot(canvas: &Canvas, compose: &Compose, width: u16) -> String {
    let (saved, brief) = match (compose.dirty, compose.saved) {
        (None, Some(at)) => (format!("draft saved {}", canvas.stamp(at)), "saved"),
        (Some(_), _) => ("draft not saved yet".to_owned(), "not saved"),
        (None, None) => (String::new(), ""),
    };
    let length = length(canvas, compose);
    let room = usize::from(width).saturating_sub(6);
    let joined = |saved: &str| if length.is_empty() || saved.is_empty() { format!("{length}{saved}") } else { format!("{length} · {saved}") };
    let fits = [joined(&saved), joined(brief), saved].into_iter().find(|words| cells(words) <= room).filter(|words| !words.is_empty());
    fits.map_or_else(String::new, |words| format!(" {words} "))
}

/// Words; of a text message, in how many parts it goes out.
fn length(canvas: &Canvas, compose: &Compose) -> String {
    let words = count::words(compose.area.lines());
    let words = match words {
        0 => return String::new(),
        1 => "1 word".to_owned(),
        words => format!("{words} words"),
    };
    let sms = compose.kind == DraftKind::Reply && compose.channel(canvas.state) == Some(&Channel::Voip);
    if sms { format!("{words} · {} SMS", count::parts(&compose.text())) } else { words }
}

/// The terminal's own cursor, so that input methods open in the right place; the painted one goes.
pub(super) fn cursor(canvas: &mut Canvas, inner: Rect, area: &TextArea) -> Position {
    let (top, left) = area.scroll_offset();
    let cursor = area.screen_cursor();
    let place = |at: usize, from: u16| u16::try_from(at).unwrap_or(u16::MAX).saturating_sub(from);
    let x = inner.x.saturating_add(place(cursor.col, left)).min(inner.right().saturating_sub(1));
    let y = inner.y.saturating_add(place(cursor.row, top)).min(inner.bottom().saturating_sub(1));
    if let Some(cell) = canvas.buffer.cell_mut((x, y))
        && !area.is_selecting()
    {
        cell.modifier.remove(Modifier::REVERSED);
    }
    Position { x, y }
}
