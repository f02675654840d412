//! A disk that takes no writing: what is there can be read, a write is refused in words and loses nothing, and it is over as
//! soon as the disk is open again. A folder in the place of the log's index keeps also root from writing.
#![expect(clippy::disallowed_methods, reason = "the tests close the disk")]

use super::{World, at, message, mine, opening, reply};
use caseload::model::{CaseId, Draft, DraftKind, SenderType, View};
use caseload::store::Store;
use std::fs;
use std::path::PathBuf;

#[test]
fn what_cannot_be_written_can_be_read_and_is_written_when_it_can() {
    let mut world = World::with(&[mine(1)]);
    world.pull().messages(&[message(1, 1, SenderType::Contact, -9, "hello")], at(0)).unwrap();
    world.store.queue(&mut [reply(1, 1, "first")], at(0)).unwrap();
    let home = world.home;
    drop(world.store);
    let files = [opening(&home).outbox, opening(&home).cache];
    let doors: Vec<PathBuf> = files.iter().map(|path| PathBuf::from(format!("{}-shm", path.display()))).collect();
    for door in &doors {
        fs::create_dir(door).unwrap();
    }
    let before = files.each_ref().map(|path| fs::read(path).unwrap());
    let mut store = Store::open(&opening(&home)).unwrap();
    assert_eq!(store.ops(false).unwrap().len(), 1);
    assert_eq!(store.conversation(CaseId(1)).unwrap().unwrap().messages.len(), 1);
    assert_eq!(store.counts().unwrap().of(View::All), 1);
    let draft = Draft { case: CaseId(1), kind: DraftKind::Reply, text: "half".into(), answers: None, updated: at(1), ..Draft::default() };
    let refused = [
        store.queue(&mut [reply(2, 1, "second")], at(1)).unwrap_err(),
        store.save_draft(&draft).unwrap_err(),
        store.sink().and_then(|mut sink| sink.begin()).unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.to_string().contains("the disk is ") && error.source.is_disk()), "{refused:?}");
    assert!(store.fold(at(1)).is_ok() && store.seen(mine(1).thread_id, at(1)).is_ok(), "reading goes on");
    assert_eq!(store.ops(false).unwrap().len(), 1);
    assert!(files.each_ref().map(|path| fs::read(path).unwrap()) == before);
    for door in &doors {
        fs::remove_dir(door).unwrap();
    }
    store.queue(&mut [reply(2, 1, "second")], at(1)).unwrap();
    store.changed_elsewhere().unwrap();
    assert_eq!(store.read_only(), None);
    assert!(store.try_sender().unwrap());
    let world = World { home, store };
    world.pull().cases(&[mine(1), mine(2)], true, at(2)).unwrap();
    assert_eq!((world.ids(View::Mine), world.store.ops(false).unwrap().len()), (vec![1, 2], 2));
}

#[test]
fn without_a_cache_that_can_be_made_there_is_an_empty_one() {
    let mut world = World::new();
    world.store.queue(&mut [reply(1, 1, "first")], at(0)).unwrap();
    let home = world.home;
    drop(world.store);
    let cache = opening(&home).cache;
    fs::remove_file(&cache).unwrap();
    let door = format!("{}-shm", cache.display());
    fs::create_dir(&door).unwrap();
    let mut store = Store::open(&opening(&home)).unwrap();
    assert!(store.read_only().unwrap().starts_with("the disk is ") && store.counts().unwrap().of(View::All) == 0);
    store.queue(&mut [reply(2, 1, "second")], at(1)).unwrap();
    fs::remove_dir(door).unwrap();
    store.changed_elsewhere().unwrap();
    assert_eq!((store.read_only(), store.ops(false).unwrap().len()), (None, 2));
    assert!(store.sink().is_ok());
}
