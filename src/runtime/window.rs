//! A list is read from the disk before the frame that shows it. What a filter, or another order, makes too long for that is read
//! beside the loop while the rows that were there stay; the answer that was asked for last counts, and the others are not read on.

use super::perform::aside;
use super::{Answer, Desk, Screen, now};
use crate::app::{Event, Loaded};
use crate::model::{Window, WindowAsk};
use crate::store::{Sink, Stop, StoreError};

/// So much of the database may be walked through before a frame: 5 to 6 ms.
const STEPS: u32 = 120_000;

/// The window that was asked for last.
#[derive(Default)]
pub(super) struct Reading {
    number: u64,
    /// While it is read beside the loop.
    stop: Option<Stop>,
}

impl<S: Screen> Desk<'_, S> {
    pub(super) fn load_window(&mut self, ask: WindowAsk) -> Result<(), StoreError> {
        self.window_within(ask, STEPS)
    }

    pub(super) fn window_within(&mut self, ask: WindowAsk, steps: u32) -> Result<(), StoreError> {
        self.window.number += 1;
        if let Some(older) = self.window.stop.take() {
            older.stop();
        }
        let store = &self.world.store;
        if !self.state.settings.interactive {
            return self.window_now(&ask);
        }
        if let Some(window) = store.window_within(&ask, now(), steps)? {
            self.handle(Event::Loaded(Box::new(Loaded::Window(window))));
            return Ok(());
        }
        match self.beside() {
            Some(sink) => self.window_beside(ask, sink),
            None => return self.window_now(&ask),
        }
        Ok(())
    }

    fn window_now(&mut self, ask: &WindowAsk) -> Result<(), StoreError> {
        let window = self.world.store.window(ask, now())?;
        self.handle(Event::Loaded(Box::new(Loaded::Window(window))));
        Ok(())
    }

    fn window_beside(&mut self, ask: WindowAsk, sink: Sink) {
        let (answers, number) = (self.answers.clone(), self.window.number);
        self.window.stop = Some(sink.stop());
        aside(move || {
            let read = sink.window(&ask, now()).map(Box::new).map_err(|_| ask);
            drop(answers.send(Answer::Window { number, read }));
        });
    }

    pub(super) fn long_window(&mut self, number: u64, read: Result<Window, WindowAsk>) {
        if number != self.window.number {
            return;
        }
        self.window.stop = None;
        match read {
            Ok(window) => self.handle(Event::Loaded(Box::new(Loaded::Window(window)))),
            // What is wrong is found out, and looked after, where the files are.
            Err(ask) => {
                let read = self.window_now(&ask);
                self.report(read);
            }
        }
    }
}
