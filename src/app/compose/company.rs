//! Before the first word: is a colleague answering the same customer? Said from what is known, and looked up where the server
//! can be asked.

use super::super::lines::time::ago;
use super::super::panes::Topic;
use super::super::update::say_about;
use super::super::{Effect, Level, Link, State};
use crate::model::{CaseId, Company, Did, company};
use chrono::Duration;

/// What was read so lately is not read again.
const FRESH: Duration = Duration::seconds(3);

/// As long as it is said: who writes on has read it.
const SAID: Duration = Duration::seconds(8);

/// So long it stands whatever is pressed: it may have come under the key.
const STANDS: Duration = Duration::seconds(2);

/// Whoever moves or ends a line has read it: the bottom line has the keys again.
pub fn heard(state: &mut State) {
    let now = state.now;
    state.notice.take_if(|notice| notice.about == Topic::Company && notice.until - now <= SAID - STANDS);
}

/// It belongs to a box that was left.
pub fn left(state: &mut State) {
    state.notice.take_if(|notice| notice.about == Topic::Company);
}

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
        let _notice = say_about(state, Topic::Company, Level::Warning, text);
        let until = state.now + SAID;
        state.notice.iter_mut().for_each(|notice| notice.until = until);
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
