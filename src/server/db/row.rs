//! Rows to nouns. One function for each table, with the columns it reads beside it.

use crate::model::{
    Case, CaseId, CaseUser, Channel, Contact, ContactId, Feedback, Message, MessageId, MessageKind, Object, Person, SenderType, Snooze, Status, Tag, ThreadId,
    TimelineEntry, Timestamp, Untrusted, UserId,
};
use rusqlite::Row;
use serde_json::{Value, json};

pub fn at(millis: Option<i64>) -> Option<Timestamp> {
    millis.and_then(Timestamp::from_timestamp_millis)
}

pub fn ms(date: Option<Timestamp>) -> Option<i64> {
    date.map(|date| date.timestamp_millis())
}

/// The rows of these numbers: bound as one JSON array.
pub fn array(ids: impl IntoIterator<Item = i64>) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| id.to_string()).collect();
    format!("[{}]", ids.join(","))
}

/// A stored object; what is no object reads as an empty one, so that one bad row hides no other.
pub fn object(text: &str) -> Object {
    if text == "{}" { Object::new() } else { serde_json::from_str(text).unwrap_or_default() }
}

pub fn text(object: &Object) -> String {
    if object.is_empty() { "{}".to_owned() } else { Value::Object(object.clone()).to_string() }
}

fn untrusted(text: Option<String>) -> Option<Untrusted> {
    text.map(Untrusted::from)
}

pub const CASE: &str = "id, thread_id, parent_id, contact_id, title, description, channel, status, closing_state, date_queue, date_pending, date_active, date_closed, \
     user_id, wait_time, closed_by, queue_id, queue_order, visit_id, meta, fields, date_created, date_updated";

pub fn case(row: &Row) -> rusqlite::Result<Case> {
    let date = |index: usize| row.get(index).map(at);
    let mut extra = Object::new();
    extra.insert("queueOrder".into(), json!(row.get::<_, Option<i64>>(17)?));
    extra.insert("meta".into(), Value::Object(object(row.get_ref(19)?.as_str()?)));
    Ok(Case {
        id: CaseId(row.get(0)?),
        thread_id: ThreadId(row.get(1)?),
        parent_id: row.get::<_, Option<i64>>(2)?.map(CaseId),
        contact_id: row.get::<_, Option<i64>>(3)?.map(ContactId),
        title: row.get::<_, String>(4)?.into(),
        description: row.get::<_, String>(5)?.into(),
        channel: Channel::from(row.get::<_, String>(6)?),
        status: Status::from(row.get::<_, String>(7)?),
        closing_state: untrusted(row.get(8)?),
        date_queue: date(9)?,
        date_pending: date(10)?,
        date_active: date(11)?,
        date_closed: date(12)?,
        user_id: row.get::<_, Option<i64>>(13)?.map(UserId),
        wait_time: row.get(14)?,
        closed_by: row.get::<_, Option<i64>>(15)?.map(UserId),
        queue_id: row.get(16)?,
        visit_id: row.get(18)?,
        fields: object(row.get_ref(20)?.as_str()?),
        date_created: date(21)?,
        date_updated: date(22)?,
        extra,
        ..Case::default()
    })
}

pub const MESSAGE: &str = "id, case_id, thread_id, contact_id, channel, sender_type, sender_id, type, message, meta, seen, date_created, date_updated, mail";

pub fn message(row: &Row) -> rusqlite::Result<Message> {
    let mail: Option<String> = row.get(13)?;
    Ok(Message {
        id: MessageId(row.get(0)?),
        case_id: CaseId(row.get(1)?),
        thread_id: ThreadId(row.get(2)?),
        contact_id: row.get::<_, Option<i64>>(3)?.map(ContactId),
        channel: row.get::<_, Option<String>>(4)?.map(Channel::from),
        sender_type: SenderType::from(row.get::<_, String>(5)?),
        sender_id: row.get(6)?,
        kind: MessageKind::from(row.get::<_, String>(7)?),
        message: row.get::<_, String>(8)?.into(),
        meta: object(row.get_ref(9)?.as_str()?),
        seen: row.get(10)?,
        date_created: at(row.get(11)?),
        date_updated: at(row.get(12)?),
        mail: mail.map(|mail| Box::new(serde_json::from_str(&mail).unwrap_or_default())),
        ..Message::default()
    })
}

