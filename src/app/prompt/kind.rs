//! What is asked at the bottom, and what each question is called.

use crate::app::Focus;
use crate::app::line::Line;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromptKind {
    /// `/` in the list: narrows the view while one types.
    Filter,
    /// `/` in the thread.
    Find,
    /// `/` in the log: narrows it while one types.
    Log,
    /// `:`
    Command,
    /// `E`: numbered states.
    CloseAs,
    /// `B`: plain words.
    Snooze,
    /// Ctrl-x l, Ctrl-x w: plain words; whether what the customer writes stops it.
    Later { unless: bool },
    /// `A`: agents and departments by letter or name.
    Assign,
    /// `/` in the compose box: a text to be put in.
    Canned,
    /// `m`: a text and what goes with it.
    Macro,
    /// `o` in a thread: what a case offers in its state.
    Menu,
    /// Earlier texts, from the compose box.
    Versions,
    /// `t`: several at once.
    Tag,
    /// `f`: what is typed is the value of the chosen one.
    Fields,
    /// `s` in a thread: which of several files.
    Files,
    /// Where they are saved.
    Folder,
    /// A host that the file has to be fetched from.
    Stranger,
    /// `gl` in a thread: which of several links.
    Links,
    /// The whole of it, before it is opened.
    Lead,
    /// Ctrl-x t: what the server puts a reply into.
    Translate,
    /// Everything that can be done.
    Palette,
}

/// A prompt and what was typed so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    pub kind: PromptKind,
    pub text: Line,
    /// Choices for the pickers: what fits what was typed; painted above the line.
    pub choices: Vec<String>,
    pub chosen: usize,
    /// What is wrong with what was typed.
    pub error: Option<String>,
    /// The focus it came from and goes back to.
    pub from: Focus,
    /// It was asked about marked cases.
    pub many: bool,
}

impl Prompt {
    /// The words before the input.
    pub fn label(&self) -> &'static str {
        match self.kind {
            PromptKind::Filter => "filter",
            PromptKind::Find | PromptKind::Log => "find",
            PromptKind::Command => ":",
            PromptKind::CloseAs => "close as",
            PromptKind::Snooze => "snooze until",
            PromptKind::Later { .. } => "send",
            PromptKind::Assign => "assign to",
            PromptKind::Menu | PromptKind::Palette => "do",
            PromptKind::Canned => "/",
            PromptKind::Macro => "macro",
            PromptKind::Versions => "earlier text",
            PromptKind::Translate => "translate to",
            PromptKind::Tag => "tags",
            PromptKind::Fields => "value",
            PromptKind::Files => "save",
            PromptKind::Folder => "save into",
            PromptKind::Stranger => "fetch",
            PromptKind::Links | PromptKind::Lead => "open",
        }
    }

    /// The heading of the choices: what may be typed besides.
    pub fn title(&self) -> &'static str {
        match self.kind {
            PromptKind::CloseAs => "close as · number, or your own words",
            PromptKind::Assign => "assign to · a letter, or / and a name",
            PromptKind::Snooze => "snooze until · 2h, mon 9, 1 dec",
            PromptKind::Later { unless: false } => "send later, whatever comes · or 2h, mon 14:30",
            PromptKind::Later { unless: true } => "send unless they write first · or 2h, mon 14:30",
            PromptKind::Command => "commands · Tab completes",
            PromptKind::Menu => "this case",
            PromptKind::Canned => "put in for",
            PromptKind::Macro => "macros for",
            PromptKind::Versions => "earlier texts · Enter puts one into the box",
            PromptKind::Translate => "translate to · or a key: de, pt-BR",
            PromptKind::Tag => "tags · Space marks, Enter sets",
            PromptKind::Fields => "fields · ↓↑ choose, Enter sends what changed",
            PromptKind::Files => "attached · number, or a for all",
            PromptKind::Stranger => "kept at another host than your case server",
            PromptKind::Links => "links · number, or y copies",
            PromptKind::Filter | PromptKind::Find | PromptKind::Log | PromptKind::Folder | PromptKind::Lead | PromptKind::Palette => self.label(),
        }
    }

    /// Does it pick a canned reply?
    pub fn picks_reply(&self) -> bool {
        matches!(self.kind, PromptKind::Canned | PromptKind::Macro)
    }

    /// Does a number pick at once? Only while nothing is typed, and not where a text begins with a digit: `2h`.
    pub fn numbered(&self) -> bool {
        matches!(self.kind, PromptKind::CloseAs | PromptKind::Menu | PromptKind::Files | PromptKind::Stranger | PromptKind::Links) && self.text.is_empty()
    }
}
