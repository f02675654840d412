//! The thread pane: the lines the core laid out, with the message that J and K are at and what `/` found.

use super::{Canvas, Framed, Part};
use crate::app::lines::time::date;
use crate::app::lines::wrap::{cells, clip, grapheme_end};
use crate::app::lines::{Accent, Line, Place};
use crate::app::pending::replay;
use crate::app::{Focus, Link, Reader, State};
use crate::model::{Case, OpState, Status, Untrusted};
use ratatui::layout::Rect;
use std::ops::Range;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let state = canvas.state;
    let focus = canvas.is_at(Focus::Reader);
    let Some(reader) = &state.reader else {
        let inner = canvas.framed(area, &Framed { title: " Thread ", focus, ..Framed::default() });
        canvas.hollow(inner, "Choose a case: its conversation is shown here.");
        return;
    };
    let height = usize::from(area.height.saturating_sub(2));
    let (title, bottom) = title(canvas, reader, usize::from(area.width.saturating_sub(2)));
    let frame = Framed { title: &title, bottom: &bottom, bottom_right: &position(canvas.state, reader), focus, ..Framed::default() };
    let inner = canvas.framed(area, &frame);
    if reader.sheet.is_empty() {
        canvas.hollow(inner, nothing(state, reader));
    }
    for (at, line) in reader.lines.iter().take(height).enumerate() {
        draw_line(canvas, inner, at, line, reader);
    }
}

/// `#4410 Parcel not delivered · active · yours · data 4m old`; the age goes to the lower border where it does not fit.
fn title(canvas: &Canvas, reader: &Reader, room: usize) -> (String, String) {
    let Some(case) = reader.conversation.case(reader.case).or_else(|| reader.conversation.latest()) else {
        return (format!(" #{} ", reader.case), String::new());
    };
    let shown = replay(case, &canvas.state.outbox.ops);
    let mut parts = vec![match (&shown.status, &shown.closing_state) {
        (Status::Closed, Some(state)) if !state.is_empty() => format!("closed ({})", state.brief(30)),
        (status, _) => Untrusted::from(status.as_str()).brief(20),
    }];
    parts.extend(whose(canvas.state, &shown));
    let unsent = canvas.state.outbox.of(reader.case).filter(|op| !op.state.is_final());
    if let Some(op) = unsent.max_by_key(|op| matches!(op.state, OpState::NeedsReview | OpState::Failed)) {
        let word = if op.scheduled(canvas.state.wall()).is_some() { "scheduled" } else { op.state.words() };
        parts.push(format!("{} {word}", op.mutation.change.kind()));
    }
    let state = parts.iter().fold(String::new(), |text, part| text + " · " + part);
    let age = age(canvas, reader);
    let number = format!("#{}", shown.id);
    let heading = heading(&shown);
    let left = |rest: &str| room.saturating_sub(cells(&number) + cells(&state) + cells(rest) + 3);
    let above = if age.is_empty() { String::new() } else { format!(" · {age}") };
    if cells(&heading).min(12) <= left(&above) {
        (format!(" {number} {}{state}{above} ", clip(&heading, left(&above))), String::new())
    } else {
        let below = if age.is_empty() { age } else { format!(" {age} ") };
        (format!(" {number} {}{state} ", clip(&heading, left("").max(8))), below)
    }
}

/// How old the data is, when that is worth a word. What a complete pull did not change is as new as the pull.
fn age(canvas: &Canvas, reader: &Reader) -> String {
    let sync = &canvas.state.sync;
    let pulled = sync.last_ok.filter(|_| sync.complete && sync.incomplete.is_none());
    match reader.conversation.fetched.map(|at| pulled.map_or(at, |pulled| at.max(pulled + canvas.state.ahead))) {
        Some(at) if (canvas.state.wall() - at).num_seconds() >= 60 => format!("data {} old", canvas.age(at)),
        Some(_) => String::new(),
        None => "messages not read yet".to_owned(),
    }
}

fn heading(case: &Case) -> String {
    let title = case.title.brief(80);
    if title.is_empty() { case.contact_name().brief(80) } else { title }
}

