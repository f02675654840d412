//! A canned reply: a text with variables, and what is done besides saying it. In a file a head of `key: value` lines
//! between two lines of `---` stands before the text. Pure: somebody else reads the file.

pub mod template;
#[cfg(test)]
mod tests;

use super::{Channel, Timestamp, Zone, when};
use std::fmt;
use template::Piece;

/// Longer names fit no list.
const LONGEST_NAME: usize = 60;
/// What a head may say.
const KEYS: [&str; 7] = ["name", "key", "channel", "note", "state", "snooze", "next"];

/// One of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Canned {
    pub name: String,
    /// 1 to 9.
    pub key: Option<u8>,
    /// Offered on cases of this channel only.
    pub channel: Option<Channel>,
    /// For colleagues.
    pub note: bool,
    /// Closes with this state.
    pub state: Option<String>,
    /// Rests until then, in the words of `when`.
    pub snooze: Option<String>,
    /// Goes to the next case; unless said otherwise when the case goes out of the way.
    pub next: Option<bool>,
    /// With its variables.
    pub text: String,
}

/// What is wrong with one, in which line of its file, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    pub line: Option<usize>,
    pub what: String,
    pub hint: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.what, self.hint)
    }
}

impl Flaw {
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { line: None, what: what.into(), hint: hint.into() }
    }

    fn at(self, line: usize) -> Self {
        Self { line: Some(line), ..self }
    }
}

impl Canned {
    /// Does it say something, or only do something?
    pub fn speaks(&self) -> bool {
        !self.text.trim().is_empty()
    }

    pub fn goes_on(&self) -> bool {
        self.next.unwrap_or(self.state.is_some() || self.snooze.is_some())
    }

    pub fn fits(&self, channel: Option<&Channel>) -> bool {
        self.channel.as_ref().is_none_or(|wanted| channel.is_none_or(|channel| channel == wanted))
    }

    /// What it does, in words: `replies, closes as refunded, next`.
    pub fn deeds(&self) -> String {
        let said = self.speaks().then(|| if self.note { "notes" } else { "replies" }.to_owned());
        let closed = self.state.as_ref().map(|state| format!("closes as {state}"));
        let rests = self.snooze.as_ref().map(|until| format!("snoozes until {until}"));
        let next = self.goes_on().then(|| "next".to_owned());
        [said, closed, rests, next].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Reads a file; without a name in its head it is called like the file.
    pub fn parse(file: &str, text: &str) -> Result<Self, Flaw> {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let mut canned = Self { name: file.to_owned(), ..Self::default() };
        let mut lines: Vec<(String, usize)> = Vec::new();
        let mut body = 0;
        if text.lines().next().is_some_and(|line| line.trim_end() == "---") {
            let end = text.lines().skip(1).position(|line| line.trim_end() == "---");
            let end = end.ok_or_else(|| Flaw::new("the head has no end", "put a line of --- below it").at(1))?;
            for (at, line) in text.lines().enumerate().skip(1).take(end) {
                let key = canned.head(line, &lines).map_err(|flaw| flaw.at(at + 1))?;
                lines.extend(key.map(|key| (key, at + 1)));
            }
            body = end + 2;
        }
        let rest: Vec<&str> = text.split('\n').skip(body).collect();
        let blank = rest.iter().position(|line| !line.trim().is_empty()).unwrap_or(0);
        rest[blank..].join("\n").trim_end().clone_into(&mut canned.text);
        let line = |key: &str| lines.iter().find(|(known, _)| known == key).map(|(_, line)| *line);
        canned.check().map_err(|(key, offset, flaw)| flaw.at(line(key).unwrap_or(if key == "text" { body + blank + 1 + offset } else { 1 })))?;
        Ok(canned)
    }

    /// Takes one line of the head in; gives the key it set.
    fn head(&mut self, line: &str, known: &[(String, usize)]) -> Result<Option<String>, Flaw> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let (key, value) = line.split_once(':').ok_or_else(|| Flaw::new(format!("'{line}' is no key: value"), "name: Thanks"))?;
        let (key, value) = (key.trim(), bare(value.trim()));
        if known.iter().any(|(other, _)| other == key) {
            return Err(Flaw::new(format!("{key} is said twice"), "keep one of them"));
        }
        match key {
            "name" => value.clone_into(&mut self.name),
            "key" => self.key = Some(value.parse().map_err(|_| wrong_key())?),
            "channel" => self.channel = Some(channel(value)?),
            "state" => self.state = Some(value.to_owned()),
            "snooze" => self.snooze = Some(value.to_owned()),
            "note" => self.note = yes(key, value)?,
            "next" => self.next = Some(yes(key, value)?),
            _ => return Err(Flaw::new(format!("nothing is called '{key}' in a head"), format!("there are {}", KEYS.join(", ")))),
        }
        Ok(Some(key.to_owned()))
    }

