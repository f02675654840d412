//! What the timelines of a thread's cases tell, as events among its messages: in time order, in plain words, and nothing that
//! a message, a rule of the thread or a change of ours that is pending tells already. Done when a thread is planned, not for a frame.

use super::time::stamp;
use super::{Layout, events};
use crate::model::{Case, CaseId, Change, Conversation, Message, MessageKind, Op, Person, SenderType, TimelineEntry, Timestamp, Untrusted, UserId, date};
use chrono::Duration;
use std::collections::HashMap;

/// Two tellings of one thing are no further apart.
const SAME: Duration = Duration::seconds(5);

/// A row of a timeline that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    pub id: i64,
    /// What it is folded with.
    pub kind: String,
    /// As an event would say it.
    pub message: Message,
    /// Where it stands: a row without a date at the end.
    at: Timestamp,
}

impl Told {
    /// Does it stand above a message of that moment? Of one moment, what begins a case comes first.
    pub fn is_before(&self, date: Option<Timestamp>) -> bool {
        date.is_some_and(|date| self.at < date || self.at == date && begins(&self.kind))
    }
}

fn begins(kind: &str) -> bool {
    matches!(kind, "created" | "opened" | "reopened" | "queued")
}

/// One thing that happened, however it is told.
struct Fact<'a> {
    kind: &'a str,
    at: Option<Timestamp>,
    by: Option<i64>,
}

struct Teller<'a> {
    conversation: &'a Conversation,
    pending: &'a [&'a Op],
    how: &'a Layout,
    names: HashMap<i64, String>,
    /// What event messages tell, in time order.
    told: Vec<(Timestamp, String, Option<i64>)>,
}

/// The rows that tell something, in time order. Words without keys tell only what was said.
pub fn told(conversation: &Conversation, pending: &[&Op], how: &Layout) -> Vec<Told> {
    if !how.keys || conversation.cases.iter().all(|case| case.timeline.is_empty()) {
        return Vec::new();
    }
    let teller = Teller { conversation, pending, how, names: names(conversation), told: told_by_messages(conversation) };
    let mut all: Vec<Told> = Vec::new();
    for (place, case) in conversation.cases.iter().enumerate() {
        all.extend(case.timeline.iter().filter_map(|entry| teller.row(place, case, entry)));
    }
    if conversation.partial {
        // What lies further back comes with the messages it stands among.
        let begins = conversation.messages.iter().filter_map(|message| message.date_created).min();
        all.retain(|told| begins.is_none_or(|begins| told.at >= begins));
    }
    all.sort_by_key(|told| (told.at, !begins(&told.kind)));
    all
}

/// The agents of the thread by their numbers.
fn names(conversation: &Conversation) -> HashMap<i64, String> {
    let users = conversation.cases.iter().flat_map(|case| &case.users);
    let of_cases = users.filter(|row| row.kind == SenderType::User).filter_map(|row| Some((row.user_id, row.user.as_ref()?)));
    let wrote = conversation.messages.iter().filter(|message| message.sender_type == SenderType::User);
    let of_messages = wrote.filter_map(|message| Some((message.sender_id?, message.sender.as_ref()?)));
    let mut names = HashMap::new();
    for (id, person) in of_messages.chain(of_cases) {
        if !names.contains_key(&id) && !person.name.is_empty() {
            names.insert(id, person.name.brief(60));
        }
    }
    names
}

fn told_by_messages(conversation: &Conversation) -> Vec<(Timestamp, String, Option<i64>)> {
    let events = conversation.messages.iter().filter(|message| message.kind == MessageKind::Event && !message.meta.contains_key("call"));
    let by = |message: &Message| message.sender_id.filter(|_| message.sender_type == SenderType::User);
    let mut told: Vec<_> =
        events.filter_map(|message| Some((message.date_created?, alike(&events::kind_of(&events::happened(message))).to_owned(), by(message)))).collect();
    told.sort_by_key(|(at, ..)| *at);
    told
}

/// Two words for one thing.
fn alike(kind: &str) -> &str {
    match kind {
        "opened" => "created",
        "invited" => "assigned",
        "accepted" => "joined",
        "declined" => "rejected",
        other => other,
    }
}

