//! Cases that are picked by a rule instead of one by one: all of a view, a stretch of it, or those that are like one.

use super::{CaseId, Filter, Sort, View};

/// No pick brings more: what is done to all of them at once is read by a person first.
pub const MOST: usize = 1_000;

/// Which cases of a view, as it is filtered, are wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    pub view: View,
    pub filter: Filter,
    pub sort: Sort,
    pub how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    All,
    /// From the one to the other, whichever stands first.
    Between(CaseId, CaseId),
    /// What says the same as this one.
    Like(CaseId),
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Picked {
    pub pick: Pick,
    /// In the order of the view, at most [`MOST`].
    pub cases: Vec<CaseId>,
    /// There are more than were taken, or looked at.
    pub more: bool,
    /// What those that are alike have in common, in words.
    pub why: String,
}
