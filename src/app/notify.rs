//! Telling the agent who looks elsewhere: that a customer wrote, or that a send needs a decision. Off unless asked for, one
//! line at a time, and never what was written unless that is asked for too.

use super::{Effect, State};
use crate::model::{OpState, Spoke};

/// What the agent wants to be told of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notify {
    pub on: bool,
    /// New words in cases that are nobody's yet.
    pub queue: bool,
    /// How the words begin.
    pub text: bool,
}

/// Letters of a name and of what was written.
const NAME: usize = 40;
const WORDS: usize = 60;

/// Customers wrote: in one line.
pub fn spoke(state: &State, spoke: &[Spoke]) -> Vec<Effect> {
    let wanted = state.settings.notify;
    let told: Vec<&Spoke> = spoke.iter().filter(|spoke| wanted.on && (spoke.mine || wanted.queue && spoke.queue)).collect();
    let text = match told[..] {
        [] => return Vec::new(),
        [one] if wanted.text && !one.said.is_empty() => format!("#{} {}: {}", one.case, one.contact.brief(NAME), one.said.brief(WORDS)),
        [one] => format!("#{} {} wrote", one.case, one.contact.brief(NAME)),
        [first, ..] => format!("{} customers wrote, #{} {} among them", told.len(), first.case, first.contact.brief(NAME)),
    };
    vec![Effect::Notify(text)]
}

/// What begins to wait for the agent with these moves, in one line.
pub fn needs(state: &State, effects: &[Effect]) -> Option<Effect> {
    let asks = |effect: &Effect| match effect {
        Effect::Advance { op, from } | Effect::Settle { op, from, .. } if asking(op.state) && !from.contains(&op.state) => Some(op.clone()),
        _ => None,
    };
    let op = effects.iter().find_map(asks).filter(|_| state.settings.notify.on)?;
    Some(Effect::Notify(format!("{} #{} needs you", op.mutation.change.kind(), op.case())))
}

fn asking(state: OpState) -> bool {
    matches!(state, OpState::NeedsReview | OpState::Failed)
}
