//! Own messages that are at the server already: their words are changed in the box, or they are deleted after a question.
//! A mail, a text message and somebody else's words can't be; why is said. An edit has a draft of its own, so that no text
//! of the case makes room for it, and takes the place of an edit of the same message that has not left.

use super::super::lines::time::stamp;
use super::super::update::say;
use super::super::{Action, Ask, Effect, Focus, Level, State, doubts, macros, outbox, reader, review, triage};
use super::{After, Compose, keep, news};
use crate::model::{CaseId, Change, Channel, DraftKind, Message, MessageId, MessageKind, Op, OpState, SenderType, ThreadId, Timestamp};
use chrono::Duration;

/// So long the question before a deletion stands.
const ASKED: Duration = Duration::seconds(15);

/// The message whose words are in the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edits {
    pub message: MessageId,
    pub thread: ThreadId,
    /// When it was sent.
    pub at: Option<Timestamp>,
    /// Its words as they are shown.
    pub was: String,
}

/// A message that the next press deletes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doomed {
    own: Own,
    until: Timestamp,
}

/// A message of the agent's that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Own {
    case: CaseId,
    thread: ThreadId,
    message: MessageId,
    kind: DraftKind,
    at: Option<Timestamp>,
    text: String,
}

/// What a key means: a message that is there, one that has not left, or nothing, and why.
enum Meant {
    There(Own),
    Unsent(Box<Op>),
    None(String),
}

/// `c`: the words of the chosen message into the box.
pub fn edit(state: &mut State) -> Vec<Effect> {
    up_to_date(state);
    let own = match meant(state, "changed") {
        Meant::There(own) => own,
        Meant::Unsent(op) => return review::take_into_box(state, &op),
        Meant::None(why) => return say(state, Level::Warning, why),
    };
    let mut effects = keep::autosave_now(state);
    let edits = Edits { message: own.message, thread: own.thread, at: own.at, was: own.text.clone() };
    let compose = Compose { edits: Some(edits), vi: super::vi::Vi::wanted(state), ..Compose::new(own.case, own.kind, &own.text) };
    effects.push(Effect::Load(Ask::Draft(compose.slot())));
    state.compose = Some(compose);
    state.focus = Focus::Compose;
    news(state);
    effects
}

/// `D`: names the message first.
pub fn delete(state: &mut State) -> Vec<Effect> {
    up_to_date(state);
    let own = match meant(state, "deleted") {
        Meant::There(own) => own,
        Meant::Unsent(op) => {
            let [change, outbox] = [Action::EditMessage, Action::Outbox].map(|action| state.key(action));
            let words = format!("this {} has not left: {change} takes it back into the box, {outbox} lists it", op.mutation.change.kind());
            return say(state, Level::Warning, words);
        }
        Meant::None(why) => return say(state, Level::Warning, why),
    };
    let first = crate::model::Untrusted::from(own.text.as_str()).brief(24);
    let what = if own.kind == DraftKind::Note { "note" } else { "message" };
    let when = own.at.map_or_else(String::new, |at| format!(" of {}", stamp(at, state.wall(), state.settings.utc_offset)));
    let read = if own.kind == DraftKind::Note { "" } else { ", though it may have been read" };
    state.doomed = Some(Doomed { own, until: state.now + ASKED });
    say(state, Level::Warning, format!("{} again deletes your {what}{when} \"{first}\" for good{read} · Esc keeps it", state.key(Action::DeleteMessage)))
}

/// Keys typed faster than frames come still mean what is pending now.
fn up_to_date(state: &mut State) {
    if state.stale_reader {
        reader::lay_out(state, true);
    }
}

/// The key after the question: `D` or Enter deletes, Esc keeps, every other one is what it always is.
pub fn answered(state: &mut State, action: Action) -> Option<Vec<Effect>> {
    let doomed = state.doomed.take().filter(|doomed| doomed.until > state.now)?;
    match action {
        Action::DeleteMessage | Action::Fold => Some(change(state, &doomed.own, Change::Delete { message: doomed.own.message })),
        Action::Back => Some(say(state, Level::Done, "nothing was deleted".to_owned())),
        _ => None,
    }
}

