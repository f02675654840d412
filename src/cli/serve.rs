//! `caseload serve`: the case API on an address, until a signal ends it gracefully.

use super::args::Serve;
use super::fault::Fault;
use super::out::Out;
use crate::model::{Timestamp, UserId};
use crate::server::{self, Area, Db, DbError, KeySpec, ServeOptions, demo};
use serde_json::json;
use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::Path;
use tokio::net::TcpListener;

pub async fn serve(args: &Serve, now: Timestamp, out: &mut Out) -> Result<(), Fault> {
    if !args.listen.ip().is_loopback() && !args.allow_remote {
        let hint = "put a proxy with TLS in front of a loopback address, or say --allow-remote";
        return Err(Fault::usage(format!("{} can be reached by other machines, and this is plain HTTP", args.listen)).hint(hint));
    }
    let db = open_database(&args.database)?;
    let key = match args.demo {
        Some(cases) => Some(filled(&db, cases, args.seed, now)?),
        None => None,
    };
    let asked_to_end = asked_to_end()?;
    let listener = listen(args.listen).await?;
    let address = listener.local_addr()?;
    let url = format!("http://{address}");
    match &key {
        Some(key) => out.either(&json!({"url": url, "key": key}), format!("listening on {url} with the key {key}"))?,
        None => out.either(&json!({"url": url}), format!("listening on {url}"))?,
    }
    out.flush()?;
    Ok(server::serve(listener, db, ServeOptions::default(), asked_to_end).await?)
}

/// Customers' words and hashes of keys are in it: the file is its owner's alone from its first byte on.
pub fn open_database(path: &Path) -> Result<Db, Fault> {
    if path.to_string_lossy().contains("://") {
        return Err(Fault::usage("the server keeps its cases in a file of its own").hint("--database FILE"));
    }
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let made = options.create(true).append(true).open(path);
    made.map_err(|error| Fault::failed(format!("{}: {error}", path.display())))?;
    Ok(Db::open(path)?)
}

pub async fn listen(address: SocketAddr) -> Result<TcpListener, Fault> {
    let wrong = |error: std::io::Error| Fault::failed(format!("{address}: {error}")).hint("--listen 127.0.0.1:0 picks a free port");
    TcpListener::bind(address).await.map_err(wrong)
}

/// Fills an empty database, leaves a filled one as it is, and makes a key of this run for it.
fn filled(db: &Db, cases: u64, seed: u64, now: Timestamp) -> Result<String, Fault> {
    if agents(db)?.is_empty() {
        fill(db, cases, seed, now)?;
    }
    demo_key(db)
}

/// The numbers of those who work there; a new database has none.
pub fn agents(db: &Db) -> Result<Vec<i64>, Fault> {
    Ok(db.read_now(|reader| Ok::<_, DbError>(reader.users()?.into_iter().map(|agent| agent.id).collect()))?)
}

/// A morning's cases, streamed into the database.
pub fn fill(db: &Db, cases: u64, seed: u64, now: Timestamp) -> Result<(), Fault> {
    db.staff(&demo::staff())?;
    let mut batch = Vec::new();
    for conversation in demo::conversations(cases, seed, now) {
        batch.push(conversation);
        if batch.len() == 500 {
            db.seed(&batch)?;
            batch.clear();
        }
    }
    Ok(db.seed(&batch)?)
}

/// A new key of the demo's agent.
pub fn demo_key(db: &Db) -> Result<String, Fault> {
    let spec = KeySpec { name: "demo".to_owned(), user: UserId(17), permissions: vec![Area::Full] };
    Ok(db.create_key(&spec)?.1)
}

/// SIGTERM or SIGINT; listens from the call on, so that none is missed.
#[cfg(unix)]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn asked_to_end() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
