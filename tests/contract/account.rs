//! A small account with every channel and a chain, served twice: as the client meets it, and as it is.

use crate::server::house::{self, House, at};
use caseload::api::{Account, Api, Base, Extensions};
use caseload::model::{
    Actor, Case, CaseId, Change, Channel, Contact, ContactId, Message, MessageId, MessageKind, Mutation, Object, OpId, Outcome, SenderType, Status, ThreadId,
    TimelineEntry, UserId,
};
use caseload::server::{Db, Seeded, VendorQuirks};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU16, Ordering};

/// The server, the client that asks it, and what is really stored.
pub struct Stand {
    pub quirks: VendorQuirks,
    /// Through this door the vendor's double speaks.
    pub house: House,
    /// Through this one the server itself, over the same database.
    pub truth: House,
    pub api: Api,
    pub extensions: Extensions,
    ops: AtomicU16,
}

/// Every quirk alone, the plain vendor, and all at once.
pub fn doubles() -> Vec<(&'static str, VendorQuirks)> {
    let none = VendorQuirks::default;
    let all = VendorQuirks {
        ignore_page: true,
        drop_meta: true,
        round_times: true,
        max_limit: Some(3),
        contact_rows: true,
        empty_fields: true,
        string_ids: true,
        single_timeline: true,
        ..VendorQuirks::plain()
    };
    vec![
        ("none", none()),
        ("no_hello", VendorQuirks { no_hello: true, ..none() }),
        ("no_idempotency", VendorQuirks { no_idempotency: true, ..none() }),
        ("only_eq", VendorQuirks { only_eq: true, ..none() }),
        ("no_order", VendorQuirks { no_order: true, ..none() }),
        ("no_additions", VendorQuirks { no_additions: true, ..none() }),
        ("ignore_page", VendorQuirks { ignore_page: true, ..none() }),
        ("drop_meta", VendorQuirks { drop_meta: true, ..none() }),
        ("round_times", VendorQuirks { round_times: true, ..none() }),
        ("max_limit", VendorQuirks { max_limit: Some(3), ..none() }),
        ("contact_rows", VendorQuirks { contact_rows: true, ..none() }),
        ("empty_fields", VendorQuirks { empty_fields: true, ..none() }),
        ("string_ids", VendorQuirks { string_ids: true, ..none() }),
        ("single_timeline", VendorQuirks { single_timeline: true, ..none() }),
        ("plain", VendorQuirks::plain()),
        ("all", all),
    ]
}

/// The house's four cases; 5 is a call, 7 and 8 go on with 6. Message 9 is the call, 10 to 12 are the chain's.
fn conversations() -> Vec<Seeded> {
    let mut all = house::conversations();
    let contact = |id: i64, name: &str| {
        let fields = json!({"name": name, "email": format!("{}@home.example", name.to_lowercase()), "phone": format!("+49{id}")});
        Contact { id: ContactId(id), fields: fields.as_object().unwrap().clone(), extra: Object::from_iter([("clientType".to_owned(), json!("web"))]) }
    };
    let case = |id: i64, thread: i64, status: Status| Case {
        id: CaseId(id),
        thread_id: ThreadId(thread),
        parent_id: (id != thread).then_some(CaseId(thread)),
        title: format!("Case {id}").into(),
        date_closed: (status == Status::Closed).then(|| at("2026-11-20 10:40:00")),
        status,
        date_created: Some(at(&format!("2026-11-20 10:00:{id:02}"))),
        date_updated: Some(at(&format!("2026-11-20 11:00:{id:02}.125"))),
        timeline: vec![TimelineEntry { id: 900 + id, event: Some("queued".into()), date_created: Some(at("2026-11-20 10:00:00")), ..TimelineEntry::default() }],
        ..Case::default()
    };
    let said = |id: i64, text: &str| Message {
        id: MessageId(id),
        sender_type: SenderType::Contact,
        message: text.into(),
        date_created: Some(at(&format!("2026-11-20 10:{id}:00"))),
        ..Message::default()
    };
    let call = json!({"callId": "c1", "direction": "incoming", "status": "completed", "durationSeconds": 41, "from": "+49905", "to": "+4930"});
    let mut fifth = Case { channel: Channel::Voip, ..case(5, 5, Status::Active) };
    fifth.messages = vec![Message { kind: MessageKind::Event, meta: Object::from_iter([("call".to_owned(), call)]), ..said(9, "incoming call completed") }];
    let chain = [(6, Status::Closed), (7, Status::Closed), (8, Status::Active)];
    let chain = (10..).zip(chain).map(|(message, (id, status))| Case { messages: vec![said(message, "Once more")], ..case(id, 6, status) }).collect();
    all.push(Seeded { contact: contact(905, "Eli"), cases: vec![fifth] });
    all.push(Seeded { contact: contact(906, "Ada"), cases: chain });
    all
}