/// Ctrl-s with a changed text.
pub fn send(state: &mut State, after: After) -> Vec<Effect> {
    let Some(compose) = &state.compose else { return Vec::new() };
    let Some(edits) = compose.edits.clone() else { return Vec::new() };
    let (case, kind, text) = (compose.case, compose.kind, compose.text().trim_end().to_owned());
    if text.trim().is_empty() {
        return say(state, Level::Warning, "a message without words is none: Esc, then D deletes it".to_owned());
    }
    if text == edits.was.trim_end() {
        return say(state, Level::Warning, "the words are as they were; Esc goes back".to_owned());
    }
    if let Some(stopped) = super::assist::unread(state).or_else(|| doubts::stopped(state)) {
        return stopped;
    }
    state.unsent_text = state.compose.take();
    state.focus = if after == After::Stay { Focus::Reader } else { Focus::List };
    let own = Own { case, thread: edits.thread, message: edits.message, kind, at: edits.at, text: edits.was };
    let mut effects = change(state, &own, Change::Edit { message: own.message, text });
    if after == After::Close {
        let closing = Change::Close { state: macros::closing_state(state, case) };
        effects.extend(outbox::act(state, case, vec![closing], None));
    }
    if after != After::Stay {
        effects.extend(triage::step_over(state, case));
    }
    effects
}

/// As an operation, in the place of an earlier one on the same message that has not left.
fn change(state: &mut State, own: &Own, change: Change) -> Vec<Effect> {
    match pending(state, own.message).filter(|op| replaceable(op)).cloned() {
        Some(earlier) => outbox::act_instead(state, earlier, vec![change]),
        None => outbox::act_in(state, own.case, own.thread, vec![change], None),
    }
}

/// The last operation on a message that is not settled.
fn pending(state: &State, message: MessageId) -> Option<&Op> {
    let on_it = |op: &&Op| matches!(&op.mutation.change, Change::Edit { message: of, .. } | Change::Delete { message: of } if *of == message);
    state.outbox.ops.iter().rev().find(on_it)
}

fn replaceable(op: &Op) -> bool {
    matches!(op.state, OpState::Held | OpState::Queued | OpState::Failed)
}

/// The chosen message, else the agent's newest; `verb`: changed, deleted.
fn meant(state: &State, verb: &str) -> Meant {
    let Some(reader) = state.reader.as_ref().filter(|reader| reader.loaded) else { return Meant::None("no thread is open: Enter opens one".to_owned()) };
    let Some(me) = state.me_id() else { return Meant::None("the server does not say who you are: user_id in the config does".to_owned()) };
    let (sheet, conversation) = (&reader.sheet, &reader.conversation);
    let says = |message: &Message| matches!(message.kind, MessageKind::Message | MessageKind::Note);
    let mine = |message: &Message| says(message) && message.sender_type == SenderType::User && message.sender_id == Some(me.0);
    let newest = || (0..sheet.messages()).rev().find(|at| sheet.message(conversation, *at).is_some_and(|message| mine(&message)));
    let Some(at) = reader.message.or_else(newest) else { return Meant::None(format!("no message of yours is in this thread that could be {verb}")) };
    let Some(message) = sheet.message(conversation, at) else { return Meant::None("that message is not there any more".to_owned()) };
    if !says(&message) {
        return Meant::None(format!("what happened can't be {verb}, only what you wrote"));
    }
    if !mine(&message) {
        let who = message.sender.as_ref().map(|sender| sender.name.brief(40)).filter(|name| !name.is_empty());
        return Meant::None(format!("that was written by {}: only your own words can be {verb}", who.unwrap_or_else(|| "somebody else".to_owned())));
    }
    if let Some(op) = sheet.op(at).filter(|op| op.mutation.change.adds_message()) {
        return if review::editable(op) {
            Meant::Unsent(Box::new(op.clone()))
        } else {
            Meant::None("it is on its way to the server; try again in a moment".to_owned())
        };
    }
    if message.mail.is_some() {
        return Meant::None(format!("a mail can't be {verb} once it was sent; a note can"));
    }
    let case = if conversation.case(message.case_id).is_some() { message.case_id } else { reader.case };
    let channel = conversation.case(case).map(|case| &case.channel);
    if message.kind == MessageKind::Message && channel == Some(&Channel::Voip) {
        return Meant::None(format!("a text message can't be {verb}: it is on the customer's telephone"));
    }
    if let Some(op) = pending(state, message.id).filter(|op| op.state != OpState::Failed) {
        match op.mutation.change {
            _ if !replaceable(op) && op.state == OpState::NeedsReview => {
                return Meant::None(format!("your change of it needs you first: {}", state.key(Action::Outbox)));
            }
            _ if !replaceable(op) => return Meant::None("your change of it is on its way to the server; try again in a moment".to_owned()),
            Change::Delete { .. } => return Meant::None(format!("it is to be deleted already; {} takes that back", state.key(Action::Undo))),
            _ => {}
        }
    }
    let kind = if message.kind == MessageKind::Note { DraftKind::Note } else { DraftKind::Reply };
    let text = super::clean(message.message.raw());
    Meant::There(Own { case, thread: conversation.thread, message: message.id, kind, at: message.date_created, text })
}
