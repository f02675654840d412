//! Files that are damaged, deleted or replaced while they are open: the cache is made anew without a restart, and what is
//! acknowledged as queued stands in the file at the path, or is not acknowledged.
#![expect(clippy::disallowed_methods, reason = "the tests damage the files")]

use super::{World, at, close, mine, opening, reply};
use caseload::model::{CaseId, OpState, View};
use caseload::store::{Cause, Store, recover};
use std::fs;
use std::path::{Path, PathBuf};

fn tail(path: &Path, tail: &str) -> PathBuf {
    PathBuf::from(format!("{}{tail}", path.display()))
}

#[test]
fn a_cache_that_is_gone_is_made_anew_while_it_is_open() {
    type Deed = fn(&Path);
    let deeds: [(&str, Deed); 4] = [
        ("deleted", |cache| fs::remove_file(cache).unwrap()),
        ("its log deleted", |cache| fs::remove_file(tail(cache, "-wal")).unwrap()),
        ("replaced by nonsense", |cache| {
            fs::write(tail(cache, ".new"), "no database at all".repeat(500)).unwrap();
            fs::rename(tail(cache, ".new"), cache).unwrap();
        }),
        ("moved away", |cache| fs::rename(cache, tail(cache, ".old")).unwrap()),
    ];
    for (what, deed) in deeds {
        let mut world = World::with(&[mine(1), mine(2)]);
        world.store.queue(&mut [close(1, 1)], at(0)).unwrap();
        world.store.changed_elsewhere().unwrap();
        let mut running = world.pull();
        deed(&opening(&world.home).cache);
        assert!(world.store.changed_elsewhere().unwrap(), "{what}");
        assert!(world.store.take_rebuilt() && !world.store.take_rebuilt(), "{what}");
        assert_eq!(world.store.snapshot_age().unwrap(), None, "{what}");
        assert!(running.cases(&[mine(1)], true, at(1)).is_err(), "{what}: what goes into the old one is lost");
        drop(running);
        assert_eq!(world.store.ops(false).unwrap().len(), 1, "{what}");
        world.pull().cases(&[mine(1), mine(2)], true, at(1)).unwrap();
        assert_eq!((world.ids(View::Mine), world.ids(View::Closed)), (vec![2], vec![1]), "{what}: mine are mine, and ours is laid over");
        assert!(!world.store.take_rebuilt(), "{what}");
        let world = world.reopened();
        assert_eq!(world.ids(View::Mine), [2], "{what}: it is a cache like any other");
    }
}

#[test]
fn a_cache_that_is_damaged_while_it_is_open_is_made_anew() {
    let mut world = World::with(&(1..200).map(mine).collect::<Vec<_>>());
    world.store.queue(&mut [reply(1, 1, "hello")], at(0)).unwrap();
    let cache = opening(&world.home).cache;
    // Into the file, past this process's own pages, as a disk would.
    let db = rusqlite::Connection::open(&cache).unwrap();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(db);
    let world_home = world.home;
    drop(world.store);
    world = World { store: Store::open(&opening(&world_home)).unwrap(), home: world_home };
    let length = fs::metadata(&cache).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(&cache).unwrap();
    std::io::Seek::seek(&mut file, std::io::SeekFrom::Start(4096)).unwrap();
    std::io::Write::write_all(&mut file, &vec![0xa5; usize::try_from(length).unwrap() - 4096]).unwrap();
    std::mem::forget(file);
    let failed = (1..200).any(|case| world.store.conversation(CaseId(case)).is_err());
    assert!(failed, "a read shows it");
    world.store.changed_elsewhere().unwrap();
    assert!(world.store.take_rebuilt());
    assert_eq!((world.store.counts().unwrap().of(View::All), world.store.ops(false).unwrap().len()), (0, 1));
    world.pull().cases(&[mine(1)], true, at(1)).unwrap();
    assert_eq!(world.ids(View::Mine), [1]);
}

#[test]
fn two_inboxes_agree_on_one_new_cache() {
    let mut world = World::with(&[mine(1)]);
    let mut other = Store::open(&opening(&world.home)).unwrap();
    fs::remove_file(opening(&world.home).cache).unwrap();
    for _ in 0..3 {
        world.store.changed_elsewhere().unwrap();
        other.changed_elsewhere().unwrap();
    }
    assert!(world.store.take_rebuilt() && other.take_rebuilt());
    world.pull().cases(&[mine(1)], true, at(1)).unwrap();
    assert!(other.changed_elsewhere().unwrap());
    assert_eq!(other.counts().unwrap().of(View::All), 1);
    assert!(!other.take_rebuilt());
}

#[test]
fn nothing_is_queued_into_an_outbox_that_is_gone() {
    for replace in [false, true] {
        let mut world = World::with(&[mine(1)]);
        world.store.queue(&mut [reply(1, 1, "first")], at(0)).unwrap();
        let outbox = opening(&world.home).outbox;
        fs::remove_file(&outbox).unwrap();
        if replace {
            fs::remove_file(tail(&outbox, "-wal")).unwrap();
            fs::remove_file(tail(&outbox, "-shm")).unwrap();
            fs::write(&outbox, "").unwrap();
        }
        let refused = world.store.queue(&mut [reply(2, 1, "second")], at(1)).unwrap_err();
        assert!(matches!(refused.source, Cause::Replaced { .. }), "{refused}");
        let mut op = world.store.ops(false).unwrap().remove(0);
        assert_eq!(op.mutation.change.text(), Some("first"), "it is still shown");
        op.state = OpState::Sending;
        assert!(world.store.advance(&op, &[OpState::Queued]).is_err(), "and not sent");
        let said = world.store.changed_elsewhere().unwrap_err().to_string();
        assert!(said.contains("nothing is sent; what it held stands in ") && said.contains("outbox.recovered.db"), "{said}");
        assert!(world.store.changed_elsewhere().is_ok(), "that is said once");
        assert!(world.store.queue(&mut [reply(3, 1, "third")], at(1)).is_err());
        let home = world.home;
        drop(world.store);
        assert!(Store::open(&opening(&home)).is_err(), "it is not simply begun anew");
        recover(&outbox, "demo", at(2)).unwrap();
        let ops = Store::open(&opening(&home)).unwrap().ops(false).unwrap();
        assert_eq!(ops.iter().map(|op| (op.mutation.change.text(), op.state)).collect::<Vec<_>>(), [(Some("first"), OpState::NeedsReview)]);
    }
}

#[test]
fn an_outbox_whose_log_is_taken_away_keeps_what_stood_in_it() {
    let mut world = World::with(&[mine(1)]);
    world.store.queue(&mut [reply(1, 1, "first")], at(0)).unwrap();
    fs::remove_file(tail(&opening(&world.home).outbox, "-wal")).unwrap();
    world.store.queue(&mut [reply(2, 1, "second")], at(1)).unwrap();
    world.store.changed_elsewhere().unwrap();
    let world = world.reopened();
    assert_eq!(world.store.ops(false).unwrap().len(), 2);
}
