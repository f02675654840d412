//! Text that wants to break the screen: in every field, at every size.

use super::world::{self, composing, lay_out, listed, op, reading};
use super::{asked, helped, painted};
use caseload::app::prompt::PromptKind;
use caseload::app::{Focus, Level, Notice, State, Topic};
use caseload::model::text::is_harmful;
use caseload::model::{Actor, Call, Change, Conversation, DraftKind, Mail, MailAddress, OpState, Person, Untrusted};
use ratatui::buffer::Buffer;
use ratatui::layout::{Rect, Size};
use serde_json::json;

fn corpus() -> Vec<String> {
    let mut corpus: Vec<String> = ('\0'..=' ').chain('\u{7f}'..='\u{a0}').map(|c| format!("a{c}b")).collect();
    let functions = [
        "\u{1b}[2J\u{1b}[H",
        "\u{1b}]0;owned\u{7}",
        "\u{1b}]52;c;aGk=\u{1b}\\",
        "\u{1b}]8;;javascript:x\u{1b}\\y",
        "\u{9b}31m",
        "\u{1b}P$q\"p\u{1b}\\",
        "\u{1b}c",
        "\u{1b}(0\u{e}x\u{f}",
        "\u{5}",
        "good\rbad",
        "good\u{8}\u{8}\u{8}\u{8}bad",
        "\u{202e}gpj.exe",
        "\u{2066}a\u{2069}",
        "p\u{200b}a\u{ad}y",
        "\u{e0061}\u{e007f}x",
        "\u{3164}\u{115f}",
        "\u{2028}a\u{2029}",
        "\u{fff9}a\u{fffa}b\u{fffb}",
        "\u{fdd0}\u{ffff}",
        "\u{1f1f3}",
        "👨\u{200d}\u{200d}\u{200d}👩",
        "❤\u{fe0f}\u{fe0f}",
        "\u{600}\u{600}\u{600}1",
        "\u{d7ff}\u{e000}",
    ];
    corpus.extend(functions.map(str::to_owned));
    corpus.push(format!("a{}", "\u{301}".repeat(5_000)));
    corpus.push("👨\u{200d}".repeat(2_000));
    corpus.push("x".repeat(100_000));
    corpus.push("\n".repeat(10_000));
    corpus
}

/// Every text a server, a customer or a colleague can write, set to `evil`.
fn infected(mut state: State, evil: &str) -> State {
    let text = || Untrusted::from(evil);
    for row in &mut state.list.window.rows {
        (row.contact, row.snippet, row.owner) = (text(), text(), Some(text()));
    }
    evil.clone_into(&mut state.list.filter_text);
    (state.sync.cause, state.keys) = (Some(evil.to_owned()), evil.to_owned());
    state.notice = Some(Notice { level: Level::Error, text: evil.to_owned(), until: state.now, about: Topic::Anything });
    state.outbox.ops = vec![
        op(1, Change::reply(evil), OpState::Failed, Some(evil)),
        op(2, Change::Close { state: evil.to_owned() }, OpState::Queued, Some(evil)),
        op(3, Change::Note { text: evil.to_owned() }, OpState::NeedsReview, Some(evil)),
    ];
    if let Some(reader) = &mut state.reader {
        infect(&mut reader.conversation, evil);
    }
    lay_out(&mut state);
    state
}

fn infect(conversation: &mut Conversation, evil: &str) {
    let text = || Untrusted::from(evil);
    for case in &mut conversation.cases {
        (case.title, case.closing_state) = (text(), Some(text()));
        case.fields.insert(evil.to_owned(), json!(evil));
        case.tags.iter_mut().for_each(|tag| tag.name = text());
        case.feedbacks.iter_mut().for_each(|feedback| feedback.comment = Some(text()));
        case.timeline.iter_mut().for_each(|entry| (entry.event, entry.detail) = (Some(text()), Some(text())));
        case.users.iter_mut().for_each(|user| user.user = Some(Person { name: text(), ..Person::default() }));
        if let Some(contact) = &mut case.contact {
            for key in ["name", "email", "phone", "city", evil] {
                contact.fields.insert(key.to_owned(), json!(evil));
            }
        }
    }
    let address = || MailAddress { name: text(), email: text(), mailbox_hash: evil.to_owned() };
    for message in &mut conversation.messages {
        message.message = text();
        message.sender = Some(Person { name: text(), ..Person::default() });
        if message.meta.contains_key("call") {
            let call = Call { direction: evil.to_owned(), status: evil.to_owned(), recording_url: Some(text()), ..world::call() };
            message.meta.insert("call".to_owned(), json!(call));
        }
        if let Some(mail) = &mut message.mail {
            let html = Some(Untrusted::from(format!("<p>{evil}</p>")));
            **mail = Mail { from: address(), to: vec![address()], subject: text(), html_body: html, attachments: vec![json!(evil)], ..Mail::default() };
        }
    }
}

