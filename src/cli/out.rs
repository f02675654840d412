//! Standard output and standard error of the commands: results here, everything else there. Never an escape byte.

use super::{fault::Fault, json};
use crate::model::text::harmless;
use serde::Serialize;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

/// Where a command writes to.
pub struct Out {
    pub json: bool,
    stdout: BufWriter<Stdout>,
    /// Nothing has left the buffer.
    whole: bool,
}

/// Room for what most commands say, so that it can be taken back.
const ROOM: usize = 64 << 10;

fn buffer() -> BufWriter<Stdout> {
    BufWriter::with_capacity(ROOM, io::stdout())
}

impl Out {
    pub fn new(json: bool) -> Self {
        Self { json, stdout: buffer(), whole: true }
    }

    /// Cells of the terminal; none where the output is piped, which cuts nothing.
    pub fn width() -> Option<usize> {
        if !io::stdout().is_terminal() {
            return None;
        }
        crossterm::terminal::size().ok().map(|(width, _)| usize::from(width).max(20))
    }

    pub fn object(&mut self, value: &impl Serialize) -> Result<(), Fault> {
        let mut line = Vec::new();
        json::line(&mut line, value)?;
        self.bytes(&line)
    }

    /// A line of our own words and of texts that were made harmless.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<(), Fault> {
        self.bytes(format!("{}\n", harmless(text.as_ref())).as_bytes())
    }

    pub fn lines(&mut self, lines: impl IntoIterator<Item = String>) -> Result<(), Fault> {
        lines.into_iter().try_for_each(|line| self.line(line))
    }

    /// An object with `--json`, else the line.
    pub fn either(&mut self, value: &impl Serialize, line: impl AsRef<str>) -> Result<(), Fault> {
        if self.json { self.object(value) } else { self.line(line) }
    }

    /// Bytes that are ours, or were made harmless.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.whole &= self.stdout.buffer().len() + bytes.len() < ROOM;
        Ok(self.stdout.write_all(bytes)?)
    }

    /// Takes back what was not written yet; `false`: something was.
    pub fn start_over(&mut self) -> bool {
        let fresh = self.whole;
        if fresh {
            drop(std::mem::replace(&mut self.stdout, buffer()).into_parts());
        }
        fresh
    }

    pub fn flush(&mut self) -> Result<(), Fault> {
        Ok(self.stdout.flush()?)
    }
}

/// A remark that is no result.
pub fn remark(text: &str) {
    let line = harmless(text).split_whitespace().collect::<Vec<_>>().join(" ");
    // Nobody is left to hear that nobody hears.
    let _closed = writeln!(io::stderr(), "caseload: {line}");
}

/// What a panic says may hold what a customer wrote: it goes out like every text.
pub fn on_panic() {
    std::panic::set_hook(Box::new(|info| {
        let told = panicked(&info.to_string(), &Backtrace::capture());
        let _closed = io::stderr().write_all(told.as_bytes());
    }));
}

fn panicked(info: &str, backtrace: &Backtrace) -> String {
    let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
    let trace = if backtrace.status() == BacktraceStatus::Captured { format!("{backtrace}") } else { String::new() };
    format!("{}\n", harmless(format!("\nthread '{thread}' {info}\n{trace}").trim_end()))
}

#[cfg(test)]
mod tests {
    use super::panicked;
    use std::backtrace::Backtrace;

    #[test]
    fn a_panic_that_quotes_a_customer_steers_no_terminal() {
        let told = panicked("panicked at src/x.rs:1:2:\nbyte index 3 is not in `\u{1b}]0;owned\u{7}\u{202e}`", &Backtrace::disabled());
        assert!(told.starts_with("\nthread '") && told.ends_with("`\u{FFFD}]0;owned\u{FFFD}\u{FFFD}`\n"), "{told:?}");
    }
}
