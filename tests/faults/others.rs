//! Rows N11 (redirects) and N18 to N20: other machines, long absence, sleep, and answers without end.

use super::{SCALE, copies, op, ours, state, sync, vendor};
use crate::crash::bench::{Bench, ended};
use crate::crash::http::Message;
use crate::crash::proxy::{Fault, Kind};
use caseload::model::OpState;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::AsyncReadExt;

/// Somebody else, who writes down what he is told.
async fn stranger() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let heard = Arc::new(Mutex::new(Vec::new()));
    let inside = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut bytes = vec![0; 4096];
            let count = stream.read(&mut bytes).await.unwrap_or(0);
            inside.lock().unwrap().extend_from_slice(&bytes[..count.max(1)]);
        }
    });
    (origin, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn n11_a_redirect_is_not_followed_and_the_key_goes_nowhere_else() {
    let (elsewhere, heard) = stranger().await;
    for quirks in [ours(), vendor()] {
        for status in [301, 302, 303, 307, 308] {
            let bench = Bench::open(quirks.clone()).await;
            let own = format!("{}/api/v1/elsewhere", bench.proxy.origin);
            for location in [elsewhere.as_str(), own.as_str(), "//other.invalid/", "http://127.0.0.1:9/"] {
                bench.proxy.always(Kind::All, Fault::says(status, &[("location", location)], "", false));
                let synced = bench.run(SCALE, &["sync"]);
                assert_eq!(synced.code, Some(1), "{synced:?}");
                assert!(synced.err.contains("redirects elsewhere") || bench.stand.quirks.no_hello, "{synced:?}");
            }
            bench.proxy.pass();
            bench.proxy.does(Kind::Writes, [Fault::says(status, &[("location", &elsewhere)], "", false)]);
            let ran = bench.run(SCALE, super::REPLY);
            assert_eq!(bench.proxy.writes().iter().filter(|came| came.path.ends_with("elsewhere")).count(), 0);
            assert!(matches!(ran.code, Some(0 | 75)) && state(&bench) != OpState::Failed, "{ran:?}");
        }
    }
    assert_eq!(String::from_utf8_lossy(&heard.lock().unwrap()), "", "nobody else was told anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn n18_what_piled_up_goes_out_in_order_and_not_all_at_once() {
    for quirks in [ours(), vendor()] {
        let bench = Bench::open(quirks).await;
        bench.ends(0, &["claim", "2"]);
        bench.ends(0, &["sync"]);
        for number in 0..25 {
            let case = ["1", "2", "4", "5", "8"][number % 5];
            bench.ends(75, &["reply", case, "--offline", "--text", &format!("number {number:02}")]);
        }
        bench.proxy.always(Kind::Writes, Fault::Hold(Duration::from_millis(60)));
        sync(&bench, 2);
        assert!(bench.waiting().is_empty(), "{:#?}", bench.waiting());
        let peak = bench.proxy.peak();
        assert!((2..=4).contains(&peak), "{peak} at once");
        for case in [1, 2, 4, 5, 8] {
            let said: Vec<_> = bench.truth().messages.into_iter().filter(|kept| kept.case == case && kept.text.starts_with("number")).collect();
            let mut sorted = said.clone();
            sorted.sort_by_key(|kept| kept.id);
            assert!(sorted.len() == 5 && sorted.iter().map(|kept| &kept.text).is_sorted(), "{sorted:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n19_a_machine_that_sleeps_in_the_middle_of_a_send_sends_once() {
    for (quirks, fault) in
        [(ours(), Fault::Hold(Duration::from_millis(300))), (vendor(), Fault::Hold(Duration::from_millis(300))), (vendor(), Fault::LoseAnswer)]
    {
        let bench = Bench::open(quirks).await;
        bench.proxy.does(Kind::Writes, [fault]);
        let child = bench.command(SCALE, super::REPLY).spawn().unwrap();
        let begun = Instant::now();
        while bench.proxy.writes().is_empty() && begun.elapsed() < Duration::from_secs(10) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let signal = |name: &str| assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
        signal("-STOP");
        tokio::time::sleep(Duration::from_millis(2500)).await;
        signal("-CONT");
        let ran = ended(child);
        assert!(matches!(ran.code, Some(0 | 75)), "{ran:?}");
        sync(&bench, 2);
        assert_eq!((state(&bench), copies(&bench), bench.proxy.writes().iter().map(|came| came.arrived).sum::<usize>() <= 2), (OpState::Sent, 1, true));
        if bench.stand.quirks.no_idempotency {
            assert_eq!(bench.proxy.writes().len(), 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn n20_answers_without_end_are_cut_and_fill_no_memory() {
    let bomb: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/vendor/bomb.json.gz"));
    let start = |head: &str| Message { head: format!("HTTP/1.1 200 OK\r\n{head}"), body: Vec::new() };
    let zipped = start("content-encoding: gzip").saying(bomb.to_vec());
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
    let deep = Fault::says(200, &[], &"[".repeat(1_000_000), true);
    let endless = Fault::Endless(start("transfer-encoding: chunked"), chunk);
    let faults = [Fault::Says { answer: zipped, effect: true }, endless, deep.clone()];
    for fault in faults {
        for (quirks, kind) in [(ours(), Kind::Writes), (vendor(), Kind::Writes), (ours(), Kind::Reads), (vendor(), Kind::Reads)] {
            let bench = Bench::open(quirks).await;
            let args: &[&str] = if kind == Kind::Writes { super::REPLY } else { &["sync"] };
            bench.proxy.always(kind, fault.clone());
            let child = bench.command("0.05", args).spawn().unwrap();
            let pid = child.id();
            let most = std::thread::spawn(move || highest(pid));
            let ran = ended(child);
            let most = most.join().unwrap();
            assert!(most < 256 << 10, "{most} KiB");
            if kind == Kind::Reads {
                // What unpacks to less than the limit of a list may be taken for a strange, small account.
                let small = matches!(fault, Fault::Says { .. }) && fault != deep;
                assert!(ran.code == Some(1) || small, "{:?} {ran:?}", bench.stand.quirks);
            } else {
                assert!(
                    matches!(ran.code, Some(0 | 75)) && matches!(op(&bench).state, OpState::Sent | OpState::Unknown | OpState::Queued | OpState::NeedsReview),
                    "{ran:?}"
                );
                assert!(copies(&bench) <= 1);
            }
        }
    }
}

/// The most memory a process had while it was there, in KiB.
fn highest(pid: u32) -> u64 {
    let mut most = 0;
    while let Ok(status) = std::fs::read_to_string(format!("/proc/{pid}/status")) {
        let Some(line) = status.lines().find(|line| line.starts_with("VmHWM:")) else { break };
        most = line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(most);
        std::thread::sleep(Duration::from_millis(3));
    }
    most
}
