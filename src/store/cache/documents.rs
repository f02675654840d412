//! The confirmed documents: the server's word about each case, as it came. A document never goes back in time, and what a
//! list of cases leaves out (timeline, follow-up, contact) does not erase what a whole reading brought.

use super::{Cache, threading, timeline};
use crate::model::{Case, CaseId, ThreadId};
use crate::store::error::Cause;
use crate::store::search;
use rusqlite::{OptionalExtension, Row, params};
use std::borrow::Cow;

/// What became of a document that came in.
pub(in crate::store) enum Put<'c> {
    New(Cow<'c, Case>),
    /// `dated`: the server changed it, not only our reading of it: there may be messages we don't have.
    Changed {
        case: Cow<'c, Case>,
        dated: bool,
    },
    /// Nothing to do: known, older than what is there, or settled by ourselves after the pull began.
    Kept,
}

struct Known {
    updated: Option<i64>,
    settled: i64,
    doc: String,
}

impl Known {
    fn read(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self { updated: row.get(0)?, settled: row.get(1)?, doc: row.get(2)? })
    }
}

impl Cache {
    /// Writes a document. `pull`: the generation of the pull that read it; `None` when it answers one of our own operations.
    pub(in crate::store) fn put_case<'c>(&self, case: &'c Case, pull: Option<i64>) -> Result<Put<'c>, Cause> {
        let mut case = Cow::Borrowed(case);
        if !case.messages.is_empty() {
            case.to_mut().messages.clear();
        }
        let doc = serde_json::to_string(&case)?;
        let sql = "INSERT OR IGNORE INTO confirmed (case_id, thread_id, status, date_updated, doc) VALUES (?1, ?2, ?3, ?4, ?5)";
        let thread = threading(&case);
        if self.db.prepare_cached(sql)?.execute(params![case.id.0, thread.0, case.status.as_str(), updated(&case), doc])? == 1 {
            self.index_case(&case, None);
            self.with_timeline(&case)?;
            return Ok(Put::New(case));
        }
        self.replace(case, &doc, pull)
    }

    fn replace<'c>(&self, mut case: Cow<'c, Case>, doc: &str, pull: Option<i64>) -> Result<Put<'c>, Cause> {
        let mut select = self.db.prepare_cached("SELECT date_updated, settled_gen, doc FROM confirmed WHERE case_id = ?1")?;
        let known = select.query_row([case.id.0], Known::read)?;
        let guarded = pull.is_some_and(|generation| generation <= known.settled && known.settled > 0);
        let older = updated(&case).is_some() && updated(&case) < known.updated;
        if guarded || older {
            return Ok(Put::Kept);
        }
        self.with_timeline(&case)?;
        if known.doc == doc {
            return Ok(Put::Kept);
        }
        let old: Case = serde_json::from_str(&known.doc)?;
        carry_over(&old, &mut case);
        if old == *case {
            return Ok(Put::Kept);
        }
        // Where times are whole seconds, the newest text is all that tells two messages of one second apart.
        let dated = updated(&case) != known.updated || case.description != old.description;
        self.overwrite(&old, &case)?;
        if dated {
            // Said here and not by who projects it: a case with operations of ours over it takes another way there.
            self.reread(case.id)?;
        }
        Ok(Put::Changed { case, dated })
    }

    /// The next pull asks for its messages.
    pub(in crate::store) fn reread(&self, id: CaseId) -> Result<(), Cause> {
        self.db.prepare_cached("UPDATE line SET needs = 1 WHERE case_id = ?1 AND needs = 0")?.execute([id.0])?;
        Ok(())
    }

    /// Replaces a document by what we know better.
    pub(in crate::store) fn overwrite(&self, old: &Case, case: &Case) -> Result<(), Cause> {
        let doc = serde_json::to_string(case)?;
        let sql = "UPDATE confirmed SET thread_id = ?2, status = ?3, date_updated = ?4, doc = ?5 WHERE case_id = ?1";
        self.db.prepare_cached(sql)?.execute(params![case.id.0, threading(case).0, case.status.as_str(), updated(case), doc])?;
        self.index_case(case, Some(old));
        Ok(())
    }

    /// From now on no pull that has begun already changes this case.
    pub(in crate::store) fn mark_settled(&self, id: CaseId) -> Result<(), Cause> {
        let generation = self.generation()?;
        self.db.prepare_cached("UPDATE confirmed SET settled_gen = ?2 WHERE case_id = ?1")?.execute([id.0, generation])?;
        self.set_meta("settled", &generation)
    }

    fn index_case(&self, case: &Case, old: Option<&Case>) {
        let is = (search::case_key(case.id, case.date_created), search::case_text(case));
        if let Some(old) = old {
            let was = (search::case_key(old.id, old.date_created), search::case_text(old));
            if was == is {
                return;
            }
            self.unindex(was.0, was.1);
        }
        self.index(is.0, is.1);
    }

    pub(in crate::store) fn case(&self, id: CaseId) -> Result<Option<Case>, Cause> {
        let doc: Option<String> = self.db.prepare_cached("SELECT doc FROM confirmed WHERE case_id = ?1")?.query_row([id.0], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
    }

    pub(in crate::store) fn thread_of(&self, id: CaseId) -> Result<Option<ThreadId>, Cause> {
        let mut select = self.db.prepare_cached("SELECT thread_id FROM confirmed WHERE case_id = ?1")?;
        Ok(select.query_row([id.0], |row| row.get(0).map(ThreadId)).optional()?)
    }

    /// Did we settle something of this case since the pull of `generation` began?
    pub(in crate::store) fn is_settled_since(&self, id: CaseId, generation: i64) -> Result<bool, Cause> {
        let mut select = self.db.prepare_cached("SELECT settled_gen >= ?2 FROM confirmed WHERE case_id = ?1")?;
        Ok(select.query_row([id.0, generation.max(1)], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    /// Forgets the document, its messages and its places.
    pub(in crate::store) fn forget(&self, id: CaseId) -> Result<(), Cause> {
        let Some(case) = self.case(id)? else { return Ok(()) };
        for key in self.keys_of(threading(&case), id, None)? {
            self.remove_message(key)?;
        }
        self.unindex(search::case_key(id, case.date_created), search::case_text(&case));
        self.db.prepare_cached("DELETE FROM confirmed WHERE case_id = ?1")?.execute([id.0])?;
        self.unlist(id)
    }
}

fn updated(case: &Case) -> Option<i64> {
    case.date_updated.map(|date| date.timestamp_millis())
}

fn carry_over(old: &Case, case: &mut Cow<Case>) {
    let timeline = timeline::united(&old.timeline, &case.timeline);
    if timeline != case.timeline {
        case.to_mut().timeline = timeline;
    }
    if case.follow_up.is_none() && old.follow_up.is_some() && !case.extra.contains_key(Case::AWAKE) {
        case.to_mut().follow_up.clone_from(&old.follow_up);
    }
    if case.contact.is_none() && old.contact.is_some() && [None, old.contact_id()].contains(&case.contact_id) {
        case.to_mut().contact.clone_from(&old.contact);
    }
}
