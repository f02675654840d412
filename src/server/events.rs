//! What the server tells those who listen: the events of the contract's webhooks, as server-sent events.
//! An event says that something changed; who wants to be sure reads it.

use crate::model::{Case, Message, UserId};
use crate::server::shape;
use axum::response::sse;
use futures::stream::{self, Stream};
use serde_json::{Value, json};
use std::convert::Infallible;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_util::sync::CancellationToken;

#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub name: &'static str,
    pub data: Value,
}

impl Event {
    /// The case is another one than before.
    pub fn status(case: &Case) -> Self {
        Self {
            name: "case:status",
            data: json!({"id": case.id, "caseId": case.id, "threadId": case.thread_id, "contactId": case.contact_id(), "status": case.status}),
        }
    }

    pub fn message(message: &Message) -> Self {
        Self { name: "case:message:new", data: Value::Object(shape::message(message)) }
    }

    pub fn invited(case: &Case, user: UserId) -> Self {
        Self { name: "user:case-invite", data: json!({"caseId": case.id, "threadId": case.thread_id, "userId": user}) }
    }

    pub fn joined(case: &Case, user: UserId) -> Self {
        Self { name: "user:case-joined", data: json!({"caseId": case.id, "threadId": case.thread_id, "userId": user}) }
    }

    pub fn body(&self) -> String {
        json!({"event": self.name, "data": self.data}).to_string()
    }
}

/// The events from now on, until the server stops. Who is too slow to hear all is told so by the event `lagged`.
pub fn stream(events: broadcast::Receiver<Event>, closing: CancellationToken) -> impl Stream<Item = Result<sse::Event, Infallible>> {
    let hello = stream::once(async { Ok(sse::Event::default().comment("listening")) });
    let rest = stream::unfold((events, closing), |(mut events, closing)| async move {
        let heard = tokio::select! {
            heard = events.recv() => heard,
            () = closing.cancelled() => return None,
        };
        let event = match heard {
            Ok(event) => sse::Event::default().event(event.name).data(event.body()),
            Err(RecvError::Lagged(missed)) => sse::Event::default().event("lagged").data(json!({"event": "lagged", "data": {"missed": missed}}).to_string()),
            Err(RecvError::Closed) => return None,
        };
        Some((Ok(event), (events, closing)))
    });
    futures::StreamExt::chain(hello, rest)
}
