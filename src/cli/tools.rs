//! Programs of the desktop that the inbox hands something to: what opens links, and what takes copies. Chosen by the
//! config, else by where the agent sits.

use super::desk::Desk;
use crate::app::clip::Clipboard;
use crate::config;

/// What opens links; none where no browser of the agent's can be reached.
pub fn opener(desk: &Desk) -> Option<Vec<String>> {
    let here = &desk.environment;
    let desktop = cfg!(target_os = "macos") || here.wayland || here.x11;
    let own = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    desk.config.open_command.clone().or_else(|| (desktop && !here.ssh).then(|| vec![own.to_owned()]))
}

/// Where copies go. A program that was found and does not take one leaves it to the terminal; one that was named does not.
pub fn clipboard(desk: &Desk) -> Clipboard {
    match &desk.config.clipboard {
        config::Clipboard::Off => Clipboard::Off,
        config::Clipboard::Osc52 => Clipboard::Terminal,
        config::Clipboard::Program(program) => Clipboard::Program(program.clone(), false),
        config::Clipboard::Auto => found(desk).map_or(Clipboard::Terminal, |program| Clipboard::Program(program, true)),
    }
}

/// The desktop's own, where the agent sits at it.
fn found(desk: &Desk) -> Option<Vec<String>> {
    let here = &desk.environment;
    let known: [(bool, &[&str]); 4] = [
        (cfg!(target_os = "macos"), &["pbcopy"]),
        (here.wayland, &["wl-copy"]),
        (here.x11, &["xclip", "-selection", "clipboard"]),
        (here.x11, &["xsel", "--clipboard", "--input"]),
    ];
    let program = known.into_iter().filter(|(fits, _)| *fits && !here.ssh).find(|(_, command)| is_there(command[0]))?.1;
    Some(program.iter().map(|word| (*word).to_owned()).collect())
}

fn is_there(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

#[cfg(test)]
mod tests {
    use super::{clipboard, opener};
    use crate::app::clip::Clipboard;
    use crate::cli::Desk;
    use crate::cli::args::Global;
    use crate::config::{self, Environment};

    fn desk(here: Environment) -> Desk {
        let home = tempfile::tempdir().unwrap();
        Desk::new(Environment { home: Some(home.path().to_owned()), ..here }, Global::default(), chrono::DateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn over_ssh_nothing_of_the_machine_s_desktop_is_used() {
        let far = desk(Environment { ssh: true, wayland: true, x11: true, ..Environment::default() });
        assert_eq!((opener(&far), clipboard(&far)), (None, Clipboard::Terminal));
        let bare = desk(Environment::default());
        assert_eq!(opener(&bare).is_some(), cfg!(target_os = "macos"));
        let near = desk(Environment { x11: true, ..Environment::default() });
        assert!(opener(&near).is_some());
    }

    #[test]
    fn what_the_config_names_goes_first() {
        let mut far = desk(Environment { ssh: true, ..Environment::default() });
        far.config.open_command = Some(vec!["lynx".into(), "-x".into()]);
        far.config.clipboard = config::Clipboard::Program(vec!["tee".into()]);
        assert_eq!(opener(&far), Some(vec!["lynx".into(), "-x".into()]));
        assert_eq!(clipboard(&far), Clipboard::Program(vec!["tee".into()], false));
        far.config.clipboard = config::Clipboard::Off;
        assert_eq!(clipboard(&far), Clipboard::Off);
    }
}
