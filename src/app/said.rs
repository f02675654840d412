//! A line instead of keys, for those who listen to the screen: the words of the command line, and in a text the text itself.
//! The same verbs as the keys, by another door.

use super::prompt::PromptKind;
use super::update::say;
use super::{Action, Effect, Focus, Level, State, act, compose, help, page, prompt, triage};
use tui_textarea::{Input, Key};

/// A line was said.
pub fn said(state: &mut State, line: &str) -> Vec<Effect> {
    // Who says something is there, as who presses a key; what is said after leaving is nothing any more.
    state.sync.last_key = Some(state.now);
    if state.closing.is_some() {
        return Vec::new();
    }
    match state.focus {
        Focus::Compose => written(state, line),
        Focus::Prompt => answered(state, line),
        Focus::Help => {
            help::close(state);
            Vec::new()
        }
        // A page that was read to its end keeps no line from being said.
        Focus::Page => {
            page::close(state);
            commanded(state, line.trim())
        }
        _ => commanded(state, line.trim()),
    }
}

fn written(state: &mut State, line: &str) -> Vec<Effect> {
    match line.trim_end() {
        "." => act::act(state, Action::Send),
        ".." => act::act(state, Action::SendAndClose),
        "/keep" => act::act(state, Action::Leave),
        "/note" => act::act(state, Action::SwitchKind),
        _ => compose::pasted(state, &format!("{line}\n")),
    }
}

/// An answer to what is asked: a number where choices have one, words elsewhere.
fn answered(state: &mut State, line: &str) -> Vec<Effect> {
    let key = |key| Input { key, ctrl: false, alt: false, shift: false };
    if line.trim() == "/cancel" {
        return prompt::pressed(state, &key(Key::Esc));
    }
    let choice = line.trim().parse::<usize>().ok().and_then(|at| at.checked_sub(1));
    if let Some(prompt) = &mut state.prompt
        && let Some(at) = choice.filter(|at| *at < prompt.choices.len())
    {
        prompt.chosen = at;
        return prompt::pressed(state, &key(Key::Enter));
    }
    let mut effects = prompt::pasted(state, line.trim());
    effects.extend(prompt::pressed(state, &key(Key::Enter)));
    effects
}

fn commanded(state: &mut State, line: &str) -> Vec<Effect> {
    if let Ok(number) = line.parse::<usize>() {
        return row(state, number);
    }
    state.notice = None;
    match line {
        // What they ask for is told by whoever tells.
        "" | "read" | "help" | "/keep" => Vec::new(),
        _ => {
            let from = state.focus;
            let mut effects = prompt::open(state, PromptKind::Command);
            effects.extend(answered(state, line));
            // What is no command asks again: here the answer is a line like any other.
            if let Some(wrong) = state.prompt.take_if(|prompt| prompt.kind == PromptKind::Command) {
                state.focus = from;
                effects.extend(say(state, Level::Warning, wrong.error.unwrap_or_else(|| "help tells the words".to_owned())));
            }
            effects
        }
    }
}

/// The row of that number; from 1.
fn row(state: &mut State, number: usize) -> Vec<Effect> {
    let len = state.list.window.rows.len();
    let Some(at) = number.checked_sub(1).filter(|at| *at < len) else {
        return say(state, Level::Warning, format!("there is no row {number}"));
    };
    state.focus = Focus::List;
    let from = state.list.at().unwrap_or(0);
    triage::select(state, isize::try_from(at).unwrap_or(0) - isize::try_from(from).unwrap_or(0))
}
