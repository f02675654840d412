//! `b` and `B`: a case rests until a moment in the agent's words, or until its customer writes. What the words mean is shown
//! while they are typed.

use super::lines::time::{ahead, forms, stamp_in};
use super::prompt::{self, Prompt};
use super::repeat::{self, Deed};
use super::{Effect, State, outbox};
use crate::model::{CaseId, Change, MessageKind, Snooze, Timestamp, when};

/// What is offered.
pub const OFFERED: [&str; 7] = ["1h", "3h", "end of day", "tomorrow 9", "mon 9", "1 week", "until they write"];

/// What the words make of a case, or why nothing.
pub fn change(state: &State, case: CaseId, words: &str) -> Result<Change, String> {
    let wish = when::wish(words, state.wall(), &state.settings.zone)?;
    let message = wish.reply.then(|| Snooze::until_they_write(heard(state, case)));
    Ok(Change::Snooze { until: wish.until, message })
}

/// When the customer wrote last, as far as the agent can have seen it.
pub fn heard(state: &State, case: CaseId) -> Option<Timestamp> {
    let row = state.list.window.rows.iter().find(|row| row.id == case).and_then(|row| row.heard);
    let chain = state.reader.as_ref().map(|reader| &reader.conversation);
    let theirs = chain.into_iter().flat_map(|chain| &chain.messages).filter(|message| message.case_id == case && message.from_contact());
    theirs.filter(|message| message.kind != MessageKind::Event).filter_map(|message| message.date_created).max().max(row)
}

/// The case of the painted row, until then.
pub fn on_target(state: &mut State, words: &str) -> Result<Vec<Effect>, String> {
    let Some(case) = state.target() else { return Ok(super::act::nothing_chosen(state)) };
    let change = change(state, case, words)?;
    let effects = outbox::act_on_target(state, change);
    Ok(repeat::done(state, Deed::Snooze(words.to_owned()), effects))
}

/// `b`
pub fn default(state: &mut State) -> Vec<Effect> {
    let until = state.wall() + state.settings.snooze;
    let effects = outbox::act_on_target(state, Change::Snooze { until, message: None });
    repeat::done(state, Deed::SnoozeDefault, effects)
}

pub fn accept(state: &mut State, prompt: Prompt, picked: Option<String>) -> Vec<Effect> {
    let words = picked.unwrap_or_else(|| prompt.text.as_str().to_owned());
    on_target(state, &words).unwrap_or_else(|error| prompt::again(state, prompt, error))
}

/// What the words mean, the longest way of saying it first; nothing where they mean none.
pub fn meaning(state: &State, words: &str) -> Vec<String> {
    let (wall, zone) = (state.wall(), &state.settings.zone);
    let Ok(wish) = when::wish(words, wall, zone) else { return Vec::new() };
    if wish.reply {
        let (long, brief) = (ahead(wish.until, wall, zone), stamp_in(wish.until, wall, zone));
        return vec![format!("when they write, at the latest {long}"), format!("when they write, or {brief}"), brief];
    }
    forms(wish.until, wall, zone)
}

/// ` until Mon 09:00`: what follows the number of a case.
pub fn told(state: &State, until: Timestamp, message: Option<&str>) -> String {
    let brief = stamp_in(until, state.wall(), &state.settings.zone);
    if crate::model::user::waits_for_them(message) { format!(" until they write, at the latest {brief}") } else { format!(" until {brief}") }
}

/// Why a snooze can't be ended from here: the server takes it from nobody but its author.
pub fn of_another(state: &State, case: CaseId) -> Option<String> {
    let shown = super::tags::shown(state, case)?;
    let author = shown.follow_up.as_ref()?.user_id.filter(|author| state.me_id().is_some_and(|me| me != *author))?;
    let known = state.agents.iter().find(|agent| agent.id == author.0).map(|agent| agent.name.brief(40));
    let name = known.unwrap_or_else(|| format!("agent {author}"));
    Some(format!("{name} snoozed #{case}: the server lets nobody else end it"))
}
