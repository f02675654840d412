//! What must go, what must survive, and that twice is once.

use super::{Untrusted, harmless, is_harmful};
use proptest::prelude::*;

#[test]
fn control_functions_lose_their_teeth_and_stay_visible() {
    assert_eq!(harmless("a\u{1b}]0;title\u{7}b"), "a\u{FFFD}]0;title\u{FFFD}b");
    assert_eq!(harmless("\u{9b}31m"), "\u{FFFD}31m");
    assert_eq!(harmless("one\r\ntwo\tthree\rx"), "one\ntwo    threex");
    assert_eq!(harmless("a\u{2028}b\u{2029}c"), "a\nb\nc");
    assert_eq!(harmless("\u{202e}gpj.exe\u{202c}"), "\u{FFFD}gpj.exe\u{FFFD}");
    assert_eq!(harmless("\u{2066}x\u{2069}"), "\u{FFFD}x\u{FFFD}");
    assert_eq!(harmless("\u{10EEEE}\u{305}"), "\u{FFFD}\u{305}", "where a terminal paints pictures");
}

/// Attacks that worked on other programs, as they were written down.
#[test]
fn known_attacks_are_text() {
    for (name, attack) in [
        ("a command line client of a forge: CVE-2026-45803", "release notes \u{1b}]8;;https://evil.example\u{1b}\\v1.0\u{1b}]8;;\u{1b}\\"),
        ("kubectl: CVE-2021-25743", "event\u{1b}[2J\u{1b}[1;1HAll pods are healthy\r\u{1b}[8m"),
        ("kubectl, again without an escape", "Error: no such pod\rPod is running     "),
        ("git sideband: CVE-2024-52005", "remote: \u{1b}[2K\u{1b}[1Aremote: checks passed"),
        ("Trojan Source: CVE-2021-42574", "if access != \"user\u{202e} \u{2066}// Check if admin\u{2069} \u{2066}\" {"),
        ("less: CVE-2022-46663", "\u{1b}]8;id=\u{1b}[31m;x"),
        ("xterm: CVE-2022-45063", "\u{1b}]50;i$(touch /tmp/x)\u{7}\u{1b}]50;?\u{7}"),
        ("the end of a paste", "ls\u{1b}[201~\nrm -rf ~\n"),
        ("a title that is read back", "\u{1b}]0;;rm -rf ~\n\u{7}\u{1b}[21t"),
    ] {
        let shown = harmless(attack);
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control() && !is_harmful(c)), "{name}: {shown:?}");
        assert!(attack.contains('\r') && !attack.contains('\u{1b}') || shown.contains('\u{FFFD}'), "{name}: nothing shows that somebody tried");
    }
}

#[test]
fn what_has_no_shape_goes() {
    let raw = "p\u{200b}a\u{ad}y\u{feff}p\u{e0061}a\u{3164}l\u{115f}\u{2060}\u{fffa}\u{ffff}\u{fdd0}\u{1160}\u{ffa0}\u{200e}\u{34f}\u{e0100}";
    assert_eq!(harmless(raw), "paypal");
    assert_eq!(harmless("a\u{200d}b"), "ab");
    assert_eq!(harmless("a\u{fe0f}b"), "ab");
    assert_eq!(harmless("1\u{fe0f}x"), "1x");
}

#[test]
fn real_text_of_every_script_survives() {
    for text in [
        "أين طلبي؟ لم يصل بعد",
        "שלום, איפה החבילה שלי?",
        "שָׁלוֹם",
        "พัสดุของฉันอยู่ที่ไหน",
        "मेरा पार्सल कहाँ है? क्षत्रिय",
        "私の荷物はどこですか？ｶﾞ",
        "我的包裹在哪里？",
        "내 소포가 어디에 있나요?",
        "각",
        "Žluťoučký kůň",
        "naïve café e\u{301}",
        "Привет",
        "Ελληνικά",
        "👨‍👩‍👧‍👦",
        "👩🏽‍💻",
        "🏳️‍🌈",
        "🇳🇴🇯🇵",
        "❤️",
        "1️⃣",
        "⌚️ ⏰",
        "👩🏻‍❤️‍💋‍👨🏿",
        "🕵️‍♀️",
        "தமிழ் నమస్తే ಕನ್ನಡ മലയാളം",
        "🧑🏾‍🚀🚀",
    ] {
        assert_eq!(harmless(text), text);
    }
}

#[test]
fn a_grapheme_and_a_line_have_an_end() {
    let zalgo: String = std::iter::once('a').chain(std::iter::repeat_n('\u{301}', 100_000)).collect();
    assert_eq!(harmless(&zalgo).chars().count(), 17);
    let family: String = "👨\u{200d}".repeat(100);
    assert!(harmless(&family).split(|c| c != '\u{200d}' && c != '👨').count() == 1);
    let most = unicode_segmentation::UnicodeSegmentation::graphemes(harmless(&family).as_str(), true).map(|g| g.matches('\u{200d}').count()).max();
    assert_eq!(most, Some(8));
    let long = harmless(&"x".repeat(200_000));
    assert!(long.split('\n').all(|line| line.len() <= 65_536) && long.matches('x').count() == 200_000);
    let wide = harmless(&"退".repeat(100_000));
    assert!(wide.split('\n').all(|line| line.len() <= 65_536) && wide.matches('退').count() == 100_000);
    assert!(harmless(&"\u{1100}".repeat(500)).chars().count() <= 9);
}

#[test]
fn a_label_is_one_line_and_reads_only_what_it_needs() {
    let text = Untrusted::new(format!("two\nlines  and\ta tab {}", "é".repeat(1_000_000)));
    assert!(text.brief(20).starts_with("two lines and a tab é") && text.brief(20).len() < 1_000);
    assert_eq!(Untrusted::from(" a \n b ").one_line(), "a b");
}

fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        prop::sample::select(vec![
            "\u{200d}",
            "\u{fe0f}",
            "\u{20e3}",
            "1",
            "👨",
            "🏽",
            "❤",
            "\u{301}",
            "\u{1100}",
            "\u{1161}",
            "\u{600}",
            "क",
            "\u{94d}",
            "\u{93e}",
            "🇳",
            "\n",
            "\r",
            "\t",
            "\u{202e}",
            "\u{200b}",
            "\u{1b}[2J",
            "a",
            "退",
            "\u{ff9e}",
            "\u{e0061}",
            "\u{2028}",
            "한",
            "\u{11a8}",
        ])
        .prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn twice_is_once_and_nothing_harmful_stays(raw in nasty()) {
        let once = harmless(&raw);
        prop_assert!(once.chars().all(|c| !is_harmful(c)));
        prop_assert_eq!(harmless(&once), once);
    }
}
