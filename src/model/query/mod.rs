//! Views, the rows of a list, and the question that fills a window of it; what narrows it stands in the files beside.

mod filter;
mod hold;
mod parse;
mod saved;
#[cfg(test)]
mod tests;

pub use filter::{Bound, Condition, Filter, FilterError, Moment, Term};
pub use hold::{Sample, marks, owner_words, ratings, reach};
pub use saved::{Saved, Sort, SortBy};

use super::{Case, CaseId, Channel, Status, ThreadId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

/// A built-in view, in the order of the keys 1 to 7.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum View {
    #[default]
    Queue,
    Mine,
    Active,
    Pending,
    Snoozed,
    Closed,
    All,
}

impl View {
    pub const ALL: [Self; 7] = [Self::Queue, Self::Mine, Self::Active, Self::Pending, Self::Snoozed, Self::Closed, Self::All];

    pub fn title(self) -> &'static str {
        match self {
            Self::Queue => "Queue",
            Self::Mine => "Mine",
            Self::Active => "Active",
            Self::Pending => "Pending",
            Self::Snoozed => "Snoozed",
            Self::Closed => "Closed",
            Self::All => "All",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.title().eq_ignore_ascii_case(word))
    }

    /// Does the case, as shown, stand in this view of `me` at `now`?
    /// A case that I snoozed leaves Queue and Mine until it comes back.
    pub fn holds(self, case: &Case, me: Option<UserId>, now: Timestamp) -> bool {
        let snoozed = case.follow_up.as_ref().is_some_and(|snooze| snooze.until > now && (snooze.user_id.is_none() || snooze.user_id == me));
        let active = case.status == Status::Active;
        match self {
            Self::Queue => !snoozed && (case.status == Status::Pending || active && case.owners().next().is_none()),
            Self::Mine => !snoozed && active && me.is_some_and(|me| case.owned_by(me)),
            Self::Active => active,
            Self::Pending => case.status == Status::Pending,
            Self::Snoozed => snoozed,
            Self::Closed => case.status == Status::Closed,
            Self::All => true,
        }
    }
}

/// How many cases each view holds, in the order of [`View::ALL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts(pub [u64; View::ALL.len()]);

impl Counts {
    pub fn of(&self, view: View) -> u64 {
        View::ALL.iter().position(|other| *other == view).map_or(0, |at| self.0[at])
    }
}

/// What the outbox holds for a case, most pressing first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unsent {
    #[default]
    None,
    Waiting,
    Unknown,
    NeedsYou,
    Failed,
}

/// One case as the list shows it. Text is raw: the view makes it harmless.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub id: CaseId,
    pub thread: ThreadId,
    pub status: Status,
    pub channel: Channel,
    pub contact: super::Untrusted,
    /// The customer's last message (the beginning), else the subject or title.
    pub snippet: super::Untrusted,
    /// When the next reply is due; `None` when nothing of the customer's is unanswered.
    pub due: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub snoozed_until: Option<Timestamp>,
    /// Whose it is, when it is not nobody's.
    pub owner: Option<super::Untrusted>,
    pub mine: bool,
    /// When the customer wrote last, as far as it is known.
    pub heard: Option<Timestamp>,
    /// Another agent is at it.
    pub company: Option<super::Company>,
    pub unread: bool,
    pub draft: bool,
    pub unsent: Unsent,
}

/// Which rows are asked for. Costs the same whatever the size of the cache, unless `filter` or `sort` is set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WindowAsk {
    pub view: View,
    pub filter: Filter,
    pub sort: Sort,
    pub anchor: Anchor,
    /// How many rows before and after the anchor.
    pub before: usize,
    pub after: usize,
}

/// Where a window lies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Anchor {
    #[default]
    Top,
    Bottom,
    /// Around this case; when the view has lost it, around the place where it stood.
    At(CaseId),
}

/// A piece of a list, in its order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Window {
    pub view: View,
    pub filter: Filter,
    pub sort: Sort,
    pub rows: Vec<Row>,
    /// Are there more rows before the first and after the last?
    pub more_before: bool,
    pub more_after: bool,
    /// For `Anchor::At`: the index where the case stands, or where the next one stands when the case is gone.
    pub at: usize,
    pub counts: Counts,
    /// When the most pressing reply of the view is due, whatever the filter.
    pub due: Option<Timestamp>,
    /// Cases that changed or came at the server and are not folded into this list yet.
    pub news: u64,
}
