//! What is stored and not sent: it is said, listed, sent later, or dropped.

use super::House;

#[test]
fn what_is_said_offline_goes_out_with_the_next_sync_once() {
    let mut house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    house.run(&["show", &id]);
    house.stop();
    let said = house.run(&["reply", &id, "--json", "--text", "written on a plane"]);
    assert_eq!((said.code, &said.only()["state"]), (75, &"queued".into()), "{said:?}");
    let closed = house.run(&["close", &id, "--json"]);
    assert_eq!(closed.code, 75, "{closed:?}");
    let waiting = house.json(&["outbox", "list"]);
    assert_eq!(waiting.len(), 2);
    assert_eq!((&waiting[0]["text"], &waiting[0]["twins"], &waiting[0]["kind"]), (&"written on a plane".into(), &0.into(), &"reply".into()));
    assert!(waiting.iter().all(|op| op["op_id"].is_string() && op.get("cause").is_some()));
    let case = house.json(&["list", "--all", "--offline"]).into_iter().find(|case| super::is(case, &id)).unwrap();
    assert_eq!(case["status"], "closed", "shown = confirmed + pending");
    assert_ne!(house.run(&["sync"]).code, 0, "the server is away");
    house.start();
    let sync = house.run(&["sync"]);
    assert_eq!(sync.code, 0, "{sync:?}");
    assert_eq!(house.json(&["outbox", "list"]), Vec::<serde_json::Value>::new());
    let shown = house.json(&["show", &id]).remove(0);
    let there = shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == "written on a plane").count();
    assert_eq!((there, &shown["cases"].as_array().unwrap().last().unwrap()["status"]), (1, &"closed".into()));
    let all = house.json(&["outbox", "list", "--all"]);
    assert!(all.len() == 2 && all.iter().all(|op| op["state"] == "sent"), "{all:?}");
}

#[test]
fn offline_keeps_a_change_and_drop_takes_it_back() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    let said = house.run(&["note", &id, "--offline", "--json", "--text", "not yet"]);
    assert_eq!(said.code, 75, "{said:?}");
    let op = said.only()["op_id"].as_str().unwrap().to_owned();
    let dropped = house.run(&["outbox", "drop", &op, "--offline", "--json"]);
    assert_eq!((dropped.code, &dropped.only()["state"]), (0, &"cancelled".into()), "{dropped:?}");
    assert!(house.json(&["outbox", "list"]).is_empty());
    let next = house.run(&["note", &id, "--offline", "--json", "--text", "for later"]).only()["op_id"].as_str().unwrap().to_owned();
    let drafted = house.run(&["outbox", "resolve", &next, "draft", "--json"]);
    assert_eq!((drafted.code, &drafted.only()["state"]), (0, &"cancelled".into()), "{drafted:?}");
    let third = house.run(&["reply", &id, "--offline", "--json", "--text", "for colleagues"]).only()["op_id"].as_str().unwrap().to_owned();
    let noted = house.run(&["outbox", "resolve", &third, "note", "--json"]).only();
    assert_eq!((&noted["kind"], &noted["state"]), (&"note".into(), &"sent".into()), "{noted}");
    let messages = house.json(&["show", &id]).remove(0)["messages"].clone();
    let said: Vec<_> =
        messages.as_array().unwrap().iter().filter(|message| message["message"] == "for colleagues").map(|message| message["type"].clone()).collect();
    assert_eq!(said, ["note"]);
    let again = house.run(&["outbox", "drop", &op]);
    assert_eq!(again.code, 1, "{again:?}");
}

#[test]
fn a_reply_to_a_closed_case_waits_for_the_agent_who_can_reopen_it() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    assert_eq!(house.run(&["close", &id]).code, 0);
    let late = house.run(&["reply", &id, "--json", "--text", "one more thing"]);
    assert_eq!((late.code, &late.only()["state"]), (75, &"needs_review".into()), "{late:?}");
    let op = late.only()["op_id"].as_str().unwrap().to_owned();
    let resolved = house.run(&["outbox", "resolve", &op, "reopen", "--json"]);
    assert_eq!((resolved.code, &resolved.only()["state"]), (0, &"sent".into()), "{resolved:?}");
    let shown = house.json(&["show", &id]).remove(0);
    assert_eq!(shown["cases"].as_array().unwrap().len(), 2);
    assert_eq!(shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == "one more thing").count(), 1);
    assert!(house.json(&["outbox", "list"]).is_empty());
}

#[test]
fn two_syncs_at_once_send_once() {
    let house = House::of(30);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    for n in 0..5 {
        assert_eq!(house.run(&["reply", &id, "--offline", "--text", &format!("number {n}")]).code, 75);
    }
    let mut both = [house.command(), house.command()].map(|mut command| command.arg("sync").spawn().unwrap());
    for sync in &mut both {
        assert!(sync.wait().unwrap().success());
    }
    let shown = house.json(&["show", &id]).remove(0);
    let texts: Vec<_> = shown["messages"].as_array().unwrap().iter().filter_map(|message| message["message"].as_str()?.strip_prefix("number ")).collect();
    assert_eq!(texts, ["0", "1", "2", "3", "4"]);
}
