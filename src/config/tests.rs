//! The file as people write it: right, nearly right, and wrong.

#![expect(clippy::disallowed_methods, reason = "a test writes its own files")]

use super::{Config, Environment, Places, Span, key};
use secrecy::ExposeSecret;
use std::ffi::OsString;
use std::path::Path;

const EXAMPLE: &str = include_str!("../../config.example.toml");

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text, Path::new("config.toml")).map_err(|error| format!("{error} | {}", error.hint))
}

/// The example with the settings that have no default switched on, but for `without`.
fn uncommented(without: &str) -> String {
    let on = |line: &'static str| match line.strip_prefix('#') {
        Some(setting) if setting.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') && !setting.starts_with(without) => setting,
        _ => line,
    };
    EXAMPLE.lines().map(on).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_example_is_the_defaults() {
    assert_eq!(parse(EXAMPLE), Ok(Config::default()));
    assert_eq!(parse(""), Ok(Config::default()));
}

#[test]
fn the_example_names_every_setting() {
    let mut every = parse(&uncommented("key_command")).unwrap();
    every.key_command = parse(&uncommented("key_file")).unwrap().key_command;
    let printed = toml::Table::try_from(&every).unwrap();
    let named: toml::Table = uncommented("nothing").parse().unwrap();
    assert_eq!(printed, named, "a setting is missing in config.example.toml, or it is not the default");
    let Config { url, user_id, user_name, key_file, key_command, link, .. } = &every;
    assert!(url.is_some() && user_id.is_some() && user_name.is_some() && key_file.is_some() && key_command.is_some() && link.is_some());
}

#[test]
fn durations_are_read_and_written_alike() {
    for text in ["0s", "10s", "90s", "5m", "4h", "2d"] {
        assert_eq!(text.parse::<Span>().map(|span| span.to_string()).as_deref(), Ok(text));
    }
    for text in ["", "s", "10", "-5s", "5 w", "1.5h", "99999999999s", "400d", "5µ"] {
        assert!(text.parse::<Span>().is_err(), "{text}");
    }
}

#[test]
fn an_error_names_the_line_and_the_way_out() {
    let shown = "correct it there, or name another file with --config";
    for (text, wanted) in [
        ("\n\nulr = \"x\"", format!("config.toml:3: unknown field 'ulr' | did you mean 'url'? {shown}")),
        ("zzzzzzzzzz = 1", format!("config.toml:1: unknown field 'zzzzzzzzzz' | {shown}")),
        ("[poll]\nactiv = \"5s\"", format!("config.toml:2: unknown field 'activ' | did you mean 'active'? {shown}")),
        ("snooze = 4", format!("config.toml:1: invalid type: integer '4', expected a string | {shown}")),
        ("snooze = \"soon\"", format!("config.toml:1: 'soon' is not a duration: write \"10s\", \"5m\", \"4h\" or \"2d\" | {shown}")),
        (
            "\nclosing_states = []",
            "config.toml:2: closing_states: needs at least one state, and none of them empty | closing_states = [\"handled\"]".to_owned(),
        ),
        ("key_file=\"a\"\nkey_command=[\"b\"]", "config.toml:2: key_command: both key_file and key_command are set | keep one of them".to_owned()),
    ] {
        assert_eq!(parse(text), Err(wanted), "{text}");
    }
    for text in ["=", "a = [", "log = \"loud\"", "url = 1\nurl = 2", "\u{0}", "link = \"nowhere\"", "[poll]\nactive = \"0s\""] {
        assert!(parse(text).is_err_and(|error| error.starts_with("config.toml:") && !error.contains('\n')), "{text}: {:?}", parse(text));
    }
    assert_eq!(parse("\u{feff}theme = \"dark\"\r\n").map(|config| config.theme), Ok(super::Theme::Dark));
}

#[test]
fn one_folder_holds_everything_and_a_named_file_must_be_there() {
    let home = tempfile::tempdir().unwrap();
    let variables = [("CASELOAD_HOME", home.path().as_os_str().to_owned()), ("CASELOAD_URL", "http://127.0.0.1:1".into()), ("NO_COLOR", "".into())];
    let environment = Environment::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone())).unwrap();
    let places = Places::find(&environment, None).unwrap();
    for place in [&places.config, &places.outbox, &places.cache, &places.log, &places.demo] {
        assert!(place.starts_with(home.path()), "{}", place.display());
    }
    let config = Config::load(&places, &environment).unwrap();
    assert_eq!(config.url.as_deref(), Some("http://127.0.0.1:1"));
    assert!(!environment.no_color);
    let named = Places::find(&environment, Some(&home.path().join("other.toml"))).unwrap();
    assert!(Config::load(&named, &environment).is_err_and(|error| error.to_string().ends_with("other.toml: no such file")));
    assert!(Environment::read(|name| (name == "CASELOAD_TIME_SCALE").then(|| "fast".into())).is_err());
}

#[cfg(unix)]
#[test]
fn a_key_file_is_private_or_refused() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("key");
    std::fs::write(&path, "canary-key\n").unwrap();
    let read = |path: &Path| key(&Config { key_file: Some(path.to_owned()), ..Config::default() }, None);
    let mode = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(0o600);
    assert_eq!(read(&path).unwrap().unwrap().expose_secret(), "canary-key");
    for open in [0o640, 0o604, 0o666, 0o620] {
        mode(open);
        let error = read(&path).unwrap_err();
        assert!(error.hint.starts_with("chmod 600 ") && !error.to_string().contains("canary"), "{error}");
    }
    mode(0o600);
    symlink(&path, home.path().join("link")).unwrap();
    for other in ["link", "missing", "."] {
        assert!(read(&home.path().join(other)).is_err(), "{other}");
    }
    for bad in ["", "\n", "two words", "two\nlines", "caf\u{e9}", "\u{7f}", &"x".repeat(20_000)] {
        std::fs::write(&path, bad).unwrap();
        assert!(read(&path).is_err_and(|error| !error.to_string().contains("two")), "{bad}");
    }
}

#[test]
fn the_environment_goes_before_the_file_and_a_command_can_print_it() {
    let config = Config { key_command: Some(vec!["echo".into(), "from-command".into()]), ..Config::default() };
    let exposed = |variable: Option<&str>| key(&config, variable.map(OsString::from)).unwrap().unwrap().expose_secret().to_owned();
    assert_eq!(exposed(Some("from-environment")), "from-environment");
    assert_eq!(exposed(None), "from-command");
    assert_eq!(exposed(Some("")), "from-command");
    assert!(key(&Config::default(), None).unwrap().is_none());
    assert!(key(&Config { key_command: Some(vec!["false".into()]), ..Config::default() }, None).is_err());
}
