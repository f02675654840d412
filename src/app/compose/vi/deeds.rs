//! What operators and letters of vi do to a text, with the widget's own operations: what is cut or copied is its yanked text,
//! and each deed is a step of its undo.

use super::motion::{self, Motion, Place, Reach};
use super::read::What;
use super::{Mode, again, jump, place, select, set, step_back};
use crate::app::compose::{Compose, LONGEST};

/// An operator over a motion, over lines, over the word the cursor is in.
pub fn operated(compose: &mut Compose, operator: char, what: What, count: Option<usize>) -> bool {
    let (from, lines) = (place(compose), compose.area.lines());
    let (start, end, whole) = match what {
        What::Lines => (from, (from.0 + count.unwrap_or(1) - 1, 0), true),
        What::Word => {
            let (start, end) = motion::inner(lines, from);
            (start, end, false)
        }
        What::Go(motion) => {
            // To change a word leaves the blank behind it.
            let motion = if operator == 'c' && motion == Motion::Word && !motion::is_blank(lines, from) { Motion::WordEnd } else { motion };
            let to = motion::reach(lines, from, motion, count);
            let (start, end) = (from.min(to), from.max(to));
            match motion.takes() {
                Reach::Lines => (start, end, true),
                Reach::Through => (start, motion::after(lines, end), false),
                // The last word of a line does not take the line's end with it.
                Reach::To if motion == Motion::Word && end.0 > start.0 => (start, (start.0, motion::length(lines, start.0)), false),
                Reach::To => (start, end, false),
            }
        }
        What::Do(_) | What::Replace(_) => return false,
    };
    take(compose, operator, start, end, whole)
}

/// Deletes, changes or copies what lies between, or the lines that it touches.
pub fn take(compose: &mut Compose, operator: char, from: Place, to: Place, whole: bool) -> bool {
    let lines = compose.area.lines();
    let last = lines.len() - 1;
    let end = |row: usize| (row, motion::length(lines, row));
    let (first, until) = (from.0, to.0.min(last));
    let kept = whole.then(|| lines[first..=until].join("\n"));
    let (start, stop) = match (whole, operator) {
        (false, _) => (from, to),
        (true, 'd') if until < last => ((first, 0), (until + 1, 0)),
        (true, 'd') if first > 0 => (end(first - 1), end(until)),
        (true, _) => ((first, 0), end(until)),
    };
    let mut changed = false;
    if start != stop {
        select(compose, start, stop);
        if operator == 'y' {
            compose.area.copy();
            compose.area.cancel_selection();
        } else {
            changed = compose.area.cut();
        }
    }
    if let Some(kept) = kept {
        compose.area.set_yank_text(kept);
    }
    if let Some(vi) = &mut compose.vi {
        vi.lines = whole;
    }
    match operator {
        'y' => jump(compose, if whole { (first, 0) } else { from }),
        'c' => set(compose, Mode::Insert),
        _ if whole => jump(compose, (first.min(compose.area.lines().len() - 1), 0)),
        _ => {}
    }
    changed
}

/// The letters that stand alone.
pub fn command(compose: &mut Compose, letter: char, count: usize) -> bool {
    let (row, column) = place(compose);
    let length = motion::length(compose.area.lines(), row);
    match letter {
        'x' => take(compose, 'd', (row, column), (row, (column + count).min(length)), false),
        'X' => take(compose, 'd', (row, column.saturating_sub(count)), (row, column), false),
        'D' => take(compose, 'd', (row, column), (row, length), false),
        'C' => take(compose, 'c', (row, column), (row, length), false),
        'p' | 'P' => put(compose, letter == 'P', count),
        'u' => (0..count).any(|_| compose.undo()),
        '.' => again(compose),
        'v' => {
            set(compose, Mode::Visual);
            compose.area.start_selection();
            false
        }
        _ => begin(compose, letter),
    }
}

/// Into insert mode, at the place the letter says.
fn begin(compose: &mut Compose, letter: char) -> bool {
    let (row, column) = place(compose);
    let lines = compose.area.lines();
    let length = motion::length(lines, row);
    let at = match letter {
        'I' => motion::reach(lines, (row, column), Motion::First, None),
        'a' => (row, (column + 1).min(length)),
        'A' | 'o' => (row, length),
        'O' => (row, 0),
        _ => (row, column),
    };
    jump(compose, at);
    set(compose, Mode::Insert);
    match letter {
        'o' | 'O' => {
            compose.area.insert_newline();
            if letter == 'O' {
                jump(compose, (row, 0));
            }
            true
        }
        _ => false,
    }
}

/// What was cut or copied: whole lines below or above, letters behind or before the cursor.
fn put(compose: &mut Compose, before: bool, count: usize) -> bool {
    let text = compose.area.yank_text();
    let (row, column) = place(compose);
    let length = motion::length(compose.area.lines(), row);
    if text.is_empty() || compose.len() + text.len() * count > LONGEST {
        return false;
    }
    let lines = compose.vi.as_ref().is_some_and(|vi| vi.lines);
    let (at, text, then) = match (lines, before) {
        (true, true) => ((row, 0), format!("{text}\n").repeat(count), Some((row, 0))),
        (true, false) => ((row, length), format!("\n{text}").repeat(count), Some((row + 1, 0))),
        (false, true) => ((row, column), text.repeat(count), None),
        (false, false) => ((row, (column + 1).min(length)), text.repeat(count), None),
    };
    jump(compose, at);
    let changed = compose.area.insert_str(text);
    match then {
        Some(then) => jump(compose, then),
        None => step_back(compose),
    }
    changed
}

/// Other letters in the place of those at the cursor, as many as the line has.
pub fn replaced(compose: &mut Compose, letter: char, count: usize) -> bool {
    let (row, column) = place(compose);
    if letter.is_control() || column + count > motion::length(compose.area.lines(), row) {
        return false;
    }
    let kept = compose.area.yank_text();
    select(compose, (row, column), (row, column + count));
    // A selection is replaced in one step.
    let changed = compose.area.insert_str(letter.to_string().repeat(count));
    compose.area.set_yank_text(kept);
    step_back(compose);
    changed
}
