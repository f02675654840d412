//! The agent's own views, from the config: what is wrong with one is said with file, line and column.

use crate::app::bindings::{Bindings, Found};
use crate::app::views::sequence;
use crate::app::{Focus, chord};
use crate::config::{Config, ConfigError, Places, ViewEntry, ViewKey};
use crate::model::query::Sort;
use crate::model::{Filter, Saved, View};

/// All of them, or what is wrong with the first that is.
pub fn read(config: &Config, places: &Places, keys: &Bindings) -> Result<Vec<Saved>, ConfigError> {
    let mut views: Vec<Saved> = Vec::new();
    for entry in &config.view {
        let view = one(entry, &views, keys).map_err(|(ahead, what)| {
            let (line, column) = entry.place;
            let fault = ConfigError::at(&places.config, (line, column + ahead), format!("view '{}': {what}", entry.name));
            fault.hint("correct it there; `caseload list FILTER` tries one")
        })?;
        views.push(view);
    }
    Ok(views)
}

/// The view; else how far behind the beginning of its filter the fault is, and what it is.
fn one(entry: &ViewEntry, others: &[Saved], keys: &Bindings) -> Result<Saved, (usize, String)> {
    let wrong = |what: String| (0, what);
    let filter = Filter::parse(&entry.filter).map_err(|error| (error.column - 1, format!("filter: {}", error.what)))?;
    let name = entry.name.trim();
    if name.is_empty() || name.chars().any(char::is_control) {
        return Err(wrong("a view needs a name".to_owned()));
    }
    let taken = |saved: &Saved| saved.is_called(name);
    if View::parse(name).is_some() || taken(&Saved::drafts()) || others.iter().any(taken) {
        return Err(wrong("there is another view of this name".to_owned()));
    }
    let sort = entry.sort.as_deref().map_or(Some(Sort::default()), Sort::parse);
    let sort = sort.ok_or_else(|| wrong(format!("sort: is one of {}, with - in front for the other way round", Sort::WORDS.join(", "))))?;
    let within = entry.within.as_deref().map_or(Some(View::All), View::parse);
    let within = within.ok_or_else(|| wrong(format!("within: is one of {}", View::ALL.map(|view| view.title().to_lowercase()).join(", "))))?;
    let key = entry.key.as_ref().map(|key| read_key(key, others, keys)).transpose().map_err(wrong)?;
    Ok(Saved { name: name.to_owned(), filter, sort, key, within })
}

fn read_key(key: &ViewKey, others: &[Saved], keys: &Bindings) -> Result<char, String> {
    let typed = match key {
        ViewKey::Number(number) => char::from_digit((*number).into(), 10),
        ViewKey::Letter(letter) => Some(*letter),
    };
    let typed = typed.filter(|typed| matches!(typed, '8' | '9') || typed.is_alphabetic());
    let typed = typed.ok_or("key: is 8, 9, or a letter that is typed after g")?;
    let pressed = sequence(typed);
    if [Focus::List, Focus::Reader, Focus::Outbox, Focus::Log].into_iter().any(|place| keys.find(place, &pressed) != Found::Nothing) {
        return Err(format!("key: {} means something else: take another", chord::written(&pressed)));
    }
    if others.iter().any(|other| other.key == Some(typed)) {
        return Err(format!("key: {typed} is another view's"));
    }
    Ok(typed)
}
