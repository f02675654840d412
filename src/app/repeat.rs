//! `.`: what was done to one case is done to another. Words that depend on the moment are read anew.

use super::update::say;
use super::{Effect, Level, State, assign, habits, macros, outbox, snooze, tags};
use crate::model::Change;

/// What a key did, so that it can be done again elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    Close(String),
    Claim,
    Unsnooze,
    SnoozeDefault,
    /// In the agent's words: they mean another moment by then.
    Snooze(String),
    Tag(Vec<(String, bool)>),
    Assign(assign::Who),
    /// By its name.
    Macro(String),
}

/// Remembers it where something came of it.
pub fn done(state: &mut State, deed: Deed, effects: Vec<Effect>) -> Vec<Effect> {
    if effects.iter().any(|effect| matches!(effect, Effect::Queue(_))) {
        state.deed = Some(deed);
    }
    effects
}

pub fn repeat(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    let Some(deed) = state.deed.clone() else {
        return say(state, Level::Warning, "there is nothing to repeat yet: . does again what you did to the last case".to_owned());
    };
    let effects = match deed {
        Deed::Close(word) => outbox::act_on_target(state, Change::Close { state: word }),
        Deed::Claim => outbox::act_on_target(state, Change::Claim),
        Deed::Unsnooze => outbox::act_on_target(state, Change::Unsnooze),
        Deed::SnoozeDefault => snooze::default(state),
        Deed::Snooze(words) => snooze::on_target(state, &words).unwrap_or_else(|error| say(state, Level::Warning, format!("nothing was done: {error}"))),
        Deed::Tag(marks) => match tags::refused(state) {
            Some(why) => say(state, Level::Warning, why),
            None => tags::set(state, case, &marks),
        },
        Deed::Assign(who) => assign::give(state, who),
        Deed::Macro(name) => return macros::again(state, name),
    };
    again(state);
    effects
}

/// What is said of it says that it was a repetition.
pub fn again(state: &mut State) {
    if let Some(notice) = state.notice.as_mut().filter(|notice| notice.level == Level::Done) {
        notice.text = format!("again: {}", notice.text);
    }
}

/// A close by choice is what the next one uses.
pub fn close(state: &mut State, word: &str) -> Vec<Effect> {
    let case = state.target();
    let effects = outbox::act_on_target(state, Change::Close { state: word.to_owned() });
    let mut effects = done(state, Deed::Close(word.to_owned()), effects);
    if let Some(case) = case.filter(|_| effects.iter().any(|effect| matches!(effect, Effect::Queue(_)))) {
        effects.extend(habits::closed(state, case, word));
    }
    effects
}
