//! What the config file decides, as the core needs it: plain values, given at the start and never changed by a key.

use super::bindings::Bindings;
use super::colors::Colors;
use super::notify::Notify;
use crate::model::{Saved, Zone};
use chrono::Duration;

/// What the config file decides.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent choices, each asked for by its name")]
pub struct Settings {
    /// How long a change can be taken back before it is sent.
    pub undo: Duration,
    /// The states `E` offers; the first one is what `e` uses until another was used.
    pub closing_states: Vec<String>,
    /// What `b` does: this long.
    pub snooze: Duration,
    /// Between pulls while the agent is active, and while idle.
    pub poll_active: Duration,
    pub poll_idle: Duration,
    /// After this long without a key the agent counts as idle.
    pub idle_after: Duration,
    /// The first wait after a failure, and the longest.
    pub backoff: Duration,
    pub backoff_max: Duration,
    /// Multiplies every duration of outbox, sync and network; 1 but in tests.
    pub time_scale: f64,
    /// The agent's zone: seconds east of UTC. Labels only.
    pub utc_offset: i32,
    /// The same for moments to come, when clocks are changed between.
    pub zone: Zone,
    /// Where the cursor goes when a case is done.
    pub advance: Advance,
    /// False with `NO_COLOR`.
    pub color: bool,
    /// Which ones, when there are any.
    pub colors: Colors,
    /// The mouse is ours, not the terminal's.
    pub mouse: bool,
    pub notify: Notify,
    /// False on the command line: no list is kept, nothing is pulled unasked.
    pub interactive: bool,
    /// Where cases are in a browser: `…{id}…`.
    pub link: Option<String>,
    /// What opens links, and its arguments; none where no browser can be reached from here.
    pub opener: Option<Vec<String>>,
    /// The case server, which files are fetched from without a question.
    pub origin: Option<String>,
    /// The folder for what is saved, and the agent's own, which is said as `~`; paths.
    pub downloads: String,
    pub home: String,
    /// Without idempotency keys: send once again what complete readings did not show, instead of asking the agent.
    pub resend_once: bool,
    /// The server puts replies into other languages, where it does not say so itself.
    pub translate: bool,
    /// Views of the agent's own.
    pub views: Vec<Saved>,
    /// Commands of the agent's own.
    pub own: Vec<super::own::Own>,
    /// The program that proposes texts.
    pub assist: Option<Assist>,
    /// The compose box has the keys of vi.
    pub vi: bool,
    /// The keys in force.
    pub keys: Bindings,
}

/// A program and its arguments, and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assist {
    pub command: Vec<String>,
    pub limit: Duration,
}

/// What comes after a case that was closed or snoozed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Advance {
    /// The next one of the list.
    Next,
    /// The next one in the direction the agent was walking.
    #[default]
    Direction,
    /// The list, with the cursor on the next one.
    List,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            undo: Duration::seconds(10),
            closing_states: vec!["handled".to_owned()],
            snooze: Duration::hours(4),
            poll_active: Duration::seconds(5),
            poll_idle: Duration::seconds(30),
            idle_after: Duration::seconds(120),
            backoff: Duration::seconds(1),
            backoff_max: Duration::seconds(300),
            time_scale: 1.0,
            utc_offset: 0,
            zone: Zone::default(),
            advance: Advance::default(),
            color: true,
            colors: Colors::DARK,
            mouse: false,
            notify: Notify::default(),
            interactive: true,
            link: None,
            opener: None,
            origin: None,
            downloads: String::new(),
            home: String::new(),
            resend_once: false,
            translate: false,
            views: Vec::new(),
            own: Vec::new(),
            assist: None,
            vi: false,
            keys: Bindings::default(),
        }
    }
}

impl Settings {
    /// A duration of the outbox, the sync or the network, as tests scale it.
    pub fn scaled(&self, duration: Duration) -> Duration {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "milliseconds of minutes are exact in a float")]
        let millis = (duration.num_milliseconds() as f64 * self.time_scale) as i64;
        Duration::milliseconds(millis)
    }
}
