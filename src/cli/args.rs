//! What can be typed after `caseload`: the one place that names commands and flags. No key ever stands in an argument.

mod change;
mod files;
mod head;
mod later;
pub use change::{Assign, Close, Delete, Dry, Edit, Fields, Macro, Plain, Reply, Snooze, Tags, Text, Unread, Write};
pub use files::Attachments;
pub use head::Head;
pub use later::Later;

use crate::model::CaseId;
use crate::server::Area;
use clap::{Args as Group, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;

/// A terminal inbox for support agents, and the case API it speaks.
#[derive(Debug, Parser)]
#[command(name = "caseload", version, about, max_term_width = 100, disable_help_subcommand = true, after_help = AFTER)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    /// The inbox line by line, without a screen: for screen readers, and where the terminal can't show it
    #[arg(long, global = true)]
    pub linear: bool,
    /// Without one: the inbox.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const AFTER: &str = "\
Exit: 0 done, 1 failed, 2 usage, 75 stored and not proven sent.
Environment: CASELOAD_URL (origin without /api/v1), CASELOAD_API_KEY, CASELOAD_CONFIG, CASELOAD_HOME, NO_COLOR, VISUAL, EDITOR.
Try it without a server: caseload demo";

/// What every command takes.
#[derive(Debug, Clone, Default, Group)]
pub struct Global {
    /// Read this config file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Write JSON: one object, or one a line
    #[arg(long, global = true)]
    pub json: bool,
    /// Do not talk to the server: read from the cache, keep changes in the outbox
    #[arg(long, global = true)]
    pub offline: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Try it: a server on this machine with a morning's cases and customers who write, and the inbox on it
    Demo(Demo),
    /// Serve the case API
    Serve(Serve),
    /// API keys of a server of ours
    #[command(subcommand)]
    Keys(Keys),
    /// List cases, those that are not closed unless asked otherwise
    List(List),
    /// Show a conversation: the whole chain of cases with every message
    Show(Target),
    /// List the files attached to a conversation, or save them
    Attachments(Attachments),
    /// Search everything the cache holds
    Search(Search),
    /// Write every conversation of the cache
    Export,
    /// Reply to the customer
    Reply(Reply),
    /// Write an internal note
    Note(Write),
    /// Do all that a canned reply says: its text, its close or snooze
    Macro(Macro),
    /// Close a case
    Close(Close),
    /// Reopen a closed case
    Reopen(Plain),
    /// Let a case rest until a moment
    Snooze(Snooze),
    /// Take a case
    Claim(Plain),
    /// Give a case to colleagues
    Assign(Assign),
    /// Put tags on a case, or take them away
    Tag(Tags),
    /// Set fields of a case, or of its contact
    Field(Fields),
    /// Mark a case as unread on this machine
    Unread(Unread),
    /// Change a message of yours
    Edit(Edit),
    /// Delete a message of yours
    Delete(Delete),
    /// Send what waits, read what is new
    Sync(Sync),
    /// What is on its way to the server
    #[command(subcommand)]
    Outbox(Outbox),
    /// What you did, newest first, and what of it can be taken back (z in the inbox); read from the outbox alone
    Log(Log),
    /// Cases in and out by the hour, how long customers wait, and their scores; from the cache
    Workload(Workload),
    /// Check config, key, files, server and terminal
    Doctor,
    /// The config file
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell
    Completions { shell: clap_complete::Shell },
}

#[derive(Debug, Clone, Group)]
pub struct Demo {
    /// How many cases there are: 120 unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub cases: Option<u64>,
    /// Which morning: the same seed makes the same cases
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The folder it is kept in between runs
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Let the customers be silent
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Group)]
pub struct Serve {
    /// The address; port 0 picks a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The database file; made when it is not there
    #[arg(long, value_name = "FILE", default_value = "caseload-server.db")]
    pub database: PathBuf,
    /// Fill an empty database with this many cases, and print a new key for them
    #[arg(long, value_name = "N")]
    pub demo: Option<u64>,
    /// Which cases --demo makes
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Listen on an address that other machines reach; put TLS in front of it
    #[arg(long)]
    pub allow_remote: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Keys {
    /// Make a key and print its secret, once
    Create(KeysCreate),
    /// List the keys, never their secrets
    List(Database),
    /// End a key at once
    Revoke {
        /// The id that `keys list` shows
        id: String,
        #[command(flatten)]
        database: Database,
    },
}

#[derive(Debug, Clone, Group)]
pub struct Database {
    /// The database file of the server
    #[arg(long, value_name = "FILE", default_value = "caseload-server.db")]
    pub database: PathBuf,
}

#[derive(Debug, Clone, Group)]
pub struct KeysCreate {
    /// What it is for
    #[arg(long)]
    pub name: String,
    /// The user id it acts as
    #[arg(long, value_name = "ID")]
    pub user: i64,
    /// The name of a user who is new to the server
    #[arg(long, value_name = "NAME")]
    pub user_name: Option<String>,
    /// An area it may use; repeat it for several
    #[arg(long, value_name = "AREA", value_parser = area, default_value = "full")]
    pub permission: Vec<Area>,
    #[command(flatten)]
    pub database: Database,
}

/// The server's own words for the areas of a key, in any case, with hyphens for spaces.
fn area(word: &str) -> Result<Area, String> {
    let known = || Area::ALL.map(|area| area.as_str().to_lowercase().replace(' ', "-")).join(", ");
    Area::parse(word).ok_or_else(|| format!("no area is called that; there are {}", known()))
}

#[derive(Debug, Clone, Group)]
pub struct List {
    /// A view (mine, queue, closed, … or one of your own), then a filter: status:active channel:mail due:<30m; behind -- one may begin with a dash: -unread
    pub filter: Vec<String>,
    /// Name the views there are, and what your own ask for
    #[arg(long)]
    pub views: bool,
    /// Closed ones too
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Clone, Group)]
pub struct Target {
    /// The number of a case
    pub id: CaseId,
}

