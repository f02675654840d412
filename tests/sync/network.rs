//! The network of the simulation: attempts and readings with every fault that the core can see of it. What a faulty answer proves is
//! said by the real `classify`, what a reading shows by the real `compare`.

use super::disk::Glimpse;
use super::plan::Kind;
use super::world::{Happening, MINUTE, SECOND, World};
use caseload::api::classify::{Heard, classify};
use caseload::app::seen::{Seen, compare};
use caseload::app::{Event, Failure, FailureKind, PullReport};
use caseload::model::{Case, CaseId, Change, Message, Mutation, Op, OpId, OpState, Outcome, Refused};
use std::borrow::Cow;

impl World {
    /// One attempt: marked durably, then sent.
    pub fn push(&mut self, who: usize, op: &Op) {
        if !self.step_row(who, op.clone(), &[OpState::Queued]) {
            return self.load_one(who, op.id());
        }
        self.judge_attempt(who, op);
        self.truth.entry(op.id()).or_default().flying = true;
        if self.fails(self.plan.crash) {
            return self.crash(who);
        }
        let (outcome, wait) = self.fate(self.procs[who].desk, &op.mutation);
        let truth = self.truth.entry(op.id()).or_default();
        truth.unresolved |= matches!(outcome, Outcome::Unknown { .. });
        let life = self.procs[who].life;
        let id = op.id();
        self.later(wait, Happening::Ended { who, life, op: id, event: Box::new(Event::Pushed { op: id, outcome: Box::new(outcome) }) });
    }

    /// What becomes of a request, and how long that takes.
    fn fate(&mut self, desk: usize, mutation: &Mutation) -> (Outcome, i64) {
        self.found.attempts += 1;
        let quick = self.dice.millis(30, 2 * SECOND);
        if !self.calm && self.desks[desk].offline > self.now {
            return (heard(mutation, &Heard::NeverLeft { why: "connection refused".into() }), quick);
        }
        if !self.calm && self.desks[desk].locked_out > self.now {
            return (heard(mutation, &answer(401, None, b"{}")), quick);
        }
        if self.fails(self.plan.refused) {
            return (self.turned_away(mutation), quick);
        }
        if self.fails(self.plan.ambiguous) {
            self.found.ambiguous += 1;
            return self.nobody_knows(mutation);
        }
        if self.fails(self.plan.repeated) {
            self.truth.entry(mutation.op).or_default().repeated = true;
            let _first = self.arrive(mutation);
        }
        (self.arrive(mutation), quick)
    }

    /// Surely without an effect.
    fn turned_away(&mut self, mutation: &Mutation) -> Outcome {
        let wait = self.dice.pick(&[None, Some(0), Some(7), Some(60), Some(1_000_000_000)]);
        match self.dice.below(12) {
            0..6 => heard(mutation, &answer(429, wait, b"slow down")),
            6 => heard(mutation, &answer(403, None, b"{\"error\":{\"type\":\"FORBIDDEN\"}}")),
            _ => heard(mutation, &Heard::NeverLeft { why: "no route".into() }),
        }
    }

    /// Lost, applied, cut off, late: the answer proves nothing.
    fn nobody_knows(&mut self, mutation: &Mutation) -> (Outcome, i64) {
        let silence = Heard::Silence { why: "connection closed".into() };
        let status = self.dice.pick(&[500, 502, 503, 504]);
        let (applied, said, wait) = match self.dice.below(10) {
            0 => (false, silence, self.dice.millis(0, MINUTE)),
            1 | 2 => (true, silence, self.dice.millis(0, MINUTE)),
            3 | 4 => (true, Heard::Answer { status: 200, retry_after: None, whole: false, body: b"{\"data\":{\"id\"".to_vec() }, SECOND),
            5 => (false, answer(status, None, b"<html>bad gateway"), 30 * SECOND),
            6 => (true, answer(status, None, b"{}"), 30 * SECOND),
            7 => (false, answer(self.dice.pick(&[200, 302, 408, 425]), None, b"<html>log in"), SECOND),
            _ => {
                let late = MINUTE + self.dice.millis(0, self.plan.latest as i64 * SECOND);
                self.later(late, Happening::Arrives { mutation: Box::new(mutation.clone()) });
                (false, silence, MINUTE)
            }
        };
        if applied {
            let _nobody_hears = self.arrive(mutation);
        }
        (heard(mutation, &said), wait)
    }

