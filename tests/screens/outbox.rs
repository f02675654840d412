//! The outbox pane: the list with every state, and what is known of one for each reason the agent is asked.

use super::world::{self, at, listed, op};
use super::{painted, screen};
use caseload::app::review::pane;
use caseload::app::{Colors, Focus, Level, Notice, State, Topic};
use caseload::model::{CaseId, Change, MessageId, Newer, Op, OpState, Review};
use chrono::Duration;
use insta::assert_snapshot;

fn reply(text: &str) -> Change {
    Change::reply(text)
}

fn text() -> Change {
    reply("Hi Mina,\n\nit left the house today and comes on Tuesday before noon. The number of the parcel is 881-2291.\n\nKind regards\nOla")
}

/// The pane with these, the first one of its order chosen.
fn pane(width: u16, height: u16, ops: Vec<Op>) -> State {
    let mut state = listed(width, height);
    state.sender = true;
    state.outbox.ops = (1..).zip(ops).map(|(seq, op)| Op { seq, ..op }).collect();
    state.focus = Focus::Outbox;
    pane::prepare(&mut state);
    state
}

fn on(case: i64, op: Op) -> Op {
    Op { mutation: caseload::model::Mutation { case: CaseId(case), ..op.mutation }, ..op }
}

fn asked(review: Review, cause: &str) -> Op {
    Op { review: Some(review), tries: 1, ..op(1, text(), OpState::NeedsReview, Some(cause)) }
}

/// One of every state, in the order of composing.
fn all() -> Vec<Op> {
    let now = world::now();
    vec![
        Op { not_before: Some(now + Duration::seconds(7)), ..on(4412, op(1, reply("はい、今日発送しました。"), OpState::Held, None)) },
        Op { absent: 2, tries: 1, not_before: Some(now + Duration::seconds(40)), ..op(2, reply("It left today."), OpState::Unknown, Some("no answer came")) },
        op(3, Change::Note { text: "told her".into() }, OpState::Queued, None),
        on(4413, op(4, Change::Claim, OpState::Sending, None)),
        on(4411, op(5, Change::Close { state: "handled".into() }, OpState::NeedsReview, Some("the customer wrote once since you composed it"))),
        on(4414, op(6, Change::Snooze { until: at("14:00"), message: None }, OpState::Failed, Some("a snooze needs a moment in the future"))),
        on(4398, op(7, reply("No \u{1b}[31mred\u{1b}[0m here"), OpState::Queued, None)),
    ]
}

fn newer(id: i64, time: &str, text: &str) -> Newer {
    Newer { id: MessageId(id), by: "Mina Sato".into(), at: Some(at(time)), text: text.into() }
}

fn stale() -> Op {
    let newer = vec![newer(21, "09:20", "Forget it, the neighbour has it."), newer(22, "09:21", "荷物が届きました。ありがとう！")];
    asked(Review::Stale { newer, more: 3 }, "the customer wrote 5 times since you composed it")
}

#[test]
fn every_state_in_its_order() {
    assert_snapshot!("outbox_120", screen(&pane(120, 40, all())));
    assert_snapshot!("outbox_80", screen(&pane(80, 24, all())));
    assert_snapshot!("outbox_40", screen(&pane(40, 12, all())));
    let mut away = pane(80, 24, all());
    away.sync.link = caseload::app::Link::Offline;
    away.sync.hold_pushes = Some(world::now() + Duration::seconds(12));
    away.outbox.selected = away.outbox.ops.get(6).map(Op::id);
    pane::prepare(&mut away);
    assert_snapshot!("outbox_away_80", screen(&away));
    assert_snapshot!("outbox_empty", screen(&pane(80, 12, Vec::new())));
}

#[test]
fn what_the_customer_wrote_since_stands_beside_what_was_written() {
    assert_snapshot!("stale_120", screen(&pane(120, 40, vec![stale()])));
    assert_snapshot!("stale_80", screen(&pane(80, 24, vec![stale()])));
    let mut small = pane(40, 12, vec![stale()]);
    assert_snapshot!("stale_40_list", screen(&small));
    small.outbox.opened = true;
    pane::prepare(&mut small);
    assert_snapshot!("stale_40", screen(&small));
}

