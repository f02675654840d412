//! Whole conversations at once: the seed of a demo, and what arrives while it runs.

use super::{Db, DbError, Writer, row};
use crate::model::{Case, CaseId, Contact, ContactId, Message, MessageKind, SenderType, ThreadId, Untrusted};
use crate::server::events::Event;
use crate::server::seed::Seeded;
use rusqlite::params;
use serde_json::Value;

/// Conversations in one transaction.
const BATCH: usize = 5_000;

impl Db {
    /// Stores conversations as they are; their numbers are final and must be free.
    pub fn seed(&self, conversations: &[Seeded]) -> Result<(), DbError> {
        conversations.chunks(BATCH).try_for_each(|batch| {
            self.write_now(|writer| {
                batch.iter().try_for_each(|seeded| {
                    let contact = writer.insert_contact(&seeded.contact)?;
                    seeded.cases.iter().try_for_each(|case| writer.insert_whole(case.clone(), contact).map(drop))
                })
            })
        })
    }

    /// A conversation that begins now: numbers that are 0 are given here. Gives the newest case.
    pub fn arrive(&self, seeded: Seeded) -> Result<Option<CaseId>, DbError> {
        self.write_now(|writer| {
            let contact = writer.insert_contact(&seeded.contact)?;
            let mut chain: Option<(CaseId, ThreadId)> = None;
            for mut case in seeded.cases {
                if let (0, Some((_, thread))) = (case.thread_id.0, chain) {
                    case.thread_id = thread;
                    case.parent_id = Some(CaseId(thread.0));
                }
                case.date_updated = case.date_updated.max(Some(writer.now));
                let case = writer.insert_whole(case, contact)?;
                chain = Some((case.id, case.thread_id));
                writer.announce(Event::status(&case));
                if let Some(message) = &case.last_message {
                    writer.announce(Event::message(message));
                }
            }
            Ok(chain.map(|(case, _)| case))
        })
    }
}

impl Writer<'_> {
    /// Number 0 gets one. Who is there already stays as it is.
    pub(super) fn insert_contact(&mut self, contact: &Contact) -> Result<ContactId, DbError> {
        let mut extra = contact.extra.clone();
        let archive = extra.shift_remove("archive").is_some_and(|flag| flag == "yes" || flag == true);
        let company = extra.shift_remove("companyId").and_then(|id| id.as_i64());
        let mut date = |key: &str| extra.shift_remove(key).as_ref().and_then(Value::as_str).and_then(crate::model::date::parse);
        let (created, updated) = (date("dateCreated"), date("dateUpdated"));
        let field = |key: &str| contact.field(key).map(|text| text.raw().to_owned());
        let mut insert = self.conn.prepare_cached(
            "INSERT INTO contacts (id, name, email, phone, archive, company_id, fields, extra, date_created, date_updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )?;
        let id = (contact.id.0 != 0).then_some(contact.id.0);
        let now = self.now.timestamp_millis();
        let name = field("name").unwrap_or_default();
        insert.execute(params![
            id,
            name,
            field("email"),
            field("phone"),
            archive,
            company,
            row::text(&contact.fields),
            row::text(&extra),
            row::ms(created).unwrap_or(now),
            row::ms(updated)
        ])?;
        let id = ContactId(id.unwrap_or_else(|| self.conn.last_insert_rowid()));
        if name.is_empty() {
            self.conn.prepare_cached("UPDATE contacts SET name = ? WHERE id = ? AND name = ''")?.execute(params![contact_name(contact, id), id.0])?;
        }
        Ok(id)
    }

    /// A case with everything it carries.
    fn insert_whole(&mut self, mut case: Case, contact: ContactId) -> Result<Case, DbError> {
        case.contact_id = Some(contact);
        case.contact = None;
        case.last_message = newest(&case);
        let known = case.last_message.as_ref().map(|message| message.id);
        self.insert_case(&mut case)?;
        for user in &mut case.users {
            if user.kind == SenderType::Contact && user.user_id == 0 {
                user.user_id = contact.0;
            }
            self.save_case_user(case.id, user)?;
        }
        for entry in &mut case.timeline {
            self.insert_timeline(case.id, case.thread_id.0, entry)?;
        }
        self.insert_words(&case)?;
        self.insert_messages(&mut case, contact)?;
        if let Some(snooze) = &mut case.follow_up {
            self.save_follow_up(case.id, Some(snooze))?;
        }
        // A number given here is one the row does not have yet.
        case.last_message = newest(&case);
        if case.last_message.as_ref().map(|message| message.id) != known {
            self.update_case(&case)?;
        }
        Ok(case)
    }

    fn insert_messages(&mut self, case: &mut Case, contact: ContactId) -> Result<(), DbError> {
        for message in &mut case.messages {
            message.case_id = case.id;
            message.thread_id = case.thread_id;
            message.contact_id = Some(contact);
            if message.sender_type == SenderType::Contact && message.sender_id.unwrap_or(0) == 0 {
                message.sender_id = Some(contact.0);
            }
            self.insert_message(message)?;
            if let Some(op) = message.meta.get("op_id").and_then(Value::as_str) {
                self.remember_said(case.id, op, &[], message.id, None)?;
            }
        }
        Ok(())
    }

    fn insert_words(&mut self, case: &Case) -> Result<(), DbError> {
        for tag in &case.tags {
            self.conn.prepare_cached("INSERT OR IGNORE INTO case_tags (case_id, tag_id) VALUES (?, ?)")?.execute([case.id.0, tag.id])?;
        }
        for feedback in &case.feedbacks {
            let sql = "INSERT INTO feedbacks (id, case_id, contact_id, question_id, question, rating, comment, date_created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
            let id = (feedback.id != 0).then_some(feedback.id);
            let comment = feedback.comment.as_ref().map(Untrusted::raw);
            let contact = case.contact_id.map(|id| id.0);
            self.conn.prepare_cached(sql)?.execute(params![
                id,
                case.id.0,
                contact,
                feedback.question_id,
                feedback.question.raw(),
                feedback.rating,
                comment,
                row::ms(feedback.date_created)
            ])?;
        }
        Ok(())
    }
}

fn newest(case: &Case) -> Option<Box<Message>> {
    case.messages.iter().filter(|message| message.kind != MessageKind::Event).max_by_key(|message| message.id).cloned().map(Box::new)
}

fn contact_name(contact: &Contact, id: ContactId) -> String {
    Contact { id, ..contact.clone() }.name().raw().to_owned()
}
