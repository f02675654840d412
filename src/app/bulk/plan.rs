//! What would happen to one case of many: its changes with every variable filled in, or the reason why not. What should be
//! looked at first, because the customer wrote a moment ago, is left out until the agent takes it in.

use super::Job;
use crate::app::canned::{self, Facts};
use crate::app::lines::time::{span, stamp};
use crate::app::step::Work;
use crate::app::{State, macros, snooze};
use crate::model::about::About;
use crate::model::{Canned, CaseId, Change, Channel, DraftKind, Status, ThreadId, Timestamp, Untrusted};
use chrono::Duration;

/// Somebody who wrote so shortly ago may be writing on.
const MOMENT: Duration = Duration::minutes(2);

/// One row of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub case: CaseId,
    pub thread: ThreadId,
    /// Unknown where the case is not in the cache.
    pub channel: Option<Channel>,
    pub who: Untrusted,
    pub slept: Option<Timestamp>,
    /// A text of the agent's own stands there.
    pub draft: bool,
    pub plan: Plan,
    /// Nothing happens to it: the agent, or a doubt, left it out.
    pub out: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    Does {
        changes: Vec<Change>,
        /// What should be looked at first.
        doubt: Option<String>,
    },
    Cannot(String),
}

impl Line {
    /// A case that the cache does not have.
    pub fn unknown(case: CaseId) -> Self {
        let plan = Plan::Cannot("it is not in the cache any more".to_owned());
        Self { case, thread: ThreadId(case.0), channel: None, who: Untrusted::default(), slept: None, draft: false, plan, out: true }
    }

    /// What is to be done, if it is.
    pub fn work(&self) -> Option<Work> {
        match &self.plan {
            Plan::Does { changes, .. } if !self.out => Some(Work {
                case: self.case,
                thread: self.thread,
                channel: self.channel.clone(),
                changes: changes.clone(),
                slept: self.slept,
                ..Work::default()
            }),
            _ => None,
        }
    }

    /// Would it close with a draft of the agent's own left behind?
    pub fn leaves_draft(&self) -> bool {
        self.draft && self.work().is_some_and(|work| work.changes.iter().any(|change| matches!(change, Change::Close { .. })))
    }

    /// What would be said, whole.
    pub fn text(&self) -> Option<&str> {
        match &self.plan {
            Plan::Does { changes, .. } => changes.iter().filter(|change| change.adds_message()).find_map(Change::text),
            Plan::Cannot(_) => None,
        }
    }
}

/// The row of a case.
pub fn line(state: &State, job: &Job, about: &About) -> Line {
    let plan = plan(state, job, about);
    let out = !matches!(plan, Plan::Does { doubt: None, .. });
    let slept = about.case.follow_up.as_ref().map(|snooze| snooze.until).filter(|until| *until > state.wall());
    let who = about.case.contact_name();
    Line { case: about.case.id, thread: about.thread, channel: Some(about.case.channel.clone()), who, slept, draft: about.draft, plan, out }
}

fn plan(state: &State, job: &Job, about: &About) -> Plan {
    let closed = about.case.status == Status::Closed;
    match job {
        Job::Do(change) => match pointless(state, change, about) {
            Some(why) => Plan::Cannot(why.to_owned()),
            None => Plan::Does { changes: vec![of(change, about)], doubt: None },
        },
        Job::Canned(reply) if !reply.speaks() && closed => Plan::Cannot("closed already".to_owned()),
        Job::Say { .. } | Job::Canned(_) if closed => Plan::Cannot("closed: it takes no message".to_owned()),
        Job::Canned(reply) if !reply.fits(Some(&about.case.channel)) => {
            Plan::Cannot(format!("for {} only", reply.channel.as_ref().map_or("another channel", Channel::as_str)))
        }
        Job::Canned(reply) => says(state, reply, about),
        Job::Say { kind, text, close } => {
            let reply = Canned { note: *kind == DraftKind::Note, text: text.clone(), state: close.clone(), ..Canned::default() };
            says(state, &reply, about)
        }
    }
}

