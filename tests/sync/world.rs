//! The world of the simulation: who is in it, what happens next, and the clock that jumps there. The real core decides, with the
//! real comparison; disks, network, server and people are models.

use super::disk::Desk;
use super::plan::{Dice, Found, Plan};
use super::process::Process;
use super::server::Server;
use caseload::app::Event;
use caseload::model::{CaseId, MessageId, Mutation, OpId, Timestamp, Untrusted};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

pub const SECOND: i64 = 1000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
/// 2026-11-23 09:00:00 UTC.
const MORNING: i64 = 1_795_424_400_000;
/// So many steps without time going on are a loop.
const SPIN: u32 = 20_000;

/// A moment of the world, in milliseconds since its morning.
pub fn ts(at: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(MORNING + at).unwrap()
}

pub fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis() - MORNING
}

/// What happens at some time.
pub enum Happening {
    /// To a process, if it still lives.
    Event {
        who: usize,
        life: u32,
        event: Box<Event>,
    },
    /// An attempt of this process ended.
    Ended {
        who: usize,
        life: u32,
        event: Box<Event>,
        op: OpId,
    },
    /// A request that was on its way for long.
    Arrives {
        mutation: Box<Mutation>,
    },
    Composes {
        desk: usize,
    },
    Decides {
        desk: usize,
        op: OpId,
    },
    /// A process looks at what others did.
    Watches {
        who: usize,
        life: u32,
    },
    Starts {
        who: usize,
    },
    Customer,
    Colleague,
    /// A pull, or the reading of one case, came to its end.
    Read {
        who: usize,
        life: u32,
        case: Option<CaseId>,
    },
}

/// What is known of an operation here that nobody in the world knows.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
pub struct Truth {
    pub desk: usize,
    pub born: i64,
    /// The names of its copies at the server, in the order in which they came.
    pub copies: Vec<i64>,
    pub applied: Option<i64>,
    pub flying: bool,
    /// An attempt of unknown end was made, and neither evidence nor the agent had a word since.
    pub unresolved: bool,
    /// A middlebox repeated it; the agent ever wanted it again; the agent was ever asked.
    pub repeated: bool,
    pub again: bool,
    /// The agent ever decided about it.
    pub decided: bool,
    /// What the agent had seen when it was composed.
    pub heard: Option<MessageId>,
    pub text: Option<Untrusted>,
}

pub struct World {
    pub seed: u64,
    pub plan: Plan,
    pub dice: Dice,
    /// Apart from the others, so that with and without jumps they fall alike.
    pub jumps: Dice,
    pub now: i64,
    pub calm: bool,
    pub left: u64,
    pub found: Found,
    pub server: Server,
    pub desks: Vec<Desk>,
    pub procs: Vec<Process>,
    pub truth: HashMap<OpId, Truth>,
    pub order: Vec<OpId>,
    queue: BinaryHeap<Reverse<(i64, u64, usize)>>,
    slots: Vec<Option<Happening>>,
    free: Vec<usize>,
    count: u64,
    late: u64,
    spun: u32,
}

impl World {
    pub fn new(seed: u64, plan: Plan) -> Self {
        let mut world = Self {
            seed,
            plan,
            dice: Dice::new(seed),
            jumps: Dice::new(seed ^ 0xC10C),
            now: 0,
            calm: false,
            left: 0,
            found: Found::default(),
            server: Server::new(plan.kind),
            desks: Vec::new(),
            procs: Vec::new(),
            truth: HashMap::new(),
            order: Vec::new(),
            queue: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            count: 0,
            late: 0,
            spun: 0,
        };
        for desk in 0..plan.desks {
            world.desks.push(Desk::new(desk, &plan));
            for screen in 0..=usize::from(plan.beside) {
                world.procs.push(Process::new(desk, true));
                let who = world.procs.len() - 1;
                world.later(screen as i64 * 100, Happening::Starts { who });
            }
        }
        world
    }

