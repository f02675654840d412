//! `s` in a thread: which files are wanted, where they go, and whether they may be fetched from another host than the case
//! server. The files themselves are fetched and written beside the loop; nothing is ever opened.

use super::lines::{Lead, clean_name};
use super::prompt::{self, PromptKind};
use super::update::say;
use super::{Effect, Focus, Level, Reader, State};
use crate::model::{Attachment, Bytes, Untrusted};
use tui_textarea::{Input, Key};
use url::Url;

/// What the pickers of a thread are about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// What can be picked, and what was.
    pub files: Vec<Attachment>,
    pub wanted: Vec<Attachment>,
    /// Where files went last, as it was typed.
    pub folder: Option<String>,
    /// Hosts the agent agreed to fetch the wanted files from.
    pub hosts: Vec<String>,
    /// Where the server said that files are.
    pub moved: Vec<(Bytes, String)>,
    /// Links, and the one that is about to be opened.
    pub leads: Vec<Lead>,
    pub lead: usize,
}

/// Files to be fetched and written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Saving {
    /// A path.
    pub folder: String,
    pub files: Vec<Attachment>,
    /// Beside the case server; the key goes to none of them.
    pub hosts: Vec<String>,
}

/// What became of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Saved {
    pub folder: String,
    /// As they are called in the folder.
    pub names: Vec<String>,
    /// Kept at a host that nobody agreed to: what was asked for, and where it is.
    pub elsewhere: Vec<(Attachment, String)>,
    /// A name, and why not.
    pub failed: Vec<(String, String)>,
}

/// Asks which files, or where to when there is only one.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(mut files) = state.reader.as_ref().and_then(attached) else {
        return say(state, Level::Warning, "nothing is attached in this thread");
    };
    for file in &mut files {
        if let Some((_, to)) = state.table.moved.iter().find(|(from, _)| *from == file.from) {
            file.from = Bytes::Url(to.clone());
        }
    }
    state.table.hosts.clear();
    if files.len() > 1 {
        state.table.files = files;
        return prompt::open(state, PromptKind::Files);
    }
    want(state, files)
}

/// The files of the chosen message, else of the newest that has some.
fn attached(reader: &Reader) -> Option<Vec<Attachment>> {
    let of = |at: usize| reader.sheet.message(&reader.conversation, at).map(|message| Attachment::of(&message)).filter(|files| !files.is_empty());
    reader.message.and_then(of).or_else(|| (0..reader.sheet.messages()).rev().find_map(of))
}

/// Is anything attached to what is on the screen?
pub fn painted(reader: &Reader) -> bool {
    let mut painted: Vec<usize> = reader.lines.iter().filter_map(|line| line.message).collect();
    painted.dedup();
    let has = |at: usize| reader.sheet.message(&reader.conversation, at).is_some_and(|message| !Attachment::of(&message).is_empty());
    painted.into_iter().any(has)
}

/// A row of the picker.
pub fn rows(state: &State) -> Vec<String> {
    state.table.files.iter().map(super::lines::attached).collect()
}

/// `a` and `*` take all of them; letters mean nothing else there.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    state.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Files)?;
    match input.key {
        Key::Char('a' | '*') if !input.ctrl => {
            state.focus = state.prompt.take().map_or(Focus::Reader, |prompt| prompt.from);
            let all = state.table.files.clone();
            Some(want(state, all))
        }
        Key::Char(c) if !input.ctrl && !c.is_ascii_digit() => Some(Vec::new()),
        _ => None,
    }
}

/// One was picked.
pub fn picked(state: &mut State, at: usize) -> Vec<Effect> {
    let one = state.table.files.get(at).cloned();
    one.map_or_else(Vec::new, |one| want(state, vec![one]))
}

fn want(state: &mut State, files: Vec<Attachment>) -> Vec<Effect> {
    if let [Attachment { from: Bytes::Missing, name, .. }] = files.as_slice() {
        let name = clean_name(name.raw());
        return say(state, Level::Warning, format!("the server names {name} and does not say where it is"));
    }
    state.table.wanted = files;
    prompt::open(state, PromptKind::Folder)
}

/// The folder that is offered.
pub fn folder(state: &State) -> String {
    state.table.folder.clone().unwrap_or_else(|| shown(state, &state.settings.downloads))
}

