//! What is attached to a mail: its name as it may be written to a disk, its size in words, its type.

use crate::model::{Attachment, Message, Untrusted};

/// No more are listed.
const MOST: usize = 20;
/// Bytes of a name.
const NAME: usize = 120;

/// One line for each file: `attached photo.jpg · 1.2 MB · image/jpeg`
pub fn list(message: &Message) -> Vec<String> {
    let files = Attachment::of(message);
    let mut lines: Vec<String> = files.iter().take(MOST).map(|file| format!("attached {}", attached(file))).collect();
    if files.len() > MOST {
        lines.push(format!("… {} more attached", files.len() - MOST));
    }
    lines
}

/// `photo.jpg · 1.2 MB · image/jpeg`
pub fn attached(file: &Attachment) -> String {
    let kind = file.kind.as_ref().map(|kind| kind.brief(60)).unwrap_or_default();
    let length = file.size.map(size).unwrap_or_default();
    [length, kind].into_iter().filter(|part| !part.is_empty()).fold(clean_name(file.name.raw()), |text, part| text + " · " + &part)
}

/// Bytes in words.
pub fn size(bytes: u64) -> String {
    let in_units = |unit: u64, word: &str| {
        let tenths = (u128::from(bytes) * 10 + u128::from(unit) / 2) / u128::from(unit);
        if tenths < 100 { format!("{}.{} {word}", tenths / 10, tenths % 10) } else { format!("{} {word}", tenths / 10) }
    };
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => in_units(1_000, "kB"),
        1_000_000..1_000_000_000 => in_units(1_000_000, "MB"),
        _ => in_units(1_000_000_000, "GB"),
    }
}

/// The last part of a path, without anything a shell, a disk or an eye could take for something else; never empty.
pub fn clean_name(raw: &str) -> String {
    let raw = raw.get(raw.len().saturating_sub(4_096)..).unwrap_or(raw);
    let last = raw.rsplit(['/', '\\', '／', '＼']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let shown = Untrusted::from(last).one_line();
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ' ' | '(' | ')') || is_mark(c);
    let clean: String = shown.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    let clean = clean.trim_start_matches(['.', '-', ' ']).trim_end_matches(['.', ' ']);
    let name = shortened(clean);
    if name.is_empty() || name.chars().all(|c| c == '_') { "file".to_owned() } else { name }
}

/// Marks of scripts that do not go without.
fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_width::UnicodeWidthChar::width(c) == Some(0)
}

/// At most so many bytes, the ending kept.
fn shortened(name: &str) -> String {
    if name.len() <= NAME {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = if ending.len() <= 12 && !ending.is_empty() { format!(".{ending}") } else { String::new() };
    let end = (0..=NAME - ending.len()).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    format!("{}{ending}", name[..end].trim_end_matches(['.', ' ']))
}

#[cfg(test)]
mod tests {
    use super::{attached, clean_name, size};
    use crate::model::Attachment;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn names_are_names() {
        for (raw, wanted) in [
            ("photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\..\\a.txt", "a.txt"),
            ("-rf", "rf"),
            (".bashrc", "bashrc"),
            ("", "file"),
            ("///", "file"),
            ("a\u{202e}gpj.exe", "a_gpj.exe"),
            ("$(rm -r ~).sh", "_(rm -r _).sh"),
            ("a\0b\nc", "a_b c"),
            ("Zeugnis für Łukasz.pdf", "Zeugnis für Łukasz.pdf"),
            ("荷物.png", "荷物.png"),
            ("x. . ", "x"),
        ] {
            assert_eq!(clean_name(raw), wanted, "{raw:?}");
        }
        let long = clean_name(&format!("{}.pdf", "é".repeat(5_000)));
        assert!(long.len() <= 120 && long.rsplit('.').next() == Some("pdf"));
    }

    #[test]
    fn sizes_are_words() {
        let words: Vec<String> = [0, 999, 1_000, 48_211, 1_250_000, 2_400_000_000].into_iter().map(size).collect();
        assert_eq!(words, ["0 bytes", "999 bytes", "1.0 kB", "48 kB", "1.3 MB", "2.4 GB"]);
        let file = json!({"Name": "a/b.pdf", "ContentLength": 1200, "ContentType": "application/pdf"});
        assert_eq!(attached(&Attachment::read(&file)), "b.pdf · 1.2 kB · application/pdf");
        assert_eq!(attached(&Attachment::read(&json!(7))), "file");
    }

    proptest! {
        #[test]
        fn no_name_is_dangerous(raw in any::<String>()) {
            let name = clean_name(&raw);
            prop_assert!(!name.is_empty() && name.len() <= 120 && !name.starts_with(['.', '-']) && !name.contains(['/', '\\', '\0', '\n']));
        }
    }
}
