//! What is picked for a case: tags, whom it is given to, until when it rests, its fields; and who else is at it.

use super::screen;
use super::world::{at, composing, listed, now, reading};
use caseload::app::{Event, State, update};
use caseload::model::{Account, CaseId, Company, Department, Did, DraftKind, Person, Tag};
use insta::assert_snapshot;
use tui_textarea::{Input, Key};

fn press(state: &mut State, keys: &str) {
    for key in keys.chars() {
        let key = match key {
            '\n' => Key::Enter,
            '↓' => Key::Down,
            key => Key::Char(key),
        };
        update(state, now(), Event::Pressed(Input { key, ..Input::default() }));
    }
}

/// The thread at a desk that knows its account.
fn desk(width: u16, height: u16) -> State {
    let mut state = reading(width, height);
    let tags = ["billing", "delivery", "refund", "vip", "配送"].map(|name| Tag { name: name.into(), ..Tag::default() });
    state.account = Account { tags: tags.into(), departments: vec![Department { id: 3, name: "Returns".into() }] };
    let person = |id: i64, name: &str| Person { id, name: name.into(), ..Person::default() };
    state.agents = vec![person(17, "Ola Nordmann"), person(18, "Ada Berg"), person(19, "Anna\u{1b}[31m Dahl")];
    state
}

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

#[test]
fn tags_are_marked_in_a_picker() {
    for (width, height) in SIZES {
        let mut state = desk(width, height);
        press(&mut state, "tref re");
        assert_snapshot!(format!("tags_{width}"), screen(&state));
    }
}

#[test]
fn whom_to_ask_has_a_letter() {
    for (width, height) in SIZES {
        let mut state = desk(width, height);
        press(&mut state, "A");
        assert_snapshot!(format!("assign_{width}"), screen(&state));
    }
}

#[test]
fn the_words_of_a_snooze_are_a_moment_while_they_are_typed() {
    for (width, height) in SIZES {
        let mut state = desk(width, height);
        press(&mut state, "B1 dec 14:00");
        assert_snapshot!(format!("snooze_{width}"), screen(&state));
        let mut state = desk(width, height);
        press(&mut state, "Bthey write");
        assert_snapshot!(format!("snooze_reply_{width}"), screen(&state));
    }
}

#[test]
fn fields_are_a_form() {
    for (width, height) in SIZES {
        let mut state = desk(width, height);
        press(&mut state, "f2↓↓↓!");
        assert_snapshot!(format!("fields_{width}"), screen(&state));
    }
    let mut state = desk(80, 24);
    press(&mut state, "fx\n");
    assert_snapshot!("fields_wrong_80", screen(&state));
}

#[test]
fn company_stands_in_the_row_and_before_the_first_word() {
    let ada = Company { who: "Ada Berg".into(), did: Did::Answered, at: at("09:28") };
    for (width, height) in SIZES {
        let mut state = listed(width, height);
        state.list.window.rows[0].company = Some(ada.clone());
        assert_snapshot!(format!("company_{width}"), screen(&state));
    }
    let mut state = composing(80, 24, DraftKind::Reply, "");
    press(&mut state, "");
    let reader = state.reader.as_mut().unwrap();
    let mut message = reader.conversation.messages.iter().find(|message| message.id.0 == 6).unwrap().clone();
    (message.kind, message.date_created) = (caseload::model::MessageKind::Message, Some(at("09:28")));
    reader.conversation.messages.push(message);
    let conversation = Some(reader.conversation.clone());
    state.compose.as_mut().unwrap().told = false;
    update(&mut state, now(), Event::Loaded(Box::new(caseload::app::Loaded::Conversation { case: CaseId(4410), conversation })));
    assert_snapshot!("company_reply_80", screen(&state));
}
