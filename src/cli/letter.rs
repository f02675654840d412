//! The head of a reply by mail: what `--to`, `--cc`, `--bcc` and `--subject` say, over what a mail client would write. Where
//! the mails of a thread are known, a reply carries its receivers from the moment it is composed.

use super::args::Head as Given;
use super::desk::Desk;
use super::fault::Fault;
use crate::model::head::split;
use crate::model::{CaseId, Change, Channel, Conversation, Head};
use crate::runtime;
use crate::store::Store;

/// The change with its head, where it is a reply by mail.
pub async fn addressed(desk: &Desk, store: &Store, id: CaseId, change: Change, given: Option<&Given>) -> Result<Change, Fault> {
    let Change::Reply { text, head: None, translate } = change else { return Ok(change) };
    let asked = given.filter(|given| given.says_something());
    if asked.is_some() {
        read(desk, store, id).await?;
    }
    let known = store.conversation(id)?;
    let channel = known.as_ref().and_then(|known| known.case(id)).map(|case| case.channel.clone());
    let head = match (asked, channel) {
        (Some(given), Some(Channel::Email)) => Some(over(known.as_ref().and_then(|known| usual(known, id)).unwrap_or_default(), given)?),
        (Some(given), Some(channel)) => {
            let why = format!("{}: #{id} is no mail but {}", given.first(), words(&channel));
            return Err(Fault::usage(why).hint(format!("caseload reply {id} --text TEXT")));
        }
        (Some(given), None) => return Err(Fault::failed(format!("{}: #{id} is not in the cache, nothing tells whether it is a mail", given.first()))),
        // Without its mails the way of sending finds out whom it goes to: the customer.
        (None, Some(Channel::Email)) => known.filter(|known| known.fetched.is_some()).and_then(|known| usual(&known, id)),
        (None, _) => None,
    };
    Ok(Change::Reply { text, head: head.map(Box::new), translate })
}

/// The mails of a thread whose messages were never read, when the server can be asked; without it what is known has to do.
async fn read(desk: &Desk, store: &Store, id: CaseId) -> Result<(), Fault> {
    let known = store.conversation(id)?.is_some_and(|known| known.fetched.is_some());
    if !known && let Some(server) = desk.server()? {
        let _away = runtime::fetch(&server, store.sink()?, id).await;
    }
    Ok(())
}

/// As the composer proposes it.
fn usual(known: &Conversation, id: CaseId) -> Option<Head> {
    known.case(id).map(|case| Head::answering(case, &known.messages))
}

/// What was given takes the place of what is usual.
fn over(mut head: Head, given: &Given) -> Result<Head, Fault> {
    let each = |list: &[String]| list.iter().flat_map(|line| split(line)).collect::<Vec<_>>();
    for (field, list) in [(&mut head.to, &given.to), (&mut head.cc, &given.cc), (&mut head.bcc, &given.bcc)] {
        if !list.is_empty() {
            *field = each(list);
        }
    }
    if let Some(subject) = &given.subject {
        head.subject.clone_from(subject);
    }
    head.checked().map_err(|(field, why)| Fault::usage(format!("--{field}: {why}")).hint("addresses like ola@example.com, with a comma between them"))
}

fn words(channel: &Channel) -> &str {
    match channel {
        Channel::Chat => "a chat",
        Channel::Voip => "a call",
        other => other.as_str(),
    }
}
