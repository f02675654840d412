//! One row per line of the outcome table, and the answers of the vendor cut off at every byte.
//! Bodies are the recorded ones of `tests/fixtures/vendor`.

use super::{Heard, classify, retry_after};
use crate::model::{Actor, Case, CaseId, Change, Channel, ContactId, FieldsOf, MessageId, MessageKind, Mutation, OpId, Outcome, ThreadId, Timestamp, UserId};

const OP: &str = "0193526e-0000-7000-8000-000000000001";

macro_rules! vendor {
    ($name:literal) => {
        include_str!(concat!("../../../tests/fixtures/vendor/", $name, ".json"))
    };
}

fn op() -> OpId {
    OP.parse().unwrap()
}

fn mutation(change: Change) -> Mutation {
    Mutation { op: op(), case: CaseId(4410), thread: ThreadId(4410), at: Timestamp::default(), by: Actor { id: UserId(17), name: "Grace".into() }, change }
}

fn known(channel: Channel) -> Case {
    Case { id: CaseId(4410), thread_id: ThreadId(4410), channel, title: "Parcel".into(), contact_id: Some(ContactId(88012)), ..Case::default() }
}

fn reply() -> Change {
    Change::reply("On its way")
}

/// Every kind of change with the vendor's good answer to it.
fn good() -> Vec<(Change, Channel, &'static str)> {
    let snooze = Change::Snooze { until: Timestamp::default(), message: None };
    vec![
        (reply(), Channel::Chat, vendor!("message_added")),
        (reply(), Channel::Email, vendor!("mail_added")),
        (reply(), Channel::Voip, vendor!("sms_sent")),
        (Change::Note { text: "x".into() }, Channel::Email, vendor!("message_added")),
        (Change::Close { state: "handled".into() }, Channel::Chat, vendor!("closed")),
        (Change::Reopen, Channel::Chat, vendor!("reopened")),
        (Change::Claim, Channel::Chat, vendor!("joined")),
        (Change::Assign { users: vec![], departments: vec![3] }, Channel::Chat, "{\"data\":{}}"),
        (Change::Assign { users: vec![UserId(17), UserId(18)], departments: vec![] }, Channel::Chat, vendor!("invited")),
        (snooze, Channel::Chat, vendor!("follow_up_created")),
        (Change::Unsnooze, Channel::Chat, vendor!("follow_up_removed")),
        (Change::Edit { message: MessageId(70010), text: "Corrected".into() }, Channel::Chat, vendor!("edited")),
        (Change::Delete { message: MessageId(70010) }, Channel::Chat, vendor!("deleted")),
        (Change::Tag { add: vec!["vip".into()], remove: vec![] }, Channel::Chat, "{\"data\":{\"id\":4410,\"tags\":[{\"id\":1,\"name\":\"vip\"}]}}"),
        (Change::Fields { of: FieldsOf::Case, set: vec![] }, Channel::Chat, "{\"data\":{\"id\":\"4410\",\"fields\":{}}}"),
        (Change::Fields { of: FieldsOf::Contact, set: vec![] }, Channel::Chat, "{\"data\":{\"id\":88012,\"fields\":{}}}"),
    ]
}

fn answer(status: u16, body: &str) -> Heard {
    Heard::Answer { status, retry_after: None, whole: true, body: body.into() }
}

fn class(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::NotSent { .. } => "not sent",
        Outcome::Unauthorized { .. } => "unauthorized",
        Outcome::Refused { .. } => "refused",
        Outcome::RefusedState { .. } => "refused state",
        Outcome::Unknown { .. } => "unknown",
    }
}

fn typed(kind: &str, text: &str) -> String {
    format!("{{\"error\":{{\"type\":\"{kind}\",\"message\":\"{text}\"}}}}")
}

fn of_reply(heard: &Heard) -> &'static str {
    class(&classify(&mutation(reply()), &known(Channel::Chat), heard))
}

#[test]
fn a_good_answer_is_accepted_for_every_change() {
    for (change, channel, body) in good() {
        let outcome = classify(&mutation(change.clone()), &known(channel), &answer(200, body));
        assert_eq!(class(&outcome), "accepted", "{change:?}: {outcome:?}");
    }
}

