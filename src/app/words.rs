//! What was done, in the agent's words: for the bottom line and for `z`.

use super::{State, snooze};
use crate::model::{CaseId, Change, FieldChange, Object, Untrusted};
use serde_json::Value;

/// `closed`, `replied to`: stands before the number of the case.
pub fn done(change: &Change) -> &'static str {
    match change {
        Change::Reply { .. } => "replied to",
        Change::Note { .. } => "noted on",
        Change::Close { .. } => "closed",
        Change::Reopen => "reopened",
        Change::Claim => "claimed",
        Change::Assign { .. } => "assigned",
        Change::Snooze { .. } => "snoozed",
        Change::Unsnooze => "woke",
        Change::Edit { .. } => "edited a message of",
        Change::Delete { .. } => "deleted a message of",
        Change::Tag { .. } => "tagged",
        Change::Fields { .. } => "changed fields of",
    }
}

/// What the number of the case is followed by: the state it was closed with, how long it sleeps, where it is now.
pub fn more(state: &State, changes: &[Change]) -> String {
    match changes.last() {
        Some(Change::Close { state: word }) => format!(" as {word}"),
        Some(Change::Snooze { until, message }) => snooze::told(state, *until, message.as_deref()),
        Some(Change::Assign { users, departments }) => {
            let agents = state.agents.iter().filter(|agent| users.iter().any(|user| user.0 == agent.id)).map(|agent| agent.name.brief(30));
            let teams = state.account.departments.iter().filter(|team| departments.contains(&team.id)).map(|team| team.name.brief(30));
            let names = agents.chain(teams).collect::<Vec<_>>().join(", ");
            if names.is_empty() { names } else { format!(" to {names} (invited to join it)") }
        }
        Some(change @ (Change::Tag { .. } | Change::Fields { .. })) => format!(": {}", detail(change).unwrap_or_default()),
        Some(Change::Claim) => ": it is in Mine".to_owned(),
        Some(Change::Reopen) => ": a new case of the thread, in Mine".to_owned(),
        _ => String::new(),
    }
}

/// What a change of tags or fields does, in a line: `+refund -vip`, `order: 882`.
pub fn detail(change: &Change) -> Option<String> {
    let name = |sign: &str, name: &String| format!("{sign}{}", Untrusted::from(name.as_str()).brief(40));
    match change {
        Change::Tag { add, remove } => Some(add.iter().map(|tag| name("+", tag)).chain(remove.iter().map(|tag| name("-", tag))).collect::<Vec<_>>().join(" ")),
        Change::Fields { set, .. } => Some(set.iter().map(|change| field(&change.key, &change.new)).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}

fn field(key: &str, value: &Value) -> String {
    format!("{}: {}", Untrusted::from(key).brief(40), plain(value))
}

/// A value in words; what is not there is `nothing`.
pub fn plain(value: &Value) -> String {
    let text = match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Object(inner) if inner.get("name").is_some_and(Value::is_string) => inner.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        value => value.to_string(),
    };
    Untrusted::from(text).brief(120)
}

/// What somebody else made of these fields since, where it is neither what it was nor what is wanted.
pub fn crossed(set: &[FieldChange], fields: &Object) -> Option<Untrusted> {
    let theirs: Vec<String> = set.iter().filter(|change| change.is_crossed(fields)).map(|change| field(&change.key, change.now(fields))).collect();
    (!theirs.is_empty()).then(|| theirs.join(", ").into())
}

/// Why a case does not take a message, and the way out: another case of its thread, or its reopening.
pub fn closed(state: &State, case: CaseId) -> String {
    let chain = state.reader.as_ref().filter(|reader| reader.conversation.case(case).is_some()).map(|reader| &reader.conversation);
    let open = chain.and_then(|chain| chain.latest()).map(|latest| latest.id).filter(|latest| *latest != case);
    match open {
        Some(latest) => format!("#{case} is closed, its thread goes on in #{latest}: ) goes there"),
        None => format!("#{case} is closed and takes nothing: o, then 1 (or :reopen) reopens it"),
    }
}

/// The way out where a name is unknown: the one that takes the fewest changes to reach, when that is few.
pub fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let best = known.map(|known| (changes(name, known), known)).min().filter(|(count, _)| *count <= 2.max(name.chars().count() / 3));
    best.map_or_else(|| "the README lists the names".to_owned(), |(_, known)| format!("did you mean '{known}'?"))
}

/// Insertions, removals and replacements between two words.
fn changes(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for a in from.chars().take(64) {
        let mut diagonal = row[0];
        row[0] += 1;
        for (at, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
