//! Search: every script, newest first, and nothing that is typed is syntax.

use super::{World, at, message, mine};
use caseload::model::{Case, CaseId, Channel, Filter, Hit, MessageId, SenderType, Status};

fn world() -> World {
    let world = World::with(&[mine(1), mine(2)]);
    let texts = ["本日の返金について", "a Café in Paris", "your refund, REFUNDED", "退款 请求", "환불 요청합니다", "cafe\u{301} again"];
    let talk: Vec<_> = texts.iter().zip(1..).map(|(text, id)| message(id, 1, SenderType::Contact, -100 * id, text)).collect();
    world.pull().messages(&talk, at(0)).unwrap();
    world
}

fn search(world: &World, words: &str, limit: usize) -> Vec<Hit> {
    world.store.find(&Filter::search(words).unwrap(), limit, at(0)).unwrap().hits
}

fn found(world: &World, words: &str) -> Vec<i64> {
    search(world, words, 50).iter().filter_map(|hit| hit.message).map(|id| id.0).collect()
}

#[test]
fn words_of_every_script_are_found() {
    let world = world();
    for (words, wanted) in [
        ("返金", &[1][..]),
        ("退款", &[4]),
        ("환불", &[5]),
        ("金返", &[]),
        ("cafe", &[2, 6]),
        ("CAFÉ paris", &[2]),
        ("refu*", &[3]),
        ("refu", &[]),
        ("\"refund refunded\"", &[3]),
        ("\"refunded refund\"", &[]),
    ] {
        assert_eq!(found(&world, words), wanted, "{words}");
    }
}

#[test]
fn titles_and_contacts_are_found_too() {
    let world = world();
    let hits = search(&world, "contact 2", 50);
    assert_eq!(hits.iter().map(|hit| (hit.case, hit.message, hit.contact.raw())).collect::<Vec<_>>(), [(CaseId(2), None, "Contact 2")]);
}

#[test]
fn what_changed_or_went_is_not_found_any_more() {
    let world = world();
    let mut sink = world.pull();
    sink.messages(&[message(3, 1, SenderType::Contact, -300, "something else")], at(0)).unwrap();
    assert_eq!((found(&world, "refund"), found(&world, "something")), (vec![], vec![3]));
    sink.forget(CaseId(1)).unwrap();
    assert_eq!(found(&world, "something"), [0; 0]);
    assert_eq!(search(&world, "title", 9).len(), 1);
}

#[test]
fn the_newest_come_first_and_the_snippet_is_around_the_words() {
    let world = world();
    let long = format!("{} zephyrlock {}", "before ".repeat(50), "after ".repeat(50));
    world.pull().messages(&[message(90, 2, SenderType::Contact, -5, &long), message(91, 2, SenderType::Contact, -50, "zephyrlock")], at(0)).unwrap();
    let hits = search(&world, "zephyrlock", 1);
    assert_eq!(hits[0].message, Some(MessageId(90)));
    assert!(hits[0].snippet.raw().contains("zephyrlock") && hits[0].snippet.raw().len() < 200);
}

#[test]
fn no_character_is_syntax() {
    let world = world();
    for words in [
        "\"",
        "\"\"\"",
        "*",
        "a OR",
        "NOT",
        "(",
        "NEAR(a b)",
        "text:x",
        "-x",
        "^a",
        "{a b}",
        "a AND",
        "'; DROP TABLE op",
        "\0",
        "a\0b",
        "ab\"c\"*",
        "返*",
        "+",
        "",
    ] {
        let filter = Filter::search(words);
        assert!(filter.is_ok_and(|filter| world.store.find(&filter, 5, at(0)).is_ok()), "{words:?}");
    }
}

#[test]
fn words_that_were_lost_with_their_process_are_found_after_the_next_pull_began() {
    let world = World::new();
    let mut sink = world.pull();
    sink.cases(&[mine(1)], true, at(0)).unwrap();
    sink.messages(&[message(1, 1, SenderType::Contact, -5, "zephyrlock")], at(0)).unwrap();
    assert_eq!(found(&world, "zephyrlock"), [0; 0], "held back while the cache is filled");
    std::mem::forget(sink);
    let world = world.reopened();
    drop(world.pull());
    assert_eq!(found(&world, "zephyrlock"), [1]);
    assert_eq!(search(&world, "title", 9).len(), 1);
    let mut sink = world.pull();
    sink.messages(&[message(2, 1, SenderType::Contact, -4, "another zephyrlock")], at(0)).unwrap();
    drop(sink);
    assert_eq!(found(&world, "zephyrlock"), [2, 1], "a pull that is broken off lets go of its words");
}

#[test]
fn the_terms_of_a_filter_narrow_what_the_words_find() {
    let closed = Case { status: Status::Closed, date_closed: Some(at(-50)), channel: Channel::Email, ..mine(2) };
    let world = World::with(&[mine(1), closed]);
    let said = |id, case, text: &str| message(id, case, SenderType::Contact, -100 + id, text);
    world.pull().messages(&[said(1, 1, "a refund please"), said(2, 2, "refund, now"), said(3, 2, "no refund at all")], at(0)).unwrap();
    for (words, wanted) in [
        ("refund", &[3, 2, 1][..]),
        ("refund channel:mail", &[3, 2]),
        ("refund closed:<1h -now", &[3]),
        ("refund -status:closed", &[1]),
        ("refund #1 or now channel:mail", &[2, 1]),
        ("channel:mail", &[]),
        ("-refund", &[]),
    ] {
        assert_eq!(found(&world, words), wanted, "{words}");
    }
    let filter = Filter::search("refund").unwrap();
    let first = world.store.find(&filter, 2, at(0)).unwrap();
    assert_eq!((first.hits.len(), first.more, first.partial), (2, true, true), "the messages were never read as a whole");
    let beside = world.store.seeker(at(0)).unwrap();
    assert_eq!(beside.find(&filter, 9).unwrap().hits.len(), 3, "the same beside the loop");
}
