//! Programs of the agent's own, beside the loop: the one that assists, and those on a key. They are told the case as the
//! command line shows it, and end with the inbox.

use super::perform::spawn;
use super::{Answer, Desk, Screen, assist};
use crate::app::compose::assist::Request;
use crate::app::own::Running;
use crate::app::review::wait::Moment;
use crate::app::{Event, told};
use crate::model::CaseId;
use crate::store::StoreError;
use serde_json::Value;

impl<S: Screen> Desk<'_, S> {
    pub(super) fn run_own(&mut self, running: &Running) -> Result<(), StoreError> {
        let (ticket, name) = (running.ticket, &running.name);
        let Some(own) = self.state.settings.own.iter().find(|own| own.name == *name).cloned() else { return Ok(()) };
        let mut input = self.shown(running.case)?;
        input["command"] = name.as_str().into();
        let (child, group) = match assist::start(&own.run) {
            Ok(started) => started,
            Err(why) => {
                self.handle(Event::Ran { ticket, result: Err(why) });
                return Ok(());
            }
        };
        self.own = Some(group.clone());
        let (answers, limit) = (self.answers.clone(), own.limit.to_std().unwrap_or_default());
        spawn(async move {
            let result = assist::hear(child, group, input.to_string().into_bytes(), limit).await;
            drop(answers.send(Answer::Event(Event::Ran { ticket, result })));
        });
        Ok(())
    }

    /// The program that assists is given the thread as the command line shows it, and the draft.
    pub(super) fn assist(&mut self, request: &Request) -> Result<(), StoreError> {
        let settings = &self.state.settings;
        let own = request.own.as_ref().map(|name| settings.own.iter().find(|own| own.name == *name).map(|own| (own.run.clone(), own.limit)));
        let Some((command, limit)) = own.unwrap_or_else(|| settings.assist.clone().map(|assist| (assist.command, assist.limit))) else { return Ok(()) };
        let (input, ticket) = (self.told(request)?, request.ticket);
        self.end_helper();
        let (child, group) = match assist::start(&command) {
            Ok(started) => started,
            Err(why) => {
                self.handle(Event::Assisted { ticket, result: Err(why) });
                return Ok(());
            }
        };
        self.helper = Some(group.clone());
        let (answers, limit) = (self.answers.clone(), limit.to_std().unwrap_or_default());
        spawn(async move {
            let result = assist::hear(child, group, input, limit).await;
            drop(answers.send(Answer::Event(Event::Assisted { ticket, result })));
        });
        Ok(())
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

    /// Nothing that was started outlives the inbox.
    pub(super) fn end_all(&mut self) {
        self.end_helper();
        if let Some(own) = self.own.take() {
            own.end();
        }
    }
}
