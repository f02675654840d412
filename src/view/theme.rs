//! The looks: what each part is painted with, from the colours in force. Colour never says anything that a word, a sign
//! or a modifier does not say too.

use crate::app::lines::{Accent, Role};
use crate::app::{Colors, Settings};
use ratatui::style::{Modifier, Style};

/// How everything is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub colors: Colors,
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
        Self { colors: if settings.color { settings.colors } else { Colors::NONE } }
    }

    pub fn part(self, part: Part) -> Style {
        let color = self.color(part);
        let style = color.map_or(Style::new(), |color| Style::new().fg(color));
        match (part, self.colors.chosen) {
            (Part::Dim, _) if color.is_none() => style.add_modifier(Modifier::DIM),
            (Part::Chosen, Some(ground)) => style.bg(ground).add_modifier(Modifier::BOLD),
            (Part::Chosen, None) => style.add_modifier(Modifier::BOLD | Modifier::REVERSED),
            (Part::Found, _) => style.add_modifier(Modifier::REVERSED),
            (Part::Strong | Part::Name | Part::Bad | Part::Focus | Part::Key, _) => style.add_modifier(Modifier::BOLD),
            _ => style,
        }
    }

    /// What lies under everything, where the terminal's own ground is not wanted.
    pub fn ground(self) -> Option<Style> {
        let Colors { text, background, .. } = self.colors;
        (text.is_some() || background.is_some()).then(|| Style { fg: text, bg: background, ..Style::new() })
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

    fn color(self, part: Part) -> Option<ratatui::style::Color> {
        match part {
            Part::Plain | Part::Strong | Part::Chosen | Part::Found => None,
            Part::Dim => self.colors.dim,
            Part::Border => self.colors.border,
            Part::Focus => self.colors.focus,
            Part::Name => self.colors.name,
            Part::Note => self.colors.note,
            Part::Good => self.colors.good,
            Part::Warning => self.colors.warning,
            Part::Bad => self.colors.bad,
            Part::Key => self.colors.key,
        }
    }
}
