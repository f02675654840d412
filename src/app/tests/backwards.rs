//! Whatever is done, and whatever of it the server has when, taking all of it back gives the start: every case stands and
//! sleeps as it did, and nothing is on its way. What can't be taken back, a mail or a claim, changes neither.

use super::*;
use crate::model::about::About;
use crate::model::{Canned, Case, Channel, Op};
use std::collections::BTreeMap;

const CASES: i64 = 5;

/// A desk beside a server that takes everything.
struct Sim {
    state: State,
    cases: BTreeMap<i64, Case>,
    now: i64,
    names: i64,
    /// Every operation there was, in the order of composing.
    disk: Vec<Op>,
}

impl Sim {
    fn new() -> Self {
        let channel = |id: i64| if id % 2 == 0 { Channel::Chat } else { Channel::Email };
        let case = |id: i64| Case { id: CaseId(id), thread_id: ThreadId(id), status: Status::Active, channel: channel(id), ..Case::default() };
        let mut sim = Self { state: desk(), cases: (1..=CASES).map(|id| (id, case(id))).collect(), now: 1, names: 100, disk: Vec::new() };
        let canned = |name: &str, key: u8, state: Option<&str>| Canned {
            name: name.into(),
            key: Some(key),
            text: format!("{name}!"),
            state: state.map(Into::into),
            ..Canned::default()
        };
        let replies = vec![canned("Thanks", 1, Some("handled")), canned("Wait", 2, None)];
        update(&mut sim.state, at(0), Event::Stocked { replies, flaws: Vec::new() });
        sim.paint();
        sim
    }

    /// A case as the store would show it.
    fn shown(&self, id: i64) -> Case {
        pending::replay(&self.cases[&id], &self.state.outbox.ops).into_owned()
    }

    fn paint(&mut self) {
        let row = |id: &i64| {
            let case = self.shown(*id);
            let (thread, status, channel) = (case.thread_id, case.status, case.channel);
            Row { id: case.id, thread, status, channel, snoozed_until: case.follow_up.map(|snooze| snooze.until), ..Row::default() }
        };
        let rows = self.cases.keys().map(row).collect();
        let window = Window { view: View::Queue, rows, ..Window::default() };
        update(&mut self.state, at(self.now), Event::Loaded(Box::new(Loaded::Window(window))));
        if let Some(case) = self.state.reader.as_ref().map(|reader| reader.case) {
            let conversation = self.conversation(case);
            update(&mut self.state, at(self.now), Event::Loaded(Box::new(Loaded::Conversation { case, conversation: Some(conversation) })));
        }
    }

    fn conversation(&self, case: CaseId) -> Conversation {
        let cases = self.cases.get(&case.0).cloned().into_iter().collect();
        Conversation { thread: ThreadId(case.0), cases, ..Conversation::default() }
    }

    fn press(&mut self, keys: &str) {
        for key in keys.split(' ') {
            let effects = press(&mut self.state, self.now, key);
            self.keep(&effects);
            for effect in effects {
                let loaded = match effect {
                    Effect::Load(Ask::Record(_)) => self.record(),
                    Effect::Load(Ask::Study(asked)) => {
                        let found = asked.iter().map(|id| About { case: self.shown(id.0), thread: ThreadId(id.0), ..About::default() }).collect();
                        Loaded::Studied { asked, found }
                    }
                    Effect::Load(Ask::Conversation(case)) => {
                        let conversation = self.conversation(case);
                        Loaded::Conversation { case, conversation: Some(conversation) }
                    }
                    Effect::Load(Ask::Draft(case)) => Loaded::Draft { case, draft: None },
                    _ => continue,
                };
                update(&mut self.state, at(self.now), Event::Loaded(Box::new(loaded)));
            }
        }
        self.paint();
    }

    /// Time passes: the windows end, and the server takes what comes.
    fn settle(&mut self) {
        self.now += 200;
        for _ in 0..60 {
            let effects = update(&mut self.state, at(self.now), Event::Woke);
            store(&mut self.state, self.now, &effects);
            self.keep(&effects);
            let Some(op) = self.state.outbox.ops.iter().find(|op| op.state == OpState::Sending).cloned() else { break };
            let server_id = self.take(&op);
            let outcome = Outcome::Accepted { server_id: Some(server_id), case: None, message: op.mutation.change.adds_message().then(Box::default) };
            let effects = update(&mut self.state, at(self.now), Event::Pushed { op: op.id(), outcome: Box::new(outcome) });
            store(&mut self.state, self.now, &effects);
            self.keep(&effects);
        }
        self.paint();
    }

    /// What the disk makes of it.
    fn keep(&mut self, effects: &[Effect]) {
        for effect in effects {
            let ops: Vec<Op> = match effect {
                Effect::Queue(ops) | Effect::AdvanceAll { ops, .. } => ops.clone(),
                Effect::Advance { op, .. } | Effect::Settle { op, .. } => vec![(**op).clone()],
                Effect::Swap { op, into, .. } => std::iter::once((**op).clone()).chain(into.clone()).collect(),
                _ => continue,
            };
            for op in ops {
                match self.disk.iter_mut().find(|held| held.id() == op.id()) {
                    Some(held) => *held = op,
                    None => self.disk.push(op),
                }
            }
        }
    }

