//! Plain output: columns, times and durations in words. Everything that came from outside passes through
//! `Untrusted` before it gets here, so no escape byte leaves, piped or not.

use crate::model::Timestamp;
use chrono::Duration;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Rows as lines: every column but the last as wide as its widest cell, the last cut at `width` cells where one is given.
pub fn columns<const N: usize>(rows: &[[String; N]], width: Option<usize>) -> Vec<String> {
    let mut widths = [0; N];
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(cell.width());
        }
    }
    rows.iter().map(|row| line(row, &widths, width)).collect()
}

fn line<const N: usize>(row: &[String; N], widths: &[usize; N], width: Option<usize>) -> String {
    let mut out = String::new();
    for (at, cell) in row.iter().enumerate() {
        out.push_str(cell);
        if at + 1 < N {
            out.extend(std::iter::repeat_n(' ', widths[at].saturating_sub(cell.width()) + 2));
        }
    }
    let out = out.trim_end();
    width.map_or_else(|| out.to_owned(), |width| cut(out, width))
}

/// At most so many cells, with `…` where something is missing.
pub fn cut(text: &str, cells: usize) -> String {
    if text.width() <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used >= cells {
            break;
        }
        out.push_str(grapheme);
    }
    out.push('…');
    out
}

/// `40s`, `12m`, `3h`, `2d`.
pub fn span(duration: Duration) -> String {
    let seconds = duration.num_seconds().abs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m", seconds / 60),
        3_600..86_400 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// The due clock of a list: `due 12m`, `late 3m`.
pub fn due(due: Option<Timestamp>, now: Timestamp) -> String {
    match due {
        Some(due) if due >= now => format!("due {}", span(due - now)),
        Some(due) => format!("late {}", span(now - due)),
        None => String::new(),
    }
}

/// `2026-11-23 09:02` in the agent's zone.
pub fn moment(at: Timestamp, utc_offset: i32) -> String {
    at.checked_add_signed(Duration::seconds(utc_offset.into())).unwrap_or(at).format("%Y-%m-%d %H:%M").to_string()
}

/// `1 case`, `2 cases`.
pub fn count(n: u64, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::{columns, count, cut, due};
    use crate::model::date;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let rows = [["1".to_owned(), "Mina".to_owned(), "hello there".to_owned()], ["22".to_owned(), "佐藤".to_owned(), String::new()]];
        assert_eq!(columns(&rows, None), ["1   Mina  hello there", "22  佐藤"]);
        assert_eq!(columns(&rows, Some(12)), ["1   Mina  h…", "22  佐藤"]);
        assert_eq!(cut("佐藤佐藤", 4), "佐…");
    }

    #[test]
    fn clocks_are_words() {
        let at = |text| date::parse(text).unwrap();
        let now = at("2026-11-23T09:00:00Z");
        assert_eq!(due(Some(at("2026-11-23T09:12:30Z")), now), "due 12m");
        assert_eq!(due(Some(at("2026-11-23T06:00:00Z")), now), "late 3h");
        assert_eq!(due(None, now), "");
        assert_eq!((count(1, "reply"), count(3, "case")), ("1 reply".to_owned(), "3 cases".to_owned()));
    }
}
