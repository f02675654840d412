//! Who writes into the cache next. `SQLite` lets a waiting writer sleep and look again, so a pull that commits and begins at once
//! would keep the loop out; here the loop says that it waits, and the pull lets it pass between two transactions.

use super::error::{Cause, SOUND, UNREADABLE};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
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
    /// Reading or writing showed damage, and of what kind.
    suspect: AtomicU8,
    /// The disk did not take what was to be written.
    refused: AtomicBool,
    /// Another cache took its place: a pull that writes into the old one may stop.
    left: AtomicBool,
}

impl Gate {
    /// Remembers what speaks of damage or of the disk.
    pub fn met(&self, cause: &Cause) {
        if cause.is_disk() {
            self.refused.store(true, Ordering::SeqCst);
        }
        self.suspect.fetch_max(cause.shows(), Ordering::SeqCst);
    }

    pub fn is_suspect(&self) -> bool {
        self.suspect.load(Ordering::SeqCst) != SOUND
    }

    /// Nothing but reading it shows the damage.
    pub fn met_unreadable(&self) -> bool {
        self.suspect.load(Ordering::SeqCst) == UNREADABLE
    }

    pub fn is_refused(&self) -> bool {
        self.refused.load(Ordering::SeqCst)
    }

    pub fn leave(&self) {
        self.left.store(true, Ordering::SeqCst);
    }

    pub fn is_left(&self) -> bool {
        self.left.load(Ordering::SeqCst)
    }

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
