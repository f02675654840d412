//! Canned replies without a screen: `reply ID --canned NAME` says one, `macro ID NAME` does all of it. What is not known
//! of the case is an error that names it; nothing is sent then.

use super::args::Macro;
use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::out::Out;
use super::{labels, letter, refresh, replies, write};
use crate::app::Event;
use crate::app::canned::{Facts, fill};
use crate::app::macros::{changes, unknown};
use crate::model::{Canned, CaseId, Change, Status, ThreadId};
use crate::store::{self, Store};
use serde_json::json;

/// One whose variables are filled in for a case.
struct Ready {
    canned: Canned,
    text: String,
    status: Option<Status>,
    store: Store,
    thread: ThreadId,
}

/// The text of one for a case. What is for colleagues goes to no customer.
pub async fn text(desk: &Desk, id: CaseId, name: &str, reply: bool) -> Result<String, Fault> {
    let canned = named(desk, name)?;
    if reply && canned.note {
        return Err(Fault::usage(format!("'{}' is for colleagues", canned.name)).hint(format!("caseload note {id} --canned '{name}'")));
    }
    if !canned.speaks() {
        return Err(Fault::usage(format!("'{}' has no text", canned.name)).hint(format!("caseload macro {id} '{name}'")));
    }
    Ok(ready(desk, id, canned).await?.text)
}

/// Says, closes or snoozes, as the macro has it.
pub async fn run(desk: &Desk, args: Macro, out: &mut Out) -> Result<Exit, Fault> {
    let Ready { canned, text, status, store, thread } = ready(desk, args.id, named(desk, &args.name)?).await?;
    if status == Some(Status::Closed) {
        return Err(Fault::failed(format!("#{} is closed", args.id)).hint(format!("caseload reopen {}", args.id)));
    }
    let mut changes = changes(&canned, text.clone(), status == Some(Status::Pending));
    if let Some(words) = &canned.snooze {
        let rest = labels::snooze(desk, args.id, words, None).map_err(|error| Fault::failed(format!("'{}': {error}", canned.name)))?;
        changes.push(rest?);
    }
    if args.dry.dry_run {
        let value = json!({"dry_run": true, "caseId": args.id, "macro": canned.name, "text": text, "changes": changes});
        let kinds = changes.iter().map(Change::kind).collect::<Vec<_>>().join(", ");
        out.either(&value, format!("would {kinds} #{}{}{text}", args.id, if text.is_empty() { "" } else { ":\n" }))?;
        return Ok(Exit::Done);
    }
    let mut addressed = Vec::new();
    for change in changes {
        addressed.push(letter::addressed(desk, &store, args.id, change, None).await?);
    }
    let asked = addressed.into_iter().map(|change| Event::Commanded { case: args.id, thread, change });
    write::all(desk, store, asked.collect(), out).await
}

/// By its name, in any case of letters.
fn named(desk: &Desk, name: &str) -> Result<Canned, Fault> {
    let stock = replies::read(desk);
    let wanted = name.to_lowercase();
    let found = stock.replies.iter().find(|reply| reply.name == name).or_else(|| stock.replies.iter().find(|reply| reply.name.to_lowercase() == wanted));
    found.cloned().ok_or_else(|| {
        let names: Vec<_> = stock.replies.iter().map(|reply| format!("'{}'", reply.name)).collect();
        let place = replies::place(desk);
        let there = if names.is_empty() { format!("write one: {}", place.join("thanks.md").display()) } else { format!("there are {}", names.join(", ")) };
        let flawed = if stock.flaws.is_empty() { "" } else { "; `caseload doctor` names those that could not be read" };
        Fault::usage(format!("no canned reply is called '{name}'")).hint(there + flawed)
    })
}

async fn ready(desk: &Desk, id: CaseId, canned: Canned) -> Result<Ready, Fault> {
    let change = Change::reply(String::new());
    let (store, thread) = match refresh::known(desk, id, &change).await {
        // A damaged cache was put aside when it was opened again; nothing is stored yet.
        Err(_) if store::met_damage() => refresh::known(desk, id, &change).await?,
        known => known?,
    };
    let case = store.case(id)?;
    let me = store.me();
    let filled = fill(&canned.text, &Facts { case: case.as_ref(), me: me.as_ref(), utc_offset: desk.utc_offset, now: desk.now });
    if !filled.gaps.is_empty() {
        let fault = Fault::failed(format!("{} of #{id}: nothing was sent", unknown(&filled.gaps)));
        return Err(fault.hint("write the text with --text, or give the variable a default in the canned reply: {{case.order|your order}}"));
    }
    Ok(Ready { canned, text: filled.text, status: case.map(|case| case.status), store, thread })
}
