//! Tags, fields and snoozes from the command line: what is not understood, or what the server does not take, is said before
//! anything is stored.

use super::args::{Fields, Tags, Unread};
use super::desk::Desk;
use super::fault::Fault;
use super::out::Out;
use super::refresh;
use crate::model::field::{FieldKind, is_plain};
use crate::model::{CaseId, Change, FieldChange, FieldsOf, MessageKind, Snooze, Timestamp, when};
use crate::runtime;
use crate::store::Store;
use serde_json::{Value, json};

/// Not every server has a place for it. What it said last counts while it can't be asked.
pub async fn offered(desk: &Desk) -> Result<(), Fault> {
    let mut store = desk.store()?;
    if let Some(server) = desk.server()?
        && let Ok(hello) = server.hello().await
    {
        runtime::learn(&mut store, &hello);
        if hello.extensions.case_update {
            return Ok(());
        }
    }
    match store.habits()?.case_update {
        Some(false) => {
            Err(Fault::failed("this server does not offer it").hint("its API documents no way to change tags or fields of a case; `caseload serve` has one"))
        }
        _ => Ok(()),
    }
}

pub async fn tags(desk: &Desk, args: Tags) -> Result<Change, Fault> {
    let clean = |names: Vec<String>| names.into_iter().map(|name| name.trim().to_owned()).collect::<Vec<_>>();
    let (add, remove) = (clean(args.add), clean(args.remove));
    if add.iter().chain(&remove).any(String::is_empty) {
        return Err(Fault::usage("a tag needs a name"));
    }
    offered(desk).await?;
    Ok(Change::Tag { add, remove })
}

/// Compared with what is known of the case now; a value that its field does not take is said before anything is stored.
pub async fn fields(desk: &Desk, args: Fields) -> Result<Change, Fault> {
    let of = if args.contact { FieldsOf::Contact } else { FieldsOf::Case };
    if of == FieldsOf::Case {
        offered(desk).await?;
    }
    let store = refresh::fetched(desk, args.id).await?;
    let unknown = || Fault::failed(format!("case #{} is not known here", args.id)).hint("`caseload sync` reads every case of the server");
    let case = store.shown(args.id)?.ok_or_else(unknown)?;
    let fields = of.fields(&case).ok_or_else(|| Fault::failed(format!("case #{} has no contact", args.id)))?;
    let extra = if args.contact { case.contact.as_ref().map(|contact| contact.extra.clone()).unwrap_or_default() } else { case.extra.clone() };
    let mut set = Vec::new();
    for (key, text) in args.set {
        let old = fields.get(&key).cloned().unwrap_or(Value::Null);
        if !is_plain(&old) {
            return Err(Fault::usage(format!("{key}: it has parts of its own and can't be set in a line")));
        }
        let new = FieldKind::of(&key, &old, &extra).read(&text, &old, desk.now, &desk.zone).map_err(|error| Fault::usage(format!("{key}: {error}")))?;
        set.push(FieldChange { key, old, new });
    }
    Ok(Change::Fields { of, set })
}

/// The words of a snooze, and the agent's own; `Err` where they are not understood. When the customer wrote last is what the cache knows.
pub fn snooze(desk: &Desk, id: CaseId, words: &str, own: Option<String>) -> Result<Result<Change, Fault>, String> {
    let wish = when::wish(words, desk.now, &desk.zone)?;
    let message = || -> Result<Option<String>, Fault> {
        if !wish.reply {
            return Ok(own);
        }
        let rule = Snooze::until_they_write(heard(&desk.store()?, id)?);
        Ok(Some(own.map_or_else(|| rule.clone(), |own| format!("{rule}: {own}"))))
    };
    Ok(message().map(|message| Change::Snooze { until: wish.until, message }))
}

fn heard(store: &Store, id: CaseId) -> Result<Option<Timestamp>, Fault> {
    let Some(conversation) = store.conversation(id)? else { return Ok(None) };
    let last = conversation.case(id).and_then(|case| case.last_message.as_deref());
    let theirs = conversation.messages.iter().chain(last).filter(|message| message.case_id == id && message.from_contact());
    Ok(theirs.filter(|message| message.kind != MessageKind::Event).filter_map(|message| message.date_created).max())
}

/// A mark of this machine alone: nothing is sent.
pub fn unread(desk: &Desk, args: &Unread, out: &mut Out) -> Result<(), Fault> {
    let (mut store, id) = (desk.store()?, args.id);
    let missing = || Fault::failed(format!("case #{id} is not known here")).hint("`caseload sync` reads every case of the server");
    let thread = store.thread_of(id)?.ok_or_else(missing)?;
    let word = if args.read { "read" } else { "unread" };
    let value = json!({"caseId": id, "threadId": thread, "unread": !args.read});
    if args.dry.dry_run {
        let Value::Object(mut members) = value else { return Ok(()) };
        members.insert("dry_run".to_owned(), true.into());
        return out.either(&members, format!("would mark #{id} as {word}"));
    }
    if args.read {
        store.seen(thread, desk.now)?;
    } else {
        store.mark_unread(thread, desk.now)?;
    }
    out.either(&value, format!("#{id} is {word}"))
}
