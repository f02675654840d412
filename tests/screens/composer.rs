//! The compose box in all its modes, at three sizes.

use super::screen;
use super::world::{at, composing, lay_out, reading};
use caseload::app::{Event, Loaded, State, update};
use caseload::model::{CaseId, Channel, DraftKind, OpState, Version};
use insta::assert_snapshot;
use tui_textarea::{Input, Key};

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

/// Types these keys, `^` before one means with Ctrl.
fn press(state: &mut State, keys: &str) {
    for key in keys.split(' ') {
        let (ctrl, bare) = key.strip_prefix('^').filter(|rest| !rest.is_empty()).map_or((false, key), |rest| (true, rest));
        let key = match bare {
            "Enter" => Key::Enter,
            "Esc" => Key::Esc,
            "Space" => Key::Char(' '),
            "Tab" => Key::Tab,
            bare => Key::Char(bare.chars().next().unwrap()),
        };
        let now = state.now;
        update(state, now, Event::Pressed(Input { key, ctrl, ..Input::default() }));
    }
}

/// Another channel than chat.
fn by(channel: &Channel, mut state: State) -> State {
    let reader = state.reader.as_mut().unwrap();
    for case in &mut reader.conversation.cases {
        case.channel = channel.clone();
    }
    state
}

#[test]
fn a_text_message_says_in_how_many_parts_it_goes() {
    let words = "Your parcel left the house today and comes on Tuesday at noon. ".repeat(3);
    for (width, height) in SIZES {
        let state = by(&Channel::Voip, composing(width, height, DraftKind::Reply, words.trim_end()));
        assert_snapshot!(format!("sms_{width}"), screen(&state));
    }
}

#[test]
fn earlier_texts_are_a_list() {
    let version = |kind, text: &str, time, state| Version { kind, text: text.into(), at: at(time), state, head: None };
    for (width, height) in SIZES {
        let mut state = composing(width, height, DraftKind::Reply, "Hi Mina");
        let versions = vec![
            version(DraftKind::Reply, "It left today.", "09:29", Some(OpState::Queued)),
            version(DraftKind::Note, "\nShe wrote last week too, be kind.", "09:07", Some(OpState::Sent)),
            version(DraftKind::Reply, "Dear Ms Sato,\nI am sorry to hear that 荷物 did not arrive and will ask the courier at once.", "2026-11-20T16:00", None),
            version(DraftKind::Reply, "forget it", "2026-11-11T16:00", Some(OpState::Cancelled)),
        ];
        update(&mut state, at("09:30"), Event::Loaded(Box::new(Loaded::Versions { case: CaseId(4410), versions })));
        assert_snapshot!(format!("versions_{width}"), screen(&state));
    }
}

#[test]
fn an_own_message_is_edited_in_the_box() {
    for (width, height) in SIZES {
        let mut state = reading(width, height);
        let own = state.reader.as_ref().unwrap().conversation.messages.iter().position(|message| message.id.0 == 5);
        state.reader.as_mut().unwrap().message = own;
        press(&mut state, "c");
        press(&mut state, "Space M i n a");
        update(&mut state, at("09:30"), Event::Drained);
        assert_snapshot!(format!("edit_{width}"), screen(&state));
    }
}

#[test]
fn a_deletion_is_named_first() {
    for (width, height) in SIZES {
        let mut state = reading(width, height);
        let own = state.reader.as_ref().unwrap().conversation.messages.iter().position(|message| message.id.0 == 5);
        state.reader.as_mut().unwrap().message = own;
        press(&mut state, "D");
        update(&mut state, at("09:30"), Event::Drained);
        assert_snapshot!(format!("delete_{width}"), screen(&state));
    }
}

