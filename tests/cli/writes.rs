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
