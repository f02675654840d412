//! The one door of the core: an event in, effects out. What belongs together lives in its own file; this one only
//! sends each event to its place, and lets the clockwork (`sync`, `outbox`) have the last word.

use super::bindings::Found;
use super::panes::Topic;
use super::{
    Action, Ask, Effect, Event, Failure, FailureKind, Focus, Level, Link, Loaded, Notice, State, assign, bulk, chord, clip, compose, files, habits, help, hunt,
    lane, later, leave, links, log, macros, marks, notify, outbox, own, page, pointer, prompt, proof, reader, receipt, review, said, screen, search, sync,
    tags, timeline, triage, undo, views, which, workload,
};
use crate::model::{OpState, Timestamp};
use tui_textarea::{Input, Key};

/// Seconds between two ages of the data that the bar shows: rare, because each wakes the loop.
pub const AGE_STEP: i64 = 15;

/// Changes the state and says what is to be done. Pure: same state, time and event, same answer.
pub fn update(state: &mut State, now: Timestamp, event: Event) -> Vec<Effect> {
    state.now = now;
    let mut effects = match event {
        Event::Started { last_pull } => started(state, last_pull),
        Event::Pressed(input) => pressed(state, &input),
        Event::Pasted(text) => pasted(state, &text),
        Event::Said(line) => said::said(state, &line),
        Event::Pointed(pointer) => pointer::pointed(state, pointer),
        Event::Resized { width, height } => resized(state, width, height),
        Event::Woke => woke(state),
        Event::Drained => return drained(state),
        Event::Loaded(loaded) => self::loaded(state, *loaded),
        Event::Ran { ticket, result } => own::answered(state, ticket, result),
        Event::Worked(result) => workload::read(state, *result),
        Event::Picked(result) => marks::picked(state, result),
        Event::Greeted { me, idempotency, events, updates, translates } => sync::greeted(state, me, [idempotency, events, updates], translates),
        Event::PullAdvanced { done, total } => sync::advanced(state, done, total),
        Event::Pulled(result) => sync::pulled(state, result),
        Event::Fetched { case, result } => fetched(state, case, result),
        Event::Told { case, result } => timeline::told(state, case, result),
        Event::Pushed { op, outcome } => outbox::pushed(state, op, *outcome),
        Event::Looked { op, result } => proof::looked(state, op, *result),
        Event::Unmarked(op) => outbox::unmarked(state, op),
        Event::ClockMoved(ahead) => clock_moved(state, ahead),
        Event::Sighted(seen) => proof::sighted(state, &seen),
        Event::Commanded { case, thread, change } => outbox::commanded(state, case, thread, change),
        Event::Planned { case, thread, change, due } => later::commanded(state, case, thread, change, due),
        Event::SyncAsked(plan) => sync::asked(state, plan),
        Event::Decided { op, decision } => review::decided(state, op, decision),
        Event::Found { number, text, result } => search::found(state, number, text, *result),
        Event::Counted(counts) => views::counted(state, counts),
        Event::Assisted { ticket, result } => compose::assist::answered(state, ticket, result),
        Event::Edited(text) => compose::edited(state, text),
        Event::Stocked { replies, flaws } => macros::stocked(state, replies, &flaws),
        Event::Copied { what, taken } => clip::copied(state, &what, &taken),
        Event::Opened { error } => links::opened(state, error.as_deref()),
        Event::SaveAdvanced { name, done, whole } => files::advanced(state, &name, done, whole),
        Event::Saved(saved) => files::saved(state, saved),
        Event::DiskFailed(why) => outbox::disk_failed(state, &why),
        Event::ChangedElsewhere => changed_elsewhere(state),
        Event::Sender(sender) => outbox::sender(state, sender),
        Event::Pinged => sync::pinged(state),
        Event::Closing => leave::leave(state, true),
    };
    compose::edit::settle(state);
    compose::assist::turn(state, &mut effects);
    own::turn(state);
    lane::turn(state, &mut effects);
    sync::turn(state, &mut effects);
    effects.extend(notify::needs(state, &effects));
    state.turned = now;
    effects
}

