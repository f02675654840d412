//! Processes: screens and commands that share a disk, one of which sends. They die at any effect and start again.

use super::disk::WATCH;
use super::plan::Kind;
use super::world::{Happening, MINUTE, SECOND, World, ts};
use caseload::app::{Effect, Event, Settings, State, update};
use caseload::model::{CaseId, Change, OpId, ThreadId};
use chrono::Duration;
use ratatui::layout::Size;
use std::collections::HashMap;

#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
pub struct Process {
    pub desk: usize,
    pub screen: bool,
    pub state: Option<Box<State>>,
    pub life: u32,
    /// When it wants to be woken, and whether that has to be asked again.
    pub wake: i64,
    pub moved: bool,
    /// Moves that the disk did not take yet.
    pub unsaved: Vec<Effect>,
    pub catching_up: bool,
    /// It will look at the disk soon, and somebody wrote there.
    pub watching: bool,
    pub stale: bool,
    /// How far the readings reached on which attempts of now are based.
    pub looked: HashMap<OpId, i64>,
    /// Up to which marker its pulls came.
    pub pulled: usize,
    /// What a command is to do.
    pub errand: Option<(CaseId, Change)>,
}

impl Process {
    pub fn new(desk: usize, screen: bool) -> Self {
        Self {
            desk,
            screen,
            state: None,
            life: 0,
            wake: i64::MAX,
            moved: false,
            unsaved: Vec::new(),
            catching_up: false,
            watching: false,
            stale: false,
            looked: HashMap::new(),
            pulled: 0,
            errand: None,
        }
    }
}

impl World {
    pub fn start(&mut self, who: usize) {
        let session = self.dice.below(u64::MAX);
        let (desk, screen) = (self.procs[who].desk, self.procs[who].screen);
        let settings = Settings { interactive: screen, resend_once: self.plan.once, poll_idle: Duration::minutes(3), ..Settings::default() };
        let mut state = State::new(settings, Size::new(80, 24), ts(self.now), session);
        state.me = Some(self.desks[desk].actor.clone());
        state.deadline = (!screen).then(|| ts(self.now + 2 * MINUTE));
        let held = &mut self.procs[who];
        held.state = Some(Box::new(state));
        held.pulled = self.desks[desk].pulled;
        self.lock(who);
        self.feed(who, Event::Started { last_pull: Some(ts(self.now)) });
        if self.plan.kind == Kind::Keys {
            self.feed(who, Event::Greeted { me: None, idempotency: true, events: false, updates: false, translates: None });
        }
        if let Some((case, change)) = self.procs[who].errand.take() {
            self.feed(who, Event::Commanded { case, thread: ThreadId(case.0), change });
        }
    }

    /// Becomes the one that sends, if nobody is: what a dead one was sending has an unknown end.
    pub fn lock(&mut self, who: usize) {
        let desk = self.procs[who].desk;
        if self.desks[desk].holder.is_some() {
            return;
        }
        self.desks[desk].holder = Some(who);
        self.recover(desk);
        self.feed(who, Event::Sender(true));
    }

    pub fn feed(&mut self, who: usize, event: Event) {
        let now = ts(self.now);
        let held = &mut self.procs[who];
        let Some(state) = held.state.as_mut() else { return };
        held.moved = true;
        let effects = update(state, now, event);
        self.perform(who, effects);
        // A command measures on the wall how long it waits for another process: a jump may end that, and with it only the command.
        if self.plan.jumps && self.procs[who].screen && self.jumps.chance(20) {
            self.jump(who);
        }
    }

    /// Somebody sets the clock. What is asked for then is asked at any time; nothing else may come of it.
    fn jump(&mut self, who: usize) {
        let days = self.jumps.below(7300) as i64 - 3650;
        let now = ts(self.now);
        let Some(state) = self.procs[who].state.as_mut() else { return };
        let effects = update(state, now, Event::ClockMoved(Duration::days(days)));
        let effects: Vec<Effect> = effects.into_iter().filter(|effect| !matches!(effect, Effect::Load(_))).collect();
        assert_eq!(effects, [], "a jump of the clock moved something");
    }

    /// The process dies. Its disk stays; its lock goes with it; what it had sent is on its way.
    pub fn crash(&mut self, who: usize) {
        self.found.crashes += 1;
        self.end(who);
        if self.procs[who].screen {
            let wait = self.dice.millis(SECOND, 40 * SECOND);
            self.later(wait, Happening::Starts { who });
        }
    }

    pub fn end(&mut self, who: usize) {
        let held = &mut self.procs[who];
        let desk = held.desk;
        (held.state, held.life, held.wake, held.watching, held.stale) = (None, held.life + 1, i64::MAX, false, false);
        held.unsaved.clear();
        held.catching_up = false;
        held.looked.clear();
        if self.desks[desk].holder == Some(who) {
            self.desks[desk].holder = None;
            for other in 0..self.procs.len() {
                if self.procs[other].desk == desk && self.procs[other].state.is_some() {
                    self.watch_soon(other);
                }
            }
        }
    }

    /// Somebody wrote to the disk: the others will see it.
    pub fn wrote(&mut self, who: usize) {
        let desk = self.procs[who].desk;
        for other in 0..self.procs.len() {
            if other != who && self.procs[other].desk == desk && self.procs[other].state.is_some() {
                self.procs[other].stale = true;
                self.watch_soon(other);
            }
        }
    }

    pub fn watch_soon(&mut self, who: usize) {
        let held = &mut self.procs[who];
        if !std::mem::replace(&mut held.watching, true) {
            let (life, wait) = (held.life, if held.screen { WATCH } else { 40 });
            self.later(wait, Happening::Watches { who, life });
        }
    }

    pub fn watch(&mut self, who: usize, life: u32) {
        if self.procs[who].life != life {
            return;
        }
        self.procs[who].watching = false;
        if self.procs[who].state.as_ref().is_some_and(|state| !state.sender) {
            self.lock(who);
        }
        if self.procs[who].life != life {
            return;
        }
        self.save_what_waits(who);
        if self.procs[who].life == life && std::mem::take(&mut self.procs[who].stale) {
            self.feed(who, Event::ChangedElsewhere);
        }
    }
}
