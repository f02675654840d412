//! Figures, not judgements: `cargo test --release --test all store::measured -- --ignored --nocapture`.
#![expect(clippy::disallowed_methods, reason = "figures need a clock")]

use super::damage::keep;
use super::{World, at, mine, opening, reply};
use caseload::model::{Op, OpId};
use caseload::store::{Store, recover};
use std::fs;
use std::time::{Duration, Instant};

const MANY: u16 = 10_000;

/// An operation of its own: the names of the tests' operations come round after 4096.
fn said(count: u16, text: &str) -> Op {
    let mut op = reply(count, 1 + i64::from(count), text);
    op.mutation.op = OpId::new(at(i64::from(count)), 8, 1);
    op
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    println!("{what}: {:?}", began.elapsed());
    done
}

#[test]
#[ignore = "takes a while, and says figures only"]
fn figures_of_ten_thousand_operations() {
    let cases: Vec<_> = (1..=i64::from(MANY)).map(mine).collect();
    let mut world = timed("fill the cache", || World::with(&cases));
    let mut ops: Vec<_> = (0..MANY).map(|count| said(count, &"a sentence of a reply. ".repeat(40))).collect();
    timed("queue 10,000 at once", || world.store.queue(&mut ops, at(0)).unwrap());
    let mut took: Vec<Duration> = Vec::new();
    for count in 0..1000 {
        let mut one = [said(MANY + count, &"another one. ".repeat(40))];
        let began = Instant::now();
        world.store.queue(&mut one, at(1)).unwrap();
        took.push(began.elapsed());
    }
    took.sort();
    println!("queue one: p50 {:?}, p99 {:?}, max {:?}", took[500], took[990], took[999]);
    let home = world.home;
    drop(world.store);
    println!("outbox: {} kB", fs::metadata(opening(&home).outbox).unwrap().len() / 1024);
    for _ in 0..3 {
        let store = timed("open", || Store::open(&opening(&home)).unwrap());
        timed("list", || store.ops(false).unwrap().len());
        for limit in [caseload::app::log::PIECE, caseload::app::log::LONGEST] {
            let ops = timed(&format!("the log, {limit} of them"), || store.newest_ops(limit).unwrap());
            timed("whose cases these are", || store.contacts(ops.iter().map(Op::case)).unwrap());
        }
        timed("those of a day", || store.moved_since(at(0), caseload::app::receipt::MOST).unwrap().len());
        timed("close", || drop(store));
    }
    let db = rusqlite::Connection::open(opening(&home).outbox).unwrap();
    for check in ["quick_check", "integrity_check"] {
        timed(check, || db.query_row(&format!("PRAGMA {check}"), [], |row| row.get::<_, String>(0)).unwrap());
    }
    drop(db);
    let mut store = Store::open(&opening(&home)).unwrap();
    store.try_sender().unwrap();
    timed("backup and prune", || keep(&mut store));
    drop(store);
    fs::remove_file(opening(&home).cache).unwrap();
    timed("open without its cache", || drop(Store::open(&opening(&home)).unwrap()));
    let mut bytes = fs::read(opening(&home).outbox).unwrap();
    let middle = bytes.len() / 8192 * 4096;
    bytes[middle..middle + 4096].fill(0);
    fs::write(opening(&home).outbox, bytes).unwrap();
    timed("refuse a damaged one, with a copy", || assert!(Store::open(&opening(&home)).is_err()));
    println!("{:?}", timed("recover", || recover(&opening(&home).outbox, "demo", at(0)).unwrap()));
    timed("open it", || Store::open(&opening(&home)).unwrap().ops(false).unwrap().len());
}
