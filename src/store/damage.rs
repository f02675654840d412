//! Is the outbox what it should be? It is looked at before it is opened for writing, through a connection that changes nothing:
//! a damaged one stays as it is, nothing of it is sent, and what can be read of it is copied beside it.

use super::error::{Cause, of_content};
use super::file::{self, APPLICATION};
use super::{backup, journal, outbox, salvage};
use crate::model::{Draft, Op};
use rusqlite::Connection;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A file up to this size is looked through with its indexes at every start; a larger one without them.
const SMALL: u64 = 8 << 20;

/// What is known of a damaged outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    pub file: PathBuf,
    pub why: String,
    /// Operations and drafts that could be read, and where they stand now.
    pub ops: usize,
    pub drafts: usize,
    pub recovered: Option<PathBuf>,
    pub backup: Option<PathBuf>,
    pub journal: Option<PathBuf>,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is damaged ({}): nothing is sent, nothing was changed", self.file.display(), self.why)?;
        match &self.recovered {
            Some(path) => write!(f, "; {} operations and {} drafts could be read and stand in {}", self.ops, self.drafts, path.display())?,
            None => write!(f, "; nothing could be read")?,
        }
        match &self.backup {
            Some(path) => write!(f, "; the newest backup is {}", path.display())?,
            None => write!(f, "; there is no backup")?,
        }
        match &self.journal {
            Some(path) => write!(f, "; the texts stand in {}", path.display()),
            None => Ok(()),
        }
    }
}

/// Refuses a file that is not ours, newer than we are, or damaged.
pub(super) fn look(path: &Path) -> Result<(), Cause> {
    match inspect(path)? {
        Some(why) => Err(Cause::Damaged(Box::new(report(path, why)))),
        None => Ok(()),
    }
}

/// Copies what can be read, and says where everything is.
fn report(path: &Path, why: String) -> Damage {
    let copy = path.with_extension("recovered.db");
    let (ops, drafts) = salvage::beside(path, &copy).unwrap_or_else(|error| {
        tracing::warn!("the damaged outbox could not be copied: {error}");
        (0, 0)
    });
    Damage {
        file: path.to_owned(),
        why,
        ops,
        drafts,
        recovered: copy.exists().then_some(copy),
        backup: backup::newest(path),
        journal: Some(path.with_extension("jsonl")).filter(|path| path.exists()),
    }
}

/// Why it is damaged; `None`: it is sound, or there was none yet.
pub(super) fn inspect(path: &Path) -> Result<Option<String>, Cause> {
    let length = match fs::metadata(path) {
        Ok(about) => about.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Ok(was_there(path).then(|| "it is missing".to_owned()));
        }
        Err(error) => return Err(error.into()),
    };
    if length == 0 {
        return Ok(was_there(path).then(|| "it is empty".to_owned()));
    }
    match read(path, length) {
        Ok(found) => found,
        Err(error) if of_content(&error) => Ok(Some(one_line(&error.to_string()))),
        Err(error) => Err(error.into()),
    }
}

fn was_there(path: &Path) -> bool {
    fs::metadata(file::beside(path, "-wal")).is_ok_and(|log| log.len() > 0) || was_used(path)
}

/// An outbox that was in use leaves something beside it.
fn was_used(path: &Path) -> bool {
    path.with_extension("recovered.db").exists() || backup::newest(path).is_some() || !journal::is_empty(path)
}

type Found = Result<Option<String>, Cause>;

fn read(path: &Path, length: u64) -> rusqlite::Result<Found> {
    let db = file::reader(path)?;
    let tables = |name: &str| db.query_row("SELECT count(*) FROM sqlite_schema WHERE name LIKE ?1", [name], |row| row.get::<_, i64>(0));
    let name = path.display().to_string();
    match (file::number(&db, "PRAGMA application_id")?, file::number(&db, "PRAGMA user_version")?) {
        (APPLICATION, outbox::VERSION) => {}
        (0, 0) if tables("%")? == 0 => return Ok(Ok(was_used(path).then(|| "it is empty".to_owned()))),
        (APPLICATION, found) if found > outbox::VERSION => return Ok(Err(Cause::Newer { file: name, found, known: outbox::VERSION })),
        _ if tables("draft_version")? > 0 => return Ok(Ok(Some("its header is not what was written".to_owned()))),
        _ => return Ok(Err(Cause::Foreign(name))),
    }
    let check = if length <= SMALL { "PRAGMA integrity_check(1)" } else { "PRAGMA quick_check(1)" };
    let said: String = db.query_row(check, [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Ok(Some(one_line(&said))));
    }
    Ok(Ok(rows(&db, length <= SMALL)?))
}

/// Reads every row that still matters, or every row: a check of the pages does not see what stands in them.
fn rows(db: &Connection, all: bool) -> rusqlite::Result<Option<String>> {
    let mut select = db.prepare("SELECT op_id, case_id, seq, state, doc FROM op NOT INDEXED WHERE ?1 OR state NOT IN ('sent', 'cancelled')")?;
    let mut rows = select.query([all])?;
    while let Some(row) = rows.next()? {
        let (id, case, seq, state): (String, i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let fits = |op: &Op| op.id().to_string() == id && op.case().0 == case && op.seq == seq && op.state.as_str() == state;
        if !serde_json::from_str::<Op>(row.get_ref(4)?.as_str()?).is_ok_and(|op| fits(&op)) {
            return Ok(Some(format!("operation {seq} can't be read")));
        }
    }
    let mut select = db.prepare("SELECT case_id, doc FROM draft")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let case: i64 = row.get(0)?;
        if !serde_json::from_str::<Draft>(row.get_ref(1)?.as_str()?).is_ok_and(|draft| draft.case.0 == case) {
            return Ok(Some(format!("the draft of #{case} can't be read")));
        }
    }
    Ok(None)
}

fn one_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.starts_with("***")).unwrap_or(text);
    line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
