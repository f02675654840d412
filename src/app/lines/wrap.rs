//! Widths and line breaks in cells, counted grapheme by grapheme as the screen paints them. Text in here is harmless already.

use super::Mark;
use crate::model::text::stands_alone;
use ratatui::buffer::CellWidth;
use textwrap::WordSeparator;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};
use unicode_width::UnicodeWidthChar;

/// How many cells the text takes.
pub fn cells(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|byte| !byte.is_ascii_control()).count();
    }
    // Asking the tables once a character is several times as quick as finding the graphemes first.
    let quick = text.chars().try_fold(0, |sum, c| if stands_alone(c) { c.width().map(|width| sum + width) } else { None });
    quick.unwrap_or_else(|| text.graphemes(true).map(width).sum())
}

fn width(grapheme: &str) -> usize {
    // ratatui paints no control character and asserts that it is not asked about one.
    if grapheme.starts_with(char::is_control) { 0 } else { usize::from(grapheme.cell_width()) }
}

/// The beginning of the text that fits, with `…` where something is missing.
pub fn clip(text: &str, room: usize) -> String {
    if cells(text) <= room {
        return text.to_owned();
    }
    if room == 0 {
        return String::new();
    }
    let mut clipped = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += width(grapheme);
        if used >= room {
            break;
        }
        clipped.push_str(grapheme);
    }
    // A wide grapheme that did not fit leaves one cell: nothing stands in it but the sign.
    clipped.push('…');
    clipped
}

/// The end of the text that fits: for input lines, whose cursor stands there.
pub fn tail(text: &str, room: usize) -> &str {
    let mut left = room;
    let mut from = text.len();
    for (at, grapheme) in text.grapheme_indices(true).rev() {
        match left.checked_sub(width(grapheme)) {
            Some(rest) => (left, from) = (rest, at),
            None => break,
        }
    }
    &text[from..]
}

/// The text in lines of at most `room` cells, broken between words where that can be; an empty text is one empty line.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut folded = Folded { room: room.max(1), ..Folded::default() };
    for line in text.split('\n') {
        folded.line(line);
    }
    folded.lines
}

/// The same for one line with marks on it; later lines stand `hang` cells in.
pub fn wrap_marked(text: &str, marks: &[Mark], room: usize, hang: usize) -> Vec<(String, Vec<Mark>)> {
    let lines = wrap(text, room);
    // What is stressed ends where a grapheme does, whatever its signs stood between.
    let marks: Vec<Mark> = marks.iter().map(|mark| Mark { from: grapheme_end(text, mark.from), to: grapheme_end(text, mark.to), ..*mark }).collect();
    let marks: Vec<Mark> = marks.into_iter().filter(|mark| mark.from < mark.to).collect();
    if lines.len() == 1 && lines[0] == text {
        return vec![(text.to_owned(), marks)];
    }
    if marks.is_empty() && hang == 0 {
        return lines.into_iter().map(|line| (line, Vec::new())).collect();
    }
    let mut wrapped = Vec::with_capacity(lines.len());
    let Some(first) = lines.first() else { return wrapped };
    let end = carried(text, 0, first, &marks, "", &mut wrapped);
    let rest = text[end..].trim_start();
    if rest.is_empty() {
        return wrapped;
    }
    let mut at = text.len() - rest.len();
    let indent = " ".repeat(hang);
    for line in wrap(rest, room.saturating_sub(hang).max(1)) {
        at = carried(text, at, &line, &marks, &indent, &mut wrapped);
    }
    wrapped
}

