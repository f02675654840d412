//! The search pane: the line that is typed in, and below it what was found, two lines a hit: where and who and when, and the
//! words with those marked that were looked for.

use super::thread::pieces;
use super::{Canvas, Framed, Part};
use crate::app::lines::wrap::{cells, tail};
use crate::app::search::{HIT_HEIGHT, Search};
use crate::model::{Hit, Untrusted};
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

/// Gives where the cursor stands.
pub fn draw(canvas: &mut Canvas, area: Rect) -> Option<Position> {
    let search = canvas.state.search.as_ref()?;
    let room = usize::from(area.width);
    let bottom = if search.found.partial { partial(room) } else { "" };
    let count = count(search);
    let frame = Framed { title: " Search everything ", bottom, bottom_right: &count, focus: true, ..Framed::default() };
    let inner = canvas.framed(area, &frame);
    let cursor = line(canvas, search, inner);
    let list = Rect { y: inner.y.saturating_add(1), height: inner.height.saturating_sub(1), ..inner };
    if search.found.hits.is_empty() {
        canvas.hollow(list, &nothing(search));
        return Some(cursor);
    }
    let fit = usize::from(list.height / HIT_HEIGHT).max(1);
    let first = (search.chosen + 1).saturating_sub(fit);
    for (row, (at, hit)) in search.found.hits.iter().enumerate().skip(first).take(fit).enumerate() {
        let y = list.y.saturating_add(u16::try_from(row).unwrap_or(u16::MAX).saturating_mul(HIT_HEIGHT));
        let place = Rect { y, height: HIT_HEIGHT.min(list.bottom().saturating_sub(y)), ..list };
        draw_hit(canvas, place, hit, &search.found.words, at == search.chosen);
    }
    Some(cursor)
}

/// The server could know more than what was read of it.
fn partial(room: usize) -> &'static str {
    match room {
        90.. => " cached messages only; `caseload sync --full` reads the rest ",
        60.. => " cached only; `caseload sync --full` ",
        _ => " cached only ",
    }
}

fn count(search: &Search) -> String {
    match (search.waiting, search.found.hits.len(), search.found.more) {
        (true, ..) => " looking… ".to_owned(),
        (false, 0, _) => String::new(),
        (false, count, true) => format!(" {} of the newest {count} · ↓ more ", search.chosen + 1),
        (false, count, false) => format!(" {} of {count} ", search.chosen + 1),
    }
}

fn line(canvas: &mut Canvas, search: &Search, area: Rect) -> Position {
    let (strong, bad) = (canvas.look.part(Part::Strong), canvas.look.part(Part::Bad));
    let text = Untrusted::from(search.text.as_str()).display().replace('\n', " ");
    let error = search.error.as_ref().map_or(String::new(), |error| format!("{} ", Untrusted::from(error.as_str()).brief(200)));
    let mut row = canvas.row(area, 0);
    row.right(&error, 16, bad).put(" > ", strong);
    let room = row.room().saturating_sub(1);
    row.put(tail(&text, room), Style::new());
    Position { x: row.x(), y: area.y }
}

fn nothing(search: &Search) -> String {
    let typed = !search.text.trim().is_empty();
    match &search.error {
        Some(error) => Untrusted::from(error.as_str()).brief(200),
        None if typed && (search.waiting || search.due.is_some()) => "Looking…".to_owned(),
        None if typed && search.found.words.is_empty() => "Type a word to look for; the other terms only narrow what it finds.".to_owned(),
        None if typed => "Nothing that was read has these words. refu* finds what begins so, \"two words\" a phrase.".to_owned(),
        None => "Words of any message, title or contact; refu* for a beginning, \"two words\" for a phrase. Terms of a filter narrow it: channel:mail closed:<30d mine.".to_owned(),
    }
}

fn draw_hit(canvas: &mut Canvas, area: Rect, hit: &Hit, words: &[String], chosen: bool) {
    let look = canvas.look;
    let when = hit.date.map_or(String::new(), |date| canvas.stamp(date));
    let (dim, plain, found) = (look.part(Part::Dim), look.part(Part::Plain), look.part(Part::Found));
    let bar = if chosen { "▌" } else { " " };
    let what = if hit.message.is_none() { "title or contact" } else { "" };
    let mut first = canvas.row(area, 0);
    first.right(&when, 24, dim).put(bar, look.part(Part::Focus)).column(&format!("#{}", hit.case), 9, look.part(Part::Key));
    first.put(&hit.contact.brief(40), look.part(Part::Strong)).put("  ", plain).put(what, dim);
    let text = hit.snippet.brief(usize::from(area.width) * 2);
    let text = from_the_words(&text, words, usize::from(area.width.saturating_sub(4)));
    let mut second = canvas.row(area, 1);
    second.put(bar, look.part(Part::Focus)).skip(2);
    let sought = words.iter().map(|word| word.to_lowercase()).find(|word| text.to_lowercase().contains(word)).unwrap_or_default();
    for (range, hit) in pieces(&text, &sought) {
        second.put(text.get(range).unwrap_or_default(), if hit { plain.patch(found) } else { plain });
    }
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), look.part(Part::Chosen));
    }
}

/// Cut in front, where what was found would else stand behind the end of the line.
fn from_the_words(text: &str, words: &[String], room: usize) -> String {
    let lower = text.to_lowercase();
    let at = words.iter().filter_map(|word| lower.find(&word.to_lowercase())).min().filter(|_| lower.len() == text.len());
    let Some(at) = at.filter(|at| text.is_char_boundary(*at) && cells(&text[..*at]) + 16 > room) else { return text.to_owned() };
    let kept: Vec<char> = text[..at].chars().rev().take(room / 3).collect();
    format!("…{}{}", kept.into_iter().rev().collect::<String>(), &text[at..])
}
