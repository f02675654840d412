//! `caseload log`: what was done, newest first, and what of it the inbox would take back. Read from the outbox alone.

use super::args::Log;
use super::desk::Desk;
use super::fault::Fault;
use super::out::{Out, remark};
use super::words;
use crate::app::log::entry::{Entry, list as steps};
use crate::app::{State, undo};
use crate::model::Op;
use crate::store::Store;
use ratatui::layout::Size;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Operations that are read at first for each step that is wanted, and how many more when these were not enough.
const EACH: usize = 4;

pub fn list(desk: &Desk, args: Log, out: &mut Out) -> Result<(), Fault> {
    let limit = usize::try_from(args.limit).unwrap_or(usize::MAX);
    let (mut entries, whole) = read(desk, &desk.store()?, limit)?;
    let more = entries.len() > limit || !whole;
    entries.truncate(limit);
    if out.json {
        return entries.iter().try_for_each(|entry| out.object(&object(entry)));
    }
    let rows: Vec<_> = entries.iter().map(|entry| cells(entry, desk)).collect();
    out.lines(words::columns(&rows, Out::width()))?;
    if more {
        remark(&format!("the newest {}; --limit shows more", words::count(u64::from(args.limit), "step")));
    }
    Ok(())
}

/// So many steps, and whether the outbox has no more operations.
fn read(desk: &Desk, store: &Store, limit: usize) -> Result<(Vec<Entry>, bool), Fault> {
    let mut count = limit.saturating_mul(EACH);
    loop {
        let ops = store.newest_ops(count)?;
        let entries = told(desk, &ops);
        let whole = ops.len() < count;
        if whole || entries.len() > limit {
            return Ok((entries, whole));
        }
        count = count.saturating_mul(EACH);
    }
}

/// As the inbox would tell it, started now.
fn told(desk: &Desk, ops: &[Op]) -> Vec<Entry> {
    let mut state = State::new(desk.settings(true), Size::default(), desk.now, 0);
    undo::restore::restore(&mut state, ops);
    steps(&state, ops, &BTreeMap::new())
}

fn cells(entry: &Entry, desk: &Desk) -> [String; 4] {
    let ago = words::span((desk.now - entry.at).max(chrono::TimeDelta::zero()));
    let about = if entry.about.is_empty() { String::new() } else { format!(" · {}", entry.about) };
    [words::moment(entry.at, desk.utc_offset), ago, format!("{}{about}", entry.words), entry.fate_words()]
}

fn object(entry: &Entry) -> Value {
    json!({
        "op_id": entry.lead, "caseId": entry.case(), "kind": entry.kind, "state": entry.state.as_str(), "step": entry.step, "time": entry.at,
        "undoable": entry.undoable(), "undone": entry.is_undone(), "words": entry.words, "why": entry.fate_words(), "cases": entry.cases, "ops": entry.ops,
    })
}
