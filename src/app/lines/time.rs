//! Moments in words, as short as they can be and still be clear.

use crate::model::{Timestamp, Zone};
use chrono::{Datelike, Duration, NaiveDateTime, TimeDelta};

/// `09:02` today, `Mon 09:02` within a week, `12 Nov 09:02`, `12 Nov 2024 09:02` of another year.
pub fn stamp(at: Timestamp, now: Timestamp, utc_offset: i32) -> String {
    format(at, now, utc_offset, ["%H:%M", "%a %H:%M", "%-d %b %H:%M", "%-d %b %Y %H:%M"])
}

/// The same by the clocks of a zone, which may be changed between the two.
pub fn stamp_in(at: Timestamp, now: Timestamp, zone: &Zone) -> String {
    form(zone.local(at), zone.local(now), ["%H:%M", "%a %H:%M", "%-d %b %H:%M", "%-d %b %Y %H:%M"])
}

/// `Mon 30 Nov 09:00, in 2 days`: a moment to come, so that nobody has to count.
pub fn ahead(at: Timestamp, now: Timestamp, zone: &Zone) -> String {
    let (local, today) = (zone.local(at), zone.local(now));
    let days = local.date().signed_duration_since(today.date()).num_days();
    let minutes = (at - now).num_minutes();
    let distance = match days {
        _ if minutes < 60 => format!("in {} min", minutes.max(1)),
        0 => format!("in {} h", (minutes + 30) / 60),
        1 => "tomorrow".to_owned(),
        ..14 => format!("in {days} days"),
        14..60 => format!("in {} weeks", days / 7),
        _ => format!("in {} months", days / 30),
    };
    let year = if local.year() == today.year() || days < 90 { "" } else { " %Y" };
    format!("{}, {distance}", local.format(&format!("%a %-d %b{year} %H:%M")))
}

/// A moment to come, the longest way of saying it first.
pub fn forms(at: Timestamp, now: Timestamp, zone: &Zone) -> Vec<String> {
    let long = ahead(at, now, zone);
    let day = long.split(',').next().unwrap_or_default().to_owned();
    vec![long, day, stamp_in(at, now, zone)]
}

/// The same without the time of day, for what lies further back than today.
pub fn day(at: Timestamp, now: Timestamp, utc_offset: i32) -> String {
    format(at, now, utc_offset, ["%H:%M", "%-d %b", "%-d %b", "%-d %b %Y"])
}

fn format(at: Timestamp, now: Timestamp, utc_offset: i32, forms: [&str; 4]) -> String {
    form(local(at, utc_offset), local(now, utc_offset), forms)
}

fn form(at: NaiveDateTime, now: NaiveDateTime, [today, week, year, other]: [&str; 4]) -> String {
    let days = at.date().signed_duration_since(now.date()).num_days();
    let form = match days {
        0 => today,
        -6..=6 => week,
        -300..=300 if at.year() == now.year() || (-90..0).contains(&days) => year,
        _ => other,
    };
    at.format(form).to_string()
}

/// The agent's clock.
pub fn local(at: Timestamp, utc_offset: i32) -> NaiveDateTime {
    let at = at.naive_utc();
    at.checked_add_signed(TimeDelta::seconds(i64::from(utc_offset))).unwrap_or(at)
}

/// `today · Mon 23 Nov`, `yesterday · Sun 22 Nov`, `Thu 12 Nov`, `Thu 12 Nov 2024`: a day.
pub fn date(at: Timestamp, now: Timestamp, utc_offset: i32) -> String {
    let (at, now) = (local(at, utc_offset), local(now, utc_offset));
    let days = now.date().signed_duration_since(at.date()).num_days();
    let before = match days {
        0 => "today · ",
        1 => "yesterday · ",
        _ => "",
    };
    let form = if at.year() == now.year() || (0..90).contains(&days) { "%a %-d %b" } else { "%a %-d %b %Y" };
    format!("{before}{}", at.format(form))
}

/// `just now`, `12 min ago`, `3 h ago`, `2 days ago`; nothing for what is to come or long gone.
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.signed_duration_since(at).num_seconds();
    match seconds {
        0..60 => "just now".to_owned(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..172_800 => format!("{} h ago", seconds / 3_600),
        172_800..5_184_000 => format!("{} days ago", seconds / 86_400),
        // To come, or long gone.
        _ => String::new(),
    }
}

