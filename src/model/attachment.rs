//! Files that hang on a message, as the wire names them: in the spelling of the mail service or in any other that was seen.
//! What is in them is never read here; their names are clean only after `app::lines::clean_name`.

use super::{Message, Untrusted, base64};
use serde_json::Value;

/// No more are listed and saved of one message.
pub const MOST: usize = 200;

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attachment {
    pub name: Untrusted,
    pub kind: Option<Untrusted>,
    /// Bytes, as the sender said.
    pub size: Option<u64>,
    pub from: Bytes,
}

/// Where the bytes are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Bytes {
    /// The server names a file and keeps it to itself.
    #[default]
    Missing,
    /// An address, or a path at the case server.
    Url(String),
    /// In the message, as base64.
    Inline(String),
}

impl Attachment {
    /// Everything attached to a message: of a mail, or of a chat or text message that carries files.
    pub fn of(message: &Message) -> Vec<Self> {
        let mailed = message.mail.iter().flat_map(|mail| &mail.attachments);
        let others = [message.extra.get("attachments"), message.meta.get("attachments")];
        let others = others.into_iter().flatten().filter_map(Value::as_array).flatten();
        mailed.chain(others).take(MOST).map(Self::read).collect()
    }

    pub fn read(file: &Value) -> Self {
        let text = |keys: &[&str]| keys.iter().find_map(|key| file.get(key)?.as_str()).filter(|text| !text.is_empty());
        let url = text(&["url", "Url", "URL", "downloadUrl", "fileUrl", "contentUrl", "link", "path", "src"]);
        let content = text(&["Content", "content", "base64"]);
        let size = ["ContentLength", "contentLength", "size"].iter().find_map(|key| match file.get(key)? {
            Value::String(text) => text.parse().ok(),
            number => number.as_u64(),
        });
        let from = match (content, url) {
            (Some(content), _) => Bytes::Inline(content.to_owned()),
            (None, Some(url)) => Bytes::Url(url.to_owned()),
            (None, None) => Bytes::Missing,
        };
        Self {
            name: text(&["Name", "name", "fileName", "filename"]).or(file.as_str()).unwrap_or_default().into(),
            kind: text(&["ContentType", "contentType", "type", "mimeType"]).map(Untrusted::from),
            size: size.or_else(|| if let Bytes::Inline(content) = &from { base64::length(content) } else { None }),
            from,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Attachment, Bytes};
    use crate::model::{Mail, Message};
    use serde_json::json;

    #[test]
    fn files_are_known_in_every_spelling() {
        let inline = Attachment::read(&json!({"Name": "a.txt", "Content": "aGVsbG8=", "ContentType": "text/plain"}));
        assert_eq!((inline.name.raw(), inline.size, &inline.from), ("a.txt", Some(5), &Bytes::Inline("aGVsbG8=".into())));
        let linked = Attachment::read(&json!({"filename": "b", "size": "12", "url": "/files/1"}));
        assert_eq!((linked.name.raw(), linked.size, linked.from), ("b", Some(12), Bytes::Url("/files/1".into())));
        for odd in [json!(null), json!(7), json!([]), json!({"Name": 3, "ContentLength": -1, "url": ""})] {
            assert_eq!(Attachment::read(&odd), Attachment::default());
        }
        assert_eq!(Attachment::read(&json!("bare.pdf")).name.raw(), "bare.pdf");
    }

    #[test]
    fn a_message_has_those_of_its_mail_and_its_own() {
        let mut message = Message { mail: Some(Box::new(Mail { attachments: vec![json!({"Name": "a"})], ..Mail::default() })), ..Message::default() };
        message.extra.insert("attachments".into(), json!([{"name": "b"}]));
        message.meta.insert("attachments".into(), json!("none"));
        let names: Vec<String> = Attachment::of(&message).iter().map(|file| file.name.raw().to_owned()).collect();
        assert_eq!(names, ["a", "b"]);
    }
}
