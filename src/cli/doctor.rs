//! `caseload doctor`: looks at everything the program needs and says what is missing. Changes nothing, shows no key.

use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::out::Out;
use super::{replies, words};
use crate::api::Api;
use crate::config;
use crate::model::Timestamp;
use crate::store::Holder;
use serde::Serialize;
use std::io::IsTerminal;
use std::path::Path;

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

impl Check {
    fn good(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, ok: true, text: text.into(), hint: String::new() }
    }

    fn bad(name: &'static str, fault: Fault) -> Self {
        Self { name, ok: false, text: fault.text, hint: fault.hint }
    }
}

/// Exit 0 when all is well, 1 when something is to be done.
pub async fn check(desk: &Desk, out: &mut Out) -> Result<Exit, Fault> {
    let mut checks = vec![config_file(desk), key(desk)];
    checks.extend(shelf(desk));
    checks.extend(desk.colors().err().map(|fault| Check::bad("theme", fault)));
    checks.extend(files(desk));
    checks.push(store(desk));
    checks.extend(remote(desk));
    checks.extend(server(desk).await);
    checks.extend(proxies());
    checks.push(terminal());
    let well = checks.iter().all(|check| check.ok);
    if out.json {
        checks.iter().try_for_each(|check| out.object(check))?;
    } else {
        for check in &checks {
            let mark = if check.ok { "ok " } else { "BAD" };
            out.line(format!("{mark}  {:<9} {}", check.name, check.text))?;
            if !check.hint.is_empty() {
                out.line(format!("     {:<9} hint: {}", "", check.hint))?;
            }
        }
    }
    Ok(if well { Exit::Done } else { Exit::Failed })
}

/// It was read when the program started, or we would not be here.
fn config_file(desk: &Desk) -> Check {
    let path = desk.places.config.display();
    let there = desk.places.config.exists();
    Check::good("config", if there { path.to_string() } else { format!("{path} (not there: defaults)") })
}

fn key(desk: &Desk) -> Check {
    match desk.key() {
        Ok(_) => Check::good("key", format!("from {}", source(desk))),
        Err(fault) => Check::bad("key", fault),
    }
}

/// Where the key comes from, in words.
fn source(desk: &Desk) -> String {
    let config = &desk.config;
    if std::env::var_os(config::KEY_VARIABLE).is_some_and(|value| !value.is_empty()) {
        return config::KEY_VARIABLE.to_owned();
    }
    match (&config.key_file, &config.key_command) {
        (Some(path), _) => path.display().to_string(),
        (None, Some(command)) => format!("the command {}", command.first().map_or("", String::as_str)),
        (None, None) => "nowhere".to_owned(),
    }
}

/// The canned replies, and what is wrong with each that can't be read.
fn shelf(desk: &Desk) -> Vec<Check> {
    let stock = replies::read(desk);
    let count = if stock.replies.len() == 1 { "1 canned reply".to_owned() } else { format!("{} canned replies", stock.replies.len()) };
    let bad = stock.flaws.into_iter().map(|flaw| Check::bad("replies", Fault::failed(flaw).hint("the others work; `:reload` in the inbox reads it again")));
    std::iter::once(Check::good("replies", format!("{count}, {}", replies::place(desk).display()))).chain(bad).collect()
}

/// What is there already must be ours alone.
fn files(desk: &Desk) -> Vec<Check> {
    let places = &desk.places;
    [("outbox", &places.outbox), ("cache", &places.cache), ("log", &places.log)].into_iter().map(|(name, path)| file(name, path)).collect()
}

fn file(name: &'static str, path: &Path) -> Check {
    let Ok(about) = std::fs::metadata(path) else { return Check::good(name, format!("{} (not there yet)", path.display())) };
    if open_to_others(&about) {
        let fault = Fault::failed(format!("{} can be read by others", path.display()));
        return Check::bad(name, fault.hint(format!("chmod 600 '{}'", path.display())));
    }
    Check::good(name, format!("{}, {} kB", path.display(), about.len().div_ceil(1024)))
}

#[cfg(unix)]
fn open_to_others(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// Locks and memory shared between processes are not what they should be on the disk of another machine.
#[expect(clippy::disallowed_methods, reason = "the kernel says in a file what is mounted where")]
fn remote(desk: &Desk) -> Option<Check> {
    let folder = desk.places.outbox.parent()?.canonicalize().ok()?;
    let mounts = std::fs::read_to_string("/proc/self/mounts").ok()?;
    let kind = kind_of(&mounts, &folder).filter(|kind| REMOTE.iter().any(|remote| kind.starts_with(remote)))?;
    let fault = Fault::failed(format!("{} is on a network disk ({kind}): two inboxes there may not see each other", folder.display()));
    Some(Check::bad("disk", fault.hint("set CASELOAD_HOME to a folder on a disk of this machine")))
}

const REMOTE: [&str; 7] = ["nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "ceph"];

/// The kind of file system a folder is on: that of the longest mount point above it, the last one where several are laid over each other.
fn kind_of<'m>(mounts: &'m str, folder: &Path) -> Option<&'m str> {
    let points = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        Some((words.next()?.replace("\\040", " "), words.next()?))
    });
    points.filter(|(point, _)| folder.starts_with(point)).max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind)
}

