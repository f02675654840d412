//! `$EDITOR` on a file that only we can read, gone afterwards.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::process::Command;

/// Lets the agent edit the text; `None` when nothing was changed or the editor failed.
#[expect(clippy::disallowed_methods, reason = "the terminal owns the editor's file")]
pub fn edit(scratch: &Path, text: &str) -> io::Result<Option<String>> {
    DirBuilder::new().recursive(true).mode(0o700).create(scratch)?;
    let path = scratch.join(format!("reply-{}.md", std::process::id()));
    let _stale = std::fs::remove_file(&path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    file.write_all(text.as_bytes())?;
    drop(file);
    let (program, arguments) = command();
    let status = Command::new(program).args(arguments).arg(&path).env_remove("CASELOAD_API_KEY").status();
    let edited = std::fs::read_to_string(&path);
    let _gone = std::fs::remove_file(&path);
    let changed = |edited: String| (edited.trim_end_matches('\n') != text.trim_end_matches('\n')).then_some(edited);
    if status?.success() { Ok(changed(edited?)) } else { Ok(None) }
}

/// `$VISUAL`, `$EDITOR`, `vi`: words, no shell.
fn command() -> (String, Vec<String>) {
    let line = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok().filter(|line| !line.trim().is_empty())).unwrap_or_else(|| "vi".to_owned());
    let mut words = line.split_whitespace().map(str::to_owned);
    (words.next().unwrap_or_else(|| "vi".to_owned()), words.collect())
}
