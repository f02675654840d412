//! A line that breaks in every place: what surely did not leave is not sent, what is half said is unknown,
//! and there is one request on the wire for each attempt.

use super::{account, api, base, class, hasty, reply, vendor};
use caseload::api::{Account, Api, CasesAsk, ProblemKind};
use caseload::model::{CaseId, Channel, Outcome};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the other end does with a connection.
#[derive(Clone)]
enum Does {
    /// Ends it before reading.
    End,
    /// Reads the request, says this and ends it.
    Say(Vec<u8>),
    /// Reads the request, says this and stays.
    Stay(Vec<u8>),
    /// Says a byte now and then.
    Drip(Vec<u8>),
    /// Never stops.
    Flood(Vec<u8>),
}

struct Line {
    listener: TcpListener,
    origin: String,
}

impl Line {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        Self { listener, origin }
    }

    /// Runs the other end beside `client`, and gives what the client says with the number of connections.
    async fn beside<T>(&self, does: Does, client: impl Future<Output = T>) -> (T, u32) {
        let mut connections = 0;
        let mut open = Vec::new();
        tokio::pin!(client);
        loop {
            tokio::select! {
                biased;
                told = &mut client => return (told, connections),
                accepted = self.listener.accept() => {
                    connections += 1;
                    // Kept to the end: dropping it would end the connection.
                    open.push(Box::pin(act(accepted.unwrap().0, does.clone())));
                }
                () = any(&mut open) => {}
            }
        }
    }
}

/// Drives the open connections; one that is through is ended.
async fn any(open: &mut Vec<std::pin::Pin<Box<impl Future<Output = ()>>>>) {
    if open.is_empty() {
        return std::future::pending().await;
    }
    let ((), index, _) = futures::future::select_all(open.iter_mut()).await;
    drop(open.remove(index));
}

async fn act(mut stream: TcpStream, does: Does) {
    if matches!(does, Does::End) {
        return;
    }
    read_request(&mut stream).await;
    match does {
        Does::End => {}
        Does::Say(bytes) => drop(stream.write_all(&bytes).await),
        Does::Stay(bytes) => {
            drop(stream.write_all(&bytes).await);
            std::future::pending::<()>().await;
        }
        Does::Drip(bytes) => {
            for byte in bytes {
                drop(stream.write_all(&[byte]).await);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Does::Flood(bytes) => while stream.write_all(&bytes).await.is_ok() {},
    }
}

async fn read_request(stream: &mut TcpStream) {
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        seen.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&seen).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            if read == 0 {
                return;
            }
            continue;
        };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok()).unwrap_or(0);
        if read == 0 || body.len() >= length {
            return;
        }
    }
}

fn counted(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn uncounted(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}").into_bytes()
}

async fn sent(api: &Api, line: &Line, does: Does) -> (Outcome, u32) {
    let (mutation, base) = (reply(), base(Channel::Chat));
    line.beside(does, api.send(&mutation, &base)).await
}

