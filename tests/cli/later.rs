//! Replies for a time: stored at once, sent by whoever runs then, and not where the customer was first.

use super::House;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn mine(house: &House) -> String {
    house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string()
}

fn said(house: &House, id: &str, text: &str) -> usize {
    let shown = house.json(&["show", id]).remove(0);
    shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == text).count()
}

/// Syncs until nothing is left in the outbox that is queued.
fn synced(house: &House) -> Vec<Value> {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let sync = house.run(&["sync"]);
        assert_eq!(sync.code, 0, "{sync:?}");
        let left = house.json(&["outbox", "list"]);
        if left.iter().all(|op| op["state"] != "queued") || Instant::now() > end {
            return left;
        }
    }
}

#[test]
fn a_reply_waits_for_its_time_over_restarts_and_is_sent_once() {
    let house = House::of(30);
    let id = mine(&house);
    let far = house.run(&["reply", &id, "--at", "2h", "--json", "--text", "in two hours"]);
    assert_eq!((far.code, &far.only()["state"]), (75, &json!("queued")), "{far:?}");
    assert_eq!(house.run(&["reply", &id, "--text", "at once"]).code, 0, "it holds no later reply back");
    assert_eq!(house.run(&["sync"]).code, 0);
    let listed = house.json(&["outbox", "list"]);
    assert_eq!((listed.len(), &listed[0]["unless_they_write"]), (1, &json!(false)));
    assert!(listed[0]["due"].is_string() && listed[0]["waits_for"].as_str().unwrap().contains("goes out"), "{listed:?}");
    assert_eq!((said(&house, &id, "in two hours"), said(&house, &id, "at once")), (0, 1));
    // `retry` sends it now.
    assert_eq!(house.run(&["outbox", "retry", listed[0]["op_id"].as_str().unwrap()]).code, 0);
    assert_eq!(said(&house, &id, "in two hours"), 1);
    // A near one is sent by the first process that runs when it is due.
    let near = house.run(&["reply", &id, "--at", "3s", "--json", "--text", "in three seconds"]);
    assert_eq!(near.code, 75, "{near:?}");
    assert_eq!(synced(&house), Vec::<Value>::new());
    assert_eq!(said(&house, &id, "in three seconds"), 1);
    for args in [vec!["--at", "someday"], vec!["--unless-they-write"]] {
        assert_eq!(house.run(&[&["reply", &id, "--text", "x"], &args[..]].concat()).code, 2);
    }
}

#[test]
fn a_customer_who_writes_first_is_answered_by_the_agent() {
    let house = House::of(30);
    let id = mine(&house);
    let planned = house.run(&["reply", &id, "--at", "2s", "--unless-they-write", "--json", "--text", "are you still there?"]);
    assert_eq!(planned.code, 75, "{planned:?}");
    crate::meanwhile::write(&house, id.parse().unwrap(), "yes, it came");
    let left = synced(&house);
    assert_eq!((left.len(), &left[0]["state"]), (1, &json!("needs_review")), "{left:?}");
    assert!(left[0]["cause"].as_str().unwrap().contains("only if they did not") && left[0]["review"]["newer"][0]["text"] == "yes, it came");
    assert_eq!(said(&house, &id, "are you still there?"), 0);
}
