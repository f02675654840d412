//! `f`: the fields of a case and of its contact as a small form above the line. The arrows choose one, what is typed is its
//! value, Enter sends what changed, and nothing of it is queued before all of it can be read.

use super::line::{Edit, Line};
use super::prompt::{self, Prompt, PromptKind};
use super::update::say;
use super::{Action, Effect, Level, State, outbox, reader, tags};
use crate::model::field::{FieldKind, is_plain, typed};
use crate::model::{Case, CaseId, Change, FieldChange, FieldsOf, Object, Untrusted};
use serde_json::Value;
use tui_textarea::{Input, Key};

/// A form that is filled in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// The case it was opened on: it acts on no other.
    pub case: CaseId,
    pub rows: Vec<Blank>,
}

/// One field of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Blank {
    pub of: FieldsOf,
    /// Empty: a field that is not there yet, typed as `key: value`.
    pub key: String,
    pub kind: FieldKind,
    pub old: Value,
    pub text: String,
}

impl Blank {
    fn is_changed(&self) -> bool {
        self.text.trim() != typed(&self.old).trim()
    }

    fn label(&self) -> String {
        let words = |text: &str, most: usize| Untrusted::from(text).brief(most);
        if self.key.is_empty() {
            return if self.text.is_empty() { "+ another field of the case, as key: value".to_owned() } else { format!("+ {}", words(&self.text, 60)) };
        }
        let whose = if self.of == FieldsOf::Contact { "contact " } else { "" };
        let was = if self.is_changed() { format!("  (was {})", super::words::plain(&self.old)) } else { String::new() };
        let sign = if self.is_changed() { "*" } else { "·" };
        format!("{sign} {whose}{}: {}{was}", words(&self.key, 30), words(&self.text, 60))
    }

    /// What becomes of it; nothing where it stays as it is.
    fn change(&self, state: &State, fields: &Object) -> Result<Option<FieldChange>, String> {
        let read = |kind: &FieldKind, text: &str, old: &Value| kind.read(text, old, state.wall(), &state.settings.zone);
        if !self.is_changed() {
            return Ok(None);
        }
        if !self.key.is_empty() {
            let new = read(&self.kind, &self.text, &self.old).map_err(|error| format!("{}: {error}", self.key))?;
            return Ok((new != self.old).then(|| FieldChange { key: self.key.clone(), old: self.old.clone(), new }));
        }
        let (key, text) = self.text.split_once(':').ok_or("another field is written as key: value")?;
        let key = key.trim();
        if key.is_empty() || fields.contains_key(key) {
            return Err(if key.is_empty() { "a field needs a name".to_owned() } else { format!("there is a field '{key}' already") });
        }
        let new = read(&FieldKind::of(key, &Value::Null, &Object::new()), text, &Value::Null).map_err(|error| format!("{key}: {error}"))?;
        Ok((!new.is_null()).then(|| FieldChange { key: key.to_owned(), old: Value::Null, new }))
    }
}

/// Needs the case as it was read: what is not known can't be compared.
pub fn open(state: &mut State) -> Vec<Effect> {
    if super::bulk::wanted(state) {
        return say(
            state,
            Level::Warning,
            format!("fields are set case by case: {} takes the marks away, then {}", state.key(Action::Back), state.key(Action::Fields)),
        );
    }
    let Some(case) = state.target() else { return super::act::nothing_chosen(state) };
    let effects = reader::open_case(state, case);
    state.form = Some(Form { case, rows: Vec::new() });
    let shown = fill(state);
    if !shown && !effects.is_empty() {
        // The thread is on its way: the form opens when it is there.
        return effects;
    }
    if !shown {
        state.form = None;
        return say(state, Level::Warning, format!("#{case} has not been read yet: its fields are not known"));
    }
    [effects, ask(state)].concat()
}

/// The thread was read.
pub fn resume(state: &mut State) {
    if state.prompt.is_some() || state.form.as_ref().is_none_or(|form| !form.rows.is_empty()) {
        return;
    }
    if fill(state) {
        let _none = ask(state);
    } else {
        state.form = None;
    }
}

fn ask(state: &mut State) -> Vec<Effect> {
    if state.form.as_ref().is_none_or(|form| form.rows.is_empty()) {
        state.form = None;
        return say(state, Level::Warning, tags::refused(state).unwrap_or_else(|| "there are no fields to change".to_owned()));
    }
    let effects = prompt::open(state, PromptKind::Fields);
    choose(state, 0);
    effects
}

