//! A state in words, one line after the other, for those who listen to the screen or read it on a line printer: no boxes,
//! no colours, no cursor. What changed since the last time is told, and nothing twice.

use super::list::due_words;
use super::{Look, paint};
use crate::app::lines::{self, Layout, wrap};
use crate::app::prompt::Prompt;
use crate::app::{Colors, Focus, Level, Link, Notice, State};
use crate::model::text::harmless;
use crate::model::{CaseId, DraftKind, Row, Untrusted, View};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// Lines are no wider: what reads them wraps by itself, what prints them may not.
const WIDTH: u16 = 100;
const HELP: &str = "next, previous: another case. open: read it. reply, note: write. close, snooze 2h, claim, assign, undo: change it. \
queue, mine, active, closed: another list. A number goes to that row. An empty line tells where you are, read tells the thread again, quit leaves.";

/// What was told last.
#[derive(Debug, Default)]
pub struct Teller {
    began: bool,
    notice: Option<Notice>,
    place: Option<Place>,
    row: Option<CaseId>,
    link: Link,
    /// The thread, and how many of its messages were told.
    thread: Option<(CaseId, usize)>,
    news: u64,
    screen: Vec<String>,
    /// A line came: what it changed is told also where a clock changes something every second.
    asked: bool,
}

/// Where the agent is; another one is told whole.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    focus: Focus,
    view: View,
    filter: String,
    /// What is asked, and what can be chosen.
    asked: Option<(String, Vec<String>, Option<String>)>,
    kind: Option<DraftKind>,
    case: Option<CaseId>,
}

impl Teller {
    /// Something was asked for.
    pub fn heard(&mut self) {
        self.asked = true;
    }

    /// The next time everything is told again, with the words there are where they are asked for.
    pub fn again(&mut self, help: bool) {
        self.began &= !help;
        (self.place, self.row, self.thread) = (None, None, None);
        self.screen.clear();
    }

    /// What there is to say.
    pub fn told(&mut self, state: &State) -> Vec<String> {
        let mut lines = Vec::new();
        if !std::mem::replace(&mut self.began, true) {
            lines.push(format!("caseload, line by line. {HELP}"));
        }
        self.link(state, &mut lines);
        if state.notice != self.notice {
            self.notice.clone_from(&state.notice);
            lines.extend(state.notice.iter().map(notice));
        }
        self.place(state, &mut lines);
        lines.iter().map(|line| harmless(line)).collect()
    }

    fn link(&mut self, state: &State, lines: &mut Vec<String>) {
        if state.sync.link != self.link {
            self.link = state.sync.link;
            lines.push(
                match self.link {
                    Link::Connecting => "connecting",
                    Link::Live => "live: the server is there",
                    Link::Offline => "offline: the server is away, what you do waits on the disk",
                    Link::Unauthorized => "the server does not take the key: caseload doctor says more",
                }
                .to_owned(),
            );
        }
        let news = state.list.window.news;
        if news > self.news && state.focus == Focus::List {
            lines.push(format!("{news} new: sync takes them in"));
        }
        self.news = news;
    }

    fn place(&mut self, state: &State, lines: &mut Vec<String>) {
        let place = Place {
            focus: state.focus,
            view: state.list.view,
            filter: state.list.filter_text.clone(),
            asked: state.prompt.as_ref().map(|prompt| (prompt.label().to_owned(), prompt.choices.clone(), prompt.error.clone())),
            kind: state.compose.as_ref().map(|compose| compose.kind),
            case: state.reader.as_ref().map(|reader| reader.case).filter(|_| state.focus != Focus::List),
        };
        let loading = state.focus == Focus::List && (state.list.asked || state.stale_list);
        let moved = !loading && self.place.as_ref() != Some(&place);
        let heard = std::mem::take(&mut self.asked);
        if moved {
            // Coming back to the list from a case is worth a word, the row itself is told below.
            self.row = self.row.filter(|_| state.focus != Focus::List);
            self.place = Some(place);
        }
        match state.focus {
            Focus::List => self.list(state, moved, lines),
            Focus::Reader => self.thread(state, lines),
            Focus::Compose => lines.extend(moved.then(|| compose(state)).into_iter().flatten()),
            Focus::Prompt => lines.extend(state.prompt.as_ref().filter(|_| moved).map(asked).into_iter().flatten()),
            _ if moved || heard => self.other(state, lines),
            _ => {}
        }
    }

    fn list(&mut self, state: &State, moved: bool, lines: &mut Vec<String>) {
        self.thread = None;
        let window = &state.list.window;
        if moved {
            let filter = Untrusted::from(state.list.filter_text.as_str()).brief(80);
            let filter = if filter.is_empty() { filter } else { format!(", {filter}") };
            let count = window.counts.of(state.list.view);
            let cases = match count {
                0 => super::list::nothing(state),
                1 => "1 case".to_owned(),
                _ => format!("{count} cases"),
            };
            lines.push(format!("{}{filter}: {cases}", state.list.view.title()));
        }
        if state.list.selected == self.row || state.list.asked || state.stale_list {
            return;
        }
        self.row = state.list.selected;
        if let Some((at, row)) = state.list.at().zip(state.list.row()) {
            lines.push(row_words(state, at, row));
        }
    }

