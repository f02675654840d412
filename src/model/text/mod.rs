//! Text that came from outside. The raw form is kept for the disk, the wire and `--json`; only
//! [`Untrusted::display`] turns it into something that may reach a terminal.

mod clean;

pub use clean::{harmless, is_harmful, pictographic, stands_alone};

use serde::{Deserialize, Serialize};

/// Text written by a customer, another agent or a server: kept exactly, shown only through [`Untrusted::display`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(String);

impl Untrusted {
    pub fn new(raw: impl Into<String>) -> Self {
        Self(raw.into())
    }

    /// Exactly what came in. Never print it.
    pub fn raw(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Harmless text for the terminal; `\n` is the only control character left.
    pub fn display(&self) -> String {
        harmless(&self.0)
    }

    /// The same on one line: line breaks become spaces, runs of white space one space.
    pub fn one_line(&self) -> String {
        on_one_line(&self.display())
    }

    /// The beginning of [`Self::one_line`], enough to fill `cells`: what a label costs does not grow with the text.
    pub fn brief(&self, cells: usize) -> String {
        let wanted = cells.saturating_mul(32).saturating_add(256);
        let end = (0..=wanted.min(self.0.len())).rev().find(|at| self.0.is_char_boundary(*at)).unwrap_or(0);
        on_one_line(&harmless(&self.0[..end]))
    }
}

impl From<&str> for Untrusted {
    fn from(raw: &str) -> Self {
        Self::new(raw)
    }
}

impl From<String> for Untrusted {
    fn from(raw: String) -> Self {
        Self::new(raw)
    }
}

fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
