//! What can go wrong in a simulated world, the dice that decide whether it does, and what is counted.

use std::ops::AddAssign;

/// What the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Takes a second request with the same key for the first.
    Keys,
    /// Gives our marker back.
    Marker,
    /// Drops `meta`.
    Drops,
}

/// What can go wrong, in thousandths of the attempts, readings or effects.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each asked for by its name")]
pub struct Plan {
    pub kind: Kind,
    /// Whether it gives the marker back is known from the start, else it is learned.
    pub known: bool,
    pub desks: usize,
    /// All agents are one user of the server.
    pub shared: bool,
    /// Attempts whose outcome nobody learns: lost, applied, cut off, late.
    pub ambiguous: u64,
    /// Attempts that surely did not leave, or were turned away for a while.
    pub refused: u64,
    /// A middlebox sends the request twice.
    pub repeated: u64,
    /// Readings that fail, are incomplete, or show an older state.
    pub unread: u64,
    pub stale: u64,
    /// The latest late arrival, and the oldest reading, in seconds.
    pub latest: u64,
    pub lag: u64,
    /// Effects before or amid which the process dies.
    pub crash: u64,
    /// Effects that the disk refuses, for a while.
    pub disk: u64,
    /// Spells without a network or with a key that is not taken, in thousandths of the composed.
    pub spells: u64,
    /// A second screen and commands on the same disk.
    pub beside: bool,
    /// Customers and colleagues, per thousand composed.
    pub others: u64,
    /// Operations that are no replies, per thousand.
    pub kinds: u64,
    /// Snoozes among them: they speak of times on the wall.
    pub snoozes: bool,
    /// Replies that wait for a time on the wall, per thousand.
    pub planned: u64,
    pub once: bool,
    /// The clock on the wall jumps, by up to ten years.
    pub jumps: bool,
    /// All of it is composed offline within a month, then the network comes back.
    pub drain: bool,
}

impl Plan {
    pub const PLENTY: Self = Self {
        kind: Kind::Marker,
        known: false,
        desks: 3,
        shared: false,
        ambiguous: 50,
        refused: 30,
        repeated: 3,
        unread: 30,
        stale: 50,
        latest: 120,
        lag: 120,
        crash: 2,
        disk: 2,
        spells: 4,
        beside: false,
        others: 600,
        kinds: 250,
        snoozes: true,
        planned: 40,
        once: false,
        jumps: false,
        drain: false,
    };
}

/// Randomness from a seed.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let _warm = (dice.below(2), dice.below(2), dice.below(2));
        dice
    }

    pub fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The low bits of this generator are its worst.
        (self.0 >> 11) % below.max(1)
    }

    pub fn chance(&mut self, thousandths: u64) -> bool {
        thousandths > 0 && self.below(1000) < thousandths
    }

    /// Milliseconds between two spans.
    pub fn millis(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from).unsigned_abs()) as i64
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// What became of it all. The first block must be nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    pub lost: u64,
    pub silently_doubled: u64,
    pub resent_blindly: u64,
    /// Not settled in the end, or waiting for the agent without a reason.
    pub stuck: u64,
    pub out_of_order: u64,
    pub closed_too_early: u64,
    /// Sent before the agent's own time for it.
    pub premature: u64,
    pub stale_sent: u64,
    pub overwritten: u64,
    /// Two attempts of one operation, two operations of one case, too many lanes, or a sender that is none.
    pub at_once: u64,
    /// A marker was brought by a pull and the operation did not become sent.
    pub ignored: u64,

    pub composed: u64,
    /// Replies that went out at a time of the agent's.
    pub planned: u64,
    pub ops: u64,
    pub attempts: u64,
    pub ambiguous: u64,
    pub doubled: u64,
    /// Taken for sent by its words, wrongly; shown with a `~`.
    pub guessed: u64,
    /// Replies about which the agent was asked, because nothing proved what became of them; and for other reasons.
    pub reviewed: u64,
    pub asked: u64,
    pub sent: u64,
    pub cancelled: u64,
    pub crashes: u64,
    pub disk_failures: u64,
    pub steps: u64,
}

impl Found {
    pub fn wrong(&self) -> bool {
        let Self {
            lost, silently_doubled, resent_blindly, stuck, out_of_order, closed_too_early, premature, stale_sent, overwritten, at_once, ignored, ..
        } = self;
        [lost, silently_doubled, resent_blindly, stuck, out_of_order, closed_too_early, premature, stale_sent, overwritten, at_once, ignored]
            .iter()
            .any(|count| **count > 0)
    }
}

impl AddAssign for Found {
    fn add_assign(&mut self, more: Self) {
        self.lost += more.lost;
        self.silently_doubled += more.silently_doubled;
        self.resent_blindly += more.resent_blindly;
        self.stuck += more.stuck;
        self.out_of_order += more.out_of_order;
        self.closed_too_early += more.closed_too_early;
        self.premature += more.premature;
        self.stale_sent += more.stale_sent;
        self.overwritten += more.overwritten;
        self.at_once += more.at_once;
        self.ignored += more.ignored;
        self.composed += more.composed;
        self.planned += more.planned;
        self.ops += more.ops;
        self.attempts += more.attempts;
        self.ambiguous += more.ambiguous;
        self.doubled += more.doubled;
        self.guessed += more.guessed;
        self.reviewed += more.reviewed;
        self.asked += more.asked;
        self.sent += more.sent;
        self.cancelled += more.cancelled;
        self.crashes += more.crashes;
        self.disk_failures += more.disk_failures;
        self.steps += more.steps;
    }
}
