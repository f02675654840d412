//! Moments in the agent's words: `2h`, `tomorrow 9`, `mon 14:30`, `1 dec`, `end of day`, `until they write`. Pure: the present
//! and the zone are handed in. What it gives is always after `now`.

use super::{Timestamp, Zone};
use chrono::{DateTime, Datelike, Days, Duration, Month, Months, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};

/// How long a case rests at most that waits for its customer.
pub const PATIENCE: Duration = Duration::days(30);
/// When the day ends, and when it begins.
const EVENING: u32 = 17;
const MORNING: u32 = 9;

/// Until when a case is to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    pub until: Timestamp,
    /// Not so long when the customer writes before.
    pub reply: bool,
}

/// Reads a moment, or the words for "until the customer writes" with or without a moment as their end.
pub fn wish(text: &str, now: Timestamp, zone: &Zone) -> Result<Wish, String> {
    match for_reply(text) {
        None if moment(text, now, zone).is_none() => Err(unclear(text, "2h, tomorrow 9, mon 14:30, 1 dec or until they write")),
        None => parse(text, now, zone).map(|until| Wish { until, reply: false }),
        Some("") => Ok(Wish { until: now + PATIENCE, reply: true }),
        Some(bound) => parse(bound, now, zone).map(|until| Wish { until, reply: true }),
    }
}

/// What follows the words that mean the customer.
fn for_reply(text: &str) -> Option<&str> {
    const WORDS: [&str; 7] = ["they write", "they reply", "they answer", "the customer writes", "the customer replies", "a reply", "reply"];
    let text = text.trim();
    let starts = |text: &str, word: &str| text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let bare = ["until ", "till "].iter().find(|word| starts(text, word)).map_or(text, |word| text[word.len()..].trim_start());
    let rest = WORDS.iter().find(|word| starts(bare, word)).map(|word| &bare[word.len()..])?;
    let rest = rest.trim_start_matches(',').trim_start();
    let bound = ["or ", "at the latest ", "max "].iter().find(|word| starts(rest, word)).map_or(rest, |word| &rest[word.len()..]);
    Some(bound.trim())
}

/// Reads a moment; days and clock times are the agent's own. Errors are one line that says what would be understood.
pub fn parse(text: &str, now: Timestamp, zone: &Zone) -> Result<Timestamp, String> {
    match moment(text, now, zone) {
        Some(moment) if moment > now => Ok(moment),
        Some(_) => Err(format!("'{text}' is past")),
        None => Err(unclear(text, "2h, tomorrow 9, mon 14:30 or 1 dec")),
    }
}

/// What the words mean, be it past or to come.
fn moment(text: &str, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
    let clean = text.trim().to_lowercase();
    let clean = ["until ", "till "].iter().find_map(|word| clean.strip_prefix(word)).unwrap_or(&clean);
    exact(text.trim())
        .or_else(|| Span::parse(clean).and_then(|span| span.from(now, zone)))
        .or_else(|| calendar(clean, zone.local(now)).and_then(|moment| zone.moment(moment)))
}

fn unclear(text: &str, examples: &str) -> String {
    format!("'{text}' is not a time: try {examples}")
}

/// ISO-8601 with its zone.
fn exact(text: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc3339(text).ok().map(|date| date.with_timezone(&Utc))
}

/// A distance. Days, weeks and months keep the time of day, whatever the clocks do between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Span {
    months: u32,
    days: u64,
    rest: Duration,
}

impl Span {
    /// `2h`, `2h30m`, `in 3 days`, `90 min`, `a week`.
    fn parse(text: &str) -> Option<Self> {
        let mut rest = text.trim().strip_prefix("in ").unwrap_or(text.trim()).trim_start();
        let mut span = Self { months: 0, days: 0, rest: Duration::zero() };
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let one = ["a ", "an "].iter().find_map(|word| rest.strip_prefix(word));
            let (count, tail) = if let Some(tail) = one {
                (1, tail)
            } else {
                let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
                (rest[..digits].parse::<i32>().ok()?, rest[digits..].trim_start())
            };
            let end = tail.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(tail.len());
            span = span.plus(count, &tail[..end])?;
            rest = tail[end..].trim_start();
        }
        Some(span)
    }

    fn plus(self, count: i32, unit: &str) -> Option<Self> {
        let days = |each: u32| u64::from(u32::try_from(count).ok()?.checked_mul(each)?).checked_add(self.days);
        let rest = |each: Duration| self.rest.checked_add(&each.checked_mul(count)?);
        Some(match unit {
            "s" | "sec" | "secs" | "second" | "seconds" => Self { rest: rest(Duration::seconds(1))?, ..self },
            "m" | "min" | "mins" | "minute" | "minutes" => Self { rest: rest(Duration::minutes(1))?, ..self },
            "h" | "hr" | "hrs" | "hour" | "hours" => Self { rest: rest(Duration::hours(1))?, ..self },
            "d" | "day" | "days" => Self { days: days(1)?, ..self },
            "w" | "week" | "weeks" => Self { days: days(7)?, ..self },
            "mo" | "month" | "months" => Self { months: self.months.checked_add(u32::try_from(count).ok()?)?, ..self },
            _ => return None,
        })
    }

    fn from(self, now: Timestamp, zone: &Zone) -> Option<Timestamp> {
        let day = if self.months == 0 && self.days == 0 {
            now
        } else {
            zone.moment(zone.local(now).checked_add_months(Months::new(self.months))?.checked_add_days(Days::new(self.days))?)?
        };
        day.checked_add_signed(self.rest)
    }
}

