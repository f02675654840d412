//! The real program in a real pseudo-terminal, walked through everything it can show of an evil account, outbox, config and folder of
//! replies. What reached the terminal is judged by its bytes; that everything was shown, by the screens.

use super::account::{Account, ids};
use super::double::Double;
use super::{corpus, environment, furnish, oracle, whole_product};
use crate::terminal::Terminal;
use caseload::model::{Actor, CaseId, Change, Mutation, Op, OpId, OpState, ThreadId, Timestamp, UserId};
use caseload::store::{Opening, Store, Targets};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::Ordering;

/// Narrow enough that the card lies over the thread and can be scrolled, high enough for long threads.
const SIZE: (u16, u16) = (118, 60);

/// A session, and every witness that was on its screen.
pub struct Session {
    pub terminal: Terminal,
    pub seen: BTreeSet<String>,
    asked: u32,
}

impl Session {
    pub fn start(double: &Double, home: &Path, more: &[(&str, &str)]) -> Self {
        let mut terminal = Terminal::start(&[], &environment(double, more), home, SIZE);
        terminal.patience *= if whole_product() { 20 } else { 1 };
        Self { terminal, seen: BTreeSet::new(), asked: 0 }
    }

    /// Presses these keys, and comes back when all of them were obeyed and painted: the command line behind them shows its words.
    pub fn press(&mut self, keys: &str) -> String {
        self.asked += 1;
        let words = format!("zz{}", self.asked);
        self.terminal.press(keys).press(&format!(":{words}"));
        self.look(&format!(": {words}"));
        self.terminal.press("\u{3}").until("the command line is gone", |screen| !screen.contains(&words))
    }

    /// Keys into something that takes text, until the screen shows these words.
    pub fn look(&mut self, words: &str) -> String {
        let screen = self.terminal.shows(words);
        self.seen.extend(corpus::witnesses(&screen));
        screen
    }

    /// Presses these keys until the screen stays as it is.
    pub fn until_the_end(&mut self, keys: &str) {
        let mut last = String::new();
        for _ in 0..400 {
            let screen = self.press(keys);
            if screen == last {
                return;
            }
            last = screen;
        }
        panic!("no end of {keys:?}:\n{last}");
    }

    /// Nothing but our own reached the terminal.
    pub fn judge(&self) -> oracle::Seen {
        let seen = oracle::read(&self.terminal.raw());
        assert!(seen.leaks.is_empty(), "{} leaks:\n{}", seen.leaks.len(), seen.leaks.iter().take(30).cloned().collect::<Vec<_>>().join("\n"));
        seen
    }

    pub fn quit(mut self) {
        self.press("\u{1b}\u{1b}\u{1b}");
        self.terminal.press("q");
        self.terminal.ended();
        assert!(self.terminal.is_restored());
        let seen = self.judge();
        assert_eq!((seen.ours.get("?[1049]h"), seen.ours.get("?[1049]l"), seen.ours.get("?[2004]h")), (Some(&1), Some(&1), Some(&1)));
    }
}

/// Operations of every kind that wait for the agent or failed, with evil words and evil reasons; each string is once a text and once a reason.
pub fn stock_outbox(home: &Path, double: &Double) {
    let evils = corpus::all();
    let (now, by) = (Timestamp::from_timestamp(1_790_000_000, 0).unwrap(), Actor { id: UserId(17), name: "Ola".into() });
    let units = double.account.units();
    let mut ops: Vec<Op> = Vec::new();
    for (count, evil) in (0_u16..).zip(&evils) {
        let text = evil.text.clone();
        let change = match count % 5 {
            0 => Change::Close { state: text },
            1 => Change::Note { text },
            2 => Change::Snooze { until: now, message: Some(text) },
            _ => Change::reply(text),
        };
        let case = ids(usize::from(count) % units)[2];
        let mutation = Mutation { op: OpId::new(now, 7, count), case: CaseId(case), thread: ThreadId(case), at: now, by: by.clone(), change };
        let state = if count % 2 == 0 { OpState::Failed } else { OpState::NeedsReview };
        let why = Some(evils[(usize::from(count) + 37) % evils.len()].text.clone());
        ops.push(Op { state, cause: why, ..Op::new(mutation, None) });
    }
    let data = home.join("data");
    std::fs::create_dir_all(&data).unwrap();
    let opening = Opening {
        outbox: data.join("outbox.db"),
        cache: data.join("cache.db"),
        account: double.origin.clone(),
        me: Some(by),
        targets: Targets::default(),
        now,
    };
    Store::open(&opening).unwrap().queue(&mut ops, now).unwrap();
}