    pub fn later(&mut self, wait: i64, happening: Happening) {
        self.count += 1;
        self.late += u64::from(matches!(happening, Happening::Arrives { .. }));
        let slot = self.free.pop().unwrap_or_else(|| {
            self.slots.push(None);
            self.slots.len() - 1
        });
        self.slots[slot] = Some(happening);
        self.queue.push(Reverse((self.now + wait, self.count, slot)));
    }

    /// Does it go wrong this time? Not in the end.
    pub fn fails(&mut self, thousandths: u64) -> bool {
        !self.calm && self.dice.chance(thousandths)
    }

    /// Composes so many replies among the faults, then lets the world calm down and come to rest.
    pub fn run(&mut self, replies: u64) {
        self.left = replies;
        for desk in 0..self.desks.len() {
            self.later(SECOND, Happening::Composes { desk });
        }
        if self.plan.others > 0 {
            self.later(SECOND, Happening::Customer);
            self.later(SECOND, Happening::Colleague);
        }
        if self.plan.drain {
            self.desks.iter_mut().for_each(|desk| desk.offline = 30 * 24 * HOUR);
        }
        while self.left > 0 || self.now < self.desks.iter().map(|desk| desk.offline).max().unwrap_or(0) {
            self.step();
        }
        self.calm = true;
        let rest = self.now + 48 * HOUR;
        while self.now < rest && !self.is_quiet() {
            self.step();
        }
        self.last_look();
        self.judge();
    }

    fn is_quiet(&self) -> bool {
        self.late == 0 && self.desks.iter().all(|desk| desk.rows.is_empty()) && self.procs.iter().all(|held| held.unsaved.is_empty())
    }

    /// The next thing, whatever it is.
    fn step(&mut self) {
        self.found.steps += 1;
        let mut first: Option<(i64, usize)> = None;
        for (who, held) in self.procs.iter_mut().enumerate() {
            if std::mem::take(&mut held.moved) {
                held.wake = held.state.as_ref().and_then(|state| state.wake_at()).map_or(i64::MAX, |at| millis(at) + 1);
            }
            if held.wake < first.map_or(i64::MAX, |(at, _)| at) {
                first = Some((held.wake, who));
            }
        }
        let next = self.queue.peek().map_or(i64::MAX, |Reverse((at, ..))| *at);
        let before = self.now;
        match first {
            Some((at, who)) if at < next => {
                self.now = self.now.max(at);
                self.feed(who, Event::Woke);
            }
            _ => {
                let Some(Reverse((at, _, slot))) = self.queue.pop() else {
                    self.now += HOUR;
                    return;
                };
                self.now = self.now.max(at);
                self.free.push(slot);
                if let Some(happening) = self.slots[slot].take() {
                    self.happen(happening);
                }
            }
        }
        self.spun = if self.now > before { 0 } else { self.spun + 1 };
        assert!(self.spun < SPIN, "time stands still");
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Event { who, life, event } => self.tell(who, life, *event),
            Happening::Ended { who, life, event, op } => {
                if self.procs[who].life == life {
                    self.truth.entry(op).or_default().flying = false;
                }
                self.tell(who, life, *event);
            }
            Happening::Arrives { mutation } => {
                self.late -= 1;
                let _nobody_hears = self.arrive(&mutation);
            }
            Happening::Composes { desk } => self.compose(desk),
            Happening::Decides { desk, op } => self.decide(desk, op),
            Happening::Watches { who, life } => self.watch(who, life),
            Happening::Starts { who } => self.start(who),
            Happening::Customer => self.customer(),
            Happening::Colleague => self.colleague(),
            Happening::Read { who, life, case } => self.read(who, life, case),
        }
    }

    fn tell(&mut self, who: usize, life: u32, event: Event) {
        if self.procs[who].life == life {
            self.feed(who, event);
        }
    }
}
