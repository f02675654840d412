//! Target lock: whatever happens between two frames, a key acts on the case that stood under the cursor, or open in the thread,
//! in the last frame before it. A key's own step counts as seen: who presses `j e` knows where `j` leads.

use super::*;
use crate::app::screen;
use crate::model::query::Anchor;
use proptest::prelude::*;
use proptest::sample::select;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Frame,
    /// One of the open questions is answered, in any order.
    Answer(usize),
    /// What the disk has changes: a case comes, goes, or moves.
    Comes(usize),
    Goes(usize),
    Moves(usize, usize),
    Pulled,
    Fetched(i64),
    Pushed(usize),
    Elsewhere,
    Woke,
    Resized(u16, u16),
}

const KEYS: [&str; 32] = [
    "j",
    "k",
    "j j",
    "G",
    "g g",
    "^d",
    "e",
    "e",
    "b",
    "a",
    "E",
    "E 1",
    "Enter",
    "Esc",
    "]",
    "[",
    "1",
    "2",
    "7",
    "Tab",
    "g d",
    "R",
    "/",
    "/ c Enter",
    "Space",
    "v",
    "r o k ^s",
    "r h",
    "i n ^s",
    "r ^x e",
    "g /",
    "g x",
];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => select(KEYS.to_vec()).prop_map(Step::Keys),
        4 => Just(Step::Frame),
        6 => (0_usize..9).prop_map(Step::Answer),
        1 => (0_usize..40).prop_map(Step::Comes),
        2 => (0_usize..40).prop_map(Step::Goes),
        1 => (0_usize..40, 0_usize..40).prop_map(|(from, to)| Step::Moves(from, to)),
        1 => Just(Step::Pulled),
        1 => (1_i64..30).prop_map(Step::Fetched),
        1 => (0_usize..9).prop_map(Step::Pushed),
        1 => Just(Step::Elsewhere),
        1 => Just(Step::Woke),
        1 => select(vec![(120, 40), (80, 24), (40, 12), (130, 9)]).prop_map(|(width, height)| Step::Resized(width, height)),
    ]
}

/// The core, a disk that answers late, and what was painted last.
struct Bench {
    state: State,
    disk: Vec<i64>,
    next: i64,
    open: Vec<Ask>,
    /// How many windows were asked for. One that is long in reading is answered later, and never after a newer one.
    windows: usize,
    seconds: i64,
    painted: Option<CaseId>,
}

impl Bench {
    fn new() -> Self {
        let mut state = desk();
        state.settings.undo = Duration::zero();
        let painted = painted(&state);
        Self { state, disk: (1..10).collect(), next: 10, open: Vec::new(), windows: 0, seconds: 1, painted }
    }

    fn step(&mut self, step: &Step) -> Result<(), TestCaseError> {
        self.seconds += 1;
        let rows = self.disk.len();
        match *step {
            Step::Keys(keys) => return keys.split(' ').try_for_each(|key| self.key(key)),
            Step::Frame => return self.frame(),
            Step::Answer(_) if self.open.is_empty() => {}
            Step::Answer(which) => self.answer(which % self.open.len()),
            Step::Comes(place) => {
                self.disk.insert(place % (rows + 1), self.next);
                self.next += 1;
            }
            Step::Goes(_) | Step::Moves(..) if rows == 0 => {}
            Step::Goes(place) => drop(self.disk.remove(place % rows)),
            Step::Moves(from, to) => {
                let case = self.disk.remove(from % rows);
                self.disk.insert(to % rows, case);
            }
            Step::Pulled => self.happens(Event::Pulled(Ok(PullReport::default()))),
            Step::Fetched(case) => self.happens(Event::Fetched { case: CaseId(case), result: Ok(()) }),
            Step::Pushed(which) => self.pushed(which),
            Step::Elsewhere => self.happens(Event::ChangedElsewhere),
            Step::Woke => self.happens(Event::Woke),
            Step::Resized(width, height) => self.happens(Event::Resized { width, height }),
        }
        Ok(())
    }

