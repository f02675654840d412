//! The log pane in each size, and a list that was worked empty with the receipt of the day.

use super::world::{at, listed, now, op};
use super::{painted, screen};
use caseload::app::{Event, Focus, Loaded, State, log, update};
use caseload::model::step::Step;
use caseload::model::{CaseId, Change, Counts, Mutation, Op, OpId, OpState, ThreadId, Timestamp, Untrusted, View, Window};
use chrono::Duration;
use insta::assert_snapshot;
use std::collections::BTreeMap;

fn made(count: u16, time: &str, case: i64, change: Change, state: OpState) -> Op {
    at_time(count, at(time), case, change, state)
}

fn at_time(count: u16, made: Timestamp, case: i64, change: Change, state: OpState) -> Op {
    let old = op(count, change, state, None);
    let id = OpId::new(made, 7, count);
    let step = Step { id, view: View::Mine, channel: None, back: None, undoes: None, redoes: None, taken: false };
    let mutation = Mutation { op: id, at: made, case: CaseId(case), thread: ThreadId(case), ..old.mutation };
    Op { mutation, seq: i64::from(count), step: Some(Box::new(step)), ..old }
}

fn with(mut op: Op, change: impl FnMut(&mut Step)) -> Op {
    op.step.as_deref_mut().into_iter().for_each(change);
    op
}

fn close(state: &str) -> Change {
    Change::Close { state: state.into() }
}

/// A morning, oldest first: every fate once.
fn morning() -> Vec<Op> {
    let snooze = Change::Snooze { until: at("14:00"), message: None };
    let batch = made(20, "09:10", 4301, close("handled"), OpState::Sent);
    let step = batch.step.as_ref().unwrap().id;
    let rest = (21..32).map(|n| with(made(n, "09:10", 4281 + i64::from(n), close("handled"), OpState::Sent), |of| of.id = step));
    let undone = made(40, "09:12", 4409, close("solved"), OpState::Sent);
    let back = with(made(41, "09:13", 4409, Change::Reopen, OpState::Sent), |step| step.undoes = Some(undone.id()));
    let mut ops = vec![
        made(1, "2026-11-20T16:40", 4320, close("solved"), OpState::Sent),
        made(2, "09:02", 4412, Change::Claim, OpState::Sent),
        with(made(3, "09:03", 4414, snooze, OpState::Sent), |step| step.back = Some(Box::new(Change::Unsnooze))),
        made(4, "09:04", 4414, Change::Tag { add: vec!["refund".into()], remove: vec!["vip".into()] }, OpState::Sent),
        made(5, "09:06", 4411, Change::reply("Dear Kari,\nthe invoice is corrected."), OpState::Sent),
        batch,
    ];
    ops.extend(rest);
    ops.extend([
        undone,
        back,
        with(made(50, "09:20", 4413, close("handled"), OpState::Cancelled), |step| step.taken = true),
        made(51, "09:21", 4398, Change::Note { text: "told \u{1b}[31mher".into() }, OpState::NeedsReview),
        made(52, "09:29", 4410, Change::reply("はい、今日発送しました。"), OpState::Held),
    ]);
    ops
}

fn opened(width: u16, height: u16, ops: Vec<Op>) -> State {
    let mut state = listed(width, height);
    log::show(&mut state);
    let names = [(4410, "Mina Sato"), (4411, "Kari Nordmann"), (4412, "山田 太郎"), (4414, "מיכל לוי")];
    let names: BTreeMap<CaseId, Untrusted> = names.into_iter().map(|(case, name)| (CaseId(case), name.into())).collect();
    update(&mut state, now(), Event::Loaded(Box::new(Loaded::Record { ops, names })));
    state
}

#[test]
fn what_was_done_in_each_size() {
    assert_snapshot!("log_120", screen(&opened(120, 40, morning())));
    let mut state = opened(80, 24, morning());
    assert_snapshot!("log_80", screen(&state));
    log::select(&mut state, isize::MAX);
    assert_snapshot!("log_80_end", screen(&state));
    let mut state = opened(40, 12, morning());
    assert_snapshot!("log_40", screen(&state));
    log::filter(&mut state, "reopen");
    assert_snapshot!("log_40_filtered", screen(&state));
    assert_snapshot!("log_empty", screen(&opened(80, 12, Vec::new())));
}

#[test]
fn what_is_undone_is_said_without_colour() {
    let mut state = opened(120, 40, morning());
    let coloured = screen(&state);
    state.settings.color = false;
    assert_eq!(screen(&state), coloured);
    assert!(painted(&state).content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset));
}

/// As many as are ever read: a key that moves, and its frame.
#[test]
fn the_longest_log_is_quick() {
    let start = at("2026-11-20T00:00");
    let ops = (1..=3_000).map(|n| at_time(n, start + Duration::seconds(n.into()), i64::from(n % 500), close("handled"), OpState::Sent)).collect();
    let mut state = opened(120, 40, ops);
    let begun = std::time::Instant::now();
    for _ in 0..10 {
        log::select(&mut state, 1);
        painted(&state);
    }
    let each = begun.elapsed() / 10;
    assert!(each < std::time::Duration::from_millis(100), "{each:?} in a build without optimisation");
}

/// Mine, worked empty since 09:02.
fn emptied(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    let at_nine = at("09:02");
    update(&mut state, at_nine, Event::Started { last_pull: Some(at_nine) });
    update(&mut state, at_nine, Event::Drained);
    let counts = Counts([0, 0, 21, 0, 3, 940, 976]);
    state.list.view = View::Queue;
    let full = Window { view: View::Queue, rows: super::world::rows(), counts, ..Window::default() };
    update(&mut state, at_nine, Event::Loaded(Box::new(Loaded::Window(full))));
    state.list.unseen = false;
    let key = |c| tui_textarea::Input { key: tui_textarea::Key::Char(c), ctrl: false, alt: false, shift: false };
    for (seconds, keys) in [(24, "e"), (60, "je"), (80, "b")] {
        keys.chars().for_each(|c| drop(update(&mut state, at_nine + Duration::seconds(seconds), Event::Pressed(key(c)))));
    }
    let window = Window { view: View::Queue, counts, ..Window::default() };
    update(&mut state, now(), Event::Loaded(Box::new(Loaded::Window(window))));
    let mut day: Vec<Op> = (1..13).map(|n| made(n, "09:10", 4300 + i64::from(n), close("handled"), OpState::Sent)).collect();
    day.extend((20..29).map(|n| made(n, "09:11", 4300 + i64::from(n), Change::reply("hi"), OpState::Sent)));
    update(&mut state, now(), Event::Loaded(Box::new(Loaded::Day { since: at("00:00"), ops: day })));
    state.outbox.ops = vec![op(1, Change::reply("It left today."), OpState::Queued, None), op(3, close("handled"), OpState::NeedsReview, Some("she wrote"))];
    (state.next_snooze, state.reader, state.list.selected, state.notice) = (Some(at("14:00")), None, None, None);
    state.focus = Focus::List;
    state
}

#[test]
fn a_view_that_was_worked_empty_has_the_receipt_of_the_day() {
    assert_snapshot!("receipt_120", screen(&emptied(120, 40)));
    assert_snapshot!("receipt_80", screen(&emptied(80, 24)));
    assert_snapshot!("receipt_40", screen(&emptied(40, 12)));
}
