//! What stands above a mail: who wrote to whom about what.

use crate::model::{Mail, MailAddress};

/// A list of addresses ends here.
const ADDRESSES: usize = 12;

/// Subject and receivers on one line: `Re: your order · to Support, cc Ola +1`.
pub fn brief(mail: &Mail, room: usize) -> String {
    let list = |word: &str, list: &[MailAddress]| {
        let first = list.first()?;
        let name = first.name.brief(room);
        let name = if name.is_empty() { first.email.brief(room) } else { name };
        let more = if list.len() > 1 { format!(" +{}", list.len() - 1) } else { String::new() };
        (!name.is_empty()).then(|| format!("{word} {name}{more}"))
    };
    let people: Vec<String> = [list("to", &mail.to), list("cc", &mail.cc), list("bcc", &mail.bcc)].into_iter().flatten().collect();
    let subject = mail.subject.brief(room);
    let subject = if subject.is_empty() { "(no subject)".to_owned() } else { subject };
    if people.is_empty() { subject } else { format!("{subject} · {}", people.join(", ")) }
}

/// `from`, `to`, `subject`: what there is of them, each on one line.
pub fn head(mail: &Mail, room: usize) -> Vec<String> {
    let people = |list: &[MailAddress]| {
        let more = if list.len() > ADDRESSES { format!(", {} more", list.len() - ADDRESSES) } else { String::new() };
        list.iter().take(ADDRESSES).map(|one| address(one, room)).collect::<Vec<_>>().join(", ") + &more
    };
    let lines = [
        ("from", address(&mail.from, room)),
        ("to", people(&mail.to)),
        ("cc", people(&mail.cc)),
        ("bcc", people(&mail.bcc)),
        ("subject", mail.subject.brief(room)),
    ];
    let lines: Vec<String> = lines.into_iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!("{word} {text}")).collect();
    if lines.is_empty() { vec!["from nobody".to_owned()] } else { lines }
}

fn address(of: &MailAddress, room: usize) -> String {
    match (of.name.brief(room), of.email.brief(room)) {
        (name, email) if email.is_empty() => name,
        (name, email) if name.is_empty() => email,
        (name, email) => format!("{name} <{email}>"),
    }
}
