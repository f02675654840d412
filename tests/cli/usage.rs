//! Wrong arguments, wrong config, no terminal: one line, a hint, and the right code.

use super::{House, bare};

#[test]
fn wrong_arguments_are_usage() {
    let house = House::alone();
    for args in [
        &["nonsense"][..],
        &["reply", "1", "--text", ""],
        &["reply", "x", "--text", "y"],
        &["snooze", "1", "--until", "soon"],
        &["list", "status:"],
        &["sync", "--offline"],
        &["outbox", "drop", "7"],
        &["serve", "--listen", "0.0.0.0:0"],
        &["--config", "/nowhere/config.toml", "list"],
        &["show"],
        &["outbox"],
        &["keys"],
        &["completions", "tcsh"],
        &["list", "--key", "x"],
        &["assign", "1", "--to", ""],
        &["reply", "1", "--text", " "],
    ] {
        let ended = house.run(args);
        assert_eq!(ended.code, 2, "{args:?}: {ended:?}");
        assert!(ended.out.is_empty(), "{args:?}: {ended:?}");
        one_line_and_a_hint(&ended);
    }
}

fn one_line_and_a_hint(ended: &super::Ended) {
    let lines: Vec<_> = ended.err.lines().collect();
    let [what, hint] = lines[..] else { panic!("{ended:?}") };
    assert!(what.strip_prefix("caseload: ").is_some_and(|what| !what.starts_with(|c: char| c.is_uppercase())), "{ended:?}");
    assert!(hint.strip_prefix("hint: ").is_some_and(|hint| !hint.is_empty()), "{ended:?}");
}

#[test]
fn where_nothing_can_be_known_one_line_says_so() {
    let house = House::alone();
    for args in [&["list"][..], &["search", "x"], &["export"], &["show", "4041"], &["sync"], &["reopen", "4041"], &["edit", "4041", "1", "--text", "x"]] {
        let ended = house.run(args);
        assert!(ended.code == 1 && ended.out.is_empty(), "{args:?}: {ended:?}");
        one_line_and_a_hint(&ended);
        let url = house.said(house.command().args(args).env("CASELOAD_URL", "http://example.com"), "");
        one_line_and_a_hint(&url);
        assert!(url.code == 1 && url.err.matches("hint: ").count() == 1, "{url:?}");
    }
    for args in [&["list"][..], &["search", "x"], &["export"], &["outbox", "list"]] {
        let ended = house.run(&[args, &["--offline"]].concat());
        assert!((ended.code, ended.out.as_str(), ended.err.as_str()) == (0, "", ""), "{args:?}: {ended:?}");
    }
}

#[cfg(unix)]
#[test]
fn arguments_that_are_no_text_and_odd_knobs_are_usage() {
    use std::os::unix::ffi::OsStrExt;
    let house = House::alone();
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    for args in [&["show"][..], &["reply", "1", "--text"], &["search"], &["outbox", "drop"], &[]] {
        let ended = house.said(house.command().args(args).arg(odd), "");
        assert_eq!(ended.code, 2, "{args:?}: {ended:?}");
        one_line_and_a_hint(&ended);
    }
    for scale in ["x", "0", "nan", "1e300", "-1"] {
        let ended = house.said(house.command().arg("list").env("CASELOAD_TIME_SCALE", scale), "");
        assert_eq!(ended.code, 2, "{scale}: {ended:?}");
    }
    std::fs::create_dir_all(house.home()).unwrap();
    std::fs::write(house.home().join("config.toml"), format!("{} = 1\n", "a".repeat(200_000))).unwrap();
    let ended = house.run(&["list"]);
    assert!(ended.code == 2 && ended.err.len() < 1000, "{}", ended.err.len());
}

