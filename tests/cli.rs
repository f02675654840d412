//! The real program against its own server on a free port: commands, exit codes, JSON, and what must never be printed.

mod attachments;
mod canned;
mod history;
mod later;
mod ledger;
mod letter;
mod outbox;
mod reads;
mod usage;
mod views;
mod workload;
mod writes;

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A server with a few cases, and a home of an agent beside it.
pub struct House {
    folder: TempDir,
    server: Option<Child>,
    url: String,
    key: String,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl House {
    /// Serves so many cases.
    pub fn of(cases: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut house = Self { folder, server: None, url: "http://127.0.0.1:9".into(), key: "nobody-knows-this-key".into() };
        let said = house.serve("127.0.0.1:0", &["--demo", &cases.to_string()]);
        said["key"].as_str().unwrap().clone_into(&mut house.key);
        house
    }

    /// A home without a server behind the configured address.
    pub fn alone() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None, url: "http://127.0.0.1:9".into(), key: "nobody-knows-this-key".into() }
    }

    fn serve(&mut self, listen: &str, more: &[&str]) -> Value {
        let database = self.folder.path().join("server.db");
        let mut server = bare(&self.folder.path().join("elsewhere"))
            .args(["serve", "--json", "--listen", listen, "--database"])
            .arg(database)
            .args(more)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        self.server = Some(server);
        let said: Value = serde_json::from_str(&line).unwrap();
        said["url"].as_str().unwrap().clone_into(&mut self.url);
        said
    }

    pub fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            server.kill().unwrap();
            server.wait().unwrap();
        }
    }

    /// The same server at the same address again.
    pub fn start(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        self.serve(&address, &[]);
    }

    /// Where the server is, and the key it takes.
    pub fn account(&self) -> (&str, &str) {
        (&self.url, &self.key)
    }

    /// A key of another agent, who is new to the server.
    pub fn colleague(&self, name: &str) -> String {
        let database = self.folder.path().join("server.db");
        let made = bare(&self.folder.path().join("elsewhere"))
            .args(["keys", "create", "--json", "--name", "colleague", "--user", "4711", "--user-name", name, "--database"])
            .arg(database)
            .output()
            .unwrap();
        let said: Value = serde_json::from_slice(&made.stdout).unwrap();
        said["key"].as_str().unwrap().to_owned()
    }

    pub fn home(&self) -> std::path::PathBuf {
        self.folder.path().join("home")
    }

    pub fn command(&self) -> Command {
        let mut command = bare(&self.home());
        command.env("CASELOAD_URL", &self.url).env("CASELOAD_API_KEY", &self.key);
        command
    }

    pub fn run(&self, args: &[&str]) -> Ended {
        self.said(self.command().args(args), "")
    }

    pub fn run_with(&self, args: &[&str], input: &str) -> Ended {
        self.said(self.command().args(args), input)
    }

    /// Runs it and checks what holds for every command: no key, no escape byte, anywhere.
    pub fn said(&self, command: &mut Command, input: &str) -> Ended {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that reads nothing may be gone already.
        let _gone = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let ended = Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) };
        for said in [&ended.out, &ended.err] {
            assert!(!said.contains(&self.key), "the key was printed: {said}");
            assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "a control character was printed: {said:?}");
        }
        ended
    }

    /// The objects of a command that must go well.
    pub fn json(&self, args: &[&str]) -> Vec<Value> {
        let ended = self.run(&[args, &["--json"]].concat());
        assert_eq!(ended.code, 0, "{args:?}: {ended:?}");
        ended.lines()
    }

    /// A case of this status.
    pub fn case(&self, filter: &str) -> String {
        let cases = self.json(&["list", filter]);
        cases.first().unwrap_or_else(|| panic!("no case is {filter}"))["id"].to_string()
    }
}

impl Ended {
    pub fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }

    pub fn only(&self) -> Value {
        let mut lines = self.lines();
        assert_eq!(lines.len(), 1, "{self:?}");
        lines.remove(0)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Is this the object of that number?
pub fn is(value: &Value, id: &str) -> bool {
    value["id"].as_i64() == id.parse().ok()
}

/// The program in an environment that holds nothing but a home.
pub fn bare(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caseload"));
    command.env_clear().env("CASELOAD_HOME", home).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // Nothing may be looked for in a home that is not there.
    command.env("HOME", home.join("nobody"));
    command
}

/// Every file below a folder, as one heap of bytes.
pub fn bytes_below(folder: &Path) -> Vec<u8> {
    let mut heap = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            heap.extend(bytes_below(&entry.path()));
        } else {
            std::fs::File::open(entry.path()).unwrap().read_to_end(&mut heap).unwrap();
        }
    }
    heap
}
