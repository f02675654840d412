//! Agents, a server and a network that loses, repeats, delays and refuses: the real core, pure and seeded, under a clock that jumps
//! to the next thing, in many small worlds. Whatever happens, nothing is lost silently, doubled silently, resent blindly or stuck.
//! `CASELOAD_SIMULATED=100000000 cargo test --release --test all sync::` says how many replies, over all worlds together.
#![expect(clippy::cast_possible_wrap, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds, seeds and small counts")]

mod disk;
mod judge;
mod network;
mod people;
mod plan;
mod process;
mod server;
mod world;

use plan::{Found, Kind, Plan};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use world::World;

/// Replies by default, over all worlds; and of one world.
const REPLIES: u64 = 30_000;
const WORLD: u64 = 2_000;

/// Runs a share of all replies in worlds of this plan, two at a time, and gives what was found in all of them.
fn worlds(name: &str, share: u64, plan: Plan) -> Found {
    let all = std::env::var("CASELOAD_SIMULATED").ok().and_then(|count| count.parse().ok()).unwrap_or(REPLIES);
    let one: Option<u64> = std::env::var("CASELOAD_WORLD").ok().and_then(|seed| seed.parse().ok());
    let (first, last) = one.map_or((1, (all * share / 100).div_ceil(WORLD)), |seed| (seed, seed));
    let (next, sum, began) = (AtomicU64::new(first), Mutex::new(Found::default()), Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed > last {
                        return;
                    }
                    let found = alone(name, seed, plan);
                    *sum.lock().unwrap() += found;
                }
            });
        }
    });
    let found = *sum.lock().unwrap();
    println!("{name}: {found:?} in {:?}", began.elapsed());
    found
}

/// One world, which says how to see it again.
fn alone(name: &str, seed: u64, plan: Plan) -> Found {
    let again = Again { name, seed };
    let mut world = World::new(seed, plan);
    world.run(WORLD);
    assert!(!world.found.wrong(), "{:?}", world.found);
    drop(again);
    world.found
}

struct Again<'n> {
    name: &'n str,
    seed: u64,
}

impl Drop for Again<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("this world alone: CASELOAD_WORLD={} cargo test --test all sync::{} -- --exact --nocapture", self.seed, self.name);
        }
    }
}

#[test]
fn keys() {
    let found = worlds("keys", 20, Plan { kind: Kind::Keys, ..Plan::PLENTY });
    assert!(found.reviewed * 200 <= found.composed, "{found:?}");
    assert!(found.planned * 100 >= found.composed, "{found:?}");
}

#[test]
fn marker() {
    worlds("marker", 10, Plan { beside: true, ..Plan::PLENTY });
}

#[test]
fn marker_without_bound() {
    worlds("marker_without_bound", 10, Plan { latest: 3_000, known: true, ..Plan::PLENTY });
}

#[test]
fn drops() {
    let found = worlds("drops", 10, Plan { kind: Kind::Drops, ..Plan::PLENTY });
    assert!(found.guessed * 1000 <= found.composed, "{found:?}");
}

#[test]
fn shared_user() {
    worlds("shared_user", 5, Plan { shared: true, beside: true, jumps: true, snoozes: false, planned: 0, ..Plan::PLENTY });
}

#[test]
fn shared_user_without_marker() {
    worlds("shared_user_without_marker", 5, Plan { shared: true, kind: Kind::Drops, ..Plan::PLENTY });
}

/// Where delay and lag together keep within two minutes, the one automatic second attempt doubles nothing.
#[test]
fn once_within_bounds() {
    let found = worlds("once_within_bounds", 5, Plan { once: true, known: true, latest: 60, lag: 30, repeated: 0, ..Plan::PLENTY });
    assert_eq!(found.doubled, 0, "{found:?}");
}

#[test]
fn once_without_bound() {
    worlds("once_without_bound", 5, Plan { once: true, known: true, beside: true, latest: 3_000, ..Plan::PLENTY });
}

#[test]
fn few_reviews() {
    let found = worlds("few_reviews", 25, Plan { ambiguous: 10, crash: 0, disk: 0, spells: 0, known: true, ..Plan::PLENTY });
    assert!(found.reviewed * 200 <= found.composed, "{found:?}");
}

#[test]
fn drain() {
    worlds("drain", 1, Plan { drain: true, desks: 1, ..Plan::PLENTY });
}

/// The clock on the wall may jump by years: the same worlds end alike. Without crashes and a failing disk, since several proofs of one
/// moment are written in the order of their names, which begin with the time: the same chance would strike another one.
#[test]
fn jumps() {
    let plan = Plan { snoozes: false, planned: 0, disk: 0, crash: 0, ..Plan::PLENTY };
    let ends = |plan: Plan, seed: u64| {
        let _again = Again { name: "jumps", seed };
        let mut world = World::new(seed, plan);
        world.run(WORLD);
        assert!(!world.found.wrong(), "{:?}", world.found);
        let end = |op| {
            let truth = &world.truth[op];
            (world.desks[truth.desk].row(*op).map(|op| (op.state, op.seq, op.twins)), truth.copies.clone())
        };
        world.order.iter().map(end).collect::<Vec<_>>()
    };
    let one: Option<u64> = std::env::var("CASELOAD_WORLD").ok().and_then(|seed| seed.parse().ok());
    for seed in one.map_or(1..=2, |seed| seed..=seed) {
        assert_eq!(ends(plan, seed), ends(Plan { jumps: true, ..plan }, seed), "seed {seed}");
    }
}
