//! Writes the lines of a thread, one message after the other, with the rules between them.

use super::shown::Shown;
use super::time::{day, stamp};
use super::wrap::{cells, clip, wrap};
use super::{Layout, Line, Role, mail};
use crate::model::{Call, Case, CaseId, Change, Conversation, Feedback, Message, MessageKind, Op, OpState, SenderType, Timestamp, Untrusted};
use chrono::Duration;
use std::collections::HashMap;

/// Messages of one sender that follow each other this quickly share a head.
const TOGETHER: Duration = Duration::minutes(5);
/// Body text stands this far from the border.
const INDENT: &str = "  ";
const NOTE: &str = "┃ ";

/// The lines so far.
pub struct Page<'a> {
    conversation: &'a Conversation,
    how: &'a Layout,
    lines: Vec<Line>,
    places: HashMap<CaseId, usize>,
    /// The place in the chain of the case that is being written.
    at: usize,
    feedbacks: Vec<&'a Feedback>,
    /// Who wrote the message above, for messages that share a head.
    above: Option<(SenderType, Option<i64>, MessageKind, Timestamp)>,
    /// Is everything up to here what the agent had seen?
    seen: bool,
    message: Option<usize>,
}

impl<'a> Page<'a> {
    pub fn new(conversation: &'a Conversation, how: &'a Layout) -> Self {
        let places = conversation.cases.iter().enumerate().map(|(at, case)| (case.id, at)).collect();
        let feedbacks = conversation.cases.first().map_or_else(Vec::new, feedbacks);
        Self { conversation, how, lines: Vec::new(), places, at: 0, feedbacks, above: None, seen: conversation.seen_until.is_some(), message: None }
    }

    pub fn message(&mut self, at: usize, shown: &Shown) {
        let message = shown.message.as_ref();
        self.message = None;
        self.reach(message);
        self.feedback_until(message.date_created);
        self.new_rule(message);
        self.message = Some(at);
        match (&message.kind, &message.mail) {
            (MessageKind::Event, _) => self.event(message),
            (_, Some(mail)) => self.mail(message, mail),
            _ => self.words(message),
        }
        if let Some(op) = shown.op {
            self.unsent(op, INDENT, "");
            self.above = None;
        }
    }

    /// What stands below the last message: the cases that have none yet, snoozes, and what else is pending.
    pub fn end(mut self, rest: &[&Op]) -> Vec<Line> {
        self.message = None;
        self.go_to(self.conversation.cases.len().saturating_sub(1));
        self.feedback_until(None);
        let latest = self.conversation.latest();
        let snoozed = latest.and_then(|case| case.follow_up.as_ref()).filter(|snooze| snooze.until > self.how.now);
        if let Some(snooze) = snoozed {
            let until = self.stamp(Some(snooze.until));
            let why = snooze.message.as_ref().map_or(String::new(), |why| format!(" · {}", why.brief(80)));
            self.gap();
            self.rule(Role::Event, &format!("snoozed until {until}{why}"));
        }
        if !rest.is_empty() {
            self.gap();
        }
        for op in rest {
            let what = self.change(&op.mutation.change);
            self.unsent(op, "", &format!("{what} · "));
        }
        self.lines
    }

    /// Rules until the case of the message is reached; cases the message does not name are told by the time.
    fn reach(&mut self, message: &Message) {
        let named = self.places.get(&message.case_id).copied();
        let cases = &self.conversation.cases;
        let at = named.unwrap_or_else(|| {
            let begun = |case: &Case| case.date_created.is_some_and(|begun| message.date_created.is_some_and(|date| begun <= date));
            self.at + cases.get(self.at + 1..).map_or(0, |later| later.iter().take_while(|case| begun(case)).count())
        });
        self.go_to(at);
    }

    fn go_to(&mut self, at: usize) {
        while self.at < at {
            self.feedback_until(None);
            let (Some(old), Some(new)) = (self.conversation.cases.get(self.at), self.conversation.cases.get(self.at + 1)) else { return };
            let ended = match old.date_closed {
                Some(date) => format!("#{} closed {}", old.id, day(date, self.how.now, self.how.utc_offset)),
                None => format!("#{} {}", old.id, Untrusted::from(old.status.as_str()).brief(20)),
            };
            let begun = if new.parent_id.is_some() { "reopened" } else { "opened" };
            self.gap();
            self.rule(Role::CaseRule, &format!("{ended} · #{} {begun}", new.id));
            self.feedbacks = feedbacks(new);
            self.at += 1;
        }
    }

    fn new_rule(&mut self, message: &Message) {
        let newer = message.from_contact() && message.date_created > self.conversation.seen_until;
        if self.seen && newer {
            self.gap();
            self.rule(Role::New, "new since you last looked");
            self.seen = false;
        }
    }

