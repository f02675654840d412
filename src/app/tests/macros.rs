//! Canned replies and macros: what `m` and `/` do, and what they never do.

use super::*;
use crate::model::{Canned, Case, Channel, Contact, Draft, DraftKind, Person};
use serde_json::json;

fn canned(name: &str, key: u8, text: &str) -> Canned {
    Canned { name: name.into(), key: Some(key), text: text.into(), ..Canned::default() }
}

/// A desk with a shelf, its threads known.
fn stocked() -> State {
    let mut state = desk();
    let replies = vec![
        Canned { state: Some("refunded".into()), ..canned("Refund on its way", 1, "Hi {{contact.first|there}},\nit is on its way.\n{{agent.first}}") },
        canned("Order", 2, "Your order {{case.order}} of {{date}}"),
        Canned { note: true, snooze: Some("tomorrow 9".into()), ..canned("Asked the courier", 3, "asked the courier") },
        Canned { state: Some("spam".into()), ..canned("Spam", 4, "") },
        Canned { channel: Some(Channel::Email), ..canned("By mail", 5, "Dear {{contact.name}}") },
    ];
    update(&mut state, at(0), Event::Stocked { replies, flaws: Vec::new() });
    state
}

fn case(id: i64) -> Case {
    let contact = Contact { fields: json!({"name": "Mina Sato"}).as_object().cloned().unwrap(), ..Contact::default() };
    Case { id: CaseId(id), thread_id: ThreadId(id), status: Status::Active, contact: Some(contact), ..Case::default() }
}

/// Presses keys one by one; threads and drafts are answered as the disk would.
fn typed(state: &mut State, seconds: i64, keys: &str, draft: Option<&Draft>) -> Vec<Effect> {
    let mut all = Vec::new();
    for key in keys.split(' ') {
        let effects = press(state, seconds, key);
        for effect in &effects {
            let loaded = match effect {
                Effect::Load(Ask::Conversation(id)) => {
                    let message = Message { id: MessageId(5), case_id: *id, sender_type: SenderType::Contact, ..Message::default() };
                    let conversation = Conversation {
                        thread: ThreadId(id.0),
                        cases: vec![case(id.0)],
                        messages: vec![message],
                        fetched: Some(at(0)),
                        ..Conversation::default()
                    };
                    Loaded::Conversation { case: *id, conversation: Some(conversation) }
                }
                Effect::Load(Ask::Draft(id)) => Loaded::Draft { case: *id, draft: draft.filter(|draft| draft.case == *id).cloned() },
                _ => continue,
            };
            update(state, at(seconds), Event::Loaded(Box::new(loaded)));
        }
        all.extend(effects);
    }
    all
}

