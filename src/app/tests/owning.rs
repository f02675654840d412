//! Commands of the agent's own: started on the painted case, answered in words, on a page, or as a proposal.

use super::*;
use crate::app::own::{Output, Own};
use crate::app::page::Content;

fn with(output: Output) -> State {
    let mut state = desk();
    let own = Own { name: "track".into(), keys: Some("g t".into()), run: vec!["track".into()], output, limit: Duration::seconds(5) };
    state.settings.own = vec![own];
    state
}

fn run(effects: &[Effect]) -> Option<(u32, i64)> {
    effects.iter().find_map(|effect| if let Effect::Run(running) = effect { Some((running.ticket, running.case.0)) } else { None })
}

fn answer(state: &mut State, ticket: u32, text: &str) -> Vec<Effect> {
    update(state, at(9), Event::Ran { ticket, result: Ok(text.to_owned()) })
}

fn told(state: &State) -> &str {
    &state.notice.as_ref().unwrap().text
}

#[test]
fn a_command_gets_the_painted_case_and_its_first_line_is_said_with_that_case() {
    let mut state = with(Output::Notice);
    press(&mut state, 1, "j");
    let (ticket, case) = run(&press(&mut state, 1, "g t")).unwrap();
    assert_eq!(case, 2);
    // The agent goes on; a second one is not started.
    press(&mut state, 2, "j j");
    assert_eq!(run(&press(&mut state, 2, "g t")), None);
    assert!(told(&state).contains("track is at work on #2 already"));
    answer(&mut state, ticket, "left the depot\u{1b}[2J\u{202e}\nmore");
    assert!(told(&state).starts_with("#2 track: left the depot") && !told(&state).contains(['\u{1b}', '\u{202e}']), "{}", told(&state));
    answer(&mut state, ticket, "again");
    assert!(!told(&state).contains("again"), "an answer is heard once");
}

#[test]
fn what_is_to_be_read_is_a_page_but_nobody_is_interrupted_who_writes() {
    let mut state = with(Output::Screen);
    let (ticket, _) = run(&press(&mut state, 1, ": t r a c k Enter")).unwrap();
    answer(&mut state, ticket, "one\ntwo");
    let page = state.log.page.clone().unwrap();
    assert_eq!((state.focus, page.title.as_str(), page.content), (Focus::Page, "track · #1", Content::Text("one\ntwo".into())));
    press(&mut state, 10, "q");
    assert_eq!(state.focus, Focus::List);
    let (ticket, _) = run(&press(&mut state, 11, "g t")).unwrap();
    press(&mut state, 11, "r");
    answer(&mut state, ticket, "three");
    assert_eq!((state.focus, told(&state)), (Focus::Compose, "#1 track: three"));
}

#[test]
fn a_draft_is_a_proposal_in_the_box_and_is_sent_by_nobody() {
    let mut state = with(Output::Draft);
    let effects = press(&mut state, 1, "g t");
    let asked = effects.iter().find_map(|effect| if let Effect::Assist(request) = effect { Some((**request).clone()) } else { None }).unwrap();
    assert_eq!((asked.case, asked.own.as_deref(), state.focus), (CaseId(1), Some("track"), Focus::Compose));
    let effects = update(&mut state, at(2), Event::Assisted { ticket: asked.ticket, result: Ok("Dear Mina".into()) });
    assert_eq!(state.compose.as_ref().unwrap().text(), "Dear Mina");
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Queue(_))));
}

#[test]
fn what_goes_wrong_is_said_and_silence_too() {
    let mut state = with(Output::Ignore);
    let (ticket, _) = run(&press(&mut state, 1, "g t")).unwrap();
    update(&mut state, at(2), Event::Ran { ticket, result: Err("track can't be started: No such file".into()) });
    assert_eq!((told(&state), state.notice.as_ref().unwrap().level), ("#1 track: track can't be started: No such file", Level::Error));
    let (ticket, _) = run(&press(&mut state, 3, "g t")).unwrap();
    answer(&mut state, ticket, "a lot");
    assert_eq!(state.notice, None, "who asked to hear nothing hears of what goes wrong only");
}

#[test]
fn a_command_runs_only_where_its_case_is_painted_and_on_one_case() {
    let mut state = with(Output::Notice);
    assert_eq!(run(&press(&mut state, 1, "g x : t r a c k Enter")), None);
    assert!(told(&state).contains("track works in the list and in a thread"), "{}", told(&state));
    let mut state = with(Output::Draft);
    let effects = press(&mut state, 1, "x g t");
    assert!(effects.iter().all(|effect| !matches!(effect, Effect::Assist(_))) && state.compose.is_none());
    assert!(told(&state).contains("track works on one case") && state.focus == Focus::List, "{}", told(&state));
}

