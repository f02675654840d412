//! Where the links of a message lead: numbered in the text, listed below it in full. A host that is not ASCII is shown as
//! the network sees it, and a link whose words name another host than it leads to says so.

use super::body::{Para, Says};
use super::even::Aside;
use crate::model::text::harmless;
use url::Url;

/// A link of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lead {
    /// As it was written.
    pub url: String,
    /// The whole target, harmless, its host in ASCII.
    pub shown: String,
    /// What the link says.
    pub words: String,
    /// The words name another host than it leads to.
    pub lies: bool,
}

impl Lead {
    pub fn bare(url: &str) -> Self {
        Self { url: url.to_owned(), shown: shown(url), ..Self::default() }
    }

    /// The address a program may get: of the web or of a mail, as the network sees it; none of anything else.
    pub fn target(&self) -> Option<String> {
        let bare: String = harmless(&self.url).split_whitespace().collect();
        let url = Url::parse(&bare).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "mailto"))?;
        (url.scheme() == "mailto" || url.host_str().is_some_and(|host| !host.is_empty())).then(|| url.to_string())
    }
}

/// No more are listed.
const MOST: usize = 200;
/// A target is cut behind so many characters: what is longer is data.
const LONGEST: usize = 2_000;

#[derive(Debug, Default)]
pub struct Targets {
    all: Vec<Target>,
}

#[derive(Debug)]
struct Target {
    url: String,
    words: String,
}

impl Targets {
    /// The number of a target; the same one for the same target. None when there are too many.
    pub fn number(&mut self, url: &str) -> Option<usize> {
        if let Some(at) = self.all.iter().position(|target| target.url == url) {
            return Some(at + 1);
        }
        if self.all.len() >= MOST {
            return None;
        }
        self.all.push(Target { url: url.to_owned(), words: String::new() });
        Some(self.all.len())
    }

    /// Letters that stood aside come back.
    pub fn back(&mut self, aside: &Aside) {
        for target in &mut self.all {
            target.url = aside.back(&target.url).into_owned();
        }
    }

    /// What the link says.
    pub fn words(&mut self, number: usize, words: &str) {
        if let Some(target) = number.checked_sub(1).and_then(|at| self.all.get_mut(at)) {
            target.words.push_str(words);
            target.words.push(' ');
        }
    }

    /// Addresses that stand in the text as they are: listed only where they are not what they look like.
    pub fn bare(&mut self, line: &str) {
        for word in line.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')')) {
            if !word.is_ascii() && (word.starts_with("http://") || word.starts_with("https://")) && !host_text(word).is_ascii() {
                self.number(word);
            }
        }
    }

    /// Addresses that stand in a text as they are, whatever they look like; a sign of the sentence at the end is not theirs.
    pub fn standing(&mut self, text: &str) {
        for (at, _) in text.match_indices("http").chain(text.match_indices("mailto:")).take(MOST * 20) {
            let rest = &text[at..];
            let end = rest.find(|c: char| c.is_whitespace() || c.is_control() || "<>\"()（）「」。、，".contains(c)).unwrap_or(rest.len());
            let url = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ']', '*', '_', '`']);
            // What a link says of itself leads where the link leads.
            let said = self.all.iter().any(|target| target.words.contains(url) || target.url.len() > url.len() && rest.starts_with(&target.url));
            let begins = !said && !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || c == '=');
            if begins && ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme) && url.len() > scheme.len()) {
                self.number(url);
            }
        }
    }

    /// All of them, by their numbers.
    pub fn leads(self) -> Vec<Lead> {
        let lead = |target: Target| Lead { lies: target.lies(), shown: shown(&target.url), words: harmless(target.words.trim()), url: target.url };
        self.all.into_iter().map(lead).collect()
    }

    /// Lists them below the text.
    pub fn list(&self, paras: &mut Vec<Para>) {
        if self.all.is_empty() {
            return;
        }
        while paras.last().is_some_and(|para| para.text.trim().is_empty()) {
            paras.pop();
        }
        paras.extend(self.all.iter().enumerate().map(|(at, target)| {
            let (says, mark) = if target.lies() { (Says::Warning, " ≠ text") } else { (Says::Target, "") };
            Para { text: format!("[{}] {}{mark}", at + 1, shown(&target.url)), says, hang: 4, ..Para::default() }
        }));
    }
}

impl Target {
    fn lies(&self) -> bool {
        self.words.split_whitespace().any(|word| names_another(word, &self.url))
    }
}

