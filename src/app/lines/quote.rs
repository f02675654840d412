//! Tells what is new in a mail from what it quotes and from its signature, line by line.

use super::body::Says;

/// What each line is.
pub fn says(lines: &[&str]) -> Vec<Says> {
    let mut says = vec![Says::New; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        if line.starts_with('>') {
            at = quoted(lines, &mut says, at);
        } else if ends_all(lines, at) {
            says[at..].fill(Says::Quoted);
            break;
        } else if is_delimiter(lines[at]) || is_advert(line) {
            at = signed(lines, &mut says, at);
        } else {
            at += 1;
        }
    }
    says
}

/// A block of `>` with the blank lines inside it and who is said to have written it; gives where it ends.
fn quoted(lines: &[&str], says: &mut [Says], from: usize) -> usize {
    let mut end = from;
    let mut at = from;
    while let Some(line) = lines.get(at).map(|line| line.trim()) {
        match line {
            line if line.starts_with('>') => end = at + 1,
            "" => {}
            _ => break,
        }
        at += 1;
    }
    let first = attribution(lines, from).unwrap_or(from);
    says[first..end].fill(Says::Quoted);
    end
}

/// Where the line begins that says who wrote what is quoted at `from`: `On … wrote:`, over up to three lines.
fn attribution(lines: &[&str], from: usize) -> Option<usize> {
    let last = (0..from).rev().find(|at| !lines[*at].trim().is_empty())?;
    let line = lines[last].trim();
    if from - last > 3 || !line.ends_with([':', '：']) || line.starts_with('>') {
        return None;
    }
    let above = (0..=last).rev().take(3).take_while(|at| !lines[*at].trim().is_empty());
    let begun = above.into_iter().find(|at| begins_attribution(lines[*at].trim()));
    begun.or_else(|| line.chars().any(|c| c.is_ascii_digit() || c == '@').then_some(last))
}

fn begins_attribution(line: &str) -> bool {
    ["On ", "Am ", "Le ", "El ", "Il ", "Op ", "Den ", "Em ", "W dniu "].iter().any(|word| line.starts_with(word))
}

fn says_wrote(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with([':', '：'])
        && ["wrote", "schrieb", "a écrit", "escribió", "ha scritto", "schreef", "skrev", "escreveu", "napisał", "写道", "書きました"]
            .iter()
            .any(|word| line.contains(word))
}

/// From here on everything is an older mail: what Outlook and the like put above it, and attributions of text without `>`.
fn ends_all(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    let dashed = line.len() > 8 && line.starts_with("---") && line.ends_with("---");
    let original = || {
        [
            "original message",
            "ursprüngliche nachricht",
            "originalnachricht",
            "message d'origine",
            "mensaje original",
            "messaggio originale",
            "oorspronkelijk bericht",
            "opprinnelig melding",
        ]
        .iter()
        .any(|word| line.to_lowercase().contains(word))
    };
    if dashed && original() {
        return true;
    }
    let ruled = line.len() >= 20 && line.bytes().all(|byte| byte == b'_');
    let next = lines[at + 1..].iter().position(|line| !line.trim().is_empty()).map(|after| at + 1 + after);
    if is_header(lines, at) || ruled && next.is_some_and(|next| is_header(lines, next)) {
        return true;
    }
    if !begins_attribution(line) {
        return false;
    }
    let end = (at..lines.len().min(at + 3)).find(|at| says_wrote(lines[*at]));
    // Where `>` follows, only that is quoted: an answer may stand between.
    end.is_some_and(|end| lines[end + 1..].iter().find(|line| !line.trim().is_empty()).is_some_and(|line| !line.trim().starts_with('>')))
}

