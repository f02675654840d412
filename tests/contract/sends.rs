//! Every change on every channel, sent to the server and to each of its doubles, and what is stored afterwards.

use super::account::{Stand, class, doubles};
use crate::server::house::at;
use caseload::api::Base;
use caseload::model::{CaseId, Change, ContactId, FieldChange, FieldsOf, Head, MessageId, Outcome, UserId};
use serde_json::{Value, json};

fn reply(text: &str) -> Change {
    Change::reply(text)
}

#[tokio::test]
async fn every_change_is_stored_by_every_double() {
    for (name, quirks) in doubles() {
        println!("{name}");
        let stand = Stand::open(quirks).await;
        chat(&stand).await;
        mail(&stand).await;
        text_message(&stand).await;
        people(&stand).await;
        snoozes(&stand).await;
        life(&stand).await;
    }
}

/// The stored message that says this, the newest one.
async fn stored(stand: &Stand, case: i64, text: &str) -> Value {
    let said = stand.said(case).await;
    said.into_iter().rev().find(|message| message["message"] == text || message["textBody"] == text).unwrap_or_else(|| panic!("nobody said {text}"))
}

async fn chat(stand: &Stand) {
    let text = "-- two\nlines | of \u{1f469}\u{200d}\u{1f469}";
    let (sent, base) = (stand.mutation(1, reply(text)), stand.base(1).await);
    let Outcome::Accepted { server_id: Some(id), message: Some(message), .. } = stand.api.send(&sent, &base).await else { panic!("no reply") };
    assert_eq!((message.id.0, message.message.raw(), message.case_id, message.sender_id), (id, text, CaseId(1), Some(17)));
    let kept = stored(stand, 1, text).await;
    let op = if stand.quirks.drop_meta { Value::Null } else { json!(sent.op) };
    assert_eq!((&kept["id"], &kept["type"], &kept["senderType"], &kept["senderId"]), (&json!(id), &json!("message"), &json!("user"), &json!(17)));
    assert_eq!(kept["meta"]["op_id"], op);
    // Said again under the same name.
    let again = stand.api.send(&sent, &base).await;
    assert_eq!(class(&again), "accepted");
    let deduplicates = !stand.quirks.no_idempotency && (stand.extensions.idempotency || !stand.quirks.drop_meta);
    assert_eq!(stand.times(1, text).await, if deduplicates { 1 } else { 2 });
    if deduplicates {
        assert!(matches!(again, Outcome::Accepted { server_id, .. } if server_id == Some(id)));
    }
    let note = stand.done(1, Change::Note { text: "only us".into() }).await.unwrap();
    assert_eq!(stored(stand, 1, "only us").await["type"], "note");
    stand.done(1, Change::Edit { message: MessageId(note), text: "only us, really".into() }).await;
    let edited = stored(stand, 1, "only us, really").await;
    assert_eq!((&edited["id"], &edited["type"]), (&json!(note), &json!("note")));
    stand.done(1, Change::Delete { message: MessageId(note) }).await;
    assert!(stand.said(1).await.iter().all(|message| message["id"] != note));
    assert_eq!(stand.done(1, Change::Delete { message: MessageId(note) }).await, None, "gone is gone");
}

