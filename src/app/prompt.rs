//! The line at the bottom that asks for words: filter, command, snooze, and the numbered pickers.

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromptKind {
    /// `/` in the list: narrows the view while one types.
    Filter,
    /// `/` in the thread.
    Find,
    /// `:`
    Command,
    /// `E`: numbered states.
    CloseAs,
    /// `B`: plain words.
    Snooze,
    /// `A`: agents by number or name.
    Assign,
}

/// A prompt and what was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub kind: PromptKind,
    pub text: String,
    /// Choices for the pickers, and what fits what was typed; painted above the line.
    pub choices: Vec<String>,
    pub chosen: usize,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// The focus it came from and goes back to.
    pub from: super::Focus,
}

impl Prompt {
    /// The words before the input: `/`, `:`, `snooze until`.
    pub fn label(&self) -> &'static str {
        match self.kind {
            PromptKind::Filter => "filter",
            PromptKind::Find => "find",
            PromptKind::Command => ":",
            PromptKind::CloseAs => "close as",
            PromptKind::Snooze => "snooze until",
            PromptKind::Assign => "assign to",
        }
    }
}
