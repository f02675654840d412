//! FIRST FLOOR: the pure core. The world becomes an [`Event`]; [`update`] changes the [`State`] and answers with
//! [`Effect`]s; the runtime performs them and their answers are events again. No async, no clock, no disk, no
//! terminal, no randomness in here, and nothing that can fail.

mod act;
pub mod action;
pub mod assign;
pub mod bindings;
pub mod bulk;
mod can;
pub mod canned;
mod check;
pub mod chord;
pub mod clip;
pub mod colors;
mod command;
pub mod compose;
mod doubts;
pub mod files;
pub mod form;
mod fuzzy;
pub mod habits;
pub mod help;
pub mod hints;
mod history;
pub mod hunt;
pub mod keymap;
mod lane;
pub mod later;
mod leave;
pub mod line;
pub mod lines;
pub mod links;
pub mod macros;
pub mod marks;
mod notify;
pub mod outbox;
pub mod palette;
pub mod pending;
pub mod pointer;
pub mod presets;
pub mod prompt;
mod proof;
mod pulls;
pub mod reader;
mod reopen;
mod repeat;
pub mod review;
mod said;
pub mod screen;
pub mod search;
pub mod seen;
pub mod settings;
pub mod snooze;
pub mod state;
pub mod step;
pub mod sync;
pub mod tags;
#[cfg(test)]
mod tests;
pub mod told;
pub mod triage;
pub mod undo;
mod update;
pub mod views;
pub mod which;
pub mod words;

pub use action::Action;
pub use colors::Colors;
pub use notify::Notify;
pub use pointer::Pointer;
pub use pulls::{Failure, FailureKind, PullPlan, PullReport};
pub use reader::Reader;
pub use seen::Seen;
pub use settings::{Advance, Settings};
pub use state::{Focus, Level, Link, List, Notice, OutboxPane, State, SyncState};
pub use update::{AGE_STEP, update};

use crate::model::about::About;
use crate::model::pick::{Pick, Picked};
use crate::model::{
    Account, Actor, Canned, CaseId, Change, Conversation, Draft, Due, Filter, Found, Habit, Habits, Op, OpId, OpState, Outcome, Person, Saved, ThreadId,
    Timestamp, Version, View, Window, WindowAsk,
};
use chrono::Duration;
use std::collections::BTreeSet;
use tui_textarea::Input;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The loop runs. When the cache was last complete.
    Started {
        last_pull: Option<Timestamp>,
    },
    Pressed(Input),
    Pasted(String),
    Pointed(Pointer),
    /// A line instead of keys.
    Said(String),
    Resized {
        width: u16,
        height: u16,
    },
    /// `State::wake_at` came.
    Woke,
    /// All events that were ready are handled; the next thing is a frame.
    Drained,
    Loaded(Box<Loaded>),
    /// The cases a rule picks, or why they can't be read.
    Picked(Result<Picked, String>),
    /// A piece of a pull is in the cache.
    PullAdvanced {
        done: u64,
        total: Option<u64>,
    },
    Pulled(Result<PullReport, Failure>),
    /// One case was read again from the server and is in the cache.
    Fetched {
        case: CaseId,
        result: Result<(), Failure>,
    },
    Pushed {
        op: OpId,
        outcome: Box<Outcome>,
    },
    /// The server answered who it is.
    Greeted {
        me: Option<Actor>,
        idempotency: bool,
        events: bool,
        /// Tags and fields of a case can be changed there.
        updates: bool,
    },
    /// What a look at the server showed of an operation: before an attempt, or of one whose outcome was unknown.
    Looked {
        op: OpId,
        result: Box<Result<Seen, Failure>>,
    },
    /// The disk did not take the mark that it is being sent: nothing left.
    Unmarked(OpId),
    /// The clock on the wall is so far ahead of the one that counts.
    ClockMoved(Duration),
    /// A change asked for without a screen.
    Commanded {
        case: CaseId,
        thread: ThreadId,
        change: Change,
    },
    /// The same for a time of the agent's.
    Planned {
        case: CaseId,
        thread: ThreadId,
        change: Change,
        due: Due,
    },
    /// A pull asked for without a screen.
    SyncAsked(PullPlan),
    /// The agent decided what becomes of an operation that waits.
    Decided {
        op: OpId,
        decision: Decision,
    },
    /// Whether this process is the one that sends for the account.
    Sender(bool),
    /// Markers of ours were seen at the server: the operation, and what it is called there.
    Sighted(Vec<(OpId, i64)>),
    /// The canned replies were read again; and what is wrong with those that could not be, in words.
    Stocked {
        replies: Vec<Canned>,
        flaws: Vec<String>,
    },
    /// What the search of this number found, or why it could not look.
    Found {
        number: u64,
        text: String,
        result: Box<Result<Found, String>>,
    },
    /// How many cases the agent's own views hold, by their names.
    Counted(Vec<(String, u64)>),
    /// The program that assists ended: its proposal, or why there is none.
    Assisted {
        ticket: u32,
        result: Result<String, String>,
    },
    /// `$EDITOR` ended.
    Edited(Edited),
    /// What became of a copy, which is called that.
    Copied {
        what: String,
        taken: clip::Taken,
    },
    /// A program that opens was started; or why not.
    Opened {
        error: Option<String>,
    },
    /// So much of a file that is being saved is here.
    SaveAdvanced {
        name: String,
        done: u64,
        whole: Option<u64>,
    },
    Saved(files::Saved),
    /// An effect on the disk failed; the rest of its batch was not performed.
    DiskFailed(String),
    /// Another process changed the files.
    ChangedElsewhere,
    /// The server says something happened.
    Pinged,
    /// The program is asked to end (SIGTERM, SIGHUP, the end of a script).
    Closing,
}

/// What `$EDITOR` left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    /// Nothing was changed.
    Same,
    /// The text it saved; and what went wrong all the same, in words.
    Text { text: String, trouble: Option<String> },
    /// It could not be started, or its file not be read: why, and what to do.
    Failed(String),
}

/// The agent's choices for what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Look at the server first; what is there becomes sent, what is not is sent again.
    Retry,
    /// Send it although the customer wrote, or somebody changed the same, since.
    Anyway,
    /// Open the case again and say it there.
    Reopen,
    /// The agent knows that it was sent.
    Sent,
    /// Not sent; its text goes back to the draft.
    Draft,
    /// Said to colleagues instead of to the customer.
    Note,
    /// Not sent, and its text does not come back.
    Discard,
}

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
    /// Send it: marks it as sending first, durably.
    Push(Box<Op>),
    /// Look at the server what it has of it, and what stands in its way.
    Look(Box<Op>),
    Edit(String),
    /// Ask the program that assists for a text, beside everything else; or end it.
    Assist(Box<compose::assist::Request>),
    AssistStop,
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
}
