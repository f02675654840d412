//! The members of one object, taken one by one; what nobody took is `extra`.
//! A known member never stays in `extra` under its own name, since the canonical form would then hold it twice;
//! one that could not be read stays as `unread_<name>`.

use super::scalar;
use crate::model::{Object, Timestamp, Untrusted};
use serde_json::Value;

pub(super) struct Members {
    rest: Object,
    unread: Vec<(&'static str, Value)>,
}

impl Members {
    /// Of an object, or of the only element of an array as some answers wrap one.
    pub fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(rest) => Some(Self { rest, unread: Vec::new() }),
            Value::Array(mut rows) if rows.len() == 1 && rows[0].is_object() => Self::of(rows.remove(0)),
            _ => None,
        }
    }

    /// The member, unless it is missing or null.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        self.rest.remove(name).filter(|value| !value.is_null())
    }

    pub fn has(&self, name: &str) -> bool {
        self.rest.get(name).is_some_and(|value| !value.is_null())
    }

    /// The member as `read` understands it. Not understood and not empty, it is kept as unread.
    pub fn read<T>(&mut self, name: &'static str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = self.take(name)?;
        let found = read(&value);
        if found.is_none() && !is_empty(&value) {
            self.unread.push((name, value));
        }
        found
    }

    pub fn id(&mut self, name: &'static str) -> Option<i64> {
        self.read(name, scalar::id)
    }

    pub fn int(&mut self, name: &'static str) -> Option<i64> {
        self.read(name, scalar::int)
    }

    pub fn date(&mut self, name: &'static str) -> Option<Timestamp> {
        self.read(name, scalar::date)
    }

    pub fn flag(&mut self, name: &'static str) -> bool {
        self.read(name, scalar::flag).unwrap_or(false)
    }

    pub fn text(&mut self, name: &'static str) -> Option<Untrusted> {
        self.read(name, scalar::text)
    }

    pub fn word(&mut self, name: &'static str) -> Option<String> {
        self.read(name, scalar::word)
    }

    /// Rows as an array, as one object, or as a map by number; what `read` does not take is left out.
    pub fn rows<T>(&mut self, name: &'static str, read: impl FnMut(Value) -> Option<T>) -> Vec<T> {
        self.take(name).map_or_else(Vec::new, |value| rows(value).into_iter().filter_map(read).collect())
    }

    /// Puts a member of our own beside the unknown ones.
    pub fn keep(&mut self, name: &str, value: Value) {
        self.rest.insert(name.to_owned(), value);
    }

    /// What nobody took.
    pub fn rest(mut self) -> Object {
        for (name, value) in self.unread {
            self.rest.insert(format!("unread_{name}"), value);
        }
        self.rest
    }
}

/// Nothing in it that could be lost: 0 and false stand for "none" where an id or a date is meant.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(rows) => rows.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0),
        Value::Bool(flag) => !flag,
        Value::Null => true,
    }
}

/// See [`Members::rows`].
pub(super) fn rows(value: Value) -> Vec<Value> {
    match value {
        Value::Array(rows) => rows,
        Value::Object(members) if by_number(&members) => members.into_iter().map(|(_, row)| row).collect(),
        Value::Object(members) if members.is_empty() => Vec::new(),
        Value::Null => Vec::new(),
        single => vec![single],
    }
}

/// An array that a server wrote as an object: `{"0": …, "1": …}`.
pub(super) fn by_number(members: &Object) -> bool {
    !members.is_empty() && members.keys().all(|key| key.bytes().all(|byte| byte.is_ascii_digit()))
}
