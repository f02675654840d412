//! The world of the simulation: agents with disks, a server that decides with `Mutation::apply`, a network with faults.

use super::faults::{Faults, Found};
use caseload::app::{Ask, Decision, Effect, Event, Failure, FailureKind, Loaded, PullReport, Seen, Settings, State, update};
use caseload::model::{Actor, Case, CaseId, Change, Message, MessageId, MessageKind, Op, OpId, OpState, Outcome, Status, ThreadId, Timestamp, UserId};
use chrono::{Duration, TimeZone, Utc};
use ratatui::layout::Size;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

const CASES: i64 = 40;
const AGENTS: usize = 3;

/// What happens at some time.
enum Happening {
    Answer { agent: usize, life: u64, event: Event },
    Arrives { mutation: Box<caseload::model::Mutation> },
    Composes { agent: usize },
    Decides { agent: usize, op: OpId },
}

struct Agent {
    state: State,
    disk: BTreeMap<OpId, Op>,
    /// Not final; and what became final lately, which pulls still look at.
    live: BTreeSet<OpId>,
    late: VecDeque<OpId>,
    life: u64,
    seq: i64,
}

pub struct World {
    faults: Faults,
    now: Timestamp,
    dice: u64,
    agents: Vec<Agent>,
    cases: BTreeMap<CaseId, Case>,
    /// The names and times of the copies of each operation.
    copies: BTreeMap<OpId, Vec<(MessageId, Timestamp)>>,
    next_message: i64,
    queue: BinaryHeap<Reverse<(Timestamp, u64)>>,
    happenings: BTreeMap<u64, Happening>,
    /// What may be there twice: repeated by a middlebox, or asked for again by an agent.
    excused: BTreeSet<OpId>,
    counter: u64,
    left: u64,
    found: Found,
    calm: bool,
}

impl World {
    pub fn new(seed: u64, faults: Faults) -> Self {
        let now = Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap();
        let case = |id| Case { id: CaseId(id), thread_id: ThreadId(id), status: Status::Active, ..Case::default() };
        let cases = (1..=CASES).map(|id| (CaseId(id), case(id))).collect();
        let mut world = Self {
            faults,
            now,
            dice: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1,
            agents: Vec::new(),
            cases,
            copies: BTreeMap::new(),
            next_message: 0,
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            excused: BTreeSet::new(),
            counter: 0,
            left: 0,
            found: Found::default(),
            calm: false,
        };
        for agent in 0..AGENTS {
            let state = world.born(agent, 0);
            world.agents.push(Agent { state, disk: BTreeMap::new(), live: BTreeSet::new(), late: VecDeque::new(), life: 0, seq: 0 });
            world.feed(agent, Event::Started { last_pull: Some(now) });
            world.feed(agent, Event::Sender(true));
        }
        world
    }

    fn born(&mut self, agent: usize, life: u64) -> State {
        let session = self.roll(u64::MAX) ^ life;
        let mut state = State::new(Settings::default(), Size::new(80, 24), self.now, session);
        state.me = Some(Actor { id: UserId(i64::try_from(agent).unwrap() + 17), name: "A".into() });
        state.sync.complete = true;
        state.sync.idempotency = self.faults.idempotent;
        state
    }

    fn roll(&mut self, below: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % below
    }

    fn chance(&mut self, thousandths: u64) -> bool {
        !self.calm && self.roll(1000) < thousandths
    }

    fn later(&mut self, wait: Duration, happening: Happening) {
        self.counter += 1;
        self.queue.push(Reverse((self.now + wait, self.counter)));
        self.happenings.insert(self.counter, happening);
    }

    /// Composes so many replies among the faults, then lets the world calm down and come to rest.
    pub fn run(&mut self, replies: u64) {
        self.left = replies;
        for agent in 0..AGENTS {
            self.later(Duration::seconds(1), Happening::Composes { agent });
        }
        while self.left > 0 {
            self.step();
        }
        self.calm = true;
        let rest = self.now + Duration::hours(12);
        while self.now < rest && !self.is_quiet() {
            self.step();
        }
        // A last look at everything, as the next pulls bring it.
        for agent in 0..AGENTS {
            self.pull(agent);
        }
    }

    fn is_quiet(&self) -> bool {
        self.agents.iter().all(|agent| agent.live.is_empty()) && self.happenings.values().all(|happening| matches!(happening, Happening::Composes { .. }))
    }

    /// The next thing, whatever it is.
    fn step(&mut self) {
        let wakes = self.agents.iter().enumerate().filter_map(|(agent, held)| held.state.wake_at().map(|at| (at, agent)));
        let wake = wakes.min();
        let next = self.queue.peek().map(|Reverse((at, _))| *at);
        match (wake, next) {
            (Some((at, agent)), next) if next.is_none_or(|next| at < next) => {
                self.now = self.now.max(at + Duration::milliseconds(1));
                self.feed(agent, Event::Woke);
            }
            _ => {
                let Some(Reverse((at, number))) = self.queue.pop() else { return };
                self.now = self.now.max(at);
                if let Some(happening) = self.happenings.remove(&number) {
                    self.happen(happening);
                }
            }
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Answer { agent, life, event } if self.agents[agent].life == life => self.feed(agent, event),
            Happening::Answer { .. } => {}
            Happening::Arrives { mutation } => drop(self.arrive(&mutation)),
            Happening::Composes { agent } => self.compose(agent),
            Happening::Decides { agent, op } => self.decide(agent, op),
        }
    }

