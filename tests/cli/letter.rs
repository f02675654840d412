//! A reply by mail says on the command line whom it goes to; what it says reaches the server as it was typed.

use super::House;
use serde_json::{Value, json};

fn mail_of(house: &House, case: &str, text: &str) -> Value {
    let shown = house.json(&["show", case]).remove(0);
    let said = shown["messages"].as_array().unwrap().iter().find(|message| message["message"] == text).cloned();
    said.unwrap_or_else(|| panic!("nobody said {text}: {shown}"))
}

fn emails(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["Email"].as_str().unwrap()).collect()
}

#[test]
fn the_head_of_a_mail_is_what_was_said_over_what_is_usual() {
    let house = House::of(40);
    let case = house.json(&["list", "active", "channel:email"]).remove(0)["id"].to_string();
    let usual = house.run(&["reply", &case, "--text", "usual", "--subject", "Your invoice", "--json"]);
    assert_eq!(usual.code, 0, "{usual:?}");
    let mail = mail_of(&house, &case, "usual");
    let contact = house.json(&["show", &case]).remove(0)["cases"][0]["contact"]["fields"]["email"].clone();
    assert_eq!((emails(&mail["to"]), &mail["subject"]), (vec![contact.as_str().unwrap()], &json!("Your invoice")));
    let given = ["--to", "Boss <boss@home.example>, second@home.example", "--cc", "c@home.example", "--cc", "d@home.example", "--bcc", "e@home.example"];
    let said = house.run(&[&["reply", &case, "--text", "to all", "--json"], &given[..]].concat());
    assert_eq!(said.code, 0, "{said:?}");
    let mail = mail_of(&house, &case, "to all");
    assert_eq!(emails(&mail["to"]), ["boss@home.example", "second@home.example"]);
    assert_eq!((emails(&mail["cc"]), emails(&mail["bcc"])), (vec!["c@home.example", "d@home.example"], vec!["e@home.example"]));
    assert!(mail["subject"].as_str().unwrap().starts_with("Re: "), "{mail}");
    let op = house.json(&["outbox", "list", "--all"]).into_iter().find(|op| op["text"] == "to all").unwrap();
    assert_eq!(op["head"]["cc"], json!(["c@home.example", "d@home.example"]));
    let shown = house.run(&["outbox", "show", op["op_id"].as_str().unwrap()]).out;
    for line in ["to boss@home.example, second@home.example", "cc c@home.example, d@home.example", "bcc e@home.example", "subject Re: "] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    let dry = house.run(&["reply", &case, "--text", "x", "--cc", "f@home.example", "--dry-run", "--json"]).only();
    assert_eq!(dry["change"]["head"]["cc"], json!(["f@home.example"]));
}

#[test]
fn a_head_where_there_is_none_or_a_wrong_one_is_refused_in_words() {
    let house = House::of(40);
    let mail = house.json(&["list", "active", "channel:email"]).remove(0)["id"].to_string();
    let chat = house.json(&["list", "active", "channel:chat"]).remove(0)["id"].to_string();
    let flagged = |case: &str, flags: &[&str]| house.run(&[&["reply", case, "--text", "x"], flags].concat());
    for (case, flags, words) in [
        (&chat, &["--cc", "a@b.c"][..], "is no mail but a chat"),
        (&chat, &["--subject", "x"], "--subject:"),
        (&mail, &["--to", "boss"], "--to: \"boss\" in to is no mail address"),
        (&mail, &["--cc", "a@b.c,d"], "--cc: \"d\" in cc"),
        (&mail, &["--to", ","], "nobody stands in \"to\""),
    ] {
        let refused = flagged(case, flags);
        assert!(refused.code == 2 && refused.err.contains(words) && refused.err.contains("hint: "), "{flags:?}: {refused:?}");
    }
    assert!(house.json(&["outbox", "list", "--all"]).is_empty(), "nothing was stored");
    let unknown = house.run(&["reply", "999999", "--offline", "--text", "x", "--cc", "a@b.c"]);
    assert!(unknown.code == 1 && unknown.err.contains("not in the cache"), "{unknown:?}");
}
