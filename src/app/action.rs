//! The verbs behind the keys: also the palette's entries and the command line's words.

/// Something a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    Quit,
}
