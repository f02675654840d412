//! Every quirk of the vendor's shapes, read into the model.

use super::vendor;
use caseload::api::wire::read;
use caseload::model::{Case, Channel, ContactId, Message, MessageKind, SenderType, Status, ThreadId, Untrusted, date};
use proptest::prelude::*;
use serde_json::{Value, json};

fn cases() -> Vec<Case> {
    let listing = read::listing(read::json(vendor!("cases_page").as_bytes()).unwrap()).unwrap();
    assert_eq!((listing.rows.len(), listing.count, listing.limit, listing.page), (5, Some(5), Some(20), Some(0)));
    listing.rows.into_iter().filter_map(read::case).collect()
}

fn messages() -> Vec<Message> {
    let listing = read::listing(read::json(vendor!("messages_page").as_bytes()).unwrap()).unwrap();
    listing.rows.into_iter().filter_map(read::message).collect()
}

#[test]
fn a_row_without_an_id_is_left_out_and_the_others_stay() {
    assert_eq!(cases().iter().map(|case| case.id.0).collect::<Vec<_>>(), [4410, 4411, 4412, 4413]);
    assert_eq!(messages().iter().map(|message| message.id.0).collect::<Vec<_>>(), [70001, 70002, 70003, 70004, 70005]);
}

#[test]
fn the_documented_case_is_read_whole() {
    let case = &cases()[0];
    assert_eq!((case.status.clone(), case.channel.clone(), case.wait_time, case.thread_id), (Status::Active, Channel::Chat, Some(90), ThreadId(4410)));
    assert_eq!(case.closing_state.as_ref().map(Untrusted::raw), Some("handled"));
    assert_eq!((case.contact_id, case.contact_name().raw()), (Some(ContactId(88012)), "Ada Brown"));
    let contact = case.contact.as_ref().unwrap();
    assert_eq!((contact.field("country").unwrap().raw(), &contact.extra["clientName"]), ("Norway", &json!("Firefox")));
    assert_eq!((case.users.len(), case.owners().count(), case.users[1].closed), (2, 1, false));
    assert!(case.fields.is_empty() && case.tags.is_empty());
    let unknown: Vec<&str> = case.extra.keys().map(String::as_str).collect();
    assert!(["queueOrder", "meta", "messageSeen", "isCaseJoined", "brandNew"].iter().all(|name| unknown.contains(name)), "{unknown:?}");
}

#[test]
fn strings_for_ids_arrays_for_objects_and_three_formats_of_dates() {
    let case = &cases()[1];
    assert_eq!((case.id.0, case.parent_id.map(|id| id.0), case.thread_id.0, case.closed_by.map(|id| id.0)), (4411, Some(4400), 4400, Some(17)));
    assert_eq!(case.wait_time, Some(0), "never recomputed");
    assert_eq!((case.date_queue, case.date_closed), (date::parse("2026-11-20T08:00:00Z"), date::parse("2026-11-20T09:00:00Z")));
    assert_eq!((case.contact_name().raw(), case.contact.as_ref().unwrap().field("email").unwrap().raw()), ("Bo", "bo@example.net"));
    assert_eq!((case.fields.get("order"), case.timeline.len()), (Some(&json!("A-1")), 1));
    assert_eq!(case.tags.iter().map(|tag| tag.name.raw()).collect::<Vec<_>>(), ["vip", "loose"]);
    assert_eq!((case.description.raw(), &case.extra["descriptionRaw"]), ("joined the chat", &json!("joined the chat|translate")));
    assert!(case.title.is_empty());
}

#[test]
fn nulls_and_unknown_words_are_kept_as_they_are() {
    let case = &cases()[2];
    assert_eq!((case.status.clone(), case.channel.clone()), (Status::Other("queue".into()), Channel::Chat));
    assert_eq!((case.contact_id(), case.contact_name().raw()), (Some(ContactId(88014)), "#88014"));
    assert_eq!((case.date_active, &case.extra["unread_dateActive"]), (None, &json!("0000-00-00 00:00:00")));
    assert_eq!((case.last_message.is_none(), case.follow_up.as_ref().and_then(|snooze| snooze.id)), (true, Some(31)));
}

