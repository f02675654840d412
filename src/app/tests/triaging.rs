//! Tags, states, receivers, snoozes, repeating: what is picked for a case, and what is learned from it.

use super::*;
use crate::model::{Account, Case, FieldsOf, Habit, Habits, Tag};

fn tagged(names: &[&str]) -> Vec<Tag> {
    names.iter().map(|name| Tag { name: (*name).into(), ..Tag::default() }).collect()
}

/// The desk with tags of the account, and the first case read.
fn read() -> State {
    let mut state = desk();
    state.account = Account { tags: tagged(&["billing", "refund", "vip"]), ..Account::default() };
    press(&mut state, 1, "Enter");
    let case = Case { id: CaseId(1), thread_id: ThreadId(1), status: Status::Active, tags: tagged(&["vip"]), ..Case::default() };
    let conversation = Some(Conversation { thread: ThreadId(1), cases: vec![case], fetched: Some(at(0)), ..Conversation::default() });
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation })));
    state
}

fn queued(effects: &[Effect]) -> Vec<Change> {
    let ops = effects.iter().filter_map(|effect| if let Effect::Queue(ops) = effect { Some(ops) } else { None });
    ops.flatten().map(|op| op.mutation.change.clone()).collect()
}

fn tag(add: &[&str], remove: &[&str]) -> Change {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Change::Tag { add: names(add), remove: names(remove) }
}

fn told(state: &State) -> String {
    state.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default()
}

#[test]
fn one_tag_is_three_presses_and_several_are_one_change() {
    let mut state = read();
    assert_eq!(queued(&press(&mut state, 2, "t r f Enter")), [tag(&["refund"], &[])]);
    assert!(told(&state).contains("tagged #1: +refund") && told(&state).contains("z takes it back"), "{}", told(&state));
    assert_eq!(queued(&press(&mut state, 3, "t v i p Tab b i Space n e w Space o n e Enter")), [tag(&["billing", "new one"], &["vip"])]);
    assert!(queued(&press(&mut state, 4, "t Space Space Enter")).is_empty(), "marked and unmarked is as it was");
    press(&mut state, 5, "z z");
    assert!(state.outbox.ops.is_empty());
}

#[test]
fn a_server_that_takes_no_tags_is_said_before_anything_is_queued() {
    let mut state = read();
    let greeted = Event::Greeted { me: None, idempotency: false, events: false, updates: false, translates: None };
    assert!(update(&mut state, at(2), greeted.clone()).contains(&Effect::Habit(Habit::CaseUpdate(false))));
    assert!(update(&mut state, at(2), greeted).is_empty(), "what is known is not written again");
    assert!(queued(&press(&mut state, 3, "t r Enter")).is_empty());
    assert!(state.prompt.is_none());
    // Remembered without a network.
    let mut state = desk();
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Habits(Box::new(Habits { case_update: Some(false), ..Habits::default() })))));
    press(&mut state, 2, "t");
    assert!(told(&state).contains("does not offer it") && state.prompt.is_none());
}

#[test]
fn tags_that_the_server_has_are_taken_back_by_the_opposite() {
    let mut state = read();
    press(&mut state, 2, "t r f Enter");
    let id = pushes(&update(&mut state, at(20), Event::Woke))[0];
    update(&mut state, at(21), Event::Pushed { op: id, outcome: Box::new(Outcome::Accepted { server_id: None, case: None, message: None }) });
    press(&mut state, 22, "z");
    assert!(told(&state).contains("z again sets -refund"), "{}", told(&state));
    assert_eq!(queued(&press(&mut state, 23, "z")), [tag(&[], &["refund"])]);
}

fn row_of(state: &mut State, id: i64) -> &mut Row {
    state.list.window.rows.iter_mut().find(|row| row.id == CaseId(id)).unwrap()
}

fn closes(effects: &[Effect]) -> Vec<(CaseId, String)> {
    let ops = effects.iter().filter_map(|effect| if let Effect::Queue(ops) = effect { Some(ops) } else { None });
    ops.flatten().filter_map(|op| if let Change::Close { state } = &op.mutation.change { Some((op.case(), state.clone())) } else { None }).collect()
}

