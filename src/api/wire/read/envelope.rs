//! The shapes around the rows: five kinds of list and a bare array, and single objects under one or two `data`.

use super::members::by_number;
use super::scalar;
use crate::model::Object;
use serde_json::Value;

/// How many envelopes may stand in one another.
const DEPTH: usize = 4;

/// A list as it came: `{page,offset,limit,count,data}`, `{count,data}`, `{count,rows}`, `{previous,next,messages}`, `{success,message,data}`, or a bare array.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Listing {
    pub rows: Vec<Value>,
    pub page: Option<u32>,
    pub limit: Option<u32>,
    /// All that match, not only these.
    pub count: Option<u64>,
    pub next: Option<String>,
}

/// The rows of an answer. `None` when there is no list in it: that is not an empty list.
pub fn listing(value: Value) -> Option<Listing> {
    let mut found = Listing::default();
    let mut value = value;
    for _ in 0..DEPTH {
        match value {
            Value::Array(rows) => return Some(Listing { rows, ..found }),
            Value::Object(mut members) => {
                found.note(&members);
                if let Some(inner) = inner(&mut members) {
                    value = inner;
                } else if by_number(&members) {
                    return Some(Listing { rows: members.into_iter().map(|(_, row)| row).collect(), ..found });
                } else if members.get("id").and_then(scalar::id).is_some() {
                    return Some(Listing { rows: vec![Value::Object(members)], ..found });
                } else {
                    return None;
                }
            }
            _ => return None,
        }
    }
    None
}

/// The member that holds the rows, or the next envelope. `messages` of an object with an id are its own.
fn inner(members: &mut Object) -> Option<Value> {
    let single = members.get("id").and_then(scalar::id).is_some();
    let names: &[&str] = if single { &["data", "rows", "list"] } else { &["data", "rows", "list", "messages"] };
    let name = names.iter().find(|name| members.get(**name).is_some_and(|value| value.is_array() || value.is_object()))?;
    members.remove(*name)
}

impl Listing {
    fn note(&mut self, members: &Object) {
        let number = |name: &str| members.get(name).and_then(scalar::int);
        self.page = self.page.or_else(|| number("page").and_then(|n| u32::try_from(n).ok()));
        self.limit = self.limit.or_else(|| number("limit").and_then(|n| u32::try_from(n).ok()));
        self.count = self.count.or_else(|| number("count").and_then(|n| u64::try_from(n).ok()));
        self.next = self.next.take().or_else(|| members.get("next").and_then(scalar::word));
    }
}

/// The object of an answer: the innermost one with an id below `data`, `case`, `cas` or an array of one.
pub fn single(value: Value) -> Option<Object> {
    let mut value = value;
    for depth in 0..=DEPTH {
        match value {
            Value::Array(mut rows) if rows.len() == 1 => value = rows.remove(0),
            Value::Object(mut members) => {
                let named = members.get("id").and_then(scalar::id).is_some();
                let below = ["data", "case", "cas"].iter().find(|name| members.get(**name).is_some_and(|inner| inner.is_object() || inner.is_array()));
                match below {
                    // The root's own `data` is the envelope, whatever else stands beside it.
                    Some(name) if !named || depth == 0 && *name == "data" => value = members.remove(*name)?,
                    _ => return named.then_some(members),
                }
            }
            _ => return None,
        }
    }
    None
}

/// What we knew with what an answer said laid over it; null says nothing.
pub fn over(known: Value, said: &Object) -> Value {
    let mut members = match known {
        Value::Object(members) => members,
        _ => Object::new(),
    };
    for (name, value) in said.iter().filter(|(_, value)| !value.is_null()) {
        members.insert(name.clone(), value.clone());
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::{listing, single};
    use serde_json::{Value, json};

    #[test]
    fn every_envelope_gives_its_rows() {
        let rows = json!([{"id": 1}, {"id": 2}]);
        let shapes = [
            json!({"data": {"page": 0, "offset": 0, "limit": 20, "count": 2, "data": rows}}),
            json!({"page": "0", "limit": 20, "count": 2, "data": rows}),
            json!({"count": 2, "data": rows}),
            json!({"data": {"count": 2, "rows": rows}}),
            json!({"data": {"list": rows}}),
            json!({"data": rows}),
            rows.clone(),
            json!({"data": {"previous": null, "next": "PjI=", "messages": rows}}),
            json!({"success": true, "message": "ok", "data": rows}),
            json!({"data": {"0": {"id": 1}, "1": {"id": 2}}}),
        ];
        for shape in shapes {
            assert_eq!(listing(shape.clone()).map(|found| Value::Array(found.rows)), Some(rows.clone()), "{shape}");
        }
        let found = listing(json!({"data": {"page": 3, "limit": 50, "count": "7", "next": "x", "data": []}})).unwrap();
        assert_eq!((found.page, found.limit, found.count, found.next.as_deref()), (Some(3), Some(50), Some(7), Some("x")));
    }

    #[test]
    fn an_answer_without_a_list_is_not_an_empty_list() {
        for shape in [json!({}), json!(null), json!({"data": null}), json!({"success": true, "message": "ok"}), json!("<html>"), json!({"data": {}})] {
            assert_eq!(listing(shape.clone()), None, "{shape}");
        }
    }

    #[test]
    fn single_objects_are_found_wherever_they_stand() {
        for shape in [
            json!({"id": 5}),
            json!({"data": {"id": "5"}}),
            json!({"data": {"data": {"id": 5}}}),
            json!({"data": [{"id": 5}]}),
            json!({"data": {"case": {"id": 5}}}),
            json!({"data": {"cas": {"id": 5}, "timeline": {"id": 9}}}),
            json!({"id": "request-1", "data": {"id": 5, "case": {"id": 6}}}),
        ] {
            assert_eq!(single(shape.clone()).and_then(|found| super::scalar::id(&found["id"])), Some(5), "{shape}");
        }
        for shape in [json!([]), json!({"data": {}}), json!({"data": [{"id": 1}, {"id": 2}]}), json!(5), json!({"data": {"id": 0}})] {
            assert_eq!(single(shape.clone()), None, "{shape}");
        }
    }
}
