//! FIRST FLOOR, other wing: a state becomes a screen. Reads only: drawing twice changes nothing, not drawing changes
//! nothing. Every text that came from outside goes through `Untrusted::display()`, and a sweep over the finished
//! buffer is the last line of defence. May use `app` and `model`.

pub mod backend;
mod bar;
mod compose;
mod contact;
mod help;
mod lead;
mod letter;
mod linear;
mod list;
mod log;
mod outbox;
mod page;
mod palette;
mod picker;
mod prompt;
mod receipt;
mod search;
mod sheet;
mod text;
mod theme;
mod thread;
mod which;

pub use linear::Teller;
pub use theme::{Look, Part};

use crate::app::screen::{self, Panes};
use crate::app::{Focus, State};
use crate::model::Timestamp;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::symbols::border;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Widget};

/// Paints the whole screen.
pub fn draw(state: &State, frame: &mut Frame) {
    let area = frame.area();
    if let Some(cursor) = paint(state, Look::of(&state.settings), frame.buffer_mut())
        && area.contains(cursor)
    {
        frame.set_cursor_position(cursor);
    }
}

/// Paints into a buffer; gives where the cursor stands, when one is wanted.
pub fn paint(state: &State, look: Look, buffer: &mut Buffer) -> Option<Position> {
    let panes = within(screen::panes(state), buffer.area);
    let body = body(&panes, buffer.area);
    if let Some(ground) = look.ground() {
        buffer.set_style(buffer.area, ground);
    }
    let mut canvas = Canvas { state, look, buffer };
    bar::draw(&mut canvas, panes.bar);
    let mut cursor = None;
    match screen::place(state) {
        Focus::Outbox => outbox::draw(&mut canvas, body),
        Focus::Log => log::draw(&mut canvas, body),
        Focus::Search => cursor = search::draw(&mut canvas, body),
        Focus::Sheet => sheet::draw(&mut canvas, body),
        _ => cursor = draw_panes(&mut canvas, &panes),
    }
    if state.focus == Focus::Page {
        page::draw(&mut canvas, body);
    }
    let searched = help::draw(&mut canvas, body);
    which::draw(&mut canvas, body);
    if let (Some(offer), Some(cursor)) = (state.compose.as_ref().and_then(|compose| compose.offer.as_ref()), cursor)
        && state.focus == Focus::Compose
    {
        letter::offered(&mut canvas, body, cursor, offer);
    }
    let asked = prompt::draw(&mut canvas, panes.hints, body);
    text::sweep(canvas.buffer);
    match state.focus {
        Focus::Compose | Focus::Search => cursor,
        Focus::Prompt => asked,
        Focus::Help => searched,
        _ => None,
    }
}

fn draw_panes(canvas: &mut Canvas, panes: &Panes) -> Option<Position> {
    if let Some(area) = panes.list {
        list::draw(canvas, area);
    }
    if let Some(area) = panes.thread {
        thread::draw(canvas, area);
    }
    if let Some(area) = panes.contact {
        contact::draw(canvas, area);
    }
    panes.compose.and_then(|area| compose::draw(canvas, area))
}

/// The panes, cut to what the terminal has at this moment.
fn within(panes: Panes, all: Rect) -> Panes {
    let cut = |area: Option<Rect>| area.map(|area| area.intersection(all)).filter(|area| !area.is_empty());
    Panes {
        bar: panes.bar.intersection(all),
        list: cut(panes.list),
        thread: cut(panes.thread),
        compose: cut(panes.compose),
        contact: cut(panes.contact),
        hints: panes.hints.intersection(all),
    }
}

/// What lies between the top and the bottom line.
fn body(panes: &Panes, all: Rect) -> Rect {
    let bottom = if panes.hints.is_empty() { all.bottom() } else { panes.hints.y };
    let y = panes.bar.bottom();
    Rect::new(all.x, y, all.width, bottom.saturating_sub(y))
}

