//! Attachments without a screen: listed, saved to the byte, and never fetched from a stranger unasked.

use super::House;
use std::os::unix::fs::PermissionsExt;

/// A case whose mails carry a photo, and what is said of its files.
fn with_files(house: &House) -> (String, Vec<serde_json::Value>) {
    let mails = house.json(&["list", "channel:email", "--all"]);
    let found = mails.iter().find_map(|case| {
        let id = case["id"].to_string();
        let files = house.json(&["attachments", &id]);
        (!files.is_empty()).then_some((id, files))
    });
    found.expect("no mail of the demo has a file")
}

#[test]
fn files_of_the_demo_are_listed_and_saved_to_the_byte() {
    let mut house = House::of(120);
    let (id, files) = with_files(&house);
    let first = &files[0];
    assert!(first["n"] == 1 && first["url"].as_str().unwrap().starts_with("/api/v1/mail/attachment/"), "{first}");
    let plain = house.run(&["attachments", &id]);
    assert!(plain.out.contains(first["name"].as_str().unwrap()), "{}", plain.out);
    let folder = house.home().join("there");
    let saved = house.json(&["attachments", &id, "--save", folder.to_str().unwrap()]);
    assert_eq!(saved.len(), files.len());
    let path = std::path::PathBuf::from(saved[0]["saved"].as_str().unwrap());
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(Some(bytes.len() as u64), first["size"].as_u64());
    assert!(bytes.starts_with(if first["type"] == "image/jpeg" { b"\xFF\xD8\xFF" } else { b"%PDF" }));
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    // Again: beside it, below the home where no folder is said.
    let again = house.run(&["attachments", &id, "--save", "--only", "1"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.starts_with("saved ") && house.home().join("downloads").is_dir(), "{again:?}");
    let wrong = house.run(&["attachments", &id, "--only", "99"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    // Without the server the list is there, the bytes are not.
    house.stop();
    assert_eq!(house.json(&["attachments", &id, "--offline"]), files);
    let away = house.run(&["attachments", &id, "--save", "--json"]);
    assert_eq!((away.code, away.lines()[0]["saved"].is_null()), (1, true), "{away:?}");
}
