//! What reading commands do before they read: bring the cache up to date when a server is set and can be reached, and
//! say so when it can't. Only asks, never changes anything at the server; sends nothing of the outbox.

use super::desk::Desk;
use super::fault::Fault;
use super::out::remark;
use super::words;
use crate::api::{Problem, ProblemKind};
use crate::app::PullPlan;
use crate::model::{CaseId, Change, Person, ThreadId, UserId};
use crate::runtime;
use crate::store::Store;

/// What changes a message needs one.
fn holds(store: &Store, id: CaseId, change: &Change) -> Result<bool, Fault> {
    let (Change::Edit { message, .. } | Change::Delete { message }) = change else { return Ok(true) };
    let conversation = store.conversation(id)?;
    Ok(conversation.is_some_and(|known| known.messages.iter().any(|held| held.id == *message && held.case_id == id)))
}

const AWAY: &str = "try again when the server is there; `caseload doctor` looks for the reason";

/// The store, after reading what changed. Where nothing was ever read there is nothing to show.
pub async fn pulled(desk: &Desk) -> Result<Store, Fault> {
    let mut store = desk.store()?;
    let Some(server) = desk.server()?.filter(|_| writable(&store)) else { return Ok(store) };
    let plan = PullPlan { full: store.snapshot_age()?.is_none(), fold: true, all_messages: false };
    match runtime::refresh(&server, &mut store, plan).await {
        Ok(None) => {}
        Ok(Some(incomplete)) => remark(&format!("incomplete: {incomplete}")),
        Err(problem) if is_away(&problem) && store.snapshot_age()?.is_none() => {
            return Err(Fault::failed(format!("nothing is cached yet, and {}", problem.text)).hint(AWAY));
        }
        Err(problem) if store.met_full_disk() => remark(&format!("{}: this is the cache as it was", problem.text)),
        Err(problem) => stale(desk, &store, &problem)?,
    }
    Ok(store)
}

/// Where nothing can be written, what is there is read as it is.
fn writable(store: &Store) -> bool {
    if let Some(why) = store.read_only() {
        remark(&format!("{why}: this is the cache as it was"));
    }
    store.read_only().is_none()
}

/// The store, after reading one thread. A case that was never read can't be shown while the server is away.
pub async fn fetched(desk: &Desk, case: CaseId) -> Result<Store, Fault> {
    let store = desk.store()?;
    let Some(server) = desk.server()?.filter(|_| writable(&store)) else { return Ok(store) };
    match runtime::fetch(&server, store.sink()?, case).await {
        Err(problem) if store.met_full_disk() && store.case(case)?.is_some() => remark(&format!("{}: this is the cache as it was", problem.text)),
        Err(problem) if is_away(&problem) && store.case(case)?.is_some() => stale(desk, &store, &problem)?,
        Err(problem) if is_away(&problem) => return Err(Fault::failed(format!("#{case} is not in the cache, and {}", problem.text)).hint(AWAY)),
        Err(problem) => return Err(refused(case, problem)),
        Ok(_) => {}
    }
    Ok(store)
}

fn refused(case: CaseId, problem: Problem) -> Fault {
    match problem.kind {
        ProblemKind::NotFound => Fault::failed(format!("no case #{case} at the server")).hint("`caseload list --all` names those there are"),
        _ => problem.into(),
    }
}

/// The store and the thread of a case. The server is asked where the case is not known here; when it can't be, what
/// needs no more than the number is stored all the same, and looked up before it is sent.
pub async fn known(desk: &Desk, id: CaseId, change: &Change) -> Result<(Store, ThreadId), Fault> {
    let store = desk.store()?;
    if let Some(case) = store.case(id)?
        && holds(&store, id, change)?
    {
        return Ok((store, case.thread_id));
    }
    let cause = match desk.server()? {
        None => "--offline".to_owned(),
        Some(server) => match runtime::fetch(&server, store.sink()?, id).await {
            Ok(_) => String::new(),
            Err(problem) if is_away(&problem) => problem.text,
            Err(problem) => return Err(refused(id, problem)),
        },
    };
    match store.case(id)? {
        Some(_) if !holds(&store, id, change)? => {
            Err(Fault::failed(format!("#{id} has no such message")).hint(format!("`caseload show {id} --json` names them by `id`")))
        }
        Some(known) => Ok((store, known.thread_id)),
        None if matches!(change, Change::Reopen | Change::Edit { .. } | Change::Delete { .. }) || cause.is_empty() => {
            Err(Fault::failed(format!("case #{id} is not known here")).hint("`caseload sync` reads every case of the server"))
        }
        None => {
            remark(&format!("{cause}: #{id} is not in the cache, it is looked up before anything is sent"));
            Ok((store, ThreadId(id.0)))
        }
    }
}

/// The agents of the account, and which one we are.
pub async fn agents(desk: &Desk) -> Result<(Vec<Person>, Option<UserId>), Fault> {
    let mut store = desk.store()?;
    if let Some(server) = desk.server()? {
        match server.api.users().await {
            Ok(agents) => store.set_agents(&agents)?,
            Err(problem) if is_away(&problem) && !store.agents()?.is_empty() => stale(desk, &store, &problem)?,
            Err(problem) => return Err(problem.into()),
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

fn is_away(problem: &Problem) -> bool {
    matches!(problem.kind, ProblemKind::Offline | ProblemKind::Server)
}

/// A server that is away is no fault as long as something is cached; a key that is not taken is one.
fn stale(desk: &Desk, store: &Store, problem: &Problem) -> Result<(), Fault> {
    if !is_away(problem) {
        return Err(problem.clone().into());
    }
    let age = store.snapshot_age()?.map_or_else(|| "not complete yet".to_owned(), |age| format!("{} old", words::span(desk.now - age)));
    remark(&format!("{}: this is the cache, {age}", problem.text));
    Ok(())
}
