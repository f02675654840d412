//! Canned replies on the command line, and what `doctor` says of bad ones.

use super::House;
use serde_json::Value;

fn house() -> House {
    let house = House::of(40);
    let folder = house.home().join("replies");
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("thanks.md", "---\nname: Thanks\nkey: 1\nstate: praised\n---\nHi {{contact.first|there}}, #{{case.id}} is done.");
    write("gap.md", "Order {{case.no_such_field}} of {{contact.neither}}");
    write("aside.md", "---\nnote: true\n---\nfor colleagues");
    write("bad.md", "---\nkey: ten\n---\nx");
    house
}

#[test]
fn a_canned_reply_is_said_and_a_gap_stops_it() {
    let house = house();
    let case = house.case("active");
    let dry = house.run(&["reply", &case, "--canned", "thanks", "--dry-run"]);
    assert!(dry.code == 0 && dry.out.starts_with("Hi ") && dry.out.ends_with(&format!(", #{case} is done.\n")), "{dry:?}");
    let said = house.run(&["reply", &case, "--canned", "Thanks", "--json"]);
    assert_eq!((said.code, said.only()["state"].as_str()), (0, Some("sent")), "{said:?}");
    let gap = house.run(&["reply", &case, "--canned", "gap"]);
    assert_eq!(gap.code, 1);
    assert!(gap.err.contains("{{case.no_such_field}} and {{contact.neither}} are not known"), "{gap:?}");
    let aside = house.run(&["reply", &case, "--canned", "aside"]);
    assert!(aside.code == 2 && aside.err.contains("caseload note"), "{aside:?}");
    assert_eq!(house.run(&["note", &case, "--canned", "aside"]).code, 0);
    let none = house.run(&["reply", &case, "--canned", "nothing"]);
    assert!(none.code == 2 && none.err.contains("'Thanks'") && none.err.contains("doctor"), "{none:?}");
    assert_eq!(house.run(&["reply", &case, "--canned", "thanks", "--text", "x"]).code, 2);
}

#[test]
fn a_macro_does_all_of_it() {
    let house = house();
    let case = house.case("pending");
    let dry = house.run(&["macro", &case, "thanks", "--dry-run"]);
    assert!(dry.code == 0 && dry.out.starts_with(&format!("would claim, reply, close #{case}:\nHi ")), "{dry:?}");
    let done = house.run(&["macro", &case, "thanks", "--json"]);
    let kinds: Vec<Value> = done.lines().iter().map(|line| line["kind"].clone()).collect();
    assert!(done.code == 0 && kinds == ["claim", "reply", "close"], "{done:?}");
    let shown = house.json(&["show", &case]);
    let shown = serde_json::to_string(&shown).unwrap();
    assert!(shown.contains("praised") && shown.contains(&format!("#{case} is done.")), "{shown}");
    let again = house.run(&["macro", &case, "thanks"]);
    assert!(again.code == 1 && again.err.contains("is closed"), "{again:?}");
}

#[test]
fn doctor_names_the_bad_file_and_its_line() {
    let house = house();
    let said = house.run(&["doctor"]);
    assert_eq!(said.code, 1);
    assert!(said.out.contains("3 canned replies") && said.out.contains("replies/bad.md:2: the key must be a digit"), "{}", said.out);
}
