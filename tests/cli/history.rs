//! `caseload log`: what was done, from the outbox alone.

use super::House;

#[test]
fn what_was_done_is_listed_newest_first_without_the_server() {
    let mut house = House::of(40);
    let mine = house.json(&["list", "mine"]);
    let id = mine[0]["id"].to_string();
    assert_eq!(house.run(&["close", &id, "--state", "solved"]).code, 0);
    assert_eq!(house.run(&["note", &mine[1]["id"].to_string(), "--offline", "--text", "two\u{1b}[31m"]).code, 75);
    house.stop();
    let told = house.json(&["log"]);
    assert_eq!(told.len(), 2, "{told:?}");
    let (note, close) = (&told[0], &told[1]);
    assert_eq!((&note["kind"], &note["state"], &note["undoable"], &note["undone"]), (&"note".into(), &"queued".into(), &true.into(), &false.into()));
    assert_eq!((&close["kind"], &close["state"], &close["caseId"].to_string(), &close["undoable"]), (&"close".into(), &"sent".into(), &id, &true.into()));
    assert_eq!(close["words"], format!("closed #{id} as solved"));
    assert!(close["why"].as_str().unwrap().contains("z reopens it"), "{close}");
    for field in ["op_id", "step", "time"] {
        assert!(close[field].is_string(), "{field}: {close}");
    }
    assert_eq!(house.run(&["outbox", "drop", note["op_id"].as_str().unwrap()]).code, 0);
    assert_eq!(house.json(&["log", "--limit", "1"])[0]["why"], "dropped");
    let said = house.run(&["log", "--limit", "1"]);
    assert_eq!((said.code, said.out.lines().count()), (0, 1), "{said:?}");
    assert!(said.out.contains("noted on #") && said.out.contains("dropped") && said.err.contains("--limit shows more"), "{said:?}");
    assert_eq!(house.run(&["log", "--limit", "0"]).code, 2);
}
