//! A request that passed the gate, with its body read whole, and the helpers to take what it needs out of it.
//! A body larger than 1 MiB or slower than 30 seconds is refused here.

use crate::model::{CaseId, Object, Timestamp, date};
use crate::server::App;
use crate::server::db::{Said, Writer};
use crate::server::filter::Params;
use crate::server::keys::{Key, fingerprint};
use crate::server::quirks::VendorQuirks;
use crate::server::refusal::Refusal;
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde_json::Value;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

const LARGEST_BODY: usize = 1 << 20;
const LARGEST_DISCARDED: usize = 16 << 20;
const BODY_TIME: Duration = Duration::from_secs(30);

/// What a route gets.
#[derive(Debug, Clone)]
pub struct Ask {
    pub key: Key,
    pub query: Params,
    pub body: Object,
    pub quirks: Arc<VendorQuirks>,
    id: Option<String>,
    /// `Idempotency-Key`, and what it stands for.
    once: Option<(String, [u8; 32])>,
}

impl FromRequest<App> for Ask {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let key = parts.extensions.get::<Key>().cloned().ok_or_else(Refusal::unauthorized)?;
        let query = Query::<Vec<(String, String)>>::from_request_parts(&mut parts, app).await.map_err(|_| Refusal::invalid("the query cannot be read"))?;
        let path = RawPathParams::from_request_parts(&mut parts, app).await.map_err(|_| Refusal::invalid("the path cannot be read"))?;
        let id = path.iter().next().map(|(_, value)| value.to_owned());
        let bytes = collect(&parts.headers, body).await?;
        let once = once(&parts.method, &parts.headers, &app.quirks)?;
        let target = parts.uri.path_and_query().map_or("", |target| target.as_str());
        let once = once.map(|name| (name, fingerprint(&[parts.method.as_str().as_bytes(), target.as_bytes(), &bytes])));
        Ok(Self { key, query: Params(query.0), body: object(&bytes)?, quirks: Arc::clone(&app.quirks), id, once })
    }
}

async fn collect(headers: &HeaderMap, body: axum::body::Body) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "ERROR_INVALID_INPUT", "a body has at most 1 MiB");
    let said: Option<usize> = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()).and_then(|length| length.parse().ok());
    if said.is_some_and(|length| length > LARGEST_BODY) {
        // Who is cut off while it sends can't read why.
        let _slow = tokio::time::timeout(BODY_TIME, discard(body)).await;
        return Err(too_large());
    }
    let slow = Refusal::new(StatusCode::REQUEST_TIMEOUT, "ERROR_INVALID_INPUT", "the body did not come in time");
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, LARGEST_BODY)).await.map_err(|_| slow)?;
    read.map_err(|error| {
        let limit = std::error::Error::source(&error).is_some_and(|source| source.to_string().contains("length limit"));
        if limit { too_large() } else { Refusal::invalid("the body cannot be read") }
    })
}

/// Reads and forgets, within reason.
async fn discard(body: axum::body::Body) {
    let mut chunks = body.into_data_stream();
    let mut read = 0;
    while let Some(Ok(chunk)) = chunks.next().await {
        read += chunk.len();
        if read > LARGEST_DISCARDED {
            return;
        }
    }
}

fn once(method: &Method, headers: &HeaderMap, quirks: &VendorQuirks) -> Result<Option<String>, Refusal> {
    let Some(name) = headers.get("idempotency-key").filter(|_| *method == Method::POST && !quirks.no_idempotency) else { return Ok(None) };
    let name = name.to_str().ok().filter(|name| !name.is_empty() && name.len() <= 200);
    name.map(|name| Some(name.to_owned())).ok_or_else(|| Refusal::invalid("Idempotency-Key must be 1 to 200 printable characters"))
}

fn object(bytes: &[u8]) -> Result<Object, Refusal> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Object::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal::invalid("the body must be a JSON object")),
        Err(error) => Err(Refusal::invalid(format!("the body is not JSON: {error}"))),
    }
}

/// What work on a request came to.
pub enum Done {
    /// The value of `data`.
    New(Value),
    /// A finished answer that was just made.
    Told(String),
    /// A finished answer that was made before.
    Again(String),
}

impl From<Value> for Done {
    fn from(value: Value) -> Self {
        Self::New(value)
    }
}

/// A finished answer.
pub struct Reply {
    pub body: String,
    pub replayed: bool,
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], self.body).into_response();
        if self.replayed {
            response.headers_mut().insert("idempotency-replayed", header::HeaderValue::from_static("true"));
        }
        response
    }
}

