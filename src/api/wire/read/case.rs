//! Cases, and what hangs on them: tags, feedbacks, timeline.
//! A relation that was not asked for is empty, never an error.

use super::members::Members;
use super::message::{channel, message, without_suffix};
use super::people::{case_user, contact, field_types, fields, snooze};
use super::scalar;
use crate::model::field::TYPES;
use crate::model::{Case, CaseId, ContactId, Feedback, Message, Status, Tag, ThreadId, TimelineEntry, UserId};
use serde_json::Value;

/// A case. Only `id` must be there; `threadId` falls back to `parentId`, then to `id`.
pub fn case(value: Value) -> Option<Case> {
    let awake = value.get("followUp").is_some_and(Value::is_null);
    let mut members = Members::of(value)?;
    let id = CaseId(members.id("id")?);
    let mut case = Case { id, ..Case::default() };
    columns(&mut case, &mut members);
    dates(&mut case, &mut members);
    case.status = status(&mut members, &case);
    relations(&mut case, &mut members);
    case.extra = members.rest();
    if awake {
        case.extra.insert(Case::AWAKE.to_owned(), Value::Bool(true));
    }
    Some(case)
}

fn columns(case: &mut Case, members: &mut Members) {
    case.parent_id = members.id("parentId").map(CaseId);
    case.thread_id = ThreadId(members.id("threadId").or(case.parent_id.map(|id| id.0)).unwrap_or(case.id.0));
    case.title = members.text("title").unwrap_or_default();
    let description = members.text("description").unwrap_or_default();
    case.description = without_suffix(members, "descriptionRaw", description);
    case.channel = members.word("channel").map(channel).unwrap_or_default();
    case.closing_state = members.text("closingState").filter(|state| !state.is_empty());
    case.user_id = members.id("userId").map(UserId);
    case.wait_time = members.int("waitTime");
    case.closed_by = members.id("closedBy").map(UserId);
    case.queue_id = members.int("queueId");
    case.visit_id = members.int("visitId");
}

fn dates(case: &mut Case, members: &mut Members) {
    case.date_queue = members.date("dateQueue");
    case.date_pending = members.date("datePending");
    case.date_active = members.date("dateActive");
    case.date_closed = members.date("dateClosed");
    case.date_created = members.date("dateCreated");
    case.date_updated = members.date("dateUpdated");
}

/// The known words in any case, and the documentation's `close`; other words as they are. Where the word is missing the dates tell.
fn status(members: &mut Members, case: &Case) -> Status {
    let Some(word) = members.word("status") else {
        return match case {
            Case { date_closed: Some(_), .. } => Status::Closed,
            Case { date_active: Some(_), .. } => Status::Active,
            _ => Status::Pending,
        };
    };
    match word.to_ascii_lowercase().as_str() {
        "pending" => Status::Pending,
        "active" => Status::Active,
        "closed" | "close" => Status::Closed,
        _ => Status::Other(word),
    }
}

fn relations(case: &mut Case, members: &mut Members) {
    let contact_id = members.id("contactId");
    case.contact = members.take("contact").and_then(|value| contact(with_id(value, contact_id)));
    case.contact_id = contact_id.map(ContactId).or_else(|| case.contact.as_ref().map(|contact| contact.id));
    case.users = members.rows("users", |row| case_user(row, case.id));
    let said = members.take("fields");
    if let Some(types) = said.as_ref().and_then(field_types) {
        members.keep(TYPES, types);
    }
    case.fields = said.map(fields).unwrap_or_default();
    case.tags = members.rows("tags", tag);
    case.feedbacks = members.rows("feedbacks", feedback);
    case.timeline = members.rows("timeline", timeline);
    case.messages = members.rows("messages", |row| own(case, row));
    case.last_message = members.take("lastMessage").and_then(|row| own(case, row)).map(Box::new);
    case.follow_up = members.take("followUp").and_then(snooze);
}

/// A contact that does not repeat its id beside `contactId`.
fn with_id(value: Value, id: Option<i64>) -> Value {
    match (value, id) {
        (Value::Object(mut members), Some(id)) if !members.is_empty() => {
            members.entry("id").or_insert_with(|| Value::from(id));
            Value::Object(members)
        }
        (value, _) => value,
    }
}

/// A message inside its case need not name it.
fn own(case: &Case, row: Value) -> Option<Message> {
    let mut found = message(row)?;
    if found.case_id.0 == 0 {
        found.case_id = case.id;
        found.thread_id = case.thread_id;
    }
    Some(found)
}

/// A tag: `{id,name,color,type}`, one inside `tag`, or a bare name.
pub fn tag(value: Value) -> Option<Tag> {
    if let Value::String(name) = value {
        return (!name.is_empty()).then(|| Tag { name: name.into(), ..Tag::default() });
    }
    let mut members = Members::of(value)?;
    if let Some(inner) = members.take("tag").filter(Value::is_object) {
        return tag(inner);
    }
    let (id, name) = (members.int("id").unwrap_or(0), members.text("name").unwrap_or_default());
    (id != 0 || !name.is_empty()).then(|| Tag { id, name, color: members.word("color"), kind: members.word("type") })
}

/// A customer's score; the question may be a text or the question's own object.
pub fn feedback(value: Value) -> Option<Feedback> {
    let mut members = Members::of(value)?;
    let question = members.take("question").unwrap_or(Value::Null);
    let asked = question.get("question").and_then(scalar::text).or_else(|| scalar::text(&question));
    Some(Feedback {
        id: members.int("id")?,
        case_id: members.id("caseId").map(CaseId),
        contact_id: members.id("contactId").map(ContactId),
        question_id: members.id("questionId").or_else(|| question.is_object().then(|| scalar::id(&question)).flatten()),
        question: asked.unwrap_or_default(),
        rating: members.int("rating").or_else(|| members.int("value")),
        comment: members.text("comment").filter(|comment| !comment.is_empty()),
        date_created: members.date("dateCreated"),
    })
}

/// A row of the timeline; the vendor gives one object where the documentation has an array.
pub fn timeline(value: Value) -> Option<TimelineEntry> {
    let mut members = Members::of(value)?;
    Some(TimelineEntry {
        id: members.id("id")?,
        object_type: members.word("objectType"),
        case_id: members.id("caseId").map(CaseId),
        thread_id: members.id("threadId").map(ThreadId),
        event: members.text("event"),
        detail: members.text("detail"),
        date_created: members.date("dateCreated"),
        user_id: members.id("userId").map(UserId),
    })
}
