//! What is asked and answered at the bottom, and what a composer is told of the others.

use super::*;
use crate::model::SenderType;

fn message(id: i64, sender: SenderType) -> Message {
    Message { id: MessageId(id), sender_type: sender, sender_id: Some(5), message: "a parcel".into(), date_created: Some(at(id)), ..Message::default() }
}

fn load(state: &mut State, messages: Vec<Message>) {
    let conversation = Conversation { thread: ThreadId(1), messages, fetched: Some(at(0)), ..Conversation::default() };
    update(state, at(2), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
}

fn queued(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Queue(_)))
}

#[test]
fn a_reply_that_a_customer_wrote_before_stops_once() {
    let mut state = desk();
    press(&mut state, 1, "Enter");
    load(&mut state, vec![message(1, SenderType::Contact)]);
    press(&mut state, 2, "r o k");
    load(&mut state, vec![message(1, SenderType::Contact), message(2, SenderType::Contact)]);
    assert_eq!(state.compose.as_ref().unwrap().fresh, 1);
    assert!(state.notice.as_ref().unwrap().text.contains("wrote while you"));
    assert!(!queued(&press(&mut state, 3, "^s")), "it stops once");
    assert_eq!(state.compose.as_ref().unwrap().text(), "ok");
    let effects = press(&mut state, 4, "^s");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops[0].answers == Some(MessageId(2))));
}

#[test]
fn a_draft_knows_what_came_after_it() {
    let mut state = desk();
    press(&mut state, 1, "r");
    let colleague = |id| message(id, SenderType::User);
    load(&mut state, vec![message(1, SenderType::Contact), colleague(2), message(3, SenderType::Contact), colleague(9)]);
    assert_eq!(state.compose.as_ref().unwrap().fresh, 0);
    let draft =
        Draft { case: CaseId(1), kind: crate::model::DraftKind::Reply, text: "old".into(), answers: Some(MessageId(1)), updated: at(5), ..Draft::default() };
    update(&mut state, at(2), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(draft) })));
    assert_eq!(state.compose.as_ref().unwrap().fresh, 2);
}

#[test]
fn a_snooze_takes_what_was_typed_unless_a_choice_is_lit() {
    let until = |keys: &str| {
        let mut state = desk();
        let effects = press(&mut state, 0, keys);
        let Some(Effect::Queue(ops)) = effects.into_iter().find(|effect| matches!(effect, Effect::Queue(_))) else { panic!("{keys}") };
        let Change::Snooze { until, .. } = ops[0].mutation.change else { panic!("{keys}") };
        until
    };
    assert_eq!(until("B 2 h Enter"), at(7_200));
    assert_eq!(until("B Enter"), at(3_600));
    assert_eq!(until("B 1 ^n Enter"), at(3_600), "1h is chosen with an arrow");
}

#[test]
fn own_words_close_a_case_even_when_they_are_part_of_a_state() {
    let mut state = desk();
    press(&mut state, 1, "E h a n d");
    assert_eq!(state.prompt.as_ref().unwrap().choices, ["handled", "hand"]);
    let effects = press(&mut state, 2, "^n Enter");
    assert!(matches!(&effects[0], Effect::Queue(ops) if ops[0].mutation.change == Change::Close { state: "hand".into() }));
    assert!(state.notice.as_ref().unwrap().text.starts_with("closed #1 as hand"));
    assert!(hints::hints(&state).contains(&("e".to_owned(), "close (hand)".to_owned())), "what e does now is said");
}

#[test]
fn a_command_that_belongs_elsewhere_says_where_and_does_nothing() {
    let mut state = desk();
    let effects = press(&mut state, 1, ": d i s c a r d Enter");
    assert!(effects.is_empty() && state.outbox.unsent() == 0);
    assert_eq!(state.prompt.as_ref().and_then(|prompt| prompt.error.as_deref()), Some("'discard' works in the outbox"));
    press(&mut state, 1, "Esc : s n o o z e - u Enter");
    assert_eq!(state.prompt.as_ref().map(|prompt| prompt.kind), Some(prompt::PromptKind::Snooze), "a beginning of a name will do");
}

