//! Whom a mail goes to, and what stands above it: the part of a reply that only a mail has. Plain addresses; where it is
//! missing the way of sending finds them itself. Here is also how a mail is answered: who wrote, who reads along, which
//! address of the thread is our own.

use super::{Case, Mail, MailAddress, Message, SenderType};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Receivers and subject of a mail. Serialised into the outbox and the drafts: forms may only grow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Head {
    pub to: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cc: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bcc: Vec<String>,
    pub subject: String,
}

/// So many receivers a mail has at most: no list of a newsletter goes out from here by accident.
const RECEIVERS: usize = 100;

impl Head {
    /// As a good mail client answers: to who wrote last, with copies to the others of that mail, never to ourselves. Of a
    /// thread in which the customer wrote no mail: to whom our last one went, else to the contact.
    pub fn answering(case: &Case, messages: &[Message]) -> Self {
        let mails = || messages.iter().rev().filter(|message| message.mail.is_some());
        let answered = mails().find(|message| message.from_contact()).or_else(|| mails().next());
        let contact = address_of(case);
        let Some((message, mail)) = answered.and_then(|message| Some((message, message.mail.as_deref()?))) else {
            return Self { to: contact.into_iter().collect(), subject: answer_subject(&case.title.one_line()), ..Self::default() };
        };
        let mut own = own(messages, contact.as_deref());
        let sender = mail.from.email.raw().trim();
        let came_in = is_address(sender) && !own.contains(&sender.to_lowercase()) && (message.from_contact() || !own.is_empty());
        let mut others = |list: &[MailAddress]| list.iter().filter_map(|one| fresh(one.email.raw(), &mut own)).collect::<Vec<_>>();
        let (to, cc) = if came_in {
            let to = others(std::slice::from_ref(&mail.from));
            (to, [others(&mail.to), others(&mail.cc)].concat())
        } else {
            (others(&mail.to), others(&mail.cc))
        };
        let to = if to.is_empty() { contact.into_iter().collect() } else { to };
        let subject = Some(mail.subject.one_line()).filter(|subject| !subject.is_empty()).unwrap_or_else(|| case.title.one_line());
        Self { to, cc, bcc: Vec::new(), subject: answer_subject(&subject) }
    }

    /// The same with what was typed (`Ola <ola@example.no>`) made plain addresses and the subject one line; or what is wrong
    /// with it, in words, and in which field.
    pub fn checked(&self) -> Result<Self, (&'static str, String)> {
        let plain = |field: &'static str, list: &[String]| {
            list.iter().map(|typed| plain(typed).ok_or_else(|| (field, not_one(field, typed)))).collect::<Result<Vec<_>, _>>()
        };
        let head = Self { to: plain("to", &self.to)?, cc: plain("cc", &self.cc)?, bcc: plain("bcc", &self.bcc)?, subject: one_line(&self.subject) };
        let count = head.to.len() + head.cc.len() + head.bcc.len();
        match () {
            () if head.to.is_empty() => Err(("to", "nobody stands in \"to\"".to_owned())),
            () if count > RECEIVERS => Err(("to", format!("{count} receivers are too many: {RECEIVERS} at most"))),
            () => Ok(head),
        }
    }

    /// As a mail has it, before anybody answered.
    pub fn mail(&self, text: &str) -> Mail {
        let list = |list: &[String]| list.iter().map(|email| MailAddress { email: email.as_str().into(), ..MailAddress::default() }).collect();
        let subject = self.subject.as_str().into();
        Mail { to: list(&self.to), cc: list(&self.cc), bcc: list(&self.bcc), subject, text_body: Some(text.into()), ..Mail::default() }
    }
}

