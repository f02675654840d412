//! Who looks elsewhere is told, and only of what was asked for.

use super::{desk, reply, update};
use crate::app::{Effect, Event, Notify, PullReport, State};
use crate::model::{CaseId, Outcome, Spoke};

fn spoke(case: i64, mine: bool) -> Spoke {
    Spoke { case: CaseId(case), contact: "Mina\u{1b}]0;x\u{7} Sato".into(), said: "where is\nit?".into(), mine, queue: !mine }
}

fn told(state: &mut State, spoke: Vec<Spoke>) -> Vec<String> {
    let now = state.now;
    let report = PullReport { changed: spoke.iter().map(|spoke| spoke.case).collect(), spoke, ..PullReport::default() };
    let effects = update(state, now, Event::Pulled(Ok(report)));
    effects.into_iter().filter_map(|effect| if let Effect::Notify(text) = effect { Some(text) } else { None }).collect()
}

#[test]
fn a_customer_who_wrote_is_told_of_as_it_was_asked_for() {
    let both = || vec![spoke(4, true), spoke(5, false)];
    for (notify, wanted) in [
        (Notify::default(), None),
        (Notify { on: true, ..Notify::default() }, Some("#4 Mina�]0;x� Sato wrote")),
        (Notify { on: true, queue: true, ..Notify::default() }, Some("2 customers wrote, #4 Mina�]0;x� Sato among them")),
        (Notify { on: true, text: true, ..Notify::default() }, Some("#4 Mina�]0;x� Sato: where is it?")),
    ] {
        let mut state = desk();
        state.settings.notify = notify;
        assert_eq!(told(&mut state, both()), wanted.map(str::to_owned).into_iter().collect::<Vec<_>>(), "{notify:?}");
    }
    let mut state = desk();
    state.settings.notify.on = true;
    state.sync.complete = false;
    assert!(told(&mut state, both()).is_empty(), "the first reading is no news");
}

#[test]
fn a_send_that_begins_to_need_the_agent_is_told_of_once() {
    let mut state = desk();
    state.settings.notify.on = true;
    let op = reply(&mut state, 1, "Hello");
    update(&mut state, super::at(12), Event::Woke);
    let refused = Outcome::Refused { cause: "no".into() };
    let effects = update(&mut state, super::at(13), Event::Pushed { op, outcome: Box::new(refused) });
    let told: Vec<_> = effects.iter().filter(|effect| matches!(effect, Effect::Notify(_))).collect();
    assert_eq!(told, [&Effect::Notify("reply #1 needs you".into())]);
}