/// A rest until the customer writes begins with what this one wrote last.
fn of(change: &Change, about: &About) -> Change {
    match change {
        Change::Snooze { until, message } if crate::model::user::waits_for_them(message.as_deref()) => {
            Change::Snooze { until: *until, message: Some(crate::model::Snooze::until_they_write(about.wrote)) }
        }
        change => change.clone(),
    }
}

/// Why a change would change nothing, or is not taken.
fn pointless(state: &State, change: &Change, about: &About) -> Option<&'static str> {
    let mine = state.me_id().is_some_and(|me| about.case.owned_by(me));
    match (change, &about.case.status) {
        (Change::Close { .. }, Status::Closed) => Some("closed already"),
        (Change::Reopen, status) if *status != Status::Closed => Some("not closed"),
        (Change::Reopen, _) => None,
        (_, Status::Closed) => Some("closed: it takes nothing"),
        (Change::Claim, Status::Active) if mine => Some("yours already"),
        (Change::Unsnooze, _) if about.case.follow_up.as_ref().is_none_or(|snooze| snooze.until <= state.wall()) => Some("it does not sleep"),
        _ => None,
    }
}

/// A text is filled in for the case; a gap, a draft or the same words on their way stop this row and no other.
fn says(state: &State, reply: &Canned, about: &About) -> Plan {
    let case = &about.case;
    let facts = Facts { case: Some(case), me: state.me.as_ref(), utc_offset: state.settings.utc_offset, now: state.wall() };
    let filled = canned::fill(&reply.text, &facts);
    if reply.speaks() {
        let on_its_way = state.outbox.of(case.id).any(|op| !op.state.is_final() && op.mutation.change.text() == Some(filled.text.as_str()));
        let why = match (&filled.gaps[..], about.draft, on_its_way) {
            (gaps @ [_, ..], _, _) => Some(macros::unknown(gaps)),
            (_, true, _) => Some("a draft of yours stands there".to_owned()),
            (_, _, true) => Some("the same words are on their way to it".to_owned()),
            _ => None,
        };
        if let Some(why) = why {
            return Plan::Cannot(why);
        }
    }
    let rest = reply.snooze.as_ref().map(|words| snooze::change(state, case.id, words)).transpose();
    let Ok(rest) = rest else { return Plan::Cannot("its snooze names no time".to_owned()) };
    let mut changes = macros::changes(reply, filled.text, case.status == Status::Pending);
    changes.extend(rest.map(|rest| of(&rest, about)));
    let since = about.wrote.map(|at| state.wall() - at).filter(|since| *since < MOMENT);
    let doubt = since.filter(|_| reply.speaks() && !reply.note).map(|since| format!("the customer wrote {} ago", span(since)));
    Plan::Does { changes, doubt }
}

/// `claims · "Hi Mina, it left today" · closes as handled`
pub fn words(state: &State, changes: &[Change]) -> String {
    changes.iter().map(|change| deed(state, change)).collect::<Vec<_>>().join(" · ")
}

fn deed(state: &State, change: &Change) -> String {
    match change {
        Change::Reply { text, .. } => format!("\"{}\"", Untrusted::from(text.as_str()).brief(160)),
        Change::Note { text } => format!("note \"{}\"", Untrusted::from(text.as_str()).brief(160)),
        Change::Close { state } => format!("closes as {}", Untrusted::from(state.as_str()).brief(40)),
        Change::Snooze { until, .. } => format!("sleeps until {}", stamp(*until, state.wall(), state.settings.utc_offset)),
        Change::Unsnooze => "wakes".to_owned(),
        Change::Claim => "becomes yours".to_owned(),
        Change::Reopen => "reopens as a new case".to_owned(),
        Change::Assign { users, .. } => {
            let names = state.agents.iter().filter(|agent| users.iter().any(|user| user.0 == agent.id)).map(|agent| agent.name.brief(30));
            format!("goes to {}", names.collect::<Vec<_>>().join(", "))
        }
        change => crate::app::words::detail(change).unwrap_or_else(|| change.kind().to_owned()),
    }
}
