//! Looking at the server: who it is, what stands in the way of an operation, and what became of one whose answer was lost.

use super::fetch;
use crate::api::{Api, Hello, Problem, ProblemKind};
use crate::app::seen::{self, Seen};
use crate::app::{Failure, FailureKind};
use crate::model::{Case, Change, Channel, Message, Op, OpState};
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
        ProblemKind::Forbidden => FailureKind::Forbidden,
        _ => FailureKind::Other,
    };
    Failure { kind, text: problem.text }
}

/// Reads what an operation would change, completely, and compares. Before a first attempt under an idempotency key a glance is
/// enough: what is there already is not made twice.
pub async fn look(server: &Server, mut sink: Sink, op: &Op) -> Result<Seen, Problem> {
    let extensions = server.hello().await?.extensions;
    fetch::store(sink.begin())?;
    if op.mutation.change == Change::Reopen {
        return reopened(server, sink, op).await;
    }
    let mut case = server.api.case(op.case()).await?;
    if case.follow_up.is_none() && matches!(op.mutation.change, Change::Snooze { .. } | Change::Unsnooze) {
        // Only our own server says it with the case.
        case.follow_up = server.api.follow_up(case.id, case.contact_id()).await?;
    }
    let glance =
        op.state == OpState::Queued && op.tries == 0 && extensions.idempotency && extensions.where_operators && (op.heard().is_some() || op.due.is_none());
    let messages = if glance { recent(server, &mut sink, op, &case).await? } else { whole(server, &mut sink, &case).await? };
    Ok(Seen { keys: extensions.idempotency, ..seen::compare(op, &case, &messages) })
}

/// The whole transcript, and the mails of the thread.
async fn whole(server: &Server, sink: &mut Sink, case: &Case) -> Result<Vec<Message>, Problem> {
    fetch::store(sink.cases(std::slice::from_ref(case), true, super::now()))?;
    let mails = fetch::mails(server, sink, case).await?;
    let mut messages = fetch::transcript(server, case).await?;
    fetch::write(sink, case, &messages)?;
    messages.extend(mails);
    Ok(messages)
}

/// What was said since the agent looked, and the message that is to be changed.
async fn recent(server: &Server, sink: &mut Sink, op: &Op, case: &Case) -> Result<Vec<Message>, Problem> {
    fetch::store(sink.cases(std::slice::from_ref(case), true, super::now()))?;
    if let Change::Edit { message, .. } | Change::Delete { message } = op.mutation.change {
        return match server.api.message(message).await {
            Ok(message) => Ok(vec![message]),
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(Vec::new()),
            Err(problem) => Err(problem),
        };
    }
    if case.channel == Channel::Email {
        return server.api.mails(case.thread_id).await;
    }
    let last = case.last_message.as_ref().map(|message| message.id);
    // Without a word of the customer's, what colleagues said since is read from theirs on.
    let known = op.heard().or_else(|| op.saw.as_ref().and_then(|saw| saw.said));
    match known.filter(|_| matches!(op.mutation.change, Change::Reply { .. } | Change::Close { .. })) {
        Some(heard) if last.is_none_or(|last| last > heard) => fetch::since(server, case, heard).await,
        _ => Ok(Vec::new()),
    }
}

/// A reopened case is another case: an open one of the same thread.
async fn reopened(server: &Server, mut sink: Sink, op: &Op) -> Result<Seen, Problem> {
    let cases = fetch::children(server, op.mutation.thread).await?;
    let open = cases.iter().filter(|case| case.id > op.case() && !case.is_closed()).map(|case| case.id.0).max();
    fetch::store(sink.cases(&cases, true, super::now()))?;
    Ok(Seen { server_id: open, reached: open.is_some(), whole: true, tries: Some(op.tries), ..Seen::default() })
}