#[test]
fn rows_of_fields_arrays_of_timeline_and_a_message_inside_its_case() {
    let case = &cases()[3];
    assert_eq!(case.status, Status::Active, "no word, but a date says so");
    assert_eq!((case.fields.get("colour"), case.fields.get("8")), (Some(&json!("blue")), Some(&json!(3))));
    assert_eq!((case.timeline.len(), case.timeline[1].detail.as_ref().unwrap().raw(), case.contact.is_none()), (2, "Grace", true));
    let last = case.last_message.as_ref().unwrap();
    assert_eq!((last.case_id, last.thread_id.0, last.message.raw(), last.seen), (case.id, 4413, "left the chat", true));
    let scores: Vec<_> = case.feedbacks.iter().map(|row| (row.question.raw(), row.question_id, row.rating)).collect();
    assert_eq!(scores, [("How was it?", Some(2), Some(4)), ("How was it?", Some(2), Some(5))]);
}

#[test]
fn messages_find_their_case_their_sender_and_their_words() {
    let rows = messages();
    assert_eq!((rows[0].from_contact(), rows[0].seen, rows[0].sender.as_ref().unwrap().name.raw()), (true, true, "Ada"));
    let note = &rows[1];
    assert_eq!((note.case_id.0, note.thread_id.0, note.sender_id, note.kind.clone()), (4410, 4400, Some(17), MessageKind::Note));
    assert!(note.meta.is_empty() && note.sender.is_none() && !note.extra.contains_key("case"));
    let event = &rows[2];
    assert_eq!((event.message.raw(), &event.extra["messageRaw"], event.channel.clone()), ("joined the chat", &json!("joined the chat|translate"), None));
    let odd = &rows[3];
    assert_eq!((odd.kind.clone(), odd.sender_type.clone()), (MessageKind::Other("sticker".into()), SenderType::Other("robot".into())));
    assert_eq!((odd.message.raw(), odd.op_id().is_some(), &odd.extra["novel"]), ("beep", true, &json!(1)));
    assert_eq!((rows[4].message.raw(), rows[4].case_id.0), ("", 0));
}

#[test]
fn mails_have_their_addresses_in_every_form() {
    let listing = read::listing(read::json(vendor!("mails").as_bytes()).unwrap()).unwrap();
    assert_eq!(listing.next.as_deref(), Some("PjUwMg=="));
    let mails: Vec<Message> = listing.rows.into_iter().filter_map(|row| read::mail(row, ThreadId(4400))).collect();
    let (theirs, ours) = (mails[0].mail.as_ref().unwrap(), mails[1].mail.as_ref().unwrap());
    assert_eq!(
        (mails[0].thread_id.0, mails[0].message.raw(), mails[0].channel.clone(), mails[0].from_contact()),
        (4400, "Where is it?", Some(Channel::Email), true)
    );
    assert_eq!((theirs.to[0].mailbox_hash.as_str(), theirs.from.email.raw(), theirs.attachments.len(), theirs.inbox_id), ("h1", "ada@example.net", 1, Some(2)));
    assert!(mails[0].extra.contains_key("mailId") && !mails[0].extra.contains_key("subject"));
    assert_eq!(ours.to.iter().map(|to| (to.name.raw(), to.email.raw())).collect::<Vec<_>>(), [("Ada", "ada@example.net"), ("", "bo@example.net")]);
    assert_eq!((ours.from.email.raw(), mails[1].message.raw(), ours.html_body.as_ref().unwrap().raw()), ("help@example.com", "", "<p>Soon</p>"));
}

