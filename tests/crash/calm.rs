//! After the storm: the network is whole, an agent who looks at the server decides on what waits for a decision, and then
//! the outbox and the server must tell the same story.

use super::bench::{Bench, Ran, Truth};
use super::dice::Dice;
use caseload::model::{Change, Op, OpId, OpState};
use std::collections::{BTreeMap, BTreeSet};

/// Slow enough that a loaded machine does not time out by itself.
pub const CALM: &str = "0.03";

/// What the program was asked to say, and how the asking ended.
#[derive(Debug, Clone)]
pub struct Said {
    pub text: String,
    pub ran: Ran,
}

/// What the agent did about it.
#[derive(Debug, Default)]
pub struct Decisions {
    /// Told to send it again.
    pub again: BTreeSet<OpId>,
    pub made: u64,
}

/// Lets everything come to its end.
pub async fn drain(bench: &Bench, dice: &mut Dice, decisions: &mut Decisions) -> Result<(), String> {
    bench.proxy.pass();
    bench.proxy.settled().await;
    let (mut last, mut quiet) = (String::new(), false);
    let lag = bench.stand.quirks.lag_reads;
    for round in 0..14 {
        tokio::time::sleep(lag.unwrap_or_default()).await;
        let ran = bench.run(CALM, &["sync"]);
        last = format!("{ran:?}");
        let waiting = bench.waiting();
        let over = waiting.is_empty() && ran.code == Some(0);
        // A replica that lags shows what was done last only to the next one.
        if over && (quiet || lag.is_none()) {
            return Ok(());
        }
        quiet = over;
        for op in waiting {
            decide(bench, &op, round, dice, decisions);
        }
    }
    Err(format!("the outbox does not come to an end: {:#?}\nthe last sync: {last}", bench.waiting()))
}

/// The agent looks at the server, and knows.
fn decide(bench: &Bench, op: &Op, round: u32, dice: &mut Dice, decisions: &mut Decisions) {
    // What may still be settled without a human gets its chance.
    let by_itself = matches!(op.state, OpState::Held | OpState::Queued | OpState::Sending) || op.state == OpState::Unknown && round == 0;
    if by_itself {
        return;
    }
    let truth = bench.truth();
    let rival = bench.ops().into_iter().any(|other| other.id() != op.id() && !given_up(&other) && says_the_same(op, &other));
    let choice = match (is_there(op, &truth), op.state) {
        // The same words were to be said in the case that was reopened for them.
        _ if rival && truth.status(op.case().0) == "closed" => "discard",
        (true, _) if op.state != OpState::Failed => "sent",
        (_, OpState::Failed) => "discard",
        _ if op.mutation.change.adds_message() && truth.status(op.case().0) != "active" => {
            if dice.percent(40) && matches!(op.mutation.change, Change::Reply { .. }) && truth.status(op.case().0) == "closed" { "reopen" } else { "discard" }
        }
        _ if round > 5 || dice.percent(20) => "discard",
        _ => "resend",
    };
    decisions.made += 1;
    if choice == "resend" {
        decisions.again.insert(op.id());
    }
    let _any = bench.run(CALM, &["outbox", "resolve", &op.id().to_string(), choice]);
}

fn given_up(op: &Op) -> bool {
    matches!(op.state, OpState::Cancelled | OpState::Failed)
}

fn says_the_same(op: &Op, other: &Op) -> bool {
    op.mutation.change.adds_message() && op.mutation.change.text() == other.mutation.change.text()
}

/// Is what the operation wanted so?
fn is_there(op: &Op, truth: &Truth) -> bool {
    let case = truth.cases.iter().find(|(id, ..)| *id == op.case().0);
    let me = op.mutation.by.id.0;
    match &op.mutation.change {
        Change::Reply { text, .. } | Change::Note { text } => truth.copies(text) > 0,
        Change::Close { .. } => truth.status(op.case().0) == "closed",
        Change::Claim => case.is_some_and(|(_, status, users, _)| status == "active" && users.contains(&me)),
        Change::Snooze { until, .. } => case.is_some_and(|(.., snoozed)| snoozed.is_some_and(|at| (at - until.timestamp()).abs() <= 1)),
        Change::Unsnooze => case.is_some_and(|(.., snoozed)| snoozed.is_none()),
        Change::Edit { message, text } => truth.messages.iter().any(|kept| kept.id == message.0 && kept.text == *text),
        Change::Delete { message } => truth.messages.iter().all(|kept| kept.id != message.0),
        Change::Reopen => truth.cases.len() > 8,
        Change::Assign { .. } | Change::Tag { .. } | Change::Fields { .. } => false,
    }
}

/// Everything that must hold when the outbox is empty. `Err` tells what does not.
pub fn judge(bench: &Bench, said: &[Said], decisions: &Decisions) -> Result<(), String> {
    let (ops, truth) = (bench.ops(), bench.truth());
    for Said { text, ran } in said {
        let op = ops.iter().find(|op| op.mutation.change.text() == Some(text));
        one(bench, text, ran, op, &truth, decisions)?;
    }
    let known: BTreeSet<&str> = said.iter().map(|said| said.text.as_str()).collect();
    if let Some(strange) = ops.iter().find(|op| op.mutation.change.adds_message() && !known.contains(op.mutation.change.text().unwrap_or_default())) {
        return Err(format!("nobody said {strange:?}"));
    }
    order(&ops, &truth, decisions)?;
    reached(&ops, &truth)
}

