//! Keys, pastes and sizes as events, read by a thread of their own: a pull that keeps the workers busy must not make a
//! key wait. Ctrl-z is never a command: it suspends the program.

use crate::app::{Event, Pointer};
use crossterm::event::{Event as Raw, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind, poll, read};
use ratatui::layout::Position;
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
    let mut answers = Answers::default();
    while !over.load(Ordering::SeqCst) && !events.is_closed() {
        if poll(HOUR)? {
            let raw = read()?;
            // What belongs together came together: a pause ends an answer that has no end.
            let more = answers.open == 0 || poll(TOGETHER)?;
            match raw {
                Raw::Paste(text) => pasted(text, events)?,
                raw if answers.holds(&raw, more) => {}
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

fn pointer(mouse: MouseEvent) -> Option<Pointer> {
    let at = Position { x: mouse.column, y: mouse.row };
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Pointer::Clicked(at)),
        MouseEventKind::ScrollDown => Some(Pointer::Turned(at, 1)),
        MouseEventKind::ScrollUp => Some(Pointer::Turned(at, -1)),
        _ => None,
    }
}

/// Between two bytes of one answer.
const TOGETHER: Duration = Duration::from_millis(20);
/// No answer to a question of ours is longer.
const LONGEST: usize = 64;

/// Answers of the terminal that come when nobody waits for them any more: `ESC ] 11 ; rgb:… BEL`. As keys they would be
/// commands; no key of ours begins like one.
#[derive(Default)]
struct Answers {
    open: usize,
}

impl Answers {
    /// Does this belong to an answer? `more`: something follows at once.
    fn holds(&mut self, raw: &Raw, more: bool) -> bool {
        let Raw::Key(key) = raw else { return false };
        let begins = key.code == KeyCode::Char(']') && key.modifiers.contains(KeyModifiers::ALT);
        if self.open == 0 && !begins {
            return false;
        }
        let bell = key.code == KeyCode::Char('g') && key.modifiers == KeyModifiers::CONTROL;
        let ends = bell || key.code == KeyCode::Char('\\') && key.modifiers.contains(KeyModifiers::ALT);
        self.open = if ends || !more || self.open >= LONGEST { 0 } else { self.open + 1 };
        true
    }
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
        Raw::Mouse(mouse) => pointer(mouse).map(Event::Pointed),
        Raw::FocusGained | Raw::FocusLost => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Answers;
    use crossterm::event::{Event as Raw, KeyCode, KeyEvent, KeyModifiers};

    /// As crossterm reads the bytes: Escape and a letter are Alt and the letter.
    fn keys(bytes: &str) -> Vec<Raw> {
        let mut alt = false;
        let mut keys = Vec::new();
        for c in bytes.chars() {
            match c {
                '\u{1b}' => alt = true,
                '\u{7}' => keys.push(Raw::Key(KeyEvent::new(KeyCode::Char('g'), KeyModifiers::CONTROL))),
                c => keys.push(Raw::Key(KeyEvent::new(KeyCode::Char(c), if std::mem::take(&mut alt) { KeyModifiers::ALT } else { KeyModifiers::NONE }))),
            }
        }
        keys
    }

    fn left(bytes: &str) -> String {
        let mut answers = Answers::default();
        let keys = keys(bytes);
        let last = keys.len() - 1;
        let kept = keys.into_iter().enumerate().filter(|(at, raw)| !answers.holds(raw, *at < last));
        kept.filter_map(|(_, raw)| raw.as_key_event().and_then(|key| key.code.as_char())).collect()
    }

    #[test]
    fn an_answer_that_comes_late_is_no_key() {
        assert_eq!(left("j\u{1b}]11;rgb:eeee/eeee/eeee\u{7}k"), "jk");
        assert_eq!(left("j\u{1b}]11;rgb:eeee/eeee/eeee\u{1b}\\k"), "jk");
        // Without an end it is over with a pause, or when it is too long for one.
        assert_eq!(left("j\u{1b}]e"), "j");
        assert_eq!(left(&format!("\u{1b}]{}k", "e".repeat(64))), "k");
        assert_eq!(left("]e["), "]e[");
    }
}
