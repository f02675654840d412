//! Where the motions of vi go in a text, and how much an operator takes on the way. Pure; rows and letters count from 0.

/// Row and letter.
pub type Place = (usize, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    Left,
    Right,
    Up,
    Down,
    Head,
    First,
    End,
    Top,
    Bottom,
    Word,
    Back,
    WordEnd,
}

/// What an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    To,
    Through,
    Lines,
}

pub const MOTIONS: [(&str, Motion); 13] = [
    ("h", Motion::Left),
    ("l", Motion::Right),
    (" ", Motion::Right),
    ("k", Motion::Up),
    ("j", Motion::Down),
    ("0", Motion::Head),
    ("^", Motion::First),
    ("$", Motion::End),
    ("gg", Motion::Top),
    ("G", Motion::Bottom),
    ("w", Motion::Word),
    ("b", Motion::Back),
    ("e", Motion::WordEnd),
];

impl Motion {
    pub fn takes(self) -> Reach {
        match self {
            Self::Up | Self::Down | Self::Top | Self::Bottom => Reach::Lines,
            Self::WordEnd => Reach::Through,
            _ => Reach::To,
        }
    }
}

pub fn length(lines: &[String], row: usize) -> usize {
    lines.get(row).map_or(0, |line| line.chars().count())
}

/// Where a motion ends.
pub fn reach(lines: &[String], (row, column): Place, motion: Motion, count: Option<usize>) -> Place {
    let (times, last) = (count.unwrap_or(1), lines.len().saturating_sub(1));
    let many = |step: fn(&Text, Place) -> Place| {
        let text = Text(lines.iter().map(|line| line.chars().collect()).collect());
        (0..times).fold((row, column), |at, _| step(&text, at))
    };
    match motion {
        Motion::Left => (row, column.saturating_sub(times)),
        Motion::Right => (row, (column + times).min(length(lines, row))),
        Motion::Up => (row.saturating_sub(times), column),
        Motion::Down => ((row + times).min(last), column),
        Motion::Head => (row, 0),
        Motion::First => (row, lines.get(row).map_or(0, |line| line.chars().take_while(|c| c.is_whitespace()).count())),
        Motion::End => {
            let row = (row + times - 1).min(last);
            (row, length(lines, row))
        }
        Motion::Top => (count.map_or(0, |line| (line - 1).min(last)), 0),
        Motion::Bottom => (count.map_or(last, |line| (line - 1).min(last)), 0),
        Motion::Word => many(word),
        Motion::Back => many(back),
        Motion::WordEnd => many(word_end),
    }
}

/// The letter behind a place; of the end of a line, that end.
pub fn after(lines: &[String], (row, column): Place) -> Place {
    (row, (column + 1).min(length(lines, row)))
}

pub fn is_blank(lines: &[String], (row, column): Place) -> bool {
    lines.get(row).and_then(|line| line.chars().nth(column)).is_none_or(char::is_whitespace)
}

/// The word, or the blanks, that a place is in.
pub fn inner(lines: &[String], (row, column): Place) -> (Place, Place) {
    let letters: Vec<char> = lines.get(row).map_or_else(Vec::new, |line| line.chars().collect());
    let Some(here) = letters.get(column).copied().map(class) else { return ((row, column), (row, column)) };
    let before = letters[..column].iter().rev().take_while(|c| class(**c) == here).count();
    let behind = letters[column..].iter().take_while(|c| class(**c) == here).count();
    ((row, column - before), (row, column + behind))
}

/// Blanks, words, and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Blank,
    Word,
    Other,
}

fn class(c: char) -> Class {
    match c {
        c if c.is_whitespace() => Class::Blank,
        c if c.is_alphanumeric() || c == '_' => Class::Word,
        _ => Class::Other,
    }
}

/// The letters of each line; the end of one is a blank.
struct Text(Vec<Vec<char>>);

impl Text {
    fn class(&self, (row, column): Place) -> Class {
        self.0.get(row).and_then(|line| line.get(column)).map_or(Class::Blank, |c| class(*c))
    }

    fn next(&self, (row, column): Place) -> Option<Place> {
        match self.0.get(row) {
            Some(line) if column < line.len() => Some((row, column + 1)),
            _ => (row + 1 < self.0.len()).then_some((row + 1, 0)),
        }
    }

    fn previous(&self, (row, column): Place) -> Option<Place> {
        match (row, column) {
            (0, 0) => None,
            (row, 0) => Some((row - 1, self.0[row - 1].len())),
            (row, column) => Some((row, column - 1)),
        }
    }

    /// An empty line is a word to those who walk over words.
    fn is_empty_line(&self, (row, column): Place) -> bool {
        column == 0 && self.0.get(row).is_some_and(Vec::is_empty)
    }

    fn over(&self, mut at: Place, step: fn(&Self, Place) -> Option<Place>, goes_on: impl Fn(Place) -> bool) -> Place {
        while let Some(next) = step(self, at).filter(|_| goes_on(at)) {
            at = next;
        }
        at
    }
}

fn word(text: &Text, from: Place) -> Place {
    let here = text.class(from);
    let at = text.over(from, Text::next, |at| here != Class::Blank && text.class(at) == here);
    text.over(at, Text::next, |at| text.class(at) == Class::Blank && !(at != from && text.is_empty_line(at)))
}

fn word_end(text: &Text, from: Place) -> Place {
    let Some(at) = text.next(from) else { return from };
    let at = text.over(at, Text::next, |at| text.class(at) == Class::Blank);
    let here = text.class(at);
    text.over(at, Text::next, |at| here != Class::Blank && text.next(at).is_some_and(|next| text.class(next) == here))
}

fn back(text: &Text, from: Place) -> Place {
    let Some(at) = text.previous(from) else { return from };
    let at = text.over(at, Text::previous, |at| text.class(at) == Class::Blank && !text.is_empty_line(at));
    let here = text.class(at);
    text.over(at, Text::previous, |at| here != Class::Blank && text.previous(at).is_some_and(|before| text.class(before) == here))
}
