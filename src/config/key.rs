//! The API key: from `CASELOAD_API_KEY`, a file only its owner can read, or a command; never from an argument.
//! It leaves this room as a `SecretString` and is in no error.

use super::{Config, ConfigError};
use secrecy::SecretString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The variable that goes before every other source.
pub const KEY_VARIABLE: &str = "CASELOAD_API_KEY";
/// A longer one is something else.
const LONGEST: u64 = 16 << 10;

/// The key, or `None` where no source of one is set. `variable` is what [`KEY_VARIABLE`] holds.
pub fn key(config: &Config, variable: Option<std::ffi::OsString>) -> Result<Option<SecretString>, ConfigError> {
    if let Some(value) = variable.filter(|value| !value.is_empty()) {
        let text = value.into_string().map_err(|_| ConfigError::bare(format!("{KEY_VARIABLE} is not plain text")))?;
        return clean(&text, KEY_VARIABLE).map(Some);
    }
    match (&config.key_file, &config.key_command) {
        (Some(path), _) => from_file(&from_home(path)).map(Some),
        (None, Some(command)) => from_command(command).map(Some),
        (None, None) => Ok(None),
    }
}

/// `~/` is the home folder.
pub fn from_home(path: &Path) -> PathBuf {
    let rest = path.strip_prefix("~").ok();
    rest.and_then(|rest| Some(directories::BaseDirs::new()?.home_dir().join(rest))).unwrap_or_else(|| path.to_owned())
}

fn from_file(path: &Path) -> Result<SecretString, ConfigError> {
    let wrong = |what: String| ConfigError::new(path, what).hint("key_file must name a file of yours that holds the key and nothing else");
    let about = std::fs::symlink_metadata(path).map_err(|error| wrong(error.to_string()))?;
    if !about.is_file() {
        return Err(wrong("the key file is a link or no regular file".to_owned()));
    }
    private(path, &about)?;
    let file = open(path).map_err(|error| wrong(error.to_string()))?;
    if file.metadata().is_ok_and(|opened| !same(&about, &opened)) {
        return Err(wrong("the key file was exchanged while it was opened".to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| wrong(error.to_string()))?;
    clean(&String::from_utf8(bytes).map_err(|_| wrong("the key file is not plain text".to_owned()))?, &path.display().to_string())
}

#[expect(clippy::disallowed_methods, reason = "the key file is this room's")]
fn open(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::open(path)
}

/// Is what was opened what was looked at? A link put there in between is not followed.
#[cfg(unix)]
fn same(looked_at: &std::fs::Metadata, opened: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (looked_at.dev(), looked_at.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn same(_: &std::fs::Metadata, opened: &std::fs::Metadata) -> bool {
    opened.is_file()
}

/// Nobody else may read or write it, and it is ours.
#[cfg(unix)]
fn private(path: &Path, about: &std::fs::Metadata) -> Result<(), ConfigError> {
    use std::os::unix::fs::MetadataExt;
    if about.mode() & 0o077 != 0 {
        return Err(ConfigError::new(path, "others can read the key file").hint(format!("chmod 600 '{}'", path.display())));
    }
    match own_id() {
        Some(me) if me != about.uid() => Err(ConfigError::new(path, "the key file belongs to somebody else").hint("make one of your own")),
        _ => Ok(()),
    }
}

/// Who runs this, where the system tells without a foreign call.
#[cfg(unix)]
fn own_id() -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").ok().map(|about| about.uid())
}

#[cfg(not(unix))]
fn private(_: &Path, _: &std::fs::Metadata) -> Result<(), ConfigError> {
    Ok(())
}

fn from_command(command: &[String]) -> Result<SecretString, ConfigError> {
    let name = command.first().map_or("", String::as_str);
    let wrong = |what: &str| ConfigError::bare(format!("key_command: {name} {what}")).hint("run it by hand: it must print the key and end with 0");
    let output = Command::new(name)
        .args(command.iter().skip(1))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| wrong(&format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(wrong("failed"));
    }
    clean(&String::from_utf8(output.stdout).map_err(|_| wrong("printed no plain text"))?, "key_command")
}

/// One word of printable ASCII; the line break at its end is not part of it.
fn clean(text: &str, from: &str) -> Result<SecretString, ConfigError> {
    let key = text.trim_end_matches(['\r', '\n']);
    if key.is_empty() {
        return Err(ConfigError::bare(format!("{from} holds no key")));
    }
    if key.len() as u64 > LONGEST || !key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(ConfigError::bare(format!("{from} holds no usable key")).hint("a key is one word of printable ASCII on one line"));
    }
    Ok(SecretString::from(key))
}