    /// The server takes a request: with keys it knows a second one, without it stores it again.
    pub fn arrive(&mut self, mutation: &Mutation) -> Outcome {
        let now = self.now;
        let truth = self.truth.entry(mutation.op).or_default();
        if let Some(name) = truth.applied.filter(|_| self.plan.kind == Kind::Keys) {
            return accepted(mutation, Some(name).filter(|name| *name > 0));
        }
        match self.server.take(mutation, now) {
            Ok(name) => {
                truth.applied = truth.applied.or(Some(name.unwrap_or(0)));
                truth.copies.extend(name);
                accepted(mutation, name)
            }
            Err(refused) => Outcome::RefusedState { cause: said(&refused) },
        }
    }

    /// A reading of one case, for one operation.
    pub fn look(&mut self, who: usize, op: &Op) {
        let desk = self.procs[who].desk;
        let wait = self.dice.millis(30, 1500);
        let result = if !self.calm && self.desks[desk].offline > self.now {
            Err(failure(FailureKind::Offline))
        } else if !self.calm && self.desks[desk].locked_out > self.now {
            Err(failure(FailureKind::Unauthorized))
        } else if self.fails(self.plan.unread) {
            let kind = self.dice.pick(&[FailureKind::Offline, FailureKind::Other]);
            Err(failure(kind))
        } else {
            self.shown(who, op)
        };
        let life = self.procs[who].life;
        self.later(wait, Happening::Event { who, life, event: Box::new(Event::Looked { op: op.id(), result: Box::new(result) }) });
    }

    fn shown(&mut self, who: usize, op: &Op) -> Result<Seen, Failure> {
        let lag = if self.fails(self.plan.stale) { self.dice.millis(0, self.plan.lag as i64 * SECOND) } else { 0 };
        // Before an attempt a part can't be told from the whole: that nothing is missing then is the reader's to see to. So it is where
        // readings are bound to be young.
        let partial = op.state == OpState::Unknown && self.plan.lag > 60 && self.fails(self.plan.unread);
        let roll = self.dice.below(1000) as usize;
        let cut = self.now - lag;
        self.procs[who].looked.insert(op.id(), cut);
        if op.mutation.change == Change::Reopen {
            let open = self.server.reopened(op.case(), op.mutation.thread);
            return Ok(Seen { server_id: open, reached: open.is_some(), whole: true, tries: Some(op.tries), ..Seen::default() });
        }
        let keys = self.plan.kind == Kind::Keys;
        let held = self.server.held(op.case());
        if held.gone {
            return Err(failure(FailureKind::NotFound));
        }
        let case = held.view(cut);
        let messages: Cow<[Message]> = if keys && op.state == OpState::Queued && op.tries == 0 {
            Cow::Owned(glance(op, &case))
        } else if partial {
            Cow::Borrowed(&case.messages[..case.messages.len() * roll / 1000])
        } else {
            Cow::Borrowed(&case.messages)
        };
        Ok(Seen { keys, ..compare(op, &case, &messages) })
    }

    /// A pull, or the reading of one case.
    pub fn ask(&mut self, who: usize, case: Option<CaseId>) {
        let (life, wait) = (self.procs[who].life, self.dice.millis(100, 3 * SECOND));
        self.later(wait, Happening::Read { who, life, case });
    }

    pub fn read(&mut self, who: usize, life: u32, case: Option<CaseId>) {
        if self.procs[who].life != life {
            return;
        }
        let desk = self.procs[who].desk;
        let away = !self.calm && (self.desks[desk].offline > self.now || self.desks[desk].locked_out > self.now);
        if away || self.fails(self.plan.unread) {
            let kind = if self.desks[desk].locked_out > self.now { FailureKind::Unauthorized } else { FailureKind::Offline };
            return self.feed(who, ended(case, Err(failure(kind))));
        }
        self.refresh(desk);
        let to = self.server.marks.len();
        let from = if case.is_some() { to.saturating_sub(60) } else { self.procs[who].pulled };
        let ours = |op: &OpId| self.truth.get(op).is_some_and(|truth| truth.desk == desk);
        let marks = self.server.marks[from..].iter().filter(|(_, op, _, of)| case.is_none_or(|case| *of == case) && ours(op));
        let seen: Vec<(OpId, i64)> = marks.map(|(_, op, name, _)| (*op, *name)).collect();
        if case.is_none() {
            self.procs[who].pulled = to;
            self.desks[desk].pulled = to;
            self.procs[who].stale = true;
            self.watch_soon(who);
        }
        self.sight(who, &seen);
        if self.procs[who].life == life {
            self.feed(who, ended(case, Ok(())));
        }
    }

