//! `A`: colleagues and departments, each with a letter that gives them the case at once. Who is asked most often comes first;
//! a letter that was used stays. `/` looks for a name instead. At the server it is an invitation.

use super::prompt::{self, Prompt, PromptKind};
use super::repeat::{self, Deed};
use super::{Effect, State, fuzzy, habits, outbox};
use crate::model::{Change, Habit, Timestamp, UserId};
use chrono::Duration;
use tui_textarea::{Input, Key};

/// Between two letters of a name.
const SPELLING: Duration = Duration::milliseconds(700);

/// To whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    Agent(UserId),
    Department(i64),
}

/// A line of the picker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    pub who: Who,
    pub name: String,
    pub letter: Option<char>,
}

impl Who {
    /// What habits call it.
    fn key(self) -> String {
        match self {
            Self::Agent(id) => format!("u{id}"),
            Self::Department(id) => format!("d{id}"),
        }
    }
}

/// Everybody there is, who is asked most often first; oneself last.
fn all(state: &State) -> Vec<Receiver> {
    let me = state.me_id();
    let agents = state.agents.iter().map(|agent| {
        let you = if me == Some(UserId(agent.id)) { " (you)" } else { "" };
        (Who::Agent(UserId(agent.id)), format!("{}{you}", agent.name.brief(60)))
    });
    let departments =
        state.account.departments.iter().map(|department| (Who::Department(department.id), format!("{} (department)", department.name.brief(60))));
    let habit = |who: &Who| state.habits.receivers.get(&who.key());
    let mut all: Vec<Receiver> =
        agents.chain(departments).map(|(who, name)| Receiver { letter: habit(&who).and_then(|habit| habit.letter), who, name }).collect();
    let count = |receiver: &Receiver| habit(&receiver.who).map_or(0, |habit| habit.count);
    all.sort_by_cached_key(|one| (me.is_some_and(|me| one.who == Who::Agent(me)), std::cmp::Reverse(count(one)), one.name.to_lowercase(), one.who));
    letter(&mut all);
    all
}

/// Gives everybody a letter that nobody else has: of the name where one is left. In the order of their numbers, so that who was
/// never asked keeps theirs too.
fn letter(all: &mut [Receiver]) {
    let mut taken: Vec<char> = Vec::new();
    for receiver in all.iter_mut() {
        // Learned in two processes at once.
        receiver.letter = receiver.letter.filter(|letter| letter.is_ascii_alphabetic() && !taken.contains(letter));
        taken.extend(receiver.letter);
    }
    let mut order: Vec<usize> = (0..all.len()).filter(|at| all[*at].letter.is_none()).collect();
    order.sort_by_key(|at| all[*at].who);
    for at in order {
        // Capitals are for departments: whoever is new among the agents takes none of theirs.
        let (own, team) = (all[at].name.to_lowercase(), matches!(all[at].who, Who::Department(_)));
        let small = own.chars().filter(char::is_ascii_lowercase).chain('a'..='z');
        let wished = small.clone().map(|letter| if team { letter.to_ascii_uppercase() } else { letter });
        let others = small.map(|letter| if team { letter } else { letter.to_ascii_uppercase() });
        let free = wished.chain(others).find(|letter| !taken.contains(letter));
        all[at].letter = free;
        taken.extend(free);
    }
}

/// What fits what was typed behind the `/`.
pub fn receivers(state: &State, typed: &str) -> Vec<Receiver> {
    let all = all(state);
    let words = typed.strip_prefix('/').unwrap_or(typed).trim();
    if words.is_empty() {
        return all;
    }
    let mut found: Vec<(i32, Receiver)> = all.into_iter().filter_map(|one| Some((-fuzzy::score(words, &one.name)?, one))).collect();
    found.sort_by_key(|(score, _)| *score);
    found.into_iter().map(|(_, one)| one).collect()
}

/// `o  Ola Nordmann`; while a name is looked for letters are letters.
pub fn lines(state: &State, typed: &str) -> Vec<String> {
    let letter = |one: &Receiver| if typed.is_empty() { one.letter.unwrap_or(' ') } else { ' ' };
    receivers(state, typed).iter().map(|one| format!("{}  {}", letter(one), one.name)).collect()
}

/// A letter gives it at once.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let prompt = state.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Assign && prompt.text.is_empty())?;
    let Key::Char(letter) = input.key else { return None };
    if input.ctrl || letter == '/' {
        return None;
    }
    let found = receivers(state, "").into_iter().find(|one| one.letter == Some(letter));
    let prompt = prompt.clone();
    Some(match found {
        Some(found) => {
            state.focus = prompt.from;
            state.prompt = None;
            state.pick.spelled = found.name.to_lowercase().chars().skip_while(|c| *c != letter.to_ascii_lowercase()).skip(1).collect();
            give(state, found.who)
        }
        None => prompt::again(state, prompt, format!("nobody has the letter '{letter}': / looks for a name")),
    })
}

/// Whoever types a name is not done with its first letter: what follows it in one go is no command.
pub fn spelled(state: &mut State, input: &Input, last: Option<Timestamp>) -> bool {
    let mut rest = std::mem::take(&mut state.pick.spelled);
    let quick = last.is_some_and(|last| state.now - last <= SPELLING);
    let Key::Char(c) = input.key else { return false };
    if input.ctrl || !quick || !c.to_lowercase().eq(rest.chars().take(1)) {
        return false;
    }
    rest.remove(0);
    state.pick.spelled = rest;
    true
}

pub fn accept(state: &mut State, prompt: Prompt) -> Vec<Effect> {
    match receivers(state, &prompt.text).into_iter().nth(prompt.chosen) {
        Some(found) => give(state, found.who),
        None => prompt::again(state, prompt, "no agent is called that".to_owned()),
    }
}

/// By the whole name, when only one is called so.
pub fn named(state: &mut State, prompt: Prompt, name: &str) -> Vec<Effect> {
    let mut called = all(state).into_iter().filter(|one| one.name.to_lowercase() == name.to_lowercase());
    match (called.next(), called.next()) {
        (Some(found), None) => give(state, found.who),
        (Some(_), Some(_)) => prompt::again(state, prompt, format!("several are called '{name}': assign without a name shows them")),
        (None, _) => prompt::again(state, prompt, format!("nobody is called '{name}'")),
    }
}

/// Invites them into the painted case.
pub fn give(state: &mut State, who: Who) -> Vec<Effect> {
    let (users, departments) = match who {
        Who::Agent(user) => (vec![user], Vec::new()),
        Who::Department(id) => (Vec::new(), vec![id]),
    };
    let letter = all(state).into_iter().find(|one| one.who == who).and_then(|one| one.letter);
    let effects = outbox::act_on_target(state, Change::Assign { users, departments });
    let mut effects = repeat::done(state, Deed::Assign(who), effects);
    if effects.iter().any(|effect| matches!(effect, Effect::Queue(_))) {
        effects.extend(habits::learn(state, Habit::Given { to: who.key(), letter }));
    }
    effects
}
