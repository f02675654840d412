//! What may reach a terminal, told by the bytes themselves: our own control functions, and characters that show what they are. The
//! lists in here are written down from Unicode and ECMA-48, not taken from the program.

use std::collections::BTreeMap;
use vte::{Params, Parser, Perform};

/// What the bytes of one session did.
#[derive(Debug, Default)]
pub struct Seen {
    /// Everything that is not ours, with what stood before it.
    pub leaks: Vec<String>,
    /// How often each of our functions came.
    pub ours: BTreeMap<String, usize>,
    /// Texts that were sent to the clipboard, as they were sent.
    pub copied: Vec<String>,
    /// The characters painted since the cursor last moved.
    run: String,
    /// The alternate screen is on: no line feed either.
    inside: bool,
}

/// Attributes of text; the sessions run without colour, so that any is a leak.
const LOOKS: [u16; 13] = [0, 1, 2, 3, 4, 7, 22, 23, 24, 27, 39, 49, 59];

/// Reads what a terminal got.
pub fn read(raw: &[u8]) -> Seen {
    let mut seen = Seen::default();
    match std::str::from_utf8(raw) {
        Ok(text) => unstarted(text, &mut seen.leaks),
        Err(error) => seen.leaks.push(format!("no UTF-8: {error}")),
    }
    Parser::new().advance(&mut seen, raw);
    seen.run_ends();
    seen
}

/// Strings that a parser swallows without a word: after an escape stands `[`, the clipboard's `]52;`, or an end of a string.
fn unstarted(text: &str, leaks: &mut Vec<String>) {
    for (at, _) in text.match_indices('\u{1b}') {
        let rest = &text[at + 1..];
        if !rest.starts_with(['[', '\\']) && !rest.starts_with("]52;") {
            leaks.push(format!("ESC {:?} after {:?}", rest.chars().take(8).collect::<String>(), before(text, at)));
        }
    }
}

fn before(text: &str, at: usize) -> String {
    let mut from = at.saturating_sub(60);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text[from..at].to_owned()
}

impl Seen {
    fn leak(&mut self, what: &str) {
        let run = &self.run[self.run.char_indices().rev().nth(30).map_or(0, |(at, _)| at)..];
        self.leaks.push(format!("{what} after {run:?}"));
    }

    fn own(&mut self, what: String) {
        self.run_ends();
        *self.ours.entry(what).or_default() += 1;
    }

    fn run_ends(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.leaks.extend(hidden(&run));
    }
}

impl Perform for Seen {
    fn print(&mut self, c: char) {
        self.run.push(c);
    }

    fn execute(&mut self, byte: u8) {
        // After our end the shell's lines begin.
        if self.inside || !matches!(byte, b'\n' | b'\r') {
            self.leak(&format!("control character {byte:#04x}"));
        }
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        self.leak(&format!("device control string {action}"));
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        match params {
            [b"52", b"c", text] => self.copied.push(String::from_utf8_lossy(text).into_owned()),
            _ => self.leak(&format!("OSC {:?}", params.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>())),
        }
    }

    fn csi_dispatch(&mut self, params: &Params, between: &[u8], _: bool, action: char) {
        let numbers: Vec<u16> = params.iter().flatten().copied().collect();
        let name = format!("{}{numbers:?}{action}", String::from_utf8_lossy(between));
        match (between, action, numbers.as_slice()) {
            (b"", 'm', looks) if looks.iter().all(|look| LOOKS.contains(look)) => self.own("m".into()),
            (b"", 'H', [_, _]) => self.own("H".into()),
            (b"", 'J', [2]) | (b"?", 'h' | 'l', [25 | 2004]) => self.own(name),
            (b"?", 'h' | 'l', [1049]) => {
                self.inside = action == 'h';
                self.own(name);
            }
            _ => self.leak(&format!("CSI {name}")),
        }
    }

    fn esc_dispatch(&mut self, between: &[u8], _: bool, byte: u8) {
        // The second byte of `ESC \`, which ends a copy.
        if !between.is_empty() || byte != b'\\' {
            self.leak(&format!("ESC {between:?} {}", char::from(byte)));
        }
    }
}

/// Every character of a painted or printed text that hides, turns or steers, with what stands around it.
pub fn hidden(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let wrong = |at: &usize| steers(chars[*at]) || invisible(chars[*at]) || !joins(&chars, *at);
    let around = |at: usize| chars[at.saturating_sub(12)..chars.len().min(at + 6)].iter().collect::<String>();
    (0..chars.len()).filter(wrong).map(|at| format!("{:?} in {:?}", chars[at], around(at))).collect()
}

/// C0, DEL, C1, and what sets the direction of text.
fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// `Default_Ignorable_Code_Point` and the like, but for what emoji need.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200c}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{2065}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}' | '\u{10eeee}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// A joiner stands between two emoji, a selector behind one or in a keycap.
fn joins(chars: &[char], at: usize) -> bool {
    let emoji = |c: Option<&char>| c.is_some_and(|c| caseload::model::text::pictographic(*c));
    let behind = at.checked_sub(1).and_then(|at| chars.get(at));
    match chars[at] {
        '\u{200d}' => (emoji(behind) || matches!(behind, Some('\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'))) && emoji(chars.get(at + 1)),
        '\u{fe0f}' => emoji(behind) || matches!(behind, Some('0'..='9' | '#' | '*')) && chars.get(at + 1) == Some(&'\u{20e3}'),
        _ => true,
    }
}

#[test]
fn it_knows_ours_from_theirs() {
    let ours = "\u{1b}[?1049h\u{1b}[?2004h\u{1b}[2J\u{1b}[?25l\u{1b}[1;1Hab❤\u{fe0f}\u{1b}[1mc\u{1b}[0m\u{1b}]52;c;YQ==\u{1b}\\\u{1b}[?2004l\u{1b}[?1049l\u{1b}[?25hbye\r\n";
    let seen = read(ours.as_bytes());
    assert_eq!((seen.leaks.as_slice(), seen.copied.as_slice(), seen.ours["?[1049]h"]), (&[][..], &["YQ==".to_owned()][..], 1));
    for evil in super::corpus::terminal() {
        let raw = format!("\u{1b}[?1049h{evil}q");
        // Ours as well, and harmless: they move the cursor, switch what we switch, or are plain text.
        let known = ["[31m", "0;owned\u{7}"].contains(&evil.as_str())
            || ["H", "2J", "?1049h", "?1049l", "?25l", "?2004l", "]52;c", "\u{1b}\\"].iter().any(|own| evil.contains(own));
        let bare = !evil.chars().any(char::is_control);
        assert!(known || bare || !read(raw.as_bytes()).leaks.is_empty(), "{:?} was not noticed", evil.chars().take(60).collect::<String>());
    }
    let ours = "👩\u{1f3fd}\u{200d}💻 1\u{fe0f}\u{20e3} שלום e\u{301}";
    assert_eq!(hidden(ours), Vec::<String>::new());
    assert_eq!(hidden("a\u{200d}b\u{fe0f}\u{202e}\u{e0041}\u{200b}\u{10eeee}").len(), 6);
}
