//! Many cases at once: which of a view they are, which of them the view still has, what is to be known of each before
//! something is done to all, their timelines, and their operations moved in one transaction.

use super::cache::{Cache, date, threading};
use super::error::{Cause, Doing};
use super::outbox::Outbox;
use super::{Sink, Store, StoreError, project, seek};
use crate::fault;
use crate::model::about::About;
use crate::model::pick::{Pick, Picked};
use crate::model::{Case, CaseId, Conversation, Op, OpId, OpState, Timestamp, View};
use rusqlite::params;

impl Sink {
    /// The cases a rule picks.
    pub fn pick(&self, pick: &Pick, now: Timestamp) -> Result<Picked, StoreError> {
        let beside = seek::beside(&self.outbox, now).doing("reading the outbox")?;
        self.cache.pick(pick, &beside).doing("reading the list")
    }

    /// The timelines of cases, which is all that is taken of them; gives whether anything in them is new.
    pub fn timelines(&mut self, cases: &[Case]) -> Result<bool, StoreError> {
        let _turn = self.gate.after_you();
        let write = || cases.iter().try_fold(false, |grew, case| Ok(grew | self.cache.tell(case.id, &case.timeline, case.date_updated)?));
        self.cache.change(write).noted(&self.gate, "writing the cache")
    }
}

impl Sink {
    /// The whole chain of a case, beside the loop.
    pub fn conversation(&self, case: CaseId) -> Result<Option<Conversation>, StoreError> {
        self.cache.conversation(case, true).doing("reading the case")
    }

    pub fn told(&self, case: CaseId) -> Result<Option<Told>, StoreError> {
        told(&self.cache, &self.outbox, case).doing("reading the case")
    }
}

/// A conversation, and each of its cases as shown: with what is ours replayed over it.
pub type Told = (Conversation, Vec<Case>);

fn told(cache: &Cache, outbox: &Outbox, case: CaseId) -> Result<Option<Told>, Cause> {
    let Some(conversation) = cache.conversation(case, true)? else { return Ok(None) };
    let shown = shown(cache, outbox, &conversation)?;
    Ok(Some((conversation, shown)))
}

fn shown(cache: &Cache, outbox: &Outbox, conversation: &Conversation) -> Result<Vec<Case>, Cause> {
    conversation.cases.iter().map(|case| Ok(project::shown(cache, outbox, case.id)?.unwrap_or_else(|| case.clone()))).collect()
}

impl Store {
    /// The cases of a conversation with what is ours replayed over each.
    pub fn shown_of(&self, conversation: &Conversation) -> Result<Vec<Case>, StoreError> {
        shown(&self.cache, &self.outbox, conversation).noted(&self.gate, "reading the case")
    }

    pub fn told(&self, case: CaseId) -> Result<Option<Told>, StoreError> {
        told(&self.cache, &self.outbox, case).noted(&self.gate, "reading the case")
    }

    /// Those of these cases that the view lists.
    pub fn kept_in(&self, view: View, cases: &[CaseId]) -> Result<Vec<CaseId>, StoreError> {
        self.cache.kept_in(view, cases).noted(&self.gate, "reading the list")
    }

    /// What is to be known of cases before something is done to all of them; what the cache does not have is left out.
    pub fn study(&self, cases: &[CaseId]) -> Result<Vec<About>, StoreError> {
        self.about(cases).noted(&self.gate, "reading the cases")
    }

    fn about(&self, cases: &[CaseId]) -> Result<Vec<About>, Cause> {
        let drafted = self.outbox.drafted(&serde_json::to_string(cases)?)?;
        let mut found = Vec::with_capacity(cases.len());
        for id in cases {
            let Some(mut case) = project::shown(&self.cache, &self.outbox, *id)? else { continue };
            case.messages.clear();
            let wrote = self.cache.line(*id)?.and_then(|line| line.talk.contact_at).and_then(date);
            found.push(About { thread: threading(&case), wrote, draft: drafted.contains(id), case });
        }
        Ok(found)
    }

    /// The newest operations, whatever became of them, in their order.
    pub fn newest_ops(&self, limit: usize) -> Result<Vec<Op>, StoreError> {
        let sql = "SELECT doc FROM op WHERE account = ?1 ORDER BY seq DESC LIMIT ?2";
        let mut ops =
            self.outbox.select(sql, params![self.outbox.account, i64::try_from(limit).unwrap_or(i64::MAX)]).noted(&self.gate, "reading the outbox")?;
        ops.reverse();
        Ok(ops)
    }

    /// Moves operations that stand in one of `from`, all in one durable transaction; gives those that stood elsewhere.
    pub fn advance_all(&mut self, ops: &[Op], from: &[OpState]) -> Result<Vec<OpId>, StoreError> {
        self.writable()?;
        let work = || {
            let mut others = Vec::new();
            for op in ops {
                if !self.outbox.step(op, from)? {
                    others.push(op.id());
                }
            }
            Ok(others)
        };
        let others = self.outbox.change(work).noted(&self.gate, "saving the outbox")?;
        fault::point("outbox: moved many");
        let cases: Vec<CaseId> = ops.iter().filter(|op| !others.contains(&op.id())).map(Op::case).collect();
        if let Some(op) = ops.first() {
            self.reproject(&cases, op.changed);
        }
        Ok(others)
    }
}
