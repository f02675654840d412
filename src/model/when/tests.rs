//! What agents type, in the zone of the agent, on days when the clocks are changed too.

use super::{PATIENCE, Wish, parse, wish};
use crate::model::{Timestamp, Zone, date};
use proptest::prelude::*;

fn moment(text: &str) -> Timestamp {
    date::parse(text).unwrap()
}

/// Oslo: an hour ahead in winter, two in summer.
fn oslo() -> Zone {
    let changes = [("2026-03-29T01:00:00Z", 7200), ("2026-10-25T01:00:00Z", 3600), ("2027-03-28T01:00:00Z", 7200), ("2027-10-31T01:00:00Z", 3600)];
    Zone::new(3600, changes.map(|(at, offset)| (moment(at), offset)).to_vec())
}

fn at(text: &str) -> String {
    // A Monday, 08:21 in UTC, 09:21 for the agent.
    parse(text, moment("2026-11-23T08:21:00Z"), &oslo()).map_or_else(|error| error, date::iso)
}

#[test]
fn the_words_of_an_agent_are_moments() {
    for (text, wanted) in [
        ("2h", "2026-11-23T10:21:00.000Z"),
        ("2h30m", "2026-11-23T10:51:00.000Z"),
        ("in 3 days", "2026-11-26T08:21:00.000Z"),
        ("in an hour", "2026-11-23T09:21:00.000Z"),
        ("1w 2d", "2026-12-02T08:21:00.000Z"),
        ("2 months", "2027-01-23T08:21:00.000Z"),
        ("tomorrow", "2026-11-24T08:00:00.000Z"),
        ("Tomorrow 9", "2026-11-24T08:00:00.000Z"),
        ("9 tomorrow", "2026-11-24T08:00:00.000Z"),
        ("until tomorrow at 9:30 am", "2026-11-24T08:30:00.000Z"),
        ("tomorrow morning", "2026-11-24T08:00:00.000Z"),
        ("in the evening", "2026-11-23T17:00:00.000Z"),
        ("this afternoon", "2026-11-23T13:00:00.000Z"),
        ("tonight", "2026-11-23T19:00:00.000Z"),
        ("tonight 21:00", "2026-11-23T20:00:00.000Z"),
        ("mon", "2026-11-30T08:00:00.000Z"),
        ("fri 14:30", "2026-11-27T13:30:00.000Z"),
        ("next week", "2026-11-30T08:00:00.000Z"),
        ("next month", "2026-12-01T08:00:00.000Z"),
        ("next tuesday noon", "2026-11-24T11:00:00.000Z"),
        ("weekend", "2026-11-28T08:00:00.000Z"),
        ("end of day", "2026-11-23T16:00:00.000Z"),
        ("eod", "2026-11-23T16:00:00.000Z"),
        ("end of the week", "2026-11-27T16:00:00.000Z"),
        ("17", "2026-11-23T16:00:00.000Z"),
        ("9:00", "2026-11-24T08:00:00.000Z"),
        ("9pm", "2026-11-23T20:00:00.000Z"),
        ("1 dec 14:00", "2026-12-01T13:00:00.000Z"),
        ("1 dec", "2026-12-01T08:00:00.000Z"),
        ("dec 1st, 14:00", "2026-12-01T13:00:00.000Z"),
        ("1. December 2027 at 9", "2027-12-01T08:00:00.000Z"),
        ("3 feb", "2027-02-03T08:00:00.000Z"),
        ("29 feb", "2028-02-29T08:00:00.000Z"),
        ("23 nov 9:00", "2027-11-23T08:00:00.000Z"),
        ("24.12.", "2026-12-24T08:00:00.000Z"),
        ("1.6. 9:00", "2027-06-01T07:00:00.000Z"),
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
fn days_keep_the_time_of_day_when_the_clocks_are_changed() {
    // Saturday before, nine in the morning in Oslo.
    for (now, text, wanted) in [
        ("2026-10-24T07:00:00Z", "mon 9", "2026-10-26T08:00:00.000Z"),
        ("2026-10-24T07:00:00Z", "2 days", "2026-10-26T08:00:00.000Z"),
        ("2026-10-24T07:00:00Z", "48h", "2026-10-26T07:00:00.000Z"),
        ("2026-10-24T07:00:00Z", "tomorrow 2:30", "2026-10-25T00:30:00.000Z"),
        ("2027-03-27T08:00:00Z", "mon 9", "2027-03-29T07:00:00.000Z"),
        ("2027-03-27T08:00:00Z", "tomorrow 2:30", "2027-03-28T01:30:00.000Z"),
        ("2027-03-27T08:00:00Z", "1 week 1h", "2027-04-03T08:00:00.000Z"),
    ] {
        assert_eq!(parse(text, moment(now), &oslo()).map(date::iso).as_deref(), Ok(wanted), "{now} {text}");
    }
}

#[test]
fn what_is_not_a_moment_ahead_is_said() {
    assert_eq!(at("2026-11-23 09:00"), "'2026-11-23 09:00' is past");
    let odd = [
        "",
        "soon",
        "2x",
        "13pm",
        "25:00",
        "h",
        "99999999999h",
        "tomorrow never",
        "9:1:1:1",
        "2147483647w",
        "é",
        "next",
        "32 dec",
        "dec",
        "1 dec 25",
        "30.2.",
        "1.2.3.4",
        "end",
        "until",
        "until until",
    ];
    for text in odd {
        assert!(at(text).contains("is not a time"), "{text}: {}", at(text));
    }
}

#[test]
fn a_case_may_rest_until_its_customer_writes() {
    let now = moment("2026-11-23T08:21:00Z");
    let wished = |text: &str| wish(text, now, &oslo());
    for text in ["until they write", "They write", "until the customer writes", "reply", "till they reply"] {
        assert_eq!(wished(text), Ok(Wish { until: now + PATIENCE, reply: true }), "{text}");
    }
    for text in ["until they write or mon 9", "they write, mon 9", "until they answer at the latest mon"] {
        assert_eq!(wished(text), Ok(Wish { until: moment("2026-11-30T08:00:00Z"), reply: true }), "{text}");
    }
    assert_eq!(wished("mon"), Ok(Wish { until: moment("2026-11-30T08:00:00Z"), reply: false }));
    assert!(wished("they write or never").is_err() && wished("they").is_err());
    // Offered only where it would be understood.
    assert!(wished("soon").unwrap_err().ends_with("1 dec or until they write"));
    assert!(parse("soon", now, &oslo()).unwrap_err().ends_with("mon 14:30 or 1 dec"));
}

proptest! {
    #[test]
    fn whatever_is_typed_is_a_moment_ahead_or_an_error(text in "[ -~é日]{0,24}", seconds in 0_i64..4_000_000_000) {
        let now = Timestamp::from_timestamp(seconds, 0).unwrap();
        if let Ok(wish) = wish(&text, now, &oslo()) {
            prop_assert!(wish.until > now);
        }
    }

    #[test]
    fn words_of_the_language_are_moments_ahead(day in "tomorrow|mon|tue|sun|next week|1 dec|28 feb|in 2 days", time in "|9|14:30|noon|11pm", seconds in 0_i64..4_000_000_000) {
        let now = Timestamp::from_timestamp(seconds, 0).unwrap();
        let text = format!("{day} {time}");
        if !day.starts_with("in ") || time.is_empty() {
            prop_assert!(parse(&text, now, &oslo()).is_ok_and(|at| at > now), "{text}");
        }
    }
}
