//! Every crash point there is: a script is run once to count the points it passes, then once for each of them with a crash
//! there. Afterwards it is calm, the story must hold, and a further sync must change nothing.

use super::bench::{Bench, Ran, every, number};
use super::calm::{Decisions, Said, drain, judge, stays};
use super::dice::Dice;
use super::proxy::{Fault, Kind};
use caseload::server::VendorQuirks;
use std::sync::Mutex;
use std::time::Instant;

const SCALE: &str = "0.01";

/// What the agent does, one command after the other; `OP` is the operation that waits.
struct Script {
    name: &'static str,
    steps: &'static [&'static [&'static str]],
    /// The first write of each step meets this.
    network: Fault,
    quirks: VendorQuirks,
    /// Steps before this one are run as they are; with `died`, the last of them ends at this point.
    from: usize,
    died: Option<&'static str>,
}

const WORK: &[&[&str]] = &[&["reply", "1", "--text", "once"], &["close", "1"], &["sync"]];
const REST: &[&[&str]] = &[&["reply", "1", "--text", "once"], &["sync"]];
const DRAFT: &[&[&str]] = &[&["reply", "3", "--text", "once"], &["outbox", "resolve", "OP", "draft"]];
const REOPEN: &[&[&str]] = &[&["reply", "3", "--text", "once"], &["outbox", "resolve", "OP", "reopen"]];
const RETRY: &[&[&str]] = &[&["reply", "1", "--text", "once"], &["outbox", "retry", "OP"]];

fn unmarked() -> VendorQuirks {
    VendorQuirks { drop_meta: true, ..VendorQuirks::plain() }
}

fn scripts() -> Vec<Script> {
    let mut all = Vec::new();
    for quirks in [VendorQuirks::default(), VendorQuirks::plain()] {
        for network in [Fault::Pass, Fault::LoseAnswer, Fault::Swallow] {
            all.push(Script { name: "reply, close, sync", steps: WORK, network, quirks: quirks.clone(), from: 0, died: None });
        }
        for died in ["outbox: now sending", "request: answered or lost"] {
            let network = Fault::Pass;
            all.push(Script { name: "sync after a crash", steps: REST, network, quirks: quirks.clone(), from: 1, died: Some(died) });
        }
    }
    let plain = VendorQuirks::plain;
    for (name, steps) in [("back to the draft", DRAFT), ("reopen and say it there", REOPEN)] {
        all.push(Script { name, steps, network: Fault::Pass, quirks: plain(), from: 1, died: None });
    }
    for quirks in [plain(), unmarked()] {
        all.push(Script { name: "retry", steps: RETRY, network: Fault::Swallow, quirks, from: 1, died: None });
    }
    all
}

#[test]
fn a_crash_at_every_point_loses_and_doubles_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let begun = Instant::now();
    let scripts = scripts();
    // Which step of which script, and at which of its points.
    let places = Mutex::new(Vec::new());
    let failed = every(0..scripts.len() as u64, |script| {
        let at = usize::try_from(script).unwrap();
        for (step, names) in runtime.block_on(counted(&scripts[at])).into_iter().enumerate().skip(scripts[at].from) {
            places.lock().unwrap().extend(names.into_iter().zip(1..).map(|(name, point)| (at, step, point, name)));
        }
        Ok(())
    });
    assert!(failed.is_empty());
    let mut places = places.into_inner().unwrap();
    places.sort();
    assert!(places.len() > 100, "only {} points", places.len());
    let thin = number("CASELOAD_POINTS").unwrap_or(8);
    let failed = every(0..places.len() as u64, |place| {
        if place % thin != 0 {
            return Ok(());
        }
        let (number, step, point, name) = &places[usize::try_from(place).unwrap()];
        let script = &scripts[*number];
        runtime.block_on(crashed(script, *step, *point)).map_err(|why| {
            let Script { name: what, network, quirks, .. } = script;
            format!("{what} ({network:?}, {quirks:?}): a crash in step {step} at point {point}, '{name}': {why}")
        })
    });
    println!("{} points of {} scripts, one in {thin}, in {:.1} s", places.len(), scripts.len(), begun.elapsed().as_secs_f64());
    assert!(failed.is_empty(), "{}", failed.into_iter().map(|(_, why)| why).collect::<Vec<_>>().join("\n\n"));
}

/// The names of the points that each step passes.
async fn counted(script: &Script) -> Vec<Vec<String>> {
    let bench = Bench::open(script.quirks.clone()).await;
    let mut all = Vec::new();
    for step in 0..script.steps.len() {
        let log = bench.file(&format!("points{step}"));
        let mut command = bench.command(SCALE, &order(script, step, &bench).iter().map(String::as_str).collect::<Vec<_>>());
        command.env("CASELOAD_CRASH_LOG", &log);
        if let Some(at) = script.died.filter(|_| step + 1 == script.from) {
            command.env("CASELOAD_CRASH", at);
        }
        let _any = super::bench::ended(command.spawn().unwrap());
        all.push(std::fs::read_to_string(&log).unwrap_or_default().lines().map(str::to_owned).collect());
    }
    all
}

/// Sets the network for a step and gives its command.
fn order(script: &Script, step: usize, bench: &Bench) -> Vec<String> {
    bench.proxy.does(Kind::Writes, if step < script.from || script.from == 0 { vec![script.network.clone()] } else { Vec::new() });
    let waits = || bench.waiting().first().map_or_else(|| "none".to_owned(), |op| op.id().to_string());
    script.steps[step].iter().map(|word| if *word == "OP" { waits() } else { (*word).to_owned() }).collect()
}

async fn crashed(script: &Script, crash: usize, at: u64) -> Result<(), String> {
    let bench = Bench::open(script.quirks.clone()).await;
    let (mut said, mut decisions): (Vec<Said>, _) = (Vec::new(), Decisions::default());
    for step in 0..script.steps.len() {
        let words = order(script, step, &bench);
        if words.contains(&"retry".to_owned()) {
            decisions.again.extend(bench.waiting().iter().map(caseload::model::Op::id));
        }
        let args: Vec<&str> = words.iter().map(String::as_str).collect();
        let before = script.died.filter(|_| step + 1 == script.from).map(str::to_owned);
        let end = if step == crash { Some(at.to_string()) } else { before };
        let ran: Ran = end.map_or_else(|| bench.run(SCALE, &args), |at| bench.aborted(SCALE, &args, &at));
        if args.contains(&"--text") {
            said.push(Said { text: args[3].to_owned(), ran });
        }
    }
    drain(&bench, &mut Dice::of(at), &mut decisions).await?;
    judge(&bench, &said, &decisions)?;
    stays(&bench)
}
