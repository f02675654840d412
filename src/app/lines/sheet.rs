//! A planned thread and those of its blocks that were laid out. Places are a block and a line in it, so that scrolling
//! by lines is exact while nobody knows how many lines there are: only what is passed is laid out.

use super::find::{self, Sought};
use super::page::Page;
use super::plan::{Block, Kind, few, plan};
use super::shown::{Entry, Key, shown};
use super::{Layout, Line, Role};
use crate::model::{Conversation, Message, MessageKind, Op};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// So many laid out blocks are kept; then those far from where the reader is are dropped.
const KEPT: usize = 600;
const NEAR: usize = 150;
/// So many bytes are read in the time that one is laid out in, or more.
const READ: usize = 8;

/// A line of the thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub block: usize,
    pub line: usize,
}

/// A place that outlives the plan: in a message, or above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    key: Key,
    part: usize,
    above: usize,
    line: usize,
}

/// See the file's first lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    how: Option<Layout>,
    entries: Vec<Entry>,
    blocks: Vec<Block>,
    laid: BTreeMap<usize, Vec<Line>>,
    /// Messages whose quotes, signatures, heads and events are all shown.
    open: BTreeSet<Key>,
}

impl Sheet {
    pub fn new(conversation: &Conversation, ops: &[Op], how: &Layout) -> Self {
        let (entries, rest) = shown(conversation, ops, how);
        let blocks = plan(conversation, &entries, &rest, how);
        Self { how: Some(*how), entries, blocks, laid: BTreeMap::new(), open: BTreeSet::new() }
    }

    /// Plans the thread as it is now; what was open stays open.
    pub fn renew(&mut self, conversation: &Conversation, ops: &[Op], how: &Layout) {
        let open = std::mem::take(&mut self.open);
        *self = Self { open, ..Self::new(conversation, ops, how) };
    }

    /// What a place is called however the thread changes around it.
    pub fn anchor(&self, conversation: &Conversation, place: Place) -> Option<Anchor> {
        let at = self.blocks.get(place.block..)?.iter().find_map(|block| block.kind.message())?;
        let key = self.key(conversation, at)?;
        // The parts of a huge message keep their order; what stands above a message may not be there any more.
        let first = self.first_block(at)?;
        let line = if first > place.block { 0 } else { place.line };
        Some(Anchor { key, part: place.block.saturating_sub(first), above: first.saturating_sub(place.block), line })
    }

    /// Where that is now.
    pub fn at(&self, conversation: &Conversation, anchor: Anchor) -> Option<Place> {
        let at = self.entries.iter().position(|entry| entry.key(conversation) == anchor.key)?;
        let block = (self.first_block(at)? + anchor.part).saturating_sub(anchor.above);
        Some(Place { block, line: anchor.line })
    }

    pub fn key(&self, conversation: &Conversation, message: usize) -> Option<Key> {
        self.entries.get(message).map(|entry| entry.key(conversation))
    }

    pub fn position(&self, conversation: &Conversation, key: Key) -> Option<usize> {
        self.entries.iter().position(|entry| entry.key(conversation) == key)
    }

