//! HTML mail as text, without a network: lists, tables, quotes, what is stressed, and links with numbers.

use super::body::Para;
use super::even::{Aside, even};
use super::links::Targets;
use super::{Accent, Mark};
use crate::model::text::harmless;
use html2text::render::{TaggedLine, TextDecorator};
use std::cell::RefCell;
use std::rc::Rc;

/// Deeper HTML is shown without its tags: laying it out takes seconds.
const DEPTH: usize = 200;
/// And so is what has more tags than this.
const TAGS: usize = 8_000;
/// No table is laid out wider, no text narrower.
const WIDE: usize = 110;
const NARROW: usize = 20;

/// The lines, and where its links lead.
pub fn paras(html: &str, width: usize) -> (Vec<Para>, Targets) {
    let decorator = Numbered::default();
    let targets = Rc::clone(&decorator.targets);
    let mut config = html2text::config::with_decorator(decorator).unicode_strikeout(false).allow_width_overflow();
    if !has_table(html) {
        config = config.no_table_borders();
    }
    let bearable = bearable(html);
    let (even, aside) = if bearable { even(html) } else { Default::default() };
    let lines = if bearable { config.lines_from_read(even.as_bytes(), width.clamp(NARROW, WIDE)).ok() } else { None };
    let mut targets = targets.take();
    targets.back(&aside);
    let mut paras: Vec<Para> = lines.unwrap_or_default().iter().map(|line| para(line, &aside, &mut targets)).collect();
    if paras.iter().all(|para| para.text.trim().is_empty()) {
        for url in hrefs(html) {
            targets.number(url);
        }
        let words = harmless(without_tags(html).trim_matches('\n'));
        paras = words.split('\n').map(|line| Para { text: line.to_owned(), ..Para::default() }).collect();
    }
    (trimmed(paras), targets)
}

/// Not more than one blank line at a time, none at the ends.
fn trimmed(mut paras: Vec<Para>) -> Vec<Para> {
    let blank = |para: &Para| para.text.trim().is_empty();
    paras.dedup_by(|one, before| blank(one) && blank(before));
    while paras.last().is_some_and(blank) {
        paras.pop();
    }
    if paras.first().is_some_and(blank) {
        paras.remove(0);
    }
    paras
}

/// The targets of links in HTML that is not laid out.
fn hrefs(html: &str) -> impl Iterator<Item = &str> {
    html.split('<').filter(|tag| starts_with(tag, "a")).filter_map(|tag| {
        let rest = tag.split_once("href=").or_else(|| tag.split_once("HREF="))?.1;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let url = match quote {
            Some(quote) => rest[1..].split(quote).next()?,
            None => rest.split([' ', '>']).next()?,
        };
        (!url.is_empty() && !url.starts_with('#')).then_some(url)
    })
}

/// Tables with headings hold data; without them they are how letters are set.
fn has_table(html: &str) -> bool {
    html.split('<').skip(1).any(|tag| starts_with(tag, "th"))
}

fn para(line: &TaggedLine<Vec<Tag>>, aside: &Aside, targets: &mut Targets) -> Para {
    let mut para = Para::default();
    for piece in line.tagged_strings() {
        let from = para.text.len();
        let said = aside.back(&piece.s);
        para.text.push_str(&harmless(&said).replace('\n', " "));
        let leads = piece.tag.iter().find_map(|tag| if let Tag::Link(number) = tag { Some(*number) } else { None });
        if let Some(number) = leads {
            let number_text = format!("[{number}]");
            targets.words(number, said.strip_suffix(&number_text).unwrap_or(&said));
        }
        let look = match (leads, piece.tag.last()) {
            (Some(_), _) => Accent::Link,
            (None, Some(Tag::Strong)) => Accent::Strong,
            (None, Some(Tag::Italic)) => Accent::Italic,
            (None, Some(Tag::Code)) => Accent::Code,
            _ => continue,
        };
        if para.text.len() > from {
            para.marks.push(Mark { from, to: para.text.len(), look });
        }
    }
    let bare = para.text.trim_end().len();
    para.text.truncate(bare);
    para.marks.retain_mut(|mark| {
        mark.to = mark.to.min(bare);
        mark.from < mark.to
    });
    para
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Tag {
    #[default]
    None,
    Link(usize),
    Strong,
    Italic,
    Code,
}

/// Gives every link its number.
#[derive(Default)]
struct Numbered {
    targets: Rc<RefCell<Targets>>,
    open: Vec<Option<usize>>,
}

impl TextDecorator for Numbered {
    type Annotation = Tag;

    fn decorate_link_start(&mut self, url: &str) -> (String, Tag) {
        // A place within the letter leads nowhere.
        let number = if url.starts_with('#') { None } else { self.targets.borrow_mut().number(url) };
        self.open.push(number);
        (String::new(), number.map_or(Tag::None, Tag::Link))
    }

    fn decorate_link_end(&mut self) -> String {
        self.open.pop().flatten().map_or(String::new(), |number| format!("[{number}]"))
    }

    fn decorate_em_start(&self) -> (String, Tag) {
        (String::new(), Tag::Italic)
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, Tag) {
        (String::new(), Tag::Strong)
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, Tag) {
        ("~".to_owned(), Tag::None)
    }

    fn decorate_strikeout_end(&self) -> String {
        "~".to_owned()
    }

    fn decorate_code_start(&self) -> (String, Tag) {
        (String::new(), Tag::Code)
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) -> Tag {
        Tag::Code
    }

    fn decorate_preformat_cont(&self) -> Tag {
        Tag::Code
    }

    /// What a picture says of itself; where it lies is not asked.
    fn decorate_image(&mut self, _: &str, title: &str) -> (String, Tag) {
        (if title.trim().is_empty() { String::new() } else { format!("[picture: {title}]") }, Tag::None)
    }

    fn header_prefix(&self, _: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "* ".to_owned()
    }

    fn ordered_item_prefix(&self, at: i64) -> String {
        format!("{at}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Self { targets: Rc::clone(&self.targets), open: Vec::new() }
    }
}

/// Is the nesting such that laying it out is quick? Follows the open elements as a browser does, roughly: what a cell
/// opened ends with its table, and bold, links and the like stay open until they are closed by name.
fn bearable(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for (count, tag) in html.split('<').skip(1).enumerate() {
        if count > TAGS {
            return false;
        }
        let (end, rest) = tag.strip_prefix('/').map_or((false, tag), |rest| (true, rest));
        let name = &rest[..rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len())];
        if name.is_empty() || among(&ENDLESS, name) {
            continue;
        }
        if end {
            close(&mut open, name);
        } else {
            open.push(name);
        }
        if open.len() > DEPTH {
            return false;
        }
    }
    true
}

fn close(open: &mut Vec<&str>, name: &str) {
    let table = name.eq_ignore_ascii_case("table");
    let floor = if table { 0 } else { open.iter().rposition(|other| other.eq_ignore_ascii_case("table")).map_or(0, |at| at + 1) };
    let Some(at) = open[floor..].iter().rposition(|other| other.eq_ignore_ascii_case(name)) else { return };
    let inside = open.split_off(floor + at);
    if !table {
        let lasts = |other: &&str| among(&LASTING, other) || among(&LASTING, name);
        open.extend(inside.into_iter().skip(1).filter(lasts));
    }
}

fn among(names: &[&str], name: &str) -> bool {
    names.iter().any(|other| other.eq_ignore_ascii_case(name))
}

/// Elements that a browser opens again where they were not closed.
const LASTING: [&str; 14] = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements that are void or whose end tag may be left out.
const ENDLESS: [&str; 27] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p", "li", "dt", "dd", "td", "th", "tr", "thead",
    "tbody", "tfoot", "option", "colgroup", "html", "body",
];

