//! `caseload config` and `caseload completions`: what helps to set the program up.

use super::args::{Args, ConfigCommand};
use super::desk::Desk;
use super::fault::Fault;
use super::out::Out;
use clap::CommandFactory;
use serde_json::json;
use std::io::{ErrorKind, Write};
use std::path::Path;

const EXAMPLE: &str = include_str!("../../config.example.toml");

pub fn config(desk: &Desk, command: &ConfigCommand, out: &mut Out) -> Result<(), Fault> {
    let path = &desk.places.config;
    match command {
        ConfigCommand::Path => out.either(&json!({"path": path}), path.display().to_string()),
        ConfigCommand::Show => show(desk, out),
        ConfigCommand::Init => {
            write_new(path)?;
            out.either(&json!({"path": path}), format!("wrote {}", path.display()))
        }
    }
}

/// What is in force; the key is not part of the config and not printed.
fn show(desk: &Desk, out: &mut Out) -> Result<(), Fault> {
    if out.json {
        return out.object(&desk.config);
    }
    let text = toml::to_string(&desk.config).map_err(|error| Fault::failed(error.to_string()))?;
    out.line(format!("# {}", desk.places.config.display()))?;
    out.lines(text.lines().map(str::to_owned))
}

/// Never over a file that is there.
fn write_new(path: &Path) -> Result<(), Fault> {
    let wrong = |error: std::io::Error| Fault::failed(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        private_folder(folder).map_err(wrong)?;
    }
    let mut file = match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Fault::failed(format!("{} is there already", path.display())).hint("`caseload config show` prints what is in force"));
        }
        opened => opened.map_err(wrong)?,
    };
    file.write_all(EXAMPLE.as_bytes()).map_err(wrong)
}

/// Makes a folder, and the ones above it, that only its owner may enter.
pub fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

pub fn completions(shell: clap_complete::Shell, out: &mut Out) -> Result<(), Fault> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "caseload", &mut text);
    out.bytes(&text)
}
