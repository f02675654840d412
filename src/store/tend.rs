//! Looking after the files while they are open: a cache that is damaged, deleted or replaced is put aside and made anew; an outbox
//! that can't be written to is opened again as soon as it can; one that is gone or damaged is said, and nothing of it is sent.

use super::error::{Cause, Doing, StoreError};
use super::{Cache, Keeper, Result, Store, damage};
use crate::model::Timestamp;

/// Between two looks for the backup of the day, in minutes.
const LOOK: i64 = 20;

impl Store {
    /// Did another process, or a pull of ours, write since the last call? Mends what can be mended; what can't is said once.
    pub fn changed_elsewhere(&mut self) -> Result<bool> {
        self.tend_outbox()?;
        self.tend_cache()?;
        let versions = self.data_versions().noted(&self.gate, "looking at the files")?;
        let changed = versions != self.versions;
        self.versions = versions;
        Ok(changed)
    }

    /// Was the cache made anew since the last call? Then everything is to be read from the server again.
    pub fn take_rebuilt(&mut self) -> bool {
        std::mem::take(&mut self.rebuilt)
    }

    /// Why nothing can be written, in words.
    pub fn read_only(&self) -> Option<&str> {
        self.outbox.read_only.as_deref().or(self.cache.read_only.as_deref())
    }

    /// Was the disk full, or closed, when something was to be written?
    pub fn met_full_disk(&self) -> bool {
        self.gate.is_refused()
    }

    /// What the sender does once a day beside the loop, when it is time to look for it.
    pub fn keeper(&mut self, now: Timestamp) -> Option<Keeper> {
        let rests = self.kept.is_some_and(|kept| (now - kept).num_minutes().abs() < LOOK);
        if rests || !self.sender() || self.outbox.is_shut() || self.lost {
            return None;
        }
        self.kept = Some(now);
        Some(Keeper { outbox: self.outbox.path.clone(), now })
    }

    /// Before a write: a handle that failed, or that could only read, gives way to another one.
    pub(super) fn writable(&mut self) -> Result<()> {
        if let Some(damage) = &self.damage {
            return Err(Cause::Damaged(damage.clone())).doing("looking at the outbox");
        }
        if !self.lost
            && let Some(outbox) = self.outbox.with_new_log().doing("opening the outbox again")?
        {
            *self.outbox = outbox;
        }
        if self.outbox.is_shut() {
            self.outbox.renew().doing("opening the outbox again")?;
        }
        Ok(())
    }

    fn tend_outbox(&mut self) -> Result<()> {
        if self.lost {
            return Ok(());
        }
        if self.outbox.holds().is_err() {
            if let Some(outbox) = self.outbox.with_new_log().doing("opening the outbox again")? {
                *self.outbox = outbox;
                return Ok(());
            }
            self.lost = true;
            return Err(StoreError { doing: "looking at the outbox", source: self.outbox.gone() });
        }
        if self.outbox.is_shut() { self.outbox.renew().doing("opening the outbox again") } else { Ok(()) }
    }

    /// Damage that shows in a projection may be the outbox's: that one is never made anew.
    fn tend_cache(&mut self) -> Result<()> {
        if self.gate.is_suspect()
            && !self.lost
            && let Err(Cause::Damaged(damage)) = damage::look(&self.outbox.path)
        {
            self.lost = true;
            self.damage = Some(damage.clone());
            return Err(StoreError { doing: "looking at the outbox", source: Cause::Damaged(damage) });
        }
        if self.cache.is_shut() {
            return self.reopen_cache().doing("opening the cache");
        }
        if self.gate.is_suspect() || !self.cache.holds() {
            return self.rebuild().doing("making the cache anew");
        }
        Ok(())
    }

    /// The disk may take writing again. The old handle is closed first: what it knows of the disk may be wrong.
    fn reopen_cache(&mut self) -> Result<(), Cause> {
        let me = self.cache.me.take();
        self.cache.close()?;
        let cache = Cache::open(&self.opening)?;
        self.cache.me = me;
        self.take_over(cache)?;
        if self.cache.is_shut() {
            self.versions = self.data_versions()?;
        }
        Ok(())
    }

    fn rebuild(&mut self) -> Result<(), Cause> {
        tracing::warn!("the cache is damaged or gone: it is made anew");
        self.cache.abandon()?;
        let cache = Cache::open(&self.opening)?;
        self.take_over(cache)?;
        self.rebuilt = true;
        Ok(())
    }

    /// Another cache takes the place of this one; pulls into the old one end.
    fn take_over(&mut self, cache: Cache) -> Result<(), Cause> {
        let me = self.cache.me.take().or_else(|| self.opening.me.clone());
        *self.cache = cache;
        std::mem::take(&mut self.gate).leave();
        self.versions = (0, 0);
        if self.cache.read_only.is_some() {
            return Ok(());
        }
        let now = self.opening.now;
        self.mirrored(self.heal(now)).map_err(|error| error.source)?;
        if let Some(me) = me.filter(|me| Some(me) != self.cache.me.as_ref()) {
            self.set_me(&me, now).map_err(|error| error.source)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::model::{Actor, CaseId, Change, Draft, DraftKind, Mutation, Op, OpId, ThreadId, Timestamp, UserId};
    use crate::store::{Opening, Store, Targets};

    fn reply(count: u16, text: String) -> Op {
        let by = Actor { id: UserId(1), name: "Mara".into() };
        let change = Change::reply(text);
        Op::new(Mutation { op: OpId::new(Timestamp::UNIX_EPOCH, 7, count), case: CaseId(1), thread: ThreadId(1), at: Timestamp::UNIX_EPOCH, by, change }, None)
    }

    #[test]
    fn a_full_disk_keeps_what_is_there_and_the_next_write_gets_another_handle() {
        let home = tempfile::tempdir().unwrap();
        let (outbox, cache, now) = (home.path().join("outbox.db"), home.path().join("cache.db"), Timestamp::UNIX_EPOCH);
        let mut store = Store::open(&Opening { outbox, cache, account: "demo".into(), me: None, targets: Targets::default(), now }).unwrap();
        let draft = |text: &str| Draft { case: CaseId(1), kind: DraftKind::Reply, text: text.into(), answers: None, updated: now, ..Draft::default() };
        store.save_draft(&draft("half a thought")).unwrap();
        store.queue(&mut [reply(0, "small".into())], now).unwrap();
        let full = |store: &Store| {
            let pages = crate::store::file::number(&store.outbox.db, "PRAGMA page_count").unwrap();
            store.outbox.db.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
        };
        for count in 1..20 {
            full(&store);
            let refused = store.queue(&mut [reply(count, "large ".repeat(10_000))], now).unwrap_err();
            assert!(refused.to_string().starts_with("saving the outbox: the disk is full: "), "{refused}");
            assert_eq!(store.ops(true).unwrap().len(), usize::from(count), "nothing else is queued");
            assert!(store.outbox.is_shut(), "this handle is not asked again");
            store.queue(&mut [reply(100 + count, "small".into())], now).unwrap();
            assert!(!store.outbox.is_shut());
        }
        full(&store);
        assert!(store.save_draft(&draft(&"more ".repeat(10_000))).is_err());
        store.changed_elsewhere().unwrap();
        assert!(!store.outbox.is_shut(), "the next look opens it again");
        assert!(store.draft(CaseId(1)).unwrap().is_none(), "the small draft went into the first reply");
    }
}
