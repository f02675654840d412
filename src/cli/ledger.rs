//! `caseload outbox`: what is on its way to the server, what it waits for, and the agent's decisions on it.

use super::desk::Desk;
use super::fault::Fault;
use super::out::{Out, remark};
use super::words;
use crate::app::review::wait::{Moment, Sender};
use crate::app::review::{choices, detail, label, pane};
pub use crate::app::told::op as object;
use crate::app::{Decision, Link};
use crate::model::{Op, OpId, Untrusted};
use crate::store::{self, Move, Store};
use serde_json::{Value, json};

/// Where nothing is cut for a terminal, lines wrap here.
const PIPED: usize = 100;

/// Operations; without `all` those that are not final. For people what needs them is on top.
pub fn list(desk: &Desk, all: bool, out: &mut Out) -> Result<(), Fault> {
    let store = desk.store()?;
    let (mut ops, live) = (store.ops(all)?, store.ops(false)?);
    let moment = moment(&live, sender(&store), desk);
    if out.json {
        return ops.iter().try_for_each(|op| out.object(&object(op, &moment.waits_for(op))));
    }
    let names = Names::of(&ops, Out::width().is_some());
    ops.sort_by_key(|op| pane::rank(op.state));
    let rows: Vec<_> = ops.iter().map(|op| cells(op, &names, &moment, desk)).collect();
    out.lines(words::columns(&rows, Out::width()))
}

/// All of one operation: what the pane shows, what can be decided and how, and how it came to be where it is.
pub fn show(desk: &Desk, name: &str, out: &mut Out) -> Result<(), Fault> {
    let store = desk.store()?;
    let id = named(&store, name, false)?;
    let op = store.op(id)?.ok_or_else(|| unknown(name))?;
    let (live, moves) = (store.ops(false)?, store.events(id)?);
    let closed = store.case(op.case())?.and_then(|case| case.date_closed);
    let waits = moment(&live, sender(&store), desk).waits_for(&op);
    if out.json {
        return out.object(&whole(&op, &waits, &moves));
    }
    let width = u16::try_from(Out::width().unwrap_or(PIPED)).unwrap_or(u16::MAX);
    let about = detail::About { op: &op, waits: &waits, closed, wall: desk.now, utc_offset: desk.utc_offset, width, keys: false };
    out.line(detail::title(&op))?;
    out.lines(detail::lines(&about).into_iter().map(|line| line.text.trim_end().to_owned()))?;
    // The words above their command: side by side they are wider than most terminals.
    let commands: Vec<_> =
        choices(&op).into_iter().flat_map(|choice| [format!("  {}:", label(&op, choice)), format!("    {}", command(&op, choice))]).collect();
    if !commands.is_empty() {
        out.line("")?;
        out.line("you can say")?;
        out.lines(commands)?;
    }
    out.line("")?;
    out.line("what became of it")?;
    let moves: Vec<_> = moves.iter().map(|step| history(step, desk.utc_offset)).collect();
    out.lines(words::columns(&moves, Out::width()))
}

fn history(step: &Move, utc_offset: i32) -> [String; 3] {
    let cause = step.cause.as_deref().map(|cause| Untrusted::from(cause).one_line()).unwrap_or_default();
    let from = if step.from.is_none() { "composed, " } else { "" };
    [format!("  {}", words::moment(step.at, utc_offset)), format!("{from}{}", step.to.words()), cause]
}

/// The command that decides so.
fn command(op: &Op, decision: Decision) -> String {
    let id = op.id();
    match decision {
        Decision::Retry => format!("caseload outbox retry {id}"),
        Decision::Draft if !op.mutation.change.adds_message() => format!("caseload outbox drop {id}"),
        other => format!("caseload outbox resolve {id} {}", word(other)),
    }
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Retry => "retry",
        Decision::Anyway => "resend",
        Decision::Reopen => "reopen",
        Decision::Sent => "sent",
        Decision::Draft => "draft",
        Decision::Note => "note",
        Decision::Discard => "discard",
    }
}

/// The sentences of this moment, told by a process that sends nothing itself.
pub fn moment<'o>(ops: &'o [Op], sender: Sender, desk: &Desk) -> Moment<'o> {
    Moment { ops, now: desk.now, wall: desk.now, utc_offset: desk.utc_offset, link: Link::Live, hold: None, sender, looking: None, undo: None }
}

/// Is another process sending?
pub fn sender(store: &Store) -> Sender {
    if store.sender_elsewhere().is_some() { Sender::Elsewhere } else { Sender::Nobody }
}