/// The whole target, harmless, its host in ASCII.
fn shown(url: &str) -> String {
    let bare: String = harmless(url).split_whitespace().collect();
    let ascii = if host_text(&bare).is_ascii() { None } else { Url::parse(&bare).ok().map(|url| url.to_string()) };
    let shown = ascii.unwrap_or(bare);
    let end = shown.char_indices().nth(LONGEST).map_or(shown.len(), |(at, _)| at);
    let rest = if end < shown.len() { "…" } else { "" };
    format!("{}{rest}", &shown[..end])
}

/// The host as it is written.
fn host_text(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Does a word of the link look like another host than the one it leads to?
fn names_another(word: &str, target: &str) -> bool {
    let word = word.trim_matches(|c: char| matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '.' | '"' | '\'' | '…'));
    let whole = word.starts_with("http://") || word.starts_with("https://") || word.starts_with("www.");
    if !whole && !looks_like_host(word) {
        return false;
    }
    let said = if word.contains("://") { ascii_host(word) } else { ascii_host(&format!("http://{word}")) };
    let leads = ascii_host(target.trim());
    match (said, leads) {
        (Some(said), Some(leads)) => leads != said && !leads.ends_with(&format!(".{said}")),
        (Some(_), None) => !target.trim_start().starts_with("mailto:"),
        _ => false,
    }
}

fn ascii_host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?.to_lowercase();
    Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}

/// `shop.example/path`, but neither a file nor an address nor the end of a sentence.
fn looks_like_host(word: &str) -> bool {
    const FILES: [&str; 22] = [
        "pdf", "htm", "html", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "png", "jpg", "jpeg", "gif", "zip", "txt", "csv", "php", "md", "mp3", "mp4", "exe",
        "js",
    ];
    let host = word.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    let labels = || host.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    !word.contains('@') && last.chars().count() >= 2 && last.chars().all(char::is_alphabetic) && !FILES.contains(&last.to_lowercase().as_str()) && labels()
}

#[cfg(test)]
mod tests {
    use super::{Lead, Targets, names_another, shown};

    #[test]
    fn addresses_are_found_where_they_stand() {
        let mut targets = Targets::default();
        targets
            .standing("see https://a.example/x?q=1. Or (http://b.example), mailto:ola@c.example! xhttps://no.example https:// http:/x 「https://d.example/é」");
        let found: Vec<String> = targets.leads().into_iter().map(|lead| lead.url).collect();
        assert_eq!(found, ["https://a.example/x?q=1", "http://b.example", "https://d.example/é", "mailto:ola@c.example"]);
    }

    #[test]
    fn only_the_web_and_mails_are_opened() {
        let target = |url: &str| Lead::bare(url).target();
        assert_eq!(target("https://pаypal.example/é").as_deref(), Some("https://xn--pypal-4ve.example/%C3%A9"));
        assert_eq!(target("mailto:ola@a.example?subject=x").as_deref(), Some("mailto:ola@a.example?subject=x"));
        for other in
            ["javascript:alert(1)", "file:///etc/passwd", "ssh://a", "-rf", "--help", "data:text/html,x", "https://", "x-apple:y", "/etc/passwd", "tel:1"]
        {
            assert_eq!(target(other), None, "{other}");
        }
    }

    #[test]
    fn a_link_that_says_another_host_is_known() {
        for (words, target, lies) in [
            ("https://bank.example/login", "https://evil.example/login", true),
            ("bank.example", "https://bank.example.evil.example", true),
            ("bank.example", "https://bank.example@evil.example/", true),
            ("www.bank.example", "https://bank.example/x", false),
            ("bank.example", "https://www.bank.example/x", false),
            ("bank.example", "https://login.bank.example/x", false),
            ("bank.example", "javascript:alert(1)", true),
            ("ola@bank.example", "mailto:ola@bank.example", false),
            ("invoice.pdf", "https://files.example/1", false),
            ("here.", "https://files.example/1", false),
            ("pаypal.example", "https://paypal.example/", true),
        ] {
            assert_eq!(names_another(words, target), lies, "{words} {target}");
        }
    }

    #[test]
    fn hosts_are_shown_as_the_network_sees_them() {
        assert_eq!(shown("https://pаypal.example/x?q=1"), "https://xn--pypal-4ve.example/x?q=1");
        assert_eq!(shown("https://shop.example/é"), "https://shop.example/é");
        assert_eq!(shown(" java\nscript:x"), "javascript:x");
    }
}