/// `From: …` with `Sent:` and `Subject:` right below.
fn is_header(lines: &[&str], at: usize) -> bool {
    let begins = |line: &str, words: &[&str]| {
        let bare = line.trim().trim_start_matches('*');
        words.iter().any(|word| bare.strip_prefix(word).is_some_and(|rest| rest.trim_start_matches('*').trim_start().starts_with(':')))
    };
    let next: Vec<&str> = lines[at + 1..].iter().filter(|line| !line.trim().is_empty()).take(4).copied().collect();
    begins(lines[at], &["From", "Von", "De", "Fra", "Da", "Van", "Från"])
        && next.iter().any(|line| {
            begins(line, &["Sent", "Date", "Gesendet", "Datum", "Envoyé", "Enviado", "Fecha", "Sendt", "Dato", "Inviato", "Data", "Verzonden", "Skickat"])
        })
        && next.iter().any(|line| {
            begins(line, &["Subject", "To", "Betreff", "An", "Objet", "À", "Asunto", "Para", "Emne", "Til", "Oggetto", "A", "Onderwerp", "Aan", "Ämne"])
        })
}

fn is_delimiter(line: &str) -> bool {
    matches!(line, "-- " | "--" | "—" | "-- \u{a0}")
}

/// What telephones write below mails.
fn is_advert(line: &str) -> bool {
    const ADVERTS: [&str; 13] = [
        "Sent from my ",
        "Sent from Outlook",
        "Sent from Mail",
        "Sent via ",
        "Get Outlook for ",
        "Von meinem ",
        "Gesendet von ",
        "Envoyé de mon ",
        "Enviado desde mi ",
        "Inviato da ",
        "Sendt fra min ",
        "Verzonden vanaf ",
        "Skickat från min ",
    ];
    line.len() < 90 && ADVERTS.iter().any(|advert| line.starts_with(advert)) || line.ends_with("iPhoneから送信")
}

/// A signature ends where something is quoted, or with the text; an advert is one line.
fn signed(lines: &[&str], says: &mut [Says], from: usize) -> usize {
    let advert = !is_delimiter(lines[from]);
    let quote = (from + 1..lines.len()).find(|at| lines[*at].trim_start().starts_with('>') || ends_all(lines, *at));
    let quote = quote.map(|at| attribution(lines, at).filter(|first| *first > from).unwrap_or(at));
    let end = if advert { from + 1 } else { quote.unwrap_or(lines.len()) };
    says[from..end].fill(Says::Signature);
    end
}

#[cfg(test)]
mod tests {
    use super::says;
    use crate::app::lines::body::Says;

    fn told(text: &str) -> String {
        let lines: Vec<&str> = text.split('\n').collect();
        says(&lines)
            .into_iter()
            .map(|says| match says {
                Says::Quoted => 'q',
                Says::Signature => 's',
                _ => 'n',
            })
            .collect()
    }

    #[test]
    fn quotes_and_signatures_are_told_from_what_is_new() {
        for (text, wanted) in [
            ("new\n> old\n-- \nMina", "nqss"),
            ("new\n\nOn Mon, Nov 23, 2026 at 9:02 AM Mina Sato\n<mina@example.com> wrote:\n> old\n>\n\n> older", "nnqqqqqq"),
            ("> asked\nanswered\n> asked again\nyes", "qnqn"),
            ("new\n\nAm 23.11.2026 schrieb Ola:\nalt\nälter", "nnqqq"),
            ("new\n-----Original Message-----\nFrom: x\nold", "nqqq"),
            ("new\n________________________________\nFrom: A <a@b.c>\nSent: Monday\nTo: B\nSubject: x\n\nold", "nqqqqqqq"),
            ("new\n\nVon: A\nGesendet: Montag\nAn: B\nBetreff: x\nalt", "nnqqqqq"),
            ("new\nSent from my iPhone\n\nOn Monday Ola wrote:\n> old", "nsnqq"),
            ("From: me with love\nnothing else", "nn"),
            ("---------- Forwarded message ---------\nthis matters", "nn"),
            ("On Monday I wrote: it is broken\nfix it", "nn"),
            ("-- \nMina\nOn Mon 23 Ola wrote:\n> old", "ssqq"),
        ] {
            assert_eq!(told(text), wanted, "{text}");
        }
    }
}
