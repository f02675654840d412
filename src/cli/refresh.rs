//! What reading commands do before they read: bring the cache up to date when a server is set and can be reached, and
//! say so when it can't. Only asks, never changes anything at the server; sends nothing of the outbox.

use super::desk::Desk;
use super::fault::Fault;
use super::out::remark;
use super::words;
use crate::api::{Problem, ProblemKind};
use crate::app::PullPlan;
use crate::model::{Case, CaseId, Person, UserId};
use crate::runtime::{self, Server};
use crate::store::Store;

/// The store, after reading what changed.
pub async fn pulled(desk: &Desk) -> Result<Store, Fault> {
    let mut store = desk.store()?;
    let Some(server) = desk.server()? else { return Ok(store) };
    let plan = PullPlan { full: store.snapshot_age()?.is_none(), fold: true, all_messages: false };
    match runtime::refresh(&server, &mut store, plan).await {
        Ok(None) => {}
        Ok(Some(incomplete)) => remark(&format!("incomplete: {incomplete}")),
        Err(problem) => stale(desk, &store, problem)?,
    }
    Ok(store)
}

/// The store, after reading one thread.
pub async fn fetched(desk: &Desk, case: CaseId) -> Result<Store, Fault> {
    let store = desk.store()?;
    if let Some(server) = desk.server()? {
        fetch(desk, &store, &server, case).await?;
    }
    Ok(store)
}

async fn fetch(desk: &Desk, store: &Store, server: &Server, case: CaseId) -> Result<(), Fault> {
    match runtime::fetch(server, store.sink()?, case).await {
        Ok(_) => Ok(()),
        Err(problem) if problem.kind == ProblemKind::NotFound => {
            Err(Fault::failed(format!("no case #{case} at the server")).hint("`caseload list --all` names those there are"))
        }
        Err(problem) => stale(desk, store, problem),
    }
}

/// The store and a case as it is known here; the server is asked when it is not.
pub async fn known(desk: &Desk, id: CaseId) -> Result<(Store, Case), Fault> {
    let store = desk.store()?;
    if store.case(id)?.is_none()
        && let Some(server) = desk.server()?
    {
        fetch(desk, &store, &server, id).await?;
    }
    let missing = || Fault::failed(format!("case #{id} is not known here")).hint("`caseload sync` reads every case of the server");
    let case = store.case(id)?.ok_or_else(missing)?;
    Ok((store, case))
}

/// The agents of the account, and which one we are.
pub async fn agents(desk: &Desk) -> Result<(Vec<Person>, Option<UserId>), Fault> {
    let mut store = desk.store()?;
    if let Some(server) = desk.server()? {
        match server.api.users().await {
            Ok(agents) => store.set_agents(&agents)?,
            Err(problem) => stale(desk, &store, problem)?,
        }
        if store.me().is_none()
            && let Ok(hello) = server.hello().await
            && let Some(me) = hello.me
        {
            store.set_me(&me, desk.now)?;
        }
    }
    let me = store.me().map(|me| me.id);
    Ok((store.agents()?, me))
}

/// A server that is away is no fault as long as something is cached; a key that is not taken is one.
fn stale(desk: &Desk, store: &Store, problem: Problem) -> Result<(), Fault> {
    if !matches!(problem.kind, ProblemKind::Offline | ProblemKind::Server) {
        return Err(problem.into());
    }
    let age = store.snapshot_age()?.map_or_else(|| "not complete yet".to_owned(), |age| format!("{} old", words::span(desk.now - age)));
    remark(&format!("{}: this is the cache, {age}", problem.text));
    Ok(())
}
