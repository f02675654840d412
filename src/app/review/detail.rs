//! Everything that is known of one operation, as lines: the pane scrolls them, the command line prints them. What came
//! from outside is harmless here.

use super::wait::{readings, what};
use super::{choices, label};
use crate::app::Decision;
use crate::app::lines::mail;
use crate::app::lines::time::stamp;
use crate::app::lines::wrap::{cells, wrap};
use crate::app::lines::{Line, Role};
use crate::model::{Change, Newer, Op, OpState, Review, Timestamp, Untrusted};

/// Texts stand this far from the border.
const INDENT: &str = "  ";

/// What the lines depend on.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub op: &'a Op,
    /// What it waits for.
    pub waits: &'a str,
    /// When the case was closed, where that is known.
    pub closed: Option<Timestamp>,
    pub wall: Timestamp,
    pub utc_offset: i32,
    pub width: u16,
    /// The choices, each with its key.
    pub keys: bool,
}

/// `reply to #4410`
pub fn title(op: &Op) -> String {
    what(op)
}

pub fn lines(about: &About) -> Vec<Line> {
    let mut page = Page { about, lines: Vec::new() };
    page.state();
    if about.keys {
        page.choices();
    }
    page.review();
    page.text();
    page.known();
    page.lines
}

/// The key of a decision in the pane.
pub fn key(decision: Decision) -> &'static str {
    match decision {
        Decision::Anyway => "a",
        Decision::Reopen => "O",
        Decision::Retry => "r",
        Decision::Sent => "s",
        Decision::Note => "n",
        Decision::Draft => "d",
        Decision::Discard => "D",
    }
}

struct Page<'a> {
    about: &'a About<'a>,
    lines: Vec<Line>,
}

