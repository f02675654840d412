//! The compose box: a reply or a note to one case. Letters are text at once; what happens to the text on the disk is next
//! door in `keep`, what keys do to it in `edit`. Nothing in here discards a text.

pub mod assist;
pub mod company;
pub mod count;
pub mod edit;
pub mod keep;
pub mod letter;
pub mod offer;
mod quote;
pub mod revise;
mod send;
mod since;
pub mod translate;
pub mod vi;

pub use edit::{edited, editor};
pub use keep::{autosave, autosave_now, leave};
pub use quote::quote;
pub use send::{After, send};
pub(super) use send::{send_at, stopped, unplannable};
pub(super) use since::newest;
pub use since::news;

use super::bindings::Found;
use super::update::say;
use super::{Action, Ask, Effect, Focus, Level, State, bulk, chord, macros, outbox};
use crate::model::draft::slot;
use crate::model::{CaseId, Channel, Draft, DraftKind, Head, Lang, MessageId, Op, OpState, Status, Timestamp, Version};
use tui_textarea::{CursorMove, Input, Key, TextArea, WrapMode};

/// No text is longer, in bytes.
pub const LONGEST: usize = 1024 * 1024;

/// A text in the making.
#[derive(Debug, Clone)]
pub struct Compose {
    pub case: CaseId,
    pub kind: DraftKind,
    pub area: TextArea<'static>,
    /// The newest message when the agent began to write.
    pub answers: Option<MessageId>,
    /// When the first unsaved change was made; `None` when the draft on the disk is this text.
    pub dirty: Option<Timestamp>,
    /// When the last change was made.
    pub typed: Option<Timestamp>,
    /// When the draft was last saved.
    pub saved: Option<Timestamp>,
    /// What others had written when the agent began, counted once the thread is known; and how much came since.
    pub known: Option<usize>,
    pub fresh: usize,
    /// It came back from the outbox, from this state, and is not in the draft yet.
    pub taken: Option<OpState>,
    /// Whom a mail goes to, once the agent said so; and what the thread says of it.
    pub head: Option<Box<Head>>,
    pub mail: Option<Box<letter::Known>>,
    /// The language the server is to put a reply into.
    pub translate: Option<Lang>,
    /// The head while it is open for writing.
    pub fields: Option<Box<letter::Fields>>,
    /// Names for the word at the cursor; and where they were waved away.
    pub offer: Option<offer::Offer>,
    pub spurned: Option<offer::Place>,
    /// Whole texts that were replaced, each with its own steps of undo.
    pub past: edit::Past,
    /// Earlier texts of the case, once they were asked for.
    pub versions: Vec<Version>,
    /// The message its words are to take the place of.
    pub edits: Option<revise::Edits>,
    /// Who else was at it was said.
    pub told: bool,
    pub begun: Option<Timestamp>,
    /// When a program proposed what stands there, until that was looked at.
    pub proposed: Option<Timestamp>,
    /// The mode of vi, where the config asks for its keys.
    pub vi: Option<vi::Vi>,
}

impl Compose {
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// An empty box.
    pub(super) fn new(case: CaseId, kind: DraftKind, text: &str) -> Self {
        Self {
            case,
            kind,
            area: area(text),
            answers: None,
            dirty: None,
            typed: None,
            saved: None,
            known: None,
            fresh: 0,
            taken: None,
            head: None,
            mail: None,
            translate: None,
            fields: None,
            offer: None,
            spurned: None,
            past: edit::Past::default(),
            versions: Vec::new(),
            edits: None,
            told: false,
            begun: None,
            proposed: None,
            vi: None,
        }
    }

    /// What its draft is kept under.
    pub fn slot(&self) -> CaseId {
        slot(self.case, self.edits.as_ref().map(|edits| edits.message))
    }

