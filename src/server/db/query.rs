//! From a question (terms, order, page) to SQL: columns come from the table of columns, everything else is bound.
//! Invariant: no byte of a request enters the text of a statement.

use super::{Column, DbError, Kind, Reader, Table};
use crate::server::filter::{ListAsk, Op, Term};
use rusqlite::types::Value as Bound;
use rusqlite::{Row, params_from_iter};
use std::fmt::Write as _;

/// A value of a term, read by the kind of its column. Dates are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Int(i64),
    Text(String),
    Null,
}

impl Value {
    fn bound(&self) -> Bound {
        match self {
            Self::Int(number) => Bound::Integer(*number),
            Self::Text(text) => Bound::Text(text.clone()),
            Self::Null => Bound::Null,
        }
    }
}

/// A condition and what is bound to its marks.
pub(super) struct Condition {
    pub sql: String,
    pub values: Vec<Bound>,
}

impl Condition {
    pub fn of(table: &Table, terms: &[Term], order: &[(Column, bool)]) -> Self {
        let mut condition = Self { sql: String::from(" WHERE "), values: Vec::new() };
        // The indexes of dates begin with what makes a row one of this kind. For every other question that beginning is a
        // bait: it fits half the table. A plus sign keeps the planner from it.
        let by_date = terms.iter().map(|term| term.column).chain(order.first().map(|(column, _)| *column)).any(|column| column.kind == Kind::Date);
        if table.holds.is_some() && !by_date {
            condition.sql.push('+');
        }
        condition.sql.push_str(table.holds.unwrap_or("1"));
        for term in terms {
            condition.and(term);
        }
        condition
    }

    fn and(&mut self, term: &Term) {
        self.sql.push_str(" AND ");
        self.sql.push_str(term.column.sql);
        self.sql.push_str(match term.op {
            Op::Eq if term.values.contains(&Value::Null) => " IS ?",
            Op::Eq => " = ?",
            Op::Ne => " IS NOT ?",
            Op::Gt => " > ?",
            Op::Gte => " >= ?",
            Op::Lt => " < ?",
            Op::Lte => " <= ?",
            Op::Like => " LIKE ? ESCAPE '\\'",
            Op::In => " IN (",
        });
        if term.op == Op::In {
            self.sql.push_str(&vec!["?"; term.values.len()].join(","));
            self.sql.push(')');
        }
        match (term.op, term.values.first()) {
            (Op::Like, Some(Value::Text(text))) => self.values.push(Bound::Text(format!("%{}%", escaped(text)))),
            _ => self.values.extend(term.values.iter().map(Value::bound)),
        }
    }
}

/// Text whose `%` and `_` mean themselves.
fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
        out
    })
}

fn ordering(order: &[(Column, bool)]) -> String {
    let mut sql = String::from(" ORDER BY ");
    for (column, ascending) in order.iter().filter(|(column, _)| column.name != "id") {
        let _infallible = write!(sql, "{} {}, ", column.sql, if *ascending { "ASC" } else { "DESC" });
    }
    // The number breaks ties, in the direction of the first column.
    let ascending = order.iter().find(|(column, _)| column.name == "id").or(order.first()).is_none_or(|(_, ascending)| *ascending);
    sql.push_str(if ascending { "id ASC" } else { "id DESC" });
    sql
}

impl Reader<'_> {
    /// The rows of a page. `columns` is SQL of this folder, never of a request.
    pub(super) fn page<T>(&self, table: &Table, columns: &str, ask: &ListAsk, read: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>, DbError> {
        let mut condition = Condition::of(table, &ask.terms, &ask.order);
        let order = ordering(&ask.order);
        let sql = format!("SELECT {columns} FROM {}{}{order} LIMIT ? OFFSET ?", table.sql, condition.sql);
        condition.values.extend([Bound::Integer(ask.limit), Bound::Integer(ask.page.saturating_mul(ask.limit))]);
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(condition.values), read)?;
        rows.collect::<Result<_, _>>().map_err(DbError::from)
    }
}
