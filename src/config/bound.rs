//! `[keys]`: which keys the agent wants, as they stand in the file. What a key or an action is, this room does not know; it
//! knows the line, so that what is wrong can be found.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use toml::Spanned;

/// The keys of the inbox: a set to begin with, and changes by place.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bound {
    pub preset: Preset,
    /// Wherever the action works, but for the compose box and the sheet.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub all: BTreeMap<String, Said>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub list: BTreeMap<String, Said>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub reader: BTreeMap<String, Said>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub compose: BTreeMap<String, Said>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outbox: BTreeMap<String, Said>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub log: BTreeMap<String, Said>,
    /// What would happen to many cases.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sheet: BTreeMap<String, Said>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    #[default]
    Default,
    Vim,
    Gmail,
}

/// A word of the file, and the line it stands in.
#[derive(Debug, Clone, Default)]
pub struct Said {
    pub word: String,
    pub line: usize,
    at: usize,
}

/// The line is where it was found, not what was said.
impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.word)
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { at: spanned.span().start, line: 0, word: spanned.into_inner() })
    }
}

impl Said {
    /// Finds the line in the text it was read from.
    pub(super) fn locate(&mut self, text: &str) {
        self.line = text.get(..self.at).unwrap_or(text).matches('\n').count() + 1;
    }
}

impl Bound {
    /// The places by their names, with what is wanted there.
    pub fn places(&self) -> [(&'static str, &BTreeMap<String, Said>); 7] {
        [
            ("all", &self.all),
            ("list", &self.list),
            ("reader", &self.reader),
            ("compose", &self.compose),
            ("outbox", &self.outbox),
            ("log", &self.log),
            ("sheet", &self.sheet),
        ]
    }

    pub(super) fn locate(&mut self, text: &str) {
        let tables = [&mut self.all, &mut self.list, &mut self.reader, &mut self.compose, &mut self.outbox, &mut self.log, &mut self.sheet];
        tables.into_iter().flat_map(BTreeMap::values_mut).for_each(|said| said.locate(text));
    }
}
