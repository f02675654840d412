//! What is offered for the word before the cursor: colleagues behind an `@` in a note, the people of the thread in an address
//! line. Only text is put in: nobody is told by it.

use super::super::{Effect, Focus, State};
use super::letter::{self, SUBJECT};
use super::{Compose, keep};
use crate::model::{DraftKind, Untrusted};
use tui_textarea::{CursorMove, Input, Key, TextArea};

/// So many at a time.
pub const MOST: usize = 6;
/// A name of more letters is none.
const LONGEST: usize = 40;

/// The names that fit, and the word they would take the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub rows: Vec<Offered>,
    pub chosen: usize,
    /// So many letters before the cursor, and where they begin.
    pub over: usize,
    at: Place,
}

/// A row of a text, or of an address line below the others of the head, and a column.
pub type Place = (usize, usize, usize);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What is put in.
    pub text: String,
    pub name: String,
    pub aside: String,
}

/// Looks again what fits after a key. What was waved away stays away while the same word is typed on.
pub fn renew(state: &mut State) {
    let found = state.compose.as_ref().filter(|_| state.focus == Focus::Compose).and_then(|compose| find(state, compose));
    let Some(compose) = &mut state.compose else { return };
    if compose.spurned.is_some() && compose.spurned != found.as_ref().map(|offer| offer.at) {
        compose.spurned = None;
    }
    let lit = compose.offer.as_ref().and_then(|offer| offer.rows.get(offer.chosen)).cloned();
    compose.offer = found.filter(|_| compose.spurned.is_none()).map(|offer| {
        let chosen = offer.rows.iter().position(|row| Some(row) == lit.as_ref()).unwrap_or(0);
        Offer { chosen, ..offer }
    });
}

fn find(state: &State, compose: &Compose) -> Option<Offer> {
    let fields = compose.fields.as_ref();
    match fields {
        Some(fields) if fields.at < SUBJECT => addresses(compose, &fields.lines[fields.at], fields.at),
        None if compose.kind == DraftKind::Note => mentions(state, &compose.area),
        _ => None,
    }
}

/// What stands before the cursor in its line, and where that is.
fn before(area: &TextArea) -> (usize, usize, String) {
    let cursor = area.cursor();
    let (row, column) = (cursor.0, cursor.1);
    (row, column, area.lines()[row].chars().take(column).collect())
}

/// Colleagues by any of their names, behind an `@` that begins a word.
fn mentions(state: &State, area: &TextArea) -> Option<Offer> {
    let (row, column, line) = before(area);
    let (start, typed) = line.rsplit_once('@')?;
    let inside = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.' | '\'');
    let word = typed.chars().all(inside) && !typed.starts_with(' ') && !typed.ends_with(' ') && typed.chars().count() <= LONGEST;
    if !word || start.chars().next_back().is_some_and(char::is_alphanumeric) {
        return None;
    }
    let me = state.me_id().map(|me| me.0);
    let others = state.agents.iter().filter(|agent| Some(agent.id) != me && !agent.name.is_empty());
    let names = others.map(|agent| (agent.name.one_line(), agent.email.as_ref().map(Untrusted::one_line).unwrap_or_default()));
    let rows = best(typed, names, |name, _| format!("@{name} "));
    let over = column - start.chars().count();
    let whole = rows.iter().all(|row| row.name.to_lowercase() == typed.to_lowercase());
    (!whole).then_some(Offer { rows, chosen: 0, over, at: (0, row, column - over) })
}

/// The people of the thread, for the address that is being typed.
fn addresses(compose: &Compose, area: &TextArea, field: usize) -> Option<Offer> {
    let (_, column, line) = before(area);
    let typed = line.rsplit([',', ';']).next()?.trim_start();
    let known = compose.mail.as_ref().filter(|_| !typed.is_empty())?;
    let people = known.people.iter().map(|one| (one.name.one_line(), one.email.one_line()));
    let rows = best(typed, people.filter(|(_, email)| !email.eq_ignore_ascii_case(typed)), |_, email| email.to_owned());
    let over = typed.chars().count();
    (!rows.is_empty()).then_some(Offer { rows, chosen: 0, over, at: (1, field, column - over) })
}

/// Those whose name begins so, then those one of whose words does, then by the address.
fn best(typed: &str, people: impl Iterator<Item = (String, String)>, text: impl Fn(&str, &str) -> String) -> Vec<Offered> {
    let typed = typed.to_lowercase();
    let rank = |name: &str, email: &str| {
        let (name, email) = (name.to_lowercase(), email.to_lowercase());
        let words = || name.split([' ', '-']).any(|word| word.starts_with(&typed));
        [name.starts_with(&typed), words(), email.starts_with(&typed)].iter().position(|fits| *fits)
    };
    let mut found: Vec<(usize, String, String)> = people.filter_map(|(name, email)| Some((rank(&name, &email)?, name, email))).collect();
    found.sort();
    found.truncate(MOST);
    let row = |(_, name, email): (usize, String, String)| {
        let text = text(&name, &email);
        if name.is_empty() { Offered { text, name: email, aside: String::new() } } else { Offered { text, name, aside: email } }
    };
    found.into_iter().map(row).collect()
}

/// A key while something is offered; `None` where it goes on to the text.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let compose = state.compose.as_mut()?;
    let offer = compose.offer.as_mut().filter(|_| state.keys.is_empty())?;
    let count = offer.rows.len();
    match (input.key, input.ctrl, input.alt) {
        (Key::Down, false, false) | (Key::Char('n'), true, _) => offer.chosen = (offer.chosen + 1) % count,
        (Key::Up, false, false) | (Key::Char('p'), true, _) => offer.chosen = (offer.chosen + count - 1) % count,
        (Key::Esc, _, _) => {
            compose.spurned = Some(offer.at);
            compose.offer = None;
        }
        (Key::Tab, false, false) if input.shift => return None,
        (Key::Tab | Key::Enter, false, false) => return Some(take(state)),
        _ => return None,
    }
    Some(Vec::new())
}

/// Puts the chosen one in the place of what was typed of it.
fn take(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let Some(compose) = &mut state.compose else { return Vec::new() };
    let Some(offer) = compose.offer.take() else { return Vec::new() };
    let Some(text) = offer.rows.get(offer.chosen).map(|row| row.text.clone()) else { return Vec::new() };
    let fields = compose.fields.as_mut().map(|fields| &mut fields.lines[fields.at]);
    let in_head = fields.is_some();
    let area = fields.unwrap_or(&mut compose.area);
    (0..offer.over).for_each(|_| area.move_cursor(CursorMove::Back));
    area.delete_str(offer.over);
    area.insert_str(text);
    if in_head {
        return letter::became(state);
    }
    compose.past.forget_forward();
    compose.touch(now);
    keep::autosave(state)
}
