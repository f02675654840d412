//! Ctrl-x a: a program of the agent's choice is given the thread and the draft and proposes a text. It works beside the loop
//! while one types on; what it says comes into the box as one step of undo, cleaned like a paste, and is never sent by
//! itself: the first send soon after it asks once whether it was read.

use super::super::update::say;
use super::super::{Action, Effect, Level, State};
use super::{clean, keep};
use crate::model::{CaseId, DraftKind, Timestamp};
use chrono::Duration;

/// So long a proposal counts as not read.
const FRESH: Duration = Duration::seconds(15);

/// What the program is told besides the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which answer belongs to which question.
    pub ticket: u32,
    pub case: CaseId,
    pub kind: DraftKind,
    pub text: String,
    /// The command of the agent's own that is asked instead.
    pub own: Option<String>,
}

/// Asks for a proposal.
pub fn ask(state: &mut State) -> Vec<Effect> {
    if state.settings.assist.is_none() {
        return say(state, Level::Warning, "no program assists: command below [assist] in the config names one".to_owned());
    }
    ask_of(state, None)
}

/// The same of a command of the agent's own.
pub fn ask_of(state: &mut State, own: Option<String>) -> Vec<Effect> {
    if state.assisting.is_some() {
        return say(state, Level::Warning, "assist is at work already; Esc stops it".to_owned());
    }
    let mut effects = keep::autosave_now(state);
    let Some(compose) = &state.compose else {
        return say(state, Level::Warning, format!("assist writes into the compose box: {} opens it", state.key(Action::Reply)));
    };
    let request = Request { ticket: state.helpers.ticket(), case: compose.case, kind: compose.kind, text: compose.text(), own };
    state.assisting = Some(request.clone());
    effects.push(Effect::Assist(Box::new(request)));
    effects
}

/// Esc or Ctrl-c while it works; false where nothing does.
pub fn stop(state: &mut State) -> Option<Vec<Effect>> {
    state.assisting.take()?;
    let _notice = say(state, Level::Done, "assist was stopped; your text is as it was".to_owned());
    Some(vec![Effect::AssistStop])
}

/// Whoever leaves the box, or sends, needs no proposal any more.
pub fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    let case = state.compose.as_ref().map(|compose| compose.case);
    if state.assisting.take_if(|asked| Some(asked.case) != case).is_some() {
        effects.push(Effect::AssistStop);
    }
}

/// It ended: with a text, or with words that say why not.
pub fn answered(state: &mut State, ticket: u32, result: Result<String, String>) -> Vec<Effect> {
    let Some(asked) = state.assisting.take_if(|asked| asked.ticket == ticket) else { return Vec::new() };
    let (now, away) = (state.now, state.key(Action::UndoText));
    let text = match result {
        Err(why) => return say(state, Level::Error, format!("{}: {why}", asked.own.as_deref().unwrap_or("assist"))),
        Ok(text) => clean(&text).trim_end().to_owned(),
    };
    let Some(compose) = state.compose.as_mut().filter(|_| !text.trim().is_empty()) else {
        return say(state, Level::Warning, "assist said nothing; your text is as it was".to_owned());
    };
    let meanwhile = compose.text();
    let words = if meanwhile == asked.text || meanwhile.trim().is_empty() {
        compose.replace(&text);
        format!("a proposal is in the box: read it, it is yours once you send it · {away} takes it away")
    } else {
        compose.replace(&format!("{}\n\n{text}", meanwhile.trim_end()));
        format!("a proposal is below what you typed meanwhile · {away} takes it away")
    };
    compose.proposed = Some(now);
    compose.touch(now);
    let _notice = say(state, Level::Warning, words);
    keep::autosave_now(state)
}

/// A proposal that came a moment ago stops once.
pub fn unread(state: &mut State) -> Option<Vec<Effect>> {
    let now = state.now;
    let fresh = |at: Timestamp| now - at < FRESH;
    state.compose.as_mut()?.proposed.take().filter(|at| fresh(*at))?;
    Some(say(state, Level::Warning, "not sent yet: assist wrote this a moment ago, read it. The same key again sends it".to_owned()))
}