fn started(state: &mut State, last_pull: Option<Timestamp>) -> Vec<Effect> {
    state.sync.last_ok = last_pull.map(|at| at - state.ahead);
    state.sync.complete = last_pull.is_some();
    if !state.settings.interactive {
        return vec![Effect::Load(Ask::Marker), Effect::Load(Ask::Ops)];
    }
    let learned = [Ask::Habits, Ask::Account].map(Effect::Load);
    receipt::began(state);
    state.sync.next_pull = Some(state.now);
    state.sync.last_key = Some(state.now);
    [Ask::Marker, Ask::Log, Ask::Ops, Ask::Agents, Ask::Snoozes].map(Effect::Load).into_iter().chain(learned).collect()
}

/// Somebody set the clock, or the machine slept: labels follow, waits go on as they were.
fn clock_moved(state: &mut State, ahead: chrono::Duration) -> Vec<Effect> {
    state.ahead = ahead;
    state.next_snooze = None;
    outbox::touched(state);
    vec![Effect::Load(Ask::Snoozes)]
}

fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    let last = state.sync.last_key.replace(state.now);
    if assign::spelled(state, input, last) {
        return Vec::new();
    }
    receipt::pressed(state, input);
    if state.closing.is_some() {
        return Vec::new();
    }
    if input.ctrl && chord::name(input) == "Ctrl-c" {
        return interrupted(state);
    }
    state.interrupted = false;
    // No key needs Alt: a terminal that sends it got Esc and a letter in quick succession. In a text it moves by words.
    if input.alt && state.focus != Focus::Compose {
        let mut effects = pressed(state, &Input { key: Key::Esc, ctrl: false, alt: false, shift: false });
        effects.extend(pressed(state, &Input { alt: false, ..input.clone() }));
        return effects;
    }
    match state.focus {
        Focus::Prompt => prompt::pressed(state, input),
        Focus::Help => help::pressed(state, input),
        Focus::Page => page::pressed(state, input),
        Focus::Search => search::pressed(state, input),
        Focus::Compose => compose::pressed(state, input),
        Focus::Sheet => bulk::pressed(state, input),
        Focus::List | Focus::Reader | Focus::Outbox | Focus::Log => bound(state, input),
    }
}

/// Ctrl-c cancels what asks; twice at the root it quits. It never discards a text.
fn interrupted(state: &mut State) -> Vec<Effect> {
    state.keys.clear();
    match state.focus {
        Focus::Prompt => prompt::cancel(state),
        Focus::Help => {
            help::close(state);
            Vec::new()
        }
        Focus::Sheet => bulk::cancel(state),
        Focus::Page => {
            page::close(state);
            Vec::new()
        }
        Focus::Compose if state.assisting.is_some() => compose::assist::stop(state).unwrap_or_default(),
        Focus::List | Focus::Reader if state.helpers.running.is_some() => own::stop(state).unwrap_or_default(),
        Focus::List if state.interrupted => leave::leave(state, false),
        _ => {
            state.interrupted = true;
            say(state, Level::Warning, "Ctrl-c again in the list quits; q does at once".to_owned())
        }
    }
}

/// A key of the table, alone or as part of a sequence.
fn bound(state: &mut State, input: &Input) -> Vec<Effect> {
    let name = chord::name(input);
    if name.is_empty() {
        return Vec::new();
    }
    let typed = chord::join(&state.keys, &name);
    match state.settings.keys.find(state.focus, &typed) {
        Found::Action(action) => {
            state.keys.clear();
            state.notice = None;
            state.list.rests_at = None;
            if !matches!(action, Action::FindNext | Action::FindPrevious) {
                hunt::stop(state);
            }
            super::act::act(state, action)
        }
        Found::Begun => {
            which::begun(state, typed);
            Vec::new()
        }
        Found::Nothing => {
            if let Some(effects) = views::by_key(state, &typed).or_else(|| own::by_key(state, &typed)) {
                state.keys.clear();
                return effects;
            }
            let again = !state.keys.is_empty();
            state.keys.clear();
            if again && name == "Esc" {
                return Vec::new();
            }
            let help = state.settings.keys.shown(state.focus, Action::Help);
            say(state, Level::Warning, format!("{} means nothing here; {help} shows the keys", chord::written(&typed)))
        }
    }
}

