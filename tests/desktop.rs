//! What leaves the inbox for the rest of the machine: an attachment on the disk, a link for the browser, a copy for the
//! clipboard. The real binary in a real terminal, with programs of ours in the place of the desktop's.

use crate::session::thread;
use crate::terminal::Terminal;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A program that writes down its arguments, its environment and what it reads.
fn program(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let script = format!("#!/bin/sh\ncat > '{0}.in'\nenv > '{0}.env'\nprintf '%s\\n' \"$@\" > '{0}.new'\nmv '{0}.new' '{0}.args'\n", path.display());
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

/// What a program left behind, once it did.
fn left(path: &Path, ending: &str) -> String {
    let args = path.with_extension("args");
    let end = Instant::now() + Duration::from_secs(30);
    while !args.exists() {
        assert!(Instant::now() < end, "{} was not run", path.display());
        std::thread::sleep(Duration::from_millis(20));
    }
    std::fs::read_to_string(path.with_extension(ending)).unwrap()
}

/// The newest case of a thread that has one mail with files, its customer, and how long the last file is.
fn with_a_file(folder: &Path) -> (i64, String, String, u64) {
    let db = rusqlite::Connection::open_with_flags(folder.join("server.db"), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let sql = "SELECT (SELECT max(id) FROM cases WHERE thread_id = m.thread_id), (SELECT name FROM contacts WHERE id = c.contact_id), m.mail
        FROM messages m JOIN cases c ON c.id = m.case_id WHERE m.mail LIKE '%ContentLength%' ORDER BY m.id DESC LIMIT 1";
    let (case, who, mail): (i64, String, String) = db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let mail: serde_json::Value = serde_json::from_str(&mail).unwrap();
    let file = &mail["attachments"][0];
    (case, who, file["Name"].as_str().unwrap().to_owned(), file["ContentLength"].as_u64().unwrap())
}

/// Opens the thread of that case.
fn open(inbox: &mut Terminal, case: i64, who: &str) {
    inbox.shows("Queue");
    inbox.press("7").shows("[All");
    inbox.press(&format!("/{who}\r")).until("a filtered list", |screen| thread(screen).is_some());
    for _ in 0..20 {
        if thread(&inbox.until("a thread", |screen| thread(screen).is_some())) == Some(case) {
            break;
        }
        inbox.press("j");
    }
    inbox.until("the case", |screen| thread(screen) == Some(case));
    inbox.press("\r").until("the thread in focus", |screen| screen.contains("┏ #"));
}

#[test]
fn an_attachment_a_link_and_a_copy_leave_by_key() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let (opener, clip) = (program(folder, "opener"), program(folder, "clip"));
    let config = format!("open_command = ['{}', '-n']\nclipboard = ['{}']\ndownloads = '{}'\n", opener.display(), clip.display(), folder.join("got").display());
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let dir = folder.to_str().unwrap();
    let environment = [("CASELOAD_TIME_SCALE", "0.05"), ("CASELOAD_API_KEY", "canary-of-the-environment")];
    let mut inbox = Terminal::start(&["demo", "--quiet", "--seed", "7", "--cases", "120", "--dir", dir], &environment, folder, (120, 40));
    inbox.shows("Queue");
    let (case, who, name, length) = with_a_file(folder);
    open(&mut inbox, case, &who);
    // Its messages may still be on their way.
    inbox.shows("attached");
    inbox.press("s").shows("save into");
    inbox.press("/deeper\r").shows(&format!("saved {name} to ~/got/deeper"));
    let saved = folder.join("got/deeper").join(&name);
    assert_eq!(std::fs::metadata(&saved).unwrap().len(), length);
    assert_eq!(std::fs::metadata(&saved).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = std::fs::read(&saved).unwrap();
    assert!(bytes.starts_with(b"\xFF\xD8\xFF") || bytes.starts_with(b"%PDF-1.4"));
    inbox.press("s").shows("save into");
    inbox.press("\r").until("another one beside it", |screen| screen.contains(" (2).") && screen.contains("saved"));

    // A note with a link in it: shown whole, then opened, by arguments.
    inbox.press("i").shows("customer never sees");
    inbox.press("see [bank.example](https://shop.example/x?a=$(id)&b=1)\x13").shows("shop.example");
    inbox.until("the thread in focus", |screen| !screen.contains("customer never sees"));
    inbox.press("GKgl").shows("it leads to");
    inbox.shows("≠ text: it says bank.example");
    inbox.press("\r").shows("handed to the browser");
    assert_eq!(left(&opener, "args"), "-n\nhttps://shop.example/x?a=$(id\n", "a round bracket ends it, and no shell saw it");
    for (program, what) in [(&opener, "opener"), (&clip, "clip")] {
        if what == "clip" {
            inbox.press("yi").shows("copied");
        }
        assert!(!left(program, "env").contains("canary"), "{what} got the key");
    }
    assert_eq!(left(&clip, "in"), case.to_string());
    // Nothing of it went to the terminal.
    assert!(!String::from_utf8_lossy(&inbox.raw()).contains("\x1b]52"));
    inbox.press("qq");
    inbox.ended();
    assert!(inbox.is_restored());
}

#[test]
fn without_a_desktop_a_link_goes_to_the_terminal_and_too_much_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let dir = folder.to_str().unwrap();
    let environment = [("CASELOAD_TIME_SCALE", "0.05"), ("DISPLAY", ":0"), ("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")];
    let mut inbox = Terminal::start(&["demo", "--quiet", "--seed", "7", "--cases", "60", "--dir", dir], &environment, folder, (80, 24));
    inbox.shows("Queue");
    inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    inbox.press("\r").press("i").shows("customer never sees");
    inbox.press(&format!("\x1b[200~https://shop.example/1 {}\x1b[201~", "x".repeat(9_000))).shows("2 words");
    inbox.press("\x13");
    inbox.until("the thread in focus", |screen| !screen.contains("customer never sees"));
    inbox.press("GKgl").shows("no browser here");
    inbox.press("\r").shows("the link was sent to the terminal's clipboard");
    let raw = String::from_utf8_lossy(&inbox.raw()).into_owned();
    assert!(raw.contains("\x1b]52;c;aHR0cHM6Ly9zaG9wLmV4YW1wbGUvMQ=="), "the link is not in what was sent");
    inbox.press("GKym").shows("not copied: no more than 8 kB fit");
    inbox.press("\x1bq");
    inbox.ended();
}
