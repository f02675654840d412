//! What every command sits down at: the config, the places, the moment, and from them the store, the account and
//! the settings of the core. Opens nothing before it is asked to.

use super::args::Global;
use super::fault::Fault;
use super::tools;
use crate::api::{Account, Api};
use crate::app::bindings::Bindings;
use crate::app::clip::Clipboard;
use crate::app::own::Own;
use crate::app::settings::Assist;
use crate::app::{Advance, Colors, Notify, Settings, State};
use crate::config::{self, Config, Environment, Keys, Places, Resend, Theme};
use crate::model::{Actor, Saved, Timestamp, UserId, Zone};
use crate::runtime::{Server, World};
use crate::store::{Opening, Store, Targets};
use chrono::{Local, Offset, TimeZone};
use ratatui::layout::Size;
use secrecy::SecretString;
use std::path::PathBuf;

/// The configuration in force and the moment the program was started.
#[derive(Debug, Clone)]
pub struct Desk {
    pub config: Config,
    pub places: Places,
    pub environment: Environment,
    pub global: Global,
    pub now: Timestamp,
    /// Seconds east of UTC.
    pub utc_offset: i32,
    pub zone: Zone,
    /// The agent's own views, as the config has them.
    pub views: Vec<Saved>,
    /// Commands of the agent's own.
    pub own: Vec<Own>,
    /// The server of `caseload demo`, which goes before what is configured.
    pub guest: Option<Guest>,
    /// The keys in force.
    pub keys: Bindings,
}

/// A server of our own that this process runs.
#[derive(Debug, Clone)]
pub struct Guest {
    pub origin: String,
    pub key: SecretString,
    /// Its port changes from run to run; the files go by this name.
    pub name: String,
}

impl Desk {
    pub fn new(environment: Environment, global: Global, now: Timestamp) -> Result<Self, Fault> {
        let places = Places::find(&environment, global.config.as_deref())?;
        let config = Config::load(&places, &environment)?;
        let keys = super::bindings::of(&config, &places.config)?;
        let utc_offset = Local.offset_from_utc_datetime(&now.naive_utc()).fix().local_minus_utc();
        let views = super::views::read(&config, &places, &keys)?;
        let own = super::own::read(&config, &places, &keys, &views)?;
        Ok(Self { config, places, environment, global, now, utc_offset, zone: zone(now), views, own, guest: None, keys })
    }

    /// The settings of the core.
    pub fn settings(&self, interactive: bool) -> Settings {
        let config = &self.config;
        let scaled = |duration| scaled(duration, self.time_scale());
        Settings {
            undo: scaled(config.undo_send.duration()),
            closing_states: config.closing_states.clone(),
            snooze: config.snooze.duration(),
            poll_active: scaled(config.poll.active.duration()),
            poll_idle: scaled(config.poll.idle.duration()),
            idle_after: config.poll.idle_after.duration(),
            backoff: scaled(config.backoff.first.duration()),
            backoff_max: scaled(config.backoff.longest.duration()),
            time_scale: self.time_scale(),
            utc_offset: self.utc_offset,
            zone: self.zone.clone(),
            advance: self.advance(),
            // Whoever has a screen hears what is wrong with them before it is taken.
            colors: self.colors().unwrap_or(Colors::DARK),
            color: !self.environment.no_color && config.theme != Theme::None,
            mouse: interactive && config.mouse,
            notify: Notify {
                on: interactive && !(config.notify.ways.is_empty() && config.notify.command.is_empty()),
                queue: config.notify.queue,
                text: config.notify.text,
            },
            interactive,
            link: config.link.clone(),
            views: self.views.clone(),
            own: self.own.clone(),
            opener: tools::opener(self),
            origin: self.guest.as_ref().map(|guest| guest.origin.clone()).or_else(|| config.url.clone()),
            downloads: self.downloads().to_string_lossy().into_owned(),
            home: config::home().map_or_else(String::new, |home| home.to_string_lossy().into_owned()),
            resend_once: config.resend == Resend::Once,
            translate: config.translate,
            assist: config.assist.command.clone().map(|command| Assist { command, limit: config.assist.limit.duration() }),
            vi: config.compose.keys == Keys::Vi,
            keys: self.keys.clone(),
        }
    }

    fn advance(&self) -> Advance {
        match self.config.advance {
            config::Advance::Next => Advance::Next,
            config::Advance::Direction => Advance::Direction,
            config::Advance::List => Advance::List,
        }
    }

    /// Does it hang on the terminal what is painted, and can the terminal be asked?
    pub fn asks_ground(&self) -> bool {
        let environment = &self.environment;
        self.config.theme == Theme::Auto && environment.light.is_none() && environment.answers && !environment.no_color
    }

    /// The same where the terminal's background is light or dark.
    #[must_use]
    pub fn on_ground(&self, light: Option<bool>) -> Self {
        Self { environment: Environment { light, ..self.environment.clone() }, ..self.clone() }
    }

    /// What the screen is painted with, when it has colours.
    pub fn colors(&self) -> Result<Colors, Fault> {
        super::colors::chosen(&self.config.theme, &self.places, &self.environment)
    }

    /// Where copies go.
    pub fn clipboard(&self) -> Clipboard {
        tools::clipboard(self)
    }