/// A paste is text: where text is written it is inserted, elsewhere it is refused, never obeyed.
fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    match state.focus {
        Focus::Compose => compose::pasted(state, text),
        Focus::Prompt => prompt::pasted(state, text),
        Focus::Search => search::pasted(state, text),
        _ => {
            let [reply, note] = [Action::Reply, Action::Note].map(|action| state.key(action));
            say(state, Level::Warning, format!("paste is text: press {reply} or {note} first"))
        }
    }
}

fn resized(state: &mut State, width: u16, height: u16) -> Vec<Effect> {
    // The key means show where there is no room and hide where there is.
    if (width < screen::WIDE) != (state.size.width < screen::WIDE) {
        state.card = width >= screen::WIDE && state.habits.card_hidden;
    }
    state.size = ratatui::layout::Size::new(width, height);
    triage::keep_in_view(state);
    // How its text wraps now, the next frame finds out.
    if let Some(compose) = &mut state.compose {
        compose::edit::unscroll(&mut compose.area);
    }
    Vec::new()
}

fn woke(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    if state.notice.as_ref().is_some_and(|notice| notice.until <= now) {
        state.notice = None;
    }
    if state.list.rests_at.is_some_and(|at| at <= now) {
        state.list.rests_at = None;
    }
    let mut effects = compose::autosave(state);
    effects.extend(search::woke(state));
    hunt::woke(state);
    effects.extend(bulk::go_on(state));
    if state.next_snooze.is_some_and(|at| at <= state.wall()) {
        state.next_snooze = None;
        effects.push(Effect::Load(Ask::Snoozes));
    }
    effects
}

/// What the next frame needs and the state does not have.
fn drained(state: &mut State) -> Vec<Effect> {
    // Its effects are performed: the disk has it.
    state.unsent_text = None;
    if !state.settings.interactive {
        return Vec::new();
    }
    let mut effects = triage::missing(state);
    if effects.is_empty() {
        effects = reader::missing(state);
    }
    if effects.is_empty() {
        // What is drawn now is what the next key acts on.
        state.list.unseen = false;
        effects = views::missing(state);
    }
    effects.extend(marks::missing(state));
    effects.extend(log::missing(state));
    effects.extend(receipt::missing(state));
    effects.extend(timeline::missing(state));
    review::pane::prepare(state);
    effects
}

fn loaded(state: &mut State, loaded: Loaded) -> Vec<Effect> {
    match loaded {
        Loaded::Window(window) => triage::loaded(state, window),
        Loaded::Conversation { case, conversation } => return reader::loaded(state, case, conversation),
        Loaded::Versions { case, versions } => return compose::keep::versions(state, case, versions),
        Loaded::Draft { case, draft } => {
            macros::drafted(state, case, draft.as_ref());
            let mut effects = compose::draft_loaded(state, case, draft);
            effects.extend(macros::resume(state, case));
            return effects;
        }
        Loaded::Ops(ops) => return outbox::loaded(state, ops),
        Loaded::Op(op) => return outbox::op_loaded(state, op),
        Loaded::Stored(ops) => outbox::stored(state, ops),
        Loaded::Marker(marker) => state.marker = marker,
        Loaded::Habits(habits) => habits::loaded(state, *habits),
        Loaded::Account(account) => tags::loaded(state, *account),
        Loaded::Studied { asked, found } => bulk::studied(state, &asked, found),
        Loaded::Log(ops) => undo::restore::restore(state, &ops),
        Loaded::Record { ops, names } => return log::loaded(state, ops, &names),
        Loaded::Day { since, ops } => receipt::loaded(state, since, &ops),
        Loaded::Agents(agents) => state.agents = agents,
        Loaded::Kept { asked, kept } => marks::kept(state, &asked, &kept),
        Loaded::Snoozes(next) => {
            state.next_snooze = next;
            state.stale_list = true;
        }
    }
    Vec::new()
}