/// `4 h`, `90 min`, `2 days`: a length as it was set, in the largest unit that divides it.
pub fn length(length: Duration) -> String {
    let seconds = length.num_seconds().abs();
    match seconds {
        0 => "no time".to_owned(),
        _ if seconds % 60 != 0 => format!("{seconds} s"),
        86_400 => "1 day".to_owned(),
        _ if seconds % 86_400 == 0 => format!("{} days", seconds / 86_400),
        _ if seconds % 3_600 == 0 => format!("{} h", seconds / 3_600),
        _ => format!("{} min", seconds / 60),
    }
}

/// `now`, `40s`, `12m`, `3h`, `2d`, `9w`: the largest unit only.
pub fn span(length: Duration) -> String {
    let seconds = length.num_seconds().abs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..172_800 => format!("{}h", seconds / 3_600),
        172_800..5_184_000 => format!("{}d", seconds / 86_400),
        _ => format!("{}w", seconds / 604_800),
    }
}

#[cfg(test)]
mod tests {
    use super::{span, stamp};
    use crate::model::{Zone, date};
    use chrono::Duration;

    #[test]
    fn a_moment_is_as_long_as_its_distance() {
        let Some(now) = date::parse("2026-11-23T09:30:00Z") else { return };
        let cases = [
            ("2026-11-23T09:02:00Z", "09:02"),
            ("2026-11-22T23:30:00Z", "Sun 23:30"),
            ("2026-11-12T09:02:00Z", "12 Nov 09:02"),
            ("2024-11-12T09:02:00Z", "12 Nov 2024 09:02"),
            ("2026-11-25T14:00:00Z", "Wed 14:00"),
        ];
        for (at, words) in cases {
            assert_eq!(date::parse(at).map(|at| stamp(at, now, 0)).as_deref(), Some(words));
        }
        assert_eq!(date::parse("2026-11-22T23:30:00Z").map(|at| stamp(at, now, 3_600)).as_deref(), Some("00:30"));
        assert!(!stamp(chrono::DateTime::<chrono::Utc>::MAX_UTC, now, 50_400).is_empty());
    }

    #[test]
    fn what_is_ahead_is_counted_by_the_clocks_of_the_zone() {
        let Some(now) = date::parse("2026-10-23T07:00:00Z") else { return };
        let Some(change) = date::parse("2026-10-25T01:00:00Z") else { return };
        let zone = Zone::new(7200, vec![(change, 3600)]);
        for (at, words, brief) in [
            ("2026-10-23T07:20:00Z", "Fri 23 Oct 09:20, in 20 min", "09:20"),
            ("2026-10-23T12:00:00Z", "Fri 23 Oct 14:00, in 5 h", "14:00"),
            ("2026-10-24T07:00:00Z", "Sat 24 Oct 09:00, tomorrow", "Sat 09:00"),
            ("2026-10-26T08:00:00Z", "Mon 26 Oct 09:00, in 3 days", "Mon 09:00"),
            ("2027-03-01T08:00:00Z", "Mon 1 Mar 2027 09:00, in 4 months", "1 Mar 2027 09:00"),
        ] {
            let Some(at) = date::parse(at) else { return };
            assert_eq!((super::ahead(at, now, &zone), super::stamp_in(at, now, &zone)), (words.to_owned(), brief.to_owned()));
        }
    }

    #[test]
    fn days_and_ages_have_words() {
        let Some(now) = date::parse("2026-11-23T09:30:00Z") else { return };
        let told = |text: &str| date::parse(text).map(|at| (super::date(at, now, 0), super::ago(at, now))).unwrap_or_default();
        let cases = [
            ("2026-11-23T09:29:30Z", "today · Mon 23 Nov", "just now"),
            ("2026-11-22T23:30:00Z", "yesterday · Sun 22 Nov", "10 h ago"),
            ("2026-11-12T09:02:00Z", "Thu 12 Nov", "11 days ago"),
            ("2024-11-12T09:02:00Z", "Tue 12 Nov 2024", ""),
            ("2026-11-23T09:31:00Z", "today · Mon 23 Nov", ""),
        ];
        for (at, day, age) in cases {
            assert_eq!(told(at), (day.to_owned(), age.to_owned()));
        }
    }

    #[test]
    fn a_length_is_said_as_it_was_set() {
        let words: Vec<String> = [14_400, 5_400, 86_400, 172_800, 45, 0].into_iter().map(|s| super::length(Duration::seconds(s))).collect();
        assert_eq!(words, ["4 h", "90 min", "1 day", "2 days", "45 s", "no time"]);
    }

    #[test]
    fn spans_have_one_unit() {
        let words: Vec<String> = [4, 300, 7_200, 400_000, 9_000_000].into_iter().map(|s| span(Duration::seconds(s))).collect();
        assert_eq!(words, ["4s", "5m", "2h", "4d", "14w"]);
    }
}
