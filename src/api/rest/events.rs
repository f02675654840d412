//! Server-sent events of a server with the extension `events`: names only, so that the caller asks at once for what changed.
//! The stream ends with the connection, on silence, or with a problem; connecting again is the caller's.

use super::super::Api;
use super::super::asks::Ping;
use super::super::problem::{Problem, ProblemKind};
use super::super::wire::{paths, read};
use super::{Answer, SINGLE, words};
use crate::model::CaseId;
use futures::stream::{self, BoxStream, StreamExt};
use reqwest::Response;
use reqwest::header::ACCEPT;
use serde_json::Value;
use std::collections::VecDeque;
use std::time::Duration;

/// A stream is not an answer with an end: this only bounds it.
const LONGEST: u64 = 24 * 3600;
/// Most bytes of one event: names and a case, no transcripts.
const EVENT: usize = 1 << 20;
/// A server that says nothing this long, not even a comment, is not there any more.
const SILENCE: u64 = 90;

/// A running stream.
struct Listening {
    response: Response,
    lines: Lines,
    ready: VecDeque<Ping>,
    silence: Duration,
    over: bool,
}

impl Api {
    /// Listens for what happens at the server.
    pub async fn events(&self) -> Result<BoxStream<'static, Result<Ping, Problem>>, Problem> {
        let request = self.get(paths::EVENTS).header(ACCEPT, "text/event-stream").timeout(self.scaled(LONGEST));
        let silence = self.scaled(SILENCE);
        let sent = tokio::time::timeout(silence, request.send()).await;
        let response = match sent {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(Problem::new(ProblemKind::Offline, words(&error))),
            Err(_) => return Err(Problem::new(ProblemKind::Offline, "no answer in time")),
        };
        if response.status().as_u16() != 200 {
            let answer = Answer::of(response, SINGLE).await;
            return Err(self.scrubbed(Problem::of_answer(answer.status, &answer.body)));
        }
        let listening = Listening { response, lines: Lines::default(), ready: VecDeque::new(), silence, over: false };
        Ok(stream::unfold(listening, Listening::next).boxed())
    }
}

impl Listening {
    async fn next(mut self) -> Option<(Result<Ping, Problem>, Self)> {
        loop {
            if let Some(ping) = self.ready.pop_front() {
                return Some((Ok(ping), self));
            }
            if self.over {
                return None;
            }
            match self.hear().await {
                Ok(true) => {}
                Ok(false) => return None,
                Err(problem) => {
                    self.over = true;
                    return Some((Err(problem), self));
                }
            }
        }
    }

    /// Takes one chunk; false at the end.
    async fn hear(&mut self) -> Result<bool, Problem> {
        let offline = |text: String| Problem::new(ProblemKind::Offline, text);
        let chunk = tokio::time::timeout(self.silence, self.response.chunk()).await.map_err(|_| offline("the server fell silent".to_owned()))?;
        let Some(chunk) = chunk.map_err(|error| offline(words(&error)))? else {
            return Ok(false);
        };
        if self.lines.feed(&chunk, &mut self.ready) { Ok(true) } else { Err(Problem::new(ProblemKind::TooLarge, "an event of the server is too large")) }
    }
}

/// Bytes to events, as they come.
#[derive(Debug, Default)]
struct Lines {
    line: Vec<u8>,
    event: String,
    data: String,
    /// The last byte was a carriage return: a line feed after it ends no other line.
    returned: bool,
}

impl Lines {
    /// False when an event grows beyond every measure.
    fn feed(&mut self, chunk: &[u8], ready: &mut VecDeque<Ping>) -> bool {
        for &byte in chunk {
            let after_return = std::mem::replace(&mut self.returned, byte == b'\r');
            match byte {
                b'\n' if after_return => {}
                b'\n' | b'\r' => self.end_line(ready),
                _ => self.line.push(byte),
            }
            if self.line.len() + self.data.len() > EVENT {
                return false;
            }
        }
        true
    }

    fn end_line(&mut self, ready: &mut VecDeque<Ping>) {
        let line = String::from_utf8_lossy(&std::mem::take(&mut self.line)).into_owned();
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            _ if line.is_empty() => ready.extend(self.end_event()),
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            _ => {}
        }
    }

    fn end_event(&mut self) -> Option<Ping> {
        let (event, data) = (std::mem::take(&mut self.event), std::mem::take(&mut self.data));
        let body = read::json(data.as_bytes());
        let named = body.as_ref().and_then(|body| body.get("event")).and_then(Value::as_str).map(str::to_owned);
        let event = Some(event).filter(|event| !event.is_empty()).or(named)?;
        let case = body.as_ref().and_then(|body| case(&event, body));
        Some(Ping { event, case })
    }
}

/// The case an event tells of: `caseId` or `case` beside or below `data`; the bare `id` only where the event is the case's own.
fn case(event: &str, body: &Value) -> Option<CaseId> {
    let data = body.get("data").unwrap_or(body);
    let of_data = |name: &str| data.get(name).and_then(read::id);
    let own = || if event.starts_with("case:") && event != "case:message:new" { of_data("id") } else { None };
    of_data("caseId").or_else(|| of_data("case")).or_else(|| body.get("caseId").and_then(read::id)).or_else(own).map(CaseId)
}

#[cfg(test)]
mod tests {
    use super::{Lines, Ping};
    use crate::model::CaseId;
    use std::collections::VecDeque;

    const STREAM: &[u8] = b": hello\r\n\r\nevent: case:status\r\ndata: {\"event\":\"case:status\",\"data\":{\"id\":\"7\",\"status\":\"active\"}}\r\n\r\ndata:{\"event\":\"case:message:new\",\ndata:\"data\":{\"id\":99,\"caseId\":8}}\n\nevent: other\n\nid: 5\n\n";

    #[test]
    fn events_are_found_however_the_bytes_are_cut() {
        let wanted = vec![
            Ping { event: "case:status".into(), case: Some(CaseId(7)) },
            Ping { event: "case:message:new".into(), case: Some(CaseId(8)) },
            Ping { event: "other".into(), case: None },
        ];
        for size in 1..STREAM.len() {
            let (mut lines, mut ready) = (Lines::default(), VecDeque::new());
            assert!(STREAM.chunks(size).all(|chunk| lines.feed(chunk, &mut ready)));
            assert_eq!(Vec::from(ready), wanted, "{size}");
        }
    }

    #[test]
    fn an_event_without_an_end_is_given_up() {
        let (mut lines, mut ready) = (Lines::default(), VecDeque::new());
        assert!(!lines.feed(&vec![b'x'; 2 << 20], &mut ready));
        assert!(ready.is_empty());
    }
}
