//! Keys as they are written (`gg`, `Ctrl-x e`, `Space`) and as they are looked up: each key by its name, one blank between two.
//! Says in words what can't be a key.

use tui_textarea::{Input, Key as Code};

/// A key by its name; empty for keys without one.
pub fn name(input: &Input) -> String {
    let base = match input.key {
        Code::Char(' ') => "Space".to_owned(),
        Code::Char(c) => c.to_string(),
        Code::F(number) => format!("F{number}"),
        key => match NAMES.iter().find(|(code, ..)| *code == key) {
            Some((_, name, _)) => (*name).to_owned(),
            None => return String::new(),
        },
    };
    match (input.ctrl, input.shift && !matches!(input.key, Code::Char(_))) {
        (true, _) => format!("Ctrl-{}", base.to_lowercase()),
        (false, true) => format!("Shift-{base}"),
        (false, false) => base,
    }
}

/// Keys that have a name, and what else people call them.
const NAMES: [(Code, &str, &str); 14] = [
    (Code::Enter, "Enter", "return"),
    (Code::Esc, "Esc", "escape"),
    (Code::Tab, "Tab", "tabulator"),
    (Code::Up, "Up", "arrowup"),
    (Code::Down, "Down", "arrowdown"),
    (Code::Left, "Left", "arrowleft"),
    (Code::Right, "Right", "arrowright"),
    (Code::Home, "Home", "pos1"),
    (Code::End, "End", "end"),
    (Code::PageUp, "PgUp", "pageup"),
    (Code::PageDown, "PgDn", "pagedown"),
    (Code::Backspace, "Backspace", "bs"),
    (Code::Delete, "Delete", "del"),
    (Code::Null, "Space", "spacebar"),
];

/// What terminals can't tell from another key, and what is never bound.
const NEVER: [(&str, &str); 7] = [
    ("Ctrl-z", "it suspends the program, as everywhere"),
    ("Ctrl-c", "it cancels what asks, and twice in the list it quits"),
    ("Ctrl-i", "terminals send Tab for it"),
    ("Ctrl-m", "terminals send Enter for it"),
    ("Ctrl-h", "terminals send Backspace for it"),
    ("Ctrl-[", "terminals send Esc for it"),
    ("Ctrl-j", "terminals send it for Enter, and pastes for a new line"),
];

/// No sequence is longer.
const LONGEST: usize = 3;

/// What was written, as it is looked up: `g g`, `Ctrl-x e`.
pub fn parse(written: &str) -> Result<String, String> {
    let mut keys = Vec::new();
    for word in written.split_whitespace() {
        let letters = || word.chars().map(|c| c.to_string());
        match (named(word), word.chars().count()) {
            (Some(key), _) => keys.push(key),
            (None, 1..=2) if !word.starts_with('^') && word.chars().all(|c| !c.is_control()) => keys.extend(letters()),
            (None, _) => return Err(format!("no key is called '{word}'{}", meant(word))),
        }
    }
    match keys.len() {
        0 => Err("a key is missing".to_owned()),
        1..=LONGEST => match keys.iter().find_map(|key| NEVER.iter().find(|(never, _)| never == key)) {
            Some((key, why)) => Err(format!("{key} can't be bound: {why}")),
            None => Ok(keys.join(" ")),
        },
        _ => Err(format!("'{written}' is longer than {LONGEST} keys")),
    }
}

/// The way out, where what was meant can be guessed.
fn meant(word: &str) -> String {
    let rest = word.strip_prefix('^').or_else(|| word.strip_prefix("C-")).or_else(|| word.strip_prefix("c-")).or_else(|| word.strip_prefix("Control-"));
    match rest {
        Some(rest) => format!("; write 'Ctrl-{}'", rest.to_lowercase()),
        None if word.to_lowercase().starts_with("alt-") || word.starts_with("M-") => "; terminals send Esc and a letter for Alt, so it is not used".to_owned(),
        None => "; a longer sequence is written with blanks: 'g x y'".to_owned(),
    }
}

fn named(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    if let Some(rest) = lower.strip_prefix("ctrl-") {
        let key = if rest.chars().count() == 1 { Some(rest.to_owned()) } else { named(rest).map(|key| key.to_lowercase()) };
        return key.map(|key| format!("Ctrl-{key}"));
    }
    if let Some(rest) = lower.strip_prefix("shift-") {
        return if rest.chars().count() == 1 { None } else { named(rest).map(|key| format!("Shift-{key}")) };
    }
    let function = || lower.strip_prefix('f')?.parse::<u8>().ok().filter(|number| (1..=12).contains(number)).map(|number| format!("F{number}"));
    let special = NAMES.iter().find(|(_, name, also)| name.to_lowercase() == lower || *also == lower).map(|(_, name, _)| (*name).to_owned());
    special.or_else(function)
}

/// As it is shown: letters stand together.
pub fn written(sequence: &str) -> String {
    let plain = sequence.split(' ').all(|key| key.chars().count() == 1);
    if plain { sequence.replace(' ', "") } else { sequence.to_owned() }
}

/// A sequence with one more key.
pub fn join(typed: &str, key: &str) -> String {
    if typed.is_empty() { key.to_owned() } else { format!("{typed} {key}") }
}

#[cfg(test)]
mod tests {
    use super::{join, name, parse, written};
    use tui_textarea::{Input, Key};

    #[test]
    fn what_is_written_is_what_is_pressed() {
        for (text, sequence, shown) in [
            ("gg", "g g", "gg"),
            ("Ctrl-x e", "Ctrl-x e", "Ctrl-x e"),
            ("ctrl-X  E", "Ctrl-x E", "Ctrl-x E"),
            ("Return", "Enter", "Enter"),
            ("pagedown", "PgDn", "PgDn"),
            ("g Enter", "g Enter", "g Enter"),
            ("shift-tab", "Shift-Tab", "Shift-Tab"),
            ("F5", "F5", "F5"),
            ("ø", "ø", "ø"),
            ("Ctrl-Space", "Ctrl-space", "Ctrl-space"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(sequence), "{text}");
            assert_eq!(written(sequence), shown);
        }
        assert_eq!(join(&join("", "g"), "x"), "g x");
        for (key, shift, wanted) in [(Key::F(5), false, "F5"), (Key::Tab, true, "Shift-Tab"), (Key::Char('A'), true, "A"), (Key::Delete, false, "Delete")] {
            assert_eq!(name(&Input { key, ctrl: false, alt: false, shift }), wanted);
        }
    }

    #[test]
    fn what_is_no_key_is_refused_in_words() {
        for (text, words) in [
            ("", "missing"),
            ("Entr", "no key is called 'Entr'"),
            ("^x", "write 'Ctrl-x'"),
            ("C-x", "write 'Ctrl-x'"),
            ("Alt-x", "Alt"),
            ("Ctrl-z", "suspends"),
            ("ctrl-C", "cancels"),
            ("Ctrl-x Ctrl-z", "suspends"),
            ("Ctrl-i", "Tab"),
            ("shift-x", "no key"),
            ("F13", "no key"),
            ("a b c d", "longer"),
        ] {
            assert!(parse(text).is_err_and(|error| error.contains(words)), "{text}: {:?}", parse(text));
        }
    }
}
