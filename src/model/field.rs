//! What a field takes: read from the server's rows where they say it, else seen from the value and the name. What is typed is
//! checked before anything is queued, and said in words where it is wrong.

use super::{Object, Timestamp, Zone, when};
use chrono::NaiveDate;
use serde_json::{Number, Value};

/// Among the `extra` of a case or a contact: what the rows of its fields said of their types, by key.
pub const TYPES: &str = "fieldTypes";

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FieldKind {
    #[default]
    Text,
    Number,
    Date,
    Bool,
    Choice(Vec<String>),
    Email,
    Url,
    Phone,
}

impl FieldKind {
    /// What the server said of it; else what its value and its name look like.
    pub fn of(key: &str, value: &Value, extra: &Object) -> Self {
        extra.get(TYPES).and_then(|types| types.get(key)).and_then(Self::told).unwrap_or_else(|| Self::seen(key, value))
    }

    fn told(about: &Value) -> Option<Self> {
        let word = about.get("type").unwrap_or(about).as_str()?.to_lowercase();
        let options = about.get("options").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>();
        Some(match word.as_str() {
            "number" | "integer" | "int" | "float" | "decimal" | "currency" => Self::Number,
            "date" => Self::Date,
            "bool" | "boolean" | "checkbox" | "switch" => Self::Bool,
            "choice" | "select" | "dropdown" | "radio" | "enum" if !options.is_empty() => Self::Choice(options),
            "email" => Self::Email,
            "url" | "link" => Self::Url,
            "phone" | "tel" | "mobile" => Self::Phone,
            _ => Self::Text,
        })
    }

    fn seen(key: &str, value: &Value) -> Self {
        let key = key.to_lowercase();
        match value {
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Bool,
            _ if key == "email" || key.ends_with("_email") || key.ends_with("Email") => Self::Email,
            _ if matches!(key.as_str(), "phone" | "mobile" | "telephone") => Self::Phone,
            _ if matches!(key.as_str(), "url" | "website" | "homepage") => Self::Url,
            Value::String(text) if NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() => Self::Date,
            _ => Self::Text,
        }
    }

    /// `number`, `one of gold, silver`
    pub fn words(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Date => "a date".to_owned(),
            Self::Bool => "yes or no".to_owned(),
            Self::Choice(options) => format!("one of {}", options.join(", ")),
            Self::Email => "an address".to_owned(),
            Self::Url => "a link".to_owned(),
            Self::Phone => "a number to call".to_owned(),
        }
    }

    /// The value that was typed, or what is wrong with it. Nothing typed takes the field away.
    pub fn read(&self, text: &str, old: &Value, now: Timestamp, zone: &Zone) -> Result<Value, String> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        match self {
            Self::Text => Ok(text.into()),
            Self::Number => number(text, old).ok_or_else(|| format!("'{text}' is not a number")),
            Self::Date => date(text, now, zone).ok_or_else(|| format!("'{text}' is not a date: 2026-12-01, 1 dec or tomorrow")),
            Self::Bool => flag(text, old).ok_or_else(|| format!("'{text}' is neither yes nor no")),
            Self::Choice(options) => {
                let found = options.iter().find(|option| option.to_lowercase() == text.to_lowercase());
                found.map(|option| option.as_str().into()).ok_or_else(|| format!("'{text}' is not one of {}", options.join(", ")))
            }
            Self::Email if is_address(text) => Ok(text.into()),
            Self::Email => Err(format!("'{text}' is not an address: name@example.com")),
            Self::Url if is_link(text) => Ok(text.into()),
            Self::Url => Err(format!("'{text}' is not a link: https://example.com")),
            Self::Phone if is_phone(text) => Ok(text.into()),
            Self::Phone => Err(format!("'{text}' is not a number to call: +47 555 0101")),
        }
    }
}

/// As the server writes it: a number that was text stays text.
fn number(text: &str, old: &Value) -> Option<Value> {
    let whole = text.parse::<i64>().ok().map(Number::from);
    let number = whole.or_else(|| text.parse::<f64>().ok().filter(|number| number.is_finite()).and_then(Number::from_f64))?;
    Some(if old.is_string() { text.into() } else { Value::Number(number) })
}

fn flag(text: &str, old: &Value) -> Option<Value> {
    let yes = match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "on" | "1" => true,
        "no" | "n" | "false" | "off" | "0" => false,
        _ => return None,
    };
    Some(match old {
        Value::String(_) => if yes { "yes" } else { "no" }.into(),
        Value::Number(_) => i64::from(yes).into(),
        _ => yes.into(),
    })
}

/// A day is a day, past ones too; words are those of a snooze.
fn date(text: &str, now: Timestamp, zone: &Zone) -> Option<Value> {
    let exact = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let day = exact.or_else(|| text.eq_ignore_ascii_case("today").then(|| zone.local(now).date()));
    let day = day.or_else(|| when::parse(text, now, zone).ok().map(|at| zone.local(at).date()))?;
    Some(day.format("%Y-%m-%d").to_string().into())
}

