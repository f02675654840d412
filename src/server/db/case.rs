//! Reading cases: one, a page, or as the document a mutation is applied to. Relations of a page are read in one query
//! each, whatever the number of its cases.

use super::{CASES, DbError, Reader, row};
use crate::model::{Case, CaseId, Message, MessageId};
use crate::server::filter::ListAsk;
use rusqlite::{OptionalExtension, Row};
use std::collections::HashMap;

/// What can be loaded with a case (all but the last) or a message (the last).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Contact,
    Messages,
    Cases,
    Users,
    Fields,
    Tags,
    Feedbacks,
    Timeline,
    Parent,
    LastMessage,
    FollowUp,
    Case,
}

impl Relation {
    /// The words of `relations` on cases.
    pub const OF_CASE: [(&'static str, Self); 9] = [
        ("contact", Self::Contact),
        ("messages", Self::Messages),
        ("cases", Self::Cases),
        ("users", Self::Users),
        ("fields", Self::Fields),
        ("tags", Self::Tags),
        ("feedbacks", Self::Feedbacks),
        ("timeline", Self::Timeline),
        ("parent", Self::Parent),
    ];
    /// The words of `relations` on messages.
    pub const OF_MESSAGE: [(&'static str, Self); 1] = [("case", Self::Case)];
}

/// A case and the cases around it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    pub case: Case,
    /// The other cases of its thread, when relation `cases` was asked for.
    pub cases: Vec<Case>,
    pub parent: Option<Case>,
}

impl Reader<'_> {
    pub fn cases(&self, ask: &ListAsk, relations: &[Relation]) -> Result<Vec<Found>, DbError> {
        let cases = self.page(&CASES, row::CASE, ask, row::case)?;
        self.around(cases, relations)
    }

    pub fn case(&self, id: CaseId, relations: &[Relation]) -> Result<Option<Found>, DbError> {
        let case = self.bare(id)?;
        Ok(self.around(case.into_iter().collect(), relations)?.pop())
    }

    /// The case as [`crate::model::Mutation::apply`] takes it, with these of its messages.
    pub fn document(&self, id: CaseId, messages: &[MessageId]) -> Result<Option<Case>, DbError> {
        let found = self.case(id, &[Relation::Contact, Relation::Users, Relation::Tags, Relation::LastMessage, Relation::FollowUp])?;
        let Some(mut case) = found.map(|found| found.case) else { return Ok(None) };
        for message in messages {
            case.messages.extend(self.any_message(*message)?.filter(|message| message.case_id == id));
        }
        Ok(Some(case))
    }

    pub(super) fn bare(&self, id: CaseId) -> Result<Option<Case>, DbError> {
        let sql = format!("SELECT {} FROM cases WHERE id = ?", row::CASE);
        Ok(self.conn.prepare_cached(&sql)?.query_row([id.0], row::case).optional()?)
    }

    /// Cases whose column `sql` has one of these values, by id.
    pub(super) fn cases_by(&self, column: &'static str, ids: &str) -> Result<Vec<Case>, DbError> {
        let sql = format!("SELECT {} FROM cases WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY id", row::CASE);
        self.rows(&sql, ids, row::case)
    }

    /// The rows of a fixed query over a JSON array of numbers.
    pub(super) fn rows<T>(&self, sql: &str, ids: &str, read: impl FnMut(&Row) -> rusqlite::Result<T>) -> Result<Vec<T>, DbError> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let rows = statement.query_map([ids], read)?;
        rows.collect::<Result<_, _>>().map_err(DbError::from)
    }

    pub(super) fn around(&self, cases: Vec<Case>, relations: &[Relation]) -> Result<Vec<Found>, DbError> {
        let mut found: Vec<Found> = cases.into_iter().map(|case| Found { case, ..Found::default() }).collect();
        if found.is_empty() {
            return Ok(found);
        }
        let ids = row::array(found.iter().map(|found| found.case.id.0));
        for relation in relations {
            self.load(&mut found, &ids, *relation)?;
        }
        Ok(found)
    }

