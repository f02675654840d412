//! What one reading of the server says of one operation: compared here, purely, so that the runtime and the simulation
//! agree. Evidence is our own marker; the same words by us count only where the server drops the marker.

use crate::model::review::{EXCERPT, NEWER};
use crate::model::{Before, Case, Change, Channel, Message, MessageId, MessageKind, Newer, Op, SenderType, Status, Untrusted, UserId};

/// What the server has of an operation, and what stands in its way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Seen {
    /// What the server calls it; `None` when it has no name or is not there.
    pub server_id: Option<i64>,
    /// How many messages carry its marker.
    pub copies: u32,
    /// For changes of state: the case is as wanted.
    pub reached: bool,
    /// Who else made it so.
    pub by: Option<Untrusted>,
    /// It shows what was there before the attempt: an older copy or a part of the thread proves no absence.
    pub whole: bool,
    /// Messages without a marker that say the same, by us, and were not there before.
    pub alike: Vec<i64>,
    pub status: Option<Status>,
    pub closed_by: Option<Untrusted>,
    /// What the customer wrote after what the operation answers, oldest first; and how many more of them there are.
    pub newer: Vec<Newer>,
    pub more: u32,
    /// What colleagues answered since, oldest first.
    pub answered: Vec<Newer>,
    /// What somebody else made of the same thing since, in words.
    pub theirs: Option<Untrusted>,
    /// The picture before the next attempt.
    pub before: Before,
    /// Messages of agents without any marker.
    pub bare: Vec<i64>,
    /// The server takes idempotency keys.
    pub keys: bool,
    /// How many attempts had been made when it was asked for, where that is known.
    pub tries: Option<u32>,
}

