//! What a database is seeded with: the staff of an account, and whole conversations.
//! Plain data; every id in it is final.

use crate::model::{Case, Contact, Person, Tag};

/// Who works in the account, and its vocabulary.
pub struct Staff {
    pub agents: Vec<Person>,
    pub departments: Vec<(i64, String)>,
    pub tags: Vec<Tag>,
    pub questions: Vec<(i64, String)>,
}

/// One conversation: the contact and its chain of cases, oldest first; each case carries its users, fields, tags, feedbacks,
/// timeline, messages (mails with `mail` set) and follow-up.
pub struct Seeded {
    pub contact: Contact,
    pub cases: Vec<Case>,
}
