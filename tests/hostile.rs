//! Everything from outside is harmless: a corpus of evil strings in every text a server, a customer, a colleague or a file can bring,
//! the real program in a real terminal and its commands, and what must not have reached them read from the bytes themselves.
//! `CASELOAD_HOSTILE=1` puts every string into every field.

mod account;
mod commands;
mod corpus;
mod double;
pub mod oracle;
mod screen;

use double::Double;
use std::path::Path;

/// Every string in every field, instead of every string once and every field several times.
fn whole_product() -> bool {
    std::env::var_os("CASELOAD_HOSTILE").is_some()
}

/// The environment of an agent of this server.
fn environment<'a>(double: &'a Double, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    [&[("CASELOAD_URL", double.origin.as_str()), ("CASELOAD_API_KEY", "nobody-knows-this-key"), ("NO_COLOR", "1")], more].concat()
}

/// A config and canned replies in which everything is evil that a file may hold.
fn furnish(home: &Path) {
    let evils: Vec<String> = corpus::all().into_iter().map(|evil| evil.text).filter(|text| !text.contains('\0') && text.len() < 4_000).collect();
    let mut config = toml::Table::new();
    let states = evils.iter().filter(|text| !text.trim().is_empty()).take(60).cloned().map(toml::Value::String).collect();
    config.insert("closing_states".into(), toml::Value::Array(states));
    config.insert("link".into(), format!("https://desk.example/{{id}}{}", evils[200]).into());
    config.insert("user_name".into(), evils[201].clone().into());
    let table = |text: &String| {
        let name = text.replace(|c: char| c.is_control(), "");
        toml::Value::Table(toml::Table::from_iter([("name".to_owned(), format!("r{name}").into()), ("text".to_owned(), text.clone().into())]))
    };
    config.insert("reply".into(), toml::Value::Array(evils.iter().map(table).collect()));
    std::fs::create_dir_all(home.join("replies")).unwrap();
    std::fs::write(home.join("config.toml"), toml::to_string(&config).unwrap()).unwrap();
    for text in evils.iter().filter(|text| text.len() < 100 && !text.contains('/')) {
        std::fs::write(home.join("replies").join(format!("{text}.md")), format!("---\nname: {}\n---\n{text}", text.replace('\n', " "))).unwrap();
    }
}
