//! What is wrong with the configuration: where, what, and the way out. One line each; never holds a key.

use std::fmt;
use std::path::{Path, PathBuf};

/// Displays as `config.toml:7: unknown field 'ulr'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    place: Option<PathBuf>,
    line: Option<usize>,
    column: Option<usize>,
    what: String,
    /// What to do about it.
    pub hint: String,
}

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}", place.display())?;
            if let Some(line) = self.line {
                write!(f, ":{line}")?;
            }
            if let Some(column) = self.column {
                write!(f, ":{column}")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.what)
    }
}

impl ConfigError {
    pub(super) fn new(place: &Path, what: impl Into<String>) -> Self {
        Self {
            place: Some(place.to_owned()),
            line: None,
            column: None,
            what: what.into(),
            hint: "correct it there, or name another file with --config".to_owned(),
        }
    }

    /// Something at this line and column, as whoever understands the value found out.
    pub fn at(file: &Path, (line, column): (usize, usize), what: impl Into<String>) -> Self {
        Self { line: Some(line), column: Some(column), ..Self::new(file, what) }
    }

    /// Something no file is to blame for.
    pub(super) fn bare(what: impl Into<String>) -> Self {
        Self { place: None, line: None, column: None, what: what.into(), hint: String::new() }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The first line that sets it is named.
    pub(super) fn setting(place: &Path, text: &str, setting: &str, what: &str) -> Self {
        let sets = |line: &str| line.trim_start().strip_prefix(setting).is_some_and(|rest| rest.trim_start().starts_with('='));
        let line = text.lines().position(sets).map(|at| at + 1);
        Self { line, ..Self::new(place, format!("{setting}: {what}")) }
    }

    /// What the parser says, on one line, with a guess at what was meant.
    pub(super) fn toml(place: &Path, text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| text.get(..span.start).unwrap_or(text).matches('\n').count() + 1);
        let message = error.message().lines().next().unwrap_or("not TOML").replace('`', "'");
        // The list of what is expected is long; the hint names the nearest one instead.
        let what: String = message.split(", expected one of").next().unwrap_or(&message).chars().take(200).collect();
        let meant = what.strip_prefix("unknown field '").and_then(|rest| nearest(rest.trim_end_matches('\''), &message));
        let fault = Self { line, ..Self::new(place, what) };
        match meant {
            Some(name) => {
                let hint = format!("did you mean '{name}'? {}", fault.hint);
                fault.hint(hint)
            }
            None => fault,
        }
    }
}

/// A longer name is no slip of the finger.
const LONGEST: usize = 64;

/// The expected name that takes the fewest changes to reach, when that is few.
fn nearest(word: &str, message: &str) -> Option<String> {
    let expected = message.split("expected").nth(1).filter(|_| word.len() <= LONGEST)?;
    let names = expected.split('\'').skip(1).step_by(2);
    names.map(|name| (changes(word, name), name)).min().filter(|(count, _)| *count <= 2.max(word.len() / 3)).map(|(_, name)| name.to_owned())
}

/// Insertions, removals, replacements and swaps of neighbours between two words.
fn changes(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows = vec![(0..=to.len()).collect::<Vec<_>>()];
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(a != b)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}