    /// The customer's scores up to a moment, or all that are left of the case.
    fn feedback_until(&mut self, until: Option<Timestamp>) {
        let due = |feedback: &&Feedback| until.is_none_or(|until| feedback.date_created.is_some_and(|date| date <= until));
        let count = self.feedbacks.iter().take_while(|feedback| due(feedback)).count();
        for feedback in self.feedbacks.drain(..count).collect::<Vec<_>>() {
            self.gap();
            self.put(Role::Feedback, "", &stars(feedback));
        }
    }

    fn words(&mut self, message: &Message) {
        let note = message.kind == MessageKind::Note;
        let (role, prefix) = if note { (Role::NoteBody, NOTE) } else { (Role::Body, INDENT) };
        if !self.shares_head(message) {
            self.head(message, "");
        }
        self.above = message.date_created.map(|date| (message.sender_type.clone(), message.sender_id, message.kind.clone(), date));
        self.body(&mail::plain(&message.message), role, prefix);
    }

    fn shares_head(&self, message: &Message) -> bool {
        self.above.as_ref().zip(message.date_created).is_some_and(|((sender, id, kind, date), now)| {
            *sender == message.sender_type && *id == message.sender_id && *kind == message.kind && now - *date <= TOGETHER && now >= *date
        })
    }

    fn mail(&mut self, message: &Message, of: &crate::model::Mail) {
        self.head(message, "mail");
        for line in mail::head(of, usize::from(self.how.width)) {
            let line = clip(&line, self.room(INDENT));
            self.put(Role::MailHead, INDENT, &line);
        }
        self.push(Role::Blank, String::new());
        self.body(&mail::body(of, &message.message, self.room(INDENT)), Role::Body, INDENT);
    }

    /// `Mina Sato · 09:02`, with the word of what it is where it is not a plain message.
    fn head(&mut self, message: &Message, what: &str) {
        self.gap();
        let who = self.sender(message);
        let time = self.stamp(message.date_created);
        let kind = match &message.kind {
            MessageKind::Other(word) => Untrusted::from(word.as_str()).brief(20),
            _ => what.to_owned(),
        };
        let after = joined("", &[time, kind]);
        let (role, before) = match (&message.kind, &message.sender_type) {
            (MessageKind::Note, _) => (Role::NoteHead, "┃ note · "),
            (_, SenderType::Contact) => (Role::Contact, ""),
            _ => (Role::Agent, ""),
        };
        let room = usize::from(self.how.width).saturating_sub(cells(before) + cells(&after)).max(4);
        let text = format!("{before}{}{after}", clip(&who, room));
        self.push(role, clip(&text, usize::from(self.how.width)));
    }

    fn sender(&self, message: &Message) -> String {
        if self.mine(message) {
            return "You".to_owned();
        }
        let name = message.sender.as_ref().map(|sender| sender.name.brief(60)).filter(|name| !name.is_empty());
        let case = || self.conversation.case(message.case_id).or_else(|| self.conversation.latest());
        name.unwrap_or_else(|| match (&message.sender_type, message.sender_id) {
            (SenderType::Contact, _) => case().map_or_else(|| "customer".to_owned(), |case| case.contact_name().brief(60)),
            (SenderType::User, Some(id)) => format!("agent {id}"),
            (SenderType::User, None) => "agent".to_owned(),
            (SenderType::Other(word), _) => Untrusted::from(word.as_str()).brief(20),
        })
    }

    fn mine(&self, message: &Message) -> bool {
        message.sender_type == SenderType::User && message.sender_id.is_some() && message.sender_id == self.how.me.map(|me| me.0)
    }

    fn body(&mut self, text: &str, role: Role, prefix: &str) {
        if text.trim().is_empty() {
            self.put(Role::Quote, prefix, "(no text)");
            return;
        }
        let mut quoting = mail::Quoting::default();
        for line in text.split('\n') {
            let role = if role == Role::Body { quoting.role(line) } else { role };
            self.put(role, prefix, line);
        }
    }

    fn event(&mut self, message: &Message) {
        let follows = self.lines.last().is_some_and(|line| matches!(line.role, Role::Event | Role::Call));
        if !follows {
            self.gap();
        }
        self.above = None;
        let time = self.stamp(message.date_created);
        if let Some(call) = message.call() {
            self.put(Role::Call, "", &format!("{} · {time}", card(&call)));
            return;
        }
        let said = message.message.brief(400);
        let said = Some(said.strip_suffix("|translate").unwrap_or(&said).trim_end()).filter(|said| !said.is_empty()).unwrap_or("event");
        let name = message.sender.as_ref().map_or(String::new(), |sender| sender.name.brief(60));
        let said = if self.mine(message) && !name.is_empty() { said.replace(&format!("by {name}"), "by You") } else { said.to_owned() };
        self.rule(Role::Event, &joined(&said, &[time]));
    }

