//! The server as the vendor might be: each extension can be taken away and each doubtful shape can be given, so that
//! clients are tried against the hard case. Only the finished answer is bent; what is stored stays as it is.

use crate::model::{Object, Timestamp, date};
use crate::server::filter::Narrow;
use serde_json::{Value, json};
use std::time::Duration;

/// How the test double of the vendor deviates from this server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of a test double, not a state")]
pub struct VendorQuirks {
    /// 404 for `GET /api/v1/` and for the events.
    pub no_hello: bool,
    /// `Idempotency-Key` and `meta.op_id` mean nothing.
    pub no_idempotency: bool,
    /// `where` knows `eq` only.
    pub only_eq: bool,
    /// `order` means nothing.
    pub no_order: bool,
    /// Cases have no `lastMessage` and no `followUp`, and there is no PUT.
    pub no_additions: bool,
    /// Every page is the first.
    pub ignore_page: bool,
    /// `message.meta` is not kept.
    pub drop_meta: bool,
    /// Times are whole seconds.
    pub round_times: bool,
    pub max_limit: Option<u32>,
    /// `fields` of contacts are rows instead of a map.
    pub contact_rows: bool,
    /// `fields` of cases are `[]`.
    pub empty_fields: bool,
    pub string_ids: bool,
    /// `timeline` is its newest row, an object.
    pub single_timeline: bool,
    /// A message with `translateLangKey` is kept in other words; this server itself knows one language as well as another.
    pub translates: bool,
    /// Questions see the database as it was so long ago.
    pub lag_reads: Option<Duration>,
}

impl VendorQuirks {
    /// No extension of ours; shapes as this server has them.
    pub fn plain() -> Self {
        Self { no_hello: true, no_idempotency: true, only_eq: true, no_order: true, no_additions: true, ..Self::default() }
    }

    pub fn narrow(&self) -> Narrow {
        Narrow { only_eq: self.only_eq, no_order: self.no_order, ignore_page: self.ignore_page, max_limit: self.max_limit }
    }

    /// What the double makes of a text: as good as a translation where only the words must differ.
    pub fn translate(text: &str, key: &str) -> String {
        format!("[{key}] {}", text.to_uppercase())
    }

    /// Bends an answer.
    pub fn bend(&self, value: &mut Value) {
        if *self != Self::default() {
            self.bend_value(value);
        }
    }

    fn bend_value(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.bend_value(item)),
            Value::Object(object) => self.bend_object(object),
            _ => {}
        }
    }

    fn bend_object(&self, object: &mut Object) {
        let is_case = object.contains_key("status") && object.contains_key("threadId") && !object.contains_key("from");
        let is_contact = object.contains_key("clientType") || object.contains_key("archive");
        let contact = object.get("id").cloned();
        if self.no_additions && is_case {
            object.shift_remove("followUp");
            object.shift_remove("lastMessage");
        }
        for (name, value) in object.iter_mut() {
            match (name.as_str(), &*value) {
                ("fields", Value::Object(map)) if self.contact_rows && is_contact => *value = rows(map, contact.as_ref()),
                ("fields", _) if self.empty_fields && is_case => *value = json!([]),
                ("timeline", Value::Array(all)) if self.single_timeline => *value = all.last().cloned().unwrap_or_else(|| json!({})),
                ("meta", Value::Object(_)) if self.drop_meta => *value = json!({}),
                (name, Value::Number(number)) if self.string_ids && (name == "id" || name.ends_with("Id")) => *value = Value::String(number.to_string()),
                (name, Value::String(text)) if self.round_times && name.starts_with("date") => {
                    if let Some(moment) = date::parse(text) {
                        *value = Value::String(rounded(moment));
                    }
                }
                _ => {}
            }
            self.bend_value(value);
        }
    }
}

fn rounded(moment: Timestamp) -> String {
    date::iso(Timestamp::from_timestamp(moment.timestamp(), 0).unwrap_or(moment))
}

/// A map of fields as the rows the vendor shows in places.
fn rows(map: &Object, contact: Option<&Value>) -> Value {
    let row = |(index, (key, value)): (usize, (&String, &Value))| {
        json!({
            "value": value, "owner": "contact", "contactId": contact,
            "field": {"id": index + 1, "object": "contact", "key": key, "type": "text", "label": key},
        })
    };
    map.iter().enumerate().map(row).collect()
}
