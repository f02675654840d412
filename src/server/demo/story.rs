//! Stories: the turns of a conversation, with gaps for its facts.
//! `= key`, then `lang:`, `title:`, `channels:`, `tags:`, `goods:` lines, then turns: `<` customer, `>` agent, `#` note, `@` a colleague's note, `*` call;
//! lines without a mark go on with the turn above, `--` begins the part that is played when the case is opened again.

use super::lang::Lang;
use super::template::Template;
use crate::model::Channel;

#[derive(Debug, Clone, Default)]
pub struct Story {
    pub key: &'static str,
    pub lang: Lang,
    pub titles: Vec<Template>,
    pub channels: Vec<Channel>,
    pub tags: Vec<&'static str>,
    /// Which kinds of goods it can be about; any when empty.
    pub goods: Vec<&'static str>,
    /// The first case, and the cases that reopen it.
    pub parts: Vec<Vec<Turn>>,
}

#[derive(Debug, Clone)]
pub struct Turn {
    pub voice: Voice,
    pub text: Template,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    Customer,
    Agent,
    Note,
    /// A note by another agent.
    Colleague,
    /// A call nobody took. The text of a call is `direction status`, as the wire names them.
    Missed,
    /// A call in which an agent took part, or tried to.
    Talk,
}

impl Voice {
    pub fn is_call(self) -> bool {
        matches!(self, Self::Missed | Self::Talk)
    }

    pub fn is_note(self) -> bool {
        matches!(self, Self::Note | Self::Colleague)
    }

    /// Can a customer do it before an agent has come?
    pub fn opens(self) -> bool {
        matches!(self, Self::Customer | Self::Missed)
    }
}

impl Story {
    /// Does the customer begin?
    pub fn opens(&self) -> bool {
        self.parts.first().and_then(|part| part.first()).is_some_and(|turn| turn.voice.opens())
    }
}

/// All stories of a text.
pub fn read(text: &'static str) -> Vec<Story> {
    blocks(text).filter_map(one).collect()
}

fn blocks(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split("\n= ").enumerate().map(|(at, block)| if at == 0 { block.trim_start_matches("= ") } else { block })
}

fn one(block: &'static str) -> Option<Story> {
    let (key, mut rest) = block.split_once('\n')?;
    let mut story = Story { key: key.trim(), parts: vec![Vec::new()], ..Story::default() };
    while let Some((name, value, after)) = header(rest) {
        match name {
            "lang" => story.lang = Lang::parse(value)?,
            "title" => story.titles = value.split(" / ").map(Template::read).collect(),
            "channels" => story.channels = value.split_whitespace().map(|word| Channel::from(word.to_owned())).collect(),
            "goods" => story.goods = value.split_whitespace().collect(),
            _ => story.tags = value.split_whitespace().collect(),
        }
        rest = after;
    }
    for part in rest.split("\n--") {
        let turns = turns(part);
        match story.parts.last_mut() {
            Some(first) if first.is_empty() => *first = turns,
            _ => story.parts.push(turns),
        }
    }
    (!story.parts[0].is_empty()).then_some(story)
}

fn header(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    let (line, rest) = text.split_once('\n')?;
    let (name, value) = line.split_once(": ")?;
    matches!(name, "lang" | "title" | "channels" | "tags" | "goods").then_some((name, value.trim(), rest))
}

fn turns(part: &'static str) -> Vec<Turn> {
    let mut turns = Vec::new();
    let mut rest = part.trim_start();
    while let Some(voice) = mark(rest) {
        let end = rest.match_indices('\n').map(|(at, _)| at).find(|at| mark(&rest[at + 1..]).is_some()).unwrap_or(rest.len());
        turns.push(Turn { voice, text: Template::read(rest[2..end].trim()) });
        rest = rest[end..].trim_start();
    }
    turns
}

fn mark(line: &str) -> Option<Voice> {
    match line.get(..2)? {
        "< " => Some(Voice::Customer),
        "> " => Some(Voice::Agent),
        "# " => Some(Voice::Note),
        "@ " => Some(Voice::Colleague),
        "* " if line.starts_with("* incoming") && !line.starts_with("* incoming completed") => Some(Voice::Missed),
        "* " => Some(Voice::Talk),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Voice, read};
    use crate::model::Channel;

    #[test]
    fn a_story_is_read_with_its_parts_and_long_turns() {
        let stories = read(
            "= one\ntitle: A / B\nchannels: chat email\ntags: x\n< first\ngoes on\n\nhere\n> second\n# third\n--\n* incoming no-answer\n\n= two\nchannels: voip\n< x\n",
        );
        assert_eq!(stories.iter().map(|story| story.key).collect::<Vec<_>>(), ["one", "two"]);
        let voices: Vec<Vec<Voice>> = stories[0].parts.iter().map(|part| part.iter().map(|turn| turn.voice).collect()).collect();
        assert_eq!(voices, [vec![Voice::Customer, Voice::Agent, Voice::Note], vec![Voice::Missed]]);
        assert_eq!((stories[0].titles.len(), &stories[0].channels), (2, &vec![Channel::Chat, Channel::Email]));
    }
}
