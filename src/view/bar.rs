//! The top line: name, views with their counts, how it stands with the server, the outbox.

use super::{Canvas, Part};
use crate::app::lines::wrap::{cells, clip};
use crate::app::review::pane;
use crate::app::review::wait::{left, needs_you};
use crate::app::{AGE_STEP, Link, State};
use crate::model::{Saved, Untrusted, View};
use chrono::TimeDelta;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

/// Left of the sync state stays at least this much for the views: on a small screen and on others.
const VIEWS: [usize; 2] = [12, 32];
/// What grows and shrinks with every minute has its room always, so that nothing comes and goes with it: ` · late 10m`, `● live 45s`.
const DUE: usize = 11;
const LIVE: usize = 10;

pub fn draw(canvas: &mut Canvas, area: Rect) {
    let room = usize::from(area.width);
    let needed = needed(canvas.state, room);
    // How long a reply is still held is worth no view.
    let (short, long) = (outbox(canvas.state), held(canvas.state));
    let sides = |outbox: &(String, Part)| sides(canvas, room, outbox);
    let (outbox, (left, sync, part)) = match (needed, long) {
        (Some(needed), _) => (needed.clone(), sides(&needed)),
        (None, Some(long)) if sides(&long).0.less <= sides(&short).0.less => (long.clone(), sides(&long)),
        _ => (short.clone(), sides(&short)),
    };
    let (sync_style, outbox_style) = (canvas.look.part(part), canvas.look.part(outbox.1));
    let mut row = canvas.row(area, 0);
    row.right(" ", 0, Style::new()).right(&outbox.0, 1, outbox_style);
    row.right(&sync, 1, sync_style);
    for (text, style) in left.spans {
        row.put(&text, style);
    }
}

type Sides = (Shown, String, Part);

/// Views and sync state, beside what the outbox takes.
fn sides(canvas: &Canvas, room: usize, outbox: &(String, Part)) -> Sides {
    let both = |aged| {
        let (sync, part) = sync(canvas.state, room.saturating_sub(VIEWS[usize::from(room >= 70)]), aged);
        let taken = if aged && canvas.state.sync.link == Link::Live { cells(&sync).max(LIVE) } else { cells(&sync) };
        let left = views(canvas, room.saturating_sub(taken + cells(&outbox.0) + 4));
        (left, sync, part)
    };
    // The views are worth more than the seconds.
    let (aged, plain) = (both(true), both(false));
    if aged.0.less > plain.0.less { plain } else { aged }
}

type Which = fn(&Tab) -> bool;

/// One view in the line.
struct Tab {
    label: String,
    /// When the first reply of the chosen one is due.
    due: String,
    chosen: bool,
    near: bool,
    own: bool,
}

/// The views as they have room, and how much of them had none.
struct Shown {
    spans: Vec<(String, Style)>,
    less: (usize, bool),
}

/// The views as they fit: with the name and all of them, then less and less; the chosen one always, in brackets.
fn views(canvas: &Canvas, room: usize) -> Shown {
    let tabs = tabs(canvas.state);
    let all: Which = |_| true;
    let built: Which = |tab| !tab.own || tab.chosen;
    let near: Which = |tab| tab.near || tab.chosen;
    let chosen: Which = |tab| tab.chosen;
    let tries: [(&str, Which, &str, bool); 5] =
        [(" caseload  ", all, " · ", true), (" ", all, " ", true), (" ", built, " ", false), (" ", near, " · ", true), ("", chosen, "", false)];
    let clocked = tabs.iter().any(|tab| !tab.due.is_empty());
    let wide = |spans: &[(String, Style)]| spans.iter().map(|(text, _)| cells(text)).sum::<usize>();
    let last = tries.len() - 1;
    for (at, (name, which, between, clock)) in tries.into_iter().enumerate() {
        let shown = || tabs.iter().filter(|tab| which(tab));
        let plain = line_of(canvas, name, shown(), between, false);
        let taken = wide(&plain);
        if taken <= room || at == last {
            // The clock has what is left, and pushes nothing out: with every minute it is as wide or narrower.
            let fits = clock && taken + DUE <= room;
            return Shown { spans: if fits { line_of(canvas, name, shown(), between, true) } else { plain }, less: (at, clocked && !fits) };
        }
    }
    Shown { spans: Vec::new(), less: (last, true) }
}

