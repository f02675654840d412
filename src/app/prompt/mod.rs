//! The line at the bottom that asks for words: filter, command, snooze, and the numbered pickers.

mod kind;

use super::line::{Edit, Line};
use super::update::say;
use super::{
    Action, Effect, Focus, Level, State, assign, command, compose, files, form, hunt, later, links, log, macros, outbox, palette, repeat, snooze, tags, triage,
};
use crate::model::{CaseId, Filter, Status};
use tui_textarea::{Input, Key};

pub use kind::{Prompt, PromptKind};

/// No choice is lit: what was typed counts.
const NONE: usize = usize::MAX;

pub fn open(state: &mut State, kind: PromptKind) -> Vec<Effect> {
    let text = match kind {
        PromptKind::Filter => state.list.filter_text.as_str().into(),
        PromptKind::Log => state.log.filter.as_str().into(),
        PromptKind::Folder => files::folder(state).into(),
        _ => Line::default(),
    };
    state.finding.history.leave();
    let mut prompt = Prompt { kind, text, choices: Vec::new(), chosen: 0, error: None, from: state.focus, many: super::bulk::wanted(state) };
    prompt.choices = choices(state, &prompt);
    prompt.chosen = if kind == PromptKind::CloseAs { last_used(state, &prompt) } else { first(&prompt) };
    if kind == PromptKind::Menu && prompt.choices.is_empty() {
        return Vec::new();
    }
    state.prompt = Some(prompt);
    state.focus = Focus::Prompt;
    Vec::new()
}

/// The state that a close would use is lit: Enter takes it.
fn last_used(state: &State, prompt: &Prompt) -> usize {
    let word = super::habits::closing(state, state.target());
    prompt.choices.iter().position(|choice| *choice == word).unwrap_or(0)
}

/// What is lit after typing: where the text itself is an answer, nothing but it.
fn first(prompt: &Prompt) -> usize {
    let itself = matches!(prompt.kind, PromptKind::Snooze | PromptKind::Later { .. } | PromptKind::Command);
    if itself && !prompt.text.trim().is_empty() { NONE } else { 0 }
}

/// What fits the typed text.
fn choices(state: &State, prompt: &Prompt) -> Vec<String> {
    let fits = |name: &String| name.to_lowercase().contains(&prompt.text.to_lowercase());
    match prompt.kind {
        PromptKind::CloseAs => {
            let own = Some(prompt.text.trim().to_owned()).filter(|own| !own.is_empty() && !state.settings.closing_states.contains(own));
            state.settings.closing_states.iter().filter(|name| fits(name)).cloned().chain(own).collect()
        }
        PromptKind::Assign => assign::lines(state, &prompt.text),
        PromptKind::Snooze => snooze::OFFERED.map(str::to_owned).into_iter().filter(fits).collect(),
        PromptKind::Later { .. } => later::OFFERED.map(str::to_owned).into_iter().filter(fits).collect(),
        PromptKind::Command => command::choices(state, &prompt.text, prompt.from),
        PromptKind::Palette => palette::choices(state, &prompt.text),
        PromptKind::Menu => menu(state).into_iter().map(|(name, _)| name).filter(fits).collect(),
        PromptKind::Canned | PromptKind::Macro => macros::offered(state, &prompt.text, prompt.kind).into_iter().map(|reply| reply.name.clone()).collect(),
        PromptKind::Versions => compose::keep::listed(state).into_iter().filter(fits).collect(),
        PromptKind::Translate => compose::translate::rows(state, &prompt.text),
        PromptKind::Tag => tags::lines(state, &prompt.text),
        PromptKind::Fields => form::lines(state),
        PromptKind::Files => files::rows(state),
        PromptKind::Stranger => files::answers(state),
        PromptKind::Links => links::rows(state),
        PromptKind::Filter | PromptKind::Find | PromptKind::Log | PromptKind::Folder | PromptKind::Lead => Vec::new(),
    }
}

/// What a case offers in its state.
fn menu(state: &State) -> Vec<(String, Action)> {
    let Some(case) = state.target().or(state.list.selected) else { return Vec::new() };
    let chain = state.reader.as_ref().map(|reader| &reader.conversation);
    let newer = chain.filter(|chain| chain.case(case).is_some()).and_then(|chain| chain.latest()).filter(|latest| latest.id != case);
    let mut menu = match outbox::status(state, case) {
        Some(Status::Closed) => vec![("reopen: a new case in this thread", Action::Reopen)],
        Some(Status::Pending) => vec![("claim", Action::Claim)],
        Some(_) | None => Vec::new(),
    };
    if !matches!(outbox::status(state, case), Some(Status::Closed) | None) {
        menu.extend([("close", Action::Close), ("close as…", Action::CloseAs), ("assign…", Action::Assign), ("snooze until…", Action::SnoozeUntil)]);
    }
    if snoozed(state, case) {
        menu.push(("end the snooze", Action::Unsnooze));
    }
    let menu = menu.into_iter().map(|(name, action)| (name.to_owned(), action));
    newer.map(|newer| (format!("go to #{}, the newest of this thread", newer.id), Action::NewestCase)).into_iter().chain(menu).collect()
}

