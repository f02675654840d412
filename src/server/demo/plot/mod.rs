//! Turns a brief into a conversation: people, dated cases, messages, and the papers that go with them.
//! Ids are consecutive in the order of telling. Dates only rise within a thread and never pass `now`.

mod messages;
mod papers;
mod script;

use super::dice::Dice;
use super::facts::Facts;
use super::lang::Lang;
use super::mail;
use super::people::{self, Agent};
use super::plants::{self, Plants};
use super::story::Story;
use crate::model::{Case, CaseId, Channel, Contact, Status, ThreadId, Timestamp};
use crate::server::seed::Seeded;
use chrono::TimeDelta;
use script::Script;

pub use papers::{DEPARTMENTS, QUESTIONS, tags};

/// What a conversation is to become.
#[derive(Debug, Clone)]
pub struct Brief {
    pub lang: Lang,
    pub story: &'static Story,
    pub channel: Channel,
    /// Closed cases before the last.
    pub earlier: usize,
    pub last: Last,
    pub anchor: Anchor,
    pub agent: Agent,
    /// Until when the agent put the last case aside, and why.
    pub snooze: Option<(Timestamp, &'static str)>,
    /// Stands on the first screen: told to its end, and without planted words.
    pub fresh: bool,
    /// Stretched towards the longest thread.
    pub long: bool,
}

/// How the last case of a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    Pending,
    /// Does the customer wait, or the agent?
    Active {
        waits: bool,
    },
    Closed,
}

/// Where a conversation lies in time: its first or its newest message.
#[derive(Debug, Clone, Copy)]
pub enum Anchor {
    Begins(Timestamp),
    Ends(Timestamp),
}

/// The next number of each kind of row.
#[derive(Debug, Clone)]
pub struct Ids {
    pub case: i64,
    pub message: i64,
    pub contact: i64,
    pub user: i64,
    pub feedback: i64,
    pub timeline: i64,
    pub snooze: i64,
}

pub fn take(id: &mut i64) -> i64 {
    *id += 1;
    *id - 1
}

/// Tells conversations, one after the other.
pub struct Teller {
    pub now: Timestamp,
    pub ids: Ids,
    pub plants: Plants,
    /// Among how many of the first cases the rare word is spread.
    rare_among: u64,
    /// How many cases were told.
    pub told: u64,
}

/// What all cases of a conversation share.
struct Thread<'a> {
    brief: &'a Brief,
    facts: Facts,
    contact: Contact,
    colleague: Agent,
    id: i64,
    title: String,
    html: bool,
}

impl Teller {
    pub fn new(rare_among: u64, now: Timestamp) -> Self {
        let ids = Ids { case: 4001, message: 700_001, contact: 88_001, user: 510_001, feedback: 6001, timeline: 300_001, snooze: 901 };
        Self { now, ids, plants: Plants::default(), rare_among, told: 0 }
    }

    pub fn tell(&mut self, brief: &Brief, dice: &mut Dice) -> Seeded {
        let mut scripts = script::scripts(brief, dice);
        let start = self.lay(&mut scripts, brief.anchor);
        let (contact, first) = people::invent(brief.lang, take(&mut self.ids.contact), dice);
        let facts = Facts::invent(brief.story, &contact, &first, start, dice);
        let titles = &brief.story.titles;
        let mut title = titles.get(dice.below(titles.len())).map(|title| title.fill(&facts, dice)).unwrap_or_default();
        mail::capitalise(&mut title);
        let html = dice.chance(if brief.fresh { 650 } else { 330 });
        let mut thread = Thread { brief, facts, contact: contact.clone(), colleague: brief.agent, id: self.ids.case, title, html };
        let (mut cases, mut at, count): (Vec<Case>, _, _) = (Vec::with_capacity(scripts.len()), start, scripts.len());
        for (index, script) in scripts.iter().enumerate() {
            let last = if index + 1 == count { brief.last } else { Last::Closed };
            at += TimeDelta::seconds(script.pause);
            let case = self.case(&mut thread, script, last, at, dice);
            at = case.date_closed.or(case.date_updated).unwrap_or(at);
            cases.push(case);
        }
        Seeded { contact, cases }
    }

    /// The moment of the first message; waits are shortened where there is not enough time left.
    fn lay(&self, scripts: &mut [Script], anchor: Anchor) -> Timestamp {
        let total: i64 = scripts.iter().map(Script::seconds).sum();
        let begin = match anchor {
            Anchor::Ends(end) => return end - TimeDelta::seconds(total),
            Anchor::Begins(begin) => begin,
        };
        let room = (self.now - begin).num_seconds() * 19 / 20;
        if total > room {
            for script in scripts {
                script.squeeze(total, room);
            }
        }
        begin
    }

    fn case(&mut self, thread: &mut Thread, script: &Script, last: Last, start: Timestamp, dice: &mut Dice) -> Case {
        let agent = thread.brief.agent;
        let colleague = agent.colleague(dice);
        thread.colleague = colleague;
        thread.facts.set("agent", agent.first());
        thread.facts.set("colleague", colleague.first());
        let id = take(&mut self.ids.case);
        let mut case = Case {
            id: CaseId(id),
            thread_id: ThreadId(thread.id),
            parent_id: (id != thread.id).then_some(CaseId(thread.id)),
            title: thread.title.as_str().into(),
            channel: thread.brief.channel.clone(),
            status: status(last),
            date_queue: Some(start),
            date_created: Some(start),
            date_pending: Some(start + TimeDelta::milliseconds(dice.between(120, 4000))),
            contact_id: Some(thread.contact.id),
            contact: Some(thread.contact.clone()),
            ..Case::default()
        };
        let rare = plants::is_rare(self.told, self.rare_among);
        self.told += 1;
        self.messages(&mut case, thread, script, rare, dice);
        self.papers(&mut case, thread, dice);
        case
    }
}

fn status(last: Last) -> Status {
    match last {
        Last::Pending => Status::Pending,
        Last::Active { .. } => Status::Active,
        Last::Closed => Status::Closed,
    }
}
