//! One action on all marked cases. A sheet says what would happen to each of them before Enter, and nothing happens before;
//! what is done is one step of undo. Many cases are read and queued in pieces, so that no key waits for all of them.

pub mod plan;

use super::bindings::Found;
use super::step::{self, Purpose, Work};
use super::undo::{self, Undone};
use super::update::say;
use super::{Action, Ask, Effect, Focus, Level, State, act, chord, help, triage, words};
use crate::model::about::About;
use crate::model::{Canned, CaseId, Change, DraftKind, OpId, Timestamp};
use plan::{Line, Plan};
use std::collections::{BTreeSet, VecDeque};
use tui_textarea::{Input, Key};

/// So many cases are read, and so many queued, before keys and the screen have their turn: each takes the loop half a frame.
const READ: usize = 100;
const PIECE: usize = 40;
/// A text to many is kept as the draft of this case, which nobody has.
pub const MANY: CaseId = CaseId(0);
/// Rows are named by the letters.
const LETTERS: usize = 26;
/// From this height on, and where something is said, the text of the chosen row has a place.
const ROOMY: u16 = 14;
/// From this width on a case takes one line.
const WIDE: u16 = 70;

/// What is to be done to each.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    Do(Change),
    /// A text with variables; with a state it closes as well.
    Say {
        kind: DraftKind,
        text: String,
        close: Option<String>,
    },
    Canned(Canned),
}

/// What would happen to each of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    pub job: Job,
    /// Those that were not read yet.
    pub unread: Vec<CaseId>,
    pub lines: Vec<Line>,
    /// The chosen row, and the first painted one.
    pub at: usize,
    pub top: usize,
    /// Where Esc goes.
    pub from: Focus,
}

/// What of a batch is still to be queued.
#[derive(Debug, Clone, PartialEq)]
pub struct Doing {
    step: Option<OpId>,
    rest: VecDeque<Work>,
    pub done: usize,
    pub total: usize,
    /// What is said at its end.
    words: String,
}

/// Are there marks that a key of the list is meant for?
pub fn wanted(state: &State) -> bool {
    let marks = &state.list.marks;
    state.focus == Focus::List && !(marks.is_empty() && marks.asked.is_none())
}

/// While the cases are still being looked for, no key may act on what was marked before.
pub fn still_looking(state: &mut State) -> Option<Vec<Effect>> {
    state.list.marks.asked.as_ref()?;
    Some(say(state, Level::Warning, "the cases are still being looked for: the key did nothing".to_owned()))
}

/// Lays the sheet out.
pub fn open(state: &mut State, job: Job) -> Vec<Effect> {
    if let Some(effects) = still_looking(state) {
        return effects;
    }
    if state.list.marks.is_empty() {
        return act::nothing_chosen(state);
    }
    let unread = state.list.marks.cases.iter().copied().collect();
    state.sheet = Some(Sheet { job, unread, lines: Vec::new(), at: 0, top: 0, from: state.focus });
    state.focus = Focus::Sheet;
    study(state)
}

fn study(state: &mut State) -> Vec<Effect> {
    let Some(sheet) = &mut state.sheet else { return Vec::new() };
    let piece: Vec<CaseId> = sheet.unread.iter().take(READ).copied().collect();
    if piece.is_empty() { Vec::new() } else { vec![Effect::Load(Ask::Study(piece))] }
}

/// A piece was read: what would happen to each is found out here and not changed any more.
pub fn studied(state: &mut State, asked: &[CaseId], found: Vec<About>) {
    let Some(mut sheet) = state.sheet.take() else { return };
    let asked: BTreeSet<CaseId> = asked.iter().copied().filter(|case| sheet.unread.contains(case)).collect();
    sheet.unread.retain(|case| !asked.contains(case));
    let known: BTreeSet<CaseId> = found.iter().map(|about| about.case.id).collect();
    sheet.lines.extend(found.into_iter().filter(|about| asked.contains(&about.case.id)).map(|about| plan::line(state, &sheet.job, &about)));
    sheet.lines.extend(asked.difference(&known).map(|case| Line::unknown(*case)));
    sheet.lines.sort_by_key(|line| line.case);
    state.sheet = Some(sheet);
}

/// The next piece of what is being read, or done.
pub fn go_on(state: &mut State) -> Vec<Effect> {
    let mut effects = study(state);
    effects.extend(queue(state));
    effects
}

