//! What this server is and can (open to everybody), and the stream of what happens.

use crate::server::ask::{Ask, Reply};
use crate::server::refusal::Refusal;
use crate::server::{App, events, gate};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::time::Duration;

/// Without a key, or with a valid one; then it also says who that is.
pub async fn hello(State(app): State<App>, headers: HeaderMap) -> Result<Reply, Refusal> {
    if app.quirks.no_hello {
        return Err(Refusal::not_found("this end point"));
    }
    let mut extensions = vec!["where-operators", "order", "idempotency", "events", "case-update", "translate"];
    extensions.retain(|extension| match *extension {
        "where-operators" => !app.quirks.only_eq,
        "order" => !app.quirks.no_order,
        "idempotency" => !app.quirks.no_idempotency,
        "case-update" => !app.quirks.no_additions,
        "translate" => app.quirks.translates,
        _ => true,
    });
    let mut data = json!({"name": "caseload", "version": env!("CARGO_PKG_VERSION"), "extensions": extensions});
    if let Some(key) = gate::presented(&app, &headers).await? {
        data["user"] = json!({"id": key.user.id, "name": key.user.name});
    }
    app.quirks.bend(&mut data);
    Ok(Reply { body: json!({"data": data}).to_string(), replayed: false })
}

pub async fn events(State(app): State<App>, _: Ask) -> Response {
    if app.quirks.no_hello {
        return Refusal::not_found("this end point").into_response();
    }
    let stream = events::stream(app.db.listen(), app.closing.clone());
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}
