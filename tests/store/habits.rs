//! What the agent decided for later survives what is thrown away: marks, habits, and snoozes that the customer ends.
#![expect(clippy::disallowed_methods, reason = "the tests remove the cache")]

use super::{World, at, message, mine, op, opening};
use caseload::model::{Account, Case, CaseId, Change, Habit, SenderType, Snooze, Tag, ThreadId, View};

/// The same world without its cache.
fn emptied(world: World) -> World {
    let cache = opening(&world.home).cache;
    let World { home, store } = world;
    drop(store);
    for tail in ["", "-wal", "-shm"] {
        let _none = std::fs::remove_file(format!("{}{tail}", cache.display()));
    }
    let store = caseload::store::Store::open(&opening(&home)).unwrap();
    World { home, store }
}

#[test]
fn a_mark_of_unread_survives_the_cache_and_ends_when_the_thread_is_seen() {
    let mut world = World::with(&[mine(1), mine(2)]);
    world.store.seen(ThreadId(1), at(0)).unwrap();
    assert!(!world.row(1).unread);
    world.store.mark_unread(ThreadId(1), at(5)).unwrap();
    assert!(world.row(1).unread && !world.row(2).unread);
    let unread = caseload::model::Filter::parse("unread").unwrap();
    let ask = caseload::model::WindowAsk { view: View::All, filter: unread, after: 9, ..Default::default() };
    assert_eq!(world.store.window(&ask, at(6)).unwrap().rows.len(), 1);
    let mut world = emptied(world);
    world.pull().cases(&[mine(1), mine(2)], true, at(7)).unwrap();
    assert!(world.row(1).unread && !world.row(2).unread);
    assert_eq!(world.store.unread_since(ThreadId(1)).unwrap(), Some(at(5)));
    world.store.seen(ThreadId(1), at(8)).unwrap();
    assert!(!world.row(1).unread);
    assert!(!world.reopened().row(1).unread);
}

#[test]
fn what_was_learned_survives_and_two_processes_lose_nothing_of_each_other() {
    let world = World::new();
    let mut other = caseload::store::Store::open(&opening(&world.home)).unwrap();
    let mut world = world;
    world.store.learn(&Habit::CaseUpdate(true)).unwrap();
    other.learn(&Habit::Closed { channel: "chat".into(), state: "refunded".into() }).unwrap();
    world.store.learn(&Habit::Given { to: "u18".into(), letter: Some('a') }).unwrap();
    drop(other);
    let habits = emptied(world).store.habits().unwrap();
    assert_eq!((habits.case_update, habits.closing("chat"), habits.receivers["u18"].letter), (Some(true), Some("refunded"), Some('a')));
}

#[test]
fn tags_are_learned_from_cases_and_from_the_server() {
    let tags = |names: &[&str]| names.iter().map(|name| Tag { name: (*name).into(), ..Tag::default() }).collect::<Vec<_>>();
    let mut world = World::with(&[Case { tags: tags(&["vip", "Refund"]), ..mine(1) }, Case { tags: tags(&["vip", "late"]), ..mine(2) }]);
    let names = |world: &World| world.store.account().unwrap().tags.iter().map(|tag| tag.name.raw().to_owned()).collect::<Vec<_>>();
    assert_eq!(names(&world), ["late", "Refund", "vip"]);
    assert!(!world.pull().knows_account().unwrap());
    world.store.set_account(&Account { tags: tags(&["refund", "new"]), ..Account::default() }).unwrap();
    assert!(world.pull().knows_account().unwrap());
    assert_eq!(names(&world), ["refund", "new", "late", "vip"]);
}

#[test]
fn a_case_that_waits_for_its_customer_comes_back_when_another_process_hears_them() {
    let mut world = World::with(&[mine(1), mine(2)]);
    let said = |id: i64, seconds: i64| message(id, 1, SenderType::Contact, seconds, "hello?");
    world.pull().whole_case(CaseId(1), &[said(1, 0)], at(0)).unwrap();
    let heard = world.row(1).heard;
    assert_eq!(heard, Some(at(0)));
    let rest = |message: String| Change::Snooze { until: at(86_400), message: Some(message) };
    world.store.queue(&mut [op(1, 1, rest(Snooze::until_they_write(heard))), op(2, 2, rest("until they ring".into()))], at(1)).unwrap();
    assert_eq!((world.ids(View::Snoozed), world.ids(View::Mine)), (vec![1, 2], vec![]));
    // An agent's word, and what is read again, end nothing.
    let ours = message(2, 1, SenderType::User, 5, "any news?");
    world.pull().whole_case(CaseId(1), &[said(1, 0), ours.clone()], at(6)).unwrap();
    assert_eq!(world.ids(View::Snoozed), [1, 2]);
    let world = world.reopened();
    let mut sink = world.pull();
    sink.cases(&[], true, at(9)).unwrap();
    sink.whole_case(CaseId(1), &[said(1, 0), ours, said(3, 8)], at(9)).unwrap();
    assert_eq!((world.ids(View::Snoozed), world.ids(View::Mine)), (vec![2], vec![1]));
    assert_eq!(world.row(1).snoozed_until, None);
}

#[test]
fn the_server_keeps_the_rule_in_words_so_that_every_machine_knows_it() {
    let snooze = |seconds: i64| Snooze {
        until: at(86_400),
        user_id: Some(caseload::model::UserId(super::ME)),
        message: Some(Snooze::until_they_write(Some(at(seconds))).into()),
        id: Some(7),
    };
    let world = World::with(&[Case { follow_up: Some(snooze(0)), ..mine(1) }]);
    assert_eq!(world.ids(View::Snoozed), [1]);
    // The list brings it with a newer word of theirs, before the messages are read.
    let newer = Case {
        last_message: Some(Box::new(message(3, 1, SenderType::Contact, 8, "hello?"))),
        date_updated: Some(at(8)),
        follow_up: Some(snooze(0)),
        ..mine(1)
    };
    world.pull().cases(std::slice::from_ref(&newer), true, at(9)).unwrap();
    assert_eq!((world.ids(View::Snoozed), world.ids(View::Mine)), (vec![], vec![1]));
    // Snoozed again by then.
    world.pull().cases(&[Case { date_updated: Some(at(10)), follow_up: Some(snooze(8)), ..newer }], true, at(10)).unwrap();
    assert_eq!(world.ids(View::Snoozed), [1]);
}
