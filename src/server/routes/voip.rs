//! Telephone: SMS from agents, and calls as the telephone system reports them. Names are in title case here, durations are text.
//! A call is an event on a case of channel voip; reported again under the same `CallId` it is the same event.

use super::Answer;
use super::say::{Saying, say};
use crate::model::{Case, CaseId, CaseUser, Channel, ContactId, Message, MessageKind, Object, SenderType, Status, date};
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{Relation, Writer};
use crate::server::events::Event;
use crate::server::refusal::Refusal;
use crate::server::shape::{self, Shown};
use crate::server::{App, decide};
use axum::extract::State;
use serde_json::{Value, json};

pub async fn send_sms(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let (from, to) = (ask::words(&ask.body, "From")?.to_owned(), ask::words(&ask.body, "To")?.to_owned());
        let timeline = ask::need(&ask.body, "timelineId")?;
        let mut meta = ask::map(&ask.body, "meta")?.cloned().unwrap_or_default();
        meta.insert("sms".into(), json!({"from": from, "to": to}));
        let saying = Saying {
            // The vendor calls it `threadId`; it is the case.
            case: CaseId(ask::need(&ask.body, "threadId")?),
            contact: Some(ask::need(&ask.body, "contactId")?),
            sender: super::message::sender(&ask.query)?,
            kind: MessageKind::Message,
            text: ask::words(&ask.body, "Body")?.to_owned(),
            meta,
            channel: Some(Channel::Voip),
            mail: None,
        };
        say(writer, ask, saying, move |writer, message| sent(writer, message, timeline, &from, &to))
    })
    .await
}

fn sent(writer: &Writer, message: &Message, timeline: i64, from: &str, to: &str) -> Result<Value, Refusal> {
    let found = writer.case(message.case_id, &[Relation::Contact])?.ok_or_else(Refusal::server)?;
    let data = json!({
        "msgType": "sms", "channelType": "voip", "status": "sent", "from": from, "to": to, "body": message.message, "attachments": [], "messageId": message.id,
        "dateCreated": message.date_created.map(date::iso),
    });
    Ok(json!({
        "cas": shape::case(&found, &Shown::with(&[Relation::Contact])), "threadId": found.case.thread_id,
        "timeline": {"id": timeline, "objectType": "case", "caseId": message.case_id, "threadId": found.case.thread_id}, "data": data,
    }))
}

pub async fn call_ringing(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| call(writer, ask, false)).await
}

pub async fn call_end(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| call(writer, ask, true)).await
}

fn call(writer: &mut Writer, ask: &Ask, ended: bool) -> Result<Done, Refusal> {
    let id = ask::words(&ask.body, "CallId")?;
    let call = read(&ask.body, id, ended)?;
    let text = format!("{} call {}", call["direction"].as_str().unwrap_or_default(), call["status"].as_str().unwrap_or_default());
    match writer.call(id)? {
        Some(message) => again(writer, &message, &call, &text)?,
        None => first(writer, ask, id, call, &text)?,
    }
    Ok(json!({"success": true, "message": if ended { "The call was ended." } else { "The call is ringing." }}).into())
}

/// `meta.call`.
fn read(body: &Object, id: &str, ended: bool) -> Result<Value, Refusal> {
    let direction = ask::words(body, "Direction")?;
    if !matches!(direction, "incoming" | "outgoing") {
        return Err(Refusal::invalid(format!("Direction is incoming or outgoing, not '{direction}'")));
    }
    let status = match ask::text(body, "CallStatus")?.filter(|status| !status.is_empty()) {
        Some(status @ ("busy" | "no-answer" | "canceled" | "failed" | "completed")) => status,
        Some(other) if ended => return Err(Refusal::invalid(format!("CallStatus is busy, no-answer, canceled, failed or completed, not '{other}'"))),
        None if ended => return Err(Refusal::invalid("CallStatus is needed")),
        _ => "ringing",
    };
    let seconds = ask::int(body, "Duration")?.unwrap_or(0);
    Ok(json!({"callId": id, "direction": direction, "status": status, "durationSeconds": seconds, "recordingUrl": ask::text(body, "RecordingUrl")?}))
}

fn first(writer: &mut Writer, ask: &Ask, id: &str, call: Value, text: &str) -> Result<(), Refusal> {
    let incoming = call["direction"] == "incoming";
    let (from, to) = (ask::words(&ask.body, "From")?, ask::words(&ask.body, "To")?);
    let theirs = if incoming { from } else { to };
    let contact = caller(writer, theirs, ask::text(&ask.body, "email")?.unwrap_or_default())?;
    let case = match writer.open_case_of(contact, &Channel::Voip)? {
        Some(case) => case,
        None => open(writer, ask, contact, theirs)?,
    };
    let mut case = writer.document(case, &[])?.ok_or_else(Refusal::server)?;
    let (sender_type, sender_id) = if incoming { (SenderType::Contact, contact.0) } else { (SenderType::User, ask.key.user.id.0) };
    let event = Message {
        sender_type,
        sender_id: Some(sender_id),
        kind: MessageKind::Event,
        message: text.into(),
        meta: Object::from_iter([("call".to_owned(), call)]),
        ..Message::default()
    };
    let event = writer.add_message(&mut case, event)?;
    writer.remember_call(id, case.id, event.id)?;
    writer.announce(Event::message(&event));
    Ok(())
}

/// Who has that number (or address), made when nobody has.
fn caller(writer: &mut Writer, phone: &str, email: &str) -> Result<ContactId, Refusal> {
    if let Some(known) = writer.contact_by(phone, email)? {
        return Ok(known);
    }
    let fields = [("phone", phone), ("email", email)].into_iter().filter(|(_, value)| !value.is_empty());
    Ok(writer.create_contact(fields.map(|(key, value)| (key.to_owned(), json!(value))).collect())?)
}

fn open(writer: &mut Writer, ask: &Ask, contact: ContactId, phone: &str) -> Result<CaseId, Refusal> {
    let now = Some(writer.now());
    let owner = CaseUser {
        kind: SenderType::Contact,
        user_id: contact.0,
        role: Some("owner".into()),
        status: "active".into(),
        date_created: now,
        ..CaseUser::default()
    };
    let mut case = Case {
        title: format!("Call with {phone}").into(),
        channel: Channel::Voip,
        status: Status::Pending,
        contact_id: Some(contact),
        date_queue: now,
        date_pending: now,
        date_created: now,
        date_updated: now,
        users: vec![owner],
        ..Case::default()
    };
    case.timeline.push(decide::entry(writer, &case, "queued", None, ask.key.user.id));
    writer.persist(&Case::default(), &mut case)?;
    writer.announce(Event::status(&case));
    Ok(case.id)
}

/// The event tells the newest of the call.
fn again(writer: &mut Writer, message: &Message, call: &Value, text: &str) -> Result<(), Refusal> {
    let before = writer.document(message.case_id, &[message.id])?.ok_or_else(Refusal::server)?;
    let mut case = before.clone();
    for event in case.messages.iter_mut().filter(|event| event.id == message.id) {
        event.meta.insert("call".into(), call.clone());
        event.message = text.into();
        event.date_updated = Some(writer.now());
    }
    case.date_updated = case.date_updated.max(Some(writer.now()));
    writer.persist(&before, &mut case)?;
    writer.announce(Event::status(&case));
    Ok(())
}