    /// The newest that somebody said.
    pub fn newest(&self, conversation: &Conversation) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.message(conversation).kind != MessageKind::Event)
    }

    /// The next message from one on that has a line of its own, or the one before.
    pub fn step(&self, conversation: &Conversation, from: usize, by: isize) -> Option<usize> {
        let mut at = from;
        while let Some(next) = at.checked_add_signed(by.signum()).filter(|next| by != 0 && *next < self.entries.len()) {
            at = next;
            if self.stands_alone(conversation, at) {
                return Some(at);
            }
        }
        None
    }

    /// Events that are folded into one line are one.
    fn stands_alone(&self, conversation: &Conversation, message: usize) -> bool {
        let Some(block) = self.first_block(message) else { return false };
        match &self.blocks[block].kind {
            Kind::Events { from, to } => *from == message || few(to - from) || self.is_open(conversation, block),
            _ => true,
        }
    }

    /// The block a shown message begins in.
    fn first_block(&self, message: usize) -> Option<usize> {
        let holds = |block: &Block| match &block.kind {
            Kind::Events { from, to } => (*from..*to).contains(&message),
            Kind::Message { at, .. } => *at == message,
            Kind::Rule(..) | Kind::Text(..) => false,
        };
        self.blocks.iter().position(holds)
    }

    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// How many messages are shown.
    pub fn messages(&self) -> usize {
        self.entries.len()
    }

    pub fn message<'a>(&'a self, conversation: &'a Conversation, at: usize) -> Option<Cow<'a, Message>> {
        self.entries.get(at).map(|entry| entry.message(conversation))
    }

    /// What is pending on a shown message.
    pub fn op(&self, at: usize) -> Option<&Op> {
        self.entries.get(at).and_then(|entry| entry.op.as_deref())
    }

    /// Every line, nothing folded.
    pub fn whole(&self, conversation: &Conversation) -> Vec<Line> {
        let Some(how) = self.how else { return Vec::new() };
        (0..self.blocks.len()).flat_map(|at| self.lay(conversation, &how, at, true)).collect()
    }

    /// The lines of a block.
    fn lines(&mut self, conversation: &Conversation, at: usize) -> &[Line] {
        if !self.laid.contains_key(&at)
            && let Some(how) = self.how
        {
            let open = self.is_open(conversation, at);
            let lines = self.lay(conversation, &how, at, open);
            self.forget(at);
            self.laid.insert(at, lines);
        }
        self.laid.get(&at).map_or(&[], Vec::as_slice)
    }

    fn lay(&self, conversation: &Conversation, how: &Layout, at: usize, open: bool) -> Vec<Line> {
        let Some(block) = self.blocks.get(at) else { return Vec::new() };
        let page = Page::new(conversation, how, open);
        page.block(block, &self.entries)
    }

    fn is_open(&self, conversation: &Conversation, block: usize) -> bool {
        let at = self.blocks.get(block).and_then(|block| block.kind.message());
        !self.open.is_empty() && at.and_then(|at| self.entries.get(at)).is_some_and(|entry| self.open.contains(&entry.key(conversation)))
    }

    /// What is far from here is laid out again when it is come to.
    fn forget(&mut self, at: usize) {
        if self.laid.len() >= KEPT {
            self.laid.retain(|block, _| block.abs_diff(at) <= NEAR);
        }
    }

    /// The place so many lines further down, or up; ends at the first and the last line.
    pub fn moved(&mut self, conversation: &Conversation, from: Place, by: isize) -> Place {
        let mut place = from;
        let mut left = by.unsigned_abs();
        if by < 0 {
            while left > place.line && place.block > 0 {
                left -= place.line + 1;
                place.block -= 1;
                place.line = self.lines(conversation, place.block).len().saturating_sub(1);
            }
            return Place { line: place.line.saturating_sub(left), ..place };
        }
        loop {
            let rest = self.lines(conversation, place.block).len().saturating_sub(place.line + 1);
            if left <= rest || place.block + 1 >= self.blocks.len() {
                return Place { line: place.line + left.min(rest), ..place };
            }
            left -= rest + 1;
            place = Place { block: place.block + 1, line: 0 };
        }
    }

    /// The first line of the last picture of so many lines.
    pub fn end(&mut self, conversation: &Conversation, height: u16) -> Place {
        let block = self.blocks.len().saturating_sub(1);
        let last = Place { block, line: self.lines(conversation, block).len().saturating_sub(1) };
        self.moved(conversation, last, 1 - isize::try_from(height.max(1)).unwrap_or(1))
    }

    /// So many lines from a place on.
    pub fn painted(&mut self, conversation: &Conversation, from: Place, height: u16) -> Vec<Line> {
        let mut painted = Vec::with_capacity(usize::from(height));
        let (mut block, mut skip) = (from.block, from.line);
        while painted.len() < usize::from(height) && block < self.blocks.len() {
            let left = usize::from(height) - painted.len();
            painted.extend(self.lines(conversation, block).iter().skip(skip).take(left).cloned());
            (block, skip) = (block + 1, 0);
        }
        painted
    }

    /// The place of a line that there is.
    pub fn settled(&mut self, conversation: &Conversation, place: Place) -> Place {
        let block = place.block.min(self.blocks.len().saturating_sub(1));
        Place { block, line: place.line.min(self.lines(conversation, block).len().saturating_sub(1)) }
    }

    /// Where a shown message begins, without the blank line above it.
    pub fn place_of(&mut self, conversation: &Conversation, message: usize) -> Option<Place> {
        let block = self.first_block(message)?;
        let line = self.lines(conversation, block).iter().position(|line| line.message == Some(message)).unwrap_or(0);
        Some(Place { block, line })
    }

    /// Where the `count`th rule between two cases is.
    pub fn case_rule(&self, count: usize) -> Option<Place> {
        let rules = self.blocks.iter().enumerate().filter(|(_, block)| matches!(block.kind, Kind::Rule(Role::CaseRule, _)));
        rules.map(|(block, _)| Place { block, line: 0 }).nth(count)
    }

    /// How much of the thread is above a place, in a hundred; counted by messages.
    pub fn percent(&self, place: Place) -> usize {
        place.block * 100 / self.blocks.len().max(1)
    }

    /// Opens what is folded in a message, or closes it; false where nothing is.
    pub fn fold(&mut self, conversation: &Conversation, message: usize) -> bool {
        let Some(first) = self.first_block(message) else { return false };
        let Some(holder) = self.blocks.get(first).and_then(|block| block.kind.message()) else { return false };
        let last = self.blocks[first..].iter().take_while(|block| block.kind.message() == Some(holder)).count() + first;
        // Of a text in pieces only a mail folds, and that shows in its first one.
        if !self.lines(conversation, first).iter().any(|line| line.role == Role::Fold) {
            return false;
        }
        let Some(key) = self.entries.get(holder).map(|entry| entry.key(conversation)) else { return false };
        if !self.open.remove(&key) {
            self.open.insert(key);
        }
        (first..last).for_each(|block| drop(self.laid.remove(&block)));
        true
    }

    /// The lines that hold the words from a block on, where they are when their message is open, and the first block that
    /// was not looked through: so many bytes are laid out, and at least one block. Words may stand over the end of a line.
    pub fn find(&self, conversation: &Conversation, sought: &Sought, from: usize, work: usize) -> (Vec<Place>, usize) {
        let (mut hits, mut next, mut done) = (Vec::new(), from, 0);
        let Some(how) = self.how.filter(|_| !sought.is_empty()) else { return (hits, self.blocks.len()) };
        while let Some(block) = self.blocks.get(next).filter(|_| done < work) {
            let cost = find::cost(block, &self.entries, conversation);
            done += cost / READ + 16;
            if sought.may_be_in(block, &self.entries, conversation) {
                hits.extend(sought.lines(&self.lay(conversation, &how, next, true)).into_iter().map(|line| Place { block: next, line }));
                done += cost + 256;
            }
            next += 1;
        }
        (hits, next)
    }

    pub fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Opens the message at a place, so that the place is what [`Self::find`] meant.
    pub fn open(&mut self, conversation: &Conversation, place: Place) {
        let at = self.blocks.get(place.block).and_then(|block| block.kind.message());
        let Some(at) = at else { return };
        let closed = self.entries.get(at).map(|entry| entry.key(conversation)).is_some_and(|key| !self.open.contains(&key));
        if closed {
            self.fold(conversation, at);
        }
    }
}
