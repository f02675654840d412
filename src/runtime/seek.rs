//! What reads much of the cache, beside the loop: searches, and counts of the agent's own views. Where there is no file to read
//! beside it is done at once.

use super::{Answer, Desk, Screen, now, perform};
use crate::app::Event;
use crate::model::{Filter, Saved};

impl<S: Screen> Desk<'_, S> {
    pub(super) fn search(&mut self, number: u64, text: String, filter: Filter, limit: usize) {
        let answer =
            move |result: Result<_, crate::store::StoreError>| Event::Found { number, text, result: Box::new(result.map_err(|error| error.to_string())) };
        if let Ok(seeker) = self.world.store.seeker(now()) {
            let answers = self.answers.clone();
            perform::aside(move || drop(answers.send(Answer::Event(answer(seeker.find(&filter, limit))))));
        } else {
            let found = self.world.store.find(&filter, limit, now());
            self.handle(answer(found));
        }
    }

    /// What can't be counted beside the loop is not counted.
    pub(super) fn count(&mut self, views: Vec<Saved>) {
        if let Ok(seeker) = self.world.store.seeker(now()) {
            let answers = self.answers.clone();
            perform::aside(move || drop(answers.send(Answer::Event(Event::Counted(seeker.count(&views).unwrap_or_default())))));
        } else {
            self.handle(Event::Counted(Vec::new()));
        }
    }

    pub(super) fn workload(&mut self, hours: u16) {
        match self.world.store.seeker(now()) {
            Ok(seeker) => {
                let answers = self.answers.clone();
                let told = move || Event::Worked(Box::new(seeker.workload(hours).map_err(|error| error.to_string())));
                perform::aside(move || drop(answers.send(Answer::Event(told()))));
            }
            Err(error) => self.handle(Event::Worked(Box::new(Err(error.to_string())))),
        }
    }
}
