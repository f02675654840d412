//! One case, a few messages, and what each kind of operation finds in them.

use super::*;
use crate::model::{Actor, CaseId, CaseUser, MessageId, Mutation, OpId, Person, Saw, ThreadId};
use chrono::{Duration, TimeZone, Utc};
use serde_json::json;

fn at(minutes: i64) -> crate::model::Timestamp {
    Utc.with_ymd_and_hms(2026, 11, 23, 9, 0, 0).unwrap() + Duration::minutes(minutes)
}

fn op(change: Change) -> Op {
    let by = Actor { id: UserId(17), name: "Ola".into() };
    let mutation = Mutation { op: OpId::new(at(5), 7, 1), case: CaseId(1), thread: ThreadId(1), at: at(5), by, change };
    Op { answers: Some(MessageId(2)), saw: Some(Saw::default()), ..Op::new(mutation, None) }
}

fn reply(text: &str) -> Op {
    op(Change::reply(text))
}

fn case() -> Case {
    Case { id: CaseId(1), thread_id: ThreadId(1), status: Status::Active, ..Case::default() }
}

fn message(id: i64, sender_type: SenderType, text: &str) -> Message {
    Message {
        id: MessageId(id),
        case_id: CaseId(1),
        sender_id: Some(if sender_type == SenderType::User { 17 } else { 88 }),
        sender_type,
        message: text.into(),
        date_created: Some(at(id)),
        ..Message::default()
    }
}

fn thread() -> Vec<Message> {
    vec![message(1, SenderType::User, "hello"), message(2, SenderType::Contact, "where is it?")]
}

#[test]
fn a_marker_is_found_whatever_the_words_and_counts_each_name_once() {
    let op = reply("it left today");
    let mut messages = thread();
    messages
        .extend([3, 4, 4].map(|id| Message { meta: serde_json::from_value(json!({"op_id": op.id()})).unwrap(), ..message(id, SenderType::User, "it left…") }));
    let seen = compare(&op, &case(), &messages);
    assert_eq!((seen.server_id, seen.copies, seen.alike.len()), (Some(3), 2, 0));
}

/// Its words at the server are others, and the same words there are somebody's who wrote them so.
#[test]
fn what_was_translated_could_be_any_new_message_of_ours_without_a_marker() {
    let translate = crate::model::Lang::parse("de").ok();
    let mut op = op(Change::Reply { text: "it left today".into(), head: None, translate });
    let mut messages = thread();
    op.before = Some(compare(&op, &case(), &messages).before);
    assert_eq!(op.before, Some(Before { anchor: Some(2), alike: vec![1] }));
    assert!(compare(&op, &case(), &messages).alike.is_empty(), "what stood there before is none of it");
    messages.extend([message(3, SenderType::User, "Heute ging es weg"), message(4, SenderType::Contact, "it left today")]);
    assert_eq!(compare(&op, &case(), &messages).alike, [3]);
    messages.push(Message { meta: serde_json::from_value(json!({"op_id": op.id()})).unwrap(), ..message(5, SenderType::User, "Heute ging es weg") });
    let seen = compare(&op, &case(), &messages);
    assert_eq!((seen.server_id, seen.copies), (Some(5), 1), "a marker is a marker in any language");
}

#[test]
fn the_same_words_count_only_without_a_marker_by_us_and_when_they_are_new() {
    let mut op = reply("  it left today\r\n");
    let others = Message { meta: serde_json::from_value(json!({"op_id": OpId::new(at(1), 8, 1)})).unwrap(), ..message(6, SenderType::User, "it left today") };
    let mut messages = thread();
    messages.extend([message(3, SenderType::User, "it left today"), message(4, SenderType::Contact, "it left today")]);
    let before = compare(&op, &case(), &messages).before;
    assert_eq!(before, Before { anchor: Some(4), alike: vec![3] });
    op.before = Some(before);
    messages.extend([message(5, SenderType::User, "it left today\n"), others]);
    messages.push(Message { sender_id: Some(23), ..message(7, SenderType::User, "it left today") });
    messages.push(Message { kind: MessageKind::Note, ..message(8, SenderType::User, "it left today") });
    let seen = compare(&op, &case(), &messages);
    assert_eq!((seen.alike.as_slice(), seen.whole), (&[5][..], true));
    let stale = compare(&op, &case(), &messages[..2]);
    assert!(!stale.whole, "what was there before is not in it");
}

