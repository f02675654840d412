//! One pull without the loop, for commands that only read: nothing of the outbox moves.

use super::{Answer, Server, fetch, now, pull};
use crate::api::{Hello, Problem};
use crate::app::PullPlan;
use crate::model::Habit;
use crate::store::Store;

/// What the server says it can, for when it can't be asked. A disk that does not take it stops nothing.
pub fn learn(store: &mut Store, hello: &Hello) {
    let known = store.habits().unwrap_or_default();
    let updates = Some(hello.extensions.case_update).filter(|offered| known.case_update != Some(*offered)).map(Habit::CaseUpdate);
    let translates = hello.extensions.translate.filter(|offered| known.translates != Some(*offered)).map(Habit::Translates);
    for habit in [updates, translates].into_iter().flatten() {
        if let Err(error) = store.learn(&habit) {
            tracing::warn!("what was learned is not kept: {error}");
        }
    }
}

/// Brings the cache up to date; gives why it could not reach everything, when it could not.
pub async fn refresh(server: &Server, store: &mut Store, plan: PullPlan) -> Result<Option<String>, Problem> {
    let sink = fetch::store(store.sink())?;
    let mut learned = Vec::new();
    let report = pull::pull(server, sink, plan, |answer| learned.push(answer)).await;
    for answer in learned {
        match answer {
            Answer::Agents(agents) => fetch::store(store.set_agents(&agents))?,
            Answer::Account(account) => fetch::store(store.set_account(&account))?,
            Answer::Greeting(hello) => {
                learn(store, &hello);
                if let Some(me) = &hello.me {
                    fetch::store(store.set_me(me, now()))?;
                }
            }
            Answer::Event(_) | Answer::Thread { .. } | Answer::Window { .. } => {}
        }
    }
    report.map(|report| report.incomplete)
}
