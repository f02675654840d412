//! The variables of a text: `{{contact.first|there}}`. Found here, filled elsewhere; `\{{` is a pair of braces that stays.

/// A longer one is something else.
const LONGEST: usize = 200;

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    Text(&'t str),
    /// `\{{`: braces that mean themselves.
    Braces,
    Variable(Variable<'t>),
}

/// A variable where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable<'t> {
    /// With its braces, and the byte it begins at.
    pub whole: &'t str,
    pub at: usize,
    /// `contact.first`
    pub name: &'t str,
    /// What stands there when nothing is known.
    pub default: Option<&'t str>,
}

impl Variable<'_> {
    /// Is there such a variable? What else stands in braces is none of ours.
    pub fn is_known(&self) -> bool {
        let of = |object: &str| self.name.strip_prefix(object).is_some_and(|field| !field.trim().is_empty());
        matches!(self.name, "date" | "agent.name" | "agent.first") || of("contact.") || of("case.")
    }
}

/// Takes a text apart; put together again it is the same text.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut from, mut look) = (0, 0);
    while let Some(at) = text.get(look..).and_then(|rest| rest.find("{{")).map(|at| at + look) {
        if text[..at].ends_with('\\') && at > from {
            found.extend([Piece::Text(&text[from..at - 1]), Piece::Braces]);
            (from, look) = (at + 2, at + 2);
        } else if let Some(variable) = variable(text, at) {
            found.extend([Piece::Text(&text[from..at]), Piece::Variable(variable)]);
            from = at + variable.whole.len();
            look = from;
        } else {
            look = at + 2;
        }
    }
    found.push(Piece::Text(&text[from..]));
    found.retain(|piece| *piece != Piece::Text(""));
    found
}

fn variable(text: &str, at: usize) -> Option<Variable<'_>> {
    let inner = text[at + 2..].split("}}").next().filter(|inner| at + 2 + inner.len() < text.len())?;
    if inner.len() > LONGEST || inner.contains(['\n', '{', '}']) {
        return None;
    }
    let (name, default) = inner.split_once('|').map_or((inner, None), |(name, default)| (name, Some(default.trim())));
    Some(Variable { whole: &text[at..at + inner.len() + 4], at, name: name.trim(), default })
}

/// The variables that nobody filled in.
pub fn unfilled(text: &str) -> impl Iterator<Item = Variable<'_>> {
    pieces(text).into_iter().filter_map(|piece| if let Piece::Variable(variable) = piece { Some(variable) } else { None }).filter(Variable::is_known)
}
