//! The picker of canned replies: key, name and first line of each, and beside or below what the chosen one would say and
//! do on this case. What is not known in it is marked.

use super::{Canvas, Framed, Part};
use crate::app::canned::{Filled, about, facts, fill};
use crate::app::lines::wrap::{cells, wrap};
use crate::app::prompt::{Prompt, PromptKind};
use crate::app::screen::picker;
use crate::model::{Canned, Untrusted};
use ratatui::layout::Rect;

/// Names get no more cells.
const NAME: usize = 28;

pub fn draw(canvas: &mut Canvas, prompt: &Prompt, body: Rect) {
    let Some(place) = picker(canvas.state) else { return };
    let (list, beside) = (place.list.intersection(body), place.said.map(|area| area.intersection(body)));
    let replies: Vec<&Canned> = prompt.choices.iter().filter_map(|name| canvas.state.canned.replies.iter().find(|reply| reply.name == *name)).collect();
    let chosen = replies.get(prompt.chosen).copied();
    canvas.clear(list);
    let deeds = if beside.is_some() { String::new() } else { chosen.map_or_else(String::new, |reply| deeds_of(prompt.kind, reply)) };
    rows(canvas, prompt, &replies, &deeds, list);
    if let Some(area) = beside {
        canvas.clear(area);
        let text = chosen.map(|reply| (reply, filled(canvas, reply)));
        said(canvas, prompt.kind, text, area);
    }
}

fn filled(canvas: &Canvas, reply: &Canned) -> Filled {
    about(canvas.state).map_or_else(Filled::default, |case| fill(&reply.text, &facts(canvas.state, case)))
}

/// Key, name and the beginning of the text; `deeds` is what the chosen one does, where no place is left to show it.
fn rows(canvas: &mut Canvas, prompt: &Prompt, replies: &[&Canned], deeds: &str, area: Rect) {
    let room = usize::from(area.height.saturating_sub(2));
    let first = (prompt.chosen + 1).saturating_sub(room).min(replies.len().saturating_sub(room));
    let rest = replies.len().saturating_sub(room);
    let more = if rest > 0 { format!(" {rest} more ") } else { String::new() };
    let does = match (prompt.kind, replies.is_empty(), deeds) {
        (PromptKind::Canned, true, _) => " Enter keeps it as text ".to_owned(),
        (_, true, _) => " Esc goes back ".to_owned(),
        (_, _, "") => if prompt.kind == PromptKind::Macro { " Enter runs it · Esc " } else { " Enter puts it in · Esc " }.to_owned(),
        _ => format!(" Enter {} ", Untrusted::from(deeds).brief(60)),
    };
    let case = about(canvas.state).map_or_else(String::new, |case| format!(" #{case}"));
    let title = format!(" {}{case} · {} ", prompt.title(), if area.width < 60 { "key or name" } else { "its key, or letters of its name" });
    let inner = canvas.framed(area, &Framed { title: &title, bottom: &does, bottom_right: &more, focus: true, ..Framed::default() });
    if replies.is_empty() {
        let none = if canvas.state.canned.replies.is_empty() {
            "No canned replies yet: write replies/thanks.md beside the config."
        } else {
            "Nothing is called that."
        };
        canvas.hollow(inner, none);
    }
    let shown: Vec<(&Canned, String)> = replies.iter().skip(first).take(room).map(|reply| (*reply, Untrusted::from(reply.name.as_str()).brief(NAME))).collect();
    let names = shown.iter().map(|(_, name)| cells(name)).max().unwrap_or(0).min(NAME).min(usize::from(inner.width) * 3 / 5);
    for (at, (reply, name)) in shown.iter().enumerate() {
        let line = Untrusted::from(filled(canvas, reply).text).brief(120);
        let (key, plain, dim, look) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain), canvas.look.part(Part::Dim), canvas.look.part(Part::Chosen));
        let lit = first + at == prompt.chosen;
        let digit = reply.key.map_or_else(String::new, |key| key.to_string());
        canvas.row(inner, at).put(if lit { "▌" } else { " " }, key).column(&digit, 2, key).column(name, names, plain).put("  ", dim).put(&line, dim);
        if lit {
            let line = Rect { y: inner.y + u16::try_from(at).unwrap_or(0), height: 1, ..inner };
            canvas.buffer.set_style(line.intersection(canvas.buffer.area), look);
        }
    }
}

/// What a macro does; what is put in is only text, and the state it closes with when it is sent so.
fn deeds_of(kind: PromptKind, reply: &Canned) -> String {
    match (kind, &reply.state) {
        (PromptKind::Canned, Some(state)) => format!("puts it in, Ctrl-x e closes as {state}"),
        (PromptKind::Canned, None) => "puts it in".to_owned(),
        _ => reply.deeds(),
    }
}

/// What it would say and do.
fn said(canvas: &mut Canvas, kind: PromptKind, chosen: Option<(&Canned, Filled)>, area: Rect) {
    let Some((reply, filled)) = chosen else {
        canvas.framed(area, &Framed::default());
        return;
    };
    let gaps = filled.gaps.iter().map(|gap| Untrusted::from(gap.as_str()).brief(40)).collect::<Vec<_>>().join(", ");
    let gaps = if gaps.is_empty() { gaps } else { format!(" not known: {gaps} ") };
    let deeds = format!(" {} ", Untrusted::from(deeds_of(kind, reply)).brief(80));
    let inner = canvas.framed(area, &Framed { title: &deeds, bottom: &gaps, double: reply.note, ..Framed::default() });
    if !reply.speaks() {
        canvas.hollow(inner, "It says nothing.");
        return;
    }
    let room = usize::from(inner.width.saturating_sub(2)).max(1);
    let mut lines = wrap(&Untrusted::from(filled.text).display(), room);
    let fits = usize::from(inner.height);
    if lines.len() > fits {
        // Words before blank lines, where there is no room for both.
        lines.retain(|line| !line.trim().is_empty());
    }
    for (at, line) in lines.iter().take(fits).enumerate() {
        let cut = at + 1 == fits && lines.len() > fits;
        let plain = canvas.look.part(Part::Plain);
        canvas.row(inner, at).skip(1).put(if cut { "…" } else { line }, plain);
    }
}