/// The operation that is called so, or that alone has this piece in its name: at its beginning, at its end, or anywhere.
/// With `live` those that can still be decided about go first.
pub fn named(store: &Store, name: &str, live: bool) -> Result<OpId, Fault> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let all = store.ops(true)?;
    let open: Vec<&Op> = all.iter().filter(|op| live && !op.state.is_final()).collect();
    let fits: [fn(&str, &str) -> bool; 2] = [|id, piece| id.starts_with(piece) || id.ends_with(piece), |id, piece| id.contains(piece)];
    for ops in [open, all.iter().collect()] {
        for fits in fits {
            let found: Vec<&&Op> = ops.iter().filter(|op| fits(&op.id().to_string(), name)).collect();
            match found.as_slice() {
                [] => {}
                [op] => return Ok(op.id()),
                several => return Err(ambiguous(name, several)),
            }
        }
    }
    Err(unknown(name))
}

fn ambiguous(name: &str, several: &[&&Op]) -> Fault {
    let first: Vec<_> = several.iter().take(5).map(|op| format!("{} ({} #{}, {})", op.id(), op.mutation.change.kind(), op.case(), op.state.words())).collect();
    let more = several.len().saturating_sub(first.len());
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Fault::usage(format!("'{name}' may be {}{more}", first.join(", "))).hint("type more of it, from either end")
}

pub fn unknown(name: &str) -> Fault {
    Fault::failed(format!("no operation {name}")).hint("`caseload outbox list --all` names those there are")
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

/// The same with what only `show` tells.
fn whole(op: &Op, waits: &str, moves: &[Move]) -> Value {
    let mut value = object(op, waits);
    let choices: Vec<_> =
        choices(op).into_iter().map(|choice| json!({"decision": word(choice), "words": label(op, choice), "command": command(op, choice)})).collect();
    let events: Vec<_> = moves
        .iter()
        .map(|step| json!({"from": step.from.map(crate::model::OpState::as_str), "to": step.to.as_str(), "cause": step.cause, "at": step.at}))
        .collect();
    if let Value::Object(fields) = &mut value {
        let more = json!({
            "by": op.mutation.by, "change": op.mutation.change, "answers": op.heard(), "changed": op.changed, "absent": op.absent, "blind": op.blind,
            "resends": op.resends, "wanted": op.wanted, "allowed": op.allowed, "discarded": op.discarded, "choices": choices, "events": events,
        });
        if let Value::Object(more) = more {
            fields.extend(more);
        }
    }
    value
}

/// The answer of a write.
pub fn answer(op: &Op, waits: &str) -> Value {
    let waits = Some(waits).filter(|waits| !waits.is_empty());
    json!({
        "op_id": op.id(), "caseId": op.case(), "kind": op.mutation.change.kind(), "state": op.state.as_str(), "cause": op.cause, "waits_for": waits,
        "due": op.due.map(|due| due.at),
    })
}

/// The same for people: `reply on #12: queued (the server is away); no caseload is running: …`.
pub fn sentence(op: &Op, waits: &str) -> String {
    let cause = cause(op).filter(|cause| !waits.contains(cause)).map(|cause| format!(" ({cause})")).unwrap_or_default();
    let waits = if waits.is_empty() || op.state == crate::model::OpState::Cancelled { String::new() } else { format!("; {waits}") };
    format!("{} on #{}: {}{cause}{waits}", op.mutation.change.kind(), op.case(), op.state.words())
}

fn cause(op: &Op) -> Option<String> {
    op.cause.as_deref().map(|cause| Untrusted::from(cause).one_line())
}

fn cells(op: &Op, names: &Names, moment: &Moment, desk: &Desk) -> [String; 7] {
    let copies = if op.twins > 0 { format!("the server has it {} times", op.twins + 1) } else { String::new() };
    let waits = moment.waits_for(op);
    let cause = cause(op).filter(|cause| !waits.contains(cause)).unwrap_or_default();
    [
        names.short(op),
        format!("#{}", op.case()),
        op.mutation.change.kind().to_owned(),
        op.state.words().to_owned(),
        words::moment(op.mutation.at, desk.utc_offset),
        [copies, waits, cause].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("; "),
        op.mutation.change.text().map(|text| Untrusted::from(text).one_line()).unwrap_or_default(),
    ]
}

/// What operations are called in a terminal, where whole names would take half of the line.
struct Names {
    whole: bool,
}

/// Where in a name the milliseconds and the count of its session stand, which differ first.
const PIECE: std::ops::Range<usize> = 9..18;

impl Names {
    /// Short ones when each is one operation's alone.
    fn of(ops: &[Op], short: bool) -> Self {
        let mut pieces: Vec<String> = ops.iter().map(|op| op.id().to_string()[PIECE].to_owned()).collect();
        let all = pieces.len();
        pieces.sort_unstable();
        pieces.dedup();
        Self { whole: !short || pieces.len() < all }
    }

    fn short(&self, op: &Op) -> String {
        let name = op.id().to_string();
        if self.whole { name } else { name[PIECE].to_owned() }
    }
}