/// With the name of the user or contact in columns 8 and 9.
pub const CASE_USER: &str = "SELECT r.case_id, r.id, r.type, r.user_id, r.role, r.status, r.date_created, r.date_last_assigned, coalesce(u.name, c.name), coalesce(u.email, c.email), r.closed \
     FROM case_users r LEFT JOIN users u ON r.type = 'user' AND u.id = r.user_id LEFT JOIN contacts c ON r.type = 'contact' AND c.id = r.user_id";

pub fn case_user(row: &Row) -> rusqlite::Result<CaseUser> {
    let kind = SenderType::from(row.get::<_, String>(2)?);
    let user_id = row.get(3)?;
    let name: Option<String> = row.get(8)?;
    let email = untrusted(row.get(9)?);
    Ok(CaseUser {
        id: row.get(1)?,
        case_id: CaseId(row.get(0)?),
        kind: kind.clone(),
        user_id,
        role: row.get(4)?,
        status: row.get(5)?,
        date_created: at(row.get(6)?),
        date_last_assigned: at(row.get(7)?),
        closed: row.get(10)?,
        user: name.map(|name| Person { id: user_id, name: name.into(), email, kind: Some(kind) }),
    })
}

pub const CONTACT: &str = "id, archive, company_id, fields, extra, date_created, date_updated";

pub fn contact(row: &Row) -> rusqlite::Result<Contact> {
    let mut extra = object(row.get_ref(4)?.as_str()?);
    let date = |millis: Option<i64>| at(millis).map(crate::model::date::iso);
    extra.insert("archive".into(), json!(if row.get(1)? { "yes" } else { "no" }));
    extra.insert("companyId".into(), json!(row.get::<_, Option<i64>>(2)?));
    extra.insert("dateCreated".into(), json!(date(row.get(5)?)));
    extra.insert("dateUpdated".into(), json!(date(row.get(6)?)));
    Ok(Contact { id: ContactId(row.get(0)?), fields: object(row.get_ref(3)?.as_str()?), extra })
}

pub fn tag(row: &Row) -> rusqlite::Result<Tag> {
    Ok(Tag { id: row.get("id")?, name: row.get::<_, String>("name")?.into(), color: row.get("color")?, kind: row.get("type")? })
}

pub fn feedback(row: &Row) -> rusqlite::Result<Feedback> {
    Ok(Feedback {
        id: row.get("id")?,
        case_id: Some(CaseId(row.get("case_id")?)),
        contact_id: row.get::<_, Option<i64>>("contact_id")?.map(ContactId),
        question_id: row.get("question_id")?,
        question: row.get::<_, String>("question")?.into(),
        rating: row.get("rating")?,
        comment: untrusted(row.get("comment")?),
        date_created: at(row.get("date_created")?),
    })
}

pub fn timeline(row: &Row) -> rusqlite::Result<TimelineEntry> {
    Ok(TimelineEntry {
        id: row.get("id")?,
        object_type: Some("case".into()),
        case_id: Some(CaseId(row.get("case_id")?)),
        thread_id: Some(ThreadId(row.get("thread_id")?)),
        event: untrusted(row.get("event")?),
        detail: untrusted(row.get("detail")?),
        date_created: at(row.get("date_created")?),
        user_id: row.get::<_, Option<i64>>("user_id")?.map(UserId),
    })
}

pub fn follow_up(row: &Row) -> rusqlite::Result<Snooze> {
    Ok(Snooze {
        id: row.get("id")?,
        until: at(row.get("until")?).unwrap_or_default(),
        user_id: row.get::<_, Option<i64>>("user_id")?.map(UserId),
        message: untrusted(row.get("message")?),
    })
}
