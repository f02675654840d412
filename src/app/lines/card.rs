//! The contact card in lines: who the customer is, what the case knows, what was before, what happened. All of it: what
//! does not fit is scrolled to.

use super::rating;
use super::time::{day, stamp};
use super::wrap::wrap_marked;
use crate::app::pending::replay;
use crate::model::{Case, Contact, Conversation, Feedback, Op, Status, TimelineEntry, Timestamp, Untrusted};
use serde_json::Value;

/// Of each group no more than this: an account has no more, and a mistake has no end.
const MOST: usize = 500;
const FIRST: [&str; 4] = ["name", "email", "phone", "city"];

/// A line, and whether it is a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub heading: bool,
    pub text: String,
}

struct Card {
    room: usize,
    now: Timestamp,
    utc_offset: i32,
    lines: Vec<Said>,
}

/// The card of the newest case of a thread with our own operations laid over it, `room` cells wide. The first line is the name.
pub fn lines(conversation: &Conversation, ops: &[Op], now: Timestamp, utc_offset: i32, room: usize) -> Vec<Said> {
    let mut card = Card { room, now, utc_offset, lines: Vec::new() };
    if let Some(case) = conversation.latest() {
        card.write(&replay(case, ops), &conversation.cases);
    }
    card.lines
}

impl Card {
    fn write(&mut self, case: &Case, chain: &[Case]) {
        self.put(&case.contact_name().brief(self.room), true);
        if let Some(contact) = &case.contact {
            for line in known(contact, self.room) {
                self.put(&line, false);
            }
        }
        let fields: Vec<String> = case.fields.iter().take(MOST).filter_map(|(key, value)| field(key, value)).collect();
        self.group("Fields", &fields);
        let feedbacks = chain.iter().rev().flat_map(|case| newest_first(case).into_iter().map(move |one| (case, one)));
        let feedbacks: Vec<String> = feedbacks.take(MOST).flat_map(|(case, one)| self.feedback(case, one)).collect();
        self.group("Feedback", &feedbacks);
        let tags: Vec<String> = case.tags.iter().take(MOST).map(|tag| tag.name.brief(60)).filter(|name| !name.is_empty()).collect();
        self.group("Tags", &if tags.is_empty() { tags } else { vec![tags.join(", ")] });
        if chain.len() > 1 {
            let cases: Vec<String> = chain.iter().rev().take(MOST).map(|one| self.episode(one)).collect();
            self.group(&format!("Cases {}", chain.len()), &cases);
        }
        let timeline = self.timeline(chain);
        self.group("Timeline", &timeline);
    }

    fn feedback(&self, case: &Case, feedback: &Feedback) -> Vec<String> {
        let when = feedback.date_created.map_or(String::new(), |at| format!(" {}", day(at, self.now, self.utc_offset)));
        let question = Some(feedback.question.brief(200)).filter(|question| !question.is_empty());
        let comment = feedback.comment.as_ref().map(|comment| comment.brief(1_000)).filter(|comment| !comment.is_empty());
        let lines = [Some(format!("{}{when} #{}", rating(feedback), case.id)), question, comment.map(|comment| format!("\"{comment}\""))];
        lines.into_iter().flatten().collect()
    }

    fn episode(&self, case: &Case) -> String {
        match (&case.status, case.date_closed) {
            (Status::Closed, Some(at)) => format!("#{} closed {}", case.id, day(at, self.now, self.utc_offset)),
            (status, _) => format!("#{} {}", case.id, Untrusted::from(status.as_str()).brief(20)),
        }
    }

