//! A program that assists: its words are one step in the box, and nothing is sent that nobody looked at.

use super::*;
use crate::app::settings::Assist;

fn writing(text: &str) -> State {
    let mut state = desk();
    state.settings.assist = Some(Assist { command: vec!["propose".into()], limit: Duration::seconds(30) });
    press(&mut state, 1, "r");
    for c in text.chars() {
        update(&mut state, at(1), Event::Pressed(Input { key: Key::Char(c), ctrl: false, alt: false, shift: false }));
    }
    let effects = press(&mut state, 2, "^x a");
    let asked = effects.iter().find_map(|effect| if let Effect::Assist(request) = effect { Some(request.clone()) } else { None }).unwrap();
    assert_eq!((asked.case, asked.text.as_str()), (CaseId(1), text));
    state
}

fn says(state: &mut State, seconds: i64, text: &str) -> Vec<Effect> {
    let ticket = state.helpers.asked;
    update(state, at(seconds), Event::Assisted { ticket, result: Ok(text.into()) })
}

fn text(state: &State) -> String {
    state.compose.as_ref().unwrap().text()
}

fn notice(state: &State) -> &str {
    state.notice.as_ref().map_or("", |notice| &notice.text)
}

fn queued(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Queue(_)))
}

#[test]
fn a_proposal_is_one_step_and_is_asked_about_before_it_goes() {
    let mut state = writing("sory");
    let effects = says(&mut state, 5, "I am sorry.\r\nOla\u{1b}[2J\n\n");
    assert_eq!(text(&state), "I am sorry.\nOla[2J", "cleaned like a paste");
    assert!(effects.iter().any(|effect| matches!(effect, Effect::SaveDraft(_))));
    assert!(!queued(&press(&mut state, 6, "^s")) && notice(&state).contains("read it"));
    press(&mut state, 7, "^_");
    assert_eq!(text(&state), "sory");
    press(&mut state, 7, "^r");
    assert!(queued(&press(&mut state, 8, "^s")));
    // Who looked at it for a while is not asked.
    let mut state = writing("");
    says(&mut state, 5, "I am sorry.");
    assert!(queued(&press(&mut state, 30, "^s")));
}

#[test]
fn what_was_typed_meanwhile_stands_above_it() {
    let mut state = writing("Hi Mina");
    press(&mut state, 3, "!");
    says(&mut state, 5, "It left today.");
    assert_eq!(text(&state), "Hi Mina!\n\nIt left today.");
    assert!(notice(&state).contains("below what you typed"));
    press(&mut state, 6, "^_");
    assert_eq!(text(&state), "Hi Mina!");
}

#[test]
fn it_is_ended_by_esc_by_ctrl_c_and_by_whoever_leaves_or_sends() {
    for keys in ["Esc", "^c", "^s"] {
        let mut state = writing("hi");
        let effects = press(&mut state, 3, keys);
        assert!(effects.contains(&Effect::AssistStop), "{keys}: {effects:?}");
        assert_eq!(state.focus == Focus::Compose, keys != "^s", "{keys}");
        assert!(says(&mut state, 5, "too late").iter().all(|effect| !matches!(effect, Effect::SaveDraft(_))));
        assert!(state.compose.as_ref().is_none_or(|compose| compose.text() == "hi"));
    }
}

#[test]
fn why_there_is_none_is_said() {
    let mut state = writing("hi");
    let ticket = state.helpers.asked;
    update(&mut state, at(5), Event::Assisted { ticket, result: Err("no model is\u{1b}[2J loaded".into()) });
    assert!(notice(&state).starts_with("assist: no model is") && !notice(&state).contains('\u{1b}'), "{}", notice(&state));
    assert_eq!(text(&state), "hi");
    press(&mut state, 6, "^x a");
    says(&mut state, 7, " \n");
    assert!(notice(&state).contains("said nothing") && text(&state) == "hi");
    state.settings.assist = None;
    assert!(press(&mut state, 8, "^x a").is_empty() && notice(&state).contains("[assist]"));
}
