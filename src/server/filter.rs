//! The query language of `/crm/objects/*`: where, order, page, limit, select, relations.
//! A parser from words to columns and operators that exist; what it does not know it names and refuses.

use crate::model::date;
use crate::server::db::{Column, Kind, Relation, Table, Value};
use crate::server::refusal::Refusal;

const MOST_TERMS: usize = 20;
const MOST_VALUES: usize = 200;
const LIMIT: i64 = 20;
pub const MOST: i64 = 200;
const LAST_PAGE: i64 = 10_000_000;

/// What is asked of a list. All terms must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListAsk {
    pub terms: Vec<Term>,
    /// Column and whether it ascends; empty is ascending by id.
    pub order: Vec<(Column, bool)>,
    pub page: i64,
    pub limit: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    pub column: Column,
    pub op: Op,
    /// One value, or those of `in`.
    pub values: Vec<Value>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    Eq,
    /// Also true of a column that is empty.
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    /// Contains, whatever the case of ASCII letters; `%` and `_` mean themselves.
    Like,
    In,
}

impl Op {
    pub const ALL: [(&'static str, Self); 8] = [
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("gt", Self::Gt),
        ("gte", Self::Gte),
        ("lt", Self::Lt),
        ("lte", Self::Lte),
        ("like", Self::Like),
        ("in", Self::In),
    ];

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == word).map(|(_, op)| *op)
    }
}

/// What the server is told to understand less of, when it plays the vendor.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow {
    pub only_eq: bool,
    pub no_order: bool,
    pub ignore_page: bool,
    pub max_limit: Option<u32>,
}

/// The query of a request, keys in their order and as often as they came.
#[derive(Debug, Clone, Default)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
    pub fn all<'q>(&'q self, key: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    pub fn get<'q>(&'q self, key: &'q str) -> Option<&'q str> {
        self.all(key).last().filter(|value| !value.is_empty())
    }

    /// A number that has to be there.
    pub fn need(&self, key: &str) -> Result<i64, Refusal> {
        self.int(key)?.ok_or_else(|| Refusal::invalid(format!("{key} is needed in the query")))
    }

    pub fn int(&self, key: &str) -> Result<Option<i64>, Refusal> {
        self.get(key).map(|text| text.trim().parse().map_err(|_| Refusal::invalid(format!("{key} must be a whole number, not '{text}'")))).transpose()
    }

    pub fn list(&self, table: &Table, narrow: Narrow) -> Result<ListAsk, Refusal> {
        let terms = self.all("where").filter(|text| !text.is_empty()).map(|text| term(table, text, narrow)).collect::<Result<Vec<_>, _>>()?;
        if terms.len() > MOST_TERMS {
            return Err(Refusal::invalid(format!("at most {MOST_TERMS} conditions, not {}", terms.len())));
        }
        let order = if narrow.no_order { Vec::new() } else { self.all("order").map(|text| ordering(table, text)).collect::<Result<Vec<_>, _>>()? };
        let limit = self.int("limit")?.unwrap_or(LIMIT);
        let page = self.int("page")?.unwrap_or(0);
        if limit < 1 || !(0..=LAST_PAGE).contains(&page) {
            return Err(Refusal::invalid("limit starts at 1 and page at 0"));
        }
        let most = narrow.max_limit.map_or(MOST, i64::from);
        Ok(ListAsk { terms, order, page: if narrow.ignore_page { 0 } else { page }, limit: limit.min(most) })
    }

    /// The relations that were asked for, each once; allowed are `among`.
    pub fn relations(&self, among: &[(&str, Relation)]) -> Result<Vec<Relation>, Refusal> {
        let mut found = Vec::new();
        for word in self.words("relations") {
            let (_, relation) = among.iter().find(|(name, _)| *name == word).ok_or_else(|| Refusal::invalid(format!("unknown relation '{word}'")))?;
            if !found.contains(relation) {
                found.push(*relation);
            }
        }
        Ok(found)
    }

    /// The columns (and relations) that were selected; `None` is everything.
    pub fn select(&self, table: &Table, relations: &[(&str, Relation)]) -> Result<Option<Vec<String>>, Refusal> {
        let known = |word: &str| {
            table.column(word).is_some() || relations.iter().any(|(name, _)| *name == word) || matches!(word, "lastMessage" | "followUp" | "message" | "seen")
        };
        let words: Vec<String> = self.words("select").map(str::to_owned).collect();
        match words.iter().find(|word| !known(word)) {
            Some(word) => Err(Refusal::invalid(format!("unknown column '{word}' of a {}", table.noun))),
            None => Ok(Some(words).filter(|words| !words.is_empty())),
        }
    }

    /// Repeated, or joined by pipes or commas.
    fn words<'q>(&'q self, key: &'q str) -> impl Iterator<Item = &'q str> {
        self.all(key).flat_map(|value| value.split(['|', ','])).map(str::trim).filter(|word| !word.is_empty())
    }
}