fn one(bench: &Bench, text: &str, ran: &Ran, op: Option<&Op>, truth: &Truth, decisions: &Decisions) -> Result<(), String> {
    let copies = truth.copies(text);
    let Some(op) = op else {
        // Nothing was promised, or it never came to be.
        let promised = matches!(ran.code, Some(0 | 75));
        return if promised || copies > 0 {
            Err(format!("'{text}' is in no outbox, {copies} times at the server, and the run ended so: {ran:?}"))
        } else {
            Ok(())
        };
    };
    let doubled = bench.proxy.writes().iter().any(|came| came.arrived > 1 && came.body.contains(&format!("\"{text}\"")));
    // The agent said so, or it is a note, which the program may repeat once by itself.
    let again = decisions.again.contains(&op.id()) || op.resends > 0 && matches!(op.mutation.change, Change::Note { .. });
    let marked = bench.stand.quirks.no_idempotency && !bench.stand.quirks.drop_meta;
    let wrong = match (op.state, copies) {
        (OpState::Sent, 0) => "is taken for sent and is not there",
        (OpState::Cancelled, 1..) if !sent_otherwise(bench, text) => "was dropped and is there",
        (_, 2..) if !doubled && !again => "is there several times, and nobody asked for that",
        (OpState::Sent, 2..) if marked && usize::try_from(op.twins).unwrap() + 1 != copies => "is there several times, and the outbox does not say how often",
        (state, _) if !state.is_final() => "has not come to its end",
        _ => return Ok(()),
    };
    Err(format!("'{text}' {wrong}: {copies} copies, {op:#?}\nthe run: {ran:?}"))
}

/// By another operation with the same words: reopened and said there.
fn sent_otherwise(bench: &Bench, text: &str) -> bool {
    bench.ops().iter().any(|op| op.state == OpState::Sent && op.mutation.change.text() == Some(text))
}

/// What was said in one case stands there in the order it was said, as far as no human changed it.
fn order(ops: &[Op], truth: &Truth, decisions: &Decisions) -> Result<(), String> {
    let mut by_case: BTreeMap<i64, Vec<(i64, &str)>> = BTreeMap::new();
    for op in ops.iter().filter(|op| op.state == OpState::Sent && op.mutation.change.adds_message() && !decisions.again.contains(&op.id()) && op.resends == 0) {
        let text = op.mutation.change.text().unwrap_or_default();
        let first = truth.messages.iter().find(|kept| kept.text == text);
        by_case.entry(op.case().0).or_default().extend(first.map(|kept| (kept.id, text)));
    }
    match by_case.iter().find(|(_, said)| !said.is_sorted()) {
        Some((case, said)) => Err(format!("case {case}: not in the order it was said: {said:?}")),
        None => Ok(()),
    }
}

/// The last change of a case's state is what the server has.
fn reached(ops: &[Op], truth: &Truth) -> Result<(), String> {
    let mut last: BTreeMap<(i64, &str), &Op> = BTreeMap::new();
    for op in ops.iter().filter(|op| op.state == OpState::Sent) {
        match &op.mutation.change {
            Change::Close { .. } | Change::Claim => last.insert((op.case().0, "status"), op),
            Change::Snooze { .. } => last.insert((op.case().0, "snooze"), op),
            Change::Edit { .. } | Change::Delete { .. } => last.insert((op.case().0, "words"), op),
            _ => None,
        };
    }
    // A close ends a snooze, and what is closed has nobody in it.
    let counts = |op: &Op| !matches!(op.mutation.change, Change::Snooze { .. }) || truth.status(op.case().0) != "closed";
    match last.values().find(|op| counts(op) && !is_there(op, truth)) {
        Some(op) => Err(format!("is taken for sent and is not so: {op:#?}\n{truth:#?}")),
        None => Ok(()),
    }
}

/// A further sync leaves everything as it is.
pub fn stays(bench: &Bench) -> Result<(), String> {
    let before = picture(bench);
    let again = bench.run(CALM, &["sync"]);
    let after = picture(bench);
    if again.code == Some(0) && before == after {
        return mirrored(bench);
    }
    Err(format!("a further sync changed something, or failed: {again:?}\n{before:#?}\n{after:#?}"))
}

/// The mirror shows what the server has of every case that is not closed, and nothing else.
fn mirrored(bench: &Bench) -> Result<(), String> {
    let truth = bench.truth();
    let open = |case: i64| truth.status(case) != "closed";
    let there: BTreeSet<(i64, i64)> = truth.messages.iter().filter(|kept| open(kept.case)).map(|kept| (kept.case, kept.id)).collect();
    let cached: BTreeSet<(i64, i64)> = bench.cached().into_iter().filter(|(case, _)| open(*case)).collect();
    // In a lagging replica what we deleted comes back, and whole seconds do not tell that it has gone since: nothing can be asked
    // of a mirror there.
    let hopeless = bench.stand.quirks.round_times && bench.stand.quirks.lag_reads.is_some();
    if there == cached || hopeless {
        return Ok(());
    }
    let (missed, ghosts): (Vec<_>, Vec<_>) = (there.difference(&cached).collect(), cached.difference(&there).collect());
    Err(format!("the mirror misses {missed:?} and shows {ghosts:?}, which are not there: {truth:#?}"))
}

fn picture(bench: &Bench) -> (Vec<String>, Truth) {
    let row = |op: &Op| format!("{} {:?} {} {:?} {}", op.id(), op.state, op.tries, op.server_id, op.twins);
    (bench.ops().iter().map(row).collect(), bench.truth())
}
