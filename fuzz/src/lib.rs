//! One message laid out as the screen does it, and what must hold of every line.

use caseload::app::lines::{Layout, layout, wrap::cells};
use caseload::model::text::is_harmful;
use caseload::model::{Conversation, Mail, Message, SenderType, Timestamp};
use unicode_segmentation::UnicodeSegmentation;

pub fn message(text: &str, mail: Option<Mail>) -> Message {
    Message { message: text.into(), sender_type: SenderType::Contact, mail: mail.map(Box::new), ..Message::default() }
}

/// Every line is harmless, as wide as it says at most, and its marks begin and end between graphemes.
pub fn laid_out(message: Message, width: u8) {
    let width = u16::from(width % 130);
    let conversation = Conversation { messages: vec![message], ..Conversation::default() };
    let how = Layout { width, now: Timestamp::default(), utc_offset: 0, me: None, keys: true };
    for line in layout(&conversation, &[], &how) {
        assert!(cells(&line.text) <= usize::from(width.max(1)), "wider than {width}: {line:?}");
        assert!(!line.text.chars().any(|c| c == '\n' || is_harmful(c)), "{line:?}");
        let between = |at: usize| at == line.text.len() || line.text.grapheme_indices(true).any(|(begin, _)| begin == at);
        assert!(line.marks.iter().all(|mark| mark.from < mark.to && between(mark.from) && between(mark.to)), "{line:?}");
    }
}