    /// The way a reply will take, where it is known.
    pub fn channel<'s>(&self, state: &'s State) -> Option<&'s Channel> {
        let case = state.reader.as_ref().and_then(|reader| reader.conversation.case(self.case)).map(|case| &case.channel);
        case.or_else(|| state.list.window.rows.iter().find(|row| row.id == self.case).map(|row| &row.channel))
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.area.lines().iter().map(|line| line.len() + 1).sum::<usize>().saturating_sub(1)
    }

    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// The text is another one than on the disk.
    pub fn touch(&mut self, now: Timestamp) {
        self.dirty = self.dirty.or(Some(now));
        self.typed = Some(now);
    }
}

/// Opens the box for the target case; its draft comes back.
pub fn open(state: &mut State, kind: DraftKind) -> Vec<Effect> {
    if bulk::wanted(state) {
        return bulk::compose(state, kind);
    }
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    if outbox::status(state, case) == Some(Status::Closed) {
        let why = super::words::closed(state, case);
        return say(state, Level::Warning, why);
    }
    let mut effects = autosave_now(state);
    effects.extend(super::reader::open_case(state, case));
    state.focus = Focus::Compose;
    let answers = newest(state, case);
    state.compose = Some(Compose { answers, vi: vi::Vi::wanted(state), ..Compose::new(case, kind, "") });
    news(state);
    company::tell(state);
    effects.extend(company::look(state, case));
    effects.push(Effect::Load(Ask::Draft(case)));
    effects
}

/// The words of an operation that was cancelled for it, in the box of its case; a draft that stands there stays above them.
pub fn take_back(state: &mut State, op: &Op, kind: DraftKind, text: &str) -> Vec<Effect> {
    let case = op.case();
    let mut effects = autosave_now(state);
    effects.extend(super::reader::open_case(state, case));
    state.focus = Focus::Compose;
    let (saved, head) = (Some(op.mutation.at), op.mutation.head().cloned().map(Box::new));
    let (taken, translate) = (Some(op.state), op.mutation.change.translate().cloned());
    state.compose = Some(Compose { vi: vi::Vi::wanted(state), answers: op.heard(), saved, head, taken, translate, ..Compose::new(case, kind, text) });
    news(state);
    effects.push(Effect::Load(Ask::Draft(case)));
    effects
}

/// The disk has the draft that the cancelling left. None: it was sent, or taken, by somebody else a moment before.
fn taken_back(state: &mut State, from: OpState, draft: Option<Draft>) -> Vec<Effect> {
    let now = state.now;
    let Some(compose) = &mut state.compose else { return Vec::new() };
    let text = compose.text();
    match draft {
        None if from != OpState::Failed => {
            state.compose = None;
            state.focus = Focus::Reader;
            return say(state, Level::Warning, "it was on its way already: nothing was taken back".to_owned());
        }
        Some(draft) if !draft.text.trim().is_empty() && draft.text.trim_end() != text.trim_end() => {
            compose.area = area(&format!("{}\n\n{text}", draft.text.trim_end()));
            // What was meant for colleagues goes to no customer by accident.
            compose.kind = if draft.kind == DraftKind::Note { draft.kind } else { compose.kind };
            let _notice = say(state, Level::Warning, "a draft stood here: it is above, the text from the outbox below it".to_owned());
        }
        _ => {}
    }
    if let Some(compose) = &mut state.compose {
        compose.dirty = Some(now);
    }
    let written = state.compose.as_ref().and_then(|compose| compose.saved);
    let effects = autosave_now(state);
    // What others wrote counts from when the text was composed.
    if let Some(compose) = &mut state.compose {
        compose.saved = written;
    }
    effects
}

pub fn area(text: &str) -> TextArea<'static> {
    let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
    area.set_max_histories(edit::STEPS);
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_cursor_line_style(ratatui::style::Style::default());
    area.move_cursor(CursorMove::Bottom);
    area.move_cursor(CursorMove::End);
    area
}

