//! The contact card: who the customer is, what the case knows, what was before, what happened.

use super::{Canvas, Framed, Part};
use crate::app::lines::time::day;
use crate::app::lines::wrap::wrap;
use crate::model::{Case, Contact, Feedback, Status, Untrusted};
use ratatui::layout::Rect;
use serde_json::Value;

/// Of each group no more than this: what matters stands first.
const MOST: usize = 12;
const FIRST: [&str; 4] = ["name", "email", "phone", "city"];

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let covers = canvas.state.card;
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    let height = usize::from(area.height.saturating_sub(2));
    let reader = canvas.state.reader.as_ref();
    let latest = reader.and_then(|reader| reader.conversation.latest().map(|case| (case, &reader.conversation.cases)));
    let card = latest.map_or_else(Vec::new, |(case, chain)| card(canvas, case, chain, room));
    let first = if covers { canvas.state.card_scroll.min(card.len().saturating_sub(height)) } else { 0 };
    let more = if covers && first + height < card.len() { " ↓ more " } else { "" };
    let closes = if covers { " v closes " } else { "" };
    let inner = canvas.framed(area, &Framed { title: " Contact ", bottom: closes, bottom_right: more, focus: covers, ..Framed::default() });
    for (at, (part, line)) in card.iter().skip(first).take(height).enumerate() {
        let style = canvas.look.part(*part);
        canvas.row(inner, at).put(line, style);
    }
}

fn card(canvas: &Canvas, case: &Case, chain: &[Case], room: usize) -> Vec<(Part, String)> {
    let mut card = vec![(Part::Name, case.contact_name().brief(room))];
    if let Some(contact) = &case.contact {
        card.extend(known(contact, room).into_iter().map(|line| (Part::Plain, line)));
    }
    let fields = case.fields.iter().take(MOST).filter_map(|(key, value)| field(key, value, room)).collect();
    group(&mut card, "Fields", fields);
    let feedbacks: Vec<&Feedback> = chain.iter().rev().flat_map(|case| case.feedbacks.iter().rev()).collect();
    group(&mut card, "Feedback", feedbacks.iter().take(3).flat_map(|feedback| stars(feedback, room)).collect());
    let tags: Vec<String> = case.tags.iter().take(MOST).map(|tag| tag.name.brief(room)).filter(|name| !name.is_empty()).collect();
    group(&mut card, "Tags", if tags.is_empty() { Vec::new() } else { wrap(&tags.join(", "), room) });
    if chain.len() > 1 {
        let cases = chain.iter().rev().take(MOST).map(|one| episode(canvas, one)).collect();
        group(&mut card, &format!("Cases {}", chain.len()), cases);
    }
    group(&mut card, "Timeline", timeline(canvas, chain, room));
    card
}

/// Email, phone, place, and what else the account keeps of its customers.
fn known(contact: &Contact, room: usize) -> Vec<String> {
    let shown = |key: &str| contact.field(key).map(|text| text.brief(room)).filter(|text| !text.is_empty());
    let name = contact.name().brief(room);
    let place: Vec<String> = ["city", "state", "country"].iter().filter_map(|key| shown(key)).collect();
    let mut lines: Vec<String> = ["email", "phone"].iter().filter_map(|key| shown(key)).filter(|text| *text != name).collect();
    if !place.is_empty() {
        lines.push(place.join(", "));
    }
    let others = contact.fields.keys().filter(|key| !FIRST.contains(&key.as_str()) && !["state", "country"].contains(&key.as_str()));
    lines.extend(others.take(MOST).filter_map(|key| shown(key).map(|text| format!("{}: {text}", Untrusted::from(key.as_str()).brief(room)))));
    lines
}

fn field(key: &str, value: &Value, room: usize) -> Option<String> {
    let text = match value {
        Value::String(text) => Untrusted::from(text.as_str()).brief(room),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Object(inner) => Untrusted::from(inner.get("name").or(inner.get("value"))?.as_str()?).brief(room),
        Value::Array(all) => all.iter().take(MOST).filter_map(Value::as_str).map(|text| Untrusted::from(text).brief(room)).collect::<Vec<_>>().join(", "),
        Value::Null => return None,
    };
    (!text.is_empty()).then(|| format!("{} {text}", Untrusted::from(key).brief(room)))
}

fn stars(feedback: &Feedback, room: usize) -> Vec<String> {
    let mut lines = vec![crate::app::lines::rating(feedback)];
    lines.extend(feedback.comment.iter().filter(|comment| !comment.is_empty()).flat_map(|comment| wrap(&format!("\"{}\"", comment.brief(200)), room)).take(3));
    lines
}

fn episode(canvas: &Canvas, case: &Case) -> String {
    let (now, offset) = (canvas.state.wall(), canvas.state.settings.utc_offset);
    match (&case.status, case.date_closed) {
        (Status::Closed, Some(at)) => format!("#{} closed {}", case.id, day(at, now, offset)),
        (status, _) => format!("#{} {}", case.id, Untrusted::from(status.as_str()).brief(20)),
    }
}

/// Newest first.
fn timeline(canvas: &Canvas, chain: &[Case], room: usize) -> Vec<String> {
    let mut entries: Vec<_> = chain.iter().flat_map(|case| &case.timeline).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.date_created));
    // As in the thread: what the vendor's own screen would translate carries a mark.
    let words = |text: &Option<Untrusted>| text.as_ref().map_or(String::new(), |text| text.brief(room).trim_end_matches("|translate").to_owned());
    let line = |entry: &&crate::model::TimelineEntry| {
        let when = entry.date_created.map_or(String::new(), |at| canvas.stamp(at));
        [when, words(&entry.event), words(&entry.detail)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    entries.iter().take(50).map(line).collect()
}

fn group(card: &mut Vec<(Part, String)>, title: &str, lines: Vec<String>) {
    if !lines.is_empty() {
        card.extend([(Part::Plain, String::new()), (Part::Strong, title.to_owned())]);
        card.extend(lines.into_iter().map(|line| (Part::Plain, line)));
    }
}