#[test]
fn what_the_answers_said_is_handed_on() {
    let accepted = |change, channel, body: &str| match classify(&mutation(change), &known(channel), &answer(200, body)) {
        Outcome::Accepted { server_id, case, message } => (server_id, case, message),
        other => panic!("{other:?}"),
    };
    let (id, case, message) = accepted(reply(), Channel::Chat, vendor!("message_added"));
    let message = message.unwrap();
    assert_eq!((id, case, message.id, message.op_id()), (Some(70010), None, MessageId(70010), Some(op())));
    let (id, _, mail) = accepted(reply(), Channel::Email, vendor!("mail_added"));
    let mail = mail.unwrap();
    assert_eq!((id, mail.message.raw(), mail.mail.as_ref().unwrap().to[0].email.raw()), (Some(510), "On its way", "ada@example.net"));
    assert_eq!(mail.op_id(), None, "a marker that was not echoed is not claimed");
    let (id, _, sms) = accepted(reply(), Channel::Voip, vendor!("sms_sent"));
    assert_eq!((id, sms.unwrap().message.raw()), (Some(70012), "On its way"));
    let ours = vendor!("sms_sent").replace("\"id\":70012", "\"messageId\":70012");
    let (id, _, sms) = accepted(reply(), Channel::Voip, &ours);
    assert_eq!((id, sms.unwrap().case_id), (Some(70012), CaseId(4410)));
    let (id, case, _) = accepted(Change::Reopen, Channel::Chat, vendor!("reopened"));
    let case = case.unwrap();
    assert_eq!(
        (id, case.id, case.thread_id, case.contact_id(), case.title.raw()),
        (Some(4600), CaseId(4600), ThreadId(4410), Some(ContactId(88012)), "Parcel")
    );
    let (id, case, _) = accepted(Change::Claim, Channel::Chat, vendor!("joined"));
    assert_eq!((id, case.as_ref().map(|case| case.title.raw()), case.as_ref().map(|case| case.owned_by(UserId(17)))), (None, Some("Parcel"), Some(true)));
    let (id, ..) = accepted(Change::Snooze { until: Timestamp::default(), message: None }, Channel::Chat, vendor!("follow_up_created"));
    assert_eq!(id, Some(31));
    let (_, _, note) = accepted(Change::Note { text: "n".into() }, Channel::Email, "{\"data\":{\"id\":5,\"caseId\":\"4410\"}}");
    let note = note.unwrap();
    assert_eq!((note.kind, note.message.raw(), note.mail.is_none()), (MessageKind::Note, "n", true));
}

#[test]
fn an_answer_cut_off_at_any_byte_is_unknown() {
    for (change, channel, body) in good() {
        let (mutation, known) = (mutation(change), known(channel));
        let body = body.trim_end();
        for end in 0..body.len() {
            for whole in [true, false] {
                let heard = Heard::Answer { status: 200, retry_after: None, whole, body: body.as_bytes()[..end].to_vec() };
                assert_eq!(class(&classify(&mutation, &known, &heard)), "unknown", "{end} {whole}");
            }
        }
    }
}

