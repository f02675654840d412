//! A conversation as lines of text: harmless, wrapped to a width, each with the part it plays. Pure. A thread is planned
//! once as blocks, which cost next to nothing; a block is laid out when it is about to be painted or was asked about.

pub(super) mod body;
pub mod card;
mod even;
mod events;
mod files;
mod find;
mod html;
mod links;
pub mod mail;
mod markup;
mod page;
mod plan;
mod quote;
mod sheet;
mod shown;
pub mod time;
mod timeline;
pub mod wrap;

pub use body::leads;
pub use files::{attached, clean_name, size};
pub use find::Sought;
pub use links::Lead;
pub use page::rating;
pub use sheet::{Anchor, Place, Sheet};
pub use shown::Key;

use crate::model::{Conversation, Op, Timestamp, UserId};

/// One line of the thread, ready to paint: `text` holds no control character and is at most the asked width wide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub role: Role,
    pub text: String,
    /// Which message it belongs to: an index into the shown messages, rising.
    pub message: Option<usize>,
    /// Which bytes of the text have a look of their own; in order, none over another.
    pub marks: Vec<Mark>,
    /// What stands at the right end where there is room: the age of a message without a head of its own.
    pub aside: String,
}

impl Line {
    /// Says something more at its end, where there is room.
    pub fn extend(&mut self, words: &str, width: u16) {
        if wrap::cells(&self.text) + wrap::cells(words) <= usize::from(width) {
            self.text.push_str(words);
        }
    }
}

/// Bytes `from..to` of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    pub from: usize,
    pub to: usize,
    pub look: Accent,
}

/// What somebody stressed in his text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accent {
    Strong,
    Italic,
    Code,
    Link,
}

/// What a line is; the theme gives each its look, the words and signs in `text` say it without colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Role {
    #[default]
    Blank,
    /// `Mina Sato · 09:02`: the head of a customer's message.
    Contact,
    /// `You · 09:06`, or a colleague.
    Agent,
    /// `┏ note · Ola · 09:07 ━━━`
    NoteHead,
    NoteBody,
    Body,
    /// Quoted text and signatures of mails.
    Quote,
    /// `▸ 34 quoted lines`: what opens and closes.
    Fold,
    /// from, to, subject of a mail; what is attached; the targets of links.
    MailHead,
    /// `── joined by You · 09:05 ──`
    Event,
    /// `── Thu 12 Nov ──`
    Day,
    /// Where one case of the chain ends and the next begins.
    CaseRule,
    Call,
    Feedback,
    /// `── new since you last looked ──`
    New,
    /// `~ queued`, `! failed: …` below a message of ours that is not proven sent.
    Unsent,
    /// A link that says it leads elsewhere than it does.
    Warning,
}

/// What the layout depends on besides the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Cells.
    pub width: u16,
    pub now: Timestamp,
    /// Seconds east of UTC, for the times.
    pub utc_offset: i32,
    pub me: Option<UserId>,
    /// Keys are at hand, and may be named.
    pub keys: bool,
}

/// The whole thread, nothing folded: confirmed messages in time order with the pending ones of `ops` laid over, each
/// shown once.
pub fn layout(conversation: &Conversation, ops: &[Op], how: &Layout) -> Vec<Line> {
    Sheet::new(conversation, ops, how).whole(conversation)
}

#[cfg(test)]
mod tests;
