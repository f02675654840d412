//! Rows N1 to N4 and N6 to N15: what becomes of one request and its answer.

use super::{REPLY, SCALE, copies, goes_later, is_proven, op, ours, state, struck, sync, vendor, waits_for_the_agent};
use crate::crash::bench::Bench;
use crate::crash::proxy::{Fault, Kind};
use caseload::model::OpState;
use caseload::server::VendorQuirks;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn n1_no_connection_is_no_attempt_and_no_number_of_them_is_too_many() {
    for quirks in [ours(), vendor()] {
        let mut bench = Bench::open(quirks).await;
        bench.ends(0, &["sync"]);
        bench.proxy.shut();
        assert_eq!(bench.ends(75, REPLY).code, Some(75));
        for _ in 0..4 {
            bench.ends(1, &["sync"]);
            assert_eq!(state(&bench), OpState::Queued);
        }
        bench.proxy.open().await;
        bench.ends(0, &["sync"]);
        assert_eq!((state(&bench), copies(&bench), bench.proxy.writes().len()), (OpState::Sent, 1, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n1_a_name_nobody_knows_and_a_server_without_tls_are_no_attempt() {
    let bench = Bench::open(vendor()).await;
    for origin in ["https://nobody.invalid".to_owned(), bench.proxy.origin.replace("http:", "https:")] {
        let mut reply = bench.command("0.005", &["reply", "1", "--text", &origin]);
        let ran = crate::crash::bench::ended(reply.env("CASELOAD_URL", &origin).spawn().unwrap());
        let op = bench.op(&origin).unwrap();
        assert_eq!((ran.code, op.state), (Some(75), OpState::Queued), "{ran:?}");
        assert!(op.cause.is_some(), "{op:?}");
    }
    assert!(bench.proxy.writes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn n2_n3_what_went_nowhere_waits_for_the_agent_or_goes_under_its_key() {
    for fault in [Fault::Reset, Fault::Swallow] {
        is_proven(ours(), fault.clone()).await;
    }
    waits_for_the_agent(vendor(), Fault::Swallow).await;
}

/// No byte of it was read, but the program cannot know that.
#[tokio::test(flavor = "multi_thread")]
async fn n2_a_reset_before_it_was_read_is_no_proof_that_it_was_not_sent() {
    let (bench, ran) = struck(vendor(), Fault::Reset).await;
    sync(&bench, 3);
    assert!(matches!(state(&bench), OpState::Unknown | OpState::NeedsReview), "{ran:?}: {:#?}", op(&bench));
    assert_eq!((bench.proxy.writes().len(), copies(&bench)), (0, 0));
    bench.run(SCALE, &["outbox", "retry", &op(&bench).id().to_string()]);
    sync(&bench, 1);
    assert_eq!((state(&bench), copies(&bench)), (OpState::Sent, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn n4_n6_a_lost_or_late_answer_is_proven_by_what_the_server_has() {
    for quirks in [ours(), vendor()] {
        for fault in [Fault::LoseAnswer, Fault::Hold(Duration::from_millis(1800))] {
            is_proven(quirks.clone(), fault).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n7_what_arrives_late_is_seen_before_or_after_the_agent_decided() {
    is_proven(ours(), Fault::Late(Duration::from_millis(300))).await;
    let (bench, _) = struck(vendor(), Fault::Late(Duration::from_millis(1200))).await;
    sync(&bench, 2);
    assert_eq!((state(&bench), bench.proxy.writes().len()), (OpState::Sent, 1), "{:#?}", op(&bench));
    // The agent did not wait for it: then it is there twice, and that is told.
    let bench = Bench::open(vendor()).await;
    bench.proxy.does(Kind::Writes, [Fault::Late(Duration::from_secs(4))]);
    bench.run(SCALE, REPLY);
    let resent = bench.run(SCALE, &["outbox", "resolve", &op(&bench).id().to_string(), "resend"]);
    assert_eq!((state(&bench), copies(&bench)), (OpState::Sent, 1), "{resent:?}");
    bench.proxy.settled().await;
    sync(&bench, 2);
    assert_eq!((op(&bench).twins, copies(&bench)), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn n8_what_a_middlebox_repeats_is_told_of_unless_the_server_knows_better() {
    is_proven(ours(), Fault::Twice).await;
    let (bench, _) = struck(vendor(), Fault::Twice).await;
    sync(&bench, 2);
    let op = op(&bench);
    assert_eq!((op.state, op.twins, copies(&bench), bench.proxy.writes().len()), (OpState::Sent, 1, 2, 1));
    // Also where both happened in the second of the change before, and times are whole seconds.
    let bench = Bench::open(VendorQuirks { round_times: true, ..vendor() }).await;
    bench.ends(0, &["note", "1", "--text", "before"]);
    sync(&bench, 1);
    bench.proxy.does(Kind::Writes, [Fault::Twice]);
    bench.ends(0, REPLY);
    sync(&bench, 2);
    assert_eq!((super::op(&bench).twins, copies(&bench)), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn n9_a_gateway_that_failed_proves_nothing() {
    for status in [500, 502, 503, 504] {
        for quirks in [ours(), vendor()] {
            is_proven(quirks, Fault::says(status, &[], "{}", true)).await;
        }
        is_proven(ours(), Fault::says(status, &[], "{}", false)).await;
        waits_for_the_agent(vendor(), Fault::says(status, &[], "<h1>Bad gateway</h1>", false)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n10_too_many_requests_is_a_wait_of_bounded_length() {
    let forms = [None, Some("1"), Some("Mon, 23 Nov 2026 12:00:00 GMT"), Some("soon"), Some("1000000000")];
    for (form, quirks) in forms.into_iter().flat_map(|form| [(form, ours()), (form, vendor())]) {
        let headers: Vec<_> = form.iter().map(|form| ("retry-after", *form)).collect();
        let bench = Bench::open(quirks.clone()).await;
        let fault = Fault::says(429, &headers, "", false);
        bench.proxy.does(Kind::Writes, [fault.clone()]);
        let ran = bench.run(SCALE, REPLY);
        let op = op(&bench);
        assert!(matches!(op.state, OpState::Queued | OpState::Sent), "{form:?}: {ran:?} {op:#?}");
        let wait = op.not_before.map_or(0, |at| (at - op.changed).num_milliseconds());
        assert!(wait <= 18_000, "{form:?}: a fiftieth of 15 minutes, not {wait} ms");
        goes_later(quirks, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n11_answers_of_nobody_knows_whom_are_not_believed() {
    for status in [408, 425] {
        for quirks in [ours(), vendor()] {
            is_proven(quirks, Fault::says(status, &[], "", true)).await;
        }
        waits_for_the_agent(vendor(), Fault::says(status, &[], "", false)).await;
    }
    let early = crate::crash::http::Message { head: "HTTP/1.1 103 Early Hints".to_owned(), body: Vec::new() };
    let begun = Instant::now();
    waits_for_the_agent(vendor(), Fault::Endless(early, b"HTTP/1.1 103 Early Hints\r\n\r\n".to_vec())).await;
    assert!(begun.elapsed() < Duration::from_secs(15), "a flood of interim answers ends with the time-out");
}

#[tokio::test(flavor = "multi_thread")]
async fn n12_a_page_an_empty_answer_or_another_case_is_no_proof() {
    let page = [("content-type", "text/html")];
    for body in ["<html>log in to this network</html>", "", "{}", "{\"data\":{\"caseId\":77,\"id\":9}}"] {
        for quirks in [ours(), vendor()] {
            is_proven(quirks, Fault::says(200, &page, body, true)).await;
        }
        is_proven(ours(), Fault::says(200, &page, body, false)).await;
        waits_for_the_agent(vendor(), Fault::says(200, &page, body, false)).await;
    }
    for quirks in [ours(), vendor()] {
        is_proven(quirks, Fault::OtherCase).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n13_a_key_that_is_not_taken_pauses_the_whole_queue() {
    for quirks in [ours(), vendor()] {
        let bench = Bench::open(quirks).await;
        bench.ends(0, &["sync"]);
        bench.proxy.always(Kind::All, Fault::says(401, &[], "{\"error\":{\"type\":\"ERROR_UNAUTHORIZED\"}}", false));
        for (case, text) in [("1", "first"), ("1", "second"), ("8", "third")] {
            bench.ends(75, &["reply", case, "--text", text, "--offline"]);
        }
        bench.run(SCALE, &["sync"]);
        assert!(bench.waiting().iter().all(|op| op.state == OpState::Queued), "{:#?}", bench.waiting());
        assert!(bench.proxy.writes().len() <= 2, "one for each case that was free at most, then none: {:#?}", bench.proxy.writes());
        bench.proxy.pass();
        sync(&bench, 2);
        assert_eq!((bench.waiting().len(), ["first", "second", "third"].map(|text| bench.truth().copies(text))), (0, [1, 1, 1]));
        let said: Vec<_> = bench.truth().messages.into_iter().filter(|kept| kept.case == 1).map(|kept| kept.text).collect();
        assert!(said.ends_with(&["first".to_owned(), "second".to_owned()]), "{said:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n14_a_lost_permission_is_the_agents_to_decide_and_holds_up_nobody_else() {
    for quirks in [ours(), vendor()] {
        let (bench, ran) = struck(quirks, Fault::says(403, &[], "{\"error\":{\"type\":\"ERROR_FORBIDDEN\"}}", false)).await;
        assert_eq!((ran.code, state(&bench)), (Some(75), OpState::NeedsReview), "{ran:?}");
        assert_eq!(bench.run(SCALE, &["reply", "8", "--text", "elsewhere"]).code, Some(0));
        assert_eq!((copies(&bench), bench.truth().copies("elsewhere")), (0, 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n15_a_connection_that_dies_costs_one_attempt_and_hides_none() {
    is_proven(ours(), Fault::HangUp).await;
    waits_for_the_agent(vendor(), Fault::HangUp).await;
    // A kept connection of the reader that dies at reuse harms nothing that is sent.
    for quirks in [ours(), vendor()] {
        let bench = Bench::open(quirks).await;
        bench.proxy.does(Kind::Reads, [Fault::Pass, Fault::HangUp]);
        let first = bench.run(SCALE, REPLY);
        sync(&bench, 2);
        if bench.op("once").is_none() {
            assert_eq!((first.code, copies(&bench)), (Some(1), 0), "{first:?}");
            continue;
        }
        assert_eq!((state(&bench), copies(&bench), bench.proxy.writes().len()), (OpState::Sent, 1, 1), "{first:?}");
    }
}
