//! The bytes of an attachment, piece by piece. At the case server they are asked for with the key; at any other host only
//! when the agent said so, without it, and by https. Nothing is followed: whoever sends us on says where to.

use super::super::Api;
use super::super::client;
use super::super::problem::{Problem, ProblemKind};
use super::{Answer, SINGLE, words};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, LOCATION};
use reqwest::{Response, Url};
use std::time::Duration;

/// Seconds a whole file may take, and seconds without a byte.
const LONGEST: u64 = 600;
const SILENCE: u64 = 30;
/// Bytes of a file.
pub const LARGEST: u64 = 256 << 20;

/// A file that is on its way.
#[derive(Debug)]
pub struct Download {
    response: Response,
    read: u64,
    silence: Duration,
}

/// What became of the question for one.
#[derive(Debug)]
pub enum Found {
    Coming(Download),
    /// It is kept elsewhere.
    Elsewhere(String),
}

impl Api {
    /// Asks for a file; `hosts` are those that the agent agreed to beside the case server.
    pub async fn download(&self, place: &str, hosts: &[String]) -> Result<Found, Problem> {
        let url = self.place(place)?;
        let own = self.origin.holds(&url);
        if !own && !hosts.iter().any(|host| Some(host.as_str()) == url.host_str()) {
            return Ok(Found::Elsewhere(url.into()));
        }
        let client = if own { self.reader.clone() } else { client::stranger(&url, self.scale)? };
        let request = client.get(url.clone()).header(ACCEPT, "*/*").header(ACCEPT_ENCODING, "identity").timeout(self.scaled(LONGEST));
        let silence = self.scaled(SILENCE);
        let sent = tokio::time::timeout(silence, request.send()).await.map_err(|_| Problem::new(ProblemKind::Offline, "no answer in time"))?;
        let response = sent.map_err(|error| Problem::new(ProblemKind::Offline, words(&error)))?;
        match response.status().as_u16() {
            200 if response.content_length().is_some_and(|length| length > LARGEST) => Err(too_large()),
            200 => Ok(Found::Coming(Download { response, read: 0, silence })),
            300..=399 => self.sent_on(&url, &response),
            status => {
                let answer = Answer::of(response, SINGLE).await;
                Err(self.scrubbed(Problem::of_answer(status, &answer.body)))
            }
        }
    }

    /// The address of a file: a path is one at the case server.
    fn place(&self, place: &str) -> Result<Url, Problem> {
        let url = self.origin.at("/").join(place).map_err(|_| Problem::malformed("an address of a file"))?;
        allowed(&url)?;
        Ok(url)
    }

    /// Where to, as an address; it is asked for anew, as any other.
    fn sent_on(&self, from: &Url, response: &Response) -> Result<Found, Problem> {
        let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).and_then(|to| from.join(to).ok());
        let to = to.ok_or_else(|| Problem::malformed("a file"))?;
        allowed(&to)?;
        if self.origin.holds(&to) {
            // The key would go where a file's address leads; the case server can give the file itself.
            return Err(Problem::new(ProblemKind::Config, "the server redirects to another page of its own, which is not followed"));
        }
        Ok(Found::Elsewhere(to.into()))
    }
}

/// Https, or plain http to this very machine; no name and password in it.
fn allowed(url: &Url) -> Result<(), Problem> {
    let problem = |what: &str| Err(Problem::new(ProblemKind::Config, format!("the file's address {what}")));
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() => problem("holds a user name or password"),
        _ if url.host_str().is_none_or(str::is_empty) => problem("names no host"),
        "https" => Ok(()),
        "http" if super::super::origin::is_this_machine(url) => Ok(()),
        "http" => problem("is plain http, which anybody on the way can read and change"),
        _ => problem("is neither https nor a path of the case server"),
    }
}

fn too_large() -> Problem {
    Problem::new(ProblemKind::TooLarge, format!("the file is larger than {} MiB", LARGEST >> 20))
}

impl Download {
    /// How long it will be, where the server says it.
    pub fn length(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next piece; none at its end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let chunk = tokio::time::timeout(self.silence, self.response.chunk()).await;
        let chunk = chunk.map_err(|_| Problem::new(ProblemKind::Offline, "the file stopped coming"))?;
        let Some(chunk) = chunk.map_err(|error| Problem::new(ProblemKind::Offline, words(&error)))? else { return Ok(None) };
        self.read += chunk.len() as u64;
        if self.read > LARGEST { Err(too_large()) } else { Ok(Some(chunk.into())) }
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;
    use reqwest::Url;

    #[test]
    fn a_file_comes_by_https_or_from_this_machine() {
        let may = |text: &str| allowed(&Url::parse(text).unwrap()).is_ok();
        for fine in ["https://files.example/a", "http://127.0.0.1:8080/a", "http://[::1]/a", "http://localhost/a"] {
            assert!(may(fine), "{fine}");
        }
        for bad in [
            "http://files.example/a",
            "http://localhost.evil.example/",
            "file:///etc/passwd",
            "data:text/plain,x",
            "ftp://files.example",
            "https://key@files.example",
            "javascript:alert(1)",
        ] {
            assert!(!may(bad), "{bad}");
        }
    }
}
