//! The thread: loaded for the chosen case, laid out for its width, scrolled by lines and by messages.

use super::update::say;
use super::{Action, Ask, Effect, Focus, Level, Link, Reader, State, compose, lines, screen};
use crate::model::{CaseId, Conversation};

/// No card is longer than this.
const CARD_END: usize = 100;

/// Opens the chosen case for reading; asks the server when the cache has never seen its messages.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.list.selected else { return super::act::nothing_chosen(state) };
    state.focus = Focus::Reader;
    open_case(state, case)
}

pub fn open_case(state: &mut State, case: CaseId) -> Vec<Effect> {
    if state.reader.as_ref().is_none_or(|reader| reader.case != case) {
        state.reader = Some(Reader { case, ..Reader::default() });
        return vec![Effect::Load(Ask::Conversation(case))];
    }
    looked_at(state)
}

/// What the thread pane needs for the next frame: the chosen case's thread, or a newer state of it.
pub fn missing(state: &mut State) -> Vec<Effect> {
    let panes = screen::panes(state);
    let visible = panes.thread.is_some() || panes.contact.is_some();
    // What is read stays open when its row leaves the list; only the list's preview follows the cursor.
    let follows = state.focus == Focus::List || state.reader.is_none();
    let wanted = if follows { state.list.selected } else { state.reader.as_ref().map(|reader| reader.case) };
    let held = state.reader.as_ref().map(|reader| reader.case);
    if !visible {
        return Vec::new();
    }
    if follows && held.is_some() && state.list.rests_at.is_some() {
        lay_out(state, false);
        return Vec::new();
    }
    match wanted {
        None if follows => state.reader = None,
        Some(case) if held != Some(case) => {
            state.reader = Some(Reader { case, ..Reader::default() });
            state.stale_reader = false;
            return vec![Effect::Load(Ask::Conversation(case))];
        }
        Some(case) if state.stale_reader => {
            state.stale_reader = false;
            return vec![Effect::Load(Ask::Conversation(case))];
        }
        _ => {}
    }
    lay_out(state, false);
    Vec::new()
}

/// Takes a thread in. A reader at its end stays there; otherwise the place is kept.
pub fn loaded(state: &mut State, case: CaseId, conversation: Option<Conversation>) -> Vec<Effect> {
    let Some(reader) = state.reader.as_mut().filter(|reader| reader.case == case) else { return Vec::new() };
    let first = !reader.loaded;
    if first {
        reader.conversation = conversation.unwrap_or_default();
    } else if let Some(conversation) = conversation {
        // What was new when the thread was opened stays marked while it is open.
        let seen_until = reader.conversation.seen_until;
        reader.conversation = Conversation { seen_until, ..conversation };
    }
    reader.loaded = true;
    lay_out(state, true);
    compose::news(state);
    if first && state.focus == Focus::List { Vec::new() } else { looked_at(state) }
}

/// The agent has it open: it is no longer unread, and what was never read from the server is read now.
fn looked_at(state: &mut State) -> Vec<Effect> {
    if !matches!(state.focus, Focus::Reader | Focus::Compose) {
        return Vec::new();
    }
    let Some(reader) = &state.reader else { return Vec::new() };
    let mut effects = Vec::new();
    let newest = reader.conversation.messages.iter().filter_map(|message| message.date_created).max();
    let row = state.list.window.rows.iter().find(|row| row.id == reader.case);
    if let Some(until) = newest.filter(|_| row.is_none_or(|row| row.unread)) {
        effects.push(Effect::Seen { thread: reader.conversation.thread, until });
        if let Some(row) = state.list.window.rows.iter_mut().find(|row| row.id == reader.case) {
            row.unread = false;
        }
    }
    if reader.loaded && reader.conversation.fetched.is_none() && state.sync.link != Link::Unauthorized {
        effects.push(Effect::Fetch(reader.case));
    }
    effects
}

/// Lays the thread out when its words, its operations or its width changed; keeps the place, or the end.
pub fn lay_out(state: &mut State, changed: bool) {
    let panes = screen::panes(state);
    if panes.thread.is_none() {
        // No width to lay it out for; the next one that there is differs from this.
        state.reader.iter_mut().filter(|_| changed).for_each(|reader| reader.width = 0);
        return;
    }
    let inner = panes.thread_inner();
    let how = lines::Layout { width: inner.width.saturating_sub(1), now: state.wall(), utc_offset: state.settings.utc_offset, me: state.me_id(), keys: true };
    let Some(reader) = &mut state.reader else { return };
    let at_end = reader.scroll + usize::from(reader.height) >= reader.lines.len();
    if changed || reader.width != how.width {
        reader.width = how.width;
        reader.lines = lines::layout(&reader.conversation, &state.outbox.ops, &how);
    }
    reader.height = inner.height;
    let end = reader.lines.len().saturating_sub(usize::from(inner.height));
    reader.scroll = if at_end { end } else { reader.scroll.min(end) };
}

fn bottom(state: &State) -> usize {
    let height = usize::from(screen::panes(state).thread_inner().height);
    state.reader.as_ref().map_or(0, |reader| reader.lines.len().saturating_sub(height))
}

pub fn scroll(state: &mut State, by: isize) -> Vec<Effect> {
    let end = bottom(state);
    if let Some(reader) = &mut state.reader {
        reader.scroll = reader.scroll.saturating_add_signed(by).min(end);
        reader.message = None;
    }
    Vec::new()
}

pub fn scroll_half(state: &mut State, direction: isize) -> Vec<Effect> {
    let half = isize::try_from((screen::panes(state).thread_inner().height / 2).max(1)).unwrap_or(1);
    scroll(state, half * direction)
}

