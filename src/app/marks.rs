//! Marked cases: by their number, so that they stay marked while the list scrolls and news comes; they go with their view.
//! One by one, a stretch, all of a view, or those that are like one. What is done to all of them is `bulk`'s.

use super::update::say;
use super::{Action, Ask, Effect, Level, State, act, triage};
use crate::model::pick::{How, MOST, Pick, Picked};
use crate::model::{CaseId, Untrusted};
use std::collections::BTreeSet;

/// See the room's first lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    pub cases: BTreeSet<CaseId>,
    /// The last one that was marked: a stretch begins there.
    pub last: Option<CaseId>,
    /// What is being looked for.
    pub asked: Option<Pick>,
    /// The list was read again: some of them may have left it.
    pub doubted: bool,
}

impl Marks {
    pub fn has(&self, case: CaseId) -> bool {
        self.cases.contains(&case)
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    pub fn len(&self) -> usize {
        self.cases.len()
    }
}

/// Marks the chosen case, or takes its mark away, and steps on.
pub fn toggle(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.list.selected else { return act::nothing_chosen(state) };
    let marks = &mut state.list.marks;
    if marks.cases.remove(&case) {
        marks.last = None;
    } else if marks.len() < MOST {
        marks.cases.insert(case);
        marks.last = Some(case);
    } else {
        return say(state, Level::Warning, format!("{MOST} cases are marked: more are not taken at once"));
    }
    triage::select(state, 1)
}

/// Marks from the last mark to the cursor. What is further apart than the list that was read is asked for.
pub fn range(state: &mut State) -> Vec<Effect> {
    let Some(case) = state.list.selected else { return act::nothing_chosen(state) };
    let Some(from) = state.list.marks.last else {
        state.list.marks.cases.insert(case);
        state.list.marks.last = Some(case);
        return say(state, Level::Done, "marked from here: V on another row marks all between".to_owned());
    };
    let rows = &state.list.window.rows;
    let place = |id: CaseId| rows.iter().position(|row| row.id == id);
    let (Some(one), Some(other)) = (place(from), place(case)) else { return ask(state, How::Between(from, case)) };
    let between: Vec<CaseId> = rows[one.min(other)..=one.max(other)].iter().map(|row| row.id).collect();
    state.list.marks.last = Some(case);
    add(state, between, false, "")
}

/// Marks all of the view, as it is filtered.
pub fn all(state: &mut State) -> Vec<Effect> {
    if state.list.window.rows.is_empty() { act::nothing_chosen(state) } else { ask(state, How::All) }
}

/// Marks the cases of the view that are like the chosen one.
pub fn alike(state: &mut State) -> Vec<Effect> {
    match state.list.selected {
        Some(case) => ask(state, How::Like(case)),
        None => act::nothing_chosen(state),
    }
}

fn ask(state: &mut State, how: How) -> Vec<Effect> {
    let pick = Pick { view: state.list.view, filter: state.list.whole(), sort: state.list.sort(), how };
    state.list.marks.asked = Some(pick.clone());
    vec![Effect::Pick(pick)]
}

/// Takes all marks away; `false` when there was none.
pub fn clear(state: &mut State) -> bool {
    let had = !state.list.marks.is_empty() || state.list.marks.asked.is_some();
    state.list.marks = Marks::default();
    had
}

/// They were found, unless the agent went on meanwhile.
pub fn picked(state: &mut State, result: Result<Picked, String>) -> Vec<Effect> {
    let picked = match result {
        Ok(picked) if state.list.marks.asked.as_ref() == Some(&picked.pick) => picked,
        Ok(_) => return Vec::new(),
        Err(why) => {
            state.list.marks.asked = None;
            return say(state, Level::Error, format!("nothing was marked: {why}"));
        }
    };
    state.list.marks.asked = None;
    match picked.pick.how {
        How::Between(_, to) => state.list.marks.last = Some(to),
        How::Like(case) if picked.cases.len() <= 1 => return say(state, Level::Warning, format!("no other case of this view is like #{case}")),
        How::All | How::Like(_) => {}
    }
    add(state, picked.cases, picked.more, &picked.why)
}

fn add(state: &mut State, cases: Vec<CaseId>, more: bool, why: &str) -> Vec<Effect> {
    let found = cases.len();
    let marks = &mut state.list.marks;
    let room = MOST.saturating_sub(marks.len());
    let fresh: Vec<CaseId> = cases.into_iter().filter(|case| !marks.cases.contains(case)).collect();
    let left = fresh.len() > room;
    marks.cases.extend(fresh.into_iter().take(room));
    let marked = marks.len();
    let first = match why {
        "" => format!("{marked} marked"),
        why => format!("{found} like this: {}", Untrusted::from(why).brief(200)),
    };
    let all = if why.is_empty() || found == marked { String::new() } else { format!(" · {marked} marked") };
    let bound = match (more || left, why) {
        (false, _) => String::new(),
        (true, "") => format!(" · the view has more, only {MOST} are taken at once"),
        (true, _) => " · the view has more than were looked at".to_owned(),
    };
    say(state, Level::Done, format!("{first}{all}{bound} · {} takes the marks away", state.key(Action::Back)))
}

/// Asks which of them the view still has.
pub fn missing(state: &mut State) -> Vec<Effect> {
    if !std::mem::take(&mut state.list.marks.doubted) || state.list.marks.is_empty() {
        return Vec::new();
    }
    vec![Effect::Load(Ask::Kept { view: state.list.view, cases: state.list.marks.cases.iter().copied().collect() })]
}

/// What left the view is no longer marked, and that is said.
pub fn kept(state: &mut State, asked: &BTreeSet<CaseId>, kept: &BTreeSet<CaseId>) {
    let gone: Vec<CaseId> = asked.difference(kept).copied().filter(|case| state.list.marks.has(*case)).collect();
    let Some(first) = gone.first() else { return };
    state.list.marks.cases.retain(|case| !gone.contains(case));
    let named = if gone.len() <= 3 {
        gone.iter().map(|case| format!("#{case}")).collect::<Vec<_>>().join(", ")
    } else {
        format!("#{first} and {} more", gone.len() - 1)
    };
    let (have, are) = if gone.len() == 1 { ("has", "is") } else { ("have", "are") };
    let left = state.list.marks.len();
    let _notice = say(state, Level::Warning, format!("{named} {have} left the view and {are} no longer marked · {left} marked"));
}
