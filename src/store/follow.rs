//! The cache follows the outbox: it remembers up to which move of which outbox it was projected, in the transaction that wrote
//! the projection. So opening costs what happened since, and a crash between the two files heals at the next occasion.

use super::error::{Cause, Doing};
use super::project;
use super::{Store, file};
use crate::model::{CaseId, Timestamp};
use serde::{Deserialize, Serialize};

/// Which outbox, and its newest move that is projected.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Followed {
    outbox: String,
    event: i64,
}

impl Store {
    /// Projects again what a crash between the two files may have left behind, and what another setting orders differently.
    pub(super) fn heal(&self, now: Timestamp) -> Result<(), Cause> {
        if self.followed()?.is_none_or(|followed| Ok(followed.event) != self.outbox.last_event().map_err(drop)) {
            self.project(&[], now)?;
        }
        let targets = self.opening.targets.seconds();
        if self.cache.meta("targets")? != Some(targets) {
            let open = self.cache.ids("SELECT case_id FROM line WHERE due IS NOT NULL", [])?;
            self.project(&open, now)?;
            self.cache.change(|| self.cache.set_meta("targets", &targets))?;
        }
        Ok(())
    }

    /// Our own acts, and time, move the lists at once.
    pub(super) fn project(&self, cases: &[CaseId], now: Timestamp) -> Result<(), Cause> {
        let _turn = self.gate.first();
        self.cache.change(|| self.follow(self.outbox.last_event()?, cases.to_vec(), now))
    }

    /// These cases, and those of every move up to `last` that is not projected yet; belongs into a transaction of the cache.
    pub(super) fn follow(&self, last: i64, mut cases: Vec<CaseId>, now: Timestamp) -> Result<(), Cause> {
        let followed = self.followed()?;
        match &followed {
            Some(Followed { event, .. }) if *event == last => {}
            Some(Followed { event, .. }) if *event < last => cases.extend(self.outbox.moved(*event, last)?),
            // Another outbox, an older copy of it, or another cache.
            _ => {
                cases.extend(self.outbox.live_cases()?);
                cases.extend(self.cache.ids("SELECT case_id FROM line WHERE overlay = 1", [])?);
            }
        }
        cases.sort_unstable();
        cases.dedup();
        self.project_all(&cases, now)?;
        if followed.is_none_or(|followed| followed.event != last) && !self.outbox.id.is_empty() {
            self.cache.set_meta("followed", &Followed { outbox: self.outbox.id.clone(), event: last })?;
        }
        Ok(())
    }

    fn followed(&self) -> Result<Option<Followed>, Cause> {
        Ok(self.cache.meta::<Followed>("followed")?.filter(|followed| followed.outbox == self.outbox.id))
    }

    pub(super) fn project_all(&self, cases: &[CaseId], now: Timestamp) -> Result<(), Cause> {
        for case in cases {
            project::project(&self.cache, &self.outbox, *case, now, true)?;
        }
        Ok(())
    }

    /// The outbox has it already, so a failing mirror must not look like a lost reply.
    pub(super) fn complain(&self, told: Result<(), Cause>) {
        if let Err(cause) = told {
            self.gate.met(&cause);
            tracing::warn!("the cache did not follow the outbox: {cause}");
        }
    }

    /// What a mirror could not write down stops nobody from reading.
    pub(super) fn mirrored<T: Default>(&self, written: Result<T, Cause>) -> super::Result<T> {
        match written {
            Err(cause) if cause.is_disk() => {
                self.complain(Err(cause));
                Ok(T::default())
            }
            written => written.noted(&self.gate, "writing the cache"),
        }
    }

    pub(super) fn data_versions(&self) -> Result<(i64, i64), Cause> {
        let version = |db| file::number(db, "PRAGMA data_version");
        Ok((version(&self.outbox.db)?, version(&self.cache.db)?))
    }
}
