//! The program itself on a disk that takes nothing more, and on a damaged outbox: what it says, and that it says the truth.
#![expect(clippy::disallowed_methods, reason = "the tests look into the files")]

use crate::cli::{House, bare};
use crate::terminal::Terminal;
use serde_json::Value;
use std::fs;
use std::process::Command;

/// The program where no file may grow beyond so many blocks of 512 bytes. Its limit ends a program that does not see to it.
fn limited(house: &House, blocks: u64, args: &[&str]) -> Command {
    let (url, key) = house.account();
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -f {blocks}; exec \"$@\"")).arg("sh").arg(env!("CARGO_BIN_EXE_caseload")).args(args);
    command.env_clear().env("CASELOAD_HOME", house.home()).env("CASELOAD_URL", url).env("CASELOAD_API_KEY", key);
    command
}

#[test]
fn a_full_disk_queues_nothing_shows_what_is_there_and_is_over_when_it_is_over() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    let shown = house.json(&["show", &id]);
    let mut stored = 0;
    for blocks in [0, 1, 8, 64, 70, 80, 128] {
        let text = format!("on a full disk {blocks} {}", "and on ".repeat(2000));
        let reply = house.said(&mut limited(&house, blocks, &["reply", &id, "--offline", "--text", &text]), "");
        let list = house.json(&["outbox", "list"]);
        stored += usize::from(reply.code == 75);
        assert_eq!(list.len(), stored, "{blocks}: what is said to be stored is, and nothing else: {reply:?}");
        assert!(reply.code == 75 || reply.code == 1 && reply.err.contains("the disk is "), "{blocks}: {reply:?}");
        for args in [&["list", "--offline", "--json"][..], &["list", "--json"], &["show", &id, "--json"], &["outbox", "list", "--json"]] {
            let read = house.said(&mut limited(&house, blocks, args), "");
            assert_eq!(read.code, 0, "{blocks}: {args:?}: {read:?}");
        }
        let again = house.said(&mut limited(&house, blocks, &["show", &id, "--json", "--offline"]), "").only();
        assert!(again["messages"].as_array().map(Vec::len) >= shown[0]["messages"].as_array().map(Vec::len), "{blocks}");
    }
    assert_eq!(house.run(&["reply", &id, "--offline", "--text", "there is room"]).code, 75);
    assert_eq!(house.json(&["outbox", "list"]).len(), stored + 1);
}

#[test]
fn a_damaged_outbox_is_said_kept_and_recovered() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    for n in 0..12 {
        assert_eq!(house.run(&["note", &id, "--offline", "--text", &format!("number {n} {}", "words ".repeat(300))]).code, 75);
    }
    let outbox = house.home().join("data/outbox.db");
    let mut bytes = fs::read(&outbox).unwrap();
    let middle = bytes.len() / 8192 * 4096;
    bytes[middle..middle + 4096].fill(0x55);
    fs::write(&outbox, &bytes).unwrap();
    for args in [&["outbox", "list"][..], &["list"], &["sync"], &["reply", &id, "--text", "now"], &["doctor"]] {
        let said = house.run(args);
        assert_eq!(said.code, 1, "{args:?}: {said:?}");
        let all = said.out + &said.err;
        assert!(all.contains("outbox.db is damaged") && all.contains("caseload outbox recover") && all.contains("outbox.recovered.db"), "{args:?}: {all}");
        assert!(fs::read(&outbox).unwrap() == bytes, "{args:?}");
    }
    let recovered = house.run(&["outbox", "recover"]);
    assert_eq!(recovered.code, 0, "{recovered:?}");
    let kept = fs::read_dir(house.home().join("data")).unwrap().map(|entry| entry.unwrap().path());
    let kept = kept.filter(|path| path.display().to_string().contains("outbox.damaged-")).find(|path| path.extension().is_some_and(|end| end == "db"));
    assert!(fs::read(kept.unwrap()).unwrap() == bytes);
    let list = house.json(&["outbox", "list"]);
    let texts = list.iter().filter_map(|op| op["text"].as_str()).map(str::to_owned).chain(drafts(&outbox)).collect::<Vec<_>>().concat();
    assert!((0..12).all(|n| texts.contains(&format!("number {n} "))), "{texts}");
    let again = house.run(&["outbox", "recover"]);
    assert!(again.code == 1 && again.err.contains("nothing to recover"), "{again:?}");
}

fn drafts(outbox: &std::path::Path) -> Vec<String> {
    let db = rusqlite::Connection::open(outbox).unwrap();
    let mut select = db.prepare("SELECT doc FROM draft").unwrap();
    let docs = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    docs.map(|doc| serde_json::from_str::<Value>(&doc.unwrap()).unwrap()["text"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_inbox_whose_cache_is_deleted_reads_everything_again() {
    let home = tempfile::tempdir().unwrap();
    let args = ["demo", "--quiet", "--seed", "7", "--cases", "60", "--dir", home.path().to_str().unwrap()];
    let mut inbox = Terminal::start(&args, &[("CASELOAD_TIME_SCALE", "0.05")], home.path(), (120, 40));
    inbox.shows("Queue");
    inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours"));
    let cache = home.path().join("data/cache.db");
    fs::remove_file(&cache).unwrap();
    let whole = |path: &std::path::Path| {
        let db = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        db.query_row("SELECT count(*) FROM meta WHERE key = 'snapshot'", [], |row| row.get::<_, i64>(0))
    };
    inbox.press("j").press("k");
    inbox.until("a cache that is whole", |screen| whole(&cache).is_ok_and(|count| count == 1) && screen.contains("· yours"));
    inbox.press("r").shows("Ctrl-s sends it");
    inbox.press("after all").press("\x13").until("the reply was sent", |screen| screen.contains("after all") && !screen.contains("outbox "));
    inbox.press("\x1b").press("q");
    assert_eq!(inbox.ended(), 0);
}

#[test]
fn without_an_account_the_recovery_says_what_is_missing() {
    let home = tempfile::tempdir().unwrap();
    let output = bare(home.path()).args(["outbox", "recover"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
