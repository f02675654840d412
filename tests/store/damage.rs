//! Damaged files, a byte at a time: nothing panics, no operation is silently gone, a damaged outbox stays as it is until the
//! agent recovers it, a damaged cache is made anew. `CASELOAD_FLIPS` sets how many bytes are tried, 80 unless given.
#![expect(clippy::disallowed_methods, reason = "the tests damage the files")]

use super::{World, at, mine, opening, reply};
use caseload::model::{CaseId, Draft, DraftKind, Op, OpState, Review};
use caseload::store::{Cause, Keeper, Store, recover};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const OPS: u16 = 24;

fn flips() -> usize {
    std::env::var("CASELOAD_FLIPS").ok().and_then(|count| count.parse().ok()).unwrap_or(80)
}

fn text(count: u16) -> String {
    format!("words number {count} {}", "and so on ".repeat(usize::from(count) * 20))
}

/// A home with operations in several states, a draft, and a backup when one is wanted.
fn home(backup: bool) -> TempDir {
    let cases: Vec<_> = (1..=i64::from(OPS)).map(mine).collect();
    let mut world = World::with(&cases);
    for count in 1..=OPS {
        let mut ops = [reply(count, i64::from(count), &text(count))];
        world.store.queue(&mut ops, at(0)).unwrap();
        if count % 4 == 0 {
            let sent = Op { state: OpState::Sent, changed: at(60), ..ops[0].clone() };
            world.store.settle(&sent, &[OpState::Queued], None, None).unwrap();
        }
    }
    world
        .store
        .save_draft(&Draft { case: CaseId(99), kind: DraftKind::Reply, text: "half a thought".into(), answers: None, updated: at(9), ..Draft::default() })
        .unwrap();
    if backup {
        assert!(world.store.try_sender().unwrap());
        keep(&mut world.store);
    }
    drop(world.store);
    world.home
}

pub fn keep(store: &mut Store) {
    store.keeper(at(0)).as_ref().map(Keeper::keep).unwrap();
}

/// The folder of another home, as it was.
fn copy(from: &TempDir) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    copy_folder(&from.path().join("data"), &home.path().join("data"));
    home
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x5a;
    fs::write(path, bytes).unwrap();
}

/// Every text is in an operation or in a draft.
fn assert_all_there(store: &Store, why: &str) {
    let ops = store.ops(true).unwrap();
    let texts: BTreeSet<String> = ops.iter().filter_map(|op| op.mutation.change.text().map(str::to_owned)).collect();
    let drafts: Vec<String> = store.drafts().unwrap().into_iter().map(|draft| draft.text).collect();
    for count in 1..=OPS {
        let there = texts.contains(&text(count)) || drafts.iter().any(|draft| draft.contains(&text(count)));
        assert!(there, "{why}: the text of {count} is gone");
    }
}

/// Opens what was damaged; recovers it when that is asked for.
fn opened(home: &TempDir, why: &str) -> Option<Store> {
    let outbox = opening(home).outbox;
    let before = fs::read(&outbox).unwrap_or_default();
    let error = match Store::open(&opening(home)) {
        Ok(store) => return Some(store),
        Err(error) => error,
    };
    assert!(fs::read(&outbox).unwrap_or_default() == before, "{why}: the damaged file was touched");
    match &error.source {
        Cause::Damaged(damage) => assert!(error.to_string().contains("nothing is sent") && damage.file == outbox, "{error}"),
        Cause::Newer { .. } | Cause::Foreign(_) => return None,
        other => panic!("{why}: {other:?}"),
    }
    let recovered = recover(&outbox, "demo", at(3600)).unwrap();
    if let Some(damaged) = &recovered.damaged {
        assert!(fs::read(damaged).unwrap() == before, "{why}: the damaged file is kept as it was");
    }
    Some(Store::open(&opening(home)).unwrap_or_else(|error| panic!("{why}: {error}")))
}

#[test]
fn whichever_byte_of_the_outbox_is_wrong_no_text_is_lost_and_nothing_is_sent_twice() {
    let pristine = home(false);
    let length = fs::read(opening(&pristine).outbox).unwrap().len();
    let sent: BTreeSet<_> = Store::open(&opening(&pristine)).unwrap().ops(true).unwrap().iter().filter(|op| op.state == OpState::Sent).map(Op::id).collect();
    let (mut refused, mut whole) = (0, 0);
    for n in 0..flips() {
        let home = copy(&pristine);
        let place = length * n / flips();
        let why = format!("byte {place} of {length}");
        flip(&opening(&home).outbox, place);
        let Some(store) = opened(&home, &why) else {
            refused += 1;
            continue;
        };
        let again: Vec<_> = store.ops(false).unwrap().into_iter().filter(|op| sent.contains(&op.id())).collect();
        assert!(again.iter().all(|op| op.state == OpState::NeedsReview), "{why}: {again:?}");
        assert_all_there_but_one(&store, &why);
        whole += 1;
    }
    assert!(refused * 20 <= flips() && whole + refused == flips(), "{refused} of {} were refused as foreign", flips());
}

/// A byte that is wrong inside a text is a wrong letter, which nobody can tell; the others are there.
fn assert_all_there_but_one(store: &Store, why: &str) {
    let ops = store.ops(true).unwrap();
    let drafts: Vec<String> = store.drafts().unwrap().into_iter().map(|draft| draft.text).collect();
    let there = |count: &u16| {
        let text = text(*count);
        ops.iter().any(|op| op.mutation.change.text() == Some(&text)) || drafts.iter().any(|draft| draft.contains(&text))
    };
    let gone: Vec<u16> = (1..=OPS).filter(|count| !there(count)).collect();
    let wrong_letter = |count: &u16| ops.iter().any(|op| op.case().0 == i64::from(*count));
    assert!(gone.is_empty() || gone.len() == 1 && wrong_letter(&gone[0]), "{why}: gone are {gone:?}");
}

