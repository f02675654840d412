//! What a message says, as paragraphs: which text it is, cut where it is huge, with what is quoted told from what is new.

use super::links::Lead;
use super::plan::Part;
use super::{Mark, html, links, markup, quote};
use crate::model::text::harmless;
use crate::model::{Message, MessageKind};
use unicode_segmentation::UnicodeSegmentation;

/// Longer texts are cut into pieces of this many bytes, each laid out when it is come to.
const PIECE: usize = 8 * 1024;
/// So much of a message can be quoted.
const QUOTABLE: usize = 64 * 1024;
/// More of HTML than this is not read: its layout needs the whole of it.
const HTML: usize = 128 * 1024;
pub const GOES_ON: &str = "… it goes on; that is not shown here";
/// Links are the same in every width, and what is quoted is laid out for it.
const WIDTH: usize = 80;

/// A line as it was written; wrapped later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Para {
    pub text: String,
    pub marks: Vec<Mark>,
    pub says: Says,
    /// Later lines of it stand this far in.
    pub hang: usize,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Says {
    #[default]
    New,
    Quoted,
    Signature,
    /// `[1] https://…`
    Target,
    /// The same where the words of the link say something else.
    Warning,
}

/// The body that is shown: the text, else the HTML as text, else what the message itself says.
pub enum Told<'a> {
    Plain(&'a str),
    Html(&'a str),
}

pub fn told(message: &Message) -> Told<'_> {
    let Some(mail) = &message.mail else { return Told::Plain(message.message.raw().trim_end()) };
    let says = |text: &&crate::model::Untrusted| !text.raw().trim().is_empty();
    match (mail.text_body.as_ref().filter(says), mail.html_body.as_ref().filter(says)) {
        (Some(text), _) => Told::Plain(text.raw().trim_end()),
        (None, Some(html)) => Told::Html(html.raw()),
        (None, None) => Told::Plain(message.message.raw().trim_end()),
    }
}

/// The lines of a message with what each is, as they can be quoted: no marks, no targets of links, the beginning of a huge one.
pub fn quotable(message: &Message) -> Vec<(Says, String)> {
    let beginning = |text: &str| text[..(0..=QUOTABLE.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)].to_owned();
    let lines: Vec<String> = match told(message) {
        Told::Html(text) => html::paras(&beginning(text), WIDTH).0.into_iter().map(|para| para.text).collect(),
        Told::Plain(text) => harmless(&beginning(text)).split('\n').map(str::to_owned).collect(),
    };
    let says = quote::says(&lines.iter().map(String::as_str).collect::<Vec<_>>());
    let whole: Vec<(Says, String)> = says.into_iter().zip(lines).collect();
    if whole.iter().all(|(_, text)| text.trim().is_empty()) { Vec::new() } else { whole }
}

/// Where a huge text is cut: bytes of each piece. None where it is laid out at once.
pub fn cuts(message: &Message) -> Vec<(usize, usize)> {
    match told(message) {
        Told::Plain(text) if text.len() > PIECE => pieces(text),
        _ => Vec::new(),
    }
}

fn pieces(text: &str) -> Vec<(usize, usize)> {
    let (mut pieces, mut from) = (Vec::with_capacity(text.len() / PIECE + 1), 0);
    while from < text.len() {
        let to = if text.len() - from <= PIECE { text.len() } else { cut(text, from) };
        pieces.push((from, to));
        from = to;
    }
    pieces
}

/// The end of the piece that begins at `from`: behind a line, else a word, else between two graphemes.
fn cut(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let most = from + PIECE;
    let half = from + PIECE / 2;
    let behind = |is: fn(&u8) -> bool| bytes[half..most].iter().rposition(is).map(|at| half + at + 1);
    if let Some(end) = behind(|byte| *byte == b'\n').or_else(|| behind(|byte| *byte == b' ')) {
        return end;
    }
    let start = (most - 256..=most).find(|at| text.is_char_boundary(*at)).unwrap_or(from);
    let stop = (most..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    // The last grapheme of the window may go on behind it.
    let window = text.get(start..stop).unwrap_or_default();
    window.grapheme_indices(true).next_back().map_or(stop, |(at, _)| if at == 0 { stop } else { start + at })
}

/// The paragraphs of a part of a message, `width` cells being the room there is.
pub fn paras(message: &Message, part: Part, width: usize) -> Vec<Para> {
    match told(message) {
        Told::Html(text) => written(text, width),
        Told::Plain(text) => {
            let text = part.bytes.and_then(|(from, to)| text.get(from..to)).unwrap_or(text);
            // The end of a line that a piece ends with is the end of the piece.
            let text = harmless(if part.last { text } else { text.strip_suffix('\n').unwrap_or(text) });
            if message.mail.is_some() { mailed(&text) } else { said(&text, message.kind != MessageKind::Event) }
        }
    }
}

/// Every link of a message: first those that have a number in the text, by their numbers.
pub fn leads(message: &Message) -> Vec<Lead> {
    let mut targets = links::Targets::default();
    match told(message) {
        Told::Html(text) => {
            let (_, listed) = html::paras(beginning(text), WIDTH);
            targets = listed;
            targets.standing(&html::without_tags(beginning(text)));
        }
        Told::Plain(text) => {
            // A huge one is cut into pieces, each with numbers of its own.
            if text.len() <= PIECE && message.mail.is_none() && message.kind != MessageKind::Event {
                drop(markup::paras(&harmless(text), &mut targets));
            }
            targets.standing(text);
        }
    }
    let call = message.call().and_then(|call| call.recording_url).filter(|url| !url.is_empty());
    targets.leads().into_iter().chain(call.map(|url| Lead::bare(url.raw()))).collect()
}

/// A chat message or a note: what somebody stressed in it, and its links.
fn said(text: &str, marked: bool) -> Vec<Para> {
    let mut targets = links::Targets::default();
    let mut paras = if marked { markup::paras(text, &mut targets) } else { text.split('\n').map(plain).collect() };
    targets.list(&mut paras);
    paras
}

fn mailed(text: &str) -> Vec<Para> {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut targets = links::Targets::default();
    for line in &lines {
        targets.bare(line);
    }
    let says = quote::says(&lines);
    let mut paras: Vec<Para> = lines.into_iter().zip(says).map(|(line, says)| Para { says, ..plain(line) }).collect();
    targets.list(&mut paras);
    paras
}

fn written(text: &str, width: usize) -> Vec<Para> {
    let read = beginning(text);
    let (mut paras, targets) = html::paras(read, width);
    let says = quote::says(&paras.iter().map(|para| para.text.as_str()).collect::<Vec<_>>());
    paras.iter_mut().zip(says).for_each(|(para, says)| para.says = says);
    if read.len() < text.len() {
        paras.push(plain(GOES_ON));
    }
    targets.list(&mut paras);
    paras
}

/// What of HTML is read.
pub fn beginning(text: &str) -> &str {
    let end = (0..=HTML.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

fn plain(line: &str) -> Para {
    Para { text: line.to_owned(), ..Para::default() }
}

#[cfg(test)]
mod tests {
    use super::{PIECE, pieces};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pieces_are_the_whole_text(unit in "[a-z 荷é\n]{1,9}", many in 1_usize..9_000) {
            let text = unit.repeat(many);
            let pieces = pieces(&text);
            prop_assert_eq!(pieces.iter().map(|(from, to)| &text[*from..*to]).collect::<String>(), text);
            prop_assert!(pieces.iter().all(|(from, to)| to - from <= PIECE + 8));
        }
    }
}
