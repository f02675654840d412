//! What must hold, looked at from outside: at every attempt, at every marker that was brought, and when the world came to rest.

use super::plan::Kind;
use super::world::{MINUTE, World, ts};
use caseload::model::{CaseId, Change, Op, OpId, OpState};
use std::collections::HashMap;

/// Lanes that send at the same time.
const LANES: usize = 4;

impl World {
    pub fn is_sent(&self, desk: usize, op: OpId) -> bool {
        self.desks[desk].done.get(&op).is_some_and(|op| op.state == OpState::Sent)
    }

    /// An attempt begins: may it?
    pub fn judge_attempt(&mut self, who: usize, op: &Op) {
        let desk = self.procs[who].desk;
        let held = &self.desks[desk];
        let sending = || held.rows.iter().filter(|row| row.state == OpState::Sending);
        let lane = held.rows.iter().filter(|row| row.case() == op.case() && row.id() != op.id() && matches!(row.state, OpState::Sending | OpState::Unknown));
        let wrong = held.holder != Some(who) || self.truth[&op.id()].flying || lane.count() > 0 || sending().count() > LANES;
        if wrong {
            self.found.at_once += 1;
            let sender = held.holder == Some(who);
            let moving = held.rows.iter().filter(|row| matches!(row.state, OpState::Sending | OpState::Unknown));
            let moving: Vec<_> = moving.map(|row| (row.seq, row.case(), row.state, &row.cause)).collect();
            self.complain(format_args!("at once: {} {} sender {sender}, flying {}, {moving:?}", op.seq, op.case(), self.truth[&op.id()].flying));
        }
        let held = &self.desks[desk];
        if matches!(op.mutation.change, Change::Close { .. }) {
            let before = held.rows.iter().filter(|row| row.case() == op.case() && row.seq < op.seq && row.mutation.change.adds_message());
            let count = before.count() as u64;
            self.found.closed_too_early += count;
            if count > 0 {
                self.complain(format_args!("too early: {op:?} before {:?}", self.desks[desk].rows));
            }
        }
        if op.due.is_some_and(|due| due.at > ts(self.now)) {
            self.found.premature += 1;
            self.complain(format_args!("premature: {op:?} at {}", ts(self.now)));
        }
        self.judge_again(op);
        self.judge_blind(who, op);
    }

    /// After an attempt of unknown end nothing goes out again but by a key, by the agent's word, or once where that was asked for.
    fn judge_again(&mut self, op: &Op) {
        let truth = &self.truth[&op.id()];
        let change = &op.mutation.change;
        let twice_is_once = !change.adds_message() && !matches!(change, Change::Reopen | Change::Snooze { .. });
        let keyed = self.plan.kind == Kind::Keys && *change != Change::Reopen;
        let once = op.resends == 1 && (self.plan.once || matches!(change, Change::Note { .. }));
        if truth.unresolved && !(twice_is_once || keyed || once) {
            self.found.resent_blindly += 1;
            self.complain(format_args!("blindly: {op:?}"));
        }
    }

    /// The agent must have known what the last look showed, or have said that it goes all the same.
    fn judge_blind(&mut self, who: usize, op: &Op) {
        let truth = &self.truth[&op.id()];
        let cut = self.procs[who].looked.get(&op.id()).copied().unwrap_or(self.now);
        let case = self.server.cases[op.case().0 as usize - 1].view(cut);
        let row = self.desks[self.procs[who].desk].row(op.id());
        if op.allowed || row.is_some_and(|row| row.allowed) {
            return;
        }
        let speaks = matches!(op.mutation.change, Change::Reply { .. } | Change::Close { .. });
        // Of what was planned for a time the agent said whether it goes whatever comes.
        let stops = op.due.map_or(self.now - truth.born > 15 * MINUTE + 5000, |due| due.unless);
        if let Some(heard) = truth.heard.filter(|_| speaks && stops) {
            let newer = case.messages.iter().any(|message| message.from_contact() && message.id > heard);
            if newer {
                self.found.stale_sent += 1;
                self.complain(format_args!("stale: born {} cut {cut} heard {heard} {op:?}", truth.born));
            }
        }
        if let (Change::Edit { message, .. } | Change::Delete { message }, Some(was)) = (&op.mutation.change, &truth.text) {
            let now = case.messages.iter().find(|held| held.id == *message);
            if now.is_some_and(|now| now.message != *was) {
                self.found.overwritten += 1;
                self.complain(format_args!("overwrites: saw {was:?} cut {cut} {op:?} {now:?}"));
            }
        }
    }

