//! Keeping the index of the full text: what is to be found goes in at the end of a transaction, in the order of its rowids, for
//! anything else makes the index flush at every step. It keeps no copy of the text: what leaves it is handed in as it went in.
//! While the cache is filled for the first time words are held back over many transactions; a mark in the file tells a
//! successor that some were lost with their process.

use super::cache::Cache;
use super::error::Cause;
use super::search::{case_key, case_text, message_key, message_text, spaced};
use crate::model::{Case, Message};
use rusqlite::params;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

/// How many texts are held back while the cache is filled.
const HELD: usize = 16_000;
const MARK: &str = "unindexed";

/// The texts that wait for the index.
#[derive(Default)]
pub(super) struct Words {
    /// By rowid.
    texts: RefCell<BTreeMap<i64, Text>>,
    holding: Cell<bool>,
}

/// What leaves the index, and what enters it.
#[derive(Default)]
struct Text {
    old: Option<String>,
    new: Option<String>,
}

impl Cache {
    pub(super) fn index(&self, rowid: i64, text: String) {
        self.words.texts.borrow_mut().entry(rowid).or_default().new = Some(text);
    }

    pub(super) fn unindex(&self, rowid: i64, text: String) {
        let mut texts = self.words.texts.borrow_mut();
        let entry = texts.entry(rowid).or_default();
        if entry.new.take().is_none() {
            entry.old = Some(text);
        }
    }

    /// The end of every transaction.
    pub(super) fn index_due(&self) -> Result<(), Cause> {
        if self.words.holding.get() && self.words.texts.borrow().len() < HELD { Ok(()) } else { self.index_all() }
    }

    /// What a failed transaction wanted to be found is not there. Held words went with it: the mark stays for a successor.
    pub(super) fn drop_words(&self) {
        self.words.texts.borrow_mut().clear();
        self.words.holding.set(false);
    }

    fn index_all(&self) -> Result<(), Cause> {
        let mut remove = self.db.prepare_cached("INSERT INTO words (words, rowid, text) VALUES ('delete', ?1, ?2)")?;
        let mut insert = self.db.prepare_cached("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?;
        for (rowid, Text { old, new }) in self.words.texts.take() {
            if let Some(old) = old {
                remove.execute(params![rowid, spaced(&old)])?;
            }
            if let Some(new) = new {
                insert.execute(params![rowid, spaced(&new)])?;
            }
        }
        Ok(())
    }

    /// From now on words are held back; few large pieces of the index are merged instead of many small ones.
    pub(super) fn hold_words(&self) -> Result<(), Cause> {
        self.words.holding.set(true);
        self.set_merging(0)?;
        self.set_meta(MARK, &true)
    }

    /// The end of it; does nothing when nothing is held.
    pub(super) fn release_words(&self) -> Result<(), Cause> {
        if !self.words.holding.replace(false) {
            return Ok(());
        }
        self.index_all()?;
        self.set_merging(4)?;
        self.set_meta(MARK, &false)
    }

    fn set_merging(&self, pieces: i64) -> Result<(), Cause> {
        self.db.prepare_cached("INSERT INTO words (words, rank) VALUES ('automerge', ?1)")?.execute([pieces])?;
        Ok(())
    }

    /// Did a process die with words in its hands?
    pub(super) fn has_lost_words(&self) -> Result<bool, Cause> {
        Ok(self.meta(MARK)?.unwrap_or(false))
    }

    /// Indexes everything again, in transactions of a few thousand rows.
    pub(super) fn reindex(&self) -> Result<(), Cause> {
        self.change(|| Ok(self.db.execute("INSERT INTO words (words) VALUES ('delete-all')", []).map(drop)?))?;
        self.reindex_table("SELECT case_id, doc FROM confirmed WHERE case_id > ?1 ORDER BY case_id LIMIT 4000", |id, case: &Case| {
            debug_assert_eq!(id, case.id.0);
            (case_key(case.id, case.date_created), case_text(case))
        })?;
        self.reindex_table("SELECT key, doc FROM message WHERE key > ?1 ORDER BY key LIMIT 4000", |key, message: &Message| {
            (message_key(key, message.date_created), message_text(message))
        })
    }

    fn reindex_table<T: DeserializeOwned>(&self, sql: &str, words: impl Fn(i64, &T) -> (i64, String)) -> Result<(), Cause> {
        let mut last = i64::MIN;
        loop {
            let from = last;
            self.change(|| {
                let mut select = self.db.prepare_cached(sql)?;
                let mut rows = select.query([from])?;
                while let Some(row) = rows.next()? {
                    last = row.get(0)?;
                    let doc: T = serde_json::from_str(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
                    let (rowid, text) = words(last, &doc);
                    self.index(rowid, text);
                }
                Ok(())
            })?;
            if last == from {
                return Ok(());
            }
        }
    }
}