/// Finds a wrapped line in its text, from `at` on, and takes the marks over; gives where it ends in the text.
/// Wrapping leaves out white space only, and puts a sign in the place of what is too wide.
fn carried(text: &str, mut at: usize, line: &str, marks: &[Mark], indent: &str, wrapped: &mut Vec<(String, Vec<Mark>)>) -> usize {
    let mut carried: Vec<Mark> = Vec::new();
    for (to, c) in line.char_indices() {
        let rest = &text[at..];
        let found = rest.char_indices().take_while(|(after, other)| *after == 0 || *other == c || other.is_whitespace()).find(|(_, other)| *other == c);
        let from = at + found.map_or(0, |(after, _)| after);
        at = from + text[from..].chars().next().map_or(0, char::len_utf8);
        let Some(mark) = marks.iter().find(|mark| (mark.from..mark.to).contains(&from)) else { continue };
        let (from, to) = (to + indent.len(), to + indent.len() + c.len_utf8());
        match carried.last_mut().filter(|last| last.to == from && last.look == mark.look) {
            Some(last) => last.to = to,
            None => carried.push(Mark { from, to, look: mark.look }),
        }
    }
    wrapped.push((format!("{indent}{line}"), carried));
    at
}

/// What was stressed, behind a prefix: words that begin with a sign for the letter before them join its last space.
pub fn behind(line: &str, marks: Vec<Mark>, by: usize) -> Vec<Mark> {
    let whole = |mark: Mark| Mark { from: grapheme_end(line, mark.from + by), to: grapheme_end(line, mark.to + by), ..mark };
    marks.into_iter().map(whole).filter(|mark| mark.from < mark.to).collect()
}

/// The end of the grapheme that `at` is in, or `at` where none is cut there.
pub fn grapheme_end(line: &str, at: usize) -> usize {
    let ends = |at: &usize| line.is_char_boundary(*at) && ends_grapheme(line, *at);
    (at..line.len()).find(ends).unwrap_or(line.len())
}

fn ends_grapheme(line: &str, at: usize) -> bool {
    let (before, after) = (line[..at].chars().next_back(), line[at..].chars().next());
    let (Some(before), Some(after)) = (before, after) else { return true };
    stands_alone(before) && stands_alone(after) || GraphemeCursor::new(at, line.len(), true).is_boundary(line, 0).unwrap_or(true)
}

#[derive(Default)]
struct Folded {
    room: usize,
    lines: Vec<String>,
    current: String,
    used: usize,
}

impl Folded {
    fn line(&mut self, line: &str) {
        let line = line.trim_end();
        let whole = cells(line);
        if whole <= self.room {
            self.lines.push(line.to_owned());
            return;
        }
        let mut gap = "";
        let words = if line.is_ascii() { WordSeparator::AsciiSpace } else { WordSeparator::UnicodeBreakProperties };
        let (mut from, mut to) = (0, 0);
        for word in words.find_words(line) {
            let end = to + word.word.len();
            to = end + word.whitespace.len();
            // A mark may stand on a space: that one is no place to break.
            if ends_grapheme(line, to) {
                self.word(gap, &line[from..end]);
                (gap, from) = (&line[end..to], to);
            }
        }
        self.next();
    }

    fn word(&mut self, gap: &str, word: &str) {
        let (space, length) = (cells(gap), cells(word));
        if self.used + space + length <= self.room {
            self.current.push_str(gap);
            self.current.push_str(word);
            self.used += space + length;
        } else {
            if self.used > 0 {
                self.next();
            }
            self.split(word);
        }
    }

    /// A word at the beginning of a line, cut where the line ends.
    fn split(&mut self, word: &str) {
        for grapheme in word.graphemes(true) {
            let (grapheme, width) = match width(grapheme) {
                // What no line can hold is shown as something that cannot be shown.
                width if width > self.room => (if grapheme.trim().is_empty() { " " } else { "\u{FFFD}" }, 1),
                width => (grapheme, width),
            };
            if self.used + width > self.room {
                self.next();
            }
            self.current.push_str(grapheme);
            self.used += width;
        }
    }