#[test]
fn the_beginning_of_a_command_is_enough_when_only_one_has_it() {
    let mut state = desk();
    assert!(!queued(&press(&mut state, 1, ": c l Enter")));
    assert!(state.prompt.as_ref().unwrap().error.is_some());
    press(&mut state, 2, "Esc");
    assert!(queued(&press(&mut state, 3, ": c l a Enter")));
}

#[test]
fn find_counts_its_hits_and_goes_around() {
    let mut state = desk();
    press(&mut state, 1, "Enter");
    load(&mut state, (1..=3).map(|id| message(id, SenderType::Contact)).collect());
    press(&mut state, 2, "/ p a r c e l Enter");
    assert!(state.notice.as_ref().unwrap().text.contains("1 of 3"));
    press(&mut state, 2, "n n n");
    assert!(state.notice.as_ref().unwrap().text.contains("1 of 3 · from the top again"));
    press(&mut state, 2, "N");
    assert!(state.notice.as_ref().unwrap().text.contains("3 of 3 · from the end again"));
}

#[test]
fn the_help_is_always_offered_and_never_what_a_case_refuses() {
    let mut state = desk();
    let words = |state: &State| hints::hints(state).into_iter().map(|(key, _)| key).collect::<Vec<_>>().join(" ");
    assert_eq!(words(&state), "e r i b a Enter / ?");
    state.list.window.rows[0].status = Status::Closed;
    press(&mut state, 1, "Enter");
    assert_eq!(words(&state), "o / ?");
    state.list = List::default();
    (state.focus, state.reader) = (Focus::List, None);
    assert_eq!(words(&state), "R ?");
    press(&mut state, 1, "g x");
    assert_eq!(words(&state), "Esc ?");
}

#[test]
fn the_card_lies_over_a_narrow_screen_and_goes_with_a_key() {
    for (width, height) in [(40, 12), (80, 24)] {
        let mut state = desk();
        update(&mut state, at(1), Event::Resized { width, height });
        press(&mut state, 1, "v");
        assert!(screen::panes(&state).contact.is_some());
        press(&mut state, 1, "Esc");
        assert!(screen::panes(&state).contact.is_none());
        assert!(!press(&mut state, 1, "v q").contains(&Effect::Quit), "q closes the card first");
        press(&mut state, 1, "v r");
        assert!(screen::panes(&state).compose.is_some(), "a composer is never covered");
    }
    let mut wide = desk();
    press(&mut wide, 1, "v");
    assert!(screen::panes(&wide).contact.is_none());
}

#[test]
fn a_paste_of_lines_into_a_question_keeps_its_words_apart() {
    let mut state = desk();
    press(&mut state, 1, "/");
    update(&mut state, at(1), Event::Pasted("one\ntwo\r\n".into()));
    assert_eq!(state.prompt.as_ref().unwrap().text.as_str(), "one two");
}

#[test]
fn enter_opens_what_is_folded_and_else_the_menu() {
    let mut state = desk();
    press(&mut state, 1, "Enter");
    let quoted = crate::model::Mail { text_body: Some("yes\n> one\n> two\n> three".into()), ..crate::model::Mail::default() };
    let mail = Message { mail: Some(Box::new(quoted)), ..message(1, SenderType::Contact) };
    load(&mut state, vec![mail, message(2, SenderType::Contact)]);
    let shows = |state: &State| state.reader.as_ref().unwrap().lines.iter().any(|line| line.text.contains("> two"));
    assert!(!shows(&state));
    press(&mut state, 1, "Enter");
    assert!(shows(&state) && state.focus == Focus::Reader, "the last one that is folded");
    press(&mut state, 1, "Enter");
    assert!(!shows(&state));
    press(&mut state, 1, "/ t w o Enter");
    assert!(shows(&state), "what is found is opened");
    press(&mut state, 1, "J Enter");
    assert_eq!(state.focus, Focus::Prompt, "nothing is folded there");
}
