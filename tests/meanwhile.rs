//! What happened while a reply waited: the customer wrote, or a colleague closed the case. In a real terminal: it is not sent,
//! the pane says why, and one key decides.

use crate::cli::{House, bare};
use crate::session::thread;
use crate::terminal::Terminal;
use serde_json::{Value, json};
use std::io::{Read, Write};

fn inbox(house: &House, size: (u16, u16)) -> Terminal {
    let (url, key) = house.account();
    let environment = [("CASELOAD_URL", url), ("CASELOAD_API_KEY", key), ("CASELOAD_TIME_SCALE", "0.1")];
    Terminal::start(&[], &environment, &house.home(), size)
}

/// A reply that was composed while the server was away, by a program that was killed then. Gives its case.
fn left_behind(house: &mut House, text: &str) -> i64 {
    let mut inbox = inbox(house, (120, 40));
    inbox.shows("● live");
    inbox.press("2").shows("[Mine");
    // A chat takes a customer's message by the API; the thread has to be read before the server goes.
    inbox.press("/channel:chat\r");
    let screen = inbox.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some() && screen.contains("┏ Mine · channel:chat"));
    let case = thread(&screen).unwrap();
    inbox.press("\r").shows("You ·");
    house.stop();
    inbox.press("R").shows("offline");
    inbox.press("r").shows("Ctrl-s sends it");
    inbox.press(text).press("\x13").shows("replied to");
    inbox.shows("outbox 1");
    inbox.signal("KILL").ended();
    house.start();
    case
}