fn queued(effects: &[Effect]) -> Vec<Vec<Change>> {
    let ops = effects.iter().filter_map(|effect| if let Effect::Queue(ops) = effect { Some(ops) } else { None });
    ops.map(|ops| ops.iter().map(|op| op.mutation.change.clone()).collect()).collect()
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn two_presses_answer_close_and_go_on_and_one_takes_it_back() {
    let mut state = stocked();
    state.list.window.rows[0].status = Status::Pending;
    let effects = typed(&mut state, 1, "m 1", None);
    let reply = Change::reply("Hi Mina,\nit is on its way.\nOla");
    assert_eq!(queued(&effects), [[reply.clone(), Change::Close { state: "refunded".into() }]], "the thread knows that it is active");
    assert_eq!(state.outbox.ops[0].answers, Some(MessageId(5)));
    assert_eq!((state.focus, state.list.selected, habits::closing(&state, None).as_str()), (Focus::List, Some(CaseId(2)), "handled"));
    assert!(notice(&state).starts_with("replied to and closed #1 as refunded"), "{}", notice(&state));
    press(&mut state, 2, "z");
    assert_eq!((state.outbox.unsent(), state.list.selected), (0, Some(CaseId(1))));
    assert!(state.undo.is_empty(), "it was one step");
    // While reading the next one is opened; the close waits for the reply.
    typed(&mut state, 3, "Enter m 1", None);
    assert_eq!((state.focus, state.reader.as_ref().unwrap().case), (Focus::Reader, CaseId(2)));
    assert_eq!(pushes(&update(&mut state, at(20), Event::Woke)).len(), 1);
}

#[test]
fn a_pending_case_is_claimed_a_note_says_nothing_to_the_customer() {
    let spam = stocked().canned.replies[3].clone();
    assert_eq!(crate::app::macros::changes(&spam, String::new(), true), [Change::Close { state: "spam".into() }]);
    let reply = stocked().canned.replies[0].clone();
    assert_eq!(crate::app::macros::changes(&reply, "x".into(), true)[0], Change::Claim);
    let mut state = stocked();
    let effects = typed(&mut state, 1, "m 3", None);
    let [changes] = &queued(&effects)[..] else { panic!() };
    assert!(matches!(&changes[..], [Change::Note { .. }, Change::Snooze { .. }]), "{changes:?}");
    assert_eq!(state.list.selected, Some(CaseId(2)));
}

#[test]
fn letters_narrow_enter_runs_and_what_fits_no_case_is_not_offered() {
    let mut state = stocked();
    typed(&mut state, 1, "m", None);
    assert_eq!(state.prompt.as_ref().unwrap().choices, ["Refund on its way", "Order", "Asked the courier", "Spam"], "no mail in a chat");
    assert!(queued(&typed(&mut state, 1, "5", None)).is_empty());
    typed(&mut state, 1, "^u s p", None);
    assert_eq!(state.prompt.as_ref().unwrap().choices, ["Spam"]);
    assert_eq!(queued(&typed(&mut state, 1, "Enter", None)), [[Change::Close { state: "spam".into() }]]);
    typed(&mut state, 2, "m x x Enter", None);
    assert!(state.prompt.as_ref().unwrap().error.is_some());
    assert!(queued(&typed(&mut state, 2, "Esc", None)).is_empty());
}

#[test]
fn a_paste_runs_and_picks_nothing() {
    let mut state = stocked();
    typed(&mut state, 1, "m", None);
    update(&mut state, at(1), Event::Pasted("1\r\n".into()));
    assert_eq!((state.outbox.unsent(), state.prompt.as_ref().unwrap().text.as_str()), (0, "1"));
    typed(&mut state, 1, "Esc r", None);
    update(&mut state, at(1), Event::Pasted("/1\n/".into()));
    assert_eq!((state.focus, state.compose.as_ref().unwrap().text().as_str()), (Focus::Compose, "/1\n/"));
}

#[test]
fn a_gap_opens_the_box_instead_and_what_is_typed_takes_its_place() {
    let mut state = stocked();
    let effects = typed(&mut state, 1, "m 2", None);
    assert!(queued(&effects).is_empty());
    assert_eq!((state.focus, notice(&state)), (Focus::Compose, "not sent: {{case.order}} is not known, write over it"));
    assert!(queued(&typed(&mut state, 2, "^s", None)).is_empty());
    assert!(notice(&state).contains("{{case.order}} is not filled in"));
    assert!(queued(&typed(&mut state, 2, "^s", None)).is_empty(), "however often");
    assert_eq!(queued(&typed(&mut state, 3, "8 8 1 ^s", None)), [[Change::reply("Your order 881 of 2026-11-23")]]);
}

#[test]
fn a_draft_is_neither_sent_nor_lost() {
    let mut state = stocked();
    let draft = Draft { case: CaseId(1), kind: DraftKind::Reply, text: "half a thought\n".into(), answers: None, updated: at(-60), ..Draft::default() };
    assert!(queued(&typed(&mut state, 1, "m 1", Some(&draft))).is_empty());
    assert_eq!(state.compose.as_ref().unwrap().text(), "half a thought\n\nHi Mina,\nit is on its way.\nOla");
    assert!(notice(&state).contains("draft"));
    let effects = typed(&mut state, 2, "^x e", None);
    assert!(matches!(&queued(&effects)[0][..], [Change::Reply { .. }, Change::Close { state }] if state == "refunded"));
}

#[test]
fn the_same_macro_twice_says_it_once() {
    let mut state = stocked();
    state.canned.replies[1] = canned("Order", 2, "Which order?");
    assert_eq!(queued(&typed(&mut state, 1, "m 2", None)).len(), 1);
    assert_eq!(state.list.selected, Some(CaseId(1)), "it stays where it only says something");
    assert!(queued(&typed(&mut state, 2, "m 2", None)).is_empty());
    assert!(notice(&state).starts_with("nothing was done: the last words on #1"), "{}", notice(&state));
    typed(&mut state, 3, "z", None);
    assert_eq!(queued(&typed(&mut state, 4, "m 2", None)).len(), 1);
}

#[test]
fn after_a_slip_the_right_one_follows_at_once() {
    let mut state = stocked();
    let draft =
        Draft { case: CaseId(1), kind: DraftKind::Reply, text: "Hi Mina,\nit is on its way.\nOla".into(), answers: None, updated: at(1), ..Draft::default() };
    typed(&mut state, 1, "m 1 z", None);
    assert_eq!(queued(&typed(&mut state, 2, "m 3", Some(&draft))).len(), 1);
}

#[test]
fn a_bad_file_is_said_when_it_is_news_or_asked_for() {
    let mut state = stocked();
    let event = |flaws: &[&str]| Event::Stocked { replies: Vec::new(), flaws: flaws.iter().map(|flaw| (*flaw).to_owned()).collect() };
    update(&mut state, at(1), event(&["bad.md:2: x", "worse.md: y"]));
    assert_eq!(notice(&state), "bad.md:2: x, and 1 more: caseload doctor");
    state.notice = None;
    update(&mut state, at(1), event(&["bad.md:2: x", "worse.md: y"]));
    assert_eq!(notice(&state), "");
    assert!(typed(&mut state, 2, ": r e l o a d Enter", None).contains(&Effect::Restock));
    update(&mut state, at(2), event(&[]));
    assert_eq!(notice(&state), "canned replies read again: 0");
}

#[test]
fn a_case_that_was_not_painted_is_left_alone() {
    let mut state = stocked();
    typed(&mut state, 1, "m", None);
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Window(window(2..10)))));
    assert!(queued(&typed(&mut state, 1, "1", None)).is_empty());
    assert!(notice(&state).contains("another case"), "{}", notice(&state));
}

