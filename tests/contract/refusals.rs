//! Every way the server says no, as the client understands it: what the agent can do about it differs.

use super::account::{Stand, class, client, doubles};
use caseload::api::{CasesAsk, ProblemKind};
use caseload::model::{CaseId, Change, ContactId, MessageId, Mutation, Outcome, ThreadId, UserId};
use caseload::server::{Area, VendorQuirks};

fn reply(text: &str) -> Change {
    Change::reply(text)
}

fn cause(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::NotSent { cause, .. }
        | Outcome::Unauthorized { cause }
        | Outcome::Refused { cause }
        | Outcome::RefusedState { cause }
        | Outcome::Unknown { cause } => cause,
        Outcome::Accepted { .. } => "",
    }
}

#[tokio::test]
async fn what_a_case_does_not_take_is_refused_by_every_double() {
    for (name, quirks) in doubles() {
        let stand = Stand::open(quirks).await;
        let note = || Change::Note { text: "n".into() };
        let nobody = Change::Assign { users: Vec::new(), departments: Vec::new() };
        let stranger = Change::Assign { users: vec![UserId(99)], departments: Vec::new() };
        let rows = [
            (2, reply("too early"), "refused state", "only active"),
            (2, note(), "refused state", "only active"),
            (3, reply("too late"), "refused state", "only active"),
            (3, note(), "refused state", "only active"),
            (3, Change::Claim, "refused state", "closed"),
            (1, Change::Edit { message: MessageId(1), text: "mine now".into() }, "refused state", "somebody else"),
            (1, Change::Delete { message: MessageId(1) }, "refused state", "somebody else"),
            (1, Change::Edit { message: MessageId(99), text: "x".into() }, "refused state", "does not have it"),
            (1, nobody, "refused", "agentIds"),
            (1, stranger, "refused", "99"),
            (1, reply(&"x".repeat(1 << 20)), "refused", "1 MiB"),
            (4, reply(&"<".repeat(1 << 20)), "refused", "1 MiB"),
            (1, reply("  "), "refused", "message is needed"),
        ];
        for (case, change, wanted, words) in rows {
            let kind = change.kind();
            let before = stand.said(case).await.len();
            let outcome = stand.send(case, change).await;
            assert_eq!(class(&outcome), wanted, "{name} {kind}: {outcome:?}");
            assert!(cause(&outcome).contains(words), "{name} {kind}: {outcome:?}");
            assert_eq!(stand.said(case).await.len(), before);
        }
    }
}