pub(super) fn snoozed(state: &State, case: CaseId) -> bool {
    let confirmed = state.reader.as_ref().and_then(|reader| reader.conversation.case(case));
    let shown = confirmed.map(|case| super::pending::replay(case, &state.outbox.ops));
    let row = || state.list.window.rows.iter().find(|row| row.id == case).and_then(|row| row.snoozed_until);
    shown.map_or_else(row, |shown| shown.follow_up.as_ref().map(|snooze| snooze.until)).is_some_and(|until| until > state.wall())
}

pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    if let Some(effects) = macros::pressed(state, input)
        .or_else(|| tags::pressed(state, input))
        .or_else(|| form::pressed(state, input))
        .or_else(|| assign::pressed(state, input))
        .or_else(|| files::pressed(state, input))
        .or_else(|| links::pressed(state, input))
    {
        return effects;
    }
    let Some(prompt) = &mut state.prompt else {
        state.focus = Focus::List;
        return Vec::new();
    };
    prompt.error = None;
    let last = prompt.choices.len().saturating_sub(1);
    let command = prompt.kind == PromptKind::Command;
    match (input.key, input.ctrl) {
        (Key::Esc, _) => return cancel(state),
        (Key::Enter, _) => return accept(state),
        (Key::Up | Key::Down, _) if command && (prompt.text.is_empty() || state.finding.history.is_shown()) => {
            let line = if input.key == Key::Up { state.finding.history.older() } else { state.finding.history.newer() };
            match line {
                Some(line) => prompt.text = line.into(),
                None => return Vec::new(),
            }
        }
        (Key::Down, _) | (Key::Char('n'), true) => {
            prompt.chosen = prompt.chosen.wrapping_add(1).min(last);
            return Vec::new();
        }
        (Key::Up, _) | (Key::Char('p'), true) => {
            prompt.chosen = prompt.chosen.saturating_sub(1).min(last);
            return Vec::new();
        }
        (Key::Tab, _) => {
            complete(prompt, input.shift);
            return Vec::new();
        }
        (Key::Backspace, _) | (Key::Char('h'), true) if prompt.text.is_empty() => return cancel(state),
        (Key::Char(c), false) if picks(prompt, c) => {
            prompt.chosen = c.to_digit(10).map_or(0, |digit| digit as usize - 1);
            return accept(state);
        }
        _ if prompt.text.pressed(input) == Edit::Changed => state.finding.history.leave(),
        _ => return Vec::new(),
    }
    typed(state)
}

fn picks(prompt: &Prompt, c: char) -> bool {
    prompt.numbered() && c.to_digit(10).is_some_and(|digit| (1..=prompt.choices.len()).contains(&(digit as usize)))
}

/// The lit choice; on the command line each press goes on to the next one.
fn complete(prompt: &mut Prompt, back: bool) {
    let count = prompt.choices.len();
    match prompt.kind {
        PromptKind::Command if count > 0 => {
            let lit = prompt.choices.get(prompt.chosen).is_some();
            prompt.chosen = if back { prompt.chosen.min(count).checked_sub(1).unwrap_or(count - 1) } else { prompt.chosen.wrapping_add(1) % count };
            prompt.chosen = if lit || back { prompt.chosen } else { 0 };
        }
        PromptKind::Palette => {
            prompt.chosen = if back { prompt.chosen.saturating_sub(1) } else { (prompt.chosen + 1).min(count.saturating_sub(1)) };
            return;
        }
        _ => {}
    }
    if let Some(choice) = prompt.choices.get(prompt.chosen).or(prompt.choices.first()) {
        prompt.text = choice.as_str().into();
    }
}

pub fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    if let Some(prompt) = &mut state.prompt {
        let line = text.split_whitespace().map(crate::model::text::harmless).collect::<Vec<_>>().join(" ");
        prompt.text.insert(&line.chars().take(500).collect::<String>());
        if prompt.kind == PromptKind::Fields {
            form::pasted(state);
            return Vec::new();
        }
    }
    typed(state)
}

/// The text changed: what fits changes, and a filter narrows at once.
fn typed(state: &mut State) -> Vec<Effect> {
    let Some(mut prompt) = state.prompt.take() else { return Vec::new() };
    prompt.choices = choices(state, &prompt);
    prompt.chosen = first(&prompt);
    if prompt.kind == PromptKind::Filter {
        match Filter::parse(&prompt.text) {
            Ok(filter) => triage::filter(state, filter, prompt.text.as_str().to_owned()),
            Err(error) => prompt.error = Some(error.to_string()),
        }
    }
    if prompt.kind == PromptKind::Log {
        log::filter(state, &prompt.text);
    }
    state.prompt = Some(prompt);
    Vec::new()
}

