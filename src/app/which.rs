//! What may follow the keys that were typed: said when the next one does not come at once, gone with it.

use super::{State, chord, keymap, own, views};
use crate::model::Timestamp;
use chrono::Duration;

/// Who knows the key is quicker, and sees nothing.
const PAUSE: Duration = Duration::milliseconds(300);

/// Keys that begin a longer sequence were pressed.
pub fn begun(state: &mut State, typed: String) {
    if state.keys.is_empty() {
        state.finding.begun = state.now;
    }
    state.keys = typed;
}

/// When it is to be shown.
pub fn due(state: &State) -> Option<Timestamp> {
    (!state.keys.is_empty()).then(|| state.finding.begun + PAUSE)
}

/// What may follow and what it does, in the order of the table; nothing while there is nothing to show.
pub fn following(state: &State) -> Vec<(String, String)> {
    if due(state).is_none_or(|at| at > state.now) {
        return Vec::new();
    }
    let mut rows: Vec<_> = state.settings.keys.following(state.focus, &state.keys).collect();
    rows.sort_by_key(|(_, action)| keymap::KEYS.iter().position(|row| row.action == *action));
    let words = |action| keymap::row(state.focus, action).map_or_else(String::new, |row| row.words(&state.settings));
    let rest = |sequence: &str| chord::written(sequence.get(state.keys.len() + 1..).unwrap_or_default());
    let mut following: Vec<_> = rows.into_iter().map(|(sequence, action)| (rest(sequence), words(action))).collect();
    let begin = format!("{} ", state.keys);
    let own = views::keyed(state).filter(|(sequence, _)| sequence.starts_with(&begin));
    following.extend(own.map(|(sequence, saved)| (rest(&sequence), format!("view: {}", saved.name))));
    let commands = own::keyed(state).filter(|(sequence, _)| sequence.starts_with(&begin));
    following.extend(commands.map(|(sequence, own)| (rest(sequence), own.name.clone())));
    following
}
