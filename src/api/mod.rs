//! SECOND FLOOR: the network. Asks the case API and sends one mutation at a time; answers are plain values of the model.
//! Nothing of the vendor's shapes leaves this room, the key leaves it only to the configured origin, and nothing here
//! retries, waits or remembers: that is the core's and the runtime's.

mod asks;
mod client;
mod origin;
mod problem;
mod rest;

pub mod classify;
pub mod wire;

pub use asks::{Base, CasesAsk, Extensions, Hello, MessagesAsk, Page, Ping, Where};
pub use problem::{Problem, ProblemKind};
pub use rest::{Download, Found};

use origin::Origin;
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::time::Duration;

/// Where to ask, and as whom.
#[derive(Debug, Clone)]
pub struct Account {
    /// `https://…`, or `http://` to this very machine.
    pub origin: String,
    pub key: SecretString,
    /// Time-outs are multiplied by it; 1 but in tests.
    pub time_scale: f64,
}

/// The case API of one account. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    origin: Origin,
    reader: Client,
    writer: Client,
    key: SecretString,
    scale: f64,
}

impl Api {
    /// Checks address and key; asks nothing yet.
    pub fn new(account: &Account) -> Result<Self, Problem> {
        let origin = Origin::parse(&account.origin)?;
        let scale = client::sane(account.time_scale);
        let reader = client::reader(&origin, &account.key, scale)?;
        let writer = client::writer(&origin, &account.key, scale)?;
        Ok(Self { origin, reader, writer, key: account.key.clone(), scale })
    }

    /// Whom the key is sent to, as it may be shown.
    pub fn origin(&self) -> String {
        self.origin.shown()
    }

    /// A server that repeats our key does not get it shown.
    fn scrub(&self, text: String) -> String {
        let key = self.key.expose_secret();
        if key.len() >= 4 && text.contains(key) { text.replace(key, "[key]") } else { text }
    }

    fn scrubbed(&self, problem: Problem) -> Problem {
        Problem { text: self.scrub(problem.text), ..problem }
    }

    fn scaled(&self, seconds: u64) -> Duration {
        Duration::from_secs(seconds).mul_f64(self.scale)
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("origin", &self.origin()).finish_non_exhaustive()
    }
}
