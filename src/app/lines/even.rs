//! HTML for a library that counts cells in two ways at once, letter by letter and by the whole word, and loses its place
//! where the two differ: emoji of several code points, some ligatures. Such letters stand aside while it works, each
//! behind as many private ones as it takes cells, and come back afterwards.

use std::borrow::Cow;
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The first of the letters that stand for others, how many there are, and the one that fills their further cells.
const FIRST: u32 = 0xF_0000;
const COUNT: usize = 0xFFFD;
const FILLER: char = '\u{10FFFD}';

/// What stands aside.
#[derive(Debug, Default)]
pub struct Aside {
    letters: Vec<String>,
    known: HashMap<String, char>,
}

/// Both ways of counting come to the same on every word of it.
pub fn even(html: &str) -> (String, Aside) {
    let decoded = decoded(html);
    let mut aside = Aside::default();
    let mut even = String::with_capacity(decoded.len());
    for word in decoded.split_inclusive(|c: char| c.is_ascii_whitespace()) {
        if word.is_ascii() || UnicodeWidthStr::width(word) == by_letters(word) && !word.contains('\u{FE0F}') {
            even.push_str(word);
        } else {
            aside.put(word, &mut even);
        }
    }
    (even, aside)
}

fn by_letters(word: &str) -> usize {
    word.chars().filter_map(UnicodeWidthChar::width).sum()
}

impl Aside {
    /// Letters of a word, those that take no cell of their own with the one before them.
    fn put(&mut self, word: &str, even: &mut String) {
        let mut held = String::new();
        for letter in word.graphemes(true) {
            let first = letter.chars().next().unwrap_or_default();
            // What means something to HTML stays, whatever was put over it; so do signs for a picture over nothing that has one.
            if letter.is_ascii() || matches!(first, '<' | '>' | '&' | ';' | '"' | '\'' | '=' | '/' | '#') && !letter.contains('\u{20E3}') {
                self.flush(&mut held, even);
                even.extend(letter.chars().filter(|c| *c != '\u{FE0F}'));
                continue;
            }
            let grown = UnicodeWidthStr::width(format!("{held}{letter}").as_str());
            if !held.is_empty() && grown > UnicodeWidthStr::width(held.as_str()) {
                self.flush(&mut held, even);
            }
            held.push_str(letter);
        }
        self.flush(&mut held, even);
    }

    fn flush(&mut self, held: &mut String, even: &mut String) {
        let letter = std::mem::take(held);
        let cells = UnicodeWidthStr::width(letter.as_str());
        if letter.is_empty() || cells == by_letters(&letter) && !letter.contains('\u{FE0F}') {
            even.push_str(&letter);
        } else if let Some(name) = self.name(letter) {
            even.push(name);
            even.extend(std::iter::repeat_n(FILLER, cells.saturating_sub(1)));
        }
    }

    fn name(&mut self, letter: String) -> Option<char> {
        if let Some(name) = self.known.get(&letter) {
            return Some(*name);
        }
        let name = u32::try_from(self.letters.len()).ok().filter(|at| (*at as usize) < COUNT).and_then(|at| char::from_u32(FIRST + at))?;
        self.known.insert(letter.clone(), name);
        self.letters.push(letter);
        Some(name)
    }

    /// The letters as they were.
    pub fn back<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.letters.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut back = String::with_capacity(text.len());
        for c in text.chars().filter(|c| *c != FILLER) {
            match (c as u32).checked_sub(FIRST).and_then(|at| self.letters.get(at as usize)) {
                Some(letter) => back.push_str(letter),
                None => back.push(c),
            }
        }
        Cow::Owned(back)
    }
}

/// Letters that are written as numbers are letters; joiners by name, and letters of the private planes, are none.
fn decoded(html: &str) -> String {
    let private = |c: char| c as u32 >= FIRST;
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        text.extend(rest[..at].chars().map(|c| if private(c) { '\u{FFFD}' } else { c }));
        rest = &rest[at..];
        let (read, letter) = reference(rest);
        match letter {
            Some(c) => text.push(if private(c) { '\u{FFFD}' } else { c }),
            None => text.push_str(&rest[..read]),
        }
        rest = &rest[read..];
        if let Some(after) = rest.strip_prefix("zwj;").or_else(|| rest.strip_prefix("zwnj;")).filter(|_| text.ends_with('&')) {
            text.pop();
            rest = after;
        }
    }
    text.extend(rest.chars().map(|c| if private(c) { '\u{FFFD}' } else { c }));
    text
}

/// `&#9829;`, `&#x2665`: how many bytes it takes, and its letter where that is beyond ASCII.
fn reference(text: &str) -> (usize, Option<char>) {
    let Some(number) = text.strip_prefix("&#") else { return (1, None) };
    let (digits, radix, head) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16, 3),
        None => (number, 10, 2),
    };
    let len = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let significant = digits[..len].trim_start_matches('0');
    let letter = Some(significant).filter(|digits| digits.len() <= 8).and_then(|digits| u32::from_str_radix(digits, radix).ok()).and_then(char::from_u32);
    let end = head + len + usize::from(digits[len..].starts_with(';'));
    match letter.filter(|c| *c as u32 >= 0xA0) {
        Some(letter) => (end, Some(letter)),
        None => (head, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{by_letters, even};
    use proptest::prelude::*;
    use unicode_width::UnicodeWidthStr;

    const ODD: [&str; 22] = [
        "1️⃣",
        "❤️",
        "❤",
        "\u{FE0F}",
        "👩‍👩‍👧",
        "👍🏽",
        "🇳🇴",
        "لا",
        "ل",
        "ا",
        "न్ ప్ర",
        "ก็",
        "&#xFE0F;",
        "&#65039",
        "&#x0200D;",
        "&hearts;",
        "&zwj;",
        "<b>",
        "\">\u{301}",
        "\u{F0003}",
        "a",
        " ",
    ];

    #[test]
    fn what_stood_aside_comes_back() {
        for (html, same) in [
            ("<p>1️⃣2️⃣ ❤️ 👩‍👩‍👧 plain</p>", "<p>1️⃣2️⃣ ❤️ 👩‍👩‍👧 plain</p>"),
            ("&#x2764;&#xFE0F; &#65; &amp; &#7; &#x;", "❤️ &#65; &amp; &#7; &#x;"),
            ("<a href=\"x\">\u{301}y</a> السلام", "<a href=\"x\">\u{301}y</a> السلام"),
            ("👩&zwj;👩 \u{F0003}", "👩👩 \u{FFFD}"),
        ] {
            let (text, aside) = even(html);
            assert_eq!(aside.back(&text), same);
        }
    }

    proptest! {
        #[test]
        fn both_ways_of_counting_agree_and_no_layout_fails(parts in prop::collection::vec(prop::sample::select(ODD.to_vec()), 0..120), width in 1_usize..120) {
            let html = parts.concat();
            let (text, _) = even(&html);
            for word in text.split_ascii_whitespace() {
                prop_assert_eq!(UnicodeWidthStr::width(word), by_letters(word));
            }
            let _any = crate::app::lines::html::paras(&html, width);
        }
    }
}
