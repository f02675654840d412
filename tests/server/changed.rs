//! Changing: what each end point does to a case, said once or twice, and what it refuses.

use super::house::{House, answer, ok, refused};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_message_is_kept_and_moves_its_case() {
    let house = House::open().await;
    let answer = ok(house.say(1, &json!({"type": "message", "message": "On its way", "meta": {"mood": "calm"}}))).await;
    assert_eq!((&answer["message"], &answer["type"], &answer["meta"]), (&json!("On its way"), &json!("message"), &json!({"mood": "calm"})));
    assert_eq!(
        (&answer["caseId"], &answer["threadId"], &answer["contactId"], &answer["case"]["contact"]["id"]),
        (&json!(1), &json!(1), &json!(901), &json!(901))
    );
    assert_eq!((&answer["senderType"], &answer["senderId"], &answer["sender"]["name"]), (&json!("user"), &json!(17), &json!("Ana")));
    let case = house.get("/crm/objects/case/1").await;
    assert_eq!((&case["description"], &case["lastMessage"]["id"]), (&json!("On its way"), &answer["id"]));
    assert!(case["dateUpdated"].as_str() > Some("2026-11-20T11:00:01.125Z"));
    let customer = ok(house
        .request(Method::POST, "/crm/messenger/chat/add-message?-x-user-type=contact")
        .json(&json!({"caseId": 1, "message": {"type": "message", "message": "Thanks"}})))
    .await;
    assert_eq!((&customer["senderType"], &customer["senderId"]), (&json!("contact"), &json!(901)));
    let note = ok(house.say(1, &json!({"type": "note", "message": "calm down"}))).await;
    assert_eq!(note["type"], "note");
}

#[tokio::test]
async fn only_active_cases_take_messages() {
    let house = House::open().await;
    for case in [2, 3] {
        let message = refused(house.say(case, &json!({"type": "message", "message": "Hello"})), 400, "ERROR_INVALID_INPUT").await;
        assert!(message.contains("only active cases"), "{message}");
    }
    let customer = house
        .request(Method::POST, "/crm/messenger/chat/add-message?x-user-type=contact")
        .json(&json!({"caseId": 3, "message": {"type": "message", "message": "Thanks"}}));
    refused(customer, 400, "ERROR_INVALID_INPUT").await;
    refused(house.say(99, &json!({"type": "message", "message": "Hello"})), 404, "ERROR_RECORD_NOT_FOUND").await;
    for wrong in [
        json!({"message": "Hello"}),
        json!({"type": "poem", "message": "Hello"}),
        json!({"type": "message"}),
        json!({"type": "message", "message": " "}),
        json!("Hello"),
    ] {
        refused(house.say(1, &wrong), 400, "ERROR_INVALID_INPUT").await;
    }
    let other = house
        .request(Method::POST, "/crm/messenger/chat/add-message?contactId=902")
        .json(&json!({"caseId": 1, "message": {"type": "message", "message": "Hello"}}));
    refused(other, 400, "ERROR_INVALID_INPUT").await;
}

#[tokio::test]
async fn the_same_thing_said_twice_is_there_once() {
    let house = House::open().await;
    let message = json!({"type": "message", "message": "Once", "meta": {"op_id": "0190a6f2-0000-7000-8000-000000000001"}});
    let first = house.say(1, &message).header("Idempotency-Key", "k1").send().await.unwrap();
    assert!(first.headers().get("idempotency-replayed").is_none());
    let first: Value = first.json().await.unwrap();
    let again = house.say(1, &message).header("Idempotency-Key", "k1").send().await.unwrap();
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    assert_eq!(again.json::<Value>().await.unwrap(), first);
    let by_name = house.say(1, &message).send().await.unwrap();
    assert_eq!(by_name.headers()["idempotency-replayed"], "true");
    assert_eq!(by_name.json::<Value>().await.unwrap(), first);
    let other = json!({"type": "message", "message": "Twice", "meta": {"op_id": "0190a6f2-0000-7000-8000-000000000001"}});
    refused(house.say(1, &other), 422, "ERROR_DUPLICATE_RECORD_FOUND").await;
    refused(house.say(1, &other).header("Idempotency-Key", "k1"), 422, "ERROR_DUPLICATE_RECORD_FOUND").await;
    ok(house.request(Method::POST, "/crm/messenger/chat/close").json(&json!({"caseId": 1}))).await;
    assert_eq!(answer(house.say(1, &message)).await.1, first, "also when the case is closed since");
    ok(house.request(Method::DELETE, &format!("/crm/objects/case-message/{}", first["data"]["id"]))).await;
    assert_eq!(answer(house.say(1, &message)).await.1, first, "and when the message is gone");
    let count = house.get("/crm/objects/case-message?where=caseId|eq|1").await["count"].clone();
    assert_eq!(count, 4);
}