    /// Where attachments go.
    pub fn downloads(&self) -> PathBuf {
        self.config.downloads.as_ref().map_or_else(|| self.places.downloads.clone(), |folder| self.places.beside_config(folder))
    }

    pub fn time_scale(&self) -> f64 {
        self.environment.time_scale.unwrap_or(1.0)
    }

    /// The case server, or what to do where none is set.
    pub fn url(&self) -> Result<&str, Fault> {
        let missing = || Fault::usage("no case server is set").hint("set CASELOAD_URL and CASELOAD_API_KEY, or try `caseload demo`");
        self.config.url.as_deref().map(|url| url.trim_end_matches('/')).ok_or_else(missing)
    }

    pub fn key(&self) -> Result<SecretString, Fault> {
        let key = config::key(&self.config, std::env::var_os(config::KEY_VARIABLE))?;
        key.ok_or_else(|| Fault::usage("no API key is set").hint("set CASELOAD_API_KEY, or key_file in the config: `caseload config path`"))
    }

    /// Server and key.
    pub fn account(&self) -> Result<Account, Fault> {
        let (origin, key) = match &self.guest {
            Some(guest) => (guest.origin.clone(), guest.key.clone()),
            None => (self.url()?.to_owned(), self.key()?),
        };
        Ok(Account { origin, key, time_scale: self.time_scale() })
    }

    /// The server, unless the agent said `--offline`.
    pub fn server(&self) -> Result<Option<Server>, Fault> {
        if self.global.offline { Ok(None) } else { Ok(Some(Server::new(Api::new(&self.account()?)?))) }
    }

    pub fn store(&self) -> Result<Store, Fault> {
        Ok(Store::open(&self.opening()?)?)
    }

    /// The files and the server: what the loop works on.
    pub fn world(&self, store: Store) -> Result<World, Fault> {
        Ok(World { store, server: self.server()? })
    }

    /// The core before its first event.
    pub fn state(&self, interactive: bool, size: Size) -> Result<State, Fault> {
        let mut state = State::new(self.settings(interactive), size, self.now, session()?);
        state.me = self.me();
        Ok(state)
    }

    /// What the files call the account.
    pub fn account_name(&self) -> Result<&str, Fault> {
        self.guest.as_ref().map_or_else(|| self.url(), |guest| Ok(&guest.name))
    }

    fn opening(&self) -> Result<Opening, Fault> {
        let targets = &self.config.targets;
        Ok(Opening {
            outbox: self.places.outbox.clone(),
            cache: self.places.cache.clone(),
            account: self.account_name()?.to_owned(),
            me: self.me(),
            targets: Targets {
                chat: targets.chat.as_seconds(),
                email: targets.email.as_seconds(),
                voip: targets.voip.as_seconds(),
                other: targets.other.as_seconds(),
            },
            now: self.now,
        })
    }

    /// Who the config says we are.
    fn me(&self) -> Option<Actor> {
        let id = self.config.user_id?;
        Some(Actor { id: UserId(id), name: self.config.user_name.as_deref().unwrap_or_default().into() })
    }
}

/// The zone of this machine, as far ahead as a snooze is likely to reach: when its clocks change, to the second.
fn zone(now: Timestamp) -> Zone {
    const STEP: chrono::Duration = chrono::Duration::days(3);
    let offset = |at: Timestamp| Local.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let first = offset(now);
    let (mut at, mut changes) = (now, Vec::new());
    for _ in 0..300 {
        let (mut before, mut after) = (at, at + STEP);
        if offset(before) != offset(after) {
            while after - before > chrono::Duration::seconds(1) {
                let middle = before + (after - before) / 2;
                if offset(middle) == offset(before) { before = middle } else { after = middle }
            }
            // Clocks are changed at whole seconds.
            let whole = Timestamp::from_timestamp(after.timestamp(), 0).unwrap_or(after);
            changes.push((whole, offset(after)));
        }
        at += STEP;
    }
    Zone::new(first, changes)
}

/// A duration of outbox, sync or network, as tests scale it.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "milliseconds of days are exact in a float")]
fn scaled(duration: chrono::Duration, scale: f64) -> chrono::Duration {
    chrono::Duration::milliseconds((duration.num_milliseconds() as f64 * scale) as i64)
}

/// What makes the names of this run's operations different from those of every other run.
#[expect(clippy::disallowed_methods, reason = "the doors hand the core its randomness")]
fn session() -> Result<u64, Fault> {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).map_err(|error| Fault::failed(format!("no randomness: {error}")))?;
    Ok(u64::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::{Desk, Zone};
    use crate::app::Settings;
    use crate::cli::args::Global;
    use crate::config::Environment;

    #[test]
    fn the_defaults_of_the_file_are_those_of_the_core() {
        let home = tempfile::tempdir().unwrap();
        let environment = Environment { home: Some(home.path().to_owned()), ..Environment::default() };
        let desk = Desk { utc_offset: 0, zone: Zone::default(), ..Desk::new(environment, Global::default(), chrono::DateTime::UNIX_EPOCH).unwrap() };
        let folders = Settings { downloads: home.path().join("downloads").display().to_string(), home: desk.settings(true).home, ..Settings::default() };
        let folders = Settings { opener: desk.settings(true).opener, ..folders };
        assert_eq!(desk.settings(true), folders);
        assert!(desk.account().unwrap_err().hint.contains("caseload demo"));
    }
}
