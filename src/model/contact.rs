//! A customer, and the card shown beside a thread.

use super::{CaseId, ContactId, Object, Untrusted};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A customer wrote: where, who, and how it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoke {
    pub case: CaseId,
    pub contact: Untrusted,
    pub said: Untrusted,
    /// In a case of ours; in one that is nobody's yet.
    pub mine: bool,
    pub queue: bool,
}

/// A customer. What is known of one stands in `fields`, by key: name, email, phone, city, state, country, ip and the account's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Contact {
    pub id: ContactId,
    #[serde(skip_serializing_if = "Object::is_empty")]
    pub fields: Object,
    /// Members of the wire that this version does not know, kept as they came.
    #[serde(flatten)]
    pub extra: Object,
}

impl Contact {
    /// A field as text: strings as they are, numbers printed, `{"name": …}` objects by their name.
    pub fn field(&self, key: &str) -> Option<Untrusted> {
        match self.fields.get(key)? {
            Value::String(text) if !text.is_empty() => Some(text.as_str().into()),
            Value::Number(number) => Some(number.to_string().into()),
            Value::Object(inner) => inner.get("name").and_then(Value::as_str).map(Untrusted::from),
            _ => None,
        }
    }

    /// The name, else the email, else the phone, else `#<id>` as the vendor calls the unnamed.
    pub fn name(&self) -> Untrusted {
        ["name", "email", "phone"].iter().find_map(|key| self.field(key)).unwrap_or_else(|| format!("#{}", self.id).into())
    }
}