/// A day, a clock time, or both in either order; a day alone means the morning, a clock time alone the next one.
fn calendar(text: &str, now: NaiveDateTime) -> Option<NaiveDateTime> {
    let dated = text.get(..10).is_some_and(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok());
    let text = text.replacen('t', " ", usize::from(dated));
    let filler = |word: &str| matches!(word, "at" | "on" | "the" | "of" | "this" | "in");
    let mut words: Vec<&str> = text.split([' ', '\t', ',']).filter(|word| !word.is_empty() && !filler(word)).collect();
    if let Some(time) = clock(&words.concat()) {
        return ahead(now.date().and_time(time), now);
    }
    day_and_time(&words, now).or_else(|| {
        // `9 tomorrow`, `noon mon`.
        let last = words.pop()?;
        words.insert(0, last);
        if words.len() > 1 { day_and_time(&words, now) } else { None }
    })
}

/// That time of today, or of tomorrow.
fn ahead(moment: NaiveDateTime, now: NaiveDateTime) -> Option<NaiveDateTime> {
    if moment > now { Some(moment) } else { moment.checked_add_days(Days::new(1)) }
}

fn day_and_time(words: &[&str], now: NaiveDateTime) -> Option<NaiveDateTime> {
    let today = now.date();
    let evening = hour(EVENING)?;
    let (date, rest, time) = match words {
        ["eod"] | ["end", "day"] => return ahead(today.and_time(evening), now),
        ["eow"] | ["end", "week"] => {
            let friday = if today.weekday() == Weekday::Fri && now.time() < evening { today } else { weekday(Weekday::Fri, today)? };
            return Some(friday.and_time(evening));
        }
        ["next", day, rest @ ..] => (next(day, today)?, rest, hour(MORNING)?),
        ["tonight", rest @ ..] => (today, rest, hour(20)?),
        [one, other, rest @ ..] if month(one).is_some() || month(other).is_some() => return of_month(one, other, rest, now),
        [word, rest @ ..] => (day(word, today)?, rest, hour(MORNING)?),
        [] => return None,
    };
    let time = if rest.is_empty() { time } else { clock(&rest.concat())? };
    Some(date.and_time(time))
}

fn hour(hour: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, 0, 0)
}

/// `week` is Monday, `month` its first day; a weekday is the one after today.
fn next(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "week" => weekday(Weekday::Mon, today),
        "month" => today.with_day(1)?.checked_add_months(Months::new(1)),
        _ => day(word, today),
    }
}

fn day(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    match word {
        "today" => Some(today),
        "tomorrow" | "tmr" => today.checked_add_days(Days::new(1)),
        "weekend" => weekday(Weekday::Sat, today),
        _ => NaiveDate::parse_from_str(word, "%Y-%m-%d").ok().or_else(|| dotted(word, today)).or_else(|| weekday(word.parse().ok()?, today)),
    }
}

/// `24.12.` and `24.12.2027`: the next one, where no year is said.
fn dotted(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    let mut parts = word.trim_end_matches('.').split('.').map(|part| part.parse::<i32>().ok());
    let (day, month) = (parts.next()??, parts.next()??);
    let (day, month) = (u32::try_from(day).ok()?, u32::try_from(month).ok()?);
    match parts.next() {
        Some(year) => NaiveDate::from_ymd_opt(year.filter(|year| *year > 2000)?, month, day),
        None => {
            NaiveDate::from_ymd_opt(today.year(), month, day).filter(|date| *date >= today).or_else(|| NaiveDate::from_ymd_opt(today.year() + 1, month, day))
        }
    }
}

fn month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    // As chrono reads it, `sun` is no month and `sept` is one.
    let word = if word == "sept" { "sep" } else { word };
    word.parse::<Month>().ok().map(|month| month.number_from_month())
}

/// `1 dec`, `dec 1st`, `1. december 2027 14:00`: the next one, where no year is said.
fn of_month(one: &str, other: &str, rest: &[&str], now: NaiveDateTime) -> Option<NaiveDateTime> {
    let (month, day) = month(one).map(|month| (month, other)).or_else(|| month(other).map(|month| (month, one)))?;
    let digits = day.trim_end_matches(|c: char| !c.is_ascii_digit());
    if !matches!(&day[digits.len()..], "" | "." | "st" | "nd" | "rd" | "th") {
        return None;
    }
    let day: u32 = digits.parse().ok()?;
    let year = rest.first().filter(|word| word.len() == 4).and_then(|word| word.parse::<i32>().ok());
    let rest = if year.is_some() { &rest[1..] } else { rest };
    let time = if rest.is_empty() { hour(MORNING)? } else { clock(&rest.concat())? };
    let in_year = |year: i32| NaiveDate::from_ymd_opt(year, month, day).map(|date| date.and_time(time));
    match year {
        Some(year) => in_year(year),
        None => (now.year()..now.year() + 5).filter_map(in_year).find(|moment| *moment > now),
    }
}

/// The next such day after today.
fn weekday(wanted: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let ahead = (7 + wanted.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
    today.checked_add_days(Days::new(if ahead == 0 { 7 } else { ahead.into() }))
}

/// `9`, `9:30`, `14:05:10`, `9am`, `9:30pm`, `noon`.
fn clock(text: &str) -> Option<NaiveTime> {
    match text {
        "noon" | "lunch" => return hour(12),
        "morning" => return hour(MORNING),
        "afternoon" => return hour(14),
        "evening" => return hour(18),
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
mod tests;
