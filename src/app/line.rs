//! One line of text that is being typed, with a cursor: every question and every search is one. The keys are those of a
//! shell's line; the cursor moves by what the agent calls a character.

use std::ops::Deref;
use tui_textarea::{Input, Key};
use unicode_segmentation::UnicodeSegmentation;

/// Reads like a `str`; the cursor stands at a byte of it, always between two characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    at: usize,
}

/// No line is longer, in bytes.
const LONGEST: usize = 2000;

impl Deref for Line {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self { at: text.len(), text }
    }
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// It is none of a line's keys.
    No,
    Moved,
    Changed,
}

impl Line {
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What stands before the cursor, and after it.
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.at)
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Puts it where the cursor is, as far as there is room.
    pub fn insert(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.text.len()).min(text.len());
        let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        self.text.insert_str(self.at, &text[..end]);
        self.at += end;
        // What came may belong to the character after it.
        self.at = self.boundary(self.at);
    }

    /// Does what the key does in a shell's line.
    pub fn pressed(&mut self, input: &Input) -> Edit {
        match (input.key, input.ctrl) {
            (Key::Char(c), false) => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                Edit::Changed
            }
            (Key::Backspace, false) | (Key::Char('h'), true) => self.cut(self.before(), self.at),
            (Key::Delete, _) | (Key::Char('d'), true) => self.cut(self.at, self.after()),
            (Key::Char('w') | Key::Backspace, true) => self.cut(self.word_before(), self.at),
            (Key::Char('u'), true) => self.cut(0, self.at),
            (Key::Char('k'), true) => self.cut(self.at, self.text.len()),
            (Key::Left, false) | (Key::Char('b'), true) => self.go(self.before()),
            (Key::Right, false) | (Key::Char('f'), true) => self.go(self.after()),
            (Key::Left, true) => self.go(self.word_before()),
            (Key::Right, true) => self.go(self.word_after()),
            (Key::Home, _) | (Key::Char('a'), true) => self.go(0),
            (Key::End, _) | (Key::Char('e'), true) => self.go(self.text.len()),
            _ => Edit::No,
        }
    }

    fn go(&mut self, to: usize) -> Edit {
        self.at = self.boundary(to);
        Edit::Moved
    }

    fn cut(&mut self, from: usize, to: usize) -> Edit {
        self.text.replace_range(from..to, "");
        self.at = self.boundary(from);
        Edit::Changed
    }

    /// The end of the character that holds this place, or the place itself.
    fn boundary(&self, at: usize) -> usize {
        self.ends().find(|end| *end >= at).unwrap_or(self.text.len())
    }

    /// Where characters end, the beginning of the line first.
    fn ends(&self) -> impl Iterator<Item = usize> {
        std::iter::once(0).chain(self.text.grapheme_indices(true).map(|(at, grapheme)| at + grapheme.len()))
    }

    fn before(&self) -> usize {
        self.ends().take_while(|end| *end < self.at).last().unwrap_or(0)
    }

    fn after(&self) -> usize {
        self.ends().find(|end| *end > self.at).unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        let (before, _) = self.halves();
        let kept = before.trim_end();
        let begin = kept.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
        // A mark on the blank belongs to it.
        self.ends().take_while(|end| *end <= begin).last().unwrap_or(0)
    }

    fn word_after(&self) -> usize {
        let (_, after) = self.halves();
        let blank = after.len() - after.trim_start().len();
        let word = after[blank..].find(char::is_whitespace).unwrap_or(after.len() - blank);
        self.at + blank + word
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Line};
    use tui_textarea::{Input, Key};

    fn typed(line: &mut Line, keys: &str) -> (String, String) {
        for key in keys.split(' ') {
            let (ctrl, bare) = key.strip_prefix('^').filter(|rest| !rest.is_empty()).map_or((false, key), |rest| (true, rest));
            let key = match bare {
                "Left" => Key::Left,
                "Right" => Key::Right,
                "Home" => Key::Home,
                "End" => Key::End,
                "Del" => Key::Delete,
                "BS" => Key::Backspace,
                "_" => Key::Char(' '),
                _ => Key::Char(bare.chars().next().unwrap()),
            };
            line.pressed(&Input { key, ctrl, alt: false, shift: false });
        }
        let (before, after) = line.halves();
        (before.to_owned(), after.to_owned())
    }

    #[test]
    fn the_keys_of_a_shells_line_do_what_they_do_there() {
        for (text, keys, before, after) in [
            ("", "a b Left c", "ac", "b"),
            ("refund order", "^w x", "refund x", ""),
            ("refund order  ", "^w", "refund ", ""),
            ("refund order", "^a ^k", "", ""),
            ("refund order", "^Left ^u", "", "order"),
            ("refund order", "Home ^Right x", "refundx", " order"),
            ("refund order", "Home ^Right ^Right", "refund order", ""),
            ("abc", "^b ^b ^d", "a", "c"),
            ("abc", "Home Del Right BS", "", "c"),
            ("abc", "^h ^e", "ab", ""),
            ("a我👩‍👩‍👧b", "Left BS", "a我", "b"),
            ("a我👩‍👩‍👧b", "Home Right Right Del", "a我", "b"),
            ("", "BS Del ^w Left Right ^k ^u", "", ""),
        ] {
            let mut line = Line::from(text);
            assert_eq!(typed(&mut line, keys), (before.to_owned(), after.to_owned()), "{text} {keys}");
        }
        let mut marked = Line::from("a \u{301}b");
        assert_eq!(typed(&mut marked, "^Left"), ("a".to_owned(), " \u{301}b".to_owned()), "never between a blank and its mark");
        assert_eq!(Line::default().pressed(&Input { key: Key::Tab, ..Input::default() }), Edit::No);
    }

    #[test]
    fn a_paste_goes_where_the_cursor_is_and_has_an_end() {
        let mut line = Line::from("ac");
        typed(&mut line, "Left");
        line.insert("b我");
        assert_eq!(line.halves(), ("ab我", "c"));
        line.insert(&"我".repeat(5000));
        assert!(line.len() <= 2000 && line.ends_with('c'));
    }

    proptest::proptest! {
        #[test]
        fn the_cursor_never_stands_inside_a_character(text in "\\PC{0,12}", keys in proptest::collection::vec("[a\u{301}我]|Left|Right|BS|Del|Home|\\^w|\\^Left|\\^Right|\\^k", 0..30)) {
            let mut line = Line::from(text.as_str());
            for key in keys {
                typed(&mut line, &key);
                let at = line.halves().0.len();
                proptest::prop_assert!(line.ends().any(|end| end == at), "{line:?}");
            }
        }
    }
}
