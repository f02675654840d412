//! Why a question got no answer, as a class that callers act on and one line for the agent.

use super::wire::fail::{self, Fail};

/// What callers tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// No answer, or half of one.
    Offline,
    /// The key is not taken.
    Unauthorized,
    /// The key may not.
    Forbidden,
    NotFound,
    /// The server does not take the question.
    Refused,
    /// The server has trouble of its own, or wants us to wait.
    Server,
    /// An answer that is not what the API answers.
    Malformed,
    TooLarge,
    /// The address or the key cannot be used as given.
    Config,
}

/// A question without an answer. `text` is one line and holds neither the key nor control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct Problem {
    pub kind: ProblemKind,
    pub text: String,
}

impl Problem {
    pub fn new(kind: ProblemKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    pub(super) fn config(text: impl Into<String>) -> Self {
        Self::new(ProblemKind::Config, text)
    }

    pub(super) fn malformed(what: &str) -> Self {
        Self::new(ProblemKind::Malformed, format!("the server's answer is not {what}"))
    }

    /// A good status whose body says no.
    pub(super) fn of_denial(body: &[u8]) -> Self {
        let said = fail::fail(body);
        let kind = if said.about_absence() { ProblemKind::NotFound } else { ProblemKind::Refused };
        Self::new(kind, with("the server says no".to_owned(), &said))
    }

    /// What an answer other than 2xx means to a reader.
    pub(super) fn of_answer(status: u16, body: &[u8]) -> Self {
        let said = fail::fail(body);
        let kind = kind(status, &said);
        let text = match kind {
            ProblemKind::Unauthorized => "the server does not take the API key".to_owned(),
            ProblemKind::Forbidden => "the API key has no access to this".to_owned(),
            ProblemKind::NotFound => "the server does not have it".to_owned(),
            ProblemKind::Config => format!("the server redirects elsewhere ({status}), which is not followed; hint: check the address"),
            _ => format!("the server answered {status}"),
        };
        Self::new(kind, with(text, &said))
    }
}

fn kind(status: u16, said: &Fail) -> ProblemKind {
    match status {
        300..=399 => ProblemKind::Config,
        401 => ProblemKind::Unauthorized,
        403 => ProblemKind::Forbidden,
        404 => ProblemKind::NotFound,
        400..=499 if said.is(fail::NOT_FOUND) => ProblemKind::NotFound,
        408 | 425 | 429 => ProblemKind::Server,
        400..=499 => ProblemKind::Refused,
        _ => ProblemKind::Server,
    }
}

/// Adds the server's own words.
pub(super) fn with(text: String, said: &Fail) -> String {
    match said.line() {
        Some(line) => format!("{text}: {line}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Problem, ProblemKind};

    #[test]
    fn every_status_has_its_class() {
        let not_found = br#"{"error":{"type":"ERROR_RECORD_NOT_FOUND","message":"No\nsuch \u001b[1mcase"}}"#;
        let table: [(u16, &[u8], ProblemKind); 12] = [
            (401, b"", ProblemKind::Unauthorized),
            (403, b"<html>", ProblemKind::Forbidden),
            (404, b"", ProblemKind::NotFound),
            (400, not_found, ProblemKind::NotFound),
            (400, b"", ProblemKind::Refused),
            (422, b"{}", ProblemKind::Refused),
            (429, b"", ProblemKind::Server),
            (408, b"", ProblemKind::Server),
            (500, b"", ProblemKind::Server),
            (503, not_found, ProblemKind::Server),
            (302, b"", ProblemKind::Config),
            (600, b"", ProblemKind::Server),
        ];
        for (status, body, kind) in table {
            assert_eq!(Problem::of_answer(status, body).kind, kind, "{status}");
        }
        assert_eq!(Problem::of_answer(400, not_found).text, "the server does not have it: No such \u{fffd}[1mcase");
    }
}