    fn record(&self) -> Loaded {
        // What begins with the storing of a row is told to nobody here.
        let live = |op: &Op| self.state.outbox.ops.iter().find(|held| held.id() == op.id()).unwrap_or(op).clone();
        Loaded::Record { ops: self.disk.iter().map(live).collect(), names: BTreeMap::new() }
    }

    /// Takes steps back in the log, in an order that these numbers say, until there is none that can be.
    fn back_in_any_order(&mut self, picks: &[usize]) {
        self.press("g z");
        for round in 0..400 {
            let pick = picks[round % picks.len()];
            if pick.is_multiple_of(5) {
                self.settle();
            }
            let record = Box::new(self.record());
            update(&mut self.state, at(self.now), Event::Loaded(record));
            let entries = &self.state.log.entries;
            let can: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].undoable()).collect();
            if can.is_empty() {
                if self.state.outbox.unsent() == 0 {
                    return self.press("Esc");
                }
                self.settle();
                continue;
            }
            self.state.log.at = can[pick % can.len()];
            let words = self.state.log.entries[self.state.log.at].words.clone();
            self.press("z");
            if self.said().contains("z again") {
                self.press("z");
            }
            assert!(self.said().contains(&words) || self.said().starts_with("undone"), "{words}: {}", self.said());
        }
        panic!("it has no end: {:#?}", self.state.log.entries);
    }

    fn said(&self) -> &str {
        self.state.notice.as_ref().map_or("", |notice| notice.text.as_str())
    }

    fn do_all(&mut self, deeds: &[usize]) {
        for deed in deeds {
            match DEEDS.get(*deed) {
                Some(keys) => self.press(keys),
                None => self.settle(),
            }
            if self.state.focus == Focus::Compose {
                self.press("Esc");
            }
            if self.state.focus == Focus::Reader || !self.state.list.marks.is_empty() {
                self.press("Esc Esc Esc");
            }
            self.press("g g");
        }
    }

    fn take(&mut self, op: &Op) -> i64 {
        self.names += 1;
        let case = self.cases.get_mut(&op.case().0).unwrap();
        if op.mutation.change == Change::Reopen {
            assert_eq!(case.status, Status::Closed, "{op:?}");
            let new = Case { id: CaseId(self.names), status: Status::Active, follow_up: None, ..case.clone() };
            self.cases.insert(self.names, new);
            return self.names;
        }
        let _refused = op.mutation.apply(case);
        case.messages.iter_mut().filter(|message| message.id.0 == 0).for_each(|message| message.id = MessageId(self.names));
        self.names
    }

    /// `z` until there is nothing left to take back.
    fn back(&mut self) {
        for _ in 0..300 {
            self.press("z");
            let notice = self.state.notice.as_ref().map_or("", |notice| notice.text.as_str());
            if notice == "there is nothing to undo" {
                self.settle();
                return;
            }
            if notice.contains("on its way") || notice.starts_with("undone") && self.state.outbox.unsent() > 6 {
                self.settle();
            }
        }
        panic!("it has no end: {:?}", self.state.undo);
    }

    /// What became of the thread that began as this case: its newest case.
    fn end_of(&self, thread: i64) -> Case {
        let newest = self.cases.values().filter(|case| case.thread_id == ThreadId(thread)).map(|case| case.id.0).max().unwrap();
        self.shown(newest)
    }
}