/// Esc: a filter that was being typed is dropped with it.
pub fn cancel(state: &mut State) -> Vec<Effect> {
    if let Some(prompt) = state.prompt.take() {
        state.focus = prompt.from;
        if prompt.kind == PromptKind::Filter {
            triage::filter(state, Filter::default(), String::new());
        }
        if prompt.kind == PromptKind::Log {
            log::filter(state, "");
        }
        if prompt.kind == PromptKind::Fields {
            state.form = None;
        }
        if prompt.kind == PromptKind::Canned {
            return macros::left(state, &prompt.text);
        }
    }
    Vec::new()
}

/// What can be picked is not what it was.
pub(super) fn again_from(state: &mut State) {
    if let Some(mut prompt) = state.prompt.take_if(|prompt| prompt.picks_reply() || prompt.kind == PromptKind::Tag) {
        prompt.choices = choices(state, &prompt);
        prompt.chosen = prompt.chosen.min(prompt.choices.len().saturating_sub(1));
        state.prompt = Some(prompt);
    }
}

fn accept(state: &mut State) -> Vec<Effect> {
    let Some(prompt) = state.prompt.take() else { return Vec::new() };
    state.focus = prompt.from;
    let picked = prompt.choices.get(prompt.chosen).cloned();
    // What was said of marked cases is not done to the one under the cursor because their marks went.
    if prompt.many && !super::bulk::wanted(state) && !matches!(prompt.kind, PromptKind::Filter | PromptKind::Log | PromptKind::Find) {
        return say(state, Level::Warning, "the marks went meanwhile: nothing was done".to_owned());
    }
    if is_other(&prompt) {
        return again(state, prompt, "nothing here is called that".to_owned());
    }
    match prompt.kind {
        PromptKind::Filter => filtered(state, prompt),
        PromptKind::Log => Vec::new(),
        PromptKind::Find => hunt::find(state, &prompt.text),
        PromptKind::Command => command::run(state, prompt, picked),
        PromptKind::Palette => palette::accept(state, prompt, picked.as_deref()),
        PromptKind::CloseAs => {
            let word = picked.unwrap_or_else(|| prompt.text.trim().to_owned());
            close_as(state, prompt, &word)
        }
        PromptKind::Snooze => snooze::accept(state, prompt, picked),
        PromptKind::Assign => assign::accept(state, prompt),
        PromptKind::Later { unless } => later::named(state, prompt, picked, unless),
        PromptKind::Canned | PromptKind::Macro => macros::accept(state, prompt, picked),
        PromptKind::Versions => compose::keep::bring(state, picked.as_deref()),
        PromptKind::Translate => compose::translate::accept(state, prompt, picked.as_deref()),
        PromptKind::Tag => tags::accept(state, &prompt),
        PromptKind::Fields => form::accept(state, prompt),
        PromptKind::Files => files::picked(state, prompt.chosen),
        PromptKind::Folder if prompt.text.trim().is_empty() => again(state, prompt, "a folder is needed".to_owned()),
        PromptKind::Folder => files::to(state, &prompt.text),
        PromptKind::Stranger => files::agreed(state, prompt.chosen == 1),
        PromptKind::Links => links::picked(state, prompt.chosen),
        PromptKind::Lead => links::go(state),
        PromptKind::Menu => {
            let action = menu(state).into_iter().find(|(name, _)| Some(name) == picked.as_ref()).map(|(_, action)| action);
            action.map_or_else(Vec::new, |action| super::act::act(state, action))
        }
    }
}

/// Words that are none of the choices, where nothing but a choice is an answer.
fn is_other(prompt: &Prompt) -> bool {
    let narrowed = prompt.kind == PromptKind::Menu && !prompt.choices.is_empty();
    let closed = matches!(prompt.kind, PromptKind::Menu | PromptKind::Files | PromptKind::Stranger | PromptKind::Links);
    closed && !narrowed && !prompt.text.trim().is_empty()
}

/// Asks again, saying what is wrong.
pub(super) fn again(state: &mut State, mut prompt: Prompt, error: String) -> Vec<Effect> {
    prompt.error = Some(error);
    state.focus = Focus::Prompt;
    state.prompt = Some(prompt);
    Vec::new()
}

fn filtered(state: &mut State, prompt: Prompt) -> Vec<Effect> {
    match Filter::parse(&prompt.text) {
        Ok(_) => Vec::new(),
        Err(error) => again(state, prompt, error.to_string()),
    }
}

pub(super) fn close_as(state: &mut State, prompt: Prompt, word: &str) -> Vec<Effect> {
    if word.is_empty() {
        return again(state, prompt, "a state is needed".to_owned());
    }
    repeat::close(state, word)
}