    /// Newest first; what has no date comes last.
    fn timeline(&self, chain: &[Case]) -> Vec<String> {
        let mut entries: Vec<&TimelineEntry> = chain.iter().flat_map(|case| &case.timeline).collect();
        entries.reverse();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.date_created));
        // As in the thread: what the vendor's own screen would translate carries a mark.
        let words = |text: &Option<Untrusted>| text.as_ref().map_or(String::new(), |text| text.brief(200).trim_end_matches("|translate").to_owned());
        let line = |entry: &&TimelineEntry| {
            let when = entry.date_created.map_or(String::new(), |at| stamp(at, self.now, self.utc_offset));
            [when, words(&entry.event), words(&entry.detail)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        entries.iter().take(MOST).map(line).filter(|line| !line.is_empty()).collect()
    }

    fn group(&mut self, title: &str, lines: &[String]) {
        if !lines.is_empty() {
            self.put("", false);
            self.put(title, true);
            for line in lines {
                self.put(line, false);
            }
        }
    }

    /// Later lines of what does not fit stand further in.
    fn put(&mut self, text: &str, heading: bool) {
        let hang = if self.room > 12 { 2 } else { 0 };
        self.lines.extend(wrap_marked(text, &[], self.room, hang).into_iter().map(|(text, _)| Said { heading, text }));
    }
}

fn newest_first(case: &Case) -> Vec<&Feedback> {
    let mut feedbacks: Vec<&Feedback> = case.feedbacks.iter().rev().collect();
    feedbacks.sort_by_key(|feedback| std::cmp::Reverse(feedback.date_created));
    feedbacks
}

/// Email, phone, place, and what else the account keeps of its customers.
fn known(contact: &Contact, room: usize) -> Vec<String> {
    let shown = |key: &str| contact.field(key).map(|text| text.brief(200)).filter(|text| !text.is_empty());
    let name = contact.name().brief(room);
    let place: Vec<String> = ["city", "state", "country"].iter().filter_map(|key| shown(key)).collect();
    let mut lines: Vec<String> = ["email", "phone"].iter().filter_map(|key| shown(key)).filter(|text| *text != name).collect();
    if !place.is_empty() {
        lines.push(place.join(", "));
    }
    let others = contact.fields.keys().filter(|key| !FIRST.contains(&key.as_str()) && !["state", "country"].contains(&key.as_str()));
    lines.extend(others.take(MOST).filter_map(|key| shown(key).map(|text| format!("{}: {text}", Untrusted::from(key.as_str()).brief(40)))));
    lines
}

fn field(key: &str, value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => Untrusted::from(text.as_str()).brief(500),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Object(inner) => Untrusted::from(inner.get("name").or(inner.get("value"))?.as_str()?).brief(500),
        Value::Array(all) => all.iter().take(MOST).filter_map(Value::as_str).map(|text| Untrusted::from(text).brief(100)).collect::<Vec<_>>().join(", "),
        Value::Null => return None,
    };
    (!text.is_empty()).then(|| format!("{} {text}", Untrusted::from(key).brief(40)))
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::model::{Case, CaseId, Conversation, Feedback, TimelineEntry, date};

    #[test]
    fn a_card_holds_everything_newest_first() {
        let at = |day: usize| date::parse(&format!("2026-11-{day:02}T09:00:00Z"));
        let entry = |day: usize| TimelineEntry { event: Some(format!("event {day}").as_str().into()), date_created: at(day), ..TimelineEntry::default() };
        let feedback = |day: usize| Feedback { rating: Some(3), date_created: at(day), ..Feedback::default() };
        let case = |id: i64, days: std::ops::Range<usize>| Case {
            id: CaseId(id),
            timeline: days.clone().map(entry).collect(),
            feedbacks: days.map(feedback).collect(),
            ..Case::default()
        };
        let conversation = Conversation { cases: vec![case(1, 1..9), case(2, 9..21)], ..Conversation::default() };
        let card: Vec<String> = lines(&conversation, &[], at(23).unwrap_or_default(), 0, 30).into_iter().map(|line| line.text).collect();
        let events: Vec<usize> = card.iter().filter_map(|line| line.split_once("event ")?.1.parse().ok()).collect();
        assert_eq!(events, (1..21).rev().collect::<Vec<_>>());
        assert_eq!(card.iter().filter(|line| line.starts_with("★★★☆☆ ")).count(), 20);
        assert!(card.contains(&"★★★☆☆ 20 Nov #2".to_owned()) && card.contains(&"Cases 2".to_owned()), "{card:?}");
    }
}
