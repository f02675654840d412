//! What a case costs: a hundred cases of the mix of a morning, worked off by keys alone in a real terminal against the real
//! server. The script sees what an agent sees, the chosen case and its words, and counts what it presses; afterwards every case
//! has to be exactly where it was put.

use crate::server::house::{House, staff};
use crate::session::thread;
use crate::terminal::Terminal;
use caseload::model::{Case, CaseId, CaseUser, Channel, Contact, ContactId, Message, MessageId, SenderType, Status, ThreadId, Timestamp};
use caseload::server::{Db, Seeded};
use chrono::{TimeDelta, Utc};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Of a hundred cases so many are of a kind. Each is what its customer's words begin with.
const MIX: [(&str, usize); 8] = [("nothing", 25), ("canned", 30), ("settle", 15), ("ask", 10), ("later", 5), ("colleague", 5), ("remark", 5), ("outage", 5)];
/// Who is looked after by others, or by nobody yet: no key is for them.
const OTHERS: [i64; 4] = [101, 102, 103, 104];
/// The undo window and every wait of the outbox are a twentieth: all is sent soon after the last key.
const QUICK: &str = "0.05";
const CANNED: &str = "---\nkey: 1\nstate: answered\n---\nHi {{contact.first|there}}, it is on its way.\n";
/// Presses for a case, at most.
const BOUND: f64 = 2.1;

/// What the server has of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Stand {
    status: String,
    said: Vec<String>,
    sleeps: bool,
    with_ben: bool,
}

/// The kinds in an order in which none comes twice in a row for long.
fn kinds() -> Vec<&'static str> {
    let all: Vec<&str> = MIX.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count)).collect();
    (0..all.len()).map(|at| all[(at * 37 + 11) % all.len()]).collect()
}

/// A word that no other case has, and nothing like it.
fn word(case: i64) -> String {
    let mut seed = u64::try_from(case).unwrap().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut letter = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + u8::try_from((seed >> 33) % 26).unwrap())
    };
    (0..9).map(|_| letter()).collect()
}

/// A case that waits for an answer since long ago; the next one a minute less.
fn conversation(case: i64, kind: &str, now: Timestamp) -> Seeded {
    let wrote = Some(now - TimeDelta::hours(6) + TimeDelta::minutes(case));
    let name = format!("Mina{case} Sato");
    let contact = Contact { id: ContactId(900 + case), fields: json!({ "name": name }).as_object().unwrap().clone(), ..Contact::default() };
    let seat = |kind, user_id| CaseUser { kind, user_id, status: "joined".into(), ..CaseUser::default() };
    let mut users = vec![seat(SenderType::Contact, contact.id.0)];
    if kind != "nobody" {
        users.push(seat(SenderType::User, if kind == "ben" { 18 } else { 17 }));
    }
    let (title, text) = match kind {
        "outage" => ("The shop is down".to_owned(), "outage: the shop does not open since this morning".to_owned()),
        kind => (word(case), format!("{kind}: {} {}", word(case + 1000), word(case + 2000))),
    };
    let said = Message {
        id: MessageId(case),
        sender_type: SenderType::Contact,
        sender_id: Some(contact.id.0),
        message: text.as_str().into(),
        channel: Some(Channel::Chat),
        date_created: wrote,
        ..Message::default()
    };
    let case = Case {
        id: CaseId(case),
        thread_id: ThreadId(case),
        title: title.as_str().into(),
        status: if kind == "nobody" { Status::Pending } else { Status::Active },
        date_queue: wrote,
        date_created: wrote,
        date_updated: wrote,
        users,
        messages: vec![said],
        ..Case::default()
    };
    Seeded { contact, cases: vec![case] }
}

fn seeded(file: &Path) -> Db {
    let (db, now) = (Db::open(file).unwrap(), Utc::now());
    let mine = kinds().into_iter().zip(1..).map(|(kind, case)| conversation(case, kind, now));
    let others = OTHERS.iter().map(|case| conversation(*case, if case % 2 == 0 { "nobody" } else { "ben" }, now));
    db.staff(&staff()).unwrap();
    db.seed(&mine.chain(others).collect::<Vec<_>>()).unwrap();
    db
}

