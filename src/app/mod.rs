//! FIRST FLOOR: the pure core. The world becomes an [`Event`]; [`update`] changes the [`State`] and answers with
//! [`Effect`]s; the runtime performs them and their answers are events again. No async, no clock, no disk, no
//! terminal, no randomness in here, and nothing that can fail.

pub mod action;
pub mod compose;
pub mod keymap;
pub mod lines;
pub mod outbox;
pub mod pending;
pub mod prompt;
pub mod reader;
pub mod screen;
pub mod state;
pub mod sync;
pub mod triage;
pub mod undo;
mod update;

pub use state::{Focus, Level, Link, List, Notice, OutboxPane, Reader, Settings, State, SyncState};
pub use update::update;

use crate::model::{Actor, Case, CaseId, Conversation, Counts, Draft, Op, OpId, OpState, Outcome, Person, ThreadId, Timestamp, Window, WindowAsk};
use tui_textarea::Input;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Pressed(Input),
    Pasted(String),
    Resized {
        width: u16,
        height: u16,
    },
    /// `State::wake_at` came.
    Woke,
    /// All events that were ready are handled; the next thing is a frame.
    Drained,
    Loaded(Box<Loaded>),
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
    /// Markers of ours were seen at the server: the operation, and what it is called there.
    Sighted(Vec<(OpId, i64)>),
    /// `$EDITOR` ended; `None` when nothing was changed.
    Edited(Option<String>),
    /// Bytes went to the terminal; whether a clipboard took them nobody can know.
    Copied(String),
    /// An effect on the disk failed; the rest of its batch was not performed.
    DiskFailed(String),
    /// Another process changed the files.
    ChangedElsewhere,
    /// The server says something happened.
    Pinged,
    /// The program is asked to end (SIGTERM, SIGHUP, the end of a script).
    Closing,
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
    /// The same, with the server's word on the case.
    Settle {
        op: Box<Op>,
        from: Vec<OpState>,
        outcome: Box<Outcome>,
    },
    SaveDraft(Draft),
    DropDraft(CaseId),
    Load(Ask),
    /// Fold the news into the listings, then load the list again.
    Fold,
    /// The agent had the thread on the screen until then.
    Seen {
        thread: ThreadId,
        until: Timestamp,
    },
    Pull(PullPlan),
    Fetch(CaseId),
    /// Send it: marks it as sending first, durably.
    Push(Box<Op>),
    /// Look at the server what became of it.
    ReadBack(Box<Op>),
    Edit(String),
    Copy(String),
    Open(String),
    Quit,
}

/// A question to the store.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Window(WindowAsk),
    Conversation(CaseId),
    Draft(CaseId),
    Ops,
    Agents,
    /// Cases whose snooze ended come back; answers with the next end.
    Snoozes,
}

/// Its answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Loaded {
    Window(Window),
    Conversation { case: CaseId, conversation: Option<Conversation> },
    Draft { case: CaseId, draft: Option<Draft> },
    Ops(Vec<Op>),
    Agents(Vec<Person>),
    Snoozes(Option<Timestamp>),
    Counts(Counts),
}

/// How much a pull reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PullPlan {
    /// Every case and, with `messages`, the messages of all of them; else what changed.
    pub full: bool,
    /// Fold what comes into the listings at once (first pull, command line) or keep it as news.
    pub fold: bool,
    /// Messages of every case, not only of open and recent ones.
    pub all_messages: bool,
}

/// What a pull brought.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PullReport {
    pub changed: Vec<CaseId>,
    pub news: u64,
    pub me: Option<Actor>,
    /// Why it could not reach everything, in words.
    pub incomplete: Option<String>,
    /// The server pushes events: poll less.
    pub events: bool,
}

/// Why something did not work, in words, and whether the key or the network is to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub kind: FailureKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    Offline,
    Unauthorized,
    NotFound,
    Other,
}

impl Loaded {
    /// The case an answer is about, for loads that may come late.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            Self::Conversation { case, .. } | Self::Draft { case, .. } => Some(*case),
            _ => None,
        }
    }
}

/// The confirmed case and what is pending on it, replayed.
pub fn shown(confirmed: &Case, ops: &[Op]) -> Case {
    pending::replay(confirmed, ops)
}
