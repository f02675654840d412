//! The looks: what each part is painted with in a dark, a light and a colourless terminal. Colour never says anything
//! that a word, a sign or a modifier does not say too.

use crate::app::lines::{Accent, Role};
use crate::app::{Palette, Settings};
use ratatui::style::{Color, Modifier, Style};

/// How everything is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub palette: Palette,
}

/// What has a look of its own besides the lines of a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Plain,
    Dim,
    Strong,
    Border,
    /// Of the pane that has the keys.
    Focus,
    Name,
    Note,
    Good,
    Warning,
    Bad,
    /// The row keys act on.
    Chosen,
    /// What `/` found.
    Found,
    Key,
}

impl Look {
    pub fn of(settings: &Settings) -> Self {
        Self { palette: if settings.color { settings.palette } else { Palette::None } }
    }

    pub fn part(self, part: Part) -> Style {
        let style = self.color(part).map_or(Style::new(), |color| Style::new().fg(color));
        match (part, self.palette) {
            (Part::Dim, Palette::None) => style.add_modifier(Modifier::DIM),
            (Part::Chosen, Palette::Dark) => style.bg(Color::Indexed(237)).add_modifier(Modifier::BOLD),
            (Part::Chosen, Palette::Light) => style.bg(Color::Indexed(254)).add_modifier(Modifier::BOLD),
            (Part::Chosen, Palette::None) => style.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            (Part::Found, _) => style.add_modifier(Modifier::REVERSED),
            (Part::Strong | Part::Name | Part::Bad | Part::Focus | Part::Key, _) => style.add_modifier(Modifier::BOLD),
            _ => style,
        }
    }

    /// A line of the thread.
    pub fn role(self, role: Role) -> Style {
        match role {
            Role::Blank | Role::Body => Style::new(),
            Role::Contact => self.part(Part::Name),
            Role::Agent => self.part(Part::Good).add_modifier(Modifier::BOLD),
            Role::NoteHead => self.part(Part::Note).add_modifier(Modifier::BOLD),
            Role::NoteBody => self.part(Part::Note),
            Role::Quote | Role::MailHead | Role::Event | Role::Day => self.part(Part::Dim),
            Role::Fold => self.part(Part::Key),
            Role::CaseRule => self.part(Part::Strong),
            Role::Call | Role::Feedback => self.part(Part::Key).add_modifier(Modifier::BOLD),
            Role::New => self.part(Part::Warning).add_modifier(Modifier::BOLD),
            Role::Unsent => self.part(Part::Warning),
            Role::Warning => self.part(Part::Bad),
        }
    }

    /// What somebody stressed, over the look of its line.
    pub fn accent(self, accent: Accent) -> Style {
        match accent {
            Accent::Strong => Style::new().add_modifier(Modifier::BOLD),
            Accent::Italic => Style::new().add_modifier(Modifier::ITALIC),
            Accent::Code => self.part(Part::Good),
            Accent::Link => Style::new().add_modifier(Modifier::UNDERLINED),
        }
    }

    /// Colours of the 256 whose contrast does not hang on the terminal's own sixteen.
    fn color(self, part: Part) -> Option<Color> {
        let (dark, light) = match part {
            Part::Plain | Part::Strong | Part::Chosen | Part::Found => return None,
            Part::Dim => (245, 242),
            Part::Border => (240, 248),
            Part::Focus => (75, 25),
            Part::Name => (80, 24),
            Part::Note => (221, 94),
            Part::Good => (114, 22),
            Part::Warning => (215, 130),
            Part::Bad => (210, 124),
            Part::Key => (147, 54),
        };
        match self.palette {
            Palette::Dark => Some(Color::Indexed(dark)),
            Palette::Light => Some(Color::Indexed(light)),
            Palette::None => None,
        }
    }
}
