//! What becomes of operations: order, answers, silence, the disk, and leaving.

use super::*;

#[test]
fn one_case_sends_in_order_and_cases_side_by_side() {
    let mut state = desk();
    let first = reply(&mut state, 1, "one");
    press(&mut state, 13, "r");
    press(&mut state, 13, "t w o ^s Esc");
    assert_eq!(pushes(&update(&mut state, at(30), Event::Woke)), [], "the first is still on its way");
    let effects = update(&mut state, at(31), Event::Pushed { op: first, outcome: Box::new(accepted()) });
    assert_eq!(pushes(&effects).len(), 1, "now the second goes");
}

#[test]
fn an_unknown_outcome_is_looked_up_and_never_sent_again_blindly() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let effects = update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    assert_eq!(pushes(&effects), []);
    let (mut now, mut looks) = (12, 0);
    while state.outbox.ops[0].state == OpState::Unknown {
        now = (state.outbox.ops[0].not_before.unwrap() - at(0)).num_seconds();
        let effects = update(&mut state, at(now), Event::Woke);
        assert_eq!(pushes(&effects), []);
        assert!(effects.iter().any(|effect| matches!(effect, Effect::Look(op) if op.id() == id)));
        looks += 1;
        update(&mut state, at(now), Event::Looked { op: id, result: Box::new(Ok(clear())) });
    }
    assert_eq!((looks, state.outbox.ops[0].state), (6, OpState::NeedsReview));
    assert!(now - 12 >= 300);
    let effects = update(&mut state, at(now + 900), Event::Sighted(vec![(id, 77)]));
    assert!(matches!(&effects[0], Effect::Advance { op, .. } if op.state == OpState::Sent && op.server_id == Some(77)), "a late marker still proves it");
}

#[test]
fn what_a_dead_sender_left_is_looked_up_however_often_the_files_are_read() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let mut op = state.outbox.ops[0].clone();
    (op.state, op.not_before) = (OpState::Unknown, None);
    state.outbox.ops.clear();
    let ops = |op: &Op| Event::Loaded(Box::new(Loaded::Ops(vec![op.clone()])));
    update(&mut state, at(12), ops(&op));
    update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(op.clone()))))));
    update(&mut state, at(13), ops(&op));
    assert!(state.wake_at().is_some_and(|wake| wake <= at(14)));
    let effects = update(&mut state, at(14), Event::Woke);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Look(op) if op.id() == id)), "{effects:?}");
}

#[test]
fn what_became_due_before_a_frame_is_done_after_it() {
    let mut state = desk();
    press(&mut state, 0, "r");
    press(&mut state, 0, "o n e ^s Esc");
    let due = state.outbox.ops[0].not_before.unwrap();
    update(&mut state, due, Event::Drained);
    assert!(state.wake_at().is_some_and(|wake| wake <= due), "a look at the clock loses nothing");
    assert_eq!(pushes(&update(&mut state, due, Event::Woke)).len(), 1);
    assert!(state.wake_at().is_none_or(|wake| wake > due), "and nothing spins");
}

#[test]
fn what_another_process_was_sending_when_it_died_is_not_taken_for_ours() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    state.sender = false;
    let mut op = state.outbox.ops[0].clone();
    let ops = |op: &Op| Event::Loaded(Box::new(Loaded::Ops(vec![op.clone()])));
    op.state = OpState::Sending;
    update(&mut state, at(12), ops(&op));
    update(&mut state, at(13), Event::Sender(true));
    op.state = OpState::Unknown;
    update(&mut state, at(13), ops(&op));
    assert_eq!((state.outbox.ops[0].id(), state.outbox.ops[0].state), (id, OpState::Unknown));
    state.sender = false;
    op.state = OpState::Sending;
    update(&mut state, at(14), ops(&op));
    update(&mut state, at(15), Event::Loaded(Box::new(Loaded::Ops(Vec::new()))));
    assert!(state.outbox.ops.is_empty(), "the other one is done with it");
}

#[test]
fn who_asks_by_the_files_is_heard_in_spite_of_a_wait() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let outcome = Outcome::NotSent { cause: "connection refused".into(), retry_after: None };
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(outcome) });
    let mut op = state.outbox.ops[0].clone();
    assert!(op.not_before.is_some() && state.sync.hold_pushes.is_some());
    let same = update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Ops(vec![op.clone()]))));
    assert_eq!(pushes(&same), []);
    (op.not_before, op.changed) = (None, op.changed + chrono::Duration::milliseconds(1));
    assert_eq!(pushes(&update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Ops(vec![op]))))), [id]);
}

#[test]
fn with_idempotency_keys_an_unknown_outcome_is_asked_again_under_the_same_key() {
    let mut state = desk();
    state.sync.idempotency = true;
    let id = reply(&mut state, 0, "one");
    let lost = || Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) };
    assert_eq!(pushes(&update(&mut state, at(12), lost())), [id], "once at once");
    assert_eq!(pushes(&update(&mut state, at(13), lost())), [], "then after a while");
    assert_eq!(pushes(&update(&mut state, at(16), Event::Woke)), [id]);
}

