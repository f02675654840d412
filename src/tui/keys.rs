//! Keys, pastes and sizes as events, read by a thread of their own: a pull that keeps the workers busy must not make a
//! key wait. Ctrl-z is never a command: it suspends the program.

use crate::app::Event;
use crossterm::event::{Event as Raw, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, poll, read};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedSender;
use tui_textarea::Input;

static SUSPEND: AtomicBool = AtomicBool::new(false);
static REPAINT: AtomicBool = AtomicBool::new(false);

/// The thread waits for keys this long at a time; nothing is done in between.
const HOUR: Duration = Duration::from_secs(3600);

/// Was Ctrl-z pressed since the last question?
pub fn suspend_asked() -> bool {
    SUSPEND.swap(false, Ordering::SeqCst)
}

/// Was the terminal resized since the last question? It may have lost its cells also where the size is the old one again.
pub fn repaint_asked() -> bool {
    REPAINT.swap(false, Ordering::SeqCst)
}

/// No hand is as quick: a key that comes sooner after a paste is a part of it.
const BREATH: Duration = Duration::from_millis(40);

/// Reads the keys until it is stopped or the terminal is gone.
pub struct Keys {
    events: UnboundedSender<Event>,
    over: Arc<AtomicBool>,
    /// Never read from: when it is dropped, the thread's waiting ends.
    waker: Option<EventStream>,
    thread: Option<JoinHandle<()>>,
}

impl Keys {
    pub fn new(events: UnboundedSender<Event>) -> Self {
        let mut keys = Self { events, over: Arc::default(), waker: None, thread: None };
        keys.start();
        keys
    }

    #[expect(clippy::disallowed_methods, reason = "the keys are read beside everything else")]
    pub fn start(&mut self) {
        self.over = Arc::default();
        self.waker = Some(EventStream::new());
        let (events, over) = (self.events.clone(), Arc::clone(&self.over));
        self.thread = Some(std::thread::spawn(move || {
            if listen(&events, &over).is_err() {
                drop(events.send(Event::Closing));
            }
        }));
    }

    /// No further key is taken. Not waited for: where the terminal vanished, the thread never comes back from it.
    pub fn end(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        self.waker = None;
    }

    /// When this is over nobody reads: the terminal can be lent.
    pub fn stop(&mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            // It ended on its own where it failed, and has said so.
            drop(thread.join());
        }
    }
}

fn listen(events: &UnboundedSender<Event>, over: &AtomicBool) -> io::Result<()> {
    while !over.load(Ordering::SeqCst) && !events.is_closed() {
        if poll(HOUR)? {
            match read()? {
                Raw::Paste(text) => pasted(text, events)?,
                raw => drop(event(raw).map(|event| events.send(event))),
            }
        }
    }
    Ok(())
}

/// A text that holds the sign of a paste's end ends it early in the eyes of the terminal, and goes on as if it were typed. What comes in the
/// same breath is not typed by anybody: it is text as well, and never a command.
fn pasted(mut text: String, events: &UnboundedSender<Event>) -> io::Result<()> {
    while poll(BREATH)? {
        match read()? {
            Raw::Paste(more) => text.push_str(&more),
            Raw::Key(KeyEvent { code: KeyCode::Char(c), kind: KeyEventKind::Press, modifiers, .. })
                if modifiers - KeyModifiers::SHIFT == KeyModifiers::NONE =>
            {
                text.push(c);
            }
            Raw::Key(KeyEvent { code: KeyCode::Enter, .. }) => text.push('\n'),
            Raw::Key(_) => {}
            raw => drop(event(raw).map(|event| events.send(event))),
        }
    }
    drop(events.send(Event::Pasted(text)));
    Ok(())
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
