//! The server's only clock. Times are whole milliseconds, as the wire writes them and the database keeps them.

use crate::model::Timestamp;
use chrono::{DurationRound, TimeDelta};

#[expect(clippy::disallowed_methods, reason = "the server is asked from outside and has to know the time itself")]
pub fn now() -> Timestamp {
    let now = chrono::Utc::now();
    now.duration_trunc(TimeDelta::milliseconds(1)).unwrap_or(now)
}
