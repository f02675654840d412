//! Drafts: one text per case that waits for its author. What replaces a draft without containing it leaves the old one behind
//! as a version; a text that could not be sent comes back as a draft.

use super::error::Cause;
use super::outbox::{self, Outbox};
use crate::model::{CaseId, Change, Draft, DraftKind, Op, OpState};
use rusqlite::{OptionalExtension, params};
use std::collections::HashSet;

pub(super) const DRAFTED: &str = "SELECT case_id FROM draft WHERE account = ?1 AND case_id IN (SELECT value FROM json_each(?2))";

impl Outbox {
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

    pub fn save_draft(&self, draft: &Draft) -> Result<(), Cause> {
        self.change(|| self.put_draft(draft))
    }

    pub fn drop_draft(&self, case: CaseId) -> Result<(), Cause> {
        self.change(|| self.take_draft(case, ""))
    }

    fn put_draft(&self, draft: &Draft) -> Result<(), Cause> {
        if let Some(old) = self.draft(draft.case)?
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
        self.take_draft(op.case(), op.mutation.change.text().unwrap_or_default())
    }

    /// The text of an operation that will not be sent goes back to its author, who may have begun another one: that one stays.
    /// When it is to be sent after all, the draft made of it goes.
    pub(super) fn return_text(&self, op: &Op, from: OpState) -> Result<(), Cause> {
        let Some(draft) = draft_of(op) else { return Ok(()) };
        let newer = self.draft(op.case())?;
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

fn draft_of(op: &Op) -> Option<Draft> {
    let (kind, text) = match &op.mutation.change {
        Change::Reply { text } => (DraftKind::Reply, text),
        Change::Note { text } => (DraftKind::Note, text),
        _ => return None,
    };
    Some(Draft { case: op.case(), kind, text: text.clone(), answers: op.answers, updated: op.changed })
}
