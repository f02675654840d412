//! What the commands take that change a case.

use super::{Head, Later};
use crate::model::{CaseId, Lang, MessageId};
use clap::Args as Group;

/// A change of a case without further words.
#[derive(Debug, Clone, Group)]
pub struct Plain {
    /// The number of the case
    pub id: CaseId,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Copy, Default, Group)]
pub struct Dry {
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Clone, Group)]
pub struct Write {
    /// The number of the case
    pub id: CaseId,
    #[command(flatten)]
    pub text: Text,
    /// The text of a canned reply, its variables filled in
    #[arg(long, value_name = "NAME", conflicts_with = "text")]
    pub canned: Option<String>,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Reply {
    #[command(flatten)]
    pub write: Write,
    #[command(flatten)]
    pub head: Head,
    /// Have the server translate it: de, pt-BR; only in a chat, and where the server does it
    #[arg(long, value_name = "LANGUAGE", value_parser = Lang::parse)]
    pub translate: Option<Lang>,
    #[command(flatten)]
    pub later: Later,
}

#[derive(Debug, Clone, Group)]
pub struct Macro {
    /// The number of the case
    pub id: CaseId,
    /// The name of the canned reply
    pub name: String,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Text {
    /// The words; `-` or nothing reads them from standard input
    #[arg(long, allow_hyphen_values = true)]
    pub text: Option<String>,
}

#[derive(Debug, Clone, Group)]
pub struct Close {
    /// The number of the case
    pub id: CaseId,
    /// The closing state; the first one of the config unless given
    #[arg(long)]
    pub state: Option<String>,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Snooze {
    /// The number of the case
    pub id: CaseId,
    /// 2h, "tomorrow 9", mon, "2026-11-23 09:00"
    #[arg(long, value_name = "TIME")]
    pub until: String,
    /// A word for yourself
    #[arg(long, allow_hyphen_values = true)]
    pub message: Option<String>,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Assign {
    /// The number of the case
    pub id: CaseId,
    /// A user id or name, or `me`; repeat it for several
    #[arg(long, value_name = "USER", required = true, num_args = 1..)]
    pub to: Vec<String>,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Edit {
    /// The number of the case
    pub id: CaseId,
    /// The id of the message
    pub message: MessageId,
    #[command(flatten)]
    pub text: Text,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Delete {
    /// The number of the case
    pub id: CaseId,
    /// The id of the message
    pub message: MessageId,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Tags {
    /// The number of the case
    pub id: CaseId,
    /// Tags that the case shall have
    #[arg(value_name = "TAG", required_unless_present = "remove")]
    pub add: Vec<String>,
    /// A tag that it shall not have; repeat it for several
    #[arg(long, value_name = "TAG")]
    pub remove: Vec<String>,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Unread {
    /// The number of the case
    pub id: CaseId,
    /// Mark it as read instead
    #[arg(long)]
    pub read: bool,
    #[command(flatten)]
    pub dry: Dry,
}

#[derive(Debug, Clone, Group)]
pub struct Fields {
    /// The number of the case
    pub id: CaseId,
    /// A field and its new value; nothing behind the `=` takes it away
    #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
    pub set: Vec<(String, String)>,
    /// Those of the contact instead
    #[arg(long)]
    pub contact: bool,
    #[command(flatten)]
    pub dry: Dry,
}

fn pair(word: &str) -> Result<(String, String), String> {
    let (key, value) = word.split_once('=').ok_or("it is written as KEY=VALUE")?;
    if key.trim().is_empty() { Err("a field needs a name".to_owned()) } else { Ok((key.trim().to_owned(), value.to_owned())) }
}
