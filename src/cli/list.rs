//! `caseload list`: the cases of a view, most pressing first.

use super::args::List;
use super::desk::Desk;
use super::fault::Fault;
use super::out::Out;
use super::{json, refresh, words};
use crate::model::query::{Anchor, Term};
use crate::model::{CaseId, Filter, Row, Status, View, WindowAsk};
use crate::store::Store;
use std::cmp::Reverse;

/// Rows asked for at a time.
const PIECE: usize = 500;

pub async fn list(desk: &Desk, args: &List, out: &mut Out) -> Result<(), Fault> {
    let filter =
        Filter::parse(&args.filter.join(" ")).map_err(|error| Fault::usage(format!("filter: {error}")).hint("list status:active channel:email mine"))?;
    let store = refresh::pulled(desk).await?;
    let mut table = Vec::new();
    for (view, filter, only) in asks(&filter, args.all) {
        walk(&store, desk, view, &filter, |row| if only.holds(&row) { one(&store, row, desk, out, &mut table) } else { Ok(()) })?;
    }
    if !out.json {
        // The open views come one after the other; the agent reads them as one list.
        table.sort_by_key(|(row, _)| (row.due.is_none(), row.due, Reverse(row.updated)));
        let lines: Vec<_> = table.into_iter().map(|(_, line)| line).collect();
        out.lines(words::columns(&lines, Out::width()))?;
    }
    Ok(())
}

/// Which rows of a view are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Only {
    Every,
    /// Statuses that no view of their own holds.
    Strange,
}

impl Only {
    fn holds(self, row: &Row) -> bool {
        self == Self::Every || matches!(row.status, Status::Other(_))
    }
}

/// The views to walk: the one that is named, everything, or all that is not closed.
fn asks(filter: &Filter, all: bool) -> Vec<(View, Filter, Only)> {
    let mut rest = filter.clone();
    if let Some(at) = rest.terms.iter().position(|term| matches!(term, Term::View(_)))
        && let Term::View(view) = rest.terms.remove(at)
    {
        return vec![(view, rest, Only::Every)];
    }
    if all || rest.terms.iter().any(|term| matches!(term, Term::Status(_))) {
        return vec![(View::All, rest, Only::Every)];
    }
    vec![(View::Active, rest.clone(), Only::Every), (View::Pending, rest.clone(), Only::Every), (View::All, rest, Only::Strange)]
}

type Line = [String; 7];

fn one(store: &Store, row: Row, desk: &Desk, out: &mut Out, table: &mut Vec<(Row, Line)>) -> Result<(), Fault> {
    if out.json {
        if let Some(case) = store.shown(row.id)? {
            out.object(&json::case(&case))?;
        }
        return Ok(());
    }
    let line = cells(&row, desk);
    table.push((row, line));
    Ok(())
}

fn cells(row: &Row, desk: &Desk) -> Line {
    let clock = match (row.snoozed_until, row.due) {
        (Some(until), _) if until > desk.now => format!("until {}", words::moment(until, desk.utc_offset)),
        (_, due) => words::due(due, desk.now),
    };
    let owner = if row.mine { "you".to_owned() } else { row.owner.as_ref().map_or_else(String::new, crate::model::Untrusted::one_line) };
    [
        format!("#{}", row.id),
        crate::model::Untrusted::from(row.status.as_str()).one_line(),
        crate::model::Untrusted::from(row.channel.as_str()).one_line(),
        clock,
        words::cut(&row.contact.one_line(), 24),
        words::cut(&owner, 16),
        row.snippet.one_line(),
    ]
}

/// Every row of a view, piece by piece.
pub fn walk(store: &Store, desk: &Desk, view: View, filter: &Filter, mut take: impl FnMut(Row) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut last: Option<CaseId> = None;
    loop {
        let anchor = last.map_or(Anchor::Top, Anchor::At);
        let window = store.window(&WindowAsk { view, filter: filter.clone(), anchor, before: 0, after: PIECE }, desk.now)?;
        let more = window.more_after;
        let from = last;
        let mut moved = false;
        for row in window.rows.into_iter().skip_while(|row| Some(row.id) == from) {
            last = Some(row.id);
            moved = true;
            take(row)?;
        }
        if !more || !moved {
            return Ok(());
        }
    }
}
