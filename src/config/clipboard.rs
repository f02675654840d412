//! Where copies go: a word, or a program and its arguments.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Clipboard {
    /// The desktop's own program where there is one, else the terminal.
    #[default]
    Auto,
    /// The terminal.
    Osc52,
    Off,
    Program(Vec<String>),
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "must be \"auto\", \"osc52\", \"off\", or a list: a program and its arguments")]
enum Written {
    Word(String),
    Program(Vec<String>),
}

impl TryFrom<Written> for Clipboard {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Word(word) if word == "auto" => Ok(Self::Auto),
            Written::Word(word) if word == "osc52" => Ok(Self::Osc52),
            Written::Word(word) if word == "off" => Ok(Self::Off),
            Written::Program(program) if !program.is_empty() => Ok(Self::Program(program)),
            Written::Word(word) => Err(format!("clipboard is \"auto\", \"osc52\", \"off\" or a list, not '{word}': write [\"{word}\"] for a program")),
            Written::Program(_) => Err("clipboard names no program: clipboard = [\"wl-copy\"]".to_owned()),
        }
    }
}

impl From<Clipboard> for Written {
    fn from(clipboard: Clipboard) -> Self {
        match clipboard {
            Clipboard::Auto => Self::Word("auto".to_owned()),
            Clipboard::Osc52 => Self::Word("osc52".to_owned()),
            Clipboard::Off => Self::Word("off".to_owned()),
            Clipboard::Program(program) => Self::Program(program),
        }
    }
}
