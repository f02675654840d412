//! `caseload show`, `search` and `export`: conversations of the cache, whole.

use super::args::{Search, Target};
use super::desk::Desk;
use super::fault::Fault;
use super::out::Out;
use super::{ledger, list, refresh, words};
use crate::app::lines;
use crate::app::review::wait::Moment;
use crate::app::told;
use crate::model::{Conversation, Filter, Op, Saved, View};
use crate::store::Store;
use serde_json::{Value, json};

/// Where nothing is cut for a terminal, lines wrap here.
const PIPED: usize = 100;

pub async fn show(desk: &Desk, args: &Target, out: &mut Out) -> Result<(), Fault> {
    let store = refresh::fetched(desk, args.id).await?;
    let missing = || Fault::failed(format!("no case #{}", args.id)).hint("`caseload list --all` names those there are");
    let conversation = store.conversation(args.id)?.ok_or_else(missing)?;
    let ops = store.ops(false)?;
    let moment = ledger::moment(&ops, ledger::sender(&store), desk);
    if out.json { out.object(&object(&store, &conversation, &moment)?) } else { transcript(desk, &store, &conversation, &ops, out) }
}

/// Full text over what the cache holds, newest first.
pub async fn search(desk: &Desk, args: &Search, out: &mut Out) -> Result<(), Fault> {
    let store = refresh::pulled(desk).await?;
    let filter =
        Filter::search(&args.words.join(" ")).map_err(|error| Fault::usage(format!("search: {error}")).hint("search refund channel:mail closed:<30d"))?;
    let found = store.find(&filter, args.limit, desk.now)?;
    let hits = &found.hits;
    if out.json {
        return hits.iter().try_for_each(|hit| {
            out.object(&json!({
                "caseId": hit.case, "threadId": hit.thread, "id": hit.message, "contact": hit.contact, "snippet": hit.snippet,
                "dateCreated": hit.date,
            }))
        });
    }
    let rows: Vec<_> = hits
        .iter()
        .map(|hit| {
            let date = hit.date.map_or_else(String::new, |date| words::moment(date, desk.utc_offset));
            [format!("#{}", hit.case), date, words::cut(&hit.contact.one_line(), 24), hit.snippet.one_line()]
        })
        .collect();
    out.lines(words::columns(&rows, Out::width()))
}

/// One conversation after the other; with `--json` one a line, in the shape of `show`.
pub async fn export(desk: &Desk, out: &mut Out) -> Result<(), Fault> {
    let store = refresh::pulled(desk).await?;
    let ops = store.ops(false)?;
    let moment = ledger::moment(&ops, ledger::sender(&store), desk);
    list::walk(&store, desk, &Saved { within: View::All, ..Saved::default() }, |row| {
        let Some(conversation) = store.conversation(row.id)? else { return Ok(()) };
        // Every case of the chain has a row; the newest one speaks for all.
        if conversation.latest().is_some_and(|latest| latest.id != row.id) {
            return Ok(());
        }
        if out.json { out.object(&object(&store, &conversation, &moment)?) } else { transcript(desk, &store, &conversation, &ops, out) }
    })
}

/// `{"threadId","cases","messages","pending"}`: cases as shown, messages and mails as the server has them, and what of ours waits.
fn object(store: &Store, conversation: &Conversation, moment: &Moment) -> Result<Value, Fault> {
    Ok(told::conversation(conversation, &store.shown_of(conversation)?, moment))
}

/// The conversation as the screen tells it, without colours.
fn transcript(desk: &Desk, store: &Store, conversation: &Conversation, ops: &[Op], out: &mut Out) -> Result<(), Fault> {
    if let Some(case) = conversation.latest() {
        let shown = store.shown(case.id)?;
        let case = shown.as_ref().unwrap_or(case);
        let status = crate::model::Untrusted::from(case.status.as_str()).one_line();
        out.line(format!("#{} {} · {} · {status}", case.id, case.title.one_line(), case.contact_name().one_line()))?;
        out.line("")?;
    }
    let width = u16::try_from(Out::width().unwrap_or(PIPED)).unwrap_or(u16::MAX);
    let how = lines::Layout { width, now: desk.now, utc_offset: desk.utc_offset, me: store.me().map(|me| me.id), keys: false };
    let laid = lines::layout(conversation, ops, &how);
    out.lines(laid.into_iter().map(|line| line.text.trim_end().to_owned()))?;
    out.line("")
}
