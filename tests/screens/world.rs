//! States for the screens: a morning at the desk of agent 17, at 09:30 on a Monday.

use caseload::app::{Focus, Link, Reader, Settings, State};
use caseload::model::{
    Actor, Call, Case, CaseId, CaseUser, Change, Channel, Contact, ContactId, Conversation, Counts, Draft, DraftKind, Feedback, Mail, MailAddress, Message,
    MessageId, MessageKind, Mutation, Op, OpId, OpState, Person, Row, SenderType, Snooze, Status, Tag, ThreadId, TimelineEntry, Timestamp, Unsent, UserId,
    View, Window, date,
};
use chrono::Duration;
use ratatui::layout::Size;
use serde_json::json;

pub fn at(time: &str) -> Timestamp {
    let whole = if time.len() == 5 { format!("2026-11-23T{time}:00Z") } else { format!("{time}:00Z") };
    date::parse(&whole).unwrap_or_default()
}

pub fn now() -> Timestamp {
    at("09:30")
}

/// The list with some of everything, the first case chosen.
pub fn listed(width: u16, height: u16) -> State {
    let mut state = State::new(Settings::default(), Size::new(width, height), now(), 7);
    state.me = Some(Actor { id: UserId(17), name: "Ola Nordmann".into() });
    state.sync.link = Link::Live;
    state.sync.complete = true;
    state.sync.last_ok = Some(at("09:29"));
    state.list.view = View::Mine;
    state.list.window = Window { view: View::Mine, rows: rows(), counts: Counts([12, 8, 21, 3, 2, 940, 976]), news: 5, more_after: true, ..Window::default() };
    state.list.selected = Some(CaseId(4410));
    preview(&mut state);
    state
}

pub fn rows() -> Vec<Row> {
    let row = |id: i64, contact: &str, snippet: &str| Row {
        id: CaseId(id),
        thread: ThreadId(id),
        status: Status::Active,
        contact: contact.into(),
        snippet: snippet.into(),
        ..Row::default()
    };
    let due = |minutes: i64| Some(now() + Duration::minutes(minutes));
    vec![
        Row { due: due(12), unread: true, mine: true, ..row(4410, "Mina Sato", "where is my parcel? it was to come on Friday") },
        Row { due: due(-5), channel: Channel::Email, unsent: Unsent::NeedsYou, mine: true, ..row(4411, "Kari Nordmann", "Re: invoice 2291") },
        Row {
            due: due(40), channel: Channel::Email, draft: true, owner: Some("Ada".into()), ..row(4412, "山田 太郎", "荷物はどこですか？ ❤️ 👩‍👩‍👧")
        },
        Row { unsent: Unsent::Waiting, channel: Channel::Voip, mine: true, ..row(4413, "+47 555 0101", "missed call, 0:41") },
        Row { snoozed_until: Some(at("14:00")), ..row(4414, "מיכל לוי", "שלום, איפה החבילה שלי?") },
        Row { status: Status::Closed, ..row(4399, "Zoë", "thanks!") },
        Row { due: due(-3_000), ..row(4398, "A name that goes on and on and never ends", "a line that goes on and on and never ends, in any pane at all") },
    ]
}

pub fn message(id: i64, case: i64, sender: (SenderType, i64, &str), kind: MessageKind, time: &str, text: &str) -> Message {
    Message {
        id: MessageId(id),
        case_id: CaseId(case),
        thread_id: ThreadId(4391),
        sender_type: sender.0.clone(),
        sender_id: Some(sender.1),
        kind,
        message: text.into(),
        date_created: Some(at(time)),
        sender: Some(Person { id: sender.1, name: sender.2.into(), email: None, kind: Some(sender.0) }),
        ..Message::default()
    }
}

pub fn conversation() -> Conversation {
    let mina = || (SenderType::Contact, 9, "Mina Sato");
    let ola = || (SenderType::User, 17, "Ola Nordmann");
    let ada = || (SenderType::User, 18, "Ada");
    let mut messages = vec![
        message(1, 4391, mina(), MessageKind::Message, "2026-11-11T16:00", "hello?"),
        message(2, 4410, mina(), MessageKind::Message, "09:02", "where is my parcel?"),
        message(3, 4410, mina(), MessageKind::Message, "09:03", "it was to come on Friday"),
        message(4, 4410, ola(), MessageKind::Event, "09:05", "joined by Ola Nordmann|translate"),
        message(5, 4410, ola(), MessageKind::Message, "09:06", "Looking into it now."),
        message(6, 4410, ada(), MessageKind::Note, "09:07", "She wrote last week too, be kind.\nThe courier lost it."),
        message(7, 4410, mina(), MessageKind::Event, "09:20", "call"),
        message(9, 4410, mina(), MessageKind::Message, "09:28", "荷物はどこですか？ ❤️ 👩‍👩‍👧 שלום"),
    ];
    messages[6]
        .meta
        .insert("call".into(), json!({"direction": "incoming", "status": "no-answer", "durationSeconds": 41, "recordingUrl": "https://rec.example/1"}));
    let mut mail = message(8, 4410, mina(), MessageKind::Message, "09:25", "");
    let person = |name: &str, email: &str| MailAddress { name: name.into(), email: email.into(), ..MailAddress::default() };
    mail.mail = Some(Box::new(Mail {
        from: person("Mina Sato", "mina@example.com"),
        to: vec![person("Support", "help@shop.example")],
        subject: "Re: your order".into(),
        html_body: Some("<p>Still <b>nothing</b>, see <a href=\"https://track.example/881\">the page</a>.</p><p>&gt; We sent it</p>".into()),
        ..Mail::default()
    }));
    messages.insert(7, mail);
    Conversation {
        thread: ThreadId(4391),
        cases: vec![old_case(), case()],
        messages,
        fetched: Some(at("09:26")),
        seen_until: Some(at("09:10")),
        partial: false,
        untold: Vec::new(),
    }
}

