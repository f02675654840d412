//! Snoozes: a follow-up date on a case. Reading one is a POST; only who made it may take it away.

use super::Answer;
use crate::model::{CaseId, Change, Snooze, date};
use crate::server::ask::{self, Ask, Done};
use crate::server::refusal::Refusal;
use crate::server::{App, decide};
use axum::extract::State;
use serde_json::{Value, json};

pub async fn create(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = object(ask)?;
        let until = ask::moment(&ask.body, "scheduleDate")?;
        let message = ask::text(&ask.body, "message")?.map(str::to_owned);
        let users = ask::ints(&ask.body, "users")?;
        let decided = decide::change(writer, &ask.key.user, id, Change::Snooze { until, message })?;
        let snooze = decided.case.follow_up.ok_or_else(Refusal::server)?;
        let mut data = shape(&snooze, id, decided.case.contact_id.map(|contact| contact.0));
        data["scheduleDate"] = json!(date::plain(until));
        data["users"] = json!(users);
        Ok(Done::New(json!({"success": true, "message": "The follow-up was created.", "data": data})))
    })
    .await
}

pub async fn read(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| {
        let id = object(ask)?;
        let case = reader.document(id, &[])?.ok_or_else(|| Refusal::not_found(format_args!("case {id}")))?;
        let snooze = case.follow_up.as_ref().ok_or_else(|| Refusal::not_found(format_args!("a follow-up of case {id}")))?;
        Ok(json!({"success": true, "message": "The follow-up was found.", "data": shape(snooze, id, case.contact_id.map(|contact| contact.0))}))
    })
    .await
}

pub async fn remove(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id: i64 = ask.id()?;
        let (case, by) = writer.follow_up(id)?.ok_or_else(|| Refusal::not_found(format_args!("follow-up {id}")))?;
        if by != Some(ask.key.user.id) {
            return Err(Refusal::forbidden("only who made a follow-up may take it away"));
        }
        decide::change(writer, &ask.key.user, case, Change::Unsnooze)?;
        Ok(json!({"success": true, "message": "The follow-up was deleted."}).into())
    })
    .await
}

/// The case a request speaks of: `objectId`, or `caseId`.
fn object(ask: &Ask) -> Result<CaseId, Refusal> {
    match ask::words(&ask.body, "objectType")? {
        "case" => {}
        other => return Err(Refusal::invalid(format!("objectType is case, not '{other}'"))),
    }
    match ask::int(&ask.body, "objectId")? {
        Some(id) => Ok(CaseId(id)),
        None => ask.case().map_err(|_| Refusal::invalid("objectId or caseId is needed")),
    }
}

fn shape(snooze: &Snooze, case: CaseId, contact: Option<i64>) -> Value {
    json!({
        "id": snooze.id, "objectType": "case", "contactId": contact, "scheduleDate": date::iso(snooze.until), "objectId": case,
        "userId": snooze.user_id, "message": snooze.message, "users": [],
    })
}
