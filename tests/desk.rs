//! A desk that is left and come back to, with an editor, keys and mails of its own, in a real terminal: what was typed reaches the
//! server as it was typed, and what was read is known after a restart.

use crate::hostile::oracle;
use crate::session::{rows, thread};
use crate::terminal::Terminal;
use std::path::{Path, PathBuf};

const DEMO: [&str; 7] = ["demo", "--quiet", "--seed", "7", "--cases", "60", "--dir"];

fn desk(folder: &Path, more: &[(&str, &str)]) -> Terminal {
    let quick = [("CASELOAD_TIME_SCALE", "0.05"), ("COLORTERM", "truecolor")];
    let mut desk = Terminal::start(&[&DEMO[..], &[folder.to_str().unwrap()]].concat(), &[&quick[..], more].concat(), folder, (120, 40));
    desk.shows("● live");
    desk
}

fn script(folder: &Path, name: &str, body: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let file = folder.join(name);
    std::fs::write(&file, format!("#!/bin/sh\n{body}\n")).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o700)).unwrap();
    file
}

/// What the program says of a config it does not take, and how it ends.
fn refused(folder: &Path, config: &Path) -> (Option<i32>, String) {
    let refused = crate::cli::bare(folder).env("CASELOAD_CONFIG", config).arg("list").output().unwrap();
    (refused.status.code(), String::from_utf8(refused.stderr).unwrap())
}

/// What the scripts say arrives as words, and nothing else reaches the terminal than what the program itself sends.
fn assert_tame(raw: &[u8]) {
    assert!(raw.windows(5).any(|window| window == b"owned"));
    let seen = oracle::read(raw);
    assert!(seen.leaks.is_empty(), "{:?}", seen.leaks);
}

/// Gives all that the terminal was sent.
fn leave(mut desk: Terminal) -> Vec<u8> {
    desk.press("\x1b").until("nothing is written", |screen| !screen.contains("Ctrl-s send"));
    desk.press("\x1b").until("the list in focus", |screen| ["┏ All", "┏ Mine", "┏ Queue"].iter().any(|title| screen.contains(title)));
    desk.press("q");
    assert_eq!(desk.ended(), 0);
    desk.raw()
}

#[test]
fn a_mail_goes_to_whom_its_head_says() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let mut desk = desk(folder, &[]);
    desk.press("7").shows("[All]");
    desk.press("/channel:mail status:active\r").until("a mail", |screen| screen.contains("· mail ·"));
    let case = thread(&desk.press("\r").until("the thread in focus", |screen| screen.contains("┏ #"))).unwrap();
    desk.press("r").shows("Ctrl-s sends it");
    desk.press("\x18m").shows("subject Re: ");
    desk.press(", other@shop.example").shows("other@shop.example");
    desk.press("\t").press("boss@shop.example, Ann <ann@shop.example>").press("\t").press("audit@shop.example");
    desk.press("\t\x15").press("A new subject").shows("A new subject");
    desk.press("\r").press("it is on its way").shows("it is on its way");
    desk.press("\x13")
        .until("sent", |screen| screen.contains("it is on its way") && ["Ctrl-s send", "outbox ", "held"].iter().all(|word| !screen.contains(word)));
    let at = |path: &str| rows(folder, &format!("SELECT json_extract(mail, '{path}') || '' FROM messages WHERE case_id = {case} ORDER BY id DESC LIMIT 1"));
    let receivers = |field: &str| {
        let newest = format!("(SELECT mail FROM messages WHERE case_id = {case} ORDER BY id DESC LIMIT 1)");
        rows(folder, &format!("SELECT json_extract(value, '$.Email') FROM json_each({newest}, '$.{field}')"))
    };
    assert_eq!((at("$.subject"), at("$.textBody")), (vec!["A new subject".to_owned()], vec!["it is on its way".to_owned()]));
    let customer = rows(folder, &format!("SELECT c.email FROM cases JOIN contacts c ON c.id = contact_id WHERE cases.id = {case}")).remove(0);
    assert_eq!(receivers("to"), [customer, "other@shop.example".to_owned()]);
    assert_eq!(receivers("cc"), ["boss@shop.example", "ann@shop.example"]);
    assert_eq!(receivers("bcc"), ["audit@shop.example"]);
    leave(desk);
}

