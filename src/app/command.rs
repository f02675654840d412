//! The command line: a name of the table of actions, and what may stand behind it. What is offered while one types, and
//! what Enter makes of it; errors in words.

use super::prompt::{self, Prompt, PromptKind};
use super::{Action, Effect, Focus, State, assign, keymap, leave, macros, own, reader, snooze, views};
use crate::model::{CaseId, View};

/// What fits what was typed: names, and behind a name and a blank what it takes.
pub fn choices(state: &State, typed: &str, from: Focus) -> Vec<String> {
    let typed = typed.trim_start();
    if typed.is_empty() {
        return Vec::new();
    }
    let Some((word, begun)) = typed.split_once(' ') else {
        let names = keymap::names(from).into_iter().chain(["view"]).chain(state.settings.own.iter().map(|own| own.name.as_str()));
        return names.filter(|name| name.starts_with(typed)).map(str::to_owned).collect();
    };
    let sought = begun.trim().to_lowercase();
    let fits = |choice: &String| choice.to_lowercase().starts_with(&sought) || sought.len() > 1 && choice.to_lowercase().contains(&sought);
    offered(state, word).into_iter().filter(fits).map(|choice| format!("{word} {choice}")).collect()
}

/// What a command takes.
fn offered(state: &State, word: &str) -> Vec<String> {
    match word {
        "close" | "close-as" => state.settings.closing_states.clone(),
        "snooze" | "snooze-until" => snooze::OFFERED.map(str::to_owned).into(),
        "assign" => assign::receivers(state, "").into_iter().map(|one| one.name).collect(),
        "view" => View::ALL.iter().map(|view| view.title().to_lowercase()).chain(views::own(state).map(|view| view.name)).collect(),
        "macro" => macros::offered(state, "", PromptKind::Macro).into_iter().map(|reply| reply.name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// Is what stands behind this word one of a list, so that a beginning will do?
fn closed_list(word: &str) -> bool {
    matches!(word, "assign" | "view" | "macro")
}

/// `:close handled`, `:snooze tomorrow 9`, `:mine`, or the name of an action.
pub fn run(state: &mut State, prompt: Prompt, picked: Option<String>) -> Vec<Effect> {
    // A beginning that only one name has is that name.
    let list = |line: &&String| line.split_once(' ').is_none_or(|(word, _)| closed_list(word));
    let only = || prompt.choices.first().filter(|_| prompt.choices.len() == 1).filter(list).cloned();
    let text = picked.or_else(only).unwrap_or_else(|| prompt.text.trim().to_owned());
    state.finding.history.took(&text);
    let (word, rest) = text.split_once(' ').map_or((text.as_str(), ""), |(word, rest)| (word, rest.trim()));
    match (word, rest) {
        ("", _) => Vec::new(),
        ("close" | "close-as", word) if !word.is_empty() => on_case(state, prompt, Action::CloseAs, |state, prompt| prompt::close_as(state, prompt, word)),
        ("snooze" | "snooze-until", words) if !words.is_empty() => {
            on_case(state, prompt, Action::SnoozeUntil, |state, prompt| snooze::accept(state, prompt, Some(words.to_owned())))
        }
        ("assign", name) if !name.is_empty() => on_case(state, prompt, Action::Assign, |state, prompt| assign::named(state, prompt, name)),
        ("macro", name) if !name.is_empty() => on_case(state, prompt, Action::Macro, |state, _| macros::open_at(state, name)),
        ("view", name) => views::by_name(state, name).unwrap_or_else(|| prompt::again(state, prompt, format!("no view is called '{name}'"))),
        (number, "") if case_number(number).is_some() => case_number(number).map_or_else(Vec::new, |case| reader::go_to(state, case)),
        ("quit" | "q", "") => leave::leave(state, false),
        (name, "") if state.settings.own.iter().any(|own| own.name == name) => own::by_name(state, name).unwrap_or_default(),
        (name, rest) => named(state, prompt, name, rest),
    }
}

/// `4410` or `#4410`: that case.
fn case_number(word: &str) -> Option<CaseId> {
    word.strip_prefix('#').unwrap_or(word).parse().ok().filter(|id| *id > 0).map(CaseId)
}

fn named(state: &mut State, prompt: Prompt, name: &str, rest: &str) -> Vec<Effect> {
    match Action::parse(name) {
        Some(action) if keymap::row(prompt.from, action).is_none() => prompt::again(state, prompt, format!("'{name}' works {}", keymap::places(action))),
        Some(_) if !rest.is_empty() => prompt::again(state, prompt, format!("'{name}' takes nothing behind it")),
        Some(action) => super::act::act(state, action),
        None if prompt.choices.len() > 1 => prompt::again(state, prompt, "more than one: type on, or choose with Tab".to_owned()),
        None => {
            let hint = super::words::nearest(name, keymap::names(prompt.from).into_iter());
            let hint = if hint.starts_with("did") { format!(": {hint}") } else { String::new() };
            prompt::again(state, prompt, format!("no command is called '{name}'{hint}"))
        }
    }
}

/// What stands behind a name counts only where the name does.
fn on_case(state: &mut State, prompt: Prompt, action: Action, run: impl FnOnce(&mut State, Prompt) -> Vec<Effect>) -> Vec<Effect> {
    if keymap::row(prompt.from, action).is_none() {
        return prompt::again(state, prompt, format!("'{}' works {}", action.name(), keymap::places(action)));
    }
    match super::can::why_not(state, action) {
        Some(why) => super::update::say(state, super::Level::Warning, why),
        None => run(state, prompt),
    }
}
