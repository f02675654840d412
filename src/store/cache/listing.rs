//! The lists: for every view the cases it holds, in order. A list moves only when it may: through our own acts,
//! through time, or when the agent folds the news in. Until then a line is new and its places are old.

use super::line::{Line, Place};
use super::{Cache, mask};
use crate::model::{CaseId, Counts, Spoke, View};
use crate::store::error::Cause;
use rusqlite::params;

/// So many customers are told of, a few of them by name.
const SPOKE: usize = 50;

/// The number of the tally that counts the news.
const NEWS: i64 = -1;

impl Cache {
    /// Writes the line and, with `fold`, its places; without, a line that would move becomes news. `false`: nothing changed.
    pub(in crate::store) fn lay(&self, old: Option<&Line>, mut line: Line, fold: bool) -> Result<bool, Cause> {
        let wanted = line.wanted(&self.targets);
        let moved = line.place != wanted;
        if moved && fold {
            self.relist(line.case, &line.place, &wanted)?;
            line.place = wanted;
        }
        let news = moved && !fold;
        if news != line.news {
            self.note(line.case, news)?;
            line.news = news;
        }
        if old == Some(&line) {
            return Ok(false);
        }
        self.write_line(old, &line)?;
        self.listen(old, &line);
        Ok(true)
    }

    /// Did the customer write since the line was last written? A case that was not known is one whose customer wrote, too.
    fn listen(&self, old: Option<&Line>, line: &Line) {
        let before = old.map_or(line.facts.queued.map(|_| i64::MIN), |old| Some(old.talk.contact_at.unwrap_or(i64::MIN)));
        let at = line.talk.contact_at.or(line.facts.queued).filter(|_| line.facts.snoozed.is_none());
        let mut spoke = self.spoke.borrow_mut();
        if spoke.len() < SPOKE && before.zip(at).is_some_and(|(before, at)| at > before) {
            let [queue, mine] = [View::Queue, View::Mine].map(|view| line.facts.views & mask(view) != 0);
            let said = line.talk.said.as_ref().or(line.facts.opening.as_ref()).map(|said| said.as_str().into()).unwrap_or_default();
            spoke.push(Spoke { case: line.case, contact: line.facts.contact.as_str().into(), said, mine, queue });
        }
    }

    fn relist(&self, case: CaseId, old: &Place, new: &Place) -> Result<(), Cause> {
        for view in View::ALL {
            let at = view as usize;
            let was = old.sorts[at].filter(|_| old.listed & mask(view) != 0);
            let is = new.sorts[at].filter(|_| new.listed & mask(view) != 0);
            if was == is {
                continue;
            }
            if let Some(sort) = was {
                self.db.prepare_cached("DELETE FROM listing WHERE view = ?1 AND sort = ?2 AND case_id = ?3")?.execute(params![view as u8, sort, case.0])?;
            }
            if let Some(sort) = is {
                self.db
                    .prepare_cached("INSERT OR IGNORE INTO listing (view, sort, case_id) VALUES (?1, ?2, ?3)")?
                    .execute(params![view as u8, sort, case.0])?;
            }
        }
        Ok(())
    }

    fn note(&self, case: CaseId, news: bool) -> Result<(), Cause> {
        let sql = if news { "INSERT OR IGNORE INTO news (case_id) VALUES (?1)" } else { "DELETE FROM news WHERE case_id = ?1" };
        self.db.prepare_cached(sql)?.execute([case.0])?;
        Ok(())
    }

    /// Takes a case out of every list; its line stays, so that the cursor knows where it stood.
    pub(in crate::store) fn unlist(&self, case: CaseId) -> Result<(), Cause> {
        if let Some(old) = self.line(case)? {
            let mut line = old.clone();
            line.facts = super::line::Facts { thread: old.facts.thread, ..super::line::Facts::default() };
            line.needs = false;
            self.lay(Some(&old), line, true)?;
        }
        Ok(())
    }

    /// Lets the lists follow the lines.
    pub(in crate::store) fn fold(&self) -> Result<u64, Cause> {
        let cases = self.ids("SELECT case_id FROM news", [])?;
        for case in &cases {
            if let Some(line) = self.line(*case)? {
                self.lay(Some(&line), line.clone(), true)?;
            }
        }
        Ok(cases.len() as u64)
    }

    pub(in crate::store) fn counts(&self) -> Result<(Counts, u64), Cause> {
        let mut counts = Counts::default();
        let mut news = 0;
        let mut tally = self.db.prepare_cached("SELECT view, n FROM tally")?;
        let mut rows = tally.query([])?;
        while let Some(row) = rows.next()? {
            let n = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
            match row.get::<_, i64>(0)? {
                NEWS => news = n,
                view => usize::try_from(view).ok().and_then(|at| counts.0.get_mut(at)).into_iter().for_each(|count| *count = n),
            }
        }
        Ok((counts, news))
    }
}
