//! What a good answer proves, for each kind of change: it must name our case, or, where the contract's answer names none,
//! the very thing we asked for. An answer that does not is `Err` with what is wrong with it.

use crate::api::wire::{fail, read};
use crate::model::{Case, Change, Channel, FieldsOf, Message, MessageId, MessageKind, Mutation, Object, Outcome, UserId};
use serde_json::{Value, json};

type Proof = Result<Outcome, &'static str>;

/// The answer as evidence for `mutation`.
pub(super) fn proof(mutation: &Mutation, known: &Case, answer: Value) -> Proof {
    if fail::denied(&answer) {
        return Err("says that it was not done");
    }
    match &mutation.change {
        Change::Reply { text, .. } if known.channel == Channel::Voip => sms(mutation, known, text, answer),
        Change::Reply { text, .. } => added(mutation, known, &MessageKind::Message, text, answer),
        Change::Note { text } => added(mutation, known, &MessageKind::Note, text, answer),
        Change::Close { .. } => closed(mutation, answer),
        Change::Reopen => reopened(mutation, known, answer),
        Change::Claim | Change::Tag { .. } | Change::Fields { of: FieldsOf::Case, .. } => claimed(mutation, known, answer),
        Change::Assign { users, .. } => assigned(mutation, users, answer),
        Change::Snooze { .. } => snoozed(mutation, answer),
        Change::Edit { message, .. } => edited(mutation, known, *message, answer),
        Change::Delete { .. } | Change::Unsnooze => gone(&answer),
        Change::Fields { of: FieldsOf::Contact, .. } => contact(known, answer),
    }
}

fn done(server_id: Option<i64>, case: Option<Case>, message: Option<Message>) -> Outcome {
    Outcome::Accepted { server_id, case: case.map(Box::new), message: message.map(Box::new) }
}

fn added(mutation: &Mutation, known: &Case, kind: &MessageKind, text: &str, answer: Value) -> Proof {
    let said = read::single(answer).ok_or("names no message")?;
    ours(mutation, &said, of_case(&said))?;
    let mut ours = predicted(mutation, known, kind, text);
    addressed(&mut ours, &said);
    let whole = read::over(ours, &said);
    let mail = known.channel == Channel::Email && *kind == MessageKind::Message;
    let message = if mail { read::mail(whole, mutation.thread) } else { read::message(whole) }.ok_or("names no message")?;
    Ok(done(Some(message.id.0), None, Some(message)))
}

/// The message as we would write it, without what only the server can know or prove.
fn predicted(mutation: &Mutation, known: &Case, kind: &MessageKind, text: &str) -> Value {
    let mut message = json!(mutation.message(known, kind.clone(), text));
    if let Some(members) = message.as_object_mut() {
        members.remove("id");
        members.remove("meta");
        // A relation with the case's own form; the id beside it is what we compared.
        members.insert("caseId".to_owned(), json!(mutation.case));
    }
    message
}

/// Whom we wrote to, where the answer does not say it: beside the other members of a flat mail, in the mail of one that has one.
fn addressed(ours: &mut Value, said: &Object) {
    let Some(Value::Object(mail)) = ours.as_object_mut().and_then(|members| members.remove("mail")) else { return };
    let known = mail.into_iter().filter(|(name, _)| matches!(name.as_str(), "to" | "cc" | "bcc" | "subject"));
    if let Some(members) = ours.as_object_mut().filter(|_| !said.contains_key("mail")) {
        members.extend(known);
    }
}

/// It must name our case, and no operation but ours.
fn ours(mutation: &Mutation, said: &Object, case: Option<i64>) -> Result<(), &'static str> {
    match case {
        Some(id) if id == mutation.case.0 => {}
        Some(_) => return Err("names another case"),
        None => return Err("does not name the case"),
    }
    same_op(mutation, said)
}

fn same_op(mutation: &Mutation, said: &Object) -> Result<(), &'static str> {
    match read::marker(said) {
        Some(op) if op.parse() != Ok(mutation.op.0) => Err("names another operation"),
        _ => Ok(()),
    }
}

fn of_case(said: &Object) -> Option<i64> {
    id(said, "caseId").or_else(|| id(said, "case"))
}

fn id(said: &Object, name: &str) -> Option<i64> {
    said.get(name).and_then(read::id)
}

/// `{cas, threadId, timeline, data{…}}`, where `threadId` is really the case's id.
fn sms(mutation: &Mutation, known: &Case, text: &str, answer: Value) -> Proof {
    let said = below(answer, |members| members.contains_key("cas") || members.contains_key("timeline") || members.contains_key("caseId"))
        .ok_or("does not name the case")?;
    let record = said.get("data").and_then(Value::as_object).unwrap_or(&said);
    let of_timeline = || said.get("timeline").and_then(Value::as_object).and_then(|timeline| id(timeline, "caseId"));
    let case = id(&said, "cas").or_else(|| of_case(&said)).or_else(of_timeline).or_else(|| of_case(record)).or_else(|| id(&said, "threadId"));
    ours(mutation, record, case)?;
    same_op(mutation, &said)?;
    if record.get("status").and_then(Value::as_str).is_some_and(|status| matches!(status, "failed" | "undelivered")) {
        return Err("says that the text message failed");
    }
    let mut record = record.clone();
    if let Some(id) = id(&record, "id").or_else(|| id(&record, "messageId")) {
        record.insert("id".to_owned(), json!(id));
    }
    for name in ["threadId", "caseId", "case", "cas", "timeline", "message", "messageId"] {
        // The words of the text stay ours: the record has them under names of the telephone network.
        record.remove(name);
    }
    let message = read::message(read::over(predicted(mutation, known, &MessageKind::Message, text), &record));
    Ok(done(message.as_ref().map(|message| message.id.0), None, message))
}

