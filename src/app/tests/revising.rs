//! Own messages: their words are changed in the box, or they are deleted after a question; nothing else can be.

use super::*;
use crate::model::{Case, Channel, Draft, DraftKind, Mail, MessageKind};

fn said(id: i64, sender: (SenderType, i64), kind: MessageKind, text: &str) -> Message {
    let (sender_type, sender) = sender;
    Message {
        id: MessageId(id),
        case_id: CaseId(1),
        sender_type,
        sender_id: Some(sender),
        kind,
        message: text.into(),
        date_created: Some(at(id - 100)),
        ..Message::default()
    }
}

/// The thread of case 1 open: the customer, a colleague, my message, my note, my mail.
fn reading(channel: Channel) -> State {
    let mut state = desk();
    let (mina, ola, ada) = ((SenderType::Contact, 9), (SenderType::User, 17), (SenderType::User, 18));
    let mut mail = said(5, ola.clone(), MessageKind::Message, "by mail");
    mail.mail = Some(Box::new(Mail::default()));
    let messages = vec![
        said(1, mina, MessageKind::Message, "where is it?"),
        said(2, ada, MessageKind::Message, "one moment"),
        said(3, ola.clone(), MessageKind::Message, "it left today"),
        mail,
        said(6, ola, MessageKind::Note, "told her"),
    ];
    let case = Case { id: CaseId(1), status: Status::Active, channel, ..Case::default() };
    let conversation = Conversation { thread: ThreadId(1), cases: vec![case], messages, fetched: Some(at(0)), ..Conversation::default() };
    press(&mut state, 1, "Enter");
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
    update(&mut state, at(1), Event::Drained);
    state
}

/// With this message chosen, counted from the oldest.
fn choose(state: &mut State, at: usize) {
    state.reader.as_mut().unwrap().message = Some(at);
}

fn text(state: &State) -> String {
    state.compose.as_ref().unwrap().text()
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| &notice.text)
}

fn queued(effects: &[Effect]) -> Vec<Change> {
    let ops = |effect: &Effect| match effect {
        Effect::Queue(ops) | Effect::Swap { into: ops, .. } => ops.iter().map(|op| op.mutation.change.clone()).collect(),
        _ => Vec::new(),
    };
    effects.iter().flat_map(ops).collect()
}

#[test]
fn my_newest_message_is_edited_in_the_box_and_sent_as_an_edit() {
    let mut state = reading(Channel::Chat);
    let effects = press(&mut state, 2, "c");
    assert_eq!((text(&state).as_str(), state.compose.as_ref().unwrap().kind), ("told her", DraftKind::Note));
    assert!(effects.contains(&Effect::Load(Ask::Draft(CaseId(-6)))), "an edit has a draft of its own: {effects:?}");
    assert!(queued(&press(&mut state, 2, "^s")).is_empty() && notice(&state).contains("as they were"));
    assert!(queued(&press(&mut state, 2, "^t")).is_empty() && state.compose.as_ref().unwrap().kind == DraftKind::Note);
    let effects = press(&mut state, 3, "! ^s");
    assert_eq!(queued(&effects), [Change::Edit { message: MessageId(6), text: "told her!".into() }]);
    assert_eq!((state.focus, state.outbox.ops[0].state), (Focus::Reader, OpState::Held));
}

#[test]
fn an_edit_that_is_left_is_a_draft_and_comes_back() {
    let mut state = reading(Channel::Chat);
    choose(&mut state, 2);
    let effects = press(&mut state, 2, "c ! Esc");
    let draft = effects.iter().find_map(|effect| if let Effect::SaveDraft(draft) = effect { Some(draft.clone()) } else { None }).unwrap();
    assert_eq!((draft.text.as_str(), draft.edits, draft.slot()), ("it left today!", Some(MessageId(3)), CaseId(-3)));
    assert!(notice(&state).contains("c on the message"));
    press(&mut state, 3, "c");
    update(&mut state, at(3), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(-3), draft: Some(draft.clone()) })));
    assert_eq!(text(&state), "it left today!");
    let effects = press(&mut state, 3, "^h Esc");
    assert!(effects.contains(&Effect::DropDraft(CaseId(-3))), "what is as it was is no draft");
    // A reply of the same case is another text.
    press(&mut state, 4, "r");
    update(&mut state, at(4), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(-3), draft: Some(Draft { updated: at(4), ..draft }) })));
    assert_eq!(text(&state), "");
}

