//! A small account, a server before it, and a client that asks.

use caseload::model::{
    Case, CaseId, CaseUser, Channel, Contact, ContactId, Feedback, Mail, MailAddress, Message, MessageId, MessageKind, Person, SenderType, Status, Tag,
    ThreadId, Timestamp, UserId,
};
use caseload::server::{Area, Db, KeySpec, Seeded, ServeOptions, Staff, VendorQuirks, serve};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::oneshot;

pub struct House {
    pub db: Db,
    pub origin: String,
    pub key: String,
    client: reqwest::Client,
    _shutdown: oneshot::Sender<()>,
}

pub fn at(text: &str) -> Timestamp {
    caseload::model::date::parse(text).unwrap()
}

fn agent(id: i64, name: &str) -> Person {
    Person { id, name: name.into(), email: Some(format!("{name}@shop.example").into()), kind: None }
}

pub fn staff() -> Staff {
    Staff {
        agents: vec![agent(17, "Ana"), agent(18, "Ben")],
        departments: vec![(3, "Billing".into())],
        tags: vec![Tag { id: 5, name: "refund".into(), color: Some("#ff0000".into()), kind: None }, Tag { id: 6, name: "vip".into(), color: None, kind: None }],
        questions: vec![(1, "How was it?".into())],
    }
}

fn said(id: i64, text: &str, sender: SenderType, minute: u32) -> Message {
    let sender_id = if sender == SenderType::User { Some(17) } else { None };
    let date = Some(at(&format!("2026-11-20 10:{minute:02}:00.250")));
    Message { id: MessageId(id), sender_type: sender, sender_id, message: text.into(), channel: Some(Channel::Chat), date_created: date, ..Message::default() }
}

fn seat(kind: SenderType, user_id: i64, status: &str) -> CaseUser {
    let role = (kind == SenderType::Contact).then(|| "owner".to_owned());
    CaseUser { kind, user_id, status: status.into(), role, ..CaseUser::default() }
}

fn case(id: i64, status: Status) -> Case {
    let created = Some(at(&format!("2026-11-20 10:00:{id:02}")));
    Case {
        id: CaseId(id),
        thread_id: ThreadId(id),
        title: format!("Case {id}").into(),
        status,
        date_queue: created,
        date_created: created,
        date_updated: Some(at(&format!("2026-11-20 11:00:{id:02}.125"))),
        ..Case::default()
    }
}

fn mail(id: i64) -> Message {
    let customer = MailAddress { name: "Max".into(), email: "max@home.example".into(), ..MailAddress::default() };
    let inbox = MailAddress { email: "help@shop.example".into(), ..MailAddress::default() };
    let mail = Mail {
        from: customer,
        to: vec![inbox],
        subject: "Late".into(),
        text_body: Some("Where is it?".into()),
        message_id: Some(format!("<{id}@home>")),
        inbox_id: Some(2),
        ..Mail::default()
    };
    Message { mail: Some(Box::new(mail)), channel: Some(Channel::Email), ..said(id, "Where is it?", SenderType::Contact, 7) }
}

