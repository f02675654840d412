//! Rows N16 and N17: looks at the server that fail, show half of it or an older state, and answers that come byte by byte.

use super::{REPLY, SCALE, copies, op, ours, state, sync, vendor};
use crate::crash::bench::Bench;
use crate::crash::proxy::{Fault, Kind};
use caseload::model::OpState;
use caseload::server::VendorQuirks;
use std::time::{Duration, Instant};

/// The reply arrived, and the program died before it knew.
async fn arrived(quirks: VendorQuirks) -> Bench {
    let bench = Bench::open(quirks).await;
    bench.proxy.does(Kind::Writes, [Fault::LoseAnswer]);
    let ran = bench.aborted(SCALE, REPLY, "request: answered or lost");
    assert_eq!((ran.code, copies(&bench), state(&bench)), (None, 1, OpState::Sending), "{ran:?}");
    bench.proxy.pass();
    bench
}

#[tokio::test(flavor = "multi_thread")]
async fn n16_a_look_that_fails_or_is_cut_proves_nothing() {
    let page = Fault::says(200, &[("content-type", "text/html")], "<html>", false);
    for fault in [Fault::Cut(150), Fault::Cut(500), Fault::Swallow, Fault::says(503, &[], "", false), page, Fault::says(404, &[], "<html>", false)] {
        let bench = arrived(vendor()).await;
        bench.proxy.always(Kind::Path("/crm/objects/case-message"), fault.clone());
        sync(&bench, 3);
        let waiting = op(&bench);
        assert!(matches!(waiting.state, OpState::Unknown | OpState::NeedsReview), "{fault:?}: {waiting:#?}");
        bench.proxy.pass();
        sync(&bench, 2);
        assert_eq!((state(&bench), copies(&bench), bench.proxy.writes().len()), (OpState::Sent, 1, 1), "{fault:?}: {:#?}", op(&bench));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n16_a_replica_that_lags_does_not_make_a_second_copy() {
    let late = |millis| VendorQuirks { lag_reads: Some(Duration::from_millis(millis)), ..vendor() };
    for millis in [100, 1500, 4000] {
        let bench = Bench::open(late(millis)).await;
        bench.proxy.does(Kind::Writes, [Fault::LoseAnswer]);
        let begun = Instant::now();
        bench.run(SCALE, REPLY);
        while begun.elapsed() < Duration::from_millis(millis + 200) {
            sync(&bench, 1);
        }
        sync(&bench, 1);
        assert_eq!((state(&bench), copies(&bench), bench.proxy.writes().len()), (OpState::Sent, 1, 1), "{millis}: {:#?}", op(&bench));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n17_an_answer_that_dribbles_ends_with_the_deadline_of_the_whole() {
    for quirks in [ours(), vendor()] {
        let bench = Bench::open(quirks).await;
        bench.proxy.does(Kind::Writes, [Fault::Dribble(Duration::from_millis(50))]);
        let begun = Instant::now();
        let ran = bench.run(SCALE, REPLY);
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}: {ran:?}", begun.elapsed());
        sync(&bench, 2);
        assert_eq!((state(&bench), copies(&bench)), (OpState::Sent, 1), "{ran:?}");
        bench.proxy.always(Kind::Reads, Fault::Dribble(Duration::from_millis(50)));
        let begun = Instant::now();
        let synced = bench.run(SCALE, &["sync"]);
        assert!(synced.code == Some(1) && begun.elapsed() < Duration::from_secs(8), "{:?}: {synced:?}", begun.elapsed());
    }
}

/// What waits for the agent must not hide what the customer writes meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_with_something_that_waits_is_read_all_the_same() {
    for quirks in [ours(), vendor()] {
        let bench = Bench::open(quirks).await;
        bench.ends(0, &["sync"]);
        bench.proxy.does(Kind::Writes, [Fault::says(403, &[], "{\"error\":{\"type\":\"ERROR_FORBIDDEN\"}}", false)]);
        bench.ends(75, REPLY);
        sync(&bench, 1);
        let words = serde_json::json!({"type": "message", "message": "are you there?"});
        let customer = bench.stand.truth.request(reqwest::Method::POST, "/crm/messenger/chat/add-message?x-user-type=contact");
        crate::server::house::ok(customer.json(&serde_json::json!({"caseId": 1, "message": words}))).await;
        sync(&bench, 1);
        let shown = bench.ends(0, &["show", "1", "--offline"]);
        assert!(shown.out.contains("are you there?"), "{:?}: {shown:?}", bench.stand.quirks);
        assert_eq!(state(&bench), OpState::NeedsReview);
    }
}

/// What was read and written down, but not handled when the program died, is not read again: it must be found all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_copy_that_was_seen_by_a_process_that_died_is_told_of() {
    let names = crate::crash::bench::points(&vendor(), &["sync"]).await;
    for at in names {
        let bench = Bench::open(vendor()).await;
        bench.proxy.does(Kind::Writes, [Fault::Twice]);
        bench.ends(0, REPLY);
        bench.aborted(SCALE, &["sync"], &at);
        sync(&bench, 1);
        assert_eq!((op(&bench).twins, copies(&bench)), (1, 2), "{at}");
    }
}

/// Mails are read by a question of their own: whatever happens between the two, none is missed afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn mails_that_could_not_be_read_are_read_the_next_time() {
    for (quirks, first) in [(ours(), &["sync"][..]), (vendor(), &["sync"]), (ours(), &["show", "4"]), (vendor(), &["reply", "4", "--text", "once"])] {
        let bench = Bench::open(quirks).await;
        bench.proxy.always(Kind::Path("/mail/messages"), Fault::says(503, &[], "", false));
        bench.run(SCALE, first);
        bench.proxy.pass();
        sync(&bench, 2);
        let mails = bench.cached().into_iter().filter(|(case, id)| *case == 4 && *id <= 8).count();
        assert_eq!(mails, 2, "{:?} {first:?}", bench.stand.quirks);
    }
}