/// Opening them checks their versions and repairs what may be repaired.
fn store(desk: &Desk) -> Check {
    if desk.config.url.is_none() {
        return Check::good("store", "not opened: no case server is set");
    }
    let look = || -> Result<String, Fault> {
        let store = desk.store()?;
        let unsent = store.ops(false)?.len() as u64;
        let age = store.snapshot_age()?.map_or_else(|| "never complete".to_owned(), |age| format!("complete {} ago", words::span(desk.now - age)));
        if let Some(why) = store.read_only() {
            return Err(Fault::failed(why).hint("make room on the disk, or look whether it can be written to"));
        }
        let sender = store.sender_elsewhere().map(|holder| format!("; {} sends", holding(&holder, desk))).unwrap_or_default();
        Ok(format!("{} in the outbox; cache {age}{sender}", words::count(unsent, "change")))
    };
    look().map_or_else(|fault| Check::bad("store", fault), |text| Check::good("store", text))
}

/// `the inbox (process 4711 on desk, since 2026-11-23 09:12)`
pub fn holding(holder: &Holder, desk: &Desk) -> String {
    let since = i64::try_from(holder.since).ok().and_then(|since| Timestamp::from_timestamp(since, 0));
    let since = since.map_or_else(|| ")".to_owned(), |since| format!(", since {})", words::moment(since, desk.utc_offset)));
    holder.to_string().trim_end_matches(')').to_owned() + &since
}

/// Is it there, does it take the key, and what can it do beyond the plain API?
async fn server(desk: &Desk) -> Vec<Check> {
    let asked = desk.account().and_then(|account| Ok(Api::new(&account)?));
    let api = match asked {
        Ok(api) => api,
        Err(fault) => return vec![Check::bad("server", fault)],
    };
    if desk.global.offline {
        return vec![Check::good("server", "not asked: --offline")];
    }
    let hello = match api.hello().await {
        Ok(hello) => hello,
        Err(problem) => return vec![Check::bad("server", problem.into())],
    };
    let can = &hello.extensions;
    let extensions: Vec<_> = [
        ("where-operators", can.where_operators),
        ("order", can.order),
        ("idempotency", can.idempotency),
        ("events", can.events),
        ("translate", can.translate == Some(true)),
    ]
    .into_iter()
    .filter_map(|(name, has)| has.then_some(name))
    .collect();
    let extensions = if extensions.is_empty() { "none".to_owned() } else { extensions.join(", ") };
    let me = hello
        .me
        .map_or_else(|| "it does not say who you are (user_id in the config does)".to_owned(), |me| format!("you are {} ({})", me.name.one_line(), me.id));
    vec![Check::good("server", format!("{}: {me}; extensions: {extensions}", api.origin()))]
}

/// The ones the network code listens to.
fn proxies() -> Option<Check> {
    let set: Vec<_> = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .filter(|name| std::env::var_os(name).is_some())
        .collect();
    (!set.is_empty()).then(|| Check::good("proxy", format!("{}; not used for this machine", set.join(", "))))
}

fn terminal() -> Check {
    let term = std::env::var("TERM").unwrap_or_default();
    if !std::io::stdout().is_terminal() {
        return Check::good("terminal", "output is piped: commands work, the inbox needs a terminal");
    }
    if term == "dumb" {
        return Check::bad("terminal", Fault::failed("TERM=dumb: the inbox can't be drawn").hint("set TERM to what the terminal is"));
    }
    let size = crossterm::terminal::size().map_or_else(|_| "size unknown".to_owned(), |(width, height)| format!("{width}×{height}"));
    Check::good("terminal", format!("{term}, {size}"))
}

#[cfg(test)]
mod tests {
    use super::kind_of;
    use std::path::Path;

    #[test]
    fn the_longest_mount_point_says_what_the_disk_is() {
        let mounts = "/dev/vda / ext4 rw 0 0\nhost:/home /home nfs4 rw 0 0\n/dev/vdb /home/mara\\040k ext4 rw 0 0\n";
        for (folder, kind) in [("/var", "ext4"), ("/home/otto/data", "nfs4"), ("/home/mara k/data", "ext4"), ("/homes", "ext4")] {
            assert_eq!(kind_of(mounts, Path::new(folder)), Some(kind), "{folder}");
        }
    }
}
