//! What a demo puts into an empty database: the people of an account, and conversations with all they carry.
//! Plain data; the demo makes it, the database stores it, neither knows the other.

use crate::model::{Case, Contact, Person, Tag};

/// The people and the words of an account.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Staff {
    pub agents: Vec<Person>,
    pub departments: Vec<(i64, String)>,
    pub tags: Vec<Tag>,
    pub questions: Vec<(i64, String)>,
}

/// One conversation: the contact and its chain of cases, oldest first; each Case carries its users, fields, tags, feedbacks, timeline,
/// messages (mails with `mail` set) and `follow_up`. All ids are final and consecutive.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seeded {
    pub contact: Contact,
    pub cases: Vec<Case>,
}
