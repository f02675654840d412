//! The head of the mail in the making: whom it goes to and what it is called. Folded it is one line above the text; opened
//! each field is a line of its own. What was typed stays as it was typed, right or wrong, until the mail is sent.

use super::super::update::say;
use super::super::{Action, Effect, Level, State};
use super::{Compose, edit, keep};
use crate::app::lines::wrap::cells;
use crate::model::head::{people, split};
use crate::model::{CaseId, Change, Channel, DraftKind, Head, MailAddress, Untrusted};
use tui_textarea::{CursorMove, Input, Key, TextArea, WrapMode};

/// The fields in their order on the screen; the last one holds no addresses.
pub const FIELDS: [&str; 4] = ["to", "cc", "bcc", "subject"];
pub const SUBJECT: usize = 3;
/// No field is longer, in bytes.
const LONGEST: usize = 16 * 1024;

/// What the thread says of the mail that answers it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// As a good mail client answers.
    pub usual: Head,
    /// Whom addresses are completed from, and who has a name.
    pub people: Vec<MailAddress>,
}

/// The head while it is open.
#[derive(Debug, Clone)]
pub struct Fields {
    pub lines: [TextArea<'static>; 4],
    /// The one keys go to.
    pub at: usize,
}

impl Compose {
    /// What it goes out with: what the agent said, else what is usual. None where it is no mail, the thread is not read yet,
    /// or what was sent is changed.
    pub fn letter(&self) -> Option<&Head> {
        let usual = || self.mail.as_ref().map(|known| &known.usual);
        self.head.as_deref().or_else(usual).filter(|_| self.kind == DraftKind::Reply && self.edits.is_none())
    }

    /// Rows above the text.
    pub fn head_rows(&self) -> u16 {
        match (&self.fields, self.letter()) {
            (Some(fields), _) => u16::try_from(fields.lines.len()).unwrap_or(0),
            (None, Some(_)) => 1,
            (None, None) => 0,
        }
    }
}

/// The thread was loaded, or became another one: what is usual follows it, what the agent said stays.
pub fn renew(state: &mut State) {
    let Some(case) = state.compose.as_ref().map(|compose| compose.case) else { return };
    let known = known(state, case);
    if let (Some(compose), Some(known)) = (&mut state.compose, known) {
        compose.mail = Some(Box::new(known));
    }
}

fn known(state: &State, case: CaseId) -> Option<Known> {
    let conversation = state.reader.as_ref().map(|reader| &reader.conversation).filter(|conversation| conversation.fetched.is_some())?;
    let case = conversation.case(case).filter(|case| case.channel == Channel::Email)?;
    let usual = Head::answering(case, &conversation.messages);
    (!usual.to.is_empty()).then(|| Known { usual, people: people(case, &conversation.messages) })
}

/// A reply that says nothing of receivers goes to whom the composer would have named, when the thread is on the screen.
pub fn addressed(state: &State, case: CaseId, change: Change) -> Change {
    match change {
        Change::Reply { text, head: None, translate } => Change::Reply { text, head: known(state, case).map(|known| Box::new(known.usual)), translate },
        change => change,
    }
}

/// The head as it goes out, or what is wrong with it and where.
pub fn said(compose: &Compose) -> Result<Option<Box<Head>>, (&'static str, String)> {
    let Some(head) = compose.letter() else { return Ok(None) };
    let mut head = head.checked()?;
    if let Some(known) = compose.mail.as_ref().filter(|_| head.subject.is_empty()) {
        head.subject.clone_from(&known.usual.subject);
    }
    Ok(Some(Box::new(head)))
}

/// It can't go out like this: the field that is wrong is opened, with everything that was typed.
pub fn refused(state: &mut State, field: &str, why: &str) -> Vec<Effect> {
    let at = FIELDS.iter().position(|name| *name == field).unwrap_or(0);
    open_at(state, at);
    say(state, Level::Warning, format!("not sent: {why}"))
}

/// Opens the head, or goes back to the text.
pub fn toggle(state: &mut State) -> Vec<Effect> {
    let Some(compose) = &state.compose else { return Vec::new() };
    if compose.fields.is_some() {
        return close(state);
    }
    if compose.kind == DraftKind::Note {
        return say(state, Level::Warning, format!("a note has no receivers; {} makes it a reply", state.key(Action::SwitchKind)));
    }
    match (compose.letter(), compose.channel(state)) {
        (Some(_), _) => open_at(state, 0),
        (None, Some(Channel::Email)) => return say(state, Level::Warning, "the mails of this thread are not read yet: in a moment".to_owned()),
        (None, _) => return say(state, Level::Warning, "only a mail has receivers and a subject".to_owned()),
    }
    Vec::new()
}

fn open_at(state: &mut State, at: usize) {
    let Some(compose) = &mut state.compose else { return };
    let Some(head) = compose.letter().cloned() else { return };
    let lines = [&head.to, &head.cc, &head.bcc].map(|list| line(&list.join(", ")));
    let [to, cc, bcc] = lines;
    compose.fields = Some(Box::new(Fields { lines: [to, cc, bcc, line(&head.subject)], at }));
}

/// One line that scrolls sideways, the cursor at its end.
fn line(text: &str) -> TextArea<'static> {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut area = TextArea::new(vec![plain]);
    area.set_max_histories(edit::STEPS);
    area.set_wrap_mode(WrapMode::None);
    area.set_cursor_line_style(ratatui::style::Style::default());
    area.move_cursor(CursorMove::End);
    area
}

