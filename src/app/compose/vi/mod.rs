//! The keys of vi in the compose box, where the config asks for them. What keys say is read by `read`, where motions go is
//! told by `motion`; here it is done with the widget's own operations, so that undo and the yanked text are the box's. The
//! box begins in insert mode, and its other keys (Ctrl-s, Ctrl-x …) are the same in every mode; q in normal mode leaves it.
//! Without the setting nothing of this is asked.

mod deeds;
mod motion;
mod read;

use super::super::bindings::Found;
use super::super::update::say;
use super::super::{Effect, Level, State, chord};
use super::{Compose, edit, keep, leave};
use crate::app::Focus;
use deeds::{command, operated, replaced, take};
use motion::{Motion, Place};
use read::{Read, Said, What};
use tui_textarea::{CursorMove, Input, Key};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Insert,
    Normal,
    Visual,
}

/// Where the keys stand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Vi {
    pub mode: Mode,
    /// A count, an operator and the beginning of a motion, as they were typed.
    pub typed: String,
    /// The letter that j and k go back to where the lines between are shorter.
    column: Option<usize>,
    /// What was cut or copied last was whole lines.
    lines: bool,
    /// The keys of the last change, and of the one that is being made.
    last: Vec<Input>,
    making: Vec<Input>,
}

impl Vi {
    /// As the box begins: as if `i` had been pressed.
    pub fn wanted(state: &State) -> Option<Self> {
        let begun = Input { key: Key::Char('i'), ..Input::default() };
        state.settings.vi.then(|| Self { making: vec![begun], ..Self::default() })
    }

    /// `NORMAL 2d`
    pub fn words(&self) -> String {
        let mode = match self.mode {
            Mode::Insert => "INSERT",
            Mode::Normal => "NORMAL",
            Mode::Visual => "VISUAL",
        };
        if self.typed.is_empty() { mode.to_owned() } else { format!("{mode} {}", self.typed) }
    }
}

/// What this key does here; `None`: what it does in every box.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let now = state.now;
    let begun = !state.keys.is_empty();
    // A key of the table goes before; letters and Esc are the mode's own.
    let own = matches!(input.key, Key::Char(_) | Key::Esc) && !input.ctrl;
    let named = !own && state.settings.keys.find(Focus::Compose, &chord::name(input)) != Found::Nothing;
    let compose = state.compose.as_mut()?;
    let vi = compose.vi.as_mut().filter(|_| !begun)?;
    match (vi.mode, input.key) {
        _ if named => return None,
        (Mode::Insert, Key::Esc) => {}
        (Mode::Insert, _) => {
            vi.making.push(input.clone());
            return None;
        }
        // Who has the keys of vi presses Esc once too often: were that the way out, what follows would be keys of the list.
        (Mode::Normal, Key::Esc) if vi.typed.is_empty() => return Some(say(state, Level::Done, "q keeps the draft and goes back".to_owned())),
        (Mode::Normal, Key::Char('q')) if vi.typed.is_empty() && !input.ctrl && !input.alt => return Some(leave(state)),
        _ => {}
    }
    let undoes = vi.mode == Mode::Normal && input.key == Key::Char('u');
    if key(compose, input) {
        if !undoes {
            compose.past_is_over();
        }
        compose.touch(now);
    }
    Some(keep::autosave(state))
}

/// One key; gives whether the text is another one.
fn key(compose: &mut Compose, input: &Input) -> bool {
    let Some(vi) = compose.vi.as_mut() else { return false };
    match (vi.mode, input.key) {
        (Mode::Insert, Key::Esc) => {
            vi.mode = Mode::Normal;
            vi.making.push(input.clone());
            vi.last = std::mem::take(&mut vi.making);
            step_back(compose);
            false
        }
        (Mode::Insert, _) => edit::changed(&mut compose.area, input),
        (_, Key::Esc) => {
            (vi.mode, vi.typed) = (Mode::Normal, String::new());
            vi.making.clear();
            compose.area.cancel_selection();
            false
        }
        _ if input.ctrl || input.alt => false,
        _ => {
            let Some(letter) = letter(input) else { return false };
            vi.typed.push(letter);
            vi.making.push(input.clone());
            let visual = vi.mode == Mode::Visual;
            match read::read(&vi.typed, visual) {
                Read::More => false,
                Read::Nothing => forget(compose),
                Read::Whole(said) => {
                    vi.typed.clear();
                    done(compose, &said, visual)
                }
            }
        }
    }
}

