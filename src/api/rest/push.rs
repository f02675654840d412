//! One attempt at one mutation. What must be known first is asked with the read client; then exactly one request leaves on a
//! connection of its own, and [`classify`] says what came of it.

use super::super::Api;
use super::super::asks::Base;
use super::super::classify::{Heard, classify};
use super::super::problem::{Problem, ProblemKind};
use super::super::wire::{paths, write};
use super::{Answer, End, SINGLE, letter, words};
use crate::fault;
use crate::model::{Case, CaseId, Change, Channel, ContactId, FieldsOf, Head, Lang, MessageId, MessageKind, Mutation, Outcome};
use reqwest::Method;
use serde_json::Value;

/// One request that changes something.
struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Call {
    fn post(path: impl Into<String>, body: Value) -> Self {
        Self { method: Method::POST, path: path.into(), query: Vec::new(), body: Some(body) }
    }

    fn delete(path: String) -> Self {
        Self { method: Method::DELETE, path, query: Vec::new(), body: None }
    }

    fn put(path: String, body: Value) -> Self {
        Self { method: Method::PUT, path, query: Vec::new(), body: Some(body) }
    }

    fn query(mut self, query: Vec<(&'static str, String)>) -> Self {
        self.query = query;
        self
    }
}

impl Api {
    /// Sends the mutation, at most once. The caller has made it durable before, and reads the case again after `close`.
    pub async fn send(&self, mutation: &Mutation, base: &Base) -> Outcome {
        let outcome = match self.call(mutation, base).await {
            Ok(call) => classify(mutation, &base.case, &self.attempt(call, mutation, base).await),
            Err(outcome) => outcome,
        };
        self.scrubbed_outcome(outcome)
    }

    async fn attempt(&self, call: Call, mutation: &Mutation, base: &Base) -> Heard {
        let mut request = self.writer.request(call.method, self.origin.at(&call.path)).query(&call.query);
        if base.extensions.idempotency {
            request = request.header("idempotency-key", mutation.op.to_string());
        }
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        fault::point("request: before its first byte");
        let answered = request.send().await;
        fault::point("request: answered or lost");
        match answered {
            Ok(response) => heard(Answer::of(response, SINGLE).await),
            Err(error) if error.is_builder() || error.is_connect() => Heard::NeverLeft { why: words(&error) },
            Err(error) => Heard::Silence { why: words(&error) },
        }
    }

    /// The request of a mutation, or why there is none.
    async fn call(&self, mutation: &Mutation, base: &Base) -> Result<Call, Outcome> {
        let (case, op) = (mutation.case, mutation.op);
        Ok(match &mutation.change {
            Change::Reply { text, head, translate } => self.reply(mutation, base, text, head.as_deref(), translate.as_ref()).await?,
            Change::Note { text } => add(mutation, &base.case, &MessageKind::Note, text, None),
            Change::Close { state } => Call::post(paths::CHAT_CLOSE, write::close(case, state, op)),
            Change::Reopen => {
                let contact = contact(&base.case)?;
                Call::post(paths::CHAT_CREATE, write::reopen(mutation.thread, op)).query(vec![("contactId", contact.to_string())])
            }
            Change::Claim => Call::post(paths::CHAT_JOIN, write::join(case)),
            Change::Assign { users, departments } => Call::post(paths::INVITE_AGENT, write::invite(case, users, departments)),
            Change::Snooze { until, message } => {
                Call::post(paths::FOLLOW_UP_CREATE, write::follow_up(case, base.case.contact_id(), *until, message.as_deref(), mutation.by.id))
            }
            Change::Unsnooze => Call::delete(format!("{}/{}", paths::FOLLOW_UP, self.follow_up_id(mutation, base).await?)),
            Change::Edit { message, text } => {
                let kind = self.kind_of(*message, base).await?;
                Call::post(format!("{}/{message}", paths::CHAT_MESSAGE), write::edit(&kind, text))
            }
            Change::Delete { message } => Call::delete(format!("{}/{message}", paths::CASE_MESSAGES)),
            Change::Tag { add, remove } => Call::put(updates(case, base)?, write::tags(add, remove)),
            Change::Fields { of: FieldsOf::Case, set } => Call::put(updates(case, base)?, write::fields(set, !base.allowed)),
            // The vendor's own end point, which merges and compares nothing: what was there was looked at a moment before.
            Change::Fields { of: FieldsOf::Contact, set } => Call::put(format!("{}/{}", paths::CONTACTS, contact(&base.case)?), write::fields(set, false)),
        })
    }

    /// A reply takes the way of its channel.
    async fn reply(&self, mutation: &Mutation, base: &Base, text: &str, head: Option<&Head>, translate: Option<&Lang>) -> Result<Call, Outcome> {
        let refused = |cause| Outcome::Refused { cause };
        // The customer would get a text they can't read: not sent is better.
        if let Some(why) = translate.and_then(|lang| untranslated(base, lang)) {
            return Err(refused(why));
        }
        match base.case.channel {
            Channel::Email => {
                let letter = letter::letter(base, head).map_err(refused)?;
                Ok(Call::post(paths::MAIL_ADD_MESSAGE, write::mail(mutation.case, contact(&base.case)?, &letter, text, mutation.op)))
            }
            Channel::Voip => {
                let (contact, mut numbers) = (contact(&base.case)?, letter::numbers(base).map_err(refused)?);
                numbers.timeline = self.timeline(&base.case).await?;
                let body = write::sms(mutation.case, contact, &numbers, text, mutation.op);
                Ok(Call::post(paths::SEND_SMS, body).query(vec![("x-user-type", "user".to_owned())]))
            }
            Channel::Chat | Channel::Other(_) => Ok(add(mutation, &base.case, &MessageKind::Message, text, translate)),
        }
    }

    /// The timeline entry of a case, which lists do not bring. A server that names none may do without.
    async fn timeline(&self, case: &Case) -> Result<Option<i64>, Outcome> {
        match letter::timeline(case) {
            Some(entry) => Ok(Some(entry)),
            None => self.case(case.id).await.map(|case| letter::timeline(&case)).map_err(before),
        }
    }

    /// The follow-up to delete. When there is none it is gone already.
    async fn follow_up_id(&self, mutation: &Mutation, base: &Base) -> Result<i64, Outcome> {
        if let Some(id) = base.case.follow_up.as_ref().and_then(|snooze| snooze.id) {
            return Ok(id);
        }
        let found = self.follow_up(mutation.case, base.case.contact_id()).await.map_err(before)?;
        found.and_then(|snooze| snooze.id).ok_or(Outcome::Accepted { server_id: None, case: None, message: None })
    }

    /// What kind of message is edited. Never guessed: a note edited as a message could be shown to the customer.
    async fn kind_of(&self, id: MessageId, base: &Base) -> Result<MessageKind, Outcome> {
        let known = base.case.messages.iter().chain(base.case.last_message.as_deref()).find(|message| message.id == id);
        match known {
            Some(message) => Ok(message.kind.clone()),
            None => self.message(id).await.map(|message| message.kind).map_err(before),
        }
    }

    fn scrubbed_outcome(&self, outcome: Outcome) -> Outcome {
        match outcome {
            Outcome::Accepted { .. } => outcome,
            Outcome::NotSent { cause, retry_after } => Outcome::NotSent { cause: self.scrub(cause), retry_after },
            Outcome::Unauthorized { cause } => Outcome::Unauthorized { cause: self.scrub(cause) },
            Outcome::Refused { cause } => Outcome::Refused { cause: self.scrub(cause) },
            Outcome::RefusedState { cause } => Outcome::RefusedState { cause: self.scrub(cause) },
            Outcome::Unknown { cause } => Outcome::Unknown { cause: self.scrub(cause) },
        }
    }
}

fn heard(answer: Answer) -> Heard {
    let whole = matches!(answer.end, End::Whole);
    Heard::Answer { status: answer.status, retry_after: answer.retry_after, whole, body: answer.body }
}

/// Why the server would not put it into that language. One that says nothing of it was named in the config.
fn untranslated(base: &Base, lang: &Lang) -> Option<String> {
    let why = match base.case.channel {
        Channel::Email => "a mail goes out as it is written",
        Channel::Voip => "a text message goes out as it is written",
        _ if base.extensions.translate == Some(false) => "this server does not translate",
        _ => return None,
    };
    Some(format!("not translated to {}: {why}", lang.name()))
}

fn add(mutation: &Mutation, case: &Case, kind: &MessageKind, text: &str, translate: Option<&Lang>) -> Call {
    let mut query = vec![("-x-user-type", "user".to_owned()), ("x-user-type", "user".to_owned())];
    query.extend(case.contact_id().map(|contact| ("contactId", contact.to_string())));
    Call::post(paths::CHAT_ADD_MESSAGE, write::add_message(mutation.case, kind, text, translate, mutation.op)).query(query)
}

fn contact(case: &Case) -> Result<ContactId, Outcome> {
    case.contact_id().ok_or_else(|| Outcome::Refused { cause: "the case names no contact to send it to".to_owned() })
}

/// Where a case is changed directly, if the server has such a place.
fn updates(case: CaseId, base: &Base) -> Result<String, Outcome> {
    let refused = || Outcome::Refused { cause: "this server has no way to change tags or fields of a case".to_owned() };
    if base.extensions.case_update { Ok(format!("{}/{case}", paths::CASES)) } else { Err(refused()) }
}

/// A question before the send failed: nothing was sent.
fn before(problem: Problem) -> Outcome {
    let cause = problem.text;
    match problem.kind {
        ProblemKind::Unauthorized => Outcome::Unauthorized { cause },
        ProblemKind::Forbidden | ProblemKind::NotFound => Outcome::RefusedState { cause },
        ProblemKind::Refused => Outcome::Refused { cause },
        _ => Outcome::NotSent { cause, retry_after: None },
    }
}