/// What every pane needs: what to show, how, and where to.
struct Canvas<'a> {
    state: &'a State,
    look: Look,
    buffer: &'a mut Buffer,
}

/// A pane's frame: what stands in its corners, and whether keys go there.
#[derive(Default)]
struct Framed<'t> {
    title: &'t str,
    bottom: &'t str,
    bottom_right: &'t str,
    focus: bool,
    /// Two lines around it: what is written here the customer never sees.
    double: bool,
}

impl Canvas<'_> {
    /// Paints the frame of a pane, thick where the keys go; gives what is inside.
    fn framed(&mut self, area: Rect, what: &Framed) -> Rect {
        let part = if what.focus { Part::Focus } else { Part::Border };
        let style = if what.double { self.look.part(Part::Note) } else { self.look.part(part) };
        let kind = match (what.double, what.focus) {
            (true, _) => BorderType::Double,
            (false, true) => BorderType::Thick,
            (false, false) => BorderType::Plain,
        };
        let inner = Block::bordered().inner(area);
        self.outline(area.intersection(self.buffer.area), &kind.to_border_set(), style);
        let title = if what.focus || what.double { style } else { self.look.part(Part::Strong) };
        let top = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: area.height.min(1), ..area };
        let bottom = Rect { y: area.bottom().saturating_sub(1), ..top };
        if area.width > 4 {
            text::Row::new(self.buffer, top, 0).put(what.title, title);
            let bottom_style = self.look.part(Part::Warning);
            text::Row::new(self.buffer, bottom, 0).right(what.bottom_right, 1, self.look.part(Part::Dim)).put(what.bottom, bottom_style);
        }
        inner
    }

    /// What a `Block` paints, without touching the cells inside.
    fn outline(&mut self, area: Rect, set: &border::Set, style: Style) {
        if area.is_empty() {
            return;
        }
        let (right, bottom) = (area.right() - 1, area.bottom() - 1);
        let sides = area.rows().flat_map(|row| [(area.x, row.y, set.vertical_left), (right, row.y, set.vertical_right)]);
        let ends = area.columns().flat_map(|column| [(column.x, area.y, set.horizontal_top), (column.x, bottom, set.horizontal_bottom)]);
        let corners = [(right, bottom, set.bottom_right), (right, area.y, set.top_right), (area.x, bottom, set.bottom_left), (area.x, area.y, set.top_left)];
        for (x, y, symbol) in sides.chain(ends).chain(corners) {
            self.buffer[(x, y)].set_symbol(symbol).set_style(style);
        }
    }

    fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        Clear.render(area, self.buffer);
        if let Some(ground) = self.look.ground() {
            self.buffer.set_style(area, ground);
        }
    }

    fn row(&mut self, area: Rect, at: usize) -> text::Row<'_> {
        text::Row::new(self.buffer, area, at)
    }

    /// Help in an empty pane: a few centred lines.
    fn hollow(&mut self, area: Rect, words: &str) {
        let room = usize::from(area.width.saturating_sub(2)).max(1);
        let lines = crate::app::lines::wrap::wrap(words, room);
        let top = usize::from(area.height).saturating_sub(lines.len()) / 3;
        let style = self.look.part(Part::Dim);
        for (at, line) in lines.into_iter().take(usize::from(area.height)).enumerate() {
            let row = area.y.saturating_add(u16::try_from(top + at).unwrap_or(u16::MAX));
            if row < area.bottom() {
                Line::styled(line, style).centered().render(Rect { y: row, height: 1, ..area }, self.buffer);
            }
        }
    }

    fn stamp(&self, at: Timestamp) -> String {
        crate::app::lines::time::stamp_in(at, self.state.wall(), &self.state.settings.zone)
    }

    /// `4m`: how long ago.
    fn age(&self, at: Timestamp) -> String {
        crate::app::lines::time::span(self.state.wall().signed_duration_since(at).max(chrono::TimeDelta::zero()))
    }

    fn is_at(&self, place: Focus) -> bool {
        screen::place(self.state) == place
    }
}
