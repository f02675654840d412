//! Which panes there are and how large, from the size of the terminal: pure arithmetic that the core needs for
//! scrolling and the view for painting.

use super::update::say;
use super::{Effect, Focus, Level, State};
use ratatui::layout::{Rect, Size};

/// Rows of the terminal that one case of the list takes.
pub const ROW_HEIGHT: u16 = 2;
/// Below this width one pane is shown at a time.
pub const NARROW: u16 = 70;
/// From this width the contact pane is shown.
pub const WIDE: u16 = 120;

/// No pane is narrower, and this many cells a key moves its border.
const SLIM: u16 = 24;
const STEP: i16 = 4;

/// A compose box is this high at least, borders included, unless it would leave less than this of the thread.
const SMALLEST: u16 = 6;
const THREAD_LEFT: u16 = 3;

/// Where everything is painted. Panes are outer rectangles, borders included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Panes {
    /// Top line: views and counts, sync, outbox.
    pub bar: Rect,
    pub list: Option<Rect>,
    pub thread: Option<Rect>,
    pub compose: Option<Rect>,
    pub contact: Option<Rect>,
    /// Bottom line: hints, notice or prompt.
    pub hints: Rect,
}

impl Panes {
    /// How many cases the list paints.
    pub fn list_rows(&self) -> usize {
        self.list.map_or(0, |area| usize::from(area.height.saturating_sub(2) / ROW_HEIGHT))
    }

    /// The inner width and height of the thread pane.
    pub fn thread_inner(&self) -> Size {
        self.thread.map_or(Size::default(), |area| Size::new(area.width.saturating_sub(2), area.height.saturating_sub(2)))
    }
}

/// The panes of this moment.
pub fn panes(state: &State) -> Panes {
    let Size { width, height } = state.size;
    let body = Rect::new(0, 1.min(height), width, height.saturating_sub(2));
    let mut panes =
        Panes { bar: Rect::new(0, 0, width, 1.min(height)), hints: Rect::new(0, height.saturating_sub(1), width, u16::from(height > 1)), ..Panes::default() };
    let reading = matches!(place(state), Focus::Reader | Focus::Compose);
    let card = state.card && state.compose.is_none();
    let thread = if width < NARROW {
        if card {
            panes.contact = Some(body);
            return panes;
        }
        if !reading {
            panes.list = Some(body);
            return panes;
        }
        body
    } else {
        let list = list_width(width, state.wider);
        let rest = Rect { x: list, width: width.saturating_sub(list), ..body };
        panes.list = Some(Rect { width: list, ..body });
        if width < WIDE && card {
            panes.contact = Some(rest);
            return panes;
        }
        // Where it has a place of its own the key hides it.
        let contact = if width >= WIDE && !state.card { (width * 20 / 100).clamp(22, 32) } else { 0 };
        panes.contact = (contact > 0).then(|| Rect { x: width - contact, width: contact, ..body });
        Rect { width: rest.width - contact, ..rest }
    };
    // The customer's last words stay in sight while an answer to them is picked.
    let taken = picker(state).map_or(0, |picker| picker.list.height + if picker.beside { 0 } else { picker.said.map_or(0, |said| said.height) });
    split(&mut panes, Rect { height: thread.height - taken.min(thread.height), ..thread }, state);
    panes
}

/// As wide as the terminal suggests, more or less as the agent wants it; both panes stay of use.
fn list_width(width: u16, wider: i16) -> u16 {
    let suggested = if width >= WIDE { (width * 30 / 100).clamp(33, 48) } else { (width * 40 / 100).clamp(30, 44) };
    suggested.saturating_add_signed(wider).clamp(SLIM, width.saturating_sub(SLIM + 10).max(SLIM))
}