fn is_address(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '@' | '<' | '>' | ','));
    plain(name) && plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
}

fn is_link(text: &str) -> bool {
    let host = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme)).and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty()) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_phone(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 3 && text.chars().all(|c| c.is_ascii_digit() || "+-()./ x".contains(c))
}

/// Can it be changed in a line? What has parts of its own can't.
pub fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Object(_) | Value::Array(_))
}

/// A value as it is typed.
pub fn typed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{FieldKind, typed};
    use crate::model::{Object, Zone, date};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn told(about: &Value) -> FieldKind {
        let extra: Object = json!({"fieldTypes": {"k": about}}).as_object().cloned().unwrap_or_default();
        FieldKind::of("k", &Value::Null, &extra)
    }

    #[test]
    fn a_type_is_what_the_server_says_else_what_it_looks_like() {
        assert_eq!(told(&json!("number")), FieldKind::Number);
        assert_eq!(told(&json!({"type": "select", "options": ["a", "b"]})), FieldKind::Choice(vec!["a".into(), "b".into()]));
        assert_eq!(told(&json!("novel")), FieldKind::Text);
        for (key, value, wanted) in [
            ("order", json!(881), FieldKind::Number),
            ("vip", json!(false), FieldKind::Bool),
            ("due", json!("2026-12-01"), FieldKind::Date),
            ("email", json!(""), FieldKind::Email),
            ("phone", json!("+47"), FieldKind::Phone),
            ("plan", json!("gold"), FieldKind::Text),
        ] {
            assert_eq!(FieldKind::of(key, &value, &Object::new()), wanted, "{key}");
        }
    }

    #[test]
    fn what_is_typed_is_read_or_said_to_be_wrong() {
        let now = date::parse("2026-11-23T08:21:00Z").unwrap();
        let read = |kind: &FieldKind, text: &str, old: Value| kind.read(text, &old, now, &Zone::default());
        let choice = FieldKind::Choice(vec!["Gold".into(), "Silver".into()]);
        for (kind, text, old, wanted) in [
            (FieldKind::Text, " two words ", Value::Null, Ok(json!("two words"))),
            (FieldKind::Text, "  ", json!("x"), Ok(Value::Null)),
            (FieldKind::Number, "882", json!(881), Ok(json!(882))),
            (FieldKind::Number, "882", json!("881"), Ok(json!("882"))),
            (FieldKind::Number, "1.5", Value::Null, Ok(json!(1.5))),
            (FieldKind::Number, "1e999", Value::Null, Err("'1e999' is not a number")),
            (FieldKind::Date, "1 dec", Value::Null, Ok(json!("2026-12-01"))),
            (FieldKind::Date, "2020-02-29", Value::Null, Ok(json!("2020-02-29"))),
            (FieldKind::Date, "soon", Value::Null, Err("'soon' is not a date: 2026-12-01, 1 dec or tomorrow")),
            (FieldKind::Bool, "Yes", json!(false), Ok(json!(true))),
            (FieldKind::Bool, "no", json!("yes"), Ok(json!("no"))),
            (FieldKind::Bool, "perhaps", Value::Null, Err("'perhaps' is neither yes nor no")),
            (choice.clone(), "gold", Value::Null, Ok(json!("Gold"))),
            (choice, "bronze", Value::Null, Err("'bronze' is not one of Gold, Silver")),
            (FieldKind::Email, "mina@example.com", Value::Null, Ok(json!("mina@example.com"))),
            (FieldKind::Email, "mina@", Value::Null, Err("'mina@' is not an address: name@example.com")),
            (FieldKind::Url, "https://x", Value::Null, Ok(json!("https://x"))),
            (FieldKind::Url, "javascript:x", Value::Null, Err("'javascript:x' is not a link: https://example.com")),
            (FieldKind::Phone, "+47 555 0101", Value::Null, Ok(json!("+47 555 0101"))),
            (FieldKind::Phone, "call me", Value::Null, Err("'call me' is not a number to call: +47 555 0101")),
        ] {
            assert_eq!(read(&kind, text, old), wanted.map_err(str::to_owned), "{kind:?} {text}");
        }
    }

    proptest! {
        #[test]
        fn what_was_read_is_typed_alike_again(text in "[ -~é]{0,20}", at in 0_usize..7) {
            let now = date::parse("2026-11-23T08:21:00Z").unwrap();
            let kinds = [FieldKind::Text, FieldKind::Number, FieldKind::Date, FieldKind::Bool, FieldKind::Email, FieldKind::Url, FieldKind::Phone];
            if let Ok(value) = kinds[at].read(&text, &Value::Null, now, &Zone::default()) {
                prop_assert_eq!(kinds[at].read(&typed(&value), &value, now, &Zone::default()), Ok(value));
            }
        }
    }
}
