//! Timelines in the cache: asked for once for each change of a case, kept over lists that leave them out, read without a server.

use super::{World, at, case};
use caseload::model::{Case, CaseId, ThreadId, TimelineEntry, Timestamp};

fn entry(id: i64, event: &str) -> TimelineEntry {
    TimelineEntry { id, event: Some(event.into()), date_created: Some(at(id)), ..TimelineEntry::default() }
}

fn changed(id: i64, seconds: i64) -> Case {
    Case { date_updated: Some(at(seconds)), thread_id: ThreadId(1), ..case(id) }
}

fn told(id: i64, seconds: i64, timeline: Vec<TimelineEntry>) -> Case {
    Case { timeline, ..changed(id, seconds) }
}

fn untold(world: &World) -> Vec<(i64, Option<Timestamp>)> {
    world.store.conversation(CaseId(1)).unwrap().unwrap().untold.into_iter().map(|(case, at)| (case.0, at)).collect()
}

fn events(world: &World) -> Vec<i64> {
    let cases = world.store.conversation(CaseId(1)).unwrap().unwrap().cases;
    cases.iter().flat_map(|case| &case.timeline).map(|entry| entry.id).collect()
}

#[test]
fn a_timeline_is_fresh_until_its_case_changes() {
    let world = World::with(&[changed(1, 1), changed(2, 2)]);
    assert_eq!(untold(&world), [(1, Some(at(1))), (2, Some(at(2)))]);
    let mut sink = world.pull();
    assert!(sink.timelines(&[told(1, 1, vec![entry(1, "queued")]), told(2, 2, Vec::new())]).unwrap());
    assert_eq!(untold(&world), [], "also of a case that has none");
    assert!(!sink.timelines(&[told(1, 1, vec![entry(1, "queued")])]).unwrap(), "nothing new");
    sink.cases(&[changed(1, 9)], true, at(9)).unwrap();
    assert_eq!((untold(&world), events(&world)), (vec![(1, Some(at(9)))], vec![1]), "a list leaves it out and does not erase it");
    let world = world.reopened();
    assert_eq!(events(&world), [1], "it is read where nothing is asked");
}

#[test]
fn a_server_that_gives_the_newest_row_only_takes_none_away() {
    let world = World::with(&[told(1, 1, vec![entry(2, "joined"), entry(1, "queued")])]);
    assert_eq!(untold(&world), [], "it came with the case");
    let mut sink = world.pull();
    sink.timelines(&[told(1, 5, vec![entry(3, "closed")])]).unwrap();
    sink.cases(&[told(1, 6, vec![entry(4, "reopened")])], true, at(6)).unwrap();
    assert_eq!(events(&world), [1, 2, 3, 4]);
}

#[test]
fn an_older_reading_leaves_it_to_be_asked_again() {
    let world = World::with(&[changed(1, 5)]);
    world.pull().timelines(&[told(1, 4, vec![entry(1, "queued")])]).unwrap();
    assert_eq!((untold(&world).len(), events(&world)), (1, vec![1]));
    world.pull().timelines(&[Case { date_updated: None, ..told(1, 0, Vec::new()) }]).unwrap();
    assert_eq!(untold(&world), [], "a server that dates nothing is taken at its word");
}
