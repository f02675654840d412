//! Lays out one block of a thread: a message with its head, body and folds, a run of events, a rule.

use super::body::{self, Para, Says};
use super::plan::{Block, Kind, Part, few};
use super::shown::Entry;
use super::time::{local, stamp};
use super::wrap::{behind, cells, clip, wrap, wrap_marked};
use super::{Layout, Line, Role, events, files, mail};
use crate::app::later;
use crate::model::{Call, Change, Conversation, Feedback, Mail, Message, MessageKind, Op, OpState, SenderType, Timestamp, Untrusted};

/// Body text stands this far from the border.
const INDENT: &str = "  ";
const NOTE: &str = "┃ ";
const CALL: &str = "▌ ";
/// Fewer lines than these are not worth a fold.
const QUOTED: usize = 3;
const SIGNED: usize = 2;

/// The lines of a block, and how it is to look.
pub struct Page<'a> {
    conversation: &'a Conversation,
    how: &'a Layout,
    /// Nothing in it is folded.
    open: bool,
    lines: Vec<Line>,
    message: Option<usize>,
}

impl<'a> Page<'a> {
    pub fn new(conversation: &'a Conversation, how: &'a Layout, open: bool) -> Self {
        Self { conversation, how, open, lines: Vec::new(), message: None }
    }

    pub fn block(mut self, block: &Block, entries: &[Entry]) -> Vec<Line> {
        if block.gap {
            self.lines.push(Line::default());
        }
        match &block.kind {
            Kind::Rule(role, text) => self.rule(*role, text),
            Kind::Text(role, text) => self.put(*role, "", text),
            Kind::Events { from, to } => self.events(*from, entries.get(*from..*to).unwrap_or_default()),
            Kind::Message { at, part } => {
                if let Some(entry) = entries.get(*at) {
                    self.message(*at, *part, entry);
                }
            }
        }
        self.lines
    }

    fn message(&mut self, at: usize, part: Part, entry: &Entry) {
        let message = entry.message(self.conversation);
        self.message = Some(at);
        if let Some(call) = message.call().filter(|_| message.kind == MessageKind::Event) {
            self.call(&call, &message);
            return;
        }
        if part.head {
            self.head(&message);
        }
        if let Some(mail) = message.mail.as_ref().filter(|_| part.first) {
            self.mail_head(mail);
        }
        let (role, prefix) = if message.kind == MessageKind::Note { (Role::NoteBody, NOTE) } else { (Role::Body, INDENT) };
        self.body(&message, part, role, prefix);
        if part.last {
            for file in files::list(&message) {
                self.put(Role::MailHead, prefix, &file);
            }
        }
        if let Some(op) = entry.op.as_ref().filter(|_| part.last) {
            self.unsent(op, INDENT, "");
        }
    }

