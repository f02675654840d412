//! Reads the filter language: terms side by side are all meant, `or` parts groups of them, `-` in front is the opposite.
//! What is wrong is said with its column and what would be right.

use super::{Bound, Condition, Filter, FilterError, Moment, Term, View};
use crate::model::{CaseId, Channel, Status};
use chrono::Duration;

/// What stands before a colon.
const KEYS: [&str; 18] = [
    "status", "channel", "view", "owner", "contact", "subject", "tag", "state", "feedback", "due", "wait", "updated", "created", "closed", "id", "is", "field",
    "word",
];

/// One term as it was typed.
struct Typed {
    column: usize,
    not: bool,
    /// What stands before the colon, and whether the value was in quotation marks.
    key: Option<String>,
    value: String,
    quoted: bool,
}

impl Typed {
    fn wrong(&self, what: impl Into<String>) -> FilterError {
        FilterError { column: self.column, what: what.into() }
    }
}

pub fn filter(text: &str) -> Result<Filter, FilterError> {
    read(text, false)
}

pub fn search(text: &str) -> Result<Filter, FilterError> {
    read(text, true)
}

fn read(text: &str, lenient: bool) -> Result<Filter, FilterError> {
    let mut any: Vec<Vec<Condition>> = vec![Vec::new()];
    let mut after = None;
    let reader = Reader { chars: text.chars().collect(), at: 0, lenient };
    for typed in reader.all()? {
        if typed.key.is_none() && !typed.quoted && !typed.not && typed.value == "or" {
            if any.last().is_none_or(Vec::is_empty) && !lenient {
                return Err(typed.wrong("'or' needs a term before it"));
            }
            any.push(Vec::new());
            after = Some(typed.column);
            continue;
        }
        let condition = Condition { term: term(&typed)?, not: typed.not };
        any.last_mut().into_iter().for_each(|group| group.push(condition.clone()));
    }
    match (after, any.last().is_some_and(Vec::is_empty)) {
        (Some(column), true) if !lenient => Err(FilterError { column, what: "'or' needs a term after it".to_owned() }),
        (_, true) if any.len() == 1 => Ok(Filter::default()),
        _ => Ok(Filter { any }),
    }
}

fn term(typed: &Typed) -> Result<Term, FilterError> {
    let value = typed.value.to_lowercase();
    match typed.key.as_deref() {
        None if typed.quoted => Ok(Term::Words(value)),
        None => word(typed, value),
        Some(key) => keyed(typed, key, value),
    }
}

fn word(typed: &Typed, value: String) -> Result<Term, FilterError> {
    Ok(match value.as_str() {
        "mine" => Term::Mine,
        "nobody" => Term::Nobody,
        "unread" => Term::Unread,
        "draft" => Term::Draft,
        "unsent" => Term::Unsent,
        _ if value.starts_with('#') => Term::Id(id(typed, &value)?),
        _ => View::parse(&value).map_or(Term::Words(value), Term::View),
    })
}

fn keyed(typed: &Typed, key: &str, value: String) -> Result<Term, FilterError> {
    if value.is_empty() {
        return Err(typed.wrong(format!("{key}: needs a value{}", example(key))));
    }
    if let Some(moment) = moment(key) {
        return Ok(Term::Moment(moment, bound(typed, key, &value)?));
    }
    Ok(match key {
        "status" => Term::Status(Status::from(value)),
        "channel" => Term::Channel(Channel::from(value)),
        "view" => Term::View(View::parse(&value).ok_or_else(|| typed.wrong(format!("no view is called '{}': {}", typed.value, views())))?),
        "owner" if !typed.quoted && value == "me" => Term::Mine,
        "owner" if !typed.quoted && value == "nobody" => Term::Nobody,
        "owner" => Term::Owner(value),
        "contact" => Term::Contact(value),
        "subject" => Term::Subject(value),
        "word" => Term::Words(value),
        "tag" | "state" => Term::Mark(format!("{key}:{}", one_line(&value))),
        "feedback" => Term::Rated(rated(typed, &value)?),
        "id" => Term::Id(id(typed, &value)?),
        "is" => word(&Typed { key: None, quoted: false, value: value.clone(), ..*typed }, value)?,
        _ => Term::Mark(format!("{}:{}", key.to_lowercase(), one_line(&value))),
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn views() -> String {
    View::ALL.map(|view| view.title().to_lowercase()).join(", ")
}

fn moment(key: &str) -> Option<Moment> {
    Some(match key {
        "due" => Moment::Due,
        "wait" => Moment::Wait,
        "updated" => Moment::Updated,
        "created" => Moment::Created,
        "closed" => Moment::Closed,
        _ => return None,
    })
}

/// How a value of this kind looks.
fn example(key: &str) -> &'static str {
    match key {
        "due" => ": a time like <30m",
        "wait" => ": a time like >10m",
        "updated" | "created" | "closed" => ": a time like <2h or >7d",
        "status" => " like active",
        "channel" => " like mail",
        "feedback" => " like <=2",
        "owner" => " like ola, me or nobody",
        "id" => " like 4410",
        _ => "",
    }
}

/// `<30m`, `>=2h`, `<1d12h`.
fn bound(typed: &Typed, key: &str, value: &str) -> Result<Bound, FilterError> {
    let wrong = || typed.wrong(format!("{key}: needs{}", example(key).trim_start_matches(':')));
    let (less, rest) = match value.split_at_checked(1) {
        Some(("<", rest)) => (true, rest),
        Some((">", rest)) => (false, rest),
        _ => return Err(wrong()),
    };
    let (equal, rest) = rest.strip_prefix('=').map_or((false, rest), |rest| (true, rest));
    let span = span(rest).ok_or_else(wrong)?;
    Ok(Bound { less, equal, span })
}

/// `30m`, `2h30m`, `3d`, `1w`: a length of time, without a calendar.
fn span(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::zero();
    while !rest.is_empty() || text.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|at| *at > 0)?;
        let count: i32 = rest[..digits].parse().ok()?;
        let unit = match rest[digits..].chars().next()? {
            's' => Duration::seconds(1),
            'm' => Duration::minutes(1),
            'h' => Duration::hours(1),
            'd' => Duration::days(1),
            'w' => Duration::weeks(1),
            _ => return None,
        };
        total = total.checked_add(&unit.checked_mul(count)?)?;
        rest = &rest[digits + 1..];
    }
    Some(total)
}

