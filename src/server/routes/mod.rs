//! Every end point, and what a key needs to reach it. Routes read the request, ask or change the database in one go, and
//! shape the answer; they hold no state of their own.

mod account;
mod case;
mod chat;
mod contact;
mod create;
mod follow_up;
mod hello;
mod mail;
mod message;
mod note;
mod say;
mod voip;
mod webhook;

use crate::api::wire::paths;
use crate::server::ask::{Ask, Done, Reply};
use crate::server::db::{Reader, Writer};
use crate::server::keys::Area;
use crate::server::refusal::Refusal;
use crate::server::{App, gate};
use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post};
use serde_json::Value;
use tower_http::catch_panic::CatchPanicLayer;

type Answer = Result<Reply, Refusal>;

/// A key needs one of these areas, or full access.
const CASE_ACCESS: &[Area] = &[Area::Chat];
const TELEPHONE: &[Area] = &[Area::Chat, Area::Voip];
const ACCOUNT: &[Area] = &[Area::Chat, Area::Settings];
const SETTINGS: &[Area] = &[Area::Settings];

pub fn all(app: App) -> Router {
    let guard = |routes: Router<App>, areas: &'static [Area]| routes.route_layer(from_fn_with_state((app.clone(), areas), gate::key));
    let open = Router::new().route(paths::HELLO, get(hello::hello)).route(paths::PREFIX, get(hello::hello));
    Router::new()
        .merge(open)
        .merge(guard(cases(), CASE_ACCESS))
        .merge(guard(contacts(), CASE_ACCESS))
        .merge(guard(telephone(), TELEPHONE))
        .merge(guard(account(), ACCOUNT))
        .merge(guard(webhooks(), SETTINGS))
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "ERROR_RECORD_NOT_FOUND", "there is no such end point"))
        .method_not_allowed_fallback(async || Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "ERROR_INVALID_INPUT", "this end point does not take that method"))
        .layer(from_fn(gate::time))
        .layer(from_fn_with_state(app.clone(), gate::host))
        .layer(CatchPanicLayer::custom(gate::panicked))
        .with_state(app)
}

fn cases() -> Router<App> {
    Router::new()
        .route(paths::EVENTS, get(hello::events))
        .route(paths::CASES, get(case::list))
        .route(&id(paths::CASES), get(case::one).put(case::update))
        .route(paths::CASE_MESSAGES, get(message::list))
        .route(&id(paths::CASE_MESSAGES), get(message::one).delete(message::remove))
        .route(paths::CHAT_CREATE, post(create::create))
        .route(paths::CHAT_CLOSE, post(chat::close))
        .route(paths::CHAT_JOIN, get(chat::join).post(chat::join))
        .route(paths::CHAT_REJECT, post(chat::reject))
        .route(paths::CHAT_MESSAGES, get(chat::thread))
        .route(paths::CHAT_ADD_MESSAGE, post(message::add))
        .route(&id(paths::CHAT_MESSAGE), post(message::update))
        .route(paths::INVITE_AGENT, post(chat::invite))
        .route(paths::MAIL_ADD_MESSAGE, post(mail::add))
        .route(paths::MAIL_MESSAGES, get(mail::list))
        .route(&id(paths::MAIL_ATTACHMENT), get(mail::attachment))
        .route(paths::FOLLOW_UP_CREATE, post(follow_up::create))
        .route(paths::FOLLOW_UP_GET, post(follow_up::read))
        .route(&id(paths::FOLLOW_UP), delete(follow_up::remove))
}

fn contacts() -> Router<App> {
    Router::new()
        .route(paths::CONTACTS, get(contact::list).post(contact::create))
        .route(&id(paths::CONTACTS), get(contact::one).put(contact::update).delete(contact::remove))
        .route(paths::NOTES, get(note::list))
        .route(&id(paths::NOTES), delete(note::remove))
        .route(&id(&under(paths::NOTES, "get")), get(note::one))
        .route(&under(paths::NOTES, "messages"), get(note::messages))
        .route(&under(paths::NOTES, "create"), post(note::create))
        .route(&under(paths::NOTES, "add-message"), post(note::add))
}

fn telephone() -> Router<App> {
    Router::new().route(paths::SEND_SMS, post(voip::send_sms)).route(paths::CALL_RINGING, post(voip::call_ringing)).route(paths::CALL_END, post(voip::call_end))
}

fn account() -> Router<App> {
    Router::new()
        .route(paths::USERS, get(account::users))
        .route(paths::DEPARTMENTS, get(account::departments))
        .route(paths::TAGS, get(account::tags))
        .route(&id(paths::TAGS), get(account::tag))
        .route(paths::FEEDBACK, get(account::questions))
}

fn webhooks() -> Router<App> {
    Router::new()
        .route(paths::WEBHOOKS, get(webhook::list).post(webhook::create))
        .route(&id(paths::WEBHOOKS), get(webhook::one).put(webhook::update).delete(webhook::remove))
}

fn id(path: &str) -> String {
    under(path, "{id}")
}

fn under(path: &str, rest: &str) -> String {
    format!("{path}/{rest}")
}

impl App {
    async fn reading(&self, ask: Ask, work: impl FnOnce(&Reader, &Ask) -> Result<Value, Refusal> + Send + 'static) -> Answer {
        let db = self.replica.as_ref().map_or_else(|| self.db.clone(), |replica| replica.seen(&self.db));
        db.read(move |reader| Ok(Reply { body: ask.render(work(reader, &ask)?), replayed: false })).await
    }

    /// Everything that changes something, whatever its method.
    async fn changing(&self, ask: Ask, work: impl FnOnce(&mut Writer, &Ask) -> Result<Done, Refusal> + Send + 'static) -> Answer {
        if let Some(replica) = &self.replica {
            replica.keep(&self.db)?;
        }
        self.db.write(move |writer| ask.once(writer, work)).await
    }
}