#[test]
fn agents_snoozes_and_the_other_envelopes() {
    let users: Vec<_> = read::listing(read::json(vendor!("users").as_bytes()).unwrap()).unwrap().rows.into_iter().filter_map(read::person).collect();
    assert_eq!(users.iter().map(|user| (user.id, user.name.raw())).collect::<Vec<_>>(), [(17, "Grace"), (18, "Bo Li"), (19, "#19")]);
    let created = read::snooze(read::json(vendor!("follow_up_created").as_bytes()).unwrap()).unwrap();
    let got = read::snooze(read::json(vendor!("follow_up").as_bytes()).unwrap()).unwrap();
    assert_eq!((created.id, created.until, created.message.as_ref().map(Untrusted::raw)), (got.id, got.until, Some("call back")));
    assert_eq!(read::snooze(json!({"data": {"success": true, "message": "none"}})), None);
    let bare = read::listing(read::json(vendor!("chat_messages").as_bytes()).unwrap()).unwrap();
    assert_eq!(bare.rows.into_iter().filter_map(read::case).map(|case| case.thread_id.0).collect::<Vec<_>>(), [4410, 4410]);
    let notes = read::listing(read::json(vendor!("notes").as_bytes()).unwrap()).unwrap();
    assert_eq!((notes.rows.len(), notes.count), (1, Some(1)));
    let nested = read::single(read::json(vendor!("case_nested").as_bytes()).unwrap()).and_then(|case| read::case(Value::Object(case))).unwrap();
    assert_eq!((nested.id.0, nested.contact_name().raw()), (4410, "Ada"));
}

/// The canonical form is one of the forms that are read, and reading changes nothing in it.
#[test]
fn what_was_read_and_written_reads_the_same() {
    for case in cases() {
        assert_eq!(read::case(json!(case)), Some(case.clone()));
        assert_eq!(serde_json::from_value::<Case>(json!(case)).unwrap(), case);
    }
    for message in messages() {
        assert_eq!(read::message(json!(message)), Some(message.clone()));
        assert_eq!(serde_json::from_value::<Message>(json!(message)).unwrap(), message);
    }
}

/// Every member of a good case, spoilt in every way, spoils at most itself.
#[test]
fn one_spoilt_member_spoils_nothing_else() {
    let spoilt = [
        json!(null),
        json!(""),
        json!("x"),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(true),
        json!([]),
        json!({}),
        json!([[1]]),
        json!({"id": {"id": 1}}),
    ];
    let page = read::listing(read::json(vendor!("cases_page").as_bytes()).unwrap()).unwrap();
    for row in page.rows.iter().take(4) {
        for name in row.as_object().unwrap().keys().filter(|name| *name != "id") {
            for value in &spoilt {
                let mut row = row.clone();
                row[name] = value.clone();
                let case = read::case(row).unwrap();
                assert_eq!(serde_json::from_value::<Case>(json!(case)).unwrap(), case, "{name} {value}");
            }
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let names = "id|caseId|threadId|data|rows|contact|fields|users|timeline|field|key|value|status|message|meta|to|from|mail|htmlBody|case|case|lastMessage|tags|user|dateClosed|scheduleDate|0|x";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2})?".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        let name = proptest::sample::select(names.split('|').collect::<Vec<_>>());
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((name, inner), 0..8).prop_map(|members| members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_the_readers_panic(value in any_json()) {
        if let Some(case) = read::case(value.clone()) {
            prop_assert_eq!(serde_json::from_value::<Case>(json!(case)).unwrap(), case);
        }
        if let Some(message) = read::message(value.clone()) {
            prop_assert_eq!(serde_json::from_value::<Message>(json!(message)).unwrap(), message);
        }
        let _ = (read::listing(value.clone()), read::single(value.clone()), read::mail(value.clone(), ThreadId(1)), read::contact(value.clone()));
        let _ = (read::person(value.clone()), read::snooze(value.clone()), read::feedback(value.clone()), read::tag(value.clone()), read::timeline(value.clone()), read::fields(value));
    }

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[\\\\ud8cf\"{}:0-9]{0,60}") {
        let _ = (read::json(&bytes), read::json(text.as_bytes()), caseload::api::wire::fail::fail(&bytes), caseload::api::wire::fail::fail(text.as_bytes()));
    }
}