impl Ask {
    /// The number in the path.
    pub fn id<T: FromStr>(&self) -> Result<T, Refusal> {
        let text = self.id.as_deref().unwrap_or_default();
        text.parse().map_err(|_| Refusal::invalid(format!("'{text}' is not a number")))
    }

    pub fn render(&self, mut data: Value) -> String {
        self.quirks.bend(&mut data);
        let mut root = Object::new();
        root.insert("data".into(), data);
        Value::Object(root).to_string()
    }

    /// Work that may be asked for twice and is done once: with an `Idempotency-Key` its answer is kept in the same transaction.
    pub fn once(&self, writer: &mut Writer, work: impl FnOnce(&mut Writer, &Self) -> Result<Done, Refusal>) -> Result<Reply, Refusal> {
        let before = self.once.as_ref().map(|(name, print)| writer.answered(&self.key.id, name, print)).transpose()?.flatten();
        match before {
            Some(Said::Same(_, Some(body))) => return Ok(Reply { body, replayed: true }),
            Some(_) => return Err(Refusal::reused("this Idempotency-Key")),
            None => {}
        }
        let (body, replayed) = match work(writer, self)? {
            Done::New(data) => (self.render(data), false),
            Done::Told(body) => (body, false),
            Done::Again(body) => (body, true),
        };
        if let Some((name, print)) = &self.once {
            writer.remember_answer(&self.key.id, name, print, &body)?;
        }
        Ok(Reply { body, replayed })
    }

    pub fn case(&self) -> Result<CaseId, Refusal> {
        Ok(CaseId(need(&self.body, "caseId")?))
    }
}

/// A whole number, also when it came as text; 0 and null are nothing.
pub fn int(body: &Object, key: &str) -> Result<Option<i64>, Refusal> {
    let wrong = || Refusal::invalid(format!("{key} must be a whole number"));
    let number = match body.get(key) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.as_i64().ok_or_else(wrong)?,
        Some(Value::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Value::String(text)) => text.trim().parse().map_err(|_| wrong())?,
        Some(_) => return Err(wrong()),
    };
    Ok(Some(number))
}

pub fn need(body: &Object, key: &str) -> Result<i64, Refusal> {
    int(body, key)?.ok_or_else(|| Refusal::invalid(format!("{key} is needed")))
}

pub fn text<'b>(body: &'b Object, key: &str) -> Result<Option<&'b str>, Refusal> {
    match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(format!("{key} must be text"))),
    }
}

/// Text that has to be there and say something.
pub fn words<'b>(body: &'b Object, key: &str) -> Result<&'b str, Refusal> {
    text(body, key)?.filter(|text| !text.trim().is_empty()).ok_or_else(|| Refusal::invalid(format!("{key} is needed")))
}

/// Whole numbers, as an array or one alone.
pub fn ints(body: &Object, key: &str) -> Result<Vec<i64>, Refusal> {
    let one =
        |value: &Value| value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).ok_or_else(|| Refusal::invalid(format!("{key} must be whole numbers")));
    match body.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values.iter().map(one).collect(),
        Some(value) => Ok(vec![one(value)?]),
    }
}

/// Texts, as an array or one alone.
pub fn texts(body: &Object, key: &str) -> Result<Vec<String>, Refusal> {
    let one = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| Refusal::invalid(format!("{key} must be texts")));
    match body.get(key) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values.iter().map(one).collect(),
        Some(value) => Ok(vec![one(value)?]),
    }
}

pub fn map<'b>(body: &'b Object, key: &str) -> Result<Option<&'b Object>, Refusal> {
    match body.get(key) {
        None | Some(Value::Null) => Ok(None),
        // The vendor writes an empty map as an empty list.
        Some(Value::Array(list)) if list.is_empty() => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(_) => Err(Refusal::invalid(format!("{key} must be an object"))),
    }
}

/// A flag in any of the wire's spellings.
pub fn flag(body: &Object, key: &str) -> bool {
    match body.get(key) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("yes") || text == "true",
        _ => false,
    }
}

pub fn moment(body: &Object, key: &str) -> Result<Timestamp, Refusal> {
    let text = words(body, key)?;
    date::parse(text).ok_or_else(|| Refusal::invalid(format!("{key} must be a date such as 2026-11-23 09:00:00, not '{text}'")))
}
