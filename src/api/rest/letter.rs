//! Who writes to whom: the addresses and numbers an answer by mail or text message needs, from what came before.
//! What is missing is said in words; nothing is guessed.

use super::super::asks::Base;
use super::super::wire::write::{Letter, Numbers};
use crate::model::head::{answer_subject, ends, is_address};
use crate::model::{Case, Head, Message, Object, SenderType};
use serde_json::Value;

/// To whom its author said; else, from the newest mail of the thread, to the customer alone. From the address the customer wrote to.
pub(super) fn letter(base: &Base, head: Option<&Head>) -> Result<Letter, String> {
    let newest = base.mail.as_ref();
    let theirs = base.case.contact.as_ref().and_then(|contact| contact.field("email")).map(|email| email.raw().to_owned());
    let mail = newest.and_then(|message| message.mail.as_deref());
    let (from, to) = match (newest, mail) {
        (Some(message), Some(mail)) => ends(message, mail, theirs.as_deref()),
        _ => (None, None),
    };
    let head = match head {
        // What an older or a foreign program left in the outbox is looked at like what was typed.
        Some(head) => head.checked().map_err(|(_, why)| why)?,
        None => Head { to: vec![to.or(theirs).filter(|to| is_address(to)).ok_or("the customer's mail address is not known")?], ..Head::default() },
    };
    let from = from.filter(|from| is_address(from)).ok_or("the address to answer from is not known: no mail of this thread names it")?;
    let of_mail = || mail.map(|mail| mail.subject.one_line()).filter(|subject| !subject.is_empty()).unwrap_or_else(|| base.case.title.one_line());
    let subject = if head.subject.is_empty() { answer_subject(&of_mail()) } else { head.subject };
    Ok(Letter { from, head: Head { subject, ..head } })
}

/// From the newest SMS or call that names both numbers, else the contact's phone for theirs.
pub(super) fn numbers(base: &Base) -> Result<Numbers, String> {
    let case = &base.case;
    let phone = case.contact.as_ref().and_then(|contact| contact.field("phone")).map(|phone| phone.raw().to_owned());
    let told = base.mail.iter().chain(case.last_message.as_deref()).chain(case.messages.iter().rev()).find_map(|message| pair(message, phone.as_deref()));
    let (ours, theirs) = told.map_or((None, None), |(ours, theirs)| (Some(ours), Some(theirs)));
    let theirs = theirs.or(phone).filter(|number| is_number(number)).ok_or("the customer's telephone number is not known")?;
    let ours = ours.filter(|number| is_number(number)).ok_or("the number to answer from is not known: no call or text message of this thread names it")?;
    Ok(Numbers { ours, theirs, timeline: None })
}

/// Our number and theirs in one message, wherever a record of a call or an SMS may stand in it.
fn pair(message: &Message, phone: Option<&str>) -> Option<(String, String)> {
    let inside = |members: &'_ Object, name: &str| members.get(name).and_then(Value::as_object).cloned();
    let places =
        [inside(&message.meta, "sms"), inside(&message.meta, "call"), Some(message.meta.clone()), inside(&message.extra, "data"), Some(message.extra.clone())];
    let record = places.into_iter().flatten().find(|place| word(place, "from").is_some() && word(place, "to").is_some())?;
    let (from, to) = (word(&record, "from")?, word(&record, "to")?);
    let incoming = match word(&record, "direction").as_deref() {
        Some("incoming" | "inbound") => true,
        Some("outgoing" | "outbound") => false,
        _ if phone.is_some_and(|phone| digits(phone) == digits(&from)) => true,
        _ => message.sender_type == SenderType::Contact,
    };
    Some(if incoming { (to, from) } else { (from, to) })
}

fn word(record: &Object, name: &str) -> Option<String> {
    let title = format!("{}{}", name[..1].to_ascii_uppercase(), &name[1..]);
    record.get(name).or_else(|| record.get(&title))?.as_str().filter(|word| !word.is_empty()).map(str::to_owned)
}

fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

fn is_number(text: &str) -> bool {
    text.len() <= 40 && text.bytes().any(|byte| byte.is_ascii_digit()) && !text.chars().any(char::is_control)
}

/// The timeline entry a text message hangs on, where the case names one: the first, so that a second attempt is the same request.
pub(super) fn timeline(case: &Case) -> Option<i64> {
    let first = case.timeline.iter().map(|entry| entry.id).min();
    first.or_else(|| case.extra.get("timelineId").and_then(super::super::wire::read::id))
}
