//! What a key costs in a very long thread: `cargo test --release speed -- --ignored --nocapture`. Every key is updated,
//! drained and drawn, as the loop does it.

use super::world::{listed, message, now};
use caseload::app::{Event, Focus, Loaded, State, update};
use caseload::model::{CaseId, Conversation, Mail, MessageKind, SenderType, ThreadId, TimelineEntry, UserId};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::time::{Duration, Instant};
use tui_textarea::{Input, Key};

/// The promise of every key and of the first picture.
const FRAME: Duration = Duration::from_millis(16);

fn thread(messages: Vec<caseload::model::Message>) -> Conversation {
    Conversation { thread: ThreadId(4391), cases: vec![super::world::case()], messages, fetched: Some(now()), ..Conversation::default() }
}

fn long() -> Conversation {
    let words = ["where is my parcel?", "It left the depot this morning and should be with you today. ", "荷物はどこですか？ ❤️ 👩‍👩‍👧 שלום"];
    let said = |at: i64| {
        let sender = if at % 3 == 0 { (SenderType::User, 17, "Ola") } else { (SenderType::Contact, 9, "Mina Sato") };
        let text = words[usize::try_from(at % 3).unwrap()].repeat(usize::try_from(at % 7).unwrap() + 1);
        let mut one = message(at, 4410, sender, MessageKind::Message, "2026-10-01T09:00", &text);
        one.date_created = one.date_created.map(|date| date + chrono::Duration::minutes(at * 7));
        if at % 5 == 0 {
            let html = format!("<div><p>{text}</p><table><tr><td>a</td><td>b</td></tr></table><blockquote>{}</blockquote></div>", text.repeat(5));
            one.mail = Some(Box::new(Mail { html_body: Some(html.into()), subject: "Re: parcel".into(), ..Mail::default() }));
        }
        one
    };
    thread((1..=5_000).map(said).collect())
}

/// The same with what happened to its case.
fn eventful() -> Conversation {
    let mut thread = long();
    let begun = thread.messages[0].date_created.unwrap();
    let kinds = ["assigned", "snoozed", "unsnoozed", "tagged", "fields"];
    let row = |id: usize| TimelineEntry {
        id: i64::try_from(id).unwrap(),
        event: Some(kinds[id % 5].into()),
        date_created: Some(begun + chrono::Duration::minutes(i64::try_from(id / 4 * 70).unwrap())),
        user_id: Some(UserId(17)),
        ..TimelineEntry::default()
    };
    thread.cases[0].timeline = (1..=2_000).map(row).collect();
    thread
}

fn huge(piece: &str) -> Conversation {
    let mina = || (SenderType::Contact, 9, "Mina Sato");
    let line = piece.repeat(10 * 1024 * 1024 / piece.len());
    thread(vec![
        message(1, 4410, mina(), MessageKind::Message, "09:00", "hello"),
        message(2, 4410, mina(), MessageKind::Message, "09:01", &line),
        message(3, 4410, mina(), MessageKind::Message, "09:20", "there?"),
    ])
}

fn page() -> Conversation {
    let rows = "<tr><td style=\"padding:0 4px\"><a href=\"https://shop.example/x\">one</a></td><td><b>two</b> three four</td></tr>".repeat(2_000);
    let mut one = message(1, 4410, (SenderType::Contact, 9, "Mina Sato"), MessageKind::Message, "09:00", "");
    one.mail = Some(Box::new(Mail { html_body: Some(format!("<table>{rows}</table>").into()), ..Mail::default() }));
    thread(vec![one])
}

struct Desk {
    state: State,
    terminal: Terminal<TestBackend>,
    took: Vec<Duration>,
}

impl Desk {
    fn new() -> Self {
        let mut state = listed(120, 40);
        state.focus = Focus::Reader;
        let mut desk = Self { state, terminal: Terminal::new(TestBackend::new(120, 40)).unwrap(), took: Vec::new() };
        desk.event(Event::Drained);
        desk
    }

    fn event(&mut self, event: Event) {
        let from = Instant::now();
        update(&mut self.state, now(), event);
        update(&mut self.state, now(), Event::Drained);
        let state = &self.state;
        self.terminal.draw(|frame| caseload::view::draw(state, frame)).unwrap();
        self.took.push(from.elapsed());
    }

