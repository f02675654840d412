//! One backup a day, seven of them, whatever the clock says; and what ended long ago goes, once a backup has it.
#![expect(clippy::disallowed_methods, reason = "the tests look into the files")]

use super::damage::keep;
use super::{World, at, mine, opening, reply};
use caseload::model::{Op, OpState, Timestamp};
use caseload::store::{Holder, Store};
use chrono::TimeDelta;
use std::fs;
use std::os::unix::fs::PermissionsExt;

fn names(world: &World) -> Vec<String> {
    let folder = fs::read_dir(world.home.path().join("data/backups")).unwrap();
    let mut names: Vec<String> = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn on_day(world: &mut World, day: i64) {
    let keeper = world.store.keeper(at(0) + TimeDelta::days(day)).expect("it is another day");
    keeper.keep();
}

#[test]
fn seven_days_are_kept_for_their_owner_only() {
    let mut world = World::with(&[mine(1)]);
    world.store.queue(&mut [reply(1, 1, "hello")], at(0)).unwrap();
    assert!(world.store.keeper(at(0)).is_none(), "the one that sends does it");
    world.store.try_sender().unwrap();
    fs::create_dir(world.home.path().join("data/backups")).unwrap();
    fs::write(world.home.path().join("data/backups/outbox-2026-11-01.begun"), "of a crash").unwrap();
    for day in 0..9 {
        on_day(&mut world, day);
        assert!(world.store.keeper(at(60) + TimeDelta::days(day)).is_none(), "once");
    }
    let days: Vec<String> = (25..=30).map(|day| format!("outbox-2026-11-{day}.db")).chain(["outbox-2026-12-01.db".to_owned()]).collect();
    assert_eq!(names(&world), days);
    let newest = world.home.path().join("data/backups").join(&days[6]);
    assert_eq!(fs::metadata(&newest).unwrap().permissions().mode() & 0o777, 0o600);
    let db = rusqlite::Connection::open(newest).unwrap();
    assert_eq!(db.query_row("SELECT count(*) FROM op", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    on_day(&mut world, 3650);
    assert_eq!(names(&world)[..6], days[1..], "a clock that jumps costs one");
}

#[test]
fn an_outbox_that_is_damaged_does_not_replace_a_good_backup() {
    let mut world = World::with(&[mine(1)]);
    world.store.try_sender().unwrap();
    keep(&mut world.store);
    let outbox = opening(&world.home).outbox;
    let keeper = world.store.keeper(at(0) + TimeDelta::days(1)).unwrap();
    let home = world.home;
    drop(world.store);
    fs::write(&outbox, vec![7; 9000]).unwrap();
    keeper.keep();
    assert!(fs::read_dir(home.path().join("data/backups")).unwrap().all(|entry| entry.unwrap().file_name() == "outbox-2026-11-23.db"));
}

fn ended(world: &mut World, count: u16, state: OpState, changed: Timestamp) -> Op {
    let mut ops = [reply(count, 1, &format!("text {count}"))];
    world.store.queue(&mut ops, at(0)).unwrap();
    let op = Op { state, changed, ..ops[0].clone() };
    assert!(world.store.advance(&op, &[OpState::Queued]).unwrap());
    op
}

#[test]
fn what_ended_long_ago_goes_when_a_backup_has_it() {
    let mut world = World::with(&[mine(1)]);
    let day = |days| at(0) + TimeDelta::days(days);
    let old = ended(&mut world, 1, OpState::Sent, day(0));
    let dropped = ended(&mut world, 2, OpState::Cancelled, day(0));
    let recent = ended(&mut world, 3, OpState::Sent, day(40));
    let failed = ended(&mut world, 4, OpState::Failed, day(0));
    let newest = ended(&mut world, 5, OpState::Sent, day(60));
    world.store.try_sender().unwrap();
    on_day(&mut world, 3650);
    let left = |world: &World| [&old, &dropped, &recent, &failed, &newest].map(|op| world.store.op(op.id()).unwrap().is_some());
    assert_eq!(left(&world), [false, true, true, true, true], "by what else happened, not by the clock");
    let world = world.reopened();
    assert_eq!(left(&world), [false, true, true, true, true]);
    let journal = fs::read_to_string(world.home.path().join("data/outbox.jsonl")).unwrap();
    assert!(journal.contains("\"text\":\"text 1\"") && journal.contains("\"over\":true"), "{journal}");
    let db = rusqlite::Connection::open(world.home.path().join("data/backups/outbox-2036-11-20.db")).unwrap();
    assert_eq!(db.query_row("SELECT count(*) FROM op", [], |row| row.get::<_, i64>(0)).unwrap(), 5);
}

#[test]
fn the_one_that_sends_says_who_it_is() {
    let mut world = World::new();
    let other = Store::open(&opening(&world.home)).unwrap();
    assert_eq!(other.sender_elsewhere(), None);
    assert!(world.store.try_sender().unwrap());
    assert_eq!(world.store.sender_elsewhere(), None, "not elsewhere");
    let Holder { pid, since, .. } = other.sender_elsewhere().unwrap();
    assert!(pid == std::process::id() && since > 1_600_000_000);
    drop(world.store);
    assert_eq!(other.sender_elsewhere(), None, "what stands in the file of a dead one is old");
}
