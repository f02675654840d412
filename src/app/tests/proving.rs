//! What becomes of an attempt that nobody answered: readings that count and readings that do not, markers, and the one second attempt.

use super::*;
use crate::model::Review;

/// A reply whose only attempt ended ten seconds after nine with nothing known.
fn doubtful() -> (State, OpId) {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    (state, id)
}

fn looked(state: &mut State, seconds: i64, id: OpId, seen: Seen) -> Vec<Effect> {
    super::super::update(state, at(seconds), Event::Looked { op: id, result: Box::new(Ok(seen)) })
}

fn moved(effects: &[Effect]) -> Option<&Op> {
    effects.iter().find_map(|effect| if let Effect::Advance { op, .. } = effect { Some(&**op) } else { None })
}

#[test]
fn readings_that_could_not_show_it_count_apart_and_end_with_the_agent() {
    let (mut state, id) = doubtful();
    for round in 1..=11 {
        assert_eq!(state.outbox.ops[0].state, OpState::Unknown);
        looked(&mut state, 12 + round * 120, id, Seen { whole: false, ..clear() });
        assert_eq!(state.outbox.ops[0].absent, 0);
    }
    assert_eq!(state.outbox.ops[0].review, Some(Review::Unreadable));
}

#[test]
fn quick_looks_of_one_process_count_once() {
    let (mut state, id) = doubtful();
    for _ in 0..9 {
        looked(&mut state, 14, id, clear());
    }
    assert_eq!((state.outbox.ops[0].absent, state.outbox.ops[0].state), (1, OpState::Unknown));
}

#[test]
fn a_reading_from_before_the_attempt_proves_nothing_of_it() {
    let (mut state, id) = doubtful();
    let before = || Seen { tries: Some(0), ..clear() };
    assert_eq!(looked(&mut state, 13, id, before()), []);
    assert_eq!(looked(&mut state, 13, id, Seen { alike: vec![5], ..before() }), []);
    assert_eq!((state.outbox.ops[0].absent, state.outbox.ops[0].state), (0, OpState::Unknown));
    let effects = looked(&mut state, 401, id, Seen { copies: 1, server_id: Some(8), ..before() });
    assert_eq!(moved(&effects).map(|op| op.state), Some(OpState::Sent), "a marker is a marker");
}

#[test]
fn the_same_words_prove_only_where_markers_are_dropped_and_only_what_is_no_other_reply() {
    let alike = |ids: &[i64]| Seen { alike: ids.to_vec(), ..clear() };
    let (mut state, id) = doubtful();
    state.marker = Some(true);
    looked(&mut state, 14, id, alike(&[5]));
    assert_eq!(state.outbox.ops[0].state, OpState::Unknown);
    state.marker = None;
    state.accepted.insert(5);
    looked(&mut state, 15, id, alike(&[5]));
    assert_eq!(state.outbox.ops[0].state, OpState::Unknown, "that one is another's");
    let effects = looked(&mut state, 16, id, alike(&[5, 6]));
    assert_eq!(moved(&effects).map(|op| (op.server_id, op.proof.as_deref())), Some((Some(6), Some("heuristic"))));
    let (mut state, id) = doubtful();
    looked(&mut state, 14, id, alike(&[6, 7]));
    assert_eq!(state.outbox.ops[0].review, Some(Review::Several { ids: vec![6, 7] }));
}

#[test]
fn the_one_second_attempt_wants_a_setting_a_proven_marker_two_readings_and_time() {
    let may = |change: fn(&mut State), seconds: i64| {
        let (mut state, id) = doubtful();
        (state.settings.resend_once, state.marker) = (true, Some(true));
        change(&mut state);
        looked(&mut state, 14, id, clear());
        let effects = looked(&mut state, seconds, id, clear());
        moved(&effects).map(|op| (op.state, op.resends))
    };
    assert_eq!(may(|_| {}, 133), Some((OpState::Queued, 1)));
    assert_ne!(may(|_| {}, 130), Some((OpState::Queued, 1)), "too early");
    assert_ne!(may(|state| state.settings.resend_once = false, 133), Some((OpState::Queued, 1)));
    assert_ne!(may(|state| state.marker = None, 133), Some((OpState::Queued, 1)));
    assert_ne!(may(|state| state.outbox.ops[0].resends = 1, 133).map(|(state, _)| state), Some(OpState::Queued));
}

#[test]
fn whether_markers_come_back_is_learned_from_what_was_accepted() {
    let (mut state, id) = doubtful();
    state.accepted.insert(40);
    assert!(!looked(&mut state, 14, id, Seen { bare: vec![41], ..clear() }).iter().any(|effect| matches!(effect, Effect::Learn { .. })));
    assert!(looked(&mut state, 15, id, Seen { bare: vec![40], ..clear() }).contains(&Effect::Learn { marker: false }));
    assert!(update(&mut state, at(16), Event::Sighted(vec![(id, 50)])).contains(&Effect::Learn { marker: true }));
}

#[test]
fn a_marker_that_a_pull_brought_while_the_answer_was_awaited_is_not_forgotten() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let effects = update(&mut state, at(12), Event::Sighted(vec![(id, 77)]));
    assert_eq!(moved(&effects), None, "its own answer comes");
    let effects = update(&mut state, at(13), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    let sent = |op: &Op| op.state == OpState::Sent && op.server_id == Some(77) && op.proof.as_deref() == Some("marker");
    assert!(matches!(&effects[0], Effect::Settle { op, .. } if sent(op)), "{effects:?}");
}

