//! THIRD FLOOR: the only loop, the only clock, the only spawn. Inputs and answers become events, the core decides, its
//! effects are performed: the disk here and now, the network beside the loop. Everything that is ready is handled
//! before one frame is drawn. The terminal, the command line and the tests give other `inputs` and `screen`, nothing
//! else differs.

mod assist;
mod clock;
mod fetch;
mod listen;
mod look;
mod own;
mod perform;
mod pull;
mod push;
mod read;
mod save;
mod seek;
#[cfg(test)]
mod tests;
mod thread;
mod vendor;
mod window;

pub use clock::now;
pub use fetch::fetch;
pub use look::Server;
pub use read::{learn, refresh};
pub use save::save;

use crate::app::clip::Taken;
use crate::app::{self, Edited, Effect, Event, State};
use crate::model::{Canned, CaseId, Conversation, Timestamp, Window, WindowAsk};
use crate::store::{Sink, Store, StoreError};
use clock::Clock;
use std::io;
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, UnboundedReceiver, UnboundedSender, channel, unbounded_channel};

/// What the loop works on: the files, and the server when one is configured.
pub struct World {
    pub store: Store,
    pub server: Option<Server>,
}

/// Where frames go and what only a terminal can do.
pub trait Screen {
    fn draw(&mut self, state: &State) -> io::Result<()>;
    /// Hands a text to `$EDITOR`; `None` when nothing was changed.
    fn edit(&mut self, text: &str) -> io::Result<Edited>;
    /// Copies a text, which is called `what`; none when what became of it will be told by an event.
    fn copy(&mut self, text: &str, what: &str) -> Option<Taken>;
    /// Starts a program that opens something; that it failed later will be told by an event.
    fn open(&mut self, _command: &[String]) -> Result<(), String> {
        Err("there is no screen".to_owned())
    }
    /// Takes the mouse, or gives it back to the terminal.
    fn mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }
    /// A line for the agent who looks elsewhere.
    fn notify(&mut self, _text: &str) -> io::Result<()> {
        Ok(())
    }
    /// The canned replies as the files have them now, and what is wrong with some; `None` when there is nowhere to look.
    fn replies(&mut self) -> Option<(Vec<Canned>, Vec<String>)> {
        None
    }
    /// Has it vanished without a word?
    fn gone(&self) -> bool {
        false
    }
}

/// No screen: the command line.
pub struct Blind;

impl Screen for Blind {
    fn draw(&mut self, _state: &State) -> io::Result<()> {
        Ok(())
    }

    fn edit(&mut self, _text: &str) -> io::Result<Edited> {
        Ok(Edited::Same)
    }

    fn copy(&mut self, _text: &str, _what: &str) -> Option<Taken> {
        Some(Taken::Off)
    }
}

/// What a task beside the loop sends back.
enum Answer {
    Event(Event),
    /// Learned from the server; written down before the core hears of it.
    Agents(Vec<crate::model::Person>),
    Account(Box<crate::model::Account>),
    Greeting(Box<crate::api::Hello>),
    /// A long thread, whole.
    Thread {
        number: u64,
        case: CaseId,
        read: Result<Box<Option<Conversation>>, StoreError>,
    },
    /// A list that was long in reading; or what was asked, where it could not be read.
    Window {
        number: u64,
        read: Result<Box<Window>, WindowAsk>,
    },
}

/// So many events are handled before a frame is drawn all the same.
const BATCH: usize = 4096;

/// Between two looks at what other processes wrote. A look wakes two threads, and nothing else wakes an idle inbox: it is
/// as rare as can be without being noticed.
const WATCH: Duration = Duration::from_millis(1500);
const WATCH_BLIND: Duration = Duration::from_millis(40);

