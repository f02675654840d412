//! The same account through the commands: no escape byte in any output, error or log; with `--json` every text exactly as the server
//! has it.

use super::account::{Account, ids};
use super::double::Double;
use super::{corpus, environment, furnish, oracle, screen, whole_product};
use crate::cli::bare;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;
use std::sync::atomic::Ordering;

struct Agent<'a> {
    double: &'a Double,
    home: &'a Path,
}

impl Agent<'_> {
    /// Runs a command and checks both of its outputs.
    fn run(&self, args: &[&str], more: &[(&str, &str)]) -> Output {
        let mut command = bare(self.home);
        command.envs(environment(self.double, &[("CASELOAD_TIME_SCALE", "0.05")])).envs(more.iter().copied()).args(args);
        let output = command.output().unwrap();
        for bytes in [&output.stdout, &output.stderr] {
            harmless(bytes, args);
        }
        output
    }

    fn said(&self, args: &[&str]) -> String {
        String::from_utf8(self.run(args, &[]).stdout).unwrap()
    }

    fn json(&self, args: &[&str]) -> Vec<Value> {
        let said = self.said(&[args, &["--json"]].concat());
        said.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }
}

fn harmless(bytes: &[u8], of: &[&str]) {
    let text = std::str::from_utf8(bytes).unwrap();
    let leaks = oracle::hidden(&text.replace('\n', " "));
    assert!(leaks.is_empty(), "{of:?} printed {leaks:?}");
}

/// Every string anywhere in a value, keys included.
fn strings(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(all) => all.iter().for_each(|one| strings(one, found)),
        Value::Object(members) => members.iter().for_each(|(key, one)| {
            found.insert(key.clone());
            strings(one, found);
        }),
        _ => {}
    }
}

#[test]
fn no_command_prints_what_steers_a_terminal_and_json_is_exact() {
    let home = tempfile::tempdir().unwrap();
    let double = Double::serve(Account::new(whole_product()));
    furnish(home.path());
    screen::stock_outbox(home.path(), &double);
    let agent = Agent { double: &double, home: home.path() };
    let mut plain = agent.said(&["list", "--all"]);
    let mut exact = BTreeSet::new();
    for case in agent.json(&["list", "--all"]) {
        strings(&case, &mut exact);
    }
    for unit in 0..double.account.units() {
        plain += &agent.said(&["show", &ids(unit)[1].to_string()]);
        plain += &agent.said(&["show", &ids(unit)[2].to_string(), "--offline"]);
        for shown in agent.json(&["show", &ids(unit)[1].to_string()]) {
            strings(&shown, &mut exact);
        }
    }
    let exported = agent.json(&["export"]);
    for thread in &exported {
        strings(thread, &mut exact);
    }
    plain += &agent.said(&["export"]);
    plain += &agent.said(&["outbox", "list"]);
    for op in agent.json(&["outbox", "list"]) {
        strings(&op, &mut exact);
    }
    for words in ["w0042w", "bold", "status"] {
        plain += &agent.said(&["search", words]);
        agent.json(&["search", words]);
    }
    let missing: Vec<_> = double.account.dealt.witnesses().difference(&corpus::witnesses(&plain)).cloned().collect();
    assert_eq!(missing, Vec::<String>::new(), "never printed");
    for evil in corpus::all() {
        assert!(exact.contains(&evil.text), "{:?} is not exact in JSON", evil.text.chars().take(80).collect::<String>());
    }
}

#[test]
fn no_error_and_no_log_line_does_either() {
    let home = tempfile::tempdir().unwrap();
    let double = Double::serve(Account::new(false));
    furnish(home.path());
    let agent = Agent { double: &double, home: home.path() };
    let evils: Vec<String> = corpus::all().into_iter().map(|evil| evil.text).filter(|text| !text.contains('\0') && text.len() < 200).collect();
    let some = |step: usize| evils.iter().skip(step).step_by(evils.len() / 12);
    let case = ids(0)[1].to_string();
    for text in some(0) {
        agent.run(&["reply", &case, "--text", text], &[]);
        agent.run(&["list", text], &[]);
        agent.run(&["show", text], &[]);
    }
    for text in some(1) {
        agent.run(&["list"], &[("CASELOAD_URL", text)]);
        agent.run(&["doctor"], &[("CASELOAD_URL", &format!("http://127.0.0.1:9/{text}"))]);
        agent.run(&["list", "--config", text], &[]);
    }
    for text in some(2) {
        agent.run(&["search", text], &[]);
        agent.run(&["macro", &case, text], &[]);
        agent.run(&["outbox", "show", text], &[]);
        agent.run(&["list"], &[("CASELOAD_TIME_SCALE", text)]);
    }
    for text in some(3) {
        let config = home.path().join("bad.toml");
        std::fs::write(&config, format!("url = 3 # {text}\n\"{text}\" = 1")).unwrap();
        agent.run(&["list", "--config", config.to_str().unwrap()], &[]);
        std::fs::write(&config, format!("key_file = {}", toml::Value::String(text.clone()))).unwrap();
        agent.run(&["list", "--config", config.to_str().unwrap()], &[("CASELOAD_API_KEY", "")]);
    }
    agent.run(&["config", "show"], &[]);
    agent.run(&["config", "show", "--json"], &[]);
    agent.run(&["doctor"], &[]);
    agent.run(&["doctor", "--json"], &[]);
    agent.run(&["sync"], &[]);
    for mood in [500, 401, 403, 418] {
        double.strange.mood.store(mood, Ordering::SeqCst);
        for args in [&["sync"][..], &["list"], &["doctor"], &["show", "99"], &["close", &case]] {
            agent.run(args, &[]);
        }
    }
    let log = std::fs::read(home.path().join("state/caseload.log")).unwrap_or_default();
    harmless(&log, &["the log"]);
}
