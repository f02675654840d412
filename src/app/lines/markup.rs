//! What people stress in a chat: `**bold**`, fences, lists and `[links](…)` lose their marks, `` `code` ``, `*` and `_`
//! keep them. What is no markup stays as it was written, to the last character.

use super::body::Para;
use super::links::Targets;
use super::{Accent, Mark};

/// The lines of a text.
pub fn paras(text: &str, targets: &mut Targets) -> Vec<Para> {
    let fence = |line: &&str| line.trim_start().starts_with("```");
    let mut left = text.split('\n').filter(fence).count() / 2 * 2;
    let mut code = false;
    let mut paras = Vec::new();
    for line in text.split('\n') {
        if left > 0 && fence(&line) {
            (code, left) = (!code, left - 1);
        } else if code {
            let mark = Mark { from: 0, to: line.len(), look: Accent::Code };
            paras.push(Para { text: line.to_owned(), marks: vec![mark], ..Para::default() });
        } else {
            targets.bare(line);
            paras.push(item(line, targets));
        }
    }
    paras
}

/// A line; an item of a list hangs from its sign.
fn item(line: &str, targets: &mut Targets) -> Para {
    let bare = line.trim_start();
    let indent = line.len() - bare.len();
    let Some((sign, words)) = bare.split_once(' ').filter(|(_, words)| !words.trim().is_empty()) else { return inline(line, targets) };
    let number = sign.strip_suffix(['.', ')']).is_some_and(|digits| (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    if !number && !matches!(sign, "-" | "*" | "+") {
        return inline(line, targets);
    }
    let sign = if number || sign != "*" { sign } else { "•" };
    let head = format!("{}{sign} ", &line[..indent]);
    let para = inline(words, targets);
    let marks = para.marks.into_iter().map(|mark| Mark { from: mark.from + head.len(), to: mark.to + head.len(), ..mark }).collect();
    Para { hang: head.chars().count(), text: head + &para.text, marks, ..Para::default() }
}

/// What is stressed within a line.
fn inline(line: &str, targets: &mut Targets) -> Para {
    let mut para = Para { text: String::with_capacity(line.len()), ..Para::default() };
    if !line.contains(['*', '_', '`', '[']) {
        line.clone_into(&mut para.text);
        return para;
    }
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        at += match c {
            '`' => stressed(line, at, "`", Accent::Code, true, &mut para),
            '*' if line[at..].starts_with("**") => stressed(line, at, "**", Accent::Strong, false, &mut para),
            '*' => stressed(line, at, "*", Accent::Italic, true, &mut para),
            '_' => stressed(line, at, "_", Accent::Italic, true, &mut para),
            '[' => link(line, at, targets, &mut para),
            _ => None,
        }
        .unwrap_or_else(|| {
            para.text.push(c);
            c.len_utf8()
        });
    }
    para
}

/// Takes `sign words sign`; gives its length. Signs inside of words, or beside a space, are none.
fn stressed(line: &str, at: usize, sign: &str, look: Accent, keep: bool, para: &mut Para) -> Option<usize> {
    let inside = &line[at + sign.len()..];
    let outside = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !"*_`".contains(c));
    let length = inside.match_indices(sign).map(|(end, _)| end).find(|end| {
        let words = &inside[..*end];
        !words.trim().is_empty() && !words.ends_with(' ') && outside(inside[end + sign.len()..].chars().next())
    })?;
    let words = &inside[..length];
    if words.starts_with([' ', '*', '_']) || !outside(line[..at].chars().next_back()) {
        return None;
    }
    let from = para.text.len();
    let whole = sign.len() * 2 + length;
    para.text.push_str(if keep { &line[at..at + whole] } else { words });
    para.marks.push(Mark { from, to: para.text.len(), look });
    Some(whole)
}

/// Takes `[words](target)`.
fn link(line: &str, at: usize, targets: &mut Targets, para: &mut Para) -> Option<usize> {
    let (words, rest) = line[at + 1..].split_once("](")?;
    let (url, _) = rest.split_once(')')?;
    let known = ["http://", "https://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
    if words.is_empty() || words.contains(['[', ']']) || !known || url.contains(char::is_whitespace) {
        return None;
    }
    let number = targets.number(url)?;
    targets.words(number, words);
    let from = para.text.len();
    para.text.extend([words, "[", &number.to_string(), "]"]);
    para.marks.push(Mark { from, to: para.text.len(), look: Accent::Link });
    Some(words.len() + url.len() + 4)
}

#[cfg(test)]
mod tests {
    use super::paras;
    use crate::app::lines::Accent;
    use crate::app::lines::links::Targets;
    use proptest::prelude::*;

    fn shown(text: &str) -> (String, Vec<(String, Accent)>) {
        let mut lines = paras(text, &mut Targets::default());
        let para = lines.remove(0);
        let marks = para.marks.iter().map(|mark| (para.text[mark.from..mark.to].to_owned(), mark.look)).collect();
        (para.text, marks)
    }

    #[test]
    fn what_is_stressed_is_known() {
        assert_eq!(shown("a **very** big `x * y`."), ("a very big `x * y`.".into(), vec![("very".into(), Accent::Strong), ("`x * y`".into(), Accent::Code)]));
        assert_eq!(shown("so *nice*"), ("so *nice*".into(), vec![("*nice*".into(), Accent::Italic)]));
        assert_eq!(shown("see [our page](https://a.example/x) now"), ("see our page[1] now".into(), vec![("our page[1]".into(), Accent::Link)]));
        assert_eq!(shown("* one **x**"), ("• one x".into(), vec![("x".into(), Accent::Strong)]));
    }

    #[test]
    fn what_is_no_markup_stays() {
        for text in [
            "2 * 3 * 4",
            "snake_case_name",
            "**",
            "a ** b ** c",
            "my code is 12*34*56",
            "``",
            "[x](y)",
            "[1] and (2)",
            "-- ",
            "- ",
            "5 - 3",
            "``` alone",
            "x`y",
        ] {
            assert_eq!(shown(text).0, text);
        }
        let fenced = paras("```\na **b**\n```\nc", &mut Targets::default());
        assert_eq!(fenced.iter().map(|para| para.text.as_str()).collect::<Vec<_>>(), ["a **b**", "c"]);
    }

    proptest! {
        #[test]
        fn letters_are_never_lost(text in "[a-z*_`\\[\\]() 荷]{0,40}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let (shown, marks) = shown(&text);
            prop_assert_eq!(letters(&shown), letters(&text));
            prop_assert!(marks.iter().all(|(text, _)| !text.is_empty()));
        }
    }
}
