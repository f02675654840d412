//! Do the tests notice? Eight faults that lose, double or disorder replies, each a small change of one file, and the tests that must
//! fail of it. That each fault still has its place is looked at every time; planting them takes minutes and is asked for:
//! `cargo test --test all mutants -- --ignored --nocapture`.

mod marked;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

struct Mutant {
    name: &'static str,
    file: &'static str,
    /// What stands there exactly once, and what is put in its place.
    find: &'static str,
    put: &'static str,
    /// Where the test is that must fail: `--lib` or `--test all`, and its name.
    kind: &'static [&'static str],
    test: &'static str,
}

const LIB: &[&str] = &["--lib"];
const ALL: &[&str] = &["--test", "all"];

const MUTANTS: [Mutant; 8] = [
    Mutant {
        name: "sends again what has an unknown outcome",
        file: "src/app/proof.rs",
        find: "    if state.sync.idempotency && op.mutation.change != Change::Reopen {\n        // Once at once",
        put: "    if op.mutation.change != Change::Reopen {\n        // Once at once",
        kind: ALL,
        test: "sync::marker",
    },
    Mutant {
        name: "marks as sending only after the request",
        file: "src/runtime/perform.rs",
        find: "if !store.advance(&op, &[OpState::Queued])? {",
        put: "if self.world.store.op(op.id())?.is_none_or(|held| held.state != OpState::Queued) {",
        kind: ALL,
        test: "mutants::marked",
    },
    Mutant {
        name: "matches by the words only",
        file: "src/app/seen.rs",
        find: "ids(&|message| message.op_id() == Some(op.id()))",
        put: "ids(&|message| bare(message.message.raw()) == bare(op.mutation.change.text().unwrap_or_default()))",
        kind: ALL,
        test: "sync::marker",
    },
    Mutant {
        name: "does not wait for the disk to have the mark",
        file: "src/store/outbox.rs",
        find: "synchronous: \"FULL\"",
        put: "synchronous: \"NORMAL\"",
        kind: LIB,
        test: "store::outbox::tests",
    },
    Mutant {
        name: "has no lock: two processes send",
        file: "src/store/sender.rs",
        find: "Err(TryLockError::WouldBlock) => return Ok(None),",
        put: "Err(TryLockError::WouldBlock) => {}",
        kind: ALL,
        test: "store::outbox::two_stores",
    },
    Mutant {
        name: "takes a 5xx for a refusal",
        file: "src/api/classify/mod.rs",
        find: "Heard::Answer { status, body, .. } => unknown(answered(*status, &fail::fail(body))),",
        put: "Heard::Answer { status, body, .. } => Outcome::Refused { cause: answered(*status, &fail::fail(body)) },",
        kind: ALL,
        test: "sync::marker",
    },
    Mutant {
        name: "closes before the reply is there",
        file: "src/app/lane.rs",
        find: "self.moving || (self.failed_words || self.scheduled) && closes",
        put: "self.moving && !closes || self.failed_words && closes",
        kind: ALL,
        test: "sync::marker",
    },
    Mutant {
        name: "ignores a marker that comes late",
        file: "src/app/proof.rs",
        find: "Some(op) if op.state == OpState::Sending => {}",
        put: "Some(op) if matches!(op.state, OpState::Sending | OpState::NeedsReview) => {}",
        kind: ALL,
        test: "sync::marker_without_bound",
    },
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_mutant_has_its_place() {
    for mutant in &MUTANTS {
        let text = std::fs::read_to_string(root().join(mutant.file)).unwrap();
        assert_eq!(text.matches(mutant.find).count(), 1, "\"{}\": not exactly once in {}: {}", mutant.name, mutant.file, mutant.find);
    }
}

#[test]
#[ignore = "builds the program nine times"]
fn every_mutant_is_noticed() {
    let tree = tempfile::tempdir().unwrap();
    copy(root(), tree.path());
    let mut escaped = Vec::new();
    for kind in [LIB, ALL] {
        for mutant in MUTANTS.iter().filter(|mutant| mutant.kind == kind) {
            let (passed, said) = run(tree.path(), mutant);
            assert!(passed, "without a fault `{}` fails:\n{said}", mutant.test);
        }
    }
    for mutant in &MUTANTS {
        let began = Instant::now();
        let file = tree.path().join(mutant.file);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replacen(mutant.find, mutant.put, 1)).unwrap();
        let (passed, said) = run(tree.path(), mutant);
        std::fs::write(&file, text).unwrap();
        assert!(!said.contains("could not compile"), "\"{}\" is no program:\n{said}", mutant.name);
        let verdict = if passed { "ESCAPED" } else { "noticed" };
        println!("{verdict:9} {} ({}, {} s){}", mutant.name, mutant.test, began.elapsed().as_secs(), why(&said));
        if passed {
            escaped.push(mutant.name);
        }
    }
    assert!(escaped.is_empty(), "nobody notices: {escaped:?}");
}

/// Builds the tree as it is and runs the tests that should notice. Did they pass, and what did they say?
fn run(tree: &Path, mutant: &Mutant) -> (bool, String) {
    let target = std::env::var_os("CASELOAD_MUTANTS").map_or_else(|| root().join("target/mutants"), PathBuf::from);
    let mut cargo = Command::new(env!("CARGO"));
    cargo.arg("test").arg("--locked").args(mutant.kind).arg(mutant.test).current_dir(tree).env("CARGO_TARGET_DIR", target);
    // The compiler of this build: another may be asked for by a folder that cargo builds in.
    cargo.env("RUSTC", Path::new(env!("CARGO")).with_file_name("rustc"));
    cargo.env("CASELOAD_SIMULATED", "40000").env("RUST_BACKTRACE", "0").env_remove("CASELOAD_WORLD");
    let ended = cargo.output().unwrap();
    let said = String::from_utf8_lossy(&ended.stdout).into_owned() + &String::from_utf8_lossy(&ended.stderr);
    assert!(!said.contains("running 0 tests") || said.contains("running 1 test") || ended.status.code() == Some(101), "`{}` names no test", mutant.test);
    (ended.status.success(), said)
}

/// What the simulation found wrong, in its words.
fn why(said: &str) -> String {
    let found = said.lines().find_map(|line| line.strip_prefix("Found { ")).and_then(|line| line.split(", composed").next());
    let wrong: Vec<_> = found.into_iter().flat_map(|found| found.split(", ")).filter(|count| !count.ends_with(": 0")).collect();
    if wrong.is_empty() { String::new() } else { format!(": {}", wrong.join(", ")) }
}

/// Everything but what is built and what git knows.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let name = entry.file_name();
        if entry.path().is_dir() && name != "target" && name != ".git" {
            copy(&entry.path(), &to.join(name));
        } else if entry.path().is_file() && name != ".git" {
            std::fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}