/// What has to be at the server when the agent is done.
fn wanted() -> BTreeMap<i64, Stand> {
    let stand = |kind: &str, case: i64| {
        let (status, said) = match kind {
            "nothing" | "outage" => ("closed handled", None),
            "canned" => ("closed answered", Some(format!("message Hi Mina{case}, it is on its way."))),
            "settle" => ("closed handled", Some(format!("message {}", own(kind, case)))),
            "ask" => ("active ", Some(format!("message {}", own(kind, case)))),
            "remark" => ("active ", Some(format!("note {}", own(kind, case)))),
            "nobody" => ("pending ", None),
            _ => ("active ", None),
        };
        Stand { status: status.to_owned(), said: said.into_iter().collect(), sleeps: kind == "later", with_ben: matches!(kind, "colleague" | "ben") }
    };
    let mine = kinds().into_iter().zip(1..).map(|(kind, case)| (case, stand(kind, case)));
    mine.chain(OTHERS.iter().map(|case| (*case, stand(if case % 2 == 0 { "nobody" } else { "ben" }, *case)))).collect()
}

fn own(kind: &str, case: i64) -> String {
    format!("own words on {case} ({kind})")
}

fn found(file: &Path) -> BTreeMap<i64, Stand> {
    let db = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let rows = |sql: &str| -> Vec<(i64, String)> {
        let mut select = db.prepare(sql).unwrap();
        select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    };
    let cases = rows("SELECT id, status || ' ' || coalesce(closing_state, '') FROM cases");
    let mut all: BTreeMap<i64, Stand> = cases.into_iter().map(|(case, status)| (case, Stand { status, ..Stand::default() })).collect();
    for (case, said) in rows("SELECT case_id, type || ' ' || message FROM messages WHERE sender_type = 'user' AND type IN ('message', 'note') ORDER BY id") {
        all.get_mut(&case).unwrap().said.push(said);
    }
    for (case, _) in rows("SELECT case_id, '' FROM follow_ups") {
        all.get_mut(&case).unwrap().sleeps = true;
    }
    for (case, _) in rows("SELECT case_id, '' FROM case_users WHERE type = 'user' AND user_id = 18") {
        all.get_mut(&case).unwrap().with_ben = true;
    }
    all
}

/// The agent: eyes, fingers, and how often these moved.
struct Agent {
    inbox: Terminal,
    /// By kind: presses, and with the two of a chord counted as one.
    presses: BTreeMap<&'static str, (usize, usize)>,
    done: BTreeSet<i64>,
}

/// The chosen case and what its customer wants, as the thread pane says it.
fn chosen(screen: &str) -> Option<(i64, &'static str)> {
    let case = thread(screen)?;
    let pane = screen.lines().filter_map(|line| line.split(['│', '┃']).nth(3));
    let told: Vec<&str> = pane.map(str::trim_start).collect();
    let kind = MIX.iter().find(|(kind, _)| told.iter().any(|line| line.starts_with(&format!("{kind}:"))))?.0;
    Some((case, kind))
}

impl Agent {
    fn press(&mut self, kind: &'static str, keys: &str, chord: bool) {
        self.inbox.press(keys);
        let count = self.presses.entry(kind).or_default();
        count.0 += keys.chars().count();
        count.1 += if chord { 1 } else { keys.chars().count() };
    }

    /// Another case than this one is chosen and read.
    fn next(&mut self, case: i64) -> (i64, &'static str) {
        let screen = self.inbox.until(&format!("the case after #{case}"), |screen| chosen(screen).is_some_and(|(other, _)| other != case));
        chosen(&screen).unwrap()
    }

    /// Own words: the letters are the case's, not the program's.
    fn say(&mut self, case: i64, kind: &'static str, open: &str, title: &str, send: &str) {
        self.press(kind, open, false);
        self.inbox.shows(title);
        let words = own(kind, case);
        self.inbox.press(&words).shows(&words);
        self.press(kind, send, true);
    }

    fn give(&mut self, case: i64, kind: &'static str) {
        self.press(kind, "A", false);
        let screen = self.inbox.until("the letter of Ben", |screen| letter(screen).is_some());
        self.press(kind, &letter(&screen).unwrap(), false);
        self.inbox.until("given away", |screen| !screen.contains("assign to") && screen.contains(&format!("#{case}")));
        self.press(kind, "j", false);
    }

