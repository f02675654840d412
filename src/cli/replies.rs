//! The canned replies of an agent: files of a folder and tables of the config, read by the door and handed to the core
//! as plain values. One bad file never hides the others.

use super::desk::Desk;
use crate::config::Reply;
use crate::model::canned::channel;
use crate::model::{Canned, Flaw};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// A longer file is no reply, and nobody picks from more of them.
const LONGEST: u64 = 64 << 10;
const MOST: usize = 500;

/// What `caseload demo` has without any configuration.
const BUILT_IN: [(&str, &str); 6] = [
    ("handled", include_str!("../../assets/replies/handled.md")),
    ("on-its-way", include_str!("../../assets/replies/on-its-way.md")),
    ("refund", include_str!("../../assets/replies/refund.md")),
    ("order", include_str!("../../assets/replies/order.md")),
    ("ask-courier", include_str!("../../assets/replies/ask-courier.md")),
    ("spam", include_str!("../../assets/replies/spam.md")),
];

/// What there is, and what is wrong with the rest: `replies/late.md:3: …`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stock {
    pub replies: Vec<Canned>,
    pub flaws: Vec<String>,
}

impl From<Stock> for (Vec<Canned>, Vec<String>) {
    fn from(stock: Stock) -> Self {
        (stock.replies, stock.flaws)
    }
}

impl Stock {
    /// Takes one in, unless its name or its key is taken.
    fn take(&mut self, place: &str, found: Result<Canned, Flaw>) {
        match found.and_then(|canned| self.fits(canned)) {
            Ok(canned) => self.replies.push(canned),
            Err(flaw) => {
                let line = flaw.line.map_or_else(String::new, |line| format!("{line}:"));
                self.flaws.push(format!("{place}:{line} {flaw}"));
            }
        }
    }

    fn fits(&self, canned: Canned) -> Result<Canned, Flaw> {
        if self.replies.iter().any(|other| other.name == canned.name) {
            return Err(Flaw::new(format!("another one is called '{}'", canned.name), "give it another name"));
        }
        let clash = |other: &&Canned| other.key.is_some() && other.key == canned.key && (other.fits(canned.channel.as_ref()) || canned.channel.is_none());
        match self.replies.iter().find(clash) {
            Some(other) => Err(Flaw::new(format!("its key is the one of '{}'", other.name), "choose another digit, or another channel")),
            None => Ok(canned),
        }
    }
}

/// All of them: the files of the folder by their names, then the tables of the config, then what is built in.
pub fn read(desk: &Desk) -> Stock {
    let mut stock = Stock::default();
    folder(&mut stock, &place(desk));
    for (at, reply) in desk.config.reply.iter().enumerate() {
        stock.take(&format!("{}: reply {}", shown(&desk.places.config), at + 1), table(reply));
    }
    // What the agent has of the same name or key goes before it.
    for canned in BUILT_IN.iter().filter(|_| desk.guest.is_some()).filter_map(|(file, text)| Canned::parse(file, text).ok()) {
        if let Ok(canned) = stock.fits(canned) {
            stock.replies.push(canned);
        }
    }
    stock
}

pub fn place(desk: &Desk) -> PathBuf {
    desk.places.beside_config(&desk.config.replies)
}

fn folder(stock: &mut Stock, folder: &Path) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return,
        Err(error) => return stock.flaws.push(format!("{}: {error} (the folder of the canned replies)", folder.display())),
    };
    let md = |path: &PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
    let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| md(path) && !hidden(path)).collect();
    paths.sort();
    if paths.len() > MOST {
        stock.flaws.push(format!("{}: {} files, only the first {MOST} are read (move some away)", folder.display(), paths.len()));
    }
    for path in paths.iter().take(MOST) {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        stock.take(&shown(path), text(path).and_then(|text| Canned::parse(&name, &text)));
    }
}

/// The last two parts of a path: what a line on the screen has room for.
fn shown(path: &Path) -> String {
    let parts: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
    parts.into_iter().rev().collect::<Vec<_>>().join("/")
}

