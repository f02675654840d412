//! The two clocks of the client. The one on the wall dates what is written and shown, and anybody may set it; the other one
//! only ever counts, through sleep as well, and is what every wait is measured on.

use crate::model::Timestamp;
use chrono::Duration;

/// Differences of the clocks smaller than this are drift, not somebody's hand.
const DRIFT: Duration = Duration::milliseconds(250);

/// The clock on the wall.
#[expect(clippy::disallowed_methods, reason = "this is the one clock of the client")]
pub fn now() -> Timestamp {
    chrono::Utc::now()
}

/// Counts on from what the wall showed when it was made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    wall: Timestamp,
    begun: std::time::Duration,
}

impl Clock {
    pub fn started() -> Self {
        Self { wall: now(), begun: counted() }
    }

    pub fn steady(&self) -> Timestamp {
        let passed = counted().saturating_sub(self.begun);
        self.wall + Duration::from_std(passed).unwrap_or_default()
    }

    /// How far the wall is ahead of the steady clock, when that is not what was known.
    pub fn moved(&self, known: Duration) -> Option<Duration> {
        let ahead = now() - self.steady();
        ((ahead - known).abs() > DRIFT).then_some(ahead)
    }
}

/// Time since some beginning, on a clock that goes on while the machine sleeps.
fn counted() -> std::time::Duration {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(target_os = "linux")]
    let clock = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = ClockId::Monotonic;
    let at = clock_gettime(clock);
    std::time::Duration::new(u64::try_from(at.tv_sec).unwrap_or(0), u32::try_from(at.tv_nsec).unwrap_or(0))
}
