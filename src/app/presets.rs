//! Sets of keys for hands that learned elsewhere: what differs from the table. A preset takes keys, it never takes an action
//! away: what loses its key has another one, or its name.

use super::{Action, Focus};
use Focus::{List, Log, Outbox, Reader};

/// Which keys the agent begins with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    Default,
    Vim,
    Gmail,
}

/// Where, which key, and what it does; nothing: the key is free.
pub type Change = (&'static [Focus], &'static str, Option<Action>);

const ALL: &[Focus] = &[List, Reader, Outbox, Log];
const CASE: &[Focus] = &[List, Reader];

const VIM: &[Change] = &[
    (ALL, "u", Some(Action::Undo)),
    (CASE, "U", Some(Action::Unread)),
    (ALL, "Ctrl-r", Some(Action::Redo)),
    (ALL, "z", None),
    (ALL, "Z", None),
    (ALL, "ZZ", Some(Action::Quit)),
    (&[Reader], "za", Some(Action::Fold)),
    (CASE, "dd", Some(Action::Close)),
    (CASE, "yy", Some(Action::CopyMessage)),
    (CASE, "Ctrl-f", Some(Action::ScrollDown)),
    (CASE, "Ctrl-b", Some(Action::ScrollUp)),
    (CASE, "gt", Some(Action::NextView)),
    (CASE, "gT", Some(Action::PreviousView)),
    (CASE, "}", Some(Action::NextMessage)),
    (CASE, "{", Some(Action::PreviousMessage)),
    (ALL, "Ctrl-o", Some(Action::Back)),
];

const GMAIL: &[Change] = &[
    (CASE, "#", Some(Action::CloseAs)),
    (CASE, "!", Some(Action::CloseAs)),
    (&[Reader], "u", Some(Action::Back)),
    (&[List], "u", Some(Action::Refresh)),
    (CASE, "U", Some(Action::Unread)),
    (&[Reader], "n", Some(Action::NextMessage)),
    (&[Reader], "p", Some(Action::PreviousMessage)),
    (&[Reader], "Ctrl-g", Some(Action::FindNext)),
    (ALL, "ga", Some(Action::View(6))),
    (ALL, "gb", Some(Action::View(4))),
    (CASE, "gt", Some(Action::Outbox)),
];

impl Preset {
    pub const EVERY: [Self; 3] = [Self::Default, Self::Vim, Self::Gmail];

    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Vim => "vim",
            Self::Gmail => "gmail",
        }
    }

    /// What differs from the table.
    pub fn changes(self) -> &'static [Change] {
        match self {
            Self::Default => &[],
            Self::Vim => VIM,
            Self::Gmail => GMAIL,
        }
    }
}