    fn load(&self, found: &mut [Found], ids: &str, relation: Relation) -> Result<(), DbError> {
        let by_case = |rest: &str, order: &str| format!("{rest} WHERE case_id IN (SELECT value FROM json_each(?)) ORDER BY {order}");
        match relation {
            Relation::Contact => self.load_contacts(found),
            Relation::Users => {
                let rows = self.rows(&by_case(row::CASE_USER, "r.id"), ids, row::case_user)?;
                give(found, rows.into_iter().map(|row| (row.case_id, row)), |found, row| found.case.users.push(row));
                Ok(())
            }
            Relation::Tags => {
                let sql = by_case("SELECT case_id, id, name, color, type FROM case_tags JOIN tags ON tags.id = tag_id", "id");
                let rows = self.rows(&sql, ids, |row| Ok((CaseId(row.get(0)?), row::tag(row)?)))?;
                give(found, rows, |found, tag| found.case.tags.push(tag));
                Ok(())
            }
            Relation::Feedbacks => {
                let rows = self.rows(&by_case("SELECT * FROM feedbacks", "id"), ids, row::feedback)?;
                give(found, rows.into_iter().filter_map(|row| Some((row.case_id?, row))), |found, row| found.case.feedbacks.push(row));
                Ok(())
            }
            Relation::Timeline => {
                let rows = self.rows(&by_case("SELECT * FROM timeline", "id"), ids, row::timeline)?;
                give(found, rows.into_iter().filter_map(|row| Some((row.case_id?, row))), |found, row| found.case.timeline.push(row));
                Ok(())
            }
            Relation::FollowUp => {
                let rows = self.rows(&by_case("SELECT * FROM follow_ups", "id"), ids, |row| Ok((CaseId(row.get("case_id")?), row::follow_up(row)?)))?;
                give(found, rows, |found, snooze| found.case.follow_up = Some(snooze));
                Ok(())
            }
            Relation::Messages => {
                let sql = by_case(&format!("SELECT {} FROM messages", row::MESSAGE), "id");
                let rows = self.with_senders(self.rows(&sql, ids, row::message)?)?;
                give(found, rows.into_iter().filter(|row| row.mail.is_none()).map(|row| (row.case_id, row)), |found, row| found.case.messages.push(row));
                Ok(())
            }
            Relation::LastMessage => self.load_last(found, ids),
            Relation::Cases => self.load_threads(found),
            Relation::Parent => self.load_parents(found),
            // `fields` came with the case; `case` is a relation of messages.
            Relation::Fields | Relation::Case => Ok(()),
        }
    }

    fn load_contacts(&self, found: &mut [Found]) -> Result<(), DbError> {
        let ids = row::array(found.iter().filter_map(|found| found.case.contact_id).map(|id| id.0));
        let sql = format!("SELECT {} FROM contacts WHERE id IN (SELECT value FROM json_each(?))", row::CONTACT);
        let contacts: HashMap<_, _> = self.rows(&sql, &ids, row::contact)?.into_iter().map(|contact| (contact.id, contact)).collect();
        for found in found {
            found.case.contact = found.case.contact_id.and_then(|id| contacts.get(&id)).cloned();
        }
        Ok(())
    }

    fn load_last(&self, found: &mut [Found], ids: &str) -> Result<(), DbError> {
        let sql = format!("SELECT {} FROM messages WHERE id IN (SELECT last_message FROM cases WHERE id IN (SELECT value FROM json_each(?)))", row::MESSAGE);
        let rows: Vec<Message> = self.with_senders(self.rows(&sql, ids, row::message)?)?;
        give(found, rows.into_iter().map(|row| (row.case_id, row)), |found, row| found.case.last_message = Some(Box::new(row)));
        Ok(())
    }

    fn load_threads(&self, found: &mut [Found]) -> Result<(), DbError> {
        let threads = self.cases_by("thread_id", &row::array(found.iter().map(|found| found.case.thread_id.0)))?;
        for found in found {
            found.cases = threads.iter().filter(|case| case.thread_id == found.case.thread_id && case.id != found.case.id).cloned().collect();
        }
        Ok(())
    }

    fn load_parents(&self, found: &mut [Found]) -> Result<(), DbError> {
        let parents = self.cases_by("id", &row::array(found.iter().filter_map(|found| found.case.parent_id).map(|id| id.0)))?;
        for found in found {
            found.parent = parents.iter().find(|case| Some(case.id) == found.case.parent_id).cloned();
        }
        Ok(())
    }
}

/// Gives each row to its case.
fn give<T>(found: &mut [Found], rows: impl IntoIterator<Item = (CaseId, T)>, mut put: impl FnMut(&mut Found, T)) {
    let places: HashMap<CaseId, usize> = found.iter().enumerate().map(|(place, found)| (found.case.id, place)).collect();
    for (id, row) in rows {
        if let Some(found) = places.get(&id).and_then(|place| found.get_mut(*place)) {
            put(found, row);
        }
    }
}
