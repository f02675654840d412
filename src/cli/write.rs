//! The changing commands: every one is an operation in the outbox before anything is sent, and the answer says how far
//! it came. The loop is the one of the inbox, without a screen.

use super::args::{Command, Decision as Choice, Later, Reply, Text, Write};
use super::desk::Desk;
use super::doctor::holding;
use super::fault::{Exit, Fault};
use super::out::{Out, remark};
use super::{canned, labels, ledger, letter, refresh, translate, words};
use crate::app::review::wait::Moment;
use crate::app::{self, Decision, Effect, Event, Loaded, PullPlan, State};
use crate::model::{CaseId, Change, Draft, DraftKind, Due, Op, OpId, OpState, Person, Timestamp, UserId, when};
use crate::runtime::{self, Blind, World};
use crate::store::{self, Store};
use chrono::Duration;
use ratatui::layout::Size;
use serde_json::json;
use std::io::{IsTerminal, Read};
use tokio::sync::mpsc;

/// How long a command waits for what it asked for; what is not proven by then stays in the outbox.
const PATIENCE: Duration = Duration::seconds(75);
/// A longer text is no reply.
const LONGEST: u64 = 1 << 20;

/// Reply, note, close, reopen, snooze, claim, assign, edit, delete.
pub async fn change(desk: &Desk, command: Command, out: &mut Out) -> Result<Exit, Fault> {
    let write = if let Command::Reply(args) = &command { Some(&args.write) } else { None };
    let write = if let Command::Note(args) = &command { Some(args) } else { write };
    let named = write.is_some_and(|write| write.canned.is_some());
    let given = if let Command::Reply(args) = &command { Some(args.head.clone()) } else { None };
    let due = due(desk, &command)?;
    let (id, dry) = about(&command).ok_or_else(|| Fault::usage("this is no change of a case"))?;
    let change = asked(desk, command).await?;
    let (store, thread) = match refresh::known(desk, id, &change).await {
        // A damaged cache was put aside when it was opened again; nothing is stored yet.
        Err(_) if store::met_damage() => refresh::known(desk, id, &change).await?,
        known => known?,
    };
    let change = letter::addressed(desk, &store, id, change, given.as_ref()).await?;
    translate::fits(&store, id, &change)?;
    if dry {
        let value = json!({"dry_run": true, "caseId": id, "kind": change.kind(), "text": change.text(), "change": change, "due": due.map(|due| due.at)});
        let detail = app::words::detail(&change).map_or_else(String::new, |detail| format!(": {detail}"));
        let words = change.text().filter(|_| named).map_or_else(|| format!("would {} #{id}{detail}", change.kind()), str::to_owned);
        out.either(&value, words)?;
        return Ok(Exit::Done);
    }
    let event = match due {
        Some(due) => Event::Planned { case: id, thread, change, due },
        None => Event::Commanded { case: id, thread, change },
    };
    let (state, world) = converse(desk, store, event).await?;
    let op = state.goal.first().and_then(|op| world.store.op(*op).transpose()).transpose()?;
    let op = op.ok_or_else(|| Fault::failed(state.notice.as_ref().map_or_else(|| "nothing was stored".to_owned(), |notice| notice.text.clone())))?;
    told(&op, &state, &world.store, desk, out)
}

/// Which case a command is about, and whether it only says what it would do.
fn about(command: &Command) -> Option<(CaseId, bool)> {
    Some(match command {
        Command::Reply(args) => (args.write.id, args.write.dry.dry_run),
        Command::Note(args) => (args.id, args.dry.dry_run),
        Command::Close(args) => (args.id, args.dry.dry_run),
        Command::Reopen(args) | Command::Claim(args) => (args.id, args.dry.dry_run),
        Command::Snooze(args) => (args.id, args.dry.dry_run),
        Command::Assign(args) => (args.id, args.dry.dry_run),
        Command::Tag(args) => (args.id, args.dry.dry_run),
        Command::Field(args) => (args.id, args.dry.dry_run),
        Command::Edit(args) => (args.id, args.dry.dry_run),
        Command::Delete(args) => (args.id, args.dry.dry_run),
        _ => return None,
    })
}

/// When a reply is to go out, where that was said.
fn due(desk: &Desk, command: &Command) -> Result<Option<Due>, Fault> {
    let Command::Reply(Reply { later: Later { at: Some(words), unless_they_write }, .. }) = command else { return Ok(None) };
    let at = when::parse(words, desk.now, &desk.zone).map_err(|error| Fault::usage(format!("--at: {error}")))?;
    Ok(Some(Due { at, unless: *unless_they_write }))
}

