//! The one table of keys: what the program obeys, `?` shows, the bar hints at and the README prints.

pub use super::action::Action;
use super::{Focus, State};

/// One key in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Where it works.
    pub places: &'static [Focus],
    /// As it is written: `j`, `gg`, `Ctrl-d`, `Enter`.
    pub keys: &'static [&'static str],
    pub action: Action,
    /// What it does, for help and README.
    pub help: &'static str,
    /// A word for the bar; empty when the bar does not show it.
    pub hint: &'static str,
}

/// Every key of the program.
pub const KEYS: &[Key] = &[];

/// What the bottom line offers now: key and word, most useful first.
pub fn hints(state: &State) -> Vec<(&'static str, String)> {
    let _ = state;
    Vec::new()
}