/// At once, as soon as keys and the screen had their turn.
pub fn wake_at(state: &State) -> Option<Timestamp> {
    let more = state.doing.is_some() || state.sheet.as_ref().is_some_and(|sheet| !sheet.unread.is_empty());
    more.then_some(state.turned)
}

pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    if let (Key::Char(c @ 'a'..='z'), false, false) = (input.key, input.ctrl, input.alt) {
        return toggle(state, c as usize - 'a' as usize);
    }
    match state.settings.keys.find(Focus::Sheet, &chord::name(input)) {
        Found::Action(Action::DoAll) => run(state),
        Found::Action(Action::Back) => cancel(state),
        Found::Action(Action::Next) => step_by(state, 1),
        Found::Action(Action::Previous) => step_by(state, -1),
        Found::Action(Action::HalfDown) => page(state, 1),
        Found::Action(Action::HalfUp) => page(state, -1),
        Found::Action(Action::Help) => help::open(state),
        _ => {
            let [go, back] = [Action::DoAll, Action::Back].map(|action| state.settings.keys.shown(Focus::Sheet, action));
            say(state, Level::Warning, format!("{go} does it, {back} nothing; a letter leaves its row out"))
        }
    }
}

/// A letter leaves the painted row out, or takes it in.
fn toggle(state: &mut State, at: usize) -> Vec<Effect> {
    let fit = fit(state);
    let Some(sheet) = &mut state.sheet else { return Vec::new() };
    let at = sheet.top + at;
    let Some(line) = sheet.lines.get_mut(at).filter(|_| at < sheet.top + fit) else { return Vec::new() };
    sheet.at = at;
    match &line.plan {
        Plan::Cannot(why) => {
            let why = format!("#{}: {why}", line.case);
            say(state, Level::Warning, why)
        }
        Plan::Does { .. } => {
            line.out = !line.out;
            Vec::new()
        }
    }
}

fn step_by(state: &mut State, by: isize) -> Vec<Effect> {
    let fit = fit(state);
    if let Some(sheet) = &mut state.sheet {
        let last = sheet.lines.len().saturating_sub(1);
        sheet.at = sheet.at.saturating_add_signed(by).min(last);
        if sheet.at < sheet.top || sheet.at >= sheet.top + fit {
            // Letters stay with their rows for a page.
            sheet.top = sheet.at / fit * fit;
        }
    }
    Vec::new()
}

fn page(state: &mut State, direction: isize) -> Vec<Effect> {
    let by = isize::try_from(fit(state)).unwrap_or(1);
    step_by(state, by * direction)
}

/// How many rows are painted, each with its letter.
pub fn fit(state: &State) -> usize {
    let (_, list) = heights(state);
    usize::from(list / row_height(state)).clamp(1, LETTERS)
}

pub fn row_height(state: &State) -> u16 {
    if state.size.width < WIDE { 2 } else { 1 }
}

/// Lines for the text of the chosen row, and for the rows: within the frame and below its first line.
pub fn heights(state: &State) -> (u16, u16) {
    let inner = state.size.height.saturating_sub(5);
    let says = state.sheet.as_ref().is_some_and(|sheet| sheet.lines.get(sheet.at).is_some_and(|line| line.text().is_some()));
    let text = if says && state.size.height >= ROOMY { (inner / 3).clamp(3, 9) } else { 0 };
    (text, inner.saturating_sub(text))
}

/// Esc: nothing was done, the marks stay.
pub fn cancel(state: &mut State) -> Vec<Effect> {
    if let Some(sheet) = state.sheet.take() {
        state.focus = sheet.from;
    }
    Vec::new()
}