#[test]
fn what_came_while_one_was_away_is_marked_until_it_was_read() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let mut first = desk(folder, &[]);
    first.press("2").shows("[Mine");
    let case = thread(&first.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some())).unwrap();
    first.until("its messages", |screen| !screen.contains("not read yet"));
    first.press("\r").until("the thread in focus", |screen| screen.contains(&format!("┏ #{case}")));
    leave(first);
    // The customer writes.
    let db = rusqlite::Connection::open(folder.join("server.db")).unwrap();
    let now = chrono::Utc::now().timestamp_millis();
    db.execute(
        "INSERT INTO messages (case_id, thread_id, contact_id, channel, sender_type, sender_id, type, message, date_created) \
         SELECT id, thread_id, contact_id, 'chat', 'contact', contact_id, 'message', 'are you still there?', ?2 FROM cases WHERE id = ?1",
        (case, now),
    )
    .unwrap();
    db.execute("UPDATE cases SET date_updated = ?2, last_message = (SELECT max(id) FROM messages WHERE case_id = ?1) WHERE id = ?1", (case, now)).unwrap();
    drop(db);

    let mut second = desk(folder, &[]);
    second.press(&format!(":{case}\r")).shows("are you still there?");
    let screen = second.shows("new since you last looked");
    let lines: Vec<&str> = screen.lines().collect();
    let rule = lines.iter().position(|line| line.contains("new since you last looked")).unwrap();
    let words = lines.iter().position(|line| line.contains("are you still there?")).unwrap();
    // The rule, who says it, and the words; and no other rule.
    assert_eq!((words - rule, screen.matches("new since you last looked").count()), (2, 1), "{screen}");
    leave(second);

    let mut third = desk(folder, &[]);
    third.press(&format!(":{case}\r")).until("the thread in focus", |screen| screen.contains(&format!("┏ #{case}")));
    let screen = third.shows("are you still there?");
    assert!(!screen.contains("new since you last looked"), "{screen}");
    leave(third);
}

#[test]
fn what_an_editor_leaves_is_text_whatever_it_is_and_however_it_ended() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let evil = script(folder, "evil", r#"printf 'kept \033[2J\033]0;owned\007\342\200\256 here' > "$1"; exit 1"#);
    let mut first = desk(folder, &[("EDITOR", evil.to_str().unwrap()), ("NO_COLOR", "1")]);
    first.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    first.press("r").shows("Ctrl-s sends it");
    first.press("\x0f").shows("kept ");
    let screen = first.shows(" here");
    assert!(screen.contains("Ctrl-s sends it"), "it is still the box:\n{screen}");
    assert_tame(&leave(first));

    let mut second = desk(folder, &[("EDITOR", "/nowhere/at-all")]);
    second.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    second.press("r").shows(" here");
    second.press(" and more").shows("and more");
    second.press("\x0f").shows("/nowhere/at-all");
    second.shows("and more");
    leave(second);
}

#[test]
fn keys_of_ones_own_are_obeyed_and_found_and_wrong_ones_are_refused_with_their_line() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let config = folder.join("own.toml");
    std::fs::write(&config, "[keys.list]\nf8 = \"close\"\ne = \"none\"\n").unwrap();
    let path = [("CASELOAD_CONFIG", config.to_str().unwrap())];
    let mut first = desk(folder, &path);
    first.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    first.press("e").shows("e means nothing here");
    // Ctrl-k, and F8 as terminals send it.
    first.press("\x0bclose the").until("the action with its key", |screen| screen.lines().any(|line| line.contains("F8") && line.contains("close")));
    first.press("\x1b").until("the list", |screen| !screen.contains("close the"));
    first.press("\x1b[19~").shows("closed #");
    first.press("q");
    first.ended();

    std::fs::write(&config, "[keys.list]\nf8 = \"close\"\n\nf9 = \"fly\"\n").unwrap();
    let (code, said) = refused(folder, &config);
    assert!(code == Some(2) && said.contains("own.toml:4: no action is called 'fly'"), "{said}");
}

#[test]
fn a_command_of_ones_own_is_told_the_case_and_its_words_are_only_text() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let track = script(folder, "track", r#"cat > "$0.in"; printf 'on its way \033]0;owned\007\342\200\256 now\nsecond line\n'"#);
    let config = folder.join("own.toml");
    let entry = |keys: &str| format!("[[command]]\nname = \"track\"\nkeys = \"{keys}\"\nrun = [{:?}]\noutput = \"screen\"\n", track.to_str().unwrap());
    std::fs::write(&config, entry("gt")).unwrap();
    let path = [("CASELOAD_CONFIG", config.to_str().unwrap())];
    let mut desk = desk(folder, &[&path[..], &[("NO_COLOR", "1")]].concat());
    desk.press("2").shows("[Mine");
    let case = thread(&desk.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some())).unwrap();
    desk.press("gt").shows(&format!("track · #{case}"));
    let screen = desk.shows("second line");
    assert!(screen.contains("on its way"), "{screen}");
    desk.press("q").until("the list", |screen| screen.contains("┏ Mine"));
    let given: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder.join("track.in")).unwrap()).unwrap();
    assert_eq!(given["command"], "track");
    assert!(given.to_string().contains(&format!("\"caseId\":{case}")), "{given}");
    assert_tame(&leave(desk));

    for (keys, why) in [("e", "e means something in the list"), ("gi", "gi means something"), ("Ctrl-c", "Ctrl-c"), ("xy", "begins with no key")] {
        std::fs::write(&config, entry(keys)).unwrap();
        let (code, said) = refused(folder, &config);
        assert!(code == Some(2) && said.contains("own.toml:2") && said.contains("command 'track': keys: ") && said.contains(why), "{keys}: {said}");
    }
}
