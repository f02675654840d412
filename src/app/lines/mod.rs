//! A conversation as lines of text: harmless, wrapped to a width, each with the part it plays. Pure; the reader keeps
//! the result and the view only paints it.

mod mail;
mod page;
mod shown;
pub mod time;
pub mod wrap;

pub use page::rating;

use crate::model::{Conversation, Op, Timestamp, UserId};

/// One line of the thread, ready to paint: `text` holds no control character and is at most the asked width wide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub role: Role,
    pub text: String,
    /// Which message it belongs to: an index into the shown messages, rising.
    pub message: Option<usize>,
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
    /// `┃ note · Ola · 09:07`
    NoteHead,
    NoteBody,
    Body,
    /// Quoted text and signatures of mails.
    Quote,
    /// from, to, subject of a mail.
    MailHead,
    /// `── joined by You · 09:05 ──`
    Event,
    /// Where one case of the chain ends and the next begins.
    CaseRule,
    Call,
    Feedback,
    /// `── new since you last looked ──`
    New,
    /// `~ queued`, `! failed: …` below a message of ours that is not proven sent.
    Unsent,
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

/// The whole thread: confirmed messages in time order with the pending ones of `ops` laid over, each shown once.
pub fn layout(conversation: &Conversation, ops: &[Op], how: &Layout) -> Vec<Line> {
    let (messages, rest) = shown::shown(conversation, ops);
    let mut page = page::Page::new(conversation, how);
    for (at, message) in messages.iter().enumerate() {
        page.message(at, message);
    }
    page.end(&rest)
}

#[cfg(test)]
mod tests;
