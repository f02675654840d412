//! Attachments on their way to the disk: fetched piece by piece, written under a name of their own, named when they are
//! whole. One that cannot be had keeps none of the others.

use super::{Server, now};
use crate::api::{Download, Found};
use crate::app::files::{Saved, Saving};
use crate::app::lines::clean_name;
use crate::model::{Attachment, Bytes, base64};
use crate::store::{Downloads, Part};
use std::io;
use std::path::Path;

/// Bytes between two words on how far a file is.
const STEP: u64 = 1 << 20;

/// How far a file is: its name, the bytes that are here, the bytes there will be.
pub type Tell<'t> = &'t (dyn Fn(String, u64, Option<u64>) + Sync);

/// What became of one file.
enum End {
    Saved(String),
    Elsewhere(String),
    Failed(String),
}

/// Fetches and writes all of them. Writes as it reads: a thread of its own is wanted.
pub async fn save(server: Option<&Server>, saving: &Saving, tell: Tell<'_>) -> Saved {
    let mut saved = Saved { folder: saving.folder.clone(), ..Saved::default() };
    let folder = match Downloads::open(Path::new(&saving.folder), now()) {
        Ok(folder) => folder,
        Err(error) => {
            saved.failed.push((saving.folder.clone(), format!("not saved there, {}", words(&error))));
            return saved;
        }
    };
    for file in &saving.files {
        let name = clean_name(file.name.raw());
        match one(server, file, &name, saving, &folder, tell).await {
            End::Saved(name) => saved.names.push(name),
            End::Elsewhere(to) => saved.elsewhere.push((file.clone(), to)),
            End::Failed(why) => saved.failed.push((name, why)),
        }
    }
    saved
}

async fn one(server: Option<&Server>, file: &Attachment, name: &str, saving: &Saving, folder: &Downloads, tell: Tell<'_>) -> End {
    let place = match &file.from {
        Bytes::Missing => return End::Failed("the server does not say where it is".to_owned()),
        Bytes::Inline(content) => return inline(content, name, folder),
        Bytes::Url(place) => place,
    };
    let Some(server) = server else { return End::Failed("no server is at hand to fetch it from".to_owned()) };
    match server.api.download(place, &saving.hosts).await {
        Ok(Found::Elsewhere(to)) => End::Elsewhere(to),
        Ok(Found::Coming(download)) => stream(download, name, folder, tell).await.map_or_else(End::Failed, End::Saved),
        Err(problem) => End::Failed(problem.text),
    }
}

fn inline(content: &str, name: &str, folder: &Downloads) -> End {
    let Some(bytes) = base64::decode(content) else { return End::Failed("what stands in the message is no file".to_owned()) };
    let written = begin(folder).and_then(|mut part| part.write(&bytes).and_then(|()| part.finish(name)));
    written.map_or_else(|error| End::Failed(words(&error)), End::Saved)
}

async fn stream(mut download: Download, name: &str, folder: &Downloads, tell: Tell<'_>) -> Result<String, String> {
    let mut part = begin(folder).map_err(|error| words(&error))?;
    let (mut done, mut told) = (0, 0);
    while let Some(piece) = download.next().await.map_err(|problem| problem.text)? {
        part.write(&piece).map_err(|error| words(&error))?;
        done += piece.len() as u64;
        if done - told >= STEP {
            told = done;
            tell(name.to_owned(), done, download.length());
        }
    }
    part.finish(name).map_err(|error| words(&error))
}

fn begin(folder: &Downloads) -> io::Result<Part<'_>> {
    folder.begin(u64::from(std::process::id()))
}

/// What a disk says, without its number.
fn words(error: &io::Error) -> String {
    let said = error.to_string();
    said.split_once(" (os error").map_or(said.as_str(), |(words, _)| words).to_lowercase()
}