/// What the arguments ask for.
async fn asked(desk: &Desk, command: Command) -> Result<Change, Fault> {
    Ok(match command {
        Command::Reply(args) => {
            let translate = args.translate;
            if translate.is_some() {
                translate::offered(desk).await?;
            }
            Change::Reply { text: said(desk, args.write, true).await?, head: None, translate }
        }
        Command::Note(args) => Change::Note { text: said(desk, args, false).await? },
        Command::Close(args) => Change::Close { state: closing_state(desk, args.state)? },
        Command::Reopen(_) => Change::Reopen,
        Command::Claim(_) => Change::Claim,
        Command::Snooze(args) => {
            let change = labels::snooze(desk, args.id, &args.until, args.message).map_err(|error| Fault::usage(format!("--until: {error}")))?;
            change?
        }
        Command::Assign(args) => Change::Assign { users: colleagues(desk, &args.to).await?, departments: Vec::new() },
        Command::Tag(args) => labels::tags(desk, args).await?,
        Command::Field(args) => labels::fields(desk, args).await?,
        Command::Edit(args) => Change::Edit { message: args.message, text: text(args.text)? },
        Command::Delete(args) => Change::Delete { message: args.message },
        _ => return Err(Fault::usage("this is no change of a case")),
    })
}

/// Those of a canned reply, or the agent's own.
async fn said(desk: &Desk, args: Write, reply: bool) -> Result<String, Fault> {
    match &args.canned {
        Some(name) => canned::text(desk, args.id, name, reply).await,
        None => text(args.text),
    }
}

/// Several changes of one case, in their order; says what became of each.
pub async fn all(desk: &Desk, store: Store, events: Vec<Event>, out: &mut Out) -> Result<Exit, Fault> {
    let (state, world) = converse_on(desk, store, events).await?;
    let mut exits = Vec::new();
    for id in &state.goal {
        let op = world.store.op(*id)?.ok_or_else(|| Fault::failed("nothing was stored"))?;
        exits.push(told(&op, &state, &world.store, desk, out)?);
    }
    // What is stored and may still be sent goes before what failed.
    Ok([Exit::Queued, Exit::Failed].into_iter().find(|exit| exits.contains(exit)).unwrap_or(Exit::Done))
}

/// The words of the argument, or of standard input; never a question to a terminal.
fn text(given: Text) -> Result<String, Fault> {
    let text = match given.text {
        Some(text) if text != "-" => text,
        named => {
            if named.is_none() && std::io::stdin().is_terminal() {
                return Err(Fault::usage("no text").hint("--text TEXT, or pipe it in"));
            }
            let mut bytes = Vec::new();
            std::io::stdin().take(LONGEST + 1).read_to_end(&mut bytes)?;
            let text = String::from_utf8(bytes).map_err(|_| Fault::usage("standard input is not UTF-8 text"))?;
            // The line break that ends a file is not part of what was said.
            let bare = text.strip_suffix('\n').unwrap_or(&text);
            bare.strip_suffix('\r').unwrap_or(bare).to_owned()
        }
    };
    if text.trim().is_empty() {
        return Err(Fault::usage("the text is empty"));
    }
    if text.len() as u64 > LONGEST {
        return Err(Fault::usage("the text is longer than 1 MiB"));
    }
    Ok(text)
}

fn closing_state(desk: &Desk, given: Option<String>) -> Result<String, Fault> {
    let state = given.or_else(|| desk.config.closing_states.first().cloned()).unwrap_or_else(|| "handled".to_owned());
    if state.trim().is_empty() { Err(Fault::usage("--state: is empty")) } else { Ok(state) }
}

/// User ids as they are; names and addresses through the list of agents.
async fn colleagues(desk: &Desk, names: &[String]) -> Result<Vec<UserId>, Fault> {
    let names: Vec<&str> = names.iter().flat_map(|name| name.split(',')).map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Err(Fault::usage("--to: names nobody").hint("--to me, or a name, or a user id"));
    }
    if let Ok(ids) = names.iter().map(|name| name.parse()).collect::<Result<Vec<UserId>, _>>() {
        return Ok(ids);
    }
    let (agents, me) = refresh::agents(desk).await?;
    names.into_iter().map(|name| colleague(name, &agents, me)).collect()
}

