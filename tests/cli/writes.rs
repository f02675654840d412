//! Changes: one answer each, and an exit code that tells what is known of them.

use super::House;
use serde_json::Value;

fn messages(house: &House, id: &str) -> Vec<Value> {
    house.json(&["show", id]).remove(0)["messages"].as_array().unwrap().clone()
}

#[test]
fn a_text_arrives_exactly_as_it_was_said_and_once() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    for text in ["-hello", "--json", "two\nlines \u{2014} \"quoted\"", "退款 سلام 👩‍👩‍👧", "\u{202e}turned\u{7f}\u{1b}[31m", " spaces kept "]
    {
        let ended = house.run(&["reply", &id, "--json", "--text", text]);
        let answer = ended.only();
        assert_eq!(
            (ended.code, &answer["kind"], &answer["state"], answer["caseId"].to_string()),
            (0, &"reply".into(), &"sent".into(), id.clone()),
            "{ended:?}"
        );
        let there = messages(&house, &id).into_iter().filter(|message| message["message"] == text).count();
        assert_eq!(there, 1, "{text:?}");
    }
    let piped = house.run_with(&["note", &id], "from a pipe\nwith two lines\n");
    assert_eq!(piped.code, 0, "{piped:?}");
    let note = messages(&house, &id).into_iter().find(|message| message["type"] == "note" && message["message"] == "from a pipe\nwith two lines");
    assert!(note.is_some());
}

#[test]
fn a_case_goes_through_its_life() {
    let house = House::of(40);
    let id = house.json(&["list", "pending", "channel:chat"]).remove(0)["id"].to_string();
    let status = |house: &House| house.json(&["list", "--all"]).into_iter().find(|case| super::is(case, &id)).unwrap()["status"].clone();
    let done = |args: &[&str]| {
        let ended = house.run(&[args, &["--json"]].concat());
        assert_eq!((ended.code, &ended.only()["state"]), (0, &Value::from("sent")), "{args:?}: {ended:?}");
    };
    let cases = |house: &House| house.json(&["show", &id]).remove(0)["cases"].as_array().unwrap().len();
    let before = cases(&house);
    done(&["claim", &id]);
    assert_eq!(status(&house), "active");
    done(&["snooze", &id, "--until", "2h"]);
    done(&["assign", &id, "--to", "me"]);
    done(&["reply", &id, "--text", "done"]);
    let own = messages(&house, &id).into_iter().find(|message| message["message"] == "done").unwrap()["id"].to_string();
    done(&["edit", &id, &own, "--text", "all done"]);
    assert!(messages(&house, &id).iter().any(|message| message["message"] == "all done"));
    done(&["delete", &id, &own]);
    assert!(messages(&house, &id).iter().all(|message| !super::is(message, &own)));
    done(&["close", &id, "--state", "handled"]);
    assert_eq!(status(&house), "closed");
    done(&["reopen", &id]);
    assert_eq!(cases(&house), before + 1);
}

#[test]
fn a_dry_run_does_nothing() {
    let house = House::of(20);
    let id = house.case("pending");
    for args in [vec!["claim"], vec!["close"], vec!["snooze"]] {
        let more: &[&str] = if args == ["snooze"] { &["--until", "mon"] } else { &[] };
        let ended = house.run(&[&[args[0], &id, "--dry-run", "--json"], more].concat());
        assert_eq!((ended.code, &ended.only()["dry_run"]), (0, &true.into()), "{ended:?}");
    }
    assert!(house.json(&["outbox", "list", "--all"]).is_empty());
    assert_eq!(house.case("pending"), id);
}

#[test]
fn tags_and_fields_are_set_and_compared() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    let case = |house: &House| {
        let shown = house.json(&["show", &id]).remove(0);
        shown["cases"].as_array().unwrap().iter().find(|case| super::is(case, &id)).unwrap().clone()
    };
    let dry = house.run(&["tag", &id, "brand new", "--dry-run", "--json"]).only();
    assert_eq!((&dry["dry_run"], &dry["change"]["add"][0]), (&true.into(), &"brand new".into()));
    assert!(house.json(&["outbox", "list", "--all"]).is_empty());
    for args in [vec!["tag", &id, "brand new", "other"], vec!["tag", &id, "--remove", "other"], vec!["field", &id, "parcel=882", "note=be kind"]] {
        let ended = house.run(&[&args[..], &["--json"]].concat());
        assert_eq!((ended.code, &ended.only()["state"]), (0, &Value::from("sent")), "{args:?}: {ended:?}");
    }
    let known = case(&house);
    let tags: Vec<_> = known["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone()).collect();
    assert!(tags.contains(&"brand new".into()) && !tags.contains(&"other".into()), "{tags:?}");
    assert_eq!((&known["fields"]["parcel"], &known["fields"]["note"]), (&"882".into(), &"be kind".into()));
    let ended = house.run(&["field", &id, "--contact", "email=nowhere"]);
    assert!(ended.code == 2 && ended.err.contains("is not an address"), "{ended:?}");
    let ended = house.run(&["field", &id, "--contact", "city=Oslo", "--json"]);
    assert_eq!((ended.code, &case(&house)["contact"]["fields"]["city"]), (0, &"Oslo".into()), "{ended:?}");
    assert_eq!(house.run(&["field", &id, "note=", "--json"]).code, 0);
    assert_eq!(case(&house)["fields"].get("note"), None);
}

#[test]
fn unread_is_a_mark_of_this_machine() {
    let house = House::of(40);
    let id = house.json(&["list", "closed", "--all"]).remove(0)["id"].to_string();
    let listed = |house: &House| house.json(&["list", "closed", "unread", "--all"]).iter().any(|case| super::is(case, &id));
    assert!(!listed(&house));
    assert_eq!(house.run(&["unread", &id, "--dry-run", "--json"]).only()["unread"], true);
    assert!(!listed(&house));
    assert_eq!(house.run(&["unread", &id]).code, 0);
    assert!(listed(&house));
    assert_eq!(house.run(&["unread", &id, "--read", "--json"]).only()["unread"], false);
    assert!(!listed(&house) && house.json(&["outbox", "list", "--all"]).is_empty());
}

#[test]
fn a_case_rests_until_its_customer_writes() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    let ended = house.run(&["snooze", &id, "--until", "until they write", "--json"]);
    assert_eq!((ended.code, &ended.only()["state"]), (0, &Value::from("sent")), "{ended:?}");
    let op = house.json(&["outbox", "list", "--all"]).remove(0);
    let text = op["text"].as_str().unwrap().to_owned();
    assert!(text.starts_with("until they write, after 20"), "{text}");
    assert!(house.json(&["list", "snoozed"]).iter().any(|case| super::is(case, &id)));
}
