//! Nouns as the wire shows them: names, flags as "yes" and "no", what appears and what vanishes with a relation.
//! Only objects are made here; envelopes belong to the routes, and deviations for tests to `quirks`.

use crate::api::wire::paths;
use crate::model::{Case, CaseUser, Contact, Feedback, Mail, MailAddress, Message, MessageId, Object, Person, Snooze, Timestamp, date};
use crate::server::db::{CASES, Found, Relation, Table};
use crate::server::filter::Params;
use crate::server::refusal::Refusal;
use serde_json::{Value, json};

/// What of a case or a message is to be shown.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// `None` is everything.
    pub select: Option<Vec<String>>,
    pub relations: Vec<Relation>,
}

impl Shown {
    /// These relations and every column.
    pub fn with(relations: &[Relation]) -> Self {
        Self { select: None, relations: relations.to_vec() }
    }

    /// What a request selects. Selecting the name of a relation asks for it; the last message and the follow-up come unless a selection leaves them out.
    pub fn read(params: &Params, table: &Table, among: &[(&str, Relation)]) -> Result<Self, Refusal> {
        let mut relations = params.relations(among)?;
        let select = params.select(table, among)?;
        let is_case = table == &CASES;
        let selected = |word: &str| select.as_ref().is_some_and(|words| words.iter().any(|other| other == word));
        let ours = [("lastMessage", Relation::LastMessage), ("followUp", Relation::FollowUp)];
        for (word, relation) in among.iter().chain(if is_case { &ours[..] } else { &[] }) {
            let additive = select.is_none() && ours.iter().any(|(_, our)| our == relation);
            if (additive || selected(word)) && !relations.contains(relation) {
                relations.push(*relation);
            }
        }
        Ok(Self { select, relations })
    }

    pub fn has(&self, relation: Relation) -> bool {
        self.relations.contains(&relation)
    }

    /// `id` and `threadId` come back whether selected or not.
    fn keeps(&self, column: &str) -> bool {
        matches!(column, "id" | "threadId") || self.select.as_ref().is_none_or(|words| words.iter().any(|word| word == column))
    }
}

fn iso(date: Option<Timestamp>) -> Value {
    date.map_or(Value::Null, |date| Value::String(date::iso(date)))
}

fn flag(flag: bool) -> Value {
    json!(if flag { "yes" } else { "no" })
}

