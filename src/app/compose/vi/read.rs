//! What keys in normal mode say: `2d3w` is a deletion over six words. A table and a few lines; nothing is done here.

use super::motion::{MOTIONS, Motion};

/// What was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    pub count: Option<usize>,
    /// d, c or y.
    pub operator: Option<char>,
    pub what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Go(Motion),
    /// The operator twice.
    Lines,
    /// `iw`
    Word,
    Replace(char),
    Do(char),
}

/// What the keys so far are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    More,
    Nothing,
    Whole(Said),
}

/// Letters that need no other one, and those that act on what is selected.
const ALONE: &str = "iIaAoOxXDCpPuv.";
const SELECTED: &str = "dcxyv";
/// Nobody types a larger one on purpose.
const MOST: usize = 9_999;

pub fn read(typed: &str, selecting: bool) -> Read {
    let (first, rest) = count(typed);
    let operator = rest.chars().next().filter(|c| !selecting && matches!(c, 'd' | 'c' | 'y'));
    let Some(operator) = operator else { return said(rest, first, selecting) };
    let (second, rest) = count(&rest[1..]);
    let count = if first.is_none() && second.is_none() { None } else { Some((first.unwrap_or(1) * second.unwrap_or(1)).min(MOST)) };
    let whole = |what| Read::Whole(Said { count, operator: Some(operator), what });
    match rest {
        "" | "i" => Read::More,
        "iw" => whole(What::Word),
        rest if rest.starts_with(operator) => whole(What::Lines),
        rest => match motion(rest) {
            Found::Motion(motion) => whole(What::Go(motion)),
            Found::Begun => Read::More,
            Found::Nothing => Read::Nothing,
        },
    }
}

fn said(rest: &str, count: Option<usize>, selecting: bool) -> Read {
    let whole = |what| Read::Whole(Said { count, operator: None, what });
    let mut letters = rest.chars();
    match (letters.next(), letters.next(), motion(rest)) {
        (None, ..) | (_, _, Found::Begun) => Read::More,
        (_, _, Found::Motion(motion)) => whole(What::Go(motion)),
        (Some('r'), None, _) if !selecting => Read::More,
        (Some('r'), Some(letter), _) if !selecting => whole(What::Replace(letter)),
        (Some(letter), None, _) if if selecting { SELECTED } else { ALONE }.contains(letter) => whole(What::Do(letter)),
        _ => Read::Nothing,
    }
}

/// What keys are among the motions.
enum Found {
    Motion(Motion),
    Begun,
    Nothing,
}

fn motion(keys: &str) -> Found {
    match MOTIONS.iter().find(|(name, _)| *name == keys) {
        _ if keys.is_empty() => Found::Nothing,
        Some((_, motion)) => Found::Motion(*motion),
        None if MOTIONS.iter().any(|(name, _)| name.starts_with(keys)) => Found::Begun,
        None => Found::Nothing,
    }
}

/// A count does not begin with 0: that is a motion.
fn count(keys: &str) -> (Option<usize>, &str) {
    let end = if keys.starts_with('0') { 0 } else { keys.find(|c: char| !c.is_ascii_digit()).unwrap_or(keys.len()) };
    let digits = &keys[..end];
    let number = (!digits.is_empty()).then(|| digits.parse().unwrap_or(MOST).clamp(1, MOST));
    (number, &keys[end..])
}
