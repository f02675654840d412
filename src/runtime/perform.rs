//! Effects become deeds: the disk at once, in their order; the network as a task whose answer is an event.
//! When a deed on the disk fails, the rest of its batch is not done and the core hears why.

use super::{Answer, Desk, Screen, fetch, look, now, pull, push, save};
use crate::app::clip::Copy;
use crate::app::files::Saving;
use crate::app::{Ask, Edited, Effect, Event, Failure, FailureKind, Loaded, PullPlan};
use crate::fault;
use crate::model::pick::Pick;
use crate::model::{CaseId, Op, OpState, Outcome};
use crate::store::StoreError;

/// So many of the newest operations are told again after a start.
const NEWEST: usize = 1_000;

impl<S: Screen> Desk<'_, S> {
    pub(super) fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = effects.into_iter();
        while let Some(effect) = effects.next() {
            let kept = effect.clone();
            if let Err(error) = self.one(effect) {
                self.undone(std::iter::once(kept).chain(effects), &error.to_string());
                return;
            }
        }
    }

    /// The disk refused one deed of a batch, and the rest is not done: moves of operations are kept until it takes them, what was to
    /// be sent is not, and the core hears why.
    fn undone(&mut self, effects: impl Iterator<Item = Effect>, why: &str) {
        let mut stopped = Vec::new();
        for effect in effects {
            match effect {
                Effect::Advance { .. } | Effect::AdvanceAll { .. } | Effect::Settle { .. } | Effect::Swap { .. } | Effect::Learn { .. } => {
                    self.unsaved.push(effect);
                }
                Effect::Push(op) => stopped.push(op.id()),
                _ => {}
            }
        }
        for op in stopped {
            self.handle(Event::Unmarked(op));
        }
        self.handle(Event::DiskFailed(why.to_owned()));
    }

    /// Tries again what the disk refused, in its order; nothing else is written before it.
    pub(super) fn save_what_waits(&mut self) {
        if let Err(error) = self.catch_up() {
            tracing::warn!("the disk does not take it yet: {error}");
        }
    }

    fn catch_up(&mut self) -> Result<(), StoreError> {
        if self.unsaved.is_empty() || std::mem::replace(&mut self.catching_up, true) {
            return Ok(());
        }
        let mut done = Ok(());
        while done.is_ok() && !self.unsaved.is_empty() {
            let first = self.unsaved.remove(0);
            done = self.deed(first.clone()).inspect_err(|_| self.unsaved.insert(0, first));
        }
        self.catching_up = false;
        done.and_then(|()| self.load(Ask::Ops))
    }

    fn one(&mut self, effect: Effect) -> Result<(), StoreError> {
        let writes = matches!(
            effect,
            Effect::Queue(_) | Effect::Advance { .. } | Effect::AdvanceAll { .. } | Effect::Settle { .. } | Effect::Swap { .. } | Effect::Push(_)
        );
        if writes {
            self.catch_up()?;
        }
        self.deed(effect)
    }

    fn deed(&mut self, effect: Effect) -> Result<(), StoreError> {
        match effect {
            Effect::Queue(ops) => self.queue(ops)?,
            Effect::Advance { op, from } => self.advance(&op, &from)?,
            Effect::AdvanceAll { ops, from } => self.advance_all(&ops, &from)?,
            Effect::Settle { op, from, outcome } => self.settle_op(&op, &from, &outcome)?,
            Effect::Swap { op, from, into } => self.swap(&op, &from, into)?,
            Effect::Learn { marker } => self.world.store.learn_marker(marker)?,
            Effect::Habit(habit) => self.remember(&habit),
            Effect::SaveDraft(draft) => self.world.store.save_draft(&draft)?,
            Effect::DropDraft(case) => self.world.store.drop_draft(case)?,
            Effect::Load(ask) => self.load(ask)?,
            Effect::Pick(pick) => self.pick(pick),
            Effect::Search { number, text, filter, limit } => self.search(number, text, filter, limit),
            Effect::Count(views) => self.count(views),
            Effect::Workload(hours) => self.workload(hours),
            Effect::Fold => {
                self.world.store.fold(now())?;
            }
            Effect::Seen { thread, until } => self.world.store.seen(thread, until)?,
            Effect::Unread(thread) => self.world.store.mark_unread(thread, now())?,
            Effect::Pull(plan) => self.pull(plan),
            Effect::Fetch(case) => self.fetch(case),
            Effect::Timeline { case, of } => self.timeline(case, of),
            Effect::Push(op) => self.push(*op)?,
            Effect::Look(op) => self.look(*op),
            Effect::Edit(text) => self.edit(&text),
            Effect::Run(running) => self.run_own(&running),
            Effect::RunStop => self.end_own(),
            Effect::Assist(request) => self.assist(&request),
            Effect::AssistStop => self.end_helper(),
            Effect::Restock => self.restock(),
            Effect::Copy(copy) => self.copy(copy),
            Effect::Open(command) => self.open(&command),
            Effect::Save(saving) => self.save(saving),
            Effect::Mouse(on) => self.heard_or_not("the mouse", |screen| screen.mouse(on)),
            Effect::Notify(text) => self.heard_or_not("a notification", |screen| screen.notify(&text)),
            Effect::Quit => self.quit = true,
        }
        Ok(())
    }

    fn queue(&mut self, mut ops: Vec<Op>) -> Result<(), StoreError> {
        self.world.store.queue(&mut ops, now())?;
        self.handle(Event::Loaded(Box::new(Loaded::Stored(ops))));
        Ok(())
    }

    fn swap(&mut self, op: &Op, from: &[OpState], mut into: Vec<Op>) -> Result<(), StoreError> {
        if self.world.store.swap(op, from, &mut into, now())? {
            self.handle(Event::Loaded(Box::new(Loaded::Stored(into))));
            return Ok(());
        }
        self.load(Ask::Ops)
    }

    /// Somebody else moved it meanwhile: the disk's truth replaces ours.
    fn advance(&mut self, op: &Op, from: &[OpState]) -> Result<(), StoreError> {
        if self.world.store.advance(op, from)? { Ok(()) } else { self.load(Ask::Op(op.id())) }
    }

    /// The same of many.
    fn advance_all(&mut self, ops: &[Op], from: &[OpState]) -> Result<(), StoreError> {
        let others = self.world.store.advance_all(ops, from)?;
        others.into_iter().try_for_each(|id| self.load(Ask::Op(id)))
    }

    fn settle_op(&mut self, op: &Op, from: &[OpState], outcome: &Outcome) -> Result<(), StoreError> {
        let moved = match outcome {
            Outcome::Accepted { case, message, .. } => self.world.store.settle(op, from, case.as_deref(), message.as_deref())?,
            _ => self.world.store.advance(op, from)?,
        };
        if moved { Ok(()) } else { self.load(Ask::Op(op.id())) }
    }

    fn load(&mut self, ask: Ask) -> Result<(), StoreError> {
        if (self.catching_up || !self.unsaved.is_empty()) && matches!(ask, Ask::Ops | Ask::Op(_)) {
            // The disk is behind: what it has of operations is read when it caught up.
            return Ok(());
        }
        let store = &mut self.world.store;
        let loaded = match ask {
            Ask::Window(ask) => return self.load_window(ask),
            Ask::Conversation(case) => return self.load_thread(case),
            Ask::Draft(case) => Loaded::Draft { case, draft: store.draft(case)? },
            Ask::Versions(case) => Loaded::Versions { case, versions: store.versions(case)? },
            Ask::Ops => Loaded::Ops(store.ops(false)?),
            Ask::Op(op) => Loaded::Op(store.op(op)?.map(Box::new)),
            Ask::Agents => Loaded::Agents(store.agents()?),
            Ask::Snoozes => Loaded::Snoozes(store.due_snoozes(now())?),
            Ask::Habits => Loaded::Habits(Box::new(store.habits()?)),
            Ask::Account => Loaded::Account(Box::new(store.account()?)),
            Ask::Marker => Loaded::Marker(store.marker()?),
            Ask::Study(asked) => {
                let found = store.study(&asked)?;
                Loaded::Studied { asked, found }
            }
            Ask::Log => Loaded::Log(store.newest_ops(NEWEST)?),
            Ask::Record(limit) => {
                let ops = store.newest_ops(limit)?;
                Loaded::Record { names: store.contacts(ops.iter().map(Op::case))?, ops }
            }
            Ask::Day(since) => Loaded::Day { since, ops: store.moved_since(since, crate::app::receipt::MOST)? },
            Ask::Kept { view, cases } => {
                let kept = store.kept_in(view, &cases)?;
                Loaded::Kept { asked: cases.into_iter().collect(), kept: kept.into_iter().collect() }
            }
        };
        self.handle(Event::Loaded(Box::new(loaded)));
        Ok(())
    }

    /// Beside the loop: thousands of cases may be looked at.
    fn pick(&mut self, pick: Pick) {
        match self.world.store.sink() {
            Ok(sink) => {
                let answers = self.answers.clone();
                aside(move || drop(answers.send(Answer::Event(Event::Picked(sink.pick(&pick, now()).map_err(|error| error.to_string()))))));
            }
            Err(error) => self.handle(Event::Picked(Err(error.to_string()))),
        }
    }

    fn pull(&mut self, plan: PullPlan) {
        let Some(server) = self.world.server.clone() else { return };
        let sink = match self.world.store.sink() {
            Ok(sink) => sink,
            // It ended before it began, and is tried again like one that failed.
            Err(error) => {
                self.handle(Event::Pulled(Err(Failure { kind: FailureKind::Other, text: error.to_string() })));
                return;
            }
        };
        let answers = self.answers.clone();
        spawn(async move {
            let report = pull::pull(&server, sink, plan, |event| drop(answers.send(event))).await;
            drop(answers.send(Answer::Event(Event::Pulled(report.map_err(look::failure)))));
        });
    }

    fn fetch(&mut self, case: CaseId) {
        let Some(server) = self.world.server.clone() else { return };
        let sink = match self.world.store.sink() {
            Ok(sink) => sink,
            Err(error) => {
                self.handle(Event::Fetched { case, result: Err(Failure { kind: FailureKind::Other, text: error.to_string() }) });
                return;
            }
        };
        let answers = self.answers.clone();
        spawn(async move {
            let result = fetch::fetch(&server, sink, case).await;
            let (result, seen) = match result {
                Ok(seen) => (Ok(()), seen),
                Err(problem) => (Err(look::failure(problem)), Vec::new()),
            };
            drop(answers.send(Answer::Event(Event::Sighted(seen))));
            drop(answers.send(Answer::Event(Event::Fetched { case, result })));
        });
    }

    /// A disk that does not open is told by whatever else needs it.
    fn timeline(&self, case: CaseId, of: Vec<CaseId>) {
        let Some((server, sink)) = self.world.server.clone().zip(self.world.store.sink().ok()) else { return };
        let answers = self.answers.clone();
        spawn(async move {
            let result = fetch::timelines(&server, sink, &of).await.map_err(look::failure);
            if let Err(failure) = &result {
                tracing::warn!("the timeline of case {case} could not be read: {}", failure.text);
            }
            drop(answers.send(Answer::Event(Event::Told { case, result })));
        });
    }

    /// Durable as `sending` before the first byte leaves; if somebody else has it, it is theirs.
    fn push(&mut self, op: Op) -> Result<(), StoreError> {
        let (case, store) = (op.case(), &mut self.world.store);
        let conversation = store.newest(case)?;
        // A long thread is read beside the loop.
        let partial = conversation.as_ref().is_some_and(|conversation| conversation.partial);
        let sink = partial.then(|| store.sink()).transpose()?;
        if !store.advance(&op, &[OpState::Queued])? {
            return self.load(Ask::Op(op.id()));
        }
        let Some(server) = self.world.server.clone() else {
            let outcome = Outcome::NotSent { cause: "no server is configured".to_owned(), retry_after: None };
            self.handle(Event::Pushed { op: op.id(), outcome: Box::new(outcome) });
            return Ok(());
        };
        let answers = self.answers.clone();
        spawn(async move {
            let outcome = match sink.map_or(Ok(conversation), |sink| sink.conversation(case)) {
                Ok(conversation) => push::push(&server, &op, conversation).await,
                Err(error) => Outcome::NotSent { cause: error.to_string(), retry_after: None },
            };
            fault::point("answer: read, not handled");
            drop(answers.send(Answer::Event(Event::Pushed { op: op.id(), outcome: Box::new(outcome) })));
        });
        Ok(())
    }

    fn look(&mut self, op: Op) {
        let failed = |kind, text| Event::Looked { op: op.id(), result: Box::new(Err(Failure { kind, text })) };
        let Some(server) = self.world.server.clone() else {
            return self.handle(failed(FailureKind::Offline, "no server is configured".to_owned()));
        };
        let sink = match self.world.store.sink() {
            Ok(sink) => sink,
            Err(error) => {
                return self.handle(failed(FailureKind::Other, error.to_string()));
            }
        };
        let answers = self.answers.clone();
        spawn(async move {
            let result = look::look(&server, sink, &op).await.map_err(look::failure);
            fault::point("look: read, not handled");
            drop(answers.send(Answer::Event(Event::Looked { op: op.id(), result: Box::new(result) })));
        });
    }

    /// A convenience: a disk that does not take it stops nothing.
    fn remember(&mut self, habit: &crate::model::Habit) {
        if let Err(error) = self.world.store.learn(habit) {
            tracing::warn!("what was learned is not kept: {error}");
        }
    }

    /// In a thread of its own: a slow disk keeps nobody, and what it waits for of the network is read by the others.
    fn save(&self, saving: Saving) {
        let (server, answers) = (self.world.server.clone(), self.answers.clone());
        let workers = tokio::runtime::Handle::current();
        aside(move || {
            let tell = |name, done, whole| drop(answers.send(Answer::Event(Event::SaveAdvanced { name, done, whole })));
            let saved = workers.block_on(save::save(server.as_ref(), &saving, &tell));
            drop(answers.send(Answer::Event(Event::Saved(saved))));
        });
    }

    fn edit(&mut self, text: &str) {
        let edited = self.screen.edit(text).unwrap_or_else(|error| {
            tracing::warn!(%error, "the editor");
            Edited::Failed(format!("the text could not be handed to an editor: {error}"))
        });
        self.handle(Event::Edited(edited));
    }

    /// Comforts of the screen: where they fail, the log says so and the work goes on.
    fn heard_or_not(&mut self, what: &'static str, deed: impl FnOnce(&mut S) -> std::io::Result<()>) {
        if let Err(error) = deed(self.screen) {
            tracing::warn!(%error, "{what}");
        }
    }

    fn restock(&mut self) {
        if let Some((replies, flaws)) = self.screen.replies() {
            self.handle(Event::Stocked { replies, flaws });
        }
    }

    fn copy(&mut self, copy: Copy) {
        if let Some(taken) = self.screen.copy(&copy.text, &copy.what) {
            self.handle(Event::Copied { what: copy.what, taken });
        }
    }

    fn open(&mut self, command: &[String]) {
        let error = self.screen.open(command).err();
        self.handle(Event::Opened { error });
    }
}

/// Work beside the loop.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts work")]
pub(super) fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(work);
}

/// Work on the disk that nobody waits for.
#[expect(clippy::disallowed_methods, reason = "this is the one place that starts work")]
pub(super) fn aside(work: impl FnOnce() + Send + 'static) {
    std::thread::spawn(work);
}
