//! `chat/create`: a new conversation, or with `threadId` a new case in an old one.

use super::chat::{AFTERWARDS, known};
use super::message::{kind, message_of};
use super::say::{Saying, say, words};
use super::{Answer, case::whole};
use crate::model::{Case, CaseId, CaseUser, Change, Channel, Contact, ContactId, SenderType, Status, ThreadId, UserId};
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{Relation, Writer};
use crate::server::events::Event;
use crate::server::refusal::Refusal;
use crate::server::shape::Shown;
use crate::server::{App, decide};
use axum::extract::State;
use serde_json::json;

pub async fn create(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ContactId(ask.query.need("contactId")?);
        let contact = writer.contact(id)?.ok_or_else(|| Refusal::not_found(format_args!("contact {id}")))?;
        let agents: Vec<UserId> = [ask::int(&ask.body, "agentId")?, ask::int(&ask.body, "routeAgentId")?].into_iter().flatten().map(UserId).collect();
        known(writer, &agents, &[])?;
        let case = match ask::int(&ask.body, "threadId")? {
            Some(thread) => again(writer, ask, ThreadId(thread), id)?,
            None => begin(writer, ask, &contact)?,
        };
        if !agents.is_empty() {
            decide::change(writer, &ask.key.user, case, Change::Assign { users: agents, departments: Vec::new() })?;
        }
        first_message(writer, ask, case)?;
        let mut answer = whole(writer, case, &Shown::with(&AFTERWARDS))?;
        let joined = answer["users"].as_array().is_some_and(|rows| rows.iter().any(|row| row["userId"] == json!(ask.key.user.id) && row["status"] == "joined"));
        answer["isCaseJoined"] = json!(joined);
        answer["messageSeen"] = json!("no");
        answer["preMessages"] = json!([]);
        answer["timelineId"] = json!(writer.newest_timeline(case)?);
        Ok(Done::New(answer))
    })
    .await
}

/// The newest case of the thread when that is still open: asked for twice, a thread is reopened once.
fn again(writer: &mut Writer, ask: &Ask, thread: ThreadId, contact: ContactId) -> Result<CaseId, Refusal> {
    let newest = writer.thread(thread, &[Relation::Users, Relation::Tags])?.pop().map(|found| found.case);
    let newest =
        newest.filter(|case| case.contact_id() == Some(contact)).ok_or_else(|| Refusal::not_found(format_args!("thread {thread} of contact {contact}")))?;
    if !newest.is_closed() {
        return Ok(newest.id);
    }
    let mut closed = newest;
    if let Some(title) = ask::text(&ask.body, "title")? {
        closed.title = title.into();
    }
    closed.fields.extend(ask::map(&ask.body, "fields")?.cloned().unwrap_or_default());
    Ok(decide::reopen(writer, &ask.key.user, closed)?.case.id)
}

fn begin(writer: &mut Writer, ask: &Ask, contact: &Contact) -> Result<CaseId, Refusal> {
    let now = Some(writer.now());
    let owner = CaseUser {
        kind: SenderType::Contact,
        user_id: contact.id.0,
        role: Some("owner".into()),
        status: "active".into(),
        date_created: now,
        ..CaseUser::default()
    };
    let title = ask::text(&ask.body, "title")?.map_or_else(|| format!("{} has just started a chat", contact.name().raw()), str::to_owned);
    let mut case = Case {
        title: title.into(),
        channel: ask::text(&ask.body, "channel")?.map_or_else(Channel::default, |word| Channel::from(word.to_owned())),
        status: Status::Active,
        contact_id: Some(contact.id),
        user_id: Some(ask.key.user.id),
        date_queue: now,
        date_pending: now,
        wait_time: Some(0),
        date_created: now,
        date_updated: now,
        fields: ask::map(&ask.body, "fields")?.cloned().unwrap_or_default(),
        users: vec![owner],
        ..Case::default()
    };
    case.timeline.push(decide::entry(writer, &case, "queued", None, ask.key.user.id));
    writer.persist(&Case::default(), &mut case)?;
    writer.announce(Event::status(&case));
    Ok(case.id)
}

fn first_message(writer: &mut Writer, ask: &Ask, case: CaseId) -> Result<(), Refusal> {
    if ask.body.get("message").is_none_or(serde_json::Value::is_null) {
        return Ok(());
    }
    let message = message_of(&ask.body)?;
    let saying =
        Saying { case, kind: kind(message)?, text: words(ask, message)?, meta: ask::map(message, "meta")?.cloned().unwrap_or_default(), ..Saying::default() };
    say(writer, ask, saying, |_, _| Ok(json!({}))).map(drop)
}