    fn load(&mut self, conversation: &Conversation) {
        let loaded = Loaded::Conversation { case: CaseId(4410), conversation: Some(conversation.clone()) };
        self.event(Event::Loaded(Box::new(loaded)));
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            let (ctrl, key) = key.strip_prefix('^').map_or((false, key), |key| (true, key));
            let code = match key {
                "Space" => Key::Char(' '),
                "Enter" => Key::Enter,
                key => Key::Char(key.chars().next().unwrap()),
            };
            self.event(Event::Pressed(Input { key: code, ctrl, ..Input::default() }));
        }
    }

    /// p50 and p99 of what was done since the last time.
    fn report(&mut self, what: &str) -> Duration {
        let mut took = std::mem::take(&mut self.took);
        took.sort();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100];
        println!("{what:32} n {:4}  p50 {:9.3?}  p99 {:9.3?}  max {:9.3?}", took.len(), at(50), at(99), took[took.len() - 1]);
        at(99)
    }
}

/// Half of what was done since the last time took no longer than this.
fn typical(desk: &mut Desk) -> Duration {
    let mut took = std::mem::take(&mut desk.took);
    took.sort();
    took[took.len() / 2]
}

#[test]
fn a_search_of_a_huge_line_lets_keys_through() {
    let mut desk = Desk::new();
    let line = "parcel ".repeat(2 * 1024 * 1024 / 7);
    desk.load(&thread(vec![message(1, 4410, (SenderType::Contact, 9, "Mina Sato"), MessageKind::Message, "09:01", &line)]));
    // Its letters are everywhere, so that all of it is laid out; the words are nowhere.
    desk.press("/ l . p Enter");
    let said = |desk: &Desk| desk.state.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
    assert_eq!(said(&desk), "searching for 'l.p'… · another key stops it");
    desk.took.clear();
    while desk.state.wake_at() == Some(desk.state.turned) {
        desk.event(Event::Woke);
    }
    assert_eq!(said(&desk), "'l.p' is not in this thread");
    // In this profile and on a busy machine; all at once it takes some seconds.
    let pieces = desk.took.len();
    assert!((20..100).contains(&pieces), "{pieces}");
    let one = typical(&mut desk);
    assert!(one < Duration::from_millis(400), "{one:?}");
    desk.press("n k");
    assert_ne!(desk.state.wake_at(), Some(desk.state.turned), "another key stops it");
}

#[test]
fn what_is_open_folds_without_a_look_at_all_of_it() {
    let mut desk = Desk::new();
    let mut one = message(1, 4410, (SenderType::Contact, 9, "Mina Sato"), MessageKind::Message, "09:00", "");
    one.mail = Some(Box::new(Mail { text_body: Some("parcel ".repeat(10 * 1024 * 1024 / 7).into()), ..Mail::default() }));
    desk.load(&thread(vec![one]));
    desk.press("g g J");
    desk.took.clear();
    desk.press("Enter Enter Enter Enter Enter");
    let one = typical(&mut desk);
    assert!(one < Duration::from_millis(400), "{one:?}");
}

#[test]
#[ignore = "measures; in a release build"]
fn speed_of_reading() {
    let mut slowest = Duration::ZERO;
    let threads =
        [("5,000 messages", long()), ("10 MB line of words", huge("parcel ")), ("10 MB line without a break", huge("x")), ("10 MB of wide", huge("荷物は"))];
    for (name, conversation) in threads.into_iter().chain([("HTML of 2,000 rows", page()), ("5,000 and 2,000 of its timeline", eventful())]) {
        let mut desk = Desk::new();
        desk.took.clear();
        for _ in 0..5 {
            desk.state.reader = None;
            desk.event(Event::Drained);
            desk.took.clear();
            desk.load(&conversation);
        }
        slowest = slowest.max(desk.report(&format!("{name}: open")));
        desk.load(&conversation);
        slowest = slowest.max(desk.report(&format!("{name}: again")));
        for _ in 0..60 {
            desk.press("k k k ^u ^u - - K K g g j ^d Space J J J G");
        }
        slowest = slowest.max(desk.report(&format!("{name}: keys")));
        desk.press("/ t h e r e Enter");
        desk.press("n n N n");
        desk.report(&format!("{name}: find"));
    }
    assert!(cfg!(debug_assertions) || slowest <= FRAME, "{slowest:?}");
}
