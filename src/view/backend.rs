//! A backend around a backend that keeps every row in its place whatever a terminal makes of emoji, and hides a hidden
//! cursor only once.
//!
//! ratatui 0.30 names the second cell of an emoji with a variation selector after the emoji, and the crossterm backend
//! then writes it where the terminal's cursor stands: one cell too far right, which shifts the row. So what a wide
//! character covers is painted before it. That part is to be removed when a ratatui is out that does not do that; the
//! test below says when.
//!
//! A family of four takes two cells in one terminal and eight in another. Behind such a character the cursor is set anew,
//! and what stands right of it is painted again, over what it may have taken too much.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Rect, Size};
use unicode_width::UnicodeWidthChar;

/// See the room's first lines.
#[derive(Debug)]
pub struct Settled<B> {
    pub inner: B,
    /// Is the cursor hidden? ratatui hides it with every frame; saying it once saves bytes on every key.
    hidden: bool,
    /// What is on the terminal.
    painted: Buffer,
}

impl<B> Settled<B> {
    pub fn new(inner: B) -> Self {
        Self { inner, hidden: false, painted: Buffer::default() }
    }

    /// Takes over what is painted, and makes room for it.
    fn keep(&mut self, cells: &[(u16, u16, &Cell)]) {
        let (right, bottom) = cells.iter().fold((0, 0), |(right, bottom), (x, y, _)| (right.max(x + 1), bottom.max(y + 1)));
        let area = self.painted.area.union(Rect::new(0, 0, right, bottom));
        if area != self.painted.area {
            let mut larger = Buffer::empty(area);
            larger.merge(&self.painted);
            self.painted = larger;
        }
        for (x, y, cell) in cells {
            self.painted[(*x, *y)].clone_from(cell);
            for covered in (x + 1..x.saturating_add(cell.cell_width())).filter(|x| *x < area.right()) {
                self.painted[(covered, *y)].set_symbol(" ").set_style(cell.style());
            }
        }
    }

    /// Somebody else had the terminal.
    pub fn lent(&mut self) {
        self.hidden = false;
    }
}

/// May a terminal think that it takes another number of cells than we do?
fn doubtful(cell: &Cell) -> bool {
    let symbol = cell.symbol();
    if symbol.len() < 4 {
        return false;
    }
    let flag = symbol.starts_with(|c| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c));
    flag || symbol.chars().skip(1).any(|c| matches!(c, '\u{200D}' | '\u{FE0F}') || c.width() != Some(0))
}

impl<B: Backend> Settled<B> {
    /// Paints row by row, each from its first doubtful character to its end, and sets the cursor anew behind each of them.
    fn rows(&mut self, cells: &[(u16, u16, &Cell)]) -> Result<(), B::Error> {
        for row in cells.chunk_by(|one, other| one.1 == other.1) {
            let Some(first) = row.iter().position(|(.., cell)| doubtful(cell)) else {
                self.inner.draw(row.iter().copied())?;
                continue;
            };
            let (x, y, _) = row[first];
            let before: Vec<(u16, u16, &Cell)> = row[..first].iter().filter(|(at, ..)| *at < x).copied().collect();
            if !before.is_empty() {
                self.inner.draw(before.into_iter())?;
            }
            let rest: Vec<(u16, u16, &Cell)> = (x..self.painted.area.right()).map(|x| (x, y, &self.painted[(x, y)])).collect();
            for part in settled(rest.into_iter()).chunk_by(|(.., cell), _| !doubtful(cell)) {
                self.inner.draw(part.iter().copied())?;
            }
        }
        Ok(())
    }
}

/// The same cells, those that a wide character covers before it.
fn settled<'a>(content: impl Iterator<Item = (u16, u16, &'a Cell)>) -> Vec<(u16, u16, &'a Cell)> {
    let mut cells: Vec<(u16, u16, &Cell)> = Vec::new();
    let mut wide = None;
    for (x, y, cell) in content {
        match wide {
            Some((at, until, row)) if row == y && x < until => cells.insert(at, (x, y, cell)),
            _ => {
                let width = cell.cell_width();
                wide = (width > 1).then(|| (cells.len(), x.saturating_add(width), y));
                cells.push((x, y, cell));
            }
        }
    }
    cells
}