/// The customer writes, by the API as a website does it.
pub fn write(house: &House, case: i64, text: &str) {
    let (url, key) = house.account();
    let shown = house.json(&["show", &case.to_string()]).remove(0);
    let known = shown["cases"].as_array().unwrap().iter().find(|known| known["id"] == case).unwrap();
    let contact = known["contact"]["id"].as_i64().or(known["contactId"].as_i64()).unwrap();
    let body = json!({"caseId": case, "message": {"type": "message", "message": text}}).to_string();
    let host = url.trim_start_matches("http://");
    let path = format!("/api/v1/crm/messenger/chat/add-message?-x-user-type=contact&x-user-type=contact&contactId={contact}");
    let mut server = std::net::TcpStream::connect(host).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nConnection: close\r\n");
    write!(server, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    server.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// The cases that have this message.
fn places(house: &House, case: i64, text: &str) -> Vec<i64> {
    let shown = house.json(&["show", &case.to_string()]).remove(0);
    let messages = shown["messages"].as_array().unwrap().iter().filter(|message| message["message"] == text);
    messages.map(|message| message["caseId"].as_i64().unwrap()).collect()
}

fn state(house: &House) -> Vec<Value> {
    house.json(&["outbox", "list"]).into_iter().map(|op| op["state"].clone()).collect()
}

#[test]
fn a_reply_the_customer_wrote_over_waits_and_shows_what_they_wrote() {
    let mut house = House::of(40);
    let case = left_behind(&mut house, "It leaves today.");
    write(&house, case, "Forget it, the neighbour has it.");
    let mut inbox = inbox(&house, (80, 24));
    inbox.shows("1 needs you");
    inbox.press("gx").shows("┏ Outbox");
    let screen = inbox.shows("Forget it, the neighbour has it.");
    assert!(screen.contains("the customer wrote once") && screen.contains("It leaves today.") && screen.contains("a send anyway"), "{screen}");
    assert_eq!((places(&house, case, "It leaves today."), state(&house)), (vec![], vec!["needs_review".into()]));
    // On a small screen it has one of its own.
    inbox.resize(40, 12).until("the list alone", |screen| screen.contains("┏ Outbox") && !screen.contains("neighbour"));
    inbox.press(" ").shows("Forget it, the neighbour");
    inbox.press("a").until("everything sent", |screen| !screen.contains("outbox "));
    assert_eq!(places(&house, case, "It leaves today."), [case]);
    inbox.press("\x1b").until("the list", |screen| screen.contains("[Queue") || screen.contains("[Mine"));
    inbox.press("q");
    assert_eq!(inbox.ended(), 0);
}

#[test]
fn a_reply_to_a_case_closed_meanwhile_reopens_it_with_one_key_and_is_said_once() {
    let mut house = House::of(40);
    let case = left_behind(&mut house, "One more thing.");
    let colleague = tempfile::tempdir().unwrap();
    let (url, key) = house.account();
    let closed = bare(colleague.path()).env("CASELOAD_URL", url).env("CASELOAD_API_KEY", key).args(["close", &case.to_string()]).output().unwrap();
    assert!(closed.status.success(), "{closed:?}");
    let mut inbox = inbox(&house, (120, 40));
    inbox.shows("1 needs you");
    inbox.press("gx").shows("O reopen the case and say it there");
    assert_eq!(places(&house, case, "One more thing."), [0_i64; 0]);
    inbox.press("O").until("everything sent", |screen| !screen.contains("outbox ") && screen.contains("Nothing waits"));
    let there = places(&house, case, "One more thing.");
    assert!(matches!(there.as_slice(), [new] if *new != case), "{there:?} of {case}");
    let shown = house.json(&["show", &case.to_string()]).remove(0);
    assert_eq!(shown["cases"].as_array().unwrap().last().unwrap()["status"], "active");
}

#[test]
fn a_reply_that_a_colleague_was_quicker_with_waits_and_shows_their_answer() {
    let mut house = House::of(40);
    let case = left_behind(&mut house, "It leaves today.");
    let (elsewhere, key) = (tempfile::tempdir().unwrap(), house.colleague("Ada Berg"));
    let mut quicker = bare(elsewhere.path());
    quicker.env("CASELOAD_URL", house.account().0).env("CASELOAD_API_KEY", key);
    let said = quicker.args(["reply", &case.to_string(), "--text", "It left an hour ago."]).output().unwrap();
    assert!(said.status.success(), "{said:?}");
    let mut inbox = inbox(&house, (80, 24));
    inbox.shows("1 needs you");
    inbox.press("gx").shows("┏ Outbox");
    let screen = inbox.shows("It left an hour ago.");
    assert!(screen.contains("Ada Berg answered since") && screen.contains("It leaves today.") && screen.contains("a send anyway"), "{screen}");
    assert_eq!((places(&house, case, "It leaves today."), state(&house)), (vec![], vec!["needs_review".into()]));
    // Whoever begins to write there is told as well.
    inbox.press("\x1b").until("the list", |screen| screen.contains("[Queue") || screen.contains("[Mine"));
    inbox.press("2").shows("Ada ");
    inbox.press("gx").shows("┏ Outbox");
    inbox.press("a").until("everything sent", |screen| !screen.contains("outbox "));
    assert_eq!(places(&house, case, "It leaves today."), [case]);
    inbox.press("\x1bq");
    assert_eq!(inbox.ended(), 0);
}

#[test]
fn what_waits_is_edited_in_the_box_it_came_from_and_nothing_is_lost_by_leaving() {
    let mut house = House::of(40);
    let case = left_behind(&mut house, "It leaves tomorow.");
    write(&house, case, "Thank you.");
    let mut inbox = inbox(&house, (80, 24));
    inbox.shows("1 needs you");
    inbox.press("gx").shows("e edit");
    // What the customer wrote stands above the box, and is said.
    inbox.press("e").until("the box", |screen| screen.contains("┏ Reply") && screen.contains("1 new message above"));
    inbox.press("\x7f\x7f\x7f\x7frrow.").shows("It leaves tomorrow.");
    inbox.press("\x1b").shows("draft kept");
    assert_eq!(state(&house), Vec::<Value>::new());
    inbox.press("r").shows("It leaves tomorrow.");
    inbox.press("\x13").until("sent, or stopped once", |screen| screen.contains("replied to") || screen.contains("not sent yet"));
    inbox.press("\x13");
    inbox.until("everything sent", |screen| !screen.contains("outbox ") && !screen.contains("┏ Reply"));
    assert_eq!((places(&house, case, "It leaves tomorrow."), places(&house, case, "It leaves tomorow.")), (vec![case], vec![]));
}
