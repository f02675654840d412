//! What a filter means, said of one case in memory. The store says the same in SQL over its columns, and a property test
//! holds the two against each other.

use super::{Bound, Condition, Filter, Moment, Term};
use crate::model::{Case, Timestamp, UserId};
use serde_json::Value;

/// A case as shown, confirmed and pending, and what a filter can ask besides.
#[derive(Debug, Clone, Copy)]
pub struct Sample<'c> {
    pub case: &'c Case,
    /// What the list shows of the customer's words.
    pub said: &'c str,
    /// The names of those who have it, where the case has only their numbers too.
    pub owners: &'c [String],
    /// Since when the customer waits for an answer.
    pub waiting: Option<Timestamp>,
    pub due: Option<Timestamp>,
    pub unread: bool,
    pub draft: bool,
    pub unsent: bool,
}

impl Filter {
    /// Does the case meet it, for `me` at `now`?
    pub fn holds(&self, sample: &Sample, me: Option<UserId>, now: Timestamp) -> bool {
        let meets = |condition: &Condition| condition.term.holds(sample, me, now) != condition.not;
        self.is_empty() || self.any.iter().any(|group| group.iter().all(meets))
    }
}

impl Term {
    fn holds(&self, sample: &Sample, me: Option<UserId>, now: Timestamp) -> bool {
        let case = sample.case;
        match self {
            Self::Status(status) => case.status == *status,
            Self::Channel(channel) => case.channel == *channel,
            Self::View(view) => view.holds(case, me, now),
            Self::Mine => me.is_some_and(|me| case.owned_by(me)),
            Self::Nobody => case.owners().next().is_none(),
            Self::Owner(part) => owner_words(sample.owners).contains(part),
            Self::Unread => sample.unread,
            Self::Draft => sample.draft,
            Self::Unsent => sample.unsent,
            Self::Id(id) => case.id == *id,
            Self::Contact(part) => reached(case).contains(part),
            Self::Subject(part) => case.title.raw().to_lowercase().contains(part),
            Self::Mark(mark) => marks(case).contains(&format!("\n{mark}\n")),
            Self::Rated(bits) => ratings(case) & bits != 0,
            Self::Moment(moment, bound) => at(*moment, sample).is_some_and(|at| within(at, *moment, *bound, now)),
            Self::Words(part) => said(sample, part),
        }
    }
}

fn said(sample: &Sample, part: &str) -> bool {
    let case = sample.case;
    let texts = [reached(case), case.title.raw().to_lowercase(), sample.said.to_lowercase(), owner_words(sample.owners)];
    texts.iter().any(|text| text.contains(part)) || part == case.id.to_string()
}

fn at(moment: Moment, sample: &Sample) -> Option<Timestamp> {
    let case = sample.case;
    match moment {
        Moment::Due => sample.due,
        Moment::Wait => sample.waiting,
        Moment::Updated => case.date_updated.or(case.date_created),
        Moment::Created => case.date_created,
        Moment::Closed => case.date_closed,
    }
}

fn within(at: Timestamp, moment: Moment, bound: Bound, now: Timestamp) -> bool {
    let (before, equal, edge) = bound.of(moment, now);
    let at = at.timestamp_millis();
    if before { at < edge || equal && at == edge } else { at > edge || equal && at == edge }
}

/// How a contact is known: the name, and a line each for address and phone number.
fn reached(case: &Case) -> String {
    format!("{}\n{}", case.contact_name().raw(), reach(case)).to_lowercase()
}

/// The contact's address and phone number, a line each.
pub fn reach(case: &Case) -> String {
    let field = |key| case.contact.as_ref().and_then(|contact| contact.field(key)).map(|text| text.raw().to_owned());
    ["email", "phone"].into_iter().filter_map(field).collect::<Vec<_>>().join("\n")
}

/// Names, a line each, lower case.
pub fn owner_words(names: &[String]) -> String {
    names.join("\n").to_lowercase()
}

/// What is asked for by its whole name: a line each for tags, fields and the closing state, all between line ends, lower case.
pub fn marks(case: &Case) -> String {
    let tags = case.tags.iter().map(|tag| format!("tag:{}", one_line(tag.name.raw())));
    let fields = case.fields.iter().flat_map(|(key, value)| texts(value).into_iter().map(move |text| format!("field.{}:{}", one_line(key), one_line(&text))));
    let state = case.closing_state.iter().map(|state| format!("state:{}", one_line(state.raw())));
    let all: Vec<String> = tags.chain(fields).chain(state).collect();
    if all.is_empty() { String::new() } else { format!("\n{}\n", all.join("\n").to_lowercase()) }
}

/// One bit for each score the customer gave.
pub fn ratings(case: &Case) -> u8 {
    let bit = |rating: i64| u32::try_from(rating).ok().and_then(|rating| 1_u8.checked_shl(rating)).unwrap_or(0);
    case.feedbacks.iter().filter_map(|feedback| feedback.rating).map(bit).fold(0, |all, bit| all | bit)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A field's value as text, of a list each, of an object its name.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(yes) => vec![yes.to_string()],
        Value::Array(values) => values.iter().flat_map(texts).collect(),
        Value::Object(inner) => inner.get("name").map_or_else(Vec::new, texts),
        Value::Null => Vec::new(),
    }
}