/// Enter.
pub fn run(state: &mut State) -> Vec<Effect> {
    let Some(sheet) = &state.sheet else { return Vec::new() };
    if !sheet.unread.is_empty() {
        let (read, all) = (sheet.lines.len(), sheet.lines.len() + sheet.unread.len());
        return say(state, Level::Warning, format!("{read} of {all} cases are read: in a moment"));
    }
    let rest: VecDeque<Work> = sheet.lines.iter().filter_map(Line::work).collect();
    let Some(first) = rest.front() else {
        return say(state, Level::Warning, "nothing to do: every row is left out, or does not take it".to_owned());
    };
    let left = sheet.lines.len() - rest.len();
    let left = if left == 0 { String::new() } else { format!(" · {left} left as they are") };
    let more = words::more(state, &first.changes);
    let words = if rest.len() == 1 { undo::words_of(&first.changes, first.case) } else { undo::words_of_many(&first.changes, rest.len()) };
    let cases: BTreeSet<CaseId> = rest.iter().map(|work| work.case).collect();
    let leaves = first.changes.iter().any(|change| matches!(change, Change::Close { .. } | Change::Snooze { .. }));
    let mut effects = Vec::new();
    if state.compose.take_if(|compose| compose.case == MANY).is_some() {
        effects.push(Effect::DropDraft(MANY));
    }
    (state.sheet, state.focus) = (None, Focus::List);
    if leaves {
        step_off(state, &cases);
    }
    state.list.marks = super::marks::Marks::default();
    let undone = Undone { words: words.clone(), case: *cases.first().unwrap_or(&MANY), view: state.list.view, ..Undone::default() };
    state.doing = Some(Doing { step: None, total: rest.len(), rest, done: 0, words: format!("{words}{more}{left}") });
    effects.extend(begin(state, undone));
    effects
}

fn begin(state: &mut State, undone: Undone) -> Vec<Effect> {
    // The first piece names the step.
    undo::remember(state, undone);
    queue(state)
}

/// The cursor leaves what goes out of the way for the next row that stays.
fn step_off(state: &mut State, cases: &BTreeSet<CaseId>) {
    let Some(at) = state.list.at() else { return };
    let rows = &state.list.window.rows;
    let stays = |row: &&crate::model::Row| !cases.contains(&row.id);
    let next = rows[at..].iter().find(stays).or_else(|| rows[..at].iter().rev().find(stays));
    if let Some(row) = next {
        state.list.selected = Some(row.id);
    }
    triage::keep_in_view(state);
}

/// Queues the next piece, in one transaction.
fn queue(state: &mut State) -> Vec<Effect> {
    let Some(mut doing) = state.doing.take() else { return Vec::new() };
    let piece: Vec<Work> = doing.rest.drain(..PIECE.min(doing.rest.len())).collect();
    let count = piece.len();
    let purpose = Purpose { goes_on: doing.step.map(|step| (step, doing.done)), ..Purpose::default() };
    let ops = step::compose_all(state, piece, purpose);
    let first = doing.step.is_none();
    doing.step = doing.step.or_else(|| ops.first().map(crate::model::Op::id));
    doing.done += count;
    let entry = state.undo.iter_mut().rev().find(|undone| if first { undone.ops.is_empty() } else { Some(undone.step) == doing.step });
    if let (Some(entry), Some(step)) = (entry, doing.step) {
        entry.step = step;
        entry.ops.extend(ops.iter().map(crate::model::Op::id));
    }
    let held = ops.iter().any(|op| op.not_before.is_some());
    let back = format!(" · {} takes all of it back", state.key(Action::Undo));
    let words = match doing.rest.len() {
        0 => format!("{}{}", doing.words, if held { back.as_str() } else { "" }),
        _ => format!("queued {} of {}{back}", doing.done, doing.total),
    };
    let _notice = say(state, Level::Done, words);
    if !doing.rest.is_empty() {
        state.doing = Some(doing);
    }
    vec![Effect::Queue(ops)]
}

/// What was not queued yet is not done at all.
pub fn stop(state: &mut State) {
    state.doing = None;
}

/// With marks the canned replies of every channel are offered: each row of the sheet says whether one fits.
pub fn any_channel(state: &State) -> bool {
    !state.list.marks.is_empty() && state.compose.is_none() && super::screen::place(state) == Focus::List
}

/// `r` and `i`: one text for all of them; what was begun for many comes back.
pub fn compose(state: &mut State, kind: DraftKind) -> Vec<Effect> {
    if let Some(effects) = still_looking(state) {
        return effects;
    }
    let effects = super::compose::autosave_now(state);
    state.compose = Some(super::compose::Compose::new(MANY, kind, ""));
    state.focus = Focus::Compose;
    effects.into_iter().chain([Effect::Load(Ask::Draft(MANY))]).collect()
}

/// Ctrl-s: the text is shown as each of them would get it.
pub fn say_it(state: &mut State, kind: DraftKind, text: &str, close: bool) -> Vec<Effect> {
    let mut effects = super::compose::autosave_now(state);
    let close = close.then(|| super::macros::closing_state(state, MANY));
    effects.extend(open(state, Job::Say { kind, text: text.to_owned(), close }));
    effects
}