fn close(state: &mut State) -> Vec<Effect> {
    if let Some(compose) = &mut state.compose {
        compose.fields = None;
        // Left as it was: it goes on following the thread.
        if compose.head.as_deref() == compose.mail.as_ref().map(|known| &known.usual) {
            compose.head = None;
        }
    }
    keep::autosave(state)
}

/// A key while the head is open; `None` where it means what it means in the text.
pub fn pressed(state: &mut State, input: &Input) -> Option<Vec<Effect>> {
    let fields = state.compose.as_mut()?.fields.as_mut()?;
    if !state.keys.is_empty() || input.ctrl && matches!(input.key, Key::Char('s' | 'x' | 't' | 'o')) {
        return None;
    }
    let by = match (input.key, input.ctrl) {
        (Key::Esc | Key::Enter, _) => return Some(close(state)),
        (Key::Tab, _) if input.shift => -1,
        (Key::Up, _) | (Key::Char('p'), true) => -1,
        (Key::Tab | Key::Down, _) | (Key::Char('n'), true) => 1,
        _ => 0,
    };
    if by == 0 {
        return Some(typed(state, input));
    }
    match fields.at.checked_add_signed(by) {
        Some(at) if at < FIELDS.len() => fields.at = at,
        Some(_) => return Some(close(state)),
        None => {}
    }
    Some(Vec::new())
}

fn typed(state: &mut State, input: &Input) -> Vec<Effect> {
    let Some(fields) = state.compose.as_mut().and_then(|compose| compose.fields.as_mut()) else { return Vec::new() };
    let area = &mut fields.lines[fields.at];
    let full = area.lines().iter().map(String::len).sum::<usize>() >= LONGEST;
    let changed = match (input.key, input.ctrl) {
        (Key::Char(_), false) if full => false,
        (Key::Char('_' | '/' | '7'), true) => area.undo(),
        (Key::Char('r'), true) => area.redo(),
        // A line feed: what some terminals and pastes send for Enter.
        (Key::Char('j'), true) => false,
        _ => edit::changed(area, input),
    };
    if changed { became(state) } else { Vec::new() }
}

/// The fields are another head now.
pub fn became(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    if let Some(compose) = &mut state.compose
        && let Some(fields) = &compose.fields
    {
        let [to, cc, bcc, subject] = &fields.lines;
        let list = |area: &TextArea| split(&area.lines().concat());
        compose.head = Some(Box::new(Head { to: list(to), cc: list(cc), bcc: list(bcc), subject: subject.lines().concat() }));
        compose.touch(now);
    }
    keep::autosave(state)
}

/// A paste is text of one line: several addresses below one another stand beside one another.
pub fn pasted(state: &mut State, text: &str) -> Vec<Effect> {
    let Some(fields) = state.compose.as_mut().and_then(|compose| compose.fields.as_mut()) else { return Vec::new() };
    let between = if fields.at == SUBJECT { " " } else { ", " };
    let words: Vec<String> = text.lines().map(|line| line.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()).collect();
    let words = words.into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join(between);
    let area = &mut fields.lines[fields.at];
    let room = LONGEST.saturating_sub(area.lines().iter().map(String::len).sum());
    if words.len() > room {
        return say(state, Level::Warning, "the paste is too long for this field: nothing was put in".to_owned());
    }
    if area.insert_str(words) { became(state) } else { Vec::new() }
}

/// `to Ola Nordmann <ola@example.no> +1 · cc 2 · Re: invoice`, without the address where there is no room for it.
pub fn folded(head: &Head, people: &[MailAddress], room: usize) -> String {
    let brief = |text: &str| Untrusted::from(text).brief(80);
    let first = head.to.first().map(|email| brief(email)).unwrap_or_default();
    let known = people.iter().find(|one| one.email.raw().trim().eq_ignore_ascii_case(&first) && !one.name.is_empty());
    let name = known.map(|one| one.name.brief(40));
    let count = |word: &str, list: &[String]| if list.is_empty() { String::new() } else { format!(" · {word} {}", list.len()) };
    let more = if head.to.len() > 1 { format!(" +{}", head.to.len() - 1) } else { String::new() };
    let rest = format!("{more}{}{} · {}", count("cc", &head.cc), count("bcc", &head.bcc), brief(&head.subject));
    let whole = name.as_ref().map_or_else(|| format!("to {first}{rest}"), |name| format!("to {name} <{first}>{rest}"));
    if cells(&whole) <= room { whole } else { format!("to {}{rest}", name.unwrap_or(first)) }
}
