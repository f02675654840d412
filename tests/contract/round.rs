//! Every question the client asks, of the server and of each of its doubles.

use super::account::{Stand, doubles};
use caseload::api::{CasesAsk, Extensions, MessagesAsk, ProblemKind, Where};
use caseload::model::{Case, CaseId, Change, ContactId, MessageId, MessageKind, Status, ThreadId, date};
use caseload::server::VendorQuirks;
use futures::StreamExt;
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn every_question_is_answered_by_every_double() {
    for (name, quirks) in doubles() {
        let stand = Stand::open(quirks).await;
        println!("{name}");
        greeting(&stand).await;
        lists(&stand).await;
        pages(&stand).await;
        one_case(&stand).await;
        messages(&stand).await;
        people(&stand).await;
    }
}

/// Each row of a chain, whatever the server understands; of a server that gives only the newest row, that one.
#[tokio::test]
async fn timelines_come_from_every_double() {
    for (name, quirks) in doubles() {
        let stand = Stand::open(quirks).await;
        stand.done(2, Change::Claim).await;
        stand.done(2, Change::Snooze { until: date::parse("2027-01-04T09:00:00Z").unwrap(), message: None }).await;
        let ids = [2, 5, 6, 7, 8].map(CaseId);
        let found = stand.api.timelines(&ids, stand.extensions.where_operators).await.unwrap();
        let events = |case: &Case| case.timeline.iter().filter_map(|entry| entry.event.as_ref()).map(|event| event.raw().to_owned()).collect::<Vec<_>>();
        let whole: &[&str] = if stand.quirks.single_timeline { &["snoozed"] } else { &["joined", "snoozed"] };
        assert_eq!(found.iter().map(|case| case.id).collect::<Vec<_>>(), ids, "{name}");
        assert_eq!(events(&found[0]), whole, "{name}");
        assert!(found[1..].iter().all(|case| events(case) == ["queued"] && case.date_updated.is_some()), "{name}: {found:?}");
    }
}

async fn greeting(stand: &Stand) {
    let VendorQuirks { no_hello, only_eq, no_order, no_idempotency, no_additions, .. } = stand.quirks;
    let wanted = Extensions {
        where_operators: !only_eq,
        order: !no_order,
        idempotency: !no_idempotency,
        events: true,
        translate: Some(false),
        case_update: !no_additions,
    };
    let wanted = if no_hello { Extensions::default() } else { wanted };
    let hello = stand.api.hello().await.unwrap();
    assert_eq!(hello.extensions, wanted);
    assert_eq!(hello.me.map(|me| (me.id.0, me.name.raw().to_owned())), (!no_hello).then(|| (17, "Ana".to_owned())));
}

async fn ids(stand: &Stand, ask: &CasesAsk) -> Result<Vec<i64>, ProblemKind> {
    let page = stand.api.cases(ask).await.map_err(|problem| problem.kind)?;
    assert_eq!(page.dropped, 0);
    Ok(page.items.iter().map(|case| case.id.0).collect())
}

async fn lists(stand: &Stand) {
    let ask = |filter: Vec<Where>| CasesAsk { filter, limit: 3, ..CasesAsk::default() };
    assert_eq!(ids(stand, &ask(vec![Where::new("status", "eq", "closed")])).await, Ok(vec![3, 6, 7]));
    let both = vec![Where::new("status", "eq", "active"), Where::new("channel", "eq", "email")];
    assert_eq!(ids(stand, &ask(both)).await, Ok(vec![4]));
    assert_eq!(ids(stand, &ask(vec![Where::new("parentId", "eq", 6)])).await, Ok(vec![7, 8]));
    assert_eq!(ids(stand, &ask(vec![Where::new("title", "eq", "Case 1 | 2")])).await, Ok(vec![]));
    assert_eq!(ids(stand, &ask(vec![Where::new("secret", "eq", 1)])).await, Err(ProblemKind::Refused));
    let several = ids(stand, &ask(vec![Where::new("id", "in", "2,5")])).await;
    assert_eq!(several, if stand.quirks.only_eq { Err(ProblemKind::Refused) } else { Ok(vec![2, 5]) });
    let newest = ids(stand, &CasesAsk { order: Some(("id", false)), ..ask(Vec::new()) }).await;
    assert_eq!(newest, Ok(if stand.quirks.no_order { vec![1, 2, 3] } else { vec![8, 7, 6] }));
}

async fn pages(stand: &Stand) {
    let mut seen = BTreeSet::new();
    for number in 0..4 {
        let page = stand.api.cases(&CasesAsk { page: number, limit: 200, ..CasesAsk::default() }).await.unwrap();
        assert_eq!((page.count, page.limit), (Some(8), Some(stand.quirks.max_limit.unwrap_or(200))));
        seen.extend(page.items.iter().map(|case| case.id.0));
    }
    let reached = if stand.quirks.ignore_page { stand.quirks.max_limit.map_or(8, i64::from) } else { 8 };
    assert_eq!(seen, (1..=reached).collect());
}

