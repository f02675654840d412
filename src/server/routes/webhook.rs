//! Webhooks: registered, listed, changed, taken away. The key a receiver checks signatures with is never shown again.

use super::Answer;
use crate::model::Object;
use crate::server::App;
use crate::server::ask::{self, Ask, Done};
use crate::server::db::Reader;
use crate::server::refusal::Refusal;
use axum::extract::State;
use serde_json::{Value, json};

const MEMBERS: [&str; 9] = ["name", "url", "urlSkipSsl", "status", "events", "notificationEmail", "hmacKey", "format", "historyExpires"];
const EVENTS: [&str; 4] = ["case:status", "case:message:new", "user:case-invite", "user:case-joined"];

pub async fn list(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, _| {
        let all: Vec<Value> = reader.webhooks()?.into_iter().map(shown).collect();
        Ok(json!({"count": all.len(), "data": all}))
    })
    .await
}

pub async fn one(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| find(reader, ask.id()?).map(shown)).await
}

pub async fn create(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let body = read(&ask.body)?;
        ask::words(&body, "name")?;
        ask::words(&body, "url")?;
        let id = writer.create_webhook(&body)?;
        find(writer, id).map(shown).map(Done::New)
    })
    .await
}

/// Members that are not given stay.
pub async fn update(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.id()?;
        let mut kept = find(writer, id)?;
        kept.retain(|name, _| MEMBERS.contains(&name.as_str()));
        kept.extend(read(&ask.body)?);
        writer.change_webhook(id, &kept)?;
        find(writer, id).map(shown).map(Done::New)
    })
    .await
}

pub async fn remove(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.id()?;
        if writer.delete_webhook(id)? { Ok(json!({"deleted": 1}).into()) } else { Err(missing(id)) }
    })
    .await
}

fn missing(id: i64) -> Refusal {
    Refusal::not_found(format_args!("webhook {id}"))
}

fn find(reader: &Reader, id: i64) -> Result<Object, Refusal> {
    reader.webhook(id)?.ok_or_else(|| missing(id))
}

fn shown(mut webhook: Object) -> Value {
    if webhook.contains_key("hmacKey") {
        webhook.insert("hmacKey".into(), Value::Null);
    }
    Value::Object(webhook)
}

/// The known members of a request.
fn read(body: &Object) -> Result<Object, Refusal> {
    if let Some(url) = ask::text(body, "url")?
        && !url.starts_with("https://")
        && !url.starts_with("http://")
    {
        return Err(Refusal::invalid("url must be an http or https address"));
    }
    for event in body.get("events").and_then(Value::as_array).into_iter().flatten() {
        let name = event.get("event").unwrap_or(event).as_str().unwrap_or_default();
        if !EVENTS.contains(&name) {
            return Err(Refusal::invalid(format!("there is no event '{name}'")));
        }
    }
    Ok(body.iter().filter(|(name, _)| MEMBERS.contains(&name.as_str())).map(|(name, value)| (name.clone(), value.clone())).collect())
}