#[tokio::test]
async fn twenty_at_once_say_it_once() {
    let house = House::open().await;
    let message = json!({"type": "message", "message": "Once", "meta": {"op_id": "op-1"}});
    let all = futures::future::join_all((0..20).map(|number| {
        let request = house.say(1, &message);
        answer(if number % 2 == 0 { request.header("Idempotency-Key", "k") } else { request })
    }));
    let answers = all.await;
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(house.get("/crm/objects/case-message?where=caseId|eq|1").await["count"], 5);
}

#[tokio::test]
async fn a_case_is_joined_closed_and_reopened_as_another() {
    let house = House::open().await;
    let joined = house.post("/crm/messenger/chat/join", json!({"caseId": 2})).await;
    assert_eq!((&joined["status"], &joined["users"][0]["status"], &joined["users"][0]["user"]["name"]), (&json!("active"), &json!("joined"), &json!("Ana")));
    assert!(joined["waitTime"].is_i64() && joined["dateActive"].is_string() && joined["lastMessage"]["id"] == 5);
    let again = ok(house.request(Method::GET, "/crm/messenger/chat/join").json(&json!({"caseId": 2}))).await;
    assert_eq!((&again["users"], &again["dateActive"]), (&joined["users"], &joined["dateActive"]));
    let closed = house.post("/crm/messenger/chat/close", json!({"caseId": 2, "closingState": "handled"})).await;
    assert_eq!(closed, json!({"0": {"foreverClosed": true, "leftUser": true, "caseId": 2, "contactId": 902}, "userId": 17, "userType": "user"}));
    assert_eq!(house.post("/crm/messenger/chat/close", json!({"caseId": 2})).await, closed);
    let case = house.get("/crm/objects/case/2?relations=timeline").await;
    assert_eq!((&case["status"], &case["closedBy"], case["dateClosed"].is_string()), (&json!("closed"), &json!(17), true));
    let events: Vec<&str> = case["timeline"].as_array().unwrap().iter().filter_map(|row| row["event"].as_str()).collect();
    assert_eq!(events, ["joined", "closed"]);
    refused(house.request(Method::POST, "/crm/messenger/chat/join").json(&json!({"caseId": 2})), 400, "ERROR_INVALID_INPUT").await;
    let reopened = house.post("/crm/messenger/chat/create?contactId=902", json!({"threadId": 2, "sessionId": 1})).await;
    assert_eq!((&reopened["id"], &reopened["parentId"], &reopened["threadId"], &reopened["status"]), (&json!(5), &json!(2), &json!(2), &json!("active")));
    assert_eq!((&reopened["dateClosed"], &reopened["users"][0]["userId"], &reopened["users"][0]["status"]), (&Value::Null, &json!(17), &json!("joined")));
    let twice = house.post("/crm/messenger/chat/create?contactId=902", json!({"threadId": 2})).await;
    assert_eq!(twice["id"], 5, "a thread is reopened once");
    let thread = house.get("/crm/messenger/chat/messages?threadId=2&contactId=902").await;
    assert_eq!(thread.as_array().unwrap().len(), 2);
    refused(house.request(Method::POST, "/crm/messenger/chat/create?contactId=901").json(&json!({"threadId": 2})), 404, "ERROR_RECORD_NOT_FOUND").await;
}

#[tokio::test]
async fn tags_and_fields_are_told_by_the_timeline_once() {
    let house = House::open().await;
    for _ in 0..2 {
        ok(house.request(Method::PUT, "/crm/objects/case/2").json(&json!({"fields": {"order": "B-2"}, "tags": {"add": ["vip"]}}))).await;
    }
    let case = house.get("/crm/objects/case/2?relations=timeline").await;
    let rows: Vec<_> =
        case["timeline"].as_array().unwrap().iter().map(|row| (row["event"].as_str().unwrap(), row["detail"].as_str().unwrap_or_default())).collect();
    assert_eq!(rows, [("tagged", "+vip"), ("fields", "order")]);
}

