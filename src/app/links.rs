//! `gl` in a thread: the links of a message in a picker, and what opens the chosen one. Nothing is opened before its whole
//! target was on the screen; where no browser can be reached, it is copied and said so. `O` opens the case.

use super::lines::Lead;
use super::prompt::{self, PromptKind};
use super::update::say;
use super::{Effect, Focus, Level, Reader, State, clip};
use tui_textarea::{Input, Key};

/// The links of the chosen message, else of those on the screen; a single one is shown at once.
pub fn open(state: &mut State) -> Vec<Effect> {
    let leads = state.reader.as_ref().map(found).unwrap_or_default();
    if leads.is_empty() {
        let chosen = state.reader.as_ref().is_some_and(|reader| reader.message.is_some());
        return say(state, Level::Warning, format!("there is no link {}", if chosen { "in this message" } else { "on the screen" }));
    }
    let single = leads.len() == 1;
    (state.table.leads, state.table.lead) = (leads, 0);
    prompt::open(state, if single { PromptKind::Lead } else { PromptKind::Links })
}

fn found(reader: &Reader) -> Vec<Lead> {
    let mut messages: Vec<usize> = match reader.message {
        Some(chosen) => vec![chosen],
        None => reader.lines.iter().filter_map(|line| line.message).collect(),
    };
    messages.dedup();
    let mut leads: Vec<Lead> = Vec::new();
    for message in messages.into_iter().filter_map(|at| reader.sheet.message(&reader.conversation, at)) {
        let new = super::lines::leads(&message);
        leads.extend(new.into_iter().filter(|lead| !message_has(&leads, lead)).collect::<Vec<_>>());
    }
    leads
}

fn message_has(leads: &[Lead], lead: &Lead) -> bool {
    leads.iter().any(|known| known.url == lead.url && known.words == lead.words)
}

/// A row of the picker: what it says, and where it leads.
pub fn rows(state: &State) -> Vec<String> {
    let row = |lead: &Lead| {
        let words = lead.words.split_whitespace().collect::<Vec<_>>().join(" ");
        let mark = if lead.lies { "≠ " } else { "" };
        if words.is_empty() || lead.shown.starts_with(&words) { format!("{mark}{}", lead.shown) } else { format!("{mark}{} · {words}", lead.shown) }
    };
    state.table.leads.iter().map(row).collect()
}

/// The one that is about to be opened.
pub fn lead(state: &State) -> Option<&Lead> {
    state.table.leads.get(state.table.lead)
}

/// `y` copies the lit one; other letters mean nothing in these.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let prompt = state.prompt.as_ref().filter(|prompt| matches!(prompt.kind, PromptKind::Links | PromptKind::Lead))?;
    match input.key {
        Key::Char('y') if !input.ctrl => {
            if prompt.kind == PromptKind::Links {
                state.table.lead = prompt.chosen;
            }
            state.focus = state.prompt.take().map_or(Focus::Reader, |prompt| prompt.from);
            let target = lead(state).map(|lead| lead.target().unwrap_or_else(|| lead.shown.clone()));
            Some(target.map_or_else(Vec::new, |target| clip::copy(target, "the link")))
        }
        Key::Char(c) if !input.ctrl && !c.is_ascii_digit() => Some(Vec::new()),
        _ => None,
    }
}

/// One was picked: first it is shown whole.
pub fn picked(state: &mut State, at: usize) -> Vec<Effect> {
    state.table.lead = at;
    if lead(state).is_none() { Vec::new() } else { prompt::open(state, PromptKind::Lead) }
}

/// It was seen, and is opened.
pub fn go(state: &mut State) -> Vec<Effect> {
    let Some(lead) = lead(state) else { return Vec::new() };
    match lead.target() {
        Some(target) => browse(state, target),
        None => say(state, Level::Warning, "only http, https and mailto are opened; y copies it"),
    }
}

/// The case in the browser: where that is, the config says.
pub fn case(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    match &state.settings.link {
        Some(link) => {
            let target = link.replace("{id}", &case.to_string());
            browse(state, target)
        }
        None => say(state, Level::Warning, "no link is configured: set link in the config file"),
    }
}

/// By the program of the config or of the desktop: an argument of its own, no shell. It begins with its scheme, so no program
/// takes it for an option.
fn browse(state: &mut State, target: String) -> Vec<Effect> {
    match &state.settings.opener {
        Some(command) => vec![Effect::Open(command.iter().cloned().chain([target]).collect())],
        None => clip::copy(target, "no browser here: the link was"),
    }
}

/// The program was started; or it could not be, or said that it failed.
pub fn opened(state: &mut State, error: Option<&str>) -> Vec<Effect> {
    match error {
        None => say(state, Level::Done, "handed to the browser"),
        Some(why) => say(state, Level::Warning, format!("not opened: {why}; open_command in the config names the program")),
    }
}
