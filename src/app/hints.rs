//! What the bottom line offers at this moment: of the key table, what works here and on this case, most useful first.

use super::compose::vi::Mode;
use super::keymap::{KEYS, Key};
use super::{Action, Decision, Focus, State, habits, log, outbox, review};
use crate::model::{CaseId, DraftKind, Status, Untrusted};

/// Key and word. The last one is the key help, which must never fall off the line.
pub fn hints(state: &State) -> Vec<(String, String)> {
    let place = match state.focus {
        Focus::Prompt | Focus::Help | Focus::Page => return Vec::new(),
        Focus::Search => {
            return ["Enter open", "↑↓ choose", "Ctrl-u clear", "Esc back"]
                .iter()
                .filter_map(|hint| hint.split_once(' '))
                .map(|(key, word)| (key.to_owned(), word.to_owned()))
                .collect();
        }
        place => place,
    };
    if let Some(keys) = inside(state).filter(|_| place == Focus::Compose) {
        return keys.into_iter().map(|(key, word)| (key.to_owned(), word)).collect();
    }
    let mut rows: Vec<&Key> = KEYS.iter().filter(|row| row.places.contains(&place) && !row.hint.is_empty() && offered(state, place, row.action)).collect();
    // What belongs to this place alone comes first; what opens has its place in the table.
    rows.sort_by_key(|row| (row.action == Action::Help, row.places.len() > 1 || matches!(row.action, Action::Open | Action::SaveFiles)));
    let normal = mode(state) == Some(Mode::Normal) && state.assisting.is_none();
    let key = |row: &Key| {
        if normal && row.action == Action::Leave {
            Some("q".to_owned())
        } else {
            state.settings.keys.keys(place, row.action).first().map(|(key, _)| key.clone())
        }
    };
    rows.into_iter().filter_map(|row| Some((key(row)?, word(state, row)))).collect()
}

/// Where the keys of vi stand, if the box has them.
fn mode(state: &State) -> Option<Mode> {
    state.compose.as_ref().and_then(|compose| compose.vi.as_ref()).map(|vi| vi.mode)
}

/// What keys do while names are offered, or the head of a mail is open.
fn inside(state: &State) -> Option<Vec<(&'static str, String)>> {
    let compose = state.compose.as_ref()?;
    let rows: &[(&str, &str)] = match (&compose.offer, &compose.fields) {
        (Some(_), _) => &[("Tab", "put it in"), ("Down", "next"), ("Esc", "leave it as it is")],
        (None, Some(_)) => &[("Tab", "next field"), ("Enter", "back to the text"), ("Ctrl-s", "send")],
        (None, None) => return None,
    };
    Some(rows.iter().map(|(key, word)| (*key, (*word).to_owned())).collect())
}

fn offered(state: &State, place: Focus, action: Action) -> bool {
    match action {
        Action::Undo if place == Focus::Log => log::chosen(state).is_some_and(log::Entry::undoable),
        Action::Undo => state.undo.last().is_some_and(|last| super::undo::can(state, last)),
        Action::Back if place == Focus::List => !state.list.marks.is_empty(),
        Action::Refresh => place == Focus::List && (state.target().is_none() || state.list.window.news > 0),
        Action::Canned => super::macros::offers(state),
        Action::SwitchKind => state.compose.as_ref().is_none_or(|compose| compose.edits.is_none()),
        Action::Help | Action::Send | Action::SendAndClose | Action::SendAndNext | Action::Editor | Action::Leave | Action::DoAll => true,
        Action::Back if place == Focus::Sheet => true,
        _ if place == Focus::Log => action == Action::Back || action == Action::Find || log::chosen(state).is_some(),
        _ if place == Focus::Outbox => in_outbox(state, action),
        Action::Close | Action::Reply | Action::Note | Action::Macro | Action::Snooze | Action::Claim if marked(state, place) => true,
        _ => state.target().is_some_and(|case| on_case(state, place, case, action)),
    }
}

fn in_outbox(state: &State, action: Action) -> bool {
    match (review::chosen(state), action) {
        (_, Action::Back) => true,
        (None, _) => false,
        (Some(op), Action::TakeBack) => review::editable(op),
        (Some(op), action) => decision(action).is_none_or(|decision| review::choices(op).contains(&decision)),
    }
}

/// What a key of the pane decides.
pub fn decision(action: Action) -> Option<Decision> {
    Some(match action {
        Action::Retry => Decision::Retry,
        Action::Anyway => Decision::Anyway,
        Action::ReopenAndSend => Decision::Reopen,
        Action::MarkSent => Decision::Sent,
        Action::ToNote => Decision::Note,
        Action::ToDraft => Decision::Draft,
        Action::Discard => Decision::Discard,
        _ => return None,
    })
}

fn on_case(state: &State, place: Focus, case: CaseId, action: Action) -> bool {
    let status = outbox::status(state, case);
    let closed = status == Some(Status::Closed);
    match action {
        Action::Back => false,
        Action::Open => place != Focus::Reader || closed,
        Action::SaveFiles => state.reader.as_ref().is_some_and(super::files::painted),
        Action::Macro => !closed && !state.canned.replies.is_empty(),
        Action::Close | Action::Reply | Action::Note | Action::Snooze => !closed,
        Action::Claim => !(closed || status == Some(Status::Active) && outbox::mine(state, case)),
        _ => true,
    }
}

/// With the state it would use, where there is more than one.
fn close(state: &State) -> String {
    let (word, known) = (habits::closing(state, state.target()), &state.settings.closing_states);
    if known.len() > 1 || known.first() != Some(&word) { format!("close ({})", Untrusted::from(word).brief(24)) } else { "close".to_owned() }
}

fn marked(state: &State, place: Focus) -> bool {
    place == Focus::List && !state.list.marks.is_empty()
}

fn word(state: &State, row: &Key) -> String {
    let note = || state.compose.as_ref().is_some_and(|compose| compose.kind == DraftKind::Note);
    match row.action {
        Action::Close | Action::Reply if marked(state, state.focus) => format!("{} {}", row.hint, state.list.marks.len()),
        Action::Back if state.focus == Focus::List => format!("unmark {}", state.list.marks.len()),
        Action::Undo if state.focus == Focus::Log => row.hint.to_owned(),
        Action::Undo => state.undo.last().map_or_else(String::new, |done| format!("undo \"{}\"", done.words)),
        Action::Close => close(state),
        Action::Open if state.focus == Focus::Reader => "reopen…".to_owned(),
        Action::Refresh if state.list.window.news > 0 => format!("{} new", state.list.window.news),
        Action::SendAndClose => {
            let meant = state.compose.as_ref().and_then(|compose| super::macros::meant(state, compose.case));
            meant.map_or_else(|| row.hint.to_owned(), |word| format!("send and close as {word}"))
        }
        Action::Leave if state.assisting.is_some() => "stop assist".to_owned(),
        Action::Leave if mode(state).is_some_and(|mode| mode != Mode::Normal) => "normal mode".to_owned(),
        Action::SwitchKind => if note() { "to reply" } else { "to note" }.to_owned(),
        Action::Open if state.focus == Focus::Outbox && review::pane::places(state).detail.is_some() => "open case".to_owned(),
        Action::Anyway => review::chosen(state).map_or("", |op| review::label(op, Decision::Anyway)).to_owned(),
        Action::ToDraft if review::chosen(state).is_some_and(|op| !op.mutation.change.adds_message()) => "drop".to_owned(),
        _ => row.hint.to_owned(),
    }
}
