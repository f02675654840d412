//! What takes back what the server has: of each kind of change its opposite, in the words that `z` names it with.

use super::{Done, Undone};
use crate::app::lines::time::stamp;
use crate::app::step::Work;
use crate::app::{State, habits, words};
use crate::model::{CaseId, Change, Channel, FieldChange, MessageId, Timestamp};
use std::collections::BTreeMap;

/// What brings back what was there before, where the screen alone knows it.
pub fn back(state: &State, change: &Change, slept: Option<Timestamp>) -> Option<Change> {
    let again = slept.map(|until| Change::Snooze { until, message: None });
    match change {
        Change::Snooze { .. } => Some(again.unwrap_or(Change::Unsnooze)),
        Change::Unsnooze => again,
        Change::Edit { message, .. } => Some(Change::Edit { message: *message, text: was(state, *message)? }),
        _ => None,
    }
}

/// The words that an edit changes, as the server has them.
fn was(state: &State, message: MessageId) -> Option<String> {
    let messages = state.reader.as_ref().map(|reader| reader.conversation.messages.iter())?;
    messages.filter(|held| held.mail.is_none()).find(|held| held.id == message).map(|held| held.message.raw().to_owned())
}

/// Of each case the last of its changes that has an opposite, and the words for that.
pub fn compensations(state: &State, entry: &Undone) -> Vec<(Work, String)> {
    let mut found: BTreeMap<CaseId, (Work, String)> = BTreeMap::new();
    for (id, done) in entry.ops.iter().rev().filter_map(|id| Some((*id, state.done.get(id)?))) {
        if found.contains_key(&done.case) {
            continue;
        }
        if let Some((case, change, words)) = opposite(state, done) {
            let (thread, channel) = (done.thread, done.channel.clone());
            found.insert(done.case, (Work { case, thread, channel, changes: vec![change], of: vec![id], ..Work::default() }, words));
        }
    }
    found.into_values().collect()
}

/// What undoes a change that the server has, on which case, and the words for it.
pub fn opposite(state: &State, done: &Done) -> Option<(CaseId, Change, String)> {
    let deleted = |words: &str| {
        let message = MessageId(done.server_id?);
        Some((done.case, Change::Delete { message }, words.to_owned()))
    };
    match &done.change {
        Change::Close { .. } => Some((done.case, Change::Reopen, "reopens it as a new case of the thread".to_owned())),
        Change::Snooze { .. } | Change::Unsnooze => restored(state, done),
        Change::Reopen => {
            let case = CaseId(done.server_id?);
            let word = habits::closing(state, Some(case));
            Some((case, Change::Close { state: word.clone() }, format!("closes #{case} as {word}")))
        }
        Change::Tag { add, remove } => Some(set(done, Change::Tag { add: remove.clone(), remove: add.clone() })),
        Change::Fields { of, set: fields } => {
            let fields = fields.iter().map(|change| FieldChange { key: change.key.clone(), old: change.new.clone(), new: change.old.clone() });
            Some(set(done, Change::Fields { of: *of, set: fields.collect() }))
        }
        Change::Edit { .. } => Some((done.case, done.back.clone()?, "writes the old words back".to_owned())),
        Change::Note { .. } => deleted("deletes the note"),
        Change::Reply { .. } if done.channel == Some(Channel::Chat) => deleted("deletes the message, which the customer may have read"),
        _ => None,
    }
}

/// Tags or fields as they were.
fn set(done: &Done, back: Change) -> (CaseId, Change, String) {
    let words = format!("sets {}", words::detail(&back).unwrap_or_default());
    (done.case, back, words)
}

/// A snooze as it was before, if its moment has not come since.
fn restored(state: &State, done: &Done) -> Option<(CaseId, Change, String)> {
    let case = now(state, done.case);
    let woken = matches!(done.change, Change::Snooze { .. }).then(|| (case, Change::Unsnooze, "ends the snooze".to_owned()));
    match &done.back {
        Some(Change::Snooze { until, message }) if *until > state.wall() => {
            let when = stamp(*until, state.wall(), state.settings.utc_offset);
            Some((case, Change::Snooze { until: *until, message: message.clone() }, format!("snoozes it until {when} again")))
        }
        _ => woken,
    }
}

/// The case that goes on where this one ended: a reopening made it, and what was to come after went there.
fn now(state: &State, case: CaseId) -> CaseId {
    let became = |case| state.done.values().find(|done| done.case == case && done.change == Change::Reopen).and_then(|done| done.server_id).map(CaseId);
    // Each was made after the one before it: no ring.
    std::iter::successors(Some(case), |case| became(*case).filter(|next| next > case)).last().unwrap_or(case)
}
