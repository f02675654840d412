//! After the beginning of a sequence: which keys may follow, above the bottom line, in as many columns as there is room for.

use super::{Canvas, Framed, Part};
use crate::app::chord::written;
use crate::app::lines::wrap::cells;
use crate::app::which::following;
use crate::model::Untrusted;
use ratatui::layout::Rect;

/// A column is so wide at least; at most as its longest words, or the screen.
const COLUMN: usize = 18;

pub fn draw(canvas: &mut Canvas, body: Rect) {
    let rows = following(canvas.state);
    if rows.is_empty() || body.height < 3 {
        return;
    }
    let keys = rows.iter().map(|(key, _)| cells(key)).max().unwrap_or(1);
    let most = usize::from(body.height - 2);
    let room = usize::from(body.width.saturating_sub(2)).max(1);
    let widest = rows.iter().map(|(_, words)| keys + cells(words) + 4).max().unwrap_or(COLUMN).max(COLUMN);
    // One column while it takes no more than half of the height; then as many as fit beside each other.
    let wanted = rows.len().div_ceil((most / 2).max(1));
    let columns = wanted.min((room / widest).max(1)).max(rows.len().div_ceil(most)).min((room / COLUMN).max(1));
    let lines = rows.len().div_ceil(columns).min(most);
    let each = (room / columns).min(widest);
    let width = u16::try_from(each * columns + 2).unwrap_or(u16::MAX).min(body.width);
    let height = u16::try_from(lines + 2).unwrap_or(u16::MAX);
    let area = Rect { y: body.bottom().saturating_sub(height), height, width, ..body };
    canvas.clear(area);
    let title = format!(" {} … ", Untrusted::from(written(&canvas.state.keys)).brief(12));
    let inner = canvas.framed(area, &Framed { title: &title, bottom: " Esc cancels ", focus: true, ..Framed::default() });
    let (key, plain) = (canvas.look.part(Part::Key), canvas.look.part(Part::Plain));
    for (at, (name, words)) in rows.iter().enumerate().take(lines * columns) {
        let x = inner.x + u16::try_from(at / lines * each).unwrap_or(0);
        let column = Rect { x, width: u16::try_from(each).unwrap_or(0), ..inner };
        canvas.row(column, at % lines).skip(1).column(name, keys, key).put(" ", plain).put_in(words, each.saturating_sub(keys + 3), plain);
    }
}