#[test]
fn a_close_uses_what_its_channel_used_last_and_the_hint_says_it() {
    let mut state = desk();
    state.settings.closing_states = vec!["handled".into(), "refunded".into(), "spam".into()];
    for id in [2, 4] {
        row_of(&mut state, id).channel = crate::model::Channel::Email;
    }
    let hint = |state: &State| hints::hints(state).into_iter().find(|(key, _)| *key == "e").unwrap().1;
    assert_eq!(hint(&state), "close (handled)");
    let effects = press(&mut state, 1, "E 2");
    assert_eq!(closes(&effects), [(CaseId(1), "refunded".into())]);
    assert!(effects.contains(&Effect::Habit(Habit::Closed { channel: "chat".into(), state: "refunded".into() })));
    press(&mut state, 2, "E 3");
    // A mail was closed as spam: chats are not.
    assert_eq!((state.list.selected, hint(&state).as_str()), (Some(CaseId(3)), "close (refunded)"));
    assert_eq!(closes(&press(&mut state, 3, "e e")), [(CaseId(3), "refunded".into()), (CaseId(4), "spam".into())]);
    press(&mut state, 4, "E");
    assert_eq!(state.prompt.as_ref().unwrap().chosen, 1, "the last used one is lit");
    assert_eq!(closes(&press(&mut state, 4, "Enter")), [(CaseId(5), "refunded".into())]);
    assert_eq!(closes(&press(&mut state, 5, ": c l o s e Space h a n d l e d Enter e")), [(CaseId(6), "handled".into()), (CaseId(7), "handled".into())]);
}

#[test]
fn after_a_close_the_cursor_goes_on_in_the_direction_of_the_walk() {
    let chosen = |advance: Advance, keys: &str| {
        let mut state = desk();
        state.settings.advance = advance;
        press(&mut state, 1, keys);
        (state.list.selected.unwrap().0, state.focus)
    };
    assert_eq!(chosen(Advance::Direction, "j j e"), (4, Focus::List));
    assert_eq!(chosen(Advance::Direction, "j j j k e"), (2, Focus::List));
    assert_eq!(chosen(Advance::Next, "j j j k e"), (4, Focus::List));
    assert_eq!(chosen(Advance::Direction, "G k e"), (7, Focus::List));
    assert_eq!(chosen(Advance::Direction, "j k e"), (2, Focus::List), "above the first one there is none");
    assert_eq!(chosen(Advance::Direction, "j j j Enter [ e"), (2, Focus::Reader));
    assert_eq!(chosen(Advance::List, "j j Enter e"), (4, Focus::List));
    assert_eq!(chosen(Advance::Direction, "G e"), (8, Focus::List));
}

#[test]
fn a_case_is_given_by_a_letter_that_stays() {
    let person = |id: i64, name: &str| crate::model::Person { id, name: name.into(), ..crate::model::Person::default() };
    let mut state = desk();
    state.agents = vec![person(17, "Ola Nordmann"), person(18, "Ada Berg"), person(19, "Anna Dahl"), person(20, "Bo")];
    state.account.departments = vec![crate::model::Department { id: 3, name: "Billing".into() }];
    let lines = |state: &State| assign::lines(state, "");
    assert_eq!(lines(&state), ["a  Ada Berg", "n  Anna Dahl", "B  Billing (department)", "b  Bo", "o  Ola Nordmann (you)"]);
    let effects = press(&mut state, 1, "A n");
    assert_eq!(queued(&effects), [Change::Assign { users: vec![crate::model::UserId(19)], departments: Vec::new() }]);
    assert!(effects.contains(&Effect::Habit(Habit::Given { to: "u19".into(), letter: Some('n') })));
    assert!(told(&state).contains("assigned #1 to Anna Dahl (invited to join it)"), "{}", told(&state));
    assert_eq!(lines(&state)[..2], ["n  Anna Dahl", "a  Ada Berg"], "who is asked most often comes first");
    // Somebody leaves, somebody comes: what was learned stays.
    state.agents.remove(1);
    state.agents.push(person(21, "Nils"));
    assert_eq!(lines(&state)[0], "n  Anna Dahl");
    assert_eq!(queued(&press(&mut state, 2, "A B")), [Change::Assign { users: Vec::new(), departments: vec![3] }]);
    press(&mut state, 3, "A x");
    assert!(state.prompt.as_ref().unwrap().error.as_ref().unwrap().contains("nobody has the letter 'x'"));
    assert_eq!(queued(&press(&mut state, 3, "/ n i l Enter")), [Change::Assign { users: vec![crate::model::UserId(21)], departments: Vec::new() }]);
    assert!(told(&state).contains("z takes it back"), "a slip is not sent at once");
}