fn fetched(state: &mut State, case: crate::model::CaseId, result: Result<(), Failure>) -> Vec<Effect> {
    state.stale_list = true;
    state.stale_reader = true;
    match result {
        Ok(()) => Vec::new(),
        Err(failure) if failure.kind == FailureKind::Offline => {
            if state.sync.link == Link::Live {
                state.sync.link = Link::Offline;
            }
            Vec::new()
        }
        Err(failure) => say(state, Level::Warning, format!("case {case} could not be read: {}", failure.text)),
    }
}

fn changed_elsewhere(state: &mut State) -> Vec<Effect> {
    state.stale_list = true;
    state.stale_reader = true;
    let asked = state.goal.iter().map(|op| Effect::Load(Ask::Op(*op)));
    [Effect::Load(Ask::Ops)].into_iter().chain(asked).collect()
}

/// Whoever types on has read a notice that stood there for a moment.
pub(super) fn read(state: &mut State) {
    let now = state.now;
    state.notice.take_if(|notice| notice.about != Topic::Company && notice.until - now <= chrono::Duration::seconds(lasts(notice.level) - 2));
}

/// How many seconds a notice stays when no key ends it: an error longer than good news.
fn lasts(level: Level) -> i64 {
    if level == Level::Done { 6 } else { 15 }
}

/// A few words for the agent.
pub(super) fn say(state: &mut State, level: Level, text: impl Into<String>) -> Vec<Effect> {
    say_about(state, Topic::Anything, level, text)
}

/// The same, to be known again.
pub(super) fn say_about(state: &mut State, about: Topic, level: Level, text: impl Into<String>) -> Vec<Effect> {
    let until = state.now + chrono::Duration::seconds(lasts(level));
    state.notice = Some(Notice { level, text: crate::model::text::harmless(&text.into()), until, about });
    Vec::new()
}

impl State {
    /// When the loop has to wake this state although nothing happened.
    pub fn wake_at(&self) -> Option<Timestamp> {
        let held = self.outbox.ops.iter().filter(|op| matches!(op.state, OpState::Held | OpState::Queued | OpState::Unknown));
        let ops = held.filter_map(|op| op.not_before).filter(|at| *at > self.turned);
        let minute = self.settings.interactive.then(|| next_minute(self.wall()) - self.ahead);
        let times = [
            self.notice.as_ref().map(|notice| notice.until),
            self.compose.as_ref().and_then(compose::Compose::save_at),
            self.next_snooze.map(|at| at - self.ahead),
            self.list.rests_at,
            timeline::due(self),
            self.reader.as_ref().and_then(|reader| reader.hunt.due(self.turned)),
            self.search.as_ref().and_then(|search| search.due),
            bulk::wake_at(self),
            which::due(self).filter(|at| *at > self.turned),
            self.sync.next_pull.filter(|_| self.sync.pulling.is_none()),
            self.sync.hold_pushes.filter(|at| *at > self.turned),
            self.closing,
            self.deadline,
            later::wake(self),
            leave::look_again(self),
            self.outbox.tick.filter(|at| *at > self.turned),
            minute,
            self.next_age().filter(|_| self.settings.interactive),
        ];
        times.into_iter().flatten().chain(ops).min()
    }

    /// The age of the data is shown in steps until it is a minute.
    fn next_age(&self) -> Option<Timestamp> {
        let last = self.sync.last_ok?;
        let steps = (self.now - last).num_seconds() / AGE_STEP + 1;
        (steps * AGE_STEP <= 60).then(|| last + chrono::Duration::seconds(AGE_STEP * steps.max(1)))
    }
}

/// Due clocks count minutes.
fn next_minute(now: Timestamp) -> Timestamp {
    now + chrono::Duration::milliseconds(60_000 - now.timestamp_millis().rem_euclid(60_000))
}
