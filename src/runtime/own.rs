//! Programs of the agent's own, beside the loop: the one that assists, and those on a key. They are told the case as the
//! command line shows it, and end with the inbox.

use super::assist::{self, Group};
use super::perform::spawn;
use super::{Answer, Desk, Screen};
use crate::app::compose::assist::Request;
use crate::app::own::Running;
use crate::app::review::wait::Moment;
use crate::app::{Event, told};
use crate::model::CaseId;
use crate::store::StoreError;
use chrono::TimeDelta;
use serde_json::Value;

impl<S: Screen> Desk<'_, S> {
    pub(super) fn run_own(&mut self, running: &Running) -> Result<(), StoreError> {
        let (ticket, name) = (running.ticket, &running.name);
        let Some((command, limit)) = self.program(Some(name)) else { return Ok(()) };
        let mut input = self.shown(running.case)?;
        input["command"] = name.as_str().into();
        self.own = self.ask_program(&command, limit, input.to_string().into_bytes(), move |result| Event::Ran { ticket, result });
        Ok(())
    }

    /// The program that assists is given the thread as the command line shows it, and the draft.
    pub(super) fn assist(&mut self, request: &Request) -> Result<(), StoreError> {
        let Some((command, limit)) = self.program(request.own.as_deref()) else { return Ok(()) };
        let (input, ticket) = (self.told(request)?, request.ticket);
        self.end_helper();
        self.helper = self.ask_program(&command, limit, input, move |result| Event::Assisted { ticket, result });
        Ok(())
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
        input: Vec<u8>,
        told: impl FnOnce(Result<String, String>) -> Event + Send + 'static,
    ) -> Option<Group> {
        let (child, group) = match assist::start(command) {
            Ok(started) => started,
            Err(why) => {
                self.handle(told(Err(why)));
                return None;
            }
        };
        let (answers, held, limit) = (self.answers.clone(), group.clone(), limit.to_std().unwrap_or_default());
        spawn(async move {
            let said = assist::hear(child, held, input, limit).await;
            drop(answers.send(Answer::Event(told(said))));
        });
        Some(group)
    }

    fn told(&self, request: &Request) -> Result<Vec<u8>, StoreError> {
        let mut value = self.shown(request.case)?;
        value["draft"] = serde_json::json!({"caseId": request.case, "kind": request.kind, "text": request.text});
        if let Some(own) = &request.own {
            value["command"] = own.as_str().into();
        }
        Ok(value.to_string().into_bytes())
    }

    /// A case as the command line shows it.
    fn shown(&self, case: CaseId) -> Result<Value, StoreError> {
        let store = &self.world.store;
        let Some(conversation) = store.conversation(case)? else { return Ok(serde_json::json!({})) };
        let shown = conversation.cases.iter().map(|case| Ok(store.shown(case.id)?.unwrap_or_else(|| case.clone())));
        let shown = shown.collect::<Result<Vec<_>, StoreError>>()?;
        Ok(told::conversation(&conversation, &shown, &Moment::of(&self.state)))
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
