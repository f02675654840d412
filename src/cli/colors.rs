//! From the theme's name to colours: what is built in, or a file of the agent's.

use super::fault::Fault;
use crate::app::Colors;
use crate::app::colors::PARTS;
use crate::config::{Environment, Places, Theme, ThemeFile};
use ratatui::style::Color;

/// The colours of a theme in this terminal.
pub fn chosen(theme: &Theme, places: &Places, environment: &Environment) -> Result<Colors, Fault> {
    let colors = match theme {
        Theme::Auto if environment.light == Some(true) => Colors::LIGHT,
        Theme::Auto | Theme::Dark => Colors::DARK,
        Theme::Light => Colors::LIGHT,
        Theme::Contrast => Colors::CONTRAST,
        Theme::None => Colors::NONE,
        Theme::Named(name) => of_file(&ThemeFile::load(name, places)?, environment)?,
    };
    Ok(if environment.true_color { colors } else { colors.plain() })
}

fn of_file(file: &ThemeFile, environment: &Environment) -> Result<Colors, Fault> {
    let mut colors = match file.base.as_deref() {
        None if environment.light == Some(true) => Colors::LIGHT,
        None | Some("dark") => Colors::DARK,
        Some("light") => Colors::LIGHT,
        Some("contrast") => Colors::CONTRAST,
        Some("none") => Colors::NONE,
        Some(other) => return Err(file.wrong("base", &format!("'{other}' is none of dark, light, contrast, none")).into()),
    };
    for (name, word) in &file.colors {
        let Some(part) = colors.part_mut(name) else {
            return Err(file.wrong(name, &format!("is no part; the parts are {}", PARTS.join(", "))).into());
        };
        *part = match word.as_str() {
            "none" => None,
            word => Some(
                word.parse::<Color>().map_err(|_| file.wrong(name, &format!("'{word}' is no colour: write \"#ffd75f\", \"red\", a number to 255, or none")))?,
            ),
        };
    }
    Ok(colors)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "a test writes its own files")]

    use super::chosen;
    use crate::app::Colors;
    use crate::config::{Environment, Places, Theme};
    use ratatui::style::Color;

    fn with(text: &str) -> Result<Colors, String> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("themes")).unwrap();
        std::fs::write(home.path().join("themes/mine.toml"), text).unwrap();
        let environment = Environment { true_color: true, ..Environment::default() };
        let colors = chosen(&Theme::from("mine".to_owned()), &Places::below(home.path()), &environment);
        colors.map_err(|fault| fault.lines().replace(&home.path().display().to_string(), "~"))
    }

    #[test]
    fn a_file_changes_what_it_names() {
        let colors = with("base = \"light\"\n[colors]\nnote = \"#ffd75f\"\nbad = \"red\"\ndim = \"245\"\nchosen = \"none\"\n").unwrap();
        let wanted = Colors { note: Some(Color::Rgb(255, 215, 95)), bad: Some(Color::Red), dim: Some(Color::Indexed(245)), chosen: None, ..Colors::LIGHT };
        assert_eq!(colors, wanted);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, wanted) in [
            ("base = \"drak\"", "themes/mine.toml:1: base: 'drak' is none of"),
            ("[colors]\n\nnotes = \"red\"", "themes/mine.toml:3: notes: is no part; the parts are text,"),
            ("[colors]\nnote = \"reddish\"", "themes/mine.toml:2: note: 'reddish' is no colour"),
            ("colors = 3", "themes/mine.toml:1: invalid type"),
        ] {
            let said = with(text).unwrap_err();
            assert!(said.contains(wanted), "{said}");
        }
        let places = Places::below(std::path::Path::new("/nowhere"));
        let said = chosen(&Theme::from("drak".to_owned()), &places, &Environment::default()).unwrap_err().lines();
        assert!(said.contains("no theme is called 'drak'") && said.contains("contrast"), "{said}");
    }
}