fn whose(state: &State, case: &Case) -> Option<String> {
    if state.me_id().is_some_and(|me| case.owned_by(me)) {
        return Some("yours".to_owned());
    }
    let owner = case.owners().next()?;
    let known = || state.agents.iter().find(|agent| agent.id == owner.user_id);
    let name = owner.user.as_ref().or_else(known).map(|person| person.name.brief(30)).filter(|name| !name.is_empty());
    Some(name.unwrap_or_else(|| format!("agent {}", owner.user_id)))
}

/// `top`, `Thu 12 Nov · 42%`, `end`; nothing when all of it is on the screen.
fn position(state: &State, reader: &Reader) -> String {
    match (reader.top, reader.away) {
        (top, false) if top == Place::default() => String::new(),
        (top, true) if top == Place::default() => " top ".to_owned(),
        (_, false) => " end ".to_owned(),
        (top, true) => {
            let (now, utc_offset) = (state.wall(), state.settings.utc_offset);
            let first = reader.lines.iter().find_map(|line| line.message).and_then(|at| reader.sheet.message(&reader.conversation, at));
            let day = first.and_then(|message| message.date_created).map_or(String::new(), |at| format!("{} · ", date(at, now, utc_offset)));
            format!(" {day}{}% ", reader.sheet.percent(top))
        }
    }
}

fn nothing(state: &State, reader: &Reader) -> &'static str {
    match state.sync.link {
        _ if !reader.loaded => "Loading…",
        _ if reader.conversation.fetched.is_some() => "No messages yet. r writes the first one.",
        Link::Offline => "The messages of this case were not read before the server went away. They come when it is back.",
        Link::Unauthorized => "The messages were not read: the server does not take the API key.",
        _ => "Reading the messages…",
    }
}

fn draw_line(canvas: &mut Canvas, area: Rect, at: usize, line: &Line, reader: &Reader) {
    let here = canvas.is_at(Focus::Reader) && line.message.is_some() && line.message == reader.message;
    let look = canvas.look;
    let (style, found) = (look.role(line.role), look.part(Part::Found));
    let mut row = canvas.row(area, at);
    let _margin = if here { row.put("▌", look.part(Part::Focus)) } else { row.skip(1) };
    row.right(&line.aside, cells(&line.text) + 1, look.part(Part::Dim));
    for (range, hit) in pieces(&line.text, &reader.find) {
        for (text, accent) in accented(line, range) {
            let style = accent.map_or(style, |accent| style.patch(look.accent(accent)));
            row.put(text, if hit { style.patch(found) } else { style });
        }
    }
}

/// A part of the line, cut where its marks begin and end.
fn accented(line: &Line, range: Range<usize>) -> Vec<(&str, Option<Accent>)> {
    let mut cut = Vec::new();
    let mut from = range.start;
    for mark in &line.marks {
        let (begin, end) = (mark.from.max(range.start), mark.to.min(range.end));
        if begin < end {
            cut.extend([(from..begin, None), (begin..end, Some(mark.look))]);
            from = end;
        }
    }
    cut.push((from..range.end, None));
    cut.into_iter().filter_map(|(range, accent)| Some((line.text.get(range)?, accent))).filter(|(text, _)| !text.is_empty()).collect()
}

/// The line cut where the sought words stand. Where lower case has other lengths nothing is marked.
pub(super) fn pieces(line: &str, sought: &str) -> Vec<(Range<usize>, bool)> {
    let whole = || vec![(0..line.len(), false)];
    if sought.is_empty() {
        return whole();
    }
    let lower = line.to_lowercase();
    if lower.len() != line.len() {
        return whole();
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    for (at, found) in lower.match_indices(sought) {
        if !line.is_char_boundary(at) || !line.is_char_boundary(at + found.len()) {
            return whole();
        }
        // A mark above its last letter belongs to it.
        let (begin, end) = (grapheme_end(line, at), grapheme_end(line, at + found.len()));
        if begin >= from && begin < end {
            pieces.extend([(from..begin, false), (begin..end, true)]);
            from = end;
        }
    }
    pieces.push((from..line.len(), false));
    pieces
}
