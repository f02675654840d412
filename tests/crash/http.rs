//! Just enough HTTP/1.1 to know where a request and an answer end: `Content-Length`, chunks, or the end of the connection.

use std::io::{Error, ErrorKind, Result};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// A request or an answer: the head without its empty line, and the body as it came, chunks and all.
#[derive(Debug, Clone, Default)]
pub struct Message {
    pub head: String,
    pub body: Vec<u8>,
}

impl Message {
    /// The next one of a connection; `None` when it ended before one began. `rest` is what was read too far.
    pub async fn read(stream: &mut TcpStream, rest: &mut Vec<u8>) -> Result<Option<Self>> {
        let end = loop {
            if let Some(end) = position(rest, b"\r\n\r\n") {
                break end;
            }
            if !more(stream, rest).await? {
                return if rest.is_empty() { Ok(None) } else { Err(ErrorKind::UnexpectedEof.into()) };
            }
        };
        let head = String::from_utf8(rest[..end].to_vec()).map_err(|_| Error::from(ErrorKind::InvalidData))?;
        rest.drain(..end + 4);
        let mut message = Self { head, body: Vec::new() };
        let whole = loop {
            match message.end_of_body(rest) {
                Some(whole) if whole <= rest.len() => break whole,
                _ if more(stream, rest).await? => {}
                None => break rest.len(),
                Some(_) => return Err(ErrorKind::UnexpectedEof.into()),
            }
        };
        message.body = rest.drain(..whole).collect();
        Ok(Some(message))
    }

    /// How long the body is; `None` when only the end of the connection says so.
    fn end_of_body(&self, so_far: &[u8]) -> Option<usize> {
        if let Some(length) = self.header("content-length") {
            return length.parse().ok();
        }
        if self.header("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
            return Some(position(so_far, b"0\r\n\r\n").map_or(usize::MAX, |at| at + 5));
        }
        let bodiless = self.head.starts_with("HTTP/1.1 204") || self.head.starts_with("HTTP/1.1 304") || !self.head.starts_with("HTTP/");
        bodiless.then_some(0)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(':'));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
    }

    pub fn without(mut self, name: &str) -> Self {
        let keep = |line: &&str| line.split_once(':').is_none_or(|(key, _)| !key.eq_ignore_ascii_case(name));
        self.head = self.head.lines().filter(keep).collect::<Vec<_>>().join("\r\n");
        self
    }

    pub fn with(self, name: &str, value: &str) -> Self {
        let rest = self.without(name);
        Self { head: format!("{}\r\n{name}: {value}", rest.head), ..rest }
    }

    /// Another body, and the head that fits it.
    pub fn saying(self, body: Vec<u8>) -> Self {
        let length = body.len().to_string();
        Self { body, ..self.without("transfer-encoding").with("content-length", &length) }
    }

    pub fn bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), b"\r\n\r\n", &self.body].concat()
    }

    /// `POST`, and `/api/v1/…` without its query.
    pub fn target(head: &str) -> Option<(&str, &str)> {
        let mut words = head.split([' ', '?']);
        Some((words.next()?, words.next()?))
    }
}

async fn more(stream: &mut TcpStream, rest: &mut Vec<u8>) -> Result<bool> {
    Ok(stream.read_buf(rest).await? > 0)
}

fn position(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}