#[test]
fn one_that_takes_long_is_stopped_by_ctrl_c() {
    let mut state = with(Output::Notice);
    let (ticket, _) = run(&press(&mut state, 1, "g t")).unwrap();
    assert_eq!(press(&mut state, 2, "^c"), [Effect::RunStop]);
    assert!(told(&state).contains("track was stopped"), "{}", told(&state));
    answer(&mut state, ticket, "too late");
    assert!(!told(&state).contains("too late"));
    assert!(run(&press(&mut state, 3, "g t")).is_some(), "and may run again");
}

#[test]
fn pages_do_not_write_into_each_other_and_a_line_closes_them() {
    let mut state = with(Output::Screen);
    let (ticket, _) = run(&press(&mut state, 1, "g t")).unwrap();
    press(&mut state, 2, "g w");
    answer(&mut state, ticket, "one\ntwo");
    assert_eq!((state.log.page.as_ref().unwrap().title.as_str(), told(&state)), ("Workload", "#1 track: one · the rest is shown in the list and in a thread"));
    press(&mut state, 3, "q");
    assert_eq!(state.log.page.as_ref().unwrap().title, "track · #1", "one after the other");
    press(&mut state, 3, "q");
    let (ticket, _) = run(&press(&mut state, 3, "g t")).unwrap();
    answer(&mut state, ticket, "one\ntwo");
    update(&mut state, at(4), Event::Worked(Box::new(Err("late".into()))));
    assert_eq!(state.log.page.as_ref().map(|page| page.content.clone()), Some(Content::Text("one\ntwo".into())));
    update(&mut state, at(5), Event::Said(String::new()));
    assert_eq!((state.focus, state.log.page.is_none()), (Focus::List, true));
}

#[test]
fn the_workload_on_the_page_follows_the_pulls() {
    let mut state = desk();
    state.settings.interactive = true;
    let asks = |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Workload(_))).count();
    let shown = |state: &State| match &state.log.page.as_ref().unwrap().content {
        Content::Workload { load, .. } => load.clone(),
        Content::Text(_) => panic!("another page"),
    };
    let pulled = |state: &mut State, s, changed: &[i64]| {
        let report = PullReport { changed: changed.iter().copied().map(CaseId).collect(), ..PullReport::default() };
        update(state, at(s), Event::Pulled(Ok(report)))
    };
    assert_eq!(asks(&press(&mut state, 1, "g w")), 1);
    assert_eq!(asks(&pulled(&mut state, 2, &[3])), 0, "it is being read");
    let load = crate::model::workload::Workload::of([], at(3), 24);
    update(&mut state, at(3), Event::Worked(Box::new(Ok(load.clone()))));
    assert_eq!((asks(&pulled(&mut state, 4, &[])), asks(&pulled(&mut state, 4, &[3])), asks(&pulled(&mut state, 4, &[3]))), (0, 1, 0));
    assert_eq!(shown(&state), Some(Ok(load.clone())), "what stands there stays until the new one is read");
    update(&mut state, at(5), Event::Worked(Box::new(Err("the disk is gone".into()))));
    assert_eq!(shown(&state), Some(Ok(load)), "and where it can't be");
    assert_eq!(asks(&pulled(&mut state, 6, &[3])), 1);
    press(&mut state, 6, "^c");
    assert_eq!((state.focus, asks(&pulled(&mut state, 7, &[3]))), (Focus::List, 0));
}

#[test]
fn a_page_that_came_at_a_bad_time_waits_and_takes_no_key_that_was_begun() {
    let mut state = with(Output::Screen);
    let (ticket, _) = run(&press(&mut state, 1, "g t")).unwrap();
    press(&mut state, 2, "g x");
    answer(&mut state, ticket, "one\ntwo");
    assert!(state.log.page.is_none() && told(&state).contains("one"), "{}", told(&state));
    press(&mut state, 3, "Esc");
    assert_eq!(state.log.page.as_ref().map(|page| page.content.clone()), Some(Content::Text("one\ntwo".into())));
    press(&mut state, 3, "q");
    assert_eq!(state.focus, Focus::List);
    let (ticket, _) = run(&press(&mut state, 4, "g t")).unwrap();
    press(&mut state, 5, "g");
    answer(&mut state, ticket, "one\ntwo");
    assert_eq!(run(&press(&mut state, 6, "q t")), None, "the g before the page begins nothing behind it");
}
