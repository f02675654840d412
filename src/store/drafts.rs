//! Drafts: one text per case that waits for its author. What replaces a draft without containing it leaves the old one behind
//! as a version; a text that could not be sent comes back as a draft.

use super::Store;
use super::error::{Cause, Doing, StoreError};
use super::outbox::{self, Outbox};
use crate::model::{CaseId, Change, Draft, DraftKind, Op, OpState, Version};
use rusqlite::{OptionalExtension, params};
use std::collections::HashSet;

pub(super) const DRAFTED: &str = "SELECT case_id FROM draft WHERE account = ?1 AND case_id IN (SELECT value FROM json_each(?2))";

/// So many rows of each kind are looked at for a list of earlier texts, and so many letters may have gone from one that is
/// not listed beside a longer one.
const LOOKED_AT: i64 = 2_000;
const SLIPS: usize = 3;

impl Store {
    /// Earlier texts of a case, newest first. All are kept; of those that grew out of one another the longest is listed.
    pub fn versions(&self, case: CaseId) -> Result<Vec<Version>, StoreError> {
        self.outbox.versions(case).doing("reading the drafts")
    }
}

impl Outbox {
    fn versions(&self, case: CaseId) -> Result<Vec<Version>, Cause> {
        let sql = "SELECT doc FROM draft_version WHERE account = ?1 AND case_id = ?2 ORDER BY n DESC LIMIT ?3";
        let mut select = self.db.prepare_cached(sql)?;
        let docs = select.query_map(params![self.account, case.0, LOOKED_AT], |row| row.get::<_, String>(0))?;
        let mut drafts: Vec<Version> = Vec::new();
        for doc in docs {
            let draft: Draft = serde_json::from_str(&doc?)?;
            if draft.text.trim().is_empty() {
                continue;
            }
            let version = Version { kind: draft.kind, text: draft.text, at: draft.updated, state: None, head: draft.head };
            match drafts.last_mut() {
                Some(newer) if holds(&newer.text, &version.text) => {}
                Some(newer) if holds(&version.text, &newer.text) => *newer = version,
                _ => drafts.push(version),
            }
        }
        let mut found = self.sent_off(case)?;
        drafts.retain(|draft| !found.iter().any(|said| said.text.trim_end() == draft.text.trim_end()));
        found.append(&mut drafts);
        found.sort_by_key(|version| std::cmp::Reverse(version.at));
        Ok(found)
    }

    /// The words of a case's operations, whatever became of them.
    fn sent_off(&self, case: CaseId) -> Result<Vec<Version>, Cause> {
        let sql = "SELECT doc FROM op WHERE account = ?1 AND case_id = ?2 AND kind IN ('reply', 'note') ORDER BY seq DESC LIMIT ?3";
        let mut select = self.db.prepare_cached(sql)?;
        let docs = select.query_map(params![self.account, case.0, LOOKED_AT], |row| row.get::<_, String>(0))?;
        let mut found = Vec::new();
        for doc in docs {
            let op: Op = serde_json::from_str(&doc?)?;
            found.extend(draft_of(&op).map(|draft| Version {
                kind: draft.kind,
                text: draft.text,
                at: op.mutation.at,
                state: Some(op.state),
                head: draft.head,
            }));
        }
        Ok(found)
    }

