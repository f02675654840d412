//! What others wrote since the agent began: said at once, and a reply that crosses it stops once, so that no answer crosses a question.

use super::super::update::say;
use super::super::{Effect, Level, State};
use super::letter;
use crate::model::{CaseId, DraftKind, Message, MessageId, MessageKind, SenderType};

pub(in crate::app) fn newest(state: &State, case: CaseId) -> Option<MessageId> {
    let reader = state.reader.as_ref().filter(|reader| reader.case == case)?;
    reader.conversation.messages.iter().rev().find(|message| message.from_contact()).map(|message| message.id)
}

/// The thread was loaded: what others wrote since the agent began is said, so that no answer crosses a question.
pub fn news(state: &mut State) {
    letter::renew(state);
    let me = state.me_id().map(|me| me.0);
    let Some(compose) = &mut state.compose else { return };
    let Some(reader) = state.reader.as_ref().filter(|reader| reader.case == compose.case && reader.loaded) else { return };
    let conversation = &reader.conversation;
    let mine = |message: &Message| message.sender_type == SenderType::User && message.sender_id == me;
    let others: Vec<&Message> = conversation.messages.iter().filter(|message| message.kind != MessageKind::Event && !mine(message)).collect();
    if conversation.fetched.is_none() {
        return;
    }
    let Some(known) = compose.known else {
        // A draft knows what it answers, and when it was left: what the customer wrote after the one, and colleagues after the other.
        let answered = others.iter().position(|message| message.from_contact() && Some(message.id) == compose.answers);
        let later = |(at, message): &(usize, &&Message)| {
            if message.from_contact() { answered.is_some_and(|answered| *at > answered) } else { message.date_created > compose.saved }
        };
        compose.fresh = if compose.saved.is_some() { others.iter().enumerate().filter(later).count() } else { 0 };
        compose.known = Some(others.len() - compose.fresh);
        compose.answers = compose.answers.or_else(|| others.iter().rev().find(|message| message.from_contact()).map(|message| message.id));
        return;
    };
    let fresh = others.len().saturating_sub(known);
    let grown = fresh > compose.fresh;
    compose.fresh = fresh;
    if let Some(last) = others.last().filter(|_| grown) {
        let case = conversation.case(last.case_id).or_else(|| conversation.latest());
        let contact = || case.map_or_else(|| "the customer".to_owned(), |case| case.contact_name().brief(40));
        let colleague = || last.sender.as_ref().map_or_else(|| "a colleague".to_owned(), |sender| sender.name.brief(40));
        let who = if last.from_contact() { contact() } else { colleague() };
        let _notice = say(state, Level::Warning, format!("{who} wrote while you were writing: it stands above"));
    }
}

/// A reply that others wrote before stops once, so that the agent looks; the next press sends it.
pub(super) fn crossed(state: &mut State) -> Option<Vec<Effect>> {
    let case = state.compose.as_ref().filter(|compose| compose.fresh > 0 && compose.kind == DraftKind::Reply)?.case;
    let answers = newest(state, case);
    let compose = state.compose.as_mut()?;
    let fresh = std::mem::take(&mut compose.fresh);
    compose.known = compose.known.map(|known| known + fresh);
    compose.answers = answers.or(compose.answers);
    compose.dirty = compose.dirty.or(Some(state.now));
    let new = if fresh == 1 { "1 new message".to_owned() } else { format!("{fresh} new messages") };
    Some(say(state, Level::Warning, format!("not sent yet: {new} since you began, see above. The same key again sends it")))
}
