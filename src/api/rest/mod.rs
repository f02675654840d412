//! Requests and their answers: bodies are read by chunks with a cap on what comes out of the decoder, and every failure
//! of the transport becomes one line without an address or a key in it.

mod download;
mod events;
mod letter;
mod pull;
mod push;

pub use download::{Download, Found};

use super::Api;
use super::classify::{self, is_page};
use super::problem::{Problem, ProblemKind};
use super::wire::{fail, read};
use crate::model::Untrusted;
use reqwest::header::{CACHE_CONTROL, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use std::error::Error;

/// Most bytes of a list, decoded.
const LIST: usize = 32 << 20;
/// Most bytes of a single object, decoded: a text of 1 MiB stands in a case three times, and escapes may double it.
const SINGLE: usize = 8 << 20;

/// An answer as far as it came.
struct Answer {
    status: u16,
    retry_after: Option<u64>,
    body: Vec<u8>,
    end: End,
}

/// How a body ended.
enum End {
    Whole,
    Cut(String),
    TooLarge,
}

impl Answer {
    async fn of(mut response: Response, cap: usize) -> Self {
        let (status, retry_after) = (response.status().as_u16(), wait(response.headers()));
        let mut body = Vec::new();
        let end = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() > cap => break End::TooLarge,
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break End::Whole,
                Err(error) => break End::Cut(words(&error)),
            }
        };
        Self { status, retry_after, body, end }
    }
}

fn wait(headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    classify::retry_after(text(RETRY_AFTER)?, text(DATE))
}

impl Api {
    fn get(&self, path: &str) -> RequestBuilder {
        self.reader.get(self.origin.at(path)).header(CACHE_CONTROL, "no-cache")
    }

    /// Asks, and gives the JSON of a good answer.
    async fn read(&self, request: RequestBuilder, cap: usize) -> Result<Value, Problem> {
        self.read_raw(request, cap).await.map_err(|problem| self.scrubbed(problem))
    }

    async fn read_raw(&self, request: RequestBuilder, cap: usize) -> Result<Value, Problem> {
        let response = request.send().await.map_err(|error| Problem::new(ProblemKind::Offline, words(&error)))?;
        let answer = Answer::of(response, cap).await;
        match answer {
            Answer { end: End::TooLarge, .. } => Err(Problem::new(ProblemKind::TooLarge, format!("the server's answer is larger than {} MiB", cap >> 20))),
            Answer { status, body, .. } if !(200..300).contains(&status) => Err(Problem::of_answer(status, &body)),
            Answer { end: End::Cut(why), .. } => Err(Problem::new(ProblemKind::Offline, why)),
            Answer { body, .. } => value(&body),
        }
    }
}

/// The JSON of a good answer that does not say no.
fn value(body: &[u8]) -> Result<Value, Problem> {
    match read::json(body) {
        Some(value) if fail::denied(&value) => Err(Problem::of_denial(body)),
        Some(value) => Ok(value),
        None if is_page(body) => Err(Problem::malformed("JSON but a web page; a login page of this network?")),
        None => Err(Problem::malformed("JSON")),
    }
}

/// What went wrong on the way, in one line. The innermost error knows best.
fn words(error: &reqwest::Error) -> String {
    let mut inner: &dyn Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let deepest = if error.source().is_none() { String::new() } else { format!(": {}", inner_line(inner)) };
    match error {
        _ if error.is_timeout() && error.is_connect() => "no connection in time".to_owned(),
        _ if error.is_timeout() => "no answer in time".to_owned(),
        _ if error.is_dns() => "the server's name is not known to this network".to_owned(),
        _ if error.is_connect() => format!("cannot connect{deepest}"),
        _ if error.is_builder() => format!("the request cannot be made{deepest}"),
        _ => format!("the connection broke{deepest}"),
    }
}

fn inner_line(error: &dyn Error) -> String {
    Untrusted::from(error.to_string()).one_line().chars().take(160).collect()
}
