//! Single values: ids as numbers or numeric strings, flags as words or booleans, dates in the formats of the wire, texts.
//! What makes no sense is `None`; nothing is rounded, wrapped or guessed.

use crate::model::{Timestamp, Untrusted, date as formats};
use chrono::Datelike;
use serde_json::Value;

/// An integer, also as a string (`"4410"`, `"#4410"`), a whole float, or the `id` of an object that took the column's place.
pub fn int(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().trim_start_matches('#').parse().ok(),
        Value::Object(inner) => inner.get("id").filter(|id| !id.is_object()).and_then(int),
        _ => None,
    }
}

/// An id: never 0 or less, which stand for "none" on the wire.
pub fn id(value: &Value) -> Option<i64> {
    int(value).filter(|id| *id > 0)
}

#[expect(clippy::cast_possible_truncation, reason = "whole and within the range that a double holds exactly")]
fn whole(float: f64) -> Option<i64> {
    (float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0).then_some(float as i64)
}

/// `yes`, `NO`, `true`, `1`, `"0"`.
pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => number.as_f64().map(|number| number != 0.0),
        Value::String(word) => match word.trim().to_ascii_lowercase().as_str() {
            "yes" | "true" | "1" | "y" | "on" => Some(true),
            "no" | "false" | "0" | "n" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A date in one of the formats of the wire; numbers are seconds, or milliseconds when they are that large.
/// Years of four digits only: what we write is to be read again.
pub fn date(value: &Value) -> Option<Timestamp> {
    moment(value).filter(|date| (0..=9999).contains(&date.year()))
}

fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => formats::parse(text),
        Value::Number(_) => int(value)
            .and_then(|number| if number.abs() >= 100_000_000_000 { Timestamp::from_timestamp_millis(number) } else { Timestamp::from_timestamp(number, 0) }),
        Value::Object(inner) => inner.get("date").filter(|date| date.is_string()).and_then(moment),
        _ => None,
    }
}

/// A text. Numbers and flags are printed; of an object its `message`, `text`, `name` or `title`; anything else as JSON, so that nothing is hidden.
pub fn text(value: &Value) -> Option<Untrusted> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.as_str().into()),
        Value::Object(inner) => {
            let told = ["message", "text", "name", "title"].iter().find_map(|key| inner.get(*key).and_then(Value::as_str));
            Some(told.map_or_else(|| value.to_string().into(), Untrusted::from))
        }
        Value::Array(rows) if rows.is_empty() => None,
        _ => Some(value.to_string().into()),
    }
}

/// A word: a string that is not empty, or a number printed.
pub fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{date, flag, id, int, text};
    use serde_json::json;

    #[test]
    fn ids_come_as_numbers_strings_and_objects_and_never_as_nonsense() {
        for value in [json!(7), json!("7"), json!(" #7 "), json!(7.0), json!({"id": "7"})] {
            assert_eq!(id(&value), Some(7), "{value}");
        }
        for value in
            [json!(0), json!(-1), json!(7.5), json!(u64::MAX), json!(1e300), json!("seven"), json!(true), json!([7]), json!(null), json!({"id": {"id": 7}})]
        {
            assert_eq!(id(&value), None, "{value}");
        }
        assert_eq!(int(&json!(9_007_199_254_740_993_i64)), Some(9_007_199_254_740_993));
    }

    #[test]
    fn flags_dates_and_texts_are_taken_in_every_form() {
        for value in [json!("yes"), json!("YES"), json!(true), json!(1), json!("1")] {
            assert_eq!(flag(&value), Some(true), "{value}");
        }
        for value in [json!("no"), json!("NO"), json!(false), json!(0)] {
            assert_eq!(flag(&value), Some(false), "{value}");
        }
        assert_eq!(flag(&json!("perhaps")), None);
        let wanted = date(&json!("2026-11-23T09:02:11.000Z"));
        assert!(wanted.is_some());
        for value in [json!("2026-11-23 09:02:11"), json!("Mon Nov 23 2026 10:02:11 GMT+0100 (CET)"), json!(1_795_424_531), json!(1_795_424_531_000_i64)] {
            assert_eq!(date(&value), wanted, "{value}");
        }
        for value in [json!("0000-00-00 00:00:00"), json!(""), json!(i64::MAX), json!({"date": {"date": 1}})] {
            assert_eq!(date(&value), None, "{value}");
        }
        assert_eq!(text(&json!({"text": "hello"})), Some("hello".into()));
        assert_eq!(text(&json!({"x": 1})), Some("{\"x\":1}".into()));
        assert_eq!(text(&json!(12)), Some("12".into()));
    }
}