#[test]
fn a_marker_seen_twice_is_reported() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    let effects = update(&mut state, at(13), Event::Sighted(vec![(id, 77), (id, 78), (id, 77)]));
    assert!(matches!(&effects[0], Effect::Advance { op, .. } if op.twins == 1));
    assert!(state.notice.as_ref().unwrap().text.contains("2 times"));
}

#[test]
fn a_second_look_that_comes_late_does_not_overturn_the_attempt_it_led_to() {
    let mut state = desk();
    let effects = press(&mut state, 0, "e");
    assert_eq!(pushes(&effects), []);
    let id = pushes(&update(&mut state, at(11), Event::Woke))[0];
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    let on_disk = state.outbox.ops.clone();
    update(&mut state, at(14), Event::Woke);
    // What is on the disk is read again meanwhile: it is being looked at all the same.
    let effects = update(&mut state, at(15), Event::Loaded(Box::new(Loaded::Ops(on_disk))));
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Look(_))), "{effects:?}");
    let absent = || Event::Looked { op: id, result: Box::new(Ok(clear())) };
    assert_eq!(pushes(&update(&mut state, at(16), absent())), [id], "a close does no harm twice");
    assert_eq!(update(&mut state, at(16), absent()), []);
    assert_eq!(state.outbox.ops[0].state, OpState::Sending);
}

#[test]
fn a_moment_that_passes_while_a_frame_is_prepared_still_wakes_the_loop() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    state.notice = None;
    update(&mut state, at(15), Event::Drained);
    assert!(state.wake_at().unwrap() <= at(15), "{:?}", state.wake_at());
    let effects = update(&mut state, at(15), Event::Woke);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Look(_))));
    assert!(state.wake_at().unwrap() > at(15));
}

#[test]
fn a_command_waits_for_what_it_began_and_begins_nothing_more_when_it_is_done() {
    let mut state = State::new(Settings { interactive: false, ..Settings::default() }, Size::new(0, 0), at(0), 7);
    state.sender = true;
    let command = |case| Event::Commanded { case: CaseId(case), thread: ThreadId(case), change: Change::Close { state: "handled".into() } };
    for case in [1, 1, 2] {
        let effects = update(&mut state, at(1), command(case));
        store(&mut state, 1, &effects);
    }
    state.goal.truncate(1);
    state.goal.extend(state.outbox.ops.last().map(Op::id));
    let effects = update(&mut state, at(2), Event::Woke);
    let first = state.goal[0];
    let effects = [effects, update(&mut state, at(3), Event::Pushed { op: first, outcome: Box::new(Outcome::Refused { cause: "no".into() }) })].concat();
    assert!(!effects.contains(&Effect::Quit), "the other is on its way");
    let last = state.goal[1];
    let effects = update(&mut state, at(4), Event::Pushed { op: last, outcome: Box::new(accepted()) });
    assert!(!effects.contains(&Effect::Quit) && pushes(&effects).is_empty(), "what the refusal let go is on its way too: {effects:?}");
    let between = state.outbox.ops.iter().find(|op| op.state == OpState::Sending).unwrap().id();
    let effects = update(&mut state, at(5), Event::Pushed { op: between, outcome: Box::new(accepted()) });
    assert!(effects.contains(&Effect::Quit));
}

#[test]
fn what_surely_did_not_leave_waits_and_goes_again() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let outcome = Outcome::NotSent { cause: "connection refused".into(), retry_after: None };
    let effects = update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(outcome) });
    assert_eq!(pushes(&effects), []);
    assert_eq!((state.sync.link, state.outbox.ops[0].state), (Link::Offline, OpState::Queued));
    assert_eq!(pushes(&update(&mut state, at(14), Event::Woke)), [id]);
}

#[test]
fn a_refusal_falls_back_and_says_why() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let effects = update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Refused { cause: "too long".into() }) });
    assert!(matches!(&effects[0], Effect::Settle { op, .. } if op.state == OpState::Failed));
    assert!(!state.outbox.ops[0].state.is_shown());
    assert!(state.notice.as_ref().unwrap().text.contains("too long"));
}

#[test]
fn a_close_waits_for_a_failed_reply_and_a_later_reply_does_not() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(Outcome::Refused { cause: "no".into() }) });
    let second = reply(&mut state, 13, "two");
    update(&mut state, at(25), Event::Pushed { op: second, outcome: Box::new(accepted()) });
    press(&mut state, 26, "e");
    assert_eq!(pushes(&update(&mut state, at(60), Event::Woke)), []);
    let effects = update(&mut state, at(61), Event::Decided { op: id, decision: Decision::Draft });
    assert_eq!(pushes(&effects).len(), 1, "the failed reply was dropped, the close goes");
}

#[test]
fn what_the_disk_does_not_take_comes_back_on_the_screen() {
    let mut state = desk();
    press(&mut state, 1, "r a b");
    let effects = update(&mut state, at(1), Event::Pressed(input("^s")));
    assert!(matches!(&effects[0], Effect::Queue(_)));
    update(&mut state, at(1), Event::DiskFailed("saving the outbox: disk full".into()));
    assert!(state.outbox.ops.is_empty());
    assert_eq!((state.focus, state.compose.as_ref().unwrap().text()), (Focus::Compose, "ab".to_owned()));
}

