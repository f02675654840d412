//! Mails of a case: sending one, and reading those of a thread by cursor.

use super::Answer;
use super::say::{Saying, say};
use crate::model::{Attachment, Bytes, CaseId, Channel, Mail, MailAddress, MessageId, MessageKind, Object, ThreadId, base64};
use crate::server::ask::{self, Ask};
use crate::server::refusal::Refusal;
use crate::server::shape;
use crate::server::{App, demo};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
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

/// The bytes of what is attached to a mail: `n` counts from 0. Ours has no store of files: what stands in the mail is given, and of a
/// demo's mail, which only says how long its files are, they are made.
pub async fn attachment(State(app): State<App>, ask: Ask) -> Result<File, Refusal> {
    let (id, n) = (MessageId(ask.id()?), ask.query.int("n")?.unwrap_or(0));
    let missing = || Refusal::not_found(format_args!("attachment {n} of mail {id}"));
    let found = app.db.read(move |reader| reader.any_message(id).map_err(Refusal::from)).await?;
    let file = found.as_ref().and_then(|mail| Attachment::of(mail).into_iter().nth(usize::try_from(n).ok()?)).ok_or_else(missing)?;
    let bytes = match &file.from {
        Bytes::Inline(content) => base64::decode(content).ok_or_else(missing)?,
        _ => demo::file(&file, id.0).ok_or_else(missing)?,
    };
    Ok(File(bytes))
}

/// Bytes that no browser may take for a page of ours.
pub struct File(Vec<u8>);

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let heads = [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (header::CONTENT_DISPOSITION, "attachment"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        (heads, self.0).into_response()
    }
}

fn cursor(after: bool, id: MessageId) -> String {
    base64::encode(format!("{}{id}", if after { '+' } else { '-' }).as_bytes())
}

fn read_cursor(text: &str) -> Option<(bool, MessageId)> {
    // A `+` in a query may have become a space.
    let bytes = base64::decode(&text.replace(' ', "+"))?;
    let plain = std::str::from_utf8(&bytes).ok()?;
    let after = plain.starts_with('+');
    let id = plain.strip_prefix(['+', '-'])?.parse().ok()?;
    Some((after, id))
}

#[cfg(test)]
mod tests {
    use super::{cursor, read_cursor};
    use crate::model::MessageId;

    #[test]
    fn cursors_are_read_as_they_are_written() {
        assert_eq!(cursor(true, MessageId(1)), "KzE=");
        for after in [true, false] {
            assert_eq!(read_cursor(&cursor(after, MessageId(8_812))), Some((after, MessageId(8_812))));
        }
        for wrong in ["", "!", "MTI=", "Kzkq"] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
    }
}
