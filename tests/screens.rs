//! What the agent sees: a state in, a screen out, one snapshot per pane and mode. Compare pictures, then read them:
//! `cargo insta review`.

mod carry;
mod composer;
mod finding;
mod hostile;
mod kinds;
mod log;
mod marked;
mod outbox;
mod picker;
pub mod scripts;
mod sheet;
mod speed;
mod triage;
mod views;
mod workload;
mod world;

use caseload::app::prompt::{Prompt, PromptKind};
use caseload::app::{Focus, Level, Link, Notice, State, Topic, state::Help};
use caseload::model::{Counts, DraftKind, Window};
use caseload::view::draw;
use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use world::{composing, lay_out, listed, ops, reading};

pub fn painted(state: &State) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(state.size.width, state.size.height)).unwrap();
    terminal.draw(|frame| draw(state, frame)).unwrap();
    terminal.backend().buffer().clone()
}

/// The screen as text, each row to its end.
pub fn screen(state: &State) -> String {
    let buffer = painted(state);
    let rows = buffer.content.chunks(usize::from(buffer.area.width.max(1)));
    rows.map(|row| row_text(row).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

fn row_text(row: &[ratatui::buffer::Cell]) -> String {
    let mut text = String::new();
    let mut covered = 0;
    for cell in row {
        if covered == 0 {
            text.push_str(cell.symbol());
            covered = ratatui::buffer::CellWidth::cell_width(cell);
        }
        covered = covered.saturating_sub(1);
    }
    text
}

fn asked(mut state: State, kind: PromptKind, text: &str, choices: &[&str]) -> State {
    let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
    state.prompt = Some(Prompt { kind, text: text.into(), choices, chosen: 1, error: None, from: state.focus, many: false });
    state.focus = Focus::Prompt;
    state
}

fn helped(mut state: State, search: &str) -> State {
    state.help = Some(Help { search: search.into(), from: state.focus, ..Help::default() });
    state.focus = Focus::Help;
    state
}

fn unsent(mut state: State) -> State {
    state.outbox.ops = ops();
    state.outbox.selected = state.outbox.ops.get(2).map(caseload::model::Op::id);
    lay_out(&mut state);
    state
}

fn offline(mut state: State) -> State {
    state.sync.link = Link::Offline;
    state.sync.last_ok = Some(world::at("09:25"));
    state.sync.cause = Some("connection refused".to_owned());
    state
}

fn bare(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    state.list.window = Window { counts: Counts([3, 0, 3, 3, 0, 0, 3]), ..Window::default() };
    (state.reader, state.list.selected) = (None, None);
    state
}

#[test]
fn the_list_at_three_sizes() {
    assert_snapshot!("list_120", screen(&listed(120, 40)));
    assert_snapshot!("list_80", screen(&listed(80, 24)));
    assert_snapshot!("list_40", screen(&listed(40, 12)));
}

#[test]
fn the_thread_at_three_sizes() {
    assert_snapshot!("thread_120", screen(&reading(120, 40)));
    assert_snapshot!("thread_80", screen(&reading(80, 24)));
    let mut narrow = reading(40, 12);
    caseload::app::reader::scroll(&mut narrow, -9);
    assert_snapshot!("thread_40", screen(&narrow));
}

#[test]
fn a_thread_with_unsent_work() {
    let mut state = unsent(reading(80, 48));
    state.reader.as_mut().unwrap().find = "parcel".to_owned();
    assert_snapshot!("thread_unsent", screen(&state));
}

#[test]
fn the_composer() {
    assert_snapshot!("reply_120", screen(&composing(120, 40, DraftKind::Reply, "Hi Mina, it left today.\n\nOla")));
    assert_snapshot!("note_80", screen(&composing(80, 24, DraftKind::Note, "")));
    assert_snapshot!("reply_40", screen(&composing(40, 12, DraftKind::Reply, "Hi Mina, it left the house today and comes on Tuesday at noon")));
}

#[test]
fn the_cursor_stands_where_text_goes() {
    for (text, x, y) in [("", 1, 19), ("Hi 我", 6, 19), ("one\ntwo", 4, 20)] {
        let state = composing(60, 24, DraftKind::Reply, text);
        let mut terminal = Terminal::new(TestBackend::new(60, 24)).unwrap();
        terminal.draw(|frame| draw(&state, frame)).unwrap();
        let top = caseload::app::screen::panes(&state).compose.unwrap();
        let inside = (x + top.x, y + top.y - 18);
        terminal.backend_mut().assert_cursor_position(inside);
    }
}

#[test]
fn what_is_asked_stands_below() {
    assert_snapshot!("filter_80", screen(&asked(listed(80, 24), PromptKind::Filter, "channel:email pa", &[])));
    assert_snapshot!("close_as_80", screen(&asked(reading(80, 24), PromptKind::CloseAs, "", &["handled", "refunded", "no reply wanted"])));
    let mut snooze = asked(listed(40, 12), PromptKind::Snooze, "someday", &["1h", "3h", "tomorrow 9"]);
    snooze.prompt.as_mut().unwrap().error = Some("no time is called 'someday'".to_owned());
    assert_snapshot!("snooze_40", screen(&snooze));
}

#[test]
fn the_key_help() {
    assert_snapshot!("help_80", screen(&helped(listed(80, 24), "")));
    assert_snapshot!("help_search_40", screen(&helped(reading(40, 12), "snooze")));
}

#[test]
fn how_it_stands_with_the_server() {
    assert_snapshot!("offline_120", screen(&offline(listed(120, 12))));
    assert_snapshot!("offline_40", screen(&offline(listed(40, 12))));
    let mut first = bare(80, 12);
    (first.sync.complete, first.sync.progress) = (false, Some((1_200, Some(5_000))));
    assert_snapshot!("first_pull", screen(&first));
    let mut refused = bare(80, 12);
    (refused.sync.complete, refused.sync.link) = (false, Link::Unauthorized);
    assert_snapshot!("key_refused", screen(&refused));
}

#[test]
fn an_empty_view_says_what_to_do() {
    assert_snapshot!("empty_80", screen(&bare(80, 12)));
}

#[test]
fn a_notice_takes_the_place_of_the_hints() {
    let mut state = listed(80, 12);
    state.notice = Some(Notice { level: Level::Error, text: "the disk is full: nothing was queued".to_owned(), until: state.now, about: Topic::Anything });
    state.keys = "g".to_owned();
    assert_snapshot!("notice", screen(&state));
}

#[test]
fn without_colour_everything_is_still_said() {
    let mut state = unsent(reading(120, 40));
    state.settings.color = false;
    let buffer = painted(&state);
    let plain = ratatui::style::Color::Reset;
    assert!(buffer.content.iter().all(|cell| cell.fg == plain && cell.bg == plain));
    assert_snapshot!("no_color", screen(&state));
    // The chosen row is reversed, and has its bar.
    let chosen = &buffer[(2, 2)];
    assert!(chosen.modifier.contains(ratatui::style::Modifier::REVERSED));
    assert_eq!(buffer[(1, 2)].symbol(), "▌");
}

#[test]
fn drawing_twice_paints_the_same() {
    let state = composing(120, 40, DraftKind::Reply, "one\ntwo");
    assert_eq!(painted(&state), painted(&state));
}

#[test]
fn words_too_long_for_the_line_take_the_one_above() {
    let mut state = listed(40, 12);
    let text = "\"closed #4117\" is at the server: z again reopens it as a new case of the thread".to_owned();
    state.notice = Some(Notice { level: Level::Warning, text, until: state.now, about: Topic::Anything });
    assert_snapshot!("notice_40", screen(&state));
}

#[test]
fn the_contact_card_where_it_has_no_pane() {
    for (width, height, name) in [(40, 12, "card_40"), (80, 24, "card_80")] {
        let mut state = reading(width, height);
        state.card = true;
        assert_snapshot!(name, screen(&state));
    }
}

#[test]
fn a_composer_says_what_came_since() {
    let mut state = composing(60, 24, DraftKind::Reply, "It left today.");
    if let Some(compose) = &mut state.compose {
        compose.fresh = 2;
    }
    assert_snapshot!("reply_crossed", screen(&state));
}
