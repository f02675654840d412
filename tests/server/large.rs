//! A large account: what the pages of a sync bring, and how long the seed and they take. Small by default;
//! `CASELOAD_LARGE=100000 cargo test --release --test all server::large -- --nocapture` prints figures that say something.

use super::house::{House, at, ok, staff};
use caseload::model::{
    Case, CaseId, CaseUser, Contact, ContactId, Feedback, Message, MessageId, SenderType, Status, ThreadId, TimelineEntry, Timestamp, UserId,
};
use caseload::server::{Db, Seeded};
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use tokio::time::Instant;

/// How many cases, in thousands at least.
fn size() -> i64 {
    let cases: i64 = std::env::var("CASELOAD_LARGE").ok().and_then(|cases| cases.parse().ok()).unwrap_or(1_000);
    (cases / 1_000).max(1) * 1_000
}

/// 5.3 messages a case.
fn messages(case: i64, start: Timestamp) -> Vec<Message> {
    let (first, last) = ((case - 1) * 53 / 10 + 1, case * 53 / 10);
    let sender = |id: i64| if id % 2 == 0 { (SenderType::User, Some(17)) } else { (SenderType::Contact, None) };
    let text = "It has not come yet, and the page says it was delivered on Monday. What now?";
    let message = |id: i64| {
        let (sender_type, sender_id) = sender(id);
        Message {
            id: MessageId(id),
            sender_type,
            sender_id,
            message: text.into(),
            date_created: Some(start + TimeDelta::minutes(id - first)),
            ..Message::default()
        }
    };
    (first..=last).map(message).collect()
}

fn conversation(id: i64) -> Seeded {
    let start = at("2026-01-01 00:00:00") + TimeDelta::minutes(id * 4);
    let fields = json!({"name": format!("Customer {id}"), "email": format!("c{id}@home.example"), "phone": format!("+49{id}"), "city": "Ulm", "country": {"name": "Germany"}});
    let contact = Contact { id: ContactId(id), fields: fields.as_object().unwrap().clone(), ..Contact::default() };
    let seat = |number: i64, kind: SenderType, user_id: i64| CaseUser { id: id * 2 + number, kind, user_id, status: "joined".into(), ..CaseUser::default() };
    let event = |number: i64, word: &str| TimelineEntry {
        id: id * 3 + number,
        event: Some(word.into()),
        date_created: Some(start),
        user_id: Some(UserId(17)),
        ..TimelineEntry::default()
    };
    let case = Case {
        id: CaseId(id),
        thread_id: ThreadId(id),
        title: "Where is my parcel?".into(),
        status: if id % 20 == 0 { Status::Active } else { Status::Closed },
        date_created: Some(start),
        date_updated: Some(start + TimeDelta::hours(1)),
        users: vec![seat(0, SenderType::Contact, id), seat(1, SenderType::User, 17)],
        tags: vec![staff().tags[0].clone()],
        feedbacks: vec![Feedback { id, question: "How was it?".into(), rating: Some(5), ..Feedback::default() }],
        timeline: vec![event(0, "queued"), event(1, "joined"), event(2, "closed")],
        messages: messages(id, start),
        ..Case::default()
    };
    Seeded { contact, cases: vec![case] }
}

#[tokio::test]
async fn a_large_account_is_seeded_and_read_quickly() {
    let home = tempfile::tempdir().unwrap();
    let db = Db::open(&home.path().join("server.db")).unwrap();
    db.staff(&staff()).unwrap();
    let mut seeding = std::time::Duration::ZERO;
    let cases = size();
    for batch in 0..cases / 1_000 {
        let all: Vec<Seeded> = (batch * 1_000 + 1..=(batch + 1) * 1_000).map(conversation).collect();
        let start = Instant::now();
        db.seed(&all).unwrap();
        seeding += start.elapsed();
    }
    eprintln!("seed {seeding:?}");
    let house = House::over(db, None).await;
    let relations = "relations=contact|users|tags|fields|feedbacks";
    let paths = [
        format!("/crm/objects/case?where=id|gt|{}&order=id|asc&limit=200&{relations}", cases / 2),
        format!("/crm/objects/case?where=dateUpdated|gte|2026-01-02T00:00:00Z&order=dateUpdated|asc&limit=200&{relations}"),
        format!("/crm/objects/case?where=status|in|active,pending&limit=200&{relations}"),
        format!("/crm/objects/case?where=status|eq|active&order=dateUpdated|desc&limit=200&{relations}"),
        format!("/crm/objects/case-message?where=id|gt|{}&order=id|asc&limit=200", cases * 4),
        "/crm/objects/case-message?where=caseId|eq|500&limit=200".to_owned(),
        "/crm/objects/case-message?where=dateCreated|gte|2026-01-02T00:00:00Z&order=dateCreated|asc&limit=200".to_owned(),
    ];
    for path in paths {
        let mut times = Vec::new();
        for _ in 0..if cases > 1_000 { 30 } else { 2 } {
            let start = Instant::now();
            let page = ok(house.request(Method::GET, &path)).await;
            times.push(start.elapsed());
            let rows = page["data"].as_array().unwrap().len();
            assert!((1..=200).contains(&rows) && page["count"].as_u64().unwrap() >= rows as u64, "{path}: {rows} rows of {}", page["count"]);
        }
        eprintln!("first {:?} then {:?} {path}", times[0], times.iter().min().unwrap());
    }
    let start = Instant::now();
    ok(house.say(20, &json!({"type": "message", "message": "Hello"}))).await;
    eprintln!("say {:?}", start.elapsed());
}
