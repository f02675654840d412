//! `t`: the picker of tags. Letters narrow it, Space and Tab mark, Enter sets what was marked as one change; what is typed and
//! known to nobody is a new tag. It acts on the case it was opened on, also when that is only read meanwhile.

use super::prompt::{self, Prompt, PromptKind};
use super::repeat::{self, Deed};
use super::update::say;
use super::{Ask, Effect, Level, State, bulk, fuzzy, outbox, pending, reader};
use crate::model::{Account, Case, CaseId, Change, Untrusted};
use std::borrow::Cow;
use tui_textarea::{Input, Key};

/// What is being picked for a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picking {
    /// The case the picker was opened on: it acts on no other. None where it is for all marked ones: what they have is not read, so
    /// that nothing is ticked, and what is ticked is added.
    pub case: Option<CaseId>,
    /// What was marked, or unmarked, since.
    pub marks: Vec<(String, bool)>,
    /// What follows in the name that a letter picked, in small letters.
    pub spelled: String,
}

/// A tag as the picker has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub name: String,
    pub on: bool,
    /// Nobody has it yet.
    pub new: bool,
}

impl Offer {
    fn label(&self) -> String {
        let sign = if self.on { "x" } else { " " };
        let name = Untrusted::from(self.name.as_str()).brief(60);
        if self.new { format!("[{sign}] {name}  (a new tag)") } else { format!("[{sign}] {name}") }
    }
}

/// Why the server does not take tags and fields, as far as it said so.
pub fn refused(state: &State) -> Option<String> {
    let words = "this server does not offer it: its API documents no way to change tags or fields of a case (caseload serve has one)";
    (state.habits.case_update == Some(false)).then(|| words.to_owned())
}

/// The thread is read for the tags the case has already.
pub fn open(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    if let Some(why) = refused(state) {
        return say(state, Level::Warning, why);
    }
    let many = bulk::wanted(state);
    if many && let Some(effects) = bulk::still_looking(state) {
        return effects;
    }
    let mut effects = if many { Vec::new() } else { reader::open_case(state, case) };
    effects.push(Effect::Load(Ask::Account));
    state.pick = Picking { case: (!many).then_some(case), ..Picking::default() };
    effects.extend(prompt::open(state, PromptKind::Tag));
    effects
}

/// Says of how many cases, where it is more than one.
pub fn title(state: &State, prompt: &Prompt) -> Option<String> {
    let many = state.list.marks.len();
    let cases = if many == 1 { "case" } else { "cases" };
    (prompt.kind == PromptKind::Tag && prompt.many).then(|| format!("tags of {many} {cases} · Space ticks, Enter adds them"))
}

/// The words of the account were read.
pub fn loaded(state: &mut State, account: Account) {
    state.account = account;
    prompt::again_from(state);
}

/// The case as it is shown, where it was read.
pub fn shown(state: &State, case: CaseId) -> Option<Cow<'_, Case>> {
    let confirmed = state.reader.as_ref().and_then(|reader| reader.conversation.case(case))?;
    Some(pending::replay(confirmed, &state.outbox.ops))
}

/// What there is to pick from: the tags of the case first, then those of the account; what fits best first where letters were typed.
pub fn offers(state: &State, typed: &str) -> Vec<Offer> {
    let case = state.pick.case.and_then(|case| shown(state, case));
    let has = |name: &str| case.as_ref().is_some_and(|case| case.has_tag(name));
    let own = case.iter().flat_map(|case| &case.tags).chain(&state.account.tags).map(|tag| tag.name.raw().to_owned());
    let mut names: Vec<String> = Vec::new();
    for name in own.chain(state.pick.marks.iter().map(|(name, _)| name.clone())).filter(|name| !name.trim().is_empty()) {
        if !names.iter().any(|known| is_same(known, &name)) {
            names.push(name);
        }
    }
    let on = |name: &str| state.pick.marks.iter().rev().find(|(marked, _)| is_same(marked, name)).map_or_else(|| has(name), |(_, on)| *on);
    let typed = typed.trim();
    let known = names.iter().any(|name| is_same(name, typed));
    let mut found: Vec<(i32, Offer)> = names
        .into_iter()
        .filter_map(|name| Some((-fuzzy::score(typed, &name).filter(|_| !typed.is_empty()).or(typed.is_empty().then_some(0))?, name)))
        .map(|(score, name)| (score, Offer { on: on(&name), name, new: false }))
        .collect();
    found.sort_by_key(|(score, _)| *score);
    let new = (!typed.is_empty() && !known).then(|| Offer { name: typed.to_owned(), on: false, new: true });
    found.into_iter().map(|(_, offer)| offer).chain(new).collect()
}

