//! The disk of a desk, and effects that become deeds on it as `runtime::perform` does them: in their order, at once; where one is
//! refused, moves are kept, what was to be sent is not, and the core hears why.

use super::plan::Plan;
use super::world::{Happening, MINUTE, SECOND, Truth, World, ts};
use caseload::app::{Ask, Effect, Event, Loaded};
use caseload::model::{Actor, Change, MessageId, Op, OpId, OpState, Outcome, Review, Saw, Status, UserId};
use std::collections::HashMap;

/// Between two looks at what others wrote.
pub const WATCH: i64 = 1500;

/// What the cache of a desk has of a case.
#[derive(Clone, Default)]
pub struct Glimpse {
    pub status: Status,
    pub owners: Vec<UserId>,
    pub heard: Option<MessageId>,
    pub gone: bool,
}

pub struct Desk {
    pub actor: Actor,
    /// What is not final, in its order; and what is.
    pub rows: Vec<Op>,
    pub done: HashMap<OpId, Op>,
    pub marker: Option<bool>,
    pub seq: i64,
    /// The process that sends.
    pub holder: Option<usize>,
    pub glimpses: Vec<Glimpse>,
    /// When the cache was read, and which marker was the last one then.
    pub read: i64,
    pub pulled: usize,
    /// Until then there is no network, the key is not taken, the disk is full.
    pub offline: i64,
    pub locked_out: i64,
    pub full: i64,
}

impl Desk {
    pub fn new(desk: usize, plan: &Plan) -> Self {
        let id = if plan.shared { 17 } else { 17 + desk as i64 };
        let marker = plan.known.then_some(plan.kind != super::plan::Kind::Drops);
        Self {
            actor: Actor { id: UserId(id), name: "Ola".into() },
            rows: Vec::new(),
            done: HashMap::new(),
            marker,
            seq: 0,
            holder: None,
            glimpses: Vec::new(),
            read: -1,
            pulled: 0,
            offline: 0,
            locked_out: 0,
            full: 0,
        }
    }

    pub fn row(&self, id: OpId) -> Option<&Op> {
        self.rows.iter().find(|op| op.id() == id).or_else(|| self.done.get(&id))
    }
}

impl World {
    pub fn perform(&mut self, who: usize, effects: Vec<Effect>) {
        let life = self.procs[who].life;
        let mut effects = effects.into_iter();
        while let Some(effect) = effects.next() {
            if self.fails(self.plan.crash) {
                self.crash(who);
            }
            if self.procs[who].life != life {
                return;
            }
            let refused = writes(&effect) && (!self.caught_up(who) || self.refuses(who));
            // What had to be written first may have been its last deed.
            if self.procs[who].life != life {
                return;
            }
            if refused {
                return self.undone(who, std::iter::once(effect).chain(effects));
            }
            self.deed(who, effect);
        }
    }

    /// Is the disk full?
    fn refuses(&mut self, who: usize) -> bool {
        let desk = self.procs[who].desk;
        if self.fails(self.plan.disk) {
            self.found.disk_failures += 1;
            self.desks[desk].full = self.now + self.dice.millis(10, 20 * SECOND);
        }
        !self.calm && self.desks[desk].full > self.now
    }

    /// What was refused before is written before anything else.
    fn caught_up(&mut self, who: usize) -> bool {
        let held = &mut self.procs[who];
        if held.unsaved.is_empty() || std::mem::replace(&mut held.catching_up, true) {
            return true;
        }
        let life = held.life;
        while self.procs[who].life == life && !self.procs[who].unsaved.is_empty() {
            if self.refuses(who) {
                self.procs[who].catching_up = false;
                return false;
            }
            let effect = self.procs[who].unsaved.remove(0);
            self.deed(who, effect);
        }
        if self.procs[who].life == life {
            self.procs[who].catching_up = false;
            self.load_all(who);
        }
        true
    }

    pub fn save_what_waits(&mut self, who: usize) {
        if !self.caught_up(who) {
            self.watch_soon(who);
        }
    }

    fn undone(&mut self, who: usize, effects: impl Iterator<Item = Effect>) {
        let mut stopped = Vec::new();
        for effect in effects {
            match effect {
                Effect::Advance { .. } | Effect::AdvanceAll { .. } | Effect::Settle { .. } | Effect::Swap { .. } | Effect::Learn { .. } => {
                    self.procs[who].unsaved.push(effect);
                }
                Effect::Push(op) => stopped.push(op.id()),
                _ => {}
            }
        }
        self.watch_soon(who);
        for op in stopped {
            self.feed(who, Event::Unmarked(op));
        }
        self.feed(who, Event::DiskFailed("the disk is full".to_owned()));
    }

    fn deed(&mut self, who: usize, effect: Effect) {
        let desk = self.procs[who].desk;
        match effect {
            Effect::Queue(ops) => self.queue(who, ops),
            Effect::Advance { op, from } => self.advance(who, *op, &from),
            Effect::AdvanceAll { ops, from } => ops.into_iter().for_each(|op| self.advance(who, op, &from)),
            Effect::Settle { op, from, outcome } => {
                let arrived = matches!(*outcome, Outcome::Accepted { .. });
                self.found.stuck += u64::from(arrived && op.state != OpState::Sent);
                self.advance(who, *op, &from);
            }
            Effect::Swap { op, from, into } => {
                if self.step_row(who, *op, &from) {
                    self.queue(who, into);
                } else {
                    self.load_all(who);
                }
            }
            Effect::Learn { marker } => self.desks[desk].marker = Some(marker),
            Effect::Load(Ask::Ops) => self.load_all(who),
            Effect::Load(Ask::Op(id)) => self.load_one(who, id),
            Effect::Load(Ask::Marker) => {
                let marker = self.desks[desk].marker;
                self.feed(who, Event::Loaded(Box::new(Loaded::Marker(marker))));
            }
            Effect::Push(op) => self.push(who, &op),
            Effect::Look(op) => self.look(who, &op),
            Effect::Pull(_) => self.ask(who, None),
            Effect::Fetch(case) => self.ask(who, Some(case)),
            Effect::Quit => self.end(who),
            _ => {}
        }
    }

