//! Tags and fields of a case: names that are there or not, and values that are only changed while they are what they were.

use super::Refused;
use crate::model::{Case, Object, Tag};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whose fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldsOf {
    #[default]
    Case,
    Contact,
}

/// One field, as it was and as it shall be. Null: there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldChange {
    pub key: String,
    pub old: Value,
    pub new: Value,
}

impl FieldsOf {
    /// The fields of this case.
    pub fn fields(self, case: &Case) -> Option<&Object> {
        match self {
            Self::Case => Some(&case.fields),
            Self::Contact => case.contact.as_ref().map(|contact| &contact.fields),
        }
    }
}

impl FieldChange {
    /// What it is among these.
    pub fn now<'f>(&self, fields: &'f Object) -> &'f Value {
        fields.get(&self.key).unwrap_or(&Value::Null)
    }

    /// Did somebody make something else of it than it was and than it shall be?
    pub fn is_crossed(&self, fields: &Object) -> bool {
        !same(self.now(fields), &self.old) && !self.is_done(fields)
    }

    pub fn is_done(&self, fields: &Object) -> bool {
        same(self.now(fields), &self.new)
    }
}

/// Servers write numbers as text, and nothing as an empty text, wherever they like.
fn same(one: &Value, other: &Value) -> bool {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        value => value.to_string(),
    };
    one == other || plain(one) == plain(other)
}

/// Two names of one tag.
pub(super) fn is_tag(tag: &Tag, name: &str) -> bool {
    tag.name.raw().trim().to_lowercase() == name.trim().to_lowercase()
}

impl Case {
    pub fn has_tag(&self, name: &str) -> bool {
        self.tags.iter().any(|tag| is_tag(tag, name))
    }
}

pub(super) fn tag(case: &mut Case, add: &[String], remove: &[String]) {
    let stays = |tag: &Tag| add.iter().any(|name| is_tag(tag, name)) || !remove.iter().any(|name| is_tag(tag, name));
    case.tags.retain(stays);
    for name in add {
        if !case.has_tag(name) {
            case.tags.push(Tag { name: name.trim().into(), ..Tag::default() });
        }
    }
}

/// All of them, or none.
pub(super) fn set(case: &mut Case, of: FieldsOf, set: &[FieldChange]) -> Result<(), Refused> {
    let id = case.id;
    let fields = match of {
        FieldsOf::Case => &mut case.fields,
        FieldsOf::Contact => &mut case.contact.as_mut().ok_or(Refused::NoContact(id))?.fields,
    };
    if let Some(crossed) = set.iter().find(|change| change.is_crossed(fields)) {
        return Err(Refused::FieldChanged(id, crossed.key.clone()));
    }
    for change in set {
        if change.is_done(fields) {
            continue;
        }
        if change.new.is_null() {
            fields.shift_remove(&change.key);
        } else {
            fields.insert(change.key.clone(), change.new.clone());
        }
    }
    Ok(())
}