/// As lines of the picker.
pub fn lines(state: &State, typed: &str) -> Vec<String> {
    offers(state, typed).iter().map(Offer::label).collect()
}

fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Space and Tab mark what is lit; a space inside of a new name is a letter.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let prompt = state.prompt.as_ref().filter(|prompt| prompt.kind == PromptKind::Tag)?;
    let lit = offers(state, &prompt.text).into_iter().nth(prompt.chosen);
    match (input.key, lit) {
        (Key::Tab, Some(offer)) => mark(state, &offer),
        (Key::Char(' '), Some(offer)) if !offer.new => mark(state, &offer),
        _ => return None,
    }
    Some(Vec::new())
}

fn mark(state: &mut State, offer: &Offer) {
    state.pick.marks.retain(|(name, _)| !is_same(name, &offer.name));
    state.pick.marks.push((offer.name.clone(), !offer.on));
    let all = offers(state, "");
    let at = all.iter().position(|other| is_same(&other.name, &offer.name)).unwrap_or(0);
    if let Some(prompt) = &mut state.prompt {
        prompt.text.clear();
        (prompt.choices, prompt.chosen) = (all.iter().map(Offer::label).collect(), at);
    }
}

/// Enter: with nothing marked, or with letters typed, what is lit is meant as well.
pub fn accept(state: &mut State, prompt: &Prompt) -> Vec<Effect> {
    let lit = offers(state, &prompt.text).into_iter().nth(prompt.chosen);
    let mut marks = std::mem::take(&mut state.pick.marks);
    // What was marked already is not taken back by the key that ends it.
    let fresh = |lit: &Offer| !marks.iter().any(|(name, _)| is_same(name, &lit.name));
    if let Some(lit) = lit.filter(|lit| fresh(lit) && (marks.is_empty() || !prompt.text.trim().is_empty())) {
        marks.push((lit.name, !lit.on));
    }
    if prompt.many {
        let add: Vec<String> = marks.into_iter().filter(|(_, on)| *on).map(|(name, _)| name.trim().to_owned()).collect();
        if add.is_empty() {
            return say(state, Level::Warning, "nothing was ticked: what is ticked is added to all of them");
        }
        return bulk::open(state, bulk::Job::Do(Change::Tag { add, remove: Vec::new() }));
    }
    state.pick.case.take().map_or_else(Vec::new, |case| set(state, case, &marks))
}

/// Those that change something, as one change.
pub fn set(state: &mut State, case: CaseId, marks: &[(String, bool)]) -> Vec<Effect> {
    let many = bulk::wanted(state);
    let known = shown(state, case).filter(|_| !many);
    let has = |name: &str| known.as_ref().map(|known| known.has_tag(name));
    let wanted = marks.iter().filter(|(name, on)| has(name) != Some(*on)).map(|(name, on)| (name.trim().to_owned(), *on));
    let (add, remove): (Vec<_>, Vec<_>) = wanted.partition(|(_, on)| *on);
    let names = |marks: Vec<(String, bool)>| marks.into_iter().map(|(name, _)| name).collect::<Vec<String>>();
    let (add, remove) = (names(add), names(remove));
    if add.is_empty() && remove.is_empty() {
        return say(state, Level::Warning, format!("#{case} has these tags already"));
    }
    if many {
        return bulk::open(state, bulk::Job::Do(Change::Tag { add, remove }));
    }
    let effects = outbox::act(state, case, vec![Change::Tag { add, remove }], None);
    repeat::done(state, Deed::Tag(marks.to_vec()), effects)
}
