//! What was learned, beside the outbox: it survives the cache. One row for each account, read, changed and written in one
//! transaction, so that two processes lose nothing of each other.

use super::error::{Cause, Doing};
use super::outbox::Outbox;
use super::{Result, Store};
use crate::model::{Account, Habit, Habits};
use rusqlite::{OptionalExtension, params};

impl Store {
    pub fn habits(&self) -> Result<Habits> {
        self.outbox.habits().noted(&self.gate, "reading the outbox")
    }

    pub fn learn(&mut self, habit: &Habit) -> Result<()> {
        self.writable()?;
        self.outbox.learn_habit(habit).noted(&self.gate, "saving the outbox")
    }

    /// The words of the account, as far as they are known.
    pub fn account(&self) -> Result<Account> {
        self.cache.account().noted(&self.gate, "reading the cache")
    }

    /// As the server told them.
    pub fn set_account(&mut self, account: &Account) -> Result<()> {
        let _turn = self.gate.first();
        self.mirrored(self.cache.change(|| self.cache.set_meta("account lists", account)))
    }
}

impl Outbox {
    /// A newer version's row that this one can't read is none: habits are a convenience.
    fn habits(&self) -> Result<Habits, Cause> {
        let mut select = self.db.prepare_cached("SELECT value FROM meta WHERE key = 'habits ' || ?1")?;
        let known: Option<String> = select.query_row([&self.account], |row| row.get(0)).optional()?;
        Ok(known.and_then(|known| serde_json::from_str(&known).ok()).unwrap_or_default())
    }

    fn learn_habit(&self, habit: &Habit) -> Result<(), Cause> {
        self.change(|| {
            let mut habits = self.habits()?;
            habits.learn(habit);
            self.db.execute("REPLACE INTO meta (key, value) VALUES ('habits ' || ?1, ?2)", params![self.account, serde_json::to_string(&habits)?])?;
            Ok(())
        })
    }
}