/// The draft of the case, unless the agent was quicker and typed already.
pub fn draft_loaded(state: &mut State, case: CaseId, draft: Option<Draft>) -> Vec<Effect> {
    let [send, switch] = [Action::Send, Action::SwitchKind].map(|action| state.settings.keys.shown(Focus::Compose, action));
    let Some(compose) = state.compose.as_mut().filter(|compose| compose.slot() == case && compose.dirty.is_none()) else { return Vec::new() };
    if let Some(from) = compose.taken.take() {
        return taken_back(state, from, draft);
    }
    let Some(draft) = draft.filter(|draft| !draft.text.is_empty() || draft.head.is_some() || draft.translate.is_some()) else { return Vec::new() };
    compose.area = area(&draft.text);
    compose.head = draft.head.or(compose.head.take());
    compose.translate = draft.translate.or(compose.translate.take());
    compose.answers = draft.answers.or(compose.answers);
    compose.saved = Some(draft.updated);
    compose.known = None;
    if compose.edits.is_some() {
        let _notice = say(state, Level::Done, format!("your edit of it goes on; what is sent stays as it is until {send}"));
    } else if draft.kind != compose.kind {
        compose.kind = draft.kind;
        let what = if draft.kind == DraftKind::Note { "note" } else { "reply" };
        let _notice = say(state, Level::Warning, format!("your draft here is a {what}; {switch} switches"));
    }
    news(state);
    Vec::new()
}

pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    super::update::read(state);
    if !matches!(input.key, Key::Char(_)) || input.ctrl || input.alt {
        company::heard(state);
    }
    if input.key == Key::Esc
        && let Some(effects) = assist::stop(state)
    {
        return effects;
    }
    // A popup and a head that is open come before the keys of vi: what is typed there is theirs.
    let done = offer::pressed(state, input).or_else(|| letter::pressed(state, input)).or_else(|| vi::pressed(state, input));
    let effects = done.unwrap_or_else(|| obeyed(state, input));
    offer::renew(state);
    effects
}

/// A key that is for the text, or in the table.
fn obeyed(state: &mut State, input: &Input) -> Vec<Effect> {
    let typed = chord::join(&state.keys, &chord::name(input));
    // A letter is text, unless it goes on with a sequence.
    if !matches!(input.key, Key::Char(_)) || input.ctrl || !state.keys.is_empty() {
        match state.settings.keys.find(Focus::Compose, &typed) {
            Found::Action(action) => {
                state.keys.clear();
                return super::act::act(state, action);
            }
            Found::Begun => {
                super::which::begun(state, typed);
                return Vec::new();
            }
            Found::Nothing if !state.keys.is_empty() => {
                // A broken sequence is swallowed: its second key was not meant as text.
                state.keys.clear();
                if input.key == Key::Esc {
                    return Vec::new();
                }
                return say(state, Level::Warning, format!("{} means nothing here", chord::written(&typed)));
            }
            Found::Nothing => {}
        }
    }
    if macros::called(state, input) {
        return macros::pick(state);
    }
    edit::pressed(state, input)
}

/// A paste is inserted as it is, line ends made one kind and control characters dropped; it is never obeyed.
pub fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    let now = state.now;
    let Some(compose) = &mut state.compose else { return Vec::new() };
    if compose.fields.is_some() {
        return letter::pasted(state, text);
    }
    let room = LONGEST.saturating_sub(compose.len());
    let cut = text.len() > room;
    let end = (0..=text.len().min(room)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    if compose.area.insert_str(clean(&text[..end])) {
        compose.touch(now);
    }
    if cut { say(state, Level::Warning, "the paste was cut: no text is longer than 1 MiB".to_owned()) } else { Vec::new() }
}

/// Line ends of one kind, and nothing that a terminal would obey.
pub(super) fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect()
}

pub fn switch(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    if state.compose.as_ref().is_some_and(|compose| compose.edits.is_some()) {
        return say(state, Level::Warning, "what was sent stays what it was: a message is no note, and a note no message".to_owned());
    }
    if let Some(compose) = &mut state.compose {
        compose.kind = if compose.kind == DraftKind::Reply { DraftKind::Note } else { DraftKind::Reply };
        compose.fields = None;
        compose.touch(now);
    }
    Vec::new()
}
