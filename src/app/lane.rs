//! Who goes next: ended undo windows, the heads of the lanes, at most a few at a time. Operations of one case reach the
//! server in the order they were composed; a case that waits for the agent holds nothing of other cases back.

use super::{Effect, Link, State, later, proof, reader};
use crate::model::{CaseId, Change, Op, OpState, Timestamp};

/// Lanes that send at the same time, and as many that are looked up.
pub const LANES: usize = 4;

/// What is next: ended holds, the heads of the lanes, and what has to be looked up.
pub fn turn(state: &mut State, effects: &mut Vec<Effect>) {
    if state.sender && !super::leave::is_over(state) {
        let before = effects.len();
        release(state, effects);
        later::turn(state, effects);
        send(state, effects);
        relabel(state, &effects[before..]);
        proof::look_up(state, effects);
    }
    super::leave::turn(state, effects);
}

/// The open thread says `held`, `queued`, `sending` as it is now.
fn relabel(state: &mut State, effects: &[Effect]) {
    let thread = state.reader.as_ref().map(|reader| reader.conversation.thread);
    let of_it = |effect: &Effect| match effect {
        Effect::Advance { op, .. } | Effect::Push(op) => Some(op.mutation.thread) == thread,
        Effect::AdvanceAll { ops, .. } => ops.iter().any(|op| Some(op.mutation.thread) == thread),
        _ => false,
    };
    if effects.iter().any(of_it) {
        reader::lay_out(state, true);
    }
}

/// The undo window ended, or the agent leaves.
fn release(state: &mut State, effects: &mut Vec<Effect>) {
    let (now, wall, leaving) = (state.now, state.wall(), state.closing.is_some());
    let mut released = Vec::new();
    for op in state.outbox.ops.iter_mut().filter(|op| op.state == OpState::Held && (leaving || op.not_before.is_none_or(|at| at <= now))) {
        (op.state, op.not_before, op.changed) = (OpState::Queued, None, wall);
        released.push(op.clone());
    }
    effects.extend(super::outbox::advance(released, vec![OpState::Held]));
}

/// The heads of the lanes are looked up first, then sent.
fn send(state: &mut State, effects: &mut Vec<Effect>) {
    let sending = state.outbox.ops.iter().filter(|op| op.state == OpState::Sending).count();
    let room = LANES.saturating_sub(sending + state.watch.looking.len());
    if room == 0 || stands_still(state) {
        return;
    }
    let ready = ready(state, room);
    for at in ready {
        let op = &state.outbox.ops[at];
        state.watch.looking.insert(op.id());
        effects.push(Effect::Look(Box::new(op.clone())));
    }
}

fn stands_still(state: &State) -> bool {
    state.sync.link == Link::Unauthorized || state.sync.hold_pushes.is_some_and(|until| until > state.now)
}

/// The places of the first few that are due, not being looked at, and behind nothing of their case.
fn ready(state: &State, room: usize) -> Vec<usize> {
    // Few cases have something on its way: looking through them is quicker than a table.
    let mut ahead: Vec<(CaseId, Ahead)> = Vec::new();
    let mut found = Vec::new();
    for (at, op) in state.outbox.ops.iter().enumerate() {
        let lane = ahead.iter().position(|(case, _)| *case == op.case()).unwrap_or_else(|| {
            ahead.push((op.case(), Ahead::default()));
            ahead.len() - 1
        });
        let lane = &mut ahead[lane].1;
        if is_due(state, op) && !state.watch.looking.contains(&op.id()) && !lane.blocks(op) && !is_taken(&state.outbox.ops, op) {
            found.push(at);
            if found.len() == room {
                break;
            }
        }
        lane.pass(op, state.wall());
    }
    found
}

fn is_due(state: &State, op: &Op) -> bool {
    op.state == OpState::Queued && op.seq != 0 && op.not_before.is_none_or(|at| at <= state.now) && op.scheduled(state.wall()).is_none()
}

/// What stands before an operation in its lane.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
struct Ahead {
    moving: bool,
    waits_for_agent: bool,
    failed_words: bool,
    /// Something is to be said at a time that is to come.
    scheduled: bool,
}

impl Ahead {
    fn pass(&mut self, op: &Op, wall: Timestamp) {
        match op.state {
            _ if op.scheduled(wall).is_some() => self.scheduled = true,
            OpState::Failed => self.failed_words |= op.mutation.change.adds_message(),
            OpState::NeedsReview => self.waits_for_agent = true,
            state => self.moving |= !state.is_final(),
        }
    }

    /// A failed reply and one that waits for its time hold a close back, never a later reply; what waits for the agent holds back what is said and a
    /// close, never the reopening that may be its way out.
    fn blocks(&self, op: &Op) -> bool {
        let closes = matches!(op.mutation.change, Change::Close { .. });
        self.moving || (self.failed_words || self.scheduled) && closes || self.waits_for_agent && (closes || op.mutation.change.adds_message())
    }
}

/// Is another operation of its case on the way? A later one may be, where this one waited for the agent meanwhile.
fn is_taken(ops: &[Op], op: &Op) -> bool {
    ops.iter().any(|other| matches!(other.state, OpState::Sending | OpState::Unknown) && other.case() == op.case() && other.id() != op.id())
}

/// An earlier operation of the same case is not settled, or a later one is on the way.
pub fn blocked(ops: &[Op], at: usize, wall: Timestamp) -> bool {
    let op = &ops[at];
    if is_taken(ops, op) {
        return true;
    }
    let mut ahead = Ahead::default();
    // What has no place in the order yet comes after all that have one.
    ops.iter().filter(|other| other.case() == op.case() && other.seq != 0 && other.seq < op.seq).for_each(|other| ahead.pass(other, wall));
    ahead.blocks(op)
}

/// Would the one hold the other back, if there were nothing else?
pub fn holds_back(before: &Op, op: &Op, wall: Timestamp) -> bool {
    let mut ahead = Ahead::default();
    ahead.pass(before, wall);
    ahead.blocks(op)
}

/// What was looked at is still the next, and nothing came up meanwhile.
pub fn may_go(state: &State, op: &Op) -> bool {
    let at = state.outbox.ops.iter().position(|held| held.id() == op.id());
    let sending = state.outbox.ops.iter().filter(|op| op.state == OpState::Sending).count();
    state.sender && sending < LANES && !stands_still(state) && is_due(state, op) && at.is_some_and(|at| !blocked(&state.outbox.ops, at, state.wall()))
}

/// The attempt: marked durably, then sent.
pub fn push(state: &mut State, mut op: Op) -> Vec<Effect> {
    (op.state, op.not_before, op.changed) = (OpState::Sending, None, state.wall());
    op.tries += 1;
    op.cause = None;
    super::outbox::replace(state, &op);
    vec![Effect::Push(Box::new(op))]
}
