//! GROUND FLOOR: a file and the environment become plain values. Uses nothing of ours, keeps nothing, and says what
//! is wrong with file, line and the way out. The key is read when it is needed and never printed.

mod bound;
mod clipboard;
mod fault;
mod key;
mod own;
mod places;
mod span;
mod theme;
mod view;

pub use bound::{Bound, Preset, Said};
pub use clipboard::Clipboard;
pub use fault::ConfigError;
pub use key::{KEY_VARIABLE, from_home, key};
pub use own::{OwnEntry, OwnOutput};
pub use places::{Environment, Places, home};
pub use span::Span;
pub use theme::{Theme, ThemeFile};
pub use view::{ViewEntry, ViewKey};

use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Every setting with its default; `config.example.toml` prints them all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The origin of the case server, without `/api/v1`.
    pub url: Option<String>,
    /// Whose cases are mine, where the server does not say who a key acts as.
    pub user_id: Option<i64>,
    pub user_name: Option<String>,
    pub key_file: Option<PathBuf>,
    /// A program and its arguments that print the key.
    pub key_command: Option<Vec<String>>,
    pub undo_send: Span,
    /// What becomes of a message that nobody answered for and that is not found, where the server has no idempotency keys.
    pub resend: Resend,
    /// The server puts replies into other languages, where it does not say so itself.
    pub translate: bool,
    pub closing_states: Vec<String>,
    pub snooze: Span,
    pub advance: Advance,
    pub theme: Theme,
    /// Clicks choose and the wheel scrolls.
    pub mouse: bool,
    pub notify: Notify,
    /// Where a case is in a browser: `https://…/{id}`.
    pub link: Option<String>,
    /// What opens links, with its arguments; the platform's own unless it is set.
    pub open_command: Option<Vec<String>>,
    pub clipboard: Clipboard,
    /// The folder that attachments are saved into; the platform's own unless it is set.
    pub downloads: Option<PathBuf>,
    /// The folder of the canned replies; a relative one is beside the config file.
    pub replies: PathBuf,
    pub log: LogLevel,
    pub poll: Poll,
    pub backoff: Backoff,
    pub targets: Targets,
    pub assist: Assist,
    pub compose: Compose,
    pub keys: Bound,
    /// Canned replies that stand in the config file itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reply: Vec<Reply>,
    /// Views of the agent's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub view: Vec<ViewEntry>,
    /// Programs of the agent's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<OwnEntry>,
}

/// A canned reply, as a file of the folder has it in its head. What is wrong with one is said where it is used.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Reply {
    pub name: String,
    pub key: Option<u8>,
    pub channel: Option<String>,
    pub state: Option<String>,
    pub snooze: Option<String>,
    pub next: Option<bool>,
    pub note: bool,
    pub text: String,
}

/// How the agent is told while looking elsewhere; nothing by itself.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Notify {
    pub ways: Vec<Way>,
    /// A program and its arguments; the words come after them.
    pub command: Vec<String>,
    /// New cases of the queue too, not only what is the agent's.
    pub queue: bool,
    /// The beginning of what was written too.
    pub text: bool,
}

/// What a terminal can do to be noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    Bell,
    /// A desktop message by the terminal: iTerm2, Windows Terminal, kitty and others.
    Osc9,
    /// The same, by another sequence: urxvt, foot, `WezTerm`, VTE.
    Osc777,
}

/// How often the server is asked for what changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Poll {
    pub active: Span,
    pub idle: Span,
    /// Without a key for so long the agent counts as idle.
    pub idle_after: Span,
}

/// Waits after a failure: the first one, doubled up to the longest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Backoff {
    pub first: Span,
    pub longest: Span,
}

/// The program that proposes texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assist {
    /// It and its arguments; no shell reads them.
    pub command: Option<Vec<String>>,
    /// After this it is ended.
    pub limit: Span,
}

/// The compose box.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Compose {
    pub keys: Keys,
}

/// Whose keys it has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keys {
    #[default]
    Readline,
    Vi,
}

/// How soon a customer is to be answered, by channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Targets {
    pub chat: Span,
    pub email: Span,
    pub voip: Span,
    pub other: Span,
}

/// What comes after a case that was closed or snoozed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Advance {
    Next,
    #[default]
    Direction,
    List,
}

/// See `Config::resend`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Resend {
    /// The agent decides.
    #[default]
    Strict,
    /// It is sent once more when the server surely does not have it after two minutes.
    Once,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    Off,
    Error,
    #[default]
    Warn,
    Info,
    Debug,
}