/// Compares a case and its messages (with the mails of its thread) with what the operation wants and its author saw.
pub fn compare(op: &Op, case: &Case, messages: &[Message]) -> Seen {
    let by_mail = case.channel == Channel::Email && matches!(op.mutation.change, Change::Reply { .. });
    let of_kind = || messages.iter().filter(|message| message.mail.is_some() == by_mail);
    let ids = |fits: &dyn Fn(&Message) -> bool| {
        let mut ids: Vec<i64> = of_kind().filter(|message| fits(message)).map(|message| message.id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let marked = if op.mutation.change.adds_message() { ids(&|message| message.op_id() == Some(op.id())) } else { Vec::new() };
    let alike = if op.mutation.change.adds_message() { ids(&|message| says_the_same(op, message)) } else { Vec::new() };
    let known = op.before.clone().unwrap_or_default();
    let new = |id: &i64| !known.alike.contains(id) && known.anchor.is_none_or(|anchor| *id > anchor);
    let (newer, more) = newer(op, case, messages);
    let reached = is_reached(op, case, messages);
    Seen {
        server_id: marked.first().copied(),
        copies: u32::try_from(marked.len()).unwrap_or(u32::MAX),
        reached,
        by: if reached { somebody_else(op, case) } else { None },
        whole: known.anchor.is_none_or(|anchor| of_kind().any(|message| message.id.0 == anchor)),
        status: Some(case.status.clone()),
        closed_by: closer(case),
        newer,
        more,
        answered: answered(op, case, messages),
        theirs: theirs(op, case, messages),
        before: Before { anchor: of_kind().map(|message| message.id.0).max(), alike: alike.clone() },
        alike: alike.into_iter().filter(new).collect(),
        bare: ids(&|message| message.sender_type == SenderType::User && message.op_id().is_none()),
        keys: false,
        tries: Some(op.tries),
    }
}

/// By the same agent, of the same kind, in the same words, and not another operation's. What the server translated comes back in
/// words nobody here knows: every message without a marker could be it.
fn says_the_same(op: &Op, message: &Message) -> bool {
    let kind = if matches!(op.mutation.change, Change::Note { .. }) { MessageKind::Note } else { MessageKind::Message };
    let by = op.mutation.by.id.0;
    let ours = message.sender_type == SenderType::User && (by == 0 || message.sender_id == Some(by));
    let words = || bare(message.message.raw()) == bare(op.mutation.change.text().unwrap_or_default());
    ours && message.kind == kind && message.op_id().is_none() && (op.mutation.change.translate().is_some() || words())
}

/// The words without what servers do to line ends and margins.
fn bare(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

/// What the customer wrote since. Without something that was heard before, nothing can be newer.
fn newer(op: &Op, case: &Case, messages: &[Message]) -> (Vec<Newer>, u32) {
    let after = op.mutation.at;
    let heard = match op.heard() {
        Some(heard) => heard,
        // Nobody had written yet, and it goes only if nobody does.
        None if op.due.is_some_and(|due| due.unless) => MessageId::default(),
        None => return (Vec::new(), 0),
    };
    let theirs = || messages.iter().filter(|message| message.from_contact() && message.kind != MessageKind::Event);
    let last = theirs().find(|message| message.id == heard).and_then(|message| message.date_created);
    let later = |message: &&Message| match (last, message.date_created) {
        (Some(last), Some(at)) => (at, message.id) > (last, heard),
        (None, Some(at)) if heard == MessageId::default() => at > after,
        _ => message.id > heard,
    };
    let mut found: Vec<&Message> = theirs().filter(later).collect();
    found.sort_by_key(|message| (message.date_created, message.id));
    (kept(&found, case), u32::try_from(found.len().saturating_sub(NEWER)).unwrap_or(u32::MAX))
}

/// The last few of them.
fn kept(found: &[&Message], case: &Case) -> Vec<Newer> {
    let other = |message: &Message| if message.from_contact() { case.contact_name() } else { name(case, UserId(message.sender_id.unwrap_or(0))) };
    let name = |message: &Message| message.sender.as_ref().map(|sender| sender.name.clone()).filter(|name| !name.is_empty()).unwrap_or_else(|| other(message));
    let excerpt = |message: &Message| message.message.raw().chars().take(EXCERPT).collect::<String>().into();
    let last = found.iter().rev().take(NEWER).rev();
    last.map(|message| Newer { id: message.id, by: name(message), at: message.date_created, text: excerpt(message) }).collect()
}

/// Answers of other agents that the author of a reply can't have seen. Where it is not known what they saw, there are none.
fn answered(op: &Op, case: &Case, messages: &[Message]) -> Vec<Newer> {
    let by = op.mutation.by.id.0;
    let Some(said) = op.saw.as_ref().and_then(|saw| saw.said).filter(|_| by != 0 && matches!(op.mutation.change, Change::Reply { .. })) else {
        return Vec::new();
    };
    let other = |message: &&Message| message.sender_type == SenderType::User && message.sender_id.is_some_and(|id| id != 0 && id != by);
    let theirs = || messages.iter().filter(|message| message.kind == MessageKind::Message && message.case_id == case.id).filter(other);
    let last = theirs().find(|message| message.id == said).and_then(|message| message.date_created);
    let later = |message: &&Message| match (last, message.date_created) {
        (Some(last), Some(at)) => (at, message.id) > (last, said),
        _ => message.id > said,
    };
    let mut found: Vec<&Message> = theirs().filter(later).filter(|message| message.op_id() != Some(op.id())).collect();
    found.sort_by_key(|message| (message.date_created, message.id));
    kept(&found, case)
}

/// Is the case as the change wanted it?
fn is_reached(op: &Op, case: &Case, messages: &[Message]) -> bool {
    match &op.mutation.change {
        Change::Close { .. } => case.status == Status::Closed,
        Change::Claim => case.status == Status::Active && case.owned_by(op.mutation.by.id),
        // Who is in a department nobody tells.
        Change::Assign { users, .. } if users.is_empty() => false,
        Change::Assign { users, .. } => users.iter().all(|user| case.users.iter().any(|row| row.user_id == user.0)),
        Change::Snooze { until, .. } => case.follow_up.as_ref().is_some_and(|snooze| (snooze.until - *until).num_seconds().abs() <= 1),
        Change::Unsnooze => case.follow_up.is_none(),
        Change::Edit { message, text } => messages.iter().any(|held| held.id == *message && held.message.raw() == text),
        Change::Delete { message } => messages.iter().all(|held| held.id != *message),
        Change::Tag { add, remove } => add.iter().all(|name| case.has_tag(name)) && remove.iter().all(|name| !case.has_tag(name)),
        Change::Fields { of, set } => of.fields(case).is_some_and(|fields| set.iter().all(|change| change.is_done(fields))),
        Change::Reply { .. } | Change::Note { .. } | Change::Reopen => false,
    }
}

fn somebody_else(op: &Op, case: &Case) -> Option<Untrusted> {
    let closing = matches!(op.mutation.change, Change::Close { .. });
    closer(case).filter(|_| closing && case.closed_by != Some(op.mutation.by.id))
}

fn closer(case: &Case) -> Option<Untrusted> {
    case.closed_by.filter(|_| case.is_closed()).map(|user| name(case, user))
}

fn name(case: &Case, user: UserId) -> Untrusted {
    let row = case.users.iter().find(|row| row.kind == SenderType::User && row.user_id == user.0);
    let named = row.and_then(|row| row.user.as_ref()).map(|person| person.name.clone()).filter(|name| !name.is_empty());
    named.unwrap_or_else(|| format!("agent {user}").into())
}

/// What somebody else did to the same thing since the agent saw it.
fn theirs(op: &Op, case: &Case, messages: &[Message]) -> Option<Untrusted> {
    if let Change::Fields { of, set } = &op.mutation.change {
        return of.fields(case).and_then(|fields| super::words::crossed(set, fields));
    }
    let saw = op.saw.as_ref()?;
    match &op.mutation.change {
        Change::Edit { message, .. } | Change::Delete { message } => {
            let was = saw.text.as_ref()?;
            match messages.iter().find(|held| held.id == *message) {
                Some(held) => Some(held.message.clone()).filter(|now| now != was),
                None => Some("it was deleted".into()),
            }
        }
        Change::Claim | Change::Assign { .. } | Change::Snooze { .. } if case.is_closed() && saw.status != Some(Status::Closed) => {
            let by = closer(case).map_or_else(String::new, |by| format!(" by {}", by.raw()));
            Some(format!("closed{by}").into())
        }
        Change::Claim => {
            let me = op.mutation.by.id;
            let new = case.owners().map(|row| UserId(row.user_id)).filter(|user| *user != me && !saw.owners.contains(user));
            let names: Vec<String> = new.map(|user| name(case, user).raw().to_owned()).collect();
            (!names.is_empty()).then(|| format!("{} has it", names.join(", ")).into())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
