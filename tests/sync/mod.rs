//! Agents, a server and a network that loses, repeats, delays and refuses: the real core, pure and seeded, under a clock
//! that jumps to the next thing. Whatever happens, a reply is never lost silently, never doubled silently, never stuck.
//! `CASELOAD_SIMULATED=1000000 cargo test --release --test all sync::` says how many replies; a small number by default.

mod faults;
mod world;

use faults::{Faults, Found};
use world::World;

fn replies() -> u64 {
    std::env::var("CASELOAD_SIMULATED").ok().and_then(|count| count.parse().ok()).unwrap_or(4_000)
}

fn run(seed: u64, replies: u64, faults: Faults) -> Found {
    let mut world = World::new(seed, faults);
    world.run(replies);
    let found = world.found();
    let wrong = [found.lost, found.silently_doubled, found.resent_blindly, found.stuck, found.out_of_order];
    assert_eq!(wrong, [0; 5], "seed {seed}: {found:?}");
    assert_eq!(found.composed, replies);
    found
}

#[test]
fn a_server_with_idempotency_keys_has_every_reply_once() {
    let found = run(1, replies(), Faults { idempotent: true, ..Faults::plenty() });
    assert_eq!(found.doubled, 0, "{found:?}");
    assert!(found.reviewed * 200 <= found.composed, "{found:?}");
}

#[test]
fn a_vendor_that_keeps_the_marker_loses_and_doubles_nothing_silently() {
    let found = run(2, replies(), Faults::plenty());
    assert!(found.ambiguous > 0 && found.crashes > 0, "the network was kind: {found:?}");
}

#[test]
fn late_arrivals_without_bound_are_reported_never_silent() {
    run(3, replies(), Faults { latest: 3_000, ..Faults::plenty() });
}

#[test]
fn a_vendor_that_drops_the_marker_leaves_the_doubtful_to_the_agent() {
    let found = run(4, replies(), Faults { drops_meta: true, ..Faults::plenty() });
    assert!(found.reviewed > 0, "{found:?}");
}

#[test]
fn at_one_ambiguous_attempt_in_a_hundred_few_replies_need_the_agent() {
    let found = run(5, replies(), Faults { ambiguous: 10, crash: 0, ..Faults::plenty() });
    assert!(found.reviewed * 200 <= found.composed, "{found:?}");
}
