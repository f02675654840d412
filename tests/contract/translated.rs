//! A server that translates: what it keeps has other words than what was sent, so words prove nothing.

use super::line::Does::{self, LoseAnswer, Pass, Swallow};
use super::program::Desk;
use caseload::server::VendorQuirks;
use serde_json::{Value, json};

const SAY: &str = "/add-message";
const ASK: [&str; 6] = ["reply", "1", "--text", "on its way", "--translate", "de"];
const THERE: &str = "[de] ON ITS WAY";

/// The vendor, who says nothing of itself, with a translator; the config says so.
async fn desk(quirks: VendorQuirks, does: Does) -> Desk {
    let desk = Desk::open(VendorQuirks { translates: true, ..quirks }).await;
    if quirks_say_nothing(&desk) {
        desk.configured("translate = true");
    }
    desk.ends(0, &["sync"]);
    desk.line.does(SAY, does);
    desk
}

fn quirks_say_nothing(desk: &Desk) -> bool {
    desk.stand.quirks.no_hello
}

fn unmarked() -> VendorQuirks {
    VendorQuirks { drop_meta: true, ..VendorQuirks::plain() }
}

fn state(op: &Value) -> &str {
    op["state"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customer_gets_other_words_and_the_agent_sees_them() {
    for quirks in [VendorQuirks::default(), VendorQuirks::plain(), unmarked()] {
        let desk = desk(quirks, Pass).await;
        assert_eq!(desk.ends(0, &ASK)["state"], "sent", "{:?}", desk.stand.quirks);
        assert_eq!((desk.stand.times(1, THERE).await, desk.stand.times(1, "on its way").await), (1, 0));
        desk.ends(0, &["sync"]);
        let shown = desk.rows(&["show", "1", "--offline"]);
        let texts = shown[0]["messages"].as_array().unwrap().iter().filter(|message| message["message"] == THERE).count();
        assert_eq!((texts, shown[0].to_string().contains("on its way")), (1, false), "shown once, as it is there");
        let op = desk.rows(&["outbox", "list", "--all"]).remove(0);
        assert_eq!((&op["text"], &op["translate"]), (&json!("on its way"), &json!("de")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_lost_is_proven_by_the_marker_or_decided_by_the_agent() {
    let marked = desk(VendorQuirks::plain(), LoseAnswer).await;
    assert_eq!(marked.ends(0, &ASK)["state"], "sent");
    assert_eq!((&marked.newest_op()["proof"], marked.line.came().len()), (&json!("marker"), 1));

    let bare = desk(unmarked(), LoseAnswer).await;
    let said = bare.ends(75, &ASK);
    assert_eq!(state(&said), "needs_review", "{said}");
    assert!(said["cause"].as_str().unwrap().contains("translated"), "{said}");
    bare.line.does(SAY, Pass);
    for _ in 0..3 {
        bare.ends(0, &["sync"]);
    }
    assert_eq!((bare.stand.times(1, THERE).await, state(&bare.newest_op())), (1, "needs_review"), "never twice by itself");
    let id = said["op_id"].as_str().unwrap();
    let looked = bare.ends(75, &["outbox", "retry", id]);
    assert_eq!((state(&looked), bare.stand.times(1, THERE).await), ("needs_review", 1), "a look alone sends nothing it can't tell from what is there");
    assert_eq!(bare.ends(0, &["outbox", "resolve", id, "sent"])["state"], "sent");
    assert_eq!(bare.stand.times(1, THERE).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_never_arrived_is_sent_by_the_agents_word_and_still_translated() {
    let desk = desk(unmarked(), Swallow).await;
    desk.configured("resend = \"once\"");
    assert_eq!(desk.ends(75, &ASK)["state"], "unknown");
    desk.line.does(SAY, Pass);
    for _ in 0..3 {
        desk.ends(0, &["sync"]);
    }
    let op = desk.newest_op();
    assert_eq!((desk.line.came().len(), desk.stand.times(1, THERE).await), (0, 0), "{op}");
    assert_eq!(desk.ends(0, &["outbox", "retry", op["op_id"].as_str().unwrap()])["state"], "sent");
    assert_eq!(desk.stand.times(1, THERE).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_translates_it_is_refused_before_anything_is_stored() {
    let ours = Desk::open(VendorQuirks::default()).await;
    let vendors = Desk::open(VendorQuirks::plain()).await;
    for (desk, words) in [(&ours, "does not translate replies"), (&vendors, "translate = true in the config")] {
        desk.ends(0, &["sync"]);
        let refused = desk.run(&ASK);
        assert!(refused.code == 1 && refused.err.contains(words), "{refused:?}");
        assert!(desk.rows(&["outbox", "list", "--all"]).is_empty());
    }
    // The config says what the vendor's server does not keep to: it is refused there, and the words stay here.
    vendors.configured("translate = true");
    let failed = vendors.ends(1, &ASK);
    assert!(state(&failed) == "failed" && failed["cause"].as_str().unwrap().contains("leave translateLangKey out"), "{failed}");
    assert_eq!(vendors.stand.times(1, "on its way").await, 0);
    let wrong = ours.run(&["reply", "1", "--text", "x", "--translate", "klingon!"]);
    assert!(wrong.code == 2 && wrong.err.contains("a code like de or pt-BR"), "{wrong:?}");
}
