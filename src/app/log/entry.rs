//! What was done, told from operations: one entry for each step of the agent's, with what became of it and whether it can
//! be taken back. Pure: the pane and the command line tell the same. What takes a step back is told with that step.

use crate::app::lines::time::stamp_in;
use crate::app::undo::{Done, listed, opposite, words_of, words_of_many};
use crate::app::{Action, Focus, State, words};
use crate::model::{CaseId, Change, Op, OpId, OpState, ThreadId, Timestamp, Untrusted};
use std::collections::{BTreeMap, HashMap, HashSet};

/// One step: one key's work, on one case or on many.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub step: OpId,
    pub at: Timestamp,
    /// The operation that stands for the others.
    pub lead: OpId,
    pub kind: &'static str,
    pub state: OpState,
    /// `closed #4409 as solved`, `closed 12 cases: #1, #2, #3 and 9 more`
    pub words: String,
    /// The customer, and how a text begins.
    pub about: String,
    pub cases: Vec<CaseId>,
    pub threads: Vec<ThreadId>,
    pub ops: Vec<OpId>,
    /// Those of its operations that were neither dropped nor taken back.
    pub stands: Vec<OpId>,
    pub fate: Fate,
    /// A later step of the same case has to be taken back first: what it did.
    pub first: Option<String>,
}

/// Can it be taken back? Each with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Can(String),
    /// It is over.
    Undone(String),
    Cannot(String),
    /// Not at this moment: it is on its way, or waits for the agent.
    Moving(String),
}

impl Fate {
    pub fn words(&self) -> &str {
        match self {
            Self::Can(words) | Self::Undone(words) | Self::Cannot(words) | Self::Moving(words) => words,
        }
    }
}

impl Entry {
    pub fn case(&self) -> CaseId {
        self.cases.first().copied().unwrap_or_default()
    }

    pub fn is_undone(&self) -> bool {
        matches!(self.fate, Fate::Undone(_))
    }

    /// Would `z` take it back now?
    pub fn undoable(&self) -> bool {
        matches!(self.fate, Fate::Can(_)) && self.first.is_none()
    }

    /// What stands behind it in the list.
    pub fn fate_words(&self) -> String {
        match (&self.fate, &self.first) {
            (Fate::Can(_), Some(words)) => format!("{} · first take back: {words}", self.state.words()),
            (fate, _) => fate.words().to_owned(),
        }
    }
}

/// What is known of how operations hang together.
struct Web<'o> {
    ops: HashMap<OpId, &'o Op>,
    /// What takes an operation back at the server.
    by: HashMap<OpId, &'o Op>,
    again: HashSet<OpId>,
    /// Which remembered step an operation belongs to.
    remembered: HashMap<OpId, OpId>,
}

impl<'o> Web<'o> {
    fn of(state: &State, ops: &'o [Op]) -> Self {
        let lives = |op: &&Op| op.state != OpState::Cancelled;
        let step = |op: &'o Op| op.step.as_deref();
        let by = ops.iter().filter(lives).filter_map(|op| Some((step(op)?.undoes?, op))).collect();
        let again = ops.iter().filter(lives).filter_map(|op| step(op)?.redoes).collect();
        let remembered = state.undo.iter().flat_map(|undone| undone.ops.iter().map(|id| (*id, undone.step))).collect();
        Self { ops: ops.iter().map(|op| (op.id(), op)).collect(), by, again, remembered }
    }

    /// It takes back one of these: it is told with that one.
    fn is_told(&self, op: &Op) -> bool {
        op.step.as_ref().and_then(|step| step.undoes).is_some_and(|of| self.ops.contains_key(&of))
    }

    fn stands(&self, op: &Op) -> bool {
        op.state != OpState::Cancelled && !self.by.contains_key(&op.id()) && !self.again.contains(&op.id())
    }

    fn remembers(&self, ops: &[OpId]) -> Option<OpId> {
        ops.iter().find_map(|id| self.remembered.get(id).copied())
    }
}

