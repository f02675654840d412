//! What can be asked of the server and the forms of its answers: plain values, no request in them.
//! What a server may not understand is said beside it.

use crate::model::{Actor, Case, CaseId, Message};

/// One condition of the server's query language: `column|op|value`. Only `eq` is understood without [`Extensions::where_operators`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Where {
    pub column: &'static str,
    pub op: &'static str,
    pub value: String,
}

impl Where {
    pub fn new(column: &'static str, op: &'static str, value: impl std::fmt::Display) -> Self {
        Self { column, op, value: value.to_string() }
    }

    /// As it stands in the query; `\|` is a pipe inside the value.
    pub(super) fn written(&self) -> String {
        format!("{}|{}|{}", self.column, self.op, self.value.replace('|', "\\|"))
    }
}

/// A page of cases. All conditions must hold; `page` counts from 0, a `limit` of 0 is the server's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CasesAsk {
    pub filter: Vec<Where>,
    /// Column, and whether ascending. Without [`Extensions::order`] leave it `None`: ascending by id.
    pub order: Option<(&'static str, bool)>,
    pub page: u32,
    pub limit: u32,
}

/// The same of messages. Without extensions one condition is sure to be understood: `caseId|eq|N`.
pub type MessagesAsk = CasesAsk;

/// One page of an answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub page: u32,
    pub limit: Option<u32>,
    /// All that match, not only these.
    pub count: Option<u64>,
    /// Rows that could not be taken: they had no id, or named no case.
    pub dropped: u32,
}

/// What a server can beyond the contract; nothing, when it is not one of ours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent abilities, each asked for by its name")]
pub struct Extensions {
    pub where_operators: bool,
    pub order: bool,
    pub idempotency: bool,
    pub events: bool,
    /// `PUT` of a case, with tags and fields that are merged and not overwritten.
    pub case_update: bool,
    /// Replies are put into another language; `None`: it is none of ours and says nothing of it.
    pub translate: Option<bool>,
}

/// How a server introduced itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hello {
    pub extensions: Extensions,
    /// Who the key acts as, where the server says it.
    pub me: Option<Actor>,
    pub version: Option<String>,
}

/// What a send needs to know beyond the mutation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Base {
    /// The confirmed case.
    pub case: Case,
    /// The newest mail of the thread (of a telephone case: its newest SMS or call): who writes to whom about what.
    pub mail: Option<Message>,
    pub extensions: Extensions,
    /// The agent knows what somebody else made of the same thing, and wants it all the same.
    pub allowed: bool,
}

/// Something happened at the server: ask it what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {
    /// `case:status`, `case:message:new`, …
    pub event: String,
    pub case: Option<CaseId>,
}
