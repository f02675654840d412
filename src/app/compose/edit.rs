//! What keys do to the text: those of a shell's line and of every form, undo by words, Home and End where the line is
//! wrapped, and `$EDITOR` as one step.

use super::super::update::say;
use super::super::{Edited, Effect, Level, State};
use super::{Compose, LONGEST, area, keep};
use tui_textarea::{CursorMove, Input, Key, TextArea};

/// How many steps of undo a text has.
pub const STEPS: usize = 10_000;

/// Whole texts that were replaced. Undo goes back through the steps of one, then to the one before.
#[derive(Debug, Clone, Default)]
pub struct Past {
    back: Vec<TextArea<'static>>,
    forward: Vec<TextArea<'static>>,
}

impl Past {
    /// What was undone can't be done again once something else was written.
    pub(super) fn forget_forward(&mut self) {
        self.forward.clear();
    }
}

impl Compose {
    /// Another text in its place, as one step of undo. The cursor stays where it stood, if there is such a place; at the end
    /// it stays at the end.
    pub fn replace(&mut self, text: &str) {
        let cursor = self.area.cursor();
        let old = std::mem::replace(&mut self.area, area(text));
        let (row, column) = (cursor.0, cursor.1);
        let at_end = row + 1 == old.lines().len() && old.lines().last().is_some_and(|line| line.chars().count() <= column);
        self.past.back.push(old);
        self.past.forward.clear();
        if !at_end && row < self.area.lines().len() {
            jump(&mut self.area, row, column);
        }
    }

    pub fn undo(&mut self) -> bool {
        if words(&mut self.area, TextArea::undo, TextArea::redo) {
            return true;
        }
        let Some(before) = self.past.back.pop() else { return false };
        self.past.forward.push(std::mem::replace(&mut self.area, before));
        true
    }

    /// What was typed since ends what could be redone.
    pub(super) fn past_is_over(&mut self) {
        self.past.forward.clear();
    }

    pub fn redo(&mut self) -> bool {
        if words(&mut self.area, TextArea::redo, TextArea::undo) {
            return true;
        }
        let Some(after) = self.past.forward.pop() else { return false };
        self.past.back.push(std::mem::replace(&mut self.area, after));
        true
    }
}

