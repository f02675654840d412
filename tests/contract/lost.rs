//! Answers that never come. Nothing is sent again blindly: with a marker it is proven, with a key it is asked again under
//! the same one, with neither it waits for the agent.

use super::line::Does::{self, Double, Keep, LoseAnswer, Pass, Swallow};
use super::program::Desk;
use caseload::server::VendorQuirks;
use serde_json::json;

const SAY: &str = "/add-message";

fn unmarked() -> VendorQuirks {
    VendorQuirks { drop_meta: true, ..VendorQuirks::plain() }
}

/// A desk that knows the account, on a line that does this to what ends so.
async fn desk(quirks: VendorQuirks, end: &'static str, does: Does) -> Desk {
    let desk = Desk::open(quirks).await;
    desk.ends(0, &["sync"]);
    desk.line.does(end, does);
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_server_is_asked_again_under_the_same_key() {
    for does in [LoseAnswer, Swallow] {
        let desk = desk(VendorQuirks::default(), SAY, does).await;
        let said = desk.run(&["reply", "1", "--text", "once"]);
        assert!([0, 75].contains(&said.code), "{said:?}");
        let mut keys = desk.line.came();
        desk.line.does(SAY, Pass);
        desk.ends(0, &["sync"]);
        keys.extend(desk.line.came());
        keys.dedup();
        let op = desk.newest_op();
        assert_eq!((&op["state"], &op["twins"], desk.stand.times(1, "once").await), (&json!("sent"), &json!(0), 1), "{does:?}");
        assert_eq!(json!(keys), json!([op["op_id"]]), "{does:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_proves_what_arrived_and_nothing_is_said_twice() {
    for (case, end) in [("1", SAY), ("4", SAY), ("5", "/send-sms")] {
        let desk = desk(VendorQuirks::plain(), end, LoseAnswer).await;
        let said = desk.ends(0, &["reply", case, "--text", "once"]);
        assert_eq!(said["state"], "sent");
        desk.ends(0, &["sync"]);
        assert_eq!((desk.line.came().len(), desk.stand.times(case.parse().unwrap(), "once").await), (1, 1), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_found_is_not_said_again_without_the_agents_word() {
    let desk = desk(VendorQuirks::plain(), SAY, Swallow).await;
    let said = desk.ends(75, &["reply", "1", "--text", "once"]);
    assert_eq!(said["state"], "unknown");
    desk.line.does(SAY, Pass);
    for _ in 0..3 {
        desk.ends(0, &["sync"]);
    }
    assert_eq!((desk.line.came().len(), desk.stand.times(1, "once").await), (0, 0));
    let waiting = desk.newest_op();
    assert!(waiting["state"] == "unknown" && waiting["cause"].as_str().unwrap().contains("may still arrive"), "{waiting}");
    assert_eq!(desk.ends(75, &["close", "1"])["state"], "queued", "a close waits for what is said before it");
    let retried = desk.ends(0, &["outbox", "retry", waiting["op_id"].as_str().unwrap()]);
    assert_eq!((&retried["state"], desk.stand.times(1, "once").await), (&json!("sent"), 1));
    desk.ends(0, &["sync"]);
    assert_eq!(desk.stand.stored(1).await["status"], "closed");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_marker_and_key_the_same_words_are_taken_for_it_and_nothing_is_said_again() {
    let desk = desk(unmarked(), SAY, LoseAnswer).await;
    assert_eq!(desk.ends(0, &["reply", "1", "--text", "once"])["state"], "sent");
    assert_eq!(desk.line.came().len(), 1);
    assert_eq!((&desk.newest_op()["proof"], desk.stand.times(1, "once").await), (&json!("heuristic"), 1));
    // The same words again are another reply: those that were there before prove nothing.
    desk.line.does(SAY, Swallow);
    assert_eq!(desk.ends(75, &["reply", "1", "--text", "once"])["state"], "unknown");
    desk.line.does(SAY, Pass);
    for _ in 0..2 {
        desk.ends(0, &["sync"]);
    }
    assert_eq!((desk.line.came().len(), desk.stand.times(1, "once").await), (0, 1));
    let op = desk.newest_op();
    assert!(["unknown", "needs_review"].contains(&op["state"].as_str().unwrap()), "{op}");
    assert_eq!(desk.ends(0, &["outbox", "resolve", op["op_id"].as_str().unwrap(), "resend"])["state"], "sent");
    assert_eq!(desk.stand.times(1, "once").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrives_late_is_seen_by_its_marker() {
    let desk = desk(VendorQuirks::plain(), SAY, Keep).await;
    assert_eq!(desk.ends(75, &["reply", "1", "--text", "slow"])["state"], "unknown");
    desk.ends(0, &["sync"]);
    assert_eq!(desk.newest_op()["state"], "unknown");
    desk.line.deliver();
    desk.ends(0, &["sync"]);
    assert_eq!((&desk.newest_op()["state"], desk.stand.times(1, "slow").await), (&json!("sent"), 1));
    assert_eq!(desk.line.came().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_line_doubles_is_told_of() {
    let desk = desk(VendorQuirks::plain(), SAY, Double).await;
    assert_eq!(desk.ends(0, &["reply", "1", "--text", "echo"])["state"], "sent");
    desk.ends(0, &["sync"]);
    let op = desk.newest_op();
    assert_eq!((&op["state"], &op["twins"], desk.stand.times(1, "echo").await), (&json!("sent"), &json!(1), 2), "{op}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_was_reached_is_proof_and_is_not_asked_for_again() {
    for quirks in [VendorQuirks::default(), VendorQuirks::plain(), unmarked()] {
        let rows: [(&[&str], &str); 4] =
            [(&["close", "1"], "/close"), (&["claim", "2"], "/join"), (&["snooze", "1", "--until", "2d"], "/follow-up/create"), (&["reopen", "3"], "/create")];
        for (command, end) in rows {
            let desk = desk(quirks.clone(), end, LoseAnswer).await;
            assert_eq!(desk.ends(0, command)["state"], "sent");
            assert_eq!(desk.line.came().len(), 1, "{command:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_was_not_reached_is_asked_for_again_where_that_does_no_harm() {
    let rows: [(&[&str], &str, bool); 4] = [
        (&["close", "1"], "/close", true),
        (&["claim", "2"], "/join", true),
        (&["snooze", "1", "--until", "2d"], "/follow-up/create", false),
        (&["reopen", "3"], "/chat/create", false),
    ];
    for (command, end, repeats) in rows {
        let desk = desk(VendorQuirks::plain(), end, Swallow).await;
        let first = desk.run(command);
        assert_eq!(first.code, 75, "{command:?}: {first:?}");
        desk.line.does(end, Pass);
        let before = desk.newest_op()["state"].clone();
        desk.ends(0, &["sync"]);
        assert_eq!((desk.newest_op()["state"] == "sent", desk.line.came().len()), (repeats, usize::from(repeats)), "{command:?}: {before}");
    }
}

/// The server kept the first attempt; the second would read otherwise, for the customer wrote meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_whose_subject_changed_meanwhile_is_still_one_mail() {
    let desk = desk(VendorQuirks::default(), SAY, LoseAnswer).await;
    let said = desk.run(&["reply", "4", "--text", "on its way"]);
    assert!([0, 75].contains(&said.code), "{said:?}");
    let newer = json!({"data": {"caseId": 4, "contactId": 904, "to": ["max@home.example"], "from": "desk@shop.example", "subject": "Other", "type": "message", "htmlBody": "<p>x</p>"}});
    desk.stand.truth.post("/mail/add-message", newer).await;
    desk.line.does(SAY, Pass);
    desk.ends(0, &["sync"]);
    desk.ends(0, &["sync"]);
    assert_eq!((&desk.newest_op()["state"], desk.stand.times(4, "on its way").await), (&json!("sent"), 1));
}