/// The letter that a key is as good as.
fn letter(input: &Input) -> Option<char> {
    Some(match input.key {
        Key::Char(c) => c,
        Key::Left | Key::Backspace => 'h',
        Key::Down | Key::Enter => 'j',
        Key::Up => 'k',
        Key::Right => 'l',
        Key::Home => '0',
        Key::End => '$',
        Key::Delete => 'x',
        _ => return None,
    })
}

fn forget(compose: &mut Compose) -> bool {
    if let Some(vi) = &mut compose.vi {
        vi.typed.clear();
        vi.making.clear();
    }
    false
}

/// Does what was said, and remembers a change for `.`.
fn done(compose: &mut Compose, said: &Said, visual: bool) -> bool {
    if let Some(vi) = compose.vi.as_mut().filter(|_| !matches!(said.what, What::Go(_))) {
        vi.column = None;
    }
    let changed = if visual { seen(compose, said) } else { plain(compose, said) };
    let Some(vi) = &mut compose.vi else { return changed };
    match vi.mode {
        // It goes on until Esc.
        Mode::Insert => {}
        _ if changed && !matches!(said.what, What::Do('u' | '.')) && !visual => vi.last = std::mem::take(&mut vi.making),
        _ => vi.making.clear(),
    }
    if vi.mode == Mode::Normal {
        rest(compose);
    }
    changed
}

fn plain(compose: &mut Compose, said: &Said) -> bool {
    let from = place(compose);
    match (said.operator, said.what) {
        (Some(operator), what) => operated(compose, operator, what, said.count),
        (None, What::Go(motion)) => {
            let from = (from.0, column(compose, motion, from.1));
            let to = motion::reach(compose.area.lines(), from, motion, said.count);
            jump(compose, to);
            false
        }
        (None, What::Do(letter)) => command(compose, letter, said.count.unwrap_or(1)),
        (None, What::Replace(letter)) => replaced(compose, letter, said.count.unwrap_or(1)),
        (None, What::Lines | What::Word) => false,
    }
}

/// Where the cursor would stand if every line were long enough.
fn column(compose: &mut Compose, motion: Motion, now: usize) -> usize {
    let Some(vi) = &mut compose.vi else { return now };
    if matches!(motion, Motion::Up | Motion::Down) {
        return *vi.column.get_or_insert(now);
    }
    vi.column = None;
    now
}

/// Keys while something is selected: motions carry its end, an operator takes it.
fn seen(compose: &mut Compose, said: &Said) -> bool {
    match said.what {
        What::Go(motion) => {
            let to = motion::reach(compose.area.lines(), place(compose), motion, said.count);
            jump(compose, to);
            false
        }
        What::Do(letter) => {
            let selected = compose.area.selection_range();
            set(compose, Mode::Normal);
            compose.area.cancel_selection();
            let (Some((from, last)), Some(operator)) = (selected, operator_of(letter)) else { return false };
            take(compose, operator, from, motion::after(compose.area.lines(), last), false)
        }
        _ => false,
    }
}

fn operator_of(letter: char) -> Option<char> {
    match letter {
        'x' => Some('d'),
        'd' | 'c' | 'y' => Some(letter),
        _ => None,
    }
}

/// The last change once more, here.
fn again(compose: &mut Compose) -> bool {
    let Some(last) = compose.vi.as_mut().map(|vi| std::mem::take(&mut vi.making)).and(compose.vi.as_ref().map(|vi| vi.last.clone())) else { return false };
    let changed = last.iter().filter(|input| key(compose, input)).count() > 0;
    if let Some(vi) = &mut compose.vi {
        vi.last = last;
    }
    changed
}

fn set(compose: &mut Compose, mode: Mode) {
    if let Some(vi) = &mut compose.vi {
        vi.mode = mode;
    }
}

fn place(compose: &Compose) -> Place {
    let cursor = compose.area.cursor();
    (cursor.0, cursor.1)
}

fn jump(compose: &mut Compose, to: Place) {
    edit::jump(&mut compose.area, to.0, to.1);
}

fn select(compose: &mut Compose, from: Place, to: Place) {
    compose.area.cancel_selection();
    jump(compose, from);
    compose.area.start_selection();
    jump(compose, to);
}

fn step_back(compose: &mut Compose) {
    if compose.area.cursor().1 > 0 {
        compose.area.move_cursor(CursorMove::Back);
    }
}

/// In normal mode the cursor stands on a letter.
fn rest(compose: &mut Compose) {
    let (row, column) = place(compose);
    let length = motion::length(compose.area.lines(), row);
    if column >= length && length > 0 {
        jump(compose, (row, length - 1));
    }
}
