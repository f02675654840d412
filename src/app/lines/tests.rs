//! What a thread looks like in lines; the wording of each kind is also in the screens' snapshots.

use super::{Layout, Line, Place, Role, Sheet, Sought, layout, wrap::cells};
use crate::model::text::is_harmful;
use crate::model::{
    Actor, Case, CaseId, Change, Conversation, Mail, Message, MessageId, MessageKind, Mutation, Op, OpId, OpState, SenderType, Snooze, Status, ThreadId,
    Timestamp, UserId, date,
};
use proptest::prelude::*;

fn at(minute: i64) -> Timestamp {
    date::parse("2026-11-23T09:00:00Z").unwrap() + chrono::Duration::minutes(minute)
}

fn how(width: u16) -> Layout {
    Layout { width, now: at(30), utc_offset: 0, me: Some(UserId(17)), keys: true }
}

fn said(id: i64, minute: i64, sender: SenderType, text: &str) -> Message {
    let sender_id = Some(if sender == SenderType::User { 17 } else { 9 });
    Message {
        id: MessageId(id),
        case_id: CaseId(1),
        sender_type: sender,
        sender_id,
        message: text.into(),
        date_created: Some(at(minute)),
        ..Message::default()
    }
}

fn thread(messages: Vec<Message>) -> Conversation {
    let case = Case { id: CaseId(1), thread_id: ThreadId(1), status: Status::Active, ..Case::default() };
    Conversation { thread: ThreadId(1), cases: vec![case], messages, ..Conversation::default() }
}

fn op(count: u16, change: Change, state: OpState, cause: Option<&str>) -> Op {
    let by = Actor { id: UserId(17), name: "Ola".into() };
    let mutation = Mutation { op: OpId::new(at(0), 1, count), case: CaseId(1), thread: ThreadId(1), at: at(29), by, change };
    Op { state, cause: cause.map(str::to_owned), ..Op::new(mutation, None) }
}

