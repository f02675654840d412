//! Notes on contacts, in the vendor's several spellings: the query says `contact_id`, creating says `contactId` and answers it as
//! text, adding is in snake case.

use super::Answer;
use crate::model::{ContactId, date};
use crate::server::App;
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{Note, NoteMessage, Reader};
use crate::server::filter::MOST;
use crate::server::refusal::Refusal;
use crate::server::shape;
use axum::extract::State;
use serde_json::{Value, json};

pub async fn list(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| {
        let contact = ContactId(ask.query.need("contact_id")?);
        let (page, limit) = (ask.query.int("page")?.unwrap_or(0).max(0), ask.query.int("limit")?.unwrap_or(20).clamp(1, MOST));
        let (count, notes) = reader.notes(contact, page, limit)?;
        let rows = notes.iter().map(|note| whole(reader, note)).collect::<Result<Vec<_>, _>>()?;
        Ok(json!({"count": count, "rows": rows}))
    })
    .await
}

pub async fn one(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| whole(reader, &find(reader, ask.id()?)?)).await
}

pub async fn messages(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| {
        let note = find(reader, ask.query.need("noteId")?)?;
        let messages = reader.note_messages(note.id)?;
        Ok(json!({"count": messages.len(), "rows": messages.iter().map(said).collect::<Vec<_>>()}))
    })
    .await
}

pub async fn create(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let contact = ContactId(ask.query.need("contactId")?);
        writer.contact(contact)?.ok_or_else(|| Refusal::not_found(format_args!("contact {contact}")))?;
        expect_kind(ask, "note")?;
        for key in ["title", "description", "message"] {
            ask::text(&ask.body, key)?;
        }
        let id = writer.create_note(contact, ask.key.user.id, &ask.body, &ask::texts(&ask.body, "mentionUsers")?)?;
        let mut answer = whole(writer, &find(writer, id)?)?;
        answer["contactId"] = json!(contact.to_string());
        Ok(Done::New(answer))
    })
    .await
}

pub async fn add(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        expect_kind(ask, "message")?;
        let note = find(writer, ask::need(&ask.body, "note_id")?)?;
        if ask::need(&ask.body, "contact_id")? != note.contact.0 {
            return Err(Refusal::invalid(format!("note {} belongs to another contact", note.id)));
        }
        let (text, parent) = (ask::words(&ask.body, "message")?, ask::int(&ask.body, "parent_id")?);
        let id = writer.add_to_note(note.id, ask.key.user.id, text, parent, &ask::texts(&ask.body, "mentionUsers")?)?;
        let added = writer.note_messages(note.id)?.into_iter().find(|message| message.id == id).ok_or_else(Refusal::server)?;
        Ok(Done::New(said(&added)))
    })
    .await
}

pub async fn remove(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.id()?;
        if writer.delete_note(id)? {
            Ok(json!({"success": true, "message": "The note was deleted."}).into())
        } else {
            Err(Refusal::not_found(format_args!("note {id}")))
        }
    })
    .await
}

fn find(reader: &Reader, id: i64) -> Result<Note, Refusal> {
    reader.note(id)?.ok_or_else(|| Refusal::not_found(format_args!("note {id}")))
}

fn expect_kind(ask: &Ask, wanted: &str) -> Result<(), Refusal> {
    match ask::words(&ask.body, "type")? {
        word if word == wanted => Ok(()),
        other => Err(Refusal::invalid(format!("type is {wanted}, not '{other}'"))),
    }
}

fn whole(reader: &Reader, note: &Note) -> Result<Value, Refusal> {
    let last = reader.note_messages(note.id)?.last().map_or_else(|| json!({}), said);
    Ok(json!({
        "id": note.id, "contactId": note.contact, "userId": note.by.id, "type": "note", "title": note.title, "description": note.description,
        "dateCreated": note.created.map(date::iso), "mentionUsers": note.users, "users": [shape::person(&note.by)], "lastMessage": last,
    }))
}

fn said(message: &NoteMessage) -> Value {
    json!({
        "id": message.id, "noteId": message.note, "contactId": message.contact, "senderType": "user", "senderId": message.by.id, "type": "message", "message": message.message,
        "parentId": message.parent, "mentionUsers": message.users, "dateCreated": message.created.map(date::iso), "sender": shape::person(&message.by),
    })
}
