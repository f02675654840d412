//! What is stored and not sent: it is said, listed, sent later, or dropped.

use super::House;

#[test]
fn what_is_said_offline_goes_out_with_the_next_sync_once() {
    let mut house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    house.run(&["show", &id]);
    house.stop();
    let said = house.run(&["reply", &id, "--json", "--text", "written on a plane"]);
    assert_eq!((said.code, &said.only()["state"]), (75, &"queued".into()), "{said:?}");
    let closed = house.run(&["close", &id, "--json"]);
    assert_eq!(closed.code, 75, "{closed:?}");
    let waiting = house.json(&["outbox", "list"]);
    assert_eq!(waiting.len(), 2);
    assert_eq!((&waiting[0]["text"], &waiting[0]["twins"], &waiting[0]["kind"]), (&"written on a plane".into(), &0.into(), &"reply".into()));
    assert!(waiting.iter().all(|op| op["op_id"].is_string() && op.get("cause").is_some()));
    let case = house.json(&["list", "--all", "--offline"]).into_iter().find(|case| super::is(case, &id)).unwrap();
    assert_eq!(case["status"], "closed", "shown = confirmed + pending");
    assert_ne!(house.run(&["sync"]).code, 0, "the server is away");
    house.start();
    let sync = house.run(&["sync"]);
    assert_eq!(sync.code, 0, "{sync:?}");
    assert_eq!(house.json(&["outbox", "list"]), Vec::<serde_json::Value>::new());
    let shown = house.json(&["show", &id]).remove(0);
    let there = shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == "written on a plane").count();
    assert_eq!((there, &shown["cases"].as_array().unwrap().last().unwrap()["status"]), (1, &"closed".into()));
    let all = house.json(&["outbox", "list", "--all"]);
    assert!(all.len() == 2 && all.iter().all(|op| op["state"] == "sent"), "{all:?}");
}

#[test]
fn offline_keeps_a_change_and_drop_takes_it_back() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    let said = house.run(&["note", &id, "--offline", "--json", "--text", "not yet"]);
    assert_eq!(said.code, 75, "{said:?}");
    let op = said.only()["op_id"].as_str().unwrap().to_owned();
    let dropped = house.run(&["outbox", "drop", &op, "--offline", "--json"]);
    assert_eq!((dropped.code, &dropped.only()["state"]), (0, &"cancelled".into()), "{dropped:?}");
    assert!(house.json(&["outbox", "list"]).is_empty());
    let next = house.run(&["note", &id, "--offline", "--json", "--text", "for later"]).only()["op_id"].as_str().unwrap().to_owned();
    let drafted = house.run(&["outbox", "resolve", &next, "draft", "--json"]);
    assert_eq!((drafted.code, &drafted.only()["state"]), (0, &"cancelled".into()), "{drafted:?}");
    let third = house.run(&["reply", &id, "--offline", "--json", "--text", "for colleagues"]).only()["op_id"].as_str().unwrap().to_owned();
    let noted = house.run(&["outbox", "resolve", &third, "note", "--json"]).only();
    assert_eq!((&noted["kind"], &noted["state"]), (&"note".into(), &"sent".into()), "{noted}");
    let messages = house.json(&["show", &id]).remove(0)["messages"].clone();
    let said: Vec<_> =
        messages.as_array().unwrap().iter().filter(|message| message["message"] == "for colleagues").map(|message| message["type"].clone()).collect();
    assert_eq!(said, ["note"]);
    let again = house.run(&["outbox", "drop", &op]);
    assert_eq!(again.code, 1, "{again:?}");
}

#[test]
fn a_reply_to_a_closed_case_waits_for_the_agent_who_can_reopen_it() {
    let house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    assert_eq!(house.run(&["close", &id]).code, 0);
    let late = house.run(&["reply", &id, "--json", "--text", "one more thing"]);
    assert_eq!((late.code, &late.only()["state"]), (75, &"needs_review".into()), "{late:?}");
    let op = late.only()["op_id"].as_str().unwrap().to_owned();
    let resolved = house.run(&["outbox", "resolve", &op, "reopen", "--json"]);
    assert_eq!((resolved.code, &resolved.only()["state"]), (0, &"sent".into()), "{resolved:?}");
    let shown = house.json(&["show", &id]).remove(0);
    assert_eq!(shown["cases"].as_array().unwrap().len(), 2);
    assert_eq!(shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == "one more thing").count(), 1);
    assert!(house.json(&["outbox", "list"]).is_empty());
}

