//! What the core is told: an [`Event`] is something that happened, in the past tense, and plain data.

use super::{Failure, Loaded, Pointer, PullPlan, PullReport, Seen, clip, files};
use crate::model::pick::Picked;
use crate::model::workload::Workload;
use crate::model::{Actor, Canned, CaseId, Change, Due, Found, OpId, Outcome, ThreadId, Timestamp};
use chrono::Duration;
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
    /// The timelines of a thread were asked for; whether they hold anything new.
    Told {
        case: CaseId,
        result: Result<bool, Failure>,
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
        /// It puts replies into another language; `None`: it says nothing of it.
        translates: Option<bool>,
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
    /// What came and went, or why that can't be told.
    Worked(Box<Result<Workload, String>>),
    /// The program that assists ended: its proposal, or why there is none.
    Assisted {
        ticket: u32,
        result: Result<String, String>,
    },
    /// A command of the agent's own ended: what it said, or why it said nothing.
    Ran {
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
