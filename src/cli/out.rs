//! Standard output and standard error of the commands: results here, everything else there. Never an escape byte.

use super::{fault::Fault, json};
use crate::model::text::harmless;
use serde::Serialize;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

/// Where a command writes to.
pub struct Out {
    pub json: bool,
    out: BufWriter<Stdout>,
}

impl Out {
    pub fn new(json: bool) -> Self {
        Self { json, out: BufWriter::new(io::stdout()) }
    }

    /// Cells of the terminal; none where the output is piped, which cuts nothing.
    pub fn width() -> Option<usize> {
        if !io::stdout().is_terminal() {
            return None;
        }
        crossterm::terminal::size().ok().map(|(width, _)| usize::from(width).max(20))
    }

    pub fn object(&mut self, value: &impl Serialize) -> Result<(), Fault> {
        Ok(json::line(&mut self.out, value)?)
    }

    /// A line of our own words and of texts that were made harmless.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), Fault> {
        Ok(writeln!(self.out, "{}", harmless(text.as_ref()))?)
    }

    pub fn lines(&mut self, lines: impl IntoIterator<Item = String>) -> Result<(), Fault> {
        lines.into_iter().try_for_each(|line| self.line(line))
    }

    /// An object with `--json`, else the line.
    pub fn either(&mut self, value: &impl Serialize, line: impl AsRef<str>) -> Result<(), Fault> {
        if self.json { self.object(value) } else { self.line(line) }
    }

    /// Bytes that are ours: completions, the example config.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        Ok(self.out.write_all(bytes)?)
    }

    pub fn flush(&mut self) -> Result<(), Fault> {
        Ok(self.out.flush()?)
    }
}

/// A remark that is no result.
pub fn remark(text: &str) {
    let line = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
    // Nobody is left to hear that nobody hears.
    let _closed = writeln!(io::stderr(), "caseload: {line}");
}
