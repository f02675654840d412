//! One attempt to send one operation. What it depends on is read first; the request goes out once.

use super::Server;
use crate::api::{Base, ProblemKind};
use crate::model::{Change, Channel, Conversation, Message, MessageKind, Op, Outcome};

/// Sends it and says what the answer proves.
pub async fn push(server: &Server, op: &Op, conversation: Option<Conversation>) -> Outcome {
    match prepare(server, op, conversation).await {
        Ok(base) => server.api.send(&op.mutation, &base).await,
        Err(outcome) => outcome,
    }
}

/// The case as the server had it, the mail a mail answers, and what the server can do.
async fn prepare(server: &Server, op: &Op, conversation: Option<Conversation>) -> Result<Base, Outcome> {
    let hello = server.hello().await.map_err(not_sent)?;
    let cached = conversation.as_ref().and_then(|conversation| conversation.case(op.case())).cloned();
    let case = match cached {
        Some(case) => case,
        None => server.api.case(op.case()).await.map_err(not_sent)?,
    };
    let mut mail = conversation.as_ref().and_then(|conversation| before(&case.channel, &conversation.messages));
    if mail.is_none() && case.channel == Channel::Email && matches!(op.mutation.change, Change::Reply { .. }) {
        let mails = server.api.mails(case.thread_id).await.map_err(not_sent)?;
        mail = before(&case.channel, &mails);
    }
    if mail.is_none() && case.channel == Channel::Voip && matches!(op.mutation.change, Change::Reply { .. }) {
        mail = before(&case.channel, &super::fetch::transcript(server, &case).await.map_err(not_sent)?);
    }
    Ok(Base { case, mail, extensions: hello.extensions, allowed: op.allowed })
}

/// What a reply follows: the customer's newest mail, or the newest SMS or call; it says who writes to whom.
fn before(channel: &Channel, messages: &[Message]) -> Option<Message> {
    let fits = |message: &&Message| if *channel == Channel::Voip { message.kind != MessageKind::Note } else { message.mail.is_some() };
    let mine = messages.iter().rev().filter(fits).find(|message| message.from_contact() || message.call().is_some());
    mine.or_else(|| messages.iter().rev().find(fits)).cloned()
}

/// Reading failed before anything was sent.
fn not_sent(problem: crate::api::Problem) -> Outcome {
    match problem.kind {
        ProblemKind::Unauthorized => Outcome::Unauthorized { cause: problem.text },
        ProblemKind::NotFound | ProblemKind::Forbidden => Outcome::RefusedState { cause: problem.text },
        _ => Outcome::NotSent { cause: problem.text, retry_after: None },
    }
}