/// `<=2`, `>3`, `5`, as bits.
fn rated(typed: &Typed, value: &str) -> Result<u8, FilterError> {
    let digits = value.trim_start_matches(['<', '>', '=']);
    let wanted = digits.parse().ok().filter(|wanted| (1..=5).contains(wanted));
    let Some(wanted) = wanted else { return Err(typed.wrong("feedback: needs a score from 1 to 5 like <=2")) };
    let meant = |score: &u8| match &value[..value.len() - digits.len()] {
        "" | "=" => Some(*score == wanted),
        "<" => Some(*score < wanted),
        "<=" => Some(*score <= wanted),
        ">" => Some(*score > wanted),
        ">=" => Some(*score >= wanted),
        _ => None,
    };
    let bits = (1..=5).map(|score| meant(&score).map(|meant| u8::from(meant) << score)).sum::<Option<u8>>();
    bits.ok_or_else(|| typed.wrong("feedback: needs a score from 1 to 5 like <=2"))
}

fn id(typed: &Typed, value: &str) -> Result<CaseId, FilterError> {
    value.trim_start_matches('#').parse().map_err(|_| typed.wrong(format!("'{}' is not the number of a case like #4410", typed.value)))
}

/// Takes a text apart.
struct Reader {
    chars: Vec<char>,
    at: usize,
    lenient: bool,
}

impl Reader {
    fn all(mut self) -> Result<Vec<Typed>, FilterError> {
        let mut found = Vec::new();
        loop {
            while self.peek().is_some_and(char::is_whitespace) {
                self.at += 1;
            }
            if self.peek().is_none() {
                return Ok(found);
            }
            found.push(self.one()?);
        }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn one(&mut self) -> Result<Typed, FilterError> {
        let column = self.at + 1;
        // A dash alone is a word.
        let not = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|next| !next.is_whitespace());
        self.at += usize::from(not);
        if self.peek() == Some('"') {
            return Ok(Typed { column, not, key: None, value: self.quoted()?, quoted: true });
        }
        let begin = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace() && c != ':') {
            self.at += 1;
        }
        let word: String = self.chars[begin..self.at].iter().collect();
        if self.peek() != Some(':') {
            return Ok(Typed { column, not, key: None, value: word, quoted: false });
        }
        self.keyed(column, not, &word)
    }

    /// After a word that ends in a colon: a key with its value, or a text that only has a colon in it, `12:30`.
    fn keyed(&mut self, column: usize, not: bool, word: &str) -> Result<Typed, FilterError> {
        let lower = word.to_lowercase();
        let known = KEYS.contains(&lower.as_str()) && lower != "field" || lower.strip_prefix("field.").is_some_and(|name| !name.is_empty());
        let begin = self.at - word.chars().count();
        self.at += 1;
        if known && self.peek() == Some('"') {
            return Ok(Typed { column, not, key: Some(lower), value: self.quoted()?, quoted: true });
        }
        let value = self.at;
        while self.peek().is_some_and(|c| !c.is_whitespace()) {
            self.at += 1;
        }
        let from = if known { value } else { begin };
        let text: String = self.chars[from..self.at].iter().collect();
        if known {
            return Ok(Typed { column, not, key: Some(lower), value: text, quoted: false });
        }
        let typed = Typed { column, not, key: None, value: text, quoted: false };
        let letters = !lower.is_empty() && lower.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '.' | '_'));
        if letters && !self.lenient && !typed.value.contains("://") {
            let what = if lower == "field" { "field: needs the name of a field like field.order:881".to_owned() } else { unknown(&lower) };
            return Err(typed.wrong(what));
        }
        Ok(typed)
    }

    fn quoted(&mut self) -> Result<String, FilterError> {
        let begin = self.at;
        let end = self.chars[begin + 1..].iter().position(|c| *c == '"').map(|length| begin + 1 + length);
        let end = end.or_else(|| self.lenient.then_some(self.chars.len()));
        let Some(end) = end else { return Err(FilterError { column: begin + 1, what: "a quotation mark without its end".to_owned() }) };
        self.at = (end + 1).min(self.chars.len());
        Ok(self.chars[begin + 1..end].iter().collect())
    }
}

/// What was meant, by its first letters; else all there is.
fn unknown(word: &str) -> String {
    let near = KEYS.iter().find(|key| word.get(..2).is_some_and(|begin| key.starts_with(begin)));
    let all = || format!("there are {}, field.NAME", KEYS[..15].join(", "));
    format!("'{word}:' is not known: {}; a text stands in \"quotation marks\"", near.map_or_else(all, |key| format!("did you mean {key}:")))
}
