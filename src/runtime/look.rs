//! Looking at the server: who it is, and what became of an operation whose answer was lost.

use super::fetch;
use crate::api::{Api, Hello, Problem, ProblemKind};
use crate::app::{Failure, FailureKind, Seen};
use crate::model::{Case, Change, Op, Status};
use crate::store::Sink;
use std::sync::Arc;
use tokio::sync::Mutex;

/// The server of the account, and what it said of itself.
#[derive(Clone)]
pub struct Server {
    pub api: Api,
    hello: Arc<Mutex<Option<Hello>>>,
}

impl Server {
    pub fn new(api: Api) -> Self {
        Self { api, hello: Arc::default() }
    }

    /// What it can do: asked once, and again when it did not answer.
    pub async fn hello(&self) -> Result<Hello, Problem> {
        let mut held = self.hello.lock().await;
        if let Some(hello) = &*held {
            return Ok(hello.clone());
        }
        let hello = self.api.hello().await?;
        *held = Some(hello.clone());
        Ok(hello)
    }
}

/// A problem as the core sees it.
pub fn failure(problem: Problem) -> Failure {
    let kind = match problem.kind {
        ProblemKind::Offline | ProblemKind::Server => FailureKind::Offline,
        ProblemKind::Unauthorized => FailureKind::Unauthorized,
        ProblemKind::NotFound => FailureKind::NotFound,
        _ => FailureKind::Other,
    };
    Failure { kind, text: problem.text }
}

/// Reads what an operation would have changed, completely, and compares.
pub async fn look(server: &Server, mut sink: Sink, op: &Op) -> Result<Seen, Problem> {
    fetch::store(sink.begin())?;
    if op.mutation.change == Change::Reopen {
        return reopened(server, sink, op).await;
    }
    let mut case = server.api.case(op.case()).await?;
    if case.follow_up.is_none() && matches!(op.mutation.change, Change::Snooze { .. } | Change::Unsnooze) {
        // Only our own server says it with the case.
        case.follow_up = server.api.follow_up(case.id, case.contact_id()).await?;
    }
    let mut messages = fetch::transcript(server, &case).await?;
    fetch::write(&mut sink, &case, &messages)?;
    if fetch::wants_mails(server, &case).await {
        let mails = server.api.mails(case.thread_id).await?;
        fetch::store(sink.mails(case.thread_id, &mails, super::now()))?;
        messages.extend(mails);
    }
    let ids: std::collections::BTreeSet<i64> = messages.iter().filter(|message| message.op_id() == Some(op.id())).map(|message| message.id.0).collect();
    let reached = is_reached(op, &case, &messages);
    let copies = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    Ok(Seen { server_id: ids.first().copied(), copies, reached })
}

/// A reopened case is another case: an open one of the same thread.
async fn reopened(server: &Server, mut sink: Sink, op: &Op) -> Result<Seen, Problem> {
    let cases = fetch::children(server, op.mutation.thread).await?;
    let open = cases.iter().filter(|case| case.id > op.case() && !case.is_closed()).map(|case| case.id.0).max();
    fetch::store(sink.cases(&cases, true, super::now()))?;
    Ok(Seen { server_id: open, copies: 0, reached: open.is_some() })
}

/// Is the case as the change wanted it?
fn is_reached(op: &Op, case: &Case, messages: &[crate::model::Message]) -> bool {
    match &op.mutation.change {
        Change::Close { .. } => case.status == Status::Closed,
        Change::Claim => case.status == Status::Active && case.owned_by(op.mutation.by.id),
        // Who is in a department nobody tells.
        Change::Assign { users, .. } if users.is_empty() => false,
        Change::Assign { users, .. } => users.iter().all(|user| case.users.iter().any(|row| row.user_id == user.0)),
        Change::Snooze { until, .. } => case.follow_up.as_ref().is_some_and(|snooze| (snooze.until - *until).num_seconds().abs() <= 1),
        Change::Unsnooze => case.follow_up.is_none(),
        Change::Edit { message, text } => messages.iter().any(|held| held.id == *message && held.message.raw() == text),
        Change::Delete { message } => messages.iter().all(|held| held.id != *message),
        Change::Reply { .. } | Change::Note { .. } | Change::Reopen => false,
    }
}