fn term(table: &Table, text: &str, narrow: Narrow) -> Result<Term, Refusal> {
    let [name, op, value] = <[String; 3]>::try_from(parts(text))
        .map_err(|_| Refusal::invalid(format!("'{text}' is not column|operator|value; a pipe in a value is written \\|")))?;
    let column = table.column(name.trim()).ok_or_else(|| Refusal::invalid(format!("unknown column '{name}' of a {}", table.noun)))?;
    let op = Op::parse(op.trim()).filter(|op| !narrow.only_eq || *op == Op::Eq).ok_or_else(|| Refusal::invalid(format!("unknown operator '{op}'")))?;
    if op == Op::Like && column.kind != Kind::Text {
        return Err(Refusal::invalid(format!("operator 'like' does not work on column '{}'", column.name)));
    }
    let words: Vec<&str> = if op == Op::In { value.split(',').collect() } else { vec![value.as_str()] };
    if words.len() > MOST_VALUES {
        return Err(Refusal::invalid(format!("at most {MOST_VALUES} values for 'in'")));
    }
    let values = words.into_iter().map(|word| read(column, op, word)).collect::<Result<_, _>>()?;
    Ok(Term { column, op, values })
}

/// Splits at pipes that have no backslash before them.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, parts.last_mut()) {
            ('\\', Some(part)) if chars.next_if_eq(&'|').is_some() => part.push('|'),
            ('|', _) => parts.push(String::new()),
            (_, Some(part)) => part.push(c),
            _ => {}
        }
    }
    parts
}

fn read(column: Column, op: Op, word: &str) -> Result<Value, Refusal> {
    if column.nullable && word == "null" && matches!(op, Op::Eq | Op::Ne) {
        return Ok(Value::Null);
    }
    let value = match column.kind {
        Kind::Text => Some(Value::Text(word.to_owned())),
        Kind::Int => word.trim().parse().ok().map(Value::Int),
        Kind::Date => date::parse(word).map(|date| Value::Int(date.timestamp_millis())),
    };
    value.ok_or_else(|| Refusal::invalid(format!("'{word}' is not a value for column '{}'", column.name)))
}

fn ordering(table: &Table, text: &str) -> Result<(Column, bool), Refusal> {
    let (name, way) = text.split_once('|').unwrap_or((text, "asc"));
    let column = table.column(name.trim()).ok_or_else(|| Refusal::invalid(format!("unknown column '{name}' of a {}", table.noun)))?;
    match way.trim() {
        "asc" => Ok((column, true)),
        "desc" => Ok((column, false)),
        other => Err(Refusal::invalid(format!("unknown order '{other}': asc or desc"))),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_pipe_in_a_value_is_written_with_a_backslash() {
        assert_eq!(parts(r"title|eq|a\|b\c"), ["title", "eq", r"a|b\c"]);
        assert_eq!(parts("title|eq|"), ["title", "eq", ""]);
        assert_eq!(parts("title"), ["title"]);
    }
}
