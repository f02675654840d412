//! The one table of keys: what the program obeys, `?` shows, the bar hints at and the README prints.
//! Another key is another row; a new action is a line of the table of names in `action`, a row here and its arm in `act`.
//! An action without a key has a row without keys: it has its name and the palette.

use super::lines::time::length;
use super::{Action, Focus, Settings};
use Focus::{Compose, List, Log, Outbox, Reader, Sheet};

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Where it works.
    pub places: &'static [Focus],
    /// As it is written: `j`, `gg`, `Ctrl-d`, `Enter`; none where it is called by its name only.
    pub keys: &'static [&'static str],
    pub action: Action,
    /// What it does, for help and README.
    pub help: &'static str,
    /// A word for the bar; empty when the bar does not show it.
    pub hint: &'static str,
}

const fn key(places: &'static [Focus], keys: &'static [&'static str], action: Action, help: &'static str, hint: &'static str) -> Key {
    Key { places, keys, action, help, hint }
}

const ALL: &[Focus] = &[List, Reader, Outbox, Log];
const CASE: &[Focus] = &[List, Reader];

/// Every key of the program. The bar shows those with a hint, in this order.
pub const KEYS: &[Key] = &[
    key(CASE, &["e"], Action::Close, "close with the last used state, go to the next", "close"),
    key(CASE, &["E"], Action::CloseAs, "close as… (numbered states)", ""),
    key(CASE, &["r"], Action::Reply, "reply to the customer", "reply"),
    key(CASE, &["i"], Action::Note, "internal note, seen by agents only", "note"),
    key(&[Reader], &["c"], Action::EditMessage, "change a message of yours: the chosen one (J, K), else your newest", ""),
    key(&[Reader], &["D"], Action::DeleteMessage, "delete a message of yours, after a question", ""),
    key(CASE, &["m"], Action::Macro, "macro: a canned reply with its close or snooze, then the next case; 1-9 or a name", "macro"),
    key(CASE, &["b"], Action::Snooze, "snooze for the default time", "snooze"),
    key(CASE, &["B"], Action::SnoozeUntil, "snooze until… (plain words: 2h, tomorrow 9, mon, 1 dec, until they write)", ""),
    key(CASE, &["a"], Action::Claim, "claim: it becomes yours", "claim"),
    key(CASE, &["A"], Action::Assign, "assign to… by letter: invites a colleague or a department", ""),
    key(CASE, &["t"], Action::Tag, "tags: Space marks, Enter sets them", ""),
    key(CASE, &["f"], Action::Fields, "fields of the case and its contact: a form", ""),
    key(CASE, &["u"], Action::Unread, "mark unread, for later; again: read", ""),
    key(CASE, &["."], Action::Repeat, "do again what you did to the last case: close, snooze, tag, assign, macro", ""),
    key(&[List], &["x"], Action::Mark, "mark the case and step on; again: take the mark away", ""),
    key(&[List], &["V"], Action::MarkRange, "mark all from the last mark to here", ""),
    key(&[List], &["*"], Action::MarkAll, "mark all of the view, up to 1,000; Esc takes the marks away", ""),
    key(&[List], &["="], Action::MarkAlike, "mark the cases like this one: same subject, or nearly the same words", ""),
    key(&[List, Reader, Outbox], &["z"], Action::Undo, "undo the last change", "undo"),
    key(&[Log], &["z"], Action::Undo, "take the chosen step back, not only the last one", "take back"),
    key(ALL, &["Z"], Action::Redo, "redo what was undone", ""),
    key(&[Reader], &["Enter"], Action::Fold, "open or close what is folded in the chosen message (J, K); else its menu", ""),
    key(&[List], &["Enter", "l", "o"], Action::Open, "open the thread", "open"),
    key(&[Reader], &["o", "l"], Action::Open, "the menu of the case; of a closed one: reopen", "open"),
    key(ALL, &["Esc", "h"], Action::Back, "back one level; never discards", "back"),
    key(ALL, &["j", "Down"], Action::Next, "next row; in a thread scroll down", ""),
    key(ALL, &["k", "Up"], Action::Previous, "previous row; in a thread scroll up", ""),
    key(ALL, &["gg", "Home"], Action::First, "first row, or the top of the thread", ""),
    key(ALL, &["G", "End"], Action::Last, "last row, or the end of the thread", ""),
    key(ALL, &["Ctrl-d", "PgDn"], Action::HalfDown, "half a page down", ""),
    key(ALL, &["Ctrl-u", "PgUp"], Action::HalfUp, "half a page up", ""),
    key(CASE, &["Space"], Action::ScrollDown, "scroll the thread down", ""),
    key(CASE, &["-"], Action::ScrollUp, "scroll the thread up", ""),
    key(CASE, &["J"], Action::NextMessage, "next message", ""),
    key(CASE, &["K"], Action::PreviousMessage, "previous message", ""),
    key(CASE, &["]"], Action::NextCase, "next case, also while reading", ""),
    key(CASE, &["["], Action::PreviousCase, "previous case, also while reading", ""),
    key(&[Reader], &[")"], Action::NewerCase, "newer case of the thread", ""),
    key(&[Reader], &["("], Action::OlderCase, "older case of the thread", ""),
    key(CASE, &["v"], Action::Card, "contact card: show or hide it", ""),
    key(CASE, &["Tab"], Action::NextView, "next view", ""),
    key(CASE, &["Shift-Tab"], Action::PreviousView, "previous view", ""),
    key(ALL, &["1", "gi"], Action::View(0), "view: Queue", ""),
    key(ALL, &["2", "gm"], Action::View(1), "view: Mine", ""),
    key(ALL, &["3", "ga"], Action::View(2), "view: Active", ""),
    key(ALL, &["4", "gp"], Action::View(3), "view: Pending", ""),
    key(ALL, &["5", "gs"], Action::View(4), "view: Snoozed", ""),
    key(ALL, &["6", "gc"], Action::View(5), "view: Closed", ""),
    key(ALL, &["7", "g*"], Action::View(6), "view: All", ""),
    key(ALL, &["gd"], Action::Drafts, "view: cases with a draft of yours; 8, 9 and g with a letter can be views of your own", ""),
    key(ALL, &["g/", "Ctrl-f"], Action::SearchAll, "search everything that was read, as you type; the terms of a filter narrow it", ""),
    key(CASE, &["gx"], Action::Outbox, "the outbox: what is not proven sent", ""),
    key(&[List, Reader, Outbox], &["gw"], Action::Workload, "the workload: cases in and out by the hour, waits, feedback", ""),
    key(&[List, Reader, Outbox], &["gz"], Action::Log, "the log: what was done, and what of it can be taken back", ""),
    key(CASE, &["/"], Action::Find, "narrow the list, or find in the thread", "find"),
    key(CASE, &["n"], Action::FindNext, "next match", ""),
    key(CASE, &["N"], Action::FindPrevious, "previous match", ""),
    key(ALL, &[":"], Action::Command, "command line", ""),
    key(ALL, &["Ctrl-k", "Ctrl-p"], Action::Palette, "palette: everything that can be done here, by its name", ""),
    key(ALL, &["R"], Action::Refresh, "fold news in; again: sync now", "sync"),
    key(CASE, &["yi"], Action::CopyId, "copy the case's id", ""),
    key(CASE, &["yu"], Action::CopyLink, "copy the case's link (link in the config)", ""),
    key(CASE, &["ym"], Action::CopyMessage, "copy the message", ""),
    key(CASE, &["yc"], Action::CopyContact, "copy the contact", ""),
    key(&[Reader], &["s"], Action::SaveFiles, "save what is attached to the chosen message, else the newest that is attached", "save files"),
    key(&[Reader], &["gl"], Action::Links, "links of the chosen message, else of those on the screen: open one, y copies it", ""),
    key(CASE, &["O"], Action::OpenCase, "open the case in the browser (link in the config)", ""),
    key(CASE, &["+"], Action::Larger, "this pane wider", ""),
    key(CASE, &["_"], Action::Smaller, "this pane narrower", ""),
    key(ALL, &[], Action::Mouse, "take the mouse, or give it back to the terminal", ""),
    key(ALL, &["?"], Action::Help, "the keys for this place", "keys"),
    key(ALL, &["q"], Action::Quit, "back; in the list: quit", ""),
    key(&[List], &[], Action::Unmark, "take all marks away", ""),
    key(CASE, &[], Action::Reopen, "reopen a closed case: a new one in its thread", ""),
    key(CASE, &[], Action::Unsnooze, "end the snooze", ""),
    key(&[Reader], &[], Action::NewestCase, "go to the newest case of the thread", ""),
    key(ALL, &[], Action::Reload, "read the files of the canned replies again", ""),
    key(&[Sheet], &["Enter"], Action::DoAll, "do it to every row that is not left out; a letter leaves its row out or takes it in", "do it"),
    key(&[Sheet], &["Esc"], Action::Back, "do nothing, the marks stay", "do nothing"),
    key(&[Sheet], &["Down"], Action::Next, "next row: its text stands below", ""),
    key(&[Sheet], &["Up"], Action::Previous, "previous row", ""),
    key(&[Sheet], &["PgDn", "Ctrl-d", "Space"], Action::HalfDown, "next page of rows", ""),
    key(&[Sheet], &["PgUp", "Ctrl-u", "-"], Action::HalfUp, "previous page of rows", ""),
    key(&[Sheet], &["?"], Action::Help, "the keys for this place", "keys"),
    key(&[Compose], &["Ctrl-s"], Action::Send, "send, and stay", "send"),
    key(&[Compose], &["Esc"], Action::Leave, "keep the draft and go back", "keep draft"),
    key(&[Compose], &["Ctrl-x e"], Action::SendAndClose, "send, close, go to the next", "send and close"),
    key(&[Compose], &["Ctrl-x n"], Action::SendAndNext, "send, leave it open, go to the next", ""),
    key(&[Compose], &["Ctrl-x l"], Action::SendLater, "send later: at a time in plain words (2h, tomorrow 9, mon 14:30)", ""),
    key(&[Compose], &["Ctrl-x w"], Action::SendUnless, "the same, unless the customer writes first", ""),
    key(&[Compose], &["Ctrl-t"], Action::SwitchKind, "switch between reply and note", "reply/note"),
    key(&[Compose], &["Ctrl-o"], Action::Editor, "write in $EDITOR", "editor"),
    key(&[Compose], &["/"], Action::Canned, "at the start of an empty line: put in a canned reply", "canned reply"),
    key(&[Compose], &["Ctrl-x a"], Action::Assist, "have a program propose a text ([assist] in the config)", ""),
    key(&[Compose], &["Ctrl-x m"], Action::Head, "a mail's to, cc, bcc and subject (Tab, Up, Down between them; Enter, Esc back to the text)", ""),
    key(&[Compose], &["Ctrl-x t"], Action::Translate, "have the server translate the reply: a language, or a key like pt-BR", ""),
    key(&[Compose], &["Ctrl-x q"], Action::Quote, "quote the message chosen before (J, K), else the customer's newest", ""),
    key(&[Compose], &["Ctrl-x h"], Action::Versions, "earlier texts of this case: drafts, sent and taken back", ""),
    key(&[Compose], &["Ctrl-x p"], Action::Palette, "palette: everything that can be done here, by its name", ""),
    key(&[Compose], &["Ctrl-_", "Ctrl-/", "Ctrl-7"], Action::UndoText, "undo in the text (one key, terminals name it differently)", ""),
    key(&[Compose], &["Ctrl-r"], Action::RedoText, "redo in the text", ""),
    key(&[Outbox], &["a"], Action::Anyway, "send it as it is, although something happened since", "send anyway"),
    key(&[Outbox], &["O"], Action::ReopenAndSend, "open the closed case again and say it there", "reopen and send"),
    key(&[Outbox], &["r"], Action::Retry, "look at the server, then send it if it is not there", "retry"),
    key(&[Outbox], &["s"], Action::MarkSent, "it is there: take it as sent", "was sent"),
    key(&[Outbox], &["e"], Action::TakeBack, "edit: take it out of the outbox into the compose box of its case", "edit"),
    key(&[Outbox], &["n"], Action::ToNote, "say it to colleagues as a note instead", "as note"),
    key(&[Outbox], &["d"], Action::ToDraft, "do not send it; a text goes back to the draft", "to draft"),
    key(&[Outbox], &["D"], Action::Discard, "do not send it, and do not keep its text as a draft", "throw away"),
    key(&[Outbox], &["Enter", "o", "l"], Action::Open, "open the case; on a small screen first what is known of it", "open"),
    key(&[Outbox], &["Space"], Action::ScrollDown, "scroll what is known of it down; on a small screen open it", ""),
    key(&[Outbox], &["-"], Action::ScrollUp, "scroll it up", ""),
    key(&[Log], &["Enter", "o", "l"], Action::Open, "open the case", "open case"),
    key(&[Log], &["/"], Action::Find, "narrow the log while you type", "find"),
];

impl Key {
    /// What it does, with the time of the settings where it uses one.
    pub fn words(&self, settings: &Settings) -> String {
        match self.action {
            Action::Snooze => format!("snooze for {}", length(settings.snooze)),
            _ => self.help.to_owned(),
        }
    }
}

/// The line of an action in a place, where it has one.
pub fn row(place: Focus, action: Action) -> Option<&'static Key> {
    KEYS.iter().find(|row| row.action == action && row.places.contains(&place))
}

/// The names of what can be asked for in a place, in their alphabet.
pub fn names(place: Focus) -> Vec<&'static str> {
    let mut names: Vec<_> = KEYS.iter().filter(|row| row.places.contains(&place)).map(|row| row.action.name()).collect();
    names.sort_unstable();
    names
}

/// Where an action works, in words: `in the outbox`.
pub fn places(action: Action) -> String {
    let places = KEYS.iter().filter(|row| row.action == action).flat_map(|row| row.places).map(|place| place.title());
    format!("in the {}", places.collect::<Vec<_>>().join(" and the "))
}