#[tokio::test]
async fn a_case_that_is_not_there_takes_nothing() {
    let stand = Stand::open(VendorQuirks::default()).await;
    let mut base = stand.base(1).await;
    base.case.id = CaseId(99);
    base.case.thread_id = ThreadId(99);
    let until = crate::server::house::at("2031-01-01 00:00:00");
    let rows = [
        (reply("hello?"), "refused state"),
        (Change::Note { text: "n".into() }, "refused state"),
        (Change::Close { state: "handled".into() }, "refused state"),
        (Change::Reopen, "refused state"),
        (Change::Claim, "refused state"),
        (Change::Assign { users: vec![UserId(18)], departments: Vec::new() }, "refused state"),
        (Change::Snooze { until, message: None }, "refused state"),
        (Change::Unsnooze, "accepted"),
        (Change::Delete { message: MessageId(99) }, "accepted"),
    ];
    for (change, wanted) in rows {
        let kind = change.kind();
        let mutation = Mutation { thread: ThreadId(99), ..stand.mutation(99, change) };
        let outcome = stand.api.send(&mutation, &base).await;
        assert_eq!(class(&outcome), wanted, "{kind}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_key_that_is_not_taken_stops_everything() {
    for quirks in [VendorQuirks::default(), VendorQuirks::plain()] {
        let stand = Stand::open(quirks).await;
        let revoked = stand.house.key(&[Area::Full], 17);
        assert!(stand.house.db.revoke_key(revoked.split_once('.').unwrap().0.trim_start_matches("ck_")).unwrap());
        for key in [revoked.as_str(), "nobody", "ck_0.1"] {
            let api = client(&stand.house.origin, key);
            assert_eq!(api.cases(&CasesAsk::default()).await.map_err(|problem| problem.kind), Err(ProblemKind::Unauthorized));
            assert_eq!(api.mails(ThreadId(4)).await.map_err(|problem| problem.kind), Err(ProblemKind::Unauthorized));
            for change in [reply("x"), Change::Claim, Change::Close { state: "handled".into() }, Change::Unsnooze] {
                let outcome = api.send(&stand.mutation(1, change), &stand.base(1).await).await;
                assert_eq!(class(&outcome), "unauthorized", "{outcome:?}");
                assert!(!cause(&outcome).contains(key));
            }
        }
    }
}

#[tokio::test]
async fn a_key_does_what_its_areas_allow_and_nothing_else() {
    let stand = Stand::open(VendorQuirks::default()).await;
    let (chat, call) = (stand.base(1).await, stand.base(5).await);
    for (area, cases, users, sms) in [(Area::Chat, true, true, true), (Area::Voip, false, false, true), (Area::Settings, false, true, false)] {
        let api = client(&stand.house.origin, &stand.house.key(&[area], 17));
        assert!(api.hello().await.unwrap().extensions.idempotency, "{area:?}");
        let kind = |may: bool| if may { None } else { Some(ProblemKind::Forbidden) };
        assert_eq!(api.cases(&CasesAsk::default()).await.err().map(|problem| problem.kind), kind(cases), "{area:?}");
        assert_eq!(api.case(CaseId(1)).await.err().map(|problem| problem.kind), kind(cases), "{area:?}");
        assert_eq!(api.follow_up(CaseId(1), Some(ContactId(901))).await.err().map(|problem| problem.kind), kind(cases), "{area:?}");
        assert_eq!(api.events().await.err().map(|problem| problem.kind), kind(cases), "{area:?}");
        assert_eq!(api.users().await.err().map(|problem| problem.kind), kind(users), "{area:?}");
        let class_of = |may: bool| if may { "accepted" } else { "refused state" };
        assert_eq!(class(&api.send(&stand.mutation(1, reply("hello")), &chat).await), class_of(cases), "{area:?}");
        assert_eq!(class(&api.send(&stand.mutation(1, Change::Unsnooze), &chat).await), class_of(cases), "{area:?}");
        assert_eq!(class(&api.send(&stand.mutation(5, reply("hello")), &call).await), class_of(sms), "{area:?}");
    }
}

#[tokio::test]
async fn a_name_used_for_something_else_is_looked_at_and_never_taken_for_done() {
    let stand = Stand::open(VendorQuirks::default()).await;
    let base = stand.base(1).await;
    let first = stand.mutation(1, reply("first"));
    assert_eq!(class(&stand.api.send(&first, &base).await), "accepted");
    let other = Mutation { change: reply("second"), ..first.clone() };
    let outcome = stand.api.send(&other, &base).await;
    assert_eq!(class(&outcome), "unknown", "{outcome:?}");
    assert!(cause(&outcome).contains("another payload"));
    // The name stands in the message too, so it holds without the header.
    let plain = caseload::api::Base { extensions: caseload::api::Extensions::default(), ..base.clone() };
    assert_eq!(class(&stand.api.send(&first, &plain).await), "accepted");
    assert_eq!(class(&stand.api.send(&other, &plain).await), "unknown");
    assert_eq!((stand.times(1, "first").await, stand.times(1, "second").await), (1, 0));
}

#[tokio::test]
async fn what_belongs_to_somebody_else_stays() {
    let stand = Stand::open(VendorQuirks::default()).await;
    let until = crate::server::house::at("2031-01-01 00:00:00");
    stand.done(1, Change::Snooze { until, message: None }).await;
    let colleague = client(&stand.house.origin, &stand.house.key(&[Area::Full], 18));
    let base = stand.base(1).await;
    assert_eq!(class(&colleague.send(&stand.mutation(1, Change::Unsnooze), &base).await), "refused state");
    let edit = Change::Edit { message: MessageId(2), text: "not mine".into() };
    assert_eq!(class(&colleague.send(&stand.mutation(1, edit), &base).await), "refused state");
    let mut wrong = stand.base(4).await;
    wrong.case.contact_id = Some(ContactId(901));
    assert_eq!(class(&stand.api.send(&stand.mutation(4, reply("x")), &wrong).await), "refused");
}
