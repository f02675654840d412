//! How a command ends: a code, and when it failed one line with a hint. The line is made harmless where it is printed.

use crate::api::{Problem, ProblemKind};
use crate::config::ConfigError;
use crate::model::text::harmless;
use crate::server::DbError;
use crate::store::{Cause, StoreError};
use clap::error::ErrorKind;
use std::io;

/// The exit codes, the same for every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Done,
    /// For a change: surely not applied, and it will not be sent later.
    Failed,
    Usage,
    /// Stored durably, not proven done.
    Queued,
}

impl Exit {
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Queued => 75,
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub exit: Exit,
    pub text: String,
    pub hint: String,
    /// Whoever read our output went away: nothing is to be said.
    pub quiet: bool,
}

impl Fault {
    pub fn failed(text: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, text: text.into(), hint: String::new(), quiet: false }
    }

    pub fn usage(text: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, ..Self::failed(text) }
    }

    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The line and the hint as they may be printed.
    pub fn lines(&self) -> String {
        let hint = match (self.hint.as_str(), self.exit) {
            ("", Exit::Usage) => "`caseload --help` shows what can be said",
            ("", _) => "`caseload doctor` looks for the reason",
            (hint, _) => hint,
        };
        format!("caseload: {}\nhint: {}\n", lower(&one_line(&self.text)), one_line(hint))
    }
}

/// What a library says may begin like a sentence; a name in capitals stays one.
fn lower(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.as_str().chars().next()) {
        (Some(first), Some(second)) if first.is_ascii_uppercase() && second.is_ascii_lowercase() => first.to_ascii_lowercase().to_string() + chars.as_str(),
        _ => text.to_owned(),
    }
}

/// What stands in the arguments and can't be understood, in the words of the parser.
impl From<&clap::Error> for Fault {
    fn from(error: &clap::Error) -> Self {
        let said = error.render().to_string();
        let part = |mark: &str| said.lines().find_map(|line| line.trim_start().strip_prefix(mark));
        let usage = part("Usage: ");
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Self::usage("a command is missing").hint(format!("{}; --help names them", usage.unwrap_or_default()));
        }
        let what = said.split("\n\n").next().unwrap_or_default();
        let more = usage.map_or_else(|| "--help behind the command says more".to_owned(), |usage| format!("{usage}; --help says more"));
        let hint = part("tip: ").map_or(more, str::to_owned);
        Self::usage(what.strip_prefix("error: ").unwrap_or(what)).hint(hint)
    }
}

fn one_line(text: &str) -> String {
    harmless(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

impl From<ConfigError> for Fault {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string()).hint(error.hint)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self { quiet: error.kind() == io::ErrorKind::BrokenPipe, ..Self::failed(error.to_string()) }
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let hint = match &error.source {
            Cause::Damaged(_) | Cause::Replaced { kept: Some(_), .. } => {
                "`caseload outbox recover` keeps the damaged file and puts what could be read in its place"
            }
            Cause::Sound(_) => "`caseload outbox list` shows what is in it",
            cause if cause.is_disk() => "make room on the disk, or look whether it can be written to",
            _ => "`caseload doctor` looks at the files",
        };
        Self::failed(error.to_string()).hint(hint)
    }
}

impl From<DbError> for Fault {
    fn from(error: DbError) -> Self {
        Self::failed(error.to_string())
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let hint = match problem.kind {
            ProblemKind::Unauthorized | ProblemKind::Forbidden => "`caseload doctor` looks at address and key",
            ProblemKind::Offline | ProblemKind::Server => "--offline reads the cache",
            _ => "",
        };
        let (text, hint) = problem.text.split_once("; hint: ").unwrap_or((&problem.text, hint));
        Self::failed(text).hint(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn what_is_said_is_one_harmless_line_and_a_hint() {
        let fault = Fault::failed("no\u{1b}[31m such\ncase").hint("try `caseload list`");
        assert_eq!(fault.lines().lines().count(), 2);
        assert!(!fault.lines().contains('\u{1b}'));
        assert!(fault.lines().ends_with("case\nhint: try `caseload list`\n"));
    }
}
