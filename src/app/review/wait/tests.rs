//! The sentences, one by one.

use super::{Moment, Sender, left, next_step};
use crate::app::Link;
use crate::app::bindings::Bindings;
use crate::model::{Actor, CaseId, Change, Mutation, Op, OpId, OpState, ThreadId, Timestamp, date};
use chrono::Duration;
use std::sync::LazyLock;

fn now() -> Timestamp {
    date::parse("2026-11-23T09:30:00Z").unwrap()
}

fn op(count: u16, change: Change, state: OpState) -> Op {
    let mutation = Mutation { op: OpId::new(now(), 7, count), case: CaseId(4410), thread: ThreadId(1), at: now(), by: Actor::default(), change };
    Op { state, seq: count.into(), ..Op::new(mutation, None) }
}

fn reply(count: u16, state: OpState) -> Op {
    op(count, Change::reply("hello"), state)
}

fn later(seconds: i64) -> Timestamp {
    now() + Duration::seconds(seconds)
}

/// The default ones.
fn keys() -> &'static Bindings {
    static KEYS: LazyLock<Bindings> = LazyLock::new(Bindings::default);
    &KEYS
}

fn moment(ops: &[Op]) -> Moment<'_> {
    Moment { ops, now: now(), wall: now(), utc_offset: 0, link: Link::Live, hold: None, sender: Sender::Here, looking: None, undo: Some((&[], keys())) }
}

#[test]
fn what_is_held_says_when_it_goes_and_what_takes_it_back() {
    let held = Op { not_before: Some(later(7)), ..reply(1, OpState::Held) };
    let ops = [held.clone()];
    let newest = [held.id()];
    assert_eq!(Moment { undo: Some((&newest, keys())), ..moment(&ops) }.waits_for(&held), "goes out in 7s, z takes it back");
    assert_eq!(moment(&ops).waits_for(&held), "goes out in 7s, d takes it back");
    assert_eq!(Moment { undo: None, ..moment(&ops) }.waits_for(&held), "goes out in 7s");
    assert_eq!(Moment { undo: None, sender: Sender::Nobody, ..moment(&ops) }.waits_for(&held), "goes out when caseload runs again");
}

#[test]
fn what_is_queued_names_what_it_is_behind() {
    let next = reply(3, OpState::Queued);
    let close = op(4, Change::Close { state: "handled".into() }, OpState::Queued);
    for (first, words) in [
        (OpState::NeedsReview, "behind the reply to #4410 that needs you"),
        (OpState::Unknown, "behind the reply to #4410 that nobody answered for"),
        (OpState::Sending, "behind the reply to #4410 that is being sent"),
        (OpState::Failed, "goes out next"),
    ] {
        let ops = [reply(1, first), next.clone()];
        assert_eq!(moment(&ops).waits_for(&next), words);
    }
    let ops = [reply(1, OpState::Failed), reply(2, OpState::Queued), close.clone()];
    assert_eq!(moment(&ops).waits_for(&close), "behind the reply to #4410 that failed");
    let elsewhere = Op { mutation: Mutation { case: CaseId(7), ..reply(1, OpState::Unknown).mutation }, ..reply(1, OpState::Unknown) };
    assert_eq!(moment(&[elsewhere, next.clone()]).waits_for(&next), "goes out next");
}

#[test]
fn what_is_queued_says_why_it_does_not_go() {
    let next = reply(1, OpState::Queued);
    let ops = [next.clone()];
    let hold = Some(later(12));
    assert_eq!(Moment { link: Link::Offline, hold, ..moment(&ops) }.waits_for(&next), "the server is away, next try in 15s");
    assert_eq!(Moment { link: Link::Offline, ..moment(&ops) }.waits_for(&next), "the server is away");
    assert_eq!(Moment { hold, ..moment(&ops) }.waits_for(&next), "next try in 15s");
    assert_eq!(Moment { link: Link::Unauthorized, ..moment(&ops) }.waits_for(&next), "the key is not taken: it needs another one");
    assert_eq!(Moment { sender: Sender::Elsewhere, ..moment(&ops) }.waits_for(&next), "another caseload sends it");
    assert!(Moment { sender: Sender::Nobody, ..moment(&ops) }.waits_for(&next).contains("caseload sync"));
    let looking = [next.id()].into();
    assert_eq!(Moment { looking: Some(&looking), ..moment(&ops) }.waits_for(&next), "looking at the server before it goes out");
}

#[test]
fn what_is_unknown_counts_its_readings() {
    let unknown = Op { absent: 2, not_before: Some(later(40)), ..reply(1, OpState::Unknown) };
    let ops = [unknown.clone()];
    assert_eq!(moment(&ops).waits_for(&unknown), "looking at the server: 2 readings did not show it, next look in 40s");
    let wanted = Op { wanted: true, absent: 0, blind: 1, not_before: None, ..unknown.clone() };
    assert_eq!(moment(&ops).waits_for(&wanted), "looking at the server now: 1 reading could show nothing; it goes again if it is not there");
    assert_eq!(Moment { link: Link::Offline, ..moment(&ops) }.waits_for(&unknown), "the server is away, next look in 40s: 2 readings did not show it");
}

#[test]
fn what_is_sent_says_how_sure_that_is() {
    let sent = Op { proof: Some("heuristic".into()), ..reply(1, OpState::Sent) };
    assert!(moment(&[]).waits_for(&sent).contains('~'));
    assert_eq!(moment(&[]).waits_for(&Op { proof: Some("response".into()), ..sent }), "");
}

#[test]
fn a_countdown_moves_in_steps_and_never_spins() {
    let at = now() + Duration::seconds(300);
    let (mut clock, mut steps, mut words) = (now(), 0, Vec::new());
    while let Some(next) = next_step(clock, at) {
        assert!(next > clock, "{clock} {next}");
        words.push(left(clock, at).unwrap());
        assert_ne!(left(next, at).as_ref(), words.last());
        clock = next;
        steps += 1;
    }
    assert!(steps < 26, "{steps} {words:?}");
    assert_eq!((words.first().unwrap().as_str(), words.last().unwrap().as_str()), ("5m", "1s"));
}