    /// The whole thread when it is opened, then what comes to it.
    fn thread(&mut self, state: &State, lines: &mut Vec<String>) {
        let Some(reader) = state.reader.as_ref().filter(|reader| reader.loaded && !reader.conversation.partial) else { return };
        let conversation = &reader.conversation;
        let count = conversation.messages.len() + state.outbox.of(reader.case).count();
        let known = self.thread.filter(|(case, _)| *case == reader.case).map(|(_, known)| known);
        // What was not read from the server yet has nothing to tell.
        if known == Some(count) || known.is_none() && conversation.fetched.is_none() {
            return;
        }
        self.thread = Some((reader.case, count));
        let how = Layout { width: WIDTH, now: state.wall(), utc_offset: state.settings.utc_offset, me: state.me_id(), keys: false };
        let whole = lines::layout(conversation, &state.outbox.ops, &how);
        if known.is_none() {
            let case = conversation.case(reader.case).or_else(|| conversation.latest());
            let title = case.map_or_else(String::new, |case| format!(" {}", case.title.brief(80)));
            lines.push(format!("thread #{}{title}, {} messages", reader.case, conversation.messages.len()));
        }
        let from = known.unwrap_or(0);
        let new = whole.iter().filter(|line| known.is_none() || line.message.is_some_and(|at| at >= from));
        let new: Vec<String> = new.map(|line| plain(&line.text)).filter(|text| !text.is_empty()).collect();
        let end = if known.is_none() { "end of the thread" } else { "end of what is new" };
        let end = Some(end.to_owned()).filter(|_| known.is_none() || !new.is_empty());
        lines.extend(new.into_iter().chain(end));
    }

    /// A pane without words of its own: what it shows, without its frame.
    fn other(&mut self, state: &State, lines: &mut Vec<String>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, state.size.width, state.size.height));
        let _cursor = paint(state, Look { colors: Colors::NONE }, &mut buffer);
        let rows = usize::from(state.size.height.saturating_sub(2));
        let screen: Vec<String> = text_of(&buffer).into_iter().skip(1).take(rows).filter(|line| !line.is_empty()).collect();
        if screen != self.screen {
            lines.extend(screen.iter().filter(|line| !self.screen.contains(line)).cloned());
            self.screen = screen;
        }
    }
}

/// `row 2: Mina Sato, chat, due 12m, unread, yours, number 4410. where is my parcel?`
fn row_words(state: &State, at: usize, row: &Row) -> String {
    let mut parts = vec![row.contact.brief(60), row.channel.as_str().to_owned(), due_words(state, row)];
    parts.extend(row.unread.then(|| "unread".to_owned()));
    parts.extend(row.draft.then(|| "a draft of yours".to_owned()));
    let owner = || row.owner.as_ref().map(|owner| format!("of {}", owner.brief(30)));
    parts.extend(if row.mine { Some("yours".to_owned()) } else { owner() });
    parts.push(format!("number {}", row.id));
    let number = if state.list.window.more_before { String::new() } else { format!("row {}: ", at + 1) };
    format!("{number}{}. {}", parts.join(", "), row.snippet.brief(200))
}

fn notice(notice: &Notice) -> String {
    match notice.level {
        Level::Done => format!("done: {}", notice.text),
        Level::Warning => format!("note: {}", notice.text),
        Level::Error => format!("error: {}", notice.text),
    }
}

fn compose(state: &State) -> Vec<String> {
    let Some(compose) = &state.compose else { return Vec::new() };
    let what = if compose.kind == DraftKind::Note { "note for agents only" } else { "reply to the customer" };
    let how =
        "write line by line; a line with one dot sends, two dots send and close, /keep keeps the draft and goes back, /note switches between reply and note";
    let mut lines = vec![format!("{what} on #{}: {how}", compose.case)];
    if !compose.is_empty() {
        lines.push("the draft so far:".to_owned());
        lines.extend(compose.area.lines().iter().cloned());
    }
    lines
}

fn asked(prompt: &Prompt) -> Vec<String> {
    let mut lines: Vec<String> = prompt.error.iter().map(|error| format!("error: {error}")).collect();
    lines.push(format!("{}? A number or words, /cancel goes back", prompt.label()));
    lines.extend(prompt.choices.iter().take(30).enumerate().map(|(at, choice)| format!("{}: {choice}", at + 1)));
    lines
}

/// The rows of a screen without what frames them.
fn text_of(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width).max(1);
    let row = |cells: &[Cell]| {
        let (mut text, mut covered) = (String::new(), 0);
        for cell in cells {
            // A wide character covers the cell behind it.
            if covered == 0 {
                text.push_str(cell.symbol());
            }
            covered = if covered > 0 { covered - 1 } else { wrap::cells(cell.symbol()).saturating_sub(1) };
        }
        plain(&text)
    };
    buffer.content.chunks(width).map(row).collect()
}

/// Without lines, corners and bars, and without the blanks they leave.
fn plain(text: &str) -> String {
    let bare: String = text.chars().map(|c| if matches!(c, '\u{2500}'..='\u{259f}') { ' ' } else { c }).collect();
    bare.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
