//! A thread is read from the disk before the frame that shows it. Of one that is too long for that the newest messages are,
//! and all of it beside the loop; the answer that was asked for last counts.

use super::perform::aside;
use super::{Answer, Desk, Screen};
use crate::app::{Event, Loaded};
use crate::model::{CaseId, Conversation};
use crate::store::{Sink, StoreError};

type Read = Result<Option<Conversation>, StoreError>;

impl<S: Screen> Desk<'_, S> {
    pub(super) fn load_thread(&mut self, case: CaseId) -> Result<(), StoreError> {
        let store = &self.world.store;
        self.readings += 1;
        let mut conversation = if self.state.settings.interactive { store.newest(case)? } else { store.conversation(case)? };
        if conversation.as_ref().is_some_and(|conversation| conversation.partial) {
            match self.beside() {
                Some(sink) => self.read_whole(case, sink),
                None => conversation = store.conversation(case)?,
            }
        }
        // Not even its newest message could be read in time: what is shown stays until it is here.
        if conversation.as_ref().is_none_or(|conversation| !conversation.partial || !conversation.messages.is_empty()) {
            self.handle(Event::Loaded(Box::new(Loaded::Conversation { case, conversation })));
        }
        Ok(())
    }

    fn read_whole(&self, case: CaseId, sink: Sink) {
        let (answers, number) = (self.answers.clone(), self.readings);
        aside(move || drop(answers.send(Answer::Thread { number, case, read: sink.conversation(case).map(Box::new) })));
    }

    pub(super) fn whole_thread(&mut self, number: u64, case: CaseId, read: Read) {
        match read {
            _ if number != self.readings => {}
            Ok(conversation) => self.handle(Event::Loaded(Box::new(Loaded::Conversation { case, conversation }))),
            Err(error) => self.handle(Event::DiskFailed(error.to_string())),
        }
    }
}