/// Runs until the core says `Quit`, the inputs end, or the screen is gone.
pub async fn run(state: State, world: World, mut inputs: UnboundedReceiver<Event>, screen: &mut impl Screen) -> (State, World) {
    let (sender, mut answers) = unbounded_channel();
    let watch = if state.settings.interactive { WATCH } else { WATCH_BLIND };
    let clock = Clock::started();
    let mut desk = Desk::new(state, world, clock, sender, screen);
    desk.state.now = clock.steady();
    desk.start();
    let mut ticks = ticks(watch);
    let mut alarm = Alarm::default();
    loop {
        desk.drain(&mut inputs, &mut answers);
        let shown = desk.show();
        if desk.quit || shown.is_err() {
            break;
        }
        alarm.set(&desk.state, clock.steady());
        tokio::select! {
            biased;
            input = inputs.recv() => match input {
                Some(event) => desk.handle(event),
                None if desk.state.settings.interactive => desk.handle(Event::Closing),
                None => std::future::pending().await,
            },
            Some(answer) = answers.recv() => desk.answered(answer),
            () = alarm.rings() => desk.handle(Event::Woke),
            Some(()) = ticks.recv() => desk.watch(),
        }
    }
    desk.end_helper();
    desk.end_own();
    (desk.state, desk.world)
}

/// Ticks from a thread that sleeps: a timer of the workers wakes them several times for each tick.
#[expect(clippy::disallowed_methods, reason = "this is the one clock of the client")]
fn ticks(every: Duration) -> Receiver<()> {
    let (sender, ticks) = channel(1);
    std::thread::spawn(move || {
        while sender.blocking_send(()).is_ok() {
            std::thread::sleep(every);
        }
    });
    ticks
}

/// The timer of the loop; set anew only when it is for another moment.
#[derive(Default)]
struct Alarm {
    at: Option<Timestamp>,
    timer: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Alarm {
    fn set(&mut self, state: &State, now: Timestamp) {
        let at = state.wake_at();
        if at != self.at || self.timer.as_ref().is_none_or(|timer| timer.is_elapsed()) {
            self.at = at;
            // A moment later than asked, so that the time has surely come.
            let wait = |at: Timestamp| (at - now).to_std().unwrap_or_default() + Duration::from_millis(1);
            self.timer = at.map(|at| Box::pin(tokio::time::sleep(wait(at))));
        }
    }

    async fn rings(&mut self) {
        match &mut self.timer {
            Some(timer) => timer.await,
            None => std::future::pending().await,
        }
    }
}

/// The loop's own hands.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
struct Desk<'s, S> {
    state: State,
    world: World,
    clock: Clock,
    /// What the disk did not take yet: moves of operations whose reason lies behind us.
    unsaved: Vec<Effect>,
    catching_up: bool,
    answers: UnboundedSender<Answer>,
    quit: bool,
    /// The program that assists, while it works.
    helper: Option<assist::Group>,
    /// The command of the agent's own that was started last.
    own: Option<assist::Group>,
    /// How many threads were read: what was read beside the loop for an earlier one is old.
    readings: u64,
    window: window::Reading,
    listening: bool,
    /// Something happened since the last frame.
    stale: bool,
    screen: &'s mut S,
}

impl<'s, S: Screen> Desk<'s, S> {
    fn new(state: State, world: World, clock: Clock, answers: UnboundedSender<Answer>, screen: &'s mut S) -> Self {
        Self {
            state,
            world,
            clock,
            unsaved: Vec::new(),
            catching_up: false,
            answers,
            quit: false,
            helper: None,
            own: None,
            readings: 0,
            window: window::Reading::default(),
            listening: false,
            stale: true,
            screen,
        }
    }

    /// For what is read beside the loop; a cache that can't be written to has no second door.
    fn beside(&self) -> Option<Sink> {
        self.world.store.sink().ok()
    }

    fn start(&mut self) {
        let last_pull = self.world.store.snapshot_age().unwrap_or_default();
        self.state.me = self.world.store.me().or(self.state.me.take());
        self.become_sender();
        self.handle(Event::Started { last_pull });
        if self.world.server.is_none() {
            self.handle(Event::Pulled(Err(app::Failure { kind: app::FailureKind::Other, text: "no server is configured (caseload doctor)".to_owned() })));
        }
    }

    /// Takes everything that is ready.
    fn drain(&mut self, inputs: &mut UnboundedReceiver<Event>, answers: &mut UnboundedReceiver<Answer>) {
        for _ in 0..BATCH {
            if self.quit {
                return;
            }
            if let Ok(event) = inputs.try_recv() {
                self.handle(event);
            } else if let Ok(answer) = answers.try_recv() {
                self.answered(answer);
            } else {
                return;
            }
        }
    }

