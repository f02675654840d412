//! How long something takes, as it is written in the file: `10s`, `5m`, `4h`, `2d`. Whole seconds, never negative.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;

/// A duration of a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(u32);

const UNITS: [(char, u32); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

impl Span {
    pub const fn seconds(count: u32) -> Self {
        Self(count)
    }

    pub const fn minutes(count: u32) -> Self {
        Self(count * 60)
    }

    pub const fn hours(count: u32) -> Self {
        Self(count * 3_600)
    }

    pub fn as_seconds(self) -> i64 {
        self.0.into()
    }

    pub fn duration(self) -> chrono::Duration {
        chrono::Duration::seconds(self.0.into())
    }

    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not a duration: write \"10s\", \"5m\", \"4h\" or \"2d\"");
        let mut chars = text.trim().chars();
        let last = chars.next_back().ok_or_else(wrong)?;
        let (_, unit) = UNITS.into_iter().find(|(letter, _)| *letter == last).ok_or_else(wrong)?;
        let count: u32 = chars.as_str().trim_end().parse().map_err(|_| wrong())?;
        count.checked_mul(unit).filter(|seconds| *seconds <= 366 * 86_400).map(Self).ok_or_else(|| format!("'{text}' is longer than a year"))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (letter, unit) = UNITS.into_iter().find(|(_, unit)| self.0 != 0 && self.0.is_multiple_of(*unit)).unwrap_or(('s', 1));
        write!(f, "{}{letter}", self.0 / unit)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}
