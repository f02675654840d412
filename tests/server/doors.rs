//! The door itself: keys, names, limits, slow clients, events, the vendor's double.

use super::house::{House, conversations, ok, refused, staff};
use caseload::model::{Case, CaseId, Contact, Message, SenderType, Status};
use caseload::server::{Area, Db, Seeded, check_listen};
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

#[tokio::test]
async fn without_a_valid_key_nothing_is_told() {
    let house = House::open().await;
    let cases = |house: &House| house.bare(Method::GET, "/crm/objects/case");
    refused(cases(&house), 401, "ERROR_UNAUTHORIZED").await;
    let (id, secret) = house.key.split_once('.').unwrap();
    let wrong = format!("{id}.{}", secret.chars().rev().collect::<String>());
    for key in ["", "x", &wrong, "ck_unknown.0123456789012345678901234567890123456789012345678901234567890123"] {
        refused(cases(&house).bearer_auth(key), 401, "ERROR_UNAUTHORIZED").await;
    }
    refused(cases(&house).header("authorization", format!("Basic {}", house.key)), 401, "ERROR_UNAUTHORIZED").await;
    ok(cases(&house).bearer_auth(&house.key)).await;
    assert!(house.db.revoke_key(id.trim_start_matches("ck_")).unwrap());
    refused(cases(&house).bearer_auth(&house.key), 401, "ERROR_UNAUTHORIZED").await;
}

#[tokio::test]
async fn a_key_reaches_what_its_areas_allow() {
    let house = House::open().await;
    let routes = [
        ("/crm/objects/case", Area::Chat),
        ("/crm/objects/case/1", Area::Chat),
        ("/crm/objects/case/99", Area::Chat),
        ("/crm/objects/case-message", Area::Chat),
        ("/account/user", Area::Settings),
    ];
    for area in Area::ALL {
        let key = house.key(&[area], 18);
        for (path, needed) in routes {
            let request = house.bare(Method::GET, path).bearer_auth(&key);
            if area == Area::Full || area == Area::Chat || area == needed {
                let status = request.send().await.unwrap().status().as_u16();
                assert!(status == 200 || path.ends_with("99"), "{path} {area:?} {status}");
            } else {
                refused(request, 403, "ERROR_UNAUTHORIZED_ACCESS").await;
            }
        }
    }
    let keys = house.db.keys().unwrap();
    assert_eq!((keys.len(), keys[0].permissions.clone(), keys[0].name.as_str()), (12, vec![Area::Full], "test"));
}

#[tokio::test]
async fn unknown_places_and_methods_and_bodies_are_refused() {
    let house = House::open().await;
    refused(house.request(Method::GET, "/nowhere"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::DELETE, "/crm/objects/case"), 405, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::GET, "/crm/objects/case/one"), 400, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::GET, "/crm/objects/case/99"), 404, "ERROR_RECORD_NOT_FOUND").await;
    let close = |body: &'static str| house.request(Method::POST, "/crm/messenger/chat/close").body(body);
    for body in ["{", "[]", "{}", r#"{"caseId":"x"}"#, r#"{"caseId":{}}"#] {
        refused(close(body), 400, "ERROR_INVALID_INPUT").await;
    }
    refused(close(r#"{"caseId":99}"#), 404, "ERROR_RECORD_NOT_FOUND").await;
    let large = json!({"caseId": 1, "message": {"type": "message", "message": "x".repeat(1 << 20)}});
    refused(house.request(Method::POST, "/crm/messenger/chat/add-message").json(&large), 413, "ERROR_INVALID_INPUT").await;
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_refused() {
    let house = House::open().await;
    let named = |name: &str| house.request(Method::GET, "/crm/objects/case").header("host", name);
    for ours in ["localhost", "LOCALHOST:8080", "127.0.0.1", "[::1]:9"] {
        ok(named(ours)).await;
    }
    for theirs in ["shop.example", "localhost.shop.example", "127.0.0.1.shop.example:80"] {
        refused(named(theirs), 403, "ERROR_UNAUTHORIZED_ACCESS").await;
    }
}

#[test]
fn other_machines_are_let_in_on_purpose_only() {
    assert!(check_listen("127.0.0.1:80".parse().unwrap(), false).is_ok());
    assert!(check_listen("[::1]:80".parse().unwrap(), false).is_ok());
    let refused = check_listen("0.0.0.0:80".parse().unwrap(), false).unwrap_err();
    assert!(refused.to_string().contains("--allow-remote"));
    assert!(check_listen("0.0.0.0:80".parse().unwrap(), true).is_ok());
}

#[tokio::test]
async fn slow_clients_do_not_keep_a_healthy_one_out() {
    let house = House::open().await;
    let address = house.origin.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for _ in 0..600 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: local").await.unwrap();
        slow.push(stream);
    }
    let healthy = tokio::time::timeout(Duration::from_secs(1), ok(house.request(Method::GET, "/crm/objects/case")));
    assert_eq!(healthy.await.unwrap()["count"], 4);
}

#[tokio::test]
async fn a_head_has_its_limit() {
    let house = House::open().await;
    let response = house.request(Method::GET, "/crm/objects/case").header("x-long", "x".repeat(20_000)).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 431);
}

