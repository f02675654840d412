//! A server on this machine that tells an evil account and refuses whatever it is asked to do, in evil words.

use super::account::Account;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Serves until it is dropped.
pub struct Double {
    pub origin: String,
    pub account: Arc<Account>,
    pub strange: Arc<Strange>,
    _runtime: tokio::runtime::Runtime,
}

/// What it answers besides the account.
#[derive(Debug, Default)]
pub struct Strange {
    /// Words for refusals, one after the other.
    words: Vec<String>,
    next: AtomicUsize,
    /// From now on every answer is this status with evil words.
    pub mood: AtomicUsize,
}

type Shared = State<(Arc<Account>, Arc<Strange>)>;

impl Double {
    pub fn serve(account: Account) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (account, words) = (Arc::new(account), super::corpus::all().into_iter().map(|evil| evil.text).collect());
        let strange = Arc::new(Strange { words, ..Strange::default() });
        let router = Router::new().fallback(answer).with_state((Arc::clone(&account), Arc::clone(&strange)));
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { origin, account, strange, _runtime: runtime }
    }
}

impl Strange {
    fn words(&self) -> &str {
        &self.words[self.next.fetch_add(1, Ordering::SeqCst) % self.words.len()]
    }

    /// Refusals of every kind, by turns: failed, needs the agent, unknown twice.
    fn refuses(&self) -> Response {
        let (words, turn) = (self.words(), self.next.load(Ordering::SeqCst) % 4);
        match turn {
            0 => told(400, &json!({"error": {"type": "ERROR_INVALID_INPUT", "message": words}})),
            1 => told(403, &json!({"error": {"type": "ERROR_UNAUTHORIZED_ACCESS", "message": words}})),
            2 => told(409, &json!({"success": false, "message": words, "code": words})),
            _ => page(500, words),
        }
    }
}

fn told(status: u16, body: &Value) -> Response {
    (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn page(status: u16, words: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), [(header::CONTENT_TYPE, "text/html")], format!("<html><title>{words}</title>{words}</html>")).into_response()
}

async fn answer(State((account, strange)): Shared, method: Method, uri: Uri, _: Bytes) -> Response {
    let asked: Vec<(String, String)> = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let path = uri.path().strip_prefix("/api/v1").unwrap_or_default();
    match (strange.mood.load(Ordering::SeqCst), method, path) {
        (0, Method::GET, "/") => told(200, &hello(&account)),
        (0, Method::GET, path) => read(&account, &strange, path, &asked),
        (0, ..) => strange.refuses(),
        (status @ 500.., ..) => page(u16::try_from(status).unwrap(), strange.words()),
        (status, ..) => told(u16::try_from(status).unwrap(), &json!({"error": {"type": "ERROR_UNAUTHORIZED", "message": strange.words()}})),
    }
}

fn hello(account: &Account) -> Value {
    let me = &account.agents[0];
    json!({"data": {"name": "caseload", "version": me["name"], "extensions": ["where-operators", "order"], "me": me}})
}

fn read(account: &Account, strange: &Strange, path: &str, asked: &[(String, String)]) -> Response {
    let one = |rows: &[Value], id: &str| rows.iter().find(|row| row["id"].as_i64() == id.parse().ok()).cloned();
    match path {
        "/crm/objects/case" => list(account.cases.iter(), asked),
        "/crm/objects/case-message" => list(account.messages.iter(), asked),
        "/account/user" => list(account.agents.iter(), asked),
        "/mail/messages" => {
            let thread = asked.iter().find(|(name, _)| name == "threadId").map(|(_, value)| value.as_str());
            let mails: Vec<&Value> = account.mails.iter().filter(|(of, _)| Some(of.to_string().as_str()) == thread).map(|(_, mail)| mail).collect();
            told(200, &json!({"data": {"previous": null, "next": null, "messages": mails}}))
        }
        _ => match path.strip_prefix("/crm/objects/case/").and_then(|id| one(&account.cases, id)) {
            Some(case) => told(200, &json!({"data": case})),
            None => told(404, &json!({"error": {"type": "ERROR_RECORD_NOT_FOUND", "message": strange.words()}})),
        },
    }
}

/// The rows that fit, as many as fit on a page; nothing changes here, so that nothing is new.
fn list<'a>(rows: impl Iterator<Item = &'a Value>, asked: &[(String, String)]) -> Response {
    let terms: Vec<Vec<&str>> = asked.iter().filter(|(name, _)| name == "where").map(|(_, term)| term.split('|').collect()).collect();
    let fits = |row: &&Value| {
        terms.iter().all(|term| match term[..] {
            ["dateUpdated", ..] => false,
            [column, "eq", value] => row[column].as_i64() == value.parse().ok(),
            [column, "gt", value] => row[column].as_i64() > value.parse().ok(),
            [column, "in", values] => values.split(',').any(|value| row[column].as_i64() == value.parse().ok()),
            _ => true,
        })
    };
    let fitting: Vec<&Value> = rows.filter(fits).take(200).collect();
    told(200, &json!({"data": {"page": 0, "limit": 200, "count": fitting.len(), "data": fitting}}))
}
