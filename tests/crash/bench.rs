//! A bench to break things on: an agent's home, the server (ours or the vendor's double) and between them a proxy that faults.
//! The program is the real one; what it stored and what the server has are read from the databases themselves.

use super::proxy::Proxy;
use crate::cli::bare;
use crate::contract::account::Stand;
use caseload::model::{CaseId, MessageId, Op, ThreadId};
use caseload::server::VendorQuirks;
use caseload::server::db::{DbError, Relation};
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A command that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(20);

pub struct Bench {
    pub stand: Stand,
    pub proxy: Proxy,
    home: TempDir,
}

/// How a run ended; without a code it was ended from outside, or by its own hand.
#[derive(Debug, Clone)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A message as the server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub case: i64,
    pub id: i64,
    pub text: String,
}

/// Everything the server has that the program may change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    pub messages: Vec<Kept>,
    /// Number, status, who is in it, until when it is snoozed.
    pub cases: Vec<(i64, String, Vec<i64>, Option<i64>)>,
}

impl Truth {
    pub fn copies(&self, text: &str) -> usize {
        self.messages.iter().filter(|kept| kept.text == text).count()
    }

    pub fn status(&self, case: i64) -> &str {
        self.cases.iter().find(|(id, ..)| *id == case).map_or("", |(_, status, ..)| status)
    }
}

impl Bench {
    pub async fn open(quirks: VendorQuirks) -> Self {
        let stand = Stand::open(quirks).await;
        let proxy = Proxy::before(&stand.house.origin).await;
        let home = tempfile::tempdir().unwrap();
        // The vendor does not say whom a key acts as.
        std::fs::write(home.path().join("config.toml"), "user_id = 17\nuser_name = \"Ana\"\n").unwrap();
        Self { stand, proxy, home }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// `scale`: what every duration of the program is multiplied with.
    pub fn command(&self, scale: &str, args: &[&str]) -> Command {
        let mut command = bare(self.home.path());
        command.env("CASELOAD_URL", &self.proxy.origin).env("CASELOAD_API_KEY", &self.stand.house.key).env("CASELOAD_TIME_SCALE", scale);
        command.args(args).arg("--json").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, scale: &str, args: &[&str]) -> Ran {
        ended(self.command(scale, args).spawn().unwrap())
    }

    /// The run that must end so.
    pub fn ends(&self, code: i32, args: &[&str]) -> Ran {
        let ran = self.run("0.02", args);
        assert_eq!(ran.code, Some(code), "{:?} {args:?}: {ran:?}", self.stand.quirks);
        ran
    }

    /// Killed after so long, unless it was faster.
    pub fn killed(&self, scale: &str, args: &[&str], after: Duration) -> Ran {
        let mut child = self.command(scale, args).spawn().unwrap();
        std::thread::sleep(after);
        child.kill().unwrap();
        ended(child)
    }

    /// Ended by its own hand at the n-th crash point, or the one of that name, unless it does not come there.
    pub fn aborted(&self, scale: &str, args: &[&str], at: &str) -> Ran {
        ended(self.command(scale, args).env("CASELOAD_CRASH", at).spawn().unwrap())
    }

    /// The outbox, whole, in its order.
    pub fn ops(&self) -> Vec<Op> {
        let path = self.home.path().join("data").join("outbox.db");
        let Ok(db) = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE) else { return Vec::new() };
        // Whoever was killed first may not have come to the tables.
        let Ok(mut select) = db.prepare("SELECT doc FROM op ORDER BY seq") else { return Vec::new() };
        let docs = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
        docs.map(|doc| serde_json::from_str(&doc.unwrap()).unwrap()).collect()
    }

    pub fn waiting(&self) -> Vec<Op> {
        self.ops().into_iter().filter(|op| !op.state.is_final()).collect()
    }

    /// The operation that says this.
    pub fn op(&self, text: &str) -> Option<Op> {
        self.ops().into_iter().find(|op| op.mutation.change.text() == Some(text))
    }

    /// Case and number of every message in the mirror.
    pub fn cached(&self) -> Vec<(i64, i64)> {
        let db = rusqlite::Connection::open(self.home.path().join("data").join("cache.db")).unwrap();
        let mut select = db.prepare("SELECT case_id, key >> 2 FROM message").unwrap();
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    pub fn truth(&self) -> Truth {
        let read = |reader: &caseload::server::db::Reader| -> Result<Truth, DbError> {
            let mut truth = Truth::default();
            for id in 1.. {
                let Some(found) = reader.case(CaseId(id), &[Relation::Messages, Relation::Users, Relation::FollowUp])? else { break };
                let case = found.case;
                let mails = if case.thread_id.0 == id { reader.mails(ThreadId(id), true, MessageId(0), 500)? } else { Vec::new() };
                let all = case.messages.iter().chain(&mails);
                truth.messages.extend(all.map(|message| Kept { case: message.case_id.0, id: message.id.0, text: message.message.raw().to_owned() }));
                let mut users: Vec<i64> = case.users.iter().filter(|seat| seat.status == "joined").map(|seat| seat.user_id).collect();
                users.sort_unstable();
                truth.cases.push((id, case.status.as_str().to_owned(), users, case.follow_up.map(|snooze| snooze.until.timestamp())));
            }
            Ok(truth)
        };
        self.stand.house.db.read_now(read).unwrap()
    }
}

/// Does all of these, two at a time; gives those that failed, at most five.
pub fn every(numbers: Range<u64>, work: impl Fn(u64) -> Result<(), String> + Sync) -> Vec<(u64, String)> {
    let (next, failures) = (AtomicU64::new(numbers.start), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    if number >= numbers.end || failures.lock().unwrap().len() >= 5 {
                        return;
                    }
                    if let Err(why) = work(number) {
                        failures.lock().unwrap().push((number, why));
                    }
                }
            });
        }
    });
    failures.into_inner().unwrap()
}

/// The names of the crash points that a command passes after a reply, each once.
pub async fn points(quirks: &VendorQuirks, args: &[&str]) -> BTreeSet<String> {
    let bench = Bench::open(quirks.clone()).await;
    bench.ends(0, &["reply", "1", "--text", "once"]);
    let log = bench.file("points");
    let ran = ended(bench.command("0.02", args).env("CASELOAD_CRASH_LOG", &log).spawn().unwrap());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    std::fs::read_to_string(log).unwrap().lines().map(str::to_owned).collect()
}

/// A number that the environment names.
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

pub fn ended(mut child: Child) -> Ran {
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > LONGEST {
            child.kill().unwrap();
            panic!("it does not end: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}