    fn alike(&mut self, kind: &'static str) {
        self.press(kind, "=", false);
        self.inbox.shows("5 like this");
        self.press(kind, "e", false);
        self.inbox.until("the sheet", |screen| screen.contains("Enter do it") && screen.matches("closes as handled").count() >= 5);
        self.press(kind, "\r", false);
        let all = kinds().into_iter().zip(1..).filter(|(other, _)| *other == kind).map(|(_, case)| case);
        self.done.extend(all);
        let gone = self.done.clone();
        self.inbox.until("a case that is left", |screen| chosen(screen).is_some_and(|(case, _)| !gone.contains(&case)));
    }

    fn settle(&mut self, case: i64, kind: &'static str) -> (i64, &'static str) {
        self.done.insert(case);
        match kind {
            "nothing" => self.press(kind, "e", false),
            "canned" => self.press(kind, "m1", false),
            "settle" => self.say(case, kind, "r", "Ctrl-s sends it", "\x18e"),
            "ask" => self.say(case, kind, "r", "Ctrl-s sends it", "\x18n"),
            "remark" => self.say(case, kind, "i", "customer never sees", "\x18n"),
            "later" => self.press(kind, "b", false),
            "colleague" => self.give(case, kind),
            _ => self.alike(kind),
        }
        self.next(case)
    }

    fn told(&self) -> (f64, String) {
        let mut lines = Vec::new();
        let (mut presses, mut chords) = (0, 0);
        for (kind, cases) in MIX {
            let (all, chord) = self.presses[kind];
            (presses, chords) = (presses + all, chords + chord);
            lines.push(format!("{kind:>10}: {cases:>3} cases, {all:>3} presses"));
        }
        let each = |count: usize| f64::from(u32::try_from(count).unwrap()) / 100.0;
        lines.push(format!("{:.2} presses a case; {:.2} with Ctrl-x and its letter as one", each(presses), each(chords)));
        (each(presses), lines.join("\n"))
    }
}

/// In the picker: `b Ben`.
fn letter(screen: &str) -> Option<String> {
    let picker = &screen[screen.find("assign to")?..];
    let line = picker.lines().find(|line| line.contains(" Ben "))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    words.windows(2).find(|pair| pair[1] == "Ben").map(|pair| pair[0].to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_cases_take_two_presses_each_and_end_where_they_were_put() {
    let folder = tempfile::tempdir().unwrap();
    let (home, file) = (folder.path().join("home"), folder.path().join("server.db"));
    let house = House::over(seeded(&file), None).await;
    std::fs::create_dir_all(home.join("replies")).unwrap();
    std::fs::write(home.join("replies").join("on its way.md"), CANNED).unwrap();
    std::fs::write(home.join("config.toml"), "closing_states = [\"handled\", \"answered\"]\n").unwrap();
    let environment = [("CASELOAD_URL", house.origin.as_str()), ("CASELOAD_API_KEY", &house.key), ("CASELOAD_TIME_SCALE", QUICK)];
    let mut inbox = Terminal::start(&[], &environment, &home, (120, 40));
    inbox.shows("● live");
    inbox.until("all of mine", |screen| screen.contains("Mine 100"));
    inbox.press("2").shows("[Mine");
    let screen = inbox.until("the first case", |screen| chosen(screen).is_some_and(|(case, _)| case == 1));
    let mut agent = Agent { inbox, presses: BTreeMap::new(), done: BTreeSet::new() };
    let (mut case, mut kind) = chosen(&screen).unwrap();
    while agent.done.len() < 100 {
        assert!(!agent.done.contains(&case), "#{case} ({kind}) again, after {} cases", agent.done.len());
        (case, kind) = agent.settle(case, kind);
    }
    agent.inbox.until("all of it was sent", |screen| screen.contains("● live") && !screen.contains("outbox ") && !screen.contains("held"));
    agent.inbox.press("q");
    assert_eq!(agent.inbox.ended(), 0);
    let (each, words) = agent.told();
    println!("{words}");
    let (found, wanted) = (found(&file), wanted());
    let differ: Vec<_> = wanted.iter().filter(|(case, stand)| found.get(case) != Some(stand)).map(|(case, stand)| (case, stand, found.get(case))).collect();
    assert!(differ.is_empty() && found.len() == wanted.len(), "not where they were put (case, wanted, found): {differ:#?}");
    assert!(each <= BOUND, "{words}");
}
