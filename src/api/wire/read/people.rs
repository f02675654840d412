//! Customers, agents, who takes part in a case, and snoozes.
//! A row that names nobody is no row; a missing name is made of what there is.

use super::members::{Members, rows};
use super::scalar;
use crate::model::field::TYPES;
use crate::model::{CaseId, CaseUser, Contact, ContactId, Object, Person, SenderType, Snooze, Untrusted, UserId};
use serde_json::{Value, json};

/// A contact: an object, or an array as the documentation has it, whose first counts. Without an id it is nobody.
pub fn contact(value: Value) -> Option<Contact> {
    let mut members = rows(value).into_iter().next().and_then(Members::of)?;
    let id = ContactId(members.id("id")?);
    let said = members.take("fields");
    let types = said.as_ref().and_then(field_types);
    let mut known = said.map_or_else(Object::new, fields);
    for name in ["name", "email", "phone"] {
        if !known.contains_key(name)
            && let Some(value) = members.take(name)
        {
            known.insert(name.to_owned(), value);
        }
    }
    if let Some(types) = types {
        members.keep(TYPES, types);
    }
    Some(Contact { id, fields: known, extra: members.rest() })
}

/// Fields by their key: `[]`, `{}`, a map, or rows of `{value, field:{key}}`.
pub fn fields(value: Value) -> Object {
    match value {
        Value::Object(members) if !is_row(&members) => members,
        other => rows(other).into_iter().filter_map(field).collect(),
    }
}

/// What rows say of the types of their fields: a word, or an object with the options of a choice.
pub fn field_types(value: &Value) -> Option<Value> {
    let rows = match value {
        Value::Array(rows) => rows.iter().collect::<Vec<_>>(),
        Value::Object(members) if !is_row(members) => members.values().filter(|row| row.as_object().is_some_and(is_row)).collect(),
        row => vec![row],
    };
    let about = |row: &&Value| {
        let field = row.get("field")?;
        let key = ["key", "name", "id"].iter().find_map(|name| field.get(*name).and_then(scalar::word))?;
        let word = field.get("type").and_then(scalar::word)?;
        let options = field.get("options").or_else(|| field.get("config")?.get("values")).and_then(Value::as_array);
        let option = |option: &Value| ["value", "label", "name"].iter().find_map(|name| scalar::word(option.get(*name)?)).or_else(|| scalar::word(option));
        let options: Vec<String> = options.into_iter().flatten().filter_map(option).take(MOST).collect();
        let about = if options.is_empty() { Value::from(word) } else { json!({"type": word, "options": options}) };
        Some((key, about))
    };
    let types: Object = rows.iter().filter_map(about).collect();
    (!types.is_empty()).then_some(Value::Object(types))
}

/// A choice among more than this is a text.
const MOST: usize = 100;

fn is_row(members: &Object) -> bool {
    members.get("field").is_some_and(Value::is_object) && members.contains_key("value")
}

fn field(row: Value) -> Option<(String, Value)> {
    let mut members = Members::of(row)?;
    let value = members.take("value").unwrap_or(Value::Null);
    let mut about = members.take("field").and_then(Members::of);
    let key = about.as_mut().and_then(name_of_field).or_else(|| name_of_field(&mut members))?;
    Some((key, value))
}

fn name_of_field(members: &mut Members) -> Option<String> {
    ["key", "name", "id"].iter().find_map(|name| members.take(name).as_ref().and_then(scalar::word))
}

/// An agent or a sender. A row without a name is called by its number.
pub fn person(value: Value) -> Option<Person> {
    let mut members = Members::of(value)?;
    let id = members.int("id").or_else(|| members.int("userId"))?;
    let name = ["name", "fullName", "displayName"].iter().find_map(|name| members.take(name).as_ref().and_then(scalar::text)).filter(|name| !name.is_empty());
    let email = members.text("email").filter(|email| !email.is_empty());
    let name = name.or_else(|| both_names(&mut members)).or_else(|| email.clone()).unwrap_or_else(|| format!("#{id}").into());
    Some(Person { id, name, email, kind: members.word("type").map(sender_type) })
}

fn both_names(members: &mut Members) -> Option<Untrusted> {
    let parts: Vec<String> = ["firstName", "lastName"].iter().filter_map(|name| members.take(name).as_ref().and_then(scalar::word)).collect();
    (!parts.is_empty()).then(|| parts.join(" ").into())
}

/// `user` and `contact` in any case; other words as they are.
pub(super) fn sender_type(word: String) -> SenderType {
    match word.to_ascii_lowercase().as_str() {
        "user" => SenderType::User,
        "contact" => SenderType::Contact,
        _ => SenderType::Other(word),
    }
}

/// A row of a case's `users`; `case` where the row does not say it.
pub fn case_user(value: Value, case: CaseId) -> Option<CaseUser> {
    let mut members = Members::of(value)?;
    let user = members.take("user").and_then(person);
    let kind = members.word("type").map(sender_type).unwrap_or_default();
    Some(CaseUser {
        id: members.int("id").unwrap_or(0),
        case_id: members.id("caseId").map_or(case, CaseId),
        kind,
        user_id: members.int("userId").or_else(|| user.as_ref().map(|user| user.id))?,
        role: members.word("role"),
        status: members.word("status").unwrap_or_default(),
        date_created: members.date("dateCreated"),
        date_last_assigned: members.date("dateLastAssigned"),
        closed: members.flag("closed"),
        user,
    })
}

/// A follow-up, as the snooze end points give it (`scheduleDate`, one or two `data` deep) or as the canonical form has it (`until`).
pub fn snooze(value: Value) -> Option<Snooze> {
    let mut value = value;
    for _ in 0..4 {
        if let Value::Array(rows) = value {
            return rows.into_iter().filter(Value::is_object).find_map(snooze);
        }
        let mut members = Members::of(value)?;
        if let Some(until) = members.date("scheduleDate").or_else(|| members.date("until")) {
            let message = members.text("message").filter(|message| !message.is_empty());
            return Some(Snooze { id: members.id("id"), until, user_id: members.id("userId").map(UserId), message });
        }
        value = members.take("data")?;
    }
    None
}