    /// Markers were brought to a desk: what carries them is sent, whatever was believed of it.
    pub fn judge_sighted(&mut self, who: usize, seen: &[(OpId, i64)]) {
        let desk = self.procs[who].desk;
        // What the one that sends is about to find out itself, the others may leave to it.
        let sends = self.desks[desk].holder == Some(who);
        for (op, _) in seen {
            let row = self.desks[desk].row(*op);
            let held = self.procs[who].state.as_ref().and_then(|state| state.outbox.ops.iter().find(|held| held.id() == *op)).map(|op| op.state);
            // What is being sent is proven by its own answer, or by this marker when none comes.
            let known = held == Some(OpState::Sending)
                || row.is_some_and(|op| match op.state {
                    OpState::Sent | OpState::Sending => true,
                    OpState::Unknown | OpState::Queued => !sends,
                    _ => false,
                });
            if !known {
                self.complain(format_args!("ignored {:?} {held:?}", row.map(|op| (op.state, op.mutation.change.kind()))));
            }
            self.found.ignored += u64::from(!known);
        }
    }

    /// The world came to rest.
    pub fn judge(&mut self) {
        let mut found = self.found;
        for (desk, op) in self.desks.iter().enumerate().flat_map(|(at, desk)| desk.rows.iter().map(move |op| (at, op))) {
            let held = self.procs.iter().filter(|held| held.desk == desk).filter_map(|held| held.state.as_ref());
            let held = held.map(|state| {
                (
                    state.sender,
                    state.sync.link,
                    state.watch.looking.len(),
                    state.watch.seeking.len(),
                    state.outbox.ops.iter().find(|held| held.id() == op.id()).map(|op| op.state),
                )
            });
            self.complain(format_args!("stuck: {op:?} {:?}", held.collect::<Vec<_>>()));
        }
        found.stuck += self.desks.iter().map(|desk| desk.rows.len() as u64).sum::<u64>();
        for desk in 0..self.desks.len() {
            let mut ops: Vec<&Op> = self.desks[desk].done.values().collect();
            ops.sort_unstable_by_key(|op| op.seq);
            let mut last: HashMap<CaseId, (i64, &Op)> = HashMap::new();
            for op in ops {
                let truth = &self.truth[&op.id()];
                found.sent += u64::from(op.state == OpState::Sent);
                found.planned += u64::from(op.state == OpState::Sent && op.due.is_some());
                found.cancelled += u64::from(op.state == OpState::Cancelled);
                if !op.mutation.change.adds_message() {
                    let nowhere = op.state == OpState::Sent && op.proof.as_deref() == Some("response") && truth.applied.is_none();
                    found.lost += u64::from(nowhere);
                    continue;
                }
                self.judge_message(op, &mut found);
                // What the agent took out of the order is out of it, and so is what was taken for another's.
                let in_order = op.state == OpState::Sent && op.due.is_none() && !truth.decided && op.proof.as_deref() != Some("heuristic");
                if let Some(first) = truth.copies.first().filter(|_| in_order) {
                    let before = last.insert(op.case(), (*first, op));
                    // What another process composed a moment ago, the one that sends has not heard of yet.
                    let known = |op: &Op| truth.born - self.truth[&op.id()].born > 5000;
                    if before.is_some_and(|(before, op)| before > *first && known(op)) {
                        found.out_of_order += 1;
                        self.complain(format_args!("out of order: {before:?} {:?} {op:?}", truth.copies));
                    }
                }
            }
        }
        let kept: usize = self.desks.iter().map(|desk| desk.rows.len() + desk.done.len()).sum();
        found.lost += (self.order.len() - kept) as u64;
        self.found = found;
    }

    fn judge_message(&self, op: &Op, found: &mut super::plan::Found) {
        let truth = &self.truth[&op.id()];
        let (copies, drops) = (truth.copies.len(), self.plan.kind == Kind::Drops);
        let by_words = op.proof.as_deref() == Some("heuristic");
        match op.state {
            OpState::Sent if copies == 0 => {
                // The same words of another reply, and no marker: an older replica, a colleague under the same name. It is shown with a `~`.
                let excused = by_words && drops;
                found.guessed += u64::from(excused);
                found.lost += u64::from(!excused && op.proof.as_deref() != Some("human"));
                if !excused {
                    let other = self
                        .desks
                        .iter()
                        .flat_map(|desk| desk.done.values())
                        .find(|other| op.server_id.is_some() && other.id() != op.id() && self.truth[&other.id()].copies.first() == op.server_id.as_ref());
                    self.complain(format_args!("lost: {op:?} but {other:?}"));
                }
            }
            // Taken back and there: told where it can be seen, else the agent was told that it may still arrive.
            OpState::Cancelled if copies > 0 && !drops => {
                found.silently_doubled += 1;
                self.complain(format_args!("taken back and there: {op:?}"));
            }
            _ => {}
        }
        if copies > 1 {
            found.doubled += 1;
            let told = if drops { truth.again || truth.repeated } else { op.twins > 0 };
            if !told {
                self.complain(format_args!("twice: {op:?} {:?}", truth.copies));
            }
            found.silently_doubled += u64::from(!told);
        }
    }

    /// Says more of a world that is run alone.
    pub fn complain(&self, what: std::fmt::Arguments) {
        if std::env::var_os("CASELOAD_WORLD").is_some() {
            eprintln!("{} at {}: {what}", self.seed, self.now);
        }
    }
}