#[derive(Debug, Clone, Group)]
pub struct Search {
    /// Words, refu* for a beginning, "two words", and the terms of a filter: channel:mail closed:<30d -mine
    #[arg(required = true)]
    pub words: Vec<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, Group)]
pub struct Log {
    /// At most so many steps
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
}

#[derive(Debug, Clone, Copy, Group)]
pub struct Workload {
    /// So many hours, this one among them
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=168))]
    pub hours: u16,
}

#[derive(Debug, Clone, Copy, Group)]
pub struct Sync {
    /// The messages of every case, not only of open and recent ones
    #[arg(long)]
    pub full: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub enum Outbox {
    /// What is not done yet and what it waits for; what needs you first, with --json in the order of composing
    List {
        /// What was sent or dropped in the last 30 days too
        #[arg(long)]
        all: bool,
    },
    /// Everything that is known of one operation, its history, and what can be decided
    Show {
        #[command(flatten)]
        op: Named,
    },
    /// Look at the server, and send it if it is not there
    Retry {
        #[command(flatten)]
        op: Named,
    },
    /// Decide on what waits for you
    Resolve {
        #[command(flatten)]
        op: Named,
        decision: Decision,
    },
    /// Do not send it
    Drop {
        #[command(flatten)]
        op: Named,
    },
    /// Put a damaged outbox together again; the damaged file is kept
    Recover,
}

#[derive(Debug, Clone, Group)]
pub struct Named {
    /// As `outbox list` names it; a piece of at least 4 characters that no other one has is enough
    #[arg(value_name = "OP_ID", value_parser = op_name)]
    pub op_id: String,
}

/// A name of an operation, or a piece of one.
fn op_name(word: &str) -> Result<String, String> {
    let word = word.to_lowercase();
    if word.len() < 4 {
        return Err("at least 4 characters are needed".to_owned());
    }
    if word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') { Ok(word) } else { Err("no operation is named like that".to_owned()) }
}

/// What to do with an operation that waits for the agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Decision {
    /// It is there: take it as sent
    Sent,
    /// Send it as it is, whatever happened since; what may have arrived is looked for first
    Resend,
    /// Send it as an internal note
    Note,
    /// Back into the draft
    Draft,
    /// Reopen the case and send it there
    Reopen,
    /// Throw it away
    Discard,
}

#[derive(Debug, Clone, Subcommand)]
pub enum ConfigCommand {
    /// Write the example file where it is read, unless one is there
    Init,
    /// Print what is in force, without the key
    Show,
    /// Print where the file is
    Path,
}

#[cfg(test)]
mod tests;
