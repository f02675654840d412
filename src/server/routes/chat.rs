//! What agents do with a case: close, join, reject, invite others, look at the thread.

use super::Answer;
use super::case::whole;
use crate::model::{Case, CaseUser, Change, SenderType, ThreadId, UserId};
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{Relation, Writer};
use crate::server::events::Event;
use crate::server::refusal::Refusal;
use crate::server::shape::{self, Shown};
use crate::server::{App, decide};
use axum::extract::State;
use serde_json::{Value, json};

pub async fn close(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.case()?;
        let state = ask::text(&ask.body, "closingState")?.filter(|state| !state.is_empty()).unwrap_or("handled").to_owned();
        let meta = ask::map(&ask.body, "meta")?;
        let leave_only = ask::flag(&ask.body, "leaveOnly");
        let change = Change::Close { state };
        let mut case = decide::document(writer, id, &change)?;
        if let Some(meta) = meta.filter(|meta| !meta.is_empty()) {
            case.extra.insert("meta".into(), json!(meta));
        }
        let contact = case.contact_id();
        if leave_only {
            seat(writer, &case, ask.key.user.id, "left", true)?;
        } else {
            let mutation = decide::mutation(writer, &case, &ask.key.user, None, change);
            decide::decide(writer, &case, &mutation, |_| {})?;
        }
        let left = json!({"foreverClosed": !leave_only, "leftUser": true, "caseId": id, "contactId": contact});
        Ok(json!({"0": left, "userId": ask.key.user.id, "userType": "user"}).into())
    })
    .await
}

pub async fn join(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.case()?;
        decide::change(writer, &ask.key.user, id, Change::Claim)?;
        whole(writer, id, &Shown::with(&AFTERWARDS)).map(Done::New)
    })
    .await
}

/// What an answer shows of a case that somebody joined, rejected or made.
pub const AFTERWARDS: [Relation; 4] = [Relation::Contact, Relation::Users, Relation::LastMessage, Relation::FollowUp];

pub async fn reject(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let id = ask.case()?;
        let case = decide::document(writer, id, &Change::Claim)?;
        if case.is_closed() {
            return Err(crate::model::Refused::Closed(id).into());
        }
        seat(writer, &case, ask.key.user.id, "rejected", false)?;
        whole(writer, id, &Shown::with(&AFTERWARDS)).map(Done::New)
    })
    .await
}

/// Gives an agent a part in the case that no mutation of the model knows: rejected, left.
fn seat(writer: &mut Writer, before: &Case, user: UserId, status: &str, closed: bool) -> Result<(), Refusal> {
    let mut case = before.clone();
    match case.users.iter_mut().find(|row| row.kind == SenderType::User && row.user_id == user.0) {
        Some(row) => {
            status.clone_into(&mut row.status);
            row.closed = closed;
        }
        None => case.users.push(CaseUser { user_id: user.0, status: status.to_owned(), closed, date_created: Some(writer.now()), ..CaseUser::default() }),
    }
    if case.users != before.users {
        case.timeline.push(decide::entry(writer, &case, status, None, user));
        case.date_updated = case.date_updated.max(Some(writer.now()));
    }
    writer.persist(before, &mut case)?;
    writer.announce(Event::status(&case));
    Ok(())
}

pub async fn invite(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let users: Vec<UserId> = ask::ints(&ask.body, "agentIds")?.into_iter().map(UserId).collect();
        let departments = ask::ints(&ask.body, "department")?;
        if users.is_empty() && departments.is_empty() {
            return Err(Refusal::invalid("agentIds or department is needed"));
        }
        known(writer, &users, &departments)?;
        let rows = users.iter().map(|user| (user.to_string(), json!({"userId": user, "online": true, "sent": true}))).collect();
        decide::change(writer, &ask.key.user, ask.case()?, Change::Assign { users, departments })?;
        Ok(Value::Object(rows).into())
    })
    .await
}

/// 400 naming the first agent or department that the account does not have.
pub fn known(writer: &Writer, users: &[UserId], departments: &[i64]) -> Result<(), Refusal> {
    if let Some(stranger) = writer.stranger(users)? {
        return Err(Refusal::invalid(format!("there is no agent {stranger}")));
    }
    let all = writer.departments()?;
    match departments.iter().find(|wanted| all.iter().all(|(id, _)| id != *wanted)) {
        Some(wanted) => Err(Refusal::invalid(format!("there is no department {wanted}"))),
        None => Ok(()),
    }
}

/// The cases of a thread, a bare list.
pub async fn thread(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| {
        let (thread, contact) = (ThreadId(ask.query.need("threadId")?), ask.query.need("contactId")?);
        let mut shown = Shown::with(&[Relation::Contact, Relation::Users, Relation::Cases, Relation::LastMessage]);
        if !ask.quirks.no_additions {
            shown.relations.push(Relation::FollowUp);
        }
        let cases = reader.thread(thread, &shown.relations)?;
        if cases.iter().all(|found| found.case.contact_id().is_none_or(|of| of.0 != contact)) {
            return Err(Refusal::not_found(format_args!("thread {thread} of contact {contact}")));
        }
        Ok(cases.iter().map(|found| shape::case(found, &shown)).collect())
    })
    .await
}
