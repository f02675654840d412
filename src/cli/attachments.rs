//! `caseload attachments`: what is attached to a conversation, numbered; with `--save` the files themselves. A host beside
//! the case server is asked only when it was named, and never sees the key.

use super::args;
use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::out::{Out, remark};
use super::{refresh, words};
use crate::app::files::Saving;
use crate::app::lines;
use crate::config;
use crate::model::{Attachment, Bytes, Message};
use crate::runtime;
use serde_json::{Value, json};
use std::path::PathBuf;

/// A file of the conversation.
struct Attached<'m> {
    n: usize,
    message: &'m Message,
    file: Attachment,
}

pub async fn attachments(desk: &Desk, args: args::Attachments, out: &mut Out) -> Result<Exit, Fault> {
    let store = refresh::fetched(desk, args.id).await?;
    let missing = || Fault::failed(format!("no case #{}", args.id)).hint("`caseload list --all` names those there are");
    let conversation = store.conversation(args.id)?.ok_or_else(missing)?;
    let files = conversation.messages.iter().flat_map(|message| Attachment::of(message).into_iter().map(move |file| (message, file)));
    let all: Vec<Attached> = files.enumerate().map(|(at, (message, file))| Attached { n: at + 1, message, file }).collect();
    if let Some(wrong) = args.only.iter().find(|n| !(1..=all.len()).contains(*n)) {
        return Err(Fault::usage(format!("there is no attachment {wrong} in #{}", args.id)).hint(format!("`caseload attachments {}` numbers them", args.id)));
    }
    let wanted: Vec<Attached> = all.into_iter().filter(|one| args.only.is_empty() || args.only.contains(&one.n)).collect();
    match args.save {
        None => list(desk, &wanted, out).map(|()| Exit::Done),
        Some(folder) => save(desk, &wanted, folder, args.from, out).await,
    }
}

fn list(desk: &Desk, files: &[Attached], out: &mut Out) -> Result<(), Fault> {
    if out.json {
        return files.iter().try_for_each(|one| out.object(&object(one)));
    }
    let row = |one: &Attached| {
        let date = one.message.date_created.map_or_else(String::new, |date| words::moment(date, desk.utc_offset));
        let who = one.message.sender.as_ref().map_or_else(String::new, |sender| words::cut(&sender.name.one_line(), 24));
        [one.n.to_string(), date, who, lines::attached(&one.file)]
    };
    out.lines(words::columns(&files.iter().map(row).collect::<Vec<_>>(), Out::width()))
}

/// `name` is what the file would be called on the disk, `wireName` what its sender called it.
fn object(one: &Attached) -> Value {
    let (message, file) = (one.message, &one.file);
    let url = if let Bytes::Url(url) = &file.from { Some(url) } else { None };
    json!({
        "n": one.n, "caseId": message.case_id, "id": message.id, "name": lines::clean_name(file.name.raw()), "wireName": file.name, "type": file.kind,
        "size": file.size, "url": url, "inline": matches!(file.from, Bytes::Inline(_)),
    })
}

async fn save(desk: &Desk, files: &[Attached<'_>], folder: Option<PathBuf>, hosts: Vec<String>, out: &mut Out) -> Result<Exit, Fault> {
    let folder = folder.map_or_else(|| desk.downloads(), |folder| config::from_home(&folder));
    let server = desk.server()?;
    let mut exit = Exit::Done;
    for one in files {
        let saving = Saving { folder: folder.to_string_lossy().into_owned(), files: vec![one.file.clone()], hosts: hosts.clone() };
        let saved = runtime::save(server.as_ref(), &saving, &|_, _, _| {}).await;
        let host = |to: &str| url::Url::parse(to).ok().and_then(|to| to.host_str().map(str::to_owned)).unwrap_or_default();
        let elsewhere = saved.elsewhere.first().map(|(_, to)| format!("it is kept at {}: --from {} fetches it there, without the key", host(to), host(to)));
        let cause = saved.failed.first().map(|(_, why)| why.clone()).or(elsewhere);
        let path = saved.names.first().map(|name| folder.join(name).display().to_string());
        if let Some(cause) = &cause {
            exit = Exit::Failed;
            remark(&format!("{} not saved: {cause}", lines::clean_name(one.file.name.raw())));
        }
        if out.json {
            let mut value = object(one);
            (value["saved"], value["cause"]) = (json!(path), json!(cause));
            out.object(&value)?;
        } else if let Some(path) = path {
            out.line(format!("saved {path}"))?;
        }
    }
    Ok(exit)
}
