//! The one door of the core: an event in, effects out.

use super::{Effect, Event, State};
use crate::model::Timestamp;

/// Changes the state and says what is to be done. Pure: same state, time and event, same answer.
pub fn update(state: &mut State, now: Timestamp, event: Event) -> Vec<Effect> {
    let _ = event;
    state.now = now;
    Vec::new()
}