#[tokio::test]
async fn a_conversation_is_created() {
    let house = House::open().await;
    let made = house
        .post(
            "/crm/messenger/chat/create?contactId=901",
            json!({"message": {"type": "message", "message": "Hello"}, "agentId": 18, "fields": {"order": "B-2"}}),
        )
        .await;
    assert_eq!(
        (&made["id"], &made["threadId"], &made["parentId"], &made["status"], &made["dateActive"]),
        (&json!(5), &json!(5), &Value::Null, &json!("active"), &Value::Null)
    );
    assert_eq!(
        (&made["title"], &made["lastMessage"]["message"], &made["users"][1]["userId"]),
        (&json!("Max has just started a chat"), &json!("Hello"), &json!(18))
    );
    assert_eq!(house.get("/crm/objects/case/5?relations=fields").await["fields"], json!({"order": "B-2"}));
    assert_eq!(house.post("/crm/messenger/chat/create?contactId=901", json!({})).await["id"], 6);
    refused(house.request(Method::POST, "/crm/messenger/chat/create"), 400, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::POST, "/crm/messenger/chat/create?contactId=1"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::POST, "/crm/messenger/chat/create?contactId=901").json(&json!({"agentId": 99})), 400, "ERROR_INVALID_INPUT").await;
}

#[tokio::test]
async fn agents_are_invited_and_may_reject() {
    let house = House::open().await;
    let sent = house.post("/crm/messenger/agent/invite-agent", json!({"caseId": 2, "agentIds": [17, 18]})).await;
    assert_eq!(sent, json!({"17": {"userId": 17, "online": true, "sent": true}, "18": {"userId": 18, "online": true, "sent": true}}));
    assert_eq!(house.post("/crm/messenger/agent/invite-agent", json!({"caseId": 2, "department": [3]})).await, json!({}));
    for wrong in [json!({"caseId": 2}), json!({"caseId": 2, "agentIds": [99]}), json!({"caseId": 2, "department": [99]}), json!({"agentIds": [17]})] {
        refused(house.request(Method::POST, "/crm/messenger/agent/invite-agent").json(&wrong), 400, "ERROR_INVALID_INPUT").await;
    }
    let case = house.post("/crm/messenger/chat/reject", json!({"caseId": 2})).await;
    assert_eq!((&case["status"], &case["users"][0]["status"], &case["users"][1]["status"]), (&json!("pending"), &json!("rejected"), &json!("assigned")));
    refused(house.request(Method::POST, "/crm/messenger/chat/reject").json(&json!({"caseId": 3})), 400, "ERROR_INVALID_INPUT").await;
    house.post("/crm/messenger/chat/close", json!({"caseId": 1, "leaveOnly": true})).await;
    assert_eq!(house.get("/crm/objects/case/1").await["status"], "active");
}

#[tokio::test]
async fn messages_are_changed_and_deleted_by_their_author() {
    let house = House::open().await;
    let id = ok(house.say(1, &json!({"type": "message", "message": "Teh"}))).await["id"].clone();
    let path = format!("/crm/messenger/chat/message/{id}");
    let changed = house.post(&path, json!({"message": {"type": "message", "message": "The"}})).await;
    assert_eq!((&changed["message"], changed["dateUpdated"].is_string(), &changed["case"]["description"]), (&json!("The"), true, &json!("The")));
    let other = house.key(&[caseload::server::Area::Chat], 18);
    let body = json!({"message": {"type": "message", "message": "Mine"}});
    refused(house.bare(Method::POST, &path).bearer_auth(&other).json(&body), 403, "ERROR_UNAUTHORIZED_ACCESS").await;
    refused(house.request(Method::POST, "/crm/messenger/chat/message/1").json(&body), 403, "ERROR_UNAUTHORIZED_ACCESS").await;
    refused(house.request(Method::POST, "/crm/messenger/chat/message/99").json(&body), 404, "ERROR_RECORD_NOT_FOUND").await;
    let path = format!("/crm/objects/case-message/{id}");
    refused(house.bare(Method::DELETE, &path).bearer_auth(&other), 403, "ERROR_UNAUTHORIZED_ACCESS").await;
    assert_eq!(ok(house.request(Method::DELETE, &path)).await, json!({"deleted": 1}));
    refused(house.request(Method::DELETE, &path), 404, "ERROR_RECORD_NOT_FOUND").await;
    assert_eq!(house.get("/crm/objects/case/1").await["description"], "100% of it | broke_n", "the newest there is now");
}