fn text(lines: &[Line]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

#[test]
fn messages_that_belong_together_share_a_head() {
    let messages = vec![
        said(1, 2, SenderType::Contact, "where is it?"),
        said(2, 4, SenderType::Contact, "hello?"),
        said(3, 15, SenderType::Contact, "still there?"),
        said(4, 16, SenderType::User, "Yes."),
    ];
    let lines = layout(&thread(messages), &[], &how(40));
    let wanted = ["unknown contact · 09:02", "  where is it?", "  hello?", "", "unknown contact · 09:15", "  still there?", "", "You · 09:16", "  Yes."];
    assert_eq!(text(&lines), wanted);
    assert_eq!(lines.iter().map(|line| line.message).collect::<Vec<_>>()[..5], [Some(0), Some(0), Some(1), None, Some(2)]);
}

#[test]
fn what_is_pending_is_laid_over_once() {
    let mut confirmed = said(1, 2, SenderType::User, "first");
    confirmed.meta.insert("op_id".into(), serde_json::json!(OpId::new(at(0), 1, 1)));
    let conversation = thread(vec![confirmed, said(2, 3, SenderType::User, "second"), said(3, 20, SenderType::User, "third")]);
    let ops = [
        op(1, Change::reply("first"), OpState::Unknown, None),
        op(2, Change::Edit { message: MessageId(2), text: "2nd".into() }, OpState::Queued, None),
        op(3, Change::Delete { message: MessageId(3) }, OpState::Failed, Some("not yours\u{1b}[2J")),
        op(4, Change::Note { text: "psst".into() }, OpState::Held, None),
        op(5, Change::Close { state: "handled".into() }, OpState::NeedsReview, Some("the customer wrote")),
        op(6, Change::reply("dropped"), OpState::Cancelled, None),
        op(7, Change::Delete { message: MessageId(99) }, OpState::Queued, None),
    ];
    let lines = layout(&conversation, &ops, &how(60));
    let wanted = [
        "You · 09:02",
        "  first",
        "  2nd",
        "  ~ edit queued",
        "",
        "You · 09:20",
        "  third",
        "  ! delete failed: not yours\u{FFFD}[2J",
        "",
        "┏ note · You · 09:29 · agents only ━━━━━━━━━━━━━━━━━━━━━━━━━",
        "┃ psst",
        "  ~ held",
        "",
        "! close as handled · needs you (g x): the customer wrote",
        "~ delete · queued",
    ];
    assert_eq!(text(&lines), wanted);
    assert_eq!(lines[10].role, Role::NoteBody);
}

#[test]
fn a_snooze_and_cases_without_messages_end_the_thread() {
    let mut conversation = thread(vec![said(1, 2, SenderType::Contact, "hi")]);
    conversation.cases[0].date_closed = Some(at(10));
    let follow_up = Some(Snooze { until: at(300), message: Some("call back".into()), ..Snooze::default() });
    conversation.cases.push(Case { id: CaseId(2), parent_id: Some(CaseId(1)), follow_up, ..Case::default() });
    let lines = layout(&conversation, &[], &how(50));
    assert_eq!(text(&lines)[2..], ["", "── #1 closed, 09:10 · #2 reopened ──", "── snoozed until 14:00 · call back ──"]);
}

#[test]
fn quoted_text_and_signatures_step_back() {
    let mut mail = said(1, 2, SenderType::Contact, "");
    mail.mail = Some(Box::new(Mail { text_body: Some("new\n> old\n-- \nMina".into()), ..Mail::default() }));
    let lines = layout(&thread(vec![mail]), &[], &how(50));
    let roles: Vec<Role> = lines.iter().map(|line| line.role).collect();
    let head = [Role::Contact, Role::Fold, Role::Blank];
    assert_eq!(roles, [&head[..], &[Role::Body, Role::Quote, Role::Fold, Role::Quote, Role::Quote]].concat(), "{lines:?}");
}

/// A sheet laid out from its top.
fn sheet(conversation: &Conversation, width: u16) -> Sheet {
    Sheet::new(conversation, &[], &how(width))
}

fn mail(id: i64, minute: i64, body: &str) -> Message {
    let mail = Mail { text_body: Some(body.into()), subject: "Re: parcel".into(), ..Mail::default() };
    Message { mail: Some(Box::new(mail)), ..said(id, minute, SenderType::Contact, "") }
}

#[test]
fn what_is_folded_opens_and_closes() {
    let conversation = thread(vec![mail(1, 2, "new\n\nOn Monday 23 Ola wrote:\n> one\n> two\n> three\n\n-- \nMina\nTokyo")]);
    let mut sheet = sheet(&conversation, 40);
    let folded = ["unknown contact · 09:02 · mail", "  ▸ Re: parcel", "  new", "  ▸ 4 quoted lines", "  ▸ signature, 3 lines"];
    assert_eq!(text(&sheet.painted(&conversation, Place::default(), 40)), folded);
    assert!(sheet.fold(&conversation, 0));
    let open = sheet.painted(&conversation, Place::default(), 40);
    assert!(text(&open).contains(&"  ▾ 4 quoted lines") && text(&open).contains(&"  > three") && text(&open).contains(&"  Tokyo"), "{open:?}");
    assert_eq!(open, sheet.whole(&conversation));
    assert!(sheet.fold(&conversation, 0));
    assert_eq!(text(&sheet.painted(&conversation, Place::default(), 40)), folded);
}

#[test]
fn many_events_are_one_line_until_they_are_opened() {
    let event = |id: i64, text: &str| Message { kind: MessageKind::Event, ..said(id, id, SenderType::Contact, text) };
    let events = ["queued|translate", "assigned by Ada", "assigned by Bo", "joined by Ola"].into_iter().zip(1..).map(|(text, id)| event(id, text));
    let conversation = thread(events.chain([said(9, 9, SenderType::Contact, "hi")]).collect());
    let mut sheet = sheet(&conversation, 60);
    assert_eq!(text(&sheet.painted(&conversation, Place::default(), 9))[0], "── ▸ 4 events: queued, assigned ×2, joined · 09:01–09:04 ──");
    assert_eq!((sheet.step(&conversation, 0, 1), sheet.step(&conversation, 4, -1)), (Some(4), Some(0)));
    assert!(sheet.fold(&conversation, 0));
    assert_eq!(text(&sheet.painted(&conversation, Place::default(), 9))[1], "── queued · 09:01 ──");
    assert_eq!(sheet.step(&conversation, 0, 1), Some(1));
}

/// What one look at all of it finds.
fn whole(sheet: &Sheet, conversation: &Conversation, words: &str) -> Vec<Place> {
    let (hits, next) = sheet.find(conversation, &Sought::new(words), 0, usize::MAX);
    assert_eq!(next, sheet.blocks());
    hits
}

#[test]
fn words_are_found_where_they_are_folded_and_over_the_end_of_a_line() {
    let hidden = mail(2, 4, "new\n> one\n> two Grünkohl\n> three");
    let conversation = thread(vec![said(1, 2, SenderType::Contact, "where is my very own parcel now"), hidden, said(3, 9, SenderType::Contact, "grünkohl")]);
    let mut sheet = sheet(&conversation, 22);
    let hits = whole(&sheet, &conversation, "grünkohl");
    assert_eq!(hits.len(), 2);
    sheet.open(&conversation, hits[0]);
    assert_eq!(text(&sheet.painted(&conversation, hits[0], 1)), ["  > two Grünkohl"]);
    let over = whole(&sheet, &conversation, "own parcel");
    assert_eq!(over.len(), 1);
    assert!(whole(&sheet, &conversation, "nothing of this").is_empty());
}

#[test]
fn huge_lines_are_whole_and_counted() {
    let line = "parcel ".repeat(30_000);
    let conversation = thread(vec![said(1, 2, SenderType::Contact, &line)]);
    let mut sheet = sheet(&conversation, 50);
    let end = sheet.end(&conversation, 10);
    assert_eq!(text(&sheet.painted(&conversation, end, 10)).len(), 10);
    let whole = sheet.whole(&conversation);
    assert_eq!(whole.iter().map(|line| line.text.matches("parcel").count()).sum::<usize>(), 30_000);
    let (mut place, mut steps) = (Place::default(), 0);
    while place < end {
        (place, steps) = (sheet.moved(&conversation, place, 7).min(end), steps + 7);
    }
    assert!(steps + 10 >= whole.len() && steps < whole.len());
}

#[test]
fn every_message_has_a_line() {
    let kinds = [MessageKind::Message, MessageKind::Note, MessageKind::Event, MessageKind::Other("x".into())];
    let messages = kinds.into_iter().zip(1..).map(|(kind, id)| Message { id: MessageId(id), kind, ..Message::default() }).collect();
    let lines = layout(&thread(messages), &[], &how(20));
    assert!((0..4).all(|at| lines.iter().any(|line| line.message == Some(at))), "{lines:?}");
}

fn message() -> impl Strategy<Value = Message> {
    let kind = prop::sample::select(vec!["message", "note", "event", "odd"]).prop_map(|kind| MessageKind::from(kind.to_owned()));
    let sender = prop::sample::select(vec!["user", "contact", "bot"]).prop_map(|kind| SenderType::from(kind.to_owned()));
    (any::<String>(), kind, sender, prop::option::of(0_i64..60), any::<bool>(), 1_i64..4).prop_map(|(text, kind, sender_type, minute, mail, case)| Message {
        case_id: CaseId(case),
        kind,
        sender_type,
        mail: mail.then(|| Box::new(Mail { html_body: Some(text.as_str().into()), subject: text.as_str().into(), ..Mail::default() })),
        message: text.into(),
        date_created: minute.map(at),
        ..Message::default()
    })
}

proptest! {
    #[test]
    fn a_search_in_pieces_finds_what_a_search_in_one_finds(texts in prop::collection::vec(("[ab> \n荷]{0,60}", 1_usize..180), 1..5), words in "[ab荷]{1,3}", work in 1_usize..60_000) {
        let one = |(at, (text, many)): (i64, &(String, usize))| {
            let text = text.repeat(*many);
            match at % 3 {
                0 => said(at, at * 3, SenderType::Contact, &text),
                1 => mail(at, at * 3, &text),
                _ => Message { kind: MessageKind::Event, ..said(at, at * 3, SenderType::User, &text) },
            }
        };
        let conversation = thread((0..).zip(&texts).map(one).collect());
        let sheet = sheet(&conversation, 40);
        let (mut hits, mut next) = (Vec::new(), 0);
        while next < sheet.blocks() {
            let (more, then) = sheet.find(&conversation, &Sought::new(&words), next, work);
            prop_assert!(then > next);
            hits.extend(more);
            next = then;
        }
        prop_assert_eq!(hits, whole(&sheet, &conversation, &words));
    }

    #[test]
    fn lines_fit_and_do_no_harm(messages in prop::collection::vec(message(), 0..12), width in 0_u16..100) {
        let count = messages.len();
        let lines = layout(&thread(messages), &[], &how(width));
        prop_assert!(lines.iter().all(|line| cells(&line.text) <= usize::from(width.max(1))));
        prop_assert!(lines.iter().all(|line| !line.text.chars().any(|c| c == '\n' || is_harmful(c))));
        prop_assert!((0..count).all(|at| lines.iter().any(|line| line.message == Some(at))));
        prop_assert!(lines.iter().all(|line| line.marks.iter().all(|mark| mark.from < mark.to && line.text.get(mark.from..mark.to).is_some())));
    }

    #[test]
    fn scrolling_is_exact(messages in prop::collection::vec(message(), 1..12), width in 1_u16..60, height in 1_u16..20) {
        let conversation = thread(messages);
        let mut sheet = Sheet::new(&conversation, &[], &how(width));
        let mut all = Vec::new();
        let mut place = Place::default();
        loop {
            all.extend(sheet.painted(&conversation, place, 1));
            let next = sheet.moved(&conversation, place, 1);
            if next == place { break }
            prop_assert_eq!(sheet.moved(&conversation, next, -1), place);
            place = next;
        }
        let end = sheet.end(&conversation, height);
        let last = sheet.painted(&conversation, end, height);
        prop_assert_eq!(&last[..], &all[all.len().saturating_sub(usize::from(height))..]);
    }
}