/// The steps of these operations, which come in their order; newest first.
pub fn list(state: &State, ops: &[Op], names: &BTreeMap<CaseId, Untrusted>) -> Vec<Entry> {
    let web = Web::of(state, ops);
    let groups = grouped(&web, ops);
    let mut entries: Vec<Entry> = groups.iter().rev().filter_map(|(step, group)| entry(state, &web, *step, &without_moved(group), names)).collect();
    put_in_order(&web, &mut entries);
    entries
}

/// The operations of each step, in the order in which the steps began.
fn grouped<'o>(web: &Web, ops: &'o [Op]) -> Vec<(OpId, Vec<&'o Op>)> {
    let mut places: HashMap<OpId, usize> = HashMap::new();
    let mut groups: Vec<(OpId, Vec<&Op>)> = Vec::new();
    for op in ops.iter().filter(|op| !web.is_told(op)) {
        let step = op.step.as_ref().map_or(op.id(), |step| step.id);
        let at = *places.entry(step).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, group)) => group.push(op),
            None => groups.push((step, vec![op])),
        }
    }
    groups
}

/// What came later on the same case goes first; steps that are taken back as one do not wait for each other.
fn put_in_order(web: &Web, entries: &mut [Entry]) {
    let mut later: HashMap<ThreadId, usize> = HashMap::new();
    for at in 0..entries.len() {
        let entry = &entries[at];
        if !matches!(entry.fate, Fate::Can(_) | Fate::Moving(_)) {
            continue;
        }
        let memory = web.remembers(&entry.stands);
        let others = entry.threads.iter().filter_map(|thread| later.get(thread)).filter_map(|at| entries.get(*at));
        let other = others.filter(|other| memory.is_none() || web.remembers(&other.stands) != memory).min_by_key(|other| other.at);
        let first = other.map(|other| other.words.clone());
        later.extend(entry.threads.iter().map(|thread| (*thread, at)));
        entries[at].first = first;
    }
}

/// What went to the new case after a reopening left its old form behind: that is no step of its own.
fn without_moved<'o>(group: &[&'o Op]) -> Vec<&'o Op> {
    let left = |op: &Op| op.state == OpState::Cancelled && op.discarded;
    let again = |op: &Op| group.iter().any(|other| other.id() != op.id() && !left(other) && other.mutation.change == op.mutation.change);
    let several = group.len() > 1;
    group.iter().copied().filter(|op| !(several && left(op) && again(op))).collect()
}