async fn mail(stand: &Stand) {
    let outcome = stand.send(4, reply("Soon.\n1 < 2")).await;
    let Outcome::Accepted { server_id: Some(id), message: Some(message), .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(message.mail.as_ref().map(|mail| mail.subject.raw().to_owned()).as_deref(), Some("Re: Late"));
    let kept = stored(stand, 4, "Soon.\n1 < 2").await;
    assert_eq!((&kept["id"], &kept["to"][0]["Email"], &kept["from"]["Email"]), (&json!(id), &json!("max@home.example"), &json!("help@shop.example")));
    assert_eq!(
        (&kept["subject"], &kept["htmlBody"], &kept["mailboxInReplyTo"]),
        (&json!("Re: Late"), &json!("<div>Soon.<br>\n1 &lt; 2</div>"), &json!("<8@home>"))
    );
    assert_eq!(kept["meta"]["op_id"].is_string(), !stand.quirks.drop_meta);
    let head = Head {
        to: vec!["boss@home.example".into()],
        cc: vec!["max@home.example".into()],
        bcc: vec!["audit@shop.example".into()],
        subject: "Late, again".into(),
    };
    let addressed = Change::Reply { text: "To all of you".into(), head: Some(Box::new(head)), translate: None };
    let (sent, base) = (stand.mutation(4, addressed), stand.base(4).await);
    let outcome = stand.api.send(&sent, &base).await;
    let Outcome::Accepted { message: Some(message), .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(message.mail.as_ref().map(|mail| (mail.to.len(), mail.cc.len(), mail.subject.raw())), Some((1, 1, "Late, again")));
    let kept = stored(stand, 4, "To all of you").await;
    assert_eq!((&kept["to"][0]["Email"], &kept["cc"][0]["Email"]), (&json!("boss@home.example"), &json!("max@home.example")));
    assert_eq!((&kept["bcc"][0]["Email"], &kept["subject"]), (&json!("audit@shop.example"), &json!("Late, again")));
    assert_eq!(kept["meta"]["op_id"], if stand.quirks.drop_meta { Value::Null } else { json!(sent.op) });
    stand.done(4, Change::Note { text: "beside the mails".into() }).await;
    assert_eq!(stored(stand, 4, "beside the mails").await["type"], "note");
}

/// Without `meta` nothing says which number the customer called.
async fn text_message(stand: &Stand) {
    let outcome = stand.send(5, reply("Call us back")).await;
    if stand.quirks.drop_meta {
        assert!(matches!(&outcome, Outcome::Refused { cause } if cause.contains("number to answer from")), "{outcome:?}");
        return assert_eq!(stand.times(5, "Call us back").await, 0);
    }
    assert_eq!(class(&outcome), "accepted", "{outcome:?}");
    let kept = stored(stand, 5, "Call us back").await;
    assert_eq!((&kept["channel"], &kept["meta"]["sms"]), (&json!("voip"), &json!({"from": "+4930", "to": "+49905"})));
}

async fn people(stand: &Stand) {
    let Outcome::Accepted { case: Some(case), .. } = stand.send(2, Change::Claim).await else { panic!("not claimed") };
    assert!(case.owned_by(UserId(17)));
    stand.done(2, Change::Claim).await;
    stand.done(2, Change::Assign { users: vec![UserId(18)], departments: vec![3] }).await;
    let kept = stand.stored(2).await;
    assert_eq!((&kept["status"], kept["waitTime"].is_i64()), (&json!("active"), true));
    let seats: Vec<_> = kept["users"].as_array().unwrap().iter().filter(|row| row["type"] == "user").map(|row| (&row["userId"], &row["status"])).collect();
    assert_eq!(seats, [(&json!(17), &json!("joined")), (&json!(18), &json!("assigned"))]);
}

async fn snoozes(stand: &Stand) {
    let until = at("2031-01-02 09:30:00");
    stand.done(1, Change::Snooze { until, message: Some("call back".into()) }).await;
    assert_eq!(stand.stored(1).await["followUp"]["until"], "2031-01-02T09:30:00.000Z");
    let kept = stand.api.follow_up(CaseId(1), Some(ContactId(901))).await.unwrap().unwrap();
    assert_eq!((kept.until, kept.message.as_ref().map(caseload::model::Untrusted::raw)), (until, Some("call back")));
    stand.done(1, Change::Unsnooze).await;
    assert!(stand.stored(1).await["followUp"].is_null());
    assert_eq!(stand.done(1, Change::Unsnooze).await, None, "awake is awake");
}

async fn life(stand: &Stand) {
    let sent = stand.mutation(1, Change::Close { state: "solved".into() });
    assert_eq!(class(&stand.api.send(&sent, &stand.base(1).await).await), "accepted");
    let closed = stand.stored(1).await;
    assert_eq!((&closed["status"], &closed["closingState"], &closed["closedBy"]), (&json!("closed"), &json!("solved"), &json!(17)));
    stand.done(1, Change::Close { state: "other".into() }).await;
    assert_eq!(stand.stored(1).await["closingState"], "solved", "closed once");
    let Outcome::Accepted { server_id: Some(id), case: Some(case), .. } = stand.send(1, Change::Reopen).await else { panic!("not reopened") };
    assert_eq!((case.id.0, case.thread_id.0, case.contact_name().raw()), (id, 1, "Max"));
    let open = stand.stored(id).await;
    assert_eq!((&open["status"], &open["parentId"], &open["threadId"], &open["contact"]["id"]), (&json!("active"), &json!(1), &json!(1), &json!(901)));
    assert_eq!(stand.done(1, Change::Reopen).await, Some(id), "reopened once");
}

fn tag(add: &[&str], remove: &[&str]) -> Change {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Change::Tag { add: names(add), remove: names(remove) }
}

fn field(key: &str, old: Value, new: Value) -> Change {
    Change::Fields { of: FieldsOf::Case, set: vec![FieldChange { key: key.to_owned(), old, new }] }
}

#[tokio::test]
async fn tags_and_fields_are_merged_where_the_server_takes_them_and_refused_elsewhere() {
    for (name, quirks) in doubles() {
        println!("{name}");
        let stand = Stand::open(quirks).await;
        if !stand.extensions.case_update {
            for change in [tag(&["vip"], &[]), field("parcel", Value::Null, json!(1))] {
                let outcome = stand.send(1, change).await;
                assert!(matches!(&outcome, Outcome::Refused { cause } if cause.contains("no way to change tags")), "{outcome:?}");
            }
            continue;
        }
        let base = stand.base(1).await;
        stand.done(1, tag(&["theirs", "old"], &[])).await;
        let sent = stand.mutation(1, tag(&["Brand new", "THEIRS"], &["old", "never there"]));
        for _ in 0..2 {
            assert_eq!(class(&stand.api.send(&sent, &base).await), "accepted", "from a base that is older than what others did");
        }
        let stored = stand.stored(1).await;
        let tags: Vec<_> = stored["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone()).collect();
        assert!(tags.contains(&json!("Brand new")) && tags.contains(&json!("theirs")) && !tags.contains(&json!("old")), "{tags:?}");
        assert_eq!(tags.iter().filter(|tag| tag.as_str().is_some_and(|tag| tag.eq_ignore_ascii_case("theirs"))).count(), 1);
        stand.done(1, field("parcel", Value::Null, json!(881))).await;
        let crossed = stand.send(1, field("parcel", json!(880), json!(882))).await;
        assert!(matches!(&crossed, Outcome::RefusedState { cause } if cause.contains("changed by somebody else")), "{crossed:?}");
        assert_eq!(stand.stored(1).await["fields"]["parcel"], 881);
        let base = Base { allowed: true, ..stand.base(1).await };
        assert_eq!(class(&stand.api.send(&stand.mutation(1, field("parcel", json!(880), json!(882))), &base).await), "accepted");
        stand.done(1, field("parcel", json!(882), Value::Null)).await;
        assert_eq!(stand.stored(1).await["fields"].get("parcel"), None);
    }
}

#[tokio::test]
async fn a_contact_is_changed_through_the_vendors_own_end_point() {
    for (name, quirks) in doubles() {
        let stand = Stand::open(quirks).await;
        let set = vec![FieldChange { key: "city".into(), old: Value::Null, new: json!("Oslo") }];
        stand.done(1, Change::Fields { of: FieldsOf::Contact, set }).await;
        assert_eq!(stand.stored(1).await["contact"]["fields"]["city"], "Oslo", "{name}");
    }
}
