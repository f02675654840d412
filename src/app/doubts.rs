//! A last look at a text before it leaves. A gap of a canned reply stops it; what looks like a note in a reply, or speaks of
//! an attachment that can't be there, is asked about once for a draft: the same key again sends it.

use super::update::say;
use super::{Action, Effect, Level, State, canned, macros};
use crate::model::DraftKind;

/// How words for colleagues begin.
const ASIDES: [&str; 8] = ["note:", "note to self", "fyi", "internal", "intern:", "notiz", "nota interna", "interne:"];
/// What speaks of a file that goes along, in the languages of the desk.
const FILES: [&str; 17] = [
    "attached",
    "attachment",
    "attachments",
    "enclosed",
    "anbei",
    "im anhang",
    "angehängt",
    "beigefügt",
    "ci-joint",
    "ci-jointe",
    "pièce jointe",
    "adjunto",
    "adjunta",
    "allegato",
    "in allegato",
    "bijlage",
    "vedlagt",
];

/// Words, when the send stops here.
pub fn stopped(state: &mut State) -> Option<Vec<Effect>> {
    if let Some(gap) = macros::mark_gap(state) {
        return Some(say(state, Level::Warning, format!("not sent: {gap} is not filled in, write over it")));
    }
    let compose = state.compose.as_ref().filter(|compose| compose.kind == DraftKind::Reply)?;
    let (case, text) = (compose.case, compose.text());
    let asked = state.canned.asked == Some(case);
    state.canned.asked = None;
    let what = doubt(state, &text).filter(|_| !asked)?;
    state.canned.asked = Some(case);
    Some(say(state, Level::Warning, format!("not sent yet: {what}. The same key again sends it to the customer")))
}

fn doubt(state: &State, text: &str) -> Option<String> {
    // What the customer wrote is not what the agent says.
    let own = own(text).to_lowercase();
    let start = own.trim_start();
    if let Some(word) = ASIDES.iter().find(|word| begins(start, word)) {
        return Some(format!("it begins with \"{}\" like a note for colleagues ({} makes it one)", word.trim_end_matches(':'), state.key(Action::SwitchKind)));
    }
    if let Some(name) = mention(state, start) {
        return Some(format!("\"@{name}\" is written to a colleague ({} makes it a note)", state.key(Action::SwitchKind)));
    }
    let file = FILES.iter().find(|word| holds(&own, word))?;
    Some(format!("it says \"{file}\", and nothing can be attached here"))
}

/// Without what is quoted, and without the line that says whose words they are.
fn own(text: &str) -> String {
    let quoted = |line: Option<&&str>| line.is_some_and(|line| line.trim_start().starts_with('>'));
    let lines: Vec<&str> = text.lines().collect();
    let introduces = |at: usize| lines[at].trim_end().ends_with(':') && quoted(lines.get(at + 1));
    let own = (0..lines.len()).filter(|at| !quoted(lines.get(*at)) && !introduces(*at));
    own.map(|at| lines[at]).collect::<Vec<_>>().join("\n")
}

/// Somebody is called who is not the customer: at the start anybody, elsewhere a colleague by name.
fn mention(state: &State, text: &str) -> Option<String> {
    let case = canned::about(state)?;
    let contact = canned::facts(state, case).case.map(|case| case.contact_name().raw().to_lowercase()).unwrap_or_default();
    let colleagues: Vec<String> = state.agents.iter().map(|agent| agent.name.raw().to_lowercase()).collect();
    let called = text.match_indices('@').filter(|(at, _)| text[..*at].chars().next_back().is_none_or(|before| !before.is_alphanumeric()));
    let mut names = called.map(|(at, _)| (at, text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-')).collect::<String>()));
    let is_of = |whole: &str, name: &str| whole.split_whitespace().any(|part| part == name);
    let found = names.find(|(at, name)| !name.is_empty() && !is_of(&contact, name) && (*at == 0 || colleagues.iter().any(|whole| is_of(whole, name))));
    found.map(|(_, name)| name)
}

fn begins(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| word.ends_with(':') || !rest.starts_with(char::is_alphanumeric))
}

/// As a word of its own.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
