//! `reply --translate`: said before anything is stored where the server would not do it. What it said last counts while it
//! can't be asked, and the config for one that says nothing.

use super::desk::Desk;
use super::fault::Fault;
use crate::app::compose::translate::unable;
use crate::model::{CaseId, Change, Channel};
use crate::runtime;
use crate::store::Store;

pub async fn offered(desk: &Desk) -> Result<(), Fault> {
    let mut store = desk.store()?;
    if let Some(server) = desk.server()?
        && let Ok(hello) = server.hello().await
    {
        runtime::learn(&mut store, &hello);
    }
    let why = unable(store.habits()?.translates, desk.config.translate);
    why.map_or(Ok(()), |why| Err(Fault::failed(format!("--translate: {why}")).hint("without --translate the text goes out as it is written")))
}

/// Only a chat is translated: the other ways have no place for the language.
pub fn fits(store: &Store, id: CaseId, change: &Change) -> Result<(), Fault> {
    let Some(lang) = change.translate() else { return Ok(()) };
    let known = store.conversation(id)?;
    let what = match known.as_ref().and_then(|known| known.case(id)).map(|case| &case.channel) {
        Some(Channel::Email) => "a mail",
        Some(Channel::Voip) => "a text message",
        _ => return Ok(()),
    };
    Err(Fault::usage(format!("--translate {}: {what} goes out as it is written", lang.key())).hint("write it in the customer's language"))
}
