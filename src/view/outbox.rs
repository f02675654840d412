//! The outbox pane: everything that is not proven sent, each with the word of its state and what it waits for; and all
//! that is known of the chosen one. Only what is painted is put into words.

use super::{Canvas, Framed, Part};
use crate::app::lines::{Line, Role};
use crate::app::review::detail;
use crate::app::review::pane::{self, Places, item_height};
use crate::app::review::wait::{Moment, needs_you};
use crate::model::{Change, Op, OpState, Untrusted};
use ratatui::layout::Rect;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let Places { list, detail } = pane::places(canvas.state);
    let within = |place: Option<Rect>| place.map(|place| place.intersection(area)).filter(|place| !place.is_empty());
    if let Some(list) = within(list) {
        draw_list(canvas, list);
    }
    if let Some(place) = within(detail) {
        draw_detail(canvas, place, list.is_none());
    }
}

fn draw_list(canvas: &mut Canvas, area: Rect) {
    let state = canvas.state;
    let pane = &state.outbox;
    let waiting = pane.unsent();
    let title = if waiting == 0 { " Outbox ".to_owned() } else { format!(" Outbox · {waiting} not proven sent ") };
    let rows = item_height(area.width);
    let (fit, first) = pane::window(state);
    let below = pane.order.len().saturating_sub(first + fit);
    let below = if below > 0 { format!(" ↓ {below} more ") } else { String::new() };
    let inner = canvas.framed(area, &Framed { title: &title, bottom_right: &below, focus: true, ..Framed::default() });
    if pane.ops.is_empty() {
        canvas.hollow(inner, "Nothing waits: everything you sent is proven at the server. Esc goes back.");
    }
    let moment = Moment::of(state);
    for (row, op) in pane::listed(state).enumerate() {
        let y = inner.y.saturating_add(u16::try_from(row).unwrap_or(u16::MAX).saturating_mul(rows));
        let place = Rect { y, height: rows, ..inner };
        draw_op(canvas, place, op, &moment.waits_for(op));
    }
}

fn draw_op(canvas: &mut Canvas, area: Rect, op: &Op, waits: &str) {
    let look = canvas.look;
    let chosen = Some(op.id()) == canvas.state.outbox.selected;
    let bar = if chosen { "▌" } else { " " };
    let (focus, dim, plain) = (look.part(Part::Focus), look.part(Part::Dim), look.part(Part::Plain));
    let state = look.part(if needs_you(op) { Part::Bad } else { Part::Warning });
    let sign = if needs_you(op) { "!" } else { " " };
    let room = usize::from(area.width);
    let (age, text, contact) = (canvas.age(op.mutation.at), beginning(canvas, op, room), contact(canvas, op));
    let twins = if op.twins > 0 { format!("the server has it {} times · ", op.twins.saturating_add(1)) } else { String::new() };
    let wall = canvas.state.wall();
    let mut row = canvas.row(area, 0);
    row.right(&age, 24, dim).put(bar, focus).put(sign, state);
    let word = if op.scheduled(wall).is_some() { "scheduled" } else { op.state.words() };
    row.column(word, 10, state).column(op.mutation.change.kind(), 9, look.part(Part::Strong));
    row.column(&format!("#{}", op.case()), 7, plain);
    if area.height > 2 {
        row.put(&contact, plain);
        canvas.row(area, 1).put(bar, focus).skip(2).put(&twins, state).put(waits, dim);
        canvas.row(area, 2).put(bar, focus).skip(2).put(&text, plain);
    } else {
        row.column(&contact, 16, plain).skip(1).put(&text, plain);
        canvas.row(area, 1).put(bar, focus).skip(2).put(&twins, state).put(waits, dim);
    }
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), look.part(Part::Chosen));
    }
}

/// The customer, where the list or the open thread knows who it is.
fn contact(canvas: &Canvas, op: &Op) -> String {
    let row = canvas.state.list.window.rows.iter().find(|row| row.id == op.case()).map(|row| row.contact.brief(40));
    let case = || canvas.state.reader.as_ref().and_then(|reader| reader.conversation.case(op.case()));
    row.or_else(|| case().map(|case| case.contact_name().brief(40))).unwrap_or_default()
}

/// The beginning of the text, or what it does.
fn beginning(canvas: &Canvas, op: &Op, room: usize) -> String {
    match &op.mutation.change {
        Change::Close { state } => format!("as {}", Untrusted::from(state.as_str()).brief(room)),
        change @ (Change::Tag { .. } | Change::Fields { .. }) => crate::app::words::detail(change).unwrap_or_default(),
        Change::Snooze { until, .. } => format!("until {}", canvas.stamp(*until)),
        change => change.text().map_or(String::new(), |text| Untrusted::from(text).brief(room)),
    }
}

fn draw_detail(canvas: &mut Canvas, area: Rect, alone: bool) {
    let state = canvas.state;
    let shown = &state.outbox.detail;
    let Some(op) = pane::chosen(state) else { return };
    let contact = contact(canvas, op);
    let between = if contact.is_empty() { "" } else { " · " };
    let title = format!(" {}{between}{contact} ", detail::title(op));
    let height = usize::from(area.height.saturating_sub(2));
    let below = shown.lines.len().saturating_sub(shown.scroll + height);
    let more = match below {
        0 if shown.scroll > 0 => " end ".to_owned(),
        0 => String::new(),
        below => format!(" Space ↓ {below} more "),
    };
    let inner = canvas.framed(area, &Framed { title: &title, bottom_right: &more, focus: alone, ..Framed::default() });
    for (at, line) in shown.lines.iter().skip(shown.scroll).take(height).enumerate() {
        draw_line(canvas, inner, at, line, op);
    }
}

fn draw_line(canvas: &mut Canvas, area: Rect, at: usize, line: &Line, op: &Op) {
    let (key, plain, dim) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Dim));
    let style = match line.role {
        Role::Unsent if needs_you(op) => canvas.look.part(Part::Bad),
        Role::Unsent if op.state == OpState::Sent => canvas.look.part(Part::Good),
        role => canvas.look.role(role),
    };
    let mut row = canvas.row(area, at);
    row.skip(1);
    if line.role != Role::Call {
        row.put(&line.text, style);
        return;
    }
    // `a send anyway · e edit`: each key in the look of keys.
    for (at, choice) in line.text.split(" · ").enumerate() {
        let (name, words) = choice.split_once(' ').unwrap_or((choice, ""));
        row.put(if at == 0 { "" } else { " · " }, dim).put(name, key).put(" ", plain).put(words, plain);
    }
}
