//! `caseload outbox`: what is on its way to the server, and the agent's decisions on it.

use super::desk::Desk;
use super::fault::Fault;
use super::out::{Out, remark};
use super::words;
use crate::model::{Op, Untrusted};
use crate::store;
use serde_json::{Value, json};

/// Operations in order; without `all` those that are not final.
pub fn list(desk: &Desk, all: bool, out: &mut Out) -> Result<(), Fault> {
    let ops = desk.store()?.ops(all)?;
    if out.json {
        return ops.iter().try_for_each(|op| out.object(&object(op)));
    }
    let rows: Vec<_> = ops.iter().map(|op| cells(op, desk)).collect();
    out.lines(words::columns(&rows, Out::width()))
}

/// Puts a damaged outbox together again.
pub fn recover(desk: &Desk, out: &mut Out) -> Result<(), Fault> {
    let done = store::recover(&desk.places.outbox, desk.account_name()?, desk.now)?;
    let (ops, drafts) = (words::count(done.ops, "operation"), words::count(done.drafts, "draft"));
    let sources = format!("{} from the backup, {} from the journal", done.from_backup, words::count(done.from_journal, "text"));
    let kept = done.damaged.as_ref().map(|path| format!("; the damaged file is {}", path.display())).unwrap_or_default();
    out.either(&done, format!("the outbox has {ops} and {drafts} again ({sources}){kept}"))?;
    if done.from_backup + done.from_journal > 0 {
        remark("what may have been sent since needs you: caseload outbox list");
    }
    Ok(())
}

/// An operation with everything the agent may want to know of it.
pub fn object(op: &Op) -> Value {
    json!({
        "op_id": op.id(), "caseId": op.case(), "threadId": op.mutation.thread, "kind": op.mutation.change.kind(), "state": op.state.as_str(),
        "text": op.mutation.change.text(), "cause": op.cause, "twins": op.twins, "tries": op.tries, "created": op.mutation.at,
        "server_id": op.server_id, "proof": op.proof, "review": op.review,
    })
}

/// The answer of a write.
pub fn answer(op: &Op) -> Value {
    json!({"op_id": op.id(), "caseId": op.case(), "kind": op.mutation.change.kind(), "state": op.state.as_str(), "cause": op.cause})
}

/// The same for people: `reply on #12: queued (the server is away)`.
pub fn sentence(op: &Op) -> String {
    let cause = op.cause.as_deref().map(|cause| format!(" ({})", Untrusted::from(cause).one_line())).unwrap_or_default();
    format!("{} on #{}: {}{cause}", op.mutation.change.kind(), op.case(), op.state.words())
}

fn cells(op: &Op, desk: &Desk) -> [String; 7] {
    let copies = if op.twins > 0 { format!("the server has it {} times", op.twins + 1) } else { String::new() };
    let cause = op.cause.as_deref().map(|cause| Untrusted::from(cause).one_line()).unwrap_or_default();
    [
        op.id().to_string(),
        format!("#{}", op.case()),
        op.mutation.change.kind().to_owned(),
        op.state.words().to_owned(),
        words::moment(op.mutation.at, desk.utc_offset),
        [copies, cause].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("; "),
        op.mutation.change.text().map(|text| Untrusted::from(text).one_line()).unwrap_or_default(),
    ]
}