fn old_case() -> Case {
    Case {
        id: CaseId(4391),
        thread_id: ThreadId(4391),
        status: Status::Closed,
        date_created: Some(at("2026-11-11T15:00")),
        date_closed: Some(at("2026-11-12T10:00")),
        feedbacks: vec![Feedback { rating: Some(4), comment: Some("quick".into()), ..Feedback::default() }],
        ..Case::default()
    }
}

pub fn case() -> Case {
    let mut fields = caseload::model::Object::new();
    fields.extend([("order".to_owned(), json!(881)), ("plan".to_owned(), json!("gold"))]);
    let mut contact = Contact { id: ContactId(9), ..Contact::default() };
    for (key, value) in [("name", "Mina Sato"), ("email", "mina@example.com"), ("phone", "+81 3 5550 0101"), ("city", "Tokyo")] {
        contact.fields.insert(key.to_owned(), json!(value));
    }
    contact.fields.insert("country".to_owned(), json!({"name": "JP"}));
    let entry = |time: &str, event: &str| TimelineEntry { event: Some(event.into()), date_created: Some(at(time)), ..TimelineEntry::default() };
    Case {
        id: CaseId(4410),
        thread_id: ThreadId(4391),
        parent_id: Some(CaseId(4391)),
        title: "Parcel not delivered".into(),
        status: Status::Active,
        date_created: Some(at("09:01")),
        contact: Some(contact),
        users: vec![CaseUser { user_id: 17, status: "joined".into(), ..CaseUser::default() }],
        fields,
        tags: ["delivery", "vip"].map(|name| Tag { name: name.into(), ..Tag::default() }).into(),
        timeline: vec![entry("09:01", "queued"), entry("09:05", "joined")],
        follow_up: Some(Snooze { until: at("14:00"), ..Snooze::default() }),
        ..Case::default()
    }
}

pub fn op(count: u16, change: Change, state: OpState, cause: Option<&str>) -> Op {
    let made = at("09:29");
    let by = Actor { id: UserId(17), name: "Ola Nordmann".into() };
    let mutation = Mutation { op: OpId::new(made, 7, count), case: CaseId(4410), thread: ThreadId(4391), at: made, by, change };
    Op { state, cause: cause.map(str::to_owned), ..Op::new(mutation, None) }
}

pub fn ops() -> Vec<Op> {
    vec![
        op(1, Change::reply("It left today."), OpState::Unknown, Some("no answer came; looking at the server")),
        op(2, Change::Note { text: "told her".into() }, OpState::Queued, None),
        op(3, Change::Close { state: "handled".into() }, OpState::NeedsReview, Some("the customer wrote meanwhile")),
    ]
}

/// Loads the thread beside the list.
pub fn preview(state: &mut State) {
    state.reader = Some(Reader { case: CaseId(4410), conversation: conversation(), loaded: true, ..Reader::default() });
    lay_out(state);
}

/// As the core does after every change of size or thread.
pub fn lay_out(state: &mut State) {
    caseload::app::reader::lay_out(state, true);
}

pub fn reading(width: u16, height: u16) -> State {
    let mut state = listed(width, height);
    state.focus = Focus::Reader;
    if let Some(reader) = &mut state.reader {
        reader.message = Some(1);
    }
    lay_out(&mut state);
    state
}

pub fn composing(width: u16, height: u16, kind: DraftKind, text: &str) -> State {
    use caseload::app::{Event, Loaded, update};
    let mut state = reading(width, height);
    let key = if kind == DraftKind::Note { 'i' } else { 'r' };
    let pressed = tui_textarea::Input { key: tui_textarea::Key::Char(key), ..tui_textarea::Input::default() };
    update(&mut state, now(), Event::Pressed(pressed));
    if !text.is_empty() {
        let draft = Draft { case: CaseId(4410), kind, text: text.to_owned(), answers: None, updated: at("09:29"), ..Draft::default() };
        update(&mut state, now(), Event::Loaded(Box::new(Loaded::Draft { case: CaseId(4410), draft: Some(draft) })));
    }
    state.notice = None;
    preview(&mut state);
    state
}

pub fn call() -> Call {
    Call { direction: "outgoing".into(), status: "completed".into(), duration_seconds: 200, ..Call::default() }
}
