//! Where things are kept. With `CASELOAD_HOME` everything is below that one folder; else the platform's folders.

use super::ConfigError;
use directories::{ProjectDirs, UserDirs};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// More makes minutes of days, which nobody waits for.
const SLOWEST: f64 = 1000.0;

/// What of the environment this program listens to; the key is read by [`super::key`] alone.
#[derive(Debug, Clone, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
pub struct Environment {
    pub url: Option<String>,
    pub home: Option<PathBuf>,
    pub config: Option<PathBuf>,
    pub no_color: bool,
    /// The agent sits elsewhere: what is opened or copied here, he would not see.
    pub ssh: bool,
    /// A desktop is there, of the one kind or the other.
    pub wayland: bool,
    pub x11: bool,
    /// Is the terminal's background light? `COLORFGBG` tells, or the terminal when it is asked; else nobody knows.
    pub light: Option<bool>,
    /// A terminal that can be asked: its program said who it is.
    pub answers: bool,
    /// It knows more than 256 colours.
    pub true_color: bool,
    /// `CASELOAD_TIME_SCALE`: multiplies every duration; for tests.
    pub time_scale: Option<f64>,
}

impl Environment {
    /// Reads the variables through `get`; empty ones count as unset.
    pub fn read(get: impl Fn(&str) -> Option<OsString>) -> Result<Self, ConfigError> {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let text = |name: &str| match get(name).map(OsString::into_string) {
            Some(Ok(value)) => Ok(Some(value)),
            Some(Err(_)) => Err(ConfigError::bare(format!("{name} is not UTF-8 text"))),
            None => Ok(None),
        };
        let scale = text("CASELOAD_TIME_SCALE")?.map(|value| match value.parse::<f64>() {
            Ok(scale) if scale > 0.0 && scale <= SLOWEST => Ok(scale),
            _ => Err(ConfigError::bare("CASELOAD_TIME_SCALE must be a number above 0, at most 1000").hint("unset it: it is a knob for tests")),
        });
        Ok(Self {
            url: text("CASELOAD_URL")?,
            home: get("CASELOAD_HOME").map(PathBuf::from),
            config: get("CASELOAD_CONFIG").map(PathBuf::from),
            no_color: get("NO_COLOR").is_some(),
            ssh: get("SSH_CONNECTION").is_some() || get("SSH_TTY").is_some(),
            wayland: get("WAYLAND_DISPLAY").is_some(),
            x11: get("DISPLAY").is_some(),
            light: text("COLORFGBG").ok().flatten().and_then(|set| light(&set)),
            answers: ANSWERING.iter().any(|name| get(name).is_some()) || text("TERM").is_ok_and(|term| term.is_some_and(|term| answers(&term))),
            true_color: text("COLORTERM").is_ok_and(|depth| depth.is_some_and(|depth| depth == "truecolor" || depth == "24bit")),
            time_scale: scale.transpose()?,
        })
    }
}

/// Variables by which terminals and multiplexers say that they are there. All of these answer what they are asked.
const ANSWERING: [&str; 9] =
    ["TERM_PROGRAM", "VTE_VERSION", "XTERM_VERSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "ALACRITTY_WINDOW_ID", "WT_SESSION", "TMUX", "SSH_TTY"];

fn answers(term: &str) -> bool {
    ["xterm-kitty", "xterm-ghostty", "foot", "alacritty", "wezterm", "rxvt-unicode"].iter().any(|name| term.starts_with(name))
}

/// `foreground;background`, with numbers of the sixteen colours: 7 and 9 up are light.
fn light(set: &str) -> Option<bool> {
    let back: u8 = set.rsplit(';').next()?.parse().ok()?;
    (back < 16).then_some(back == 7 || back > 8)
}

/// The files of one agent on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    pub config: PathBuf,
    /// Was the config file named by hand? Then it must be there.
    pub named: bool,
    pub outbox: PathBuf,
    pub cache: PathBuf,
    pub log: PathBuf,
    /// What `caseload demo` keeps.
    pub demo: PathBuf,
    /// Where attachments go.
    pub downloads: PathBuf,
}

impl Places {
    /// `named` is what `--config` says; it goes before `CASELOAD_CONFIG`.
    pub fn find(environment: &Environment, named: Option<&Path>) -> Result<Self, ConfigError> {
        let mut places = match &environment.home {
            Some(home) => Self::below(home),
            None => Self::platform()?,
        };
        if let Some(config) = named.or(environment.config.as_deref()) {
            config.clone_into(&mut places.config);
            places.named = true;
        }
        Ok(places)
    }

    /// Everything below one folder.
    pub fn below(home: &Path) -> Self {
        let data = home.join("data");
        Self {
            config: home.join("config.toml"),
            named: false,
            outbox: data.join("outbox.db"),
            cache: data.join("cache.db"),
            log: home.join("state").join("caseload.log"),
            demo: data.join("demo"),
            downloads: home.join("downloads"),
        }
    }

    /// A folder that is named in the config: below the one of the config file, unless it says where.
    pub fn beside_config(&self, folder: &Path) -> PathBuf {
        self.config.parent().unwrap_or(Path::new(".")).join(super::from_home(folder))
    }

    /// A folder of our own for what an editor works on.
    pub fn scratch(&self) -> PathBuf {
        self.log.with_file_name("scratch")
    }

    fn platform() -> Result<Self, ConfigError> {
        let folders = ProjectDirs::from("", "", "caseload")
            .ok_or_else(|| ConfigError::bare("no home folder is known").hint("set CASELOAD_HOME to a folder of your own"))?;
        Ok(Self {
            config: folders.config_dir().join("config.toml"),
            named: false,
            outbox: folders.data_dir().join("outbox.db"),
            cache: folders.cache_dir().join("cache.db"),
            log: folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).join("caseload.log"),
            demo: folders.data_dir().join("demo"),
            downloads: downloads(),
        })
    }
}

/// The agent's own folder.
pub fn home() -> Option<PathBuf> {
    UserDirs::new().map(|user| user.home_dir().to_owned())
}

/// The platform's folder for what was fetched; where it names none, the usual one.
fn downloads() -> PathBuf {
    let Some(user) = UserDirs::new() else { return PathBuf::from("Downloads") };
    user.download_dir().map_or_else(|| user.home_dir().join("Downloads"), Path::to_owned)
}
