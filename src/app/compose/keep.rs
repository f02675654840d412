//! What is typed is kept: on the disk a moment after a pause and at the latest before a second is over, as a version once
//! something else takes its place. Earlier texts of the case come back from here.

use super::super::lines::time::stamp;
use super::super::prompt::{self, PromptKind};
use super::super::update::say;
use super::super::{Action, Ask, Effect, Focus, Level, State, bulk};
use super::Compose;
use crate::model::{CaseId, Draft, OpState, Timestamp, Untrusted, Version};
use chrono::Duration;

/// From the last key to the draft on the disk; and from the first unsaved one, whatever is typed meanwhile: the disk needs
/// its time as well, and no more than a second of typing may be missing after a kill.
const PAUSE: Duration = Duration::milliseconds(250);
const LATEST: Duration = Duration::milliseconds(700);

impl Compose {
    pub fn save_at(&self) -> Option<Timestamp> {
        self.dirty.map(|first| (self.typed.map_or(first, |last| last.max(first)) + PAUSE).min(first + LATEST))
    }
}

/// Saves the draft when its pause has passed.
pub fn autosave(state: &mut State) -> Vec<Effect> {
    match state.compose.as_ref().and_then(Compose::save_at) {
        Some(at) if at <= state.now => autosave_now(state),
        _ => Vec::new(),
    }
}

/// Saves the draft if it differs from the disk's.
pub fn autosave_now(state: &mut State) -> Vec<Effect> {
    let wall = state.wall();
    let Some(compose) = state.compose.as_mut().filter(|compose| compose.dirty.is_some()) else { return Vec::new() };
    compose.dirty = None;
    compose.saved = Some(wall);
    state.stale_list = true;
    let text = compose.text();
    let edits = compose.edits.as_ref().map(|edits| edits.message);
    // What was said of receivers and the language is kept as well, before the first word.
    if text.trim().is_empty() && compose.head.is_none() && compose.translate.is_none() || compose.edits.as_ref().is_some_and(|edits| edits.was == text) {
        return vec![Effect::DropDraft(compose.slot())];
    }
    let (case, kind, answers, head, translate) = (compose.case, compose.kind, compose.answers, compose.head.clone(), compose.translate.clone());
    vec![Effect::SaveDraft(Draft { case, kind, text, answers, updated: wall, head, edits, translate })]
}

/// Keeps the draft and goes back.
pub fn leave(state: &mut State) -> Vec<Effect> {
    let kept = state.compose.as_ref().is_some_and(|compose| !compose.text().trim().is_empty() || compose.head.is_some() || compose.translate.is_some());
    let edits = state.compose.as_ref().and_then(|compose| compose.edits.as_ref().map(|edits| edits.was != compose.text()));
    let effects = autosave_now(state);
    super::company::left(state);
    let many = state.compose.take().is_some_and(|compose| compose.case == bulk::MANY);
    state.focus = if many { Focus::List } else { Focus::Reader };
    let words = match edits {
        Some(true) if kept => format!("the edit is kept; {} on the message goes on with it", state.key(Action::EditMessage)),
        Some(_) => "nothing was changed".to_owned(),
        None => format!("draft kept; {} brings it back", state.key(Action::Reply)),
    };
    if kept {
        let _notice = say(state, Level::Done, words);
    }
    effects
}

/// Asks for the earlier texts of the case.
pub fn history(state: &mut State) -> Vec<Effect> {
    let mut effects = autosave_now(state);
    effects.extend(state.compose.as_ref().map(|compose| Effect::Load(Ask::Versions(compose.slot()))));
    effects
}

/// They came: one of them can be picked.
pub fn versions(state: &mut State, case: CaseId, versions: Vec<Version>) -> Vec<Effect> {
    let Some(compose) = state.compose.as_mut().filter(|compose| compose.slot() == case && state.focus == Focus::Compose) else { return Vec::new() };
    let now = compose.area.lines().join("\n");
    compose.versions = versions.into_iter().filter(|version| version.text.trim_end() != now.trim_end()).collect();
    if compose.versions.is_empty() {
        return say(state, Level::Warning, "there is no earlier text of this case".to_owned());
    }
    prompt::open(state, PromptKind::Versions)
}

/// The rows of the list, newest first: `2  Mon 14:02  sent note  Told her about…`
pub fn listed(state: &State) -> Vec<String> {
    let Some(compose) = &state.compose else { return Vec::new() };
    let row = |(at, version): (usize, &Version)| {
        let when = stamp(version.at, state.wall(), state.settings.utc_offset);
        let first = version.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        format!("{}  {when}  {}  {}", at + 1, said(version), Untrusted::from(first).brief(60))
    };
    compose.versions.iter().enumerate().map(row).collect()
}

/// What became of it, and what it is.
fn said(version: &Version) -> String {
    let kind = if version.kind == crate::model::DraftKind::Note { "note" } else { "reply" };
    match version.state {
        None => format!("draft {kind}"),
        Some(OpState::Cancelled) => format!("{kind} not sent"),
        Some(state) => format!("{} {kind}", state.words()),
    }
}

/// The picked one comes into the box; what stands there is on the disk, and becomes a version when it is replaced.
pub fn bring(state: &mut State, picked: Option<&str>) -> Vec<Effect> {
    let at = picked.and_then(|row| row.split(' ').next()?.parse::<usize>().ok()?.checked_sub(1));
    let mut effects = autosave_now(state);
    let now = state.now;
    let Some(compose) = &mut state.compose else { return effects };
    let Some(version) = at.and_then(|at| compose.versions.get(at)).cloned() else { return effects };
    compose.replace(&version.text);
    compose.head = version.head.or(compose.head.take());
    compose.fields = None;
    compose.touch(now);
    effects.extend(autosave_now(state));
    let _notice = say(state, Level::Done, "the earlier text is in the box; Ctrl-_ brings back what stood there".to_owned());
    effects
}
