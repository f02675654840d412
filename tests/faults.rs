//! What networks, gateways and middleboxes do, one test for each row of the list of faults, against our own server, which knows
//! idempotency keys, and against the vendor's double, which does not. The real program, a real connection, a proxy between.

mod answers;
mod bytes;
mod others;
mod reads;

use crate::crash::bench::{Bench, Ran};
use crate::crash::proxy::{Fault, Kind};
use caseload::model::{Op, OpState};
use caseload::server::VendorQuirks;

/// A send gives up after 1.2 s, the first look at the server is 40 ms later.
const SCALE: &str = "0.02";
const REPLY: &[&str] = &["reply", "1", "--text", "once"];

fn ours() -> VendorQuirks {
    VendorQuirks::default()
}

fn vendor() -> VendorQuirks {
    VendorQuirks::plain()
}

/// The first attempt at a reply meets the fault, nothing else does.
async fn struck(quirks: VendorQuirks, fault: Fault) -> (Bench, Ran) {
    let bench = Bench::open(quirks).await;
    bench.proxy.does(Kind::Writes, [fault]);
    let ran = bench.run(SCALE, REPLY);
    assert!(matches!(ran.code, Some(0 | 75)), "stored, and never called failed: {ran:?}");
    assert_ne!(state(&bench), OpState::Failed);
    bench.proxy.settled().await;
    (bench, ran)
}

fn op(bench: &Bench) -> Op {
    bench.op("once").expect("the outbox has it")
}

fn state(bench: &Bench) -> OpState {
    op(bench).state
}

fn copies(bench: &Bench) -> usize {
    bench.truth().copies("once")
}

/// So often, and a few times more where a loaded machine was too slow to send what is free to go.
fn sync(bench: &Bench, times: usize) {
    for round in 1..times + 6 {
        let _perhaps_later = bench.run(SCALE, &["sync"]);
        if round >= times && bench.waiting().iter().all(|op| op.state != OpState::Queued) {
            return;
        }
    }
}

/// It arrived, or a key makes asking again safe: it is sent, once, and the vendor was asked once.
async fn is_proven(quirks: VendorQuirks, fault: Fault) {
    let (bench, ran) = struck(quirks, fault.clone()).await;
    sync(&bench, 2);
    let op = op(&bench);
    assert_eq!((op.state, op.twins, copies(&bench)), (OpState::Sent, 0, 1), "{fault:?}, {ran:?}: {op:#?}");
    let writes = bench.proxy.writes();
    if bench.stand.quirks.no_idempotency {
        assert_eq!(writes.len(), 1, "{fault:?}: it was sent again without being looked up");
    }
    let name = (!bench.stand.quirks.no_idempotency).then(|| op.id().to_string());
    assert!(writes.iter().all(|came| came.key == name), "always under the same key: {writes:?}");
}

/// It did not arrive, and nothing proves that: with the vendor it is not sent again before the agent says so.
async fn waits_for_the_agent(quirks: VendorQuirks, fault: Fault) {
    let (bench, ran) = struck(quirks, fault.clone()).await;
    sync(&bench, 3);
    let waiting = op(&bench);
    assert!(matches!(waiting.state, OpState::Unknown | OpState::NeedsReview), "{fault:?}, {ran:?}: {waiting:#?}");
    assert_eq!((bench.proxy.writes().len(), copies(&bench)), (1, 0), "{fault:?}");
    bench.run(SCALE, &["outbox", "resolve", &waiting.id().to_string(), "resend"]);
    sync(&bench, 1);
    assert_eq!((state(&bench), copies(&bench)), (OpState::Sent, 1), "{fault:?}");
}

/// Surely not applied: it is sent by itself, once.
async fn goes_later(quirks: VendorQuirks, fault: Fault) {
    let (bench, ran) = struck(quirks, fault.clone()).await;
    sync(&bench, 2);
    assert_eq!((state(&bench), copies(&bench)), (OpState::Sent, 1), "{fault:?}, {ran:?}");
}
