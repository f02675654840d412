//! What is asked, how it is written, and what becomes of the answers.

use super::{api, vendor};
use caseload::api::{CasesAsk, Extensions, ProblemKind, Where};
use caseload::model::{Case, CaseId, ContactId, ThreadId};
use futures::StreamExt;
use serde_json::json;
use wiremock::matchers::{body_json, header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

async fn says(server: &MockServer, at: &str, status: u16, body: &str) {
    let answer = ResponseTemplate::new(status).set_body_raw(body, "application/json");
    Mock::given(path(format!("/api/v1{at}"))).respond_with(answer).mount(server).await;
}

async fn asked(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

#[tokio::test]
async fn a_page_of_cases_is_asked_with_conditions_order_and_relations() {
    let server = MockServer::start().await;
    says(&server, "/crm/objects/case", 200, vendor!("cases_page")).await;
    let filter = vec![Where::new("status", "in", "pending,active"), Where::new("title", "eq", "a|b")];
    let page = api(&server.uri()).cases(&CasesAsk { filter, order: Some(("dateUpdated", false)), page: 2, limit: 50 }).await.unwrap();
    assert_eq!((page.items.len(), page.count, page.dropped, page.page, page.limit), (4, Some(5), 1, 0, Some(20)));
    let request = &asked(&server).await[0];
    let query: Vec<(String, String)> = request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    let has = |name: &str, value: &str| query.contains(&(name.to_owned(), value.to_owned()));
    assert!(has("where", "status|in|pending,active") && has("where", "title|eq|a\\|b") && has("order", "dateUpdated|desc"));
    assert!(has("page", "2") && has("limit", "50"));
    assert!(["contact", "users", "tags", "feedbacks", "fields"].iter().all(|name| has("relations", name)));
    assert_eq!((request.headers["cache-control"].as_bytes(), request.headers["accept-encoding"].as_bytes()), (&b"no-cache"[..], &b"gzip"[..]));
}

#[tokio::test]
async fn a_case_is_found_below_every_envelope_and_must_be_the_one() {
    let server = MockServer::start().await;
    says(&server, "/crm/objects/case/4410", 200, vendor!("case_nested")).await;
    says(&server, "/crm/objects/case/4411", 200, vendor!("case_nested")).await;
    says(&server, "/crm/objects/case/4412", 400, r#"{"error":{"type":"ERROR_RECORD_NOT_FOUND","message":"none"}}"#).await;
    let api = api(&server.uri());
    assert_eq!(api.case(CaseId(4410)).await.map(|case| case.timeline.len()), Ok(1));
    assert_eq!(api.case(CaseId(4411)).await.map_err(|problem| problem.kind), Err(ProblemKind::Malformed));
    assert_eq!(api.case(CaseId(4412)).await.map_err(|problem| problem.kind), Err(ProblemKind::NotFound));
}

#[tokio::test]
async fn messages_belong_to_the_case_they_name_or_were_asked_by() {
    let server = MockServer::start().await;
    says(&server, "/crm/objects/case-message", 200, vendor!("messages_page")).await;
    let ask = |filter| CasesAsk { filter, limit: 50, ..CasesAsk::default() };
    let api = api(&server.uri());
    let page = api.messages(&ask(vec![Where::new("caseId", "eq", "4410")])).await.unwrap();
    assert_eq!((page.items.len(), page.dropped, page.items[4].case_id), (5, 1, CaseId(4410)));
    let page = api.messages(&ask(vec![Where::new("dateCreated", "gt", "2026")])).await.unwrap();
    assert_eq!((page.items.len(), page.dropped), (4, 2));
}

/// One request for one case, also where the vendor answers with an object in place of a list; one for several, unless only `eq` is known.
#[tokio::test]
async fn timelines_are_asked_for_alone() {
    let server = MockServer::start().await;
    let row = |id: i64| json!({"id": id, "objectType": "case", "event": "queued", "dateCreated": "2026-11-20T10:00:00.000Z"});
    let one = json!({"data": {"id": 1, "threadId": 1, "dateUpdated": "2026-11-20T11:00:00.000Z", "timeline": row(900)}});
    let two = json!({"data": {"id": 2, "threadId": 1, "timeline": [row(901), row(902)]}});
    let both = json!({"data": {"page": 0, "limit": 200, "count": 2, "data": [one["data"], two["data"]]}});
    says(&server, "/crm/objects/case/1", 200, &one.to_string()).await;
    says(&server, "/crm/objects/case/2", 200, &two.to_string()).await;
    says(&server, "/crm/objects/case", 200, &both.to_string()).await;
    let api = api(&server.uri());
    let rows = |cases: Vec<Case>| cases.iter().map(|case| (case.id.0, case.date_updated.is_some(), case.timeline.len())).collect::<Vec<_>>();
    assert_eq!(api.timelines(&[CaseId(1)], true).await.map(rows), Ok(vec![(1, true, 1)]));
    assert_eq!(asked(&server).await.len(), 1);
    assert_eq!(api.timelines(&[CaseId(1), CaseId(2)], true).await.map(rows), Ok(vec![(1, true, 1), (2, false, 2)]));
    let request = asked(&server).await.pop().unwrap();
    let pairs: Vec<_> = request.url.query_pairs().collect();
    let has = |name: &str, value: &str| pairs.iter().any(|(key, said)| key == name && said == value);
    assert_eq!(asked(&server).await.len(), 2);
    assert!(has("where", "id|in|1,2") && has("relations", "timeline") && has("select", "id") && has("select", "dateUpdated"), "{pairs:?}");
    assert_eq!(api.timelines(&[CaseId(1), CaseId(2)], false).await.map(rows), Ok(vec![(1, true, 1), (2, false, 2)]));
    assert_eq!(asked(&server).await.len(), 4);
}

#[tokio::test]
async fn mails_are_followed_as_far_as_there_is_something_new() {
    let server = MockServer::start().await;
    let second = json!({"data": {"previous": "x", "next": "PjUwMg==", "messages": [{"id": 502, "caseId": 4410, "textBody": "again"}, {"id": 503, "caseId": 4410, "textBody": "new"}]}});
    let first = ResponseTemplate::new(200).set_body_raw(vendor!("mails"), "application/json");
    Mock::given(query_param("threadId", "4400")).and(query_param_is_missing("next")).respond_with(first).mount(&server).await;
    Mock::given(query_param("next", "PjUwMg==")).respond_with(ResponseTemplate::new(200).set_body_json(second)).mount(&server).await;
    let mails = api(&server.uri()).mails(ThreadId(4400)).await.unwrap();
    assert_eq!(mails.iter().map(|mail| (mail.id.0, mail.thread_id.0)).collect::<Vec<_>>(), [(501, 4400), (502, 4400), (503, 4400)]);
    assert_eq!(asked(&server).await.len(), 2);
}

#[tokio::test]
async fn a_cursor_the_server_does_not_know_ends_the_mails_and_trouble_does_not() {
    for (status, wanted) in [(400, Ok(2)), (503, Err(ProblemKind::Server))] {
        let server = MockServer::start().await;
        let first = ResponseTemplate::new(200).set_body_raw(vendor!("mails"), "application/json");
        Mock::given(query_param_is_missing("next")).respond_with(first).mount(&server).await;
        Mock::given(query_param("next", "PjUwMg==")).respond_with(ResponseTemplate::new(status)).mount(&server).await;
        let mails = api(&server.uri()).mails(ThreadId(4400)).await;
        assert_eq!(mails.map(|mails| mails.len()).map_err(|problem| problem.kind), wanted);
    }
}

/// How a vendor answers for a thread that never had a mail is not documented.
#[tokio::test]
async fn a_thread_the_mails_do_not_know_has_none() {
    for (status, body) in [(404, ""), (400, r#"{"error":{"type":"ERROR_RECORD_NOT_FOUND","message":"none"}}"#)] {
        let server = MockServer::start().await;
        says(&server, "/mail/messages", status, body).await;
        assert_eq!(api(&server.uri()).mails(ThreadId(4400)).await, Ok(Vec::new()));
    }
}

#[tokio::test]
async fn follow_ups_and_agents() {
    let server = MockServer::start().await;
    let wanted = json!({"objectType": "case", "objectId": 4410, "contactId": 88012});
    let answer = ResponseTemplate::new(200).set_body_raw(vendor!("follow_up"), "application/json");
    Mock::given(method("POST")).and(path("/api/v1/crm/follow-up/get")).and(body_json(wanted)).respond_with(answer).mount(&server).await;
    says(&server, "/crm/follow-up/get", 404, "").await;
    says(&server, "/account/user", 200, vendor!("users")).await;
    let api = api(&server.uri());
    assert_eq!(api.follow_up(CaseId(4410), Some(ContactId(88012))).await.map(|snooze| snooze.and_then(|snooze| snooze.id)), Ok(Some(31)));
    assert_eq!(api.follow_up(CaseId(4410), None).await, Ok(None));
    assert_eq!(api.users().await.map(|users| users.len()), Ok(3));
}

#[tokio::test]
async fn only_our_own_server_has_extensions() {
    let ours = json!({"data": {"name": "caseload", "version": "0.1.0", "extensions": ["where-operators", "order", "idempotency", "events", "novel"], "user": {"id": 17, "name": "Grace"}}});
    let all = Extensions { where_operators: true, order: true, idempotency: true, events: true, case_update: false, translate: Some(false) };
    let rows = [
        (200, ours.to_string(), Ok(all)),
        (200, json!({"data": {"name": "other", "extensions": ["order"]}}).to_string(), Ok(Extensions::default())),
        (200, "<html></html>".to_owned(), Ok(Extensions::default())),
        (404, String::new(), Ok(Extensions::default())),
        (302, String::new(), Ok(Extensions::default())),
        (401, String::new(), Err(ProblemKind::Unauthorized)),
        (503, String::new(), Err(ProblemKind::Server)),
    ];
    for (status, body, wanted) in rows {
        let server = MockServer::start().await;
        says(&server, "/", status, &body).await;
        let hello = api(&server.uri()).hello().await;
        assert_eq!(hello.as_ref().map(|hello| hello.extensions).map_err(|problem| problem.kind), wanted, "{status}");
        if let Ok(hello) = hello.as_ref().map(|hello| hello.me.as_ref()) {
            assert_eq!(hello.map(|me| me.id.0), (wanted == Ok(all)).then_some(17));
        }
    }
    assert_eq!(api("http://127.0.0.1:9").hello().await.map_err(|problem| problem.kind), Err(ProblemKind::Offline));
}

#[tokio::test]
async fn bad_answers_to_questions_are_problems_and_never_empty_lists() {
    let rows = [
        (200, "<html>", ProblemKind::Malformed),
        (200, "", ProblemKind::Malformed),
        (200, "{\"data\":null}", ProblemKind::Malformed),
        (200, "{\"data\":{\"data\":[", ProblemKind::Malformed),
        (200, "{\"success\":false,\"message\":\"no\"}", ProblemKind::Refused),
        (302, "", ProblemKind::Config),
        (403, "", ProblemKind::Forbidden),
        (429, "", ProblemKind::Server),
        (500, "{}", ProblemKind::Server),
    ];
    for (status, body, kind) in rows {
        let server = MockServer::start().await;
        says(&server, "/crm/objects/case", status, body).await;
        let problem = api(&server.uri()).cases(&CasesAsk::default()).await.unwrap_err();
        assert_eq!(problem.kind, kind, "{status} {body}");
        assert!(!problem.text.is_empty() && !problem.text.contains('\n'));
    }
}

#[tokio::test]
async fn events_are_names_only() {
    let server = MockServer::start().await;
    let body = "event: case:status\ndata: {\"event\":\"case:status\",\"data\":{\"id\":4410}}\n\n: still here\n\nevent: case:message:new\ndata: {\"data\":{\"id\":1,\"caseId\":4411}}\n\n";
    let answer = ResponseTemplate::new(200).set_body_raw(body, "text/event-stream");
    Mock::given(path("/api/v1/events")).and(header("accept", "text/event-stream")).respond_with(answer).mount(&server).await;
    let api = api(&server.uri());
    let pings: Vec<_> = api.events().await.unwrap().map(|ping| ping.unwrap()).collect().await;
    assert_eq!(
        pings.iter().map(|ping| (ping.event.as_str(), ping.case)).collect::<Vec<_>>(),
        [("case:status", Some(CaseId(4410))), ("case:message:new", Some(CaseId(4411)))]
    );
    server.reset().await;
    assert_eq!(api.events().await.map(|_| ()).map_err(|problem| problem.kind), Err(ProblemKind::NotFound));
}
