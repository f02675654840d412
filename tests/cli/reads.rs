//! Reading: with a server, without one, and never changing anything.

use super::{House, bytes_below};
use std::collections::BTreeSet;

#[test]
fn a_list_is_one_object_a_case_and_closed_ones_are_asked_for() {
    let house = House::of(60);
    let all = house.json(&["list", "--all"]);
    assert_eq!(all.len(), 60);
    let ids: BTreeSet<_> = all.iter().map(|case| case["id"].as_i64()).collect();
    assert_eq!(ids.len(), 60);
    for name in ["threadId", "channel", "status", "contact", "dateCreated", "users"] {
        assert!(all.iter().all(|case| case.get(name).is_some()), "{name}");
    }
    let open = house.json(&["list"]);
    let wanted = all.iter().filter(|case| case["status"] != "closed").count();
    assert_eq!(open.len(), wanted);
    let closed = house.json(&["list", "status:closed"]);
    assert_eq!(closed.len() + open.len(), 60);
    assert_eq!(house.json(&["list", "closed"]).len(), closed.len());
    let plain = house.run(&["list", "--all"]);
    assert_eq!(plain.out.lines().count(), 60);
}

#[test]
fn a_conversation_is_whole_in_order_and_the_same_without_the_server() {
    let mut house = House::of(60);
    let chain = house.json(&["list", "--all"]).into_iter().find(|case| !case["parentId"].is_null()).expect("a reopened case");
    let mail = house.json(&["list", "channel:email", "--all"]).remove(0);
    let mut online = Vec::new();
    for case in [&chain, &mail] {
        let shown = house.json(&["show", &case["id"].to_string()]).remove(0);
        let messages = shown["messages"].as_array().unwrap();
        assert!(!messages.is_empty());
        for name in ["id", "caseId", "type", "senderType", "dateCreated", "message"] {
            assert!(messages.iter().all(|message| message.get(name).is_some()), "{name}");
        }
        let dates: Vec<_> = messages.iter().map(|message| message["dateCreated"].as_str().unwrap()).collect();
        assert!(dates.is_sorted());
        let names: BTreeSet<_> = messages.iter().map(|message| (message.get("subject").is_some(), message["id"].as_i64())).collect();
        assert_eq!(names.len(), messages.len(), "a message stands there twice");
        online.push(shown);
    }
    assert!(online[0]["cases"].as_array().unwrap().len() > 1);
    assert!(online[1]["messages"].as_array().unwrap().iter().any(|message| message.get("subject").is_some()));
    house.stop();
    for (case, shown) in [&chain, &mail].into_iter().zip(&online) {
        assert_eq!(&house.json(&["show", &case["id"].to_string(), "--offline"]).remove(0), shown);
        assert_eq!(&house.json(&["show", &case["id"].to_string()]).remove(0), shown, "the server is away");
    }
    let plain = house.run(&["show", &mail["id"].to_string(), "--offline"]);
    assert!(plain.code == 0 && plain.out.starts_with(&format!("#{}", mail["id"])), "{plain:?}");
}

#[test]
fn everything_is_found_and_exported() {
    let house = House::of(60);
    assert_eq!(house.run(&["sync", "--full"]).code, 0);
    let export = house.json(&["export"]);
    let cases: usize = export.iter().map(|thread| thread["cases"].as_array().unwrap().len()).sum();
    assert_eq!(cases, 60);
    let word = export.iter().flat_map(|thread| thread["messages"].as_array().unwrap()).find_map(|message| {
        let text = message["message"].as_str()?;
        text.split(' ').find(|word| word.len() > 5 && word.chars().all(|c| c.is_ascii_alphabetic())).map(str::to_owned)
    });
    let word = word.expect("a word");
    let hits = house.json(&["search", &word]);
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit["caseId"].is_i64()), "{word}: {hits:?}");
    assert_eq!(house.json(&["search", "zzzunheardofzzz"]).len(), 0);
}

#[test]
fn reading_changes_nothing_at_the_server_and_keeps_the_key_out_of_every_file() {
    let house = House::of(30);
    let before = house.json(&["list", "--all"]);
    let id = house.case("pending");
    for args in [vec!["show", &id], vec!["search", "the"], vec!["export"], vec!["outbox", "list"], vec!["doctor"], vec!["config", "show"]] {
        for more in [&[][..], &["--json"], &["--offline"], &["--offline", "--json"]] {
            let ended = house.run(&[&args[..], more].concat());
            assert_eq!(ended.code, 0, "{args:?} {more:?}: {ended:?}");
        }
    }
    assert_eq!(house.run(&["sync"]).code, 0);
    let named = |cases: Vec<serde_json::Value>| cases.into_iter().map(|case| (case["id"].as_i64(), case)).collect::<std::collections::BTreeMap<_, _>>();
    let (before, after) = (named(before), named(house.json(&["list", "--all"])));
    for (id, case) in &before {
        for (field, value) in case.as_object().unwrap() {
            assert_eq!(value, &after[id][field], "{field} of {id:?}");
        }
    }
    let heap = bytes_below(&house.home());
    assert!(!heap.windows(house.key.len()).any(|window| window == house.key.as_bytes()), "the key is in a file");
    let missing = house.run(&["show", "999999"]);
    assert!(missing.code == 1 && missing.err.starts_with("caseload: no case #999999") && missing.err.contains("\nhint: "), "{missing:?}");
}

#[test]
fn a_damaged_cache_is_read_anew_and_the_outbox_keeps_its_words() {
    let house = House::of(60);
    let id = house.case("mine");
    let cache = house.home().join("data").join("cache.db");
    for at in (1..100).map(|page| page * 4096) {
        let mut bytes = std::fs::read(&cache).unwrap();
        let Some(page) = bytes.get_mut(at..at + 4096) else { break };
        page.fill(0x5a);
        std::fs::write(&cache, bytes).unwrap();
        let args: &[&str] = match at / 4096 % 5 {
            0 => &["list", "--all"],
            1 => &["outbox", "list"],
            2 => &["show", &id],
            3 => &["sync"],
            _ => &["note", &id, "--text", "kept"],
        };
        let ended = house.run(args);
        assert!(matches!(ended.code, 0 | 75), "page {at}, {args:?}: {ended:?}");
    }
    assert_eq!(house.run(&["sync"]).code, 0);
    assert_eq!(house.json(&["list", "--all"]).len(), 60);
    let said = house.json(&["outbox", "list", "--all"]);
    assert!(!said.is_empty() && said.iter().all(|op| op["state"] == "sent" && op["text"] == "kept" && op["twins"] == 0), "{said:?}");
}
