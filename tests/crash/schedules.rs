//! Seeded schedules: an agent works, the network faults, the program is killed or crashes; then it is calm again.

use super::bench::{Bench, Ran, every, number};
use super::calm::{Decisions, Said, drain, judge, stays};
use super::dice::Dice;
use super::proxy::{Fault, Kind};
use caseload::server::{Area, VendorQuirks};
use reqwest::Method;
use serde_json::json;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// While it storms, every duration is this fraction: a send gives up after 0.6 s.
const STORM: &str = "0.01";
const DEFAULT: u64 = 60;

#[test]
fn nothing_is_lost_or_doubled_in_silence_whenever_it_is_killed() {
    let (first, count) = match number("CASELOAD_SEED") {
        Some(seed) => (seed, 1),
        None => (number("CASELOAD_FIRST_SEED").unwrap_or(1), number("CASELOAD_SCHEDULES").unwrap_or(DEFAULT)),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (tally, begun) = (Mutex::new(Tally::default()), Instant::now());
    let failures = every(first..first + count, |seed| {
        let mut own = Tally::default();
        let done = runtime.block_on(schedule(seed, &mut own));
        tally.lock().unwrap().add(&own);
        done
    });
    println!("{count} schedules in {:.1} s: {:?}", begun.elapsed().as_secs_f64(), tally.into_inner().unwrap());
    for (seed, why) in &failures {
        eprintln!("schedule {seed}: {why}\nalone: CASELOAD_SEED={seed} cargo test --test all crash::schedules -- --nocapture\n");
    }
    assert!(failures.is_empty(), "schedules {:?} failed", failures.iter().map(|(seed, _)| seed).collect::<Vec<_>>());
}

fn quirks(dice: &mut Dice) -> VendorQuirks {
    if dice.percent(40) {
        return VendorQuirks::default();
    }
    VendorQuirks {
        drop_meta: dice.percent(30),
        round_times: dice.percent(30),
        lag_reads: dice.percent(30).then(|| Duration::from_millis(20 + dice.below(200))),
        ..VendorQuirks::plain()
    }
}

/// What happened in all of them, so that nobody takes a calm day for a storm.
#[derive(Debug, Default)]
struct Tally {
    commands: u64,
    cut_short: u64,
    struck: u64,
    said: u64,
    promised: u64,
    decided: u64,
    twins: u64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        let sums = [&mut self.commands, &mut self.cut_short, &mut self.struck, &mut self.said, &mut self.promised, &mut self.decided, &mut self.twins];
        let more = [other.commands, other.cut_short, other.struck, other.said, other.promised, other.decided, other.twins];
        sums.into_iter().zip(more).for_each(|(sum, more)| *sum += more);
    }
}

async fn schedule(seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut dice = Dice::of(seed);
    let mut bench = Bench::open(quirks(&mut dice)).await;
    let mut story = vec![format!("{:?}", bench.stand.quirks)];
    let (mut said, mut decisions) = (Vec::new(), Decisions::default());
    for turn in 0..2 + dice.below(2) {
        others(&bench, seed, turn, &mut dice, &mut story).await;
        for command in commands(seed, turn, &mut dice, &bench, &mut decisions) {
            let away = storm(&bench, &mut dice, &mut story);
            let ran = suffer(&bench, &mut dice, &command, &mut story);
            if away {
                bench.proxy.open().await;
            }
            tally.commands += 1;
            tally.cut_short += u64::from(ran.code.is_none());
            tally.promised += u64::from(matches!(ran.code, Some(0 | 75)));
            if let Some(at) = command.iter().position(|word| word == "--text").filter(|_| command[0] != "edit") {
                said.push(Said { text: command[at + 1].clone(), ran });
            }
        }
    }
    let told = |why: String| format!("{why}\n{}", story.join("\n"));
    drain(&bench, &mut dice, &mut decisions).await.map_err(told)?;
    judge(&bench, &said, &decisions).map_err(told)?;
    tally.struck += bench.proxy.struck();
    tally.said += said.iter().filter(|said| bench.op(&said.text).is_some()).count() as u64;
    tally.decided += decisions.made;
    tally.twins += bench.ops().iter().map(|op| u64::from(op.twins)).sum::<u64>();
    stays(&bench).map_err(told)
}

