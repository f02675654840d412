//! Threads so long that their newest messages are shown first and the others follow.

use super::*;

fn said(id: i64) -> Message {
    Message { id: MessageId(id), case_id: CaseId(1), message: format!("line {id}").as_str().into(), date_created: Some(at(id)), ..Message::default() }
}

fn load(state: &mut State, ids: std::ops::RangeInclusive<i64>, partial: bool) {
    let cases = vec![crate::model::Case { id: CaseId(1), ..crate::model::Case::default() }];
    let conversation = Conversation { thread: ThreadId(1), cases, messages: ids.map(said).collect(), partial, ..Conversation::default() };
    update(state, at(2000), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
}

fn opened(ids: std::ops::RangeInclusive<i64>) -> State {
    let mut state = desk();
    press(&mut state, 2000, "Enter");
    load(&mut state, ids, true);
    state
}

fn held(state: &State) -> Vec<i64> {
    state.reader.as_ref().unwrap().conversation.messages.iter().map(|message| message.id.0).collect()
}

fn painted(state: &State) -> Vec<String> {
    state.reader.as_ref().unwrap().lines.iter().map(|line| line.text.trim().to_owned()).filter(|text| text.starts_with("line")).collect()
}

#[test]
fn the_place_in_a_thread_stays_when_its_earlier_messages_come() {
    let mut state = opened(900..=980);
    assert_eq!(painted(&state).last().map(String::as_str), Some("line 980"), "its end");
    press(&mut state, 2000, "^u ^u");
    let before = painted(&state);
    load(&mut state, 1..=980, false);
    assert_eq!((painted(&state), held(&state).len()), (before, 980));
}

#[test]
fn who_went_to_the_beginning_of_what_was_there_is_at_the_beginning_of_all() {
    let mut state = opened(900..=980);
    press(&mut state, 2000, "g g");
    load(&mut state, 1..=980, false);
    assert_eq!(painted(&state).first().map(String::as_str), Some("line 1"));
}

#[test]
fn newer_messages_of_a_whole_thread_are_shown_at_once_and_take_no_place() {
    let mut state = opened(900..=980);
    load(&mut state, 1..=980, false);
    load(&mut state, 902..=985, true);
    assert_eq!(held(&state), (1..=985).collect::<Vec<_>>());
    assert_eq!(painted(&state).last().map(String::as_str), Some("line 985"));
    load(&mut state, 1..=985, false);
    assert_eq!(held(&state).len(), 985);
}

#[test]
fn what_is_looked_for_among_the_earlier_messages_is_gone_to_when_they_are_there() {
    let mut state = desk();
    press(&mut state, 2000, "Enter");
    state.reader.as_mut().unwrap().sought = Some(MessageId(7));
    load(&mut state, 900..=980, true);
    load(&mut state, 1..=980, false);
    let reader = state.reader.as_ref().unwrap();
    assert_eq!((reader.message, reader.sought), (Some(6), None));
}
