//! What can be said about the files of a conversation.

use crate::model::CaseId;
use clap::Args as Group;
use std::path::PathBuf;

#[derive(Debug, Clone, Group)]
pub struct Attachments {
    /// The number of a case
    pub id: CaseId,
    /// Save them: into this folder, else the one of the config
    #[arg(long, value_name = "DIR", num_args = 0..=1)]
    pub save: Option<Option<PathBuf>>,
    /// Only the one of this number, as the list has it; repeat it for several
    #[arg(long, value_name = "N")]
    pub only: Vec<usize>,
    /// Fetch from this host too, without the API key; repeat it for several
    #[arg(long, value_name = "HOST")]
    pub from: Vec<String>,
}