#[test]
fn the_table_of_refusals() {
    let invalid = typed("ERROR_INVALID_INPUT", "message is empty");
    let inactive = typed("ERROR_INVALID_INPUT", "case 4410 is closed: only active cases accept messages");
    let absent = typed("ERROR_RECORD_NOT_FOUND", "case 4410 is not there");
    let duplicate = typed("ERROR_DUPLICATE_RECORD_FOUND", "twice");
    let odd = typed("ERROR_OF_TOMORROW", "?");
    let untyped = "{\"message\":\"Cannot POST\"}";
    let rows: Vec<(u16, &str, &str)> = vec![
        (400, &invalid, "refused"),
        (404, &invalid, "refused"),
        (422, &invalid, "refused"),
        (422, "", "refused"),
        (400, &inactive, "refused state"),
        (422, &inactive, "refused state"),
        (400, &absent, "refused state"),
        (404, &absent, "refused state"),
        (404, untyped, "refused state"),
        (403, "", "refused state"),
        (403, "<html>", "refused state"),
        (400, "{\"type\":\"ERROR_UNAUTHORIZED_ACCESS\"}", "refused state"),
        (401, "", "unauthorized"),
        (401, "<html>", "unauthorized"),
        (400, "{\"data\":{\"type\":\"ERROR_UNAUTHORIZED\"}}", "unauthorized"),
        (400, &duplicate, "unknown"),
        (409, &duplicate, "unknown"),
        (422, &duplicate, "unknown"),
        (400, "{\"type\":\"ERROR_SERVER_ERROR\"}", "unknown"),
        (400, &odd, "unknown"),
        (400, untyped, "unknown"),
        (400, "", "unknown"),
        (400, "<html>", "unknown"),
        (404, "<html>", "unknown"),
        (404, "", "unknown"),
        (413, "length limit exceeded", "unknown"),
        (408, &invalid, "unknown"),
        (409, "", "unknown"),
        (425, &invalid, "unknown"),
    ];
    for (status, body, wanted) in rows {
        assert_eq!(of_reply(&answer(status, body)), wanted, "{status} {body}");
    }
    assert_eq!(of_reply(&Heard::Answer { status: 400, retry_after: None, whole: false, body: invalid.into() }), "unknown");
}

#[test]
fn the_table_of_everything_else() {
    let invalid = typed("ERROR_INVALID_INPUT", "message is empty");
    let absent = typed("ERROR_RECORD_NOT_FOUND", "case 4410 is not there");
    let rows: Vec<(u16, &str, &str)> = vec![
        (429, "", "not sent"),
        (429, "<html>", "not sent"),
        (301, "", "unknown"),
        (307, vendor!("message_added"), "unknown"),
        (500, &invalid, "unknown"),
        (502, "<html>", "unknown"),
        (503, &absent, "unknown"),
        (504, "", "unknown"),
        (599, "", "unknown"),
        (199, "", "unknown"),
        (700, &invalid, "unknown"),
        (204, "", "unknown"),
        (200, "", "unknown"),
        (200, "<!doctype html><html></html>", "unknown"),
        (200, "null", "unknown"),
        (200, "[]", "unknown"),
        (200, "{\"data\":{}}", "unknown"),
        (200, "{\"data\":{\"id\":5}}", "unknown"),
        (200, "{\"data\":{\"id\":5,\"caseId\":4411}}", "unknown"),
        (200, "{\"data\":{\"id\":0,\"caseId\":4410}}", "unknown"),
        (200, "{\"data\":{\"id\":5,\"caseId\":4410,\"meta\":{\"op_id\":\"0193526e-0000-7000-8000-000000000002\"}}}", "unknown"),
        (200, "{\"data\":{\"id\":5,\"caseId\":4410,\"meta\":{\"op_id\":\"\u{1b}\"}}}", "unknown"),
        (200, "{\"success\":false,\"data\":{\"id\":5,\"caseId\":4410}}", "unknown"),
        (200, &invalid, "unknown"),
        (201, "{\"data\":{\"id\":\"5\",\"caseId\":\"4410\"}}", "accepted"),
        (200, "{\"data\":{\"id\":5,\"case\":{\"id\":4410}}}", "accepted"),
    ];
    for (status, body, wanted) in rows {
        assert_eq!(of_reply(&answer(status, body)), wanted, "{status} {body}");
    }
    assert_eq!(of_reply(&Heard::NeverLeft { why: "refused".into() }), "not sent");
    assert_eq!(of_reply(&Heard::Silence { why: "reset".into() }), "unknown");
}

#[test]
fn what_is_to_be_gone_and_is_not_there_is_done() {
    let absent = "{\"error\":{\"type\":\"ERROR_RECORD_NOT_FOUND\"}}";
    for (status, body, wanted) in
        [(404, absent, "accepted"), (400, absent, "accepted"), (404, "<html>", "unknown"), (404, "{\"message\":\"Cannot DELETE\"}", "refused state")]
    {
        for change in [Change::Delete { message: MessageId(1) }, Change::Unsnooze] {
            assert_eq!(class(&classify(&mutation(change), &known(Channel::Chat), &answer(status, body))), wanted, "{status} {body}");
        }
    }
}