fn colleague(name: &str, agents: &[Person], me: Option<UserId>) -> Result<UserId, Fault> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    if name == "me" {
        return me.ok_or_else(|| Fault::failed("the server does not say who you are").hint("set user_id in the config"));
    }
    let wanted = name.to_lowercase();
    let holds = |text: &crate::model::Untrusted, whole: bool| {
        let text = text.raw().to_lowercase();
        if whole { text == wanted } else { text.contains(&wanted) }
    };
    let found =
        |whole| agents.iter().filter(|agent| holds(&agent.name, whole) || agent.email.as_ref().is_some_and(|email| holds(email, whole))).collect::<Vec<_>>();
    let exact = found(true);
    let close = if exact.is_empty() { found(false) } else { exact };
    match close.as_slice() {
        [agent] => Ok(UserId(agent.id)),
        [] => Err(Fault::usage(format!("no agent is called '{name}'")).hint("use the user id")),
        several => {
            let names: Vec<_> = several.iter().map(|agent| format!("{} ({})", agent.name.one_line(), agent.id)).collect();
            Err(Fault::usage(format!("'{name}' may be {}", names.join(", "))).hint("use the user id"))
        }
    }
}

/// Looks at the server first; what is there becomes sent, what is not is sent again.
pub async fn retry(desk: &Desk, name: &str, out: &mut Out) -> Result<Exit, Fault> {
    decide(desk, ledger::named(&desk.store()?, name, true)?, Decision::Retry, out).await
}

/// The agent's decision on what waits.
pub async fn resolve(desk: &Desk, name: &str, choice: Choice, out: &mut Out) -> Result<Exit, Fault> {
    let id = ledger::named(&desk.store()?, name, true)?;
    let decision = match choice {
        Choice::Sent => Decision::Sent,
        Choice::Resend => Decision::Anyway,
        Choice::Note => Decision::Note,
        Choice::Draft => Decision::Draft,
        Choice::Discard => Decision::Discard,
        Choice::Reopen => Decision::Reopen,
    };
    let exit = decide(desk, id, decision, out).await?;
    if choice == Choice::Draft {
        back_to_draft(&mut desk.store()?, id, desk.now)?;
    }
    Ok(exit)
}

/// The words of an operation stand in the draft of its case again, below what was written there since.
fn back_to_draft(store: &mut Store, id: OpId, now: Timestamp) -> Result<(), Fault> {
    let Some(op) = store.op(id)? else { return Ok(()) };
    let (kind, words, head, translate) = match &op.mutation.change {
        Change::Reply { text, head, translate } => (DraftKind::Reply, text, head.clone(), translate.clone()),
        Change::Note { text } => (DraftKind::Note, text, None, None),
        _ => return Ok(()),
    };
    let draft = match store.draft(op.case())? {
        Some(draft) => Draft {
            text: format!("{}\n\n{words}", draft.text.trim_end()),
            updated: now,
            head: head.or(draft.head),
            translate: translate.or(draft.translate),
            ..draft
        },
        None => Draft { case: op.case(), kind, text: words.clone(), answers: op.answers, updated: now, head, translate, ..Draft::default() },
    };
    Ok(store.save_draft(&draft)?)
}

/// Not sent, whatever it waits for; only what is being sent right now cannot be dropped.
pub async fn drop(desk: &Desk, name: &str, out: &mut Out) -> Result<Exit, Fault> {
    decide(desk, ledger::named(&desk.store()?, name, true)?, Decision::Discard, out).await
}

async fn decide(desk: &Desk, id: OpId, decision: Decision, out: &mut Out) -> Result<Exit, Fault> {
    let store = desk.store()?;
    waiting(&store, id)?;
    let event = Event::Decided { op: id, decision };
    let (state, world) = match decision {
        Decision::Retry | Decision::Anyway | Decision::Reopen | Decision::Note => converse(desk, store, event).await?,
        // The loop would send what is queued before it hears that it shall not.
        _ => on_disk(desk.state(false, Size::default())?, store, vec![event])?,
    };
    // What was said otherwise is an operation of its own.
    let result = state.goal.last().copied().unwrap_or(id);
    let op = world.store.op(result)?.ok_or_else(|| Fault::failed(format!("no operation {result}")))?;
    let exit = told(&op, &state, &world.store, desk, out)?;
    Ok(if op.state == OpState::Cancelled && matches!(decision, Decision::Draft | Decision::Discard) { Exit::Done } else { exit })
}

/// The operation, when something can still be decided about it.
fn waiting(store: &Store, id: OpId) -> Result<Op, Fault> {
    let hint = "`caseload outbox list --all` names those there are";
    let op = store.op(id)?.ok_or_else(|| Fault::failed(format!("no operation {id}")).hint(hint))?;
    match op.state {
        OpState::Sending => Err(Fault::failed(format!("{id} is being sent")).hint("try again when the answer is there")),
        state if state.is_final() => Err(Fault::failed(format!("{id} is {} already", state.words())).hint(hint)),
        _ => Ok(op),
    }
}

