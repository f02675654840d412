//! A view of the agent's own: a name, a filter, an order. The drafts are one that everybody has.

use super::{Condition, Filter, Term, View};

/// A list with a name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Saved {
    pub name: String,
    pub filter: Filter,
    pub sort: Sort,
    /// `8`, `9`, or the letter after `g`.
    pub key: Option<char>,
    /// The view it narrows.
    pub within: View,
}

impl Saved {
    /// Cases with a text of mine that is not sent off.
    pub fn drafts() -> Self {
        let draft = Filter { any: vec![vec![Condition { term: Term::Draft, not: false }]] };
        Self { name: "Drafts".to_owned(), filter: draft, key: Some('d'), within: View::All, ..Self::default() }
    }

    pub fn is_called(&self, word: &str) -> bool {
        self.name.to_lowercase() == word.to_lowercase()
    }
}

/// In which order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sort {
    pub by: SortBy,
    pub reversed: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SortBy {
    /// As the view has it: the next reply due first. It stands still until news is folded in.
    #[default]
    Due,
    /// Newest first.
    Updated,
    /// Newest first.
    Created,
    /// Whoever waits longest first.
    Waiting,
}

impl Sort {
    pub const WORDS: [&'static str; 4] = ["due", "updated", "created", "waiting"];

    /// `updated`, or `-updated` for the other way round.
    pub fn parse(text: &str) -> Option<Self> {
        let (word, reversed) = text.strip_prefix('-').map_or((text, false), |word| (word, true));
        let by = match word {
            "due" => SortBy::Due,
            "updated" => SortBy::Updated,
            "created" => SortBy::Created,
            "waiting" => SortBy::Waiting,
            _ => return None,
        };
        Some(Self { by, reversed })
    }
}