    fn next(&mut self) {
        self.lines.push(std::mem::take(&mut self.current));
        self.used = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::{behind, cells, clip, grapheme_end, tail, wrap, wrap_marked};
    use crate::app::lines::{Accent, Mark};
    use crate::model::text::harmless;
    use proptest::prelude::*;

    #[test]
    fn what_is_stressed_begins_and_ends_between_graphemes_behind_a_prefix_too() {
        let mark = |from, to| Mark { from, to, look: Accent::Strong };
        assert_eq!(behind("  ab", vec![mark(0, 2)], 2), [mark(2, 4)]);
        assert_eq!(behind("  \u{341}ab", vec![mark(0, 3), mark(0, 2)], 2), [mark(4, 5)], "a sign for the letter before it joins the prefix");
    }

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("where is my parcel", 9), ["where is", "my parcel"]);
        assert_eq!(wrap("see https://example.com/x", 9), ["see", "https://e", "xample.co", "m/x"]);
        assert_eq!(wrap("我的包裹在哪里", 5), ["我的", "包裹", "在哪", "里"]);
        assert_eq!(wrap("a\n\nb", 9), ["a", "", "b"]);
        assert_eq!(wrap("退", 1), ["\u{FFFD}"]);
        assert_eq!(wrap("\u{3000}退", 1), [" ", "\u{FFFD}"], "a wide space is a space");
        assert_eq!(wrap("ab \u{5a3}c", 2), ["ab", " \u{5a3}c"], "a mark on a space stays on it");
    }

    #[test]
    fn what_stands_alone_ends_a_grapheme_and_has_its_own_width() {
        let alone: Vec<char> = ('\0'..=char::MAX).filter(|c| crate::model::text::stands_alone(*c)).collect();
        assert!(alone.len() > 20_000);
        for pair in alone.windows(2).chain(alone.iter().rev().copied().collect::<Vec<_>>().windows(2)) {
            let text: String = pair.iter().collect();
            let graphemes: Vec<&str> = unicode_segmentation::UnicodeSegmentation::graphemes(text.as_str(), true).collect();
            assert_eq!(graphemes.len(), 2, "{text:?}");
            assert_eq!(cells(&text), graphemes.into_iter().map(super::width).sum::<usize>(), "{text:?}");
        }
    }

    #[test]
    fn clipping_counts_cells() {
        assert_eq!(clip("parcel", 6), "parcel");
        assert_eq!(clip("parcels", 6), "parce…");
        assert_eq!(clip("我的包裹", 6), "我的…");
        assert_eq!(clip("❤️❤️❤️", 4), "❤️…");
        assert_eq!((clip("x", 0), clip("xy", 1)), (String::new(), "…".to_owned()));
        assert_eq!((cells("\na"), tail("\na", 1)), (1, "\na"), "a line break takes no cell");
        assert_eq!((tail("parcel", 3), tail("我的", 3)), ("cel", "的"));
    }

    #[test]
    fn what_is_stressed_tears_no_grapheme() {
        let mark = |from, to| Mark { from, to, look: Accent::Strong };
        for room in [2, 9] {
            let told = wrap_marked("a<\u{6e0}b", &[mark(0, 2), mark(2, 4)], room, 0);
            let marked: String = told.iter().flat_map(|(line, marks)| marks.iter().map(move |mark| &line[mark.from..mark.to])).collect();
            assert_eq!(marked, "a<\u{6e0}", "{told:?}");
        }
        assert_eq!((grapheme_end("e\u{301}x", 1), grapheme_end("ex", 1), grapheme_end("❤️", 1), grapheme_end("a", 1)), (3, 1, 6, 1));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(raw in any::<String>(), room in 1_usize..40) {
            let text = harmless(&raw);
            prop_assert!(wrap(&text, room).iter().all(|line| cells(line) <= room));
            prop_assert!(cells(&clip(&text, room)) <= room && cells(tail(&text, room)) <= room);
        }

        #[test]
        fn the_quick_count_is_the_right_one(raw in any::<String>()) {
            let text = harmless(&raw).replace('\n', "");
            let slow: usize = unicode_segmentation::UnicodeSegmentation::graphemes(text.as_str(), true).map(super::width).sum();
            prop_assert_eq!(cells(&text), slow);
        }

        #[test]
        fn no_word_is_lost(words in prop::collection::vec("[a-z退é]{1,12}", 0..20), room in 2_usize..30) {
            let text = words.join(" ");
            let wrapped: String = wrap(&text, room).concat();
            prop_assert_eq!(wrapped.replace(' ', ""), text.replace(' ', ""));
        }
    }
}
