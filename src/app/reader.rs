//! The thread: loaded for the chosen case, laid out for its width, scrolled by lines and by messages.

use super::hunt::{self, Hunt};
use super::lines::{Anchor, Layout, Line, Place, Role, Sheet, card, time};
use super::update::say;
use super::{Action, Ask, Effect, Focus, Level, Link, State, clip, compose, screen};
use crate::model::{CaseId, Conversation, Message, MessageId, Timestamp};
use chrono::NaiveDate;

/// The thread view: the whole chain, planned for its width; of it only what is painted is laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reader {
    /// The case it was opened for.
    pub case: CaseId,
    pub conversation: Conversation,
    /// Planned for `width` cells, on the agent's `day`.
    pub sheet: Sheet,
    pub width: u16,
    pub day: Option<NaiveDate>,
    /// What is painted: `height` lines from `top` on.
    pub lines: Vec<Line>,
    pub height: u16,
    pub top: Place,
    /// Not at its end: news does not move it.
    pub away: bool,
    /// Where `top` was when the words it was planned for went.
    pub anchor: Option<Anchor>,
    /// The message the J and K keys are at: an index into what `Line::message` names.
    pub message: Option<usize>,
    /// The words `/` looks for in the thread, lower case.
    pub find: String,
    /// The search for them.
    pub hunt: Hunt,
    /// The last hit.
    pub found: Option<Place>,
    /// The message it was opened for, until it is there.
    pub sought: Option<MessageId>,
    /// The cases whose timelines were asked for, each with its last change: not asked again before there is another one.
    pub told: Vec<(CaseId, Option<Timestamp>)>,
    /// Until when it was looked at, as the disk was told.
    pub seen: Option<Timestamp>,
    /// False until the store answered.
    pub loaded: bool,
}

/// Opens the chosen case for reading; asks the server when the cache has never seen its messages.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.list.selected else { return super::act::nothing_chosen(state) };
    state.focus = Focus::Reader;
    state.reading_hit = false;
    open_case(state, case)
}

/// Opens a case wherever it is listed. The cursor goes to it where the list has it, and stays in its place where not.
pub fn go_to(state: &mut State, case: CaseId) -> Vec<Effect> {
    (state.focus, state.reading_hit) = (Focus::Reader, false);
    if state.list.window.rows.iter().any(|row| row.id == case) {
        state.list.selected = Some(case);
        super::triage::keep_in_view(state);
    }
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
    hunt::seek(state);
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
        if !reader.conversation.partial || reader.top != Place::default() {
            hold_on(reader);
        }
        let held = std::mem::take(&mut reader.conversation);
        reader.conversation = Conversation { seen_until, ..joined(held, conversation) };
    }
    reader.loaded = true;
    lay_out(state, true);
    super::prompt::again_from(state);
    super::form::resume(state);
    hunt::seek(state);
    compose::news(state);
    compose::company::tell(state);
    if first && state.focus == Focus::List { Vec::new() } else { looked_at(state) }
}

/// The newest messages of a thread do not take the place of the others.
fn joined(held: Conversation, mut read: Conversation) -> Conversation {
    let Some(first) = read.messages.first().filter(|_| read.partial) else { return read };
    let place = |message: &Message| (message.date_created, message.id, message.mail.is_some());
    let mut messages = held.messages;
    messages.truncate(messages.partition_point(|message| place(message) < place(first)));
    messages.append(&mut read.messages);
    Conversation { messages, ..read }
}