/// Undo or redo of the widget: one step.
type Step = fn(&mut TextArea<'static>) -> bool;

/// Takes steps that are one letter each up to the end of a word, every other step alone.
fn words(area: &mut TextArea<'static>, step: Step, back: Step) -> bool {
    let (mut taken, mut blank) = (0, false);
    loop {
        let before = place(area);
        if !step(area) {
            return taken > 0;
        }
        let letter = letter(area, before);
        if taken > 0 && (letter.is_none() || blank && letter.is_some_and(|c| !c.is_whitespace())) {
            return back(area);
        }
        let Some(letter) = letter else { return true };
        taken += 1;
        blank |= letter.is_whitespace();
    }
}

/// Row, column and the length of the row, in letters; how many rows.
fn place(area: &TextArea) -> (usize, usize, usize, Option<char>, usize) {
    let cursor = area.cursor();
    let (row, column) = (cursor.0, cursor.1);
    let line = &area.lines()[row];
    let before = column.checked_sub(1).and_then(|at| line.chars().nth(at));
    (row, column, line.chars().count(), before, area.lines().len())
}

/// The letter before the cursor that a step took or put there, when that is all it did.
fn letter(area: &TextArea, before: (usize, usize, usize, Option<char>, usize)) -> Option<char> {
    let after = place(area);
    if (before.0, before.4) != (after.0, after.4) {
        return None;
    }
    match (after.1 + 1 == before.1, before.1 + 1 == after.1) {
        (true, _) if after.2 + 1 == before.2 => before.3,
        (_, true) if before.2 + 1 == after.2 => after.3,
        _ => None,
    }
}

pub(super) fn jump(area: &mut TextArea, row: usize, column: usize) {
    let small = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
    area.move_cursor(CursorMove::Jump(small(row), small(column)));
}

/// Rows below the text are of no use while text is hidden above it: where the box has become higher, or the text shorter.
pub fn settle(state: &mut State) {
    let Some(height) = state.compose.as_ref().filter(|compose| compose.area.scroll_offset().0 > 0).and_then(|compose| {
        let pane = super::super::screen::panes(state).compose?;
        Some(usize::from(pane.height.saturating_sub(2 + compose.head_rows())))
    }) else {
        return;
    };
    let Some(compose) = &mut state.compose else { return };
    let bottom = usize::from(compose.area.scroll_offset().0) + height;
    // A row beyond the text is taken for its last one.
    let there = |row: usize| compose.area.screen_to_data(row, 0);
    let blank = (2..=height).take_while(|row| there(bottom - row) == there(bottom - 1)).count();
    scrolled_up(&mut compose.area, blank);
}

/// The next frame begins with the text, and scrolls no further than the cursor needs.
pub fn unscroll(area: &mut TextArea<'static>) {
    scrolled_up(area, usize::from(area.scroll_offset().0));
}

/// The widget takes the cursor along: it is put back where it was, and the next frame shows it.
fn scrolled_up(area: &mut TextArea<'static>, rows: usize) {
    let cursor = area.cursor();
    let (row, column) = (cursor.0, cursor.1);
    // The widget jumps no further.
    if rows == 0 || row.max(column) >= usize::from(u16::MAX) {
        return;
    }
    area.scroll((-i16::try_from(rows).unwrap_or(i16::MAX), 0));
    jump(area, row, column);
}

/// A key that is not in the table.
pub fn pressed(state: &mut State, input: &Input) -> Vec<Effect> {
    let now = state.now;
    let Some(compose) = &mut state.compose else { return Vec::new() };
    if matches!(input.key, Key::Char(_) | Key::Enter | Key::Tab) && !input.ctrl && !input.alt && compose.len() >= LONGEST {
        return say(state, Level::Warning, "no text is longer than 1 MiB".to_owned());
    }
    if changed(&mut compose.area, input) {
        compose.past.forward.clear();
        compose.touch(now);
    }
    // Who types on and on gives the clock no moment of its own.
    keep::autosave(state)
}

/// The keys of readline where the widget has others; gives whether the text is another one now.
pub(super) fn changed(area: &mut TextArea<'static>, input: &Input) -> bool {
    match (input.key, input.ctrl, input.alt) {
        (Key::Char('u'), true, false) => area.delete_line_by_head(),
        // A line feed: what some terminals and pastes send for Enter.
        (Key::Char('j'), true, false) => {
            area.insert_newline();
            true
        }
        (Key::Home, false, false) => soft(area, false),
        (Key::End, false, false) => soft(area, true),
        (Key::Home, true, _) => moved(area, CursorMove::Top),
        (Key::End, true, _) => moved(area, CursorMove::Bottom) || moved(area, CursorMove::End),
        (Key::Backspace, true, _) => area.delete_word(),
        (Key::Char('r' | 'x' | 'c' | 'm'), true, _) => false,
        _ => area.input(input.clone()),
    }
}

fn moved(area: &mut TextArea, to: CursorMove) -> bool {
    area.move_cursor(to);
    false
}

/// The beginning or end of the line as it is painted; there already, of the line as it was typed.
fn soft(area: &mut TextArea, end: bool) -> bool {
    let before = area.cursor();
    let on_screen = area.screen_cursor();
    let there = area.screen_to_data(on_screen.row, if end { usize::from(u16::MAX) } else { 0 });
    if (there.0, there.1) == (before.0, before.1) {
        return moved(area, if end { CursorMove::End } else { CursorMove::Head });
    }
    jump(area, there.0, there.1);
    false
}

pub fn undo(state: &mut State) -> Vec<Effect> {
    again(state, Compose::undo, "there is nothing to undo in this text")
}

pub fn redo(state: &mut State) -> Vec<Effect> {
    again(state, Compose::redo, "there is nothing to redo in this text")
}

fn again(state: &mut State, step: fn(&mut Compose) -> bool, nothing: &str) -> Vec<Effect> {
    let now = state.now;
    let Some(compose) = &mut state.compose else { return Vec::new() };
    if !step(compose) {
        return say(state, Level::Warning, nothing.to_owned());
    }
    compose.touch(now);
    keep::autosave(state)
}

/// Hands the text to `$EDITOR`; the draft is on the disk first. The head of a mail stays here: in the file an address would be
/// lines above lines, and one slip would send them as words or lose them; Ctrl-x m has keys for it.
pub fn editor(state: &mut State) -> Vec<Effect> {
    let mut effects = keep::autosave_now(state);
    if let Some(compose) = &state.compose {
        effects.push(Effect::Edit(compose.text()));
    }
    effects
}

/// It ended. What it saved is in the box as one step of undo, even where it says that something went wrong.
pub fn edited(state: &mut State, left: Edited) -> Vec<Effect> {
    let (text, trouble) = match left {
        Edited::Same => return say(state, Level::Warning, "the editor left the text as it was".to_owned()),
        Edited::Text { text, trouble } => (text, trouble),
        Edited::Failed(why) => return say(state, Level::Error, why),
    };
    if text.trim().is_empty() {
        let why = trouble.map_or_else(String::new, |why| format!(" ({why})"));
        return say(state, Level::Warning, format!("the editor left an empty file{why}: the text stays as it was"));
    }
    let (text, now) = (super::clean(&text), state.now);
    let cut = text.len() > LONGEST;
    let end = (0..=text.len().min(LONGEST)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    if let Some(compose) = &mut state.compose {
        compose.replace(text[..end].trim_end_matches('\n'));
        compose.touch(now);
    }
    if let Some(why) = trouble {
        let _notice = say(state, Level::Warning, format!("{why}: what it saved is in the box, Ctrl-_ brings back what stood there"));
    } else if cut {
        let _notice = say(state, Level::Warning, "the text was cut: none is longer than 1 MiB".to_owned());
    }
    keep::autosave_now(state)
}
