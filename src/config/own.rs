//! `[[command]]`: programs of the agent's own, each with the line where its name stands.

use super::{Said, Span};
use serde::{Deserialize, Serialize};

/// A program and what becomes of its words.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OwnEntry {
    pub name: Said,
    /// As they are written: `gt`, `F7`.
    pub keys: Option<String>,
    /// It and its arguments; no shell reads them.
    pub run: Vec<String>,
    pub output: OwnOutput,
    /// After this it is ended.
    pub limit: Option<Span>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnOutput {
    Ignore,
    #[default]
    Notice,
    Draft,
    Screen,
}
