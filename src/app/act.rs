//! What each action does: one arm each, the work is done next door.

use super::prompt::PromptKind;
use super::repeat::Deed;
use super::update::say;
use super::{
    Action, Effect, Focus, Level, State, bulk, compose, files, form, habits, help, hints, hunt, later, leave, links, log, macros, marks, outbox, palette,
    pointer, prompt, reader, repeat, review, screen, search, snooze, sync, tags, triage, undo, views, words, workload,
};
use crate::model::{Change, DraftKind, Status, View};

/// Runs an action where the focus is.
pub fn act(state: &mut State, action: Action) -> Vec<Effect> {
    if action != Action::Undo {
        undo::distracted(state);
    }
    if let Some(effects) = compose::revise::answered(state, action) {
        return effects;
    }
    if let Some(by) = over_card(state, action) {
        return reader::scroll_card(state, by);
    }
    match action {
        Action::Next => moved(state, 1),
        Action::Previous => moved(state, -1),
        Action::First => edge(state, false),
        Action::Last => edge(state, true),
        Action::HalfDown => half(state, 1),
        Action::HalfUp => half(state, -1),
        Action::Open => open(state),
        Action::Fold => fold(state),
        Action::Back => back(state),
        Action::ScrollDown => paged(state, 1),
        Action::ScrollUp => paged(state, -1),
        Action::NextMessage => reader::message(state, 1),
        Action::PreviousMessage => reader::message(state, -1),
        Action::NextCase => triage::walk(state, 1),
        Action::PreviousCase => triage::walk(state, -1),
        Action::NewerCase => reader::chain(state, 1),
        Action::OlderCase => reader::chain(state, -1),
        Action::NewestCase => reader::chain(state, isize::MAX),
        Action::NextView => views::turn(state, 1),
        Action::PreviousView => views::turn(state, -1),
        Action::View(at) => View::ALL.get(usize::from(at)).map_or_else(Vec::new, |view| triage::view(state, *view)),
        Action::Find => prompt::open(state, sought(state.focus)),
        Action::FindNext => find_next(state, 1),
        Action::FindPrevious => find_next(state, -1),
        Action::Command => prompt::open(state, PromptKind::Command),
        Action::Help => help::open(state),
        Action::Drafts => views::drafts(state),
        Action::SearchAll => search::open(state),
        Action::Palette => palette::open(state),
        Action::Refresh => sync::refresh(state),
        Action::Outbox => review::show(state),
        Action::Log => log::show(state),
        Action::Workload => workload::show(state),
        Action::Card => reader::card(state),
        Action::Larger => screen::resize(state, 1),
        Action::Smaller => screen::resize(state, -1),
        Action::Mouse => pointer::switch(state),
        Action::CopyId | Action::CopyLink | Action::CopyMessage | Action::CopyContact => reader::copy(state, action),
        Action::SaveFiles => files::open(state),
        Action::Links => links::open(state),
        Action::OpenCase => links::case(state),
        Action::Quit => quit(state),
        _ => change(state, action),
    }
}

/// What scrolls, scrolls the card while it lies over the thread; in the list `j` and `k` go on to the next card.
fn over_card(state: &State, action: Action) -> Option<isize> {
    let reading = state.focus == Focus::Reader;
    let covered = state.card && screen::card_covers(state) && matches!(state.focus, Focus::List | Focus::Reader);
    if !covered {
        return None;
    }
    let half = isize::try_from(state.size.height / 2).unwrap_or(1);
    match action {
        Action::ScrollDown | Action::HalfDown => Some(half),
        Action::ScrollUp | Action::HalfUp => Some(-half),
        Action::Next if reading => Some(1),
        Action::Previous if reading => Some(-1),
        _ => None,
    }
}

/// The actions that change a case or a text.
fn change(state: &mut State, action: Action) -> Vec<Effect> {
    match action {
        Action::Reply => compose::open(state, DraftKind::Reply),
        Action::Note => compose::open(state, DraftKind::Note),
        Action::EditMessage => compose::revise::edit(state),
        Action::DeleteMessage => compose::revise::delete(state),
        Action::Close => close(state),
        Action::CloseAs => with_target(state, PromptKind::CloseAs),
        Action::Reopen => outbox::act_on_target(state, Change::Reopen),
        Action::Claim => again(state, Deed::Claim, Change::Claim),
        Action::Assign => with_target(state, PromptKind::Assign),
        Action::Snooze => snooze::default(state),
        Action::SnoozeUntil => with_target(state, PromptKind::Snooze),
        Action::Unsnooze => again(state, Deed::Unsnooze, Change::Unsnooze),
        Action::Unread => triage::unread(state),
        Action::Repeat => repeat::repeat(state),
        Action::Tag => tags::open(state),
        Action::Fields => form::open(state),
        Action::Macro => macros::open(state),
        Action::DoAll => bulk::run(state),
        Action::Mark => marks::toggle(state),
        Action::MarkRange => marks::range(state),
        Action::MarkAll => marks::all(state),
        Action::MarkAlike => marks::alike(state),
        Action::Unmark => {
            marks::clear(state);
            Vec::new()
        }
        Action::Reload => macros::reload(state),
        Action::Undo if state.focus == Focus::Log => log::undo(state),
        Action::Redo if state.focus == Focus::Log => log::redo(state),
        Action::Undo => undo::undo(state),
        Action::Redo => undo::redo(state),
        Action::Send => compose::send(state, compose::After::Stay),
        Action::SendAndClose => compose::send(state, compose::After::Close),
        Action::SendAndNext => compose::send(state, compose::After::Next),
        Action::Assist => compose::assist::ask(state),
        Action::SendLater => later::ask(state, false),
        Action::SendUnless => later::ask(state, true),
        Action::SwitchKind => compose::switch(state),
        Action::Canned => macros::pick(state),
        Action::Editor => compose::editor(state),
        Action::Leave => compose::leave(state),
        Action::Versions => compose::keep::history(state),
        Action::UndoText => compose::edit::undo(state),
        Action::RedoText => compose::edit::redo(state),
        Action::Head => compose::letter::toggle(state),
        Action::Quote => compose::quote(state),
        Action::Translate => compose::translate::open(state),
        Action::TakeBack => review::edit(state),
        _ => hints::decision(action).map_or_else(Vec::new, |decision| review::choose(state, decision)),
    }
}