/// An evil server, a furnished home, and the inbox after its first pull, on the view of all cases.
fn opened(home: &Path) -> (Double, Session) {
    let double = Double::serve(Account::new(whole_product()));
    furnish(home);
    stock_outbox(home, &double);
    let mut session = Session::start(&double, home, &[]);
    session.terminal.until("the first pull", |screen| screen.contains(&format!("Active {}", double.account.units())) && screen.contains("● live"));
    session.press("7");
    (double, session)
}

#[test]
fn nothing_evil_reaches_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let (double, mut session) = opened(home.path());
    list_and_threads(&mut session, double.account.units());
    let shown = session.seen.clone();
    pickers(&mut session);
    outbox(&mut session);
    texts(&mut session);
    assert!(session.judge().copied.is_empty(), "nobody copied anything");
    copies(&mut session, double.account.units());
    moods(&mut session, &double);
    session.judge();
    let missing = |seen: &BTreeSet<String>, wanted: &BTreeSet<String>| wanted.difference(seen).cloned().collect::<Vec<_>>();
    for (field, witnesses) in &double.account.dealt.shown {
        assert!(!witnesses.is_disjoint(&shown), "{field} was on no screen");
    }
    assert_eq!(missing(&session.seen, &double.account.dealt.witnesses()), Vec::<String>::new(), "never on the screen");
    session.quit();
}

/// A text with the sign of a paste's end in it: a terminal ends the paste there, and sends the rest as if it were typed.
#[test]
fn what_follows_a_paste_in_one_breath_is_text() {
    let home = tempfile::tempdir().unwrap();
    let double = Double::serve(Account::new(false));
    let mut session = Session::start(&double, home.path(), &[]);
    session.terminal.until("the first pull", |screen| screen.contains(&format!("Active {}", double.account.units())) && screen.contains("● live"));
    session.press("3gg");
    session.terminal.press("\u{1b}[200~x\u{1b}[201~eqq\re\u{1b}[201~").shows("paste is text");
    let screen = session.press("");
    assert!(!screen.contains("outbox") && screen.contains("┏ Active"), "it was obeyed:\n{screen}");
    session.terminal.press("\r").press("r").shows("Ctrl-s sends it");
    session.terminal.press("\u{1b}[200~one\u{1b}[201~ two\r\u{13}three\u{1b}[201~").shows("three");
    let screen = session.look("one two");
    assert!(!screen.contains("outbox"), "it was sent:\n{screen}");
    session.terminal.press("\u{1b}").shows("draft kept");
    session.quit();
}

/// Every row, every thread from its top to its end with everything opened, every card.
fn list_and_threads(session: &mut Session, units: usize) {
    session.press("gg");
    for _ in 0..units * 3 {
        // The preview, then the thread; every message chosen and opened once, from the newest up.
        session.press("");
        session.press("\r");
        session.press(&"K\r\u{3}".repeat(24));
        session.press("gg");
        session.until_the_end(" ");
        session.press("v");
        session.until_the_end("\u{4}");
        session.press("v\u{1b}");
        session.press("j");
    }
}

