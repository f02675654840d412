//! Reading: pages, one, relations, the query language, the shapes of the samples.

use super::house::{House, ok, refused};
use reqwest::Method;
use serde_json::{Value, json};

fn ids(page: &Value) -> Vec<i64> {
    page["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn cases_come_in_pages_with_the_columns_of_the_contract() {
    let house = House::open().await;
    let page = house.get("/crm/objects/case").await;
    assert_eq!(ids(&page), [1, 2, 3, 4]);
    assert_eq!((&page["page"], &page["offset"], &page["limit"], &page["count"]), (&json!(0), &json!(0), &json!(20), &json!(4)));
    let mut last = page["data"][0].clone();
    last.as_object_mut().unwrap().shift_remove("lastMessage");
    assert_eq!(last.as_object_mut().unwrap().shift_remove("followUp"), Some(Value::Null));
    let wanted = json!({
        "id": 1, "threadId": 1, "parentId": null, "contactId": 901, "title": "Case 1", "description": "", "channel": "chat", "status": "active", "closingState": null,
        "dateQueue": "2026-11-20T10:00:01.000Z", "datePending": null, "dateActive": "2026-11-20T10:00:01.000Z", "dateClosed": null, "userId": null, "waitTime": 12,
        "closedBy": null, "queueId": null, "queueOrder": null, "visitId": null, "meta": {}, "dateCreated": "2026-11-20T10:00:01.000Z", "dateUpdated": "2026-11-20T11:00:01.125Z",
    });
    assert_eq!(last, wanted);
    assert_eq!(page["data"][0]["lastMessage"]["id"], 4);
    let second = house.get("/crm/objects/case?limit=3&page=1").await;
    assert_eq!((ids(&second), &second["offset"], &second["count"]), (vec![4], &json!(3), &json!(4)));
    assert_eq!(house.get("/crm/objects/case?limit=5000").await["limit"], 200);
}

#[tokio::test]
async fn relations_come_repeated_or_joined_and_take_the_place_of_columns() {
    let house = House::open().await;
    let repeated = house.get("/crm/objects/case/1?relations=contact&relations=users&relations=tags&relations=fields&relations=feedbacks&relations=messages&relations=timeline&relations=cases&relations=parent").await;
    let joined = house.get("/crm/objects/case/1?relations=contact%7Cusers|tags|fields|feedbacks|messages|timeline|cases|parent").await;
    assert_eq!(repeated, joined);
    assert_eq!(joined.get("contactId"), None);
    let contact = json!({"name": "Max", "email": "max@home.example", "phone": "+49901"});
    assert_eq!((&joined["contact"]["id"], &joined["contact"]["archive"], &joined["contact"]["fields"]), (&json!(901), &json!("no"), &contact));
    let user = json!({
        "id": 2, "caseId": 1, "type": "user", "userId": 17, "role": null, "status": "joined", "dateCreated": null, "dateLastAssigned": null, "closed": "no", "meta": {},
        "user": {"id": 17, "name": "Ana", "email": "Ana@shop.example", "photo": null, "type": "user"},
    });
    assert_eq!(joined["users"][1], user);
    assert_eq!(
        (&joined["users"][0]["userId"], &joined["users"][0]["role"], &joined["users"][0]["user"]["name"]),
        (&json!(901), &json!("owner"), &json!("Max"))
    );
    assert_eq!(joined["tags"], json!([{"id": 5, "name": "refund", "color": "#ff0000"}]));
    assert_eq!(joined["fields"], json!({"order": "A-1"}));
    let feedback = json!({"id": 1, "caseId": 1, "contactId": 901, "questionId": 1, "question": "How was it?", "rating": 4, "comment": null, "dateCreated": "2026-11-20T10:20:00.000Z"});
    assert_eq!(joined["feedbacks"], json!([feedback]));
    assert_eq!(joined["messages"].as_array().unwrap().len(), 4);
    assert_eq!((&joined["timeline"], &joined["cases"], &joined["parent"]), (&json!([]), &json!([]), &Value::Null));
    assert_eq!(house.get("/crm/objects/case/4?relations=messages").await["messages"], json!([]), "mails are elsewhere");
}

#[tokio::test]
async fn a_selection_keeps_the_id_and_may_name_relations() {
    let house = House::open().await;
    let row = house.get("/crm/objects/case/1?select=title&select=status|fields").await;
    assert_eq!(row, json!({"id": 1, "threadId": 1, "title": "Case 1", "status": "active", "fields": {"order": "A-1"}}));
    let row = house.get("/crm/objects/case-message/1?select=id&select=type").await;
    assert_eq!(row, json!({"id": 1, "threadId": 1, "type": "message"}));
}

#[tokio::test]
async fn messages_are_served_without_the_mails() {
    let house = House::open().await;
    let page = house.get("/crm/objects/case-message?limit=200").await;
    assert_eq!((ids(&page), &page["count"]), (vec![1, 2, 3, 4, 5, 6], &json!(6)));
    let wanted = json!({
        "id": 2, "caseId": 1, "threadId": 1, "contactId": 901, "channel": "chat", "senderType": "user", "senderId": 17, "type": "message", "message": "Hi, how can I help?",
        "meta": {}, "seen": "no", "dateCreated": "2026-11-20T10:02:00.250Z", "dateUpdated": null,
        "sender": {"id": 17, "name": "Ana", "email": "Ana@shop.example", "photo": null, "type": "user"},
    });
    assert_eq!(page["data"][1], wanted);
    let one = house.get("/crm/objects/case-message/1?relations=case").await;
    assert_eq!((one.get("caseId"), &one["case"]["id"], &one["case"]["contact"]["id"], &one["sender"]["name"]), (None, &json!(1), &json!(901), &json!("Max")));
    refused(house.request(Method::GET, "/crm/objects/case-message/7"), 404, "ERROR_RECORD_NOT_FOUND").await;
}

#[tokio::test]
async fn where_and_order_choose() {
    let house = House::open().await;
    let cases = [
        ("where=status|eq|active", vec![1, 4]),
        ("where=status%7Ceq%7Cactive&where=id|gt|1", vec![4]),
        ("where=status|ne|active&order=id|desc", vec![3, 2]),
        ("where=status|in|pending,closed", vec![2, 3]),
        ("where=dateClosed|ne|null", vec![3]),
        ("where=dateClosed|eq|null&where=id|lte|2", vec![1, 2]),
        ("where=dateUpdated|gte|2026-11-20T11:00:03.125Z&order=dateUpdated|asc", vec![3, 4]),
        ("where=dateUpdated|gt|2026-11-20 11:00:03.125&order=dateUpdated|asc", vec![4]),
        ("where=title|like|CASE 2", vec![2]),
        ("where=closingState|eq|handled", vec![3]),
        ("order=status|asc&order=id|desc", vec![4, 1, 3, 2]),
        ("where=id|eq|0", vec![]),
    ];
    for (query, wanted) in cases {
        let page = house.get(&format!("/crm/objects/case?{query}")).await;
        assert_eq!((ids(&page), page["count"].as_u64()), (wanted.clone(), Some(wanted.len() as u64)), "{query}");
    }
    for (query, wanted) in [
        ("where=type|eq|event", vec![3]),
        ("where=id|gt|4&order=id|asc", vec![5, 6]),
        ("where=senderType|eq|user&where=senderId|eq|17", vec![2, 3]),
        ("where=caseId|eq|4", vec![]),
    ] {
        assert_eq!(ids(&house.get(&format!("/crm/objects/case-message?{query}")).await), wanted, "{query}");
    }
}

#[tokio::test]
async fn what_the_query_language_does_not_know_is_named() {
    let house = House::open().await;
    let many = "where=id|gt|0&".repeat(21);
    let cases = [
        ("where=secret|eq|1", "'secret'"),
        ("where=id);--|eq|1", "'id);--'"),
        ("where=id|near|1", "'near'"),
        ("where=id|eq|one", "'one'"),
        ("where=dateUpdated|gt|soon", "'soon'"),
        ("where=id|like|1", "'like'"),
        ("where=id|eq", "column|operator|value"),
        ("where=title|eq|a|b", "\\|"),
        ("order=secret|asc", "'secret'"),
        ("order=id|up", "'up'"),
        ("relations=secrets", "'secrets'"),
        ("select=hash", "'hash'"),
        ("limit=0", "limit"),
        ("page=-1", "page"),
        ("limit=ten", "'ten'"),
        (many.as_str(), "20"),
    ];
    for (query, word) in cases {
        let message = refused(house.request(Method::GET, &format!("/crm/objects/case?{query}")), 400, "ERROR_INVALID_INPUT").await;
        assert!(message.contains(word), "{query}: {message}");
    }
}

#[tokio::test]
async fn mails_and_threads_and_the_account_have_shapes_of_their_own() {
    let house = House::open().await;
    let mails = house.get("/mail/messages?threadId=4").await;
    assert_eq!((&mails["previous"], &mails["next"], mails["messages"].as_array().unwrap().len()), (&Value::Null, &Value::Null, 2));
    let mail = &mails["messages"][0];
    assert_eq!(
        (&mail["from"], &mail["to"][0]["Email"], &mail["subject"]),
        (&json!({"Name": "Max", "Email": "max@home.example"}), &json!("help@shop.example"), &json!("Late"))
    );
    let thread = house.get("/crm/messenger/chat/messages?threadId=1&contactId=901").await;
    assert_eq!((thread[0]["id"].clone(), thread[0]["lastMessage"]["id"].clone(), thread[0]["cases"].clone()), (json!(1), json!(4), json!([])));
    refused(house.request(Method::GET, "/crm/messenger/chat/messages?threadId=1&contactId=902"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::GET, "/crm/messenger/chat/messages?threadId=1"), 400, "ERROR_INVALID_INPUT").await;
    let users = house.get("/account/user").await;
    assert_eq!((&users["count"], &users["data"][0]["name"]), (&json!(2), &json!("Ana")));
    assert_eq!(house.get("/account/department").await["data"], json!([{"id": 3, "name": "Billing"}]));
    assert_eq!(house.get("/crm/tag/5").await, json!({"id": 5, "name": "refund", "color": "#ff0000"}));
    assert_eq!(house.get("/crm/feedback").await["data"][0]["config"]["rating_type"], "star");
}

#[tokio::test]
async fn mails_are_read_on_by_cursor_in_both_directions() {
    let house = House::open().await;
    let text =
        json!({"data": {"caseId": 4, "contactId": 904, "to": ["mia@home.example"], "from": "help@shop.example", "type": "message", "htmlBody": "<p>Soon</p>"}});
    for _ in 0..55 {
        house.post("/mail/add-message", text.clone()).await;
    }
    let first = house.get("/mail/messages?threadId=4").await;
    assert_eq!((first["messages"].as_array().unwrap().len(), &first["previous"]), (50, &Value::Null));
    let next = first["next"].as_str().unwrap();
    let second = ok(house.request(Method::GET, "/mail/messages").query(&[("threadId", "4"), ("next", next)])).await;
    assert_eq!((second["messages"].as_array().unwrap().len(), &second["next"]), (7, &Value::Null));
    let back = ok(house.request(Method::GET, "/mail/messages").query(&[("threadId", "4"), ("previous", second["previous"].as_str().unwrap())])).await;
    assert_eq!(back["messages"], first["messages"]);
    refused(house.request(Method::GET, "/mail/messages?threadId=4&next=nonsense"), 400, "ERROR_INVALID_INPUT").await;
}

#[tokio::test]
async fn hello_says_what_this_is_and_who_asks() {
    let house = House::open().await;
    let hello = ok(house.bare(Method::GET, "/")).await;
    assert_eq!(
        hello,
        json!({"name": "caseload", "version": env!("CARGO_PKG_VERSION"), "extensions": ["where-operators", "order", "idempotency", "events", "case-update"]})
    );
    assert_eq!(house.get("/").await["user"], json!({"id": 17, "name": "Ana"}));
    refused(house.bare(Method::GET, "/").bearer_auth("wrong"), 401, "ERROR_UNAUTHORIZED").await;
}