impl Teller<'_> {
    fn row(&self, place: usize, case: &Case, entry: &TimelineEntry) -> Option<Told> {
        let event = name(entry.event.as_ref()?);
        let kind = events::kind_of(&event);
        let by = entry.user_id.map(|user| user.0);
        let fact = Fact { kind: alike(&kind), at: entry.date_created, by };
        if event.is_empty()
            || self.said(&fact)
            || self.opens(case, &fact)
            || self.ruled(place, case, &fact)
            || self.snoozed(case, entry, &kind)
            || self.waits(case.id, &fact)
        {
            return None;
        }
        let words = self.words(&event, &kind, case, entry);
        let person = by.and_then(|by| self.names.get(&by)).map(|name| Person { name: name.as_str().into(), ..Person::default() });
        let message = Message {
            case_id: case.id,
            thread_id: self.conversation.thread,
            sender_type: SenderType::User,
            sender_id: by,
            sender: person,
            kind: MessageKind::Event,
            message: words.into(),
            date_created: entry.date_created,
            ..Message::default()
        };
        Some(Told { id: entry.id, kind, message, at: entry.date_created.unwrap_or(Timestamp::MAX_UTC) })
    }

    /// An event message tells it.
    fn said(&self, fact: &Fact) -> bool {
        let Some(at) = fact.at else { return false };
        let from = self.told.partition_point(|(said, ..)| *said < at - SAME);
        let near = self.told[from..].iter().take_while(|(said, ..)| *said <= at + SAME);
        near.into_iter().any(|(_, kind, by)| kind == fact.kind && (by.is_none() || fact.by.is_none() || *by == fact.by))
    }

    /// The customer's first words tell it.
    fn opens(&self, case: &Case, fact: &Fact) -> bool {
        let Some(at) = fact.at.filter(|_| fact.kind == "created" && fact.by.is_none()) else { return false };
        let first = self.conversation.messages.iter().find(|message| message.case_id == case.id && message.kind != MessageKind::Event);
        first.is_some_and(|first| first.sender_type == SenderType::Contact && first.date_created.is_some_and(|said| (said - at).abs() <= SAME))
    }

    /// The rule between two cases tells it: one ended, the next began, in the queue if not with somebody.
    fn ruled(&self, place: usize, case: &Case, fact: &Fact) -> bool {
        let near = |moment: Option<Timestamp>| moment.zip(fact.at).is_some_and(|(moment, at)| (moment - at).abs() <= SAME);
        let ends = fact.kind == "closed" && place + 1 < self.conversation.cases.len() && near(case.date_closed);
        let begun = begins(fact.kind) && place > 0 && near(case.date_created);
        ends || begun
    }

    /// The last line of the thread tells it: that snooze still lasts.
    fn snoozed(&self, case: &Case, entry: &TimelineEntry, kind: &str) -> bool {
        let latest = self.conversation.latest().is_some_and(|latest| latest.id == case.id) && kind == "snoozed";
        let Some(snooze) = case.follow_up.as_ref().filter(|snooze| latest && snooze.until > self.how.now) else { return false };
        let later = case.timeline.iter().filter(|other| other.event.as_ref().is_some_and(|event| event.raw() == "snoozed"));
        let last = later.max_by_key(|other| (other.date_created, other.id)).is_some_and(|last| std::ptr::eq(last, entry));
        let detail = entry.detail.as_ref().map(Untrusted::raw);
        last && detail.is_some_and(|detail| date::parse(detail) == Some(snooze.until) || snooze.message.as_ref().is_some_and(|why| why.raw() == detail))
    }

    /// A change of ours that is shown as pending tells it: the server has it, and we only don't know yet.
    fn waits(&self, case: CaseId, fact: &Fact) -> bool {
        let Some(at) = fact.at else { return false };
        self.pending.iter().any(|op| {
            let mutation = &op.mutation;
            let ours = fact.by.is_none_or(|by| by == mutation.by.id.0);
            op.case() == case && kind_of(&mutation.change) == Some(fact.kind) && ours && mutation.at - SAME <= at && at <= op.changed.max(mutation.at) + SAME
        })
    }

    /// `assigned to Ola by Ada`
    fn words(&self, event: &str, kind: &str, case: &Case, entry: &TimelineEntry) -> String {
        let detail = entry.detail.as_ref().map_or_else(String::new, |detail| cleaned(detail, 200));
        let who = entry.user_id.map(|id| self.who(id));
        let by = who.as_ref().map_or_else(String::new, |who| format!(" by {who}"));
        // Who it was is said once.
        let detail = Some(detail).filter(|detail| !detail.is_empty() && who.as_ref() != Some(detail) && *detail != self.name(entry.user_id));
        let also = detail.as_ref().map_or_else(String::new, |detail| format!(" · {detail}"));
        match (kind, detail.as_deref()) {
            ("assigned" | "invited", Some(detail)) => format!("{kind} to {}{by}", self.assigned(detail)),
            ("closed", Some(state)) if event == kind => format!("closed as {state}{by}"),
            ("snoozed", Some(until)) if date::parse(until).is_some() => format!("snoozed till {}{by}", self.moment(until)),
            ("unsnoozed", _) => format!("snooze ended{by}{also}"),
            ("rejected", _) => format!("declined{by}{also}"),
            ("tagged", Some(tags)) => format!("tagged {tags}{by}"),
            ("fields", Some(keys)) => format!("fields changed{by}: {keys}"),
            ("created" | "opened" | "reopened", Some(name)) if by.is_empty() && name == cleaned(&case.contact_name(), 200) => format!("{event} by {name}"),
            _ => format!("{event}{by}{also}"),
        }
    }

    fn moment(&self, until: &str) -> String {
        date::parse(until).map_or_else(|| until.to_owned(), |at| stamp(at, self.how.now, self.how.utc_offset))
    }

    fn who(&self, id: UserId) -> String {
        if self.how.me == Some(id) { "You".to_owned() } else { self.name(Some(id)) }
    }

    fn name(&self, id: Option<UserId>) -> String {
        id.map_or_else(String::new, |id| self.names.get(&id.0).cloned().unwrap_or_else(|| format!("agent {id}")))
    }

    /// `users 17, 18 departments 2` in names; other words as they are.
    fn assigned(&self, detail: &str) -> String {
        let Some((users, departments)) = detail.strip_prefix("users ").and_then(|rest| rest.split_once("departments")) else { return detail.to_owned() };
        let numbers = |text: &str| text.split(',').filter_map(|one| one.trim().parse().ok()).collect::<Vec<i64>>();
        let users = numbers(users).into_iter().map(|id| if self.how.me == Some(UserId(id)) { "you".to_owned() } else { self.name(Some(UserId(id))) });
        let departments = numbers(departments).into_iter().map(|id| format!("department {id}"));
        users.chain(departments).collect::<Vec<_>>().join(", ")
    }
}