    /// The agent looks at what waits, and again if the program died over it.
    fn decide(&mut self, agent: usize, op: OpId) {
        self.excused.insert(op);
        self.feed(agent, Event::Decided { op, decision: Decision::Retry });
        if self.agents[agent].disk[&op].state == OpState::NeedsReview {
            self.later(Duration::minutes(10), Happening::Decides { agent, op });
        }
    }

    fn compose(&mut self, agent: usize) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        self.found.composed += 1;
        let case = CaseId(i64::try_from(self.roll(CASES.unsigned_abs())).unwrap() + 1);
        let text = format!("reply {}", self.found.composed);
        self.feed(agent, Event::Commanded { case, thread: ThreadId(case.0), change: Change::Reply { text } });
        let wait = Duration::milliseconds(i64::try_from(self.roll(20_000)).unwrap());
        self.later(wait, Happening::Composes { agent });
    }

    fn feed(&mut self, agent: usize, event: Event) {
        let now = self.now;
        let effects = update(&mut self.agents[agent].state, now, event);
        for effect in effects {
            if self.chance(self.faults.crash) {
                return self.crash(agent);
            }
            self.perform(agent, effect);
        }
    }

    /// The process dies; the disk stays, and what was in flight is unknown.
    fn crash(&mut self, agent: usize) {
        self.found.crashes += 1;
        let life = self.agents[agent].life + 1;
        let state = self.born(agent, life);
        let now = self.now;
        let held = &mut self.agents[agent];
        (held.life, held.state) = (life, state);
        for id in &held.live {
            if let Some(op) = held.disk.get_mut(id).filter(|op| op.state == OpState::Sending) {
                (op.state, op.changed) = (OpState::Unknown, now);
            }
        }
        self.feed(agent, Event::Started { last_pull: Some(now) });
        self.feed(agent, Event::Sender(true));
    }

    fn perform(&mut self, agent: usize, effect: Effect) {
        match effect {
            Effect::Queue(ops) => self.store(agent, ops),
            Effect::Advance { op, from } | Effect::Settle { op, from, .. } => self.advance(agent, &op, &from),
            Effect::Load(Ask::Ops) => self.load(agent),
            Effect::Load(Ask::Op(id)) => self.load_one(agent, id),
            Effect::Push(op) => self.push(agent, &op),
            Effect::Look(op) => self.read_back(agent, &op),
            Effect::Pull(_) => self.pull(agent),
            _ => {}
        }
    }

    fn store(&mut self, agent: usize, mut ops: Vec<Op>) {
        let held = &mut self.agents[agent];
        for op in &mut ops {
            held.seq += 1;
            op.seq = held.seq;
            held.disk.insert(op.id(), op.clone());
            held.live.insert(op.id());
        }
        self.feed(agent, Event::Loaded(Box::new(Loaded::Stored(ops))));
    }

    fn moves(&mut self, agent: usize, op: &Op, from: &[OpState]) -> bool {
        let held = &mut self.agents[agent];
        let Some(old) = held.disk.get(&op.id()).filter(|old| from.contains(&old.state)) else { return false };
        let moved = Op { seq: old.seq, ..op.clone() };
        let reviewed = moved.state == OpState::NeedsReview && old.state != OpState::NeedsReview;
        if moved.state.is_final() && held.live.remove(&op.id()) {
            held.late.push_back(op.id());
        }
        held.disk.insert(op.id(), moved);
        if reviewed {
            self.found.reviewed += 1;
            self.later(Duration::minutes(10), Happening::Decides { agent, op: op.id() });
        }
        true
    }

    fn advance(&mut self, agent: usize, op: &Op, from: &[OpState]) {
        if !self.moves(agent, op, from) {
            self.load_one(agent, op.id());
        }
    }

    /// What another process, or a late answer, made of it.
    fn load_one(&mut self, agent: usize, id: OpId) {
        let op = self.agents[agent].disk.get(&id).cloned().map(Box::new);
        self.feed(agent, Event::Loaded(Box::new(Loaded::Op(op))));
    }

    fn load(&mut self, agent: usize) {
        let held = &self.agents[agent];
        let mut ops: Vec<Op> = held.live.iter().map(|id| held.disk[id].clone()).collect();
        ops.sort_by_key(|op| op.seq);
        self.feed(agent, Event::Loaded(Box::new(Loaded::Ops(ops))));
    }

    /// One attempt, through the network.
    fn push(&mut self, agent: usize, op: &Op) {
        if !self.moves(agent, op, &[OpState::Queued]) {
            return self.load_one(agent, op.id());
        }
        if self.chance(self.faults.refused) {
            let retry_after = self.chance(500).then_some(7);
            return self.answer(agent, op, Outcome::NotSent { cause: "refused".into(), retry_after }, 1);
        }
        if self.chance(self.faults.ambiguous) {
            self.found.ambiguous += 1;
            match self.roll(3) {
                0 => {}
                1 => drop(self.arrive(&op.mutation)),
                _ => {
                    let wait = Duration::seconds(i64::try_from(self.roll(self.faults.latest)).unwrap());
                    self.later(wait, Happening::Arrives { mutation: Box::new(op.mutation.clone()) });
                }
            }
            return self.answer(agent, op, Outcome::Unknown { cause: "connection closed".into() }, 60);
        }
        if self.chance(self.faults.repeated) {
            self.excused.insert(op.id());
            let _first = self.arrive(&op.mutation);
        }
        let message = self.arrive(&op.mutation);
        let server_id = Some(message.id.0);
        self.answer(agent, op, Outcome::Accepted { server_id, case: None, message: Some(Box::new(message)) }, 1);
    }

    fn answer(&mut self, agent: usize, op: &Op, outcome: Outcome, seconds: i64) {
        let event = Event::Pushed { op: op.id(), outcome: Box::new(outcome) };
        let life = self.agents[agent].life;
        self.later(Duration::seconds(seconds), Happening::Answer { agent, life, event });
    }

    /// The server takes a request: with keys it knows a second one, without it stores it again.
    fn arrive(&mut self, mutation: &caseload::model::Mutation) -> Message {
        let case = &self.cases[&mutation.case];
        let known = self.copies.get(&mutation.op).and_then(|copies| copies.first()).filter(|_| self.faults.idempotent);
        let text = mutation.change.text().unwrap_or_default();
        let mut message = mutation.message(case, MessageKind::Message, text);
        if let Some((id, _)) = known {
            return Message { id: *id, ..message };
        }
        self.next_message += 1;
        message.id = MessageId(self.next_message);
        self.copies.entry(mutation.op).or_default().push((message.id, self.now));
        message
    }

    /// What a reader sees of a case: markers only where the server keeps them, nothing newer than `until`.
    fn seen(&self, op: OpId, until: Timestamp) -> Vec<i64> {
        if self.faults.drops_meta {
            return Vec::new();
        }
        let there = self.copies.get(&op).into_iter().flatten();
        there.filter(|(_, came)| *came <= until).map(|(id, _)| id.0).collect()
    }

    fn read_back(&mut self, agent: usize, op: &Op) {
        let result = if self.chance(self.faults.stale) {
            Err(Failure { kind: FailureKind::Offline, text: "timed out".into() })
        } else {
            let lag = if self.chance(self.faults.stale) { 30 } else { 0 };
            let ids = self.seen(op.id(), self.now - Duration::seconds(lag));
            Ok(Seen {
                server_id: ids.first().copied(),
                copies: u32::try_from(ids.len()).unwrap(),
                reached: false,
                status: Some(Status::Active),
                whole: true,
                ..Seen::default()
            })
        };
        let life = self.agents[agent].life;
        let event = Event::Looked { op: op.id(), result: Box::new(result) };
        self.later(Duration::seconds(1), Happening::Answer { agent, life, event });
    }

    /// A pull brings the markers of what is not settled, and of what was settled in the last hours.
    fn pull(&mut self, agent: usize) {
        let old = |world: &Self, id: &OpId| world.now - world.agents[agent].disk[id].changed > Duration::hours(2);
        while !self.calm && self.agents[agent].late.front().is_some_and(|id| old(self, id)) {
            self.agents[agent].late.pop_front();
        }
        let held = &self.agents[agent];
        let seen: Vec<(OpId, i64)> = held.late.iter().chain(&held.live).flat_map(|op| self.seen(*op, self.now).into_iter().map(|id| (*op, id))).collect();
        self.feed(agent, Event::Sighted(seen));
        self.feed(agent, Event::Pulled(Ok(PullReport::default())));
    }

    /// Compares what the agents believe with what the server has.
    pub fn found(&self) -> Found {
        let mut found = self.found;
        for agent in &self.agents {
            let mut last: BTreeMap<CaseId, MessageId> = BTreeMap::new();
            let mut ops: Vec<&Op> = agent.disk.values().collect();
            ops.sort_by_key(|op| op.seq);
            for op in ops {
                let there = self.copies.get(&op.id()).map_or(&[][..], Vec::as_slice);
                found.lost += u64::from(op.state == OpState::Sent && there.is_empty());
                found.stuck += u64::from(!op.state.is_final());
                found.doubled += u64::from(there.len() > 1);
                found.resent_blindly += u64::from(there.len() > 1 && !self.excused.contains(&op.id()));
                // Without a marker nobody can see a second copy but the agent, who decided to send again.
                let told = op.twins > 0 || self.faults.drops_meta && op.tries > 1;
                found.silently_doubled += u64::from(there.len() > 1 && !told && !(self.faults.drops_meta && there.len() <= 2));
                if let (Some((first, _)), OpState::Sent) = (there.first(), op.state) {
                    let before = last.insert(op.case(), *first);
                    found.out_of_order += u64::from(before.is_some_and(|before| before > *first));
                }
            }
        }
        found
    }
}