    /// Draws, unless the frame would be the one that is there.
    fn show(&mut self) -> io::Result<()> {
        if !self.stale {
            return Ok(());
        }
        self.settle();
        self.stale = false;
        if self.quit { Ok(()) } else { self.screen.draw(&self.state) }
    }

    /// Gets what the next frame needs.
    fn settle(&mut self) {
        // A load may show that another is needed: the list decides the thread. More than a few rounds mean a fault.
        for _ in 0..8 {
            let effects = app::update(&mut self.state, self.clock.steady(), Event::Drained);
            if effects.is_empty() {
                return;
            }
            self.perform(effects);
        }
    }

    fn handle(&mut self, event: Event) {
        self.stale = true;
        if let Some(ahead) = self.clock.moved(self.state.ahead) {
            let effects = app::update(&mut self.state, self.clock.steady(), Event::ClockMoved(ahead));
            self.perform(effects);
        }
        let effects = app::update(&mut self.state, self.clock.steady(), event);
        self.perform(effects);
    }

    fn answered(&mut self, answer: Answer) {
        match answer {
            Answer::Event(event) => self.handle(event),
            Answer::Thread { number, case, read } => self.whole_thread(number, case, read.map(|read| *read)),
            Answer::Window { number, read } => self.long_window(number, read.map(|read| *read)),
            Answer::Agents(agents) => {
                let saved = self.world.store.set_agents(&agents);
                self.report(saved);
                self.handle(Event::Loaded(Box::new(app::Loaded::Agents(agents))));
            }
            Answer::Account(account) => {
                let saved = self.world.store.set_account(&account);
                self.report(saved);
                self.perform(vec![Effect::Load(app::Ask::Account)]);
            }
            Answer::Greeting(hello) => {
                if let Some(me) = &hello.me {
                    let saved = self.world.store.set_me(me, now());
                    self.report(saved);
                }
                let extensions = &hello.extensions;
                self.listen(extensions.events);
                self.handle(Event::Greeted {
                    me: hello.me.clone(),
                    idempotency: extensions.idempotency,
                    events: extensions.events,
                    updates: extensions.case_update,
                    translates: extensions.translate,
                });
            }
        }
    }

    /// Events are for screens: a command ends before one comes.
    fn listen(&mut self, events: bool) {
        if let Some(server) = self.world.server.clone().filter(|_| events && !self.listening && self.state.settings.interactive) {
            self.listening = true;
            perform::spawn(listen::listen(server, self.answers.clone()));
        }
    }

    fn report(&mut self, saved: Result<(), StoreError>) {
        if let Err(error) = saved {
            self.handle(Event::DiskFailed(error.to_string()));
        }
    }

    /// What other processes did, and whether the one that sends has gone.
    fn watch(&mut self) {
        if !self.state.sender {
            self.become_sender();
        }
        if self.screen.gone() {
            self.handle(Event::Closing);
        }
        // Timers stand still while the machine sleeps, the clock does not.
        if self.state.wake_at().is_some_and(|at| at <= self.clock.steady()) {
            self.handle(Event::Woke);
        }
        self.save_what_waits();
        match self.world.store.changed_elsewhere() {
            Ok(true) => self.handle(Event::ChangedElsewhere),
            Ok(false) => {}
            Err(error) => self.handle(Event::DiskFailed(error.to_string())),
        }
        // An empty cache in the place of a damaged one: as if just started, with everything to be read.
        if self.world.store.take_rebuilt() {
            self.handle(Event::Started { last_pull: None });
        }
        if let Some(keeper) = self.world.store.keeper(now()) {
            perform::aside(move || keeper.keep());
        }
    }

    fn become_sender(&mut self) {
        if !self.world.store.try_sender().unwrap_or(false) {
            return;
        }
        match self.world.store.recover_sending(now()) {
            Ok(_) => self.handle(Event::Sender(true)),
            Err(error) => self.handle(Event::DiskFailed(error.to_string())),
        }
    }
}
