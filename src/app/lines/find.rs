//! Words in a thread: which blocks can hold them, and in which lines they are. White space counts for nothing, so that
//! words are found over the end of a line; which block is laid out to be looked at is told by its letters alone.

use super::body::{self, Told};
use super::plan::{Block, Kind};
use super::shown::Entry;
use super::{Line, html};
use crate::model::{Conversation, Message};

/// What it costs to lay a block out: bytes, roughly.
pub fn cost(block: &Block, entries: &[Entry], conversation: &Conversation) -> usize {
    let Kind::Message { at, part } = &block.kind else { return 0 };
    let length = |entry: &Entry| match body::told(&entry.message(conversation)) {
        Told::Plain(text) => text.len(),
        Told::Html(text) => body::beginning(text).len(),
    };
    part.bytes.map_or_else(|| entries.get(*at).map_or(0, length), |(from, to)| to - from)
}

/// What is looked for.
pub struct Sought {
    squeezed: String,
    letters: String,
}

impl Sought {
    pub fn new(words: &str) -> Self {
        Self { squeezed: squeezed(words), letters: letters(words) }
    }

    pub fn is_empty(&self) -> bool {
        self.squeezed.is_empty()
    }

    /// Can these letters be in the block? Never says no where they are.
    pub fn may_be_in(&self, block: &Block, entries: &[Entry], conversation: &Conversation) -> bool {
        let in_text = |text: &str| letters(text).contains(&self.letters);
        match &block.kind {
            Kind::Rule(_, text) | Kind::Text(_, text) => in_text(text),
            Kind::Events { .. } => true,
            Kind::Message { at, part } => entries.get(*at).is_some_and(|entry| {
                let message = entry.message(conversation);
                let whole = part.bytes.is_none();
                // What is written around a text is short: it is only looked at once it is laid out.
                let around = whole && (message.mail.is_some() || entry.op.is_some() || message.meta.contains_key("call"));
                around && !matches!(body::told(&message), Told::Html(_)) || part.head && self.in_head(&message) || self.in_body(&message, part.bytes)
            }),
        }
    }

    fn in_head(&self, message: &Message) -> bool {
        let name = message.sender.as_ref().map_or("", |sender| sender.name.raw());
        name.is_empty()
            || letters(&format!("You note agents only mail {name} {}", message.kind.as_str())).contains(&self.letters)
            || self.letters.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn in_body(&self, message: &Message, bytes: Option<(usize, usize)>) -> bool {
        match body::told(message) {
            Told::Plain(text) => letters(bytes.and_then(|(from, to)| text.get(from..to)).unwrap_or(text)).contains(&self.letters),
            Told::Html(whole) => {
                let text = body::beginning(whole);
                let mail = message.mail.as_deref();
                let head = mail.map(|mail| format!("{} {} {}", mail.subject.raw(), mail.from.name.raw(), mail.from.email.raw())).unwrap_or_default();
                let named = text.contains('&') && letters(&html::without_entities(text)).contains(&self.letters);
                named
                    || letters(&html::without_tags(text)).contains(&self.letters)
                    || letters(text).contains(&self.letters)
                    || letters(&head).contains(&self.letters)
                    || text.len() < whole.len() && letters(body::GOES_ON).contains(&self.letters)
            }
        }
    }

    /// The lines that hold the words, or their beginning.
    pub fn lines(&self, lines: &[Line]) -> Vec<usize> {
        let (mut text, mut starts) = (String::new(), Vec::with_capacity(lines.len()));
        for line in lines {
            starts.push(text.len());
            text.push_str(&squeezed(line.text.trim_start_matches(['┃', '┏', '▌', ' '])));
        }
        let mut hits: Vec<usize> = text.match_indices(&self.squeezed).map(|(at, _)| starts.partition_point(|start| *start <= at) - 1).collect();
        hits.dedup();
        hits
    }
}

fn squeezed(text: &str) -> String {
    if text.is_ascii() {
        return text.bytes().filter(|byte| !byte.is_ascii_whitespace()).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

fn letters(text: &str) -> String {
    if text.is_ascii() {
        return text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    }
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