    /// Every change that a key composes names the painted case.
    fn key(&mut self, key: &str) -> Result<(), TestCaseError> {
        let effects = update(&mut self.state, at(self.seconds), Event::Pressed(input(key)));
        for op in effects.iter().filter_map(|effect| if let Effect::Queue(ops) = effect { Some(ops) } else { None }).flatten() {
            prop_assert_eq!(Some(op.case()), self.painted, "{} acts on what was not painted", key);
        }
        store(&mut self.state, self.seconds, &effects);
        self.take(effects);
        self.painted = painted(&self.state);
        Ok(())
    }

    fn happens(&mut self, event: Event) {
        let effects = update(&mut self.state, at(self.seconds), event);
        self.take(effects);
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for ask in effects.into_iter().filter_map(|effect| if let Effect::Load(ask) = effect { Some(ask) } else { None }) {
            if matches!(ask, Ask::Window(_)) {
                self.open.retain(|older| !matches!(older, Ask::Window(_)));
                self.windows += 1;
            }
            self.open.push(ask);
        }
    }

    /// A window that is on its way is not asked for again.
    fn frame(&mut self) -> Result<(), TestCaseError> {
        let most = self.windows + usize::from(!self.state.list.asked);
        self.happens(Event::Drained);
        self.happens(Event::Drained);
        self.painted = painted(&self.state);
        prop_assert!(self.windows <= most, "asked again while the answer is out");
        Ok(())
    }

    fn answer(&mut self, which: usize) {
        let loaded = match self.open.remove(which) {
            Ask::Window(ask) => Loaded::Window(self.window(&ask)),
            Ask::Conversation(case) => Loaded::Conversation { case, conversation: Some(conversation(case)) },
            Ask::Draft(case) => Loaded::Draft { case, draft: None },
            _ => return,
        };
        self.happens(Event::Loaded(Box::new(loaded)));
    }

    fn window(&self, ask: &WindowAsk) -> Window {
        let place = if let Anchor::At(case) = ask.anchor { self.disk.iter().position(|id| *id == case.0) } else { None };
        let from = place.map_or(0, |at| at.saturating_sub(ask.before));
        let rows: Vec<Row> = self.disk[from..].iter().take(ask.before + ask.after).map(|id| row(*id)).collect();
        let (more_before, more_after) = (from > 0, from + rows.len() < self.disk.len());
        let at = place.map_or(0, |at| at - from);
        Window { view: ask.view, filter: ask.filter.clone(), sort: ask.sort, rows, more_before, more_after, at, ..Window::default() }
    }

    fn pushed(&mut self, which: usize) {
        let ops = &self.state.outbox.ops;
        if let Some(op) = ops.get(which % ops.len().max(1)).map(Op::id) {
            self.happens(Event::Pushed { op, outcome: Box::new(accepted()) });
        }
    }
}

fn conversation(case: CaseId) -> Conversation {
    let whole = crate::model::Case { id: case, thread_id: ThreadId(case.0), status: Status::Active, ..crate::model::Case::default() };
    Conversation { thread: ThreadId(case.0), cases: vec![whole], fetched: Some(at(0)), ..Conversation::default() }
}

/// What the view would show as the one that keys act on.
fn painted(state: &State) -> Option<CaseId> {
    if matches!(screen::place(state), Focus::Reader | Focus::Compose) {
        return state.reader.as_ref().map(|reader| reader.case);
    }
    let (list, panes) = (&state.list, screen::panes(state));
    // Where the card takes the whole screen, it is the chosen one's.
    let rows = if panes.list.is_none() && panes.contact.is_some() { usize::MAX } else { panes.list_rows() };
    list.window.rows.iter().skip(list.top).take(rows).map(|row| row.id).find(|id| Some(*id) == list.selected)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]
    #[test]
    fn a_key_acts_on_the_case_that_was_painted(steps in prop::collection::vec(step(), 1..60)) {
        let mut bench = Bench::new();
        bench.frame()?;
        for step in &steps {
            bench.step(step)?;
        }
    }
}