    /// What holds for all of them, wherever they stand. What is wrong belongs to a key, or to a line of the text counted from 0.
    pub fn check(&self) -> Result<(), (&'static str, usize, Flaw)> {
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return Err(("name", 0, Flaw::new("the name must be one line of 1 to 60 characters", "name: Thanks")));
        }
        if self.key.is_some_and(|key| !(1..=9).contains(&key)) {
            return Err(("key", 0, wrong_key()));
        }
        if self.state.as_ref().is_some_and(|state| state.trim().is_empty()) {
            return Err(("state", 0, Flaw::new("state is empty", "state: handled, or leave it away to keep the case open")));
        }
        if self.state.is_some() && self.snooze.is_some() {
            return Err(("snooze", 0, Flaw::new("a closed case can't be snoozed", "keep either state or snooze")));
        }
        if let Some(Err(error)) = self.snooze.as_ref().map(|words| when::wish(words, Timestamp::UNIX_EPOCH, &Zone::default())) {
            return Err(("snooze", 0, Flaw::new(error, "snooze: tomorrow 9")));
        }
        if !self.speaks() && self.state.is_none() && self.snooze.is_none() {
            return Err(("text", 0, Flaw::new("there is neither a text nor a state nor a snooze", "write the text below the head")));
        }
        variables(&self.text)
    }
}

/// Every variable there is one of ours, and none was left open: a customer would read it.
fn variables(text: &str) -> Result<(), (&'static str, usize, Flaw)> {
    let mut line = 0;
    for piece in template::pieces(text) {
        let flaw = match piece {
            Piece::Variable(variable) if !variable.is_known() => {
                let hint = "there are contact.name, contact.first, contact.email, contact.FIELD, case.id, case.title, case.FIELD, agent.name, agent.first and date; \\{{ stays as it is";
                Some((0, Flaw::new(format!("no variable is called '{}'", variable.name), hint)))
            }
            Piece::Text(text) => text.find("{{").map(|at| {
                let hint = "close it with }} on the same line; \\{{ stays as it is";
                (text[..at].matches('\n').count(), Flaw::new("a {{ has no end", hint))
            }),
            _ => None,
        };
        if let Some((below, flaw)) = flaw {
            return Err(("text", line + below, flaw));
        }
        line += if let Piece::Text(text) = piece { text.matches('\n').count() } else { 0 };
    }
    Ok(())
}

fn wrong_key() -> Flaw {
    Flaw::new("the key must be a digit from 1 to 9", "key: 1")
}

fn yes(key: &str, value: &str) -> Result<bool, Flaw> {
    match value {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        _ => Err(Flaw::new(format!("{key} must be true or false"), format!("{key}: true"))),
    }
}

/// A channel by its name.
pub fn channel(word: &str) -> Result<Channel, Flaw> {
    match Channel::from(word.to_lowercase()) {
        Channel::Other(_) => Err(Flaw::new(format!("no channel is called '{word}'"), "there are chat, email and voip")),
        channel => Ok(channel),
    }
}

/// Without the quotes around it.
fn bare(value: &str) -> &str {
    let inside = |mark: char| value.strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}
