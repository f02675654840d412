//! The people and the words of the account.

use super::Answer;
use crate::server::App;
use crate::server::ask::Ask;
use crate::server::refusal::Refusal;
use axum::extract::State;
use serde_json::{Value, json};

/// `{count, data[]}`.
fn counted(data: &[Value]) -> Value {
    json!({"count": data.len(), "data": data})
}

pub async fn users(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, _| {
        let users = reader.users()?;
        Ok(counted(
            &users.iter().map(|user| json!({"id": user.id, "name": user.name, "email": user.email, "photo": null, "status": "active"})).collect::<Vec<_>>(),
        ))
    })
    .await
}

pub async fn departments(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, _| Ok(counted(&reader.departments()?.into_iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>()))).await
}

pub async fn tags(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, _| Ok(counted(&reader.tags()?.into_iter().map(|tag| json!(tag)).collect::<Vec<_>>()))).await
}

pub async fn tag(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| {
        let id: i64 = ask.id()?;
        let tag = reader.tags()?.into_iter().find(|tag| tag.id == id).ok_or_else(|| Refusal::not_found(format_args!("tag {id}")))?;
        Ok(json!(tag))
    })
    .await
}

pub async fn questions(State(app): State<App>, ask: Ask) -> Answer {
    let values: Vec<Value> = (1..=5).map(|stars| json!({"icon": "star", "label": stars.to_string(), "value": stars})).collect();
    app.reading(ask, move |reader, _| {
        let questions = reader.questions()?;
        let shape =
            |(id, question): (i64, String)| json!({"id": id, "question": question, "type": "rating", "config": {"values": values, "rating_type": "star"}});
        Ok(counted(&questions.into_iter().map(shape).collect::<Vec<_>>()))
    })
    .await
}