/// The outermost object that fits, at the root or below `data`.
fn below(answer: Value, fits: impl Fn(&Object) -> bool) -> Option<Object> {
    let mut value = answer;
    for _ in 0..4 {
        match value {
            Value::Object(members) if fits(&members) => return Some(members),
            Value::Object(mut members) => value = members.remove("data")?,
            Value::Array(mut rows) if rows.len() == 1 => value = rows.remove(0),
            _ => return None,
        }
    }
    None
}

/// `{"0":{"foreverClosed":true,"caseId":…},…}`; whether it is closed is read from the case afterwards.
fn closed(mutation: &Mutation, answer: Value) -> Proof {
    let data = below(answer, |members| !members.get("data").is_some_and(|data| data.is_object() || data.is_array())).ok_or("does not name the case")?;
    let rows: Vec<&Object> = std::iter::once(&data).chain(data.values().filter_map(Value::as_object)).collect();
    let is_ours = |row: &Object| id(row, "caseId") == Some(mutation.case.0) || row.contains_key("status") && id(row, "id") == Some(mutation.case.0);
    let Some(row) = rows.iter().find(|row| is_ours(row)) else {
        return Err(if rows.iter().any(|row| id(row, "caseId").is_some()) { "names another case" } else { "does not name the case" });
    };
    if row.get("foreverClosed").and_then(read::flag) == Some(false) {
        return Err("says that only you left the case");
    }
    Ok(done(None, None, None))
}

/// A new case of the same thread, with what we know of the customer.
fn reopened(mutation: &Mutation, known: &Case, answer: Value) -> Proof {
    let said = read::single(answer).ok_or("names no case")?;
    let like =
        Case { title: known.title.clone(), channel: known.channel.clone(), contact_id: known.contact_id(), contact: known.contact.clone(), ..Case::default() };
    let mut like = json!(like);
    if let Some(members) = like.as_object_mut() {
        members.remove("threadId");
        members.remove("status");
    }
    let case = read::case(read::over(like, &said)).ok_or("names no case")?;
    let parent = case.parent_id.map(|parent| parent.0);
    if case.thread_id != mutation.thread && parent != Some(mutation.thread.0) && parent != Some(mutation.case.0) {
        return Err("names another thread");
    }
    if case.is_closed() {
        return Err("says that it is closed");
    }
    Ok(done(Some(case.id.0), Some(case), None))
}

/// The contact itself; what it has now is read with the case.
fn contact(known: &Case, answer: Value) -> Proof {
    let said = read::single(answer).ok_or("names no contact")?;
    if id(&said, "id") == known.contact_id().map(|contact| contact.0) { Ok(done(None, None, None)) } else { Err("names another contact") }
}

/// The case itself, as it stands now.
fn claimed(mutation: &Mutation, known: &Case, answer: Value) -> Proof {
    let said = read::single(answer).ok_or("names no case")?;
    ours(mutation, &said, id(&said, "id"))?;
    let case = read::case(read::over(json!(known), &said)).ok_or("names no case")?;
    Ok(done(None, Some(case), None))
}

/// A map by user: everyone asked for must be in it. It names no case. Who is in a department we do not know:
/// asked for departments alone, any map by user will do, also of nobody.
fn assigned(mutation: &Mutation, users: &[UserId], answer: Value) -> Proof {
    let answered_without_data = answer.get("data").is_none();
    let named = |members: &Object| -> Vec<i64> {
        members.iter().filter_map(|(key, row)| row.as_object().and_then(|row| id(row, "userId")).or_else(|| key.parse().ok())).collect()
    };
    let data = below(answer, |members| !members.get("data").is_some_and(Value::is_object)).ok_or("names nobody")?;
    if data.get("id").or_else(|| data.get("caseId")).and_then(read::id) == Some(mutation.case.0) {
        return Ok(done(None, None, None));
    }
    let named = named(&data);
    if named.len() < data.len() || answered_without_data {
        return Err("names nobody");
    }
    if users.iter().any(|user| !named.contains(&user.0)) {
        return Err("does not name everyone who was asked");
    }
    Ok(done(None, None, None))
}

fn snoozed(mutation: &Mutation, answer: Value) -> Proof {
    let said = below(answer, |members| members.contains_key("scheduleDate")).ok_or("names no date")?;
    ours(mutation, &said, id(&said, "objectId").or_else(|| of_case(&said)))?;
    Ok(done(id(&said, "id"), None, None))
}

fn edited(mutation: &Mutation, known: &Case, message: MessageId, answer: Value) -> Proof {
    let said = read::single(answer).ok_or("names no message")?;
    if id(&said, "id") != Some(message.0) {
        return Err("names another message");
    }
    if of_case(&said).is_some_and(|case| case != mutation.case.0) {
        return Err("names another case");
    }
    let before =
        known.messages.iter().find(|row| row.id == message).map_or_else(|| json!({"caseId": mutation.case, "threadId": mutation.thread}), |row| json!(row));
    let after = read::message(read::over(before, &said));
    Ok(done(Some(message.0), None, after))
}

/// `{"deleted":1}` or `{success,message}`.
fn gone(answer: &Value) -> Proof {
    let says = |members: &Object| ["deleted", "success"].iter().any(|name| members.get(*name).and_then(read::flag) == Some(true));
    let data = answer.get("data");
    let told = answer.as_object().is_some_and(says) || data.and_then(Value::as_object).is_some_and(says);
    if told { Ok(done(None, None, None)) } else { Err("does not say that it is gone") }
}
