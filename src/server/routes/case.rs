//! `/crm/objects/case`: pages of cases, one case, and the few things that are changed directly.

use super::Answer;
use crate::model::{Case, CaseId, Change, FieldChange, FieldsOf, Object, Tag};
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{CASES, Reader, Relation, Table, Writer};
use crate::server::events::Event;
use crate::server::filter::ListAsk;
use crate::server::refusal::Refusal;
use crate::server::shape::{self, Shown};
use crate::server::{App, decide};
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

/// Ours: `title`, `description`, `fields` (by key, null takes one away; with `was`, what each of them was, none is changed when
/// one is another by now) and `tags` (all of them, by number or name; or `{add, remove}` by name, where new names become tags).
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
        for tag in case.tags.iter_mut().filter(|tag| tag.id == 0) {
            *tag = writer.tag(tag.name.raw())?;
        }
        case.date_updated = case.date_updated.max(Some(writer.now()));
        for (event, detail) in labelled(&before, &case) {
            case.timeline.push(decide::entry(writer, &case, event, Some(detail), ask.key.user.id));
        }
        writer.persist(&before, &mut case)?;
        writer.announce(Event::status(&case));
        let shown = Shown::with(&[Relation::Contact, Relation::Users, Relation::Tags, Relation::Fields, Relation::LastMessage, Relation::FollowUp]);
        whole(writer, id, &shown).map(Done::New)
    })
    .await
}

/// What the timeline tells of changed tags and fields: `+vip -bug`, the names of the fields.
fn labelled(before: &Case, after: &Case) -> Vec<(&'static str, String)> {
    let lacks = |case: &Case, tag: &Tag| case.tags.iter().all(|other| other.name != tag.name);
    let added = after.tags.iter().filter(|tag| lacks(before, tag)).map(|tag| format!("+{}", tag.name.raw()));
    let removed = before.tags.iter().filter(|tag| lacks(after, tag)).map(|tag| format!("-{}", tag.name.raw()));
    let tags = added.chain(removed).collect::<Vec<_>>().join(" ");
    let set = after.fields.iter().filter(|(key, value)| before.fields.get(*key) != Some(value));
    let gone = before.fields.iter().filter(|(key, _)| !after.fields.contains_key(*key));
    let fields = set.chain(gone).map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ");
    [("tagged", tags), ("fields", fields)].into_iter().filter(|(_, detail)| !detail.is_empty()).collect()
}

fn write(writer: &Writer, ask: &Ask, case: &mut Case, key: &str) -> Result<(), Refusal> {
    match key {
        "title" => case.title = ask::text(&ask.body, key)?.unwrap_or_default().into(),
        "description" => case.description = ask::text(&ask.body, key)?.unwrap_or_default().into(),
        "was" => {}
        "fields" if ask.body.contains_key("was") => apply(writer, ask, case, fields(ask)?)?,
        "fields" => {
            for (name, value) in ask::map(&ask.body, key)?.into_iter().flatten() {
                if value.is_null() {
                    case.fields.shift_remove(name);
                } else {
                    case.fields.insert(name.clone(), value.clone());
                }
            }
        }
        "tags" if ask.body.get(key).is_some_and(Value::is_object) => apply(writer, ask, case, merged(ask)?)?,
        "tags" => case.tags = tags(&writer.tags()?, ask.body.get(key))?,
        other => return Err(Refusal::invalid(format!("column '{other}' of a case cannot be changed here"))),
    }
    Ok(())
}

/// With the mutation that the client predicts with.
fn apply(writer: &Writer, ask: &Ask, case: &mut Case, change: Change) -> Result<(), Refusal> {
    let mutation = decide::mutation(writer, case, &ask.key.user, None, change);
    Ok(mutation.apply(case)?)
}

fn fields(ask: &Ask) -> Result<Change, Refusal> {
    let was = ask::map(&ask.body, "was")?;
    let old = |key: &String| was.and_then(|was| was.get(key)).cloned().unwrap_or(Value::Null);
    let set = ask::map(&ask.body, "fields")?.into_iter().flatten();
    let set = set.map(|(key, value)| FieldChange { key: key.clone(), old: old(key), new: value.clone() }).collect();
    Ok(Change::Fields { of: FieldsOf::Case, set })
}

/// No tag has a longer name.
const LONGEST_TAG: usize = 100;

fn merged(ask: &Ask) -> Result<Change, Refusal> {
    let Some(tags) = ask::map(&ask.body, "tags")? else { return Err(Refusal::invalid("tags must be a list, or {add, remove}")) };
    let (add, remove) = (ask::texts(tags, "add")?, ask::texts(tags, "remove")?);
    if add.iter().any(|name| name.trim().is_empty() || name.len() > LONGEST_TAG) {
        return Err(Refusal::invalid(format!("a tag needs a name of at most {LONGEST_TAG} bytes")));
    }
    Ok(Change::Tag { add, remove })
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