/// What customers and colleagues do meanwhile.
async fn others(bench: &Bench, seed: u64, turn: u64, dice: &mut Dice, story: &mut Vec<String>) {
    let house = &bench.stand.truth;
    let case = dice.one(&[1, 1, 2, 8]);
    if dice.percent(25) && matches!(bench.truth().status(case), "active") {
        let text = format!("customer {seed} {turn}");
        let said = house.request(Method::POST, "/crm/messenger/chat/add-message?x-user-type=contact");
        // A close of ours that was late may have been faster: then the customer could not.
        let _any = said.json(&json!({"caseId": case, "message": {"type": "message", "message": text}})).send().await.unwrap();
        story.push(format!("the customer of {case} writes"));
    }
    if dice.percent(6) && bench.truth().status(1) == "active" {
        let key = house.key(&[Area::Full], 18);
        let close = house.bare(Method::POST, "/crm/messenger/chat/close").bearer_auth(key);
        let _any = close.json(&json!({"caseId": 1, "closingState": "handled"})).send().await.unwrap();
        story.push("a colleague closes 1".to_owned());
    }
}

/// What the agent does next.
fn commands(seed: u64, turn: u64, dice: &mut Dice, bench: &Bench, decisions: &mut Decisions) -> Vec<Vec<String>> {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let case = dice.one(&["1", "1", "1", "8", "8", "4", "5"]);
    let text = format!("s{seed}t{turn}");
    match dice.below(20) {
        0..=7 => vec![words(&["reply", case, "--text", &text])],
        8..=9 => vec![words(&["note", dice.one(&["1", "8"]), "--text", &text])],
        10..=12 => vec![words(&["reply", case, "--text", &text]), words(&["close", case])],
        13 => vec![words(&["close", case])],
        14 => vec![words(&["claim", "2"])],
        15 => vec![words(&["reopen", "3"])],
        16 if dice.percent(60) => vec![words(&["edit", "1", "2", "--text", &format!("edited {text}")])],
        16 => vec![words(&["delete", "1", "2"])],
        17 => vec![words(&["snooze", "8", "--until", "2d"])],
        18 => {
            let waiting = bench.waiting();
            let Some(op) = waiting.first() else { return vec![words(&["sync"])] };
            decisions.again.insert(op.id());
            vec![words(&["outbox", "retry", &op.id().to_string()])]
        }
        _ => vec![words(&["sync"])],
    }
}

/// What the network does to the next command. Gives whether it is away.
fn storm(bench: &Bench, dice: &mut Dice, story: &mut Vec<String>) -> bool {
    bench.proxy.pass();
    let away = dice.percent(5);
    if away {
        bench.proxy.shut();
        story.push("the server is away".to_owned());
    } else if dice.percent(60) {
        let kind = dice.one(&[Kind::Writes, Kind::Writes, Kind::Writes, Kind::Reads, Kind::All]);
        let script: Vec<Fault> = (0..=dice.below(2)).map(|_| fault(dice)).collect();
        story.push(format!("{kind:?} meet {script:?}"));
        bench.proxy.does(kind, script);
    }
    away
}

fn fault(dice: &mut Dice) -> Fault {
    let effect = dice.percent(50);
    match dice.below(22) {
        0..=1 => Fault::Pass,
        2 => Fault::Reset,
        3..=4 => Fault::Swallow,
        5 => Fault::HangUp,
        6..=8 => Fault::LoseAnswer,
        9..=10 => Fault::Cut(usize::try_from(dice.below(500)).unwrap()),
        11 => Fault::Hold(Duration::from_millis(dice.below(900))),
        12..=13 => Fault::Late(Duration::from_millis(dice.below(300))),
        14 => Fault::Twice,
        15 => Fault::OtherCase,
        16 => Fault::says(dice.one(&[500, 502, 503, 504]), &[], "{}", effect),
        17 => Fault::says(429, &[("retry-after", dice.one(&["1", "1000000000", "soon", "Mon, 23 Nov 2026 12:00:00 GMT"]))], "", false),
        18 => Fault::says(dice.one(&[408, 425, 409]), &[], "", effect),
        19 => Fault::says(307, &[("location", "http://127.0.0.1:9/")], "", false),
        20 => Fault::says(200, &[("content-type", "text/html")], dice.one(&["<html>log in</html>", ""]), effect),
        _ => Fault::says(dice.one(&[401, 403]), &[], "", false),
    }
}

/// Runs it, and perhaps not to its end.
fn suffer(bench: &Bench, dice: &mut Dice, command: &[String], story: &mut Vec<String>) -> Ran {
    let args: Vec<&str> = command.iter().map(String::as_str).collect();
    let (how, ran) = match dice.below(10) {
        0..=2 => {
            let after = Duration::from_micros(5_000 + dice.below(120_000));
            (format!("killed after {after:?}"), bench.killed(STORM, &args, after))
        }
        3..=5 => {
            let at = 1 + dice.below(20);
            (format!("aborted at {at}"), bench.aborted(STORM, &args, &at.to_string()))
        }
        _ => (String::new(), bench.run(STORM, &args)),
    };
    story.push(format!("{args:?} {how}: {ran:?}"));
    ran
}