pub fn scroll_page(state: &mut State, direction: isize) -> Vec<Effect> {
    let page = isize::try_from(screen::panes(state).thread_inner().height.saturating_sub(1).max(1)).unwrap_or(1);
    scroll(state, page * direction)
}

pub fn edge(state: &mut State, end: bool) -> Vec<Effect> {
    scroll(state, if end { isize::MAX / 2 } else { isize::MIN / 2 })
}

/// Goes to the next or previous message: its first line becomes the first painted one.
pub fn message(state: &mut State, by: isize) -> Vec<Effect> {
    let end = bottom(state);
    let Some(reader) = &mut state.reader else { return Vec::new() };
    let Some(last) = reader.lines.iter().filter_map(|line| line.message).max() else { return Vec::new() };
    let top = reader.message.or_else(|| reader.lines.iter().skip(reader.scroll).find_map(|line| line.message)).unwrap_or(0);
    let wanted = top.saturating_add_signed(by).min(last);
    reader.message = Some(wanted);
    if let Some(line) = reader.lines.iter().position(|line| line.message == Some(wanted)) {
        reader.scroll = line.min(end);
    }
    Vec::new()
}

/// Goes to the next newer or older case of the thread: keys act on it from now on.
pub fn chain(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    let cases = &reader.conversation.cases;
    let at = cases.iter().position(|case| case.id == reader.case);
    let wanted = at.and_then(|at| at.checked_add_signed(by)).filter(|_| by.abs() == 1).or_else(|| cases.len().checked_sub(1).filter(|_| by > 1));
    let Some((at, case)) = wanted.and_then(|at| Some((at, cases.get(at)?.id))) else {
        return say(state, Level::Warning, format!("this is the {} case of the thread", if by > 0 { "newest" } else { "oldest" }));
    };
    reader.case = case;
    let rules = reader.lines.iter().enumerate().filter(|(_, line)| line.role == lines::Role::CaseRule).map(|(line, _)| line);
    reader.scroll = at.checked_sub(1).and_then(|before| rules.into_iter().nth(before)).unwrap_or(0);
    reader.message = None;
    scroll(state, 0)
}

/// Shows the contact card, or hides it.
pub fn card(state: &mut State) -> Vec<Effect> {
    if !state.card && state.target().is_none() {
        return super::act::nothing_chosen(state);
    }
    state.card = !state.card;
    state.card_scroll = 0;
    Vec::new()
}

pub fn scroll_card(state: &mut State, by: isize) -> Vec<Effect> {
    state.card_scroll = state.card_scroll.saturating_add_signed(by).min(CARD_END);
    Vec::new()
}

/// Scrolls to the next line that holds the words that are looked for; past the end it begins again.
pub fn find_next(state: &mut State, direction: isize) -> Vec<Effect> {
    let Some(reader) = &state.reader else { return Vec::new() };
    if reader.find.is_empty() {
        return say(state, Level::Warning, "nothing is looked for; / finds".to_owned());
    }
    let hits = hits(reader);
    let from = reader.found.unwrap_or(reader.scroll);
    let next = if direction > 0 { hits.iter().position(|line| *line > from) } else { hits.iter().rposition(|line| *line < from) };
    let around = if direction > 0 { (0, " · from the top again") } else { (hits.len().saturating_sub(1), " · from the end again") };
    let (at, again) = next.map_or(around, |at| (at, ""));
    let words = reader.find.clone();
    let Some(line) = hits.get(at).copied() else { return say(state, Level::Warning, format!("'{words}' is not in this thread")) };
    show_hit(state, line);
    say(state, Level::Done, format!("'{words}' {} of {}{again}", at + 1, hits.len()))
}

/// Looks for words from the beginning of the thread.
pub fn find(state: &mut State, words: &str) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    reader.find = words.to_lowercase();
    reader.found = None;
    if reader.find.is_empty() {
        return Vec::new();
    }
    let hits = hits(reader);
    let Some(first) = hits.first().copied() else { return say(state, Level::Warning, format!("'{words}' is not in this thread")) };
    show_hit(state, first);
    say(state, Level::Done, format!("'{words}' 1 of {} · n next, N previous", hits.len()))
}

/// The lines that hold the words.
fn hits(reader: &Reader) -> Vec<usize> {
    let lines = reader.lines.iter().enumerate();
    lines.filter(|(_, line)| line.text.to_lowercase().contains(&reader.find)).map(|(at, _)| at).collect()
}

fn show_hit(state: &mut State, line: usize) {
    if let Some(reader) = &mut state.reader {
        reader.found = Some(line);
        reader.scroll = line.saturating_sub(3);
    }
    scroll(state, 0);
}

/// Copies through the terminal; the text is made harmless first.
pub fn copy(state: &mut State, action: Action) -> Vec<Effect> {
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    let reader = state.reader.as_ref().filter(|reader| reader.case == case);
    let text = match action {
        Action::CopyId => Some(case.to_string()),
        Action::CopyLink => match &state.settings.link {
            Some(link) => Some(link.replace("{id}", &case.to_string())),
            None => return say(state, Level::Warning, "no link is configured: set link in the config file"),
        },
        Action::CopyContact => reader.and_then(|reader| reader.conversation.latest()).map(|case| case.contact_name().display()),
        _ => reader.and_then(|reader| {
            let at = reader.message.unwrap_or(usize::MAX).min(reader.conversation.messages.len().saturating_sub(1));
            reader.conversation.messages.get(at).map(|message| message.message.display())
        }),
    };
    text.map_or_else(|| say(state, Level::Warning, "there is nothing to copy".to_owned()), |text| vec![Effect::Copy(text)])
}