#[test]
fn what_the_customer_wrote_since_is_kept_with_the_operation() {
    let mut messages = thread();
    messages.push(message(3, SenderType::User, "a colleague"));
    assert!(compare(&reply("x"), &case(), &messages).newer.is_empty());
    messages.extend((4..20).map(|id| message(id, SenderType::Contact, &"ü".repeat(1000))));
    let seen = compare(&reply("x"), &case(), &messages);
    assert_eq!((seen.newer.len(), seen.more, seen.newer[0].id, seen.newer[0].text.raw().chars().count()), (8, 8, MessageId(12), EXCERPT));
    let unheard = Op { answers: None, ..reply("x") };
    assert!(compare(&unheard, &case(), &messages).newer.is_empty(), "where nothing was heard nothing is newer");
}

#[test]
fn a_case_that_is_as_wanted_says_who_made_it_so() {
    let ola = CaseUser { user_id: 23, status: "joined".into(), user: Some(Person { id: 23, name: "Ana".into(), ..Person::default() }), ..CaseUser::default() };
    let closed = Case { status: Status::Closed, closed_by: Some(UserId(23)), users: vec![ola.clone()], ..case() };
    let seen = compare(&op(Change::Close { state: "handled".into() }), &closed, &[]);
    assert_eq!((seen.reached, seen.by.unwrap().raw()), (true, "Ana"));
    let seen = compare(&op(Change::Claim), &Case { users: vec![ola], ..case() }, &[]);
    assert_eq!((seen.reached, seen.theirs.unwrap().raw()), (false, "Ana has it"));
    let seen = compare(&op(Change::Claim), &closed, &[]);
    assert_eq!(seen.theirs.unwrap().raw(), "closed by Ana");
}

#[test]
fn an_edit_over_somebody_elses_edit_is_a_conflict() {
    let change = Change::Edit { message: MessageId(1), text: "hello there".into() };
    let edit = Op { saw: Some(Saw { text: Some("hello".into()), ..Saw::default() }), ..op(change) };
    assert_eq!(compare(&edit, &case(), &thread()).theirs, None);
    let theirs = compare(&edit, &case(), &[message(1, SenderType::User, "good morning")]).theirs;
    assert_eq!(theirs.unwrap().raw(), "good morning");
    assert_eq!(compare(&edit, &case(), &[]).theirs.unwrap().raw(), "it was deleted");
    let delete = Op { saw: edit.saw.clone(), ..op(Change::Delete { message: MessageId(1) }) };
    assert!(compare(&delete, &case(), &[]).reached);
    assert!(compare(&delete, &case(), &[message(1, SenderType::User, "good morning")]).theirs.is_some());
}

#[test]
fn what_a_colleague_answered_since_is_told_from_what_was_there() {
    let ada = |id: i64| Message { sender_id: Some(18), ..message(id, SenderType::User, "on it") };
    let saw = |said: Option<i64>| Op { saw: Some(Saw { said: said.map(MessageId), ..Saw::default() }), ..reply("x") };
    let ids = |op: &Op, messages: &[Message]| compare(op, &case(), messages).answered.iter().map(|newer| newer.id.0).collect::<Vec<_>>();
    let note = Message { kind: MessageKind::Note, ..ada(7) };
    let all = [thread(), vec![ada(3), ada(5), message(6, SenderType::User, "mine"), note]].concat();
    assert_eq!(ids(&saw(Some(3)), &all), [5]);
    assert_eq!(ids(&saw(Some(3)), &all[3..]), [5], "also where the reading begins after it");
    assert_eq!(ids(&saw(Some(0)), &all), [3, 5]);
    assert!(ids(&saw(None), &all).is_empty(), "where it is not known what was seen");
    let close = Op { saw: Some(Saw { said: Some(MessageId(0)), ..Saw::default() }), ..op(Change::Close { state: "handled".into() }) };
    assert!(ids(&close, &all).is_empty(), "a close says nothing");
}

#[test]
fn tags_and_fields_are_reached_when_they_are_so_and_a_field_can_be_crossed() {
    use crate::model::{FieldChange, FieldsOf, Tag};
    let tagged = Case { tags: vec![Tag { name: "VIP".into(), ..Tag::default() }], fields: json!({"order": 882}).as_object().cloned().unwrap(), ..case() };
    let names = |name: &str| vec![name.to_owned()];
    for (add, remove, reached) in
        [(names("vip"), vec![], true), (vec![], names("vip"), false), (names("vip"), names("old"), true), (names("new"), vec![], false)]
    {
        assert_eq!(compare(&op(Change::Tag { add, remove }), &tagged, &[]).reached, reached);
    }
    let field =
        |old: i64, new: i64| op(Change::Fields { of: FieldsOf::Case, set: vec![FieldChange { key: "order".into(), old: old.into(), new: new.into() }] });
    assert!(compare(&field(881, 882), &tagged, &[]).reached);
    assert_eq!(compare(&field(882, 883), &tagged, &[]).theirs, None);
    assert_eq!(compare(&field(881, 883), &tagged, &[]).theirs.unwrap().raw(), "order: 882");
}