#[test]
fn what_was_taken_back_too_late_is_sent_and_the_agent_hears_of_it() {
    let (mut state, id) = doubtful();
    let op = state.outbox.ops[0].clone();
    update(&mut state, at(13), Event::Decided { op: id, decision: Decision::Draft });
    assert!(state.outbox.ops.is_empty());
    let effects = update(&mut state, at(20), Event::Sighted(vec![(id, 77)]));
    assert!(effects.contains(&Effect::Load(Ask::Op(id))));
    let cancelled = Op { state: OpState::Cancelled, ..op };
    let effects = update(&mut state, at(20), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(cancelled))))));
    assert!(matches!(&effects[..], [Effect::Advance { op, from }] if op.state == OpState::Sent && *from == [OpState::Cancelled]));
    assert!(state.notice.as_ref().unwrap().text.contains("too late"));
}

#[test]
fn what_is_unknown_again_after_another_process_died_is_looked_up_again() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let op = Op { state: OpState::Unknown, not_before: None, ..state.outbox.ops[0].clone() };
    state.outbox.ops.clear();
    let ops = |op: &Op| Event::Loaded(Box::new(Loaded::Ops(vec![op.clone()])));
    state.sender = false;
    update(&mut state, at(12), ops(&op));
    update(&mut state, at(20), ops(&Op { state: OpState::Sending, tries: 2, ..op.clone() }));
    update(&mut state, at(30), Event::Sender(true));
    update(&mut state, at(30), ops(&Op { tries: 2, ..op }));
    let effects = update(&mut state, at(32), Event::Woke);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Look(op) if op.id() == id)), "{effects:?}");
}

#[test]
fn a_disk_that_is_behind_does_not_call_an_attempt_back_that_is_over() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let sending = Op { state: OpState::Sending, ..state.outbox.ops[0].clone() };
    let outcome = Outcome::NotSent { cause: "refused".into(), retry_after: None };
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(outcome) });
    // The disk did not take that move yet, and is read.
    update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Ops(vec![sending.clone()]))));
    update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(sending.clone()))))));
    assert_eq!(state.outbox.ops.iter().map(|op| op.state).collect::<Vec<_>>(), [OpState::Queued]);
    assert_eq!(pushes(&update(&mut state, at(40), Event::Woke)), [id]);
    update(&mut state, at(41), Event::Pushed { op: id, outcome: Box::new(accepted()) });
    assert!(state.outbox.ops.is_empty(), "it is sent");
    update(&mut state, at(42), Event::Loaded(Box::new(Loaded::Ops(vec![sending.clone()]))));
    update(&mut state, at(42), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(sending))))));
    assert!(state.outbox.ops.is_empty(), "it is sent");
}

/// The one that sends learns of one copy from its answer; that there are two, only the one that pulled meanwhile knows.
#[test]
fn two_copies_seen_while_another_process_sends_are_told_when_its_attempt_is_over() {
    for known in [false, true] {
        let mut state = desk();
        let id = reply(&mut state, 0, "we are on it");
        let sending = Op { state: OpState::Sending, tries: 1, ..state.outbox.ops[0].clone() };
        let ops = |ops: Vec<Op>| Event::Loaded(Box::new(Loaded::Ops(ops)));
        let asks = |effects: &[Effect]| effects.contains(&Effect::Load(Ask::Op(id)));
        (state.sender, state.outbox.ops[0].state) = (false, OpState::Held);
        if known {
            update(&mut state, at(11), ops(vec![sending.clone()]));
        }
        let effects = update(&mut state, at(12), Event::Sighted(vec![(id, 3171), (id, 3172)]));
        if !known {
            // The disk has it as being sent and refuses the move.
            assert!(effects.iter().any(|effect| matches!(effect, Effect::Advance { .. })), "{effects:?}");
            update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(sending.clone()))))));
        }
        assert!(!asks(&update(&mut state, at(13), ops(vec![sending.clone()]))), "it is on its way still");
        assert!(asks(&update(&mut state, at(14), ops(Vec::new()))), "known before: {known}");
        let sent = Op { state: OpState::Sent, server_id: Some(3172), proof: Some("response".into()), ..sending };
        let effects = update(&mut state, at(14), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(sent))))));
        assert!(matches!(&effects[..], [Effect::Advance { op, .. }] if op.twins == 1), "{effects:?}");
        assert!(state.notice.as_ref().unwrap().text.contains("2 times"), "{:?}", state.notice);
        assert!(!asks(&update(&mut state, at(15), ops(Vec::new()))), "once");
    }
}

/// Whoever takes over looks up what it knew; that another attempt was made since, it reads a moment later.
#[test]
fn a_look_for_an_attempt_before_the_last_is_followed_by_one_for_the_last() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let unknown = Op { state: OpState::Unknown, tries: 1, not_before: Some(at(11)), ..state.outbox.ops[0].clone() };
    state.outbox.ops.clear();
    let ops = |op: &Op| Event::Loaded(Box::new(Loaded::Ops(vec![op.clone()])));
    let looks = |effects: &[Effect]| effects.iter().filter_map(|effect| if let Effect::Look(op) = effect { Some(op.tries) } else { None }).collect::<Vec<_>>();
    state.sender = false;
    update(&mut state, at(1), ops(&unknown));
    state.outbox.ops[0].not_before = Some(at(11));
    assert_eq!(looks(&super::super::update(&mut state, at(12), Event::Sender(true))), [1]);
    update(&mut state, at(12), ops(&Op { tries: 2, not_before: None, ..unknown }));
    let seen = Seen { tries: Some(1), ..clear() };
    super::super::update(&mut state, at(13), Event::Looked { op: id, result: Box::new(Ok(seen)) });
    assert!(state.wake_at().is_some_and(|wake| wake <= at(15)), "{:?}", state.wake_at());
    assert_eq!(looks(&super::super::update(&mut state, at(15), Event::Woke)), [2]);
}