/// Sends what is due, reads back what is unknown, pulls, ends.
pub async fn sync(desk: &Desk, full: bool, out: &mut Out) -> Result<Exit, Fault> {
    if desk.global.offline {
        return Err(Fault::usage("sync and --offline don't go together"));
    }
    desk.account()?;
    let plan = PullPlan { full: true, fold: true, all_messages: full };
    let (state, world) = converse(desk, desk.store()?, Event::SyncAsked(plan)).await?;
    let waiting = world.store.ops(false)?;
    let cause = state.sync.cause.or(state.sync.incomplete);
    let value = json!({"complete": cause.is_none(), "cause": cause, "unsent": waiting.len()});
    let unsent = words::count(waiting.len() as u64, "change");
    match &cause {
        None => out.either(&value, if waiting.is_empty() { "synced".to_owned() } else { format!("synced; {unsent} in the outbox") })?,
        Some(_) if out.json => out.object(&value)?,
        Some(_) => {}
    }
    match cause {
        Some(cause) => Err(Fault::failed(format!("incomplete: {cause}")).hint("`caseload doctor` looks for the reason")),
        None => Ok(Exit::Done),
    }
}

/// What became of an operation, on standard output and as an exit code.
fn told(op: &Op, state: &State, store: &Store, desk: &Desk, out: &mut Out) -> Result<Exit, Fault> {
    if let Some(holder) = store.sender_elsewhere().filter(|_| !op.state.is_final()) {
        remark(&format!("{} sends from this outbox", holding(&holder, desk)));
    }
    let ops = store.ops(false)?;
    // Whoever sent here does not any more when this was said.
    let now = runtime::now();
    let moment = Moment { link: state.sync.link, now, wall: now, ..ledger::moment(&ops, ledger::sender(store), desk) };
    let waits = moment.waits_for(op);
    out.either(&ledger::answer(op, &waits), ledger::sentence(op, &waits))?;
    Ok(match op.state {
        OpState::Sent => Exit::Done,
        OpState::Failed | OpState::Cancelled => Exit::Failed,
        _ => Exit::Queued,
    })
}

/// The loop of the inbox with one thing to do and no screen.
async fn converse(desk: &Desk, store: Store, event: Event) -> Result<(State, World), Fault> {
    converse_on(desk, store, vec![event]).await
}

async fn converse_on(desk: &Desk, store: Store, asked: Vec<Event>) -> Result<(State, World), Fault> {
    let mut state = desk.state(false, Size::default())?;
    // A pull ends by itself; a send that is not answered for so long stays in the outbox.
    state.deadline = (!matches!(asked[..], [Event::SyncAsked(_)])).then(|| state.now + state.settings.scaled(PATIENCE));
    if desk.global.offline {
        return on_disk(state, store, asked);
    }
    let (inputs, events) = mpsc::unbounded_channel();
    if asked.into_iter().any(|event| inputs.send(event).is_err()) {
        return Err(Fault::failed("the loop does not listen"));
    }
    Ok(Box::pin(runtime::run(state, desk.world(store)?, events, &mut Blind)).await)
}

/// What `--offline` does of it: the core decides, the disk is written, nothing else happens.
fn on_disk(mut state: State, mut store: Store, asked: Vec<Event>) -> Result<(State, World), Fault> {
    let known = Event::Loaded(Box::new(Loaded::Ops(store.ops(false)?)));
    for event in std::iter::once(known).chain(asked) {
        for effect in app::update(&mut state, runtime::now(), event) {
            match effect {
                Effect::Queue(mut ops) => store.queue(&mut ops, runtime::now())?,
                Effect::Advance { op, from } if !store.advance(&op, &from)? => {
                    return Err(meanwhile(op.id()));
                }
                Effect::Swap { op, from, into } => swap(&mut store, &op, &from, into)?,
                Effect::SaveDraft(draft) => store.save_draft(&draft)?,
                Effect::DropDraft(case) => store.drop_draft(case)?,
                _ => {}
            }
        }
    }
    Ok((state, World { store, server: None }))
}

fn meanwhile(op: OpId) -> Fault {
    Fault::failed(format!("{op} was changed meanwhile")).hint("look again: `caseload outbox list`")
}

fn swap(store: &mut Store, op: &Op, from: &[OpState], mut into: Vec<Op>) -> Result<(), Fault> {
    if store.swap(op, from, &mut into, runtime::now())? { Ok(()) } else { Err(meanwhile(op.id())) }
}