const DEEDS: [&str; 14] = ["e", "b", "a", "j", "k k", "m 1", "m 2", "r o k ^s Esc", "r o k ^x e", "x x e Enter", "x x x b Enter", "x V m 1 Enter", "z", "Z"];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 96, ..Default::default() })]
    #[test]
    fn all_taken_back_is_the_start(deeds in proptest::collection::vec(0..DEEDS.len() + 3, 1..14)) {
        let mut sim = Sim::new();
        sim.do_all(&deeds);
        sim.back();
        proptest::prop_assert!(sim.state.outbox.ops.is_empty(), "{:?}", sim.state.outbox.ops);
        for thread in 1..=CASES {
            let case = sim.end_of(thread);
            proptest::prop_assert_eq!((&case.status, case.follow_up), (&Status::Active, None), "thread {} after {:?}", thread, &deeds);
        }
    }

    /// The same in any order, chosen in the log; more may be done after some of it.
    #[test]
    fn taken_back_in_any_order_it_is_the_start(
        deeds in proptest::collection::vec(0..DEEDS.len() + 3, 1..12),
        more in proptest::collection::vec(0..DEEDS.len() + 3, 0..5),
        picks in proptest::collection::vec(0..1000_usize, 1..12),
    ) {
        let mut sim = Sim::new();
        sim.do_all(&deeds);
        if !more.is_empty() {
            sim.press("g z");
            let entries = &sim.state.log.entries;
            sim.state.log.at = picks[0] % entries.len().max(1);
            sim.press("z");
            if sim.said().contains("z again") { sim.press("z"); }
            sim.press("Esc");
            sim.do_all(&more);
        }
        sim.back_in_any_order(&picks);
        proptest::prop_assert!(sim.state.outbox.ops.is_empty(), "{:?}", sim.state.outbox.ops);
        for thread in 1..=CASES {
            let case = sim.end_of(thread);
            let trace = (thread, &deeds, &more);
            proptest::prop_assert_eq!((&case.status, case.follow_up), (&Status::Active, None), "{:?} {:#?}", trace, sim.state.log.entries);
        }
        let left = sim.state.undo.iter().flat_map(|undone| &undone.ops).filter_map(|id| sim.state.done.get(id));
        let lost: Vec<_> = left.filter(|done| matches!(done.change, Change::Close { .. } | Change::Snooze { .. })).collect();
        proptest::prop_assert!(lost.is_empty(), "the log did not offer {:?}", lost);
    }

    /// What never left is as if it had never been done, and nothing is queued again.
    #[test]
    fn what_never_left_leaves_nothing(deeds in proptest::collection::vec(0..12_usize, 1..14)) {
        let mut sim = Sim::new();
        sim.state.sync.link = Link::Unauthorized;
        let effort = |sim: &Sim| sim.cases.values().map(|case| sim.shown(case.id.0)).map(|case| (case.status, case.follow_up.map(|snooze| snooze.until))).collect::<Vec<_>>();
        let start = effort(&sim);
        for deed in &deeds {
            sim.press(DEEDS[*deed]);
            sim.press("Esc Esc Esc");
        }
        let mut pressed = 0;
        while !sim.state.undo.is_empty() && pressed < 200 {
            sim.press("z");
            pressed += 1;
        }
        proptest::prop_assert_eq!((effort(&sim), sim.state.outbox.ops.len()), (start, 0));
    }
}

/// Every step, told again from what the disk has, is the step that was remembered.
#[test]
fn a_start_knows_what_was_done_and_what_of_it_was_taken_back() {
    let mut sim = Sim::new();
    let mut disk: BTreeMap<OpId, Op> = BTreeMap::new();
    let mut see = |sim: &mut Sim, keys: &str| {
        for key in keys.split(' ') {
            let effects = press(&mut sim.state, sim.now, key);
            for effect in effects {
                match effect {
                    Effect::Queue(ops) | Effect::AdvanceAll { ops, .. } => ops.into_iter().for_each(|op| drop(disk.insert(op.id(), op))),
                    Effect::Advance { op, .. } => drop(disk.insert(op.id(), *op)),
                    Effect::Load(Ask::Study(asked)) => {
                        let found = asked.iter().map(|id| About { case: sim.shown(id.0), thread: ThreadId(id.0), ..About::default() }).collect();
                        update(&mut sim.state, at(sim.now), Event::Loaded(Box::new(Loaded::Studied { asked, found })));
                    }
                    _ => {}
                }
            }
            sim.now += 1;
        }
        sim.paint();
    };
    see(&mut sim, "e");
    see(&mut sim, "x x e Enter");
    see(&mut sim, "b");
    see(&mut sim, "z");
    let mut ops: Vec<Op> = disk.into_values().collect();
    ops.iter_mut().zip(1..).for_each(|(op, seq)| op.seq = seq);
    let mut state = desk();
    state.now = at(sim.now);
    update(&mut state, at(sim.now), Event::Loaded(Box::new(Loaded::Log(ops))));
    let words = |stack: &[crate::app::undo::Undone]| stack.iter().map(|undone| (undone.words.clone(), undone.ops.clone())).collect::<Vec<_>>();
    assert_eq!(words(&state.undo), words(&sim.state.undo));
    assert_eq!(words(&state.redo), words(&sim.state.redo));
    assert_eq!(state.undo.iter().map(|undone| undone.words.as_str()).collect::<Vec<_>>(), ["closed #1", "closed 2 cases"]);
}

#[test]
fn the_opposite_of_what_has_not_left_is_its_end() {
    let mut sim = Sim::new();
    sim.press("e k : r e o p e n Enter");
    assert_eq!((sim.state.outbox.unsent(), sim.shown(1).status), (0, Status::Active), "{:?}", sim.state.notice);
    sim.press("b k : u n s n o o z e Enter");
    assert_eq!((sim.state.outbox.unsent(), sim.shown(1).follow_up), (0, None), "{:?}", sim.state.notice);
    sim.press("Z");
    assert!(sim.shown(1).follow_up.is_some(), "it can be done again");
}

/// A snooze that came back onto a case that was reopened meanwhile is ended there, not on the closed one.
#[test]
fn what_was_restored_on_a_reopened_case_is_taken_back_there() {
    let mut sim = Sim::new();
    for keys in ["x x x b Enter", "x x x b Enter", "x x x b Enter", "r o k ^x e", "x x e Enter"] {
        sim.press(keys);
        sim.press("Esc Esc Esc");
        sim.press("g g");
    }
    sim.back();
    assert_eq!((sim.end_of(1).status, sim.end_of(1).follow_up), (Status::Active, None));
}