/// With the state that a close of such a case used last.
fn close(state: &mut State) -> Vec<Effect> {
    let word = habits::closing(state, state.target());
    again(state, Deed::Close(word.clone()), Change::Close { state: word })
}

/// A change that `.` can do again.
fn again(state: &mut State, deed: Deed, change: Change) -> Vec<Effect> {
    let effects = outbox::act_on_target(state, change);
    repeat::done(state, deed, effects)
}

fn with_target(state: &mut State, kind: PromptKind) -> Vec<Effect> {
    if bulk::wanted(state) {
        return prompt::open(state, kind);
    }
    match state.target() {
        None => nothing_chosen(state),
        Some(case) if outbox::status(state, case) == Some(Status::Closed) => {
            let why = words::closed(state, case);
            say(state, Level::Warning, why)
        }
        Some(_) => prompt::open(state, kind),
    }
}

pub(super) fn nothing_chosen(state: &mut State) -> Vec<Effect> {
    say(state, Level::Warning, "no case is chosen".to_owned())
}

fn moved(state: &mut State, by: isize) -> Vec<Effect> {
    match state.focus {
        Focus::Reader => reader::scroll(state, by),
        Focus::Outbox => review::pane::select(state, by),
        Focus::Log => log::select(state, by),
        _ => triage::select(state, by),
    }
}

fn edge(state: &mut State, end: bool) -> Vec<Effect> {
    match state.focus {
        Focus::Reader => reader::edge(state, end),
        Focus::Outbox => review::pane::select(state, if end { isize::MAX } else { isize::MIN }),
        Focus::Log => log::select(state, if end { isize::MAX } else { isize::MIN }),
        _ => triage::edge(state, end),
    }
}

fn half(state: &mut State, direction: isize) -> Vec<Effect> {
    match state.focus {
        Focus::Reader => reader::scroll_half(state, direction),
        Focus::Outbox => review::pane::half(state, direction),
        Focus::Log => log::half(state, direction),
        _ => triage::half(state, direction),
    }
}

fn paged(state: &mut State, direction: isize) -> Vec<Effect> {
    if state.focus == Focus::Outbox { review::pane::scroll_page(state, direction) } else { reader::scroll_page(state, direction) }
}

/// What `/` narrows or looks through.
fn sought(focus: Focus) -> PromptKind {
    match focus {
        Focus::Reader => PromptKind::Find,
        Focus::Log => PromptKind::Log,
        _ => PromptKind::Filter,
    }
}

fn find_next(state: &mut State, direction: isize) -> Vec<Effect> {
    if state.focus == Focus::Reader { hunt::find_next(state, direction) } else { triage::select(state, direction) }
}

fn open(state: &mut State) -> Vec<Effect> {
    match state.focus {
        Focus::Outbox => review::pane::enter(state),
        Focus::Log => log::open(state),
        Focus::Reader => prompt::open(state, PromptKind::Menu),
        _ => reader::open(state),
    }
}

/// What is folded in a thread; where nothing is, what the key opens elsewhere.
fn fold(state: &mut State) -> Vec<Effect> {
    if state.focus == Focus::Reader && reader::fold(state) { Vec::new() } else { open(state) }
}

/// One level back: outbox, thread, marks, filter; never discards and never quits.
fn back(state: &mut State) -> Vec<Effect> {
    match state.focus {
        Focus::List | Focus::Reader if state.card && screen::card_covers(state) => state.card = false,
        Focus::Outbox => review::pane::back(state),
        Focus::Log => log::back(state),
        Focus::Reader => search::back(state),
        Focus::Sheet => return bulk::cancel(state),
        _ => {
            if !marks::clear(state) && !state.list.filter.is_empty() {
                triage::filter(state, crate::model::Filter::default(), String::new());
            }
        }
    }
    Vec::new()
}

fn quit(state: &mut State) -> Vec<Effect> {
    if state.focus == Focus::List && !(state.card && screen::card_covers(state)) { leave::leave(state, false) } else { back(state) }
}
