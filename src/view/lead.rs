//! Where a link leads, whole, before it is opened: above the bottom line, wrapped, its host as the network sees it.

use super::{Canvas, Framed, Part};
use crate::app::lines::wrap::wrap;
use crate::app::links;
use crate::model::Untrusted;
use ratatui::layout::Rect;

/// It takes no more cells than this.
const WIDEST: u16 = 100;

pub fn draw(canvas: &mut Canvas, body: Rect) {
    let Some(lead) = links::lead(canvas.state) else { return };
    let width = body.width.min(WIDEST);
    let room = usize::from(width.saturating_sub(4)).max(1);
    let mut lines: Vec<(String, Part)> = wrap(&Untrusted::from(lead.shown.as_str()).display(), room).into_iter().map(|line| (line, Part::Strong)).collect();
    let words = Untrusted::from(lead.words.as_str()).brief(200);
    if lead.lies {
        lines.extend(wrap(&format!("≠ text: it says {words}"), room).into_iter().map(|line| (line, Part::Bad)));
    } else if !words.is_empty() && words != lead.shown {
        lines.extend(wrap(&format!("it says {words}"), room).into_iter().map(|line| (line, Part::Dim)));
    }
    let most = usize::from(body.height.saturating_sub(2));
    let cut = lines.len() > most;
    let height = u16::try_from(lines.len().min(most) + 2).unwrap_or(u16::MAX).min(body.height);
    let area = Rect { x: body.x, y: body.bottom().saturating_sub(height), width, height };
    canvas.clear(area);
    let does = match (lead.target().is_some(), canvas.state.settings.opener.is_some()) {
        (true, true) => " Enter opens it · y copies · Esc ",
        (true, false) => " Enter copies it, no browser here · Esc ",
        (false, _) => " not opened: only http, https, mailto · y copies · Esc ",
    };
    let more = if cut { " … goes on " } else { "" };
    let inner = canvas.framed(area, &Framed { title: " it leads to ", bottom: does, bottom_right: more, focus: true, ..Framed::default() });
    for (at, (line, part)) in lines.iter().take(most).enumerate() {
        let style = canvas.look.part(*part);
        canvas.row(inner, at).skip(1).put(line, style);
    }
}
