//! `where` against a filter in memory: whatever terms are asked, the answer holds what the filter holds, and counts it.

use super::house::{House, conversations};
use caseload::model::{Case, CaseId, Status, ThreadId, date};
use caseload::server::{Db, Seeded};
use proptest::prelude::*;
use reqwest::Method;

const WORDS: [&str; 4] = ["Refund", "100%", "a_b|c", "null"];

fn cases() -> Vec<Case> {
    let start = super::house::at("2026-11-20 10:00:00");
    let case = |id: i64| Case {
        id: CaseId(id),
        thread_id: ThreadId(id % 7 + 1),
        title: format!("{} {}", WORDS[usize::try_from(id % 4).unwrap()], id % 3).into(),
        status: [Status::Pending, Status::Active, Status::Closed][usize::try_from(id % 3).unwrap()].clone(),
        wait_time: (id % 4 != 0).then_some(id % 9),
        date_closed: (id % 3 == 2).then(|| start + chrono::TimeDelta::seconds(id)),
        date_created: Some(start),
        date_updated: Some(start + chrono::TimeDelta::milliseconds(id * 500)),
        ..Case::default()
    };
    (1..=60).map(case).collect()
}

/// A column of a case as a number or a text, `None` where it is empty.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
enum Held {
    Number(i64),
    Text(String),
}

fn held(case: &Case, column: &str) -> Option<Held> {
    let millis = |date: Option<caseload::model::Timestamp>| date.map(|date| Held::Number(date.timestamp_millis()));
    match column {
        "id" => Some(Held::Number(case.id.0)),
        "threadId" => Some(Held::Number(case.thread_id.0)),
        "waitTime" => case.wait_time.map(Held::Number),
        "dateClosed" => millis(case.date_closed),
        "dateUpdated" => millis(case.date_updated),
        "title" => Some(Held::Text(case.title.raw().to_owned())),
        _ => Some(Held::Text(case.status.as_str().to_owned())),
    }
}

fn value(column: &str, word: &str) -> Option<Held> {
    match column {
        "waitTime" | "dateClosed" if word == "null" => None,
        "id" | "threadId" | "waitTime" => Some(Held::Number(word.parse().unwrap())),
        "dateClosed" | "dateUpdated" => Some(Held::Number(date::parse(word).unwrap().timestamp_millis())),
        _ => Some(Held::Text(word.to_owned())),
    }
}

fn holds(case: &Case, column: &str, op: &str, words: &[String]) -> bool {
    let held = held(case, column);
    let given = value(column, &words[0]);
    let both = held.clone().zip(given.clone());
    match op {
        "eq" => held == given,
        "ne" => held != given,
        "gt" => both.is_some_and(|(held, given)| held > given),
        "gte" => both.is_some_and(|(held, given)| held >= given),
        "lt" => both.is_some_and(|(held, given)| held < given),
        "lte" => both.is_some_and(|(held, given)| held <= given),
        "in" => held.is_some_and(|held| words.iter().any(|word| value(column, word).is_some_and(|given| given == held))),
        _ => matches!(both, Some((Held::Text(held), Held::Text(given))) if held.to_lowercase().contains(&given.to_lowercase())),
    }
}

type Asked = (&'static str, &'static str, Vec<String>);

fn word(column: &'static str, op: &'static str) -> BoxedStrategy<String> {
    let nullable = matches!(column, "waitTime" | "dateClosed") && matches!(op, "eq" | "ne");
    let plain: BoxedStrategy<String> = match column {
        "id" => (-3_i64..66).prop_map(|id| id.to_string()).boxed(),
        "threadId" | "waitTime" => (0_i64..10).prop_map(|number| number.to_string()).boxed(),
        "dateClosed" | "dateUpdated" => {
            (0_i64..70).prop_map(|half| date::iso(super::house::at("2026-11-20 10:00:00") + chrono::TimeDelta::milliseconds(half * 500))).boxed()
        }
        "title" => prop::sample::select(vec!["refund", "%", "_", "a_b|c 1", "null", "100% 2", "Refund 0", "'; DROP TABLE cases; --", "\\"])
            .prop_map(str::to_owned)
            .boxed(),
        _ => prop::sample::select(vec!["pending", "active", "closed", "queue", ""]).prop_map(str::to_owned).boxed(),
    };
    if nullable { prop_oneof![4 => plain, 1 => Just("null".to_owned())].boxed() } else { plain }
}

fn asked() -> impl Strategy<Value = Asked> {
    let columns = prop::sample::select(vec!["id", "threadId", "waitTime", "dateClosed", "dateUpdated", "title", "status"]);
    columns.prop_flat_map(|column| {
        let text = matches!(column, "title" | "status");
        let ops = if text { vec!["eq", "ne", "gt", "gte", "lt", "lte", "in", "like"] } else { vec!["eq", "ne", "gt", "gte", "lt", "lte", "in"] };
        prop::sample::select(ops).prop_flat_map(move |op| {
            let most = if op == "in" { 4 } else { 1 };
            prop::collection::vec(word(column, op), 1..=most).prop_map(move |words| (column, op, words))
        })
    })
}

#[test]
fn where_finds_what_a_filter_in_memory_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let db = Db::memory().unwrap();
    db.seed(&[Seeded { contact: conversations()[0].contact.clone(), cases: cases() }]).unwrap();
    db.staff(&super::house::staff()).unwrap();
    let house = runtime.block_on(House::over(db, None));
    let all = cases();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() });
    let terms = (prop::collection::vec(asked(), 0..4), any::<bool>());
    let outcome = runner.run(&terms, |(terms, ascending)| {
        let wheres = terms.iter().map(|(column, op, words)| ("where", format!("{column}|{op}|{}", words.join(",").replace('|', "\\|"))));
        let query: Vec<(&str, String)> =
            wheres.chain([("limit", "200".to_owned()), ("order", format!("id|{}", if ascending { "asc" } else { "desc" }))]).collect();
        let page = runtime.block_on(super::house::ok(house.request(Method::GET, "/crm/objects/case").query(&query)));
        let mut wanted: Vec<i64> =
            all.iter().filter(|case| terms.iter().all(|(column, op, words)| holds(case, column, op, words))).map(|case| case.id.0).collect();
        if !ascending {
            wanted.reverse();
        }
        let found: Vec<i64> = page["data"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect();
        prop_assert_eq!(&found, &wanted);
        prop_assert_eq!(page["count"].as_u64(), u64::try_from(wanted.len()).ok());
        Ok(())
    });
    outcome.unwrap();
}
