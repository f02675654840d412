//! The people of the simulation: agents who compose, take back and decide, customers who write at any moment, colleagues who close,
//! reopen, edit, delete, claim and merge what others work on.

use super::process::Process;
use super::world::{HOUR, Happening, MINUTE, SECOND, World, ts};
use caseload::app::{Decision, Event, later, outbox, review};
use caseload::model::{Actor, CaseId, Change, Due, MessageId, Mutation, Op, OpId, OpState, SenderType, Status, ThreadId, UserId};
use chrono::Duration;
use tui_textarea::{Input, Key};

/// The user of the colleagues, who work in the vendor's own program.
const COLLEAGUE: i64 = 99;

impl World {
    /// A living screen of the desk.
    fn screen(&mut self, desk: usize) -> Option<usize> {
        let alive: Vec<usize> =
            (0..self.procs.len()).filter(|who| self.procs[*who].desk == desk && self.procs[*who].screen && self.procs[*who].state.is_some()).collect();
        (!alive.is_empty()).then(|| self.dice.pick(&alive))
    }

    pub fn compose(&mut self, desk: usize) {
        if self.left == 0 {
            return;
        }
        let wait = if self.plan.drain { self.dice.millis(0, 3 * HOUR) } else { self.dice.millis(0, 14 * SECOND) };
        self.later(wait, Happening::Composes { desk });
        self.spell(desk);
        let Some(who) = self.screen(desk) else { return };
        let (slot, roll) = (self.dice.below(self.server.slots()) as usize, self.dice.below(1 << 20));
        let at = self.server.slot(slot, roll, self.now);
        let Some(glimpse) = self.desks[desk].glimpses.get(at).cloned().filter(|glimpse| !glimpse.gone) else { return };
        let case = CaseId(at as i64 + 1);
        let changes = self.changes(desk, case, &glimpse.status);
        if self.plan.beside && self.fails(30) && changes.len() == 1 {
            return self.command(desk, case, changes);
        }
        let speaks = changes.iter().any(Change::adds_message);
        let answers = glimpse.heard.filter(|_| speaks);
        let thread = self.server.held(case).case.thread_id;
        let now = ts(self.now);
        let due = self.due(&changes);
        let Some(state) = self.procs[who].state.as_mut() else { return };
        state.now = now;
        let effects = match due {
            Some(due) => later::act(state, case, thread, changes, answers, due),
            None => outbox::act_in(state, case, thread, changes, answers),
        };
        let life = self.procs[who].life;
        self.procs[who].moved = true;
        self.perform(who, effects);
        if self.fails(20) {
            let event = Event::Pressed(Input { key: Key::Char('z'), ctrl: false, alt: false, shift: false });
            let wait = self.dice.millis(0, 12 * SECOND);
            self.later(wait, Happening::Event { who, life, event: Box::new(event) });
        }
    }

    /// A time for a reply: the world rests longer than that in the end.
    fn due(&mut self, changes: &[Change]) -> Option<Due> {
        let planned = matches!(changes, [Change::Reply { .. }]) && self.dice.chance(self.plan.planned);
        planned.then(|| Due { at: ts(self.now + self.dice.millis(SECOND, 30 * HOUR)), unless: self.dice.chance(500) })
    }

    /// A time without a network, or with a key that is not taken.
    fn spell(&mut self, desk: usize) {
        if self.fails(self.plan.spells) {
            let until = self.now + self.dice.millis(SECOND, 20 * MINUTE);
            if self.dice.chance(250) { self.desks[desk].locked_out = until } else { self.desks[desk].offline = until }
        }
    }

    /// What the agent does to a case that looks like this.
    fn changes(&mut self, desk: usize, case: CaseId, status: &Status) -> Vec<Change> {
        let close = || Change::Close { state: "handled".to_owned() };
        if *status == Status::Closed {
            return vec![Change::Reopen];
        }
        let said = if self.dice.chance(200) { "we are on it".to_owned() } else { format!("reply {}", self.found.composed) };
        let reply = Change::reply(said.clone());
        if *status == Status::Pending {
            return vec![Change::Claim, reply];
        }
        if !self.dice.chance(self.plan.kinds) {
            return vec![reply];
        }
        match self.dice.below(20) {
            0..6 => vec![Change::Note { text: said }],
            6..10 => vec![reply, close()],
            10 => vec![close()],
            11 | 12 => vec![Change::Claim],
            13 if self.plan.snoozes => vec![Change::Snooze { until: ts(self.now) + Duration::minutes(5 + self.dice.below(300) as i64), message: None }],
            14 => vec![Change::Unsnooze],
            15 => vec![Change::Assign { users: vec![UserId(18)], departments: Vec::new() }],
            roll => match self.own(desk, case) {
                Some(message) if roll < 19 => vec![Change::Edit { message, text: format!("{said}, corrected") }],
                Some(message) => vec![Change::Delete { message }],
                None => vec![reply],
            },
        }
    }

