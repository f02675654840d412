//! The columns a question may name, and what they are called inside. A column that is not here cannot be asked for;
//! this table is the only way from a word of a request to a word of SQL.

/// What a column holds, and so what a value must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Date,
    Text,
}

/// A column of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// May it be empty, so that `null` is a value?
    pub nullable: bool,
    pub(super) sql: &'static str,
}

/// A kind of object that can be listed.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// The singular, for messages to people.
    pub noun: &'static str,
    pub columns: &'static [Column],
    pub(super) sql: &'static str,
    /// Rows of the table that are of this kind.
    pub(super) holds: Option<&'static str>,
    /// Its name in the tally, when it has one.
    pub(super) tally: Option<&'static str>,
}

impl Table {
    pub fn column(&self, name: &str) -> Option<Column> {
        self.columns.iter().find(|column| column.name == name).copied()
    }
}

const fn is(name: &'static str, kind: Kind, sql: &'static str) -> Column {
    Column { name, kind, nullable: false, sql }
}

const fn may(name: &'static str, kind: Kind, sql: &'static str) -> Column {
    Column { name, kind, nullable: true, sql }
}

pub static CASES: Table = Table {
    noun: "case",
    sql: "cases",
    holds: None,
    tally: Some("case"),
    columns: &[
        is("id", Kind::Int, "id"),
        is("threadId", Kind::Int, "thread_id"),
        may("parentId", Kind::Int, "parent_id"),
        may("contactId", Kind::Int, "contact_id"),
        is("title", Kind::Text, "title"),
        is("description", Kind::Text, "description"),
        is("channel", Kind::Text, "channel"),
        is("status", Kind::Text, "status"),
        may("closingState", Kind::Text, "closing_state"),
        may("dateQueue", Kind::Date, "date_queue"),
        may("datePending", Kind::Date, "date_pending"),
        may("dateActive", Kind::Date, "date_active"),
        may("dateClosed", Kind::Date, "date_closed"),
        may("userId", Kind::Int, "user_id"),
        may("waitTime", Kind::Int, "wait_time"),
        may("closedBy", Kind::Int, "closed_by"),
        may("queueId", Kind::Int, "queue_id"),
        may("queueOrder", Kind::Int, "queue_order"),
        may("visitId", Kind::Int, "visit_id"),
        is("meta", Kind::Text, "meta"),
        is("dateCreated", Kind::Date, "date_created"),
        is("dateUpdated", Kind::Date, "date_updated"),
    ],
};

pub static MESSAGES: Table = Table {
    noun: "case-message",
    sql: "messages",
    holds: Some("mailed = 0"),
    tally: Some("message"),
    columns: &[
        is("id", Kind::Int, "id"),
        is("caseId", Kind::Int, "case_id"),
        is("threadId", Kind::Int, "thread_id"),
        may("contactId", Kind::Int, "contact_id"),
        may("channel", Kind::Text, "channel"),
        is("type", Kind::Text, "type"),
        is("senderType", Kind::Text, "sender_type"),
        may("senderId", Kind::Int, "sender_id"),
        is("dateCreated", Kind::Date, "date_created"),
        may("dateUpdated", Kind::Date, "date_updated"),
    ],
};

pub static CONTACTS: Table = Table {
    noun: "contact",
    sql: "contacts",
    holds: None,
    tally: None,
    columns: &[
        is("id", Kind::Int, "id"),
        is("name", Kind::Text, "name"),
        may("email", Kind::Text, "email"),
        may("phone", Kind::Text, "phone"),
        may("companyId", Kind::Int, "company_id"),
        may("dateCreated", Kind::Date, "date_created"),
        may("dateUpdated", Kind::Date, "date_updated"),
    ],
};
