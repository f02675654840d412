//! What is told of timelines, where, and what is left out.

use super::super::{Layout, Line, Place, Role, Sheet, layout, wrap::cells};
use crate::model::text::is_harmful;
use crate::model::{
    Actor, Case, CaseId, CaseUser, Change, Conversation, Message, MessageId, MessageKind, Mutation, Op, OpId, OpState, Person, SenderType, Snooze, Status,
    ThreadId, TimelineEntry, Timestamp, UserId, date,
};
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    date::parse("2026-11-23T09:00:00Z").unwrap() + chrono::Duration::seconds(seconds)
}

fn how(width: u16) -> Layout {
    Layout { width, now: at(7_200), utc_offset: 0, me: Some(UserId(17)), keys: true }
}

fn row(id: i64, seconds: i64, event: &str, detail: &str, user: Option<i64>) -> TimelineEntry {
    let detail = (!detail.is_empty()).then(|| detail.into());
    TimelineEntry { id, event: Some(event.into()), detail, date_created: Some(at(seconds)), user_id: user.map(UserId), ..TimelineEntry::default() }
}

fn said(id: i64, seconds: i64, kind: MessageKind, text: &str) -> Message {
    let by = if kind == MessageKind::Event { (SenderType::User, 18) } else { (SenderType::Contact, 9) };
    let (sender_type, sender_id) = (by.0, Some(by.1));
    Message { id: MessageId(id), case_id: CaseId(1), sender_type, sender_id, kind, message: text.into(), date_created: Some(at(seconds)), ..Message::default() }
}

fn thread(messages: Vec<Message>, timeline: Vec<TimelineEntry>) -> Conversation {
    let agent = |id: i64, name: &str| CaseUser { user_id: id, user: Some(Person { id, name: name.into(), ..Person::default() }), ..CaseUser::default() };
    let users = vec![agent(17, "Ola"), agent(18, "Ada")];
    let case = Case { id: CaseId(1), thread_id: ThreadId(1), status: Status::Active, users, timeline, ..Case::default() };
    Conversation { thread: ThreadId(1), cases: vec![case], messages, ..Conversation::default() }
}

fn painted(sheet: &mut Sheet, conversation: &Conversation) -> Vec<String> {
    sheet.painted(conversation, Place::default(), 500).into_iter().map(|line| line.text).collect()
}

fn told(conversation: &Conversation) -> Vec<String> {
    let is = |line: &&Line| line.role == Role::Event;
    layout(conversation, &[], &how(90)).iter().filter(is).map(|line| line.text.trim_matches(['─', ' ']).to_owned()).collect()
}

#[test]
fn a_case_that_begins_with_the_words_of_its_customer_needs_no_other_beginning() {
    let rows = || vec![row(1, 0, "created", "Mina Sato", None), row(2, 0, "queued", "Billing", None)];
    let begun = |seconds| told(&thread(vec![said(1, seconds, MessageKind::Message, "hello")], rows()));
    assert_eq!(begun(2), ["queued · Billing · 09:00"]);
    assert_eq!(begun(60).len(), 2, "later words are no beginning");
    let by_agent = thread(vec![said(1, 0, MessageKind::Message, "hello")], vec![row(1, 0, "created", "", Some(18))]);
    assert_eq!(told(&by_agent), ["created by Ada · 09:00"]);
}

#[test]
fn rows_stand_among_the_messages_in_plain_words() {
    let rows = vec![
        row(1, 0, "queued", "Billing|translate", None),
        row(2, 300, "assigned", "users 18 departments 2", Some(17)),
        row(3, 400, "snoozed", "2026-11-24T09:00:00Z", Some(18)),
        row(4, 500, "unsnoozed", "", None),
        row(5, 600, "closed", "solved", Some(17)),
        row(6, 700, "case.priorityRaised", "high\u{1b}[2J", Some(99)),
    ];
    let conversation = thread(vec![said(1, 0, MessageKind::Message, "hello"), said(2, 350, MessageKind::Message, "hello?")], rows);
    let wanted = [
        "queued · Billing · 09:00",
        "assigned to Ada, department 2 by You · 09:05",
        "snoozed till Tue 09:00 by Ada · 09:06",
        "snooze ended · 09:08",
        "closed as solved by You · 09:10",
        "case priority raised by agent 99 · high\u{FFFD}[2J · 09:11",
    ];
    let lines = layout(&conversation, &[], &how(90));
    assert_eq!(told(&conversation), wanted);
    let at = |words: &str| lines.iter().position(|line| line.text.contains(words)).unwrap();
    assert!(at("queued ·") < at("hello") && at("hello") < at("assigned") && at("assigned") < at("hello?") && at("hello?") < at("snoozed till"), "{lines:?}");
}

