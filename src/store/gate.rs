//! Who writes into the cache next. `SQLite` lets a waiting writer sleep and look again, so a pull that commits and begins at once
//! would keep the loop out; here the loop says that it waits, and the pull lets it pass between two transactions.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Default)]
pub(super) struct Gate {
    waiting: AtomicUsize,
    turn: Mutex<()>,
    /// One pull at a time may hold words back from the index.
    pub holding: AtomicBool,
    /// Were the sightings of an earlier process looked for?
    pub recalled: AtomicBool,
}

impl Gate {
    /// The loop's turn: as soon as the running transaction is through.
    pub fn first(&self) -> MutexGuard<'_, ()> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        turn
    }

    /// A pull's turn: when nobody else waits.
    pub fn after_you(&self) -> MutexGuard<'_, ()> {
        while self.waiting.load(Ordering::SeqCst) > 0 {
            std::thread::sleep(Duration::from_micros(100));
        }
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
