//! A backend around a backend that paints the cells behind a wide character before the character itself, and hides a
//! hidden cursor only once.
//!
//! ratatui 0.30 names the second cell of an emoji with a variation selector after the emoji, and the crossterm backend
//! then writes it where the terminal's cursor stands: one cell too far right, which shifts the row. That part is to be
//! removed when a ratatui is out that does not do that; the test below says when.

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};

/// See the room's first lines.
#[derive(Debug)]
pub struct Settled<B> {
    pub inner: B,
    /// Is the cursor hidden? ratatui hides it with every frame; saying it once saves bytes on every key.
    hidden: bool,
}

impl<B> Settled<B> {
    pub fn new(inner: B) -> Self {
        Self { inner, hidden: false }
    }

    /// Somebody else had the terminal.
    pub fn lent(&mut self) {
        self.hidden = false;
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
        self.inner.draw(settled(content).into_iter())
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
        self.inner.clear()
    }

    fn clear_region(&mut self, clear_type: ClearType) -> Result<(), Self::Error> {
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
        assert!(fixed.starts_with("\u{1b}[1;2H \u{1b}[1;1H❤️\u{1b}[1;5HX"), "{fixed:?}");
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