#[test]
fn an_answer_about_something_else_proves_nothing() {
    let users = vec![UserId(17), UserId(99)];
    let rows = [
        (Change::Close { state: "handled".into() }, "{\"data\":{\"0\":{\"foreverClosed\":true,\"caseId\":4411},\"userId\":17}}"),
        (Change::Close { state: "handled".into() }, "{\"data\":{\"0\":{\"foreverClosed\":false,\"leftUser\":true,\"caseId\":4410}}}"),
        (Change::Close { state: "handled".into() }, "{\"data\":{}}"),
        (Change::Reopen, "{\"data\":{\"id\":4600,\"threadId\":9}}"),
        (Change::Reopen, "{\"data\":{\"id\":4410,\"threadId\":4410,\"status\":\"closed\"}}"),
        (Change::Claim, "{\"data\":{\"id\":4411}}"),
        (Change::Assign { users, departments: vec![] }, vendor!("invited")),
        (Change::Assign { users: vec![UserId(17)], departments: vec![1] }, "{\"data\":{}}"),
        (Change::Assign { users: vec![], departments: vec![1] }, "{}"),
        (Change::Assign { users: vec![], departments: vec![1] }, "{\"data\":[]}"),
        (Change::Assign { users: vec![], departments: vec![1] }, "{\"data\":{\"message\":\"hm\"}}"),
        (Change::Snooze { until: Timestamp::default(), message: None }, "{\"data\":{\"id\":3,\"objectId\":4411,\"scheduleDate\":\"2026-12-01 09:00:00\"}}"),
        (Change::Unsnooze, "{\"data\":{\"message\":\"ok\"}}"),
        (Change::Edit { message: MessageId(1), text: "x".into() }, vendor!("edited")),
        (Change::Edit { message: MessageId(70010), text: "x".into() }, "{\"data\":{\"id\":70010,\"caseId\":9}}"),
        (Change::Delete { message: MessageId(1) }, "{\"data\":{\"deleted\":0}}"),
    ];
    for (change, body) in rows {
        assert_eq!(class(&classify(&mutation(change), &known(Channel::Chat), &answer(200, body))), "unknown", "{body}");
    }
    let failed = vendor!("sms_sent").replace("\"sent\"", "\"failed\"");
    let other = vendor!("sms_sent").replace("4410", "4411");
    for body in [failed.as_str(), other.as_str(), vendor!("message_added")] {
        let wanted = if body == vendor!("message_added") { "accepted" } else { "unknown" };
        assert_eq!(class(&classify(&mutation(reply()), &known(Channel::Voip), &answer(200, body))), wanted, "{body}");
    }
}

#[test]
fn a_wait_is_capped_and_garbage_is_ignored() {
    let date = Some("Mon, 23 Nov 2026 08:00:00 GMT");
    for (value, wanted) in [
        ("5", Some(5)),
        (" 0 ", Some(0)),
        ("1000000000", Some(900)),
        ("99999999999999999999999999", Some(900)),
        ("Mon, 23 Nov 2026 08:02:00 GMT", Some(120)),
        ("Mon, 23 Nov 2026 07:00:00 GMT", Some(0)),
        ("Mon, 23 Nov 2099 08:00:00 GMT", Some(900)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ] {
        assert_eq!(retry_after(value, date), wanted, "{value}");
    }
    assert_eq!(retry_after("Mon, 23 Nov 2026 08:02:00 GMT", None), None);
    let heard = Heard::Answer { status: 429, retry_after: Some(u64::MAX), whole: false, body: Vec::new() };
    let outcome = classify(&mutation(reply()), &known(Channel::Chat), &heard);
    assert_eq!(outcome, Outcome::NotSent { cause: "the server asks for fewer requests".into(), retry_after: Some(900) });
}
