//! The disposable mirror of the server: one file that is thrown away and filled again whenever its version, its account or
//! its content is not what it should be. Nothing that only we know may live here.

mod account;
pub(super) mod budget;
pub(super) mod documents;
pub(super) mod line;
pub(super) mod listing;
pub(super) mod messages;
mod pick;
mod saw;
pub(super) mod sieve;
pub(super) mod talk;
mod timeline;
pub(super) mod window;

use super::error::Cause;
use super::file::{self, APPLICATION, Place, Settings};
use super::index::Words;
use super::{Opening, Targets};
use crate::fault;
use crate::model::{Actor, Case, CaseId, Conversation, Person, Spoke, ThreadId, Timestamp, UserId, View};
use budget::Budget;
use rusqlite::{Connection, OptionalExtension, Params, Transaction, TransactionBehavior, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::{Cell, RefCell};
use std::path::PathBuf;

/// Raised with every change of the schema, the projection or what is indexed.
const VERSION: i64 = 4;
const SCHEMA: &str = include_str!("../../../assets/cache.sql");

const CHAIN: &str = "SELECT doc FROM confirmed WHERE thread_id = ?1 ORDER BY case_id";

pub(super) struct Cache {
    pub db: Connection,
    pub budget: Budget,
    pub targets: Targets,
    pub me: Option<Actor>,
    /// Words to be indexed before the commit, in order.
    pub words: Words,
    /// Customers who wrote in cases that were known, until somebody asks; the first of many.
    pub spoke: RefCell<Vec<Spoke>>,
    /// Why it can't be written to.
    pub read_only: Option<String>,
    path: PathBuf,
    place: Place,
    /// A write failed in a way that makes this handle unfit for another one.
    broken: Cell<bool>,
}

impl Drop for Cache {
    fn drop(&mut self) {
        if !self.holds() {
            file::let_go(&self.db);
        }
    }
}

pub(super) fn mask(view: View) -> u8 {
    1 << view as u8
}

/// The thread of a case, also where the server left it out: a thread is named after its first case.
pub(super) fn threading(case: &Case) -> ThreadId {
    if case.thread_id.0 == 0 { ThreadId(case.parent_id.unwrap_or(case.id).0) } else { case.thread_id }
}

/// For the loop: little memory, pages read where they lie.
const SMALL: Settings = Settings { synchronous: "NORMAL", page: 4096, mmap: 0, cache_kib: 4096, checkpoint: 1000 };
/// For a pull: room to write in.
const WIDE: Settings = Settings { synchronous: "NORMAL", page: 4096, mmap: 0, cache_kib: 16 << 10, checkpoint: 8000 };

impl Cache {
    /// The cache of the account; another or a broken one is put aside and an empty one made. Where the disk takes no writing it
    /// is read as it is, and where there is none, an empty one in memory has its place.
    pub fn open(opening: &Opening) -> Result<Self, Cause> {
        Self::on_disk(opening).or_else(|cause| if cause.is_disk() { Self::in_memory(opening, cause.words()) } else { Err(cause) })
    }

    fn on_disk(opening: &Opening) -> Result<Self, Cause> {
        if file::is_damaged(&opening.cache) {
            file::put_aside(&opening.cache)?;
        }
        match Self::existing(opening) {
            Ok(Some(cache)) => return Ok(cache),
            Err(cause) if !cause.is_damage() => return Err(cause),
            _ => file::put_aside(&opening.cache)?,
        }
        fault::point("cache: put aside");
        let cache = Self::new(file::connect(&opening.cache, &SMALL)?, opening, None)?;
        cache.create(&opening.account)?;
        Ok(cache)
    }

    fn in_memory(opening: &Opening, why: String) -> Result<Self, Cause> {
        let cache = Self::new(Connection::open_in_memory()?, opening, Some(why))?;
        cache.create(&opening.account)?;
        Ok(cache)
    }

    fn new(mut db: Connection, opening: &Opening, read_only: Option<String>) -> Result<Self, Cause> {
        Ok(Self {
            budget: Budget::of(&mut db)?,
            db,
            targets: opening.targets,
            me: None,
            words: Words::default(),
            spoke: RefCell::default(),
            read_only,
            path: opening.cache.clone(),
            place: Place::of(&opening.cache),
            broken: Cell::default(),
        })
    }

    /// Does the file that was opened still stand at its path?
    pub fn holds(&self) -> bool {
        self.place.holds(&self.path)
    }

    /// Does a write need another handle first?
    pub fn is_shut(&self) -> bool {
        self.broken.get() || self.read_only.is_some()
    }

    /// Lets go of the file; nothing can be read until another cache takes the place.
    pub fn close(&mut self) -> Result<(), Cause> {
        self.broken.set(true);
        drop(std::mem::replace(&mut self.db, Connection::open_in_memory()?));
        Ok(())
    }

    /// Puts the files aside, unless others stand there: then another process was quicker, and they may be sound.
    pub fn abandon(&self) -> Result<(), Cause> {
        file::let_go(&self.db);
        if self.place.has_file(&self.path) || self.place.has_log(&self.path) {
            file::put_aside(&self.path)?;
        }
        Ok(())
    }

    /// `None`: it is another version's or another account's.
    fn existing(opening: &Opening) -> Result<Option<Self>, Cause> {
        let (db, read_only) = file::connect_or_read(&opening.cache, &SMALL)?;
        let mut cache = Self::new(db, opening, read_only)?;
        let versions = (file::number(&cache.db, "PRAGMA application_id")?, file::number(&cache.db, "PRAGMA user_version")?);
        if versions == (0, 0) && file::number(&cache.db, "SELECT count(*) FROM sqlite_schema")? == 0 {
            cache.create(&opening.account)?;
        } else if versions != (APPLICATION, VERSION) || cache.meta::<String>("account")?.as_ref() != Some(&opening.account) {
            return Ok(None);
        }
        cache.me = cache.meta("me")?;
        cache.counts()?;
        Ok(Some(cache))
    }

    fn create(&self, account: &str) -> Result<(), Cause> {
        let work = self.begin()?;
        if file::number(&self.db, "PRAGMA user_version")? == 0 {
            work.execute_batch(SCHEMA)?;
            work.pragma_update(None, "application_id", APPLICATION)?;
            work.pragma_update(None, "user_version", VERSION)?;
            self.set_meta("account", &account)?;
            self.set_meta("targets", &self.targets.seconds())?;
        }
        Ok(work.commit()?)
    }

    /// A second connection for a pull.
    pub fn beside(&self, opening: &Opening) -> Result<Self, Cause> {
        if let Some(why) = &self.read_only {
            return Err(Cause::Closed(why.clone()));
        }
        if !self.holds() {
            return Err(Cause::Anew);
        }
        let mut beside = Self::new(file::connect(&opening.cache, &WIDE)?, opening, None)?;
        beside.me.clone_from(&self.me);
        Ok(beside)
    }

    /// Takes the write lock at once, so that what is read afterwards is what is changed.
    fn begin(&self) -> Result<Transaction<'_>, Cause> {
        Ok(Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate)?)
    }

    /// One transaction: all of it, with what is to be found by, or nothing.
    pub fn change<T>(&self, work: impl FnOnce() -> Result<T, Cause>) -> Result<T, Cause> {
        if let Some(why) = &self.read_only {
            return Err(Cause::Closed(why.clone()));
        }
        let transaction = self.begin().inspect_err(|cause| self.broken.set(self.broken.get() || cause.breaks()))?;
        let done = work().and_then(|done| {
            self.index_due()?;
            transaction.commit()?;
            Ok(done)
        });
        if let Err(cause) = &done {
            self.drop_words();
            self.broken.set(self.broken.get() || cause.breaks());
        }
        done
    }

    pub fn my_id(&self) -> Option<UserId> {
        self.me.as_ref().map(|me| me.id)
    }

    pub fn meta<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Cause> {
        let value: Option<String> = self.db.prepare_cached("SELECT value FROM meta WHERE key = ?1")?.query_row([key], |row| row.get(0)).optional()?;
        Ok(value.map(|value| serde_json::from_str(&value)).transpose()?)
    }

    pub fn set_meta<T: Serialize + ?Sized>(&self, key: &str, value: &T) -> Result<(), Cause> {
        let value = serde_json::to_string(value)?;
        self.db.prepare_cached("REPLACE INTO meta (key, value) VALUES (?1, ?2)")?.execute(params![key, value])?;
        Ok(())
    }

    /// Counts the pulls. What is settled carries the number of the newest one, so that a pull that began before knows.
    pub fn generation(&self) -> Result<i64, Cause> {
        Ok(self.meta("generation")?.unwrap_or(0))
    }

    pub fn ids<P: Params>(&self, sql: &str, with: P) -> Result<Vec<CaseId>, Cause> {
        Ok(self.ids_of(sql, with)?.into_iter().map(CaseId).collect())
    }

    pub fn ids_of<P: Params>(&self, sql: &str, with: P) -> Result<Vec<i64>, Cause> {
        Ok(self.db.prepare_cached(sql)?.query_map(with, |row| row.get(0))?.collect::<Result<_, _>>()?)
    }

    /// The whole chain of cases around one, with its messages; or, where they are too many to be read before a frame, with the
    /// newest of them.
    pub fn conversation(&self, case: CaseId, whole: bool) -> Result<Option<Conversation>, Cause> {
        let _still = self.still()?;
        let Some(thread) = self.thread_of(case)? else { return Ok(None) };
        let mut select = self.db.prepare_cached(CHAIN)?;
        let docs = select.query_map([thread.0], |row| row.get::<_, String>(0))?;
        let cases = docs.map(|doc| Ok(serde_json::from_str(&doc?)?)).collect::<Result<_, Cause>>()?;
        let known: Option<(Option<i64>, Option<i64>)> = self
            .db
            .prepare_cached("SELECT fetched, seen FROM thread WHERE thread_id = ?1")?
            .query_row([thread.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let (fetched, seen) = known.unwrap_or_default();
        let newest = if whole { None } else { self.newest(thread)? };
        let partial = newest.is_some();
        let messages = newest.map_or_else(|| self.messages(thread), Ok)?;
        Ok(Some(Conversation {
            thread,
            cases,
            messages,
            fetched: fetched.and_then(date),
            seen_until: seen.and_then(date),
            partial,
            untold: self.untold(thread)?,
        }))
    }

    /// The messages of its cases are as new as the cases.
    pub fn read(&self, thread: ThreadId) -> Result<(), Cause> {
        let sql = "UPDATE line SET needs = 0 WHERE needs = 1 AND case_id IN (SELECT case_id FROM confirmed WHERE thread_id = ?1)";
        self.db.prepare_cached(sql)?.execute([thread.0])?;
        Ok(())
    }

    pub fn see(&self, thread: ThreadId, until: Timestamp) -> Result<(), Cause> {
        let sql = "INSERT INTO thread (thread_id, seen) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET seen = max(coalesce(seen, excluded.seen), excluded.seen)";
        self.db.prepare_cached(sql)?.execute([thread.0, until.timestamp_millis()])?;
        Ok(())
    }

    pub fn agents(&self) -> Result<Vec<Person>, Cause> {
        let mut select = self.db.prepare_cached("SELECT doc FROM agent ORDER BY id")?;
        let docs = select.query_map([], |row| row.get::<_, String>(0))?;
        docs.map(|doc| Ok(serde_json::from_str(&doc?)?)).collect()
    }

    pub fn agent(&self, id: i64) -> Result<Option<Person>, Cause> {
        let doc: Option<String> = self.db.prepare_cached("SELECT doc FROM agent WHERE id = ?1")?.query_row([id], |row| row.get(0)).optional()?;
        Ok(doc.map(|doc| serde_json::from_str(&doc)).transpose()?)
    }

    pub fn set_agents(&self, agents: &[Person]) -> Result<(), Cause> {
        if self.agents()? == agents {
            return Ok(());
        }
        self.db.execute("DELETE FROM agent", [])?;
        for agent in agents {
            self.db.prepare_cached("REPLACE INTO agent (id, doc) VALUES (?1, ?2)")?.execute(params![agent.id, serde_json::to_string(agent)?])?;
        }
        self.name_owners()
    }

    /// Whoever was only a number gets the name.
    fn name_owners(&self) -> Result<(), Cause> {
        for case in self.ids("SELECT case_id FROM line WHERE instr(owned, '#') > 0", [])? {
            let Some(mut line) = self.line(case)? else { continue };
            let old = line.clone();
            if let Some(owner) = &line.facts.owner {
                line.facts.owner = Some(self.named(owner)?);
            }
            let names = line.facts.owned.split('\n').map(|name| Ok(self.named(name)?.to_lowercase())).collect::<Result<Vec<_>, Cause>>()?;
            line.facts.owned = names.join("\n");
            if line != old {
                self.write_line(Some(&old), &line)?;
            }
        }
        Ok(())
    }

    fn named(&self, owner: &str) -> Result<String, Cause> {
        let id = owner.strip_prefix('#').and_then(|id| id.parse().ok());
        let agent = id.map(|id| self.agent(id)).transpose()?.flatten();
        Ok(agent.map_or_else(|| owner.to_owned(), |agent| agent.name.raw().to_owned()))
    }

    /// Until it is dropped, everything is read as it is now, whatever a pull commits.
    pub fn still(&self) -> Result<Transaction<'_>, Cause> {
        Ok(self.db.unchecked_transaction()?)
    }
}

