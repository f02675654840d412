//! THE projection: shown = confirmed + our own operations, replayed in order. From it comes the line of a case, and from the
//! line its places in the lists. Running it twice changes nothing; dropping the cache and running it again gives the same.

use super::cache::documents::Put;
use super::cache::line::{Facts, Line};
use super::cache::talk::{Talk, beginning};
use super::cache::{Cache, mask, threading};
use super::error::Cause;
use super::outbox::Outbox;
use crate::model::{Case, CaseId, Change, Op, Status, Timestamp, View, query};
use std::borrow::Cow;

/// Projects a case again. `fold`: its places in the lists follow at once. `false`: nothing changed.
pub(super) fn project(cache: &Cache, outbox: &Outbox, id: CaseId, now: Timestamp, fold: bool) -> Result<bool, Cause> {
    let Some(case) = cache.case(id)? else { return Ok(false) };
    let ops = pending(cache, outbox, id)?;
    let old = cache.line(id)?;
    let talk = spoken(cache, &case, cache.talk(threading(&case), id)?)?;
    let mut line = old.clone().unwrap_or_else(|| Line { case: id, needs: true, ..Line::default() });
    (line.facts, line.talk) = overlaid(cache, case, talk, &ops, now)?;
    cache.lay(old.as_ref(), line, fold)
}

/// The same for a document that was just written and has no operations of ours over it: what is known of its messages is kept.
pub(super) fn project_put(cache: &Cache, outbox: &Outbox, put: &Put, now: Timestamp, fold: bool) -> Result<bool, Cause> {
    let (case, fresh, dated) = match put {
        Put::New(case) => (case, true, true),
        Put::Changed { case, dated } => (case, false, *dated),
        Put::Kept => return Ok(false),
    };
    let thread = threading(case);
    let old = if fresh { None } else { cache.line(case.id)? };
    if old.as_ref().is_some_and(|line| line.facts.overlay) {
        return project(cache, outbox, case.id, now, fold);
    }
    let known = match &old {
        Some(line) => line.talk.clone(),
        None if cache.adopt(case, thread)? => cache.talk(thread, case.id)?,
        None => Talk::default(),
    };
    let mut line = old.clone().unwrap_or_else(|| Line { case: case.id, ..Line::default() });
    line.needs |= dated;
    line.talk = spoken(cache, case, known)?;
    line.facts = facts(cache, case, &line.talk, now)?;
    cache.lay(old.as_ref(), line, fold)
}

/// The case as shown: the confirmed one with what is not confirmed yet.
pub(super) fn shown(cache: &Cache, outbox: &Outbox, id: CaseId) -> Result<Option<Case>, Cause> {
    let Some(mut case) = cache.case(id)? else { return Ok(None) };
    for op in pending(cache, outbox, id)? {
        let _refused_stays_as_it_was = op.mutation.apply(&mut case);
    }
    Ok(Some(case))
}

/// The operations to replay: shown, and not among the confirmed messages already.
fn pending(cache: &Cache, outbox: &Outbox, id: CaseId) -> Result<Vec<Op>, Cause> {
    let mut ops = Vec::new();
    for op in outbox.live(id)? {
        let confirmed = op.mutation.change.adds_message() && cache.has_op(op.id())?;
        if op.is_laid_over() && !confirmed {
            ops.push(op);
        }
    }
    Ok(ops)
}

/// The document's last message may be newer than the messages we have.
fn spoken(cache: &Cache, case: &Case, mut talk: Talk) -> Result<Talk, Cause> {
    if let Some(message) = &case.last_message
        && !talk.message(message)
    {
        talk.waiting = cache.waiting_after(threading(case), case.id, talk.agent_at.unwrap_or(0))?;
    }
    Ok(talk)
}

fn overlaid(cache: &Cache, mut case: Case, mut talk: Talk, ops: &[Op], now: Timestamp) -> Result<(Facts, Talk), Cause> {
    let queued = queued(&case);
    for op in ops {
        let taken = op.mutation.apply(&mut case).is_ok();
        let at = op.mutation.at.timestamp_millis();
        // What waits for its time leaves the customer waiting as well.
        let taken = taken && op.scheduled(now).is_none();
        if taken && matches!(op.mutation.change, Change::Reply { .. }) && !talk.hear(super::cache::talk::Who::Agent, at, "") {
            talk.waiting = cache.waiting_after(threading(&case), case.id, at)?;
        }
    }
    let facts = Facts { queued, overlay: !ops.is_empty(), ..facts(cache, &case, &talk, now)? };
    Ok((facts, talk))
}

/// The case, without a snooze that the customer's word has ended.
fn awake<'c>(case: &'c Case, talk: &Talk) -> Cow<'c, Case> {
    let heard = talk.contact_at.and_then(super::cache::date);
    let over = case.follow_up.as_ref().is_some_and(|snooze| snooze.is_over(heard));
    if over { Cow::Owned(Case { follow_up: None, ..case.clone() }) } else { Cow::Borrowed(case) }
}

fn facts(cache: &Cache, case: &Case, talk: &Talk, now: Timestamp) -> Result<Facts, Cause> {
    let case = &*awake(case, talk);
    let me = cache.my_id();
    let opening = if case.title.is_empty() || case.status == Status::Pending { Some(case.description.raw()) } else { None };
    let names = names(cache, case)?;
    let snoozed = case.follow_up.as_ref().map(|snooze| snooze.until).filter(|until| *until > now);
    Ok(Facts {
        thread: threading(case).0,
        status: case.status.as_str().to_owned(),
        channel: case.channel.as_str().to_owned(),
        contact: case.contact_name().raw().to_owned(),
        title: beginning(case.title.raw()),
        opening: opening.filter(|text| !text.is_empty()).map(beginning),
        updated: case.date_updated.or(case.date_created).map(millis),
        closed: case.date_closed.map(millis),
        snoozed: snoozed.map(millis),
        owner: names.first().cloned(),
        owners: owners(case),
        queued: queued(case),
        views: View::ALL.into_iter().filter(|view| view.holds(case, me, now)).map(mask).sum(),
        overlay: false,
        reach: query::reach(case),
        owned: query::owner_words(&names),
        marks: query::marks(case),
        ratings: query::ratings(case),
        created: case.date_created.map(millis),
    })
}

fn queued(case: &Case) -> Option<i64> {
    case.date_queue.or(case.date_created).filter(|_| case.status == Status::Pending).map(millis)
}

fn owners(case: &Case) -> String {
    let ids: Vec<String> = case.owners().map(|row| row.user_id.to_string()).collect();
    if ids.is_empty() { String::new() } else { format!(" {} ", ids.join(" ")) }
}

/// The names of those who have it; from the list of agents where the case has only a number.
fn names(cache: &Cache, case: &Case) -> Result<Vec<String>, Cause> {
    let mut names = Vec::new();
    for row in case.owners() {
        let own = row.user.as_ref().filter(|person| !person.name.is_empty()).map(|person| person.name.raw().to_owned());
        let known = || Ok::<_, Cause>(cache.agent(row.user_id)?.map(|agent| agent.name.raw().to_owned()));
        let name = own.map_or_else(known, |name| Ok(Some(name)))?;
        names.push(name.unwrap_or_else(|| format!("#{}", row.user_id)));
    }
    Ok(names)
}

fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}
