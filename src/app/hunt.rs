//! `/`, `n` and `N` in a thread. A huge thread is looked through piece by piece, on the key and then on wakes, so that no
//! key waits for its end. A hit is shown as soon as it is surely the right one, which is the one a look at all of it finds.

use super::lines::{Place, Sought};
use super::reader::{choose, settle};
use super::update::say;
use super::{Effect, Focus, Level, Reader, State};
use crate::model::Timestamp;
use crate::model::text::harmless;

/// What is looked through at once: bytes laid out, of which a few milliseconds are made.
const WORK: usize = 48 * 1024;
/// Nobody walks through more.
const HITS: usize = 10_000;

/// How far the search for `Reader::find` is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hunt {
    /// The lines that hold the words, in order, as far as the thread was looked through.
    hits: Vec<Place>,
    /// The first block that was not.
    next: usize,
    over: bool,
    running: bool,
    /// What is to be gone to, one after the other.
    wanted: Vec<Step>,
    /// The last hit that was gone to, as it was told.
    said: Option<(usize, &'static str)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Step {
    First,
    Next,
    Previous,
    /// The first one from a place on, when it is before the other.
    Within(Place, Option<Place>),
}

impl Hunt {
    /// The thread was planned anew: places are others.
    pub fn restart(&mut self) {
        let wanted = std::mem::take(&mut self.wanted);
        *self = Self { running: !wanted.is_empty(), wanted, ..Self::default() };
    }

    /// When the next piece is due.
    pub fn due(&self, turned: Timestamp) -> Option<Timestamp> {
        self.running.then_some(turned)
    }

    fn want(&mut self, step: Step) {
        self.wanted.push(step);
        self.running = !self.over;
    }

    /// Which hit a step means; None while nobody knows, or where there is none.
    fn known(&self, step: Step, from: Place) -> Option<(usize, &'static str)> {
        let last = self.hits.len().checked_sub(1).filter(|_| self.over);
        match step {
            Step::First => self.hits.first().map(|_| (0, " · n next, N previous")),
            Step::Next => self.hits.iter().position(|place| *place > from).map(|at| (at, "")).or(last.map(|_| (0, " · from the top again"))),
            Step::Previous if !self.over && self.next <= from.block => None,
            Step::Previous => self.hits.iter().rposition(|place| *place < from).map(|at| (at, "")).or(last.map(|last| (last, " · from the end again"))),
            Step::Within(begin, end) => {
                let hit = self.hits.iter().position(|place| *place >= begin)?;
                end.is_none_or(|end| self.hits[hit] < end).then_some((hit, ""))
            }
        }
    }

    /// Is it sure that the step leads nowhere?
    fn is_vain(&self, step: Step) -> bool {
        self.over || matches!(step, Step::Within(_, Some(end)) if self.next > end.block)
    }
}

/// Looks for words from the beginning of the thread.
pub fn find(state: &mut State, words: &str) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    seek_words(reader, words);
    if reader.find.is_empty() {
        return Vec::new();
    }
    reader.hunt.want(Step::First);
    go(state, true)
}

/// Sets the words without going anywhere.
pub fn seek_words(reader: &mut Reader, words: &str) {
    reader.find = words.to_lowercase();
    (reader.found, reader.hunt) = (None, Hunt::default());
}

/// Goes to the next line that holds the words that are looked for; past the end it begins again.
pub fn find_next(state: &mut State, direction: isize) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    if reader.find.is_empty() {
        return say(state, Level::Warning, "nothing is looked for; / finds".to_owned());
    }
    reader.hunt.want(if direction > 0 { Step::Next } else { Step::Previous });
    go(state, true)
}

/// Goes to the words in a stretch of the thread, if they are there.
pub fn within(state: &mut State, begin: Place, end: Option<Place>) {
    let Some(reader) = state.reader.as_mut().filter(|reader| !reader.find.is_empty()) else { return };
    reader.hunt.want(Step::Within(begin, end));
    go(state, false);
}

/// Another key was pressed, or another place is looked at: nothing jumps there any more.
pub fn stop(state: &mut State) {
    if let Some(reader) = &mut state.reader {
        (reader.hunt.running, reader.hunt.said) = (false, None);
        reader.hunt.wanted.clear();
    }
}

