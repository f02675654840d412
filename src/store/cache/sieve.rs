//! A filter as SQL. Every value is bound; of the text of a statement only our own words and numbers are made.
//! A list is walked in its own order as long as that soon fills the window; what is too rare for that, and what another
//! order is wanted for, is gathered from an index that has all a filter reads, and put in order.

use super::window::Beside;
use super::{Cache, mask};
use crate::model::query::{Bound, Moment, SortBy, Term};
use crate::model::{CaseId, Status, View, WindowAsk};
use crate::store::error::Cause;
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params_from_iter};

/// So many rows of a list are walked through before it is gathered.
const WALK: usize = 2_000;
/// A count says no more than this.
pub(in crate::store) const MOST: u64 = 1_000;
/// Whoever does not wait comes last.
const NEVER: i64 = 1 << 62;

/// A statement under construction.
#[derive(Default)]
struct Sql {
    text: String,
    values: Vec<Value>,
}

impl Sql {
    fn add(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        let place = self.values.len();
        self.add("?").add(&place.to_string())
    }
}

/// A question about a list, ready to be put.
pub(in crate::store) struct Sieve<'s> {
    cache: &'s Cache,
    ask: &'s WindowAsk,
    beside: &'s Beside,
    baseline: i64,
}

impl<'s> Sieve<'s> {
    pub fn new(cache: &'s Cache, ask: &'s WindowAsk, beside: &'s Beside) -> Result<Self, Cause> {
        Ok(Self { cache, ask, beside, baseline: cache.meta("baseline")?.unwrap_or(i64::MIN) })
    }

    /// The list as it is.
    pub fn is_plain(&self) -> bool {
        self.ask.filter.is_empty() && self.in_order()
    }

    fn in_order(&self) -> bool {
        self.ask.sort == crate::model::Sort::default()
    }

    /// Where the order has a case, or had it last.
    pub fn place(&self, case: CaseId) -> Result<Option<i64>, Cause> {
        let sql = format!("SELECT {} FROM line WHERE case_id = ?1", self.key());
        Ok(self.cache.db.prepare_cached(&sql)?.query_row([case.0], |row| row.get(0)).optional()?.flatten())
    }

    /// What the rows are put in order by.
    fn key(&self) -> String {
        let key = match self.ask.sort.by {
            SortBy::Due => format!("line.s{}", self.ask.view as u8),
            SortBy::Updated => "-ifnull(line.updated, 0)".to_owned(),
            SortBy::Created => "-ifnull(line.created, 0)".to_owned(),
            SortBy::Waiting => format!("ifnull(line.since, {NEVER})"),
        };
        if self.ask.sort.reversed { format!("-({key})") } else { key }
    }

    /// Up to `limit` cases that meet the filter, from a place on or, backwards, before it.
    pub fn ids(&self, on: bool, from: (i64, i64), limit: usize) -> Result<Vec<CaseId>, Cause> {
        let nothing = if on { super::window::LAST } else { super::window::FIRST };
        if limit == 0 || from == nothing {
            return Ok(Vec::new());
        }
        if self.in_order()
            && let Some(found) = self.walk(on, from, limit)?
        {
            return Ok(found);
        }
        self.gather(on, from, limit)
    }

    /// Reads on in the order of the list; `None` when that would take long.
    fn walk(&self, on: bool, from: (i64, i64), limit: usize) -> Result<Option<Vec<CaseId>>, Cause> {
        let mut sql = Sql::default();
        sql.add("SELECT listing.case_id, ");
        self.condition(&mut sql);
        sql.add(" FROM listing CROSS JOIN line ON line.case_id = listing.case_id");
        if self.reads_prose() {
            sql.add(" CROSS JOIN prose ON prose.case_id = listing.case_id");
        }
        sql.add(" WHERE listing.view = ").bind(i64::from(self.ask.view as u8));
        sql.add(" AND (listing.sort, listing.case_id) ").add(if on { ">= (" } else { "< (" }).bind(from.0).add(", ").bind(from.1);
        sql.add(if on { ") ORDER BY listing.sort, listing.case_id" } else { ") ORDER BY listing.sort DESC, listing.case_id DESC" });
        let mut found = Vec::new();
        let mut select = self.cache.db.prepare_cached(&sql.text)?;
        let mut rows = select.query(params_from_iter(sql.values))?;
        let mut walked = 0;
        while let Some(row) = rows.next()? {
            if row.get::<_, Option<bool>>(1)?.unwrap_or(false) {
                found.push(CaseId(row.get(0)?));
            }
            walked += 1;
            match (found.len() == limit, walked == WALK) {
                (true, _) => return Ok(Some(found)),
                (false, true) => return Ok(None),
                (false, false) => {}
            }
        }
        Ok(Some(found))
    }

