//! The words of an account: its departments, and the tags that are in use.

use super::{Tag, Untrusted};
use serde::{Deserialize, Serialize};

/// What pickers offer. Read from the server where it tells, else learned from its cases; it may be thrown away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    pub departments: Vec<Department>,
    pub tags: Vec<Tag>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Department {
    pub id: i64,
    pub name: Untrusted,
}