/// The words between the tags, without those of scripts and styles.
pub fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut hidden = "";
    for (at, piece) in html.split('<').enumerate() {
        let (tag, words) = if at == 0 { ("", piece) } else { piece.split_once('>').unwrap_or((piece, "")) };
        if hidden.is_empty() {
            hidden = ["script", "style"].into_iter().find(|name| starts_with(tag, name)).unwrap_or("");
        } else if tag.strip_prefix('/').is_some_and(|end| starts_with(end, hidden)) {
            hidden = "";
        }
        if hidden.is_empty() {
            if ["br", "p", "/p", "div", "/div", "tr", "li"].iter().any(|name| starts_with(tag, name)) && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(words);
        }
    }
    without_entities(&text)
}

/// The commonest entities as what they mean.
pub fn without_entities(text: &str) -> String {
    let plain = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    plain.iter().fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

fn starts_with(tag: &str, name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) && !tag[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::{bearable, paras};

    fn shown(html: &str, width: usize) -> Vec<String> {
        let (mut lines, targets) = paras(html, width);
        targets.list(&mut lines);
        lines.into_iter().map(|para| para.text).collect()
    }

    #[test]
    fn html_is_read_as_text_and_links_are_listed() {
        let html = "<p>Hi&nbsp;there,</p><p>see <a href=\"https://example.com/x\">this</a> or <a href='https://evil.example'>bank.example</a></p>\
            <script>alert(1)</script><img src=\"https://t.example/p.gif\"><img alt='a cat' src='https://t.example/c.gif'>";
        let lines = shown(html, 60);
        assert_eq!(
            lines,
            ["Hi\u{a0}there,", "", "see this[1] or bank.example[2]", "", "[picture: a cat]", "[1] https://example.com/x", "[2] https://evil.example ≠ text"]
        );
        let escaped = shown("a&#27;[31m&#x202e;b", 60).concat();
        assert!(!escaped.contains('\u{1b}') && !escaped.contains('\u{202e}'));
    }

    #[test]
    fn lists_and_tables_keep_their_shape() {
        let lines = shown("<ul><li>one<ul><li>deep</li></ul></li><li>two</li></ul><ol><li>first</li></ol>", 40);
        assert_eq!(lines, ["* one", "  * deep", "* two", "1. first"]);
        let table = shown("<table><tr><th>Item</th><th>Amount</th></tr><tr><td>Lamp</td><td>12</td></tr></table>", 40);
        assert!(table.iter().any(|line| line.contains("Lamp") && line.contains('│') && line.contains("12")), "{table:?}");
        let set = shown("<table><tr><td>Hello</td></tr><tr><td>there</td></tr></table>", 40);
        assert_eq!(set, ["Hello", "there"]);
    }

    #[test]
    fn bad_html_falls_back_to_its_words() {
        for bomb in [
            "<div>".repeat(20_000),
            "<table><tr><td>".repeat(10_000),
            "<blockquote>".repeat(30_000),
            "<b><i>".repeat(9_000),
            "<b><table><td></b></table>".repeat(9_000),
            "<b><div></b>".repeat(9_000),
            "<div><b></div>".repeat(9_000),
        ] {
            assert!(!bearable(&bomb));
            assert_eq!(shown(&format!("{bomb}words"), 40).concat(), "words");
        }
        assert!(shown("<!-- never closed <b>x", 40).concat().len() < 40);
        for fine in ["<p>a<br><li>b", "<div><b>x</b> <i>y</i></div>", "<table><tr><td><font>x</table>", "<a href=x>y</a><img>"] {
            assert!(bearable(&fine.repeat(500)), "{fine}");
        }
    }
}
