//! Contacts, notes, telephone, webhooks; and which key reaches which end point.

use super::house::{House, answer, ok, refused};
use caseload::server::Area;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn contacts_are_made_changed_listed_and_taken_away() {
    let house = House::open().await;
    let page = house.get("/crm/objects/contact?limit=2").await;
    assert_eq!((&page["count"], &page["data"][1]["fields"]["name"], &page["data"][0]["clientName"]), (&json!(4), &json!("Eva"), &json!("Chrome")));
    assert_eq!(house.get("/crm/objects/contact?where=email|eq|tom@home.example").await["data"][0]["id"], 903);
    let made = house.post("/crm/objects/contact", json!({"fields": {"name": "Ida", "phone": "+491"}})).await;
    assert_eq!((&made["id"], &made["fields"]["name"], made["dateCreated"].is_string()), (&json!(905), &json!("Ida"), true));
    let changed = ok(house.request(Method::PUT, "/crm/objects/contact/905").json(&json!({"fields": {"phone": null, "city": "Ulm"}}))).await;
    assert_eq!(changed["fields"], json!({"name": "Ida", "city": "Ulm"}));
    assert_eq!(ok(house.request(Method::DELETE, "/crm/objects/contact/905")).await, json!({"deleted": 1}));
    refused(house.request(Method::GET, "/crm/objects/contact/905"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::DELETE, "/crm/objects/contact/905"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::DELETE, "/crm/objects/contact/901"), 400, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::POST, "/crm/objects/contact").json(&json!({"fields": 3})), 400, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::PUT, "/crm/objects/contact/99").json(&json!({"fields": {"a": 1}})), 404, "ERROR_RECORD_NOT_FOUND").await;
}

#[tokio::test]
async fn notes_have_rows_and_messages() {
    let house = House::open().await;
    let made = house
        .post("/crm/note/create?contactId=901", json!({"type": "note", "title": "Mood", "description": "calm", "message": "so far", "mentionUsers": ["18"]}))
        .await;
    assert_eq!((&made["contactId"], &made["userId"], &made["lastMessage"]["message"]), (&json!("901"), &json!(17), &json!("so far")));
    let added = house
        .post("/crm/note/add-message", json!({"type": "message", "note_id": made["id"], "contact_id": 901, "message": "no more", "parent_id": null}))
        .await;
    assert_eq!((&added["noteId"], &added["message"], &added["sender"]["name"]), (&made["id"], &json!("no more"), &json!("Ana")));
    let list = house.get("/crm/note?contact_id=901").await;
    assert_eq!(
        (&list["count"], &list["rows"][0]["title"], &list["rows"][0]["contactId"], &list["rows"][0]["lastMessage"]["id"]),
        (&json!(1), &json!("Mood"), &json!(901), &added["id"])
    );
    assert_eq!(house.get(&format!("/crm/note/messages?noteId={}", made["id"])).await["count"], 2);
    assert_eq!(house.get(&format!("/crm/note/get/{}", made["id"])).await["description"], "calm");
    let path = format!("/crm/note/{}", made["id"]);
    assert_eq!(ok(house.request(Method::DELETE, &path)).await["success"], true);
    refused(house.request(Method::DELETE, &path), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::POST, "/crm/note/create?contactId=99").json(&json!({"type": "note"})), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::POST, "/crm/note/create?contactId=901").json(&json!({"type": "poem"})), 400, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::GET, "/crm/note"), 400, "ERROR_INVALID_INPUT").await;
}

#[tokio::test]
async fn an_sms_is_a_message_of_its_case() {
    let house = House::open().await;
    let sms = json!({"From": "+491", "To": "+49901", "contactId": 901, "Body": "On its way", "threadId": 1, "timelineId": 7});
    let sent = house.post("/voip/send-sms?x-user-type=user", sms.clone()).await;
    assert_eq!((&sent["cas"]["id"], &sent["threadId"], &sent["timeline"]["id"]), (&json!(1), &json!(1), &json!(7)));
    assert_eq!(
        (&sent["data"]["msgType"], &sent["data"]["channelType"], &sent["data"]["status"], &sent["data"]["attachments"]),
        (&json!("sms"), &json!("voip"), &json!("sent"), &json!([]))
    );
    let message = house.get(&format!("/crm/objects/case-message/{}", sent["data"]["messageId"])).await;
    assert_eq!((&message["channel"], &message["meta"]["sms"]["to"], &message["message"]), (&json!("voip"), &json!("+49901"), &json!("On its way")));
    for missing in ["From", "To", "contactId", "Body", "threadId", "timelineId"] {
        let mut less = sms.clone();
        less.as_object_mut().unwrap().shift_remove(missing);
        let said = refused(house.request(Method::POST, "/voip/send-sms").json(&less), 400, "ERROR_INVALID_INPUT").await;
        assert!(said.contains(missing), "{missing}: {said}");
    }
}

