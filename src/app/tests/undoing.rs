//! What `z` does before and after the server has something, and where a reopened case goes on.

use super::*;
use crate::model::{Case, Channel};

fn pending() -> State {
    let mut state = desk();
    state.list.window.rows[0].status = Status::Pending;
    state
}

fn notice(state: &State) -> &str {
    &state.notice.as_ref().unwrap().text
}

/// The server takes everything that is on its way.
fn accept(state: &mut State, seconds: i64, server_id: i64) {
    update(state, at(seconds), Event::Woke);
    let sending = |op: &&crate::model::Op| op.state == OpState::Sending;
    while let Some(op) = state.outbox.ops.iter().find(sending).map(crate::model::Op::id) {
        let outcome = Outcome::Accepted { server_id: Some(server_id), case: None, message: Some(Box::default()) };
        update(state, at(seconds), Event::Pushed { op, outcome: Box::new(outcome) });
    }
}

#[test]
fn a_reply_and_close_in_the_window_are_taken_back_though_the_claim_is_sent() {
    let mut state = pending();
    press(&mut state, 1, "r o k ^x e");
    accept(&mut state, 2, 1);
    assert_eq!(state.outbox.unsent(), 2);
    let effects = press(&mut state, 3, "z");
    let cancelled =
        |effect: &Effect| if let Effect::AdvanceAll { ops, .. } = effect { ops.iter().filter(|op| op.state == OpState::Cancelled).count() } else { 0 };
    let cancelled: usize = effects.iter().map(cancelled).sum();
    assert_eq!((cancelled, state.outbox.unsent()), (2, 0), "{effects:?}");
    assert!(notice(&state).contains("the claim stays"), "{}", notice(&state));
    let effects = press(&mut state, 4, "Z");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops.len() == 2), "only what was taken back is done again");
}

#[test]
fn undo_of_a_sent_close_reopens_in_the_thread_of_the_case_wherever_the_cursor_is() {
    let mut state = desk();
    state.list.window.rows[0].thread = ThreadId(77);
    press(&mut state, 1, "e");
    accept(&mut state, 13, 1);
    update(&mut state, at(13), Event::Loaded(Box::new(Loaded::Window(window(2..10)))));
    press(&mut state, 14, "z");
    assert!(notice(&state).contains("z again reopens"));
    let effects = press(&mut state, 15, "z");
    let Effect::Queue(ops) = &effects[0] else { panic!("{effects:?}") };
    assert_eq!((ops[0].case(), ops[0].mutation.thread), (CaseId(1), ThreadId(77)));
}

#[test]
fn an_undo_that_cannot_be_is_not_offered() {
    let offered = |state: &State| hints::hints(state).into_iter().any(|(key, _)| key == "z");
    let mut state = pending();
    press(&mut state, 1, "a");
    accept(&mut state, 2, 1);
    assert!(!offered(&state), "the server has the claim, and a claim has no opposite");
    press(&mut state, 3, "e");
    assert!(offered(&state));
}

#[test]
fn what_stays_of_a_step_that_is_taken_back_at_the_server_is_said() {
    let mut state = desk();
    press(&mut state, 1, "r o k ^x e");
    accept(&mut state, 13, 1);
    accept(&mut state, 26, 1);
    press(&mut state, 27, "z z");
    assert!(notice(&state).contains("reopened #1 (the reply stays: the server has it)"), "{}", notice(&state));
}

#[test]
fn a_step_that_was_named_is_named_again_after_another_key() {
    let mut state = desk();
    press(&mut state, 1, "e");
    accept(&mut state, 13, 1);
    assert!(press(&mut state, 14, "z j z").iter().all(|effect| !matches!(effect, Effect::Queue(_))));
    assert!(press(&mut state, 15, "z").iter().any(|effect| matches!(effect, Effect::Queue(_))));
}

#[test]
fn a_sent_chat_message_can_be_deleted_and_a_mail_can_not() {
    for (channel, offered) in [(Channel::Chat, true), (Channel::Email, false)] {
        let mut state = desk();
        state.list.window.rows[0].channel = channel;
        press(&mut state, 1, "r o k ^s");
        accept(&mut state, 13, 501);
        press(&mut state, 14, "z");
        assert_eq!(notice(&state).contains("deletes the message"), offered, "{}", notice(&state));
        let effects = press(&mut state, 15, "z");
        let deletes = |effect: &Effect| matches!(effect, Effect::Queue(ops) if ops[0].mutation.change == Change::Delete { message: MessageId(501) });
        assert_eq!(effects.iter().any(deletes), offered);
    }
}

#[test]
fn a_claim_is_not_called_undoable_and_not_done_twice() {
    let mut state = pending();
    press(&mut state, 1, "a");
    assert!(!notice(&state).contains("takes it back"));
    state.list.window.rows[1].mine = true;
    state.list.selected = Some(CaseId(2));
    assert!(!press(&mut state, 2, "a").iter().any(|effect| matches!(effect, Effect::Queue(_))));
    assert!(notice(&state).contains("yours already"));
}

#[test]
fn what_was_dropped_in_the_outbox_is_not_offered_for_undo() {
    let mut state = desk();
    state.sync.link = Link::Unauthorized;
    press(&mut state, 1, "r o k ^s Esc g x s");
    assert!(notice(&state).contains("has not left"), "what never left can't be called sent");
    press(&mut state, 2, "d");
    assert!(notice(&state).contains("draft"));
    assert!(state.undo.is_empty() && state.outbox.ops.is_empty());
}

#[test]
fn a_reopened_case_goes_on_as_the_new_one_with_what_was_written_meanwhile() {
    let mut state = desk();
    state.list.window.rows[0].status = Status::Closed;
    press(&mut state, 1, "Enter");
    let case = Case { id: CaseId(1), thread_id: ThreadId(1), status: Status::Closed, ..Case::default() };
    let conversation = Conversation { thread: ThreadId(1), cases: vec![case], ..Conversation::default() };
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
    press(&mut state, 2, "r");
    assert!(state.compose.is_none() && notice(&state).contains("closed"));
    press(&mut state, 3, "o 1");
    press(&mut state, 4, "r o k ^s");
    press(&mut state, 5, "r m o r e");
    let reopening = update(&mut state, at(14), Event::Woke);
    let id = pushes(&reopening)[0];
    let outcome = Outcome::Accepted { server_id: Some(99), case: None, message: None };
    let effects = update(&mut state, at(14), Event::Pushed { op: id, outcome: Box::new(outcome) });
    let moved = effects.iter().find_map(|effect| if let Effect::Swap { into, .. } = effect { Some(into) } else { None });
    assert_eq!(moved.unwrap()[0].case(), CaseId(99));
    assert!(effects.contains(&Effect::Fetch(CaseId(99))));
    assert_eq!((state.reader.as_ref().unwrap().case, state.compose.as_ref().unwrap().case), (CaseId(99), CaseId(99)));
    assert!(state.outbox.ops.iter().all(|op| op.case() == CaseId(99)));
}
