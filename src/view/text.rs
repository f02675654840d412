//! Painting text: one line into a buffer, clipped by cells, and the sweep over the finished screen.
//! Nothing in the view writes into a buffer but through here and ratatui's own widgets.

use crate::app::lines::wrap::{cells, clip};
use crate::model::text::{harmless, is_harmful};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// No grapheme of any script has more bytes.
const LONGEST: usize = 160;

/// Where the next text goes: a row of an area, from left to right.
pub struct Row<'b> {
    buffer: &'b mut Buffer,
    x: u16,
    y: u16,
    end: u16,
}

impl<'b> Row<'b> {
    /// The `at`th row of the area; rows outside of it take nothing.
    pub fn new(buffer: &'b mut Buffer, area: Rect, at: usize) -> Self {
        let area = area.intersection(buffer.area);
        let y = u16::try_from(at).map_or(u16::MAX, |at| area.y.saturating_add(at));
        let end = if y < area.bottom() { area.right() } else { area.x };
        Self { buffer, x: area.x, y, end }
    }

    pub fn room(&self) -> usize {
        usize::from(self.end.saturating_sub(self.x))
    }

    /// Paints what fits, `…` where something is missing.
    pub fn put(&mut self, text: &str, style: Style) -> &mut Self {
        let room = self.room();
        self.put_in(text, room, style)
    }

    /// The same in a column of `room` cells at most; what is not used is left for the next text.
    pub fn put_in(&mut self, text: &str, room: usize, style: Style) -> &mut Self {
        let room = room.min(self.room());
        if room == 0 {
            return self;
        }
        if cells(text) <= room {
            self.write(text, room, style);
        } else {
            self.write(&clip(text, room), room, style);
        }
        self
    }

    /// Where every byte is a cell, nobody has to look for the ends of graphemes.
    fn write(&mut self, text: &str, room: usize, style: Style) {
        if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            (self.x, _) = self.buffer.set_stringn(self.x, self.y, text, room, style);
            return;
        }
        let from = self.buffer.index_of(self.x, self.y);
        for (cell, byte) in self.buffer.content[from..].iter_mut().zip(text.bytes()) {
            cell.set_char(char::from(byte)).set_style(style);
        }
        self.x = self.x.saturating_add(u16::try_from(text.len()).unwrap_or(u16::MAX));
    }

    /// A column of exactly `room` cells.
    pub fn column(&mut self, text: &str, room: usize, style: Style) -> &mut Self {
        let room = room.min(self.room());
        let end = self.x.saturating_add(u16::try_from(room).unwrap_or(u16::MAX));
        self.put_in(text, room, style);
        if self.x < end {
            // The rest of the column in the same look: a change of it costs more bytes than a blank.
            self.buffer.set_style(Rect { x: self.x, y: self.y, width: end - self.x, height: 1 }, style);
            self.x = end;
        }
        self
    }

    pub fn skip(&mut self, by: u16) -> &mut Self {
        self.x = self.x.saturating_add(by).min(self.end);
        self
    }

    /// Keeps the right end for this text, when at least `left` cells stay for what comes before it.
    pub fn right(&mut self, text: &str, left: usize, style: Style) -> &mut Self {
        let wanted = cells(text);
        if wanted > 0 && wanted + left <= self.room() {
            let x = self.end.saturating_sub(u16::try_from(wanted).unwrap_or(u16::MAX));
            self.buffer.set_stringn(x, self.y, text, wanted, style);
            self.end = x.saturating_sub(1).max(self.x);
        }
        self
    }

    /// The column the next text begins at.
    pub fn x(&self) -> u16 {
        self.x
    }
}

/// The last line of defence: a character that may never reach a terminal does not, whatever way it came; nor do joiners and
/// selectors outside of emoji, nor a heap of marks on one cell.
pub fn sweep(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let symbol = cell.symbol();
        if symbol.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            continue;
        }
        if symbol.len() > LONGEST || symbol.chars().any(|c| c == '\n' || is_harmful(c)) {
            cell.set_symbol("\u{FFFD}");
        } else if symbol.contains(['\u{200D}', '\u{FE0F}']) {
            let clean = harmless(symbol);
            cell.set_symbol(if clean.is_empty() { " " } else { &clean });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, sweep};
    use ratatui::buffer::Buffer;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn columns_keep_their_places_whatever_they_hold() {
        for text in ["ab", "我的包裹在哪里", "❤️❤️❤️❤️❤️", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦"]
        {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
            let area = buffer.area;
            Row::new(&mut buffer, area, 0).right("#1", 4, Style::new()).column(text, 6, Style::new()).put("|", Style::new());
            assert_eq!((buffer[(6, 0)].symbol(), buffer[(10, 0)].symbol(), buffer[(11, 0)].symbol()), ("|", "#", "1"), "{text}");
        }
    }

    #[test]
    fn nothing_is_painted_outside() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 2));
        Row::new(&mut buffer, Rect::new(2, 1, 90, 90), 0).put("abcdef", Style::new());
        Row::new(&mut buffer, Rect::new(0, 0, 4, 2), 7).put("x", Style::new()).right("y", 0, Style::new());
        Row::new(&mut buffer, Rect::new(9, 9, 4, 2), 0).put("x", Style::new());
        assert_eq!(buffer, Buffer::with_lines(["    ", "  a…"]));
    }

    #[test]
    fn the_sweep_leaves_no_harm() {
        let heap = format!("a{}", "\u{301}".repeat(5_000));
        let told = [
            ("\u{1b}", "\u{FFFD}"),
            ("a\u{202e}", "\u{FFFD}"),
            ("\u{e0041}", "\u{FFFD}"),
            (&heap, "\u{FFFD}"),
            ("a\u{200d}", "a"),
            ("1\u{fe0f}", "1"),
            ("\u{200d}", " "),
            ("❤️", "❤️"),
            ("👩🏽‍💻", "👩🏽‍💻"),
        ];
        let mut buffer = Buffer::empty(Rect::new(0, 0, 9, 1));
        for (cell, (symbol, _)) in buffer.content.iter_mut().zip(told) {
            cell.set_symbol(symbol);
        }
        sweep(&mut buffer);
        let symbols: Vec<&str> = buffer.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert_eq!(symbols, told.map(|(_, swept)| swept));
    }
}