    fn gather(&self, on: bool, from: (i64, i64), limit: usize) -> Result<Vec<CaseId>, Cause> {
        let key = self.key();
        let (than, down) = if on { (">", "") } else { ("<", " DESC") };
        let mut sql = Sql::default();
        sql.add("SELECT line.case_id");
        self.from(&mut sql);
        sql.add(&format!(" AND ({key} {than} ")).bind(from.0).add(&format!(" OR {key} = ")).bind(from.0);
        sql.add(if on { " AND line.case_id >= " } else { " AND line.case_id < " }).bind(from.1).add(")");
        sql.add(&format!(" ORDER BY {key}{down}, line.case_id{down} LIMIT ")).bind(i64::try_from(limit).unwrap_or(i64::MAX));
        let mut select = self.cache.db.prepare_cached(&sql.text)?;
        let ids = select.query_map(params_from_iter(sql.values), |row| row.get(0).map(CaseId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// How many there are, or [`MOST`].
    pub fn count(&self) -> Result<u64, Cause> {
        let mut sql = Sql::default();
        sql.add("SELECT count(*) FROM (SELECT 1");
        self.from(&mut sql);
        sql.add(&format!(" LIMIT {MOST})"));
        let count: i64 = self.cache.db.prepare_cached(&sql.text)?.query_row(params_from_iter(sql.values), |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Does this case meet the filter, whatever the view?
    pub fn takes(&self, case: CaseId) -> Result<bool, Cause> {
        let mut sql = Sql::default();
        sql.add("SELECT ");
        self.condition(&mut sql);
        sql.add(" FROM line JOIN prose ON prose.case_id = line.case_id WHERE line.case_id = ").bind(case.0);
        let taken: Option<Option<bool>> = self.cache.db.prepare_cached(&sql.text)?.query_row(params_from_iter(sql.values), |row| row.get(0)).optional()?;
        Ok(taken.flatten().unwrap_or(false))
    }

    /// Where the cases come from that are looked at one by one, and which of them are meant.
    fn from(&self, sql: &mut Sql) {
        let prose = self.reads_prose();
        let source = match self.driver() {
            Driver::Few => " FROM line",
            Driver::Open => " FROM line INDEXED BY line_open",
            Driver::Text => " FROM prose CROSS JOIN line ON line.case_id = prose.case_id",
            Driver::Scan => " FROM line INDEXED BY line_scan",
        };
        sql.add(source);
        if prose && self.driver() != Driver::Text {
            sql.add(" CROSS JOIN prose ON prose.case_id = line.case_id");
        }
        sql.add(" WHERE ");
        if self.driver() == Driver::Open {
            sql.add("line.status <> 'closed' AND ");
        }
        sql.add(&format!("line.listed & {} <> 0 AND ", mask(self.ask.view)));
        self.condition(sql);
    }

    fn driver(&self) -> Driver {
        let [group] = self.ask.filter.any.as_slice() else { return if self.reads_prose() { Driver::Text } else { Driver::Scan } };
        let meant = |which: fn(&Term) -> bool| group.iter().any(|condition| !condition.not && which(&condition.term));
        let unclosed = || group.iter().any(|condition| condition.not && condition.term == Term::Status(Status::Closed));
        if meant(|term| matches!(term, Term::Id(_) | Term::Draft | Term::Unsent)) {
            Driver::Few
        } else if meant(is_open) || unclosed() {
            Driver::Open
        } else if self.reads_prose() {
            Driver::Text
        } else {
            Driver::Scan
        }
    }

    fn reads_prose(&self) -> bool {
        self.ask.filter.names(|term| matches!(term, Term::Words(_) | Term::Contact(_) | Term::Subject(_)))
    }

    fn condition(&self, sql: &mut Sql) {
        if self.ask.filter.is_empty() {
            sql.add("1");
            return;
        }
        sql.add("(");
        for (at, group) in self.ask.filter.any.iter().enumerate() {
            sql.add(if at > 0 { " OR (" } else { "(" });
            for (at, condition) in group.iter().enumerate() {
                sql.add(if at > 0 { " AND " } else { "" });
                sql.add(if condition.not { "NOT ifnull(" } else { "(" });
                self.term(sql, &condition.term);
                sql.add(if condition.not { ", 0)" } else { ")" });
            }
            sql.add(")");
        }
        sql.add(")");
    }

    fn term(&self, sql: &mut Sql, term: &Term) {
        match term {
            Term::Status(status) => sql.add("line.status = ").bind(status.as_str().to_owned()),
            Term::Channel(channel) => sql.add("line.channel = ").bind(channel.as_str().to_owned()),
            Term::View(view) => sql.add(&format!("line.views & {} <> 0", mask(*view))),
            Term::Mine => match self.cache.my_id() {
                Some(me) => has(sql, "line.owners", format!(" {me} ")),
                None => sql.add("0"),
            },
            Term::Nobody => sql.add("line.owners = ''"),
            Term::Owner(part) => has(sql, "line.owned", part.clone()),
            Term::Unread => self.unread(sql),
            Term::Draft => one_of(sql, &self.beside.drafts),
            Term::Unsent => one_of(sql, &self.beside.unsent),
            Term::Id(id) => sql.add("line.case_id = ").bind(id.0),
            Term::Contact(part) => has(sql, "prose.contact", part.clone()),
            Term::Subject(part) => has(sql, "prose.subject", part.clone()),
            Term::Mark(mark) => has(sql, "line.marks", format!("\n{mark}\n")),
            Term::Rated(bits) => sql.add(&format!("line.ratings & {bits} <> 0")),
            Term::Moment(moment, bound) => self.moment(sql, *moment, *bound),
            Term::Words(part) => words(sql, part),
        };
    }

    fn moment<'q>(&self, sql: &'q mut Sql, moment: Moment, bound: Bound) -> &'q mut Sql {
        let column = match moment {
            Moment::Due => "line.due",
            Moment::Wait => "line.since",
            Moment::Updated => "line.updated",
            Moment::Created => "line.created",
            Moment::Closed => "line.closed",
        };
        let (before, equal, edge) = bound.of(moment, self.beside.now);
        sql.add(column).add(if before { " <" } else { " >" }).add(if equal { "= " } else { " " }).bind(edge)
    }

    /// Marked by the agent, or what `window::is_unread` says: the customer wrote after what was seen; where nothing was, after the first pull, or
    /// it is open and the customer spoke last.
    fn unread<'q>(&self, sql: &'q mut Sql) -> &'q mut Sql {
        let marked: Vec<String> = self.beside.marked.keys().map(i64::to_string).collect();
        sql.add("line.thread_id IN (SELECT value FROM json_each(").bind(format!("[{}]", marked.join(","))).add(")) OR ");
        sql.add("CASE WHEN line.agent_at IS NULL AND line.contact_at IS NULL THEN line.queued ELSE line.contact_at END > ")
            .add("ifnull((SELECT seen FROM thread WHERE thread.thread_id = line.thread_id), ")
            .add("CASE WHEN line.status <> 'closed' AND (line.agent_at IS NULL OR line.contact_at > line.agent_at) THEN ")
            .bind(i64::MIN)
            .add(" ELSE ")
            .bind(self.baseline)
            .add(" END)")
    }
}

/// What a statement begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Driver {
    /// The numbers of cases are known.
    Few,
    /// What is not closed is a small part.
    Open,
    Text,
    Scan,
}

/// Only what is not closed can meet it.
fn is_open(term: &Term) -> bool {
    match term {
        Term::Status(status) => matches!(status, Status::Active | Status::Pending),
        Term::View(view) => matches!(view, View::Queue | View::Mine | View::Active | View::Pending),
        Term::Moment(moment, _) => matches!(moment, Moment::Due | Moment::Wait),
        _ => false,
    }
}

fn has<'q>(sql: &'q mut Sql, column: &str, part: String) -> &'q mut Sql {
    sql.add("instr(").add(column).add(", ").bind(part).add(") > 0")
}

fn one_of<'q>(sql: &'q mut Sql, cases: &str) -> &'q mut Sql {
    sql.add("line.case_id IN (SELECT value FROM json_each(").bind(cases.to_owned()).add("))")
}

fn words<'q>(sql: &'q mut Sql, part: &str) -> &'q mut Sql {
    // All of it from the table that is scanned: what does not fit needs no look at its line.
    for column in ["prose.contact", "prose.subject", "prose.said"] {
        has(sql, column, part.to_owned()).add(" OR ");
    }
    match part.parse::<i64>() {
        Ok(id) if id.to_string() == part => sql.add("prose.case_id = ").bind(id),
        _ => sql.add("0"),
    }
}
