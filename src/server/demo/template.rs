//! Texts with gaps: `{order}` is a fact of the conversation, `{Hi|Hello}` a choice made anew each time; they nest.
//! Read once from the assets; filling one in costs one string.

use super::dice::Dice;
use super::facts::Facts;

/// A text with gaps.
#[derive(Debug, Clone, Default)]
pub struct Template(Vec<Piece>);

#[derive(Debug, Clone)]
enum Piece {
    Text(&'static str),
    Fact(usize),
    Choice(Vec<Template>),
}

impl Template {
    pub fn read(text: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(close) = closing(&rest[open..]).map(|length| open + length) else { break };
            if open > 0 {
                pieces.push(Piece::Text(&rest[..open]));
            }
            pieces.push(gap(&rest[open + 1..close]));
            rest = &rest[close + 1..];
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        Self(pieces)
    }

    pub fn fill(&self, facts: &Facts, dice: &mut Dice) -> String {
        let mut text = String::with_capacity(192);
        self.fill_into(&mut text, facts, dice);
        text
    }

    pub fn fill_into(&self, text: &mut String, facts: &Facts, dice: &mut Dice) {
        for piece in &self.0 {
            match piece {
                Piece::Text(words) => text.push_str(words),
                Piece::Fact(at) => text.push_str(facts.at(*at)),
                Piece::Choice(choices) => {
                    let at = dice.below(choices.len());
                    if let Some(choice) = choices.get(at) {
                        choice.fill_into(text, facts, dice);
                    }
                }
            }
        }
    }
}

/// Where the bracket that opens at the beginning closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn gap(inner: &'static str) -> Piece {
    let mut choices = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                choices.push(Template::read(&inner[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    if choices.is_empty() {
        return Facts::index(inner).map_or(Piece::Text(inner), Piece::Fact);
    }
    choices.push(Template::read(&inner[start..]));
    Piece::Choice(choices)
}

#[cfg(test)]
mod tests {
    use super::Template;
    use crate::server::demo::dice::Dice;
    use crate::server::demo::facts::Facts;

    #[test]
    fn gaps_are_filled_and_choices_nest() {
        let mut facts = Facts::default();
        facts.set("first", "Ada");
        let mut dice = Dice::new(1, 1);
        let template = Template::read("{Hi {first}|Hi {first}}, {a|a}{|}.");
        assert_eq!(template.fill(&facts, &mut dice), "Hi Ada, a.");
        assert_eq!(Template::read("no gaps, one { bracket").fill(&facts, &mut dice), "no gaps, one { bracket");
    }
}
