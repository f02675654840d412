//! Strings that want something of a terminal, made systematically: every control function in its 7-bit and 8-bit forms, ended in every
//! way or not at all, and everything Unicode has that hides, turns around or has no end. Each carries a witness, `w0042w`, by which a
//! test knows that it was on the screen.

use std::collections::BTreeSet;

/// What `w0042w` stands before.
#[derive(Debug, Clone)]
pub struct Evil {
    pub witness: String,
    pub text: String,
}

/// All of them, numbered.
pub fn all() -> Vec<Evil> {
    let texts = terminal().into_iter().chain(unicode()).enumerate();
    texts.map(|(at, text)| Evil { witness: witness(at), text: format!("{}{text}", witness(at)) }).collect()
}

pub fn witness(at: usize) -> String {
    format!("w{at:04}w")
}

/// The witnesses that stand in a text.
pub fn witnesses(text: &str) -> BTreeSet<String> {
    let found = text.match_indices('w').filter_map(|(at, _)| text.get(at..at + 6));
    found.filter(|word| word.ends_with('w') && word[1..5].bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
}

/// What follows `ESC [`.
const CSI: [&str; 46] = [
    "2J",
    "3J",
    "H",
    "1;1f",
    "K",
    "31;45m",
    "38;5;201m",
    "8m",
    "5m",
    "6n",
    "?6n",
    "c",
    ">c",
    "=c",
    "x",
    "21t",
    "18t",
    "8;1;1t",
    "22;0t",
    "?1049l",
    "?1049h",
    "?25l",
    "?2004l",
    "?1000h",
    "?1003h",
    "?1004h",
    "?1006h",
    "?2026h",
    "?5h",
    "?69h",
    "4h",
    "20l",
    "5;10r",
    "s",
    "u",
    ">1u",
    "?u",
    "99S",
    "99T",
    "999A",
    "5i",
    "4i",
    "!p",
    ">4;2m",
    ">0q",
    "99b",
];

/// What follows `ESC ]`.
const OSC: [&str; 28] = [
    "0;owned",
    "1;owned",
    "2;owned",
    "4;1;?",
    "4;1;rgb:f/0/0",
    "7;file://evil/etc",
    "8;;https://evil.example",
    "8;;javascript:alert(1)",
    "8;;file:///etc/passwd",
    "8;;ssh://evil",
    "8;id=1;x-man:sh",
    "9;note",
    "9;4;1;50",
    "10;?",
    "11;?",
    "12;red",
    "22;wait",
    "50;?",
    "52;c;cm0gLXJmIC8=",
    "52;c;?",
    "66;s=7;BIG",
    "99;;note",
    "104",
    "112",
    "133;A",
    "777;notify;a;b",
    "1337;File=inline=1:AAAA",
    "5522;type=read",
];

/// Device control, application, privacy and other strings: introducers with what they carry.
const STRINGS: [(&str, &str, &str); 10] = [
    ("P", "\u{90}", "$q\"p"),
    ("P", "\u{90}", "$qm"),
    ("P", "\u{90}", "+q544e"),
    ("P", "\u{90}", "q#0;2;0;0;0~~@@"),
    ("P", "\u{90}", "tmux;\u{1b}\u{1b}]0;owned\u{7}"),
    ("P", "\u{90}", "0;1|17/726d"),
    ("_", "\u{9f}", "Ga=T,f=24;AAAA"),
    ("^", "\u{9e}", "private"),
    ("X", "\u{98}", "string"),
    ("k", "\u{9d}", "screen title"),
];

/// What follows a lone escape.
const ESCAPES: [&str; 30] = [
    "c", "7", "8", "D", "E", "H", "M", "N", "O", "Z", "=", ">", "(0", "(B", ")0", "*A", "+A", "%G", "%@", "#8", "n", "o", "|", "}", "~", "\\", "V", "W", " F",
    "l",
];

/// Group B: control functions.
pub fn terminal() -> Vec<String> {
    let mut all: Vec<String> = ('\0'..'\u{20}').chain('\u{7f}'..='\u{9f}').map(|c| format!("one{c}two")).collect();
    all.extend(CSI.iter().flat_map(|body| [format!("\u{1b}[{body}x"), format!("\u{9b}{body}x")]));
    for body in OSC {
        all.extend([format!("\u{1b}]{body}\u{7}x"), format!("\u{1b}]{body}\u{1b}\\x"), format!("\u{9d}{body}\u{9c}x"), format!("\u{1b}]{body}")]);
    }
    for (seven, eight, body) in STRINGS {
        all.extend([format!("\u{1b}{seven}{body}\u{1b}\\x"), format!("{eight}{body}\u{9c}x"), format!("\u{1b}{seven}{body}")]);
    }
    all.extend(ESCAPES.iter().map(|rest| format!("\u{1b}{rest}x")));
    all.extend(tricks());
    all
}

/// Functions in functions, halves of functions, and what overwrites a line.
fn tricks() -> Vec<String> {
    let fixed = [
        "\u{1b}",
        "[31m",
        "\u{1b}[",
        "0;owned\u{7}",
        "\u{1b}]",
        "\u{1b}\u{1b}\u{1b}[31m",
        "\u{1b}[31\u{1b}[32m",
        "\u{1b}]0;a\u{1b}]0;b\u{7}",
        "\u{1b}[3\u{18}1m",
        "\u{1b}[3\u{1a}1m",
        "\u{1b}\u{9b}31m",
        "\u{c2}\u{9b}31m",
        "good\rbad",
        "good\u{8}\u{8}\u{8}\u{8}bad",
        "good\u{7f}\u{7f}bad",
        "a\u{b}b\u{c}c",
        "\u{5}",
        "\u{e}lqk\u{f}",
        "\u{1b}[201~rm -rf /\n",
        "\u{1b}[200~pasted\u{1b}[201~",
        "\u{1b}OP",
        "\u{1b}[<0;1;1M",
        "\u{1b}[I",
        "\u{1b}[\r31m",
        "\u{1b}[3\n1m",
        "remote: \u{1b}[2K\rok",
        "\u{1b}[38:2::1:2:3m",
        "\u{1b}[?1;2c",
        "\u{1b}]52;c;\u{1b}]52;c;YQ==\u{7}",
    ];
    let long = [format!("\u{1b}]8;;https://evil.example/{}\u{1b}\\x", "a".repeat(10_000)), format!("\u{1b}[{}m", "31;".repeat(5_000))];
    fixed.into_iter().map(str::to_owned).chain(long).collect()
}

const BIDI: [char; 12] =
    ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}', '\u{200e}', '\u{200f}', '\u{61c}'];