#[test]
fn an_edited_message_says_when() {
    let mut state = reading(120, 40);
    let reader = state.reader.as_mut().unwrap();
    for message in reader.conversation.messages.iter_mut().filter(|message| message.id.0 == 5) {
        message.date_updated = Some(at("09:10"));
    }
    lay_out(&mut state);
    assert!(screen(&state).contains("You · 09:06 · edited 09:10"), "{}", screen(&state));
}

/// A reply that waits for Monday, and its case in the list.
fn planned(width: u16, height: u16, unless: bool) -> State {
    let mut state = composing(width, height, DraftKind::Reply, "It left today.");
    press(&mut state, if unless { "^x w" } else { "^x l" });
    for c in "tomorrow 9".chars() {
        update(&mut state, at("09:30"), Event::Pressed(Input { key: Key::Char(c), ..Input::default() }));
    }
    press(&mut state, "Enter");
    state
}

#[test]
fn when_a_reply_goes_out_is_asked_in_plain_words() {
    for (width, height) in SIZES {
        let mut state = composing(width, height, DraftKind::Reply, "It left today.");
        press(&mut state, "^x l");
        assert_snapshot!(format!("later_asked_{width}"), screen(&state));
        press(&mut state, "Esc ^x w 2 h");
        assert_snapshot!(format!("unless_asked_{width}"), screen(&state));
    }
}

#[test]
fn a_reply_that_waits_for_its_time_says_so_everywhere() {
    for (width, height) in SIZES {
        let mut state = planned(width, height, false);
        lay_out(&mut state);
        assert_snapshot!(format!("planned_{width}"), screen(&state));
        state.notice = None;
        state.focus = caseload::app::Focus::List;
        state.list.window.rows[0].unread = false;
        state.list.window.rows[0].unsent = caseload::model::Unsent::Waiting;
        assert!(screen(&state).contains("Tue 09:00"), "{}", screen(&state));
        let mut state = planned(width, height, true);
        state.notice = None;
        press(&mut state, "g x");
        update(&mut state, at("09:30"), Event::Drained);
        assert_snapshot!(format!("planned_outbox_{width}"), screen(&state));
    }
}

#[test]
fn a_program_that_assists_is_seen_at_work_and_its_words_are_a_proposal() {
    use caseload::app::settings::Assist;
    for (width, height) in SIZES {
        let mut state = composing(width, height, DraftKind::Reply, "sory");
        state.settings.assist = Some(Assist { command: vec!["propose".into()], limit: chrono::Duration::seconds(30) });
        press(&mut state, "^x a");
        assert_snapshot!(format!("assist_{width}"), screen(&state));
        let proposal = Ok("Hi Mina,\nI am sorry that your parcel is late.\u{1b}[2J\n".to_owned());
        let ticket = state.helpers.asked;
        update(&mut state, at("09:30"), Event::Assisted { ticket, result: proposal });
        assert_snapshot!(format!("proposal_{width}"), screen(&state));
    }
}

#[test]
fn the_mode_of_vi_stands_below_the_text() {
    for (width, height) in SIZES {
        let mut state = reading(width, height);
        state.settings.vi = true;
        press(&mut state, "r H i Space M i n a Esc 2 d");
        update(&mut state, at("09:30"), Event::Drained);
        assert_snapshot!(format!("vi_{width}"), screen(&state));
    }
}

#[test]
fn a_small_screen_leaves_four_lines_for_the_text() {
    let state = composing(40, 12, DraftKind::Reply, "one\ntwo\nthree\nfour\nfive\nsix");
    let box_ = caseload::app::screen::panes(&state).compose.unwrap();
    assert!(box_.height >= 6, "{box_:?}");
    for words in ["three", "four", "five", "six"] {
        assert!(screen(&state).contains(words), "{}", screen(&state));
    }
}