/// Columns only.
pub fn bare(case: &Case) -> Object {
    let extra = |key: &str, or: Value| case.extra.get(key).cloned().unwrap_or(or);
    let columns = [
        ("id", json!(case.id)),
        ("threadId", json!(case.thread_id)),
        ("parentId", json!(case.parent_id)),
        ("contactId", json!(case.contact_id())),
        ("title", json!(case.title)),
        ("description", json!(case.description)),
        ("channel", json!(case.channel)),
        ("status", json!(case.status)),
        ("closingState", json!(case.closing_state)),
        ("dateQueue", iso(case.date_queue)),
        ("datePending", iso(case.date_pending)),
        ("dateActive", iso(case.date_active)),
        ("dateClosed", iso(case.date_closed)),
        ("userId", json!(case.user_id)),
        ("waitTime", json!(case.wait_time)),
        ("closedBy", json!(case.closed_by)),
        ("queueId", json!(case.queue_id)),
        ("queueOrder", extra("queueOrder", Value::Null)),
        ("visitId", json!(case.visit_id)),
        ("meta", extra("meta", json!({}))),
        ("dateCreated", iso(case.date_created)),
        ("dateUpdated", iso(case.date_updated)),
    ];
    columns.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// A case with what was asked for beside it.
pub fn case(found: &Found, shown: &Shown) -> Value {
    let case = &found.case;
    let mut out = bare(case);
    if shown.select.is_some() {
        out.retain(|name, _| shown.keeps(name));
    }
    for relation in &shown.relations {
        let (name, value) = match relation {
            Relation::Contact => ("contact", case.contact.as_ref().map_or(Value::Null, contact)),
            Relation::Messages => ("messages", list(&case.messages, message)),
            Relation::Cases => ("cases", list(&found.cases, bare)),
            Relation::Users => ("users", list(&case.users, user)),
            Relation::Fields => ("fields", json!(case.fields)),
            Relation::Tags => ("tags", json!(case.tags)),
            Relation::Feedbacks => ("feedbacks", list(&case.feedbacks, feedback)),
            Relation::Timeline => ("timeline", list(&case.timeline, timeline)),
            Relation::Parent => ("parent", found.parent.as_ref().map_or(Value::Null, |parent| Value::Object(bare(parent)))),
            Relation::LastMessage => ("lastMessage", case.last_message.as_deref().map_or(Value::Null, |last| Value::Object(message(last)))),
            // Null, not missing: who has one from before learns that it is over.
            Relation::FollowUp => ("followUp", case.follow_up.as_ref().map_or(Value::Null, follow_up)),
            Relation::Case => continue,
        };
        out.insert(name.to_owned(), value);
    }
    if shown.has(Relation::Contact) {
        out.shift_remove("contactId");
    }
    Value::Object(out)
}

fn list<T>(items: &[T], shape: impl Fn(&T) -> Object) -> Value {
    Value::Array(items.iter().map(|item| Value::Object(shape(item))).collect())
}

fn follow_up(snooze: &Snooze) -> Value {
    json!({"id": snooze.id, "until": date::iso(snooze.until), "userId": snooze.user_id, "message": snooze.message})
}

fn timeline(entry: &crate::model::TimelineEntry) -> Object {
    let row = json!({
        "id": entry.id, "objectType": "case", "caseId": entry.case_id, "threadId": entry.thread_id, "event": entry.event,
        "detail": entry.detail, "dateCreated": iso(entry.date_created), "userId": entry.user_id,
    });
    into_object(row)
}

fn feedback(row: &Feedback) -> Object {
    into_object(json!({
        "id": row.id, "caseId": row.case_id, "contactId": row.contact_id, "questionId": row.question_id, "question": row.question,
        "rating": row.rating, "comment": row.comment, "dateCreated": iso(row.date_created),
    }))
}

fn into_object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

pub fn contact(contact: &Contact) -> Value {
    let mut out = Object::new();
    out.insert("id".into(), json!(contact.id));
    out.extend(contact.extra.clone());
    out.insert("fields".into(), json!(contact.fields));
    Value::Object(out)
}

/// A row of a case's `users`.
pub fn user(row: &CaseUser) -> Object {
    into_object(json!({
        "id": row.id, "caseId": row.case_id, "type": row.kind, "userId": row.user_id, "role": row.role, "status": row.status,
        "dateCreated": iso(row.date_created), "dateLastAssigned": iso(row.date_last_assigned), "closed": flag(row.closed), "meta": {},
        "user": row.user.as_ref().map(person),
    }))
}

pub fn person(person: &Person) -> Value {
    json!({"id": person.id, "name": person.name, "email": person.email, "photo": null, "type": person.kind})
}

/// A message that is no mail (or a mail shown as one, where a case shows its last).
pub fn message(message: &Message) -> Object {
    into_object(json!({
        "id": message.id, "caseId": message.case_id, "threadId": message.thread_id, "contactId": message.contact_id, "channel": message.channel,
        "senderType": message.sender_type, "senderId": message.sender_id, "type": message.kind, "message": message.message, "meta": message.meta,
        "seen": flag(message.seen), "dateCreated": iso(message.date_created), "dateUpdated": iso(message.date_updated),
        "sender": message.sender.as_ref().map(person),
    }))
}

/// A message with the columns that were selected; its case takes the place of `caseId`.
pub fn selected(row: &Message, shown: &Shown, around: Option<&Found>) -> Value {
    let mut out = message(row);
    out.retain(|name, _| shown.keeps(name) || name == "sender" && shown.select.is_none());
    if let Some(found) = around.filter(|_| shown.has(Relation::Case)) {
        out.shift_remove("caseId");
        out.insert("case".into(), case(found, &Shown::with(&[Relation::Contact])));
    }
    Value::Object(out)
}

pub fn mail(row: &Message) -> Value {
    let none = Mail::default();
    let mail = row.mail.as_deref().unwrap_or(&none);
    json!({
        "id": row.id, "caseId": row.case_id, "threadId": row.thread_id, "contactId": row.contact_id, "inboxId": mail.inbox_id, "mailId": row.id, "type": row.kind,
        "senderType": row.sender_type, "senderId": row.sender_id, "to": addresses(&mail.to), "from": {"Name": mail.from.name, "Email": mail.from.email},
        "cc": addresses(&mail.cc), "bcc": addresses(&mail.bcc), "subject": mail.subject, "textBody": mail.text_body.as_ref().unwrap_or(&row.message), "htmlBody": mail.html_body,
        "messageId": mail.message_id, "mailboxInReplyTo": mail.mailbox_in_reply_to, "parentId": null, "attachments": attachments(row.id, mail), "meta": row.meta,
        "dateCreated": iso(row.date_created), "dateSeen": null, "dateBounce": null, "dateFailed": null, "dateDelivery": iso(row.date_created),
        "seen": flag(row.seen), "isDraft": "no", "scheduleAt": null, "sender": row.sender.as_ref().map(person),
    })
}

/// Files come with a path at this server, where they don't stand in the mail themselves.
fn attachments(id: MessageId, mail: &Mail) -> Value {
    let with_path = |(n, file): (usize, &Value)| {
        let mut file = file.clone();
        if let Value::Object(members) = &mut file
            && !members.contains_key("Content")
        {
            members.entry("url").or_insert_with(|| json!(format!("{}/{id}?n={n}", paths::MAIL_ATTACHMENT)));
        }
        file
    };
    mail.attachments.iter().enumerate().map(with_path).collect()
}

fn addresses(list: &[MailAddress]) -> Value {
    list.iter().map(|one| json!({"Name": one.name, "Email": one.email, "MailboxHash": one.mailbox_hash})).collect()
}
