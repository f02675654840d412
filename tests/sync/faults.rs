//! What can go wrong in the simulated world, and what is found in it afterwards.

/// What can go wrong, in thousandths of the attempts.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// The server takes a second request with the same key for the first.
    pub idempotent: bool,
    /// The server forgets our marker.
    pub drops_meta: bool,
    /// Attempts whose answer never comes, split over lost, applied and late.
    pub ambiguous: u64,
    /// Attempts that surely did not leave, or were turned away for a while.
    pub refused: u64,
    /// A middlebox sends the request twice.
    pub repeated: u64,
    /// Readings that fail or show an older state.
    pub stale: u64,
    /// Effects before which the process dies.
    pub crash: u64,
    /// The latest late arrival, in seconds.
    pub latest: u64,
}

impl Faults {
    pub fn plenty() -> Self {
        Self { idempotent: false, drops_meta: false, ambiguous: 50, refused: 30, repeated: 3, stale: 50, crash: 3, latest: 120 }
    }
}

/// What became of it all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Found {
    pub composed: u64,
    pub lost: u64,
    pub doubled: u64,
    pub silently_doubled: u64,
    /// Doubled although no middlebox repeated it and no agent asked for it again.
    pub resent_blindly: u64,
    pub stuck: u64,
    pub out_of_order: u64,
    pub reviewed: u64,
    pub ambiguous: u64,
    pub crashes: u64,
}