/// A regular file, or a link to one; nothing that could wait for ever.
#[expect(clippy::disallowed_methods, reason = "the files of the agent are read by the door")]
fn text(path: &Path) -> Result<String, Flaw> {
    let wrong = |error: std::io::Error| Flaw::new(error.to_string(), "make it readable, or take it away");
    if !std::fs::metadata(path).map_err(wrong)?.is_file() {
        return Err(Flaw::new("is no regular file", "take it away"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(wrong)?.take(LONGEST + 1).read_to_end(&mut bytes).map_err(wrong)?;
    if bytes.len() as u64 > LONGEST {
        return Err(Flaw::new("is longer than 64 kB", "shorten it"));
    }
    let text = String::from_utf8(bytes).map_err(|_| Flaw::new("is not UTF-8 text", "save it as UTF-8"))?;
    match text.split('\n').position(|line| line.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\r'))) {
        Some(at) => Err(Flaw { line: Some(at + 1), ..Flaw::new("holds a control character", "take it out") }),
        None => Ok(text),
    }
}

/// One that stands in the config.
fn table(reply: &Reply) -> Result<Canned, Flaw> {
    let canned = Canned {
        name: reply.name.clone(),
        key: reply.key,
        channel: reply.channel.as_deref().map(channel).transpose()?,
        note: reply.note,
        state: reply.state.clone(),
        snooze: reply.snooze.clone(),
        next: reply.next,
        text: reply.text.trim_end().to_owned(),
    };
    if canned.text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        return Err(Flaw::new("holds a control character", "take it out"));
    }
    canned.check().map_err(|(_, _, flaw)| flaw)?;
    Ok(canned)
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Stock, folder, table};
    use crate::config::Reply;
    use crate::model::Canned;

    #[test]
    fn what_is_built_in_holds() {
        let mut stock = Stock::default();
        for (file, text) in BUILT_IN {
            stock.take(file, Canned::parse(file, text));
        }
        assert_eq!(stock.flaws, Vec::<String>::new());
        assert!(stock.replies[0].key == Some(1) && stock.replies[0].state.is_some());
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
    fn one_bad_file_hides_no_other() {
        let home = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(home.path().join(name), bytes).unwrap();
        write("a.md", b"---\nkey: 1\n---\nHello");
        write("b.md", b"---\nkey: 1\nchannel: email\n---\nsame key");
        write("c.md", b"---\nname: a\n---\nsame name");
        write("d.md", &vec![b'x'; (64 << 10) + 1]);
        write("e.md", b"\xff\xfe");
        write("f.md", b"one\n\x1b[31m");
        write("g.MD", b"---\nkeys: 1\n---\nx");
        write("h.txt", b"no reply");
        write(".i.md", b"hidden");
        std::fs::create_dir(home.path().join("j.md")).unwrap();
        std::os::unix::fs::symlink(home.path().join("h.txt"), home.path().join("k.md")).unwrap();
        std::os::unix::fs::symlink(home.path().join("nowhere"), home.path().join("l.md")).unwrap();
        let mut stock = Stock::default();
        folder(&mut stock, home.path());
        let names: Vec<_> = stock.replies.iter().map(|reply| reply.name.as_str()).collect();
        assert_eq!(names, ["a", "k"]);
        let ends: Vec<_> = stock.flaws.iter().map(|flaw| flaw.split_once('/').unwrap().1).collect();
        assert_eq!(
            ends[..6],
            [
                "b.md: its key is the one of 'a' (choose another digit, or another channel)",
                "c.md: another one is called 'a' (give it another name)",
                "d.md: is longer than 64 kB (shorten it)",
                "e.md: is not UTF-8 text (save it as UTF-8)",
                "f.md:2: holds a control character (take it out)",
                "g.MD:2: nothing is called 'keys' in a head (there are name, key, channel, note, state, snooze, next)",
            ]
        );
        assert_eq!(ends.len(), 8);
        folder(&mut stock, &home.path().join("nothing"));
        assert_eq!(stock.flaws.len(), 8, "a folder that is not there is none");
    }

    #[test]
    fn a_table_of_the_config_is_one_too() {
        let reply = Reply { name: "Thanks".into(), channel: Some("chat".into()), text: "Hi\n".into(), ..Reply::default() };
        assert_eq!(table(&reply).unwrap().text, "Hi");
        assert!(table(&Reply { text: "{{x}}".into(), ..reply.clone() }).is_err());
        assert!(table(&Reply { name: String::new(), ..reply }).is_err());
    }
}
