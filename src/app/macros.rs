//! `m` and `/`: the picker of canned replies. `m` runs one as one step (claim, say, close or snooze, next), `/` puts its
//! text where the cursor is. It acts on the case it was opened on and on no other, and throws no draft away.

use super::bindings::Found;
use super::prompt::{self, Prompt, PromptKind};
use super::repeat::{self, Deed};
use super::update::say;
use super::{Action, Ask, Effect, Focus, Level, State, bulk, canned, chord, compose, outbox, reader, snooze, triage, words};
use crate::model::canned::template::unfilled;
use crate::model::{Canned, CaseId, Change, Draft, DraftKind, MessageKind, Status};
use tui_textarea::{CursorMove, Input, Key};

/// `.`: the same on another case, once what it needs of that one was read.
pub fn again(state: &mut State, name: String) -> Vec<Effect> {
    let effects = read(state);
    if state.canned.about.is_some() && state.canned.about == state.target() {
        state.canned.again = Some(name);
    }
    effects
}

/// It was.
pub fn resume(state: &mut State, case: CaseId) -> Vec<Effect> {
    let Some(name) = state.canned.again.take_if(|_| state.canned.about == Some(case)) else { return Vec::new() };
    let Some(reply) = state.canned.replies.iter().find(|reply| reply.name == name).cloned() else {
        return say(state, Level::Warning, format!("nothing was done: no canned reply is called '{name}' any more"));
    };
    let effects = run(state, &reply);
    repeat::again(state);
    effects
}

/// `m`: the thread is read first, for what is put into the text; and what the agent wrote there already.
pub fn open(state: &mut State) -> Vec<Effect> {
    let mut effects = read(state);
    if !effects.is_empty() {
        effects.extend(prompt::open(state, PromptKind::Macro));
    }
    effects
}

fn read(state: &mut State) -> Vec<Effect> {
    (state.canned.about, state.canned.again) = (None, None);
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    if outbox::status(state, case) == Some(Status::Closed) && !bulk::wanted(state) {
        let why = words::closed(state, case);
        return say(state, Level::Warning, why);
    }
    let mut effects = vec![Effect::Restock];
    effects.extend(reader::open_case(state, case));
    effects.push(Effect::Load(Ask::Draft(case)));
    (state.canned.about, state.canned.draft) = (Some(case), None);
    effects
}

/// By its name: the picker comes narrowed to it, with what it would say.
pub fn open_at(state: &mut State, name: &str) -> Vec<Effect> {
    let effects = open(state);
    if let Some(prompt) = state.prompt.as_mut().filter(|prompt| prompt.kind == PromptKind::Macro) {
        prompt.text = name.into();
    }
    prompt::again_from(state);
    effects
}

/// `/`, or the letter in its place, at the start of an empty line, where there is something to pick. Typed: a paste never comes here.
pub fn called(state: &State, input: &Input) -> bool {
    let picks = || state.settings.keys.find(Focus::Compose, &chord::name(input)) == Found::Action(Action::Canned);
    matches!(input.key, Key::Char(_)) && !input.ctrl && !input.alt && picks() && offers(state)
}

/// Is the cursor where `/` picks, and is there something to pick?
pub fn offers(state: &State) -> bool {
    let empty = |compose: &compose::Compose| compose.area.lines().get(compose.area.cursor().0).is_some_and(String::is_empty);
    state.compose.as_ref().is_some_and(empty) && !offered(state, "", PromptKind::Canned).is_empty()
}

pub fn pick(state: &mut State) -> Vec<Effect> {
    state.canned.about = canned::about(state);
    let mut effects = vec![Effect::Restock];
    effects.extend(prompt::open(state, PromptKind::Canned));
    effects
}

/// What a picker offers: in a reply nothing that is for colleagues.
pub fn offered<'s>(state: &'s State, typed: &str, kind: PromptKind) -> Vec<&'s Canned> {
    let inserts = kind == PromptKind::Canned;
    let reply = inserts && state.compose.as_ref().is_some_and(|compose| compose.kind == DraftKind::Reply);
    canned::fitting(state, typed, inserts).into_iter().filter(|canned| !(reply && canned.note)).collect()
}

/// `:reload`
pub fn reload(state: &mut State) -> Vec<Effect> {
    state.canned.reload = true;
    vec![Effect::Restock]
}

/// The files were read again. What is wrong with one is said when it is news, or when the agent asked.
pub fn stocked(state: &mut State, replies: Vec<Canned>, flaws: &[String]) -> Vec<Effect> {
    state.canned.replies = replies;
    prompt::again_from(state);
    let asked = std::mem::take(&mut state.canned.reload);
    let known = std::mem::replace(&mut state.canned.flaws, flaws.to_vec()) == flaws;
    match flaws.first() {
        Some(first) if asked || !known => {
            let more = if flaws.len() > 1 { format!(", and {} more: caseload doctor", flaws.len() - 1) } else { String::new() };
            say(state, Level::Warning, format!("{first}{more}"))
        }
        None if asked => {
            let count = state.canned.replies.len();
            say(state, Level::Done, format!("canned replies read again: {count}"))
        }
        _ => Vec::new(),
    }
}

