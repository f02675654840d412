//! The last look before an attempt: what the agent has to see first, and what a failing look does.

use super::*;
use crate::model::{Mutation, Newer, Review, Untrusted};

fn newer() -> Newer {
    Newer { id: MessageId(9), by: "Mina".into(), at: None, text: "and now?".into() }
}

/// Composes a change and lets the look before its attempt come so many seconds later; gives the state and the effects.
fn look(change: Change, seconds: i64, result: Result<Seen, Failure>) -> (State, Vec<Effect>) {
    let mut state = desk();
    let thread = ThreadId(1);
    let effects = super::super::update(&mut state, at(0), Event::Commanded { case: CaseId(1), thread, change });
    store(&mut state, 0, &effects);
    let id = state.outbox.ops[0].id();
    state.watch.looking.insert(id);
    (state.outbox.ops[0].state, state.outbox.ops[0].not_before) = (OpState::Queued, None);
    let effects = super::super::update(&mut state, at(seconds), Event::Looked { op: id, result: Box::new(result) });
    (state, effects)
}

fn reply() -> Change {
    Change::reply("on its way")
}

fn review(state: &State) -> Option<&Review> {
    let op = &state.outbox.ops[0];
    assert_eq!(op.state == OpState::NeedsReview, op.review.is_some());
    op.review.as_ref()
}

#[test]
fn a_reply_is_held_back_only_when_it_is_old_and_the_customer_wrote() {
    let wrote = || Ok(Seen { newer: vec![newer()], more: 1, ..clear() });
    assert_eq!(pushes(&look(reply(), 60, wrote()).1).len(), 1, "they write on while they are answered");
    assert_eq!(pushes(&look(reply(), 901, Ok(clear())).1).len(), 1);
    let (state, effects) = look(reply(), 901, wrote());
    assert!(pushes(&effects).is_empty());
    assert!(matches!(review(&state), Some(Review::Stale { newer, more: 1 }) if newer.len() == 1));
    assert!(state.outbox.ops[0].cause.as_ref().unwrap().contains("2 times"));
    assert_eq!(pushes(&look(Change::Note { text: "n".into() }, 901, wrote()).1).len(), 1, "colleagues are not answered");
    assert!(matches!(review(&look(Change::Close { state: "handled".into() }, 901, wrote()).0), Some(Review::Stale { .. })));
}

/// What another process composes is known a moment later; what it tried already may have waited for long.
#[test]
fn what_another_process_tried_is_not_taken_for_composed_just_now() {
    for (tries, held_back) in [(0, false), (1, true)] {
        let mut state = desk();
        let load = |ops: Vec<Op>| Event::Loaded(Box::new(Loaded::Ops(ops)));
        super::super::update(&mut state, at(0), load(Vec::new()));
        let mutation = Mutation { op: OpId::new(at(0), 9, 1), case: CaseId(1), thread: ThreadId(1), at: at(0), by: Actor::default(), change: reply() };
        let op = Op { state: OpState::Queued, seq: 1, tries, ..Op::new(mutation, None) };
        super::super::update(&mut state, at(5), load(vec![op.clone()]));
        state.watch.looking.insert(op.id());
        let seen = Seen { newer: vec![newer()], tries: Some(tries), ..clear() };
        super::super::update(&mut state, at(6), Event::Looked { op: op.id(), result: Box::new(Ok(seen)) });
        assert_eq!(matches!(review(&state), Some(Review::Stale { .. })), held_back, "after {tries} tries");
    }
}

#[test]
fn what_was_there_before_this_process_counts_as_old() {
    let mut state = desk();
    let effects = super::super::update(&mut state, at(0), Event::Commanded { case: CaseId(1), thread: ThreadId(1), change: reply() });
    store(&mut state, 0, &effects);
    let mut op = state.outbox.ops[0].clone();
    (op.state, op.not_before) = (OpState::Queued, None);
    let mut state = desk();
    super::super::update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Ops(vec![op.clone()]))));
    let seen = Seen { newer: vec![newer()], ..clear() };
    super::super::update(&mut state, at(2), Event::Looked { op: op.id(), result: Box::new(Ok(seen)) });
    assert!(matches!(review(&state), Some(Review::Stale { .. })));
}