/// The rows, from the case as it is shown. False where it is not known.
fn fill(state: &mut State) -> bool {
    let Some(id) = state.form.as_ref().map(|form| form.case) else { return false };
    let takes = tags::refused(state).is_none();
    let Some(rows) = tags::shown(state, id).map(|case| blanks(&case, takes)) else { return false };
    if let Some(form) = &mut state.form {
        form.rows = rows;
    }
    true
}

fn blanks(case: &Case, takes: bool) -> Vec<Blank> {
    let of = |of: FieldsOf, extra: &Object| {
        let plain = of.fields(case).into_iter().flatten().filter(|(_, value)| is_plain(value));
        let blank =
            |(key, value): (&String, &Value)| Blank { of, kind: FieldKind::of(key, value, extra), text: typed(value), key: key.clone(), old: value.clone() };
        plain.map(blank).collect::<Vec<_>>()
    };
    let mut rows = if takes { of(FieldsOf::Case, &case.extra) } else { Vec::new() };
    if takes {
        rows.push(Blank::default());
    }
    let contact = case.contact.as_ref().map(|contact| of(FieldsOf::Contact, &contact.extra));
    rows.extend(contact.into_iter().flatten());
    rows
}

pub fn lines(state: &State) -> Vec<String> {
    state.form.as_ref().map_or_else(Vec::new, |form| form.rows.iter().map(Blank::label).collect())
}

/// What the chosen one takes, for the bottom line.
pub fn hint(state: &State, chosen: usize) -> String {
    let row = state.form.as_ref().and_then(|form| form.rows.get(chosen));
    row.filter(|row| !row.key.is_empty()).map_or_else(String::new, |row| Untrusted::from(row.kind.words()).brief(40))
}

/// What was typed belongs to the row; another one comes onto the line.
fn choose(state: &mut State, at: usize) {
    let (Some(form), Some(prompt)) = (&mut state.form, &mut state.prompt) else { return };
    prompt.chosen = at.min(form.rows.len().saturating_sub(1));
    prompt.text = form.rows.get(prompt.chosen).map_or_else(Line::default, |row| row.text.as_str().into());
    prompt.choices = form.rows.iter().map(Blank::label).collect();
}

/// Letters change the value; the arrows and Tab go on.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let prompt = state.prompt.as_mut().filter(|prompt| prompt.kind == PromptKind::Fields)?;
    let at = prompt.chosen;
    prompt.error = None;
    match (input.key, input.ctrl) {
        (Key::Down, _) | (Key::Char('n'), true) => choose(state, at + 1),
        (Key::Up, _) | (Key::Char('p'), true) => choose(state, at.saturating_sub(1)),
        (Key::Tab, _) => choose(state, if input.shift { at.saturating_sub(1) } else { at + 1 }),
        _ => match prompt.text.pressed(input) {
            Edit::Changed => pasted(state),
            Edit::Moved => {}
            Edit::No => return None,
        },
    }
    Some(Vec::new())
}

/// The line changed.
pub fn pasted(state: &mut State) {
    let (Some(form), Some(prompt)) = (&mut state.form, &mut state.prompt) else { return };
    if let Some(row) = form.rows.get_mut(prompt.chosen) {
        prompt.text.as_str().clone_into(&mut row.text);
    }
    prompt.choices = form.rows.iter().map(Blank::label).collect();
}

/// All that changed, as one step; the first that can't be read is chosen instead.
pub fn accept(state: &mut State, prompt: Prompt) -> Vec<Effect> {
    let Some(form) = state.form.take() else { return Vec::new() };
    let fields = tags::shown(state, form.case).map(|case| case.fields.clone()).unwrap_or_default();
    let (mut case, mut contact) = (Vec::new(), Vec::new());
    for (at, row) in form.rows.iter().enumerate() {
        match row.change(state, &fields) {
            Ok(change) => if row.of == FieldsOf::Case { &mut case } else { &mut contact }.extend(change),
            Err(error) => {
                state.form = Some(form);
                let again = prompt::again(state, prompt, error);
                choose(state, at);
                return again;
            }
        }
    }
    let sets = [(FieldsOf::Case, case), (FieldsOf::Contact, contact)].into_iter().filter(|(_, set)| !set.is_empty());
    let changes: Vec<Change> = sets.map(|(of, set)| Change::Fields { of, set }).collect();
    if changes.is_empty() {
        return say(state, Level::Warning, "nothing was changed".to_owned());
    }
    outbox::act(state, form.case, changes, None)
}
