//! The customers of a running demo: they write, and somebody has to know which conversations are open.

use super::{Db, DbError, Relation, row};
use crate::model::{Case, CaseId, Channel, Mail, Message, MessageId, MessageKind, SenderType};
use crate::server::events::Event;

impl Db {
    /// A message from the contact of the case, by mail where the case is one of mails. `None` when the case is closed or not there.
    pub fn customer_writes(&self, id: CaseId, text: &str) -> Result<Option<MessageId>, DbError> {
        self.write_now(|writer| {
            let Some(mut case) = writer.document(id, &[])?.filter(|case| !case.is_closed()) else { return Ok(None) };
            let mail = match case.channel {
                Channel::Email => writer.newest_mail(case.thread_id)?.and_then(|last| last.mail).map(|last| Box::new(answer(&case, *last, text))),
                _ => None,
            };
            let sender_id = case.contact_id().map(|contact| contact.0);
            let message = Message { sender_type: SenderType::Contact, sender_id, kind: MessageKind::Message, message: text.into(), mail, ..Message::default() };
            let message = writer.add_message(&mut case, message)?;
            writer.announce(Event::message(&message));
            Ok(Some(message.id))
        })
    }

    /// Some of the cases that are not closed, drawn at random, with contact, users and last message.
    pub fn open_cases_sample(&self, limit: u32) -> Result<Vec<Case>, DbError> {
        self.read_now(|reader| {
            let sql = format!(
                "SELECT {} FROM cases WHERE id IN (SELECT id FROM cases WHERE status IN ('active', 'pending') ORDER BY random() LIMIT ?) ORDER BY id",
                row::CASE
            );
            let mut statement = reader.conn.prepare_cached(&sql)?;
            let cases = statement.query_map([limit], row::case)?.collect::<Result<Vec<_>, _>>()?;
            let found = reader.around(cases, &[Relation::Contact, Relation::Users, Relation::LastMessage])?;
            Ok(found.into_iter().map(|found| found.case).collect())
        })
    }
}

/// The customer's answer to the newest mail of the thread, whoever wrote that.
fn answer(case: &Case, last: Mail, text: &str) -> Mail {
    let email = case.contact.as_ref().and_then(|contact| contact.field("email")).unwrap_or_default();
    let theirs = last.from.email == email;
    let subject = if last.subject.raw().starts_with("Re:") { last.subject } else { format!("Re: {}", last.subject.raw()).into() };
    let (from, to) = if theirs { (last.from, last.to) } else { (last.to.into_iter().next().unwrap_or_default(), vec![last.from]) };
    Mail { from, to, subject, text_body: Some(text.into()), mailbox_in_reply_to: last.message_id, inbox_id: last.inbox_id, ..Mail::default() }
}
