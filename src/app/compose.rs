//! The compose box: a reply or a note to one case.

use crate::model::{CaseId, DraftKind, MessageId, Timestamp};
use tui_textarea::TextArea;

/// A text in the making. Its draft is on the disk within a second of a pause.
#[derive(Debug, Clone)]
pub struct Compose {
    pub case: CaseId,
    pub kind: DraftKind,
    pub area: TextArea<'static>,
    /// The newest message when the agent began to write.
    pub answers: Option<MessageId>,
    /// When the unsaved change was made; `None` when the draft on the disk is this text.
    pub dirty: Option<Timestamp>,
    /// When the draft was last saved.
    pub saved: Option<Timestamp>,
}

impl Compose {
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }
}
