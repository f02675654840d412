//! What the server translates: where it is offered, what goes with the draft and the operation, and what proves it was sent.

use super::*;
use crate::model::{Case, Channel, Contact, ContactId, Conversation, Draft, DraftKind, Lang, Review};
use serde_json::json;

fn german() -> Lang {
    Lang::parse("de").unwrap()
}

/// A desk whose server says this of itself, with a chat of a customer who speaks French open for an answer.
fn answering(offered: Option<bool>) -> State {
    let mut state = desk();
    let greeted = Event::Greeted { me: None, idempotency: false, events: false, updates: false, translates: offered };
    update(&mut state, at(0), greeted);
    press(&mut state, 1, "r");
    loaded(&mut state, Channel::Chat);
    state
}

fn loaded(state: &mut State, channel: Channel) {
    let fields = json!({"name": "Mina Sato", "language": "fr_FR"}).as_object().cloned().unwrap();
    let contact = Some(Contact { id: ContactId(9), fields, ..Contact::default() });
    let case = Case { id: CaseId(1), thread_id: ThreadId(1), channel, status: Status::Active, contact, ..Case::default() };
    let conversation = Conversation { thread: ThreadId(1), cases: vec![case], fetched: Some(at(0)), ..Conversation::default() };
    update(state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
}

fn typed(state: &mut State, text: &str) {
    for c in text.chars() {
        update(state, at(1), Event::Pressed(Input { key: Key::Char(c), ctrl: false, alt: false, shift: false }));
    }
}

fn choices(state: &State) -> Vec<&str> {
    state.prompt.as_ref().map_or_else(Vec::new, |prompt| prompt.choices.iter().map(String::as_str).collect())
}

fn chosen(state: &State) -> Option<&str> {
    state.compose.as_ref()?.translate.as_ref().map(Lang::key)
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

#[test]
fn the_customers_language_comes_first_then_what_was_used_lately() {
    let mut state = answering(Some(true));
    state.habits.languages = vec!["ja".into(), "de".into()];
    press(&mut state, 1, "^x t");
    assert_eq!(choices(&state)[..4], ["French (FR)  fr-FR · the customer's", "Japanese  ja · used lately", "German  de · used lately", "English  en"]);
    press(&mut state, 1, "Enter");
    assert_eq!((chosen(&state), state.focus), (Some("fr-FR"), Focus::Compose));
    assert_eq!(state.habits.languages, ["fr-FR", "ja", "de"]);
    press(&mut state, 1, "^x t");
    assert_eq!(choices(&state).last(), Some(&"not translated"));
    typed(&mut state, "not");
    press(&mut state, 1, "Enter");
    assert_eq!(chosen(&state), None);
}

#[test]
fn a_key_is_taken_as_typed_and_what_is_none_is_refused_in_words() {
    for (words, wanted) in [
        ("de", Some("de")),
        ("PT-br", Some("pt-BR")),
        ("swed", Some("sv")),
        ("swe", Some("sv")),
        ("gsw", Some("gsw")),
        ("no", Some("no")),
        ("gsw-CH", Some("gsw-CH")),
        ("klingon!", None),
        ("xq", None),
    ] {
        let mut state = answering(Some(true));
        press(&mut state, 1, "^x t");
        typed(&mut state, words);
        press(&mut state, 1, "Enter");
        assert_eq!(chosen(&state), wanted, "{words}");
        let error = state.prompt.as_ref().and_then(|prompt| prompt.error.clone());
        assert_eq!(error.is_some_and(|error| error.contains("a code like de or pt-BR")), wanted.is_none(), "{words}");
    }
}

#[test]
fn where_it_is_not_offered_the_key_says_why() {
    let told = |change: fn(&mut State), offered| {
        let mut state = answering(offered);
        change(&mut state);
        press(&mut state, 1, "^x t");
        assert!(state.prompt.is_none());
        assert_eq!(super::super::can::why_not(&state, Action::Translate).as_deref(), Some(notice(&state)));
        notice(&state).to_owned()
    };
    assert!(told(|_| {}, Some(false)).contains("does not translate replies"));
    assert!(told(|_| {}, None).contains("translate = true in the config"));
    assert!(told(|state| state.settings.translate = true, Some(false)).contains("it says so itself"), "what the server says counts");
    assert!(told(|state| loaded(state, Channel::Email), Some(true)).contains("a mail goes out as it is written"));
    assert!(told(|state| loaded(state, Channel::Voip), Some(true)).contains("a text message"));
    let note = |state: &mut State| {
        press(state, 1, "^t");
    };
    assert!(told(note, Some(true)).contains("never translated"));
    let mut state = answering(None);
    state.settings.translate = true;
    press(&mut state, 1, "^x t");
    assert!(state.prompt.is_some(), "the config speaks for a server that says nothing");
}

#[test]
fn it_goes_with_the_draft_and_the_operation_and_comes_back_with_both() {
    let mut state = answering(Some(true));
    press(&mut state, 1, "^x t");
    typed(&mut state, "de");
    press(&mut state, 1, "Enter");
    let effects = update(&mut state, at(3), Event::Woke);
    let saved = effects.iter().find_map(|effect| if let Effect::SaveDraft(draft) = effect { Some(draft.clone()) } else { None }).unwrap();
    assert_eq!((saved.translate.clone(), saved.text.as_str()), (Some(german()), ""), "before the first word");
    let mut later = answering(Some(true));
    update(&mut later, at(4), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: Some(saved) })));
    assert_eq!(chosen(&later), Some("de"));
    typed(&mut later, "It left");
    press(&mut later, 5, "^s");
    let op = later.outbox.ops[0].clone();
    assert_eq!(op.mutation.change, Change::Reply { text: "It left".into(), head: None, translate: Some(german()) });
    // Taken back to be edited, sent again: still German.
    press(&mut later, 6, "g x e");
    assert_eq!((chosen(&later), later.compose.as_ref().unwrap().text().as_str()), (Some("de"), "It left"));
    // As a note it is nobody's language.
    update(&mut later, at(6), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(1), draft: None })));
    let mut noted = answering(Some(true));
    noted.compose.as_mut().unwrap().translate = Some(german());
    typed(&mut noted, "x");
    press(&mut noted, 7, "^t ^s");
    assert_eq!(noted.outbox.ops[0].mutation.change, Change::Note { text: "x".into() });
}

