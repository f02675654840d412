//! The second belt: every text that is sent off is first appended, as one line of JSON, to a plain file beside the outbox.
//! It is never read by the program; a human can rescue words from it without `SQLite`. Failing here stops nothing.

use super::file::private_options;
use crate::model::Op;
use serde_json::json;
use std::io::{self, Write};
use std::path::Path;

pub(super) fn append(outbox: &Path, ops: &[Op]) {
    if let Err(error) = write(outbox, ops) {
        tracing::warn!("the journal beside the outbox was not written: {error}");
    }
}

fn write(outbox: &Path, ops: &[Op]) -> io::Result<()> {
    let mut lines = String::new();
    for op in ops {
        let Some(text) = op.mutation.change.text() else { continue };
        let line = json!({ "at": op.mutation.at, "op": op.id(), "case": op.case(), "kind": op.mutation.change.kind(), "text": text });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    if lines.is_empty() {
        return Ok(());
    }
    private_options().append(true).create(true).open(outbox.with_extension("jsonl"))?.write_all(lines.as_bytes())
}
