//! The workload in each size.

use super::screen;
use super::world::{listed, now};
use caseload::app::{Event, State, update};
use caseload::model::workload::{Counted, Workload};
use caseload::model::{CaseId, Counts};
use chrono::Duration;
use insta::assert_snapshot;
use tui_textarea::{Input, Key};

fn press(state: &mut State, key: char) {
    update(state, now(), Event::Pressed(Input { key: Key::Char(key), ..Input::default() }));
}

fn shown(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    press(&mut state, 'g');
    press(&mut state, 'w');
    let ago = |minutes: i64| Some(now() - Duration::minutes(minutes));
    let case = |at: i64| Counted {
        case: CaseId(at),
        taken: if at % 2 == 0 { Some(Duration::seconds(at * 11 % 900)) } else { None },
        created: ago(at * 7 % 1_300),
        closed: if at % 3 == 0 { ago(at * 5 % 900) } else { None },
        since: if at % 5 == 0 { ago(at) } else { None },
        ratings: if at % 4 == 0 { 1 << (at % 6) } else { 0 },
    };
    let load = Workload { counts: Counts([12, 8, 20, 31, 2, 400, 431]), read: ago(3), ..Workload::of((0..300).map(case), now(), 24) };
    update(&mut state, now(), Event::Worked(Box::new(Ok(load))));
    state
}

#[test]
fn the_workload_is_bars_and_words() {
    assert_snapshot!("workload_120", screen(&shown(120, 40)));
    assert_snapshot!("workload_80", screen(&shown(80, 24)));
    let mut small = shown(40, 12);
    assert_snapshot!("workload_40", screen(&small));
    press(&mut small, 'G');
    assert_snapshot!("workload_40_end", screen(&small));
    press(&mut small, 'q');
    assert!(screen(&small).contains("Mina"), "back in the list");
}
