//! The terminal: raw mode in and out on every way there is, keys as events, frames from states, `$EDITOR`, signals.
//! Nothing is decided here. What is printed while the screen is up goes through the view, and nowhere else.

mod editor;
mod guard;
mod helper;
mod keys;
mod linear;
mod notice;

use crate::app::clip::{Clipboard, Taken};
use crate::app::{Edited, Event, State};
use crate::fault;
use crate::model::Canned;
use crate::model::text::harmless;
use crate::runtime::{self, Screen, World};
use crate::view;
use crate::view::backend::Settled;
use anyhow::Context;
use crossterm::clipboard::CopyToClipboard;
pub use linear::{SIZE, linear};
pub use notice::Ways;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Rect, Size};
use std::io::{self, BufWriter, IsTerminal, Stdout};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use terminal_colorsaurus::{QueryOptions, ThemeMode, theme_mode};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// What one copy sends to the terminal at most, and to a program, in bytes.
const TO_TERMINAL: usize = 8 * 1024;
const TO_PROGRAM: usize = 8 << 20;

/// What the terminal needs besides itself.
#[derive(Debug, Clone)]
pub struct Tools {
    /// A folder of our own for the editor's file.
    pub scratch: PathBuf,
    pub clipboard: Clipboard,
    pub ways: Ways,
}

/// A terminal that answers does so within the time of a word over the network; an answer that comes later is no key.
const ANSWER: Duration = Duration::from_millis(600);

/// Can the inbox be shown here? Says in words why not.
pub fn possible() -> Result<(), String> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err("the inbox needs a terminal; the commands list, show and reply work without one".to_owned());
    }
    if std::env::var("TERM").is_ok_and(|term| term == "dumb") {
        return Err("TERM=dumb can't show the inbox; the commands list, show and reply work there".to_owned());
    }
    Ok(())
}

/// Is the terminal's background light? Asked before any text from outside was shown; `None` where it does not say.
pub fn light() -> Option<bool> {
    let mut options = QueryOptions::default();
    options.timeout = ANSWER;
    match theme_mode(options) {
        Ok(mode) => Some(mode == ThemeMode::Light),
        Err(error) => {
            tracing::info!(%error, "the terminal does not say what its background is");
            None
        }
    }
}

/// How large the terminal is.
pub fn size() -> Size {
    crossterm::terminal::size().map_or(Size::new(80, 24), |(width, height)| Size::new(width, height))
}

/// The canned replies as the files have them, and what is wrong with some.
type Shelf = Box<dyn FnMut() -> (Vec<Canned>, Vec<String>) + Send>;

/// Shows the inbox until the agent leaves. `shelf` reads the canned replies.
pub async fn inbox(
    state: State,
    world: World,
    tools: Tools,
    shelf: impl FnMut() -> (Vec<Canned>, Vec<String>) + Send + 'static,
) -> anyhow::Result<(State, World)> {
    let guard = guard::Guard::enter().context("preparing the terminal")?;
    let (events, inputs) = unbounded_channel();
    let mut terminal = Tty::new(events.clone(), tools, Box::new(shelf)).context("preparing the terminal")?;
    guard::mouse(state.settings.mouse).context("preparing the terminal")?;
    guard::on_signals(&events).context("listening for signals")?;
    let ended = runtime::run(state, world, inputs, &mut terminal).await;
    terminal.keys.end();
    drop(guard);
    Ok(ended)
}

type Paper = ratatui::Terminal<Settled<CrosstermBackend<BufWriter<Stdout>>>>;

/// The screen of the loop.
struct Tty {
    paper: Paper,
    events: UnboundedSender<Event>,
    /// Stopped while the editor has the terminal.
    keys: keys::Keys,
    tools: Tools,
    shelf: Shelf,
}

impl Tty {
    fn new(events: UnboundedSender<Event>, tools: Tools, shelf: Shelf) -> io::Result<Self> {
        let backend = Settled::new(CrosstermBackend::new(BufWriter::with_capacity(64 * 1024, io::stdout())));
        let paper = ratatui::Terminal::new(backend)?;
        let keys = keys::Keys::new(events.clone());
        Ok(Self { paper, events, keys, tools, shelf })
    }

    /// Gives the terminal to somebody else for a while.
    fn lend<T>(&mut self, borrower: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        self.keys.stop();
        guard::leave();
        let result = borrower();
        guard::enter()?;
        self.repaint()?;
        let Size { width, height } = size();
        drop(self.events.send(Event::Resized { width, height }));
        self.keys.start();
        result
    }

    /// Every cell anew. `Terminal::clear` would ask the terminal where its cursor is, and nothing is asked once text from outside was shown.
    fn repaint(&mut self) -> io::Result<()> {
        let Size { width, height } = size();
        self.paper.backend_mut().lent();
        self.paper.resize(Rect::new(0, 0, width, height))
    }
}

impl Screen for Tty {
    /// The thread that reads the keys does not hear of it: for crossterm a terminal that vanished has nothing to read.
    fn gone(&self) -> bool {
        !io::stdin().is_terminal()
    }

    fn draw(&mut self, state: &State) -> io::Result<()> {
        if keys::suspend_asked() {
            self.lend(guard::suspend)?;
        }
        if keys::repaint_asked() {
            self.repaint()?;
        }
        self.paper.draw(|frame| view::draw(state, frame))?;
        fault::on_frame();
        Ok(())
    }

    fn edit(&mut self, text: &str) -> io::Result<Edited> {
        let scratch = self.tools.scratch.clone();
        self.lend(|| editor::edit(&scratch, text))
    }

    fn replies(&mut self) -> Option<(Vec<Canned>, Vec<String>)> {
        Some((self.shelf)())
    }

    fn copy(&mut self, text: &str, what: &str) -> Option<Taken> {
        match self.tools.clipboard.clone() {
            Clipboard::Off => Some(Taken::Off),
            Clipboard::Terminal => Some(to_terminal(text)),
            Clipboard::Program(..) if text.len() > TO_PROGRAM => Some(Taken::TooLong(TO_PROGRAM / 1_000)),
            Clipboard::Program(command, or_terminal) => {
                let (text, what, events) = (text.to_owned(), what.to_owned(), self.events.clone());
                helper::beside(move || {
                    let taken = match helper::hand(&command, &text) {
                        Ok(()) => Taken::Program,
                        Err(_) if or_terminal => to_terminal(&text),
                        Err(why) => Taken::Failed(why),
                    };
                    drop(events.send(Event::Copied { what, taken }));
                });
                None
            }
        }
    }

    fn open(&mut self, command: &[String]) -> Result<(), String> {
        let name = command.first().cloned().unwrap_or_default();
        let mut child = helper::start(command, Stdio::null()).map_err(|error| helper::failed(&name, &error))?;
        let events = self.events.clone();
        helper::beside(move || {
            if let Ok(Err(why)) = child.wait().map(|status| helper::verdict(&name, status)) {
                drop(events.send(Event::Opened { error: Some(why) }));
            }
        });
        Ok(())
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        guard::mouse(on)
    }

    fn notify(&mut self, text: &str) -> io::Result<()> {
        notice::notify(&self.tools.ways, text)
    }
}

/// What becomes of it there nobody can know; half of a text is worse than none.
fn to_terminal(text: &str) -> Taken {
    if text.len() > TO_TERMINAL {
        return Taken::TooLong(TO_TERMINAL / 1_000);
    }
    let sent = crossterm::execute!(io::stdout(), CopyToClipboard::to_clipboard_from(harmless(text)));
    sent.map_or_else(|error| Taken::Failed(error.to_string()), |()| Taken::Terminal)
}