#[test]
fn who_types_a_name_gives_the_case_and_commands_nothing() {
    let person = |id: i64, name: &str| crate::model::Person { id, name: name.into(), ..crate::model::Person::default() };
    let mut state = desk();
    state.agents = vec![person(18, "Sofía Reyes")];
    assert_eq!(queued(&press(&mut state, 1, "A s o f e")).len(), 2, "given, and closed by the letter that is none of the name");
    assert!(told(&state).contains("closed"), "{}", told(&state));
    press(&mut state, 3, "A s");
    assert_eq!(queued(&press(&mut state, 5, "o")).len(), 0);
    assert_eq!(state.focus, Focus::Reader, "after a pause a letter is a key");
}

#[test]
fn a_menu_narrows_as_one_types_and_does_nothing_that_was_not_named() {
    let mut state = read();
    press(&mut state, 2, "Enter");
    assert_eq!(state.prompt.as_ref().map(|prompt| prompt.kind), Some(crate::app::prompt::PromptKind::Menu));
    assert!(queued(&press(&mut state, 2, "z z q Enter")).is_empty());
    assert_eq!(state.prompt.as_ref().unwrap().error.as_deref(), Some("nothing here is called that"));
    press(&mut state, 2, "Esc Enter");
    assert!(matches!(queued(&press(&mut state, 2, "c l o Enter"))[..], [Change::Close { .. }]));
}

#[test]
fn a_case_is_gone_to_by_its_number() {
    let mut state = desk();
    let effects = press(&mut state, 2, ": 4 Enter");
    assert_eq!((state.focus, state.list.selected), (Focus::Reader, Some(CaseId(4))));
    assert!(effects.contains(&Effect::Load(Ask::Conversation(CaseId(4)))));
    press(&mut state, 3, "Esc : # 7 7 Enter");
    assert_eq!((state.focus, state.target()), (Focus::Reader, Some(CaseId(77))), "one that is on no screen as well");
}

#[test]
fn what_was_done_is_done_again_with_words_read_anew() {
    let mut state = read();
    press(&mut state, 1, "q .");
    assert!(told(&state).contains("nothing to repeat yet"));
    press(&mut state, 2, "B 2 h Enter");
    let effects = press(&mut state, 3600, ".");
    assert!(matches!(&queued(&effects)[..], [Change::Snooze { until, .. }] if *until == at(3600) + Duration::hours(2)), "{effects:?}");
    assert!(told(&state).starts_with("again: snoozed #2 until 12:00"), "{}", told(&state));
    press(&mut state, 3601, "t r f Enter");
    assert_eq!(queued(&press(&mut state, 3602, "j .")), [tag(&["refund"], &[])]);
    press(&mut state, 3603, "e");
    assert_eq!(closes(&press(&mut state, 3604, ". .")).len(), 2);
    press(&mut state, 3605, "z .");
    assert!(told(&state).starts_with("again: closed"), "what was taken back can be done again");
}

#[test]
fn a_case_rests_until_its_customer_writes() {
    let mut state = desk();
    row_of(&mut state, 1).heard = Some(at(-60));
    let effects = press(&mut state, 1, "B t h e y Space w r i t e Enter");
    let message = Some("until they write, after 2026-11-23T08:59:00.000Z".to_owned());
    assert_eq!(queued(&effects), [Change::Snooze { until: at(1) + crate::model::when::PATIENCE, message }]);
    assert!(told(&state).contains("snoozed #1 until they write, at the latest 23 Dec 09:00"), "{}", told(&state));
    assert_eq!(snooze::meaning(&state, "mon 9"), ["Mon 30 Nov 09:00, in 7 days", "Mon 30 Nov 09:00", "30 Nov 09:00"]);
    assert_eq!(snooze::meaning(&state, "they write or wed")[1], "when they write, or Wed 09:00");
    assert!(snooze::meaning(&state, "some day").is_empty());
}

