//! The vendor's double: each extension goes away, each doubtful shape comes.

use super::house::{House, ok, refused};
use caseload::server::VendorQuirks;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn a_plain_vendor_knows_none_of_our_additions() {
    let house = House::with(Some(VendorQuirks::plain())).await;
    refused(house.bare(Method::GET, "/"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::GET, "/events"), 404, "ERROR_RECORD_NOT_FOUND").await;
    refused(house.request(Method::GET, "/crm/objects/case?where=id|gt|1"), 400, "ERROR_INVALID_INPUT").await;
    refused(house.request(Method::PUT, "/crm/objects/case/1").json(&json!({"title": "x"})), 404, "ERROR_RECORD_NOT_FOUND").await;
    let page = house.get("/crm/objects/case?where=status|eq|active&order=id|desc").await;
    assert_eq!((&page["data"][0]["id"], page["data"][0].get("lastMessage")), (&json!(1), None));
    let message = json!({"type": "message", "message": "Once", "meta": {"op_id": "0190a6f2-0000-7000-8000-000000000001"}});
    for count in 5..=6 {
        ok(house.say(1, &message).header("Idempotency-Key", "k")).await;
        assert_eq!(house.get("/crm/objects/case-message?where=caseId|eq|1").await["count"], count, "said again it is there again");
    }
}

#[tokio::test]
async fn doubtful_shapes_are_given() {
    let quirks = VendorQuirks {
        ignore_page: true,
        drop_meta: true,
        round_times: true,
        max_limit: Some(2),
        contact_rows: true,
        empty_fields: true,
        string_ids: true,
        single_timeline: true,
        ..VendorQuirks::default()
    };
    let house = House::with(Some(quirks)).await;
    let page = house.get("/crm/objects/case?limit=50&page=1").await;
    assert_eq!((&page["limit"], page["data"].as_array().unwrap().len(), &page["data"][0]["id"]), (&json!(2), 2, &json!("1")));
    house.post("/crm/messenger/chat/join", json!({"caseId": "2"})).await;
    let case = house.get("/crm/objects/case/2?relations=contact|fields|timeline|users").await;
    assert_eq!((&case["dateUpdated"].as_str().unwrap()[19..], &case["fields"], &case["timeline"]["event"]), (".000Z", &json!([]), &json!("joined")));
    let row =
        json!({"value": "Eva", "owner": "contact", "contactId": 902, "field": {"id": 1, "object": "contact", "key": "name", "type": "text", "label": "name"}});
    let mut first = case["contact"]["fields"][0].clone();
    first["contactId"] = json!(902);
    first["field"]["id"] = json!(1);
    assert_eq!(first, row);
    let said = ok(house.say(1, &json!({"type": "message", "message": "Once", "meta": {"op_id": "op"}}))).await;
    assert_eq!((&said["meta"], &said["caseId"]), (&json!({}), &json!("1")));
    assert_eq!(
        ok(house.request(Method::GET, &format!("/crm/objects/case-message/{}", said["id"].as_str().unwrap()))).await["sender"]["id"],
        Value::String("17".into())
    );
}

#[tokio::test]
async fn questions_may_see_an_older_state_than_changes() {
    let house = House::with(Some(VendorQuirks { lag_reads: Some(std::time::Duration::from_millis(400)), ..VendorQuirks::default() })).await;
    let count = async || house.get("/crm/objects/case-message?where=caseId|eq|1").await["count"].clone();
    let begun = std::time::Instant::now();
    ok(house.say(1, &json!({"type": "message", "message": "Now"}))).await;
    house.post("/crm/messenger/chat/close", json!({"caseId": 1, "closingState": "handled"})).await;
    assert_eq!((count().await, &house.get("/crm/objects/case/1").await["status"]), (json!(4), &json!("active")));
    while count().await != 5 {
        assert!(begun.elapsed().as_secs() < 10);
    }
    assert!(begun.elapsed().as_millis() >= 400);
    while house.get("/crm/objects/case/1").await["status"] != "closed" {
        assert!(begun.elapsed().as_secs() < 10);
    }
}
