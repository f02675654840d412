//! The inbox and the command line at the same outbox: one of them sends, both see the truth, and nothing goes out twice.

use crate::cli::House;
use crate::terminal::Terminal;
use std::process::Stdio;

fn inbox(house: &House) -> Terminal {
    let (url, key) = house.account();
    let environment = [("CASELOAD_URL", url), ("CASELOAD_API_KEY", key), ("CASELOAD_TIME_SCALE", "0.1")];
    Terminal::start(&[], &environment, &house.home(), (120, 40))
}

fn times(house: &House, case: i64, text: &str) -> usize {
    let shown = house.json(&["show", &case.to_string()]);
    shown[0]["messages"].as_array().unwrap().iter().filter(|message| message["message"] == text).count()
}

#[test]
fn a_command_says_it_through_the_inbox_that_is_open_and_both_know() {
    let house = House::of(40);
    let mut inbox = inbox(&house);
    inbox.shows("● live");
    let screen = inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours") && crate::session::thread(screen).is_some());
    let case = crate::session::thread(&screen).unwrap();
    let said = house.run(&["reply", &case.to_string(), "--json", "--text", "from the command line"]);
    assert_eq!((said.code, &said.only()["state"]), (0, &"sent".into()), "{said:?}");
    inbox.shows("from the command line");
    // The inbox says something itself, and the command line sees it wait.
    inbox.press("i").shows("Ctrl-s");
    inbox.press("said in the inbox").press("\x13").shows("noted on");
    let waiting = house.json(&["outbox", "list", "--all"]);
    assert!(waiting.iter().any(|op| op["text"] == "said in the inbox"), "{waiting:?}");
    inbox.until("everything sent", |screen| !screen.contains("outbox "));
    assert_eq!((times(&house, case, "from the command line"), times(&house, case, "said in the inbox")), (1, 1));
    inbox.press("\x1b").press("\x1bq");
    assert_eq!(inbox.ended(), 0);
}

#[test]
fn when_the_one_that_sends_is_killed_the_other_takes_over() {
    let mut house = House::of(40);
    let mut first = inbox(&house);
    let screen = first
        .press("2")
        .until("a thread of mine", |screen| screen.contains("● live") && screen.contains("· yours") && crate::session::thread(screen).is_some());
    let case = crate::session::thread(&screen).unwrap();
    let mut second = inbox(&house);
    second.shows("● live");
    house.stop();
    let offline = house.command().args(["reply", &case.to_string(), "--offline", "--text", "left behind"]).stdout(Stdio::null()).status().unwrap();
    assert_eq!(offline.code(), Some(75));
    first.shows("outbox 1");
    second.shows("outbox 1");
    first.signal("KILL");
    first.ended();
    house.start();
    second.until("everything sent", |screen| screen.contains("● live") && !screen.contains("outbox "));
    assert_eq!(times(&house, case, "left behind"), 1);
    second.press("q");
    assert_eq!(second.ended(), 0);
}