    /// `Mina Sato · 09:02`, with the word of what it is where it is not a plain message.
    fn head(&mut self, message: &Message) {
        let who = self.sender(message);
        let kind = match &message.kind {
            MessageKind::Other(word) => Untrusted::from(word.as_str()).brief(20),
            MessageKind::Note => "agents only".to_owned(),
            _ if message.mail.is_some() => "mail".to_owned(),
            _ => String::new(),
        };
        let edited = message.edited().map_or_else(String::new, |at| format!("edited {}", stamp(at, self.how.now, self.how.utc_offset)));
        let after = joined("", &[self.clock(message.date_created), kind, edited]);
        let (role, before) = match (&message.kind, &message.sender_type) {
            (MessageKind::Note, _) => (Role::NoteHead, "┏ note · "),
            (_, SenderType::Contact) => (Role::Contact, ""),
            _ => (Role::Agent, ""),
        };
        let width = usize::from(self.how.width);
        let room = width.saturating_sub(cells(before) + cells(&after)).max(4);
        let mut text = clip(&format!("{before}{}{after}", clip(&who, room)), width);
        let left = width.saturating_sub(cells(&text));
        if role == Role::NoteHead && left > 2 {
            text.push(' ');
            text.extend(std::iter::repeat_n('━', left - 1));
        }
        self.push(role, text);
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

    /// One line, or all that the mail says of itself.
    fn mail_head(&mut self, mail: &Mail) {
        let room = self.room(INDENT);
        if !self.open {
            let brief = clip(&format!("▸ {}", mail::brief(mail, room)), room);
            self.put(Role::Fold, INDENT, &brief);
            return;
        }
        let mut sign = if self.how.keys { "▾ " } else { "" };
        for line in mail::head(mail, room) {
            let role = if sign == "▾ " { Role::Fold } else { Role::MailHead };
            self.marked(role, INDENT, &Para { text: format!("{sign}{line}"), hang: 6, ..Para::default() });
            sign = if self.how.keys { INDENT } else { "" };
        }
        self.push(Role::Blank, String::new());
    }

    fn body(&mut self, message: &Message, part: Part, role: Role, prefix: &str) {
        let paras = body::paras(message, part, self.room(prefix));
        if paras.iter().all(|para| para.text.trim().is_empty()) {
            if part.first {
                self.put(Role::Quote, prefix, "(no text)");
            } else {
                for _ in &paras {
                    self.push(role, String::new());
                }
            }
            return;
        }
        // What says nothing but old things is not hidden.
        let anew = paras.iter().any(|para| para.says == Says::New && !para.text.trim().is_empty());
        for run in paras.chunk_by(|one, other| one.says == other.says) {
            self.run(run, anew, role, prefix);
        }
    }

    /// Lines of one kind: as they are, or folded.
    fn run(&mut self, run: &[Para], anew: bool, role: Role, prefix: &str) {
        let said = run.iter().filter(|para| !para.text.trim().is_empty()).count();
        let (what, enough) = match run.first().map(|para| para.says) {
            Some(Says::Quoted) => (plural(said, "quoted line"), QUOTED),
            Some(Says::Signature) => (format!("signature, {}", plural(said, "line")), SIGNED),
            _ => (String::new(), usize::MAX),
        };
        let folds = self.how.keys && anew && said >= enough;
        if folds {
            while self.lines.last().is_some_and(|line| line.text.trim().is_empty() && line.message == self.message) {
                self.lines.pop();
            }
            self.put(Role::Fold, prefix, &format!("{} {what}", if self.open { '▾' } else { '▸' }));
        }
        if folds && !self.open {
            return;
        }
        for para in run {
            let role = match para.says {
                Says::New => role,
                Says::Warning => Role::Warning,
                Says::Target => Role::MailHead,
                Says::Quoted | Says::Signature => Role::Quote,
            };
            self.marked(role, prefix, para);
        }
    }

    /// One line, or two with where the recording is.
    fn call(&mut self, call: &Call, message: &Message) {
        let time = self.clock(message.date_created);
        self.put(Role::Call, CALL, &joined(&told(call), &[time]));
        if let Some(url) = call.recording_url.as_ref().filter(|url| !url.is_empty()) {
            self.put(Role::MailHead, CALL, &format!("recording {}", url.brief(1_000)));
        }
    }

    /// One line each; many of them are one line until they are opened.
    fn events(&mut self, from: usize, entries: &[Entry]) {
        if few(entries.len()) || !self.how.keys {
            entries.iter().enumerate().for_each(|(at, entry)| self.event(from + at, entry));
            return;
        }
        self.message = Some(from);
        let kinds: Vec<String> = entries.iter().map(|entry| entry.kind(self.conversation)).collect();
        let clock = |entry: Option<&Entry>| entry.map_or_else(String::new, |entry| self.clock(entry.message(self.conversation).date_created));
        let times = events::between(&clock(entries.first()), &clock(entries.last()));
        let text = events::many(&kinds, &times, self.open, usize::from(self.how.width));
        self.push(Role::Fold, text);
        if self.open {
            entries.iter().enumerate().for_each(|(at, entry)| self.event(from + at, entry));
        }
    }

    fn event(&mut self, at: usize, entry: &Entry) {
        let message = entry.message(self.conversation);
        self.message = Some(at);
        let said = events::happened(&message);
        let name = message.sender.as_ref().map_or(String::new(), |sender| sender.name.brief(60));
        let said = if self.mine(&message) && !name.is_empty() { said.replace(&format!("by {name}"), "by You") } else { said };
        let clock = self.clock(message.date_created);
        // The card has the whole of what a timeline tells.
        let room = usize::from(self.how.width).saturating_sub(cells("──  ──") + 3 + cells(&clock)).max(12);
        let said = if entry.is_told() { clip(&said, room) } else { said };
        self.rule(Role::Event, &joined(&said, &[clock]));
        if let Some(op) = &entry.op {
            self.unsent(op, INDENT, "");
        }
    }

    /// The word of the state and the cause, in the place of what is pending.
    fn unsent(&mut self, op: &Op, prefix: &str, what: &str) {
        self.put(Role::Unsent, prefix, &state_of(op, what, self.how));
    }

    /// `── text ──`, on as many lines as it needs.
    fn rule(&mut self, role: Role, text: &str) {
        let width = usize::from(self.how.width);
        if width <= 8 {
            self.put(role, "", text);
            return;
        }
        let lines = wrap(text, width - 3);
        for (at, line) in lines.iter().enumerate() {
            let (before, line) = if at == 0 { ("── ", line.as_str()) } else { ("   ", line.trim_start_matches("· ")) };
            let last = at + 1 == lines.len();
            let after = if last && cells(line) + 6 <= width { " ──" } else { "" };
            self.push(role, format!("{before}{}{after}", if last { line } else { line.trim_end_matches(" ·") }));
        }
    }

    fn put(&mut self, role: Role, prefix: &str, text: &str) {
        let prefix = if self.room(prefix) < 3 { "" } else { prefix };
        for line in wrap(text, self.room(prefix)) {
            self.push(role, format!("{prefix}{line}"));
        }
    }

    /// The same for what somebody wrote, with what he stressed; later lines of a list item stand below its words.
    fn marked(&mut self, role: Role, prefix: &str, para: &Para) {
        let prefix = if self.room(prefix) < 3 { "" } else { prefix };
        let hang = if self.room(prefix) > para.hang * 2 { para.hang } else { 0 };
        for (text, marks) in wrap_marked(&para.text, &para.marks, self.room(prefix), hang) {
            let text = format!("{prefix}{text}");
            let marks = behind(&text, marks, prefix.len());
            self.lines.push(Line { role, text, message: self.message, marks, ..Line::default() });
        }
    }

    fn push(&mut self, role: Role, text: String) {
        self.lines.push(Line { role, text, message: self.message, ..Line::default() });
    }

    fn room(&self, prefix: &str) -> usize {
        usize::from(self.how.width).saturating_sub(cells(prefix)).max(1)
    }

    /// The time of day: which day it is says the rule above.
    fn clock(&self, at: Option<Timestamp>) -> String {
        at.map_or(String::new(), |at| local(at, self.how.utc_offset).format("%H:%M").to_string())
    }
}

/// `close as handled · needs you (g x): the customer wrote`: what is pending and none of the messages.
pub fn pending(op: &Op, how: &Layout) -> String {
    let what = match &op.mutation.change {
        Change::Close { state } => format!("close as {}", Untrusted::from(state.as_str()).brief(60)),
        Change::Snooze { until, .. } => format!("snooze until {}", stamp(*until, how.now, how.utc_offset)),
        change @ (Change::Tag { .. } | Change::Fields { .. }) => format!("{} {}", change.kind(), crate::app::words::detail(change).unwrap_or_default()),
        other => other.kind().to_owned(),
    };
    state_of(op, &format!("{what} · "), how)
}

fn state_of(op: &Op, what: &str, how: &Layout) -> String {
    let sign = if matches!(op.state, OpState::Failed | OpState::NeedsReview) { '!' } else { '~' };
    let edit = if matches!(op.mutation.change, Change::Edit { .. } | Change::Delete { .. }) && what.is_empty() { op.mutation.change.kind() } else { "" };
    let cause = op.cause.as_ref().map_or(String::new(), |cause| format!(": {}", Untrusted::from(cause.as_str()).brief(300)));
    let space = if edit.is_empty() { "" } else { " " };
    let key = if how.keys && op.state == OpState::NeedsReview { " (g x)" } else { "" };
    let state = later::state_words(op, how.now, how.utc_offset);
    format!("{sign} {what}{edit}{space}{state}{key}{cause}")
}

/// `feedback ★★★★☆ "comment"`
pub fn stars(feedback: &Feedback, when: &str) -> String {
    let comment = feedback.comment.as_ref().filter(|comment| !comment.is_empty());
    let words = comment.map_or(String::new(), |comment| format!(" \"{}\"", comment.brief(1_000)));
    format!("feedback {}{words}{when}", rating(feedback))
}

/// `★★★★☆`
pub fn rating(feedback: &Feedback) -> String {
    let Some(rating) = feedback.rating else { return "no rating".to_owned() };
    let full = usize::try_from(rating.clamp(0, 5)).unwrap_or(0);
    format!("{}{}", "★".repeat(full), "☆".repeat(5 - full))
}

/// `call · incoming · missed (no answer) · 0:41`
fn told(call: &Call) -> String {
    let direction = Untrusted::from(call.direction.as_str()).brief(20);
    let status = match call.status.as_str() {
        "no-answer" if direction == "incoming" => "missed (no answer)".to_owned(),
        "no-answer" => "no answer".to_owned(),
        other => Untrusted::from(other).brief(20),
    };
    let seconds = call.duration_seconds;
    let length = match seconds {
        ..=0 => String::new(),
        1..3_600 => format!("{}:{:02}", seconds / 60, seconds % 60),
        _ => format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60),
    };
    joined("call", &[direction, status, length])
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// What there is of the parts, after the first one, with dots between.
fn joined(first: &str, parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).fold(first.to_owned(), |text, part| text + " · " + part)
}