impl Page<'_> {
    fn state(&mut self) {
        let (op, waits) = (self.about.op, self.about.waits);
        let sign = if super::wait::needs_you(op) { "! " } else { "" };
        let colon = if waits.is_empty() { "" } else { ": " };
        self.put(Role::Unsent, "", &format!("{sign}{}{colon}{waits}", if op.scheduled(self.about.wall).is_some() { "scheduled" } else { op.state.words() }));
        let cause = op.cause.as_deref().map(|cause| Untrusted::from(cause).one_line()).filter(|cause| !waits.contains(cause));
        if let Some(cause) = cause {
            self.put(Role::Event, "", &cause);
        }
        if op.twins > 0 {
            self.put(Role::Unsent, "", &format!("! the server has it {} times", op.twins.saturating_add(1)));
        }
    }

    /// `a send anyway · e edit · d to the draft`: as many on a line as fit.
    fn choices(&mut self) {
        let op = self.about.op;
        let mut words: Vec<String> = choices(op).into_iter().map(|choice| format!("{} {}", key(choice), label(op, choice))).collect();
        if super::editable(op) {
            words.insert(usize::from(!words.is_empty()), "e edit".to_owned());
        }
        let room = self.room("");
        let mut line = String::new();
        for word in words {
            if !line.is_empty() && cells(&line) + cells(&word) + 3 > room {
                self.push(Role::Call, std::mem::take(&mut line));
            }
            let between = if line.is_empty() { "" } else { " · " };
            line.push_str(between);
            line.push_str(&word);
        }
        if !line.is_empty() {
            self.push(Role::Call, line);
        }
    }

    /// What happened since, with the words of the others.
    fn review(&mut self) {
        let Some(review) = self.about.op.review.as_ref().filter(|_| self.about.op.state == OpState::NeedsReview) else { return };
        match review {
            Review::Absent => self.remark("It may still arrive. r looks again and sends it only if it is not there; what is there then is taken as sent."),
            Review::Unreadable => self.remark("The readings were not whole, so they prove nothing. r looks again and sends it only if it is not there."),
            Review::Restored => self.remark("A backup was put back: it may have been sent after it was made. r looks, and sends it only if it is not there."),
            Review::Several { ids } => {
                let ids = ids.iter().map(|id| format!("#{id}")).collect::<Vec<_>>().join(", ");
                if self.about.op.mutation.change.translate().is_some() {
                    return self
                        .remark(&format!("It was translated, so its words don't tell. One of these messages of yours could be it, look at the thread: {ids}"));
                }
                self.remark(&format!("These messages say the same, and the server keeps no marker that would tell: {ids}"));
            }
            Review::Answered { newer } => self.newer(newer, Role::Agent),
            Review::Stale { newer, more } => {
                self.newer(newer, Role::Contact);
                if *more > 0 {
                    self.put(Role::Event, INDENT, &format!("+{more} more before these"));
                }
            }
            Review::NotActive { status, by } if status == "closed" => {
                let who = by.as_ref().map_or_else(String::new, |by| format!(" by {}", by.brief(60)));
                let when = self.about.closed.map_or_else(String::new, |at| format!(" · {}", self.stamp(at)));
                self.remark(&format!("#{} was closed{who}{when}. Reopening makes a new case of the same thread.", self.about.op.case()));
            }
            Review::NotActive { status, .. } => self.remark(&format!("#{} is {}.", self.about.op.case(), Untrusted::from(status.as_str()).brief(30))),
            Review::Conflict { yours, theirs } => {
                self.gap();
                self.put(Role::Agent, "", "yours");
                self.put(Role::Body, INDENT, &yours.display());
                self.gap();
                self.put(Role::Contact, "", "theirs");
                self.put(Role::Body, INDENT, &theirs.display());
            }
            Review::Overdue { until } if self.about.op.mutation.change.adds_message() => {
                self.remark(&format!("It was to go out {}.", self.stamp(*until)));
            }
            Review::Overdue { until } => self.remark(&format!("It was to last until {}.", self.stamp(*until))),
            Review::Gone => self.remark("The case is not at the server, or this key may not see it. Its words are kept here."),
            Review::Refused => {}
        }
    }

    /// What was said since.
    fn newer(&mut self, newer: &[Newer], role: Role) {
        for message in newer {
            self.gap();
            let when = message.at.map_or_else(String::new, |at| format!(" · {}", self.stamp(at)));
            self.put(role, "", &format!("{}{when}", message.by.brief(60)));
            self.put(Role::Body, INDENT, &message.text.display());
        }
    }

    fn text(&mut self) {
        let change = &self.about.op.mutation.change;
        let words = match change {
            // Both sides stand there already.
            Change::Edit { .. } | Change::Fields { .. } if matches!(self.about.op.review, Some(Review::Conflict { .. })) => return,
            Change::Close { state } => format!("as {}", Untrusted::from(state.as_str()).one_line()),
            Change::Snooze { until, .. } => format!("until {}", self.stamp(*until)),
            change => match change.text().map(|text| Untrusted::from(text).display()).or_else(|| crate::app::words::detail(change)) {
                Some(words) => words,
                None => return,
            },
        };
        self.gap();
        self.put(Role::Agent, "", &format!("your {}", change.kind()));
        for line in self.about.op.mutation.head().map_or_else(Vec::new, |head| mail::head(&head.mail(""), self.room(INDENT))) {
            self.put(Role::Event, INDENT, &line);
        }
        if let Some(lang) = change.translate() {
            self.put(Role::Event, INDENT, &format!("translated to {} by the server", lang.name()));
        }
        self.put(Role::Body, INDENT, &words);
    }

    fn known(&mut self) {
        let op = self.about.op;
        let tries = match op.tries {
            0 => "never sent so far".to_owned(),
            1 => "sent once".to_owned(),
            tries => format!("sent {tries} times"),
        };
        let again = if op.resends > 0 { format!(", {} of them by itself", op.resends) } else { String::new() };
        let named = op.server_id.map(|id| format!("the server calls it {id}"));
        let proof = op.proof.as_deref().map(|proof| format!("proof: {}", Untrusted::from(proof).brief(30)));
        let parts = [
            Some(format!("composed {} by {}", self.stamp(op.mutation.at), op.mutation.by.name.brief(40))),
            Some(format!("{tries}{again}")),
            readings(op),
            op.allowed.then(|| "you said to send it all the same".to_owned()),
            named,
            proof,
        ];
        let words = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        self.gap();
        self.put(Role::Event, "", &words);
        self.put(Role::Event, "", &format!("operation {}", op.id()));
    }

    fn remark(&mut self, words: &str) {
        self.gap();
        self.put(Role::Body, "", words);
    }

    fn gap(&mut self) {
        self.push(Role::Blank, String::new());
    }

    fn put(&mut self, role: Role, prefix: &str, text: &str) {
        for line in wrap(text, self.room(prefix)) {
            self.push(role, format!("{prefix}{line}"));
        }
    }

    fn push(&mut self, role: Role, text: String) {
        self.lines.push(Line { role, text, ..Line::default() });
    }

    fn room(&self, prefix: &str) -> usize {
        usize::from(self.about.width).saturating_sub(cells(prefix)).max(1)
    }

    fn stamp(&self, at: Timestamp) -> String {
        stamp(at, self.about.wall, self.about.utc_offset)
    }
}
