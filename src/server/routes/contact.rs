//! Customers. One of whom a case or a note speaks is not taken away.

use super::Answer;
use super::case::page;
use crate::model::{ContactId, Object};
use crate::server::App;
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{CONTACTS, Reader};
use crate::server::refusal::Refusal;
use crate::server::shape;
use axum::extract::State;
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, ask: Ask) -> Answer {
    let wanted = ask.query.list(&CONTACTS, ask.quirks.narrow())?;
    app.reading(ask, move |reader, _| {
        let contacts = reader.contacts(&wanted)?;
        page(reader, &CONTACTS, &wanted, contacts.iter().map(shape::contact).collect())
    })
    .await
}

pub async fn one(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| find(reader, ask.id()?)).await
}

fn find(reader: &Reader, id: ContactId) -> Result<Value, Refusal> {
    let contact = reader.contact(id)?.ok_or_else(|| missing(id))?;
    Ok(shape::contact(&contact))
}

fn missing(id: ContactId) -> Refusal {
    Refusal::not_found(format_args!("contact {id}"))
}

fn fields(ask: &Ask) -> Result<&Object, Refusal> {
    ask::map(&ask.body, "fields")?.ok_or_else(|| Refusal::invalid("fields is needed"))
}

pub async fn create(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = writer.create_contact(fields(ask)?.clone())?;
        find(writer, id).map(Done::New)
    })
    .await
}

pub async fn update(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.id()?;
        if !writer.change_contact(id, fields(ask)?)? {
            return Err(missing(id));
        }
        find(writer, id).map(Done::New)
    })
    .await
}

pub async fn remove(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id: ContactId = ask.id()?;
        if writer.contact_is_used(id)? {
            return Err(Refusal::invalid(format!("contact {id} has cases or notes")));
        }
        if writer.delete_contact(id)? { Ok(json!({"deleted": 1}).into()) } else { Err(missing(id)) }
    })
    .await
}
