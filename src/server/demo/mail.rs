//! Mails: the words of a turn with greeting and signature, as text and, for some, as HTML.
//! The HTML is the plain kind that people send: paragraphs, lists, links, a table, a quoted part.

use super::book::{any, book};
use super::dice::Dice;
use super::facts::Facts;
use super::lang::Lang;
use super::people::Agent;
use crate::model::{Mail, MailAddress};
use serde_json::json;
use std::fmt::Write as _;

/// The address customers write to.
pub const TEAM: &str = "support@tidewell.example";

/// What a mail needs to know beside its words.
pub struct Letter<'a> {
    pub lang: Lang,
    pub facts: &'a Facts,
    /// Who wrote it; the customer where it is nobody.
    pub agent: Option<Agent>,
    pub html: bool,
    /// Not the first of its thread.
    pub reply: bool,
    /// The first of its case.
    pub first: bool,
    pub title: &'a str,
    /// Day, writer and words of the mail it answers.
    pub quoted: Option<(&'a str, &'a str, &'a str)>,
}

/// The text as its readers get it, and the rest of the mail.
pub fn write(words: &str, letter: &Letter, dice: &mut Dice) -> (String, Mail) {
    let (opening, closing) = frame(letter, dice);
    let mut words = words.to_owned();
    if opening.is_empty() || letter.lang == Lang::En {
        capitalise(&mut words);
    }
    let quote = letter.quoted.filter(|_| dice.chance(if letter.html { 700 } else { 350 }));
    let mut text = if opening.is_empty() { format!("{words}\n\n{closing}") } else { format!("{opening}\n\n{words}\n\n{closing}") };
    let html = letter.html.then(|| html(&text, letter, quote, dice));
    if let Some((day, name, quoted)) = quote {
        let _ = write!(text, "\n\n{day}, {name}:\n");
        quoted.lines().take(6).for_each(|line| text.push_str(&format_quote(line)));
    }
    let customer = MailAddress { name: letter.facts.get("name").into(), email: letter.facts.get("email").into(), mailbox_hash: String::new() };
    let team = MailAddress { name: "Tidewell Support".into(), email: TEAM.into(), mailbox_hash: String::new() };
    let (from, to) = if letter.agent.is_some() { (team, customer) } else { (customer, team) };
    let mail = Mail {
        from,
        to: vec![to],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: if letter.reply { format!("Re: {}", letter.title).into() } else { letter.title.into() },
        text_body: Some(text.as_str().into()),
        html_body: html.map(Into::into),
        attachments: attachments(&words, dice),
        message_id: Some(format!("<{:016x}@{}>", dice.roll(), if letter.agent.is_some() { "tidewell.example" } else { "mail.example" })),
        mailbox_in_reply_to: None,
        inbox_id: Some(1),
    };
    (text, mail)
}

fn format_quote(line: &str) -> String {
    format!("> {line}\n")
}

/// Greeting, and closing with the writer's name.
fn frame(letter: &Letter, dice: &mut Dice) -> (String, String) {
    let culture = book().culture(letter.lang);
    let plain = !letter.first && letter.agent.is_none() && dice.chance(600);
    let mut fill = |templates| any(templates, dice).map(|template| template.fill(letter.facts, dice)).unwrap_or_default();
    if let Some(agent) = letter.agent {
        let closing = fill(&culture.regards);
        return (fill(&culture.dear), format!("{closing}\n{}\nTidewell Support", agent.name));
    }
    if plain {
        return (String::new(), letter.facts.get("first").to_owned());
    }
    let (hello, bye) = (fill(&culture.hello), fill(&culture.bye));
    let comma = if letter.lang.space().is_empty() { "。" } else { "," };
    (format!("{hello}{comma}"), format!("{bye}\n{}", letter.facts.get("name")))
}

/// Begins the sentence with a capital letter, unless it begins with an address.
pub fn capitalise(text: &mut String) {
    if text.split(' ').next().is_some_and(|word| word.contains('@')) {
        return;
    }
    let Some(first) = text.chars().next().filter(|first| first.is_lowercase()) else { return };
    text.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
}

