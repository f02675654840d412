//! Copies: what is copied and what became of it. Only what a helper program took is called copied; what went to the terminal
//! is called that, because nobody can know whether it took it.

use super::update::say;
use super::{Effect, Level, State};

/// A text to be copied, harmless already, and what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copy {
    pub text: String,
    pub what: String,
}

/// Where copies go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clipboard {
    Off,
    Terminal,
    /// A program that reads them, and whether the terminal gets them where it fails.
    Program(Vec<String>, bool),
}

/// What became of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// A program took it and ended well.
    Program,
    /// Bytes went to the terminal.
    Terminal,
    /// It is longer than what can be copied that way: so many kB.
    TooLong(usize),
    /// The config says no.
    Off,
    Failed(String),
}

pub fn copy(text: String, what: &str) -> Vec<Effect> {
    vec![Effect::Copy(Copy { text, what: what.to_owned() })]
}

/// A text that is called by its length.
pub fn counted(text: String) -> Vec<Effect> {
    let what = match text.chars().count() {
        1 => "1 character".to_owned(),
        count => format!("{count} characters"),
    };
    copy(text, &what)
}

pub fn copied(state: &mut State, what: &str, taken: &Taken) -> Vec<Effect> {
    match taken {
        Taken::Program => say(state, Level::Done, format!("{what} copied")),
        Taken::Terminal => say(state, Level::Done, format!("{what} sent to the terminal's clipboard")),
        Taken::TooLong(most) => {
            say(state, Level::Warning, format!("{what} not copied: no more than {most} kB fit; clipboard in the config can name a program that takes more"))
        }
        Taken::Off => say(state, Level::Warning, format!("{what} not copied: clipboard is off in the config")),
        Taken::Failed(why) => say(state, Level::Warning, format!("{what} not copied: {why}")),
    }
}