pub fn woke(state: &mut State) {
    let running = state.reader.as_ref().is_some_and(|reader| reader.hunt.running);
    if !running {
        return;
    }
    // What was asked for with the thread in sight is not shown behind something else.
    if !matches!(state.focus, Focus::Reader | Focus::Prompt) {
        return stop(state);
    }
    go(state, false);
}

/// One more piece of the thread; then what is wanted may be known.
fn go(state: &mut State, asked: bool) -> Vec<Effect> {
    if let Some(reader) = state.reader.as_mut().filter(|reader| reader.hunt.running) {
        look(reader);
    }
    while step(state) {}
    let Some(reader) = &state.reader else { return Vec::new() };
    match reader.hunt.wanted.last() {
        Some(Step::Within(..)) => Vec::new(),
        Some(_) if asked => {
            let text = format!("searching for '{}'… · another key stops it", reader.find);
            say(state, Level::Done, text)
        }
        Some(_) => Vec::new(),
        None => counted_out(state),
    }
}

fn look(reader: &mut Reader) {
    let Reader { hunt, sheet, conversation, find, .. } = reader;
    let (hits, next) = sheet.find(conversation, &Sought::new(find), hunt.next, WORK);
    hunt.hits.extend(hits);
    hunt.hits.truncate(HITS);
    (hunt.next, hunt.over) = (next, next >= sheet.blocks() || hunt.hits.len() == HITS);
    hunt.running = !hunt.over;
}

/// Does the first thing that is wanted; false while it is not known, or when nothing is.
fn step(state: &mut State) -> bool {
    let Some(reader) = &mut state.reader else { return false };
    let Some(step) = reader.hunt.wanted.first().copied() else { return false };
    let silent = matches!(step, Step::Within(..));
    let known = reader.hunt.known(step, reader.found.unwrap_or(reader.top));
    if let Some((at, again)) = known {
        reader.hunt.wanted.remove(0);
        reader.hunt.said = (!silent).then_some((at, again));
        let (place, text) = (reader.hunt.hits[at], told(reader, at, again));
        show(state, place);
        if !silent {
            say(state, Level::Done, text);
        }
        return true;
    }
    let vain = reader.hunt.is_vain(step);
    if vain {
        reader.hunt.wanted.remove(0);
        let text = format!("'{}' is not in this thread", reader.find);
        if !silent {
            say(state, Level::Warning, text);
        }
    }
    vain
}

/// `'parcel' 3 of 12`, or `of 12+` while there may be more.
fn told(reader: &Reader, at: usize, again: &str) -> String {
    let more = if reader.hunt.over { "" } else { "+" };
    format!("'{}' {} of {}{more}{again}", reader.find, at + 1, reader.hunt.hits.len())
}

/// The number that stands below is made right, where it still stands there.
fn counted_out(state: &mut State) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    let Some((at, again)) = reader.hunt.said else { return Vec::new() };
    let text = told(reader, at, again);
    if reader.hunt.over {
        reader.hunt.said = None;
    }
    let begin = harmless(&format!("'{}' {} of ", reader.find, at + 1));
    if let Some(notice) = state.notice.as_mut().filter(|notice| notice.text.starts_with(&begin)) {
        notice.text = harmless(&text);
    }
    Vec::new()
}

/// What was found is opened where it was folded, and its message is the chosen one.
fn show(state: &mut State, place: Place) {
    let Some(reader) = &mut state.reader else { return };
    reader.found = Some(place);
    reader.sheet.open(&reader.conversation, place);
    reader.message = reader.sheet.painted(&reader.conversation, place, 1).first().and_then(|line| line.message);
    let top = reader.sheet.moved(&reader.conversation, place, -3);
    settle(state, top);
}

/// Goes to the message it was opened for, at the words that are looked for, as soon as both are there.
pub fn seek(state: &mut State) {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.loaded && !reader.conversation.partial && reader.width > 0) else { return };
    let Some(sought) = reader.sought.take() else { return };
    let Reader { sheet, conversation, .. } = reader;
    let messages = sheet.messages();
    let Some(message) = (0..messages).find(|at| sheet.message(conversation, *at).is_some_and(|message| message.id == sought)) else { return };
    let Some(begin) = sheet.place_of(conversation, message) else { return };
    let end = sheet.place_of(conversation, message + 1).filter(|end| *end > begin);
    choose(state, message);
    within(state, begin, end);
}
