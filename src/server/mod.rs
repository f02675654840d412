//! THE GUEST HOUSE: the case API itself, as a library. It speaks the contract of the vendor and a few additions, decides with
//! the same `Mutation::apply` the client predicts with, and keeps everything in one database file behind [`Db`].
//! It uses the model and the paths of the wire, nothing else of the house.

pub mod db;
pub mod demo;
pub mod events;
pub mod filter;
pub mod keys;
pub mod quirks;
pub mod refusal;
pub mod seed;

mod accept;
mod ask;
mod clock;
mod decide;
mod gate;
mod lag;
mod routes;
mod shape;

pub use db::{Db, DbError};
pub use keys::{Area, Key, KeySpec};
pub use quirks::VendorQuirks;
pub use seed::{Seeded, Staff};

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How to serve. The default is this server as it is, for its own machine.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// Names besides `localhost` and the loopback addresses that a request may be addressed to. When the server does not listen on
    /// loopback and this is empty, every name is taken.
    pub hosts: Vec<String>,
    /// Play the vendor.
    pub vendor: Option<VendorQuirks>,
}

/// What every request can reach.
#[derive(Clone)]
pub(crate) struct App {
    db: Db,
    quirks: Arc<VendorQuirks>,
    replica: Option<Arc<lag::Replica>>,
    /// `None`: every name is taken.
    hosts: Option<Arc<[String]>>,
    closing: CancellationToken,
}

/// Answers until `shutdown`, then lets what has begun come to its end.
pub async fn serve(listener: TcpListener, db: Db, options: ServeOptions, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let local = listener.local_addr()?.ip().is_loopback();
    let closing = CancellationToken::new();
    let names = options.hosts.into_iter().map(|host| host.to_ascii_lowercase());
    let names: Vec<String> = if local { ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into_iter().chain(names).collect() } else { names.collect() };
    let hosts = Some(Arc::from(names)).filter(|names: &Arc<[String]>| !names.is_empty());
    let quirks = options.vendor.unwrap_or_default();
    let replica = quirks.lag_reads.map(|behind| Arc::new(lag::Replica::new(behind)));
    let app = App { db, quirks: Arc::new(quirks), replica, hosts, closing: closing.clone() };
    accept::run(listener, routes::all(app), closing, shutdown).await;
    Ok(())
}

/// Why an address is not listened on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} can be reached from other machines and the server speaks plain HTTP; put a TLS proxy before it and say --allow-remote, or listen on 127.0.0.1")]
pub struct RemoteAddress(SocketAddr);

/// May the server listen there? On loopback always, elsewhere only when it was allowed.
pub fn check_listen(address: SocketAddr, allow_remote: bool) -> Result<(), RemoteAddress> {
    if allow_remote || address.ip().is_loopback() { Ok(()) } else { Err(RemoteAddress(address)) }
}
