//! How a mail is answered, and that nobody is written to who was not meant.

use super::{Head, people, split};
use crate::model::{Case, Change, Contact, Draft, DraftKind, Mail, MailAddress, Message, MessageKind, SenderType};
use serde_json::json;

fn one(text: &str) -> MailAddress {
    let (name, email) = text.split_once('<').map_or(("", text), |(name, email)| (name.trim(), email.trim_end_matches('>')));
    let (email, hash) = email.split_once('#').unwrap_or((email, ""));
    MailAddress { name: name.into(), email: email.into(), mailbox_hash: hash.into() }
}

fn list(text: &str) -> Vec<MailAddress> {
    split(text).iter().map(|text| one(text)).collect()
}

fn mail(sender_type: SenderType, from: &str, to: &str, cc: &str) -> Message {
    let mail = Mail { from: one(from), to: list(to), cc: list(cc), subject: "RE: re: Invoice 2291".into(), ..Mail::default() };
    Message { sender_type, kind: MessageKind::Message, mail: Some(Box::new(mail)), ..Message::default() }
}

fn case() -> Case {
    let fields = json!({"name": "Ola Nordmann", "email": "ola@home.example"}).as_object().cloned().unwrap();
    Case { title: "Invoice".into(), contact: Some(Contact { fields, ..Contact::default() }), ..Case::default() }
}

fn answered(messages: &[Message]) -> (String, String, String) {
    let head = Head::answering(&case(), messages);
    assert!(head.bcc.is_empty());
    (head.to.join(", "), head.cc.join(", "), head.subject)
}

const OLA: &str = "Ola <ola@home.example>";

#[test]
fn a_mail_is_answered_to_who_wrote_it_with_copies_to_the_others_and_never_to_us() {
    use SenderType::{Contact, User};
    let first = mail(Contact, OLA, "Help <help@shop.example#7>, kari@home.example", "boss@home.example, OLA@home.example, kari@home.example");
    let ours = mail(User, "help@shop.example", OLA, "kari@home.example");
    let along = mail(Contact, "Kari <kari@home.example>", "ola@home.example, help@shop.example#7", "");
    let plain = mail(Contact, "ola@work.example", "help@shop.example", "boss@home.example");
    for (thread, to, cc) in [
        (vec![first.clone()], "ola@home.example", "kari@home.example, boss@home.example"),
        (vec![first.clone(), ours.clone()], "ola@home.example", "kari@home.example, boss@home.example"),
        (vec![first.clone(), along], "kari@home.example", "ola@home.example"),
        (vec![plain.clone()], "ola@work.example", "boss@home.example"),
        (vec![ours.clone(), plain], "ola@work.example", "boss@home.example"),
        (vec![ours], "ola@home.example", "kari@home.example"),
        (vec![mail(Contact, "", "help@shop.example", "")], "ola@home.example", ""),
        (vec![mail(User, "help@shop.example", "help@shop.example", "")], "ola@home.example", ""),
        (vec![mail(Contact, "evil@x.example\r\nBcc: all@x.example", "help@shop.example", "a b@c.example")], "ola@home.example", ""),
    ] {
        assert_eq!(answered(&thread), (to.to_owned(), cc.to_owned(), "Re: Invoice 2291".to_owned()), "{thread:?}");
    }
    assert_eq!(answered(&[]), ("ola@home.example".to_owned(), String::new(), "Re: Invoice".to_owned()));
    assert_eq!(Head::answering(&Case::default(), &[]).to, [""; 0]);
}

#[test]
fn who_is_named_in_the_thread_is_offered_once_and_by_name() {
    let thread = [
        mail(SenderType::Contact, "Kari Nordmann <kari@home.example>", "help@shop.example#7", ""),
        mail(SenderType::Contact, "ola@home.example", "help@shop.example#7", "KARI@home.example"),
    ];
    let named: Vec<String> = people(&case(), &thread).iter().map(|one| format!("{} <{}>", one.name.raw(), one.email.raw())).collect();
    assert_eq!(named, ["Ola Nordmann <ola@home.example>", "Kari Nordmann <KARI@home.example>"]);
}

#[test]
fn what_was_typed_is_checked_before_it_is_sent_and_named_where_it_is_wrong() {
    let head = |to: &str, cc: &str, bcc: &str| Head { to: split(to), cc: split(cc), bcc: split(bcc), subject: " Re:\tinvoice\r\nBcc: all ".into() };
    let good = head("\"Nordmann, Ola\" <ola@home.example>; kari@home.example,", "", "x@y.z").checked().unwrap();
    assert_eq!((good.to, good.bcc), (vec!["ola@home.example".to_owned(), "kari@home.example".to_owned()], vec!["x@y.z".to_owned()]));
    assert_eq!(good.subject, "Re: invoice  Bcc: all");
    for (head, field, said) in [
        (head("", "a@b.c", ""), "to", "nobody stands in \"to\""),
        (head("ola", "", ""), "to", "\"ola\" in to is no mail address"),
        (head("a@b.c", "a@b.c, @x", ""), "cc", "\"@x\" in cc is no mail address"),
        (head("a@b.c", "", "a@b@c"), "bcc", "\"a@b@c\" in bcc is no mail address"),
        (head(&"a@b.c, ".repeat(101), "", ""), "to", "101 receivers are too many: 100 at most"),
    ] {
        assert_eq!(head.checked().unwrap_err(), (field, said.to_owned()));
    }
}

#[test]
fn a_subject_has_re_once() {
    for subject in ["Refund", "Re: Refund", "RE: re:  Re:Refund", " re: Refund "] {
        assert_eq!(super::answer_subject(subject), "Re: Refund");
    }
    assert_eq!(super::answer_subject("Ré"), "Re: Ré");
    assert_eq!(super::answer_subject("re:"), "Re: your message");
}

#[test]
fn what_older_versions_left_on_the_disk_is_read_and_written_as_it_was() {
    let reply = json!({"kind": "reply", "text": "On its way"});
    assert_eq!(serde_json::from_value::<Change>(reply.clone()).unwrap(), Change::reply("On its way"));
    assert_eq!(json!(Change::reply("On its way")), reply);
    let draft = json!({"case": 5, "kind": "reply", "text": "On", "answers": 7, "updated": "2026-11-23T09:00:00Z"});
    let read: Draft = serde_json::from_value(draft.clone()).unwrap();
    assert_eq!((read.kind, read.head.as_ref()), (DraftKind::Reply, None));
    assert_eq!(json!(read), draft);
}

#[test]
fn a_head_comes_back_from_the_disk_as_it_went() {
    let head = Head { to: vec!["ola@example.no".into()], cc: vec!["kari@example.no".into()], bcc: Vec::new(), subject: "Re: invoice".into() };
    let change = Change::Reply { text: "Hi".into(), head: Some(Box::new(head)), translate: None };
    let kept = json!({"kind": "reply", "text": "Hi", "head": {"to": ["ola@example.no"], "cc": ["kari@example.no"], "subject": "Re: invoice"}});
    assert_eq!(json!(change), kept);
    assert_eq!(serde_json::from_value::<Change>(kept).unwrap(), change);
}
