//! What happened, in words: the kinds that events are folded by, and the line that stands for many of them.

use super::wrap::{cells, clip};
use crate::model::Message;

const KINDS: [&str; 22] = [
    "queued",
    "assigned",
    "joined",
    "left",
    "closed",
    "reopened",
    "transferred",
    "snoozed",
    "unsnoozed",
    "invited",
    "accepted",
    "rejected",
    "declined",
    "ignored",
    "tagged",
    "rated",
    "opened",
    "created",
    "pending",
    "active",
    "merged",
    "fields",
];

/// What an event says, without the mark of what the vendor's own screen would translate.
pub fn happened(message: &Message) -> String {
    let said = message.message.brief(400);
    Some(said.strip_suffix("|translate").unwrap_or(&said).trim_end()).filter(|said| !said.is_empty()).unwrap_or("event").to_owned()
}

/// `joined` of `Ola Nordmann joined the conversation`; an event of another kind by its first words.
pub fn kind_of(said: &str) -> String {
    let known = said.split(|c: char| !c.is_alphabetic()).map(str::to_lowercase).find(|word| KINDS.contains(&word.as_str()));
    clip(&known.unwrap_or_else(|| said.split(" by ").next().unwrap_or_default().to_owned()), 24)
}

/// What several of these are called together.
fn family(kind: &str) -> Option<&'static str> {
    match kind {
        "queued" | "pending" | "active" | "joined" | "accepted" | "left" | "rejected" | "declined" | "ignored" | "closed" | "reopened" | "opened"
        | "created" => Some("status changes"),
        "assigned" | "invited" | "transferred" => Some("assignments"),
        "snoozed" | "unsnoozed" => Some("snoozes"),
        "tagged" => Some("tag changes"),
        "fields" => Some("field changes"),
        "rated" => Some("ratings"),
        _ => None,
    }
}

/// `── ▸ 3 status changes · 09:02–09:40 ──`, or `── ▸ 4 events: joined ×2, assigned, closed · 09:02–09:40 ──` where they are of several kinds.
pub fn many(kinds: &[String], times: &str, open: bool, width: usize) -> String {
    let families: Vec<Option<&str>> = kinds.iter().map(|kind| family(kind)).collect();
    let said = match families.first() {
        Some(Some(first)) if families.iter().all(|one| *one == Some(first)) => format!("{} {first}", kinds.len()),
        _ => format!("{} events: {}", kinds.len(), counted(kinds)),
    };
    let sign = if open { '▾' } else { '▸' };
    let around = cells("── ▸  ──") + cells(times);
    if width < around + 12 {
        return clip(&format!("{sign} {said}{times}"), width.max(1));
    }
    format!("── {sign} {}{times} ──", clip(&said, width - around))
}

fn counted(kinds: &[String]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for kind in kinds {
        match counts.iter_mut().find(|(known, _)| known == kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((kind, 1)),
        }
    }
    let named = counts.iter().map(|(kind, count)| if *count > 1 { format!("{kind} ×{count}") } else { (*kind).to_owned() });
    named.collect::<Vec<_>>().join(", ")
}

/// ` · 09:02–09:40`
pub fn between(from: &str, to: &str) -> String {
    match (from, to) {
        ("", "") => String::new(),
        ("", one) | (one, "") => format!(" · {one}"),
        (from, to) if from == to => format!(" · {from}"),
        (from, to) => format!(" · {from}–{to}"),
    }
}
