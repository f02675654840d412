//! The sheet of one action on many cases: for every row a letter, whom it is about and what would happen, or why it does not;
//! of the chosen one the whole text, variables filled in. Nothing of it has happened while it is shown.

use super::{Canvas, Framed, Part};
use crate::app::bulk::plan::{Line, Plan, words};
use crate::app::bulk::{Job, Sheet, fit, heights, row_height};
use crate::app::lines::wrap::wrap;
use crate::app::{Action, Focus};
use crate::model::{Change, Channel, DraftKind, Untrusted};
use ratatui::layout::Rect;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let state = canvas.state;
    let Some(sheet) = &state.sheet else { return };
    let (text, _) = heights(state);
    let below = sheet.lines.len().saturating_sub(sheet.top + fit(state));
    let more = if below > 0 { format!(" ↓ {below} more ") } else { String::new() };
    let title = format!(" {} ", title(canvas, sheet));
    let [go, back] = [Action::DoAll, Action::Back].map(|action| canvas.state.settings.keys.shown(Focus::Sheet, action));
    let bottom = format!(" {go} does it · {back} nothing ");
    let inner = canvas.framed(area, &Framed { title: &title, bottom: &bottom, bottom_right: &more, focus: true, ..Framed::default() });
    head(canvas, sheet, inner);
    let rows = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1 + text), ..inner };
    let rows = rows.intersection(inner);
    let high = row_height(state);
    for (at, line) in sheet.lines.iter().skip(sheet.top).take(fit(state)).enumerate() {
        let y = rows.y.saturating_add(u16::try_from(at).unwrap_or(u16::MAX).saturating_mul(high));
        let place = Rect { y, height: high, ..rows };
        if place.bottom() <= rows.bottom() {
            row(canvas, place, line, at, sheet.top + at == sheet.at);
        }
    }
    if let Some(line) = sheet.lines.get(sheet.at).filter(|_| text > 0) {
        let place = Rect { y: inner.bottom().saturating_sub(text), height: text, ..inner };
        said(canvas, place.intersection(inner), line);
    }
}

/// `Close as handled: 12 cases`
fn title(canvas: &Canvas, sheet: &Sheet) -> String {
    let what = match &sheet.job {
        Job::Do(change) => {
            let mut what = words(canvas.state, std::slice::from_ref(change));
            if let Some(first) = what.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            what
        }
        Job::Say { kind: DraftKind::Note, .. } => "Note".to_owned(),
        Job::Say { close: Some(_), .. } => "Reply and close".to_owned(),
        Job::Say { .. } => "Reply".to_owned(),
        Job::Canned(reply) => Untrusted::from(reply.name.as_str()).brief(40),
    };
    format!("{what} · {} marked", sheet.lines.len() + sheet.unread.len())
}

/// How many take it, how many do not.
fn head(canvas: &mut Canvas, sheet: &Sheet, area: Rect) {
    let take = sheet.lines.iter().filter(|line| line.work().is_some()).count();
    let cannot = sheet.lines.iter().filter(|line| matches!(line.plan, Plan::Cannot(_))).count();
    let out = sheet.lines.len() - take - cannot;
    let (strong, dim) = (canvas.look.part(Part::Strong), canvas.look.part(Part::Dim));
    let mut row = canvas.row(area, 0);
    row.skip(1);
    if !sheet.unread.is_empty() {
        row.put(&format!("reading: {} of {} cases", sheet.lines.len(), sheet.lines.len() + sheet.unread.len()), strong);
        return;
    }
    let cases = if take == 1 { "case" } else { "cases" };
    row.put(&format!("{take} {cases}"), strong);
    for (count, what) in [(out, "left out"), (cannot, "can't")] {
        if count > 0 {
            row.put(&format!(" · {count} {what}"), strong);
        }
    }
    match sheet.lines.iter().filter(|line| line.leaves_draft()).count() {
        0 => {}
        1 => _ = row.put(" · 1 with a draft of yours, kept", strong),
        count => _ = row.put(&format!(" · {count} with drafts of yours, kept"), strong),
    }
    row.put(" · a letter leaves its row out", dim);
}

fn row(canvas: &mut Canvas, area: Rect, line: &Line, at: usize, chosen: bool) {
    let (key, focus, dim, plain) = (canvas.look.part(Part::Key), canvas.look.part(Part::Focus), canvas.look.part(Part::Dim), canvas.look.part(Part::Plain));
    let letter = u8::try_from(at).ok().map_or(' ', |at| char::from(b'a' + at.min(25))).to_string();
    let (sign, what, part) = match &line.plan {
        Plan::Cannot(why) => ("!", format!("can't: {}", Untrusted::from(why.as_str()).brief(120)), Part::Bad),
        Plan::Does { doubt: Some(doubt), .. } if line.out => ("-", format!("left out: {doubt}; its letter takes it in"), Part::Warning),
        Plan::Does { .. } if line.out => ("-", "left out".to_owned(), Part::Dim),
        Plan::Does { changes, doubt } => {
            let doubt = doubt.as_ref().map_or_else(String::new, |doubt| format!(" · although {doubt}"));
            ("x", format!("{}{doubt}", words(canvas.state, changes)), Part::Plain)
        }
    };
    let channel = match &line.channel {
        Some(Channel::Chat) => "chat",
        Some(Channel::Email) => "mail",
        Some(Channel::Voip) => "voip",
        _ => "?",
    };
    let what_style = canvas.look.part(part);
    let mut row = canvas.row(area, 0);
    row.put(if chosen { "▌" } else { " " }, focus).column(&letter, 2, key).column(sign, 2, what_style);
    row.column(&format!("#{}", line.case), 8, plain).column(channel, 5, dim);
    if area.height > 1 {
        row.put(&line.who.brief(60), plain);
        canvas.row(area, 1).put(if chosen { "▌" } else { " " }, focus).skip(4).put(&what, what_style);
    } else {
        row.column(&line.who.brief(40), 18, plain).put(" ", plain).put(&what, what_style);
    }
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), canvas.look.part(Part::Chosen));
    }
}

/// The text of the chosen row as it would be sent, and to whom.
fn said(canvas: &mut Canvas, area: Rect, line: &Line) {
    let Some(text) = line.text() else { return };
    let note = matches!(&line.plan, Plan::Does { changes, .. } if changes.iter().any(|change| matches!(change, Change::Note { .. })));
    let whom = if note { format!("a note on #{}, for agents only", line.case) } else { format!("to {} (#{})", line.who.brief(40), line.case) };
    let (dim, plain) = (canvas.look.part(Part::Dim), canvas.look.part(if note { Part::Note } else { Part::Plain }));
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    let rule = format!("── {whom} ──");
    canvas.row(area, 0).skip(1).put(&rule, dim);
    let text = Untrusted::from(text).display();
    for (at, words) in text.lines().flat_map(|line| wrap(line, room)).take(usize::from(area.height.saturating_sub(1))).enumerate() {
        canvas.row(area, at + 1).skip(1).put(&words, plain);
    }
}