    /// A message that the agent wrote.
    fn own(&mut self, desk: usize, case: CaseId) -> Option<MessageId> {
        let me = self.desks[desk].actor.id.0;
        let mine = |message: &&caseload::model::Message| message.sender_type == SenderType::User && message.sender_id == Some(me);
        let ids: Vec<MessageId> = self.server.held(case).case.messages.iter().filter(mine).map(|message| message.id).collect();
        (!ids.is_empty()).then(|| self.dice.pick(&ids))
    }

    /// The same on the command line, as a process of its own.
    fn command(&mut self, desk: usize, case: CaseId, mut changes: Vec<Change>) {
        let idle = (0..self.procs.len()).find(|who| self.procs[*who].desk == desk && !self.procs[*who].screen && self.procs[*who].state.is_none());
        let who = idle.unwrap_or_else(|| {
            self.procs.push(Process::new(desk, false));
            self.procs.len() - 1
        });
        self.procs[who].errand = changes.pop().map(|change| (case, change));
        self.start(who);
    }

    /// The agent looks at what waits, and again if the program died over it.
    pub fn decide(&mut self, desk: usize, id: OpId) {
        let Some(op) = self.desks[desk].rows.iter().find(|op| op.id() == id).cloned() else { return };
        if !matches!(op.state, OpState::NeedsReview | OpState::Failed) {
            return;
        }
        self.found.stuck += u64::from(op.state == OpState::NeedsReview && op.review.is_none());
        self.later(10 * MINUTE, Happening::Decides { desk, op: id });
        let Some(who) = self.screen(desk) else { return };
        let decision = self.decision(&op);
        let truth = self.truth.entry(id).or_default();
        truth.decided = true;
        if matches!(decision, Decision::Retry | Decision::Anyway) {
            truth.again = true;
            truth.unresolved = false;
        }
        self.feed(who, Event::Decided { op: id, decision });
    }

    /// Any of the choices; that it was sent is said only of what was.
    fn decision(&mut self, op: &Op) -> Decision {
        let choices = review::choices(op);
        let there = self.truth.get(&op.id()).is_some_and(|truth| !truth.copies.is_empty());
        let first = choices.first().copied().unwrap_or(Decision::Retry);
        let chosen = if self.dice.chance(600) { first } else { self.dice.pick(&choices) };
        if chosen == Decision::Sent && !there { Decision::Draft } else { chosen }
    }

    pub fn customer(&mut self) {
        self.again(Happening::Customer);
        if self.left > 0 {
            let at = self.server.open[self.dice.below(self.server.slots()) as usize];
            if !self.server.cases[at].case.is_closed() {
                self.server.says(at, self.now);
            }
        }
    }

    /// As often as the plan says, beside what is composed.
    fn again(&mut self, happening: Happening) {
        let mean = 7 * SECOND * 1000 / (self.plan.others as i64).max(1) / self.plan.desks as i64;
        let mean = match happening {
            Happening::Colleague => mean * 40,
            _ => mean,
        };
        let wait = self.dice.millis(0, 2 * mean * if self.plan.drain { 200 } else { 1 });
        self.later(wait, happening);
    }

    pub fn colleague(&mut self) {
        self.again(Happening::Colleague);
        if self.left == 0 {
            return;
        }
        let (now, roll) = (self.now, self.dice.below(24));
        let at = self.server.open[self.dice.below(self.server.slots()) as usize];
        let pick = self.dice.below(1 << 20) as usize;
        let held = &mut self.server.cases[at];
        let messages = &held.case.messages;
        let message = messages.get(pick % messages.len().max(1)).filter(|message| message.sender_type == SenderType::User).map(|message| message.id);
        let change = match (roll, message) {
            (0..3, _) => Change::Close { state: "spam".to_owned() },
            (3..6, _) => Change::Claim,
            (6, _) => {
                held.change(now, &Change::Claim);
                held.gone = true;
                return;
            }
            (7..16, Some(message)) => Change::Edit { message, text: "as our lawyers say".to_owned() },
            (16..19, Some(message)) => Change::Delete { message },
            _ => return,
        };
        held.change(now, &change);
        // An administrator may change what others wrote.
        let owner = message.and_then(|id| held.case.messages.iter().find(|held| held.id == id)).and_then(|message| message.sender_id);
        let by = if matches!(change, Change::Edit { .. } | Change::Delete { .. }) { owner.unwrap_or(COLLEAGUE) } else { COLLEAGUE };
        let actor = Actor { id: UserId(by), name: "Kim".into() };
        let mutation = Mutation { op: OpId(uuid::Uuid::nil()), case: held.case.id, thread: ThreadId(held.case.id.0), at: ts(now), by: actor, change };
        let _refused = mutation.apply(&mut held.case);
    }
}
