//! The inbox line by line: words out, lines in, no mode of the terminal touched. The same loop as under the screen.

use super::{Tools, Ways, editor, guard, notice};
use crate::app::clip::Taken;
use crate::app::{Edited, Event, State};
use crate::model::Canned;
use crate::runtime::{self, Screen, World};
use crate::view::Teller;
use anyhow::Context;
use ratatui::layout::Size;
use std::io::{self, BufRead, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// What is asked of the teller.
const NOTHING: u8 = 0;
const LINE: u8 = 1;
const AGAIN: u8 = 2;
const HELP: u8 = 3;

/// The screen that nobody sees: list and thread beside each other, everything else one below the other.
pub const SIZE: Size = Size::new(80, 50);

/// Tells the inbox until the agent leaves or the lines end.
pub async fn linear(
    state: State,
    world: World,
    tools: Tools,
    shelf: impl FnMut() -> (Vec<Canned>, Vec<String>) + Send + 'static,
) -> anyhow::Result<(State, World)> {
    let (events, inputs) = unbounded_channel();
    guard::on_signals(&events).context("listening for signals")?;
    let again = Arc::new(AtomicU8::new(NOTHING));
    listen(events, Arc::clone(&again));
    let mut teller = Lines { teller: Teller::default(), again, tools, shelf: Box::new(shelf) };
    Ok(runtime::run(state, world, inputs, &mut teller).await)
}

struct Lines {
    teller: Teller,
    /// Everything is to be told again.
    again: Arc<AtomicU8>,
    tools: Tools,
    shelf: super::Shelf,
}

impl Screen for Lines {
    fn draw(&mut self, state: &State) -> io::Result<()> {
        match self.again.swap(NOTHING, Ordering::SeqCst) {
            NOTHING => {}
            LINE => self.teller.heard(),
            asked => self.teller.again(asked == HELP),
        }
        let mut out = io::stdout().lock();
        for line in self.teller.told(state) {
            writeln!(out, "{line}")?;
        }
        out.flush()
    }

    fn edit(&mut self, text: &str) -> io::Result<Edited> {
        editor::edit(&self.tools.scratch, text)
    }

    /// Nothing that is no word goes out here.
    fn copy(&mut self, _text: &str, _what: &str) -> Option<Taken> {
        Some(Taken::Off)
    }

    fn notify(&mut self, text: &str) -> io::Result<()> {
        notice::notify(&Ways { osc9: false, osc777: false, ..self.tools.ways.clone() }, text)
    }

    fn replies(&mut self) -> Option<(Vec<Canned>, Vec<String>)> {
        Some((self.shelf)())
    }
}

#[expect(clippy::disallowed_methods, reason = "lines are read beside everything else")]
fn listen(events: UnboundedSender<Event>, again: Arc<AtomicU8>) {
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            match line.trim() {
                "" | "read" => again.store(AGAIN, Ordering::SeqCst),
                "help" => again.store(HELP, Ordering::SeqCst),
                _ => again.store(LINE, Ordering::SeqCst),
            }
            if events.send(Event::Said(line)).is_err() {
                return;
            }
        }
        drop(events.send(Event::Said("/keep".to_owned())));
        drop(events.send(Event::Said("quit".to_owned())));
    });
}