#[test]
fn what_was_typed_wrong_is_not_obeyed_by_the_terminal() {
    let house = House::alone();
    for args in [&["\u{1b}]0;title\u{7}"][..], &["show", "\u{1b}[31m"], &["list", "\u{9b}31m\u{202e}", "status:"], &["--config", "\u{1b}c", "list"]] {
        let ended = house.run(args);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(!ended.err.contains('\u{202e}'), "{ended:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_server_ends_when_it_is_asked_to() {
    let mut house = House::of(10);
    let mut server = house.server.take().unwrap();
    assert!(std::process::Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    assert!(server.wait().unwrap().success());
    house.start();
    assert_eq!(house.json(&["list", "--all"]).len(), 10);
}

#[test]
fn without_a_server_or_a_terminal_it_says_what_to_do() {
    let home = tempfile::tempdir().unwrap();
    let house = House::alone();
    let bare = |args: &[&str]| house.said(bare(home.path()).args(args), "");
    let ended = bare(&["list"]);
    assert!(ended.code == 2 && ended.err.starts_with("caseload: no case server is set\nhint: "), "{ended:?}");
    for args in [&[][..], &["demo"]] {
        for term in ["xterm-256color", "dumb"] {
            let ended = house.said(super::bare(home.path()).args(args).env("TERM", term), "");
            assert!(ended.code != 0 && ended.out.is_empty() && ended.err.starts_with("caseload: "), "{ended:?}");
        }
    }
    let doctor = bare(&["doctor", "--json"]);
    assert!(doctor.code == 1 && doctor.lines().iter().any(|check| check["ok"] == false), "{doctor:?}");
}

#[test]
fn the_config_is_written_read_and_its_faults_are_named() {
    let house = House::alone();
    assert_eq!(house.run(&["config", "init"]).code, 0);
    assert_eq!(house.run(&["config", "init"]).code, 1, "never over a file that is there");
    let path = house.run(&["config", "path"]).out.trim().to_owned();
    assert_eq!(std::path::Path::new(&path), house.home().join("config.toml"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), include_str!("../../config.example.toml"));
    let shown = house.run(&["config", "show"]);
    assert!(shown.out.contains("undo_send = \"10s\"") && shown.out.contains(&house.url), "{shown:?}");
    std::fs::write(&path, "\nulr = \"x\"\n").unwrap();
    let ended = house.run(&["list"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("config.toml:2: unknown field 'ulr'\nhint: did you mean 'url'?"), "{ended:?}");
}

#[test]
fn keys_are_made_listed_and_revoked() {
    let mut house = House::alone();
    let database = house.home().join("server.db").display().to_string();
    let keys = |args: &[&str]| house.run(&[&["keys"], args, &["--database", &database, "--json"]].concat());
    std::fs::create_dir_all(house.home()).unwrap();
    let made = keys(&["create", "--name", "reports", "--user", "7", "--user-name", "Ola", "--permission", "chat", "--permission", "voip"]).only();
    let secret = made["key"].as_str().unwrap().to_owned();
    let listed = keys(&["list"]);
    assert!(!listed.out.contains(&secret), "{listed:?}");
    assert_eq!((&listed.only()["id"], &listed.only()["userId"]), (&made["id"], &7.into()));
    assert_eq!(listed.only()["permissions"], serde_json::json!(["Chat", "VoIP"]));
    let refused = keys(&["create", "--name", "more", "--user", "7", "--permission", "everything"]);
    assert!(refused.code == 2 && refused.err.contains("knowledge-base"), "{refused:?}");
    assert_eq!(keys(&["list"]).lines().len(), 1, "a key with an unknown area was not made");
    let id = made["id"].as_str().unwrap().to_owned();
    assert_eq!(keys(&["revoke", &id]).code, 0);
    assert!(!keys(&["list"]).only()["dateRevoked"].is_null());
    assert_eq!(keys(&["revoke", "nothing"]).code, 1);
    house.stop();
}

#[test]
fn completions_are_printed_for_every_shell() {
    let house = House::alone();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ended = house.run(&["completions", shell]);
        assert!(ended.code == 0 && ended.out.contains("caseload"), "{shell}");
    }
}
