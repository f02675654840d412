//! Which colours: a word, or the name of a file in the folder `themes` beside the config. Colours are words here; what they
//! are for is known to those who paint.

use super::{ConfigError, Places, read};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The setting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Theme {
    /// As the terminal's ground is: dark or light.
    #[default]
    Auto,
    Dark,
    Light,
    /// White and bright on black.
    Contrast,
    /// No colour at all, as with `NO_COLOR`.
    None,
    /// `themes/NAME.toml`, or a path.
    Named(String),
}

impl From<String> for Theme {
    fn from(word: String) -> Self {
        match word.as_str() {
            "auto" => Self::Auto,
            "dark" => Self::Dark,
            "light" => Self::Light,
            "contrast" => Self::Contrast,
            "none" => Self::None,
            _ => Self::Named(word),
        }
    }
}

impl From<Theme> for String {
    fn from(theme: Theme) -> Self {
        match theme {
            Theme::Auto => "auto".to_owned(),
            Theme::Dark => "dark".to_owned(),
            Theme::Light => "light".to_owned(),
            Theme::Contrast => "contrast".to_owned(),
            Theme::None => "none".to_owned(),
            Theme::Named(name) => name,
        }
    }
}

/// What a theme's file says: what it begins from, and the colour of each part it names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThemeFile {
    #[serde(skip)]
    pub path: PathBuf,
    /// dark, light, contrast or none.
    #[serde(default)]
    pub base: Option<String>,
    /// `note = "#ffd75f"`, `bad = "red"`, `dim = "245"`.
    #[serde(default)]
    pub colors: BTreeMap<String, String>,
}

impl ThemeFile {
    /// The file of a named theme.
    pub fn load(name: &str, places: &Places) -> Result<Self, ConfigError> {
        let path = if Path::new(name).components().count() > 1 {
            places.beside_config(Path::new(name))
        } else {
            places.beside_config(Path::new("themes")).join(format!("{name}.toml"))
        };
        let Some(text) = read(&path)? else {
            let hint = format!("theme is auto, dark, light, contrast, none, or the name of a file: {}", path.display());
            return Err(ConfigError::new(&places.config, format!("no theme is called '{name}'")).hint(hint));
        };
        let file: Self = toml::from_str(&text).map_err(|error| ConfigError::toml(&path, &text, &error))?;
        Ok(Self { path, ..file })
    }

    /// What is wrong with one of its settings, with the line it stands in.
    pub fn wrong(&self, setting: &str, what: &str) -> ConfigError {
        let text = read(&self.path).ok().flatten().unwrap_or_default();
        ConfigError::setting(&self.path, &text, setting, what)
    }
}
