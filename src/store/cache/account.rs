//! The words of the account: what the server told of departments and tags, and the tags that its cases were seen to have.

use super::Cache;
use crate::model::{Account, Case, Tag};
use crate::store::error::Cause;
use std::collections::BTreeMap;

/// So many names are remembered from cases.
const MOST: usize = 500;
const TOLD: &str = "account lists";
const SEEN: &str = "tags seen";

impl Cache {
    /// Did the server ever tell them, or say that it does not?
    pub(in crate::store) fn knows_account(&self) -> Result<bool, Cause> {
        Ok(self.meta::<Account>(TOLD)?.is_some())
    }

    pub(in crate::store) fn account(&self) -> Result<Account, Cause> {
        let mut account: Account = self.meta(TOLD)?.unwrap_or_default();
        for tag in self.meta::<BTreeMap<String, Tag>>(SEEN)?.unwrap_or_default().into_values() {
            let known = |other: &Tag| other.name.raw().to_lowercase() == tag.name.raw().to_lowercase();
            if !account.tags.iter().any(known) {
                account.tags.push(tag);
            }
        }
        Ok(account)
    }

    /// Learns the tags of these cases; `known` are those that this pull has seen already.
    pub(in crate::store) fn see_tags<'c>(&self, cases: impl Iterator<Item = &'c Case>, known: &mut BTreeMap<String, Tag>) -> Result<(), Cause> {
        let before = known.len();
        for tag in cases.flat_map(|case| &case.tags).filter(|tag| !tag.name.is_empty()) {
            let name = tag.name.raw().to_lowercase();
            if known.len() < MOST && !known.contains_key(&name) {
                known.insert(name, tag.clone());
            }
        }
        if known.len() == before {
            return Ok(());
        }
        let mut all: BTreeMap<String, Tag> = self.meta(SEEN)?.unwrap_or_default();
        all.extend(known.iter().take(MOST).map(|(name, tag)| (name.clone(), tag.clone())));
        self.set_meta(SEEN, &all)
    }
}
