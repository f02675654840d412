//! A message quoted into the text: who wrote it and when, its words behind `>`. What it quotes itself stays once, signatures
//! go; what colleagues noted goes into no reply.

use super::super::lines::body::{Says, quotable};
use super::super::lines::time::stamp;
use super::super::update::say;
use super::super::{Effect, Level, State};
use super::{LONGEST, keep};
use crate::model::{DraftKind, Message, MessageKind};
use tui_textarea::CursorMove;

/// So many lines of so many letters are quoted at most.
const LINES: usize = 24;
const LETTERS: usize = 500;

/// Puts the chosen message, else the customer's newest one, below the line the cursor is in, and the cursor below it.
pub fn quote(state: &mut State) -> Vec<Effect> {
    let now = state.now;
    let Some(kind) = state.compose.as_ref().map(|compose| compose.kind) else { return Vec::new() };
    let Some(message) = chosen(state) else { return say(state, Level::Warning, "the customer wrote nothing that could be quoted".to_owned()) };
    if kind == DraftKind::Reply && message.kind == MessageKind::Note {
        return say(state, Level::Warning, "the chosen message is a note: what colleagues noted is not quoted to the customer".to_owned());
    }
    let lines = quoted(&quotable(&message));
    if message.kind == MessageKind::Event || lines.is_empty() {
        return say(state, Level::Warning, "there are no words in that message to quote".to_owned());
    }
    let text = format!("{}\n{}\n\n", who(state, &message), lines.join("\n"));
    let Some(compose) = &mut state.compose else { return Vec::new() };
    if compose.len() + text.len() > LONGEST {
        return say(state, Level::Warning, "no text is longer than 1 MiB: nothing was quoted".to_owned());
    }
    compose.area.cancel_selection();
    compose.area.move_cursor(CursorMove::End);
    let begun = !compose.area.lines()[compose.area.cursor().0].is_empty();
    // One insertion is one step of undo.
    compose.area.insert_str(if begun { format!("\n\n{text}") } else { text });
    compose.past.forget_forward();
    compose.touch(now);
    keep::autosave(state)
}

fn chosen(state: &State) -> Option<Message> {
    let case = state.compose.as_ref()?.case;
    let reader = state.reader.as_ref().filter(|reader| reader.case == case)?;
    let conversation = &reader.conversation;
    let picked = reader.message.and_then(|at| reader.sheet.message(conversation, at)).map(std::borrow::Cow::into_owned);
    let says_something = |message: &&Message| message.from_contact() && !quotable(message).is_empty();
    picked.or_else(|| conversation.messages.iter().rev().find(says_something).cloned())
}

/// `Mina Sato, 09:02:`
fn who(state: &State, message: &Message) -> String {
    let sender = message.sender.as_ref().map(|sender| sender.name.brief(60)).filter(|name| !name.is_empty());
    let contact = || {
        let case = state.reader.as_ref()?.conversation.case(message.case_id).or_else(|| state.reader.as_ref()?.conversation.latest())?;
        message.from_contact().then(|| case.contact_name().brief(60))
    };
    let name = sender.or_else(contact).unwrap_or_else(|| "a colleague".to_owned());
    match message.date_created {
        Some(at) => format!("{name}, {}:", stamp(at, state.wall(), state.settings.utc_offset)),
        None => format!("{name}:"),
    }
}

/// Each line behind `>`.
fn quoted(paras: &[(Says, String)]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, (says, text)) in paras.iter().enumerate() {
        let (depth, words) = depth(text);
        let line = match (says, depth) {
            (Says::Signature | Says::Target | Says::Warning, _) | (Says::Quoted, 2..) => continue,
            (Says::Quoted, 0) if !introduces(&paras[at + 1..]) && !words.is_empty() => format!("> > {}", cut(words)),
            (Says::Quoted, 1) => format!("> > {}", cut(words)),
            _ => format!("> {}", cut(text.trim_end())),
        };
        let line = line.trim_end().to_owned();
        // One empty line is as good as five, and none is needed at the ends.
        if line != ">" || lines.last().is_some_and(|last| last != ">") {
            lines.push(line);
        }
    }
    while lines.last().is_some_and(|last| last == ">" || last == "> >") {
        lines.pop();
    }
    if lines.len() > LINES {
        lines.truncate(LINES - 1);
        lines.push("> …".to_owned());
    }
    lines
}

/// How many `>` a line begins with, and what follows them.
fn depth(text: &str) -> (usize, &str) {
    let (mut depth, mut rest) = (0, text.trim());
    while let Some(inner) = rest.strip_prefix('>') {
        (depth, rest) = (depth + 1, inner.trim_start());
    }
    (depth, rest)
}

/// Does `>` follow, so that the line above says who wrote what is quoted?
fn introduces(rest: &[(Says, String)]) -> bool {
    rest.iter().map(|(_, text)| text.trim()).find(|text| !text.is_empty()).is_some_and(|text| text.starts_with('>'))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{LETTERS, LINES, quoted};
    use crate::app::lines::body::quotable;
    use crate::model::{Mail, Message};

    fn of(text: &str) -> Vec<String> {
        let mail = Some(Box::new(Mail { text_body: Some(text.into()), ..Mail::default() }));
        quoted(&quotable(&Message { message: text.into(), mail, ..Message::default() }))
    }

    #[test]
    fn what_is_quoted_stays_once_and_signatures_go() {
        for (text, wanted) in [
            ("where is it?", &["> where is it?"][..]),
            ("\n\none\n\n\n\ntwo\n\n", &["> one", ">", "> two"]),
            (
                "yes\n\nOn Mon 23 Ola <ola@x.example> wrote:\n> sent?\n>> asked\n> > before\n-- \nMina",
                &["> yes", ">", "> On Mon 23 Ola <ola@x.example> wrote:", "> > sent?"],
            ),
            ("new\n-----Original Message-----\nFrom: x\nold", &["> new", "> > -----Original Message-----", "> > From: x", "> > old"]),
            ("ok\nSent from my iPhone", &["> ok"]),
            ("a\u{1b}[31mb\u{202e}c", &["> a\u{fffd}[31mb⟪RLO⟫c"]),
            ("-- \nMina", &[]),
        ] {
            let got = of(text);
            if text.contains('\u{1b}') {
                assert!(got.len() == 1 && !got[0].contains(['\u{1b}', '\u{202e}']), "{got:?}");
            } else {
                assert_eq!(got, wanted, "{text}");
            }
        }
    }

    #[test]
    fn a_quote_has_an_end_in_both_directions() {
        let long = of(&"line\n".repeat(100));
        assert_eq!((long.len(), long[LINES - 1].as_str()), (LINES, "> …"));
        let wide = of(&"é".repeat(2_000));
        assert_eq!(wide[0].chars().count(), LETTERS + 3);
        assert!(of(&"x ".repeat(3_000_000)).len() == 1, "a huge one as well");
    }
}
