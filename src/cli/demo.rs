//! `caseload demo`: a case server on this machine and an inbox on it, in one process, kept in one folder.
//! The server listens on loopback with a key nobody else knows; the next run finds everything as it was left.

use super::args::Demo;
use super::desk::{Desk, Guest};
use super::fault::Fault;
use super::serve::{demo_key, fill, listen, open_database};
use super::setup::private_folder;
use crate::config::{Config, Places};
use crate::model::Timestamp;
use crate::server::demo::{Act, Customers};
use crate::server::{self, Db, DbError, ServeOptions};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use tokio::net::TcpListener;

/// Which morning a folder holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Morning {
    cases: u64,
    seed: u64,
}

impl Default for Morning {
    fn default() -> Self {
        Self { cases: 120, seed: 1 }
    }
}

/// A demo that is ready to be entered.
pub struct Opened {
    /// The desk of the agent who sits in it.
    pub desk: Desk,
    listener: TcpListener,
    db: Db,
    /// The seed of the customers, unless they are silent.
    customers: Option<u64>,
}

/// So many open cases a customer who wants to write chooses from.
const CHOICE: u32 = 200;

/// Finds or makes the demo's folder and takes a port.
pub async fn open(desk: &Desk, args: &Demo) -> Result<Opened, Fault> {
    let folder = args.dir.clone().unwrap_or_else(|| desk.places.demo.clone());
    private_folder(&folder).map_err(|error| Fault::failed(format!("{}: {error}", folder.display())))?;
    let db = morning(desk, &folder, args)?;
    let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let guest = Guest { origin, key: SecretString::from(demo_key(&db)?), name: "demo".to_owned() };
    let places = Places { downloads: desk.places.downloads.clone(), ..Places::below(&folder) };
    // What is configured for the agent's own account has no say here.
    let config = Config {
        url: None,
        user_id: None,
        user_name: None,
        key_file: None,
        key_command: None,
        replies: Config::default().replies,
        reply: Vec::new(),
        ..desk.config.clone()
    };
    let desk = Desk { config, places, guest: Some(guest), ..desk.clone() };
    // A second run is another morning: the customers don't say the same again.
    let customers = (!args.quiet).then(|| desk.now.timestamp_millis().unsigned_abs());
    Ok(Opened { desk, listener, db, customers })
}

impl Opened {
    /// Serves as long as the work in it lasts. What was answered by then is on the disk, so nothing needs a longer farewell.
    pub async fn serve_while<T>(self, work: impl Future<Output = T>) -> Result<T, Fault> {
        let customers = customers(self.db.clone(), self.customers, self.desk.now);
        let serving = server::serve(self.listener, self.db, ServeOptions::default(), std::future::pending());
        tokio::select! {
            done = work => Ok(done),
            served = serving => {
                served?;
                Err(Fault::failed("the demo's server ended"))
            }
            never = customers => match never {},
        }
    }
}

/// Writes and arrives for ever; a database that does not take it stops nobody.
async fn customers(db: Db, seed: Option<u64>, now: Timestamp) -> Infallible {
    let Some(seed) = seed else { return std::future::pending().await };
    let mut customers = Customers::new(seed, now);
    loop {
        let open = db.open_cases_sample(CHOICE).unwrap_or_default();
        let (wait, act) = customers.next(&open);
        tokio::time::sleep(wait).await;
        if let Err(error) = happen(&db, act) {
            tracing::warn!(%error, "a customer");
        }
    }
}

fn happen(db: &Db, act: Act) -> Result<(), DbError> {
    match act {
        Act::Write { case, text } => db.customer_writes(case, &text).map(|_| ()),
        Act::Arrive(conversation) => db.arrive(conversation).map(|_| ()),
        Act::Nothing => Ok(()),
    }
}

/// The database of the folder: the one that is there, or a new one.
#[expect(clippy::disallowed_methods, reason = "the demo's folder is this door's")]
fn morning(desk: &Desk, folder: &Path, args: &Demo) -> Result<Db, Fault> {
    let (database, label) = (folder.join("server.db"), folder.join("demo.json"));
    let wrong = |error: std::io::Error| Fault::failed(format!("{}: {error}", folder.display()));
    let there = fs::read(&label).ok().and_then(|bytes| serde_json::from_slice::<Morning>(&bytes).ok());
    if let Some(there) = there {
        let wanted = Morning { cases: args.cases.unwrap_or(there.cases), seed: args.seed.unwrap_or(there.seed) };
        if wanted != there {
            let hint = format!("leave the numbers away to go on with it, name another --dir, or delete {}", folder.display());
            return Err(Fault::usage(format!("the demo that is there has {} cases of seed {}", there.cases, there.seed)).hint(hint));
        }
        return open_database(&database);
    }
    // Without a label nothing was finished: what is left of an interrupted start goes.
    for left in ["server.db", "server.db-wal", "server.db-shm"] {
        match fs::remove_file(folder.join(left)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(wrong(error)),
            _ => {}
        }
    }
    let morning = Morning { cases: args.cases.unwrap_or(Morning::default().cases), seed: args.seed.unwrap_or(Morning::default().seed) };
    let db = open_database(&database)?;
    fill(&db, morning.cases, morning.seed, desk.now)?;
    fs::write(&label, serde_json::json!(morning).to_string()).map_err(wrong)?;
    Ok(db)
}
