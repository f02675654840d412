//! `/crm/objects/case`: pages of cases, one case, and the few things that are changed directly.

use super::Answer;
use crate::model::{Case, CaseId, Object, Tag};
use crate::server::App;
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{CASES, Reader, Relation, Table, Writer};
use crate::server::events::Event;
use crate::server::filter::ListAsk;
use crate::server::refusal::Refusal;
use crate::server::shape::{self, Shown};
use axum::extract::State;
use serde_json::Value;

pub async fn list(State(app): State<App>, ask: Ask) -> Answer {
    let shown = Shown::read(&ask.query, &CASES, &Relation::OF_CASE)?;
    let wanted = ask.query.list(&CASES, ask.quirks.narrow())?;
    app.reading(ask, move |reader, _| {
        let cases = reader.cases(&wanted, &shown.relations)?;
        page(reader, &CASES, &wanted, cases.iter().map(|found| shape::case(found, &shown)).collect())
    })
    .await
}

/// The envelope of `/crm/objects/*`.
pub fn page(reader: &Reader, table: &Table, ask: &ListAsk, data: Vec<Value>) -> Result<Value, Refusal> {
    let count = reader.count(table, &ask.terms)?;
    let mut page = Object::new();
    for (name, number) in [("page", ask.page), ("offset", ask.page * ask.limit), ("limit", ask.limit), ("count", count)] {
        page.insert(name.to_owned(), number.into());
    }
    // Moved, not copied as `json!` would: it may be large.
    page.insert("data".to_owned(), Value::Array(data));
    Ok(Value::Object(page))
}

pub async fn one(State(app): State<App>, ask: Ask) -> Answer {
    let shown = Shown::read(&ask.query, &CASES, &Relation::OF_CASE)?;
    app.reading(ask, move |reader, ask| whole(reader, ask.id()?, &shown)).await
}

/// A case as it stands now, or 404.
pub fn whole(reader: &Reader, id: CaseId, shown: &Shown) -> Result<Value, Refusal> {
    let found = reader.case(id, &shown.relations)?.ok_or_else(|| Refusal::not_found(format_args!("case {id}")))?;
    Ok(shape::case(&found, shown))
}

/// Ours: `title`, `description`, `fields` (by key, null takes one away) and `tags` (all of them, by number or name).
pub async fn update(State(app): State<App>, ask: Ask) -> Answer {
    if ask.quirks.no_additions {
        return Err(Refusal::not_found("this end point"));
    }
    app.changing(ask, |writer, ask| {
        let id = ask.id()?;
        let before = writer.document(id, &[])?.ok_or_else(|| Refusal::not_found(format_args!("case {id}")))?;
        let mut case = before.clone();
        for key in ask.body.keys() {
            write(writer, ask, &mut case, key)?;
        }
        case.date_updated = case.date_updated.max(Some(writer.now()));
        writer.persist(&before, &mut case)?;
        writer.announce(Event::status(&case));
        let shown = Shown::with(&[Relation::Contact, Relation::Users, Relation::Tags, Relation::Fields, Relation::LastMessage, Relation::FollowUp]);
        whole(writer, id, &shown).map(Done::New)
    })
    .await
}

fn write(writer: &Writer, ask: &Ask, case: &mut Case, key: &str) -> Result<(), Refusal> {
    match key {
        "title" => case.title = ask::text(&ask.body, key)?.unwrap_or_default().into(),
        "description" => case.description = ask::text(&ask.body, key)?.unwrap_or_default().into(),
        "fields" => {
            for (name, value) in ask::map(&ask.body, key)?.into_iter().flatten() {
                if value.is_null() {
                    case.fields.shift_remove(name);
                } else {
                    case.fields.insert(name.clone(), value.clone());
                }
            }
        }
        "tags" => case.tags = tags(&writer.tags()?, ask.body.get(key))?,
        other => return Err(Refusal::invalid(format!("column '{other}' of a case cannot be changed here"))),
    }
    Ok(())
}

fn tags(known: &[Tag], wanted: Option<&Value>) -> Result<Vec<Tag>, Refusal> {
    let Some(Value::Array(wanted)) = wanted else { return Err(Refusal::invalid("tags must be a list of numbers or names")) };
    let find = |value: &Value| {
        let value = value.get("id").unwrap_or(value);
        let tag = known.iter().find(|tag| value.as_i64() == Some(tag.id) || value.as_str().is_some_and(|name| name == tag.name.raw()));
        tag.cloned().ok_or_else(|| Refusal::invalid(format!("there is no tag {value}")))
    };
    wanted.iter().map(find).collect()
}
