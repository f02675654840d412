//! From the box into the outbox: what is looked at before, the case that is claimed on the way, the close that follows.

use super::super::update::say;
use super::super::{Action, Effect, Focus, Level, State, bulk, doubts, later, macros, outbox, triage};
use super::since::{crossed, newest};
use super::{assist, letter, revise, translate};
use crate::model::{CaseId, Change, DraftKind, Due, MessageId, Status};

/// Why the text can't wait for a time.
pub(in crate::app) fn unplannable(state: &State) -> Option<String> {
    let compose = state.compose.as_ref()?;
    match compose.kind {
        _ if compose.case == bulk::MANY => {
            Some(format!("a text to many cases goes out at once, {}: only a reply to one can wait for a time", state.key(Action::Send)))
        }
        _ if compose.edits.is_some() => Some(format!("an edit goes out at once, {}: only a new reply can wait for a time", state.key(Action::Send))),
        DraftKind::Note => Some("a note goes to colleagues, at once: only a reply can wait for a time".to_owned()),
        DraftKind::Reply if compose.text().trim().is_empty() => Some(NOTHING.to_owned()),
        DraftKind::Reply => None,
    }
}

const NOTHING: &str = "there is nothing to send; Esc goes back";

/// What should be looked at before it goes: said once, the next press passes.
pub(in crate::app) fn stopped(state: &mut State) -> Option<Vec<Effect>> {
    let untranslated = state.compose.as_ref().filter(|compose| compose.translate.is_some() && compose.kind == DraftKind::Reply).and(translate::refused(state));
    if let Some(why) = untranslated {
        return Some(say(state, Level::Warning, format!("not sent: {why} ({}: not translated)", state.key(Action::Translate))));
    }
    assist::unread(state).or_else(|| crossed(state)).or_else(|| doubts::stopped(state))
}

/// Where the agent is after a text was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    Stay,
    /// At the next case of the list, which need not wait until this one has its new place there.
    Next,
    /// The same, and this one is closed.
    Close,
}

/// Puts the text into the outbox, claiming a pending case on the way; a close follows it.
pub fn send(state: &mut State, after: After) -> Vec<Effect> {
    let Some(compose) = &state.compose else { return Vec::new() };
    let (close, goes) = (after == After::Close, after != After::Stay);
    if compose.edits.is_some() {
        return revise::send(state, after);
    }
    if compose.text().trim().is_empty() {
        return say(state, Level::Warning, NOTHING);
    }
    if compose.case == bulk::MANY {
        let (kind, text) = (compose.kind, compose.text());
        return bulk::say_it(state, kind, text.trim_end(), close);
    }
    if let Err((field, why)) = letter::said(compose) {
        return letter::refused(state, field, &why);
    }
    if let Some(stopped) = stopped(state) {
        return stopped;
    }
    let Some((case, mut changes, answers)) = said(state) else { return Vec::new() };
    if close {
        changes.push(Change::Close { state: macros::closing_state(state, case) });
    }
    state.unsent_text = state.compose.take();
    state.focus = if goes { Focus::List } else { Focus::Reader };
    let mut effects = outbox::act(state, case, changes, answers);
    if goes {
        effects.extend(triage::step_over(state, case));
    }
    effects
}

/// The same for a time of the agent's; it was looked at before the time was asked for.
pub(in crate::app) fn send_at(state: &mut State, due: Due) -> Vec<Effect> {
    if let Some(Err((field, why))) = state.compose.as_ref().map(letter::said) {
        return letter::refused(state, field, &why);
    }
    if let Some(stopped) = crossed(state) {
        return stopped;
    }
    let Some((case, changes, answers)) = said(state) else { return Vec::new() };
    let thread = outbox::thread_of(state, case);
    state.unsent_text = state.compose.take();
    state.focus = Focus::Reader;
    later::act(state, case, thread, changes, answers, due)
}

/// The case, what is done there, and what it answers.
fn said(state: &State) -> Option<(CaseId, Vec<Change>, Option<MessageId>)> {
    let compose = state.compose.as_ref()?;
    let (case, text) = (compose.case, compose.text().trim_end().to_owned());
    let reply = |text| Change::Reply { text, head: letter::said(compose).ok().flatten(), translate: compose.translate.clone() };
    let change = if compose.kind == DraftKind::Note { Change::Note { text } } else { reply(text) };
    let claim = (outbox::status(state, case) == Some(Status::Pending)).then_some(Change::Claim);
    Some((case, claim.into_iter().chain([change]).collect(), compose.answers.or_else(|| newest(state, case))))
}