#[tokio::test]
async fn what_happens_is_told_to_those_who_listen() {
    let house = House::open().await;
    let mut events = house.request(Method::GET, "/events").send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    events.chunk().await.unwrap();
    house.post("/crm/messenger/chat/join", json!({"caseId": 2})).await;
    house.post("/crm/messenger/agent/invite-agent", json!({"caseId": 2, "agentIds": [18]})).await;
    house.db.customer_writes(CaseId(2), "Still there?").unwrap().unwrap();
    let mut heard = String::new();
    while !heard.contains("Still there?") {
        let chunk = tokio::time::timeout(Duration::from_secs(5), events.chunk()).await.unwrap().unwrap().unwrap();
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    let names: Vec<&str> = heard.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(names, ["user:case-joined", "case:status", "user:case-invite", "case:status", "case:message:new"]);
    refused(house.bare(Method::GET, "/events"), 401, "ERROR_UNAUTHORIZED").await;
}

#[tokio::test]
async fn what_has_begun_comes_to_its_end_and_listeners_are_let_go() {
    let house = House::open().await;
    let mut events = house.request(Method::GET, "/events").send().await.unwrap();
    events.chunk().await.unwrap();
    drop(house);
    let ended = tokio::time::timeout(Duration::from_secs(5), async { while let Ok(Some(_)) = events.chunk().await {} });
    ended.await.unwrap();
}

#[tokio::test]
async fn customers_write_and_arrive() {
    let house = House::open().await;
    assert_eq!(house.db.customer_writes(CaseId(3), "Again").unwrap(), None, "closed");
    house.db.customer_writes(CaseId(4), "Any news?").unwrap().unwrap();
    let mails = house.get("/mail/messages?threadId=4").await;
    assert_eq!((&mails["messages"][2]["subject"], &mails["messages"][2]["senderType"]), (&json!("Re: Late"), &json!("contact")));
    let contact = Contact { fields: json!({"name": "Neu"}).as_object().unwrap().clone(), ..Contact::default() };
    let message = Message { sender_type: SenderType::Contact, message: "First!".into(), ..Message::default() };
    let chain = vec![Case { status: Status::Closed, ..Case::default() }, Case { messages: vec![message], ..Case::default() }];
    let newest = house.db.arrive(Seeded { contact, cases: chain }).unwrap().unwrap();
    assert_eq!(newest, CaseId(6));
    let case = house.get("/crm/objects/case/6?relations=contact|parent").await;
    assert_eq!((&case["threadId"], &case["parentId"], &case["parent"]["id"]), (&json!(5), &json!(5), &json!(5)));
    assert_eq!(
        (&case["contact"]["id"], &case["lastMessage"]["message"], &case["lastMessage"]["sender"]["name"]),
        (&json!(905), &json!("First!"), &json!("Neu"))
    );
    let open = house.db.open_cases_sample(10).unwrap();
    assert_eq!(open.iter().map(|case| case.id.0).collect::<Vec<_>>(), [1, 2, 4, 6]);
}

#[tokio::test]
async fn what_was_said_is_there_after_a_restart() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("server.db");
    let message = json!({"type": "message", "message": "Once", "meta": {"op_id": "op-1"}});
    let mut first = json!(null);
    for round in 0..2 {
        let db = Db::open(&path).unwrap();
        if round == 0 {
            db.staff(&staff()).unwrap();
            db.seed(&conversations()).unwrap();
        }
        let house = House::over(db, None).await;
        let said = ok(house.say(1, &message)).await;
        assert!(round == 0 || said == first, "the answer of the first time");
        first = said;
        assert_eq!(house.get("/crm/objects/case-message?where=id|gt|0").await["count"], 7);
    }
}