#[test]
fn what_the_server_can_not_do_any_more_is_not_sent_as_it_stands() {
    let mut state = answering(Some(false));
    state.compose.as_mut().unwrap().translate = Some(german());
    typed(&mut state, "It left");
    press(&mut state, 1, "^s");
    assert!(state.outbox.ops.is_empty() && notice(&state).starts_with("not sent: this server does not translate"), "{}", notice(&state));
    press(&mut state, 1, "^x t");
    assert_eq!(chosen(&state), None, "what can't be chosen can be switched off");
    press(&mut state, 1, "^s");
    assert_eq!(state.outbox.ops.len(), 1);
}

/// A translated reply whose only attempt ended with nothing known.
fn doubtful(marker: Option<bool>) -> (State, OpId) {
    let mut state = answering(Some(true));
    state.compose.as_mut().unwrap().translate = Some(german());
    typed(&mut state, "It left");
    press(&mut state, 1, "^s");
    (state.marker, state.settings.resend_once) = (marker, true);
    let looking = update(&mut state, at(12), Event::Woke);
    let id = looking.iter().find_map(|effect| if let Effect::Look(op) = effect { Some(op.id()) } else { None });
    let id = id.unwrap_or_else(|| state.outbox.ops[0].id());
    update(&mut state, at(12), Event::Looked { op: id, result: Box::new(Ok(clear())) });
    assert_eq!(state.outbox.ops[0].state, OpState::Sending);
    update(&mut state, at(13), Event::Pushed { op: id, outcome: Box::new(Outcome::Unknown { cause: "reset".into() }) });
    (state, id)
}

fn looked(state: &mut State, seconds: i64, id: OpId, seen: Seen) {
    update(state, at(seconds), Event::Looked { op: id, result: Box::new(Ok(seen)) });
}

#[test]
fn without_its_marker_the_agent_decides_and_nothing_is_sent_again() {
    for marker in [None, Some(false), Some(true)] {
        let (mut state, id) = doubtful(marker);
        looked(&mut state, 16, id, Seen { alike: vec![5], ..clear() });
        assert_eq!((state.outbox.ops[0].state, &state.outbox.ops[0].review), (OpState::NeedsReview, &Some(Review::Several { ids: vec![5] })));
        let (mut state, id) = doubtful(marker);
        for seconds in [16, 30, 60, 100, 200, 400] {
            looked(&mut state, seconds, id, clear());
            assert_ne!(state.outbox.ops[0].state, OpState::Queued, "{marker:?}: sent again by itself");
        }
        assert_eq!((state.outbox.ops[0].state, &state.outbox.ops[0].review), (OpState::NeedsReview, &Some(Review::Absent)));
        let (mut state, id) = doubtful(marker);
        looked(&mut state, 16, id, Seen { copies: 1, server_id: Some(8), alike: vec![5], ..clear() });
        assert!(state.outbox.ops.iter().all(|op| op.state == OpState::Sent), "the marker goes before all else");
    }
}

#[test]
fn the_forms_on_the_disk_grow_and_old_ones_are_read() {
    let old = json!({"kind": "reply", "text": "Hi"});
    assert_eq!(serde_json::from_value::<Change>(old.clone()).unwrap(), Change::reply("Hi"));
    assert_eq!(json!(Change::reply("Hi")), old);
    let new = Change::Reply { text: "Hi".into(), head: None, translate: Some(german()) };
    assert_eq!(json!(new), json!({"kind": "reply", "text": "Hi", "translate": "de"}));
    assert_eq!(serde_json::from_value::<Change>(json!(new)).unwrap(), new);
    let draft = json!({"case": 1, "kind": "reply", "text": "Hi", "answers": null, "updated": "2026-11-23T09:00:00Z"});
    let read: Draft = serde_json::from_value(draft.clone()).unwrap();
    assert_eq!((read.translate.as_ref(), read.kind, json!(read)), (None, DraftKind::Reply, draft));
}
