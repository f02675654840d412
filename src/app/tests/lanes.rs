//! Who goes next: the order within a case, what stands in the way of what, and how many at a time.

use super::*;
use crate::app::lane::{LANES, blocked};
use crate::model::{Mutation, Op};

fn op(case: i64, seq: i64, state: OpState, change: Change) -> Op {
    let by = crate::model::Actor::default();
    let id = OpId::new(at(0), 7, u16::try_from(seq).unwrap());
    let mutation = Mutation { op: id, case: CaseId(case), thread: ThreadId(case), at: at(0), by, change };
    Op { state, seq, ..Op::new(mutation, None) }
}

fn says(case: i64, seq: i64, state: OpState) -> Op {
    op(case, seq, state, Change::reply("hi"))
}

fn close() -> Change {
    Change::Close { state: "handled".into() }
}

/// What is looked at of these, by its place in the order.
fn next(ops: Vec<Op>) -> Vec<i64> {
    let mut state = desk();
    state.outbox.ops = ops;
    let effects = crate::app::update(&mut state, at(1), Event::Woke);
    effects.iter().filter_map(|effect| if let Effect::Look(op) = effect { Some(op.seq) } else { None }).collect()
}

#[test]
fn the_first_of_each_case_goes_and_so_many_cases_at_a_time() {
    let queued = |case, seq| says(case, seq, OpState::Queued);
    assert_eq!(next(vec![queued(1, 1), queued(1, 2), queued(2, 3)]), [1, 3]);
    let many: Vec<Op> = (1..=9).map(|seq| queued(seq, seq)).collect();
    assert_eq!(next(many.clone()).len(), LANES);
    let sending = many.into_iter().map(|op| if op.seq <= 3 { Op { state: OpState::Sending, ..op } } else { op }).collect();
    assert_eq!(next(sending), [4], "what is on the way takes its place");
    assert_eq!(next(vec![queued(1, 0)]), [0; 0], "what the disk has not said yes to waits");
    let later = Op { not_before: Some(at(9)), ..queued(1, 1) };
    assert_eq!(next(vec![later, queued(1, 2)]), [0; 0], "a wait is a wait for all of the case");
}

#[test]
fn nothing_goes_where_the_key_is_not_taken_or_the_server_asked_to_wait() {
    for still in [
        |state: &mut State| state.sync.link = Link::Unauthorized,
        |state: &mut State| state.sync.hold_pushes = Some(at(9)),
        |state: &mut State| state.sender = false,
    ] {
        let mut state = desk();
        state.outbox.ops = vec![says(1, 1, OpState::Queued)];
        still(&mut state);
        assert!(!crate::app::update(&mut state, at(1), Event::Woke).iter().any(|effect| matches!(effect, Effect::Look(_))));
    }
}

#[test]
fn what_blocks_what() {
    let stands = |before: OpState, change: Change| blocked(&[says(1, 1, before), op(1, 2, OpState::Queued, change)], 1, at(0));
    let reply = || Change::reply("more");
    for moving in [OpState::Held, OpState::Queued, OpState::Sending, OpState::Unknown] {
        assert!(stands(moving, reply()) && stands(moving, close()) && stands(moving, Change::Claim), "{moving:?}");
    }
    assert!(stands(OpState::NeedsReview, reply()) && stands(OpState::NeedsReview, close()));
    assert!(!stands(OpState::NeedsReview, Change::Reopen), "that may be the way out");
    assert!(stands(OpState::Failed, close()) && !stands(OpState::Failed, reply()), "a close never overtakes its reply");
    let others = [says(2, 1, OpState::Unknown), says(1, 2, OpState::Queued)];
    assert!(!blocked(&others, 1, at(0)), "other cases are other lanes");
    let failed_claim = [op(1, 1, OpState::Failed, Change::Claim), op(1, 2, OpState::Queued, close())];
    assert!(!blocked(&failed_claim, 1, at(0)));
}

#[test]
fn what_waited_for_the_agent_does_not_go_while_a_later_one_is_on_the_way() {
    for moving in [OpState::Sending, OpState::Unknown] {
        let ops = vec![says(1, 1, OpState::Queued), op(1, 2, moving, Change::Claim)];
        assert!(blocked(&ops, 0, at(0)));
        assert_eq!(next(ops), [0; 0], "{moving:?}");
    }
}

#[test]
fn an_undo_window_ends_by_itself_or_when_the_agent_leaves() {
    let held = || Op { not_before: Some(at(9)), ..says(1, 1, OpState::Held) };
    assert_eq!(next(vec![held()]), [0; 0]);
    let mut state = desk();
    state.outbox.ops = vec![held()];
    let effects = crate::app::update(&mut state, at(9), Event::Woke);
    assert!(matches!(&effects[0], Effect::Advance { op, from } if op.state == OpState::Queued && *from == [OpState::Held]));
    state.outbox.ops = vec![held()];
    state.closing = Some(at(5));
    assert_eq!(crate::app::update(&mut state, at(2), Event::Woke).iter().filter(|effect| matches!(effect, Effect::Advance { .. })).count(), 1);
}
