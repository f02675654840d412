//! Messages of cases: pages and one, adding, changing, taking away.

use super::Answer;
use super::case::page;
use super::say::{Saying, say, words};
use crate::model::{Change, Channel, Message, MessageId, MessageKind, Object, SenderType};
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{Found, MESSAGES, Reader, Relation, Writer};
use crate::server::filter::Params;
use crate::server::refusal::Refusal;
use crate::server::shape::{self, Shown};
use crate::server::{App, decide};
use axum::extract::State;
use serde_json::{Value, json};
use std::collections::HashMap;

pub async fn list(State(app): State<App>, ask: Ask) -> Answer {
    let shown = Shown::read(&ask.query, &MESSAGES, &Relation::OF_MESSAGE)?;
    let wanted = ask.query.list(&MESSAGES, ask.quirks.narrow())?;
    app.reading(ask, move |reader, _| {
        let messages = reader.messages(&wanted)?;
        let mut cases: HashMap<_, Option<Found>> = HashMap::new();
        let mut rows = Vec::with_capacity(messages.len());
        for message in &messages {
            if shown.has(Relation::Case) && !cases.contains_key(&message.case_id) {
                cases.insert(message.case_id, reader.case(message.case_id, &[Relation::Contact])?);
            }
            rows.push(shape::selected(message, &shown, cases.get(&message.case_id).and_then(Option::as_ref)));
        }
        page(reader, &MESSAGES, &wanted, rows)
    })
    .await
}

pub async fn one(State(app): State<App>, ask: Ask) -> Answer {
    let shown = Shown::read(&ask.query, &MESSAGES, &Relation::OF_MESSAGE)?;
    app.reading(ask, move |reader, ask| {
        let message = find(reader, ask.id()?)?;
        let around = if shown.has(Relation::Case) { reader.case(message.case_id, &[Relation::Contact])? } else { None };
        Ok(shape::selected(&message, &shown, around.as_ref()))
    })
    .await
}

fn find(reader: &Reader, id: MessageId) -> Result<Message, Refusal> {
    reader.message(id)?.ok_or_else(|| Refusal::not_found(format_args!("message {id}")))
}

pub async fn remove(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let message = find(writer, ask.id()?)?;
        decide::change(writer, &ask.key.user, message.case_id, Change::Delete { message: message.id })?;
        Ok(json!({"deleted": 1}).into())
    })
    .await
}

pub async fn add(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let message = message_of(&ask.body)?;
        let saying = Saying {
            case: ask.case()?,
            contact: ask.query.int("contactId")?,
            sender: sender(&ask.query)?,
            kind: kind(message)?,
            text: words(ask, message)?,
            meta: ask::map(message, "meta")?.or(ask::map(&ask.body, "meta")?).cloned().unwrap_or_default(),
            channel: ask::text(&ask.body, "channel")?.map(|word| Channel::from(word.to_owned())),
            mail: None,
        };
        say(writer, ask, saying, with_case)
    })
    .await
}

/// As whom the request speaks. Both spellings of the contract.
pub fn sender(query: &Params) -> Result<SenderType, Refusal> {
    match query.get("-x-user-type").or_else(|| query.get("x-user-type")) {
        None | Some("user") => Ok(SenderType::User),
        Some("contact") => Ok(SenderType::Contact),
        Some(other) => Err(Refusal::invalid(format!("x-user-type is user or contact, not '{other}'"))),
    }
}

/// The member `message`, an object.
pub fn message_of(body: &Object) -> Result<&Object, Refusal> {
    body.get("message").and_then(Value::as_object).ok_or_else(|| Refusal::invalid("message is needed: {\"type\":\"message\",\"message\":\"…\"}"))
}

pub fn kind(message: &Object) -> Result<MessageKind, Refusal> {
    match MessageKind::from(ask::words(message, "type")?.to_owned()) {
        MessageKind::Other(word) => Err(Refusal::invalid(format!("type is message, note or event, not '{word}'"))),
        known => Ok(known),
    }
}

/// The answer of a message that was added or changed: with its case and sender, and `caseId` all the same.
pub fn with_case(writer: &Writer, message: &Message) -> Result<Value, Refusal> {
    let mut out = shape::message(message);
    let case = writer.case(message.case_id, &[Relation::Contact])?;
    out.insert("case".into(), case.map_or(Value::Null, |found| shape::case(&found, &Shown::with(&[Relation::Contact]))));
    Ok(Value::Object(out))
}

pub async fn update(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let wanted = message_of(&ask.body)?;
        kind(wanted)?;
        let text = words(ask, wanted)?;
        let message = find(writer, ask.id()?)?;
        decide::change(writer, &ask.key.user, message.case_id, Change::Edit { message: message.id, text })?;
        let message = find(writer, message.id)?;
        with_case(writer, &message).map(Done::New)
    })
    .await
}
