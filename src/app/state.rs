//! Everything the screen shows and the next key depends on. Plain data: the view reads it, only `update` changes it.

use super::action::Action;
use super::bulk::{Doing, Sheet};
use super::canned::Shelf;
use super::compose::{Compose, assist::Request, revise::Doomed};
use super::files::Table;
use super::form::Form;
use super::log::Log;
use super::own::Running;
pub use super::panes::{Finding, Help, Level, Link, List, Notice, OutboxPane, SyncState, Topic, Watch};
use super::prompt::Prompt;
use super::reader::Reader;
use super::repeat::Deed;
use super::search::Search;
use super::settings::Settings;
use super::tags::Picking;
use super::undo::{Done, Undone};
use super::views::Tallies;
use crate::model::{Account, Actor, CaseId, Habits, OpId, Person, Timestamp, UserId};
use chrono::Duration;
use ratatui::layout::Size;
use std::collections::{BTreeMap, BTreeSet};

/// See the room's first lines.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
pub struct State {
    pub settings: Settings,
    /// Who we are at the server; unknown until it says so or the config does.
    pub me: Option<Actor>,
    pub agents: Vec<Person>,
    /// What was learned of the account, and its tags and departments.
    pub habits: Habits,
    pub account: Account,
    /// What is being picked for a case.
    pub pick: Picking,
    /// Fields that are being changed.
    pub form: Option<Form>,
    /// The time of the last event on a clock that nobody sets: what waits is counted on it.
    pub now: Timestamp,
    /// How far the clock on the wall is ahead of it. Labels, and what the agent or the server names as a time, follow the wall.
    pub ahead: Duration,
    /// When what was due was last done: what became due since waits for its moment.
    pub turned: Timestamp,
    pub size: Size,
    /// How many cells the agent made the list wider, or narrower.
    pub wider: i16,
    pub focus: Focus,
    pub list: List,
    /// The thread that is open or previewed: the one of the chosen row.
    pub reader: Option<Reader>,
    pub compose: Option<Compose>,
    /// A message of the agent's that the next key may delete.
    pub doomed: Option<Doomed>,
    /// What the program that assists was asked, while it works.
    pub assisting: Option<Request>,
    pub helpers: Helpers,
    pub prompt: Option<Prompt>,
    /// What the pickers of a thread are about: files and links.
    pub table: Table,
    pub finding: Finding,
    pub canned: Shelf,
    /// Some while the key help is up: how far it is scrolled, and what is searched in it.
    pub help: Option<Help>,
    /// The contact card: hidden where there is room for it, or shown where there is none.
    pub card: bool,
    /// How far it is scrolled where it lies over the thread.
    pub card_scroll: usize,
    pub outbox: OutboxPane,
    pub log: Log,
    pub search: Option<Search>,
    /// The open thread is what the search found: Esc goes back to the hits.
    pub reading_hit: bool,
    pub tallies: Tallies,
    /// What one action would do to each marked case; and what of it is still to be queued.
    pub sheet: Option<Sheet>,
    pub doing: Option<Doing>,
    pub sync: SyncState,
    pub notice: Option<Notice>,
    /// What `z` takes back, newest last.
    pub undo: Vec<Undone>,
    pub redo: Vec<Undone>,
    /// What the last operations changed, so that undo can name the opposite.
    pub done: BTreeMap<OpId, Done>,
    /// When operations were composed, or this process first heard of them: those it found at its start are not in here.
    pub composed: BTreeMap<OpId, Timestamp>,
    /// What the server is being read for.
    pub watch: Watch,
    /// Does the server give our marker back? Unknown until a message was seen there that it had accepted.
    pub marker: Option<bool>,
    /// What the server called the messages it accepted from us lately.
    pub accepted: BTreeSet<i64>,
    /// What the server was seen to call our operations: more than one name is more than one copy.
    pub markers: BTreeMap<OpId, BTreeSet<i64>>,
    /// The text that is on its way to the disk: it goes back on the screen if the disk does not take it.
    pub unsent_text: Option<Compose>,
    /// The keys of a sequence typed so far (`g`, `y`, `Z`…), shown in the bar.
    pub keys: String,
    /// What `.` does again.
    pub deed: Option<Deed>,
    pub next_snooze: Option<Timestamp>,
    pub session: u64,
    pub op_count: u16,
    /// Set when the program shall end: when it must be over.
    pub closing: Option<Timestamp>,
    /// The disk has newer rows, or a newer thread, than the screen.
    pub stale_list: bool,
    pub stale_reader: bool,
    /// Ctrl-c was pressed once.
    pub interrupted: bool,
    /// Without a screen: the operations to wait for, and until when.
    pub goal: Vec<OpId>,
    pub deadline: Option<Timestamp>,
    /// This process is the one that sends.
    pub sender: bool,
}

