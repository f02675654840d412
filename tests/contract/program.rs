//! The whole program against the vendor's double: what sync reaches, what a command answers, and how it ends.

use super::account::{Stand, doubles};
use super::line::{Does, Line};
use crate::cli::{Ended, bare};
use caseload::server::VendorQuirks;
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Time-outs and waits are a twentieth.
const SCALE: &str = "0.05";
/// A command that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(15);

/// An agent's desk: a home, and a line to the server.
pub struct Desk {
    pub stand: Stand,
    pub line: Line,
    home: TempDir,
}

impl Desk {
    pub async fn open(quirks: VendorQuirks) -> Self {
        let stand = Stand::open(quirks).await;
        let line = Line::to(&stand.house.origin);
        let home = tempfile::tempdir().unwrap();
        // The vendor does not say whom a key acts as.
        std::fs::write(home.path().join("config.toml"), "user_id = 17\nuser_name = \"Ana\"\n").unwrap();
        Self { stand, line, home }
    }

    /// One more line in the agent's config.
    pub fn configured(&self, line: &str) {
        let file = self.home.path().join("config.toml");
        let before = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, format!("{before}{line}\n")).unwrap();
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        let mut command = bare(self.home.path());
        command.env("CASELOAD_URL", &self.line.origin).env("CASELOAD_API_KEY", &self.stand.house.key).env("CASELOAD_TIME_SCALE", SCALE);
        let mut child = command.args(args).arg("--json").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if begun.elapsed() > LONGEST {
                child.kill().unwrap();
                panic!("{:?} {args:?} does not end: {:?}", self.stand.quirks, child.wait_with_output());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// A command that must end so, and its one object.
    pub fn ends(&self, code: i32, args: &[&str]) -> Value {
        let ended = self.run(args);
        assert_eq!(ended.code, code, "{:?} {args:?}: {ended:?}", self.stand.quirks);
        ended.only()
    }

    pub fn rows(&self, args: &[&str]) -> Vec<Value> {
        let ended = self.run(args);
        assert_eq!(ended.code, 0, "{:?} {args:?}: {ended:?}", self.stand.quirks);
        ended.lines()
    }

    /// The newest operation, as the outbox has it.
    pub fn newest_op(&self) -> Value {
        self.rows(&["outbox", "list", "--all"]).pop().unwrap()
    }

    fn cached(&self) -> BTreeSet<i64> {
        self.rows(&["list", "--all", "--offline"]).iter().filter_map(|case| case["id"].as_i64()).collect()
    }

    fn status(&self, case: i64) -> Value {
        let rows = self.rows(&["list", "--all", "--offline"]);
        rows.into_iter().find(|row| row["id"] == case).unwrap()["status"].clone()
    }
}

/// Doubles whose every case can be reached.
fn reachable() -> Vec<(&'static str, VendorQuirks)> {
    let mut all = doubles();
    let last = all.pop().unwrap().1;
    let patient = VendorQuirks { ignore_page: true, max_limit: Some(3), ..VendorQuirks::default() };
    all.extend([("all but ignore_page", VendorQuirks { ignore_page: false, ..last }), ("ours without pages", patient)]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn sync_reaches_every_case_and_message_of_every_double() {
    for (name, quirks) in reachable() {
        let desk = Desk::open(quirks).await;
        for _ in 0..2 {
            assert_eq!(desk.ends(0, &["sync"])["complete"], true, "{name}");
        }
        assert_eq!(desk.cached(), (1..=8).collect(), "{name}");
        for (case, messages) in [(1, 4), (2, 1), (4, 2), (5, 1), (8, 3)] {
            let shown = desk.ends(0, &["show", &case.to_string(), "--offline"]);
            assert_eq!(shown["messages"].as_array().unwrap().len(), messages, "{name}: case {case}");
        }
        assert_eq!(desk.ends(0, &["show", "7", "--offline"])["cases"].as_array().unwrap().len(), 3, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_whose_pages_do_not_turn_is_incomplete_and_says_why() {
    let (_, all) = doubles().pop().unwrap();
    let desk = Desk::open(all).await;
    for _ in 0..2 {
        let ended = desk.run(&["sync"]);
        assert_eq!((ended.code, &ended.only()["complete"]), (1, &Value::from(false)), "{ended:?}");
        assert!(ended.only()["cause"].as_str().unwrap().contains("ignores the page number: 3 of"), "{ended:?}");
        assert!(ended.err.contains("incomplete: the server ignores the page number"), "{ended:?}");
    }
    // What was reached is there, and what was not is found when it is named.
    assert!(desk.cached().is_superset(&(1..=3).collect()));
    assert_eq!(desk.ends(0, &["show", "8"])["cases"].as_array().unwrap().len(), 3);
    let listed = desk.run(&["list"]);
    assert!(listed.code == 0 && listed.err.contains("incomplete"), "{listed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_works_against_the_vendor_and_is_done_once() {
    let (_, all) = doubles().pop().unwrap();
    let strange = VendorQuirks { ignore_page: false, ..all };
    for quirks in [VendorQuirks::plain(), VendorQuirks { max_limit: Some(3), ..VendorQuirks::plain() }, strange] {
        let desk = Desk::open(quirks).await;
        desk.ends(0, &["sync"]);
        assert_eq!(desk.ends(0, &["reply", "1", "--text", "-- hello"])["state"], "sent");
        assert_eq!(desk.ends(0, &["note", "1", "--text", "for us"])["state"], "sent");
        assert_eq!(desk.ends(0, &["reply", "4", "--text", "by mail"])["state"], "sent");
        assert_eq!([desk.stand.times(1, "-- hello").await, desk.stand.times(1, "for us").await, desk.stand.times(4, "by mail").await], [1, 1, 1]);
        desk.ends(0, &["claim", "2"]);
        desk.ends(0, &["snooze", "2", "--until", "2d"]);
        desk.ends(0, &["sync"]);
        let snoozed: Vec<_> = desk.rows(&["list", "snoozed", "--offline"]).iter().map(|case| case["id"].clone()).collect();
        assert_eq!(snoozed, [2], "a list without follow-ups ends no snooze");
        desk.ends(0, &["close", "1"]);
        assert_eq!(desk.status(1), "closed");
        let id = desk.ends(0, &["reopen", "1"])["caseId"].clone();
        assert_eq!(id, 1);
        desk.ends(0, &["sync"]);
        assert_eq!((desk.status(1), desk.status(9)), ("closed".into(), "active".into()));
        assert_eq!(desk.ends(0, &["show", "1"])["cases"].as_array().unwrap().len(), 2);
        // What a closed case does not take waits for the agent.
        let late = desk.ends(75, &["reply", "3", "--text", "too late"]);
        assert_eq!(late["state"], "needs_review");
        assert_eq!(desk.ends(0, &["outbox", "list"])["text"], "too late");
        desk.ends(0, &["outbox", "drop", late["op_id"].as_str().unwrap()]);
        assert_eq!(desk.run(&["claim", "3"]).code, 1, "surely not applied");
        assert_eq!(desk.run(&["reply", "99", "--text", "to nobody"]).code, 1);
        assert_eq!(desk.run(&["reply", "1"]).code, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_elsewhere_is_learned_by_the_next_sync() {
    for quirks in [VendorQuirks::default(), VendorQuirks::plain(), VendorQuirks { round_times: true, ..VendorQuirks::plain() }] {
        let desk = Desk::open(quirks).await;
        desk.ends(0, &["snooze", "1", "--until", "2d"]);
        desk.ends(0, &["sync"]);
        assert_eq!(desk.rows(&["list", "snoozed", "--offline"]).len(), 1);
        // Another door of the same agent wakes it, and says two things within a second, read one by one.
        let id = desk.stand.stored(1).await["followUp"]["id"].clone();
        crate::server::house::ok(desk.stand.truth.request(reqwest::Method::DELETE, &format!("/crm/follow-up/{id}"))).await;
        for text in ["first word", "last word"] {
            crate::server::house::ok(desk.stand.truth.say(1, &serde_json::json!({"type": "message", "message": text}))).await;
            desk.ends(0, &["sync"]);
            let shown = desk.ends(0, &["show", "1", "--offline"]);
            assert!(shown["messages"].as_array().unwrap().iter().any(|message| message["message"] == text), "{text}");
        }
        // A server that never says whether there is one leaves it to its date.
        let says = !desk.stand.quirks.no_additions;
        assert_eq!(desk.rows(&["list", "snoozed", "--offline"]).is_empty(), says);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_without_a_server_waits_and_is_said_once() {
    let desk = Desk::open(VendorQuirks::plain()).await;
    desk.ends(0, &["sync"]);
    // Every request is lost on the way.
    desk.line.does("", Does::Swallow);
    let away = desk.run(&["reply", "1", "--text", "patience"]);
    assert_eq!((away.code, &away.only()["state"]), (75, &Value::from("queued")), "{away:?}");
    let listed = desk.run(&["list"]);
    assert!(listed.code == 0 && listed.err.contains("this is the cache"), "{listed:?}");
    assert_eq!(desk.run(&["sync"]).code, 1);
    desk.line.does("", Does::Pass);
    let kept = desk.run(&["reply", "1", "--text", "and more", "--offline"]);
    assert_eq!((kept.code, &kept.only()["state"]), (75, &Value::from("queued")), "{kept:?}");
    desk.ends(0, &["sync"]);
    desk.ends(0, &["sync"]);
    let ours: Vec<_> = desk.stand.said(1).await.into_iter().skip(4).map(|message| message["message"].clone()).collect();
    assert_eq!(ours, ["patience", "and more"], "once and in order");
}
