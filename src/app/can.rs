//! Why an action does nothing at this moment, in words: the palette shows it beside the name, the command line says it.

use super::{Action, Focus, State, bulk, log, outbox, prompt, review, tags};
use crate::model::Status;

/// Nothing: it can be done. Asked for where the action works at all.
pub fn why_not(state: &State, action: Action) -> Option<String> {
    let place = super::screen::place(state);
    let words = match action {
        Action::Undo if place == Focus::Log => return log::chosen(state).is_none().then(|| "nothing is chosen".to_owned()),
        Action::Undo if state.undo.is_empty() => "there is nothing to undo",
        Action::Redo if state.redo.is_empty() => "there is nothing to redo",
        Action::FindNext | Action::FindPrevious if place == Focus::Reader && state.reader.as_ref().is_none_or(|reader| reader.find.is_empty()) => {
            "nothing was searched here"
        }
        Action::Canned if state.canned.replies.is_empty() => "there are no canned replies yet",
        Action::CopyLink | Action::OpenCase if state.settings.link.is_none() => "no link is set in the config",
        Action::Repeat if state.deed.is_none() => "there is nothing to repeat yet",
        Action::Assist if state.settings.assist.is_none() => "no program is named in the config ([assist])",
        Action::Translate => return super::compose::translate::refused(state),
        Action::Tag | Action::Fields if tags::refused(state).is_some() => return tags::refused(state),
        _ if super::hints::decision(action).is_some() || action == Action::TakeBack => return in_outbox(state, action),
        // Then it is all of these that are meant, and the sheet says why not.
        _ if on_case(action) && bulk::wanted(state) => return None,
        _ if on_case(action) => return case(state, action),
        _ => return None,
    };
    Some(words.to_owned())
}

/// Does it change or answer the chosen case?
pub fn on_case(action: Action) -> bool {
    use Action::{Assign, Claim, Close, CloseAs, CopyContact, CopyId, CopyLink, CopyMessage, Macro, Note, Reopen, Reply, Snooze, SnoozeUntil, Unsnooze};
    matches!(
        action,
        Assign | Claim | Close | CloseAs | CopyContact | CopyId | CopyLink | CopyMessage | Macro | Note | Reopen | Reply | Snooze | SnoozeUntil | Unsnooze
    )
}

fn case(state: &State, action: Action) -> Option<String> {
    let Some(case) = state.target() else { return Some("no case is chosen".to_owned()) };
    let status = outbox::status(state, case);
    let closed = status == Some(Status::Closed);
    let words = match action {
        Action::CopyId | Action::CopyLink | Action::CopyMessage | Action::CopyContact => return None,
        Action::Reopen if closed => return None,
        Action::Reopen => "it is not closed",
        Action::Unsnooze if prompt::snoozed(state, case) => return None,
        Action::Unsnooze => "it is not snoozed",
        Action::Macro if state.canned.replies.is_empty() => "there are no canned replies yet",
        _ if closed => "it is closed",
        Action::Claim if status == Some(Status::Active) && outbox::mine(state, case) => "it is yours already",
        _ => return None,
    };
    Some(format!("#{case}: {words}"))
}

fn in_outbox(state: &State, action: Action) -> Option<String> {
    let words = match (review::chosen(state), action) {
        (None, _) => "nothing is chosen",
        (Some(op), Action::TakeBack) if review::editable(op) => return None,
        (Some(op), _) if super::hints::decision(action).is_some_and(|decision| review::choices(op).contains(&decision)) => return None,
        (Some(_), _) => "that is no choice for this one",
    };
    Some(words.to_owned())
}
