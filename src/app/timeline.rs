//! When to ask the server what happened to the cases of a thread: once it is read, or stays in the preview; once for each
//! change of a case, and never while there is nothing new to know.

use super::{Effect, Failure, FailureKind, Focus, Link, State};
use crate::model::{CaseId, Timestamp};
use chrono::Duration;

/// A preview that the cursor left sooner is not asked for.
const STAYS: Duration = Duration::milliseconds(700);

/// The cases of the open thread that are to be asked for, once [`since`] came.
fn wanted(state: &State) -> Option<CaseId> {
    let live = state.sync.link == Link::Live && state.settings.interactive && state.closing.is_none();
    // Who never read the thread reads it whole first, and its timeline with it.
    let reader = state.reader.as_ref().filter(|reader| live && reader.loaded)?;
    let conversation = &reader.conversation;
    let read = conversation.fetched.is_some() || state.focus == Focus::List;
    (read && !conversation.untold.is_empty() && conversation.untold != reader.told).then_some(reader.case)
}

/// From when on: at once where it is read, a moment later where the cursor only came by.
fn since(state: &State) -> Timestamp {
    let moved = state.list.moved.filter(|_| state.focus == Focus::List);
    moved.map_or(state.now, |at| at + STAYS)
}

/// The thread on the screen lacks what happened to its cases.
pub fn missing(state: &mut State) -> Option<Effect> {
    let case = wanted(state).filter(|_| since(state) <= state.now)?;
    let reader = state.reader.as_mut()?;
    reader.told.clone_from(&reader.conversation.untold);
    Some(Effect::Timeline { case, of: reader.told.iter().map(|(case, _)| *case).collect() })
}

/// When a preview has stood for long enough.
pub fn due(state: &State) -> Option<Timestamp> {
    wanted(state).map(|_| since(state)).filter(|at| *at > state.turned)
}

/// It is here, or could not be had: the thread is read without it then, and how it stands with the server is said where it always is.
pub fn told(state: &mut State, case: CaseId, result: Result<bool, Failure>) -> Vec<Effect> {
    match result {
        Ok(grew) => state.stale_reader |= grew && state.reader.as_ref().is_some_and(|reader| reader.case == case),
        Err(failure) if failure.kind == FailureKind::Unauthorized => super::sync::unauthorized(state, &failure.text),
        Err(failure) if failure.kind == FailureKind::Offline => {
            if state.sync.link == Link::Live {
                state.sync.link = Link::Offline;
            }
            state.reader.iter_mut().for_each(|reader| reader.told.clear());
        }
        // The log has it; the next change of a case asks again.
        Err(_) => {}
    }
    Vec::new()
}