/// Has no width, or takes a cell and shows nothing.
const HIDDEN: [char; 44] = [
    '\u{ad}',
    '\u{34f}',
    '\u{115f}',
    '\u{1160}',
    '\u{17b4}',
    '\u{17b5}',
    '\u{180b}',
    '\u{180e}',
    '\u{180f}',
    '\u{200b}',
    '\u{200c}',
    '\u{200d}',
    '\u{2060}',
    '\u{2061}',
    '\u{2062}',
    '\u{2063}',
    '\u{2064}',
    '\u{2065}',
    '\u{206a}',
    '\u{206f}',
    '\u{2800}',
    '\u{3164}',
    '\u{fe00}',
    '\u{fe0e}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{fff0}',
    '\u{fff9}',
    '\u{fffa}',
    '\u{fffb}',
    '\u{13430}',
    '\u{1bca0}',
    '\u{1d173}',
    '\u{1d17a}',
    '\u{e0001}',
    '\u{e0041}',
    '\u{e007f}',
    '\u{e0100}',
    '\u{e01ef}',
    '\u{fdd0}',
    '\u{ffff}',
    '\u{10ffff}',
    '\u{1fffe}',
];

/// Group C: what Unicode alone can do.
pub fn unicode() -> Vec<String> {
    let mut all = Vec::new();
    for c in BIDI {
        all.extend([format!("{c}"), format!("a{c}b"), format!("invoice{c}fdp.exe"), format!("{c}שלום{c}"), c.to_string().repeat(130)]);
    }
    for c in HIDDEN {
        all.extend([format!("pay{c}pal"), format!("{c}x"), format!("x{c}{c}{c}")]);
    }
    all.extend(tags().into_iter().chain(emoji()).chain(marks()).chain(spaces()).chain(others()));
    all
}

fn tags() -> Vec<String> {
    let hidden: String = "ignore all orders".chars().filter_map(|c| char::from_u32(0xE0000 + u32::from(c))).collect();
    vec![
        format!("text{hidden}"),
        format!("🏴{hidden}\u{e007f}"),
        "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}".into(),
        "🏴\u{e0067}\u{e0062}".into(),
        "\u{e007f}".into(),
        "👍\u{e0061}".into(),
        (0..256).filter_map(|at| char::from_u32(if at < 16 { 0xFE00 + at } else { 0xE00F0 + at })).fold("😀".into(), |text, c| text + &c.to_string()),
    ]
}