#[test]
fn two_syncs_at_once_send_once() {
    let house = House::of(30);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    for n in 0..5 {
        assert_eq!(house.run(&["reply", &id, "--offline", "--text", &format!("number {n}")]).code, 75);
    }
    let mut both = [house.command(), house.command()].map(|mut command| command.arg("sync").spawn().unwrap());
    for sync in &mut both {
        assert!(sync.wait().unwrap().success());
    }
    let shown = house.json(&["show", &id]).remove(0);
    let texts: Vec<_> = shown["messages"].as_array().unwrap().iter().filter_map(|message| message["message"].as_str()?.strip_prefix("number ")).collect();
    assert_eq!(texts, ["0", "1", "2", "3", "4"]);
}

#[test]
fn a_reply_that_was_killed_while_it_was_sent_is_there_once_after_a_sync() {
    let mut house = House::of(30);
    let ids: Vec<_> = house.json(&["list", "mine"]).iter().map(|case| case["id"].to_string()).collect();
    let slow = Slow::before(&house);
    for (n, id) in ids.iter().take(3).enumerate() {
        let text = format!("killed {n}");
        let mut reply = house.command().env("CASELOAD_URL", &slow.url).args(["note", id, "--text", &text]).spawn().unwrap();
        slow.wait_for_a_change();
        reply.kill().unwrap();
        reply.wait().unwrap();
    }
    // The outbox belongs to the address it was written for.
    house.url.clone_from(&slow.url);
    let sync = house.said(house.command().arg("sync").env("CASELOAD_TIME_SCALE", "0.2"), "");
    assert_eq!(sync.code, 0, "{sync:?}");
    assert_eq!(house.json(&["outbox", "list"]), Vec::<serde_json::Value>::new());
    for (n, id) in ids.iter().take(3).enumerate() {
        let shown = house.json(&["show", id]).remove(0);
        let there = shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == format!("killed {n}")).count();
        assert_eq!(there, 1, "{n}");
    }
}

#[test]
fn a_case_that_was_never_read_can_be_answered_without_the_server() {
    let mut house = House::of(40);
    let id = house.json(&["list", "mine", "channel:chat"]).remove(0)["id"].to_string();
    std::fs::remove_dir_all(house.home()).unwrap();
    house.stop();
    for args in [&["reply", &id, "--text", "from nowhere", "--json"][..], &["note", &id, "--text", "to nobody", "--offline", "--json"]] {
        let said = house.run(args);
        assert_eq!((said.code, &said.only()["state"]), (75, &"queued".into()), "{said:?}");
    }
    assert_eq!(house.run(&["delete", &id, "1"]).code, 1);
    house.start();
    assert_eq!(house.run(&["delete", &id, "1"]).code, 1, "there is no such message");
    assert_eq!(house.run(&["reply", "999999999", "--text", "x"]).code, 1, "there is no such case");
    assert_eq!(house.run(&["sync"]).code, 0);
    let shown = house.json(&["show", &id]).remove(0);
    let texts: Vec<_> = shown["messages"].as_array().unwrap().iter().filter_map(|message| message["message"].as_str()).collect();
    assert!(texts.ends_with(&["from nowhere", "to nobody"]), "{texts:?}");
}

/// Stands before the server and takes its time with changes.
struct Slow {
    url: String,
    changes: std::sync::mpsc::Receiver<()>,
}

impl Slow {
    fn before(house: &House) -> Self {
        let door = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", door.local_addr().unwrap());
        let server = house.account().0.trim_start_matches("http://").to_owned();
        let (tell, changes) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for caller in door.incoming().flatten() {
                let (server, tell) = (server.clone(), tell.clone());
                std::thread::spawn(move || pass(&caller, &server, &tell));
            }
        });
        Self { url, changes }
    }

    fn wait_for_a_change(&self) {
        self.changes.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    }
}

/// Hands on what comes, a change only after a while, and the answers.
fn pass(mut caller: &std::net::TcpStream, server: &str, tell: &std::sync::mpsc::Sender<()>) {
    use std::io::{Read, Write};
    let Ok(mut behind) = std::net::TcpStream::connect(server) else { return };
    let (mut answers, mut back) = (behind.try_clone().unwrap(), caller.try_clone().unwrap());
    std::thread::spawn(move || drop(std::io::copy(&mut answers, &mut back)));
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = caller.read(&mut bytes) {
        if bytes.starts_with(b"POST") {
            let _test_is_over = tell.send(());
            std::thread::sleep(std::time::Duration::from_millis(300));
        }
        if behind.write_all(&bytes[..count]).is_err() {
            return;
        }
    }
    drop(behind.shutdown(std::net::Shutdown::Write));
}