    /// Committed first, then said: a process may die in between.
    fn queue(&mut self, who: usize, mut ops: Vec<Op>) {
        let desk = self.procs[who].desk;
        for op in &mut ops {
            self.desks[desk].seq += 1;
            op.seq = self.desks[desk].seq;
            if op.saw.is_none() {
                op.saw = self.saw(desk, op);
            }
            let text = op.saw.as_ref().and_then(|saw| saw.text.clone());
            self.truth.insert(op.id(), Truth { desk, born: self.now, heard: op.heard(), text, ..Truth::default() });
            self.order.push(op.id());
            self.found.ops += 1;
            if matches!(op.mutation.change, Change::Reply { .. }) {
                self.found.composed += 1;
                self.left = self.left.saturating_sub(1);
            }
            self.desks[desk].rows.push(op.clone());
        }
        self.wrote(who);
        if self.fails(self.plan.crash) {
            return self.crash(who);
        }
        self.feed(who, Event::Loaded(Box::new(Loaded::Stored(ops))));
    }

    /// As the store notes it, from the cache.
    fn saw(&mut self, desk: usize, op: &Op) -> Option<Saw> {
        let glimpse = self.desks[desk].glimpses.get(op.case().0 as usize - 1).cloned()?;
        let text = match &op.mutation.change {
            Change::Edit { message, .. } | Change::Delete { message } => self.server.held(op.case()).text(*message),
            _ => None,
        };
        let speaks = matches!(op.mutation.change, Change::Reply { .. } | Change::Close { .. });
        let heard = glimpse.heard.filter(|_| speaks && op.answers.is_none());
        Some(Saw { status: Some(glimpse.status), owners: glimpse.owners, text, heard, said: None })
    }

    /// Moves a row, if it stands where it should.
    pub fn step_row(&mut self, who: usize, op: Op, from: &[OpState]) -> bool {
        let desk = self.procs[who].desk;
        let held = &mut self.desks[desk];
        let at = held.rows.iter().position(|row| row.id() == op.id());
        let old = at.map(|at| &held.rows[at]).or_else(|| held.done.get(&op.id()));
        let Some((was, seq)) = old.filter(|old| from.contains(&old.state)).map(|old| (old.state, old.seq)) else { return false };
        let moved = Op { seq, ..op };
        if moved.state != was && matches!(moved.state, OpState::NeedsReview | OpState::Failed) {
            self.waits(desk, &moved);
        }
        let held = &mut self.desks[desk];
        match (at, moved.state.is_final()) {
            (Some(at), false) => held.rows[at] = moved,
            (Some(at), true) => {
                held.rows.remove(at);
                held.done.insert(moved.id(), moved);
            }
            (None, true) => drop(held.done.insert(moved.id(), moved)),
            (None, false) => {
                held.done.remove(&moved.id());
                let at = held.rows.partition_point(|row| row.seq < moved.seq);
                held.rows.insert(at, moved);
            }
        }
        self.wrote(who);
        true
    }

    /// The agent will have a look at it.
    fn waits(&mut self, desk: usize, op: &Op) {
        if op.mutation.change.adds_message() && op.state == OpState::NeedsReview {
            let doubtful = matches!(op.review, Some(Review::Absent | Review::Unreadable | Review::Several { .. }));
            self.found.reviewed += u64::from(doubtful);
            self.found.asked += u64::from(!doubtful);
        }
        let wait = self.dice.millis(SECOND, 20 * MINUTE);
        self.later(wait, Happening::Decides { desk, op: op.id() });
    }

    fn advance(&mut self, who: usize, op: Op, from: &[OpState]) {
        let id = op.id();
        if !self.step_row(who, op, from) {
            self.load_one(who, id);
        }
    }

    /// The disk is behind: what it has of operations is read when it caught up.
    fn behind(&self, who: usize) -> bool {
        self.procs[who].catching_up || !self.procs[who].unsaved.is_empty()
    }

    pub fn load_one(&mut self, who: usize, id: OpId) {
        if self.behind(who) {
            return;
        }
        let op = self.desks[self.procs[who].desk].row(id).cloned().map(Box::new);
        self.feed(who, Event::Loaded(Box::new(Loaded::Op(op))));
    }

    fn load_all(&mut self, who: usize) {
        if self.behind(who) {
            return;
        }
        let ops = self.desks[self.procs[who].desk].rows.clone();
        self.feed(who, Event::Loaded(Box::new(Loaded::Ops(ops))));
    }

    /// What a dead process was sending has an unknown end.
    pub fn recover(&mut self, desk: usize) {
        let now = ts(self.now);
        for op in self.desks[desk].rows.iter_mut().filter(|op| op.state == OpState::Sending) {
            (op.state, op.changed) = (OpState::Unknown, now);
            let truth = self.truth.entry(op.id()).or_default();
            (truth.flying, truth.unresolved) = (false, true);
        }
    }
}

fn writes(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Queue(_)
            | Effect::Advance { .. }
            | Effect::AdvanceAll { .. }
            | Effect::Settle { .. }
            | Effect::Swap { .. }
            | Effect::Push(_)
            | Effect::Learn { .. }
    )
}
