//! The case list: two lines a case, the due clock in words, the marks of what the agent still has to do.

use super::{Canvas, Framed, Part};
use crate::app::lines::time::span;
use crate::app::lines::wrap::cells;
use crate::app::screen::{self, ROW_HEIGHT};
use crate::app::{Action, Focus, Link, State};
use crate::model::{CaseId, Channel, Due, Row, Saved, Status, Unsent, Untrusted, View};
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Cells of the due clock in a narrow list and in a roomy one; longer words push the rest.
const DUE: [usize; 2] = [9, 11];
/// From this inner width the number stands in the first line.
const ROOMY: u16 = 38;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let state = canvas.state;
    let rows = usize::from(area.height.saturating_sub(2) / ROW_HEIGHT);
    let shown = state.list.window.rows.iter().skip(state.list.top).take(rows);
    let news = state.list.window.news;
    let below = state.list.top + rows < state.list.window.rows.len() || state.list.window.more_after;
    let frame = Framed {
        title: &title(state),
        bottom: &if news > 0 { format!(" {news} new  R ") } else { String::new() },
        bottom_right: if below { " ↓ more " } else { "" },
        focus: canvas.is_at(Focus::List),
        double: false,
    };
    let inner = canvas.framed(area, &frame);
    if state.list.window.rows.is_empty() {
        if crate::app::receipt::shown(state) { super::receipt::draw(canvas, inner, &nothing(state)) } else { canvas.hollow(inner, &nothing(state)) }
    }
    let lit = lit(state);
    for (at, row) in shown.enumerate() {
        let place = Rect { y: inner.y + u16::try_from(at).unwrap_or(0) * ROW_HEIGHT, height: ROW_HEIGHT, ..inner };
        draw_row(canvas, place, row, lit == Some(row.id), state.list.marks.has(row.id));
    }
}

/// The chosen row; none while another case is read than the list has.
fn lit(state: &State) -> Option<CaseId> {
    let reading = matches!(screen::place(state), Focus::Reader | Focus::Compose);
    let read = state.reader.as_ref().filter(|_| reading).map(|reader| reader.case);
    state.list.selected.filter(|id| read.is_none_or(|read| read == *id))
}

