//! Every kind of change as the request it becomes, and the ways of a reply by channel.

use super::{OP, api, base, class, mutation, newest, reply, vendor};
use caseload::api::{Base, Extensions};
use caseload::model::{Case, Change, Channel, Head, MailAddress, Message, MessageId, MessageKind, Mutation, Outcome, SenderType, Snooze, UserId, date};
use serde_json::{Value, json};
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Sends to a server that answers this, and gives the outcome with the requests that arrived.
async fn sent(mutation: &Mutation, base: &Base, status: u16, body: &str) -> (Outcome, Vec<Request>) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(status).set_body_raw(body, "application/json")).mount(&server).await;
    let outcome = api(&server.uri()).send(mutation, base).await;
    (outcome, server.received_requests().await.unwrap())
}

fn query(request: &Request) -> Vec<(String, String)> {
    request.url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
    wanted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[tokio::test]
async fn a_chat_reply_carries_its_marker_and_a_key_only_where_it_is_understood() {
    let (outcome, requests) = sent(&reply(), &base(Channel::Chat), 200, vendor!("message_added")).await;
    assert_eq!(class(&outcome), "accepted");
    let request = &requests[0];
    assert_eq!((requests.len(), request.method.as_str(), request.url.path()), (1, "POST", "/api/v1/crm/messenger/chat/add-message"));
    assert_eq!(query(request), pairs(&[("-x-user-type", "user"), ("x-user-type", "user"), ("contactId", "88012")]));
    let wanted = json!({"caseId": 4410, "message": {"type": "message", "message": "On its way", "meta": {"op_id": OP}}});
    assert_eq!(request.body_json::<Value>().unwrap(), wanted);
    assert!(!request.headers.contains_key("idempotency-key"));

    let ours = Base { extensions: Extensions { idempotency: true, ..Extensions::default() }, ..base(Channel::Chat) };
    let (_, requests) = sent(&reply(), &ours, 200, vendor!("message_added")).await;
    assert_eq!(requests[0].headers["idempotency-key"].as_bytes(), OP.as_bytes());
}

#[tokio::test]
async fn a_note_goes_the_same_way_on_every_channel() {
    for channel in [Channel::Chat, Channel::Email, Channel::Voip, Channel::Other("fax".into())] {
        let (_, requests) = sent(&mutation(Change::Note { text: "n".into() }), &base(channel), 200, vendor!("message_added")).await;
        assert_eq!(requests[0].url.path(), "/api/v1/crm/messenger/chat/add-message");
        assert_eq!(requests[0].body_json::<Value>().unwrap()["message"]["type"], "note");
    }
}

#[tokio::test]
async fn a_reply_by_mail_answers_the_newest_mail_whoever_wrote_it() {
    let customer = newest("ada@example.net", "help@example.com", SenderType::Contact);
    let us = newest("help@example.com", "Ada@Example.net", SenderType::User);
    let untold = newest("ada@example.net", "help@example.com", SenderType::User);
    for mail in [customer, us, untold] {
        let base = Base { mail: Some(mail), ..base(Channel::Email) };
        let reply = mutation(Change::reply("1 < 2\nbye"));
        let (outcome, requests) = sent(&reply, &base, 200, vendor!("mail_added")).await;
        assert_eq!((class(&outcome), requests[0].url.path()), ("accepted", "/api/v1/mail/add-message"));
        let body: Value = requests[0].body_json().unwrap();
        let data = &body["data"];
        assert_eq!((&data["caseId"], &data["contactId"], &data["type"], &data["meta"]["op_id"]), (&json!(4410), &json!(88012), &json!("message"), &json!(OP)));
        assert_eq!((data["to"][0].as_str().unwrap().to_lowercase().as_str(), &data["from"]), ("ada@example.net", &json!("help@example.com")));
        assert_eq!((&data["subject"], &data["htmlBody"]), (&json!("Re: Parcel"), &json!("<div>1 &lt; 2<br>\nbye</div>")));
    }
}

#[tokio::test]
async fn a_mail_to_several_is_answered_from_the_mailbox_that_took_it_in() {
    let mut mail = newest("ada@example.net", "friend@elsewhere.example", SenderType::Contact);
    let to = &mut mail.mail.as_mut().unwrap().to;
    to.push(MailAddress { email: "help@example.com".into(), mailbox_hash: "h1".into(), ..MailAddress::default() });
    let (_, requests) = sent(&reply(), &Base { mail: Some(mail), ..base(Channel::Email) }, 200, vendor!("mail_added")).await;
    let body: Value = requests[0].body_json().unwrap();
    assert_eq!((&body["data"]["from"], &body["data"]["to"]), (&json!("help@example.com"), &json!(["ada@example.net"])));
}

fn addressed(to: &str, cc: &[&str], bcc: &[&str], subject: &str) -> Change {
    let list = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
    let head = Head { to: list(&[to]), cc: list(cc), bcc: list(bcc), subject: subject.into() };
    Change::Reply { text: "On its way".into(), head: Some(Box::new(head)), translate: None }
}

#[tokio::test]
async fn a_mail_goes_to_whom_its_author_named_and_the_answer_need_not_repeat_it() {
    let base = Base { mail: Some(newest("ada@example.net", "help@example.com", SenderType::Contact)), ..base(Channel::Email) };
    let reply = mutation(addressed("boss@example.net", &["ada@example.net", "b@c.example"], &["audit@example.com"], "Invoice"));
    let short = json!({"data": {"id": 510, "caseId": 4410, "meta": {"op_id": OP}}}).to_string();
    let (outcome, requests) = sent(&reply, &base, 200, &short).await;
    let data = &requests[0].body_json::<Value>().unwrap()["data"];
    assert_eq!((&data["to"], &data["from"], &data["subject"]), (&json!(["boss@example.net"]), &json!("help@example.com"), &json!("Invoice")));
    assert_eq!((&data["cc"], &data["bcc"]), (&json!(["ada@example.net", "b@c.example"]), &json!(["audit@example.com"])));
    assert_eq!(data["meta"]["op_id"], OP);
    let Outcome::Accepted { message: Some(message), .. } = outcome else { panic!("{outcome:?}") };
    let mail = message.mail.unwrap();
    assert_eq!((mail.to[0].email.raw(), mail.cc.len(), mail.bcc.len(), mail.subject.raw()), ("boss@example.net", 2, 1, "Invoice"));
    assert!(["to", "cc", "mail"].iter().all(|name| !message.extra.contains_key(*name)), "{:?}", message.extra);
}

#[tokio::test]
async fn a_head_that_is_none_is_refused_before_anything_is_sent() {
    let base = Base { mail: Some(newest("ada@example.net", "help@example.com", SenderType::Contact)), ..base(Channel::Email) };
    for (to, cc, missing) in [("ada", "b@c.example", "\"ada\" in to is no mail address"), ("a@b.c", "x@y.z\r\nBcc: all@x.y", "in cc is no mail address")] {
        let (outcome, requests) = sent(&mutation(addressed(to, &[cc], &[], "Invoice")), &base, 200, vendor!("mail_added")).await;
        assert!(matches!(&outcome, Outcome::Refused { cause } if cause.contains(missing)), "{outcome:?}");
        assert!(requests.is_empty());
    }
    let (_, requests) = sent(&mutation(addressed("a@b.c", &[], &[], "a\r\nBcc: b")), &base, 200, vendor!("mail_added")).await;
    assert_eq!(requests[0].body_json::<Value>().unwrap()["data"]["subject"], "a  Bcc: b");
}

#[tokio::test]
async fn a_mail_without_an_address_is_refused_before_anything_is_sent() {
    let silent = Base { mail: None, ..base(Channel::Email) };
    let broken = Base { mail: Some(newest("ada@example.net", "help@example.com\r\nBcc: x@y.z", SenderType::Contact)), ..base(Channel::Email) };
    let mut nobody = Base { mail: Some(newest("", "help@example.com", SenderType::Contact)), ..base(Channel::Email) };
    nobody.case.contact.as_mut().unwrap().fields.clear();
    let mut stranger = Base { mail: Some(newest("ada@example.net", "help@example.com", SenderType::Contact)), ..base(Channel::Email) };
    stranger.case.contact = None;
    for (base, missing) in
        [(silent, "address to answer from"), (broken, "address to answer from"), (nobody, "customer's mail address"), (stranger, "names no contact")]
    {
        let (outcome, requests) = sent(&reply(), &base, 200, vendor!("mail_added")).await;
        assert!(matches!(&outcome, Outcome::Refused { cause } if cause.contains(missing)), "{outcome:?}");
        assert!(requests.is_empty());
    }
}

fn call(direction: &str) -> Message {
    let meta = json!({"call": {"callId": "1", "direction": direction, "from": "+4790000000", "to": "+4721000000"}});
    Message { id: MessageId(9), kind: MessageKind::Event, meta: meta.as_object().cloned().unwrap(), ..Message::default() }
}

#[tokio::test]
async fn a_reply_by_telephone_is_a_text_message_between_the_same_numbers() {
    let mut sms = call("");
    sms.meta = json!({"sms": {"from": "+4721000000", "to": "+47 90000000", "msgType": "sms"}}).as_object().cloned().unwrap();
    let mut silent = base(Channel::Voip);
    silent.case.extra.insert("timelineId".into(), json!("900"));
    for (message, theirs) in [(call("incoming"), "+4790000000"), (call(""), "+4790000000"), (sms, "+47 90000000")] {
        let base = Base { mail: Some(message), ..silent.clone() };
        let (outcome, requests) = sent(&reply(), &base, 200, vendor!("sms_sent")).await;
        assert_eq!((class(&outcome), requests[0].url.path()), ("accepted", "/api/v1/voip/send-sms"));
        assert_eq!(query(&requests[0]), pairs(&[("x-user-type", "user")]));
        let wanted =
            json!({"From": "+4721000000", "To": theirs, "contactId": 88012, "Body": "On its way", "threadId": 4410, "timelineId": 900, "meta": {"op_id": OP}});
        assert_eq!(requests[0].body_json::<Value>().unwrap(), wanted);
    }
    silent.case.extra.clear();
    let asked = json!({"data": {"id": 4410, "timeline": {"id": 900, "caseId": 4410}}}).to_string();
    let (_, requests) = sent(&reply(), &Base { mail: Some(call("incoming")), ..silent.clone() }, 200, &asked).await;
    assert_eq!((requests[0].url.path(), requests[1].body_json::<Value>().unwrap()["timelineId"].clone()), ("/api/v1/crm/objects/case/4410", json!(900)));
    let (outcome, requests) = sent(&reply(), &silent, 200, vendor!("sms_sent")).await;
    assert!(matches!(&outcome, Outcome::Refused { cause } if cause.contains("number to answer from")), "{outcome:?}");
    assert!(requests.is_empty());
}

#[tokio::test]
async fn states_change_by_the_requests_of_the_contract() {
    let until = date::parse("2026-12-01T09:00:00Z").unwrap();
    let rows = [
        (
            Change::Close { state: "handled".into() },
            "/crm/messenger/chat/close",
            vendor!("closed"),
            json!({"caseId": 4410, "closingState": "handled", "meta": {"op_id": OP}}),
        ),
        (Change::Claim, "/crm/messenger/chat/join", vendor!("joined"), json!({"caseId": 4410})),
        (
            Change::Assign { users: vec![UserId(17), UserId(18)], departments: vec![3] },
            "/crm/messenger/agent/invite-agent",
            vendor!("invited"),
            json!({"caseId": 4410, "agentIds": [17, 18], "department": [3]}),
        ),
        (
            Change::Snooze { until, message: Some("call back".into()) },
            "/crm/follow-up/create",
            vendor!("follow_up_created"),
            json!({"objectType": "case", "objectId": 4410, "contactId": 88012, "scheduleDate": "2026-12-01 09:00:00", "message": "call back", "users": [17]}),
        ),
    ];
    for (change, at, answer, body) in rows {
        let (outcome, requests) = sent(&mutation(change), &base(Channel::Chat), 200, answer).await;
        assert_eq!((class(&outcome), requests[0].method.as_str(), requests[0].url.path()), ("accepted", "POST", format!("/api/v1{at}").as_str()));
        assert_eq!(requests[0].body_json::<Value>().unwrap(), body);
    }
}

#[tokio::test]
async fn a_reopened_case_is_a_new_one_of_the_thread() {
    let (outcome, requests) = sent(&mutation(Change::Reopen), &base(Channel::Chat), 200, vendor!("reopened")).await;
    let Outcome::Accepted { server_id, case: Some(case), .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((server_id, case.id.0, case.thread_id.0, case.contact_name().raw()), (Some(4600), 4600, 4410, "ada@example.net"));
    assert_eq!((requests[0].url.path(), query(&requests[0])), ("/api/v1/crm/messenger/chat/create", pairs(&[("contactId", "88012")])));
    assert_eq!(requests[0].body_json::<Value>().unwrap(), json!({"threadId": 4410, "sessionId": OP}));
}

#[tokio::test]
async fn waking_a_case_deletes_its_follow_up_wherever_its_number_is_known_from() {
    let mut known = base(Channel::Chat);
    known.case.follow_up = Some(Snooze { id: Some(31), ..Snooze::default() });
    let (outcome, requests) = sent(&mutation(Change::Unsnooze), &known, 200, vendor!("follow_up_removed")).await;
    assert_eq!((class(&outcome), requests.len(), requests[0].method.as_str(), requests[0].url.path()), ("accepted", 1, "DELETE", "/api/v1/crm/follow-up/31"));

    let server = MockServer::start().await;
    let says = |body: &str| ResponseTemplate::new(200).set_body_raw(body, "application/json");
    Mock::given(method("POST")).and(path("/api/v1/crm/follow-up/get")).respond_with(says(vendor!("follow_up"))).expect(1).mount(&server).await;
    Mock::given(method("DELETE")).and(path("/api/v1/crm/follow-up/31")).respond_with(says(vendor!("follow_up_removed"))).expect(1).mount(&server).await;
    assert_eq!(class(&api(&server.uri()).send(&mutation(Change::Unsnooze), &base(Channel::Chat)).await), "accepted");

    let (outcome, requests) = sent(&mutation(Change::Unsnooze), &base(Channel::Chat), 404, "").await;
    assert_eq!((class(&outcome), requests.len(), requests[0].url.path()), ("accepted", 1, "/api/v1/crm/follow-up/get"));
    let (outcome, requests) = sent(&mutation(Change::Unsnooze), &base(Channel::Chat), 503, "").await;
    assert_eq!((class(&outcome), requests.len()), ("not sent", 1), "the question failed, nothing was sent");
}

#[tokio::test]
async fn a_note_is_never_edited_into_a_message() {
    let edit = || mutation(Change::Edit { message: MessageId(70010), text: "Corrected".into() });
    let note = Message { id: MessageId(70010), kind: MessageKind::Note, ..Message::default() };
    let known = Base { case: Case { messages: vec![note], ..base(Channel::Chat).case }, ..Base::default() };
    let (outcome, requests) = sent(&edit(), &known, 200, vendor!("edited")).await;
    assert_eq!((class(&outcome), requests.len(), requests[0].url.path()), ("accepted", 1, "/api/v1/crm/messenger/chat/message/70010"));
    assert_eq!(requests[0].body_json::<Value>().unwrap(), json!({"message": {"type": "note", "message": "Corrected"}}));

    let asked = json!({"data": {"id": 70010, "caseId": 4410, "type": "note", "message": "old"}}).to_string();
    let (_, requests) = sent(&edit(), &base(Channel::Chat), 200, &asked).await;
    assert_eq!((requests.len(), requests[0].method.as_str(), requests[1].body_json::<Value>().unwrap()["message"]["type"].clone()), (2, "GET", json!("note")));
    let (outcome, requests) = sent(&edit(), &base(Channel::Chat), 404, "").await;
    assert_eq!((class(&outcome), requests.len()), ("refused state", 1));
}

#[tokio::test]
async fn a_message_that_is_not_there_is_deleted() {
    let delete = mutation(Change::Delete { message: MessageId(70010) });
    for (status, body) in [(200, vendor!("deleted")), (404, r#"{"error":{"type":"ERROR_RECORD_NOT_FOUND","message":"none"}}"#)] {
        let (outcome, requests) = sent(&delete, &base(Channel::Chat), status, body).await;
        assert_eq!((class(&outcome), requests[0].method.as_str(), requests[0].url.path()), ("accepted", "DELETE", "/api/v1/crm/objects/case-message/70010"));
    }
}