fn entry(state: &State, web: &Web, step: OpId, group: &[&Op], names: &BTreeMap<CaseId, Untrusted>) -> Option<Entry> {
    let claim = |op: &&&Op| matches!(op.mutation.change, Change::Claim);
    let lead = group.iter().find(|op| !claim(op)).or(group.first())?;
    let mut cases: Vec<CaseId> = Vec::new();
    let mut seen = HashSet::new();
    cases.extend(group.iter().map(|op| op.case()).filter(|case| seen.insert(*case)));
    let mut threads: Vec<ThreadId> = group.iter().map(|op| op.mutation.thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let stands: Vec<OpId> = group.iter().filter(|op| web.stands(op)).map(|op| op.id()).collect();
    let ops: Vec<OpId> = group.iter().map(|op| op.id()).collect();
    Some(Entry {
        step,
        at: lead.mutation.at,
        lead: lead.id(),
        kind: lead.mutation.change.kind(),
        state: lead.state,
        words: told(state, lead.case(), group, &cases),
        about: about(lead, &cases, names),
        fate: fate(state, web, group, &ops),
        cases,
        threads,
        ops,
        stands,
        first: None,
    })
}

fn told(state: &State, case: CaseId, group: &[&Op], cases: &[CaseId]) -> String {
    let changes: Vec<Change> = group.iter().filter(|op| op.case() == case).map(|op| op.mutation.change.clone()).collect();
    let more = match changes.last() {
        Some(Change::Close { state }) => format!(" as {}", Untrusted::from(state.as_str()).brief(40)),
        Some(Change::Snooze { until, .. }) => format!(" until {}", stamp_in(*until, state.wall(), &state.settings.zone)),
        Some(change) => words::detail(change).map_or_else(String::new, |detail| format!(": {detail}")),
        None => String::new(),
    };
    match cases {
        [_] | [] => format!("{}{more}", words_of(&changes, case)),
        many => format!("{}{more}: {}", words_of_many(&changes, many.len()), listed(many.iter())),
    }
}

fn about(lead: &Op, cases: &[CaseId], names: &BTreeMap<CaseId, Untrusted>) -> String {
    let name = names.get(&lead.case()).filter(|_| cases.len() == 1).map(|name| name.brief(40));
    let text = lead.mutation.change.text().filter(|_| lead.mutation.change.adds_message()).map(|text| Untrusted::from(text).brief(80));
    name.into_iter().chain(text).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn fate(state: &State, web: &Web, group: &[&Op], ids: &[OpId]) -> Fate {
    let stand: Vec<&Op> = group.iter().copied().filter(|op| web.stands(op)).collect();
    let back: Vec<&Op> = ids.iter().filter(|id| !web.again.contains(id)).filter_map(|id| web.by.get(id).copied()).collect();
    let remembered = stand.iter().any(|op| web.remembered.contains_key(&op.id()));
    if stand.is_empty() || !back.is_empty() && !remembered {
        return Fate::Undone(over(web, group, &back));
    }
    let partly = if group.iter().any(|op| taken(op)) { "partly undone · " } else { "" };
    let any = |fits: fn(OpState) -> bool| stand.iter().find(|op| fits(op.state));
    if let Some(op) = any(|state| matches!(state, OpState::Held | OpState::Queued | OpState::Failed)) {
        let word = if op.scheduled(state.wall()).is_some() { "scheduled" } else { op.state.words() };
        return Fate::Can(format!("{partly}{word} · {} takes it back", state.settings.keys.shown(Focus::Log, Action::Undo)));
    }
    if any(|state| matches!(state, OpState::Sending | OpState::Unknown)).is_some() {
        return Fate::Moving("on its way to the server".to_owned());
    }
    if any(|state| state == OpState::NeedsReview).is_some() {
        return Fate::Moving("needs you: it waits in the outbox".to_owned());
    }
    let whole = remembered || group.iter().any(|op| op.step.as_ref().is_none_or(|step| step.id == op.id()));
    match stand.iter().rev().find_map(|op| opposite(state, &Done::of(op))) {
        Some(_) if !whole => Fate::Cannot("sent · only the newest part of it is listed".to_owned()),
        Some((_, _, words)) => Fate::Can(format!("{partly}sent · z {words}")),
        None => Fate::Cannot(format!("{partly}sent · {}", stand.last().map_or("it is done", |op| fixed(&op.mutation.change)))),
    }
}

fn taken(op: &Op) -> bool {
    op.state == OpState::Cancelled && op.step.as_ref().is_some_and(|step| step.taken)
}

/// How it ended.
fn over(web: &Web, group: &[&Op], back: &[&Op]) -> String {
    if let Some(by) = back.first() {
        return format!("undone: {} it · {}", words::done(&by.mutation.change).trim_end_matches(" a message of"), by.state.words());
    }
    if group.iter().any(|op| web.again.contains(&op.id())) {
        return "undone, and done again later".to_owned();
    }
    if group.iter().any(|op| taken(op)) { "undone before it left".to_owned() } else { "dropped".to_owned() }
}

/// Why there is no way back.
fn fixed(change: &Change) -> &'static str {
    match change {
        Change::Reply { .. } => "a mail that left can't be taken back",
        Change::Claim => "a claim can't be taken back",
        Change::Assign { .. } => "an invitation can't be taken back",
        Change::Delete { .. } => "what was deleted can't come back",
        Change::Edit { .. } => "the words before it are not known",
        _ => "it can't be taken back",
    }
}