#[test]
fn runs_fold_and_open() {
    let rows = [(60, "queued"), (120, "joined"), (2_400, "closed"), (3_000, "reopened")];
    let rows: Vec<_> = (1..).zip(rows).map(|(id, (at, event))| row(id, at, event, "", Some(18))).collect();
    let conversation = thread(vec![said(1, 0, MessageKind::Message, "hello"), said(2, 2_700, MessageKind::Message, "again")], rows);
    let mut sheet = Sheet::new(&conversation, &[], &how(60));
    let folded = painted(&mut sheet, &conversation);
    assert_eq!((folded[2].as_str(), folded.last().unwrap().as_str()), ("── ▸ 3 status changes · 09:01–09:40 ──", "── reopened by Ada · 09:50 ──"));
    assert!(sheet.fold(&conversation, 1));
    let open = painted(&mut sheet, &conversation);
    let wanted = ["── ▾ 3 status changes · 09:01–09:40 ──", "── queued by Ada · 09:01 ──", "── joined by Ada · 09:02 ──", "── closed by Ada · 09:40 ──"];
    assert_eq!(open[2..6], wanted);
    sheet.renew(&conversation, &[], &how(40));
    assert_eq!(painted(&mut sheet, &conversation)[3], wanted[1], "what was open stays open");
    assert!(sheet.fold(&conversation, 1));
    assert_eq!(painted(&mut sheet, &conversation), folded);
    let mut mixed = conversation;
    mixed.cases[0].timeline.push(row(9, 2_420, "assigned", "users 18 departments ", Some(17)));
    let mixed = painted(&mut Sheet::new(&mixed, &[], &how(70)), &mixed);
    assert_eq!(mixed[2], "── ▸ 4 events: queued, joined, closed, assigned · 09:01–09:40 ──");
}

#[test]
fn nothing_is_said_twice() {
    let event = said(3, 302, MessageKind::Event, "Ada joined the conversation");
    let again = [row(1, 300, "joined", "Ada", Some(18)), row(2, 300, "joined", "Ola", Some(17)), row(3, 330, "joined", "Ada", Some(18))];
    let wanted = ["joined by You · 09:05", "Ada joined the conversation · 09:05", "joined by Ada · 09:05"];
    assert_eq!(told(&thread(vec![event], again.to_vec())), wanted, "another agent, and another time, are news");

    let by = Actor { id: UserId(17), name: "Ola".into() };
    let mutation =
        Mutation { op: OpId::new(at(0), 1, 1), case: CaseId(1), thread: ThreadId(1), at: at(300), by, change: Change::Close { state: "solved".into() } };
    let op = Op { state: OpState::Unknown, changed: at(320), ..Op::new(mutation, None) };
    let closed = thread(Vec::new(), vec![row(1, 310, "closed", "solved", Some(17)), row(2, 20, "closed", "", Some(18))]);
    let count = |ops: &[Op]| layout(&closed, ops, &how(60)).iter().filter(|line| line.role == Role::Event).count();
    assert_eq!((count(std::slice::from_ref(&op)), count(&[Op { state: OpState::Sent, ..op }])), (1, 2), "once it is proven, it is what happened");

    let mut snoozed = thread(Vec::new(), vec![row(1, 10, "snoozed", "2026-11-23T10:00:00Z", Some(17)), row(2, 60, "snoozed", "call back", Some(17))]);
    snoozed.cases[0].follow_up = Some(Snooze { until: at(90_000), message: Some("call back".into()), ..Snooze::default() });
    assert_eq!(told(&snoozed), ["snoozed till 10:00 by You · 09:00", "snoozed until Tue 10:00 · call back"]);
}

#[test]
fn the_rule_between_two_cases_tells_their_end_and_beginning() {
    let mut conversation =
        thread(vec![said(1, 0, MessageKind::Message, "hello")], vec![row(1, 10, "joined", "", Some(18)), row(2, 600, "closed", "Ada", Some(18))]);
    conversation.cases[0].date_closed = Some(at(600));
    let timeline = vec![row(3, 900, "reopened", "", None), row(4, 901, "queued", "", None), row(5, 960, "queued", "", None)];
    conversation.cases.push(Case {
        id: CaseId(2),
        thread_id: ThreadId(1),
        parent_id: Some(CaseId(1)),
        date_created: Some(at(900)),
        timeline,
        ..Case::default()
    });
    assert_eq!(told(&conversation), ["joined by Ada · 09:00", "queued · 09:16"]);
}

