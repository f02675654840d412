//! Mails of a case: sending one, and reading those of a thread by cursor.

use super::Answer;
use super::say::{Saying, say};
use crate::model::{CaseId, Channel, Mail, MailAddress, MessageId, MessageKind, Object, ThreadId};
use crate::server::App;
use crate::server::ask::{self, Ask};
use crate::server::refusal::Refusal;
use crate::server::shape;
use axum::extract::State;
use serde_json::{Value, json};

/// Mails of one answer.
const PAGE: i64 = 50;
/// Width of the text made of a mail that came as HTML only.
const WIDTH: usize = 100;

pub async fn add(State(app): State<App>, ask: Ask) -> Answer {
    app.changing(ask, |writer, ask| {
        let body = ask.body.get("data").and_then(Value::as_object).unwrap_or(&ask.body);
        let mut saying = read(body)?;
        if let Some(mail) = &mut saying.mail {
            let case = writer.document(saying.case, &[])?.ok_or_else(|| Refusal::not_found(format_args!("case {}", saying.case)))?;
            let last = writer.newest_mail(case.thread_id)?.and_then(|last| last.mail);
            mail.mailbox_in_reply_to = last.as_ref().and_then(|last| last.message_id.clone());
            mail.inbox_id = last.and_then(|last| last.inbox_id);
            mail.message_id = Some(format!("<{}.{}@caseload>", saying.case, writer.now().timestamp_micros()));
        }
        say(writer, ask, saying, |_, message| Ok(shape::mail(message)))
    })
    .await
}

fn read(body: &Object) -> Result<Saying, Refusal> {
    let word = ask::words(body, "type")?;
    if word != "message" {
        return Err(Refusal::invalid(format!("type is message, not '{word}'")));
    }
    let to = addresses(body, "to")?;
    if to.is_empty() {
        return Err(Refusal::invalid("to is needed"));
    }
    let html = ask::text(body, "htmlBody")?.filter(|html| !html.trim().is_empty());
    let plain = ask::text(body, "textBody")?.filter(|text| !text.trim().is_empty());
    let text = match (plain, html) {
        (Some(text), _) => text.to_owned(),
        (None, Some(html)) => html2text::from_read(html.as_bytes(), WIDTH).map_err(|_| Refusal::invalid("htmlBody cannot be read"))?.trim_end().to_owned(),
        (None, None) => return Err(Refusal::invalid("htmlBody is needed")),
    };
    let mail = Mail {
        from: MailAddress { email: ask::words(body, "from")?.into(), ..MailAddress::default() },
        to,
        cc: addresses(body, "cc")?,
        bcc: addresses(body, "bcc")?,
        subject: ask::text(body, "subject")?.unwrap_or_default().into(),
        text_body: Some(text.as_str().into()),
        html_body: html.map(Into::into),
        ..Mail::default()
    };
    Ok(Saying {
        case: CaseId(ask::need(body, "caseId")?),
        contact: Some(ask::need(body, "contactId")?),
        kind: MessageKind::Message,
        text,
        meta: ask::map(body, "meta")?.cloned().unwrap_or_default(),
        channel: Some(Channel::Email),
        mail: Some(Box::new(mail)),
        ..Saying::default()
    })
}

fn addresses(body: &Object, key: &str) -> Result<Vec<MailAddress>, Refusal> {
    let addresses = ask::texts(body, key)?;
    Ok(addresses.into_iter().filter(|email| !email.is_empty()).map(|email| MailAddress { email: email.into(), ..MailAddress::default() }).collect())
}

/// Oldest first. A cursor is base64 of a sign and a mail's number: `+` for those after it, `-` for those before.
pub async fn list(State(app): State<App>, ask: Ask) -> Answer {
    app.reading(ask, |reader, ask| {
        let thread = ThreadId(ask.query.need("threadId")?);
        let (after, than) = match ask.query.get("next").or_else(|| ask.query.get("previous")) {
            Some(cursor) => read_cursor(cursor).ok_or_else(|| Refusal::invalid("that is no cursor of ours"))?,
            None => (true, MessageId(0)),
        };
        let mails = reader.mails(thread, after, than, PAGE)?;
        let has = |after: bool, than: MessageId| reader.mails(thread, after, than, 1).map(|rest| !rest.is_empty());
        let (first, last) = (mails.first().map(|mail| mail.id), mails.last().map(|mail| mail.id));
        let previous = first.map(|id| has(false, id)).transpose()?.filter(|more| *more).and(first).map(|id| cursor(false, id));
        let next = last.map(|id| has(true, id)).transpose()?.filter(|more| *more).and(last).map(|id| cursor(true, id));
        Ok(json!({"previous": previous, "next": next, "messages": mails.iter().map(shape::mail).collect::<Vec<_>>()}))
    })
    .await
}

fn cursor(after: bool, id: MessageId) -> String {
    base64(format!("{}{id}", if after { '+' } else { '-' }).as_bytes())
}

fn read_cursor(text: &str) -> Option<(bool, MessageId)> {
    let bytes = unbase64(text)?;
    let plain = std::str::from_utf8(&bytes).ok()?;
    let after = plain.starts_with('+');
    let id = plain.strip_prefix(['+', '-'])?.parse().ok()?;
    Some((after, id))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (at, byte)| word | u32::from(*byte) << (16 - 8 * at));
        for at in 0..4 {
            let six = usize::try_from(word >> (18 - 6 * at) & 63).unwrap_or(0);
            out.push(if at <= chunk.len() { char::from(ALPHABET[six]) } else { '=' });
        }
    }
    out
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut word, mut bits) = (0_u32, 0);
    // A `+` in a query may have become a space.
    for byte in text.trim_end_matches('=').bytes().map(|byte| if byte == b' ' { b'+' } else { byte }) {
        let six = u32::try_from(ALPHABET.iter().position(|letter| *letter == byte)?).ok()?;
        word = (word << 6 | six) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from(word >> bits & 0xFF).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::{base64, cursor, read_cursor, unbase64};
    use crate::model::MessageId;

    #[test]
    fn cursors_are_read_as_they_are_written() {
        for (plain, coded) in [("+1", "KzE="), ("-991", "LTk5MQ=="), ("+12", "KzEy"), ("", "")] {
            assert_eq!(base64(plain.as_bytes()), coded);
            assert_eq!(unbase64(coded).as_deref(), Some(plain.as_bytes()));
        }
        for after in [true, false] {
            assert_eq!(read_cursor(&cursor(after, MessageId(8_812))), Some((after, MessageId(8_812))));
        }
        for wrong in ["", "!", "MTI=", "Kzkq"] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
    }
}
