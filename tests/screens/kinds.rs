//! Every kind of message and every mode, one picture each: the same state at the three sizes, one below the other.

use super::world::{at, call, case, composing, lay_out, listed, message, reading};
use super::{asked, helped, screen};
use caseload::app::prompt::PromptKind;
use caseload::app::{Reader, State, hunt, reader};
use caseload::model::{
    Case, CaseId, Conversation, DraftKind, Feedback, Mail, MailAddress, Message, MessageKind, Person, SenderType, Status, ThreadId, TimelineEntry, UserId,
    Window,
};
use insta::assert_snapshot;
use serde_json::json;

const SIZES: [(u16, u16); 3] = [(120, 40), (80, 24), (40, 12)];

fn pictures(of: impl Fn(u16, u16) -> State) -> String {
    SIZES.map(|(width, height)| format!("{width} x {height}\n{}", screen(&of(width, height)))).join("\n\n")
}

/// The thread with nothing but these messages in it; with `open` everything folded is opened.
fn thread(width: u16, height: u16, messages: Vec<Message>, open: bool) -> State {
    let mut state = reading(width, height);
    let conversation = Conversation {
        thread: ThreadId(4391),
        cases: vec![Case { timeline: Vec::new(), ..case() }],
        messages,
        fetched: Some(at("09:26")),
        ..Conversation::default()
    };
    state.reader = Some(Reader { case: CaseId(4410), conversation, loaded: true, ..Reader::default() });
    lay_out(&mut state);
    if open {
        reader::fold(&mut state);
    }
    lay_out(&mut state);
    state
}

fn by(sender: SenderType, id: i64, kind: MessageKind, text: &str) -> Message {
    let name = if sender == SenderType::Contact { "Mina Sato" } else { "Ada" };
    message(id, 4410, (sender, if id == 2 { 17 } else { 18 }, name), kind, &format!("09:{:02}", id + 10), text)
}

fn customer(id: i64, text: &str) -> Message {
    by(SenderType::Contact, id, MessageKind::Message, text)
}

fn mail(mail: Mail) -> Vec<Message> {
    let address = |name: &str, email: &str| MailAddress { name: name.into(), email: email.into(), ..MailAddress::default() };
    let from = address("Mina Sato", "mina@example.com");
    let head =
        Mail { from, to: vec![address("Support", "help@shop.example")], cc: vec![address("", "boss@example.com")], subject: "Re: your order".into(), ..mail };
    vec![Message { mail: Some(Box::new(head)), ..customer(1, "") }]
}

fn events() -> Vec<Message> {
    let words = ["queued|translate", "assigned to Ada", "assigned to Ola", "joined by Ada"];
    (1..).zip(words).map(|(id, words)| by(SenderType::User, id, MessageKind::Event, words)).chain([customer(9, "hello?")]).collect()
}

fn kinds() -> Vec<(&'static str, Vec<Message>, bool)> {
    let quoted =
        "It came, thanks!\n\nOn Monday 23 November Ola wrote:\n> It left today.\n> You get it tomorrow.\n> Ola\n\n-- \nMina Sato\nTokyo\n+81 3 5550 0101";
    let table = "<p>As <b>asked</b>:</p><table><tr><th>Item</th><th>Price</th></tr><tr><td>Lamp</td><td>12.00</td></tr><tr><td>Chair</td><td>80.00</td></tr></table>\
        <ul><li>one</li><li>two</li></ul><img alt=\"the parcel\" src=\"cid:1\">";
    let links = "<p>Log in at <a href=\"https://evil.example/x\">https://bank.example</a> or see <a href=\"https://shop.example/881\">the page</a>.</p>";
    let files = vec![
        json!({"Name": "photo of the parcel.jpg", "ContentType": "image/jpeg", "ContentLength": 1_250_000}),
        json!({"Name": "../../x\u{202e}gpj.exe", "ContentType": "application/octet-stream", "ContentLength": 99}),
        json!("invoice.pdf"),
    ];
    let html = |body: &str| mail(Mail { html_body: Some(body.into()), ..Mail::default() });
    let text = |body: &str| mail(Mail { text_body: Some(body.into()), ..Mail::default() });
    let mut rang = by(SenderType::Contact, 1, MessageKind::Event, "call");
    rang.meta.insert("call".into(), json!(caseload::model::Call { recording_url: Some("https://rec.example/1".into()), ..call() }));
    let chat = vec![
        customer(1, "Where is my **parcel**? See [the page](https://shop.example/881)\n- one\n- two `x`"),
        by(SenderType::User, 2, MessageKind::Message, "It left today, 荷物 ❤️"),
        by(SenderType::User, 3, MessageKind::Message, "I looked too."),
    ];
    vec![
        ("chat", chat, false),
        ("note", vec![customer(1, "hello?"), by(SenderType::User, 3, MessageKind::Note, "Be kind.\nThe courier lost it.")], false),
        ("call", vec![rang], false),
        ("events_folded", events(), false),
        ("events_open", events(), true),
        ("mail_folded", text("Where is it?"), false),
        ("mail_open", text("Where is it?"), true),
        ("quotes_folded", text(quoted), false),
        ("quotes_open", text(quoted), true),
        ("files", mail(Mail { text_body: Some("See below.".into()), attachments: files, ..Mail::default() }), false),
        ("html_table", html(table), false),
        ("links_that_lie", html(links), false),
        ("strange", vec![by(SenderType::Other("bot".into()), 1, MessageKind::Other("survey".into()), "5 of 5")], false),
    ]
}

#[test]
fn every_kind_of_message_at_three_sizes() {
    for (name, messages, open) in kinds() {
        assert_snapshot!(format!("kind_{name}"), pictures(|width, height| thread(width, height, messages.clone(), open)));
    }
}

