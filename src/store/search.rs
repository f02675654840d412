//! Full text over messages, titles and contacts, newest first, in every script. What is written without spaces between its
//! words gets a space around each character, when indexed and when asked, so that any run of characters is found as a phrase.

use super::cache::messages::number;
use super::cache::sieve::Sieve;
use super::cache::talk::spoken;
use super::cache::window::Beside;
use super::cache::{Cache, date};
use super::error::Cause;
use crate::model::query::{self, Condition};
use crate::model::{Case, CaseId, Filter, Found, Hit, Message, ThreadId, Timestamp, View, WindowAsk};
use rusqlite::OptionalExtension;
use std::borrow::Cow;

/// A rowid is 27 bits of time, 16 seconds apart, over 36 bits of key: enough until 2068 and for numbers below 2^34.
const KEY_BITS: u32 = 36;
const YEAR_2000: i64 = 946_684_800;
const CASE: i64 = 2;
const KEY: i64 = (1 << KEY_BITS) - 1;
/// Of what the words find so many are looked at for the rest of a filter.
const LOOKED_AT: usize = 20_000;
const LONGEST: usize = 100_000;
/// Characters around what was found.
const CONTEXT: usize = 60;

fn rowid(key: i64, at: Option<Timestamp>) -> i64 {
    let time = at.map_or(0, |at| (at.timestamp() - YEAR_2000) / 16).clamp(0, (1 << 27) - 1);
    time << KEY_BITS | key & KEY
}

pub(super) fn message_key(key: i64, at: Option<Timestamp>) -> i64 {
    rowid(key, at)
}

pub(super) fn case_key(id: CaseId, at: Option<Timestamp>) -> i64 {
    rowid(id.0 * 4 + CASE, at)
}

pub(super) fn message_text(message: &Message) -> String {
    let mut text = message.message.raw().to_owned();
    if let Some(mail) = &message.mail {
        let bodies = [Some(&mail.subject), mail.text_body.as_ref().filter(|body| **body != message.message)];
        for part in bodies.into_iter().flatten() {
            text.push('\n');
            text.push_str(part.raw());
        }
    }
    text
}

pub(super) fn case_text(case: &Case) -> String {
    let mut text = format!("{}\n{}", case.title.raw(), case.contact_name().raw());
    for field in ["email", "phone"] {
        if let Some(value) = case.contact.as_ref().and_then(|contact| contact.field(field)) {
            text.push('\n');
            text.push_str(value.raw());
        }
    }
    text
}

impl Cache {
    /// Newest first, up to `limit`; in a group of the filter the words are looked up and the rest narrows what they find.
    pub(super) fn find(&self, filter: &Filter, limit: usize, beside: &Beside) -> Result<Found, Cause> {
        let _still = self.still()?;
        let mut found = Found { partial: self.is_partial()?, ..Found::default() };
        let mut rowids = Vec::new();
        for group in &filter.any {
            let asked = Asked::of(group);
            if asked.wanted.is_empty() {
                continue;
            }
            found.more |= self.rowids(&asked, limit, beside, &mut rowids)?;
            found.words.extend(asked.wanted.iter().map(|term| term.text.clone()));
        }
        rowids.sort_unstable_by(|one, other| other.cmp(one));
        rowids.dedup();
        found.more |= rowids.len() > limit;
        rowids.truncate(limit);
        let terms: Vec<Term> = found.words.iter().map(|text| Term { text: text.clone(), beginning: false }).collect();
        for rowid in rowids {
            found.hits.extend(self.hit(rowid & KEY, &terms)?);
        }
        found.hits.sort_by_key(|hit| std::cmp::Reverse(hit.date));
        Ok(found)
    }

    /// The newest that one group of a filter means, and whether there are more.
    fn rowids(&self, asked: &Asked, limit: usize, beside: &Beside, into: &mut Vec<i64>) -> Result<bool, Cause> {
        let ask = WindowAsk { view: View::All, filter: asked.rest.clone(), ..WindowAsk::default() };
        let sieve = Sieve::new(self, &ask, beside)?;
        let mut select = self.db.prepare_cached("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC")?;
        let mut rows = select.query([expression(asked)])?;
        let (mut looked, mut taken) = (0, 0);
        while let Some(row) = rows.next()? {
            if taken > limit || looked > LOOKED_AT {
                return Ok(true);
            }
            let rowid: i64 = row.get(0)?;
            looked += 1;
            if ask.filter.is_empty() || self.case_of(rowid & KEY)?.map(|case| sieve.takes(case)).transpose()?.unwrap_or(false) {
                into.push(rowid);
                taken += 1;
            }
        }
        Ok(false)
    }

    fn case_of(&self, key: i64) -> Result<Option<CaseId>, Cause> {
        if key & 3 == CASE {
            return Ok(Some(CaseId(key >> 2)));
        }
        let mut select = self.db.prepare_cached("SELECT case_id FROM message WHERE key = ?1")?;
        Ok(select.query_row([key], |row| row.get(0).map(CaseId)).optional()?)
    }