#[test]
fn whole_pages_that_are_gone_are_made_up_for() {
    let pristine = home(true);
    let outbox = |home: &TempDir| opening(home).outbox;
    let pages = fs::read(outbox(&pristine)).unwrap().len() / 4096;
    for page in 0..pages {
        let home = copy(&pristine);
        let mut bytes = fs::read(outbox(&home)).unwrap();
        bytes[page * 4096..][..4096].fill(0);
        fs::write(outbox(&home), bytes).unwrap();
        let why = format!("page {page} of {pages}");
        assert_all_there(&opened(&home, &why).unwrap(), &why);
    }
    for length in [0, 1, 100, 4096, 20_000] {
        let home = copy(&pristine);
        fs::OpenOptions::new().write(true).open(outbox(&home)).unwrap().set_len(length).unwrap();
        let why = format!("cut to {length}");
        assert_all_there(&opened(&home, &why).unwrap(), &why);
    }
    let home = copy(&pristine);
    fs::remove_file(outbox(&home)).unwrap();
    assert_all_there(&opened(&home, "deleted").unwrap(), "deleted");
}

#[test]
fn what_only_the_backup_has_waits_for_the_agent() {
    let home = home(true);
    fs::remove_file(home.path().join("data/outbox.jsonl")).unwrap();
    let outbox = opening(&home).outbox;
    fs::write(&outbox, vec![0; 40_000]).unwrap();
    let said = Store::open(&opening(&home)).err().unwrap().to_string();
    assert!(said.contains("backups/outbox-2026-11-23.db") && !said.contains("jsonl"), "{said}");
    let recovered = recover(&outbox, "demo", at(0)).unwrap();
    assert_eq!((recovered.ops, recovered.drafts, recovered.from_journal), (u64::from(OPS), 1, 0));
    let store = Store::open(&opening(&home)).unwrap();
    assert!(store.ops(false).unwrap().iter().all(|op| op.state == OpState::NeedsReview
        && op.review == Some(Review::Restored)
        && op.cause.as_ref().is_some_and(|cause| cause.contains("may have been sent"))));
    assert_eq!(store.ops(false).unwrap().len(), usize::from(OPS) - usize::from(OPS / 4), "what was sent stays sent");
    assert!(recover(&outbox, "demo", at(0)).unwrap_err().to_string().contains("nothing to recover"));
}

#[test]
fn what_was_read_keeps_its_state() {
    let home = home(false);
    let outbox = opening(&home).outbox;
    // The index over what is live: it holds nothing that the rows do not say.
    let db = rusqlite::Connection::open(&outbox).unwrap();
    let root: u32 = db.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'op_live'", [], |row| row.get(0)).unwrap();
    drop(db);
    flip(&outbox, (root as usize - 1) * 4096);
    assert!(Store::open(&opening(&home)).is_err(), "today's list would be empty");
    let recovered = recover(&outbox, "demo", at(0)).unwrap();
    assert_eq!((recovered.ops, recovered.from_backup, recovered.from_journal), (u64::from(OPS), 0, 0));
    let states: BTreeSet<&str> = Store::open(&opening(&home)).unwrap().ops(true).unwrap().iter().map(|op| op.state.as_str()).collect();
    assert_eq!(states, BTreeSet::from(["queued", "sent"]));
}

#[test]
fn nobody_recovers_an_outbox_that_another_process_sends_from() {
    let home = home(false);
    let mut store = Store::open(&opening(&home)).unwrap();
    assert!(store.try_sender().unwrap());
    let refused = recover(&opening(&home).outbox, "demo", at(0)).unwrap_err().to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
}

#[test]
fn whichever_byte_of_the_cache_is_wrong_the_operations_are_there() {
    let pristine = home(false);
    let length = fs::read(opening(&pristine).cache).unwrap().len();
    let mut rebuilt = 0;
    for n in 0..flips() {
        let home = copy(&pristine);
        let place = length * n / flips();
        flip(&opening(&home).cache, place);
        let mut store = Store::open(&opening(&home)).unwrap_or_else(|error| panic!("byte {place}: {error}"));
        assert_eq!(store.ops(false).unwrap().len(), usize::from(OPS - OPS / 4), "byte {place}");
        let _damaged = (1..=i64::from(OPS)).filter(|case| store.conversation(CaseId(*case)).is_err()).count();
        // What a read showed is mended at the next look.
        store.changed_elsewhere().unwrap_or_else(|error| panic!("byte {place}: {error}"));
        rebuilt += usize::from(store.take_rebuilt());
        assert!(store.counts().is_ok(), "byte {place}");
    }
    assert!(rebuilt > 0, "no byte mattered");
}

#[test]
fn a_newer_outbox_with_a_log_is_refused_byte_for_byte() {
    let home = home(false);
    let outbox = opening(&home).outbox;
    let db = rusqlite::Connection::open(&outbox).unwrap();
    db.execute_batch("PRAGMA journal_mode = WAL; PRAGMA user_version = 999;").unwrap();
    let files = |tails: [&str; 2]| tails.map(|tail| fs::read(PathBuf::from(format!("{}{tail}", outbox.display()))).unwrap());
    let before = files(["", "-wal"]);
    assert!(!before[1].is_empty());
    let refused = Store::open(&opening(&home)).err().unwrap();
    assert!(matches!(refused.source, Cause::Newer { .. }), "{refused}");
    assert!(files(["", "-wal"]) == before);
}
