//! How many rows a question finds. Ranges of `id` are counted from the tally in about a millisecond whatever the size;
//! other counts are kept until something is written.

use super::query::Condition;
use super::{DbError, Reader, Table, Value};
use crate::server::filter::{Op, Term};
use rusqlite::{params, params_from_iter};
use std::collections::HashMap;
use std::sync::PoisonError;

/// Counts that were asked for, with the generation they belong to.
pub(super) type Counts = HashMap<String, (u64, i64)>;

const KEPT: usize = 256;

impl Reader<'_> {
    pub fn count(&self, table: &Table, terms: &[Term]) -> Result<i64, DbError> {
        if let (Some(kind), Some((low, high))) = (table.tally, id_range(terms)) {
            return self.count_range(table, kind, low, high);
        }
        let condition = Condition::of(table, terms, &[]);
        let name = format!("{}{}{:?}", table.sql, condition.sql, condition.values);
        if let Some(count) = self.kept(&name) {
            return Ok(count);
        }
        let sql = format!("SELECT count(*) FROM {}{}", table.sql, condition.sql);
        let count = self.conn.prepare_cached(&sql)?.query_row(params_from_iter(condition.values), |row| row.get(0))?;
        self.keep(name, count);
        Ok(count)
    }

    fn kept(&self, name: &str) -> Option<i64> {
        let counts = self.inner.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(name).filter(|(generation, _)| *generation == self.generation).map(|(_, count)| *count)
    }

    fn keep(&self, name: String, count: i64) {
        let mut counts = self.inner.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= KEPT {
            counts.clear();
        }
        counts.insert(name, (self.generation, count));
    }

    /// Rows with `low <= id <= high`: whole blocks from the tally, less what lies outside in the two blocks at the ends.
    fn count_range(&self, table: &Table, kind: &str, low: i64, high: i64) -> Result<i64, DbError> {
        if low > high {
            return Ok(0);
        }
        let mut blocks = self.conn.prepare_cached("SELECT coalesce(sum(n), 0) FROM tally WHERE kind = ? AND block BETWEEN ? AND ?")?;
        let whole: i64 = blocks.query_row(params![kind, low >> 10, high >> 10], |row| row.get(0))?;
        let sql = format!("SELECT count(*) FROM {} WHERE +{} AND id BETWEEN ? AND ?", table.sql, table.holds.unwrap_or("1"));
        // The plus sign as in `Condition::of`: the numbers are the way to these rows.
        let mut outside = self.conn.prepare_cached(&sql)?;
        let before: i64 = match (low >> 10) << 10 {
            first if first < low => outside.query_row(params![first, low - 1], |row| row.get(0))?,
            _ => 0,
        };
        let after: i64 = match high | 1023 {
            last if last > high => outside.query_row(params![high + 1, last], |row| row.get(0))?,
            _ => 0,
        };
        Ok(whole - before - after)
    }
}

/// The range of numbers that the terms describe, if they speak of nothing else.
fn id_range(terms: &[Term]) -> Option<(i64, i64)> {
    terms.iter().try_fold((0, i64::MAX), |(low, high), term| match (term.column.name, term.op, term.values.first()) {
        ("id", Op::Eq, Some(Value::Int(id))) => Some((low.max(*id), high.min(*id))),
        ("id", Op::Gt, Some(Value::Int(id))) => Some((low.max(id.saturating_add(1)), if *id == i64::MAX { -1 } else { high })),
        ("id", Op::Gte, Some(Value::Int(id))) => Some((low.max(*id), high)),
        ("id", Op::Lt, Some(Value::Int(id))) => Some((low, high.min(id.saturating_sub(1)))),
        ("id", Op::Lte, Some(Value::Int(id))) => Some((low, high.min(*id))),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::{CASES, Db, DbError};
    use super::{Op, Term, Value};
    use crate::model::{Case, CaseId, ThreadId};
    use crate::server::seed::Seeded;

    #[test]
    fn ranges_are_counted_right_across_blocks() {
        let ids = [1, 2, 1022, 1023, 1024, 1025, 2047, 2048, 5000];
        let case = |id: i64| Case { id: CaseId(id), thread_id: ThreadId(id), ..Case::default() };
        let db = Db::memory().unwrap();
        db.seed(&[Seeded { cases: ids.iter().copied().map(case).collect(), ..Seeded::default() }]).unwrap();
        let term = |op: Op, id: i64| Term { column: CASES.column("id").unwrap(), op, values: vec![Value::Int(id)] };
        let edges = [i64::MIN, -1, 0, 1, 3, 1022, 1023, 1024, 1026, 2047, 2048, 4999, 5000, 9000, i64::MAX];
        for low in edges {
            for high in edges {
                for (from, to) in [(Op::Gt, Op::Lt), (Op::Gte, Op::Lte)] {
                    let inside = |id: &&i64| if from == Op::Gt { **id > low && **id < high } else { **id >= low && **id <= high };
                    let counted = db.read_now(|reader| reader.count(&CASES, &[term(from, low), term(to, high)])).map_err(|error: DbError| error.to_string());
                    assert_eq!(counted, Ok(i64::try_from(ids.iter().filter(inside).count()).unwrap()), "{low} {high} {from:?}");
                }
            }
        }
    }

    #[test]
    fn a_kept_count_is_forgotten_when_something_is_written() {
        let db = Db::memory().unwrap();
        let term = Term { column: CASES.column("status").unwrap(), op: Op::Eq, values: vec![Value::Text("pending".into())] };
        let count = |db: &Db| db.read_now(|reader| reader.count(&CASES, std::slice::from_ref(&term))).map_err(|error: DbError| error.to_string());
        for number in 1..=3 {
            db.seed(&[Seeded { cases: vec![Case::default()], ..Seeded::default() }]).unwrap();
            assert_eq!((count(&db), count(&db)), (Ok(number), Ok(number)));
        }
    }
}
