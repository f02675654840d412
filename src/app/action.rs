//! The verbs behind the keys, and their names on the command line at the bottom of the screen.

/// Something a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Next,
    Previous,
    First,
    Last,
    HalfDown,
    HalfUp,
    Open,
    /// Quoted text, signatures, the head of a mail, many events.
    Fold,
    Back,
    ScrollDown,
    ScrollUp,
    NextMessage,
    PreviousMessage,
    NextCase,
    PreviousCase,
    NewerCase,
    OlderCase,
    /// Of the thread; a menu's, no key's.
    NewestCase,
    NextView,
    PreviousView,
    /// Counted from 0.
    View(u8),
    Reply,
    Note,
    Close,
    CloseAs,
    Reopen,
    Claim,
    Assign,
    Snooze,
    SnoozeUntil,
    Unsnooze,
    Macro,
    Reload,
    Undo,
    Redo,
    Find,
    FindNext,
    FindPrevious,
    Command,
    Help,
    Refresh,
    Outbox,
    Card,
    CopyId,
    CopyLink,
    CopyMessage,
    CopyContact,
    Quit,
    // In the compose box.
    Send,
    SendAndClose,
    SwitchKind,
    Canned,
    Editor,
    Leave,
    Versions,
    UndoText,
    RedoText,
    // In the outbox.
    Retry,
    /// Its words into the compose box.
    TakeBack,
    Anyway,
    ReopenAndSend,
    Discard,
    MarkSent,
    ToDraft,
    ToNote,
}

impl Action {
    /// What the command line calls it; the word alone runs it.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "quit" | "q" => Self::Quit,
            "reply" => Self::Reply,
            "note" => Self::Note,
            "close" => Self::Close,
            "reopen" => Self::Reopen,
            "claim" => Self::Claim,
            "assign" => Self::Assign,
            "snooze" => Self::Snooze,
            "unsnooze" => Self::Unsnooze,
            "macro" => Self::Macro,
            "reload" => Self::Reload,
            "undo" => Self::Undo,
            "redo" => Self::Redo,
            "sync" | "refresh" => Self::Refresh,
            "outbox" => Self::Outbox,
            "help" => Self::Help,
            "contact" => Self::Card,
            _ => return None,
        })
    }

    /// The words of the command line, for completion.
    pub const WORDS: [&'static str; 18] = [
        "assign", "claim", "close", "contact", "help", "macro", "note", "outbox", "quit", "redo", "reload", "reopen", "reply", "snooze", "sync", "undo",
        "unsnooze", "view",
    ];
}
