//! Moments in the agent's words: `2h`, `tomorrow 9`, `mon 14:30`, `2026-11-23 09:00`. Pure: the present and the zone
//! are handed in. What it gives is always after `now`.

use super::Timestamp;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};

/// Reads a moment; days and clock times are the agent's own, `utc_offset` seconds east of UTC.
/// Errors are one line that says what would be understood.
pub fn parse(text: &str, now: Timestamp, utc_offset: i32) -> Result<Timestamp, String> {
    let clean = text.trim().to_lowercase();
    let found = exact(text.trim())
        .or_else(|| distance(&clean).and_then(|distance| now.checked_add_signed(distance)))
        .or_else(|| calendar(&clean, local(now, utc_offset)?).and_then(|moment| universal(moment, utc_offset)));
    match found {
        Some(moment) if moment > now => Ok(moment),
        Some(_) => Err(format!("'{text}' is past")),
        None => Err(format!("'{text}' is not a time: try 2h, tomorrow 9, mon 14:30 or 2026-11-23 09:00")),
    }
}

/// ISO-8601 with its zone.
fn exact(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text).ok().map(|date| date.with_timezone(&Utc))
}

fn local(now: Timestamp, utc_offset: i32) -> Option<NaiveDateTime> {
    now.naive_utc().checked_add_signed(Duration::seconds(utc_offset.into()))
}

fn universal(moment: NaiveDateTime, utc_offset: i32) -> Option<Timestamp> {
    moment.checked_sub_signed(Duration::seconds(utc_offset.into())).map(|naive| naive.and_utc())
}

/// `2h`, `2h30m`, `in 3 days`, `90 min`.
pub fn distance(text: &str) -> Option<Duration> {
    let mut rest = text.trim().strip_prefix("in ").unwrap_or(text.trim()).trim_start();
    let mut total = Duration::zero();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        let count: i32 = rest[..digits].parse().ok()?;
        let tail = rest[digits..].trim_start();
        let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
        total = total.checked_add(&(unit(&tail[..end])?.checked_mul(count)?))?;
        rest = tail[end..].trim_start();
    }
    Some(total)
}

fn unit(word: &str) -> Option<Duration> {
    match word {
        "s" | "sec" | "secs" | "second" | "seconds" => Some(Duration::seconds(1)),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(Duration::minutes(1)),
        "h" | "hr" | "hrs" | "hour" | "hours" => Some(Duration::hours(1)),
        "d" | "day" | "days" => Some(Duration::days(1)),
        "w" | "week" | "weeks" => Some(Duration::weeks(1)),
        _ => None,
    }
}

/// A day, a clock time, or both; a day alone means nine in the morning, a clock time alone the next one.
fn calendar(text: &str, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let dated = text.get(..10).is_some_and(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok());
    let text = text.replacen('t', " ", usize::from(dated));
    let words: Vec<&str> = text.split_whitespace().filter(|word| !matches!(*word, "at" | "on")).collect();
    let (first, rest) = words.split_first()?;
    if let Some(time) = clock(&words.concat()) {
        let today = now.date().and_time(time);
        return if today > now { Some(today) } else { today.checked_add_days(Days::new(1)) };
    }
    let (date, rest) = match (*first, rest) {
        ("next", [day, rest @ ..]) => (next(day, now.date())?, rest),
        (word, rest) => (day(word, now.date())?, rest),
    };
    let time = if rest.is_empty() { implied(first)? } else { clock(&rest.concat())? };
    Some(date.and_time(time))
}

/// `week` is Monday; a weekday is the one after today.
fn next(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    if word == "week" { weekday(Weekday::Mon, today) } else { day(word, today) }
}

fn day(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "today" | "tonight" => Some(today),
        "tomorrow" | "tmr" => today.checked_add_days(Days::new(1)),
        _ => NaiveDate::parse_from_str(word, "%Y-%m-%d").ok().or_else(|| weekday(word.parse().ok()?, today)),
    }
}

/// The next such day after today.
fn weekday(wanted: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let ahead = (7 + wanted.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    today.checked_add_days(Days::new(if ahead == 0 { 7 } else { ahead.into() }))
}

fn implied(day: &str) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(if day == "tonight" { 20 } else { 9 }, 0, 0)
}

/// `9`, `9:30`, `14:05:10`, `9am`, `9:30pm`, `noon`.
fn clock(text: &str) -> Option<NaiveTime> {
    match text {
        "noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "morning" => return NaiveTime::from_hms_opt(9, 0, 0),
        "afternoon" => return NaiveTime::from_hms_opt(14, 0, 0),
        "evening" => return NaiveTime::from_hms_opt(18, 0, 0),
        _ => {}
    }
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (text, None),
    };
    let mut parts = digits.split(':').map(|part| part.parse::<u32>().ok());
    let hour = parts.next()??;
    let (minute, second) = (parts.next().unwrap_or(Some(0))?, parts.next().unwrap_or(Some(0))?);
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second).filter(|_| parts.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::{distance, parse};
    use crate::model::date;
    use chrono::Duration;

    fn at(text: &str) -> String {
        // A Monday, 08:21 in UTC, 09:21 for the agent.
        let now = date::parse("2026-11-23T08:21:00Z").unwrap();
        parse(text, now, 3600).map_or_else(|error| error, date::iso)
    }

    #[test]
    fn the_words_of_an_agent_are_moments() {
        for (text, wanted) in [
            ("2h", "2026-11-23T10:21:00.000Z"),
            ("2h30m", "2026-11-23T10:51:00.000Z"),
            ("in 3 days", "2026-11-26T08:21:00.000Z"),
            ("tomorrow", "2026-11-24T08:00:00.000Z"),
            ("Tomorrow 9", "2026-11-24T08:00:00.000Z"),
            ("tomorrow at 9:30 am", "2026-11-24T08:30:00.000Z"),
            ("tonight", "2026-11-23T19:00:00.000Z"),
            ("mon", "2026-11-30T08:00:00.000Z"),
            ("fri 14:30", "2026-11-27T13:30:00.000Z"),
            ("next week", "2026-11-30T08:00:00.000Z"),
            ("next tuesday noon", "2026-11-24T11:00:00.000Z"),
            ("17", "2026-11-23T16:00:00.000Z"),
            ("9:00", "2026-11-24T08:00:00.000Z"),
            ("9pm", "2026-11-23T20:00:00.000Z"),
            ("2026-12-01", "2026-12-01T08:00:00.000Z"),
            ("2026-12-01 10:15", "2026-12-01T09:15:00.000Z"),
            ("2026-12-01T10:15:30", "2026-12-01T09:15:30.000Z"),
            ("2026-12-01T10:15:00Z", "2026-12-01T10:15:00.000Z"),
            ("2026-12-01T10:15:00+02:00", "2026-12-01T08:15:00.000Z"),
        ] {
            assert_eq!(at(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_not_a_moment_ahead_is_said() {
        assert_eq!(at("2026-11-23 09:00"), "'2026-11-23 09:00' is past");
        for text in ["", "soon", "2x", "13pm", "25:00", "h", "99999999999h", "tomorrow never", "9:1:1:1", "2147483647w", "é", "next"] {
            assert!(at(text).contains("is not a time"), "{text}: {}", at(text));
        }
        assert_eq!(distance("1w 2d"), Some(Duration::days(9)));
    }
}
