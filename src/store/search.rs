//! Full text over messages, titles and contacts, newest first, in every script. What is written without spaces between its
//! words gets a space around each character, when indexed and when asked, so that any run of characters is found as a phrase.

use super::cache::messages::number;
use super::cache::talk::spoken;
use super::cache::{Cache, date};
use super::error::Cause;
use crate::model::{Case, CaseId, Message, MessageId, ThreadId, Timestamp, Untrusted};
use rusqlite::params;
use std::borrow::Cow;

/// Something that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub case: CaseId,
    pub thread: ThreadId,
    /// `None`: the title or the contact of the case has the words.
    pub message: Option<MessageId>,
    pub contact: Untrusted,
    pub snippet: Untrusted,
    pub date: Option<Timestamp>,
}

/// A rowid is 27 bits of time, 16 seconds apart, over 36 bits of key: enough until 2068 and for numbers below 2^34.
const KEY_BITS: u32 = 36;
const YEAR_2000: i64 = 946_684_800;
const CASE: i64 = 2;
const LONGEST: usize = 100_000;
/// Characters around what was found.
const CONTEXT: usize = 60;

fn rowid(key: i64, at: Option<Timestamp>) -> i64 {
    let time = at.map_or(0, |at| (at.timestamp() - YEAR_2000) / 16).clamp(0, (1 << 27) - 1);
    time << KEY_BITS | key & ((1 << KEY_BITS) - 1)
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
    pub(super) fn search(&self, words: &str, limit: usize) -> Result<Vec<Hit>, Cause> {
        let asked = terms(words);
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let sql = "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT ?2";
        let rowids = self.ids_of(sql, params![expression(&asked), i64::try_from(limit).unwrap_or(i64::MAX)])?;
        let mut hits = Vec::with_capacity(rowids.len());
        for rowid in rowids {
            hits.extend(self.hit(rowid & ((1 << KEY_BITS) - 1), &asked)?);
        }
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.date));
        Ok(hits)
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
struct Term {
    text: String,
    beginning: bool,
}

/// White space parts the terms, quotation marks keep them together, `*` at the end asks for a beginning.
fn terms(words: &str) -> Vec<Term> {
    let mut found = Vec::new();
    for (at, part) in words.split('"').enumerate() {
        if at % 2 == 1 {
            found.push(Term { text: part.to_owned(), beginning: false });
        } else {
            found.extend(part.split_whitespace().map(|word| Term { text: word.trim_end_matches('*').to_owned(), beginning: word.ends_with('*') }));
        }
    }
    found.retain(|term| term.text.chars().any(char::is_alphanumeric));
    found
}

/// Every term as a string of the query language, so that nothing in it is syntax.
fn expression(terms: &[Term]) -> String {
    let quoted = terms.iter().map(|term| format!("\"{}\"{}", spaced(&term.text).replace(['"', '\0'], " ").trim(), if term.beginning { "*" } else { "" }));
    quoted.collect::<Vec<_>>().join(" AND ")
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
    use super::{expression, spaced, terms};

    #[test]
    fn what_is_asked_is_never_syntax() {
        for (asked, wanted) in [
            ("refu* café", "\"refu\"* AND \"café\""),
            ("返金 abc", "\"返  金\" AND \"abc\""),
            ("\"two words\" three", "\"two words\" AND \"three\""),
            ("- ( NOT", "\"NOT\""),
            ("\"open", "\"open\""),
            ("***", ""),
        ] {
            assert_eq!(expression(&terms(asked)), wanted, "{asked}");
        }
        assert_eq!(spaced("a返b"), "a 返 b");
    }
}
