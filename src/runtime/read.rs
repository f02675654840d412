//! One pull without the loop, for commands that only read: nothing of the outbox moves.

use super::{Answer, Server, fetch, now, pull};
use crate::api::Problem;
use crate::app::PullPlan;
use crate::store::Store;

/// Brings the cache up to date; gives why it could not reach everything, when it could not.
pub async fn refresh(server: &Server, store: &mut Store, plan: PullPlan) -> Result<Option<String>, Problem> {
    let sink = fetch::store(store.sink())?;
    let mut learned = Vec::new();
    let report = pull::pull(server, sink, plan, |answer| learned.push(answer)).await;
    for answer in learned {
        match answer {
            Answer::Agents(agents) => fetch::store(store.set_agents(&agents))?,
            Answer::Greeting(hello) => {
                if let Some(me) = &hello.me {
                    fetch::store(store.set_me(me, now()))?;
                }
            }
            Answer::Event(_) => {}
        }
    }
    report.map(|report| report.incomplete)
}
