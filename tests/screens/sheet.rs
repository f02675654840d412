//! The sheet of one action on many cases: what would happen to each, whole texts where there is room, reasons why not.

use super::screen;
use super::world::{case, listed, now};
use caseload::app::{Ask, Effect, Event, Loaded, State, update};
use caseload::model::about::About;
use caseload::model::{Canned, CaseId, Channel, Contact, Status, ThreadId};
use chrono::Duration;
use insta::assert_snapshot;
use serde_json::json;
use tui_textarea::{Input, Key};

/// With marked cases, after these keys.
fn sheet(width: u16, height: u16, keys: &str) -> State {
    let mut state = listed(width, height);
    let text = "Hi {{contact.first|there}},\n\norder {{case.order}} has left us this morning and should be with you tomorrow.\n\nKind regards\n{{agent.first}}";
    let replies = vec![Canned { name: "On its way".into(), key: Some(1), text: text.into(), state: Some("handled".into()), ..Canned::default() }];
    update(&mut state, now(), Event::Stocked { replies, flaws: Vec::new() });
    state.list.marks.cases = (1..=6).map(|at| CaseId(4400 + at)).collect();
    for key in keys.chars() {
        for effect in update(&mut state, now(), Event::Pressed(Input { key: Key::Char(key), ..Input::default() })) {
            if let Effect::Load(Ask::Study(asked)) = effect {
                let found = asked.iter().filter(|case| case.0 != 4406).map(|case| about(case.0)).collect();
                update(&mut state, now(), Event::Loaded(Box::new(Loaded::Studied { asked, found })));
            }
        }
    }
    state.notice = None;
    state
}

fn about(id: i64) -> About {
    let name = ["Mina Sato", "Kari Nordmann", "山田 太郎", "מיכל לוי", "Evil \u{1b}[31m\u{202e}"][usize::try_from(id - 4401).unwrap()];
    let mut case = case();
    case.id = CaseId(id);
    case.follow_up = None;
    case.contact = Some(Contact { fields: json!({ "name": name }).as_object().cloned().unwrap(), ..Contact::default() });
    case.channel = if id % 2 == 0 { Channel::Email } else { Channel::Chat };
    let mut about = About { case, thread: ThreadId(id), wrote: Some(now() - Duration::hours(1)), draft: id == 4404 };
    match id {
        4402 => about.case.fields.clear(),
        4403 => about.wrote = Some(now() - Duration::seconds(70)),
        4405 => about.case.status = Status::Pending,
        _ => {}
    }
    about
}

#[test]
fn what_would_be_said_to_each_at_three_sizes() {
    assert_snapshot!("sheet_120", screen(&sheet(120, 40, "m1")));
    assert_snapshot!("sheet_80", screen(&sheet(80, 24, "m1")));
    assert_snapshot!("sheet_40", screen(&sheet(40, 12, "m1")));
}

#[test]
fn a_close_of_many_needs_one_line_each() {
    assert_snapshot!("sheet_close_80", screen(&sheet(80, 16, "ea")));
}

#[test]
fn any_size_and_any_name_can_be_painted() {
    for (width, height) in [(1, 1), (2, 3), (10, 4), (20, 8), (39, 11), (69, 13), (91, 6), (300, 80)] {
        for keys in ["m1", "e", "m1de"] {
            let painted = screen(&sheet(width, height, keys));
            assert!(!painted.contains('\u{1b}') && !painted.contains('\u{202e}'));
        }
    }
}
