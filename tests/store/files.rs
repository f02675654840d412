//! The two files: one that is never touched in doubt, one that is thrown away in doubt.
#![expect(clippy::disallowed_methods, reason = "the tests look into the files")]

use super::{World, at, close, mine, opening};
use caseload::model::View;
use caseload::store::{Opening, Store};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn without_its_cache_the_store_opens_empty_and_the_operations_are_there() {
    for damage in [None, Some(b"this is no database, but it is longer than a header of one: ".repeat(100))] {
        let mut world = World::with(&[mine(1)]);
        let op = close(1, 1);
        world.store.queue(&mut [op.clone()], at(0)).unwrap();
        drop(world.store);
        let cache = opening(&world.home).cache;
        match damage {
            None => fs::remove_file(&cache).unwrap(),
            Some(bytes) => fs::write(&cache, bytes).unwrap(),
        }
        let store = Store::open(&opening(&world.home)).unwrap();
        assert_eq!(store.counts().unwrap().of(View::All), 0);
        assert_eq!(store.ops(false).unwrap()[0].id(), op.id());
        let world = World { home: world.home, store };
        world.pull().cases(&[mine(1)], true, at(1)).unwrap();
        assert_eq!(world.ids(View::Closed), [1], "the operation is laid over what comes back");
    }
}

#[test]
fn the_cache_of_another_account_or_version_is_put_aside() {
    let world = World::with(&[mine(1)]);
    drop(world.store);
    let other = Opening { account: "other".into(), ..opening(&world.home) };
    assert_eq!(Store::open(&other).unwrap().counts().unwrap().of(View::All), 0);
    assert!(world.home.path().join("data/cache.db.aside").exists());
    let db = rusqlite::Connection::open(&other.cache).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    assert!(Store::open(&other).unwrap().counts().is_ok());
}

#[test]
fn a_newer_outbox_is_refused_and_not_touched() {
    let world = World::new();
    drop(world.store);
    let path = opening(&world.home).outbox;
    let db = rusqlite::Connection::open(&path).unwrap();
    db.pragma_update(None, "user_version", 999).unwrap();
    drop(db);
    let before = fs::read(&path).unwrap();
    let refused = Store::open(&opening(&world.home)).err().unwrap().to_string();
    assert!(refused.starts_with("opening the outbox: ") && refused.contains("newer"), "{refused}");
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::write(&path, "a letter").unwrap();
    assert!(Store::open(&opening(&world.home)).is_err());
    assert_eq!(fs::read(&path).unwrap(), b"a letter");
}

#[test]
fn everything_is_for_its_owner_only() {
    let mut world = World::with(&[mine(1)]);
    world.store.queue(&mut [super::reply(1, 1, "x")], at(0)).unwrap();
    world.store.try_sender().unwrap();
    let folder = world.home.path().join("data");
    assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{}", file.path().display());
    }
}

#[test]
fn a_crash_between_the_two_files_heals_at_the_next_start() {
    let mut world = World::with(&[mine(1)]);
    let mut ops = [close(1, 1)];
    world.store.queue(&mut ops, at(0)).unwrap();
    let op = ops[0].clone();
    drop(world.store);
    let db = rusqlite::Connection::open(opening(&world.home).outbox).unwrap();
    db.execute("UPDATE op SET state = 'cancelled', doc = replace(doc, '\"queued\"', '\"cancelled\"')", []).unwrap();
    db.execute("INSERT INTO event (op_id, from_state, to_state, at) SELECT op_id, 'queued', 'cancelled', 0 FROM op", []).unwrap();
    drop(db);
    let store = Store::open(&opening(&world.home)).unwrap();
    assert!(store.op(op.id()).unwrap().unwrap().state.is_final());
    let world = World { home: world.home, store };
    assert_eq!((world.ids(View::Mine), world.ids(View::Closed)), (vec![1], vec![]));
}
