//! Views of the agent's own, as the file has them. What a filter means is known on another floor: here its place is noted,
//! so that what is wrong with it can be said with line and column.

use serde::{Deserialize, Serialize};
use toml::Spanned;

/// A list with a name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ViewEntry {
    pub name: String,
    pub filter: String,
    /// `due`, `updated`, `created` or `waiting`; `-` reverses.
    pub sort: Option<String>,
    pub key: Option<ViewKey>,
    /// The view it narrows; all cases where it is left away.
    pub within: Option<String>,
    /// Line and column of the filter's first character in the file.
    #[serde(skip)]
    pub place: (usize, usize),
}

/// `8`, `9`, or the letter after `g`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ViewKey {
    Number(u8),
    Letter(char),
}

#[derive(Deserialize)]
struct Filters {
    #[serde(default)]
    view: Vec<Placed>,
}

#[derive(Deserialize)]
struct Placed {
    #[serde(default)]
    filter: Option<Spanned<String>>,
}

/// Where the filters of a file that can be read begin.
pub(super) fn places(text: &str) -> Vec<(usize, usize)> {
    let filters = toml::from_str(text).map_or_else(|_| Vec::new(), |filters: Filters| filters.view);
    filters.into_iter().map(|view| view.filter.map_or((1, 1), |filter| place(text, filter.span().start))).collect()
}

fn place(text: &str, start: usize) -> (usize, usize) {
    let quotes = text.get(start..).map_or(0, |rest| rest.chars().take_while(|c| matches!(c, '"' | '\'')).take(3).count());
    // One in front of a text, three in front of one of several lines, two are an empty one.
    let inside = if quotes == 3 { 3 } else { 1 };
    let before = text.get(..start).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, line.chars().count() + 1 + inside)
}
