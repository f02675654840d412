//! What makes text harmless for a terminal. Applied twice it changes nothing more.
//!
//! Controls become U+FFFD (a tab four spaces, CR nothing, LF stays), line and paragraph separators LF, the explicit
//! bidi controls U+FFFD, so that an attempt is seen; everything without a shape of its own goes: zero-width and tag
//! characters, fillers, soft hyphens, the implicit bidi marks, noncharacters. Joiners and VS16 stay inside emoji only.

use unicode_segmentation::UnicodeSegmentation;

/// Bytes after which a line is folded.
const LINE: usize = 64 * 1024;
/// What one grapheme keeps of each.
const JOINERS: u8 = 8;
const MARKS: u8 = 16;
const LETTERS: u8 = 8;

const ZWJ: char = '\u{200D}';
const VS16: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Harmless text for the terminal; see the first lines of the file.
pub fn harmless(raw: &str) -> String {
    if plain(raw) {
        return raw.to_owned();
    }
    let mut cleaner = Cleaner { out: String::with_capacity(raw.len()), ..Cleaner::default() };
    raw.chars().for_each(|c| cleaner.take(c));
    cleaner.out
}

/// May this character never be in a cell? For the sweep over a finished screen.
pub fn is_harmful(c: char) -> bool {
    !matches!(c, ZWJ | VS16) && !matches!(fate(c), Fate::Keep)
}

/// Printable ASCII in lines of a bearable length: most text there is.
fn plain(raw: &str) -> bool {
    raw.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n')) && (raw.len() <= LINE || raw.split('\n').all(|line| line.len() <= LINE))
}

/// What becomes of a character, whatever stands around it.
enum Fate {
    Keep,
    Gone,
    Become(&'static str),
}

fn fate(c: char) -> Fate {
    match c {
        '\n' | ' '..='~' => Fate::Keep,
        '\t' => Fate::Become("    "),
        '\r' => Fate::Gone,
        // The last one: some terminals paint a picture in its place that they were given before.
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{10EEEE}' => Fate::Become("\u{FFFD}"),
        '\u{2028}' | '\u{2029}' => Fate::Become("\n"),
        // Braille's blank takes a cell and shows nothing.
        '\u{2800}' => Fate::Become(" "),
        ZWJ | VS16 => Fate::Keep,
        _ if shapeless(c) => Fate::Gone,
        _ => Fate::Keep,
    }
}

/// No shape of its own: zero-width, fillers, tags, variation selectors, implicit bidi marks, noncharacters.
fn shapeless(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}'
        | '\u{13430}'..='\u{13455}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Roughly `Extended_Pictographic`: what a joiner may join and VS16 may colour.
pub fn pictographic(c: char) -> bool {
    matches!(c,
        '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{21AA}' | '\u{231A}'..='\u{23FF}'
        | '\u{24C2}' | '\u{25AA}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}' | '\u{2934}' | '\u{2935}' | '\u{2B05}'..='\u{2B55}'
        | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}' | '\u{1F000}'..='\u{1F1E5}' | '\u{1F200}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}')
}

/// Between two of these a grapheme always ends: most letters of most scripts, for which no table has to be asked.
pub fn stands_alone(c: char) -> bool {
    matches!(c,
        ' '..='~' | '\u{A0}'..='\u{AC}' | '\u{AE}'..='\u{2FF}' | '\u{370}'..='\u{482}' | '\u{48A}'..='\u{58F}' | '\u{5D0}'..='\u{5EA}'
        | '\u{620}'..='\u{64A}' | '\u{660}'..='\u{66F}' | '\u{671}'..='\u{6D3}' | '\u{E01}'..='\u{E30}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}'
        | '\u{3000}'..='\u{3029}' | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{AC00}'..='\u{D7A3}' | '\u{FF01}'..='\u{FF5E}')
}

/// Builds the text grapheme by grapheme, so that each can be measured while it grows.
#[derive(Default)]
struct Cleaner {
    out: String,
    /// Where the grapheme that is being built begins in `out`.
    start: usize,
    /// Bytes of the line before it.
    line: usize,
    last: Option<char>,
    /// A joiner or a VS16 that stays only when what follows needs it.
    held: Option<char>,
    joiners: u8,
    marks: u8,
    letters: u8,
}

impl Cleaner {
    fn take(&mut self, c: char) {
        match fate(c) {
            Fate::Gone => {}
            Fate::Become(text) => text.chars().for_each(|c| self.add(c)),
            Fate::Keep if c == ZWJ => self.hold_joiner(),
            Fate::Keep if c == VS16 => self.colour(),
            Fate::Keep => self.add(c),
        }
    }

    fn hold_joiner(&mut self) {
        if self.held.is_none() && self.joiners < JOINERS && self.in_emoji() {
            self.held = Some(ZWJ);
        }
    }

    /// Is the grapheme so far something a joiner can follow?
    fn in_emoji(&self) -> bool {
        match self.last {
            Some(VS16 | '\u{1F3FB}'..='\u{1F3FF}') => self.out[self.start..].chars().next().is_some_and(pictographic),
            Some(last) => pictographic(last),
            None => false,
        }
    }

    fn colour(&mut self) {
        match self.last {
            Some(last) if self.held.is_none() && pictographic(last) => self.push(VS16),
            // `1`, VS16, U+20E3 is a keycap; without the last one the selector only confuses widths.
            Some('0'..='9' | '#' | '*') => self.held = Some(VS16),
            _ => {}
        }
    }

    fn add(&mut self, c: char) {
        match self.held.take() {
            Some(ZWJ) if pictographic(c) => {
                self.joiners += 1;
                self.push(ZWJ);
                self.push(c);
                return;
            }
            Some(VS16) if c == KEYCAP => self.push(VS16),
            _ => {}
        }
        if self.begins(c) { self.begin(c) } else { self.grow(c) }
    }

    /// Does `c` begin a grapheme, after what stands there?
    fn begins(&mut self, c: char) -> bool {
        let Some(last) = self.last else { return true };
        if c == '\n' || last == '\n' || stands_alone(c) && stands_alone(last) {
            return true;
        }
        self.out.push(c);
        let grapheme = &self.out[self.start..];
        let begins = grapheme.graphemes(true).next().is_none_or(|first| first.len() < grapheme.len());
        self.out.pop();
        begins
    }

    fn begin(&mut self, c: char) {
        self.line = if self.last == Some('\n') { 0 } else { self.line + self.out.len() - self.start };
        self.start = self.out.len();
        (self.joiners, self.marks, self.letters) = (0, 0, 0);
        self.push(c);
    }

    /// The grapheme goes on, as far as one goes in any script.
    fn grow(&mut self, c: char) {
        let (count, most) = match unicode_width::UnicodeWidthChar::width(c) {
            Some(0) => (&mut self.marks, MARKS),
            _ => (&mut self.letters, LETTERS),
        };
        if *count < most {
            *count += 1;
            self.push(c);
        }
    }

    fn push(&mut self, c: char) {
        if c != '\n' && self.line + self.out.len() - self.start + c.len_utf8() > LINE {
            self.fold();
        }
        self.out.push(c);
        self.last = Some(c);
    }

    /// A line break before the grapheme that made the line too long.
    fn fold(&mut self) {
        self.out.insert(self.start, '\n');
        self.start += 1;
        self.line = 0;
    }
}