#[test]
fn a_slash_on_an_empty_line_picks_and_elsewhere_is_a_slash() {
    let mut state = stocked();
    typed(&mut state, 1, "r a / b Enter", None);
    assert_eq!((state.focus, state.compose.as_ref().unwrap().text().as_str()), (Focus::Compose, "a/b\n"));
    typed(&mut state, 1, "/", None);
    assert_eq!(state.prompt.as_ref().unwrap().choices, ["Refund on its way", "Order"], "nothing for colleagues in a reply, nothing without words");
    typed(&mut state, 1, "r e f Enter", None);
    assert_eq!(state.compose.as_ref().unwrap().text(), "a/b\nHi Mina,\nit is on its way.\nOla");
    for (keys, text) in [("Enter / Esc", "/"), ("Enter / e t c Esc", "/etc"), ("Enter / z z Enter", "/zz"), ("Enter / ^h", ""), ("/ e ^c", "/e")] {
        typed(&mut state, 2, keys, None);
        assert_eq!((state.focus, state.compose.as_ref().unwrap().area.lines().last().unwrap().as_str()), (Focus::Compose, text), "{keys}");
    }
}

#[test]
fn a_doubtful_reply_is_asked_about_once() {
    for text in ["note: angry", "FYI she called", "Internal, call back", "@ada please look", "hi @Ada what now", "see attached", "Siehe Anhang, anbei"] {
        let mut state = stocked();
        state.agents = vec![Person { id: 18, name: "Ada Byron".into(), email: None, kind: None }];
        typed(&mut state, 1, "r", None);
        update(&mut state, at(1), Event::Pasted(text.into()));
        assert!(queued(&typed(&mut state, 1, "^s", None)).is_empty(), "{text}");
        assert!(notice(&state).starts_with("not sent yet: "), "{}", notice(&state));
        assert_eq!(queued(&typed(&mut state, 2, "! ^s", None)).len(), 1, "{text}");
    }
    for text in ["Hello there", "fyinger", "@mina it left", "mail ada@example.com", "unattached", "> see attached\nyes", "noted"] {
        let mut state = stocked();
        typed(&mut state, 1, "r", None);
        update(&mut state, at(1), Event::Pasted(text.into()));
        assert_eq!(queued(&typed(&mut state, 1, "^s", None)).len(), 1, "{text}: {}", notice(&state));
    }
    let mut state = stocked();
    typed(&mut state, 1, "i", None);
    update(&mut state, at(1), Event::Pasted("@ada see attached".into()));
    assert_eq!(queued(&typed(&mut state, 1, "^s", None)).len(), 1, "a note is for them");
}

#[test]
fn a_macro_is_repeated_on_the_next_case_with_the_words_of_that_case() {
    let mut state = stocked();
    typed(&mut state, 1, "m 1", None);
    typed(&mut state, 2, ".", None);
    let said = |state: &State| state.outbox.ops.iter().map(|op| (op.case().0, op.mutation.change.kind())).collect::<Vec<_>>();
    assert_eq!(said(&state), [(1, "reply"), (1, "close"), (2, "reply"), (2, "close")]);
    assert!(notice(&state).starts_with("again: replied to and closed #2"), "{}", notice(&state));
    // What the agent had begun there is not thrown away.
    let draft = Draft { case: CaseId(3), kind: DraftKind::Reply, text: "half".into(), ..Draft::default() };
    typed(&mut state, 3, ".", Some(&draft));
    assert_eq!((said(&state).len(), state.focus), (4, Focus::Compose));
    assert!(state.compose.as_ref().unwrap().text().starts_with("half"));
    // A canned reply that is gone is named.
    press(&mut state, 4, "Esc");
    update(&mut state, at(4), Event::Stocked { replies: Vec::new(), flaws: Vec::new() });
    typed(&mut state, 5, ".", None);
    assert!(notice(&state).contains("no canned reply is called 'Refund on its way' any more"), "{}", notice(&state));
}
