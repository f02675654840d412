//! On the way into the inbox and out of it: what the screen works on, and what is to be said after it is gone.

use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::out::remark;
use super::words;
use crate::app::State;
use crate::model::OpState;
use crate::runtime::World;
use ratatui::layout::Size;

/// The core and what it works on, for a screen.
pub fn enter(desk: &Desk, size: Size) -> Result<(State, World), Fault> {
    let state = desk.state(true, size)?;
    // A key that is missing is said before the screen is taken; a server that is away is not.
    let world = desk.world(desk.store()?)?;
    Ok((state, world))
}

/// What stays behind, in words.
pub fn leave(state: &State) -> Exit {
    let waiting = state.outbox.ops.iter().filter(|op| !op.state.is_final() && op.state != OpState::Failed);
    let (replies, rest): (Vec<_>, Vec<_>) = waiting.partition(|op| op.mutation.change.adds_message());
    let (noun, count) = if replies.is_empty() { ("change", rest.len()) } else { ("reply", replies.len()) };
    if count == 0 {
        return Exit::Done;
    }
    let what = if noun == "reply" && count > 1 {
        format!("{count} replies wait")
    } else {
        format!("{} wait{}", words::count(count as u64, noun), if count == 1 { "s" } else { "" })
    };
    remark(&format!("{what} in the outbox: caseload sync sends it"));
    Exit::Queued
}