#[test]
fn unread_is_a_mark_that_opening_ends() {
    let mut state = read();
    assert_eq!(press(&mut state, 2, "u"), [Effect::Unread(ThreadId(1))]);
    assert_eq!((state.focus, row_of(&mut state, 1).unread), (Focus::List, true), "the thread is left, or it would be read again");
    row_of(&mut state, 1).heard = Some(at(-5));
    assert_eq!(press(&mut state, 3, "u"), [Effect::Seen { thread: ThreadId(1), until: at(-5) }]);
    assert!(!row_of(&mut state, 1).unread);
    press(&mut state, 4, "u");
    state.reader.as_mut().unwrap().conversation.messages.push(Message { date_created: Some(at(0)), ..Message::default() });
    assert!(press(&mut state, 5, "Enter").contains(&Effect::Seen { thread: ThreadId(1), until: at(0) }));
}

fn colleague(id: i64, seconds: i64) -> Message {
    let ada = crate::model::Person { id: 18, name: "Ada".into(), ..crate::model::Person::default() };
    Message { id: MessageId(id), case_id: CaseId(1), sender_id: Some(18), sender: Some(ada), date_created: Some(at(seconds)), ..Message::default() }
}

fn thread(state: &mut State, seconds: i64, messages: Vec<Message>) {
    let mut conversation = state.reader.as_ref().unwrap().conversation.clone();
    conversation.messages = messages;
    update(state, at(seconds), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
}

#[test]
fn a_colleague_who_answers_is_named_before_the_first_word() {
    let mut state = read();
    thread(&mut state, 2, vec![colleague(7, -120)]);
    state.sync.link = Link::Live;
    assert!(press(&mut state, 3, "r").contains(&Effect::Fetch(CaseId(1))), "and the thread is read anew");
    assert_eq!(told(&state), "Ada answered 2 min ago: look before you write");
    press(&mut state, 4, "Esc");
    thread(&mut state, 400, vec![colleague(7, -120)]);
    press(&mut state, 400, "r");
    assert!(!told(&state).contains("Ada"), "that is long over: {}", told(&state));
}

#[test]
fn a_reply_that_a_colleague_was_quicker_with_waits() {
    let mut state = desk();
    press(&mut state, 1, "r h i ^s");
    let id = state.outbox.ops[0].id();
    super::super::update(&mut state, at(12), Event::Woke);
    let newer = crate::model::Newer { id: MessageId(8), by: "Ada".into(), at: Some(at(5)), text: "It left today.".into() };
    let seen = Seen { answered: vec![newer], ..clear() };
    super::super::update(&mut state, at(13), Event::Looked { op: id, result: Box::new(Ok(seen.clone())) });
    assert!(matches!(state.outbox.ops[0].review, Some(crate::model::Review::Answered { .. })));
    assert!(told(&state).contains("Ada answered since you composed it (gx)"), "{}", told(&state));
    let choices = review::choices(&state.outbox.ops[0]);
    assert_eq!(choices[0], Decision::Anyway);
    super::super::update(&mut state, at(20), Event::Decided { op: id, decision: Decision::Anyway });
    let effects = super::super::update(&mut state, at(21), Event::Looked { op: id, result: Box::new(Ok(seen)) });
    assert_eq!(pushes(&effects).len(), 1, "the agent knows, and sends it all the same");
}

#[test]
fn a_snooze_of_a_colleague_is_theirs_to_end() {
    let mut state = read();
    let theirs = crate::model::Snooze { until: at(9_000), user_id: Some(crate::model::UserId(18)), ..crate::model::Snooze::default() };
    state.reader.as_mut().unwrap().conversation.cases[0].follow_up = Some(theirs);
    assert!(queued(&press(&mut state, 2, ": u n s n o o z e Enter")).is_empty());
    assert!(told(&state).contains("agent 18 snoozed #1: the server lets nobody else end it"), "{}", told(&state));
}

#[test]
fn a_field_is_changed_in_a_form_and_what_is_wrong_with_it_is_said() {
    let mut state = read();
    let case = &mut state.reader.as_mut().unwrap().conversation.cases[0];
    case.fields.extend([("order".to_owned(), serde_json::json!(881)), ("plan".to_owned(), serde_json::json!("gold"))]);
    let contact = serde_json::json!({"name": "Mina", "email": "mina@example.com", "country": {"name": "JP"}});
    case.contact = Some(crate::model::Contact { fields: contact.as_object().cloned().unwrap(), ..crate::model::Contact::default() });
    press(&mut state, 2, "f x Enter");
    assert!(state.prompt.as_ref().unwrap().error.as_ref().unwrap().contains("order: '881x' is not a number"));
    let down = Input { key: Key::Down, ctrl: false, alt: false, shift: false };
    press(&mut state, 3, "^u 8 8 2");
    for _ in 0..2 {
        update(&mut state, at(3), Event::Pressed(down.clone()));
    }
    press(&mut state, 3, "s i z e : Space X L");
    for _ in 0..2 {
        update(&mut state, at(3), Event::Pressed(down.clone()));
    }
    let effects = press(&mut state, 4, "^u a @ b . c Enter");
    let change = |key: &str, old: serde_json::Value, new: serde_json::Value| crate::model::FieldChange { key: key.into(), old, new };
    let case = vec![change("order", 881.into(), 882.into()), change("size", serde_json::Value::Null, "XL".into())];
    let contact = vec![change("email", "mina@example.com".into(), "a@b.c".into())];
    assert_eq!(queued(&effects), [Change::Fields { of: FieldsOf::Case, set: case }, Change::Fields { of: FieldsOf::Contact, set: contact }]);
    assert!(queued(&press(&mut state, 5, "f Enter")).is_empty(), "nothing was changed");
    press(&mut state, 6, "f x Esc");
    assert!(state.form.is_none());
    state.habits.case_update = Some(false);
    press(&mut state, 7, "f");
    assert_eq!(
        state.form.as_ref().unwrap().rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(),
        ["name", "email"],
        "the contact can be changed anywhere"
    );
}

/// What sleeps comes back at its moment, also when it was laid down in this session, here or by the server's word.
#[test]
fn a_snooze_of_this_session_ends_at_its_time() {
    let mut state = desk();
    press(&mut state, 1, "b");
    let until = state.next_snooze.unwrap();
    assert_eq!(until, at(1) + state.settings.snooze);
    assert!(update(&mut state, until, Event::Woke).contains(&Effect::Load(Ask::Snoozes)));
    let report = PullReport { changed: vec![CaseId(3)], ..PullReport::default() };
    assert!(update(&mut state, at(40), Event::Pulled(Ok(report))).contains(&Effect::Load(Ask::Snoozes)));
    assert!(!update(&mut state, at(50), Event::Pulled(Ok(PullReport::default()))).contains(&Effect::Load(Ask::Snoozes)));
}

#[test]
fn that_a_colleague_was_invited_leaves_the_bar_to_the_keys_again() {
    let begun = || {
        let mut state = read();
        thread(&mut state, 2, vec![colleague(7, -120)]);
        press(&mut state, 3, "r");
        assert!(told(&state).contains("look before you write"));
        state
    };
    let said = |state: &State| state.notice.as_ref().is_some_and(|notice| notice.text.contains("look before"));
    let mut state = begun();
    press(&mut state, 4, "h i");
    assert!(said(&state), "letters are no answer to it");
    update(&mut state, at(11), Event::Woke);
    assert!(!said(&state), "after its time");
    for key in ["Enter", "^a", "Esc"] {
        let mut state = begun();
        press(&mut state, 4, key);
        assert_eq!(said(&state), key != "Esc", "it may have come under the key: {key}");
        press(&mut state, 6, key);
        assert!(!said(&state), "{key}");
    }
}

#[test]
fn a_close_says_that_a_draft_is_kept() {
    let mut state = desk();
    row_of(&mut state, 1).draft = true;
    press(&mut state, 1, "e");
    assert_eq!(told(&state), "closed #1 as handled · your draft is kept · z takes it back");
    press(&mut state, 1, "e");
    assert_eq!(told(&state), "closed #2 as handled · z takes it back");
    let mut state = read();
    row_of(&mut state, 1).draft = true;
    press(&mut state, 2, "e");
    assert!(told(&state).contains("your draft is kept"), "from the thread as well: {}", told(&state));
}

#[test]
fn the_default_snooze_names_its_time() {
    let mut state = desk();
    state.settings.snooze = Duration::hours(4);
    press(&mut state, 1, "^k");
    let words = |state: &State| state.finding.palette.as_ref().unwrap().entries.iter().find(|entry| entry.name == "snooze").unwrap().words.clone();
    assert_eq!(words(&state), "snooze for 4 h");
    press(&mut state, 1, "Esc ?");
    let entries = help::entries(&state, state.help.as_ref().unwrap());
    assert!(entries.iter().any(|entry| entry.words == "snooze for 4 h"));
}