/// What the disk has as the draft of the case.
pub fn drafted(state: &mut State, case: CaseId, draft: Option<&Draft>) {
    if state.canned.about == Some(case) {
        state.canned.draft = draft.filter(|draft| !draft.text.trim().is_empty()).cloned();
    }
}

/// What only these two pickers do with a key: a digit takes the one with that key, Backspace takes the `/` back.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let prompt = state.prompt.as_ref().filter(|prompt| prompt.picks_reply() && prompt.text.is_empty())?;
    match (input.key, input.ctrl) {
        (Key::Backspace, _) | (Key::Char('h'), true) => {
            state.focus = prompt.from;
            state.prompt = None;
            Some(Vec::new())
        }
        (Key::Char(c), false) => {
            let key = c.to_digit(10)?;
            let keyed = |reply: &&Canned| reply.key.is_some_and(|own| u32::from(own) == key);
            let name = offered(state, "", prompt.kind).into_iter().find(keyed)?.name.clone();
            let prompt = state.prompt.take()?;
            state.focus = prompt.from;
            Some(accept(state, prompt, Some(name)))
        }
        _ => None,
    }
}

pub fn accept(state: &mut State, prompt: Prompt, picked: Option<String>) -> Vec<Effect> {
    let reply = picked.and_then(|name| offered(state, "", prompt.kind).into_iter().find(|reply| reply.name == name).cloned());
    match (prompt.kind, reply) {
        (PromptKind::Canned, None) => left(state, &prompt.text),
        (PromptKind::Canned, Some(reply)) => insert(state, &reply),
        (_, None) => prompt::again(state, prompt, "nothing is called that".to_owned()),
        (_, Some(reply)) => run(state, &reply),
    }
}

/// Nothing was picked: what was typed is text.
pub fn left(state: &mut State, typed: &str) -> Vec<Effect> {
    let now = state.now;
    if let Some(compose) = &mut state.compose
        && compose.area.insert_str(format!("/{typed}"))
    {
        compose.dirty = Some(now);
    }
    Vec::new()
}

/// Puts the text where the cursor is, and the cursor where something is missing.
fn insert(state: &mut State, reply: &Canned) -> Vec<Effect> {
    let now = state.now;
    let Some(case) = state.compose.as_ref().map(|compose| compose.case) else { return Vec::new() };
    // What goes to many is filled in for each of them later.
    let many = || canned::Filled { text: reply.text.clone(), gaps: Vec::new() };
    let filled = if case == bulk::MANY { many() } else { canned::fill(&reply.text, &canned::facts(state, case)) };
    if let Some(compose) = &mut state.compose
        && compose.area.insert_str(&filled.text)
    {
        compose.dirty = Some(now);
    }
    state.canned.meant = reply.state.clone().map(|state| (case, state));
    if filled.gaps.is_empty() {
        return Vec::new();
    }
    mark_gap(state);
    say(state, Level::Warning, format!("{}: write over it", unknown(&filled.gaps)))
}

/// All that a macro does, as one step of undo.
fn run(state: &mut State, reply: &Canned) -> Vec<Effect> {
    if bulk::wanted(state) {
        return bulk::open(state, bulk::Job::Canned(reply.clone()));
    }
    let Some(case) = state.target().filter(|case| state.canned.about == Some(*case)) else {
        return say(state, Level::Warning, "another case is chosen now: nothing was done, m again".to_owned());
    };
    if outbox::status(state, case) == Some(Status::Closed) {
        let why = words::closed(state, case);
        return say(state, Level::Warning, why);
    }
    let filled = canned::fill(&reply.text, &canned::facts(state, case));
    if state.canned.draft.as_ref().is_some_and(|draft| came_back(state, case, draft)) {
        state.canned.draft = None;
    }
    if reply.speaks() && (!filled.gaps.is_empty() || state.canned.draft.is_some()) {
        return complete(state, case, reply, &filled);
    }
    if reply.speaks() && said_already(state, case, &filled.text) {
        return say(state, Level::Warning, format!("nothing was done: the last words on #{case} are these already; r, then / puts them in once more"));
    }
    let rest = reply.snooze.as_ref().map(|words| snooze::change(state, case, words));
    let rest = match rest.transpose() {
        Ok(rest) => rest,
        Err(error) => return say(state, Level::Warning, format!("nothing was done: {error}")),
    };
    let mut changes = changes(reply, filled.text, outbox::status(state, case) == Some(Status::Pending));
    changes.extend(rest);
    let answers = compose::newest(state, case);
    let effects = outbox::act(state, case, changes, answers);
    let mut effects = repeat::done(state, Deed::Macro(reply.name.clone()), effects);
    if reply.goes_on() {
        effects.extend(triage::step_over(state, case));
    }
    effects
}