fn attachments(words: &str, dice: &mut Dice) -> Vec<serde_json::Value> {
    if ["attached", "ci-joint", "liegt bei"].iter().any(|word| words.contains(word)) {
        let name = if words.contains("photo") { format!("IMG_{}.jpg", dice.between(1000, 9999)) } else { "document.pdf".into() };
        let kind = if words.contains("photo") { "image/jpeg" } else { "application/pdf" };
        return vec![json!({"Name": name, "ContentType": kind, "ContentLength": dice.between(48_000, 2_400_000)})];
    }
    Vec::new()
}

fn html(text: &str, letter: &Letter, quote: Option<(&str, &str, &str)>, dice: &mut Dice) -> String {
    let mut page = String::with_capacity(text.len() * 2 + 700);
    page.push_str("<html><body style=\"font-family:Helvetica,Arial,sans-serif;font-size:14px;color:#222\">\n");
    paragraphs(&mut page, text);
    if letter.agent.is_some() {
        if dice.chance(600) {
            order_table(&mut page, letter.facts);
        }
        page.push_str("<p style=\"color:#888;font-size:12px\">Tidewell · <a href=\"https://help.tidewell.example\">Help centre</a> · ");
        page.push_str("<a href=\"https://status.tidewell.example\">Status</a></p>\n");
    }
    if let Some((day, name, quoted)) = quote {
        let _ = write!(page, "<div class=\"quote\"><p>{day}, {}:</p>\n<blockquote style=\"border-left:2px solid #ccc;padding-left:8px\">\n", escape(name));
        paragraphs(&mut page, quoted);
        page.push_str("</blockquote></div>\n");
    }
    page.push_str("</body></html>\n");
    page
}

fn order_table(page: &mut String, facts: &Facts) {
    page.push_str("<table border=\"1\" cellpadding=\"6\" style=\"border-collapse:collapse\">\n<tr><th>Order</th><th>Item</th><th>Amount</th></tr>\n");
    let cells = ["order", "product", "amount"].map(|key| escape(facts.get(key)));
    let _ = writeln!(page, "<tr><td>{}</td><td>{}</td><td align=\"right\">{}</td></tr>\n</table>", cells[0], cells[1], cells[2]);
}

/// Blank lines part paragraphs, lines that begin with a dash are lists.
fn paragraphs(page: &mut String, text: &str) {
    for block in text.split("\n\n").filter(|block| !block.trim().is_empty()) {
        let mut lines = block.lines().peekable();
        while let Some(line) = lines.peek() {
            if line.starts_with("- ") {
                page.push_str("<ul>\n");
                while let Some(item) = lines.next_if(|line| line.starts_with("- ")) {
                    let _ = writeln!(page, "<li>{}</li>", linked(&item[2..]));
                }
                page.push_str("</ul>\n");
            } else {
                let mut said = Vec::new();
                while let Some(line) = lines.next_if(|line| !line.starts_with("- ")) {
                    said.push(linked(line));
                }
                let _ = writeln!(page, "<p>{}</p>", said.join("<br>"));
            }
        }
    }
}

fn linked(line: &str) -> String {
    let escaped = escape(line);
    let Some(start) = escaped.find("https://") else { return escaped };
    let end = escaped[start..].find(|c: char| c.is_whitespace() || matches!(c, ')' | '。' | '，')).map_or(escaped.len(), |length| start + length);
    let address = escaped[start..end].trim_end_matches(['.', ',']);
    format!("{}<a href=\"{address}\">{address}</a>{}", &escaped[..start], &escaped[start + address.len()..])
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{linked, paragraphs};

    #[test]
    fn lists_paragraphs_and_links_become_html() {
        let mut page = String::new();
        paragraphs(&mut page, "Dear A & B,\n\ntwo things:\n- one\n- two\nand");
        assert_eq!(page, "<p>Dear A &amp; B,</p>\n<p>two things:</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p>and</p>\n");
        assert_eq!(linked("see https://a.example/x."), "see <a href=\"https://a.example/x\">https://a.example/x</a>.");
    }
}