    pub fn sight(&mut self, who: usize, seen: &[(OpId, i64)]) {
        if seen.is_empty() {
            return;
        }
        let life = self.procs[who].life;
        self.feed(who, Event::Sighted(seen.to_vec()));
        if self.procs[who].life == life && self.procs[who].unsaved.is_empty() {
            self.judge_sighted(who, seen);
        }
    }

    /// The cache of a desk follows the server.
    fn refresh(&mut self, desk: usize) {
        let held = &mut self.desks[desk];
        let known = held.glimpses.len();
        held.glimpses.resize(self.server.cases.len(), Glimpse::default());
        for (at, case) in self.server.cases.iter().enumerate() {
            if case.changed > held.read || at >= known {
                held.glimpses[at] = Glimpse { status: case.case.status.clone(), owners: case.owners(), heard: case.heard(), gone: case.gone };
            }
        }
        held.read = self.now - 1;
    }

    /// Every desk reads once more what is not settled, and what is there twice.
    pub fn last_look(&mut self) {
        for who in 0..self.procs.len() {
            let desk = self.procs[who].desk;
            if self.procs[who].state.is_none() || self.desks[desk].holder != Some(who) || self.plan.kind == Kind::Drops {
                continue;
            }
            let unsettled = |op: &OpId| self.truth.get(op).is_some_and(|truth| truth.desk == desk && (truth.copies.len() > 1 || !self.is_sent(desk, *op)));
            let marks: Vec<(OpId, i64)> = self.server.marks.iter().filter(|(_, op, ..)| unsettled(op)).map(|(_, op, name, _)| (*op, *name)).collect();
            self.sight(who, &marks);
        }
    }
}

/// What is read before an attempt under a key: only what was said since.
fn glance(op: &Op, case: &Case) -> Vec<Message> {
    match (&op.mutation.change, op.heard()) {
        (Change::Edit { message, .. } | Change::Delete { message }, _) => case.messages.iter().filter(|held| held.id == *message).cloned().collect(),
        (Change::Reply { .. } | Change::Close { .. }, Some(heard)) => {
            let from = case.messages.partition_point(|message| message.id <= heard);
            case.messages[from..].iter().filter(|message| message.from_contact()).cloned().collect()
        }
        _ => Vec::new(),
    }
}

fn accepted(mutation: &Mutation, server_id: Option<i64>) -> Outcome {
    Outcome::Accepted { server_id, case: None, message: mutation.change.adds_message().then(Box::default) }
}

fn ended(case: Option<CaseId>, result: Result<(), Failure>) -> Event {
    match case {
        Some(case) => Event::Fetched { case, result },
        None => Event::Pulled(result.map(|()| PullReport::default())),
    }
}

fn heard(mutation: &Mutation, heard: &Heard) -> Outcome {
    classify(mutation, &Case::default(), heard)
}

fn answer(status: u16, retry_after: Option<u64>, body: &[u8]) -> Heard {
    Heard::Answer { status, retry_after, whole: true, body: body.to_vec() }
}

fn said(refused: &Refused) -> String {
    match refused {
        Refused::NotActive(..) => "not active",
        Refused::Closed(_) => "closed",
        Refused::NoMessage(_) => "no message",
        Refused::NotYours(_) => "not yours",
        Refused::FieldChanged(..) => "changed by somebody else",
        Refused::NoContact(_) => "no contact",
    }
    .to_owned()
}

fn failure(kind: FailureKind) -> Failure {
    Failure { kind, text: "timed out".to_owned() }
}