#[test]
fn a_mail_has_a_head_a_quote_is_put_in_and_a_note_calls_colleagues() {
    for (width, height) in SIZES {
        let mut state = by(&Channel::Email, composing(width, height, DraftKind::Reply, "Hi Kari,"));
        caseload::app::compose::news(&mut state);
        assert_snapshot!(format!("head_{width}"), screen(&state));
        press(&mut state, "^x m Tab");
        assert_snapshot!(format!("head_open_{width}"), screen(&state));
        press(&mut state, "Esc ^x q");
        assert_snapshot!(format!("quote_{width}"), screen(&state));
        state.agents = vec![person(18, "Ada Lovelace"), person(19, "Adam Smith"), person(20, "Maya Lind")];
        press(&mut state, "^t Enter @ a d");
        assert_snapshot!(format!("mention_{width}"), screen(&state));
    }
}

fn person(id: i64, name: &str) -> caseload::model::Person {
    caseload::model::Person { id, name: name.into(), email: None, kind: None }
}

#[test]
fn what_the_server_translates_into_is_picked_and_stands_in_the_title() {
    for (width, height) in SIZES {
        let mut state = composing(width, height, DraftKind::Reply, "It left the house today and comes on Tuesday.");
        state.habits.translates = Some(true);
        state.habits.languages = vec!["ja".into(), "pt-BR".into()];
        let contact = state.reader.as_mut().unwrap().conversation.cases.iter_mut().find_map(|case| case.contact.as_mut()).unwrap();
        contact.fields.insert("language".to_owned(), serde_json::json!("de_CH"));
        press(&mut state, "^x t");
        assert_snapshot!(format!("translate_pick_{width}"), screen(&state));
        press(&mut state, "p t - b r Enter");
        assert_snapshot!(format!("translate_{width}"), screen(&state));
        state.compose.as_mut().unwrap().fresh = 2;
        assert_snapshot!(format!("translate_fresh_{width}"), screen(&state));
    }
}

#[test]
fn a_text_is_whole_again_when_its_box_is() {
    let lines = ["first", "second", "third", "fourth"];
    let mut state = composing(120, 40, DraftKind::Reply, &lines.join("\n"));
    let _first = screen(&state);
    for (width, height) in [(70, 20), (30, 8), (120, 40)] {
        let now = state.now;
        update(&mut state, now, Event::Resized { width, height });
        let painted = screen(&state);
        assert!(painted.contains("fourth"), "{painted}");
        assert!((width, height) == (30, 8) || lines.iter().all(|line| painted.contains(line)), "{painted}");
    }
    // And where the text has become shorter than what it was scrolled by.
    let mut state = composing(40, 14, DraftKind::Reply, &["top", "two", "3", "4", "5", "6", "7", "8", "9", "10"].join("\n"));
    assert!(!screen(&state).contains("top"));
    for _ in 0..17 {
        let now = state.now;
        update(&mut state, now, Event::Pressed(Input { key: Key::Backspace, ..Input::default() }));
        let _frame = screen(&state);
    }
    press(&mut state, "x");
    let painted = screen(&state);
    assert!(painted.contains("┃top") && painted.contains("┃twox"), "{painted}");
}

#[test]
fn a_time_to_send_at_is_resolved_while_it_is_typed() {
    let mut state = composing(80, 24, DraftKind::Reply, "Hi");
    press(&mut state, "^x l t o m o r r o w Space 1 4 : 3 0");
    let painted = screen(&state);
    assert!(painted.lines().last().unwrap().contains("14:30, tomorrow"), "{painted}");
}

#[test]
fn what_is_pasted_over_the_end_of_the_box_leaves_the_cursor_behind_it() {
    let mut state = composing(80, 24, DraftKind::Reply, "one");
    let _first = screen(&state);
    for round in 1..5 {
        let now = state.now;
        update(&mut state, now, Event::Pasted(format!("{}end {round}", "a line of it\n".repeat(9))));
        press(&mut state, "!");
        let painted = screen(&state);
        assert!(painted.contains(&format!("end {round}!")), "{painted}");
        assert!(state.compose.as_ref().unwrap().text().ends_with(&format!("end {round}!")));
    }
}