#[test]
fn each_reason_says_what_is_known_and_what_can_be_done() {
    let closed = Review::NotActive { status: "closed".into(), by: Some("Ada Lovelace".into()) };
    let conflict = Review::Conflict { yours: "It left on Monday.".into(), theirs: "It left on Tuesday,\nby courier.".into() };
    let edit = Change::Edit { message: MessageId(5), text: "It left on Monday.".into() };
    let cases = [
        ("absent", Op { absent: 6, ..asked(Review::Absent, "not found at the server so far; it may still arrive") }),
        ("unreadable", Op { blind: 11, ..asked(Review::Unreadable, "the server showed an older or an incomplete thread") }),
        ("several", asked(Review::Several { ids: vec![311, 312, 319] }, "several messages at the server could be it")),
        ("not_active", asked(closed, "the case is closed by Ada Lovelace: it takes no messages")),
        (
            "conflict",
            Op { review: Some(conflict), ..op(1, edit, OpState::NeedsReview, Some("changed by somebody else since: It left on Tuesday, by courier.")) },
        ),
        ("overdue", {
            let snooze = Change::Snooze { until: at("09:10"), message: None };
            Op { review: Some(Review::Overdue { until: at("09:10") }), ..op(1, snooze, OpState::NeedsReview, Some("its time is over")) }
        }),
        ("gone", asked(Review::Gone, "the server has no such case")),
        ("refused", asked(Review::Refused, "this key may not write messages")),
        ("restored", asked(Review::Restored, "it comes from a backup and may have been sent since")),
    ];
    for (name, op) in cases {
        assert_snapshot!(format!("review_{name}_80"), screen(&pane(80, 24, vec![op])));
    }
}

#[test]
fn a_long_text_is_scrolled_to_its_end() {
    let long = (1..=60).map(|line| format!("line {line}")).collect::<Vec<_>>().join("\n");
    let mut state = pane(80, 24, vec![op(1, reply(&long), OpState::Queued, None)]);
    for _ in 0..9 {
        pane::scroll_page(&mut state, 1);
    }
    let end = screen(&state);
    assert!(end.contains("line 60") && end.contains("operation ") && end.contains(" end "), "{end}");
}

#[test]
fn the_bar_says_how_many_need_the_agent_and_how_long_a_reply_is_held() {
    let top = |state: &State| screen(state).lines().next().unwrap().to_owned();
    let held = Op { not_before: Some(world::now() + Duration::seconds(7)), ..op(1, text(), OpState::Held, None) };
    for (ops, wide, narrow) in [
        (vec![stale(), op(2, text(), OpState::Queued, None)], "! outbox 2 · 1 needs you", "! outbox 2"),
        (vec![stale(), op(2, Change::Reopen, OpState::Failed, None)], "! outbox 2 · 2 need you", "! outbox 2"),
        (vec![held], "outbox 1 · held  7s", "outbox 1"),
    ] {
        assert!(top(&pane(120, 24, ops.clone())).ends_with(wide), "{}", top(&pane(120, 24, ops)));
        // The views are worth more than the seconds, and less than what needs the agent.
        let middle = if wide.starts_with('!') { wide } else { narrow };
        assert!(top(&pane(80, 24, ops.clone())).ends_with(middle), "{}", top(&pane(80, 24, ops)));
        assert!(top(&pane(40, 12, ops.clone())).ends_with(narrow), "{}", top(&pane(40, 12, ops)));
    }
}

#[test]
fn nothing_of_it_is_said_by_colour_alone() {
    let mut state = pane(80, 24, all());
    let coloured = screen(&state);
    for (color, colors) in [(false, Colors::NONE), (true, Colors::LIGHT), (true, Colors::CONTRAST)] {
        (state.settings.color, state.settings.colors) = (color, colors);
        assert_eq!(screen(&state), coloured);
    }
    state.settings.color = false;
    assert!(painted(&state).content.iter().all(|cell| cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset));
}

#[test]
fn what_begins_to_need_the_agent_elsewhere_is_said() {
    let mut state = pane(80, 24, vec![stale()]);
    state.focus = Focus::List;
    let text = "reply #4410 needs you: the customer wrote 15 times since you composed it (gx)".to_owned();
    state.notice = Some(Notice { level: Level::Error, text, until: state.now, about: Topic::Anything });
    assert_snapshot!("outbox_notice_80", screen(&state));
}

/// A key that moves the cursor, with ten thousand of them: nothing is sorted, only what is painted is put into words.
#[test]
fn ten_thousand_of_them_are_quick() {
    let ops = (0..10_000).map(|n| on(i64::from(n % 500), Op { seq: i64::from(n) + 1, ..op(n, text(), OpState::Queued, None) })).collect();
    let mut state = pane(120, 40, ops);
    state.outbox.selected = state.outbox.ops.last().map(Op::id);
    pane::prepare(&mut state);
    let begun = std::time::Instant::now();
    for _ in 0..10 {
        pane::select(&mut state, -1);
        pane::prepare(&mut state);
        painted(&state);
    }
    let each = begun.elapsed() / 10;
    assert!(each < std::time::Duration::from_millis(250), "{each:?} in a build without optimisation");
}