#[tokio::test]
async fn a_call_is_one_event_from_ringing_to_its_end() {
    let house = House::open().await;
    let call = |from: &str, id: &str, status: Option<&str>| json!({"From": from, "To": "+491", "CallId": id, "Direction": "incoming", "CallStatus": status, "Duration": "42"});
    assert_eq!(house.post("/voip/call-ringing", call("+49902", "c1", None)).await["success"], true);
    assert_eq!(house.post("/voip/call-end", call("+49902", "c1", Some("completed"))).await["success"], true);
    let events = house.get("/crm/objects/case-message?where=contactId|eq|902&where=type|eq|event").await;
    let wanted = json!({"callId": "c1", "direction": "incoming", "status": "completed", "durationSeconds": 42, "recordingUrl": null});
    assert_eq!((&events["count"], &events["data"][0]["meta"]["call"], &events["data"][0]["senderType"]), (&json!(1), &wanted, &json!("contact")));
    let case = house.get(&format!("/crm/objects/case/{}", events["data"][0]["caseId"])).await;
    assert_eq!((&case["channel"], &case["status"], &case["title"]), (&json!("voip"), &json!("pending"), &json!("Call with +49902")));
    house.post("/voip/call-end", call("+49902", "c2", Some("busy"))).await;
    assert_eq!(house.get("/crm/objects/case?where=channel|eq|voip").await["count"], 1, "an open telephone case takes the next call");
    house.post("/voip/call-ringing", call("+4999", "c3", None)).await;
    assert_eq!(house.get("/crm/objects/contact?where=phone|eq|%2B4999").await["count"], 1, "who calls for the first time is known then");
    for (wrong, word) in [(call("+1", "c4", None), "CallStatus"), (call("+1", "c4", Some("melted")), "melted"), (json!({"CallId": "c4"}), "Direction")] {
        let said = refused(house.request(Method::POST, "/voip/call-end").json(&wrong), 400, "ERROR_INVALID_INPUT").await;
        assert!(said.contains(word), "{said}");
    }
}

#[tokio::test]
async fn webhooks_are_registered_and_keep_their_key_to_themselves() {
    let house = House::open().await;
    let body = json!({"name": "mine", "url": "https://shop.example/hook", "events": [{"event": "case:status", "params": {}}], "hmacKey": "secret", "other": 1});
    let made = house.post("/webhook", body).await;
    assert_eq!((&made["name"], &made["hmacKey"], made.get("other")), (&json!("mine"), &Value::Null, None));
    let path = format!("/webhook/{}", made["id"]);
    let changed = ok(house.request(Method::PUT, &path).json(&json!({"status": "off"}))).await;
    assert_eq!((&changed["status"], &changed["url"]), (&json!("off"), &json!("https://shop.example/hook")));
    assert_eq!(house.get("/webhook").await["count"], 1);
    assert_eq!(house.get(&path).await, changed);
    assert_eq!(ok(house.request(Method::DELETE, &path)).await, json!({"deleted": 1}));
    refused(house.request(Method::GET, &path), 404, "ERROR_RECORD_NOT_FOUND").await;
    for wrong in
        [json!({"name": "mine"}), json!({"name": "mine", "url": "file:///etc"}), json!({"name": "mine", "url": "http://a", "events": [{"event": "no"}]})]
    {
        refused(house.request(Method::POST, "/webhook").json(&wrong), 400, "ERROR_INVALID_INPUT").await;
    }
}

