//! JSON for pipes and terminals alike: nothing in it can steer a terminal or hide. DEL, C1, direction marks,
//! zero-width and tag characters are written as `\u…`, which reads back as exactly what they were.

pub use crate::app::told::case;
use crate::model::text::is_harmful;
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io::{self, Write};

/// One value on one line.
pub fn line(out: &mut impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut *out, Harmless(CompactFormatter)))?;
    out.write_all(b"\n")
}

struct Harmless(CompactFormatter);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| hides(*c)) {
            self.0.write_string_fragment(writer, &rest[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        self.0.write_string_fragment(writer, rest)
    }
}

/// Characters that `serde_json` leaves as they are and a terminal or an eye should not get raw.
fn hides(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}') || is_harmful(c)
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::app::told::message;
    use crate::model::{Mail, Message};
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        line(&mut out, &text).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_hides_is_written_out_and_reads_back() {
        assert_eq!(written("\u{200d}\u{34f}\u{2800}\u{1d173}\u{2066}"), "\"\\u200d\\u034f\\u2800\\ud834\\udd73\\u2066\"\n");
        assert_eq!(written("a\u{7f}\u{9b}\u{202e}\u{e0041}é\u{1b}\n"), "\"a\\u007f\\u009b\\u202e\\udb40\\udc41é\\u001b\\n\"\n");
    }

    #[test]
    fn the_fields_of_a_mail_stand_beside_its_text() {
        let mail = Mail { subject: "invoice".into(), ..Mail::default() };
        let value = message(&Message { message: "hello".into(), mail: Some(Box::new(mail)), ..Message::default() });
        assert_eq!((&value["subject"], &value["message"], value.get("mail")), (&"invoice".into(), &"hello".into(), None));
    }

    proptest! {
        #[test]
        fn every_text_survives(text: String) {
            let out = written(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&out).ok(), Some(text));
            prop_assert!(out.trim_end().chars().all(|c| !c.is_control()));
        }
    }
}
