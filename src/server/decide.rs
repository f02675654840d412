//! The server's decisions: load the document, apply the mutation of the model, keep the difference, write down what happened.
//! The client predicts with the same function, so both agree. One decision is one transaction.

use crate::model::{Actor, Case, CaseId, Change, Message, Mutation, OpId, Status, TimelineEntry, UserId};
use crate::server::db::Writer;
use crate::server::events::Event;
use crate::server::refusal::Refusal;

/// What a decision left behind.
pub struct Decided {
    pub case: Case,
    /// The message it added.
    pub message: Option<Message>,
}

/// A change of `case` by `actor`, now. Without a name of its own the operation is called after its time.
pub fn mutation(writer: &Writer, case: &Case, actor: &Actor, op: Option<OpId>, change: Change) -> Mutation {
    let now = writer.now();
    let op = op.unwrap_or_else(|| OpId::new(now, u64::MAX, 0));
    Mutation { op, case: case.id, thread: case.thread_id, at: now, by: actor.clone(), change }
}

/// The case as a document, or 404.
pub fn document(writer: &Writer, id: CaseId, change: &Change) -> Result<Case, Refusal> {
    let messages = match change {
        Change::Edit { message, .. } | Change::Delete { message } => vec![*message],
        _ => Vec::new(),
    };
    writer.document(id, &messages)?.ok_or_else(|| Refusal::not_found(format_args!("case {id}")))
}

/// Decides a change of a case.
pub fn change(writer: &mut Writer, actor: &Actor, id: CaseId, change: Change) -> Result<Decided, Refusal> {
    let before = document(writer, id, &change)?;
    let mutation = mutation(writer, &before, actor, None, change);
    decide(writer, &before, &mutation, |_| {})
}

/// Decides a mutation of a document. `finish` completes the message it added with what the wire gave and the model does not know.
pub fn decide(writer: &mut Writer, before: &Case, mutation: &Mutation, finish: impl FnOnce(&mut Message)) -> Result<Decided, Refusal> {
    let mut case = before.clone();
    mutation.apply(&mut case)?;
    let added = case.messages.len() > before.messages.len();
    if let (true, Some(message)) = (added, case.messages.last_mut()) {
        finish(message);
    }
    let happened = events_of(before, &case, mutation);
    for event in happened.iter().copied() {
        case.timeline.push(entry(writer, &case, event, detail(mutation), mutation.by.id));
    }
    writer.persist(before, &mut case)?;
    let message = case.messages.last().filter(|_| added).cloned();
    announce(writer, &case, mutation, message.as_ref());
    Ok(Decided { case, message })
}

/// A row for the timeline, not yet kept.
pub fn entry(writer: &Writer, case: &Case, event: &str, detail: Option<String>, user: UserId) -> TimelineEntry {
    TimelineEntry {
        case_id: Some(case.id),
        thread_id: Some(case.thread_id),
        event: Some(event.into()),
        detail: detail.map(Into::into),
        date_created: Some(writer.now()),
        user_id: Some(user),
        ..TimelineEntry::default()
    }
}

fn events_of(before: &Case, after: &Case, mutation: &Mutation) -> Vec<&'static str> {
    let happened = match &mutation.change {
        Change::Close { .. } => (before.status != after.status).then_some("closed"),
        Change::Reopen => (before.status != after.status).then_some("reopened"),
        Change::Claim => (before.users != after.users || before.status != after.status).then_some("joined"),
        Change::Assign { users, departments } => (before.users != after.users || users.is_empty() && !departments.is_empty()).then_some("assigned"),
        Change::Snooze { .. } => (before.follow_up != after.follow_up).then_some("snoozed"),
        Change::Unsnooze => before.follow_up.is_some().then_some("unsnoozed"),
        Change::Reply { .. } | Change::Note { .. } | Change::Edit { .. } | Change::Delete { .. } | Change::Tag { .. } | Change::Fields { .. } => None,
    };
    happened.into_iter().collect()
}

fn detail(mutation: &Mutation) -> Option<String> {
    match &mutation.change {
        Change::Close { state } => Some(state.clone()),
        Change::Snooze { until, .. } => Some(crate::model::date::iso(*until)),
        Change::Assign { users, departments } => {
            let numbers = |ids: &[i64]| ids.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
            let users: Vec<i64> = users.iter().map(|user| user.0).collect();
            Some(format!("users {} departments {}", numbers(&users), numbers(departments)))
        }
        _ => None,
    }
}

fn announce(writer: &mut Writer, case: &Case, mutation: &Mutation, message: Option<&Message>) {
    match (&mutation.change, message) {
        (_, Some(message)) => writer.announce(Event::message(message)),
        (Change::Claim, None) => {
            writer.announce(Event::joined(case, mutation.by.id));
            writer.announce(Event::status(case));
        }
        (Change::Assign { users, .. }, None) => {
            for user in users {
                writer.announce(Event::invited(case, *user));
            }
            writer.announce(Event::status(case));
        }
        _ => writer.announce(Event::status(case)),
    }
}

/// Begins a new case in the thread of a closed one: that case reopened, under a number of its own.
pub fn reopen(writer: &mut Writer, actor: &Actor, closed: Case) -> Result<Decided, Refusal> {
    let now = Some(writer.now());
    let mutation = mutation(writer, &closed, actor, None, Change::Reopen);
    let mut before = closed;
    before.follow_up = None;
    before.users.iter_mut().for_each(|user| {
        user.id = 0;
        user.closed = false;
    });
    before.users.retain(|user| !user.owns());
    before.parent_id = Some(CaseId(before.thread_id.0));
    before.id = CaseId(0);
    before.last_message = None;
    (before.date_queue, before.date_pending, before.date_active) = (now, None, now);
    (before.date_created, before.date_updated) = (now, now);
    before.wait_time = Some(0);
    debug_assert_eq!(before.status, Status::Closed, "who reopens has looked");
    // What the new case inherits is new to the database: nothing of it was kept under its number before.
    let mut case = before.clone();
    mutation.apply(&mut case)?;
    case.timeline.push(entry(writer, &case, "reopened", None, actor.id));
    writer.persist(&Case::default(), &mut case)?;
    announce(writer, &case, &mutation, None);
    Ok(Decided { case, message: None })
}
