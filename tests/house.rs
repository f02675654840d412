//! The rules of the house, read from the files: which room uses which, how long files and functions are, and that the
//! documents say what the program does.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Which rooms a room may use, besides itself. No stairs go up.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("config", &[]),
    ("fault", &[]),
    ("app", &["model"]),
    ("view", &["app", "model"]),
    ("store", &["model", "fault"]),
    ("api", &["model", "fault"]),
    ("server", &["model", "api::wire"]),
    ("runtime", &["app", "store", "api", "model", "fault"]),
    ("tui", &["app", "view", "runtime", "model", "fault"]),
    ("cli", &["app", "runtime", "store", "api", "server", "config", "model"]),
];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;

#[test]
fn no_stairs_go_up() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let Some((room, may)) = room(&path) else { continue };
        for (at, used) in uses(&text) {
            let allowed = used.starts_with(room) || may.iter().any(|other| used == *other || used.starts_with(&format!("{other}::")));
            if !allowed {
                wrong.push(format!("{}:{at}: {room} may not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let known = |path: &Path| room(path).is_some() || ["src/lib.rs", "src/main.rs"].contains(&path.to_string_lossy().as_ref());
    let strange: Vec<_> = sources("src").into_keys().filter(|path| !known(path)).collect();
    assert!(strange.is_empty(), "not in the table of rooms: {strange:?}");
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        if !text.starts_with("//! ") {
            wrong.push(format!("{}: does not open with `//!`", path.display()));
        }
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_are_short() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        for (line, name, length) in functions(&text) {
            if length > LONGEST_FUNCTION {
                wrong.push(format!("{}:{line}: fn {name} has {length} lines, at most {LONGEST_FUNCTION}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_outside_tests_gives_up_and_nothing_silences_a_lint() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        if path.file_name().is_some_and(|name| name == "tests.rs") || path.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for (at, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let bad = [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "#[allow(", "#![allow("];
            if let Some(bad) = bad.iter().find(|bad| line.contains(*bad)) {
                wrong.push(format!("{}:{}: {bad}", path.display(), at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What reaches a terminal, or starts a program, and the files that own it. Everything else goes through them.
const OWNED: &[(&[&str], &[&str])] = &[
    (&["print!(", "println!(", "dbg!("], &["src/tui/guard.rs"]),
    (&["io::stdout()", "io::stderr()"], &["src/tui/mod.rs", "src/tui/guard.rs", "src/tui/linear.rs", "src/tui/notice.rs", "src/cli/out.rs", "src/main.rs"]),
    (&["Command::new("], &["src/tui/", "src/config/key.rs", "src/runtime/assist.rs"]),
    (&[".set_symbol(", ".set_char("], &["src/view/"]),
];

#[test]
fn who_writes_to_a_terminal_or_starts_a_program_is_known() {
    let mut wrong = Vec::new();
    for (path, text) in sources("src") {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        for (at, line) in code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//") && !line.contains(".is_terminal()")) {
            for (calls, owners) in OWNED {
                let call = calls.iter().find(|call| line.contains(*call));
                if let Some(call) = call.filter(|_| !owners.iter().any(|owner| path.to_string_lossy().starts_with(owner))) {
                    wrong.push(format!("{}:{}: {call} belongs to {}", path.display(), at + 1, owners.join(", ")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_fuzzed_is_written_down() {
    let manifest: toml::Table = read("fuzz/Cargo.toml").parse().expect("fuzz/Cargo.toml");
    let contributing = read("CONTRIBUTING.md");
    for target in manifest["bin"].as_array().expect("targets") {
        let (name, path) = (target["name"].as_str().unwrap_or_default(), target["path"].as_str().unwrap_or_default());
        assert!(read(Path::new("fuzz").join(path)).starts_with("//! "), "{path} does not open with `//!`");
        assert!(contributing.contains(&format!("`{name}`")), "CONTRIBUTING.md does not name the fuzz target `{name}`");
    }
}

#[test]
fn the_readme_shows_the_keys_the_program_obeys() {
    let table = key_table();
    let readme = read("README.md");
    let shown = readme.split_once("<!-- keys:").and_then(|(_, rest)| rest.split_once("-->\n")).and_then(|(_, rest)| rest.split_once("<!-- /keys -->"));
    let shown = shown.map(|(table, _)| table).expect("README.md has no <!-- keys: --> … <!-- /keys -->");
    assert!(shown == table, "paste this between the marks of README.md:\n\n{table}");
}

/// One row per action in the order of the table, with every key that does it, and what it is called.
fn key_table() -> String {
    use caseload::app::keymap::KEYS;
    let mut rows: Vec<(&str, String, Vec<String>, &str)> = Vec::new();
    for key in KEYS {
        let keys = key.keys.iter().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect::<Vec<_>>().join(" ");
        let places: Vec<_> = key.places.iter().map(|place| format!("{place:?}").to_lowercase()).collect();
        match rows.iter_mut().find(|(help, known, _, name)| *help == key.help && *known == keys && *name == key.action.name()) {
            Some((_, _, known, _)) => known.extend(places),
            None => rows.push((key.help, keys, places, key.action.name())),
        }
    }
    let head = "| key | what it does | where | name |\n|---|---|---|---|\n".to_owned();
    rows.iter().fold(head, |table, (help, keys, places, name)| table + &format!("| {keys} | {help} | {} | {name} |\n", places.join(", ")))
}

#[test]
fn sqlite_is_bundled_and_new_enough() {
    let lock: toml::Table = read("Cargo.lock").parse().expect("Cargo.lock");
    let packages = lock["package"].as_array().expect("packages");
    let version = packages.iter().find(|package| package["name"].as_str() == Some("libsqlite3-sys")).map(|package| package["version"].to_string());
    assert!(version.is_some(), "libsqlite3-sys is not in Cargo.lock");
    assert!(read("Cargo.toml").lines().any(|line| line.starts_with("rusqlite") && line.contains("\"bundled\"")));
    assert!(rusqlite::version_number() >= 3_051_003, "SQLite {} has known faults", rusqlite::version());
}

#[test]
fn every_dependency_says_why_it_is_there() {
    let manifest = read("Cargo.toml");
    let from = manifest.find("[dependencies]").expect("[dependencies]");
    let section = manifest[from..].split("\n[profile").next().unwrap_or_default();
    let bare: Vec<_> = section.lines().filter(|line| line.contains(" = ") && !line.contains("# ")).collect();
    assert!(bare.is_empty(), "without a reason: {bare:#?}");
}

/// The room a file belongs to and what it may use.
fn room(path: &Path) -> Option<(&'static str, &'static [&'static str])> {
    let part = path.components().nth(1)?.as_os_str().to_str()?;
    let name = part.strip_suffix(".rs").unwrap_or(part);
    ROOMS.iter().find(|(room, _)| *room == name).copied()
}

/// Lines and paths of everything that is named as `crate::…`, groups taken apart one level.
fn uses(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1).filter(|_| !line.contains("$crate")) {
            match rest.strip_prefix('{') {
                Some(group) => found.extend(group.split(['}', ';']).next().unwrap_or_default().split(',').map(|path| (at + 1, path.trim().to_owned()))),
                None => found.push((at + 1, rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').next().unwrap_or_default().to_owned())),
            }
        }
    }
    found.retain(|(_, path)| !path.is_empty());
    found
}

/// Line, name and length of every function, by the indentation of its braces.
fn functions(text: &str) -> Vec<(usize, String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let Some((before, rest)) = line.trim_start().split_once("fn ") else { continue };
        if !before.split_whitespace().all(|word| word.starts_with("pub") || ["async", "const", "unsafe", "extern"].contains(&word)) {
            continue;
        }
        let end = lines[at..].iter().position(|line| *line == format!("{indent}}}") || line.starts_with(&format!("{indent}}} ")));
        if let Some(length) = end.filter(|_| !line.ends_with('}') && !line.ends_with(';')) {
            found.push((at + 1, rest.split(['(', '<']).next().unwrap_or_default().to_owned(), length + 1));
        }
    }
    found
}

/// Path below the repository and text of every Rust file of a folder.
fn sources(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).expect("a folder").flatten() {
            let path = folder.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.insert(path.clone(), read(&path));
            }
        }
    }
    found
}

fn read(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
