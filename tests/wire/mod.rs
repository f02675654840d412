//! The network client against recorded answers in the vendor's shapes and against a line that breaks.
//! Nothing here needs the internet; every server is this process.

#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod faults;
mod files;
mod questions;
mod quirks;
mod secrets;
mod sends;

use crate::contract::account::class;
use caseload::api::{Account, Api, Base};
use caseload::model::{
    Actor, Case, CaseId, Change, Channel, Contact, ContactId, Mail, MailAddress, Message, MessageId, Mutation, Object, OpId, SenderType, ThreadId, UserId, date,
};
use serde_json::json;

/// A recorded answer.
macro_rules! vendor {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendor/", $name, ".json"))
    };
}
pub(crate) use vendor;

/// Looked for in everything that is printed.
const CANARY: &str = "canary-key:0123.45_67-89";
const OP: &str = "0193526e-0000-7000-8000-000000000001";

fn account(origin: &str) -> Account {
    Account { origin: origin.to_owned(), key: CANARY.to_owned().into(), time_scale: 1.0 }
}

fn api(origin: &str) -> Api {
    Api::new(&account(origin)).unwrap()
}

/// Time-outs of 30 ms and more.
fn hasty(origin: &str) -> Api {
    Api::new(&Account { time_scale: 0.01, ..account(origin) }).unwrap()
}

fn op() -> OpId {
    OP.parse().unwrap()
}

fn mutation(change: Change) -> Mutation {
    let at = date::parse("2026-11-23T08:00:00Z").unwrap();
    Mutation { op: op(), case: CaseId(4410), thread: ThreadId(4410), at, by: Actor { id: UserId(17), name: "Grace".into() }, change }
}

fn reply() -> Mutation {
    mutation(Change::reply("On its way"))
}

fn base(channel: Channel) -> Base {
    let fields = Object::from_iter([("email".to_owned(), json!("ada@example.net")), ("phone".to_owned(), json!("+4790000000"))]);
    let contact = Contact { id: ContactId(88012), fields, ..Contact::default() };
    Base {
        case: Case { id: CaseId(4410), thread_id: ThreadId(4410), channel, contact: Some(contact), title: "Parcel".into(), ..Case::default() },
        ..Base::default()
    }
}

/// The newest mail of a thread.
fn newest(from: &str, to: &str, sender_type: SenderType) -> Message {
    let address = |email: &str| MailAddress { email: email.into(), ..MailAddress::default() };
    let mail = Mail { from: address(from), to: vec![address(to)], subject: "RE: re: Parcel".into(), ..Mail::default() };
    Message { id: MessageId(501), sender_type, mail: Some(Box::new(mail)), ..Message::default() }
}