/// A key that was pressed twice says nothing twice: not while it is on its way, and not when nobody has written since.
fn said_already(state: &State, case: CaseId, text: &str) -> bool {
    let on_its_way = state.outbox.of(case).any(|op| !op.state.is_final() && op.mutation.change.adds_message() && op.mutation.change.text() == Some(text));
    let messages = state.reader.as_ref().filter(|reader| reader.case == case).map(|reader| reader.conversation.messages.iter().rev());
    let last = messages.and_then(|mut messages| messages.find(|message| message.kind != MessageKind::Event && message.case_id == case));
    on_its_way || last.is_some_and(|message| !message.from_contact() && message.message.raw() == text)
}

/// The text of a macro that was taken back, as it was: nobody's own words, so that the right one can follow a slip at once.
fn came_back(state: &State, case: CaseId, draft: &Draft) -> bool {
    let facts = canned::facts(state, case);
    state.canned.replies.iter().filter(|reply| reply.speaks()).any(|reply| canned::fill(&reply.text, &facts).text.trim_end() == draft.text.trim_end())
}

/// What it says and how it closes; a case that is nobody's is claimed by whoever answers.
pub fn changes(reply: &Canned, text: String, pending: bool) -> Vec<Change> {
    let said = reply.speaks().then_some(if reply.note { Change::Note { text } } else { Change::reply(text) });
    let claim = (pending && said.is_some()).then_some(Change::Claim);
    let close = reply.state.clone().map(|state| Change::Close { state });
    [claim, said, close].into_iter().flatten().collect()
}

/// Something is missing, or the agent had begun to write: the text comes into the box instead, below what stands there.
fn complete(state: &mut State, case: CaseId, reply: &Canned, filled: &canned::Filled) -> Vec<Effect> {
    let (now, draft) = (state.now, state.canned.draft.take());
    let begun = draft.as_ref().is_some_and(|draft| draft.kind == DraftKind::Note);
    let effects = compose::open(state, if reply.note || begun { DraftKind::Note } else { DraftKind::Reply });
    let Some(compose) = &mut state.compose else { return effects };
    if let Some(draft) = &draft {
        compose.area.insert_str(format!("{}\n\n", draft.text.trim_end()));
        (compose.answers, compose.saved, compose.known) = (draft.answers.or(compose.answers), Some(draft.updated), None);
        compose.head.clone_from(&draft.head);
    }
    compose.area.insert_str(&filled.text);
    compose.dirty = Some(now);
    compose::news(state);
    state.canned.meant = reply.state.clone().map(|state| (case, state));
    mark_gap(state);
    let why = match (filled.gaps.as_slice(), draft) {
        ([], _) => format!("not sent: a draft of yours stood here, the text of \"{}\" is below it", reply.name),
        (gaps, _) => format!("not sent: {}, write over it", unknown(gaps)),
    };
    let _notice = say(state, Level::Warning, why);
    effects
}

/// The first gap is selected: what is typed takes its place.
pub fn mark_gap(state: &mut State) -> Option<String> {
    let compose = state.compose.as_mut()?;
    let text = compose.text();
    // What somebody else wrote is no text of ours to fill in.
    let quoted = |at: usize| text[..at].rsplit('\n').next().is_some_and(|line| line.trim_start().starts_with('>'));
    let gap = unfilled(&text).find(|gap| !quoted(gap.at))?;
    let (row, before) = (text[..gap.at].matches('\n').count(), text[..gap.at].rsplit('\n').next().unwrap_or_default().chars().count());
    let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    compose.area.cancel_selection();
    compose.area.move_cursor(CursorMove::Jump(place(row), place(before)));
    compose.area.start_selection();
    compose.area.move_cursor(CursorMove::Jump(place(row), place(before + gap.whole.chars().count())));
    Some(gap.whole.to_owned())
}

/// `{{case.order}} is not known`
pub fn unknown(gaps: &[String]) -> String {
    format!("{} {} not known", gaps.join(" and "), if gaps.len() == 1 { "is" } else { "are" })
}

/// What a text that came from a canned reply closes with, when it says so.
pub fn meant(state: &State, case: CaseId) -> Option<&str> {
    state.canned.meant.as_ref().filter(|(about, _)| *about == case).map(|(_, word)| word.as_str())
}

/// The same; else the last used state.
pub fn closing_state(state: &State, case: CaseId) -> String {
    meant(state, case).map_or_else(|| super::habits::closing(state, Some(case)), str::to_owned)
}
