//! The terminal's modes, and their way back: after the end, an error, a panic of any thread, and every signal that can
//! be caught. What was switched on here is switched off here.

use crate::app::Event;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::UnboundedSender;

/// Whether the terminal is in our modes.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Whether the mouse is ours; it comes back with the terminal after it was lent.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// After a signal the loop gets this long, then the program ends all the same.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The terminal is ours until this is dropped.
pub struct Guard(());

impl Guard {
    pub fn enter() -> io::Result<Self> {
        on_panic();
        enter()?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Switches our modes on.
pub fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    ENTERED.store(true, Ordering::SeqCst);
    crossterm::execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste)?;
    mouse(MOUSE.load(Ordering::SeqCst))
}

/// Presses and the wheel, and their places as numbers without an end. Not every movement, as crossterm would have it: each
/// would wake the loop.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// Takes the mouse or gives it back; said only where it changes something.
pub fn mouse(on: bool) -> io::Result<()> {
    let was = MOUSE.swap(on, Ordering::SeqCst);
    if on || was { crossterm::execute!(io::stdout(), Print(if on { MOUSE_ON } else { MOUSE_OFF })) } else { Ok(()) }
}

/// Switches them off; twice is once, and a terminal that is gone does no harm.
pub fn leave() {
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    // Each on its own: one that fails must not keep the others.
    let _gone = crossterm::execute!(out, DisableBracketedPaste);
    if MOUSE.load(Ordering::SeqCst) {
        let _gone = crossterm::execute!(out, Print(MOUSE_OFF));
    }
    let _gone = crossterm::execute!(out, LeaveAlternateScreen, Show);
    let _gone = out.flush();
    let _gone = disable_raw_mode();
}

/// Stops like any program at Ctrl-z, and comes back with `fg`.
pub fn suspend() -> io::Result<()> {
    signal_hook::low_level::raise(signal_hook::consts::SIGTSTP)
}

/// A panic anywhere restores the terminal, says what happened and ends the program: a half-dead inbox could lose keys.
fn on_panic() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if ENTERED.load(Ordering::SeqCst) {
            leave();
            before(info);
            eprintln!("caseload stopped at a fault of its own; the outbox and the drafts are safe on the disk");
            std::process::exit(101);
        }
        before(info);
    }));
}

/// Signals close the program as `q` would, but faster.
pub fn on_signals(events: &UnboundedSender<Event>) -> io::Result<()> {
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()] {
        let mut signals = signal(kind)?;
        let events = events.clone();
        spawn(async move {
            while signals.recv().await.is_some() {
                drop(events.send(Event::Closing));
                deadline();
            }
        });
    }
    Ok(())
}

/// A loop that hangs on a dead disk or terminal does not keep the program alive.
#[expect(clippy::disallowed_methods, reason = "must run even if every task is stuck")]
fn deadline() {
    std::thread::spawn(|| {
        std::thread::sleep(PATIENCE);
        leave();
        std::process::exit(1);
    });
}

#[expect(clippy::disallowed_methods, reason = "signals are waited for beside the loop")]
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}