/// The pane that has the keys takes cells from its neighbour, or gives them back.
pub fn resize(state: &mut State, by: i16) -> Vec<Effect> {
    let width = state.size.width;
    if width < NARROW {
        return say(state, Level::Warning, "this screen shows one pane at a time");
    }
    let by = if place(state) == Focus::Reader { -by * STEP } else { by * STEP };
    // No further than what can be seen.
    let (now, then) = (list_width(width, state.wider), list_width(width, state.wider + by));
    state.wider += i16::try_from(then).unwrap_or(0) - i16::try_from(now).unwrap_or(0);
    super::triage::keep_in_view(state);
    super::habits::panes(state)
}

/// Where canned replies are picked: their list, and what the chosen one says where there is room for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Picker {
    pub list: Rect,
    pub said: Option<Rect>,
    pub beside: bool,
}

/// From this width the text stands beside the list, from this height below it; so many lines of it at most.
const BESIDE: u16 = 90;
const BELOW: u16 = 14;
const SAID: u16 = 12;
/// A picker shows so many replies at a time.
const REPLIES: usize = 10;

/// Some while one picks. As high as the shelf is full, however far it is narrowed.
pub fn picker(state: &State) -> Option<Picker> {
    state.prompt.as_ref().filter(|prompt| prompt.picks_reply())?;
    let Size { width, height } = state.size;
    let (body, most) = (height.saturating_sub(2), height.saturating_sub(2) * 2 / 3);
    let rows = u16::try_from(state.canned.replies.len().clamp(1, REPLIES)).unwrap_or(1) + 2;
    let at = |top: u16, height: u16| Rect { x: 0, y: body.saturating_sub(top) + u16::from(state.size.height > 0), width, height };
    if width >= BESIDE {
        let high = rows.max(SAID).min(most);
        let list = Rect { width: width * 2 / 5, ..at(high, high) };
        let said = Rect { x: list.right(), width: width - list.width, ..list };
        return Some(Picker { list, said: Some(said), beside: true });
    }
    let said = if body < BELOW { 0 } else { (SAID - 4).min(body / 3) };
    let list = rows.min(most.saturating_sub(said));
    let place = (said > 0).then(|| at(said, said));
    Some(Picker { list: at(list + said, list), said: place, beside: false })
}

/// Does a card that is asked for lie over something else?
pub fn card_covers(state: &State) -> bool {
    state.size.width < WIDE
}

/// The pane below the prompt or the key help: where the keys will go when that is over.
pub fn place(state: &State) -> Focus {
    let under = |focus: Focus| match (focus, &state.prompt, &state.help) {
        (Focus::Prompt, Some(prompt), _) => prompt.from,
        (Focus::Help, _, Some(help)) => help.from,
        (Focus::Page, ..) => state.log.page.as_ref().map_or(Focus::List, |page| page.from),
        (focus, ..) => focus,
    };
    // The help can be opened over a prompt's pane, never the other way round twice.
    under(under(state.focus))
}

/// The compose box takes the lower part of the thread pane.
fn split(panes: &mut Panes, thread: Rect, state: &State) {
    let Some(compose) = &state.compose else {
        panes.thread = Some(thread);
        return;
    };
    let inside = usize::from(thread.width.saturating_sub(2)).max(1);
    let rows = compose.area.lines().iter().map(|line| 1 + super::lines::wrap::cells(line) / inside);
    // Half of the pane at most, but where there is any room for both four lines of text.
    let head = compose.head_rows();
    let smallest = SMALLEST + head;
    let half = usize::from(thread.height / 2).max(usize::from(smallest));
    let wanted = rows.scan(0, |sum, rows| (*sum < half).then(|| *sum += rows).map(|()| *sum)).last().unwrap_or(0);
    let room = thread.height.saturating_sub(THREAD_LEFT).max(3).min(thread.height);
    let height = u16::try_from((wanted + 2 + usize::from(head)).clamp(usize::from(smallest), half)).unwrap_or(room).min(room);
    panes.thread = Some(Rect { height: thread.height - height, ..thread });
    panes.compose = Some(Rect { y: thread.y + thread.height - height, height, ..thread });
}