    pub fn draft(&self, case: CaseId) -> Result<Option<Draft>, Cause> {
        let mut select = self.db.prepare_cached("SELECT doc FROM draft WHERE account = ?1 AND case_id = ?2")?;
        let doc: Option<String> = select.query_row(params![self.account, case.0], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
    }

    pub fn drafts(&self) -> Result<Vec<Draft>, Cause> {
        let mut select = self.db.prepare_cached("SELECT doc FROM draft WHERE account = ?1 ORDER BY updated DESC, case_id")?;
        let docs = select.query_map([&self.account], |row| row.get::<_, String>(0))?;
        docs.map(|doc| Ok(serde_json::from_str(&doc?)?)).collect()
    }

    /// Which of these cases (a JSON array of numbers) have one.
    pub fn drafted(&self, cases: &str) -> Result<HashSet<CaseId>, Cause> {
        let mut select = self.db.prepare_cached(DRAFTED)?;
        Ok(select.query_map(params![self.account, cases], |row| row.get(0).map(CaseId))?.collect::<Result<_, _>>()?)
    }

    pub fn all_drafted(&self) -> Result<Vec<CaseId>, Cause> {
        let mut select = self.db.prepare_cached("SELECT case_id FROM draft WHERE account = ?1")?;
        Ok(select.query_map([&self.account], |row| row.get(0).map(CaseId))?.collect::<Result<_, _>>()?)
    }

    pub fn save_draft(&self, draft: &Draft) -> Result<(), Cause> {
        self.change(|| self.put_draft(draft))
    }

    pub fn drop_draft(&self, case: CaseId) -> Result<(), Cause> {
        self.change(|| self.take_draft(case, ""))
    }

    fn put_draft(&self, draft: &Draft) -> Result<(), Cause> {
        if let Some(old) = self.draft(draft.slot())?
            && !draft.text.starts_with(&old.text)
        {
            self.keep_version(&old)?;
        }
        outbox::put_draft(&self.db, "REPLACE INTO draft", &self.account, draft)
    }

    /// Removes the draft; unless `elsewhere` has its words they are kept as a version.
    fn take_draft(&self, case: CaseId, elsewhere: &str) -> Result<(), Cause> {
        let Some(old) = self.draft(case)? else { return Ok(()) };
        if !elsewhere.starts_with(&old.text) {
            self.keep_version(&old)?;
        }
        self.db.prepare_cached("DELETE FROM draft WHERE account = ?1 AND case_id = ?2")?.execute(params![self.account, case.0])?;
        Ok(())
    }

    fn keep_version(&self, draft: &Draft) -> Result<(), Cause> {
        outbox::put_draft(&self.db, "INSERT INTO draft_version", &self.account, draft)
    }

    /// The draft that an operation was written in is gone with it.
    pub(super) fn use_draft(&self, op: &Op) -> Result<(), Cause> {
        let Some(draft) = draft_of(op) else { return Ok(()) };
        self.take_draft(draft.slot(), &draft.text)
    }

    /// The text of an operation that will not be sent goes back to its author, who may have begun another one: that one stays.
    /// When it is to be sent after all, the draft made of it goes.
    pub(super) fn return_text(&self, op: &Op, from: OpState) -> Result<(), Cause> {
        let Some(draft) = draft_of(op) else { return Ok(()) };
        let newer = self.draft(draft.slot())?;
        let returned = |state| matches!(state, OpState::Failed | OpState::Cancelled);
        match newer {
            Some(newer) if !returned(op.state) && returned(from) && newer.text == draft.text => self.use_draft(op),
            Some(newer) if returned(op.state) && !returned(from) && newer.updated >= op.mutation.at => self.keep_version(&draft),
            _ if returned(op.state) && !returned(from) && op.discarded => self.keep_version(&draft),
            _ if returned(op.state) && !returned(from) => self.put_draft(&draft),
            _ => Ok(()),
        }
    }
}

/// Does the one have nearly all of the other: the same beginning and end, and something between?
fn holds(longer: &str, shorter: &str) -> bool {
    let alike = |longer: &[u8], shorter: &[u8]| longer.iter().zip(shorter).take_while(|(one, other)| one == other).count();
    let before = alike(longer.as_bytes(), shorter.as_bytes());
    let rest = |text: &str| text.as_bytes()[before..].iter().rev().copied().collect::<Vec<u8>>();
    before + alike(&rest(longer), &rest(shorter)) + SLIPS.min(shorter.len() / 4) >= shorter.len()
}

fn draft_of(op: &Op) -> Option<Draft> {
    let draft = Draft { case: op.case(), answers: op.answers, updated: op.changed, ..Draft::default() };
    match &op.mutation.change {
        Change::Reply { text, head, translate } => Some(Draft { text: text.clone(), head: head.clone(), translate: translate.clone(), ..draft }),
        Change::Note { text } => Some(Draft { kind: DraftKind::Note, text: text.clone(), ..draft }),
        Change::Edit { message, text } => Some(Draft { text: text.clone(), edits: Some(*message), ..draft }),
        _ => None,
    }
}