const CASE: &[Area] = &[Area::Chat];
const EVERY: [(Method, &str, &[Area]); 38] = [
    (Method::GET, "/events", CASE),
    (Method::GET, "/crm/objects/case", CASE),
    (Method::GET, "/crm/objects/case/1", CASE),
    (Method::PUT, "/crm/objects/case/1", CASE),
    (Method::GET, "/crm/objects/case-message", CASE),
    (Method::GET, "/crm/objects/case-message/1", CASE),
    (Method::DELETE, "/crm/objects/case-message/1", CASE),
    (Method::POST, "/crm/messenger/chat/create", CASE),
    (Method::POST, "/crm/messenger/chat/close", CASE),
    (Method::GET, "/crm/messenger/chat/join", CASE),
    (Method::POST, "/crm/messenger/chat/join", CASE),
    (Method::POST, "/crm/messenger/chat/reject", CASE),
    (Method::GET, "/crm/messenger/chat/messages", CASE),
    (Method::POST, "/crm/messenger/chat/add-message", CASE),
    (Method::POST, "/crm/messenger/chat/message/1", CASE),
    (Method::POST, "/crm/messenger/agent/invite-agent", CASE),
    (Method::POST, "/mail/add-message", CASE),
    (Method::GET, "/mail/messages", CASE),
    (Method::POST, "/voip/send-sms", &[Area::Chat, Area::Voip]),
    (Method::POST, "/voip/call-ringing", &[Area::Chat, Area::Voip]),
    (Method::POST, "/voip/call-end", &[Area::Chat, Area::Voip]),
    (Method::POST, "/crm/follow-up/create", CASE),
    (Method::POST, "/crm/follow-up/get", CASE),
    (Method::DELETE, "/crm/follow-up/1", CASE),
    (Method::GET, "/crm/note", CASE),
    (Method::GET, "/crm/note/get/1", CASE),
    (Method::GET, "/crm/note/messages", CASE),
    (Method::POST, "/crm/note/create", CASE),
    (Method::POST, "/crm/note/add-message", CASE),
    (Method::DELETE, "/crm/note/1", CASE),
    (Method::GET, "/crm/objects/contact", CASE),
    (Method::PUT, "/crm/objects/contact/1", CASE),
    (Method::GET, "/account/user", &[Area::Chat, Area::Settings]),
    (Method::GET, "/account/department", &[Area::Chat, Area::Settings]),
    (Method::GET, "/crm/tag", &[Area::Chat, Area::Settings]),
    (Method::GET, "/crm/feedback", &[Area::Chat, Area::Settings]),
    (Method::GET, "/webhook", &[Area::Settings]),
    (Method::DELETE, "/webhook/1", &[Area::Settings]),
];

#[tokio::test]
async fn every_end_point_asks_for_a_key_with_the_right_area() {
    let house = House::open().await;
    let keys: Vec<(Area, String)> = Area::ALL.into_iter().map(|area| (area, house.key(&[area], 18))).collect();
    for (method, path, areas) in EVERY {
        refused(house.bare(method.clone(), path), 401, "ERROR_UNAUTHORIZED").await;
        for (area, key) in &keys {
            let request = house.bare(method.clone(), path).bearer_auth(key);
            if *area == Area::Full || areas.contains(area) {
                let status = if path == "/events" { request.send().await.unwrap().status() } else { answer(request).await.0 };
                let another = method == Method::DELETE && path.contains("case-message");
                assert!(another || !matches!(status.as_u16(), 401 | 403 | 405 | 500), "{method} {path} {area:?}: {status}");
            } else {
                refused(request, 403, "ERROR_UNAUTHORIZED_ACCESS").await;
            }
        }
    }
}

#[tokio::test]
async fn the_words_of_a_request_are_never_sql() {
    let house = House::open().await;
    let evil = "'; DROP TABLE cases; --";
    ok(house.request(Method::GET, "/crm/objects/case").query(&[("where", format!("title|eq|{evil}"))])).await;
    for query in [[("where", format!("{evil}|eq|1"))], [("order", format!("{evil}|asc"))], [("select", evil.to_owned())], [("relations", evil.to_owned())]] {
        let said = refused(house.request(Method::GET, "/crm/objects/case").query(&query), 400, "ERROR_INVALID_INPUT").await;
        assert!(!said.contains("SELECT") && !said.contains("syntax"), "{said}");
    }
    assert_eq!(house.get("/crm/objects/case").await["count"], 4);
}
