//! The verbs behind the keys and their names: one table. The command line at the bottom of the screen, the palette, the help
//! and `[keys]` in the config all call an action by the name that stands here; without one it does not compile.

/// Makes the verbs, the list of all of them and their names out of one table.
macro_rules! actions {
    ($($(#[$about:meta])* $action:ident => $name:literal,)*) => {
        /// Something a key does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$about])* $action,)*
            /// Counted from 0.
            View(u8),
        }

        impl Action {
            /// Every action but the views.
            const PLAIN: &'static [Self] = &[$(Self::$action,)*];

            /// What it is called wherever it is written; never changed, it stands in people's config.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)*
                    Self::View(at) => VIEWS.get(usize::from(at)).copied().unwrap_or("view"),
                }
            }
        }
    };
}

/// The built-in views by their names, in the order of the keys.
const VIEWS: [&str; 7] = ["queue", "mine", "active", "pending", "snoozed", "closed", "all"];

actions! {
    Next => "next",
    Previous => "previous",
    First => "first",
    Last => "last",
    HalfDown => "half-down",
    HalfUp => "half-up",
    Open => "open",
    /// Quoted text, signatures, the head of a mail, many events.
    Fold => "fold",
    Back => "back",
    ScrollDown => "scroll-down",
    ScrollUp => "scroll-up",
    NextMessage => "next-message",
    PreviousMessage => "previous-message",
    NextCase => "next-case",
    PreviousCase => "previous-case",
    NewerCase => "newer-case",
    OlderCase => "older-case",
    /// Of the thread; a menu's, no key's.
    NewestCase => "newest-case",
    NextView => "next-view",
    PreviousView => "previous-view",
    Reply => "reply",
    Note => "note",
    /// Of the agent's own messages.
    EditMessage => "edit",
    DeleteMessage => "delete",
    Close => "close",
    CloseAs => "close-as",
    Reopen => "reopen",
    Claim => "claim",
    Assign => "assign",
    Snooze => "snooze",
    SnoozeUntil => "snooze-until",
    Unsnooze => "unsnooze",
    Tag => "tag",
    Fields => "fields",
    Unread => "unread",
    /// What was done last, to this case.
    Repeat => "repeat",
    Macro => "macro",
    // Many cases at once.
    Mark => "mark",
    MarkRange => "mark-range",
    MarkAll => "mark-all",
    MarkAlike => "mark-alike",
    Unmark => "unmark",
    /// What the sheet of many cases says.
    DoAll => "do-all",
    Reload => "reload",
    Undo => "undo",
    Redo => "redo",
    Find => "find",
    FindNext => "find-next",
    FindPrevious => "find-previous",
    Command => "command",
    Palette => "palette",
    Help => "help",
    Refresh => "sync",
    Outbox => "outbox",
    /// What was done.
    Log => "log",
    Workload => "workload",
    Card => "contact",
    Drafts => "drafts",
    SearchAll => "search",
    CopyId => "copy-id",
    CopyLink => "copy-link",
    CopyMessage => "copy-message",
    CopyContact => "copy-contact",
    SaveFiles => "save-files",
    Links => "links",
    OpenCase => "open-case",
    Quit => "quit",
    /// The pane with the keys.
    Larger => "larger",
    Smaller => "smaller",
    Mouse => "mouse",
    // In the compose box.
    Send => "send",
    SendAndClose => "send-and-close",
    SendAndNext => "send-and-next",
    SwitchKind => "switch-kind",
    Canned => "canned",
    Editor => "editor",
    Leave => "leave",
    SendLater => "send-later",
    SendUnless => "send-unless",
    Versions => "versions",
    Assist => "assist",
    UndoText => "undo-text",
    RedoText => "redo-text",
    /// Receivers and subject of a mail.
    Head => "mail-head",
    Quote => "quote",
    /// Into the customer's language, by the server.
    Translate => "translate",
    // In the outbox.
    Retry => "retry",
    /// Its words into the compose box.
    TakeBack => "take-back",
    Anyway => "send-anyway",
    ReopenAndSend => "reopen-and-send",
    Discard => "discard",
    MarkSent => "mark-sent",
    ToDraft => "to-draft",
    ToNote => "to-note",
}

/// Other names that are understood.
const ALSO: [(&str, Action); 3] = [("q", Action::Quit), ("refresh", Action::Refresh), ("card", Action::Card)];

impl Action {
    /// All of them, as the table has them, then the views.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::PLAIN.iter().copied().chain((0..7).map(Self::View))
    }

    /// The action of that name.
    pub fn parse(word: &str) -> Option<Self> {
        let also = || ALSO.into_iter().find(|(name, _)| *name == word).map(|(_, action)| action);
        Self::all().find(|action| action.name() == word).or_else(also)
    }
}

#[cfg(test)]
mod tests {
    use super::{Action, VIEWS};
    use crate::app::keymap::KEYS;
    use crate::model::View;
    use std::collections::BTreeSet;

    #[test]
    fn every_action_has_a_name_of_its_own_that_can_be_typed() {
        let mut seen = BTreeSet::new();
        for action in Action::all() {
            let name = action.name();
            assert!(seen.insert(name), "{name} twice");
            assert!(!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !name.starts_with('-'), "{name}");
            assert_eq!(Action::parse(name), Some(action), "{name}");
        }
        assert_eq!(VIEWS.map(str::to_owned), View::ALL.map(|view| view.title().to_lowercase()));
        assert_eq!((Action::parse("q"), Action::parse("nothing")), (Some(Action::Quit), None));
    }

    /// What has no row in the table is in no help, in no palette and on no command line.
    #[test]
    fn every_action_stands_in_the_table_of_keys_and_once_in_each_place() {
        for action in Action::all() {
            let mut places: Vec<_> = KEYS.iter().filter(|row| row.action == action).flat_map(|row| row.places).collect();
            assert!(!places.is_empty(), "{}: give it a row in keymap::KEYS, without keys if it has none", action.name());
            let rows = places.len();
            places.dedup();
            assert_eq!(rows, places.len(), "{} has two rows for one place", action.name());
        }
    }
}
