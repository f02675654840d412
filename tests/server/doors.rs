//! The door itself: keys, names, limits, slow clients, events, the vendor's double.

use super::house::{House, ok, refused};
use caseload::server::Area;
use reqwest::Method;
use serde_json::json;

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