/// What is chosen from: closing states, agents, canned replies with their texts.
fn pickers(session: &mut Session) {
    session.press("3gg");
    session.terminal.press("E").shows("close as");
    walk(session, "\u{1b}[B", 59);
    session.terminal.press("\u{3}");
    session.terminal.press("A").shows("assign to");
    walk(session, "\u{1b}[B", 11);
    session.terminal.press("\u{3}");
    let screen = session.terminal.press("m").shows("macros for");
    // Those below and the ten on the screen; at the last one no key changes anything any more.
    let below: usize = screen.split(" more ").find_map(|begin| begin.split_whitespace().last()?.parse().ok()).unwrap();
    walk(session, "\u{1b}[B", if whole_product() { below + 9 } else { 60 });
    session.terminal.press("\u{3}");
}

/// So many presses in a prompt; the place among the choices shows that each was painted.
fn walk(session: &mut Session, key: &str, times: usize) {
    let mut last = session.terminal.until("the prompt", |_| true);
    for _ in 0..times {
        session.terminal.press(key);
        let before = last.clone();
        last = session.terminal.until("the next choice", |screen| screen != before);
        session.seen.extend(corpus::witnesses(&last));
    }
}

/// What an agent pastes or types: into the compose box, filter, find, and where it means nothing.
fn texts(session: &mut Session) {
    let evils: Vec<String> = corpus::all().into_iter().map(|evil| evil.text).filter(|text| text.len() < 400 && !text.contains("\u{1b}[20")).collect();
    session.press("3gg\r");
    session.terminal.press("r").shows("Ctrl-s sends it");
    for some in evils.chunks(5) {
        paste(session, &some.join("\n"));
    }
    session.terminal.press("\u{1b}").shows("draft kept");
    session.terminal.press("i").shows("your draft here is a reply");
    session.terminal.press("\u{1b}").shows("draft kept");
    for text in evils.iter().step_by(23) {
        session.terminal.press("/");
        paste(session, text);
        session.press("\u{1b}");
        // Where nothing takes a paste, what a key can be.
        let typed: String = text.chars().filter(|c| !c.is_ascii() && !c.is_control()).take(3).collect();
        session.terminal.press("?").shows("type to search");
        session.terminal.press(&typed);
        session.press("\u{1b}");
        session.terminal.press(&typed);
        session.press("\u{1b}\u{1b}");
        session.terminal.press("/");
        paste(session, text);
        session.press("\r3gg\r");
    }
}

/// A paste, and the word behind it: where it shows, all of it was taken.
fn paste(session: &mut Session, text: &str) {
    session.asked += 1;
    let word = format!("pp{}", session.asked);
    session.terminal.press(&format!("\u{1b}[200~{text}\n{word}\u{1b}[201~"));
    session.look(&word);
}

/// Everything that can be copied of every thread; what a clipboard got is as harmless as what was painted.
fn copies(session: &mut Session, units: usize) {
    session.press("\u{1b}\u{1b}7gg");
    for _ in 0..units * 3 {
        session.press("yiyuyc");
        session.press(&format!("\r{}", "Kym".repeat(20)));
        session.press("\u{1b}j");
    }
    let copied = session.judge().copied;
    assert!(copied.len() > units * 3 * 4, "{} copies", copied.len());
    for text in copied {
        let text = String::from_utf8(decoded(&text)).unwrap();
        assert_eq!(oracle::hidden(&text.replace('\n', " ")), Vec::<String>::new(), "{text:?}");
    }
}

/// Base64.
fn decoded(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits = text.bytes().filter(|byte| *byte != b'=').flat_map(|byte| {
        let at = LETTERS.iter().position(|letter| *letter == byte).unwrap();
        (0..6).rev().map(move |bit| at >> bit & 1 == 1)
    });
    let bits: Vec<bool> = bits.collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | u8::from(*bit))).collect()
}

fn outbox(session: &mut Session) {
    session.press("gx");
    session.press("gg");
    session.until_the_end("\u{4}");
    session.press("\u{1b}");
}

/// The server has trouble, then takes the key no more, each in evil words.
fn moods(session: &mut Session, double: &Double) {
    for (mood, words) in [(500, "offline"), (401, "key refused")] {
        double.strange.mood.store(mood, Ordering::SeqCst);
        session.terminal.press("RR").shows(words);
    }
}
