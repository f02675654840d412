//! Keys, pastes and sizes as events. Ctrl-z is never a command: it suspends the program.

use crate::app::Event;
use crossterm::event::{Event as Raw, EventStream, KeyCode, KeyEventKind, KeyModifiers};
use futures::StreamExt;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinHandle;
use tui_textarea::Input;

static SUSPEND: AtomicBool = AtomicBool::new(false);
static REPAINT: AtomicBool = AtomicBool::new(false);

/// Between two looks whether the terminal is still there: the stream itself does not end when it vanishes.
const LOOK: Duration = Duration::from_secs(2);

/// Was Ctrl-z pressed since the last question?
pub fn suspend_asked() -> bool {
    SUSPEND.swap(false, Ordering::SeqCst)
}

/// Was the terminal resized since the last question? It may have lost its cells also where the size is the old one again.
pub fn repaint_asked() -> bool {
    REPAINT.swap(false, Ordering::SeqCst)
}

/// Reads until it is aborted or the terminal is gone.
#[expect(clippy::disallowed_methods, reason = "the keys are read beside the loop")]
pub fn read(events: UnboundedSender<Event>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut stream = EventStream::new();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let raw = tokio::select! {
                raw = stream.next() => raw,
                _ = look.tick() => {
                    if io::stdin().is_terminal() {
                        continue;
                    }
                    None
                }
            };
            let Some(Ok(raw)) = raw else {
                drop(events.send(Event::Closing));
                return;
            };
            if let Some(event) = event(raw)
                && events.send(event).is_err()
            {
                return;
            }
        }
    })
}

fn event(raw: Raw) -> Option<Event> {
    match raw {
        Raw::Key(key) if key.kind == KeyEventKind::Release => None,
        Raw::Key(key) if key.code == KeyCode::Char('z') && key.modifiers == KeyModifiers::CONTROL => {
            SUSPEND.store(true, Ordering::SeqCst);
            // Any event makes the loop draw, and drawing suspends.
            Some(Event::Woke)
        }
        Raw::Key(key) => Some(Event::Pressed(Input::from(key))),
        Raw::Paste(text) => Some(Event::Pasted(text)),
        Raw::Resize(width, height) => {
            REPAINT.store(true, Ordering::SeqCst);
            Some(Event::Resized { width, height })
        }
        Raw::FocusGained | Raw::FocusLost | Raw::Mouse(_) => None,
    }
}
