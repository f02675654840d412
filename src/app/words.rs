//! What was done, in the agent's words: for the bottom line and for `z`.

use super::State;
use super::lines::time::stamp;
use crate::model::{CaseId, Change};

/// `closed`, `replied to`: stands before the number of the case.
pub fn done(change: &Change) -> &'static str {
    match change {
        Change::Reply { .. } => "replied to",
        Change::Note { .. } => "noted on",
        Change::Close { .. } => "closed",
        Change::Reopen => "reopened",
        Change::Claim => "claimed",
        Change::Assign { .. } => "assigned",
        Change::Snooze { .. } => "snoozed",
        Change::Unsnooze => "woke",
        Change::Edit { .. } => "edited a message of",
        Change::Delete { .. } => "deleted a message of",
    }
}

/// What the number of the case is followed by: the state it was closed with, how long it sleeps, where it is now.
pub fn more(state: &State, changes: &[Change]) -> String {
    match changes.last() {
        Some(Change::Close { state: word }) => format!(" as {word}"),
        Some(Change::Snooze { until, .. }) => format!(" until {}", stamp(*until, state.wall(), state.settings.utc_offset)),
        Some(Change::Assign { users, .. }) => {
            let names = state.agents.iter().filter(|agent| users.iter().any(|user| user.0 == agent.id)).map(|agent| agent.name.brief(30));
            let names = names.collect::<Vec<_>>().join(", ");
            if names.is_empty() { names } else { format!(" to {names}") }
        }
        Some(Change::Claim) => ": it is in Mine".to_owned(),
        Some(Change::Reopen) => ": a new case of the thread, in Mine".to_owned(),
        _ => String::new(),
    }
}

/// Why a case does not take a message, and the way out: another case of its thread, or its reopening.
pub fn closed(state: &State, case: CaseId) -> String {
    let chain = state.reader.as_ref().filter(|reader| reader.conversation.case(case).is_some()).map(|reader| &reader.conversation);
    let open = chain.and_then(|chain| chain.latest()).map(|latest| latest.id).filter(|latest| *latest != case);
    match open {
        Some(latest) => format!("#{case} is closed, its thread goes on in #{latest}: ) goes there"),
        None => format!("#{case} is closed and takes nothing: o, then 1 (or :reopen) reopens it"),
    }
}