/// Addresses as they are typed on one line, with `,` or `;` between them but not inside quotes.
pub fn split(line: &str) -> Vec<String> {
    let mut quoted = false;
    let between = |c: char| {
        quoted ^= c == '"';
        matches!(c, ',' | ';') && !quoted
    };
    line.split(between).map(str::trim).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

/// Everybody the thread's mails name, and the contact, each once, who wrote or was written to last first; not ourselves.
pub fn people(case: &Case, messages: &[Message]) -> Vec<MailAddress> {
    let contact = address_of(case);
    let mut taken = own(messages, contact.as_deref());
    let of_contact = contact.map(|email| MailAddress { name: case.contact_name(), email: email.into(), ..MailAddress::default() });
    let mails = messages.iter().rev().filter_map(|message| message.mail.as_deref());
    let named = mails.flat_map(|mail| [&mail.from].into_iter().chain(&mail.to).chain(&mail.cc)).cloned();
    let known: Vec<MailAddress> = named.chain(of_contact).collect();
    // Who is named by address alone in one mail may have a name in another.
    let name = |email: &str| known.iter().find(|one| !one.name.is_empty() && one.email.raw().trim().eq_ignore_ascii_case(email));
    let each = known.iter().filter_map(|one| fresh(one.email.raw(), &mut taken));
    each.map(|email| MailAddress { name: name(&email).map(|one| one.name.clone()).unwrap_or_default(), email: email.into(), ..MailAddress::default() })
        .collect()
}

/// Our address and the customer's, seen from one mail, whichever side wrote it.
pub fn ends(message: &Message, mail: &Mail, customer: Option<&str>) -> (Option<String>, Option<String>) {
    let sender = mail.from.email.raw().trim();
    let is_customer = |address: &str| customer.is_some_and(|customer| customer.trim().eq_ignore_ascii_case(address));
    let receivers = || mail.to.iter().map(|to| to.email.raw().trim());
    // A hash is what the mail service put on the mailbox that took the mail in.
    let hashed = mail.to.iter().chain(&mail.cc).find(|to| !to.mailbox_hash.is_empty()).map(|to| to.email.raw().trim());
    let came_in = match message.sender_type {
        _ if is_customer(sender) => true,
        // It may be somebody who reads along: then it went to the customer as well as to us.
        SenderType::Contact => true,
        _ => false,
    };
    let some = |address: &str| Some(address.to_owned()).filter(|address| !address.is_empty());
    if came_in {
        (hashed.or_else(|| receivers().find(|to| !to.eq_ignore_ascii_case(sender) && !is_customer(to))).and_then(some), some(sender))
    } else {
        (some(sender), receivers().find(|to| is_customer(to)).or_else(|| receivers().next()).and_then(some))
    }
}

/// Something that can stand in an address line of a mail without changing it.
pub fn is_address(text: &str) -> bool {
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"'));
    plain && text.len() <= 320 && text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

/// The subject of an answer: `Re: ` once, however often it stood there before; always one line.
pub fn answer_subject(subject: &str) -> String {
    let mut bare = subject.trim();
    while let Some(rest) = bare.get(..3).filter(|head| head.eq_ignore_ascii_case("re:")).and_then(|_| bare.get(3..)) {
        bare = rest.trim_start();
    }
    format!("Re: {}", if bare.is_empty() { "your message" } else { bare })
}

/// The contact's own address.
fn address_of(case: &Case) -> Option<String> {
    let email = case.contact.as_ref()?.field("email")?.raw().trim().to_owned();
    Some(email).filter(|email| is_address(email))
}

/// The addresses that are ours, lower case: mailboxes that took mail in, and what agents wrote from; where nothing tells, what
/// the newest mail makes most likely. The customer's never is.
fn own(messages: &[Message], customer: Option<&str>) -> HashSet<String> {
    let mails = || messages.iter().filter_map(|message| Some((message, message.mail.as_deref()?)));
    let took_in = mails().flat_map(|(_, mail)| mail.to.iter().chain(&mail.cc)).filter(|to| !to.mailbox_hash.is_empty()).map(|to| to.email.raw());
    let wrote = mails().filter(|(message, _)| message.sender_type == SenderType::User).map(|(_, mail)| mail.from.email.raw());
    let foreign = |email: &String| !email.is_empty() && customer.is_none_or(|customer| !customer.eq_ignore_ascii_case(email));
    let known: HashSet<String> = took_in.chain(wrote).map(|email| email.trim().to_lowercase()).filter(foreign).collect();
    if !known.is_empty() {
        return known;
    }
    let guess = mails().next_back().and_then(|(message, mail)| ends(message, mail, customer).0).map(|email| email.to_lowercase());
    guess.into_iter().filter(foreign).collect()
}

/// The address, unless it was taken before.
fn fresh(email: &str, taken: &mut HashSet<String>) -> Option<String> {
    let email = email.trim();
    (is_address(email) && taken.insert(email.to_lowercase())).then(|| email.to_owned())
}

fn plain(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let bare = typed.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).map_or(typed, |(_, email)| email.trim());
    is_address(bare).then(|| bare.to_owned())
}

fn not_one(field: &str, typed: &str) -> String {
    format!("\"{}\" in {field} is no mail address", super::Untrusted::from(typed).brief(60))
}

fn one_line(subject: &str) -> String {
    subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
