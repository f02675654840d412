//! Earlier texts of a case: nothing that was typed is gone, and a list of it can be read.

use super::{World, at, mine, reply};
use caseload::model::{CaseId, Draft, DraftKind, Op, OpState};

fn save(world: &mut World, seconds: i64, text: &str) {
    let draft = Draft { case: CaseId(1), kind: DraftKind::Reply, text: text.into(), answers: None, updated: at(seconds), ..Draft::default() };
    world.store.save_draft(&draft).unwrap();
}

fn texts(world: &World) -> Vec<String> {
    world.store.versions(CaseId(1)).unwrap().into_iter().map(|version| version.text).collect()
}

#[test]
fn what_was_replaced_is_listed_once_and_what_was_deleted_bit_by_bit_whole() {
    let mut world = World::with(&[mine(1)]);
    let long = "a text that took its time to be written";
    for (at, end) in [10, 20, long.len(), 30, 20, 12, 3].into_iter().enumerate() {
        save(&mut world, i64::try_from(at).unwrap(), &long[..end]);
    }
    assert_eq!(texts(&world), [long]);
    save(&mut world, 20, "something else");
    world.store.drop_draft(CaseId(1)).unwrap();
    assert_eq!(texts(&world), ["something else", long]);
    let world = world.reopened();
    assert_eq!(texts(&world), ["something else", long]);
}

#[test]
fn what_was_sent_and_what_was_taken_back_is_listed_with_its_state() {
    let mut world = World::with(&[mine(1)]);
    save(&mut world, 1, "first");
    let mut ops = [reply(2, 1, "first"), reply(3, 1, "second")];
    world.store.queue(&mut ops, at(3)).unwrap();
    let cancelled = Op { state: OpState::Cancelled, discarded: true, ..ops[1].clone() };
    assert!(world.store.advance(&cancelled, &[OpState::Queued]).unwrap());
    let versions = world.store.versions(CaseId(1)).unwrap();
    let listed: Vec<_> = versions.iter().map(|version| (version.text.as_str(), version.state)).collect();
    assert_eq!(listed, [("second", Some(OpState::Cancelled)), ("first", Some(OpState::Queued))]);
    assert!(world.store.versions(CaseId(2)).unwrap().is_empty());
}