    /// Are there cases whose messages are not all here?
    fn is_partial(&self) -> Result<bool, Cause> {
        Ok(self.db.prepare_cached("SELECT 1 FROM line WHERE needs = 1 LIMIT 1")?.query_row([], |_| Ok(())).optional()?.is_some())
    }

    fn hit(&self, key: i64, asked: &[Term]) -> Result<Option<Hit>, Cause> {
        if key & 3 == CASE {
            let Some(line) = self.line(CaseId(key >> 2))? else { return Ok(None) };
            let snippet = line.facts.title.clone().into();
            let date = line.facts.updated.and_then(date);
            return Ok(Some(Hit { case: line.case, thread: ThreadId(line.facts.thread), message: None, contact: line.facts.contact.into(), snippet, date }));
        }
        let Some(message) = self.message(key)? else { return Ok(None) };
        let line = self.line(message.case_id)?;
        let thread = line.as_ref().map_or(message.thread_id, |line| ThreadId(line.facts.thread));
        let contact = line.map(|line| line.facts.contact).unwrap_or_default().into();
        let snippet = around(spoken(&message), asked).into();
        Ok(Some(Hit { case: message.case_id, thread, message: Some(number(key)), contact, snippet, date: message.date_created }))
    }
}

/// One thing asked for: a word, the beginning of one, or a phrase.
#[derive(Clone)]
struct Term {
    text: String,
    beginning: bool,
}

/// A group of a filter: the words to look up, those that must not be there, and what is asked of the case.
struct Asked {
    wanted: Vec<Term>,
    unwanted: Vec<Term>,
    rest: Filter,
}

impl Asked {
    fn of(group: &[Condition]) -> Self {
        let (mut wanted, mut unwanted, mut rest) = (Vec::new(), Vec::new(), Vec::new());
        for condition in group {
            match &condition.term {
                query::Term::Words(text) if condition.not => unwanted.extend(term(text)),
                query::Term::Words(text) => wanted.extend(term(text)),
                _ => rest.push(condition.clone()),
            }
        }
        Self { wanted, unwanted, rest: if rest.is_empty() { Filter::default() } else { Filter { any: vec![rest] } } }
    }
}

/// `*` at the end asks for a beginning; what has no letter and no digit asks for nothing.
fn term(text: &str) -> Option<Term> {
    let term = Term { text: text.trim_end_matches('*').to_owned(), beginning: text.ends_with('*') };
    term.text.chars().any(char::is_alphanumeric).then_some(term)
}

/// Every term as a string of the query language, so that nothing in it is syntax.
fn expression(asked: &Asked) -> String {
    let quote = |term: &Term| format!("\"{}\"{}", spaced(&term.text).replace(['"', '\0'], " ").trim(), if term.beginning { "*" } else { "" });
    let wanted = asked.wanted.iter().map(quote).collect::<Vec<_>>().join(" AND ");
    let unwanted = asked.unwanted.iter().map(|term| format!(" NOT {}", quote(term)));
    format!("({wanted}){}", unwanted.collect::<String>())
}

/// Puts a space around each character of a script that is written without spaces.
pub(super) fn spaced(text: &str) -> Cow<'_, str> {
    let text = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
    if text.is_ascii() || !text.chars().any(is_unspaced) {
        return Cow::Borrowed(text);
    }
    let mut wide = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if is_unspaced(c) {
            wide.extend([' ', c, ' ']);
        } else {
            wide.push(c);
        }
    }
    Cow::Owned(wide)
}

fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF | 0x3005..=0x3007 | 0x3040..=0x318F | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xF900..=0xFAFF | 0xFF66..=0xFFDC | 0x2_0000..=0x3_FFFF)
}

/// A piece of the text around the first of the terms that stands in it as it was asked, else its beginning.
fn around(text: &str, asked: &[Term]) -> String {
    let lower = text.to_lowercase();
    let found = asked.iter().filter_map(|term| lower.find(&term.text.to_lowercase())).min();
    let at = found.map_or(0, |at| lower[..at].chars().count());
    let skipped = at.saturating_sub(CONTEXT / 2);
    let piece: String = text.chars().skip(skipped).take(CONTEXT * 2).collect();
    if skipped > 0 { format!("…{piece}") } else { piece }
}

#[cfg(test)]
mod tests {
    use super::{Asked, expression, spaced};
    use crate::model::Filter;

    #[test]
    fn what_is_asked_is_never_syntax() {
        for (asked, wanted) in [
            ("refu* café", "(\"refu\"* AND \"café\")"),
            ("返金 abc", "(\"返  金\" AND \"abc\")"),
            ("\"two words\" three", "(\"two words\" AND \"three\")"),
            ("- ( NOT", "(\"not\")"),
            ("refund -\"not this\" -*", "(\"refund\") NOT \"not this\""),
            ("\"open", "(\"open\")"),
            ("text:x status:active", "(\"text:x\")"),
            ("***", "()"),
        ] {
            let filter = Filter::search(asked).unwrap();
            assert_eq!(expression(&Asked::of(&filter.any[0])), wanted, "{asked}");
        }
        assert_eq!(spaced("a返b"), "a 返 b");
    }
}
