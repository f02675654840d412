//! Before the first word: is a colleague answering the same customer? Said from what is known, and looked up where the server
//! can be asked.

use super::super::lines::time::ago;
use super::super::update::say;
use super::super::{Effect, Level, Link, State};
use crate::model::{CaseId, Company, Did, company};
use chrono::Duration;

/// What was read so lately is not read again.
const FRESH: Duration = Duration::seconds(3);

/// The thread is read anew while the agent begins to write.
pub fn look(state: &State, case: CaseId) -> Option<Effect> {
    let fetched = state.reader.as_ref().filter(|reader| reader.case == case).and_then(|reader| reader.conversation.fetched);
    let fresh = fetched.is_some_and(|at| state.wall() - at < FRESH);
    (state.sync.link == Link::Live && !fresh).then_some(Effect::Fetch(case))
}

/// Once for every box, and again when somebody joins meanwhile; what is written meanwhile is `news`.
pub fn tell(state: &mut State) {
    let Some(compose) = &state.compose else { return };
    let Some(found) = found(state, compose.case) else { return };
    let text = format!("{} {} {}: look before you write", found.who.brief(40), found.did.words(), ago(found.at, state.wall()));
    let (told, now) = (compose.told, state.wall());
    let meanwhile = told && !found.did.is_message() && compose.begun.is_some_and(|begun| found.at > begun);
    if let Some(compose) = &mut state.compose {
        compose.told = true;
        compose.begun = Some(now);
    }
    if !told || meanwhile {
        let _notice = say(state, Level::Warning, text.trim_end_matches(' ').to_owned());
    }
}

/// Who else is at it, as far as the thread on the screen shows.
pub fn found(state: &State, case: CaseId) -> Option<Company> {
    let reader = state.reader.as_ref().filter(|reader| reader.case == case && reader.loaded)?;
    let known = reader.conversation.case(case)?;
    let found = company::company(known, &reader.conversation.messages, state.me_id(), state.wall())?;
    let mine = |did: Did| did == Did::Assigned && state.outbox.of(case).any(|op| op.mutation.change.kind() == "assign");
    // Whom one invited oneself is no surprise.
    if mine(found.did) { None } else { Some(found) }
}
