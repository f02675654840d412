//! The colours there are: plain values for each part, chosen at the start. The view says what is painted with which; a
//! part without a colour is told by bold, dim and reversed alone.

use ratatui::style::Color;

/// What each part is painted with; `None` is the terminal's own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Colors {
    pub text: Option<Color>,
    /// Behind everything; most terminals look better with their own.
    pub background: Option<Color>,
    pub dim: Option<Color>,
    pub border: Option<Color>,
    /// Of the pane that has the keys.
    pub focus: Option<Color>,
    pub name: Option<Color>,
    pub note: Option<Color>,
    pub good: Option<Color>,
    pub warning: Option<Color>,
    pub bad: Option<Color>,
    pub key: Option<Color>,
    /// Behind the row that keys act on; without one it is reversed.
    pub chosen: Option<Color>,
}

/// The parts a theme's file may name, in the order they are told in.
pub const PARTS: [&str; 12] = ["text", "background", "dim", "border", "focus", "name", "note", "good", "warning", "bad", "key", "chosen"];

impl Colors {
    /// Of the 256, whose contrast does not hang on the terminal's own sixteen.
    pub const DARK: Self = Self::of([245, 240, 75, 80, 221, 114, 215, 210, 147, 237]);
    pub const LIGHT: Self = Self::of([242, 248, 25, 24, 94, 22, 130, 124, 54, 254]);
    /// Every word at least seven to one against its ground, and a ground of its own: it looks the same in any terminal.
    pub const CONTRAST: Self = Self {
        text: Some(Color::Indexed(231)),
        background: Some(Color::Indexed(16)),
        chosen: Some(Color::Indexed(18)),
        ..Self::of([252, 252, 226, 123, 227, 120, 221, 217, 195, 18])
    };
    pub const NONE: Self = Self::of_none();

    const fn of(colors: [u8; 10]) -> Self {
        let [dim, border, focus, name, note, good, warning, bad, key, chosen] = colors;
        Self {
            text: None,
            background: None,
            dim: Some(Color::Indexed(dim)),
            border: Some(Color::Indexed(border)),
            focus: Some(Color::Indexed(focus)),
            name: Some(Color::Indexed(name)),
            note: Some(Color::Indexed(note)),
            good: Some(Color::Indexed(good)),
            warning: Some(Color::Indexed(warning)),
            bad: Some(Color::Indexed(bad)),
            key: Some(Color::Indexed(key)),
            chosen: Some(Color::Indexed(chosen)),
        }
    }

    const fn of_none() -> Self {
        Self {
            text: None,
            background: None,
            dim: None,
            border: None,
            focus: None,
            name: None,
            note: None,
            good: None,
            warning: None,
            bad: None,
            key: None,
            chosen: None,
        }
    }

    /// The part a file calls so.
    pub fn part_mut(&mut self, name: &str) -> Option<&mut Option<Color>> {
        Some(match name {
            "text" => &mut self.text,
            "background" => &mut self.background,
            "dim" => &mut self.dim,
            "border" => &mut self.border,
            "focus" => &mut self.focus,
            "name" => &mut self.name,
            "note" => &mut self.note,
            "good" => &mut self.good,
            "warning" => &mut self.warning,
            "bad" => &mut self.bad,
            "key" => &mut self.key,
            "chosen" => &mut self.chosen,
            _ => return None,
        })
    }

    /// The same for a terminal that knows 256 colours and no more.
    #[must_use]
    pub fn plain(mut self) -> Self {
        for name in PARTS {
            if let Some(part) = self.part_mut(name) {
                *part = part.map(indexed);
            }
        }
        self
    }
}

/// The nearest of the 216 and of the 24 greys.
fn indexed(color: Color) -> Color {
    let Color::Rgb(red, green, blue) = color else { return color };
    let step = |part: u8| {
        if part < 48 {
            0
        } else if part < 115 {
            1
        } else {
            (part - 35) / 40
        }
    };
    let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
    let cube = [step(red), step(green), step(blue)];
    let mean = (u16::from(red) + u16::from(green) + u16::from(blue)) / 3;
    let grey = u8::try_from((mean.saturating_sub(3) / 10).min(23)).unwrap_or(23);
    let off = |r: u8, g: u8, b: u8| [(r, red), (g, green), (b, blue)].into_iter().map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum::<u32>();
    let tone = 8 + 10 * grey;
    if off(tone, tone, tone) < off(level(cube[0]), level(cube[1]), level(cube[2])) {
        return Color::Indexed(232 + grey);
    }
    Color::Indexed(16 + 36 * cube[0] + 6 * cube[1] + cube[2])
}

#[cfg(test)]
mod tests {
    use super::{Colors, PARTS, indexed};
    use ratatui::style::Color;

    #[test]
    fn every_part_has_a_name() {
        let mut colors = Colors::NONE;
        for name in PARTS {
            *colors.part_mut(name).unwrap() = Some(Color::Red);
        }
        let debug = format!("{colors:?}");
        assert!(!debug.contains("None"), "{debug}");
        assert_eq!(colors.part_mut("colour"), None);
    }

    #[test]
    fn a_colour_becomes_its_nearest() {
        for (rgb, wanted) in [((0, 0, 0), 16), ((255, 255, 255), 231), ((255, 0, 0), 196), ((8, 8, 8), 232), ((127, 127, 127), 244), ((95, 135, 175), 67)] {
            assert_eq!(indexed(Color::Rgb(rgb.0, rgb.1, rgb.2)), Color::Indexed(wanted), "{rgb:?}");
        }
        assert_eq!(indexed(Color::Red), Color::Red);
    }

    /// Words of the high-contrast colours are readable against both grounds: WCAG's ratio for small text, AAA.
    #[test]
    fn the_high_contrast_is_high() {
        let mut colors = Colors::CONTRAST;
        for ground in [Color::Indexed(16), Color::Indexed(18)] {
            for name in PARTS.into_iter().filter(|name| !["background", "chosen"].contains(name)) {
                let part = colors.part_mut(name).unwrap().unwrap();
                assert!(contrast(part, ground) >= 7.0, "{name} on {ground}: {}", contrast(part, ground));
            }
        }
    }

    fn contrast(a: Color, b: Color) -> f64 {
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn light(color: Color) -> f64 {
        let Color::Indexed(at) = color else { panic!("of the 256") };
        let level = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
        let parts = if at >= 232 { [8 + 10 * (at - 232); 3] } else { [level((at - 16) / 36), level((at - 16) / 6 % 6), level((at - 16) % 6)] };
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(parts[0]) + 0.7152 * linear(parts[1]) + 0.0722 * linear(parts[2])
    }
}
