//! What an attempt proves. One pure function over what was heard; evidence decides, not status codes.
//! Only what surely had no effect is `NotSent` or `Refused`; only an answer that names what we asked for is `Accepted`;
//! everything in between is `Unknown`, and the caller looks at the server again.

mod proof;
#[cfg(test)]
mod tests;

use super::problem::with;
use super::wire::fail::{self, Fail};
use super::wire::read::json;
use crate::model::{Case, Change, Mutation, Outcome};

/// The longest we let a server make us wait, in seconds.
const LONGEST_WAIT: u64 = 900;

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// No byte of it could leave: no address, no connection, no TLS, no request.
    NeverLeft { why: String },
    /// It may have left, and no answer came: a time-out, a reset, an end.
    Silence { why: String },
    /// An answer; `whole` when its body came to its end.
    Answer { status: u16, retry_after: Option<u64>, whole: bool, body: Vec<u8> },
}

/// The outcome of an attempt at `mutation` of the case we knew as `known`.
pub fn classify(mutation: &Mutation, known: &Case, heard: &Heard) -> Outcome {
    match heard {
        Heard::NeverLeft { why } => Outcome::NotSent { cause: why.clone(), retry_after: None },
        Heard::Silence { why } => unknown(why.clone()),
        Heard::Answer { status: 401, body, .. } => Outcome::Unauthorized { cause: with("the server does not take the API key".to_owned(), &fail::fail(body)) },
        Heard::Answer { status: 429, retry_after, .. } => {
            Outcome::NotSent { cause: "the server asks for fewer requests".to_owned(), retry_after: retry_after.map(|wait| wait.min(LONGEST_WAIT)) }
        }
        Heard::Answer { whole: false, status, .. } => unknown(format!("the answer ({status}) was cut off")),
        Heard::Answer { status: 200..=299, body, .. } => accepted(mutation, known, body),
        Heard::Answer { status: status @ 300..=399, .. } => {
            unknown(format!("the server redirects elsewhere ({status}), which is not followed; hint: check the address"))
        }
        Heard::Answer { status: status @ (408 | 409 | 425), body, .. } => unknown(answered(*status, &fail::fail(body))),
        Heard::Answer { status: status @ 400..=499, body, .. } => refusal(mutation, *status, &fail::fail(body)),
        Heard::Answer { status, body, .. } => unknown(answered(*status, &fail::fail(body))),
    }
}

fn accepted(mutation: &Mutation, known: &Case, body: &[u8]) -> Outcome {
    match json(body) {
        Some(answer) => proof::proof(mutation, known, answer).unwrap_or_else(|why| unknown(format!("the server's answer {why}"))),
        None if is_page(body) => unknown("a web page answered instead of the API: a login page of this network?".to_owned()),
        None => unknown("the server's answer cannot be read".to_owned()),
    }
}

/// Does a body look like HTML?
pub(super) fn is_page(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

/// A 4xx that the API itself spoke, by its type; words and 404 only where the type is missing.
fn refusal(mutation: &Mutation, status: u16, said: &Fail) -> Outcome {
    let cause = answered(status, said);
    if said.is(fail::DUPLICATE) || said.is(fail::SERVER_ERROR) {
        return unknown(cause);
    }
    if said.is(fail::UNAUTHORIZED) {
        return Outcome::Unauthorized { cause };
    }
    if status == 403 || said.is(fail::FORBIDDEN) {
        return Outcome::RefusedState { cause };
    }
    if said.spoken() && said.about_absence() {
        return absent(mutation, cause);
    }
    if said.spoken() && (said.about_state() || status == 404 && !said.is(fail::INVALID_INPUT)) {
        return Outcome::RefusedState { cause };
    }
    if said.is(fail::INVALID_INPUT) || status == 422 {
        return Outcome::Refused { cause };
    }
    unknown(cause)
}

/// What is to be gone and is not there is done.
fn absent(mutation: &Mutation, cause: String) -> Outcome {
    match mutation.change {
        Change::Delete { .. } | Change::Unsnooze => Outcome::Accepted { server_id: None, case: None, message: None },
        _ => Outcome::RefusedState { cause },
    }
}

fn answered(status: u16, said: &Fail) -> String {
    with(format!("the server answered {status}"), said)
}

fn unknown(cause: String) -> Outcome {
    Outcome::Unknown { cause }
}

/// `Retry-After` in seconds: a number, or a date against the answer's own `Date`, so that no clock is needed. Garbage is ignored.
pub fn retry_after(value: &str, date: Option<&str>) -> Option<u64> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(value.parse().unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT));
    }
    let until = chrono::DateTime::parse_from_rfc2822(value).ok()?;
    let now = chrono::DateTime::parse_from_rfc2822(date?.trim()).ok()?;
    Some(u64::try_from((until - now).num_seconds()).unwrap_or(0).min(LONGEST_WAIT))
}
