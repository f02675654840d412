//! What is learned from use: remembered here at once, and on the disk beside the outbox.

use super::screen::WIDE;
use super::{Effect, State};
use crate::model::{CaseId, Channel, Habit, Habits};

pub fn learn(state: &mut State, habit: Habit) -> Vec<Effect> {
    let before = state.habits.clone();
    state.habits.learn(&habit);
    // Without a screen nothing was read from the disk, so that nothing tells whether it is news.
    if state.habits == before || !state.settings.interactive { Vec::new() } else { vec![Effect::Habit(habit)] }
}

/// No screen is wider.
const WIDEST: i16 = 1_000;

/// What the disk remembers of earlier sessions; the panes are as they were left.
pub fn loaded(state: &mut State, habits: Habits) {
    state.wider = habits.wider.clamp(-WIDEST, WIDEST);
    state.habits = habits;
    if state.size.width >= WIDE {
        state.card = state.habits.card_hidden;
    }
}

/// The panes are like this from now on.
pub fn panes(state: &mut State) -> Vec<Effect> {
    // Where the card has no place of its own, that it is shown is no wish for later.
    let card_hidden = if state.size.width >= WIDE { state.card } else { state.habits.card_hidden };
    learn(state, Habit::Panes { wider: state.wider, card_hidden })
}

/// The channel of a case on the screen.
pub fn channel(state: &State, case: CaseId) -> Option<&Channel> {
    let row = || state.list.window.rows.iter().find(|row| row.id == case).map(|row| &row.channel);
    let read = state.reader.as_ref().and_then(|reader| reader.conversation.case(case)).map(|case| &case.channel);
    read.or_else(row)
}

/// The state a close of this case uses: what a close of its channel used last, else any close, else the first of the config.
pub fn closing(state: &State, case: Option<CaseId>) -> String {
    let channel = case.and_then(|case| channel(state, case)).map_or("", Channel::as_str);
    let first = || state.settings.closing_states.first().cloned().unwrap_or_else(|| "handled".to_owned());
    state.habits.closing(channel).map_or_else(first, str::to_owned)
}

/// The agent closed it so by choice.
pub fn closed(state: &mut State, case: CaseId, word: &str) -> Vec<Effect> {
    let channel = channel(state, case).map_or("", Channel::as_str).to_owned();
    learn(state, Habit::Closed { channel, state: word.to_owned() })
}
