//! A server that goes away and comes back under an inbox that stays; and the terminal as every way out leaves it.

use crate::cli::House;
use crate::session::thread;
use crate::terminal::Terminal;

/// Long enough for keys to come before the undo window ends, short enough to wait for a poll.
const SCALE: &str = "0.1";

fn inbox(house: &House, size: (u16, u16)) -> Terminal {
    let (url, key) = house.account();
    let environment = [("CASELOAD_URL", url), ("CASELOAD_API_KEY", key), ("CASELOAD_TIME_SCALE", SCALE)];
    Terminal::start(&[], &environment, &house.home(), size)
}

fn said(house: &House, case: i64) -> Vec<String> {
    let shown = house.json(&["show", &case.to_string()]);
    let messages = shown[0]["messages"].as_array().unwrap();
    messages.iter().filter(|message| message["caseId"] == case).map(|message| message["message"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn without_the_server_everything_is_read_and_queued_and_arrives_once_in_order() {
    let mut house = House::of(60);
    let mut inbox = inbox(&house, (120, 40));
    inbox.shows("● live");
    let screen = inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    let first = thread(&screen);
    house.stop();
    inbox.press("R").shows("offline");
    // What is cached is read.
    inbox.press("\r").shows("You ·");
    inbox.press("\x1b").until("the list", |screen| screen.contains("┏ Mine"));
    // What is said is kept, and shown as unsent.
    let screen = inbox.press("j").until("the next thread", |screen| thread(screen).is_some() && thread(screen) != first && screen.contains("· yours"));
    let case = thread(&screen).unwrap();
    inbox.press("r").shows("Ctrl-s sends it");
    inbox.press("first offline").press("\x13").shows("replied to");
    inbox.press("r").shows("Ctrl-s sends it");
    inbox.press("second offline").press("\x18e").shows("and closed");
    inbox.shows("outbox 3");
    inbox.press("q");
    assert_eq!(inbox.ended(), 75, "what waits is said by the exit code");
    assert!(inbox.is_restored());
    // The next start has it all, still offline, and it arrives when the server is back.
    let mut inbox = self::inbox(&house, (80, 24));
    inbox.shows("outbox 3");
    house.start();
    inbox.until("everything sent", |screen| screen.contains("● live") && !screen.contains("outbox "));
    inbox.press("q");
    assert_eq!(inbox.ended(), 0);
    let said = said(&house, case);
    let ours: Vec<_> = said.iter().filter(|text| text.ends_with(" offline")).collect();
    assert_eq!(ours, ["first offline", "second offline"]);
    assert_eq!(house.json(&["list", "closed"]).iter().filter(|row| row["id"] == case).count(), 1);
}

#[test]
fn what_happened_is_read_without_the_server_too() {
    let mut house = House::of(60);
    let mut inbox = inbox(&house, (120, 40));
    inbox.shows("● live");
    inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some());
    let told = |screen: &str| screen.contains("status changes · ") || screen.contains("── queued");
    inbox.press("\rgg").until("its timeline", told);
    inbox.press("q").press("q");
    assert_eq!(inbox.ended(), 0);
    house.stop();
    let mut inbox = self::inbox(&house, (80, 24));
    inbox.shows("offline");
    inbox.press("2").until("the same thread", |screen| screen.contains("· yours") && thread(screen).is_some());
    inbox.press("\rgg").until("its timeline", told);
    inbox.press("q").press("q");
    assert_eq!(inbox.ended(), 0);
}

#[test]
fn every_way_out_restores_the_terminal() {
    let house = House::of(12);
    for signal in ["TERM", "HUP", "INT", "QUIT"] {
        let mut inbox = inbox(&house, (80, 24));
        inbox.shows("live");
        inbox.signal(signal);
        inbox.ended();
        assert!(inbox.is_restored(), "after SIG{signal}");
    }
    for fault in ["panic-main", "panic-worker"] {
        let (url, key) = house.account();
        let environment = [("CASELOAD_URL", url), ("CASELOAD_API_KEY", key), ("CASELOAD_FAULT", fault)];
        let mut inbox = Terminal::start(&[], &environment, &house.home(), (80, 24));
        assert_ne!(inbox.ended(), 0);
        assert!(inbox.is_restored(), "after {fault}");
        let left = String::from_utf8_lossy(&inbox.raw()).into_owned();
        assert!(left.contains("fault on order") && left.contains("safe on the disk"), "{left}");
    }
    let mut inbox = inbox(&house, (40, 12));
    inbox.shows("live");
    inbox.press("\x03").shows("Ctrl-c again");
    inbox.press("\x03");
    assert_eq!(inbox.ended(), 0);
    assert!(inbox.is_restored());
}

#[test]
fn a_draft_survives_a_kill_and_a_size_of_nothing_harms_nobody() {
    let house = House::of(60);
    let mut first = inbox(&house, (120, 40));
    first.shows("● live");
    first.press("2").until("a thread of mine", |screen| screen.contains("· yours"));
    first.press("r").shows("Ctrl-s sends it");
    first.press("words that must not be lost").shows("draft saved");
    for (cols, rows) in [(1, 1), (10, 3), (300, 90), (40, 12), (120, 40)] {
        first.resize(cols, rows);
    }
    first.shows("words that must not be lost");
    first.signal("KILL");
    first.ended();
    let mut second = inbox(&house, (120, 40));
    second.shows("Queue");
    second.press("2").until("a thread of mine", |screen| screen.contains("· yours"));
    second.press("r").shows("words that must not be lost");
}

#[test]
fn without_a_terminal_it_says_so_without_escapes() {
    let house = House::alone();
    let ended = house.run(&[]);
    assert_ne!(ended.code, 0);
    assert!(ended.err.contains("terminal"), "{ended:?}");
}