/// What the case's timeline tells among the messages: a run in one line, a row of its own, none that an event tells already.
#[test]
fn what_a_timeline_tells_at_three_sizes() {
    let row = |id: i64, time: &str, event: &str, detail: &str, user: i64| TimelineEntry {
        id,
        event: Some(event.into()),
        detail: Some(detail.into()),
        date_created: Some(at(time)),
        user_id: Some(UserId(user)),
        ..TimelineEntry::default()
    };
    let rows = vec![
        row(1, "09:03", "queued", "Billing", 0),
        row(2, "09:05", "assigned", "users 17 departments ", 18),
        row(3, "09:06", "rejected", "", 17),
        row(4, "09:08", "joined", "Ada", 18),
        row(5, "09:13", "joined", "Ada", 18),
        row(6, "09:16", "snoozed", "2026-11-24T09:00:00Z", 18),
        row(7, "09:20", "sentiment_changed", "angry\u{1b}[31m → calm", 18),
    ];
    let rows: Vec<_> = rows.into_iter().map(|row| TimelineEntry { user_id: row.user_id.filter(|user| user.0 > 0), ..row }).collect();
    let messages = vec![
        customer(1, "Where is my parcel?"),
        by(SenderType::User, 3, MessageKind::Event, "joined by Ada"),
        by(SenderType::User, 5, MessageKind::Message, "Looking into it."),
        customer(8, "hello?"),
    ];
    let told = |open: bool| {
        let (rows, messages) = (rows.clone(), messages.clone());
        move |width, height| {
            let mut state = thread(width, height, messages.clone(), false);
            state.reader.as_mut().unwrap().conversation.cases[0].timeline.clone_from(&rows);
            lay_out(&mut state);
            reader::edge(&mut state, false);
            if open {
                reader::fold(&mut state);
            }
            lay_out(&mut state);
            state
        }
    };
    assert_snapshot!("timeline_folded", pictures(told(false)));
    assert_snapshot!("timeline_open", pictures(told(true)));
}

/// What stands between messages: the end of a case with its feedback, and where the agent was last time.
#[test]
fn what_a_chain_is_made_of_at_three_sizes() {
    let row = || {
        case()
            .users
            .into_iter()
            .map(|user| caseload::model::CaseUser { user_id: 18, user: Some(Person { name: "Ada".into(), ..Person::default() }), ..user })
            .collect()
    };
    let old = || Case {
        id: CaseId(4391),
        thread_id: ThreadId(4391),
        status: Status::Closed,
        closing_state: Some("refunded".into()),
        closed_by: Some(UserId(18)),
        users: row(),
        date_created: Some(at("2026-11-12T15:00")),
        date_closed: Some(at("2026-11-12T16:00")),
        feedbacks: vec![Feedback {
            id: 1,
            rating: Some(2),
            question: "How was it?".into(),
            comment: Some("slow".into()),
            date_created: Some(at("2026-11-12T17:00")),
            ..Feedback::default()
        }],
        ..Case::default()
    };
    let chained = |width, height| {
        let mut state = thread(width, height, Vec::new(), false);
        let first = message(1, 4391, (SenderType::Contact, 9, "Mina Sato"), MessageKind::Message, "2026-11-12T15:01", "broken");
        let conversation = &mut state.reader.as_mut().unwrap().conversation;
        (conversation.cases, conversation.messages) = (vec![old(), case()], vec![first, customer(2, "again"), customer(9, "hello?")]);
        conversation.seen_until = Some(at("09:12"));
        lay_out(&mut state);
        state
    };
    assert_snapshot!("chain", pictures(chained));
}

#[test]
fn every_mode_at_three_sizes() {
    let empty = |width, height| {
        let mut state = listed(width, height);
        state.list.window = Window::default();
        (state.reader, state.list.selected) = (None, None);
        state
    };
    let found = |width, height| {
        let mut state = reading(width, height);
        hunt::find(&mut state, "parcel");
        state
    };
    let card = |width, height| {
        let mut state = reading(width, height);
        state.card = width < 120;
        state
    };
    assert_snapshot!("mode_empty", pictures(empty));
    assert_snapshot!("mode_preview", pictures(listed));
    assert_snapshot!("mode_find", pictures(found));
    assert_snapshot!("mode_card", pictures(card));
    assert_snapshot!("mode_reply", pictures(|width, height| composing(width, height, DraftKind::Reply, "Hi Mina, it left today.\n\nOla")));
    assert_snapshot!("mode_note", pictures(|width, height| composing(width, height, DraftKind::Note, "Be kind.")));
    assert_snapshot!("mode_help", pictures(|width, height| helped(reading(width, height), "")));
}

#[test]
fn every_question_at_three_sizes() {
    let agents = ["Ola Nordmann", "Ada", "山田 太郎"];
    let told: [(&str, PromptKind, &str, &[&str]); 7] = [
        ("filter", PromptKind::Filter, "channel:email pa", &[]),
        ("find", PromptKind::Find, "parcel", &[]),
        ("command", PromptKind::Command, "re", &["reopen", "reply", "retry"]),
        ("close_as", PromptKind::CloseAs, "", &["handled", "refunded", "no reply wanted"]),
        ("snooze", PromptKind::Snooze, "tom", &["tomorrow 9"]),
        ("assign", PromptKind::Assign, "", &agents),
        ("menu", PromptKind::Menu, "", &["reply", "close", "snooze"]),
    ];
    for (name, kind, text, choices) in told {
        assert_snapshot!(format!("ask_{name}"), pictures(|width, height| asked(reading(width, height), kind, text, choices)));
    }
}