async fn one_case(stand: &Stand) {
    let case = stand.api.case(CaseId(1)).await.unwrap();
    let quirks = &stand.quirks;
    assert_eq!((case.status.clone(), case.thread_id, case.wait_time), (Status::Active, ThreadId(1), Some(12)));
    assert_eq!((case.contact_id(), case.contact_name().raw()), (Some(ContactId(901)), "Max"));
    let contact = case.contact.as_ref().unwrap();
    assert_eq!(["email", "phone"].map(|name| contact.field(name).unwrap().raw().to_owned()), ["max@home.example".to_owned(), "+49901".to_owned()]);
    assert_eq!(case.fields.get("order").is_some(), !quirks.empty_fields);
    assert_eq!((case.tags[0].name.raw(), case.feedbacks[0].rating), ("refund", Some(4)));
    assert_eq!(case.owners().map(|row| row.user_id).collect::<Vec<_>>(), [17]);
    let updated = if quirks.round_times { "2026-11-20T11:00:01Z" } else { "2026-11-20T11:00:01.125Z" };
    assert_eq!(case.date_updated, date::parse(updated));
    assert_eq!(case.last_message.map(|message| message.id.0), (!quirks.no_additions).then_some(4));
    assert_eq!(stand.api.case(CaseId(8)).await.unwrap().parent_id, Some(CaseId(6)));
    let events: Vec<_> = stand.api.case(CaseId(5)).await.unwrap().timeline.into_iter().filter_map(|entry| entry.event).collect();
    assert_eq!(events.iter().map(caseload::model::Untrusted::raw).collect::<Vec<_>>(), ["queued"]);
    assert_eq!(stand.api.case(CaseId(99)).await.map_err(|problem| problem.kind), Err(ProblemKind::NotFound));
}

async fn messages(stand: &Stand) {
    let ask = |page: u32| MessagesAsk { filter: vec![Where::new("caseId", "eq", 1)], page, limit: 3, ..MessagesAsk::default() };
    let first = stand.api.messages(&ask(0)).await.unwrap();
    let rest = stand.api.messages(&ask(1)).await.unwrap();
    assert_eq!(first.count, Some(4));
    assert_eq!(first.items.iter().map(|message| (message.id.0, message.case_id.0)).collect::<Vec<_>>(), [(1, 1), (2, 1), (3, 1)]);
    assert_eq!((first.items[2].kind.clone(), first.items[2].message.raw()), (MessageKind::Event, "Ana has joined"));
    assert_eq!((first.items[1].sender_id, first.items[1].sender.as_ref().unwrap().name.raw()), (Some(17), "Ana"));
    assert_eq!(rest.items.first().map(|message| message.id.0), Some(if stand.quirks.ignore_page { 1 } else { 4 }));
    let call = stand.api.message(MessageId(9)).await.unwrap();
    assert_eq!(call.call().map(|call| call.duration_seconds), (!stand.quirks.drop_meta).then_some(41));
    assert_eq!(stand.api.message(MessageId(99)).await.map_err(|problem| problem.kind), Err(ProblemKind::NotFound));
    let mails = stand.api.mails(ThreadId(4)).await.unwrap();
    assert_eq!(mails.iter().map(|mail| (mail.id.0, mail.mail.as_ref().unwrap().subject.raw())).collect::<Vec<_>>(), [(7, "Late"), (8, "Late")]);
    assert!(stand.api.mails(ThreadId(1)).await.unwrap().is_empty());
}

async fn people(stand: &Stand) {
    let users = stand.api.users().await.unwrap();
    assert_eq!(users.iter().map(|user| (user.id, user.name.raw())).collect::<Vec<_>>(), [(17, "Ana"), (18, "Ben")]);
    assert_eq!(stand.api.follow_up(CaseId(1), Some(ContactId(901))).await, Ok(None));
    assert_eq!(stand.api.follow_up(CaseId(99), None).await, Ok(None));
}

#[tokio::test]
async fn what_happens_is_heard_where_events_are_served() {
    let stand = Stand::open(VendorQuirks::default()).await;
    let mut pings = stand.api.events().await.unwrap();
    stand.done(2, caseload::model::Change::Claim).await;
    let ping = tokio::time::timeout(Duration::from_secs(20), pings.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(ping.case, Some(CaseId(2)));
    let silent = Stand::open(VendorQuirks::plain()).await;
    assert_eq!(silent.api.events().await.map(drop).map_err(|problem| problem.kind), Err(ProblemKind::NotFound));
}
