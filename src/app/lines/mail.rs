//! Mails as harmless text: which body is shown, HTML without a network, what is quoted.

use super::Role;
use crate::model::text::harmless;
use crate::model::{Mail, MailAddress, Untrusted};

/// More of a body than this is not read.
const BODY: usize = 256 * 1024;
/// Deeper HTML is shown without its tags: laying it out takes seconds.
const DEPTH: usize = 200;
/// A list of addresses ends here.
const ADDRESSES: usize = 8;

/// The body that is shown: the text, else the HTML as text, else what the message itself says.
pub fn body(mail: &Mail, message: &Untrusted, width: usize) -> String {
    let says = |text: &&Untrusted| !text.raw().trim().is_empty();
    match (mail.text_body.as_ref().filter(says), mail.html_body.as_ref().filter(says)) {
        (Some(text), _) => plain(text),
        (None, Some(html)) => html_text(beginning(html.raw()), width),
        (None, None) => plain(message),
    }
}

/// A text as it is, up to the length that is read.
pub fn plain(text: &Untrusted) -> String {
    let read = beginning(text.raw());
    let mut shown = harmless(read.trim_end());
    if read.len() < text.raw().len() {
        shown.push_str("\n… it goes on; that is not shown here");
    }
    shown
}

fn beginning(raw: &str) -> &str {
    let end = (0..=BODY.min(raw.len())).rev().find(|at| raw.is_char_boundary(*at)).unwrap_or(0);
    &raw[..end]
}

/// Links stay readable: their addresses stand below as footnotes. Nothing is fetched.
fn html_text(html: &str, width: usize) -> String {
    let laid_out = if bearable(html) {
        html2text::config::plain_no_decorate()
            .link_footnotes(true)
            .unicode_strikeout(false)
            .allow_width_overflow()
            .no_table_borders()
            .string_from_read(html.as_bytes(), width.max(20))
            .ok()
    } else {
        None
    };
    let text = laid_out.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| without_tags(html));
    harmless(text.trim_matches('\n'))
}

/// Is the nesting such that laying it out is quick? Follows the open elements as a browser does, roughly: what a cell
/// opened ends with its table, and bold, links and the like stay open until they are closed by name.
fn bearable(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
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
fn without_tags(html: &str) -> String {
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
    [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (entity, sign)| text.replace(entity, sign))
}

fn starts_with(tag: &str, name: &str) -> bool {
    tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) && !tag[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// `from`, `to`, `subject`: what there is of them, each on one line.
pub fn head(mail: &Mail, room: usize) -> Vec<String> {
    let people = |list: &[MailAddress]| list.iter().take(ADDRESSES).map(|one| address(one, room)).collect::<Vec<_>>().join(", ");
    let lines = [
        ("from", address(&mail.from, room)),
        ("to", people(&mail.to)),
        ("cc", people(&mail.cc)),
        ("subject", mail.subject.brief(room)),
        ("attached", mail.attachments.iter().take(ADDRESSES).filter_map(|file| attachment(file, room)).collect::<Vec<_>>().join(", ")),
    ];
    lines.into_iter().filter(|(_, text)| !text.is_empty()).map(|(word, text)| format!("{word} {text}")).collect()
}

fn address(of: &MailAddress, room: usize) -> String {
    match (of.name.brief(room), of.email.brief(room)) {
        (name, email) if email.is_empty() => name,
        (name, email) if name.is_empty() => email,
        (name, email) => format!("{name} <{email}>"),
    }
}

fn attachment(file: &serde_json::Value, room: usize) -> Option<String> {
    let name = ["Name", "name", "fileName", "filename"].iter().find_map(|key| file.get(key)?.as_str()).or(file.as_str())?;
    Some(Untrusted::from(name).brief(room))
}

/// Tells quoted lines and the signature from what is new, line by line.
#[derive(Default)]
pub struct Quoting {
    signature: bool,
}

impl Quoting {
    pub fn role(&mut self, line: &str) -> Role {
        self.signature |= line == "-- " || line == "--";
        if self.signature || line.trim_start().starts_with('>') { Role::Quote } else { Role::Body }
    }
}

#[cfg(test)]
mod tests {
    use super::{bearable, body, html_text};
    use crate::model::{Mail, Untrusted};

    fn html(text: &str) -> Mail {
        Mail { html_body: Some(text.into()), ..Mail::default() }
    }

    #[test]
    fn html_is_read_as_text_and_links_are_shown() {
        let mail =
            html("<p>Hi&nbsp;there,</p><p>see <a href=\"https://example.com/x\">this</a></p><script>alert(1)</script><img src=\"https://t.example/p.gif\">");
        let text = body(&mail, &Untrusted::default(), 60);
        assert!(text.contains("Hi") && text.contains("https://example.com/x") && !text.contains("alert"), "{text}");
        let escaped = body(&html("a&#27;[31m&#x202e;b"), &Untrusted::default(), 60);
        assert!(!escaped.contains('\u{1b}') && !escaped.contains('\u{202e}'));
    }

    #[test]
    fn the_text_body_is_preferred_when_it_says_something() {
        let mail = Mail { text_body: Some("plain".into()), ..html("<b>rich</b>") };
        assert_eq!(body(&mail, &Untrusted::default(), 40), "plain");
        let empty = Mail { text_body: Some("  \n".into()), ..html("rich") };
        assert_eq!(body(&empty, &Untrusted::default(), 40), "rich");
        assert_eq!(body(&Mail::default(), &"words".into(), 40), "words");
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
            assert_eq!(html_text(&format!("{bomb}words"), 40), "words");
        }
        assert!(html_text("<!-- never closed <b>x", 40).len() < 40);
        for fine in ["<p>a<br><li>b", "<div><b>x</b> <i>y</i></div>", "<table><tr><td><font>x</table>", "<a href=x>y</a><img>"] {
            assert!(bearable(&fine.repeat(5_000)), "{fine}");
        }
    }
}
