//! The line of a case in the lists: what the projection found out about it, and where the lists have it.
//! Words about the text of the list live in the view; what depends on the reader (seen, drafts, unsent) is added when a window is read.

use super::talk::Talk;
use super::{Cache, mask};
use crate::model::{CaseId, View};
use crate::store::Targets;
use crate::store::error::Cause;
use rusqlite::{CachedStatement, OptionalExtension, Row, params};

pub(in crate::store) const VIEWS: usize = View::ALL.len();
/// What waits for the customer sorts behind everything that is due.
const LATER: i64 = 1 << 60;
/// Everything due sorts before this: a moment is far below, and what waits not far from the other.
pub(in crate::store) const WAITS: i64 = 1 << 59;

/// What the document of a case, as shown, says of it. Moments are milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::store) struct Facts {
    pub thread: i64,
    pub status: String,
    pub channel: String,
    pub contact: String,
    pub title: String,
    /// The customer's first words, where no message is known.
    pub opening: Option<String>,
    pub updated: Option<i64>,
    pub closed: Option<i64>,
    pub snoozed: Option<i64>,
    pub owner: Option<String>,
    /// ` 17 23 `
    pub owners: String,
    /// In the queue since, for a case nobody has answered.
    pub queued: Option<i64>,
    /// One bit per view.
    pub views: u8,
    /// Our own operations are laid over it.
    pub overlay: bool,
    /// For filters: the contact's address and phone number, all owners' names, what `marks` and `ratings` say.
    pub reach: String,
    pub owned: String,
    pub marks: String,
    pub ratings: u8,
    pub created: Option<i64>,
}

/// Where the lists have a case; a view that lost it keeps its last place.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::store) struct Place {
    pub listed: u8,
    pub sorts: [Option<i64>; VIEWS],
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::store) struct Line {
    pub case: CaseId,
    pub facts: Facts,
    pub talk: Talk,
    /// Its messages were never read, or it changed after they were.
    pub needs: bool,
    /// Its place changed at the server and the lists do not follow yet.
    pub news: bool,
    pub place: Place,
}

impl Line {
    /// When the next reply is due, in milliseconds.
    pub fn due(&self, targets: &Targets) -> Option<i64> {
        self.since().map(|since| since.saturating_add(targets.of(&self.facts.channel) * 1000))
    }

    /// Since when the customer waits.
    pub fn since(&self) -> Option<i64> {
        let since = if self.talk.is_silent() { self.facts.queued } else { self.talk.waiting };
        since.filter(|_| self.facts.status != "closed")
    }

    /// What the list shows of the customer's words, else the title.
    pub fn snippet(&self) -> &str {
        let said = self.talk.said.as_ref().or(self.facts.opening.as_ref()).filter(|said| !said.trim().is_empty());
        said.unwrap_or(&self.facts.title)
    }

    /// The texts that filters look into: contact, title, snippet with the owners' names.
    fn prose(&self) -> [String; 3] {
        [
            format!("{}\n{}", self.facts.contact, self.facts.reach).to_lowercase(),
            self.facts.title.to_lowercase(),
            format!("{}\n{}", self.snippet().to_lowercase(), self.facts.owned),
        ]
    }

    /// Where each view would have it.
    pub fn wanted(&self, targets: &Targets) -> Place {
        let due = self.due(targets);
        let changed = self.facts.updated.unwrap_or(0);
        let sort = |view: View| match view {
            View::Closed => -self.facts.closed.unwrap_or(changed),
            View::Snoozed => self.facts.snoozed.unwrap_or(0),
            _ => due.unwrap_or(LATER - changed),
        };
        let mut sorts = self.place.sorts;
        for view in View::ALL {
            if self.facts.views & mask(view) != 0 {
                sorts[view as usize] = Some(sort(view));
            }
        }
        Place { listed: self.facts.views, sorts }
    }

    pub fn read(row: &Row) -> rusqlite::Result<Self> {
        let mut sorts = [None; VIEWS];
        for (at, sort) in sorts.iter_mut().enumerate() {
            *sort = row.get(22 + at)?;
        }
        Ok(Self {
            case: CaseId(row.get(0)?),
            facts: Facts {
                thread: row.get(1)?,
                status: row.get(2)?,
                channel: row.get(3)?,
                contact: row.get(4)?,
                title: row.get(5)?,
                opening: row.get(6)?,
                updated: row.get(7)?,
                closed: row.get(8)?,
                snoozed: row.get(9)?,
                owner: row.get(10)?,
                owners: row.get(11)?,
                queued: row.get(12)?,
                views: row.get(13)?,
                overlay: row.get(14)?,
                reach: row.get(29)?,
                owned: row.get(30)?,
                marks: row.get(31)?,
                ratings: row.get(32)?,
                created: row.get(33)?,
            },
            talk: Talk { agent_at: row.get(15)?, contact_at: row.get(16)?, waiting: row.get(17)?, said: row.get(18)? },
            needs: row.get(19)?,
            news: row.get(20)?,
            place: Place { listed: row.get(21)?, sorts },
        })
    }

    fn write(&self, into: &mut CachedStatement, targets: &Targets) -> rusqlite::Result<usize> {
        let Self { case, facts, talk, needs, news, place } = self;
        let [s0, s1, s2, s3, s4, s5, s6] = place.sorts;
        into.execute(params![
            case.0,
            facts.thread,
            facts.status,
            facts.channel,
            facts.contact,
            facts.title,
            facts.opening,
            facts.updated,
            facts.closed,
            facts.snoozed,
            facts.owner,
            facts.owners,
            facts.queued,
            facts.views,
            facts.overlay,
            talk.agent_at,
            talk.contact_at,
            talk.waiting,
            talk.said,
            needs,
            news,
            place.listed,
            s0,
            s1,
            s2,
            s3,
            s4,
            s5,
            s6,
            facts.reach,
            facts.owned,
            facts.marks,
            facts.ratings,
            facts.created,
            self.due(targets),
            self.since(),
        ])
    }
}

impl Cache {
    pub(in crate::store) fn line(&self, case: CaseId) -> Result<Option<Line>, Cause> {
        Ok(self.db.prepare_cached("SELECT * FROM line WHERE case_id = ?1")?.query_row([case.0], Line::read).optional()?)
    }

    pub(in crate::store) fn write_line(&self, old: Option<&Line>, line: &Line) -> Result<(), Cause> {
        let sql = "REPLACE INTO line VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,?29,?30,?31,?32,?33,?34,?35,?36)";
        line.write(&mut self.db.prepare_cached(sql)?, &self.targets)?;
        let prose = line.prose();
        if old.is_none_or(|old| old.prose() != prose) {
            let [contact, subject, said] = prose;
            self.db.prepare_cached("REPLACE INTO prose VALUES (?1, ?2, ?3, ?4)")?.execute(params![line.case.0, contact, subject, said])?;
        }
        Ok(())
    }
}
