//! `caseload outbox`: what waits and what for, one of them whole, names cut short, and a decision while another process sends.

use super::House;

#[test]
fn the_list_says_what_each_of_them_waits_for() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    for (command, text) in [("reply", "one\u{1b}[31m"), ("note", "two")] {
        assert_eq!(house.run(&[command, &id, "--offline", "--text", text]).code, 75);
    }
    let waiting = house.json(&["outbox", "list"]);
    assert_eq!((&waiting[0]["text"], &waiting[1]["text"]), (&"one\u{1b}[31m".into(), &"two".into()));
    assert!(waiting[0]["waits_for"].as_str().unwrap().contains("caseload sync"), "{waiting:?}");
    assert!(waiting[1]["waits_for"].as_str().unwrap().starts_with("behind the reply to #"), "{waiting:?}");
    let said = house.run(&["outbox", "list"]);
    assert!(said.out.contains("queued") && said.out.contains("behind the reply to #"), "{said:?}");
    let shown = house.json(&["show", &id, "--offline"]).remove(0);
    assert!(shown["pending"][0]["waits_for"].is_string(), "{shown}");
}

#[test]
fn one_operation_is_shown_whole_and_found_by_a_piece_of_its_name() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    assert_eq!(house.run(&["close", &id]).code, 0);
    let late = house.run(&["reply", &id, "--json", "--text", "one more thing"]).only();
    let op = late["op_id"].as_str().unwrap();
    let shown = house.json(&["outbox", "show", op]).remove(0);
    assert_eq!((&shown["state"], &shown["review"]["why"], &shown["text"]), (&"needs_review".into(), &"not_active".into(), &"one more thing".into()));
    let commands: Vec<_> = shown["choices"].as_array().unwrap().iter().map(|choice| choice["command"].as_str().unwrap().to_owned()).collect();
    assert!(commands.contains(&format!("caseload outbox resolve {op} reopen")), "{commands:?}");
    let steps: Vec<_> = shown["events"].as_array().unwrap().iter().map(|step| step["to"].as_str().unwrap().to_owned()).collect();
    assert_eq!((steps.first().unwrap().as_str(), steps.last().unwrap().as_str()), ("queued", "needs_review"), "{shown}");
    for piece in [&op[..op.len() - 1], &op[op.len() - 6..], &op[9..18], &op.to_uppercase()] {
        let said = house.run(&["outbox", "show", piece]);
        assert_eq!(said.code, 0, "{piece}: {said:?}");
        assert!(said.out.contains("one more thing") && said.out.contains("resolve") && said.out.contains("composed, queued"), "{said:?}");
    }
    let other = house.run(&["note", &id, "--offline", "--json", "--text", "two"]).only();
    let shared = house.run(&["outbox", "drop", &op[..6]]);
    assert_eq!(shared.code, 2, "{shared:?}");
    assert!(shared.err.contains(op) && shared.err.contains(other["op_id"].as_str().unwrap()), "{shared:?}");
    for (name, code) in [("abc", 2), ("not-hex!", 2), ("fffffffffff", 1)] {
        assert_eq!(house.run(&["outbox", "show", name]).code, code, "{name}");
    }
    let dropped = house.run(&["outbox", "drop", &op[op.len() - 6..], "--json"]);
    assert_eq!((dropped.code, &dropped.only()["state"]), (0, &"cancelled".into()), "{dropped:?}");
}

#[test]
fn a_retry_beside_another_sender_is_kept_and_says_who_sends() {
    let house = House::of(30);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    assert_eq!(house.run(&["sync"]).code, 0);
    let op = house.run(&["reply", &id, "--offline", "--json", "--text", "wanted"]).only()["op_id"].as_str().unwrap().to_owned();
    // Somebody who has the sender's lock and does nothing with it.
    let lock = lock_below(&house.home()).expect("a lock");
    let file = std::fs::File::options().write(true).open(lock).unwrap();
    file.lock().unwrap();
    let said = house.said(house.command().args(["outbox", "retry", &op]).env("CASELOAD_TIME_SCALE", "0.05"), "");
    assert_eq!(said.code, 75, "{said:?}");
    assert!(said.out.contains("another caseload sends it") && said.err.contains("sends from this outbox"), "{said:?}");
    drop(file);
    assert_eq!(house.run(&["outbox", "retry", &op]).code, 0);
}

fn lock_below(folder: &std::path::Path) -> Option<std::path::PathBuf> {
    let entries: Vec<_> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    let here = entries.iter().find(|path| path.extension().is_some_and(|extension| extension == "lock")).cloned();
    here.or_else(|| entries.iter().filter(|path| path.is_dir()).find_map(|path| lock_below(path)))
}
