//! The inbox line by line: the real program, lines in, words out, no terminal.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;
use tempfile::TempDir;

struct Told {
    child: Child,
    input: Option<ChildStdin>,
    output: Receiver<String>,
    home: Option<TempDir>,
}

impl Told {
    fn new() -> Self {
        Self::at(tempfile::tempdir().unwrap())
    }

    fn at(home: TempDir) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_caseload"));
        command.args(["demo", "--linear", "--quiet", "--cases", "30", "--dir"]).arg(home.path().join("demo"));
        command.env("CASELOAD_HOME", home.path()).env("TERM", "dumb");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let input = child.stdin.take();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, output) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, input, output, home: Some(home) }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Reads on until a line holds this; gives it.
    fn until(&mut self, wanted: &str) -> String {
        let mut all = String::new();
        loop {
            let line = self.output.recv_timeout(Duration::from_secs(60)).unwrap_or_else(|_| panic!("nothing of '{wanted}' in:\n{all}"));
            assert!(line.chars().all(|c| !c.is_control() && !('\u{2500}'..='\u{259f}').contains(&c)), "{line:?}");
            all.push_str(&line);
            all.push('\n');
            if line.contains(wanted) {
                return line;
            }
        }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let _ended = self.child.kill();
    }
}

#[test]
fn a_case_is_read_answered_and_closed_by_words() {
    let mut told = Told::new();
    told.until("caseload, line by line");
    told.until("row 1: ");
    told.say("mine");
    told.until("Mine: ");
    let row = told.until("row 1: ");
    let number = row.split("number ").nth(1).unwrap().split('.').next().unwrap().to_owned();
    told.say("open");
    told.until(&format!("thread #{number}"));
    told.until("end of the thread");
    told.say("reply");
    told.until(&format!("reply to the customer on #{number}"));
    told.say("It leaves today.");
    told.say("..");
    told.until(&format!("done: replied to and closed #{number}"));
    told.say("undo");
    told.until("done: undone");
    told.say("nonsense");
    told.until("note: no command is called 'nonsense'");
    told.say("close-as");
    told.until("close as?");
    told.until("1: handled");
    told.say("/cancel");
    told.say("outbox");
    told.until("Nothing waits");
    told.say("quit");
    assert!(told.child.wait().unwrap().success());
}

#[test]
fn when_the_lines_end_the_draft_is_kept_and_the_program_leaves() {
    let mut told = Told::new();
    told.until("row 1: ");
    told.say("open");
    told.until("end of the thread");
    told.say("note");
    told.until("note for agents only");
    told.say("half a thought");
    drop(told.input.take());
    assert!(told.child.wait().unwrap().success());
    let mut again = Told::at(told.home.take().unwrap());
    again.until("row 1: ");
    again.say("drafts");
    assert!(again.until("row 1: ").contains("a draft of yours"));
}
