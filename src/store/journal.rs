//! The second belt: every text that is sent off is first appended, as one line of JSON, to a plain file beside the outbox.
//! The program reads it only to put a damaged outbox together again; a human can rescue words from it without `SQLite`.
//! Failing here stops nothing.

use super::error::Cause;
use super::file::private_options;
use crate::model::{CaseId, Draft, DraftKind, Head, Op, OpId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A larger one is put behind the others, of which so many are kept.
const LARGEST: u64 = 16 << 20;
const KEPT: u32 = 4;

/// A text that was sent off.
#[derive(Debug, Deserialize)]
struct Line {
    op: OpId,
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(default)]
    account: Option<String>,
    #[serde(default)]
    case: Option<CaseId>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    head: Option<Box<Head>>,
    /// Its end was long ago: the outbox no longer has it, and need not.
    #[serde(default)]
    over: bool,
}

/// Not synced by itself: the commit that follows is, and a power cut between the two loses what nobody was told is safe.
pub(super) fn append(outbox: &Path, account: &str, ops: &[Op]) {
    let line = |op: &Op| {
        let text = op.mutation.change.text()?;
        Some(
            json!({ "at": op.mutation.at, "op": op.id(), "account": account, "case": op.case(), "kind": op.mutation.change.kind(), "text": text, "head": op.mutation.head() }),
        )
    };
    complain(write(outbox, ops.iter().filter_map(line), LARGEST));
}

/// Notes that operations leave the outbox because they ended long ago.
pub(super) fn forget(outbox: &Path, ops: &[String]) -> io::Result<()> {
    write(outbox, ops.iter().map(|op| json!({ "op": op, "over": true })), LARGEST)
}

fn complain(written: io::Result<()>) {
    if let Err(error) = written {
        tracing::warn!("the journal beside the outbox was not written: {error}");
    }
}

fn write(outbox: &Path, lines: impl Iterator<Item = Value>, largest: u64) -> io::Result<()> {
    let mut text = String::new();
    for line in lines {
        text.push_str(&line.to_string());
        text.push('\n');
    }
    if text.is_empty() {
        return Ok(());
    }
    let path = outbox.with_extension("jsonl");
    if fs::metadata(&path).is_ok_and(|about| about.len() > largest) {
        rotate(outbox)?;
    }
    let mut file = private_options().read(true).append(true).create(true).open(path)?;
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(-1)).is_ok() {
        file.read_exact(&mut last)?;
    }
    // A line that a crash cut off does not spoil this one.
    if last != [b'\n'] {
        text.insert(0, '\n');
    }
    file.write_all(text.as_bytes())
}

#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
fn rotate(outbox: &Path) -> io::Result<()> {
    for number in (0..KEPT).rev() {
        match fs::rename(numbered(outbox, number), numbered(outbox, number + 1)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// `outbox.jsonl`, `outbox.1.jsonl`, …, the newest first.
fn numbered(outbox: &Path, number: u32) -> PathBuf {
    outbox.with_extension(if number == 0 { "jsonl".to_owned() } else { format!("{number}.jsonl") })
}

pub(super) fn is_empty(outbox: &Path) -> bool {
    fs::metadata(numbered(outbox, 0)).map_or(0, |about| about.len()) == 0
}

/// Account and text of everything that was sent off, is not `known`, and did not end long ago; in its order.
#[expect(clippy::disallowed_methods, reason = "the store owns its files")]
pub(super) fn lost(outbox: &Path, account: &str, known: impl Fn(OpId) -> bool) -> Result<Vec<(String, Draft)>, Cause> {
    let (mut texts, mut over) = (BTreeMap::new(), HashSet::new());
    for number in (0..=KEPT).rev() {
        let Ok(file) = fs::File::open(numbered(outbox, number)) else { continue };
        for line in BufReader::new(file).split(b'\n') {
            let Ok(line) = serde_json::from_slice::<Line>(&line?) else { continue };
            if line.over {
                over.insert(line.op);
            } else if !known(line.op) {
                texts.insert(line.op, line);
            }
        }
    }
    texts.retain(|op, _| !over.contains(op));
    let draft = |line: Line| {
        let kind = if line.kind == "note" { DraftKind::Note } else { DraftKind::Reply };
        let draft =
            Draft { case: line.case?, kind, text: line.text?, answers: None, updated: line.at.unwrap_or_default(), head: line.head, ..Draft::default() };
        Some((line.account.unwrap_or_else(|| account.to_owned()), draft))
    };
    Ok(texts.into_values().filter_map(draft).collect())
}

#[cfg(test)]
mod tests {
    use super::{lost, numbered, write};
    use serde_json::json;

    #[test]
    fn a_large_journal_makes_room_and_a_cut_line_spoils_no_other() {
        let home = tempfile::tempdir().unwrap();
        let outbox = home.path().join("outbox.db");
        let id = |n: u32| format!("01900000-0000-7000-8000-0000000000{n:02}");
        for n in 0..8 {
            write(&outbox, [json!({ "op": id(n), "case": 1, "kind": "note", "text": format!("text {n}") })].into_iter(), 0).unwrap();
        }
        assert!(numbered(&outbox, 4).exists() && !numbered(&outbox, 5).exists());
        std::io::Write::write_all(&mut super::private_options().append(true).open(numbered(&outbox, 0)).unwrap(), b"{\"op\":\"cut").unwrap();
        write(&outbox, [json!({ "op": id(9), "case": 1, "kind": "reply", "text": "whole" }), json!({ "op": id(6), "over": true })].into_iter(), 1 << 20)
            .unwrap();
        let texts: Vec<String> = lost(&outbox, "a", |op| op.to_string() == id(5)).unwrap().into_iter().map(|(_, draft)| draft.text).collect();
        assert_eq!(texts, ["text 3", "text 4", "text 7", "whole"], "what is known, over, or rotated away is left out");
    }
}