    /// The word of the state and the cause, in the place of what is pending.
    fn unsent(&mut self, op: &Op, prefix: &str, what: &str) {
        let sign = if matches!(op.state, OpState::Failed | OpState::NeedsReview) { '!' } else { '~' };
        let edit = if matches!(op.mutation.change, Change::Edit { .. } | Change::Delete { .. }) && what.is_empty() { op.mutation.change.kind() } else { "" };
        let cause = op.cause.as_ref().map_or(String::new(), |cause| format!(": {}", Untrusted::from(cause.as_str()).brief(300)));
        let space = if edit.is_empty() { "" } else { " " };
        let key = if self.how.keys && op.state == OpState::NeedsReview { " (g x)" } else { "" };
        self.put(Role::Unsent, prefix, &format!("{sign} {what}{edit}{space}{}{key}{cause}", op.state.words()));
    }

    fn change(&self, change: &Change) -> String {
        match change {
            Change::Close { state } => format!("close as {}", Untrusted::from(state.as_str()).brief(60)),
            Change::Snooze { until, .. } => format!("snooze until {}", self.stamp(Some(*until))),
            other => other.kind().to_owned(),
        }
    }

    /// `── text ──`, on as many lines as it needs.
    fn rule(&mut self, role: Role, text: &str) {
        self.above = None;
        let width = usize::from(self.how.width);
        for line in wrap(text, width.saturating_sub(6).max(1)) {
            self.push(role, if width > 8 { format!("── {line} ──") } else { line });
        }
    }

    /// A blank line, but never two and never at the top.
    fn gap(&mut self) {
        self.above = None;
        if self.lines.last().is_some_and(|line| line.role != Role::Blank) {
            self.lines.push(Line::default());
        }
    }

    fn put(&mut self, role: Role, prefix: &str, text: &str) {
        let prefix = if self.room(prefix) < 3 { "" } else { prefix };
        for line in wrap(text, self.room(prefix)) {
            self.push(role, format!("{prefix}{line}"));
        }
    }

    fn push(&mut self, role: Role, text: String) {
        self.lines.push(Line { role, text, message: self.message });
    }

    fn room(&self, prefix: &str) -> usize {
        usize::from(self.how.width).saturating_sub(cells(prefix)).max(1)
    }

    fn stamp(&self, at: Option<Timestamp>) -> String {
        at.map_or(String::new(), |at| stamp(at, self.how.now, self.how.utc_offset))
    }
}

fn feedbacks(case: &Case) -> Vec<&Feedback> {
    let mut feedbacks: Vec<&Feedback> = case.feedbacks.iter().collect();
    // Undated ones come last: at the end of their case.
    feedbacks.sort_by_key(|feedback| feedback.date_created.unwrap_or(Timestamp::MAX_UTC));
    feedbacks
}

/// `feedback ★★★★☆ "comment"`
fn stars(feedback: &Feedback) -> String {
    let comment = feedback.comment.as_ref().filter(|comment| !comment.is_empty());
    let words = comment.map_or(String::new(), |comment| format!(" \"{}\"", comment.brief(1_000)));
    format!("feedback {}{words}", rating(feedback))
}

/// `★★★★☆`
pub fn rating(feedback: &Feedback) -> String {
    let Some(rating) = feedback.rating else { return "no rating".to_owned() };
    let full = usize::try_from(rating.clamp(0, 5)).unwrap_or(0);
    format!("{}{}", "★".repeat(full), "☆".repeat(5 - full))
}

/// `call · incoming · missed (no answer) · 0:41 · recording https://…`
fn card(call: &Call) -> String {
    let direction = Untrusted::from(call.direction.as_str()).brief(20);
    let status = match call.status.as_str() {
        "no-answer" if direction == "incoming" => "missed (no answer)".to_owned(),
        "no-answer" => "no answer".to_owned(),
        other => Untrusted::from(other).brief(20),
    };
    let seconds = call.duration_seconds;
    let length = if seconds > 0 { format!("{}:{:02}", seconds / 60, seconds % 60) } else { String::new() };
    let recording = call.recording_url.as_ref().filter(|url| !url.is_empty()).map_or(String::new(), |url| format!("recording {}", url.brief(1_000)));
    joined("call", &[direction, status, length, recording])
}

/// What there is of the parts, after the first one, with dots between.
fn joined(first: &str, parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).fold(first.to_owned(), |text, part| text + " · " + part)
}
