//! `caseload list`: the cases of a view, most pressing first.

use super::args::List;
use super::desk::Desk;
use super::fault::Fault;
use super::out::Out;
use super::{json, refresh, words};
use crate::model::query::{Anchor, Condition, Moment, Term};
use crate::model::{CaseId, Filter, Row, Saved, Status, View, WindowAsk};
use crate::store::Store;

/// Rows asked for at a time.
const PIECE: usize = 500;

pub async fn list(desk: &Desk, args: &List, out: &mut Out) -> Result<(), Fault> {
    if args.views {
        return views(desk, out);
    }
    let asked = asked(desk, args)?;
    let store = refresh::pulled(desk).await?;
    let mut table = Vec::new();
    walk(&store, desk, &asked, |row| one(&store, &row, desk, out, &mut table))?;
    if !out.json {
        out.lines(words::columns(&table, Out::width()))?;
    }
    Ok(())
}

/// The built-in views by their keys, and the agent's own with what they ask for.
fn views(desk: &Desk, out: &mut Out) -> Result<(), Fault> {
    let built = View::ALL.iter().zip(1..).map(|(view, key)| [view.title().to_owned(), format!("{key}"), String::new(), String::new()]);
    let drafts = ["Drafts".to_owned(), "gd".to_owned(), "draft".to_owned(), String::new()];
    let own = desk.config.view.iter().zip(&desk.views).map(|(entry, view)| {
        let key = view.key.map_or(String::new(), |key| if key.is_ascii_digit() { key.to_string() } else { format!("g{key}") });
        let within = if view.within == View::All { String::new() } else { format!("within {}", view.within.title()) };
        [view.name.clone(), key, entry.filter.clone(), within]
    });
    let rows: Vec<_> = built.chain([drafts]).chain(own).collect();
    if out.json {
        return rows.iter().try_for_each(|[name, key, filter, _]| out.object(&serde_json::json!({ "name": name, "key": key, "filter": filter })));
    }
    let clean = |cell: String| crate::model::Untrusted::from(cell).one_line();
    let rows: Vec<_> = rows.into_iter().map(|row| row.map(clean)).collect();
    out.lines(words::columns(&rows, Out::width()))
}

/// The view that is named first, narrowed by the rest; else everything that is meant: what is closed only where the filter
/// speaks of it.
fn asked(desk: &Desk, args: &List) -> Result<Saved, Fault> {
    let (view, rest) = match named(desk, &args.filter) {
        Some((view, taken)) => (Some(view), &args.filter[taken..]),
        None => (None, args.filter.as_slice()),
    };
    let filter = Filter::parse(&rest.join(" ")).map_err(|error| Fault::usage(format!("filter: {error}")).hint("list status:active channel:email mine"))?;
    if let Some(view) = view {
        return Ok(Saved { filter: view.filter.and(&filter), ..view });
    }
    let open = Filter { any: vec![vec![Condition { term: Term::Status(Status::Closed), not: true }]] };
    let filter = if args.all || filter.names(speaks_of_closed) { filter } else { filter.and(&open) };
    Ok(Saved { filter, within: View::All, ..Saved::default() })
}

/// A view that all words together, or the first one, name; and how many words that took.
fn named(desk: &Desk, words: &[String]) -> Option<(Saved, usize)> {
    let own = |name: &str| desk.views.iter().chain(&[Saved::drafts()]).find(|view| view.is_called(name)).cloned();
    let built = |name: &str| View::parse(name).map(|within| Saved { within, ..Saved::default() });
    let find = |name: &str| own(name).or_else(|| built(name));
    let whole = find(&words.join(" ")).map(|view| (view, words.len()));
    whole.or_else(|| find(words.first()?).map(|view| (view, 1)))
}

fn speaks_of_closed(term: &Term) -> bool {
    match term {
        Term::Status(_) | Term::View(_) | Term::Id(_) | Term::Rated(_) | Term::Moment(Moment::Closed, _) => true,
        Term::Mark(mark) => mark.starts_with("state:"),
        _ => false,
    }
}

type Line = [String; 7];

fn one(store: &Store, row: &Row, desk: &Desk, out: &mut Out, table: &mut Vec<Line>) -> Result<(), Fault> {
    if out.json {
        if let Some(case) = store.shown(row.id)? {
            out.object(&json::case(&case))?;
        }
        return Ok(());
    }
    table.push(cells(row, desk));
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
pub fn walk(store: &Store, desk: &Desk, asked: &Saved, mut take: impl FnMut(Row) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut last: Option<CaseId> = None;
    loop {
        let anchor = last.map_or(Anchor::Top, Anchor::At);
        let ask = WindowAsk { view: asked.within, filter: asked.filter.clone(), sort: asked.sort, anchor, before: 0, after: PIECE };
        let window = store.window(&ask, desk.now)?;
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