#[tokio::test]
async fn an_accepted_answer_cut_at_every_byte_is_unknown_and_asked_once() {
    let line = Line::new().await;
    let api = api(&line.origin);
    let body = vendor!("message_added").trim_end();
    for whole in [counted("200 OK", body), uncounted(body)] {
        let (outcome, connections) = sent(&api, &line, Does::Say(whole.clone())).await;
        assert_eq!((class(&outcome), connections), ("accepted", 1));
        for end in 0..whole.len() {
            let (outcome, connections) = sent(&api, &line, Does::Say(whole[..end].to_vec())).await;
            assert_eq!((class(&outcome), connections), ("unknown", 1), "cut at {end}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn a_refusal_cut_in_its_body_is_unknown() {
    let line = Line::new().await;
    let api = api(&line.origin);
    let whole = counted("400 Bad Request", r#"{"error":{"type":"ERROR_INVALID_INPUT","message":"no"}}"#);
    let head = whole.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
    assert_eq!(class(&sent(&api, &line, Does::Say(whole.clone())).await.0), "refused");
    for end in head..whole.len() {
        assert_eq!(class(&sent(&api, &line, Does::Say(whole[..end].to_vec())).await.0), "unknown", "{end}");
    }
}

#[tokio::test]
async fn what_could_not_leave_is_not_sent() {
    let closed = Line::new().await.origin;
    assert_eq!(class(&api(&closed).send(&reply(), &base(Channel::Chat)).await), "not sent");
    let plain = Line::new().await;
    // A machine without certificates has no such client at all.
    if let Ok(api) = Api::new(&Account { time_scale: 0.01, ..account(&plain.origin.replace("http:", "https:")) }) {
        for does in [Does::End, Does::Stay(Vec::new())] {
            let (outcome, _) = sent(&api, &plain, does).await;
            assert_eq!(class(&outcome), "not sent", "{outcome:?}");
        }
    }
    // A label no resolver takes, so that none is asked.
    if let Ok(api) = Api::new(&account(&format!("https://{}.invalid", "x".repeat(70)))) {
        let outcome = api.send(&reply(), &base(Channel::Chat)).await;
        assert_eq!(class(&outcome), "not sent", "{outcome:?}");
    }
}

#[tokio::test]
async fn what_may_have_left_is_unknown_and_is_not_repeated() {
    let line = Line::new().await;
    let api = hasty(&line.origin);
    let good = vendor!("message_added").trim_end();
    let late = format!("HTTP/1.1 100 Continue\r\n\r\n{}", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(3));
    let slow = counted("200 OK", good);
    for does in [
        Does::End,
        Does::Say(Vec::new()),
        Does::Stay(Vec::new()),
        Does::Stay(slow[..60].to_vec()),
        Does::Stay(late.into_bytes()),
        Does::Drip(slow),
        Does::Say(b"\x00\x01garbage\r\n\r\n".to_vec()),
    ] {
        let (outcome, connections) = sent(&api, &line, does).await;
        assert_eq!((class(&outcome), connections), ("unknown", 1), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_server_that_asks_to_wait_is_heard_up_to_a_quarter_of_an_hour() {
    let line = Line::new().await;
    let api = api(&line.origin);
    for (headers, wanted) in [
        ("retry-after: 7\r\n", Some(7)),
        ("retry-after: 1000000000\r\n", Some(900)),
        ("date: Mon, 23 Nov 2026 08:00:00 GMT\r\nretry-after: Mon, 23 Nov 2026 08:00:09 GMT\r\n", Some(9)),
        ("retry-after: soon\r\n", None),
        ("", None),
    ] {
        let answer = format!("HTTP/1.1 429 Too Many Requests\r\n{headers}content-length: 0\r\n\r\n");
        let (outcome, _) = sent(&api, &line, Does::Say(answer.into_bytes())).await;
        assert!(matches!(outcome, Outcome::NotSent { retry_after, .. } if retry_after == wanted), "{headers} {outcome:?}");
    }
}

#[tokio::test]
async fn questions_of_a_broken_line_are_offline() {
    let line = Line::new().await;
    let api = hasty(&line.origin);
    let whole = counted("200 OK", r#"{"data":[]}"#);
    for does in [Does::End, Does::Stay(Vec::new()), Does::Say(whole[..whole.len() - 2].to_vec())] {
        let ask = CasesAsk::default();
        let (page, _) = line.beside(does, api.cases(&ask)).await;
        assert_eq!(page.map_err(|problem| problem.kind), Err(ProblemKind::Offline));
    }
}

#[tokio::test]
async fn what_is_too_large_is_cut_before_it_fills_the_memory() {
    let bomb: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendor/bomb.json.gz"));
    let line = Line::new().await;
    let api = api(&line.origin);
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", bomb.len()).into_bytes();
    answer.extend_from_slice(bomb);
    let (case, _) = line.beside(Does::Say(answer.clone()), api.case(CaseId(1))).await;
    assert_eq!(case.map_err(|problem| problem.kind), Err(ProblemKind::TooLarge));
    assert_eq!(class(&sent(&api, &line, Does::Say(answer)).await.0), "unknown");
    let mut flood = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    flood.resize(1 << 20, b' ');
    let ask = CasesAsk::default();
    let (page, _) = line.beside(Does::Flood(flood), api.cases(&ask)).await;
    assert_eq!(page.map_err(|problem| problem.kind), Err(ProblemKind::TooLarge));
}