impl<B: Backend> Backend for Settled<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let cells = settled(content);
        self.keep(&cells);
        if !cells.iter().any(|(.., cell)| doubtful(cell)) {
            return self.inner.draw(cells.into_iter());
        }
        self.rows(&cells)
    }

    fn append_lines(&mut self, n: u16) -> Result<(), Self::Error> {
        self.inner.append_lines(n)
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        if !std::mem::replace(&mut self.hidden, true) {
            self.inner.hide_cursor()?;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.hidden = false;
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.painted = Buffer::default();
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Self::Error> {
        self.painted = Buffer::default();
        self.inner.clear_region(clear_type)
    }

    fn size(&self) -> Result<Size, Self::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::Settled;
    use ratatui::backend::{Backend, CrosstermBackend};
    use ratatui::buffer::Buffer;

    fn bytes(mut draw: impl FnMut(&mut Vec<u8>, &Buffer, &Buffer)) -> String {
        let (old, new) = (Buffer::with_lines(["abcdef"]), Buffer::with_lines(["❤️cdXf"]));
        let mut out = Vec::new();
        draw(&mut out, &old, &new);
        String::from_utf8(out).unwrap_or_default()
    }

    #[test]
    fn the_covered_cell_is_written_before_the_emoji() {
        let fixed = bytes(|out, old, new| {
            let _done = Settled::new(CrosstermBackend::new(out)).draw(old.diff_iter(new));
        });
        assert!(fixed.starts_with("\u{1b}[1;2H \u{1b}[1;1H❤️"), "{fixed:?}");
    }

    /// What a terminal shows that gives every emoji two cells of its own, and nothing to joiners and selectors.
    fn shown(rows: &[&str]) -> String {
        let mut out = Vec::new();
        let mut backend = Settled::new(CrosstermBackend::new(&mut out));
        let mut old = Buffer::empty(ratatui::layout::Rect::new(0, 0, 16, 1));
        for row in rows {
            let mut new = Buffer::empty(old.area);
            new.set_string(0, 0, row, ratatui::style::Style::new());
            assert!(backend.draw(old.diff_iter(&new)).is_ok());
            old = new;
        }
        drop(backend);
        let mut emulator = vt100::Parser::new(std::num::NonZero::<u16>::MIN, std::num::NonZero::<u16>::MIN.saturating_add(19), 0);
        emulator.process(&out);
        emulator.screen().contents()
    }

    #[test]
    fn an_emoji_that_a_terminal_takes_apart_moves_nothing() {
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦";
        for doubtful in [family, "👩🏽", "🇳🇴", "❤\u{fe0f}", "1\u{fe0f}\u{20e3}"] {
            let row = format!("│{doubtful}ab│cd│");
            let screen = shown(&["│xxyzz│cd│", &row]);
            assert!(screen.trim_end().ends_with("ab│cd│"), "{screen}");
            assert!(shown(&[&row, "│xxyz│cd│"]).starts_with("│xxyz│cd│"), "{doubtful}");
        }
    }

    #[test]
    fn a_hidden_cursor_is_hidden_once() {
        let mut out = Vec::new();
        let mut backend = Settled::new(CrosstermBackend::new(&mut out));
        for _ in 0..3 {
            assert!(backend.hide_cursor().is_ok());
        }
        backend.lent();
        assert!(backend.hide_cursor().and_then(|()| backend.show_cursor()).and_then(|()| backend.hide_cursor()).is_ok());
        assert_eq!(String::from_utf8_lossy(&out).matches("\u{1b}[?25l").count(), 3);
    }

    #[test]
    fn the_wrapper_is_still_needed() {
        let plain = bytes(|out, old, new| {
            let _done = CrosstermBackend::new(out).draw(old.diff_iter(new));
        });
        assert!(plain.starts_with("\u{1b}[1;1H❤️ "), "ratatui is mended: remove `settled` ({plain:?})");
    }
}
