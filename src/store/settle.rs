//! What an answer to one of our operations says is written down as the server's word: its own document and message where it
//! gave them, else what it must have done. Nothing may vanish between the answer and the next pull.

use super::cache::documents::Put;
use super::cache::messages::{Place, chat_key};
use super::cache::{Cache, threading};
use super::error::Cause;
use crate::model::{Case, CaseId, Change, Channel, Mail, Message, MessageId, MessageKind, Op, OpState};

/// Belongs into a [`Cache::change`]. Gives the cases that are to be projected.
pub(super) fn settle(cache: &Cache, op: &Op, case: Option<&Case>, message: Option<&Message>) -> Result<Vec<CaseId>, Cause> {
    let mut touched = vec![op.case()];
    if let Some(case) = case {
        if !matches!(cache.put_case(case, None)?, Put::Kept) && case.id != op.case() {
            touched.push(case.id);
        }
        cache.mark_settled(case.id)?;
    }
    if op.state == OpState::Sent {
        touched.extend(sent(cache, op, case.is_some())?);
    }
    let message = match message {
        Some(message) => Some(message.clone()),
        None => predicted(cache, op)?,
    };
    if let Some(message) = message {
        write(cache, op, message, case.is_some())?;
    }
    cache.mark_settled(op.case())?;
    Ok(touched)
}

/// Lays the change over what is confirmed, where the answer brought no document or one that leaves this out.
fn sent(cache: &Cache, op: &Op, answered: bool) -> Result<Option<CaseId>, Cause> {
    match &op.mutation.change {
        Change::Reply { .. } | Change::Note { .. } => {}
        Change::Edit { message, text } => rewrite(cache, *message, text)?,
        Change::Delete { message } => cache.bury_message(chat_key(*message))?,
        Change::Reopen if !answered => return reopened(cache, op),
        Change::Snooze { .. } | Change::Unsnooze | Change::Tag { .. } | Change::Fields { .. } => apply(cache, op)?,
        _ if !answered => apply(cache, op)?,
        _ => {}
    }
    Ok(None)
}

/// The server's date stays: ours may be ahead of it and would shut out what it says next.
fn apply(cache: &Cache, op: &Op) -> Result<(), Cause> {
    let Some(old) = cache.case(op.case())? else { return Ok(()) };
    let mut case = old.clone();
    if op.mutation.apply(&mut case).is_ok() {
        case.date_updated = old.date_updated;
        cache.overwrite(&old, &case)?;
    }
    Ok(())
}

fn rewrite(cache: &Cache, id: MessageId, text: &str) -> Result<(), Cause> {
    if let Some(mut message) = cache.message(chat_key(id))? {
        message.message = text.into();
        let thread = cache.thread_of(message.case_id)?.unwrap_or(message.thread_id);
        cache.put_message(&message, Place { thread, op: None, guarded: None })?;
    }
    Ok(())
}

/// Reopening makes a new case of the thread at the server; until it is read, it is the old one, open and ours.
fn reopened(cache: &Cache, op: &Op) -> Result<Option<CaseId>, Cause> {
    let (Some(id), Some(mut case)) = (op.server_id.map(CaseId), cache.case(op.case())?) else { return Ok(None) };
    if id == case.id || cache.case(id)?.is_some() || op.mutation.apply(&mut case).is_err() {
        return Ok(None);
    }
    let thread_id = threading(&case);
    let case =
        Case { id, thread_id, parent_id: Some(CaseId(thread_id.0)), date_created: Some(op.mutation.at), date_updated: None, timeline: Vec::new(), ..case };
    cache.put_case(&case, None)?;
    cache.mark_settled(id)?;
    Ok(Some(id))
}

/// The message that the server must have made, when it told its number.
fn predicted(cache: &Cache, op: &Op) -> Result<Option<Message>, Cause> {
    let (OpState::Sent, Some(id)) = (op.state, op.server_id.map(MessageId)) else { return Ok(None) };
    let kind = match op.mutation.change {
        Change::Reply { .. } => MessageKind::Message,
        Change::Note { .. } => MessageKind::Note,
        _ => return Ok(None),
    };
    let Some(case) = cache.case(op.case())? else { return Ok(None) };
    let text = op.mutation.change.text().unwrap_or_default();
    let is_mail = case.channel == Channel::Email && kind == MessageKind::Message;
    let mail = is_mail.then(|| Box::new(Mail { subject: case.title.clone(), ..Mail::default() }));
    let message = Message { id, mail, thread_id: threading(&case), ..op.mutation.message(&case, kind, text) };
    let known = cache.message(super::cache::messages::key(&message))?;
    Ok(if known.is_some() { None } else { Some(message) })
}

/// Writes the message down and, where the answer brought no document, lets the confirmed one end with it.
fn write(cache: &Cache, op: &Op, mut message: Message, answered: bool) -> Result<(), Cause> {
    if message.case_id.0 == 0 {
        message.case_id = op.case();
    }
    let thread = cache.thread_of(message.case_id)?.unwrap_or(op.mutation.thread);
    let made = op.mutation.change.adds_message().then(|| op.id());
    cache.put_message(&message, Place { thread, op: made, guarded: None })?;
    if answered || made.is_none() {
        return Ok(());
    }
    let Some(old) = cache.case(message.case_id)? else { return Ok(()) };
    if old.date_updated.is_some_and(|at| at.timestamp_subsec_nanos() == 0) {
        // Where times are whole seconds, a copy made in the second of the last change looks like nothing new.
        cache.reread(old.id)?;
    }
    let case = Case { description: message.message.clone(), last_message: Some(Box::new(message)), ..old.clone() };
    cache.overwrite(&old, &case)
}
