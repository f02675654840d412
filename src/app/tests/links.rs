//! Links: picked, shown whole, and only then opened; or copied, in words that are true.

use super::*;
use crate::app::clip::{Taken, copy};
use crate::app::prompt::PromptKind;
use crate::model::{Conversation, MessageKind};

/// A thread of these chat messages, open in the reader, with a browser at hand.
fn reading(texts: &[&str]) -> State {
    let mut state = desk();
    state.settings.opener = Some(vec!["browse".to_owned(), "-n".to_owned()]);
    let said = |(at, text): (usize, &&str)| Message {
        id: MessageId(i64::try_from(at).unwrap() + 1),
        case_id: CaseId(1),
        sender_type: SenderType::Contact,
        kind: MessageKind::Message,
        message: (**text).into(),
        date_created: Some(super::at(i64::try_from(at).unwrap() * 1_000)),
        ..Message::default()
    };
    let conversation =
        Conversation { thread: ThreadId(1), messages: texts.iter().enumerate().map(said).collect(), fetched: Some(at(0)), ..Conversation::default() };
    press(&mut state, 1, "Enter");
    update(&mut state, at(1), Event::Loaded(Box::new(Loaded::Conversation { case: CaseId(1), conversation: Some(conversation) })));
    update(&mut state, at(1), Event::Drained);
    state
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| notice.text.as_str())
}

fn opens(target: &str) -> Vec<Effect> {
    vec![Effect::Open(vec!["browse".into(), "-n".into(), target.into()])]
}

#[test]
fn a_link_is_shown_whole_before_it_is_opened() {
    let mut state = reading(&["see [bank.example](https://evil.example/x) or https://shop.example/a?b=1.", "and https://second.example"]);
    assert!(press(&mut state, 2, "g l").is_empty());
    let rows = &state.prompt.as_ref().unwrap().choices;
    assert_eq!(rows, &["≠ https://evil.example/x · bank.example", "https://shop.example/a?b=1", "https://second.example"]);
    assert!(press(&mut state, 2, "2").is_empty(), "first it is shown");
    assert_eq!(state.prompt.as_ref().unwrap().kind, PromptKind::Lead);
    assert_eq!(press(&mut state, 2, "Enter"), opens("https://shop.example/a?b=1"));
    update(&mut state, at(3), Event::Opened { error: None });
    assert_eq!((notice(&state), state.focus), ("handed to the browser", Focus::Reader));
    update(&mut state, at(3), Event::Opened { error: Some("there is no program browse".into()) });
    assert!(notice(&state).starts_with("not opened: there is no program browse"));
    // Of the chosen message alone; a single one is shown at once, and Esc opens nothing.
    press(&mut state, 4, "K g l");
    assert_eq!((state.prompt.as_ref().unwrap().kind, state.table.leads.len()), (PromptKind::Lead, 1));
    assert!(press(&mut state, 4, "x Esc").is_empty());
    assert_eq!(state.focus, Focus::Reader);
}

#[test]
fn what_no_browser_should_get_is_not_opened() {
    let mut state = reading(&["[here](mailto:ola@a.example) https://pаypal.example/x"]);
    assert!(press(&mut state, 2, "g l 1").is_empty());
    assert_eq!(press(&mut state, 2, "Enter"), opens("https://xn--pypal-4ve.example/x"));
    state.table.leads = vec![crate::app::lines::Lead::bare("javascript:alert(1)")];
    assert!(crate::app::links::picked(&mut state, 0).is_empty());
    assert!(press(&mut state, 2, "Enter").is_empty());
    assert!(notice(&state).contains("only http, https and mailto"));
    let mut state = reading(&["nothing here"]);
    press(&mut state, 2, "g l");
    assert_eq!(notice(&state), "there is no link on the screen");
}

#[test]
fn where_no_browser_is_the_link_is_copied_and_said_so() {
    let mut state = reading(&["https://a.example/1 https://a.example/2"]);
    state.settings.opener = None;
    let what = "no browser here: the link was";
    assert_eq!(press(&mut state, 2, "g l 1 Enter"), copy("https://a.example/1".into(), what));
    update(&mut state, at(2), Event::Copied { what: what.into(), taken: Taken::Terminal });
    assert_eq!(notice(&state), "no browser here: the link was sent to the terminal's clipboard");
    assert_eq!(press(&mut state, 3, "g l y"), copy("https://a.example/1".into(), "the link"));
    assert_eq!(press(&mut state, 3, "g l 2 y"), copy("https://a.example/2".into(), "the link"));
}

#[test]
fn the_case_is_opened_where_the_config_says() {
    let mut state = desk();
    press(&mut state, 1, "O");
    assert!(notice(&state).contains("no link is configured"));
    state.settings.link = Some("https://desk.example/cases/{id}".into());
    state.settings.opener = Some(vec!["browse".to_owned()]);
    assert_eq!(press(&mut state, 2, "j O"), [Effect::Open(vec!["browse".into(), "https://desk.example/cases/2".into()])]);
}

#[test]
fn only_what_a_program_took_is_called_copied() {
    let mut state = desk();
    for (taken, wanted) in [
        (Taken::Program, "3 characters copied"),
        (Taken::Terminal, "3 characters sent to the terminal's clipboard"),
        (Taken::TooLong(8), "3 characters not copied: no more than 8 kB fit; clipboard in the config can name a program that takes more"),
        (Taken::Off, "3 characters not copied: clipboard is off in the config"),
        (Taken::Failed("xclip ended with 1".into()), "3 characters not copied: xclip ended with 1"),
    ] {
        update(&mut state, at(1), Event::Copied { what: "3 characters".into(), taken });
        assert_eq!(notice(&state), wanted);
    }
}