fn title(state: &State) -> String {
    let filter = Some(Untrusted::from(state.list.filter_text.as_str()).brief(80)).filter(|filter| !filter.is_empty());
    let marked = state.list.marks.len();
    let marked = (marked > 0).then(|| format!("{marked} marked"));
    let looking = (state.list.asked && filter.is_some()).then(|| "…".to_owned());
    let parts = [Some(Untrusted::from(state.list.title()).brief(30)), marked, filter, looking];
    format!(" {} ", parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

pub(super) fn nothing(state: &State) -> String {
    let view = Untrusted::from(state.list.title()).brief(30);
    let key = |action| state.settings.keys.shown(Focus::List, action);
    if state.list.asked && (state.list.saved.is_some() || !state.list.filter.is_empty()) {
        return format!("Looking through {view}…");
    }
    if !state.list.filter.is_empty() {
        let [back, find, all] = [Action::Back, Action::Find, Action::SearchAll].map(key);
        return format!("Nothing in {view} fits the filter. {back} shows all of it again, {find} changes it, {all} looks in every case.");
    }
    match state.sync.link {
        _ if state.list.asked && state.list.window.counts.of(View::All) == 0 && state.sync.complete => "Loading…".to_owned(),
        Link::Unauthorized if !state.sync.complete => {
            "The server does not take the API key. Set CASELOAD_API_KEY and start again; caseload doctor says more.".to_owned()
        }
        Link::Offline if !state.sync.complete => {
            let now = key(Action::Refresh);
            format!("The server cannot be reached and nothing was read from it yet. It is tried again by itself; {now} tries now.")
        }
        _ if !state.sync.complete => "Reading the cases for the first time. They appear here as they come.".to_owned(),
        _ if state.list.saved.as_ref().is_some_and(|saved| *saved == Saved::drafts()) => {
            format!("No draft of yours waits. {} begins one on a case.", key(Action::Reply))
        }
        _ if state.list.view == View::Queue && state.list.saved.is_none() => {
            format!("The queue is empty. {} shows yours, {} shows all.", key(Action::View(1)), key(Action::View(6)))
        }
        _ => format!("Nothing in {view}. {} shows the queue.", key(Action::View(0))),
    }
}

fn draw_row(canvas: &mut Canvas, area: Rect, row: &Row, chosen: bool, marked: bool) {
    let look = canvas.look;
    let (due, due_part) = due(canvas, row, area.width);
    let (mark, mark_part) = mark(row);
    let (bar, bar_part) = if chosen { ("▌", Part::Focus) } else { (" ", Part::Plain) };
    let id = format!("#{}", row.id);
    let owner = if row.mine { "you".to_owned() } else { row.owner.as_ref().map_or(String::new(), first) };
    let owner = row.company.as_ref().map_or(owner, |company| format!("{} {}", first(&company.who), canvas.age(company.at)));
    let (owner, owner_part) = (crate::app::lines::wrap::clip(&owner, 12), if row.company.is_some() { Part::Warning } else { Part::Dim });
    let roomy = area.width >= ROOMY;
    let name = look.part(if row.unread { Part::Strong } else { Part::Plain });
    let dim = look.part(Part::Dim);

    let mut first = canvas.row(area, 0);
    if roomy {
        first.right(&id, 24, dim);
    }
    first.put(bar, look.part(bar_part)).put(if row.unread { "●" } else { " " }, look.part(Part::Key)).put(mark, look.part(mark_part)).skip(1);
    first.column(&due, DUE[usize::from(roomy)].max(cells(&due) + 1), look.part(due_part));
    first.column(channel(&row.channel), 5, dim);
    first.put(&row.contact.brief(60), name);

    let mut second = canvas.row(area, 1);
    let right = if roomy { owner } else { [owner, id].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ") };
    second.right(&right, 12, look.part(owner_part));
    second.put(bar, look.part(bar_part)).put(if marked { " x " } else { "   " }, look.part(Part::Focus));
    second.put(&row.snippet.brief(usize::from(area.width)), if row.unread { Style::new() } else { dim });
    if chosen {
        canvas.buffer.set_style(area.intersection(canvas.buffer.area), look.part(Part::Chosen));
    }
}

/// The first name, or as much of it as there is room for beside an age.
fn first(name: &Untrusted) -> String {
    crate::app::lines::wrap::clip(name.brief(12).split(' ').next().unwrap_or_default(), 12)
}

/// Most pressing first; one cell.
fn mark(row: &Row) -> (&'static str, Part) {
    match row.unsent {
        Unsent::Failed | Unsent::NeedsYou => ("!", Part::Bad),
        Unsent::Waiting | Unsent::Unknown => ("~", Part::Warning),
        Unsent::None if row.draft => ("✎", Part::Note),
        Unsent::None => (" ", Part::Plain),
    }
}

/// `due 12m`, `late 5m`, `waits` for the customer, `snoozed till 14:00`, `closed`.
fn due(canvas: &Canvas, row: &Row, width: u16) -> (String, Part) {
    due_in(canvas.state, row, width >= 44)
}

/// The same for who hears it.
pub(super) fn due_words(state: &State, row: &Row) -> String {
    due_in(state, row, true).0
}

fn due_in(state: &State, row: &Row, roomy: bool) -> (String, Part) {
    match row.unsent {
        Unsent::Failed => return ("failed".to_owned(), Part::Bad),
        Unsent::NeedsYou => return ("needs you".to_owned(), Part::Bad),
        _ => {}
    }
    let now = state.wall();
    let at = |until| crate::app::lines::time::stamp(until, now, state.settings.utc_offset);
    if let Some(due) = scheduled(state, row) {
        return (format!("{} {}", if roomy { "scheduled" } else { "at" }, at(due.at)), Part::Plain);
    }
    match (row.snoozed_until.filter(|until| *until > now), row.due) {
        _ if row.status == Status::Closed => ("closed".to_owned(), Part::Dim),
        (Some(until), _) if roomy => (format!("snoozed till {}", at(until)), Part::Dim),
        (Some(until), _) => (format!("till {}", at(until)), Part::Dim),
        (None, Some(due)) if due < now => (format!("late {}", span(now - due)), Part::Bad),
        (None, Some(due)) => (format!("due {}", span(due - now)), if (due - now).num_minutes() < 15 { Part::Warning } else { Part::Plain }),
        (None, None) => ("waits".to_owned(), Part::Dim),
    }
}

/// The reply of the agent's that waits for its time, while the customer has nothing new to say.
fn scheduled(state: &State, row: &Row) -> Option<Due> {
    let waits = row.unsent == Unsent::Waiting && !row.unread;
    let next = || state.outbox.of(row.id).filter_map(|op| op.scheduled(state.wall())).min_by_key(|due| due.at);
    if waits { next() } else { None }
}

fn channel(channel: &Channel) -> &str {
    match channel {
        Channel::Chat => "chat",
        Channel::Email => "mail",
        Channel::Voip => "voip",
        Channel::Other(_) => "?",
    }
}
