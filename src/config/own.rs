//! `[[command]]`: programs of the agent's own, with the place in the file where each stands.

use super::Span;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// A program and what becomes of its words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OwnEntry {
    pub name: String,
    /// As they are written: `gt`, `F7`.
    pub keys: Option<String>,
    /// It and its arguments; no shell reads them.
    pub run: Vec<String>,
    pub output: OwnOutput,
    /// After this it is ended.
    pub limit: Option<Span>,
    /// The line of the name in the file.
    #[serde(skip)]
    pub line: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnOutput {
    Ignore,
    #[default]
    Notice,
    Draft,
    Screen,
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    command: Vec<Placed>,
}

#[derive(Deserialize)]
struct Placed {
    #[serde(default)]
    name: Option<Spanned<String>>,
}

/// The lines of the names in a file that can be read.
pub(super) fn lines(text: &str) -> Vec<usize> {
    let named = toml::from_str(text).map_or_else(|_| Vec::new(), |named: Named| named.command);
    let line = |start: usize| text.get(..start).unwrap_or(text).matches('\n').count() + 1;
    named.into_iter().map(|one| one.name.map_or(1, |name| line(name.span().start))).collect()
}