#[test]
fn a_second_edit_takes_the_place_of_one_that_has_not_left() {
    let mut state = reading(Channel::Chat);
    press(&mut state, 2, "c ! ^s");
    press(&mut state, 3, "c");
    assert_eq!(text(&state), "told her!", "the words as they are shown");
    let effects = press(&mut state, 3, "? ^s");
    let Some(Effect::Swap { op, from, into }) = effects.iter().find(|effect| matches!(effect, Effect::Swap { .. })) else { panic!("{effects:?}") };
    assert_eq!((op.state, from.as_slice(), into.len()), (OpState::Cancelled, &[OpState::Held][..], 1));
    assert_eq!(queued(&effects), [Change::Edit { message: MessageId(6), text: "told her!?".into() }]);
    assert_eq!(state.outbox.ops.len(), 1);
    press(&mut state, 4, "z");
    assert_eq!(state.outbox.ops.len(), 0);
}

#[test]
fn a_deletion_is_asked_about_and_can_be_taken_back_while_it_is_held() {
    let mut state = reading(Channel::Chat);
    choose(&mut state, 2);
    assert!(queued(&press(&mut state, 2, "D")).is_empty());
    assert!(notice(&state).contains("it left today") && notice(&state).contains("may have been read"), "{}", notice(&state));
    assert!(queued(&press(&mut state, 3, "j D")).is_empty(), "a key in between ends the question");
    assert!(queued(&press(&mut state, 4, "Esc")).is_empty() && state.focus == Focus::Reader, "Esc keeps it and stays");
    choose(&mut state, 2);
    press(&mut state, 5, "D");
    assert!(queued(&press(&mut state, 30, "D")).is_empty(), "after a while it is asked again");
    assert_eq!(queued(&press(&mut state, 31, "Enter")), [Change::Delete { message: MessageId(3) }]);
    assert_eq!(state.outbox.ops[0].state, OpState::Held);
    press(&mut state, 32, "z");
    assert!(state.outbox.ops.is_empty());
    press(&mut state, 33, "D D");
    let id = pushes(&update(&mut state, at(50), Event::Woke))[0];
    update(&mut state, at(51), Event::Pushed { op: id, outcome: Box::new(accepted()) });
    press(&mut state, 52, "z");
    assert!(notice(&state).contains("can't come back"), "{}", notice(&state));
}

#[test]
fn an_edit_that_was_sent_is_undone_with_the_old_words() {
    let mut state = reading(Channel::Chat);
    press(&mut state, 2, "c ! ^s");
    let id = pushes(&update(&mut state, at(20), Event::Woke))[0];
    update(&mut state, at(21), Event::Pushed { op: id, outcome: Box::new(accepted()) });
    press(&mut state, 22, "z");
    assert!(notice(&state).contains("old words"), "{}", notice(&state));
    assert_eq!(queued(&press(&mut state, 23, "z")), [Change::Edit { message: MessageId(6), text: "told her".into() }]);
}

#[test]
fn what_can_not_be_changed_says_why() {
    let mut state = reading(Channel::Chat);
    for (at, key, why) in
        [(0, "c", "written by somebody else"), (1, "D", "only your own"), (3, "c", "a mail can't be changed"), (3, "D", "a mail can't be deleted")]
    {
        choose(&mut state, at);
        press(&mut state, 2, key);
        assert!(notice(&state).contains(why) && state.compose.is_none() && state.doomed.is_none(), "{at} {key}: {}", notice(&state));
    }
    let mut state = reading(Channel::Voip);
    choose(&mut state, 2);
    press(&mut state, 2, "c");
    assert!(notice(&state).contains("text message"), "{}", notice(&state));
    let mut state = reading(Channel::Chat);
    state.me = None;
    press(&mut state, 2, "c");
    assert!(notice(&state).contains("user_id"));
}

#[test]
fn a_message_that_has_not_left_comes_back_into_the_box() {
    let mut state = reading(Channel::Chat);
    press(&mut state, 2, "r h i ^s");
    update(&mut state, at(2), Event::Drained);
    let effects = press(&mut state, 3, "c");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Advance { op, .. } if op.state == OpState::Cancelled)), "{effects:?}");
    assert_eq!((text(&state).as_str(), state.compose.as_ref().unwrap().edits.is_none()), ("hi", true));
}