#[test]
fn leaving_releases_what_is_held_and_waits_a_moment() {
    let mut state = desk();
    press(&mut state, 1, "e");
    let effects = press(&mut state, 2, "q");
    let id = pushes(&effects)[0];
    assert!(!effects.contains(&Effect::Quit));
    let effects = update(&mut state, at(3), Event::Pushed { op: id, outcome: Box::new(accepted()) });
    assert!(effects.contains(&Effect::Quit));
    let mut state = desk();
    press(&mut state, 1, "e q");
    assert!(update(&mut state, at(4), Event::Woke).contains(&Effect::Quit), "patience is short");
}

#[test]
fn leaving_offline_does_not_wait_and_keeps_drafts() {
    let mut state = desk();
    state.sync.link = Link::Offline;
    press(&mut state, 1, "r d");
    let effects = update(&mut state, at(1), Event::Closing);
    assert!(matches!(&effects[..], [Effect::SaveDraft(_), Effect::Quit]));
}

#[test]
fn an_old_close_is_not_done_over_what_the_customer_wrote_and_does_not_hide_the_case() {
    let mut state = desk();
    press(&mut state, 0, "e");
    let id = state.outbox.ops[0].id();
    state.composed.clear();
    let newer = crate::model::Newer { id: MessageId(9), by: "Mina".into(), at: None, text: "one more thing".into() };
    let looked = Seen { newer: vec![newer], ..clear() };
    let effects = super::super::update(&mut state, at(11), Event::Woke);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Look(op) if op.id() == id)), "{effects:?}");
    let effects = update(&mut state, at(12), Event::Looked { op: id, result: Box::new(Ok(looked)) });
    assert_eq!(pushes(&effects), []);
    let op = &state.outbox.ops[0];
    assert!(op.state == OpState::NeedsReview && !op.is_laid_over() && op.cause.as_deref().unwrap().contains("wrote once"), "{op:?}");
    let effects = update(&mut state, at(13), Event::Decided { op: id, decision: Decision::Anyway });
    assert_eq!(pushes(&effects), [id], "the agent knows now");
}

#[test]
fn a_wait_that_is_over_here_is_not_brought_back_by_the_disk() {
    let mut state = desk();
    let id = reply(&mut state, 0, "one");
    let outcome = Outcome::NotSent { cause: "connection refused".into(), retry_after: None };
    update(&mut state, at(12), Event::Pushed { op: id, outcome: Box::new(outcome) });
    let on_disk = state.outbox.ops.clone();
    assert!(on_disk[0].not_before.is_some());
    (state.settings.interactive, state.outbox.read) = (false, false);
    state.outbox.ops.clear();
    let ops = || Event::Loaded(Box::new(Loaded::Ops(on_disk.clone())));
    update(&mut state, at(12), Event::SyncAsked(PullPlan { full: true, fold: true, all_messages: false }));
    super::super::update(&mut state, at(12), ops());
    super::super::update(&mut state, at(12), ops());
    super::super::update(&mut state, at(12), Event::Loaded(Box::new(Loaded::Op(Some(Box::new(on_disk[0].clone()))))));
    let looked = Event::Looked { op: id, result: Box::new(Ok(clear())) };
    assert_eq!(pushes(&update(&mut state, at(12), looked)), [id], "the files were read again between the look and the attempt");
}

#[test]
fn who_sends_and_goes_on_is_at_the_next_row_wherever_the_list_puts_the_first() {
    let mut state = desk();
    press(&mut state, 1, "j r");
    let effects = press(&mut state, 1, "o n e ^x n");
    let Some(Effect::Queue(ops)) = effects.iter().find(|effect| matches!(effect, Effect::Queue(_))) else { panic!("{effects:?}") };
    assert_eq!(ops.iter().map(|op| (op.case(), op.mutation.change.clone())).collect::<Vec<_>>(), [(CaseId(2), Change::reply("one"))]);
    assert_eq!((state.focus, state.list.selected, state.compose.is_none()), (Focus::List, Some(CaseId(3)), true));
    // Answered, it is due last.
    let mut moved = window(1..10);
    let answered = moved.rows.remove(1);
    moved.rows.push(answered);
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Window(moved))));
    assert_eq!(state.list.selected, Some(CaseId(3)));
    // A note to colleagues goes the same way, and nothing goes where nothing was said.
    press(&mut state, 3, "i t w o ^x n");
    assert_eq!((state.focus, state.list.selected), (Focus::List, Some(CaseId(4))));
    assert_eq!(state.outbox.ops.last().map(|op| (op.case(), op.mutation.change.clone())), Some((CaseId(3), Change::Note { text: "two".into() })));
    press(&mut state, 4, "r ^x n");
    assert_eq!((state.focus, state.list.selected), (Focus::Compose, Some(CaseId(4))));
}