/// Where to was said.
pub fn to(state: &mut State, folder: &str) -> Vec<Effect> {
    state.table.folder = Some(folder.trim().to_owned());
    go(state)
}

/// Saves, unless a host has to be agreed to first.
fn go(state: &mut State) -> Vec<Effect> {
    if stranger(state).is_some() {
        return prompt::open(state, PromptKind::Stranger);
    }
    let folder = path(state, &self::folder(state));
    let files = std::mem::take(&mut state.table.wanted);
    let what = counted(files.len());
    let _notice = say(state, Level::Done, format!("saving {what} to {}…", shown(state, &folder)));
    vec![Effect::Save(Saving { folder, files, hosts: std::mem::take(&mut state.table.hosts) })]
}

/// The first host beside the case server that nobody agreed to yet.
fn stranger(state: &State) -> Option<String> {
    let hosts = state.table.wanted.iter().filter_map(|file| if let Bytes::Url(url) = &file.from { host(state.settings.origin.as_deref(), url) } else { None });
    hosts.into_iter().find(|host| !state.table.hosts.contains(host))
}

/// The host of an address that is not the case server.
fn host(origin: Option<&str>, place: &str) -> Option<String> {
    let own = origin.and_then(|origin| Url::parse(origin).ok());
    let url = match &own {
        Some(own) => own.join(place).ok()?,
        None => Url::parse(place).ok()?,
    };
    if own.is_some_and(|own| own.origin() == url.origin()) { None } else { url.host_str().map(str::to_owned) }
}

const NO: &str = "do not fetch it";

/// What can be answered about a host; to leave it is lit first.
pub fn answers(state: &State) -> Vec<String> {
    let host = stranger(state).unwrap_or_default();
    vec![NO.to_owned(), format!("fetch from {}, without your API key", Untrusted::from(host).brief(100))]
}

/// Agreed, or not.
pub fn agreed(state: &mut State, yes: bool) -> Vec<Effect> {
    match stranger(state) {
        Some(host) if yes => {
            state.table.hosts.push(host);
            go(state)
        }
        _ => say(state, Level::Warning, "not fetched"),
    }
}

/// A large file is on its way.
pub fn advanced(state: &mut State, name: &str, done: u64, whole: Option<u64>) -> Vec<Effect> {
    let of = whole.map_or_else(String::new, |whole| format!(" of {}", super::lines::size(whole)));
    say(state, Level::Done, format!("saving {name}: {}{of}", super::lines::size(done)))
}

pub fn saved(state: &mut State, saved: Saved) -> Vec<Effect> {
    let folder = shown(state, &saved.folder);
    let done = match saved.names.as_slice() {
        [] => String::new(),
        [one] => format!("saved {one} to {folder}"),
        more => format!("saved {} to {folder}", counted(more.len())),
    };
    let failed = saved.failed.iter().map(|(name, why)| format!("{name}: {why}"));
    let moved = saved.elsewhere.iter().map(|(file, to)| {
        let host = Url::parse(to).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        format!("{} is kept at {host}: s again asks whether to fetch it there", clean_name(file.name.raw()))
    });
    let level = if saved.failed.is_empty() && saved.elsewhere.is_empty() { Level::Done } else { Level::Warning };
    let words: Vec<String> = std::iter::once(done).chain(failed).chain(moved).filter(|words| !words.is_empty()).collect();
    state.table.moved.extend(saved.elsewhere.into_iter().map(|(file, to)| (file.from, to)));
    say(state, level, words.join(" · "))
}

fn counted(files: usize) -> String {
    format!("{files} file{}", if files == 1 { "" } else { "s" })
}

/// A path of what was typed: `~` is the home folder, and what does not begin at the root begins there.
fn path(state: &State, typed: &str) -> String {
    let home = state.settings.home.trim_end_matches('/');
    match typed {
        "~" => home.to_owned(),
        _ if typed.starts_with('/') || home.is_empty() => typed.to_owned(),
        _ => format!("{home}/{}", typed.strip_prefix("~/").unwrap_or(typed)),
    }
}

/// A path as it is said.
fn shown(state: &State, path: &str) -> String {
    let home = state.settings.home.trim_end_matches('/');
    let below = path.strip_prefix(home).filter(|rest| !home.is_empty() && (rest.is_empty() || rest.starts_with('/')));
    below.map_or_else(|| path.to_owned(), |rest| format!("~{rest}"))
}