fn scenes(width: u16, height: u16) -> Vec<State> {
    let mut outbox = listed(width, height);
    outbox.focus = Focus::Outbox;
    caseload::app::review::pane::prepare(&mut outbox);
    vec![listed(width, height), reading(width, height), composing(width, height, DraftKind::Note, "text"), outbox]
}

fn assert_harmless(buffer: &Buffer, of: &str) {
    for cell in &buffer.content {
        assert!(!cell.symbol().chars().any(|c| c == '\n' || is_harmful(c)), "{:?} came from {of:?}", cell.symbol());
        assert!(cell.symbol().len() <= 160, "a cell of {} bytes", cell.symbol().len());
    }
}

#[test]
fn no_text_reaches_the_terminal_with_its_teeth() {
    for evil in corpus() {
        for state in scenes(120, 40) {
            let mut state = infected(state, &evil);
            assert_harmless(&painted(&state), &evil);
            // Long words at the bottom lie over the panes.
            state.notice = None;
            let borders = borders(&state);
            assert_borders(&painted(&state), &borders, &evil);
        }
        let picked = infected(asked(listed(80, 24), PromptKind::Assign, &evil, &[&evil, &evil]), &evil);
        assert_harmless(&painted(&picked), &evil);
        assert_harmless(&painted(&infected(helped(listed(80, 24), &evil), &evil)), &evil);
    }
}

#[test]
fn what_the_agent_pasted_is_swept_too() {
    let state = composing(80, 24, DraftKind::Reply, "a\u{202e}b\u{1b}[31m\u{e0041}");
    assert_harmless(&painted(&state), "a draft");
}

/// The panes that stand on the screen.
pub(super) fn borders(state: &State) -> Vec<Rect> {
    let panes = caseload::app::screen::panes(state);
    if state.focus == Focus::Outbox {
        return Vec::new();
    }
    [panes.list, panes.thread, panes.compose, panes.contact].into_iter().flatten().collect()
}

/// Both sides of every pane are where they belong, in every row, and nothing wide reaches over them.
pub(super) fn assert_borders(buffer: &Buffer, panes: &[Rect], of: &str) {
    for pane in panes {
        for y in pane.y + 1..pane.bottom() - 1 {
            for x in [pane.x, pane.right() - 1] {
                let symbol = buffer[(x, y)].symbol();
                assert!(["│", "┃", "║"].contains(&symbol), "{symbol:?} at {x},{y} with {of:?}");
            }
            let last = &buffer[(pane.right() - 2, y)];
            assert!(ratatui::buffer::CellWidth::cell_width(last) <= 1, "{:?} covers the border at {y}", last.symbol());
        }
    }
}

#[test]
fn wide_characters_do_not_shift_borders() {
    for wide in ["我的包裹在哪里", "❤️❤️❤️❤️", "1️⃣2️⃣3️⃣", "👨‍👩‍👧‍👦👨‍👩‍👧‍👦", "🇳🇴🇯🇵🇳🇴", "ｶﾞｷﾞ", "กำลังเดินทาง", "क्षत्रिय", "각각"]
    {
        for width in [40, 41, 80, 81, 120, 121] {
            for state in scenes(width, 24) {
                let mut state = infected(state, &wide.repeat(9));
                state.notice = None;
                assert_borders(&painted(&state), &borders(&state), wide);
            }
        }
    }
}

#[test]
fn no_size_is_too_small() {
    let sizes: Vec<u16> = (0..12).chain([13, 30, 39, 40, 69, 70, 71, 119, 120, 121, 200]).collect();
    for width in &sizes {
        for height in &sizes {
            for (at, mut state) in scenes(120, 40).into_iter().enumerate() {
                state.size = Size::new(*width, *height);
                lay_out(&mut state);
                painted(&state);
                // What lies over a scene is the same over each: every size has it over some.
                if at % 4 != usize::from(width + height) % 4 {
                    continue;
                }
                painted(&helped(state.clone(), ""));
                painted(&asked(state, PromptKind::CloseAs, "abc", &["one", "two", "three"]));
            }
        }
    }
}

#[test]
fn a_terminal_of_another_size_than_the_state_thinks_is_no_harm() {
    for (width, height) in [(0, 0), (10, 3), (60, 12), (200, 60)] {
        for mut state in scenes(120, 40) {
            let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(width, height)).unwrap();
            terminal.draw(|frame| caseload::view::draw(&state, frame)).unwrap();
            state.me = Some(Actor::default());
        }
    }
}
