//! What the core asks for: an [`Effect`] is something to do, in the imperative, and plain data; so are the questions to
//! the store and its answers.

use super::{PullPlan, clip, compose, files, own};
use crate::model::about::About;
use crate::model::pick::Pick;
use crate::model::{
    Account, CaseId, Conversation, Draft, Filter, Habit, Habits, Op, OpId, OpState, Outcome, Person, Saved, ThreadId, Timestamp, Untrusted, Version, View,
    Window, WindowAsk,
};
use std::collections::{BTreeMap, BTreeSet};

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Commit new operations to the outbox, in one transaction.
    Queue(Vec<Op>),
    /// Move an operation from one of these states to the one it now has.
    Advance {
        op: Box<Op>,
        from: Vec<OpState>,
    },
    /// The same of many, in one transaction.
    AdvanceAll {
        ops: Vec<Op>,
        from: Vec<OpState>,
    },
    /// The same of one, with the server's word on the case.
    Settle {
        op: Box<Op>,
        from: Vec<OpState>,
        outcome: Box<Outcome>,
    },
    /// One operation ends and others take its place, in one transaction.
    Swap {
        op: Box<Op>,
        from: Vec<OpState>,
        into: Vec<Op>,
    },
    /// Remember whether the server gives our marker back.
    Learn {
        marker: bool,
    },
    /// Remember what was learned.
    Habit(Habit),
    SaveDraft(Draft),
    DropDraft(CaseId),
    Load(Ask),
    /// Look for cases of the view, beside the loop.
    Pick(Pick),
    /// Look words up in everything that is cached, beside the loop.
    Search {
        number: u64,
        text: String,
        filter: Filter,
        limit: usize,
    },
    /// Count what these views hold, beside the loop.
    Count(Vec<Saved>),
    /// Tell what came and went in so many hours, beside the loop.
    Workload(u16),
    /// Fold the news into the listings.
    Fold,
    /// The agent had the thread on the screen until then.
    Seen {
        thread: ThreadId,
        until: Timestamp,
    },
    /// The agent wants it to look unread.
    Unread(ThreadId),
    Pull(PullPlan),
    Fetch(CaseId),
    /// Read what happened to these cases of the thread of `case`.
    Timeline {
        case: CaseId,
        of: Vec<CaseId>,
    },
    /// Send it: marks it as sending first, durably.
    Push(Box<Op>),
    /// Look at the server what it has of it, and what stands in its way.
    Look(Box<Op>),
    Edit(String),
    /// Ask the program that assists for a text, beside everything else; or end it.
    Assist(Box<compose::assist::Request>),
    AssistStop,
    /// Start a command of the agent's own, beside everything else.
    Run(Box<own::Running>),
    RunStop,
    /// Read the canned replies again.
    Restock,
    Copy(clip::Copy),
    /// Start a program with its arguments: it opens the last one.
    Open(Vec<String>),
    /// Fetch files and write them into a folder.
    Save(files::Saving),
    /// Take the mouse, or give it back.
    Mouse(bool),
    /// Tell the agent who looks elsewhere.
    Notify(String),
    Quit,
}

/// A question to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Window(WindowAsk),
    Conversation(CaseId),
    Draft(CaseId),
    /// Earlier texts of a case.
    Versions(CaseId),
    Ops,
    /// One operation, final or not.
    Op(OpId),
    Agents,
    /// Cases whose snooze ended come back; answers with the next end.
    Snoozes,
    /// Does the server give our marker back, as far as we learned?
    Marker,
    /// Which of these cases the view still has.
    Kept {
        view: View,
        cases: Vec<CaseId>,
    },
    /// What was learned of this account.
    Habits,
    /// Its tags and departments.
    Account,
    /// What is to be known of cases before something is done to all of them.
    Study(Vec<CaseId>),
    /// The newest operations, whatever became of them.
    Log,
    /// So many of them, and whose cases they are on.
    Record(usize),
    /// Those that moved since the day began.
    Day(Timestamp),
}

/// Its answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Loaded {
    Window(Window),
    Conversation {
        case: CaseId,
        conversation: Option<Conversation>,
    },
    Draft {
        case: CaseId,
        draft: Option<Draft>,
    },
    Versions {
        case: CaseId,
        versions: Vec<Version>,
    },
    Ops(Vec<Op>),
    Op(Option<Box<Op>>),
    Agents(Vec<Person>),
    Snoozes(Option<Timestamp>),
    /// New operations are in the outbox, with their place in its order.
    Stored(Vec<Op>),
    Marker(Option<bool>),
    Kept {
        asked: BTreeSet<CaseId>,
        kept: BTreeSet<CaseId>,
    },
    Habits(Box<Habits>),
    Account(Box<Account>),
    Studied {
        asked: Vec<CaseId>,
        found: Vec<About>,
    },
    Log(Vec<Op>),
    Record {
        ops: Vec<Op>,
        names: BTreeMap<CaseId, Untrusted>,
    },
    Day {
        since: Timestamp,
        ops: Vec<Op>,
    },
}
