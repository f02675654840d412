//! Programs of the agent's own, beside the loop: the one that assists, and those on a key. They are told the case as the
//! command line shows it, and end with the inbox.

use super::assist::{self, Group};
use super::perform::{aside, spawn};
use super::{Answer, Desk, Screen};
use crate::app::compose::assist::Request;
use crate::app::own::Running;
use crate::app::review::wait::Moment;
use crate::app::{Event, State, told};
use crate::model::{CaseId, Op, OpId};
use crate::store::{Sink, Store, StoreError, Told};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tokio::sync::oneshot;

/// Where the case is read.
enum Source {
    Beside(Box<Sink>, CaseId),
    Here(Box<Option<Told>>),
}

/// What a program is told of a case: read beside the loop, as it was when it was asked for.
struct Telling {
    source: Source,
    ops: Vec<Op>,
    looking: BTreeSet<OpId>,
    /// Beside what is borrowed.
    moment: Moment<'static>,
    /// What belongs to the question alone.
    more: Vec<(&'static str, Value)>,
}

impl Telling {
    fn of(state: &State, store: &Store, beside: Option<Sink>, case: CaseId, more: Vec<(&'static str, Value)>) -> Result<Self, StoreError> {
        let source = match beside {
            Some(sink) => Source::Beside(Box::new(sink), case),
            None => Source::Here(Box::new(store.told(case)?)),
        };
        let Moment { ops, undo: _, looking, now, wall, utc_offset, link, hold, sender } = Moment::of(state);
        Ok(Self {
            source,
            ops: ops.to_vec(),
            looking: looking.cloned().unwrap_or_default(),
            moment: Moment { ops: &[], undo: None, looking: None, now, wall, utc_offset, link, hold, sender },
            more,
        })
    }

    fn tell(self) -> Result<Vec<u8>, String> {
        let moment = Moment { ops: &self.ops, looking: Some(&self.looking), ..self.moment };
        let told = match self.source {
            Source::Beside(sink, case) => sink.told(case).map_err(|error| error.to_string())?,
            Source::Here(told) => *told,
        };
        let mut value = told.map_or_else(|| json!({}), |(conversation, shown)| told::conversation(&conversation, &shown, &moment));
        self.more.iter().for_each(|(name, said)| value[*name] = said.clone());
        Ok(value.to_string().into_bytes())
    }
}

impl<S: Screen> Desk<'_, S> {
    pub(super) fn run_own(&mut self, running: &Running) {
        let (ticket, name) = (running.ticket, &running.name);
        let Some((command, limit)) = self.program(Some(name)) else { return };
        let telling = Telling::of(&self.state, &self.world.store, self.beside(), running.case, vec![("command", name.as_str().into())]);
        self.own = self.ask_program(&command, limit, telling, move |result| Event::Ran { ticket, result });
    }

    /// The program that assists is given the thread as the command line shows it, and the draft.
    pub(super) fn assist(&mut self, request: &Request) {
        let Some((command, limit)) = self.program(request.own.as_deref()) else { return };
        let mut more = vec![("draft", json!({"caseId": request.case, "kind": request.kind, "text": request.text}))];
        more.extend(request.own.as_deref().map(|own| ("command", own.into())));
        let (telling, ticket) = (Telling::of(&self.state, &self.world.store, self.beside(), request.case, more), request.ticket);
        self.end_helper();
        self.helper = self.ask_program(&command, limit, telling, move |result| Event::Assisted { ticket, result });
    }

    /// The command of that name, or else the one that assists; and how long it may take.
    fn program(&self, own: Option<&str>) -> Option<(Vec<String>, TimeDelta)> {
        let settings = &self.state.settings;
        match own {
            Some(name) => settings.own.iter().find(|own| own.name == name).map(|own| (own.run.clone(), own.limit)),
            None => settings.assist.clone().map(|assist| (assist.command, assist.limit)),
        }
    }

    /// What it says, or why it says nothing, comes as an event.
    fn ask_program(
        &mut self,
        command: &[String],
        limit: TimeDelta,
        telling: Result<Telling, StoreError>,
        told: impl FnOnce(Result<String, String>) -> Event + Send + 'static,
    ) -> Option<Group> {
        let started = telling.map_err(|error| error.to_string()).and_then(|telling| Ok((telling, assist::start(command)?)));
        let (telling, (child, group)) = match started {
            Ok(started) => started,
            Err(why) => {
                self.handle(told(Err(why)));
                return None;
            }
        };
        let (answers, held, limit) = (self.answers.clone(), group.clone(), limit.to_std().unwrap_or_default());
        let (send, input) = oneshot::channel();
        aside(move || drop(send.send(telling.tell())));
        spawn(async move {
            let said = match input.await.unwrap_or_else(|_| Err("the reading was interrupted".to_owned())) {
                Ok(input) => assist::hear(child, held, input, limit).await,
                Err(why) => {
                    held.end();
                    Err(why)
                }
            };
            drop(answers.send(Answer::Event(told(said))));
        });
        Some(group)
    }

    pub(super) fn end_helper(&mut self) {
        if let Some(helper) = self.helper.take() {
            helper.end();
        }
    }

    pub(super) fn end_own(&mut self) {
        if let Some(own) = self.own.take() {
            own.end();
        }
    }
}