pub(super) fn date(millis: i64) -> Option<Timestamp> {
    Timestamp::from_timestamp_millis(millis)
}

#[cfg(test)]
mod tests {
    use super::{CHAIN, Cache, messages, window};
    use crate::store::outbox::{self, Outbox};
    use crate::store::{Opening, Targets, drafts, sink};
    use rusqlite::Connection;

    fn plan(db: &Connection, sql: &str) -> Vec<String> {
        let mut explain = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let nothing = vec![rusqlite::types::Null; explain.parameter_count()];
        explain.query_map(rusqlite::params_from_iter(nothing), |row| row.get("detail")).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn nothing_on_the_way_to_the_frame_reads_a_whole_table_or_sorts() {
        let home = tempfile::tempdir().unwrap();
        let (outbox, cache) = (home.path().join("outbox.db"), home.path().join("cache.db"));
        let opening = Opening { outbox, cache, account: "demo".into(), me: None, targets: Targets::default(), now: crate::model::Timestamp::UNIX_EPOCH };
        let (outbox, cache) = (Outbox::open(&opening).unwrap(), Cache::open(&opening).unwrap());
        let cached = [
            sink::RECENT,
            window::AFTER,
            window::BEFORE,
            CHAIN,
            messages::OF_THREAD,
            messages::NEWEST,
            "SELECT * FROM line WHERE case_id = ?1",
            "SELECT case_id FROM line WHERE snoozed <= ?1",
        ];
        let kept = [outbox::UNSENT, outbox::LIVE, drafts::DRAFTED];
        let plans = cached.iter().map(|sql| (&cache.db, sql)).chain(kept.iter().map(|sql| (&outbox.db, sql)));
        for (db, sql) in plans {
            let plan = plan(db, sql);
            // Messages of the same moment are put in order among themselves.
            let small = |step: &str| step.starts_with("SCAN json_each") || step.ends_with("line_overlay");
            let slow = plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER") || step.starts_with("SCAN") && !small(step));
            assert!(!plan.is_empty() && !slow, "{sql}: {plan:?}");
        }
    }
}
