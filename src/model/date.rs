//! The three date formats of the wire, read tolerantly; written in one.

use super::Timestamp;
use chrono::{NaiveDateTime, SecondsFormat, Utc};

/// ISO-8601 with or without milliseconds and offset, `YYYY-MM-DD HH:MM:SS` (taken as UTC), or JavaScript's `Date.toString()`.
pub fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(date) = chrono::DateTime::parse_from_rfc3339(text) {
        return Some(date.with_timezone(&Utc));
    }
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"] {
        if let Ok(date) = NaiveDateTime::parse_from_str(text, format) {
            return Some(date.and_utc());
        }
    }
    javascript(text)
}

/// `Mon Nov 23 2026 09:02:11 GMT+0000 (Coordinated Universal Time)`.
fn javascript(text: &str) -> Option<Timestamp> {
    let bare = text.split(" (").next()?.replacen("GMT", "", 1);
    chrono::DateTime::parse_from_str(&bare, "%a %b %d %Y %H:%M:%S %z").ok().map(|date| date.with_timezone(&Utc))
}

/// ISO-8601 UTC with milliseconds, as the REST answers write it.
pub fn iso(date: Timestamp) -> String {
    date.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `YYYY-MM-DD HH:MM:SS` in UTC, as the snooze end points take it.
pub fn plain(date: Timestamp) -> String {
    date.format("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::{iso, parse, plain};

    #[test]
    fn every_format_of_the_wire_is_the_same_moment() {
        let wanted = parse("2026-11-23T09:02:11.000Z");
        assert!(wanted.is_some());
        for text in ["2026-11-23T09:02:11Z", "2026-11-23 09:02:11", "2026-11-23T10:02:11.000+01:00", "Mon Nov 23 2026 10:02:11 GMT+0100 (CET)"] {
            assert_eq!(parse(text), wanted, "{text}");
        }
        assert_eq!(parse("soon"), None);
        assert_eq!(parse("0000-00-00 00:00:00"), None);
        assert_eq!(wanted.map(iso).as_deref(), Some("2026-11-23T09:02:11.000Z"));
        assert_eq!(wanted.map(plain).as_deref(), Some("2026-11-23 09:02:11"));
    }
}