#[test]
fn rows_that_say_nothing_and_words_without_keys_show_none() {
    let bare = TimelineEntry { id: 1, date_created: Some(at(0)), ..TimelineEntry::default() };
    assert!(told(&thread(Vec::new(), vec![bare])).is_empty(), "the vendor's single object names no event");
    let conversation = thread(Vec::new(), vec![row(1, 0, "queued", "", None)]);
    assert!(layout(&conversation, &[], &Layout { keys: false, ..how(60) }).is_empty());
}

/// Work is counted in blocks that are laid out, not in time: each is small, however long the timeline is.
#[test]
fn a_long_timeline_is_many_small_blocks() {
    let conversation = thread(Vec::new(), (1..=2_000).map(|id| row(id, id, "snoozed", "", Some(17))).collect());
    let mut sheet = Sheet::new(&conversation, &[], &how(60));
    let lines = painted(&mut sheet, &conversation);
    assert_eq!((lines.len(), lines[0].as_str()), (20, "── ▸ 100 snoozes · 09:00–09:01 ──"));
    assert_eq!(sheet.messages(), 2_000);
}

/// The first number in a text.
fn number(text: &str) -> usize {
    text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

const EVENTS: [&str; 6] = ["queued", "joined", "closed", "snoozed", "tagged", "odd_thing"];

fn happened() -> impl Strategy<Value = (usize, i64, i64)> {
    (0..EVENTS.len(), 0_i64..3_000, 17_i64..19)
}

proptest! {
    #[test]
    fn every_row_is_shown_once_or_told_by_one_event(rows in prop::collection::vec(happened(), 0..60), events in prop::collection::vec(happened(), 0..20), words in prop::collection::vec(0_i64..3_000, 0..20)) {
        let timeline: Vec<_> = (1_i64..).zip(&rows).map(|(id, (event, at, by))| row(id, *at, EVENTS[*event], &format!("x{id}x"), Some(*by))).collect();
        let event = |(id, (event, at, by)): (i64, &(usize, i64, i64))| Message { sender_id: Some(*by), ..said(id, *at, MessageKind::Event, &EVENTS[*event].replace('_', " ")) };
        let messages = (1..).zip(&events).map(event).chain((100..).zip(&words).map(|(id, at)| said(id, *at, MessageKind::Message, "words"))).collect();
        let conversation = thread(messages, timeline);
        let mut sheet = Sheet::new(&conversation, &[], &how(100));
        let all = sheet.whole(&conversation);
        let mut shown = 0;
        for (id, (event, at, by)) in (1..).zip(&rows) {
            let times = all.iter().filter(|line| line.text.contains(&format!("x{id}x"))).count();
            let same = events.iter().any(|(other, when, who)| other == event && who == by && (when - at).abs() <= 5);
            prop_assert_eq!(times, usize::from(!same), "row {} of {:?}", id, &rows);
            shown += times;
        }
        let folded = sheet.painted(&conversation, Place::default(), 5_000);
        let counted: usize = folded.iter().map(|line| match line.role { Role::Fold => number(&line.text), Role::Event => 1, _ => 0 }).sum();
        prop_assert_eq!(counted, shown + events.len(), "each is in one fold, or stands alone");
        let dates: Vec<_> = (0..sheet.messages()).filter_map(|at| sheet.message(&conversation, at)?.date_created).collect();
        prop_assert!(dates.is_sorted());
    }

    #[test]
    fn lines_of_a_timeline_fit_and_do_no_harm(texts in prop::collection::vec((any::<String>(), any::<String>(), prop::option::of(0_i64..9_000)), 0..12), width in 0_u16..100) {
        let one = |(id, (event, detail, at_second)): (i64, &(String, String, Option<i64>))| TimelineEntry { date_created: at_second.map(at), ..row(id, 0, event, detail, Some(id)) };
        let conversation = thread(Vec::new(), (1..).zip(&texts).map(one).collect());
        let mut sheet = Sheet::new(&conversation, &[], &how(width));
        for lines in [sheet.whole(&conversation), sheet.painted(&conversation, Place::default(), 500)] {
            prop_assert!(lines.iter().all(|line| cells(&line.text) <= usize::from(width.max(1))));
            prop_assert!(lines.iter().all(|line| !line.text.chars().any(|c| c == '\n' || is_harmful(c))));
        }
    }
}