impl LogLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            url: None,
            user_id: None,
            user_name: None,
            key_file: None,
            key_command: None,
            undo_send: Span::seconds(10),
            resend: Resend::default(),
            translate: false,
            closing_states: vec!["handled".to_owned()],
            snooze: Span::hours(4),
            advance: Advance::default(),
            theme: Theme::default(),
            mouse: false,
            notify: Notify::default(),
            link: None,
            open_command: None,
            clipboard: Clipboard::default(),
            downloads: None,
            replies: PathBuf::from("replies"),
            log: LogLevel::default(),
            poll: Poll::default(),
            backoff: Backoff::default(),
            targets: Targets::default(),
            assist: Assist::default(),
            compose: Compose::default(),
            keys: Bound::default(),
            reply: Vec::new(),
            view: Vec::new(),
            command: Vec::new(),
        }
    }
}

impl Default for Poll {
    fn default() -> Self {
        Self { active: Span::seconds(5), idle: Span::seconds(30), idle_after: Span::minutes(2) }
    }
}

impl Default for Backoff {
    fn default() -> Self {
        Self { first: Span::seconds(1), longest: Span::minutes(5) }
    }
}

impl Default for Assist {
    fn default() -> Self {
        Self { command: None, limit: Span::seconds(30) }
    }
}

impl Default for Targets {
    fn default() -> Self {
        Self { chat: Span::minutes(5), email: Span::hours(4), voip: Span::hours(1), other: Span::hours(1) }
    }
}

/// A longer file is not a config file.
const LARGEST: u64 = 1 << 20;

impl Config {
    /// The file of these places, or the defaults where there is none; a file named by hand must be there.
    /// The environment goes before the file.
    pub fn load(places: &Places, environment: &Environment) -> Result<Self, ConfigError> {
        let mut config = match read(&places.config)? {
            Some(text) => Self::parse(&text, &places.config)?,
            None if places.named => {
                return Err(ConfigError::new(&places.config, "no such file").hint("name a file that is there, or run `caseload config init` to write one"));
            }
            None => Self::default(),
        };
        if let Some(url) = &environment.url {
            config.url = Some(url.clone());
        }
        Ok(config)
    }

    /// Reads the text of a file; `path` is named in errors.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let text = text.trim_start_matches('\u{feff}');
        let mut config: Self = toml::from_str(text).map_err(|error| ConfigError::toml(path, text, &error))?;
        for (view, place) in config.view.iter_mut().zip(view::places(text)) {
            view.place = place;
        }
        config.command.iter_mut().for_each(|command| command.name.locate(text));
        config.keys.locate(text);
        config.check(text, path)?;
        Ok(config)
    }

    /// What TOML cannot say.
    fn check(&self, text: &str, path: &Path) -> Result<(), ConfigError> {
        let wrong = |setting: &str, what: &str| ConfigError::setting(path, text, setting, what);
        if self.closing_states.is_empty() || self.closing_states.iter().any(|state| state.trim().is_empty()) {
            return Err(wrong("closing_states", "needs at least one state, and none of them empty").hint("closing_states = [\"handled\"]"));
        }
        if self.key_file.is_some() && self.key_command.is_some() {
            return Err(wrong("key_command", "both key_file and key_command are set").hint("keep one of them"));
        }
        if self.key_command.as_ref().is_some_and(Vec::is_empty) {
            return Err(wrong("key_command", "names no program").hint("key_command = [\"pass\", \"show\", \"caseload\"]"));
        }
        if self.open_command.as_ref().is_some_and(Vec::is_empty) {
            return Err(wrong("open_command", "names no program").hint("open_command = [\"firefox\"]"));
        }
        if self.assist.command.as_ref().is_some_and(Vec::is_empty) {
            return Err(wrong("command", "names no program").hint("command = [\"my-assistant\", \"--reply\"]"));
        }
        if self.link.as_ref().is_some_and(|link| !link.contains("{id}") || !link.starts_with("http")) {
            return Err(wrong("link", "must be an http address with {id} in it").hint("link = \"https://support.example.com/cases/{id}\""));
        }
        let least = [
            ("active", &self.poll.active),
            ("idle", &self.poll.idle),
            ("first", &self.backoff.first),
            ("longest", &self.backoff.longest),
            ("limit", &self.assist.limit),
        ];
        match least.into_iter().find(|(_, span)| span.is_zero()) {
            Some((setting, _)) => Err(wrong(setting, "must be longer than nothing").hint("write it as \"5s\"")),
            None => Ok(()),
        }
    }
}

/// The text of a regular file of a sane size; `None` when there is none.
#[expect(clippy::disallowed_methods, reason = "the config file is this room's")]
fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let about = match std::fs::metadata(path) {
        Ok(about) => about,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(ConfigError::new(path, error.to_string())),
    };
    if !about.is_file() || about.len() > LARGEST {
        return Err(ConfigError::new(path, "is not a config file").hint("it must be a regular file of at most 1 MiB"));
    }
    let bytes = std::fs::read(path).map_err(|error| ConfigError::new(path, error.to_string()))?;
    String::from_utf8(bytes).map(Some).map_err(|_| ConfigError::new(path, "is not UTF-8 text").hint("save it as UTF-8"))
}

#[cfg(test)]
mod tests;