/// Programs that help: how often one was asked, and the command of the agent's own that works.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Helpers {
    pub asked: u32,
    pub running: Option<Running>,
    /// The title and text of a page until nobody is interrupted by it.
    pub unread: Option<(String, String)>,
}

impl Helpers {
    /// A number for one more question.
    pub fn ticket(&mut self) -> u32 {
        self.asked = self.asked.wrapping_add(1);
        self.asked
    }
}

/// Where keys go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Focus {
    #[default]
    List,
    Reader,
    Compose,
    Prompt,
    Help,
    Outbox,
    /// What was done.
    Log,
    Search,
    /// What would happen to each of many cases.
    Sheet,
    /// Something that is read and closed.
    Page,
}

impl Focus {
    /// What the agent calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Reader => "thread",
            Self::Compose => "composer",
            Self::Prompt => "prompt",
            Self::Help => "help",
            Self::Outbox => "outbox",
            Self::Log => "log",
            Self::Search => "search",
            Self::Page => "page",
            Self::Sheet => "many cases",
        }
    }
}

impl State {
    /// An empty screen; `session` is the randomness that names operations.
    pub fn new(settings: Settings, size: Size, now: Timestamp, session: u64) -> Self {
        Self {
            settings,
            me: None,
            agents: Vec::new(),
            habits: Habits::default(),
            account: Account::default(),
            pick: Picking::default(),
            form: None,
            now,
            ahead: Duration::zero(),
            turned: now,
            size,
            wider: 0,
            focus: Focus::default(),
            list: List::default(),
            reader: None,
            compose: None,
            doomed: None,
            assisting: None,
            helpers: Helpers::default(),
            prompt: None,
            table: Table::default(),
            finding: Finding::default(),
            canned: Shelf::default(),
            help: None,
            card: false,
            card_scroll: 0,
            outbox: OutboxPane::default(),
            log: Log::default(),
            search: None,
            reading_hit: false,
            tallies: Tallies::default(),
            sheet: None,
            doing: None,
            sync: SyncState::default(),
            notice: None,
            undo: Vec::new(),
            redo: Vec::new(),
            done: BTreeMap::new(),
            composed: BTreeMap::new(),
            watch: Watch::default(),
            marker: None,
            accepted: BTreeSet::new(),
            markers: BTreeMap::new(),
            unsent_text: None,
            keys: String::new(),
            deed: None,
            next_snooze: None,
            session,
            op_count: 0,
            closing: None,
            stale_list: true,
            stale_reader: false,
            interrupted: false,
            goal: Vec::new(),
            deadline: None,
            sender: false,
        }
    }

    /// What the clock on the wall shows.
    pub fn wall(&self) -> Timestamp {
        self.now + self.ahead
    }

    /// What is pressed for an action where the agent is, or where the box lets them out, else in the list.
    pub fn key(&self, action: Action) -> String {
        let here = super::screen::place(self);
        let out = if here == Focus::Compose { Focus::Reader } else { here };
        let keys = &self.settings.keys;
        let found = [here, out, Focus::List].into_iter().find_map(|place| keys.keys(place, action).first());
        found.map_or_else(|| format!(":{}", action.name()), |(key, _)| key.clone())
    }

    pub fn me_id(&self) -> Option<UserId> {
        self.me.as_ref().map(|me| me.id)
    }

    /// The case keys act on: in the reader its newest, else the chosen row.
    pub fn target(&self) -> Option<CaseId> {
        match self.focus {
            Focus::Reader | Focus::Compose => self.reader.as_ref().map(|reader| reader.case),
            _ => self.list.selected.filter(|_| !self.list.unseen),
        }
    }
}
