//! The keys the config asks for become the keys in force, or one line that says which of them can't be had and why.

use super::fault::Fault;
use crate::app::Focus;
use crate::app::bindings::{Bindings, Wanted};
use crate::app::presets::Preset;
use crate::config::{self, Config};
use std::path::Path;

/// `path` is the file, for what is wrong and for where a key comes from.
pub fn of(config: &Config, path: &Path) -> Result<Bindings, Fault> {
    let keys = &config.keys;
    let preset = match keys.preset {
        config::Preset::Default => Preset::Default,
        config::Preset::Vim => Preset::Vim,
        config::Preset::Gmail => Preset::Gmail,
    };
    let file = path.file_name().map_or_else(|| "config".to_owned(), |name| name.to_string_lossy().into_owned());
    let said = keys.places().into_iter().flat_map(|(place, table)| table.iter().map(move |(key, said)| (place, key, said)));
    let mut wanted: Vec<_> = said
        .map(|(at, key, said)| {
            let place_in_file = format!("{file}:{}", said.line);
            (said.line, Wanted { place: place(at), key: key.clone(), action: said.word.clone(), place_in_file })
        })
        .collect();
    wanted.sort_by_key(|(line, _)| *line);
    let (lines, wanted): (Vec<usize>, Vec<Wanted>) = wanted.into_iter().unzip();
    Bindings::of(preset).with(&wanted).map_err(|refused| {
        let line = lines.get(refused.at).copied().unwrap_or_default();
        Fault::usage(format!("{}:{line}: {}", path.display(), refused.what)).hint(refused.hint)
    })
}

/// What the tables of the config are called.
fn place(name: &str) -> Option<Focus> {
    match name {
        "list" => Some(Focus::List),
        "reader" => Some(Focus::Reader),
        "compose" => Some(Focus::Compose),
        "outbox" => Some(Focus::Outbox),
        "log" => Some(Focus::Log),
        "sheet" => Some(Focus::Sheet),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::app::bindings::{Bindings, Found};
    use crate::app::{Action, Focus};
    use crate::config::Config;
    use std::path::Path;

    fn read(text: &str) -> Result<Bindings, String> {
        let path = Path::new("/home/ola/config.toml");
        let config = Config::parse(text, path).map_err(|error| error.to_string())?;
        of(&config, path).map_err(|fault| format!("{} | {}", fault.text, fault.hint))
    }

    #[test]
    fn keys_of_the_file_are_in_force_and_say_their_line() {
        let bindings = read("# mine\n[keys]\npreset = \"vim\"\n[keys.list]\nx = \"close\"\n\"Ctrl-Space\" = \"macro\"\n").unwrap();
        assert_eq!(bindings.find(Focus::List, "x"), Found::Action(Action::Close));
        assert_eq!(bindings.find(Focus::List, "Ctrl-space"), Found::Action(Action::Macro));
        let close: Vec<_> = bindings.keys(Focus::List, Action::Close).iter().map(|(key, origin)| format!("{key} {}", origin.words())).collect();
        assert_eq!(close, ["x config.toml:5", "dd vim", "e default"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line_and_the_way_out() {
        for (text, wanted) in [
            ("\u{feff}[keys.list]\n\nx = \"cloze\"\n", "/home/ola/config.toml:3: no action is called 'cloze' | did you mean 'close'?"),
            ("[keys.list]\nx = \"close\"\ng = \"claim\"\n", "/home/ola/config.toml:3: 'g' and 'g"),
            ("[keys.all]\nx = \"close\"\n[keys.reader]\nx = \"claim\"", "/home/ola/config.toml:4: 'x' is 'close' and 'claim' in the thread"),
            ("[keys.all]\n\"Ctrl-z\" = \"undo\"", "/home/ola/config.toml:2: Ctrl-z can't be bound: it suspends"),
            ("[keys]\npreset = \"emacs\"", "/home/ola/config.toml:2: unknown variant 'emacs'"),
            ("[keys.sheet]\nx = \"do-all\"", "/home/ola/config.toml:2: 'x' leaves a row of many cases out | before many cases take one key like F5 or Ctrl-s"),
            ("[keys.sheet]\n\"Ctrl-x e\" = \"do-all\"", "/home/ola/config.toml:2: 'Ctrl-x e' is more than one key | "),
            ("[keys.sheet]\nf5 = \"close\"", "/home/ola/config.toml:2: 'close' works in the list and the thread"),
            ("[keys.sheet]\nesc = \"next\"", "/home/ola/config.toml:2: 'back' would have no key before many cases | "),
            ("[keys.lost]\nx = \"close\"", "/home/ola/config.toml:1: unknown field 'lost'"),
            ("[keys.list]\nx = 1", "/home/ola/config.toml:2: invalid type"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(wanted), "{text}: {error}");
        }
    }
}
