//! How long a text is, in the units that count for its channel.

/// Letters of a text message that is one part, and of each part where there are more; in the old alphabet and in the other one.
const PLAIN: (usize, usize) = (160, 153);
const WIDE: (usize, usize) = (70, 67);
/// The letters of GSM 03.38 beyond those of ASCII that are in it, and those that count twice.
const MORE: &str = "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà\n\r";
const TWICE: &str = "^{}\\[~]|€";

pub fn words(lines: &[String]) -> usize {
    lines.iter().map(|line| line.split_whitespace().count()).sum()
}

/// How many text messages it is paid as.
pub fn parts(text: &str) -> usize {
    let plain = |c: char| matches!(c, ' '..='_' | 'a'..='z') && !TWICE.contains(c) || MORE.contains(c);
    let (units, (one, each)) = if text.chars().all(|c| plain(c) || TWICE.contains(c)) {
        (text.chars().map(|c| if TWICE.contains(c) { 2 } else { 1 }).sum(), PLAIN)
    } else {
        (text.encode_utf16().count(), WIDE)
    };
    if units <= one { usize::from(units > 0) } else { units.div_ceil(each) }
}

#[cfg(test)]
mod tests {
    use super::{parts, words};

    #[test]
    fn a_text_message_has_parts() {
        let times = |what: &str, count| what.repeat(count);
        for (text, wanted) in [
            (String::new(), 0),
            ("hi".to_owned(), 1),
            (times("a", 160), 1),
            (times("a", 161), 2),
            (times("a", 306), 2),
            (times("a", 307), 3),
            (times("€", 80), 1),
            (times("[", 81), 2),
            (times("ä", 160), 1),
            (times("я", 70), 1),
            (times("я", 71), 2),
            (times("👍", 35), 1),
            (times("👍", 36), 2),
            (times("`", 70), 1),
            (times("`", 71), 2),
        ] {
            assert_eq!(parts(&text), wanted, "{} × {:?}", text.chars().count(), text.chars().next());
        }
        assert_eq!(words(&["two words".to_owned(), "  and three  more ".to_owned()]), 5);
    }
}