/// Cases 1 (active, Ana's), 2 (pending), 3 (closed), 4 (active, mails) of contacts 901 to 904. Messages 1 to 6, 7 and 8 are mails.
pub fn conversations() -> Vec<Seeded> {
    let contact = |id: i64, name: &str| {
        let fields = json!({"name": name, "email": format!("{}@home.example", name.to_lowercase()), "phone": format!("+49{id}")});
        let extra = json!({"clientType": "web", "clientName": "Chrome"});
        Contact { id: ContactId(id), fields: fields.as_object().unwrap().clone(), extra: extra.as_object().unwrap().clone() }
    };
    let mut first = case(1, Status::Active);
    first.users = vec![seat(SenderType::Contact, 0, "active"), seat(SenderType::User, 17, "joined")];
    first.tags = vec![staff().tags[0].clone()];
    first.fields.insert("order".into(), json!("A-1"));
    first.feedbacks = vec![Feedback {
        id: 1,
        question_id: Some(1),
        question: "How was it?".into(),
        rating: Some(4),
        date_created: Some(at("2026-11-20 10:20:00")),
        ..Feedback::default()
    }];
    first.messages = vec![
        said(1, "Hello", SenderType::Contact, 1),
        said(2, "Hi, how can I help?", SenderType::User, 2),
        Message { kind: MessageKind::Event, ..said(3, "Ana has joined|translate", SenderType::User, 3) },
        said(4, "100% of it | broke_n", SenderType::Contact, 4),
    ];
    first.date_active = first.date_queue;
    first.wait_time = Some(12);
    let mut second = case(2, Status::Pending);
    second.messages = vec![said(5, "Anybody?", SenderType::Contact, 5)];
    let mut third = case(3, Status::Closed);
    third.messages = vec![said(6, "Thanks", SenderType::Contact, 6)];
    third.date_closed = Some(at("2026-11-20 10:30:00"));
    third.closing_state = Some("handled".into());
    third.closed_by = Some(UserId(17));
    let mut fourth = case(4, Status::Active);
    fourth.channel = Channel::Email;
    fourth.messages = vec![mail(7), mail(8)];
    let all = [("Max", first), ("Eva", second), ("Tom", third), ("Mia", fourth)];
    (901..).zip(all).map(|(id, (name, case))| Seeded { contact: contact(id, name), cases: vec![case] }).collect()
}

impl House {
    pub async fn open() -> Self {
        Self::with(None).await
    }

    pub async fn with(vendor: Option<VendorQuirks>) -> Self {
        let db = Db::memory().unwrap();
        db.staff(&staff()).unwrap();
        db.seed(&conversations()).unwrap();
        Self::over(db, vendor).await
    }

    pub async fn over(db: Db, vendor: Option<VendorQuirks>) -> Self {
        let (_, key) = db.create_key(&KeySpec { name: "test".into(), user: UserId(17), permissions: vec![Area::Full] }).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (shutdown, stopped) = oneshot::channel::<()>();
        let served = serve(listener, db.clone(), ServeOptions { vendor, ..ServeOptions::default() }, async {
            let _dropped = stopped.await;
        });
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(served);
        tasks.detach_all();
        // Another test may have been first.
        let _installed = rustls::crypto::ring::default_provider().install_default();
        Self { db, origin, key, client: reqwest::Client::builder().no_proxy().build().unwrap(), _shutdown: shutdown }
    }

    pub fn key(&self, areas: &[Area], user: i64) -> String {
        self.db.create_key(&KeySpec { name: "other".into(), user: UserId(user), permissions: areas.to_vec() }).unwrap().1
    }

    /// A request without a key.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.origin))
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(&self.key)
    }

    pub async fn get(&self, path: &str) -> Value {
        ok(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        ok(self.request(Method::POST, path).json(&body)).await
    }

    /// Adds a chat message to a case.
    pub fn say(&self, case: i64, message: &Value) -> RequestBuilder {
        self.request(Method::POST, "/crm/messenger/chat/add-message").json(&json!({"caseId": case, "message": message}))
    }
}

/// The `data` of an answer that has to be 200.
pub async fn ok(request: RequestBuilder) -> Value {
    let (status, body) = answer(request).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    assert_eq!(body.as_object().unwrap().len(), 1, "one root key");
    body["data"].clone()
}

/// Asserts the status and type of an error and gives its message.
pub async fn refused(request: RequestBuilder, status: u16, kind: &str) -> String {
    let (got, body) = answer(request).await;
    assert_eq!((got.as_u16(), body["error"]["type"].as_str().unwrap_or_default()), (status, kind), "{body}");
    body["error"]["message"].as_str().unwrap().to_owned()
}

pub async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}
