//! The agent's own commands, from the config: what is wrong with one is said with file and line.

use crate::app::bindings::{Bindings, Found};
use crate::app::own::{Output, Own, PLACES};
use crate::app::views::sequence;
use crate::app::{Action, chord};
use crate::config::{Config, ConfigError, OwnEntry, OwnOutput, Places};
use crate::model::Saved;

/// Words of the command line that are no actions.
const WORDS: [&str; 4] = ["view", "quit", "q", "all"];

/// All of them, or what is wrong with the first that is.
pub fn read(config: &Config, places: &Places, keys: &Bindings, views: &[Saved]) -> Result<Vec<Own>, ConfigError> {
    let mut all: Vec<Own> = Vec::new();
    for entry in &config.command {
        let own = one(entry, &all, config, keys, views).map_err(|what| {
            let fault = ConfigError::at(&places.config, (entry.name.line, 1), format!("command '{}': {what}", entry.name.word));
            fault.hint("config.example.toml has one to copy")
        })?;
        all.push(own);
    }
    Ok(all)
}

fn one(entry: &OwnEntry, others: &[Own], config: &Config, keys: &Bindings, views: &[Saved]) -> Result<Own, String> {
    let name = entry.name.word.as_str();
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Err("name: is a word of letters, digits and -".to_owned());
    }
    if Action::parse(name).is_some() || WORDS.contains(&name) || others.iter().any(|other| other.name == name) {
        return Err("name: something else is called that".to_owned());
    }
    if entry.run.first().is_none_or(String::is_empty) {
        return Err("run: names no program, as in run = [\"track-parcel\", \"--short\"]".to_owned());
    }
    let limit = entry.limit.unwrap_or(config.assist.limit);
    if limit.is_zero() {
        return Err("limit: must be longer than nothing".to_owned());
    }
    let output = match entry.output {
        OwnOutput::Ignore => Output::Ignore,
        OwnOutput::Notice => Output::Notice,
        OwnOutput::Draft => Output::Draft,
        OwnOutput::Screen => Output::Screen,
    };
    let keys = entry.keys.as_deref().map(|written| read_keys(written, others, keys, views)).transpose().map_err(|what| format!("keys: {what}"))?;
    Ok(Own { name: name.to_owned(), keys, run: entry.run.clone(), output, limit: limit.duration() })
}

/// One key, or one that follows the beginning of a sequence that there is.
fn read_keys(written: &str, others: &[Own], keys: &Bindings, views: &[Saved]) -> Result<String, String> {
    let typed = chord::parse(written)?;
    let shown = chord::written(&typed);
    let begun = typed.rsplit_once(' ').map(|(begin, _)| begin);
    for place in PLACES {
        if keys.find(place, &typed) != Found::Nothing {
            return Err(format!("{shown} means something in the {}: take another", place.title()));
        }
        if begun.is_some_and(|begin| keys.find(place, begin) != Found::Begun) {
            return Err(format!("{shown} begins with no key that waits for another one, as g and y do"));
        }
    }
    let view = views.iter().find(|view| view.key.map(sequence).as_deref() == Some(&typed));
    match (view, others.iter().find(|other| other.keys.as_deref() == Some(&typed))) {
        (Some(view), _) => Err(format!("{shown} is the key of the view '{}'", view.name)),
        (_, Some(other)) => Err(format!("{shown} is the key of the command '{}'", other.name)),
        _ => Ok(typed),
    }
}