#[test]
fn with_the_agents_word_it_goes_all_the_same_but_never_to_a_closed_case() {
    let (mut state, _) = look(reply(), 901, Ok(Seen { newer: vec![newer()], ..clear() }));
    let id = state.outbox.ops[0].id();
    super::super::update(&mut state, at(902), Event::Decided { op: id, decision: Decision::Anyway });
    assert!(state.outbox.ops[0].allowed);
    let closed = Seen { status: Some(Status::Closed), closed_by: Some("Kim".into()), newer: vec![newer()], ..clear() };
    super::super::update(&mut state, at(903), Event::Looked { op: id, result: Box::new(Ok(closed)) });
    assert!(matches!(review(&state), Some(Review::NotActive { by: Some(by), .. }) if by.raw() == "Kim"));
    super::super::update(&mut state, at(904), Event::Decided { op: id, decision: Decision::Retry });
    let seen = Seen { newer: vec![newer()], ..clear() };
    let effects = super::super::update(&mut state, at(905), Event::Looked { op: id, result: Box::new(Ok(seen)) });
    assert_eq!(pushes(&effects), [id]);
}

#[test]
fn what_others_changed_is_not_overwritten() {
    let edit = || Change::Edit { message: MessageId(4), text: "mine".into() };
    let theirs: Untrusted = "theirs".into();
    let (state, effects) = look(edit(), 5, Ok(Seen { theirs: Some(theirs), ..clear() }));
    assert!(pushes(&effects).is_empty());
    assert!(matches!(review(&state), Some(Review::Conflict { yours, theirs }) if (yours.raw(), theirs.raw()) == ("mine", "theirs")));
    assert_eq!(pushes(&look(edit(), 5, Ok(clear())).1).len(), 1);
}

#[test]
fn a_snooze_whose_time_is_over_waits_for_the_agent() {
    let snooze = |seconds| Change::Snooze { until: at(seconds), message: None };
    assert!(matches!(review(&look(snooze(60), 61, Ok(clear())).0), Some(Review::Overdue { until }) if *until == at(60)));
    assert_eq!(pushes(&look(snooze(60), 59, Ok(clear())).1).len(), 1);
}

#[test]
fn what_the_agent_saw_stays_with_the_operation_and_what_was_there_before_goes_with_it() {
    let mut state = desk();
    let effects = super::super::update(&mut state, at(0), Event::Commanded { case: CaseId(1), thread: ThreadId(1), change: reply() });
    let Some(Effect::Queue(ops)) = effects.into_iter().next() else { panic!() };
    let saw = crate::model::Saw { heard: Some(MessageId(3)), ..crate::model::Saw::default() };
    let stored = ops.into_iter().map(|op| Op { seq: 1, saw: Some(saw.clone()), ..op }).collect();
    super::super::update(&mut state, at(0), Event::Loaded(Box::new(Loaded::Stored(stored))));
    assert_eq!(state.outbox.ops[0].saw, Some(saw));
    let effects = super::super::update(&mut state, at(11), Event::Woke);
    let looks = |effect: &Effect| matches!(effect, Effect::Look(op) if op.heard() == Some(MessageId(3)));
    assert!(effects.iter().any(looks), "the look compares with it: {effects:?}");
    let before = crate::model::Before { anchor: Some(8), alike: vec![5] };
    let id = state.outbox.ops[0].id();
    let effects = super::super::update(&mut state, at(12), Event::Looked { op: id, result: Box::new(Ok(Seen { before: before.clone(), ..clear() })) });
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Push(op) if op.before.as_ref() == Some(&before))));
}

#[test]
fn a_look_that_fails_sends_nothing_and_waits_or_asks() {
    let failed = |kind| look(reply(), 5, Err(Failure { kind, text: "away".into() }));
    for kind in [FailureKind::Offline, FailureKind::Other] {
        let (state, effects) = failed(kind);
        assert!(pushes(&effects).is_empty() && state.outbox.ops[0].state == OpState::Queued && state.sync.hold_pushes.is_some());
    }
    let (state, _) = failed(FailureKind::Unauthorized);
    assert_eq!((state.sync.link, state.outbox.ops[0].state), (Link::Unauthorized, OpState::Queued));
    for kind in [FailureKind::NotFound, FailureKind::Forbidden] {
        let (mut state, _) = failed(kind);
        let id = state.outbox.ops[0].id();
        for second in 10..30 {
            let failure = Failure { kind, text: "not here".into() };
            super::super::update(&mut state, at(second), Event::Looked { op: id, result: Box::new(Err(failure)) });
        }
        assert_eq!(review(&state), Some(&Review::Gone), "said again and again it is believed");
    }
}