impl Stand {
    pub async fn open(quirks: VendorQuirks) -> Self {
        let db = Db::memory().unwrap();
        db.staff(&house::staff()).unwrap();
        db.seed(&conversations()).unwrap();
        let house = House::over(db.clone(), Some(quirks.clone())).await;
        let truth = House::over(db, None).await;
        let api = client(&house.origin, &house.key);
        let extensions = api.hello().await.unwrap().extensions;
        Self { quirks, house, truth, api, extensions, ops: AtomicU16::new(0) }
    }

    /// A change by the key's agent, under a name of its own.
    pub fn mutation(&self, case: i64, change: Change) -> Mutation {
        let op = OpId::new(at("2026-11-23 08:00:00"), 7, self.ops.fetch_add(1, Ordering::SeqCst));
        let thread = if case > 6 { 6 } else { case };
        let by = Actor { id: UserId(17), name: "Ana".into() };
        Mutation { op, case: CaseId(case), thread: ThreadId(thread), at: at("2026-11-23 08:00:00"), by, change }
    }

    /// What the runtime would know before it sends: the case as the server shows it, and what a reply answers.
    pub async fn base(&self, case: i64) -> Base {
        let case = self.api.case(CaseId(case)).await.unwrap();
        let mail = match case.channel {
            Channel::Email => self.api.mails(case.thread_id).await.unwrap().pop(),
            Channel::Voip => Some(self.api.message(MessageId(9)).await.unwrap()),
            _ => None,
        };
        Base { case, mail, extensions: self.extensions, allowed: false }
    }

    pub async fn send(&self, case: i64, change: Change) -> Outcome {
        let base = self.base(case).await;
        self.api.send(&self.mutation(case, change), &base).await
    }

    /// Sends what must be accepted; gives the server's number for it.
    pub async fn done(&self, case: i64, change: Change) -> Option<i64> {
        let outcome = self.send(case, change).await;
        let Outcome::Accepted { server_id, .. } = outcome else { panic!("{:?}: {outcome:?}", self.quirks) };
        server_id
    }

    /// The case as it is stored.
    pub async fn stored(&self, case: i64) -> Value {
        self.truth.get(&format!("/crm/objects/case/{case}?relations=contact|users|tags|fields|timeline|messages")).await
    }

    /// Its messages as they are stored, mails included.
    pub async fn said(&self, case: i64) -> Vec<Value> {
        let chat = self.truth.get(&format!("/crm/objects/case-message?where=caseId|eq|{case}&limit=200")).await;
        let mails = self.truth.get(&format!("/mail/messages?threadId={case}")).await;
        let rows = |list: &Value| list.as_array().cloned().unwrap_or_default();
        [rows(&chat["data"]), rows(&mails["messages"])].concat()
    }

    /// How often it was said.
    pub async fn times(&self, case: i64, text: &str) -> usize {
        let is = |message: &&Value| message["message"] == text || message["textBody"] == text;
        self.said(case).await.iter().filter(is).count()
    }
}

pub fn client(origin: &str, key: &str) -> Api {
    Api::new(&Account { origin: origin.to_owned(), key: key.to_owned().into(), time_scale: 1.0 }).unwrap()
}

pub fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::NotSent { .. } => "not sent",
        Outcome::Unauthorized { .. } => "unauthorized",
        Outcome::Refused { .. } => "refused",
        Outcome::RefusedState { .. } => "refused state",
        Outcome::Unknown { .. } => "unknown",
    }
}
