//! On the way into the inbox and out of it: what the screen works on, and what is to be said after it is gone.

use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::out::remark;
use super::replies::{self, Stock};
use super::words;
use crate::app::{State, macros};
use crate::model::{Op, OpState};
use crate::runtime::World;
use ratatui::layout::Size;

/// The core and what it works on, for a screen.
pub fn enter(desk: &Desk, size: Size) -> Result<(State, World), Fault> {
    desk.colors()?;
    let mut state = desk.state(true, size)?;
    let Stock { replies, flaws } = replies::read(desk);
    macros::stocked(&mut state, replies, &flaws);
    // A key that is missing is said before the screen is taken; a server that is away is not.
    let world = desk.world(desk.store()?)?;
    Ok((state, world))
}

/// What stays behind, in words.
pub fn leave(state: &State) -> Exit {
    let of = |wanted: &[OpState]| state.outbox.ops.iter().filter(|op| wanted.contains(&op.state)).collect::<Vec<_>>();
    let (planned, waiting): (Vec<_>, Vec<_>) =
        of(&[OpState::Held, OpState::Queued, OpState::Sending, OpState::Unknown]).into_iter().partition(|op| op.scheduled(state.wall()).is_some());
    let asking = of(&[OpState::NeedsReview]);
    if !waiting.is_empty() {
        remark(&format!("{} in the outbox: caseload sync sends {}", counted(&waiting, "waits", "wait"), if waiting.len() == 1 { "it" } else { "them" }));
    }
    if !asking.is_empty() {
        remark(&format!("{} you: caseload outbox list", counted(&asking, "needs", "need")));
    }
    if let Some(next) = planned.iter().filter_map(|op| op.scheduled(state.wall())).map(|due| due.at).min() {
        let when = words::moment(next, state.settings.utc_offset);
        remark(&format!("{}, the next at {when}: caseload, or caseload sync, has to run then or later", counted(&planned, "is scheduled", "are scheduled")));
    }
    if waiting.is_empty() && asking.is_empty() && planned.is_empty() { Exit::Done } else { Exit::Queued }
}

/// `1 reply waits`, `3 changes wait`.
fn counted(ops: &[&Op], one: &str, many: &str) -> String {
    let said = ops.iter().all(|op| op.mutation.change.adds_message());
    match (ops.len(), said) {
        (1, true) => format!("1 reply {one}"),
        (1, false) => format!("1 change {one}"),
        (n, true) => format!("{n} replies {many}"),
        (n, false) => format!("{n} changes {many}"),
    }
}
