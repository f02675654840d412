//! Typing in a real terminal, killed at any moment: no more than the last second of it is missing afterwards.

use crate::cli::House;
use crate::crash::dice::Dice;
use crate::terminal::Terminal;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: u64 = 10;

fn file(folder: &Path) -> Option<PathBuf> {
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    files.into_iter().find(|path| path.file_name().is_some_and(|name| name == "outbox.db")).or_else(|| folders.iter().find_map(|folder| file(folder)))
}

/// The one draft on the disk.
fn draft(house: &House) -> String {
    let Some(file) = file(&house.home()) else { return String::new() };
    let db = rusqlite::Connection::open(file).unwrap();
    let mut select = db.prepare("SELECT json_extract(doc, '$.text') FROM draft").unwrap();
    let mut texts = select.query_map([], |row| row.get::<_, String>(0)).unwrap();
    texts.next().map_or_else(String::new, Result::unwrap)
}

#[test]
fn a_kill_at_any_moment_costs_at_most_the_last_second_of_typing() {
    let house = House::of(20);
    let (url, key) = house.account();
    let mut dice = Dice::of(11);
    for round in 0..ROUNDS {
        let before = draft(&house);
        let mut inbox = Terminal::start(&[], &[("CASELOAD_URL", url), ("CASELOAD_API_KEY", key)], &house.home(), (120, 40));
        inbox.shows("live");
        inbox.press("2").until("a thread of mine", |screen| screen.contains("· yours"));
        inbox.press("r").shows("Reply to");
        inbox.until("the draft", |screen| before.is_empty() || screen.contains("draft saved"));
        // Each key when the one before is on the screen: quick, and without a pause.
        let mut typed: Vec<Instant> = Vec::new();
        inbox.press("\r");
        let until = Instant::now() + Duration::from_millis(dice.below(2_500));
        let mut word = String::new();
        while Instant::now() < until {
            let letter = char::from(b'a' + u8::try_from(dice.below(26)).unwrap());
            word.push(letter);
            if word.len() > 8 {
                inbox.press("\r");
                typed.push(Instant::now());
                word = letter.to_string();
            }
            inbox.press(&letter.to_string());
            typed.push(Instant::now());
            inbox.shows(&word);
        }
        inbox.signal("KILL");
        let killed = Instant::now();
        inbox.ended();
        let safe = typed.iter().filter(|at| killed.duration_since(**at) > Duration::from_secs(1)).count();
        let after = draft(&house);
        assert!(after.starts_with(&before), "round {round}: {after:?} lost {before:?}");
        let kept = after.chars().count() - before.chars().count();
        assert!(kept >= safe, "round {round}: {kept} of {safe} that were older than a second ({} typed)", typed.len());
    }
    assert!(!draft(&house).is_empty(), "something was typed at all");
}
