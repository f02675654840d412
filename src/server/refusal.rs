//! How the server says no: `{"error":{"type","message"}}` with the status of the contract.
//! No SQL, no path and no word about what a key may not see enters a message.

use crate::model::Refused;
use crate::server::db::DbError;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An answer that is not 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub status: StatusCode,
    pub kind: &'static str,
    pub message: String,
}

impl Refusal {
    pub fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into() }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "ERROR_INVALID_INPUT", message)
    }

    /// `what` is a noun with its number: "case 4410".
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, "ERROR_RECORD_NOT_FOUND", format!("{what} is not there"))
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "ERROR_UNAUTHORIZED", "a valid API key is needed: Authorization: Bearer <key>")
    }

    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "ERROR_UNAUTHORIZED_ACCESS", message)
    }

    pub fn server() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "ERROR_SERVER_ERROR", "the server failed; its log says why")
    }

    /// The same name for another payload.
    pub fn reused(name: &str) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "ERROR_DUPLICATE_RECORD_FOUND", format!("{name} was used before with another payload"))
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotActive(..) | Refused::Closed(_) | Refused::FieldChanged(..) | Refused::NoContact(_) => Self::invalid(refused.to_string()),
            Refused::NoMessage(id) => Self::not_found(format_args!("message {id}")),
            Refused::NotYours(_) => Self::forbidden(refused.to_string()),
        }
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        tracing::error!(%error, "a request failed");
        Self::server()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({"error": {"type": self.kind, "message": self.message}}).to_string();
        (self.status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
    }
}
