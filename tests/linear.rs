//! The inbox line by line: the real program, lines in, words out, no terminal.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tempfile::TempDir;

struct Told {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    _home: TempDir,
}

impl Told {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_caseload"));
        command.args(["demo", "--linear", "--quiet", "--cases", "30", "--dir"]).arg(home.path().join("demo"));
        command.env("CASELOAD_HOME", home.path()).env("TERM", "dumb").env("CASELOAD_TIME_SCALE", "0.1");
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output, _home: home }
    }

    fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    /// Reads on until a line holds this; gives it.
    fn until(&mut self, wanted: &str) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            assert!(self.output.read_line(&mut line).unwrap() > 0, "ended before '{wanted}':\n{all}");
            assert!(line.chars().all(|c| c == '\n' || !c.is_control() && !('\u{2500}'..='\u{259f}').contains(&c)), "{line:?}");
            all.push_str(&line);
            if line.contains(wanted) {
                return line;
            }
        }
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
    told.say("nonsense");
    told.until("note: no command is called 'nonsense'");
    told.say("close-as");
    told.until("close as?");
    told.until("1: handled");
    told.say("/cancel");
    told.say("undo");
    told.until("done: undone");
    told.say("outbox");
    told.until("Nothing waits");
    told.say("quit");
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut told.output, &mut rest).unwrap();
    let ended = told.child.wait().unwrap();
    assert!(ended.success(), "{ended:?}: {rest}");
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
    drop(std::mem::replace(&mut told.input, Command::new("true").stdin(Stdio::piped()).spawn().unwrap().stdin.take().unwrap()));
    told.until("done: draft kept");
    assert!(told.child.wait().unwrap().success());
}