/// The built-in views, the agent's own, and the drafts while there are some.
fn tabs(state: &State) -> Vec<Tab> {
    let list = &state.list;
    let due = list.window.due.map_or(String::new(), |due| format!(" · {}", due_in(due - state.wall())));
    let mut tabs: Vec<Tab> = Vec::new();
    for view in View::ALL {
        let chosen = list.saved.is_none() && list.view == view;
        let counted = !matches!(view, View::Closed | View::All);
        let label = if counted { format!("{} {}", view.title(), list.window.counts.of(view)) } else { view.title().to_owned() };
        let due = if chosen && counted { due.clone() } else { String::new() };
        tabs.push(Tab { label, due, chosen, near: matches!(view, View::Queue | View::Mine), own: false });
    }
    for saved in crate::app::views::own(state) {
        let chosen = list.saved.as_ref().is_some_and(|shown| shown.name == saved.name);
        let count = state.tallies.of(&saved.name);
        if chosen || count > Some(0) || saved != Saved::drafts() {
            let count = count.map_or(String::new(), |count| if count >= 1000 { " 999+".to_owned() } else { format!(" {count}") });
            tabs.push(Tab { label: format!("{}{count}", Untrusted::from(saved.name.as_str()).brief(20)), due: String::new(), chosen, near: false, own: true });
        }
    }
    tabs
}

fn due_in(left: TimeDelta) -> String {
    let span = |length: TimeDelta| crate::app::lines::time::span(length.min(TimeDelta::weeks(99)));
    if left < TimeDelta::zero() { format!("late {}", span(-left)) } else { format!("due {}", span(left)) }
}

fn line_of<'t>(canvas: &Canvas, name: &str, tabs: impl Iterator<Item = &'t Tab>, between: &str, due: bool) -> Vec<(String, Style)> {
    let mut spans = vec![(name.to_owned(), canvas.look.part(Part::Dim))];
    for (at, tab) in tabs.enumerate() {
        if at > 0 {
            spans.push((between.to_owned(), canvas.look.part(Part::Dim)));
        }
        if tab.chosen {
            let due = if due { tab.due.as_str() } else { "" };
            spans.push((format!("[{}{due}]", tab.label), canvas.look.part(Part::Focus).add_modifier(Modifier::BOLD)));
        } else {
            spans.push((tab.label.clone(), canvas.look.part(Part::Plain)));
        }
    }
    spans
}

/// In words: live, connecting, offline since when and why, the key refused, how far a pull is.
fn sync(state: &State, room: usize, aged: bool) -> (String, Part) {
    let sync = &state.sync;
    let why = || sync.cause.as_ref().map_or(String::new(), |cause| format!(": {}", Untrusted::from(cause.as_str()).brief(60)));
    let ago = sync.last_ok.map_or(String::new(), |at| format!(" {}", crate::app::lines::time::span(state.now - at)));
    // In steps, as often as the state wakes for it; below the first one `live` says it.
    let age = sync.last_ok.map(|at| state.now - at).filter(|age| aged && age.num_seconds() >= AGE_STEP);
    let age = age.map_or(String::new(), |age| format!(" {}", crate::app::lines::time::span(age - TimeDelta::seconds(age.num_seconds() % AGE_STEP))));
    let (words, part) = match sync.link {
        Link::Unauthorized => (format!("! key refused{}", why()), Part::Bad),
        Link::Offline => (format!("○ offline{ago}{}", why()), Part::Warning),
        Link::Connecting => ("… connecting".to_owned(), Part::Dim),
        Link::Live => (format!("● live{age}"), Part::Good),
    };
    let words = match sync.progress {
        Some((done, Some(total))) if !sync.complete => format!("{words} · reading {done} of {total}"),
        Some((done, None)) if !sync.complete => format!("{words} · reading {done}"),
        _ => words,
    };
    (clip(&words, room.min(56)), part)
}

/// `outbox 1`, with a sign when something in it waits for the agent.
fn outbox(state: &State) -> (String, Part) {
    match (state.outbox.unsent(), state.outbox.ops.iter().any(needs_you)) {
        (0, _) => (String::new(), Part::Dim),
        (waiting, true) => (format!("! outbox {waiting}"), Part::Bad),
        (waiting, false) => (format!("outbox {waiting}"), Part::Warning),
    }
}

/// `! outbox 3 · 1 needs you`, where the line is not too short for it.
fn needed(state: &State, room: usize) -> Option<(String, Part)> {
    let needs = state.outbox.ops.iter().filter(|op| needs_you(op)).count();
    let need = if needs == 1 { "needs" } else { "need" };
    (needs > 0 && room >= 70).then(|| (format!("! outbox {} · {needs} {need} you", state.outbox.unsent()), Part::Bad))
}

/// `outbox 1 · held  7s`: as wide with nine seconds as with ten, so that nothing jumps.
fn held(state: &State) -> Option<(String, Part)> {
    let left = left(state.now, pane::soonest_held(state)?)?;
    Some((format!("outbox {} · held {left:>3}", state.outbox.unsent()), Part::Warning))
}
