//! What each pane and each bar of the screen knows: parts of the state that are asked for by their names. Plain data.

use super::PullPlan;
use super::history::History;
use super::line::Line;
use super::marks::Marks;
use super::palette::Palette;
use super::review::pane::Detail;
use super::state::Focus;
use crate::model::{CaseId, Filter, Op, OpId, Row, Saved, Timestamp, View, Window};
use std::collections::{BTreeMap, BTreeSet};

/// The case list: a window of rows in a frozen order, and the chosen one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct List {
    pub view: View,
    /// The view of the agent's own that is shown; it narrows `view`.
    pub saved: Option<Saved>,
    /// What was typed over it.
    pub filter: Filter,
    /// As it was typed, for the title.
    pub filter_text: String,
    pub window: Window,
    pub selected: Option<CaseId>,
    /// Where the chosen row was last seen in the window: looked at first.
    pub near: usize,
    /// When the cursor last moved; and while it moves fast, when it may be taken to rest. Until then no thread is previewed.
    pub moved: Option<Timestamp>,
    pub rests_at: Option<Timestamp>,
    /// The index in `window.rows` of the first painted row.
    pub top: usize,
    /// The agent walks towards the beginning.
    pub upwards: bool,
    /// The question that is on its way, so that it is not asked twice.
    pub asked: bool,
    /// The disk failed while it was: when it may be asked again.
    pub retry: Option<Timestamp>,
    pub marks: Marks,
    /// The cursor was moved by what was loaded and no frame has shown it since: nothing acts on where it stands.
    pub unseen: bool,
}

impl List {
    /// The index of the chosen row in the window.
    pub fn at(&self) -> Option<usize> {
        let id = self.selected?;
        if self.window.rows.get(self.near).is_some_and(|row| row.id == id) {
            return Some(self.near);
        }
        self.window.rows.iter().position(|row| row.id == id)
    }

    pub fn row(&self) -> Option<&Row> {
        self.at().and_then(|at| self.window.rows.get(at))
    }
}

/// The key help.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Help {
    pub scroll: usize,
    pub search: Line,
    /// What the keys are for: the focus it was opened from.
    pub from: Focus,
}

/// Operations that are not final, in order; and the pane that lists them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OutboxPane {
    pub ops: Vec<Op>,
    /// The disk was read.
    pub read: bool,
    pub selected: Option<OpId>,
    /// Where its reader came from: Esc goes back there.
    pub from: Focus,
    /// The places of `ops` as the pane lists them, and the place of the chosen one in it.
    pub order: Vec<u32>,
    pub at: usize,
    /// The chosen one, laid out, where there is room for it beside the list or it was opened.
    pub detail: Detail,
    pub opened: bool,
    /// Editing it was asked for once: it may have arrived.
    pub warned: Option<OpId>,
    /// When a count-down on the screen says something else.
    pub tick: Option<Timestamp>,
}

impl OutboxPane {
    /// What is not proven sent.
    pub fn unsent(&self) -> usize {
        self.ops.iter().filter(|op| !op.state.is_final()).count()
    }

    pub fn of(&self, case: CaseId) -> impl Iterator<Item = &Op> {
        self.ops.iter().filter(move |op| op.case() == case)
    }
}

/// Operations whose truth the server is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Watch {
    /// Operations that the server is being read for: before an attempt, and after one of unknown outcome.
    pub looking: BTreeSet<OpId>,
    pub seeking: BTreeSet<OpId>,
    /// When attempts of unknown outcome were over, as far as this process knows, and how often it looked them up.
    pub attempts: BTreeMap<OpId, Timestamp>,
    pub reads: BTreeMap<OpId, u32>,
    /// Markers were seen of what another process may have been sending then: how its attempt ended decides what they mean.
    pub sighted: BTreeSet<OpId>,
}

/// How it stands with the server.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
pub struct SyncState {
    pub link: Link,
    /// The last pull that went well; survives a restart.
    pub last_ok: Option<Timestamp>,
    /// When the running pull began.
    pub pulling: Option<Timestamp>,
    pub next_pull: Option<Timestamp>,
    pub failures: u32,
    /// Why it is not live, in words.
    pub cause: Option<String>,
    /// Cases read by the running pull, of how many.
    pub progress: Option<(u64, Option<u64>)>,
    /// Until then nothing is sent: the server is away, or asked to wait.
    pub hold_pushes: Option<Timestamp>,
    pub last_key: Option<Timestamp>,
    /// The server pushes events, so polls may be rare.
    pub events: bool,
    /// Without a screen: the pull that is to be made; and whether it ended.
    pub asked: Option<PullPlan>,
    pub ended: bool,
    /// Why the last pull could not reach everything, in words.
    pub incomplete: Option<String>,
    /// A pull is wanted as soon as the running one ends.
    pub again: bool,
    /// The server takes idempotency keys: an unknown outcome may be sent again under the same one.
    pub idempotency: bool,
    /// Ever had a complete pull: before that what comes is folded in at once.
    pub complete: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Link {
    #[default]
    Connecting,
    Live,
    Offline,
    /// The key is not taken.
    Unauthorized,
}

/// One line for the agent, until a key or its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub level: Level,
    /// Harmless already.
    pub text: String,
    pub until: Timestamp,
    pub about: Topic,
}

/// What takes a notice away before its time has to know it again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Topic {
    #[default]
    Anything,
    /// A colleague who is at the same case.
    Company,
    /// A command of the agent's own that works.
    Own,
}

/// What helps to find a key or a name.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// What the command line had.
    pub history: History,
    /// What was picked in the palette lately, and the palette itself while it is asked.
    pub recent: Vec<String>,
    pub palette: Option<Palette>,
    /// When the first key of a sequence was pressed.
    pub begun: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Done,
    Warning,
    Error,
}