fn kind_of(change: &Change) -> Option<&'static str> {
    match change {
        Change::Close { .. } => Some("closed"),
        Change::Reopen => Some("reopened"),
        Change::Claim => Some("joined"),
        Change::Assign { .. } => Some("assigned"),
        Change::Snooze { .. } => Some("snoozed"),
        Change::Unsnooze => Some("unsnoozed"),
        Change::Tag { .. } => Some("tagged"),
        Change::Fields { .. } => Some("fields"),
        Change::Reply { .. } | Change::Note { .. } | Change::Edit { .. } | Change::Delete { .. } => None,
    }
}

/// As in events: what the vendor's own screen would translate carries a mark.
fn cleaned(text: &Untrusted, room: usize) -> String {
    let text = text.brief(room);
    text.strip_suffix("|translate").unwrap_or(&text).trim().to_owned()
}

/// `case.status_changed`, `caseStatusChanged` as words; what has words already stays as it is.
fn name(event: &Untrusted) -> String {
    let event = cleaned(event, 60);
    if event.contains(' ') {
        return event;
    }
    let mut words = String::with_capacity(event.len() + 4);
    let mut small = false;
    for c in event.chars() {
        if matches!(c, '_' | '-' | '.' | ':' | '/') {
            words.push(' ');
        } else if small && c.is_uppercase() {
            words.push(' ');
            words.extend(c.to_lowercase());
        } else {
            words.push(c);
        }
        small = c.is_lowercase();
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