/// The agent has it open: it is no longer unread, and what was never read from the server is read now.
fn looked_at(state: &mut State) -> Vec<Effect> {
    if !matches!(state.focus, Focus::Reader | Focus::Compose) {
        return Vec::new();
    }
    let Some(reader) = &mut state.reader else { return Vec::new() };
    let mut effects = Vec::new();
    let newest = reader.conversation.messages.iter().filter_map(|message| message.date_created).max();
    let row = state.list.window.rows.iter().find(|row| row.id == reader.case);
    // Also where nothing was unread: what comes next is new since then.
    let known = reader.seen.max(reader.conversation.seen_until);
    if let Some(until) = newest.filter(|newest| known.is_none_or(|known| known < *newest) || row.is_some_and(|row| row.unread)) {
        reader.seen = Some(until);
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

/// Plans the thread when its words, its operations, its width or the day changed, and lays out what is painted of it;
/// keeps the place, or the end.
pub fn lay_out(state: &mut State, changed: bool) {
    let panes = screen::panes(state);
    if panes.thread.is_none() {
        // No width to lay it out for; the next one that there is differs from this.
        state.reader.iter_mut().filter(|_| changed).for_each(|reader| reader.width = 0);
        return;
    }
    let inner = panes.thread_inner();
    let (now, utc_offset) = (state.wall(), state.settings.utc_offset);
    let how = Layout { width: inner.width.saturating_sub(1), now, utc_offset, me: state.me_id(), keys: true };
    let day = Some(time::local(now, utc_offset).date());
    let Some(reader) = &mut state.reader else { return };
    if changed || reader.width != how.width || reader.day != day {
        let chosen = reader.message.and_then(|at| reader.sheet.key(&reader.conversation, at));
        hold_on(reader);
        (reader.width, reader.day) = (how.width, day);
        reader.hunt.restart();
        reader.sheet.renew(&reader.conversation, &state.outbox.ops, &how);
        let sheet = &reader.sheet;
        reader.top = reader.anchor.take().and_then(|anchor| sheet.at(&reader.conversation, anchor)).unwrap_or(reader.top);
        reader.message = chosen.and_then(|key| sheet.position(&reader.conversation, key));
    }
    reader.height = inner.height;
    paint(reader, now, utc_offset);
}

/// Remembers the place by the message it is in.
fn hold_on(reader: &mut Reader) {
    if reader.anchor.is_none() && reader.away {
        reader.anchor = reader.sheet.anchor(&reader.conversation, reader.top);
    }
}

/// The lines from the top on; at its end it stays at its end.
fn paint(reader: &mut Reader, now: Timestamp, utc_offset: i32) {
    let Reader { sheet, conversation, .. } = reader;
    let end = sheet.end(conversation, reader.height);
    reader.top = if reader.away { sheet.settled(conversation, reader.top).min(end) } else { end };
    reader.away = reader.top < end;
    reader.lines = sheet.painted(conversation, reader.top, reader.height);
    let newest = sheet.newest(conversation);
    for message in [newest, reader.message.filter(|chosen| Some(*chosen) != newest)].into_iter().flatten() {
        age(reader, message, now, utc_offset);
    }
}

/// Says how long ago a message was: behind its head, or at the right end of its first line.
fn age(reader: &mut Reader, message: usize, now: Timestamp, utc_offset: i32) {
    let Some(date) = reader.sheet.message(&reader.conversation, message).and_then(|message| message.date_created) else { return };
    let ago = time::ago(date, now);
    let Some(at) = reader.lines.iter().position(|line| line.message == Some(message)).filter(|_| !ago.is_empty()) else { return };
    let line = &mut reader.lines[at];
    match line.role {
        Role::Contact | Role::Agent | Role::Call => line.extend(&format!(" · {ago}"), reader.width),
        Role::NoteHead => line.aside = format!(" {ago}"),
        _ if at > 0 => line.aside = format!("{} · {ago}", time::local(date, utc_offset).format("%H:%M")),
        _ => {}
    }
}

/// Paints again after the place changed.
pub(super) fn settle(state: &mut State, top: Place) {
    let (now, utc_offset) = (state.wall(), state.settings.utc_offset);
    if let Some(reader) = &mut state.reader {
        (reader.top, reader.away) = (top, true);
        paint(reader, now, utc_offset);
    }
}

/// Scrolls by lines. What is chosen stays chosen while it is on the screen.
pub fn scroll(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    let top = reader.sheet.moved(&reader.conversation, reader.top, by);
    settle(state, top);
    if let Some(reader) = &mut state.reader
        && !reader.lines.iter().any(|line| line.message.is_some() && line.message == reader.message)
    {
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
    let top = Place { block: if end { usize::MAX } else { 0 }, line: 0 };
    settle(state, top);
    state.reader.iter_mut().for_each(|reader| reader.message = None);
    Vec::new()
}

/// Goes to the next or previous message; the first time to one that is on the screen. One that is not whole on the
/// screen begins at its top.
pub fn message(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(reader) = &mut state.reader else { return Vec::new() };
    let mut painted = reader.lines.iter().filter_map(|line| line.message);
    let wanted = match reader.message {
        Some(at) => Some(reader.sheet.step(&reader.conversation, at, by).unwrap_or(at)),
        None if by < 0 => painted.next_back(),
        None => painted.next(),
    };
    let Some(wanted) = wanted else { return Vec::new() };
    choose(state, wanted);
    Vec::new()
}

pub(super) fn choose(state: &mut State, message: usize) {
    let Some(reader) = &mut state.reader else { return };
    reader.message = Some(message);
    let Some(place) = reader.sheet.place_of(&reader.conversation, message) else { return };
    let bottom = reader.sheet.moved(&reader.conversation, reader.top, isize::try_from(reader.height).unwrap_or(1) - 1);
    let next = reader.sheet.place_of(&reader.conversation, message + 1);
    let whole = next.map_or(!reader.away, |next| next <= bottom);
    let top = if place >= reader.top && whole { reader.top } else { place };
    settle(state, top);
}

/// Opens what is folded in the chosen message, or closes it; without a choice, in the last one on the screen.
/// False where nothing is folded.
pub fn fold(state: &mut State) -> bool {
    let Some(reader) = &mut state.reader else { return false };
    let last = || reader.lines.iter().rev().find(|line| line.role == Role::Fold).and_then(|line| line.message);
    let Some(message) = reader.message.or_else(last) else { return false };
    if !reader.sheet.fold(&reader.conversation, message) {
        return false;
    }
    reader.message = Some(message);
    let begins = reader.sheet.place_of(&reader.conversation, message);
    let top = begins.map_or(reader.top, |begins| begins.min(reader.top));
    settle(state, top);
    true
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
    reader.message = None;
    let top = at.checked_sub(1).and_then(|before| reader.sheet.case_rule(before)).unwrap_or_default();
    settle(state, top);
    Vec::new()
}

/// Shows the contact card, or hides it.
pub fn card(state: &mut State) -> Vec<Effect> {
    if !state.card && state.target().is_none() {
        return super::act::nothing_chosen(state);
    }
    state.card = !state.card;
    state.card_scroll = 0;
    super::habits::panes(state)
}

pub fn scroll_card(state: &mut State, by: isize) -> Vec<Effect> {
    let Some(area) = screen::panes(state).contact else { return Vec::new() };
    let room = usize::from(area.width.saturating_sub(2)).max(1);
    let conversation = state.reader.as_ref().map(|reader| &reader.conversation);
    let lines = conversation.map_or(0, |conversation| card::lines(conversation, &state.outbox.ops, state.wall(), state.settings.utc_offset, room).len());
    let end = lines.saturating_sub(usize::from(area.height.saturating_sub(2)));
    state.card_scroll = state.card_scroll.saturating_add_signed(by).min(end);
    Vec::new()
}

/// Copies through the terminal; the text is made harmless first. Only a message has line ends: what is pasted into a shell may run there.
pub fn copy(state: &mut State, action: Action) -> Vec<Effect> {
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    let reader = state.reader.as_ref().filter(|reader| reader.case == case);
    let text = match action {
        Action::CopyId => Some(case.to_string()),
        Action::CopyLink => match &state.settings.link {
            Some(link) => Some(crate::model::Untrusted::from(link.replace("{id}", &case.to_string())).one_line()),
            None => return say(state, Level::Warning, "no link is configured: set link in the config file"),
        },
        Action::CopyContact => reader.and_then(|reader| reader.conversation.latest()).map(|case| case.contact_name().one_line()),
        _ => reader.and_then(said),
    };
    text.map_or_else(|| say(state, Level::Warning, "there is nothing to copy".to_owned()), clip::counted)
}

/// The words of the chosen message, or of the last one.
fn said(reader: &Reader) -> Option<String> {
    let at = reader.message.or_else(|| reader.sheet.newest(&reader.conversation))?;
    let message = reader.sheet.message(&reader.conversation, at)?;
    let text = message.mail.as_ref().and_then(|mail| mail.text_body.as_ref()).filter(|text| !text.is_empty());
    Some(text.unwrap_or(&message.message).display()).filter(|text| !text.is_empty())
}
