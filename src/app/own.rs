//! Commands of the agent's own: a program is told the case that was painted when its key was pressed, works beside the loop,
//! and what it says is a line, a page, or a proposal in the compose box; never more than that.

use super::compose::{self, assist};
use super::page::{self, Content};
use super::panes::Topic;
use super::update::{say, say_about};
use super::{Action, Effect, Focus, Level, State, chord};
use crate::model::{CaseId, Untrusted};
use chrono::Duration;

/// A program and what becomes of its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    pub name: String,
    /// As they are looked up: `g t`.
    pub keys: Option<String>,
    pub run: Vec<String>,
    pub output: Output,
    pub limit: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Only what goes wrong is said.
    Ignore,
    /// Its first line, in the bar.
    Notice,
    /// A proposal in the compose box.
    Draft,
    /// A page.
    Screen,
}

/// One that was started and has not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    pub ticket: u32,
    pub name: String,
    pub case: CaseId,
}

/// Where a case is painted that is meant.
pub const PLACES: [Focus; 2] = [Focus::List, Focus::Reader];

/// Words of an answer in the bar.
const BRIEF: usize = 300;

/// Those that have keys here, and what is pressed for them.
pub fn keyed(state: &State) -> impl Iterator<Item = (&str, &Own)> {
    let place = PLACES.contains(&state.focus);
    state.settings.own.iter().filter_map(move |own| Some((own.keys.as_deref().filter(|_| place)?, own)))
}

pub fn by_key(state: &mut State, typed: &str) -> Option<Vec<Effect>> {
    let name = keyed(state).find(|(keys, _)| *keys == typed).map(|(_, own)| own.name.clone())?;
    by_name(state, &name)
}

/// Starts it on the painted case.
pub fn by_name(state: &mut State, name: &str) -> Option<Vec<Effect>> {
    let own = state.settings.own.iter().find(|own| own.name == name)?.clone();
    if !PLACES.contains(&state.focus) {
        return Some(say(state, Level::Warning, format!("{name} works in the list and in a thread")));
    }
    if super::bulk::wanted(state) {
        return Some(say(state, Level::Warning, format!("{name} works on one case: {} takes the marks away", state.key(Action::Back))));
    }
    let Some(case) = state.target() else { return Some(super::act::nothing_chosen(state)) };
    if let Some(running) = &state.helpers.running {
        let words = format!("{} is at work on #{} already", running.name, running.case);
        return Some(say(state, Level::Warning, words));
    }
    if own.output == Output::Draft {
        let mut effects = super::act::act(state, Action::Reply);
        if state.focus == Focus::Compose {
            effects.extend(assist::ask_of(state, Some(own.name)));
        }
        return Some(effects);
    }
    let ticket = state.helpers.ticket();
    let running = Running { ticket, name: own.name, case };
    let _notice = say_about(state, Topic::Own, Level::Done, format!("#{case}: {} is at work · Ctrl-c stops it", running.name));
    state.helpers.running = Some(running.clone());
    Some(vec![Effect::Run(Box::new(running))])
}

/// A page is opened where nobody is interrupted by it.
pub fn turn(state: &mut State) {
    if PLACES.contains(&state.focus)
        && let Some((title, text)) = state.helpers.unread.take()
    {
        page::open(state, title, Content::Text(text));
    }
}

/// Ctrl-c while it works; nothing where none does.
pub fn stop(state: &mut State) -> Option<Vec<Effect>> {
    let running = state.helpers.running.take()?;
    let _notice = say(state, Level::Done, format!("#{}: {} was stopped", running.case, running.name));
    Some(vec![Effect::RunStop])
}

/// It ended: what it said, or in words why it said nothing.
pub fn answered(state: &mut State, ticket: u32, result: Result<String, String>) -> Vec<Effect> {
    let Some(ran) = state.helpers.running.take_if(|running| running.ticket == ticket) else { return Vec::new() };
    let Running { name, case, .. } = ran;
    let output = state.settings.own.iter().find(|own| own.name == name).map_or(Output::Notice, |own| own.output);
    let text = match result {
        Err(why) => return say(state, Level::Error, format!("#{case} {name}: {why}")),
        Ok(text) => compose::clean(&text).trim().to_owned(),
    };
    let first = Untrusted::from(text.lines().next().unwrap_or_default()).brief(BRIEF);
    match output {
        Output::Screen if text.is_empty() => say(state, Level::Warning, format!("#{case} {name}: it said nothing")),
        Output::Screen if PLACES.contains(&state.focus) || text.lines().nth(1).is_some() => {
            state.helpers.unread = Some((format!("{name} · #{case}"), text));
            // Nobody is interrupted who writes, or reads something else.
            let waits = !PLACES.contains(&state.focus);
            if waits { say(state, Level::Done, format!("#{case} {name}: {first} · the rest is shown in the list and in a thread")) } else { Vec::new() }
        }
        Output::Ignore => {
            state.notice.take_if(|notice| notice.about == Topic::Own);
            Vec::new()
        }
        _ if first.is_empty() => say(state, Level::Done, format!("#{case} {name}: done, it said nothing")),
        _ => say(state, Level::Done, format!("#{case} {name}: {first}")),
    }
}

/// What is pressed for it, as it is written.
pub fn written(own: &Own) -> String {
    own.keys.as_deref().map_or_else(String::new, chord::written)
}
