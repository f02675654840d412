//! Saying something in a case, by whatever way it came: chat, mail, SMS. One transaction checks that it was not said before,
//! lets the model decide, and keeps the message, its client's name for it and the answer together.

use crate::model::{CaseId, Change, Channel, Mail, MailAddress, Message, MessageKind, Object, OpId, SenderType, Status};
use crate::server::ask::{self, Ask, Done};
use crate::server::db::{Said, Writer};
use crate::server::decide;
use crate::server::events::Event;
use crate::server::keys::fingerprint;
use crate::server::quirks::VendorQuirks;
use crate::server::refusal::Refusal;
use serde_json::Value;

/// A message to be.
#[derive(Debug, Clone, Default)]
pub struct Saying {
    pub case: CaseId,
    /// Whose case the request believes it to be.
    pub contact: Option<i64>,
    pub sender: SenderType,
    pub kind: MessageKind,
    pub text: String,
    pub meta: Object,
    pub channel: Option<Channel>,
    pub mail: Option<Box<Mail>>,
}

/// The words of a request as they are kept. Asked for another language, a server without a translator says so: the words as they
/// stand would reach a customer who was to read others.
pub fn words(ask: &Ask, message: &Object) -> Result<String, Refusal> {
    let text = ask::words(message, "message")?;
    match ask::text(message, "translateLangKey")?.filter(|key| !key.trim().is_empty()) {
        None => Ok(text.to_owned()),
        Some(key) if ask.quirks.translates => Ok(VendorQuirks::translate(text, key)),
        Some(_) => Err(Refusal::invalid("this server does not translate: leave translateLangKey out and write in the customer's language")),
    }
}

/// Says it, or answers as when it was said first. `shape` makes the answer of a message that is kept.
pub fn say(writer: &mut Writer, ask: &Ask, mut saying: Saying, shape: impl FnOnce(&Writer, &Message) -> Result<Value, Refusal>) -> Result<Done, Refusal> {
    if ask.quirks.drop_meta {
        saying.meta.clear();
    }
    let name = name(&saying, ask)?;
    let print = print(&saying);
    if let Some(name) = &name {
        match writer.said(saying.case, name, &print)? {
            Some(Said::Same(_, Some(answer))) => return Ok(Done::Again(answer)),
            Some(Said::Same(id, None)) => {
                let message = writer.any_message(id)?.ok_or_else(|| Refusal::not_found(format_args!("message {id}")))?;
                return Ok(Done::Again(ask.render(shape(writer, &message)?)));
            }
            Some(Said::Other) => return Err(Refusal::reused("this op_id")),
            None => {}
        }
    }
    let case = saying.case;
    let message = keep(writer, ask, saying, name.as_deref())?;
    let message = writer.any_message(message.id)?.unwrap_or(message);
    let answer = ask.render(shape(writer, &message)?);
    if let Some(name) = &name {
        writer.remember_said(case, name, &print, message.id, Some(&answer))?;
    }
    Ok(Done::Told(answer))
}

/// What the client calls it: `meta.op_id`.
fn name(saying: &Saying, ask: &Ask) -> Result<Option<String>, Refusal> {
    match saying.meta.get("op_id") {
        _ if ask.quirks.no_idempotency => Ok(None),
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(name)) if !name.is_empty() && name.len() <= 200 => Ok(Some(name.clone())),
        Some(_) => Err(Refusal::invalid("meta.op_id must be text of 1 to 200 bytes")),
    }
}

fn print(saying: &Saying) -> [u8; 32] {
    let mail = saying.mail.as_ref().map(|mail| {
        let list = |list: &[MailAddress]| list.iter().map(|to| to.email.raw()).collect::<Vec<_>>().join(",");
        // As it was before there were copies, where there are none: a name that was remembered then is known again.
        let copies = if mail.cc.is_empty() && mail.bcc.is_empty() { String::new() } else { format!("\n{}\n{}", list(&mail.cc), list(&mail.bcc)) };
        format!("{}\n{}\n{}{copies}", mail.subject.raw(), list(&mail.to), mail.html_body.as_ref().map_or("", |html| html.raw()))
    });
    fingerprint(&[saying.kind.as_str().as_bytes(), saying.sender.as_str().as_bytes(), saying.text.as_bytes(), mail.unwrap_or_default().as_bytes()])
}

fn keep(writer: &mut Writer, ask: &Ask, saying: Saying, name: Option<&str>) -> Result<Message, Refusal> {
    let id = saying.case;
    let change = if saying.kind == MessageKind::Note { Change::Note { text: saying.text.clone() } } else { Change::reply(saying.text.clone()) };
    let case = decide::document(writer, id, &change)?;
    if saying.contact.is_some_and(|contact| case.contact_id().is_some_and(|of| of.0 != contact)) {
        return Err(Refusal::invalid(format!("case {id} belongs to another contact")));
    }
    if saying.sender == SenderType::User && saying.kind != MessageKind::Event {
        let mutation = decide::mutation(writer, &case, &ask.key.user, name.and_then(|name| name.parse::<OpId>().ok()), change);
        let decided = decide::decide(writer, &case, &mutation, |message| {
            message.meta = saying.meta;
            message.channel = saying.channel.or_else(|| message.channel.take());
            message.mail = saying.mail;
        })?;
        return decided.message.ok_or_else(Refusal::server);
    }
    // The model decides what agents do; a customer and an event follow the same rule about when.
    if case.status != Status::Active {
        return Err(crate::model::Refused::NotActive(id, case.status.as_str().to_owned()).into());
    }
    let sender_id = if saying.sender == SenderType::User { Some(ask.key.user.id.0) } else { case.contact_id().map(|contact| contact.0) };
    let message = Message {
        sender_type: saying.sender,
        sender_id,
        kind: saying.kind,
        message: saying.text.into(),
        meta: saying.meta,
        channel: saying.channel,
        mail: saying.mail,
        ..Message::default()
    };
    let mut case = case;
    let message = writer.add_message(&mut case, message)?;
    writer.announce(Event::message(&message));
    Ok(message)
}