#[tokio::test]
async fn a_case_is_snoozed_and_woken_by_who_snoozed_it() {
    let house = House::open().await;
    let body = json!({"scheduleDate": "2026-12-01 09:00:00", "objectType": "case", "objectId": 1, "message": "ask again", "users": [17]});
    let made = house.post("/crm/follow-up/create", body.clone()).await;
    assert_eq!(
        (&made["success"], &made["data"]["scheduleDate"], &made["data"]["userId"], &made["data"]["users"]),
        (&json!(true), &json!("2026-12-01 09:00:00"), &json!(17), &json!([17]))
    );
    let read = house.post("/crm/follow-up/get", json!({"objectType": "case", "objectId": 1})).await;
    assert_eq!((&read["data"]["id"], &read["data"]["scheduleDate"]), (&made["data"]["id"], &json!("2026-12-01T09:00:00.000Z")));
    let shown = json!({"id": made["data"]["id"], "until": "2026-12-01T09:00:00.000Z", "userId": 17, "message": "ask again"});
    assert_eq!(house.get("/crm/objects/case/1").await["followUp"], shown);
    assert_eq!(house.post("/crm/follow-up/create", body).await["data"]["id"], made["data"]["id"], "a case has one");
    let path = format!("/crm/follow-up/{}", made["data"]["id"]);
    let other = house.key(&[caseload::server::Area::Chat], 18);
    refused(house.bare(Method::DELETE, &path).bearer_auth(other), 403, "ERROR_UNAUTHORIZED_ACCESS").await;
    assert_eq!(ok(house.request(Method::DELETE, &path)).await["success"], true);
    refused(house.request(Method::DELETE, &path), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::POST, "/crm/follow-up/get").json(&json!({"objectType": "case", "objectId": 1})), 404, "ERROR_RECORD_NOT_FOUND").await;
    assert_eq!(house.get("/crm/objects/case/1").await.get("followUp"), Some(&Value::Null));
    for wrong in [
        json!({"objectType": "case", "objectId": 1}),
        json!({"scheduleDate": "soon", "objectType": "case", "objectId": 1}),
        json!({"scheduleDate": "2026-12-01 09:00:00", "objectType": "tree", "objectId": 1}),
    ] {
        refused(house.request(Method::POST, "/crm/follow-up/create").json(&wrong), 400, "ERROR_INVALID_INPUT").await;
    }
}

#[tokio::test]
async fn mails_are_added_wrapped() {
    let house = House::open().await;
    let mail = json!({"caseId": 4, "contactId": 904, "to": ["mia@home.example"], "from": "help@shop.example", "type": "message", "subject": "Re: Late", "htmlBody": "<p>It <b>left</b></p>", "meta": {"op_id": "m1"}});
    let sent = house.post("/mail/add-message", json!({"data": mail})).await;
    assert_eq!(
        (&sent["caseId"], &sent["subject"], &sent["htmlBody"], &sent["mailboxInReplyTo"]),
        (&json!(4), &json!("Re: Late"), &json!("<p>It <b>left</b></p>"), &json!("<8@home>"))
    );
    assert_eq!(house.post("/mail/add-message", json!({"data": mail})).await, sent);
    assert_eq!(house.get("/mail/messages?threadId=4").await["messages"].as_array().unwrap().len(), 3);
    assert_eq!(house.get("/crm/objects/case-message?where=caseId|eq|4").await["count"], 0);
    for missing in ["caseId", "contactId", "to", "from", "type", "htmlBody"] {
        let mut less = mail.clone();
        less.as_object_mut().unwrap().shift_remove(missing);
        let message = refused(house.request(Method::POST, "/mail/add-message").json(&json!({"data": less})), 400, "ERROR_INVALID_INPUT").await;
        assert!(message.contains(missing), "{missing}: {message}");
    }
}

#[tokio::test]
async fn title_fields_and_tags_are_put() {
    let house = House::open().await;
    let put = |body: Value| house.request(Method::PUT, "/crm/objects/case/1").json(&body);
    let case = ok(put(json!({"title": "Broken", "fields": {"order": null, "size": 3}, "tags": [6, "refund"]}))).await;
    assert_eq!(
        (&case["title"], &case["fields"], &case["tags"][0]["id"], &case["tags"][1]["id"]),
        (&json!("Broken"), &json!({"size": 3}), &json!(5), &json!(6))
    );
    for (wrong, word) in [(json!({"status": "closed"}), "status"), (json!({"tags": [99]}), "99"), (json!({"title": 3}), "title")] {
        let message = refused(put(wrong), 400, "ERROR_INVALID_INPUT").await;
        assert!(message.contains(word), "{message}");
    }
    refused(house.request(Method::PUT, "/crm/objects/case/99").json(&json!({"title": "Broken"})), 404, "ERROR_RECORD_NOT_FOUND").await;
}
