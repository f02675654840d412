//! The filter: what it can ask of a case. One language for lists, saved views, search and the command line. Only the
//! meaning is here; `parse` reads it, `hold` answers it of one case in memory, and the store answers it in SQL.

use super::View;
use crate::model::{CaseId, Channel, Status, Timestamp};
use chrono::Duration;

/// Conditions a case must meet: all of one group at least. No group is no condition.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    pub any: Vec<Vec<Condition>>,
}

/// A term, or its opposite.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub term: Term,
    pub not: bool,
}

/// Texts are lower case.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    Status(Status),
    Channel(Channel),
    View(View),
    /// I have it.
    Mine,
    /// No agent has it.
    Nobody,
    /// Part of the name of an agent who has it.
    Owner(String),
    Unread,
    Draft,
    Unsent,
    Id(CaseId),
    /// Part of the contact's name, address or phone number.
    Contact(String),
    /// Part of the title.
    Subject(String),
    /// `tag:vip`, `field.order:881`, `state:refunded`: one whole line of what [`super::marks`] says of the case.
    Mark(String),
    /// A score the customer gave: a bit for each that is meant, 1 to 5.
    Rated(u8),
    Moment(Moment, Bound),
    /// Part of the contact, the title, what the list shows of the customer's words, or an agent's name; or the number.
    Words(String),
}

/// What a time is counted from or to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// How long until the next reply is due; less than nothing when it is late.
    Due,
    /// How long the customer has been waiting.
    Wait,
    Updated,
    Created,
    Closed,
}

/// Shorter or longer than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    pub less: bool,
    pub equal: bool,
    pub span: Duration,
}

impl Bound {
    /// The same of the moment itself, in milliseconds: must it be before (or at, with the second `true`) the third?
    pub fn of(self, moment: Moment, now: Timestamp) -> (bool, bool, i64) {
        let (now, span) = (now.timestamp_millis(), self.span.num_milliseconds());
        match moment {
            Moment::Due => (self.less, self.equal, now.saturating_add(span)),
            _ => (!self.less, self.equal, now.saturating_sub(span)),
        }
    }
}

/// What is wrong with a filter, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: {what}")]
pub struct FilterError {
    /// Counted in characters from 1.
    pub column: usize,
    pub what: String,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        self.any.is_empty()
    }

    /// Reads the filter language.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        super::parse::filter(text)
    }

    /// Reads it as a search has it: what is no key, and a quotation mark without its end, are words like others.
    pub fn search(text: &str) -> Result<Self, FilterError> {
        super::parse::search(text)
    }

    /// Only what meets both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { other.clone() } else { self.clone() };
        }
        let pairs = self.any.iter().flat_map(|one| other.any.iter().map(move |two| [one.as_slice(), two].concat()));
        Self { any: pairs.collect() }
    }

    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        self.any.iter().flatten()
    }

    /// Does any part of it speak of this?
    pub fn names(&self, which: impl Fn(&Term) -> bool) -> bool {
        self.conditions().any(|condition| which(&condition.term))
    }
}