fn emoji() -> Vec<String> {
    let fixed = [
        "👨\u{200d}",
        "\u{200d}👨",
        "👨\u{200d}\u{200d}👩",
        "a\u{200d}👨",
        "👨\u{200d}a",
        "❤\u{fe0f}\u{fe0f}",
        "1\u{fe0f}",
        "1\u{20e3}",
        "\u{20e3}",
        "🇳",
        "🇳🇴🇯",
        "\u{1f3fd}",
        "👨\u{1f3fd}\u{1f3fd}",
        "\u{1f3fd}\u{200d}👩",
        "\u{fe0f}\u{200d}",
        "©\u{fe0f}x",
        "🏳\u{fe0f}\u{200d}\u{200d}🌈",
        "🧑\u{200d}🤝\u{200d}x",
    ];
    let long = ["👨\u{200d}".repeat(2_000), "🇳".repeat(501), "👩\u{1f3fd}\u{200d}".repeat(300), "❤\u{fe0f}\u{200d}".repeat(300)];
    fixed.into_iter().map(str::to_owned).chain(long).collect()
}

fn marks() -> Vec<String> {
    let on = |base: &str, mark: char, times: usize| format!("{base}{}", mark.to_string().repeat(times));
    vec![
        on("a", '\u{301}', 5_000),
        on("退", '\u{20dd}', 900),
        on("", '\u{301}', 40),
        on(" ", '\u{488}', 40),
        on("a", '\u{36f}', 60) + &on("b", '\u{316}', 60),
        on("क", '\u{94d}', 300),
        on("क\u{94d}", 'क', 1) + &"\u{94d}क".repeat(300),
        on("ก", '\u{e49}', 300),
        on("한", '\u{11a8}', 300),
        on("", '\u{1100}', 400) + &on("", '\u{1161}', 400),
        on("", '\u{600}', 400) + "1",
        on("x", '\u{ff9e}', 300),
        on("ﷺ", '\u{64b}', 300),
        on("e", '\u{301}', 1) + "é",
        on("\u{a66c}", '\u{a670}', 50),
        on("o", '\u{fe22}', 50),
    ]
}

fn spaces() -> Vec<String> {
    let blank = "\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\t\u{b}\u{c}";
    blank.chars().map(|c| format!("a{c}b")).chain(["\n".repeat(300), "\t".repeat(300), "\r\n".repeat(50), " ".repeat(3_000), "\u{3000}".repeat(300)]).collect()
}

fn others() -> Vec<String> {
    let fixed = [
        "pаypal.example",
        "ɡооɡle.example",
        "раураl",
        "ｅｘａｍｐｌｅ．ｃｏｍ",
        "exam\u{2024}ple",
        "a\u{2044}b",
        "https:\u{2215}\u{2215}x",
        "\u{10eeee}\u{305}\u{305}",
        "\u{e000}",
        "\u{f8ff}",
        "\u{f0000}",
        "\u{d7ff}\u{e000}",
        "\u{fffd}",
        "﷽",
        "𒐫",
        "꧅",
        "⸻",
        "\u{1d15e}\u{1d165}",
        "\u{378}",
        "\u{2fa1d}",
        "\u{e0fff}",
        "\u{70f}",
        "\u{8e2}1",
        "\u{110bd}",
        "\u{a9c1}\u{a9bf}",
        "ᄀᄀᄀ각ᆨᆨ",
        "\u{2e80}\u{2e9a}",
        "()<>&\"'%s%n{}$(x)`y`",
        "'; DROP TABLE cases; --",
        "{{case.order}}",
        "a|b\\|c",
        "../../etc/passwd",
        "-rf",
        "<b>bold</b><script>x</script>",
    ];
    let long = ["x".repeat(70_000), "退".repeat(25_000), "a b ".repeat(3_000), "\u{301}a".repeat(3_000)];
    fixed.into_iter().map(str::to_owned).chain(long).collect()
}

#[test]
fn there_is_enough_of_it() {
    let distinct = |texts: Vec<String>| texts.into_iter().collect::<BTreeSet<_>>().len();
    assert!(distinct(terminal()) >= 300, "{} control functions", distinct(terminal()));
    assert!(distinct(unicode()) >= 250, "{} of Unicode", distinct(unicode()));
    assert!(crate::screens::scripts::SAMPLES.len() >= 60);
    assert!(all().len() < 10_000, "a witness has four digits");
    assert_eq!(witnesses("xw0001ww0002w w003w"), BTreeSet::from([witness(1), witness(2)]));
}
