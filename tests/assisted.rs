//! A program that assists, in a real terminal: a real script hears the thread, its words come into the box, and nothing is
//! sent that nobody looked at.
#![expect(clippy::disallowed_methods, reason = "the test writes the script and reads what it heard")]

use crate::session::thread;
use crate::terminal::Terminal;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// The demo with a script that assists, at a case of the agent's with the box open.
fn at_the_box(folder: &Path, script: &str) -> (Terminal, i64) {
    let (program, config) = (folder.join("assist.sh"), folder.join("assist.toml"));
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(&config, format!("[assist]\ncommand = [{:?}, \"--reply\"]\nlimit = \"20s\"\n", program.to_str().unwrap())).unwrap();
    let arguments = ["demo", "--quiet", "--seed", "7", "--cases", "60", "--config", config.to_str().unwrap(), "--dir", folder.to_str().unwrap()];
    let environment = [("CASELOAD_TIME_SCALE", "0.05"), ("CASELOAD_API_KEY", "the-canary-key")];
    let mut inbox = Terminal::start(&arguments, &environment, folder, (120, 40));
    inbox.shows("Queue");
    inbox.press("2").shows("[Mine");
    inbox.press("/channel:chat\r");
    let screen = inbox.until("a thread of mine", |screen| screen.contains("· yours") && thread(screen).is_some() && screen.contains("channel:chat"));
    let case = thread(&screen).unwrap();
    inbox.press("\r").shows("You ·");
    inbox.press("r").shows("Ctrl-s sends it");
    (inbox, case)
}

#[test]
fn a_script_hears_the_thread_and_its_words_are_sent_only_after_a_look() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let script = "cat > \"$CASELOAD_HOME/heard.json\"\nenv > \"$CASELOAD_HOME/env.txt\"\nprintf 'It left today.\\033[2J $1 is %s\\n' \"$1\"";
    let (mut inbox, case) = at_the_box(folder, script);
    inbox.press("half a thought").press("\x18a").shows("$1 is --reply");
    inbox.press("\x13").shows("assist wrote this a moment ago");
    inbox.press("\x13").until("sent", |screen| screen.contains("replied to") || !screen.contains("┏ Reply"));
    inbox.until("everything sent", |screen| !screen.contains("outbox ") && !screen.contains("held"));
    let heard: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("heard.json")).unwrap()).unwrap();
    assert_eq!((&heard["draft"]["text"], heard["draft"]["caseId"].as_i64()), (&"half a thought".into(), Some(case)));
    assert!(heard["messages"].as_array().is_some_and(|messages| !messages.is_empty()) && heard["cases"].is_array() && heard["threadId"].is_i64());
    let seen = std::fs::read_to_string(folder.join("env.txt")).unwrap();
    assert!(seen.contains("CASELOAD_HOME=") && !seen.contains("canary"), "{seen}");
    inbox.press("q").press("q");
    inbox.ended();
}

#[test]
fn one_types_on_while_it_works_and_esc_ends_it() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let script = "echo $$ > \"$CASELOAD_HOME/pid.new\"; mv \"$CASELOAD_HOME/pid.new\" \"$CASELOAD_HOME/pid\"\nsleep 1000";
    let (mut inbox, _) = at_the_box(folder, script);
    inbox.press("\x18a").shows("assist is writing");
    inbox.press("typed meanwhile").shows("typed meanwhile");
    inbox.until("its number", |_| folder.join("pid").exists());
    inbox.press("\x1b").shows("assist was stopped");
    inbox.until("the box", |screen| screen.contains("typed meanwhile") && screen.contains("┏ Reply"));
    let pid = std::fs::read_to_string(folder.join("pid")).unwrap();
    let gone = || !std::process::Command::new("kill").args(["-0", pid.trim()]).stderr(std::process::Stdio::null()).status().unwrap().success();
    inbox.until("its end", |_| gone());
    inbox.press("\x1b").shows("draft kept");
    inbox.press("q").press("q");
    inbox.ended();
}
